"""RDF files: Turtle, TriG, N-Quads and JSON-LD, sorted, so that the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Final

import pyoxigraph as ox

from kg import iris

FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def write(quads: Iterable[ox.Quad], form: str, out: IO[bytes]) -> int:
    """Write *quads* in the format *form* (RDF 1.1).

    Turtle knows no named graphs: it gets the merged graph alone, what is held to be true. The other formats get all
    graphs: the ontology, the reference tables, each article's account with its evidence, and the merged graph.

    Args:
        quads: the quads of the store, in any order.
        form: a key of :data:`FORMATS`.
        out: where the bytes go.

    Returns:
        How many quads were written.
    """
    if form == "turtle":
        merged = ox.NamedNode(iris.GRAPH_MERGED)
        triples = [quad.triple for quad in canonical(q for q in quads if q.graph_name == merged)]
        ox.serialize(triples, out, format=FORMATS[form], prefixes=iris.PREFIXES)
        return len(triples)
    ordered = canonical(quads)
    prefixes = None if form == "nquads" else iris.PREFIXES
    ox.serialize(ordered, out, format=FORMATS[form], prefixes=prefixes)
    return len(ordered)


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads, each once, sorted by graph and statement; blank nodes named by RDFC-1.0."""
    unique = set(quads)
    if any(isinstance(term, ox.BlankNode) for quad in unique for term in (quad.subject, quad.object)):
        dataset = ox.Dataset(unique)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        unique = set(dataset)
    return sorted(unique, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
