"""One article's account of one fact, in plain values: what merging compares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.model import KINDS, Entity, Establishment, Fact, PartialDate, SlotValue
from kg.reference import Reference
from kg.store.base import Graph, Node, Term

REFERENCE_ARTICLE: Final = iris.article("reference")
"""The graph with the facts that the reference tables state; a source, but no article."""

Value: TypeAlias = str | int | PartialDate | tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class About:
    """An establishment that a fact is about, by the IRIs of its parts; ``""`` where the article does not say."""

    organization: str
    place: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What one article says of one fact.

    Attributes:
        node: IRI of the fact in the account.
        article: IRI of the article, which is the account's graph.
        published: day or month or year of the report, ISO 8601; ``""`` if unknown.
        kind: the kind of fact.
        slots: slot → IRI of an entity or concept, date, number, text, or the IRIs of several; not ``name``.
        about: what it is about, if that is an establishment.
        labels: names of an establishment with their languages.
        together: the groups of reports that people hold to be of one fact, and that this one is in.
        apart: by decision, the side that it stands on of those that people hold to be different.
        weight: how many articles say just this; more than one where the account stands for a saying
            (:mod:`kg.merge.saying`), whose node and article are then names of its own.
        first: the earliest date of publication of these articles; *published* is the latest.
        undated: whether one of them has no date.
    """

    node: str
    article: str
    published: str
    kind: str
    slots: Mapping[str, Value]
    about: About | None = None
    labels: tuple[tuple[str, str], ...] = ()
    together: frozenset[str] = frozenset()
    apart: frozenset[tuple[int, str]] = frozenset()
    weight: int = 1
    first: str = ""
    undated: bool = False
    known: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)
    """What was worked out of it, so that it is worked out once; another account has its own."""

    def text(self, slot: str) -> str:
        """The value of a slot as text; ``""`` where there is none."""
        value = self.slots.get(slot, "")
        return " ".join(value) if isinstance(value, tuple) else str(value)

    def date(self, slot: str = "date") -> PartialDate | None:
        """The date in a slot."""
        value = self.slots.get(slot)
        return value if isinstance(value, PartialDate) else None


@dataclass(slots=True)
class Geography:
    """What merging must know of places and offices: the country of a city, the state that a person speaks for."""

    countries: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, reference: Reference) -> Geography:
        """From the tables of cities, countries and people."""
        found = cls()
        for entry in reference.entries.values():
            if entry.type == "country":
                found.countries[iris.entity(entry.id)] = iris.entity(entry.id)
            elif entry.type == "city" and entry.row.get("country"):
                found.countries[iris.entity(entry.id)] = iris.entity(f"country/{entry.row['country']}")
        offices: dict[str, set[str]] = {}
        for row in reference.people:
            if row.get("of", "").startswith("country/"):
                offices.setdefault(f"person/{row['id']}", set()).add(row["of"])
        for person, of in offices.items():
            if len(of) == 1:
                found.states[iris.entity(person)] = iris.entity(next(iter(of)))
        return found

    def country(self, place: str) -> str:
        """The country of a city, a country itself, and any other place as it is."""
        return self.countries.get(place, place)


def from_fact(node: str, article: str, published: str, fact: Fact, labels: Iterable[tuple[str, str]] = ()) -> Account:
    """The account that a fact is, without going through quads."""
    slots: dict[str, Value] = {}
    about = None
    for slot, value in fact.slots.items():
        if isinstance(value, Establishment):
            place = iris.entity(value.place.id) if value.place else ""
            form = iris.concept("form", value.form) if value.form else ""
            about = About(iris.entity(value.organization.id), place, form)
        elif slot == "about":
            slots["topic"] = str(value)
        elif slot != "name":
            slots[slot] = _plain(value, KINDS[fact.kind][slot].scheme)
    return Account(node, article, published, fact.kind, slots, about, tuple(sorted(labels)))


def _plain(value: SlotValue, scheme: str) -> Value:
    if isinstance(value, Entity):
        return iris.entity(value.id)
    if isinstance(value, tuple):
        return tuple(sorted({str(_plain(one, scheme)) for one in value}))
    if scheme:
        return iris.concept(scheme, str(value))
    assert not isinstance(value, Establishment)
    return value


