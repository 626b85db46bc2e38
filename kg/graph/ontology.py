"""The ontology as quads."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeVar

import pyoxigraph as ox

from kg import iris, resources
from kg.errors import KgError

_T = TypeVar("_T")

FILES: Final = ("presence.ttl", "vocabulary.ttl", "alignment.ttl")


@cache
def ontology_quads() -> tuple[ox.Quad, ...]:
    """The classes, properties and concepts, for ``graph/ontology``; none where the folder ``ontology`` is missing.

    Raises:
        KgError: if a file of the ontology is no Turtle.
    """
    try:
        folder = resources.directory("ontology")
    except FileNotFoundError:
        return ()
    graph = ox.NamedNode(iris.GRAPH_ONTOLOGY)
    quads: list[ox.Quad] = []
    names: dict[ox.BlankNode, ox.NamedNode] = {}
    for path in (folder / name for name in FILES):
        if not path.is_file():
            continue
        try:
            for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE):
                subject, object_ = _steady(quad.subject, names), _steady(quad.object, names)
                quads.append(ox.Quad(subject, quad.predicate, object_, graph))
        except SyntaxError as error:
            raise KgError(f"is not Turtle: {error}", where=str(path), remedy="install presence-kg again") from error
    return tuple(quads)


def _steady(term: _T, names: dict[ox.BlankNode, ox.NamedNode]) -> _T | ox.NamedNode:
    """A name for a blank node (RDF 1.1, section 3.5): the parser's are random, and no update can take them out."""
    if isinstance(term, ox.BlankNode):
        return names.setdefault(term, ox.NamedNode(f"{iris.BASE}.well-known/genid/o{len(names) + 1}"))
    return term
