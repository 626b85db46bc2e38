"""The graph as plain records: what tables, pictures and maps are made from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.export.words import term_label
from kg.model import KINDS

PROPERTIES: Final[dict[str, dict[str, str]]] = {
    "presence": {
        "organization": "organization", "place": "place", "form": "form", "status": "status", "since": "since",
        "until": "until", "serves": "serves", "focus": "focus",
    },
    "proposal": {
        "proposer": "proposer", "on_behalf_of": "onBehalfOf", "occasion": "occasion", "date": "date", "about": "about",
        "topic": "topic",
    },
    "decision": {
        "body": "body", "instrument": "instrument", "symbol": "symbol", "date": "date", "adopted_by": "adoptedBy",
        "in_favour": "inFavour", "cosponsors": "coSponsors", "of": "electorate", "initiator": "initiator",
        "about": "about", "topic": "topic",
    },
    "agreement": {"parties": "party", "date": "date", "place": "signedIn", "about": "about", "topic": "topic"},
    "membership": {
        "member": "org:member", "organization": "org:organization", "role": "role", "since": "since", "until": "until",
    },
    "relocation": {"organization": "organization", "from": "from", "to": "to", "date": "date"},
    "count": {"what": "counted", "place": "place", "value": "value", "date": "date"},
    "tenure": {"person": "person", "position": "position", "of": "of"},
}  # fmt: skip
"""The property of the merged graph that holds each slot (a name of the ontology, or prefixed)."""

CLASSES: Final = {
    "Presence": "presence", "Initiative": "proposal", "Decision": "decision", "Agreement": "agreement",
    "Membership": "membership", "Relocation": "relocation", "Count": "count", "Tenure": "tenure",
    "InternationalOrganization": "organization", "Country": "country", "City": "city", "Region": "region",
    "Person": "person", "Event": "event", "Group": "group", "EstablishmentReference": "establishment",
}  # fmt: skip
"""Classes of the ontology and the kind of fact or type of entity they stand for."""

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL: Final = iris.PREFIXES["rdfs"] + "label"
_PREF: Final = iris.PREFIXES["skos"] + "prefLabel"
_SAME: Final = iris.PREFIXES["owl"] + "sameAs"
GEOMETRY: Final = iris.PREFIXES["geo"] + "hasGeometry"
_WKT: Final = iris.PREFIXES["geo"] + "asWKT"


@cache
def property_iri(name: str) -> str:
    """The IRI of a property from its name in :data:`PROPERTIES`."""
    prefix, _, local = name.rpartition(":")
    return iris.PREFIXES[prefix] + local if prefix else iris.term(name)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that says a fact: the merged fact's IRI, the article's, the words, where they stand."""

    fact: str
    article: str
    quote: str
    start: int
    end: int
    where: str
    confidence: float = 1.0