_KINDS_OF: Final = {io(name): kind for kind, name in terms.CLASSES.items()}
_SLOTS_OF: Final = {kind: {p: slot for slot, p in slots.items()} for kind, slots in terms.PROPERTIES.items()}
_PUBLISHED: Final = prefixed("schema:datePublished")
_CHECKED: Final = prefixed("dcterms:date")
_ABOUT, _TOPIC, _REPORTED = io("about"), io("topic"), io("reportedIn")


class Matcher(Protocol):
    """Anything that quads can be looked up in."""

    def match(
        self, subject: Node | None, predicate: ox.NamedNode | None, object_: Term | None, graph: Graph | None
    ) -> list[ox.Quad]:
        """The quads that fit; ``None`` fits everything."""
        ...


class Listed:
    """The quads of one article, by their subjects.

    Args:
        quads: the quads, all of one graph.
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._of: dict[Node, list[ox.Quad]] = {}
        for quad in quads:
            self._of.setdefault(quad.subject, []).append(quad)

    def match(
        self, subject: Node | None, predicate: ox.NamedNode | None, object_: Term | None, graph: Graph | None
    ) -> list[ox.Quad]:
        """The quads of a subject that fit."""
        del graph
        return [
            q
            for q in self._of.get(subject, ())  # type: ignore[arg-type]
            if predicate in (None, q.predicate) and object_ in (None, q.object)
        ]


def from_graph(draft: Matcher, node: ox.NamedNode) -> Account | None:
    """The account of a fact node as it stands in its article's graph; ``None`` where there is none."""
    article = node.value.partition("#")[0]
    graph = ox.NamedNode(article)
    quads = draft.match(node, None, None, graph)
    types = [q.object for q in quads if q.predicate == terms.RDF_TYPE]
    kind = next((_KINDS_OF[t] for t in types if isinstance(t, ox.NamedNode) and t in _KINDS_OF), None)
    if kind is None:
        return None
    slots: dict[str, Value] = {}
    about = None
    labels = []
    checked = ""
    for quad in quads:
        term = quad.object
        assert isinstance(term, ox.NamedNode | ox.Literal)
        slot = _SLOTS_OF[kind].get(quad.predicate)
        if slot not in KINDS[kind]:
            slot = None  # what no fact of this kind has is not compared
        if quad.predicate == _ABOUT:
            parts = {q.predicate: q.object.value for q in draft.match(term, None, None, graph)}  # type: ignore[union-attr,arg-type]
            about = About(*(parts.get(io(name), "") for name in ("organization", "place", "form")))
        elif quad.predicate == _TOPIC:
            slots["topic"] = term.value
        elif quad.predicate == _CHECKED:
            checked = term.value
        elif slot == "name":
            labels.append((term.value, (term.language or "") if isinstance(term, ox.Literal) else ""))
        elif slot is not None:
            described = KINDS[kind][slot]
            if described.many:
                before = slots.get(slot, ())
                assert isinstance(before, tuple)
                slots[slot] = tuple(sorted({*before, term.value}))
            elif described.type == "date":
                slots[slot] = PartialDate(term.value)
            else:
                slots[slot] = int(term.value) if described.type == "int" else term.value
    published = checked or next((q.object.value for q in draft.match(graph, _PUBLISHED, None, graph)), "")  # type: ignore[union-attr]
    return Account(node.value, article, published, kind, slots, about, tuple(sorted(labels)))


def of_article(quads: Sequence[ox.Quad], article: ox.NamedNode) -> list[Account]:
    """The accounts that an article's graph holds.

    Args:
        quads: all quads of the graph.
        article: the article.
    """
    listed = Listed(quads)
    facts = [q.subject for q in quads if q.predicate == _REPORTED and isinstance(q.subject, ox.NamedNode)]
    found = (from_graph(listed, fact) for fact in facts if fact.value.startswith(article.value))
    return [account for account in found if account is not None]
