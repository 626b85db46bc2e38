"""Which property and class of the ontology stands for which slot and kind."""

from __future__ import annotations

from functools import cache
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.model import EntityType, PartialDate

RDF_TYPE: Final = ox.NamedNode(iris.PREFIXES["rdf"] + "type")
RDFS_LABEL: Final = ox.NamedNode(iris.PREFIXES["rdfs"] + "label")
PREF_LABEL: Final = ox.NamedNode(iris.PREFIXES["skos"] + "prefLabel")
ALT_LABEL: Final = ox.NamedNode(iris.PREFIXES["skos"] + "altLabel")
_XSD: Final = iris.PREFIXES["xsd"]
_DATE_TYPES: Final = {
    "year": ox.NamedNode(_XSD + "gYear"),
    "month": ox.NamedNode(_XSD + "gYearMonth"),
    "day": ox.NamedNode(_XSD + "date"),
}
XSD_DATE: Final = _DATE_TYPES["day"]
XSD_INTEGER: Final = ox.NamedNode(_XSD + "integer")
XSD_DECIMAL: Final = ox.NamedNode(_XSD + "decimal")

CLASSES: Final[dict[str, str]] = {
    "presence": "Presence", "proposal": "Initiative", "decision": "Decision", "agreement": "Agreement",
    "membership": "Membership", "relocation": "Relocation", "count": "Count", "tenure": "Tenure",
}  # fmt: skip
"""Kind of fact → class of the ontology."""

ENTITY_CLASSES: Final[dict[EntityType, str]] = {
    "organization": "InternationalOrganization", "country": "Country", "city": "City", "region": "Region",
    "person": "Person", "event": "Event", "group": "Group",
}  # fmt: skip
"""Type of entity → class of the ontology."""

FORM_CLASSES: Final[dict[str, str]] = {
    "headquarters": "Headquarters", "regional-centre": "RegionalCentre", "regional-office": "RegionalOffice",
    "country-office": "CountryOffice", "centre": "Centre", "mission": "Mission",
}  # fmt: skip
INSTRUMENT_CLASSES: Final = {"resolution": "Resolution", "declaration": "Declaration", "law": "Law"}

_COMMON: Final = {"since": "since", "until": "until", "date": "date", "about": "about"}
_OWN: Final[dict[str, dict[str, str]]] = {
    "presence": {"organization": "organization", "place": "place", "form": "form", "status": "status",
                 "serves": "serves", "focus": "focus", "name": "rdfs:label"},
    "proposal": {"proposer": "proposer", "on_behalf_of": "onBehalfOf", "occasion": "occasion"},
    "decision": {"body": "body", "instrument": "instrument", "symbol": "symbol", "adopted_by": "adoptedBy",
                 "in_favour": "inFavour", "cosponsors": "coSponsors", "of": "electorate", "initiator": "initiator"},
    "agreement": {"parties": "party", "place": "signedIn"},
    "membership": {"member": "org:member", "organization": "org:organization", "role": "role"},
    "relocation": {"organization": "organization", "from": "from", "to": "to"},
    "count": {"what": "counted", "place": "place", "value": "value"},
    "tenure": {"person": "person", "position": "position", "of": "of"},
}  # fmt: skip


@cache
def io(name: str) -> ox.NamedNode:
    """A class or property of the ontology, for example ``io("Presence")``."""
    return ox.NamedNode(iris.term(name))


@cache
def prefixed(name: str) -> ox.NamedNode:
    """A term of another vocabulary, for example ``prefixed("schema:url")``."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(iris.PREFIXES[prefix] + local)


PROPERTIES: Final[dict[str, dict[str, ox.NamedNode]]] = {
    kind: {slot: prefixed(name) if ":" in name else io(name) for slot, name in {**own, **_COMMON}.items()}
    for kind, own in _OWN.items()
}
"""Kind of fact → slot → property, in accounts and in the merged graph."""


def typed_date(date: PartialDate) -> ox.Literal:
    """A date as stated: ``xsd:gYear``, ``xsd:gYearMonth`` or ``xsd:date``."""
    return ox.Literal(date.value, datatype=_DATE_TYPES[date.precision])


def date_quads(node: ox.NamedNode, property_: ox.NamedNode, date: PartialDate, graph: ox.NamedNode) -> list[ox.Quad]:
    """A date as stated and its bounds: engines do not compare a year with a day."""
    return [
        ox.Quad(node, property_, typed_date(date), graph),
        ox.Quad(node, ox.NamedNode(property_.value + "Earliest"), _day(date.earliest.isoformat()), graph),
        ox.Quad(node, ox.NamedNode(property_.value + "Latest"), _day(date.latest.isoformat()), graph),
    ]


def _day(value: str) -> ox.Literal:
    return ox.Literal(value, datatype=XSD_DATE)


def integer(value: int) -> ox.Literal:
    """A whole number as ``xsd:integer``."""
    return ox.Literal(str(value), datatype=XSD_INTEGER)


def fact_types(kind: str, slots: dict[str, object]) -> list[ox.NamedNode]:
    """The classes of a fact: ``io:Fact``, that of its kind, and the one that its form or instrument implies.

    Args:
        kind: the kind of fact.
        slots: ``form`` and ``instrument`` as slugs, and ``about``, as far as they are known.
    """
    names = ["Fact", CLASSES[kind]]
    if kind == "presence" and slots.get("form") in FORM_CLASSES:
        names.append(FORM_CLASSES[str(slots["form"])])
    elif kind == "decision" and slots.get("instrument") in INSTRUMENT_CLASSES:
        names.append(INSTRUMENT_CLASSES[str(slots["instrument"])])
    elif kind == "agreement" and slots.get("establishment"):
        names.append("HostAgreement")
    return [io(name) for name in names]
