"""The reference tables as quads, and the rows that state facts as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.model import CONCEPTS, LANGUAGES, Entity, Fact, PartialDate, SlotValue
from kg.reference import Entry, Reference
from kg.reference.loader import Row, split

_GRAPH = ox.NamedNode(iris.GRAPH_REFERENCE)
_WKT = ox.NamedNode(iris.PREFIXES["geo"] + "wktLiteral")
_WIKIDATA = "http://www.wikidata.org/entity/"
_LICENCE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact that a row of a table states: where it says so, when it was looked up, names of an establishment."""

    fact: Fact
    source: str
    checked: str
    labels: Mapping[str, str] = field(default_factory=dict)


def reference_quads(reference: Reference) -> list[ox.Quad]:
    """Every entity that the tables have, in ``graph/reference``."""
    return [quad for entry in reference.entries.values() for quad in entry_quads(entry, reference)]


def dataset_quads(graph: ox.NamedNode) -> list[ox.Quad]:
    """What the tables are as a data set (DCAT 3), in the graph *graph* of their accounts: title and licence."""
    values: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        ("dcterms:title", ox.Literal("The reference tables of presence-kg", language="en")),
        ("dcterms:license", _LICENCE),
        ("dcterms:creator", ox.Literal("presence-kg contributors", language="en")),
    ]
    described = [(prefixed(name), value) for name, value in values]
    return [ox.Quad(graph, p, o, graph) for p, o in [(terms.RDF_TYPE, prefixed("dcat:Dataset")), *described]]


def entry_quads(entry: Entry, reference: Reference, graph: ox.NamedNode = _GRAPH) -> list[ox.Quad]:
    """What the tables say of an entity: class, labels, codes, place, parent.

    Args:
        entry: the row.
        reference: the tables, for the entities that a cell names.
        graph: the graph that the quads are in.
    """
    node = ox.NamedNode(iris.entity(entry.id))
    values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (terms.RDF_TYPE, io(terms.ENTITY_CLASSES[entry.type]))
    ]
    for lang in LANGUAGES:
        label = entry.labels.get(lang)
        if label:
            values += [(p, ox.Literal(label, language=lang)) for p in (terms.PREF_LABEL, terms.RDFS_LABEL)]
        values += [
            (terms.ALT_LABEL, ox.Literal(name, language=lang)) for name in entry.names.get(lang, ()) if name != label
        ]
        values += [(io("acronym"), ox.Literal(name, language=lang)) for name in split(entry.row.get(f"acronym_{lang}"))]
    values += _row_values(entry.row, entry.type, reference)
    quads = [ox.Quad(node, p, o, graph) for p, o in values]
    return list(dict.fromkeys([*quads, *_position(entry, node, graph)]))


def _position(entry: Entry, node: ox.NamedNode, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Where a city or country is: a geometry of its own, as GeoSPARQL has it, since no feature is a geometry."""
    lat, lon = entry.row.get("lat"), entry.row.get("lon")
    if entry.type in ("city", "country") and lat and lon:
        point = ox.NamedNode(iris.point(entry.id))
        yield ox.Quad(node, prefixed("geo:hasGeometry"), point, graph)
        yield ox.Quad(point, terms.RDF_TYPE, prefixed("geo:Geometry"), graph)
        yield ox.Quad(point, prefixed("geo:asWKT"), ox.Literal(f"POINT({lon} {lat})", datatype=_WKT), graph)


def _row_values(row: Row, kind: str, reference: Reference) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    def link(property_: ox.NamedNode, *candidates: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
        for identifier in candidates:
            if identifier in reference.entries:
                yield property_, ox.NamedNode(iris.entity(identifier))
                return

    if re.fullmatch(r"Q\d+", row.get("wikidata", "")):
        yield prefixed("owl:sameAs"), ox.NamedNode(_WIKIDATA + row["wikidata"])
    for column, name in (("iso2", "isoCode"), ("m49", "m49")):
        if row.get(column):
            yield io(name), ox.Literal(row[column].upper())
    if kind == "city":
        country = f"country/{row.get('country', '')}"
        yield from link(io("country"), country)
        yield from link(prefixed("schema:containedInPlace"), country)
    if kind == "country":
        for identifier, entry in reference.entries.items():
            if entry.type == "region" and row["id"] in split(entry.row.get("members")) and entry.row.get("m49"):
                yield prefixed("schema:containedInPlace"), ox.NamedNode(iris.entity(identifier))
    if kind == "region":
        for member in split(row.get("members")):
            yield from link(io("hasMember"), f"country/{member}")
    if kind == "organization":
        yield from link(prefixed("org:subOrganizationOf"), f"organization/{row.get('parent', '')}")
        if row.get("kind"):
            yield io("bodyKind"), ox.NamedNode(iris.concept("body-kind", row["kind"]))
    if kind == "event" and row.get("organizer"):
        yield from link(prefixed("schema:organizer"), row["organizer"])


def reference_facts(reference: Reference) -> list[Stated]:
    """The facts that the tables of establishments, memberships and people state.

    A row that names something no table has is left out: the check of the tables tells of it.
    """
    found: list[Stated] = []
    for row in reference.presences:
        found += _fact(reference, row, "presence", entities=("organization", "place"), concepts=("form", "status"))
    for row in reference.memberships:
        found += _fact(reference, row, "membership", entities=("member", "organization"), concepts=("role",))
    for row in reference.people:
        if row.get("position") and not row.get("until"):
            named = {**row, "person": f"person/{row['id']}"}
            found += _fact(reference, named, "tenure", entities=("person", "of"), concepts=("position",))
    return found


def _fact(
    reference: Reference, row: Row, kind: str, *, entities: tuple[str, ...], concepts: tuple[str, ...]
) -> list[Stated]:
    slots: dict[str, SlotValue] = {}
    for slot in entities:
        found = _entity(reference, row.get(slot, ""))
        if found is None:
            return []
        slots[slot] = found
    for slot in concepts:
        if row.get(slot) in CONCEPTS[slot]:
            slots[slot] = row[slot]
    if kind != "tenure":
        for slot in ("since", "until"):
            if re.fullmatch(r"\d{4}(-\d{2}){0,2}", row.get(slot, "")):
                slots[slot] = PartialDate(row[slot])
    if kind == "presence":
        if "form" not in slots:
            return []
        serves = [_entity(reference, one) for one in split(row.get("serves"))]
        slots |= {k: v for k, v in (
            ("serves", tuple(e for e in serves if e)),
            ("focus", tuple(one for one in split(row.get("focus")) if one in CONCEPTS["theme"])),
        ) if v}  # fmt: skip
    labels = {lang: row[f"name_{lang}"] for lang in LANGUAGES if kind == "presence" and row.get(f"name_{lang}")}
    return [Stated(Fact(kind, slots, ()), row.get("source", ""), row.get("checked", ""), labels)]


def _entity(reference: Reference, identifier: str) -> Entity | None:
    for candidate in (identifier, f"organization/{identifier}"):
        entry = reference.entries.get(candidate)
        if entry is not None:
            return Entity(entry.id, entry.type, ())
    return None
