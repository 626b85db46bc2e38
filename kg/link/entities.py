"""The entities of our graph that have no identifier elsewhere, with what there is to know them by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph

TYPES: Final = ("InternationalOrganization", "City", "Country", "Region", "Person", "Event")
"""The classes whose entities are looked up elsewhere."""

_MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
_TYPE: Final = ox.NamedNode(iris.PREFIXES["rdf"] + "type")
_SAME: Final = ox.NamedNode(iris.PREFIXES["owl"] + "sameAs")
_WKT: Final = ox.NamedNode(iris.PREFIXES["geo"] + "asWKT")
_NAMES: Final = tuple(ox.NamedNode(iris.PREFIXES["skos"] + name) for name in ("prefLabel", "altLabel"))
_POINT: Final = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)
_MOST_NAMES: Final = 12


@dataclass(slots=True)
class Unlinked:
    """An entity without an identifier.

    Attributes:
        iri: its IRI.
        type: its class, a local name of :data:`TYPES`.
        names: its names as (text, language), the preferred ones first.
        point: longitude and latitude in degrees, of a place.
    """

    iri: str
    type: str
    names: list[tuple[str, str]] = field(default_factory=list)
    point: tuple[float, float] | None = None

    @property
    def id(self) -> str:
        """``city/almaty``."""
        return self.iri.removeprefix(iris.ID_PREFIX)

    def label(self) -> str:
        """What to call it: its English name, else the first."""
        return next((text for text, lang in self.names if lang == "en"), self.names[0][0] if self.names else self.id)


def unlinked(graph: KnowledgeGraph, namespace: str, types: tuple[str, ...] = TYPES) -> list[Unlinked]:
    """The entities that have a name but no ``owl:sameAs`` into a namespace, by IRI.

    Args:
        graph: the graph.
        namespace: what the identifiers begin with, such as ``http://www.wikidata.org/entity/``.
        types: local names of classes.
    """
    store = graph.store
    found: dict[str, Unlinked] = {}
    for type_ in types:
        for quad in store.match(None, _TYPE, ox.NamedNode(iris.term(type_)), _MERGED):
            node = quad.subject
            if not isinstance(node, ox.NamedNode) or node.value in found:
                continue
            same = (q.object for q in store.match(node, _SAME, None, _MERGED))
            if any(isinstance(o, ox.NamedNode) and o.value.startswith(namespace) for o in same):
                continue
            names: dict[tuple[str, str], None] = {}
            for property_ in _NAMES:
                labels = sorted((q.object for q in store.match(node, property_, None, _MERGED)), key=str)
                names |= {(t.value, t.language): None for t in labels if isinstance(t, ox.Literal) and t.language}
            if names:
                place = next(
                    (point(getattr(q.object, "value", "")) for q in store.match(node, _WKT, None, _MERGED)), None
                )
                found[node.value] = Unlinked(node.value, type_, list(names)[:_MOST_NAMES], place)
    return [found[iri] for iri in sorted(found)]


def point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of a point in well-known text, in degrees; ``None`` if it is none."""
    match = _POINT.search(text)
    return (float(match[1]), float(match[2])) if match else None
