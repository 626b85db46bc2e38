"""The node of a fact in the merged graph: its IRI, its values, the accounts and choices behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import About, Account, Geography
from kg.merge.choose import Choice, Single, articles, choose, choose_labels
from kg.merge.cluster import in_term
from kg.merge.keys import actor, topic, vague
from kg.model import KINDS, PartialDate
from kg.store import Text

MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
_USUAL: Final = ("organization", "country", "city", "region", "person")
_CLASS: Final = {kind: name.lower() for kind, name in terms.CLASSES.items()}
_OPERATING: Final = iris.concept("status", "operating")


@dataclass(frozen=True, slots=True)
class Merged:
    """A fact of the merged graph.

    Attributes:
        iri: its IRI.
        kind: the kind of fact.
        about: the establishment that it is about, as the accounts describe it.
        told: all of its quads in the merged graph but those that link it to its accounts and to other facts; none
            where they are written already.
        written: the same as N-Triples in UTF-8, where the fact was merged for one account alone, by whoever read the
            article.
        place: place of a presence.
        form: form of a presence.
        organization: organisation of a presence.
        earliest: the first day on which it may have been, ISO 8601; ``""`` without a date.
        latest: the last one.
        plain: whether its IRI says nothing of other facts with the same keys.
    """

    iri: str
    kind: str
    about: About | None
    told: tuple[ox.Quad, ...]
    place: str = ""
    form: str = ""
    organization: str = ""
    earliest: str = ""
    latest: str = ""
    written: bytes = b""
    plain: bool = True

    @property
    def quads(self) -> Sequence[ox.Quad]:
        """Its quads, however they are kept."""
        return self.told or Text(MERGED, self.written).quads()


def account_quad(fact: str, account: str) -> ox.Quad:
    """The link of a merged fact to an account of it, by their IRIs."""
    return ox.Quad(ox.NamedNode(fact), io("account"), ox.NamedNode(account), MERGED)


def merge_alone(account: Account, geography: Geography) -> Merged:
    """The merged fact of an account that shares its keys with no other; worked out where the article is read.

    It is given out once: accounts are kept longer than facts.
    """
    found: Merged | None = account.known.pop("alone", None)
    return found or merge([account], geography, set())


def write_alone(account: Account, geography: Geography) -> None:
    """Merge an account alone and write its quads, for :func:`merge_alone`."""
    fact = merge([account], geography, set())
    account.known["alone"] = replace(fact, told=(), written=Text.of(MERGED, fact.told).triples)


def merge(cluster: Sequence[Account], geography: Geography, taken: set[str]) -> Merged:
    """The merged fact of a cluster; the same whatever the order of the accounts.

    Args:
        cluster: the accounts, all of one kind.
        geography: countries of cities, states of office-holders.
        taken: IRIs of the component given away already; the new one is added.
    """
    kind = cluster[0].kind
    slots = {name: c for name in KINDS[kind] if name != "name" and (c := choose(cluster, name, geography))}
    about = slots["about"].value if "about" in slots else None
    assert about is None or isinstance(about, About)
    base = iris.entity(f"{_CLASS[kind]}/{_local(cluster, slots, geography)}")
    iri = _free(base, slots, taken)
    node = ox.NamedNode(iri)
    quads = _quads(node, cluster, slots)
    organization, place, form = (
        str(slots[name].value) if kind == "presence" and name in slots else ""
        for name in ("organization", "place", "form")
    )
    if kind == "presence":
        quads += [ox.Quad(node, terms.RDFS_LABEL, _label(*one), MERGED) for one in choose_labels(cluster)]
        quads += _place_quads(node, place, slots, geography)
    date = slots["date"].value if "date" in slots else None
    days = (date.earliest.isoformat(), date.latest.isoformat()) if isinstance(date, PartialDate) else ("", "")
    return Merged(iri, kind, about, tuple(dict.fromkeys(quads)), place, form, organization, *days, plain=iri == base)


def _free(base: str, slots: dict[str, Choice], taken: set[str]) -> str:
    """The IRI of a fact: *base*, else with its role, its year or a number, whatever is free; it is taken then."""
    found = base
    if found in taken and "role" in slots:
        found = f"{base}.{local_name(str(slots['role'].value))}"
    if found in taken and "since" in slots:
        found = f"{base}.{str(slots['since'].value)[:4]}"
    number = 2
    while found in taken:
        found, number = f"{base}.{number}", number + 1
    taken.add(found)
    return found


def _label(text: str, lang: str) -> ox.Literal:
    return ox.Literal(text, language=lang) if lang else ox.Literal(text)


def _quads(node: ox.NamedNode, cluster: Sequence[Account], slots: dict[str, Choice]) -> list[ox.Quad]:
    kind = cluster[0].kind
    hints: dict[str, object] = {
        name: str(slots[name].value).rsplit("/", 1)[-1] for name in ("form", "instrument") if name in slots
    }
    hints["establishment"] = "about" in slots
    quads = [ox.Quad(node, terms.RDF_TYPE, type_, MERGED) for type_ in terms.fact_types(kind, hints)]
    for slot, described in KINDS[kind].items():
        property_ = terms.PROPERTIES[kind][slot]
        if described.many:
            told = {v for a in cluster for v in a.text(slot).split()}
            quads += [ox.Quad(node, property_, ox.NamedNode(v), MERGED) for v in sorted(told)]
        elif slot in slots and slot != "about":
            quads += _value_quads(node, property_, slots[slot].value, described.type == "text")
    for text in sorted({a.text("topic") for a in cluster if a.text("topic")}):
        quads.append(ox.Quad(node, io("topic"), ox.Literal(text), MERGED))
    quads.append(ox.Quad(node, io("support"), terms.integer(articles(cluster)), MERGED))
    if sum(a.weight for a in cluster) > 1:
        for slot, choice in slots.items():
            if slot != "about" and not KINDS[kind][slot].many:
                quads += _choice_quads(
                    node, slot, terms.PROPERTIES[kind][slot], choice, KINDS[kind][slot].type == "text"
                )
    return quads


def _value_quads(node: ox.NamedNode, property_: ox.NamedNode, value: Single, text: bool) -> list[ox.Quad]:
    if isinstance(value, PartialDate):
        return terms.date_quads(node, property_, value, MERGED)
    return [ox.Quad(node, property_, _term(value, text), MERGED)]


def _term(value: Single, text: bool) -> ox.NamedNode | ox.Literal:
    if isinstance(value, PartialDate):
        return terms.typed_date(value)
    if isinstance(value, int):
        return terms.integer(value)
    return ox.Literal(str(value)) if text else ox.NamedNode(str(value))


def _choice_quads(node: ox.NamedNode, slot: str, property_: ox.NamedNode, choice: Choice, text: bool) -> list[ox.Quad]:
    one = ox.NamedNode(f"{node.value}#{slot}")
    rule = ox.NamedNode(iris.concept("merge-rule", choice.rule))
    return [
        ox.Quad(node, io("choice"), one, MERGED),
        ox.Quad(one, terms.RDF_TYPE, io("Choice"), MERGED),
        ox.Quad(one, io("slot"), property_, MERGED),
        ox.Quad(one, io("rule"), rule, MERGED),
        ox.Quad(one, io("value"), _term(choice.value, text), MERGED),
        *(ox.Quad(one, io("alternative"), _term(v, text), MERGED) for v in choice.alternatives),
    ]


def _place_quads(node: ox.NamedNode, place: str, slots: dict[str, Choice], geography: Geography) -> list[ox.Quad]:
    """The country of an establishment, and who hosts it: what is only planned is hosted by nobody."""
    country = geography.country(place)
    known = country in geography.countries
    quads = [ox.Quad(node, io("country"), ox.NamedNode(country), MERGED)] if known else []
    if place and "status" in slots and slots["status"].value == _OPERATING:
        quads += [ox.Quad(ox.NamedNode(host), io("hosts"), node, MERGED) for host in sorted({place, country})]
    return quads


def local_name(iri: str) -> str:
    """A part of an IRI for a thing: its slug, with its class where that is not one of the usual ones."""
    class_, _, slug = iri.removeprefix(iris.ID_PREFIX).removeprefix(iris.KIND_PREFIX).partition("/")
    usual = iri.startswith(iris.KIND_PREFIX) or (class_ in _USUAL and not slug.startswith("x-"))
    return slug if usual else f"{class_}~{slug}"


def about_name(about: About) -> str:
    """The part of an IRI for an establishment."""
    return ".".join(local_name(part) for part in (about.organization, about.form, about.place) if part)


def _local(cluster: Sequence[Account], slots: dict[str, Choice], geography: Geography) -> str:
    """The readable name in the IRI: the key, and what else tells the fact from others with that key."""

    def of(*names: str) -> list[str]:
        return [local_name(str(slots[n].value)) for n in names if n in slots]

    def year(*names: str) -> list[str]:
        return next(([str(slots[n].value)[:4]] for n in names if n in slots), [])

    kind = cluster[0].kind
    if kind == "presence":
        parts = of("organization", "form", "place")
    elif kind == "membership":
        parts = of("member", "organization") + ((year("since", "until") or ["term"]) if in_term(cluster[0]) else [])
    elif kind == "tenure":
        parts = of("person", "position", "of")
    elif kind == "count":
        parts = [*of("what", "place"), str(slots["value"].value), *year("date")]
    elif kind == "relocation":
        parts = of("organization", "to") + year("date")
    elif kind == "decision" and "symbol" in slots:
        parts = [
            *of("body", "instrument"),
            iris.slug(str(slots["symbol"].value)) or iris.digest(str(slots["symbol"].value)),
        ]
    elif kind == "proposal":
        parts = [local_name(actor(cluster[0], geography)), *_subject(cluster, slots)]
    else:
        if kind == "decision":
            head = of("body", "instrument")
        else:
            parties = sorted({local_name(p) for a in cluster for p in a.text("parties").split()})
            head = parties if len(parties) <= 4 else [iris.digest(*parties)]
        parts = head + ([str(slots["date"].value)] if "date" in slots else []) + _subject(cluster, slots, dated=True)
    if vague(cluster[0]):
        parts.append(iris.digest(cluster[0].node, length=8))
    return ".".join(parts)


def _subject(cluster: Sequence[Account], slots: dict[str, Choice], *, dated: bool = False) -> list[str]:
    if "about" in slots and isinstance(slots["about"].value, About):
        return [about_name(slots["about"].value)]
    topics = sorted({topic(a) for a in cluster if a.text("topic")})
    if topics:
        return [f"{iris.slug(topics[0])[:40].strip('-')}-{iris.digest(topics[0], length=8)}".strip("-")]
    if "occasion" in slots:
        return [local_name(str(slots["occasion"].value))]
    return [str(slots["date"].value)] if "date" in slots and not dated else []