@dataclass(slots=True)
class View:
    """Entities, facts, quotes and articles of a graph.

    Attributes:
        kinds: IRI → kind of fact or type of entity, in sorted order.
        nodes: IRI → property IRI → terms, of the merged graph.
        quotes: merged fact's IRI → its quotes, sorted.
        sources: merged fact's IRI → the addresses by which the reference tables state it, with the day of the look.
        articles: article IRI → property IRI → value.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    quotes: dict[str, list[Quote]] = field(default_factory=dict)
    sources: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    articles: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], told: Iterable[tuple[str, str, Any]] = ()) -> View:
        """The view of a store's quads, in any order.

        Args:
            quads: of any graph.
            told: statements of the merged graph besides: the IRIs of subject and property, and the object.
        """
        nodes: dict[str, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
        accounts: dict[str, dict[str, str]] = defaultdict(dict)
        text = iris.term("text")
        for subject, name, value in told:
            nodes[subject][name].add(value)
        for quad in quads:
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode | ox.Literal):
                continue
            concept = quad.subject.value.startswith(iris.KIND_PREFIX) and quad.predicate.value == _PREF
            if graph == iris.GRAPH_MERGED or concept:
                nodes[quad.subject.value][quad.predicate.value].add(quad.object)
            elif graph.startswith(iris.ARTICLE_PREFIX) and quad.predicate.value != text:
                accounts[quad.subject.value][quad.predicate.value] = quad.object.value
        view = cls()
        for subject, properties in sorted(nodes.items()):
            # Most have one value, and terms are slow to write out.
            view.nodes[subject] = {p: sorted(o, key=str) if len(o) > 1 else list(o) for p, o in properties.items()}
        view._classify()
        view._collect(accounts)
        return view

    def _classify(self) -> None:
        for iri, properties in self.nodes.items():
            found = {CLASSES.get(term.value.removeprefix(iris.IO)) for term in properties.get(_TYPE, [])}
            kinds = sorted(kind for kind in found if kind)
            if kinds:
                self.kinds[iri] = kinds[0]

    def _collect(self, accounts: Mapping[str, Mapping[str, str]]) -> None:
        account = iris.term("account")
        merged = {
            term.value: iri
            for iri in self.kinds
            for term in self.nodes[iri].get(account, [])
            if self.kinds[iri] in KINDS
        }
        dcterms = iris.PREFIXES["dcterms"]
        for account_iri, properties in sorted(accounts.items()):
            source = properties.get(f"{dcterms}source", "")
            if source and account_iri in merged:
                dated = source, properties.get(f"{dcterms}date", "")
                self.sources.setdefault(merged[account_iri], []).append(dated)
            fact = merged.get(properties.get(iris.term("supports"), ""))
            if fact is None:
                continue
            quote = Quote(
                fact,
                properties.get(iris.term("article"), ""),
                properties.get(iris.term("quote"), ""),
                int(properties.get(iris.PREFIXES["oa"] + "start", 0)),
                int(properties.get(iris.PREFIXES["oa"] + "end", 0)),
                properties.get(iris.term("quotedFrom"), "text"),
                float(properties.get(iris.term("confidence"), 1.0)),
            )
            self.quotes.setdefault(fact, []).append(quote)
        for quotes in self.quotes.values():
            quotes.sort(key=lambda q: (q.article, q.where, q.start, q.end))
        article = iris.term("Article")
        self.articles = {i: dict(p) for i, p in sorted(accounts.items()) if p.get(_TYPE) == article}

    def facts(self, kind: str | None = None) -> list[str]:
        """The IRIs of the facts (of one kind), sorted."""
        return [iri for iri, of in self.kinds.items() if (of == kind if kind else of in KINDS)]

    def entities(self) -> list[str]:
        """The IRIs of the entities, sorted."""
        return [iri for iri, of in self.kinds.items() if of not in KINDS and of != "establishment"]

    def values(self, iri: str, name: str) -> list[Any]:
        """The terms that a property (named as in :data:`PROPERTIES`) has on a node, sorted."""
        return self.nodes.get(iri, {}).get(property_iri(name), [])

    def text(self, iri: str, name: str) -> str:
        """The first value of a property as text; ``""`` where there is none."""
        values = self.values(iri, name)
        return str(values[0].value) if values else ""

    def label(self, iri: str, lang: str = "en") -> str:
        """What to call a node: its label in *lang*, else in another language, else made from what it is about."""
        for name in (_PREF, _LABEL):
            labels = [t for t in self.nodes.get(iri, {}).get(name, []) if isinstance(t, ox.Literal)]
            if labels:
                order = {"en": 1, "ru": 2, "kk": 3} | {lang: 0}
                return str(min(labels, key=lambda t: (order.get(t.language or "", 4), t.value)).value)
        if iri.startswith(iris.KIND_PREFIX):
            return term_label(iri, lang).replace("-", " ")
        return self._description(iri, lang) or iri.rsplit("/", 1)[-1].replace("-", " ")

    def _description(self, iri: str, lang: str) -> str:
        kind = self.kinds.get(iri, "")

        def of(slot: str) -> str:
            name = PROPERTIES.get(kind, {}).get(slot, slot)
            return ", ".join(self.show(t, lang) for t in self.values(iri, name))

        if kind in ("presence", "establishment"):
            return " ".join(filter(None, (of("organization"), of("form"), "·", of("place"))))
        # The same in each language: signs, no words.
        patterns = {
            "proposal": ("{}: {}", ("proposer", "about")),
            "decision": ("{}: {} {}", ("body", "instrument", "symbol")),
            "agreement": ("{}: {}", ("parties", "about")),
            "membership": ("{} – {}", ("member", "organization")),
            "relocation": ("{} → {}", ("organization", "to")),
            "count": ("{}: {}, {}", ("what", "value", "place")),
            "tenure": ("{}, {}, {}", ("person", "position", "of")),
        }
        if kind not in patterns:
            return ""
        pattern, slots = patterns[kind]
        return pattern.format(*(of(slot) for slot in slots)).strip(" :")

    def show(self, term: Any, lang: str = "en") -> str:
        """A value of a property as text: a node by its label, a literal by its value."""
        return self.label(term.value, lang) if isinstance(term, ox.NamedNode) else str(term.value)

    def wikidata(self, iri: str) -> str:
        """The Wikidata identifier of an entity, or ``""``."""
        same = (t.value for t in self.nodes.get(iri, {}).get(_SAME, []))
        return next((s.rsplit("/", 1)[-1] for s in same if "wikidata.org/entity/" in s), "")

    def point(self, iri: str) -> tuple[float, float] | None:
        """Longitude and latitude of a place in degrees (WGS 84), or ``None``."""
        geometries = self.nodes.get(iri, {}).get(GEOMETRY, [])
        for term in [wkt for one in geometries for wkt in self.nodes.get(one.value, {}).get(_WKT, [])]:
            match = re.search(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", term.value)
            if match:
                return float(match[1]), float(match[2])
        return None
