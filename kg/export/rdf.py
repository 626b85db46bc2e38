"""RDF files: Turtle, TriG, N-Quads and JSON-LD, sorted, so that the same graph gives the same bytes."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
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


_LINES: Final = 500_000
"""Statements that are sorted in memory at a time."""


def write_sorted(quads: Iterable[ox.Quad], form: str, out: IO[bytes], folder: Path | None = None) -> int:
    """The same as :func:`write`, to the byte, for a graph of any size: sorted in files, some statements at a time.

    Args:
        quads: the quads of the store, each once, in any order.
        form: a key of :data:`FORMATS`.
        out: where the bytes go.
        folder: where there is room for files that are deleted at the end, as large as all quads as text.

    Returns:
        How many quads were written.
    """
    turtle, merged = form == "turtle", ox.NamedNode(iris.GRAPH_MERGED)
    wanted = (q for q in quads if q.graph_name == merged) if turtle else iter(quads)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        lines = _lines(wanted, Path(place))
        if form == "nquads":
            return sum(1 for line in lines if out.write(line))
        whole = Path(place, "all.nq")
        with whole.open("wb") as file:
            count = sum(1 for line in lines if file.write(line))
        found: Iterable[ox.Quad] = ox.parse(path=str(whole), format=ox.RdfFormat.N_QUADS)
        told = (quad.triple for quad in found) if turtle else found
        ox.serialize(told, out, format=FORMATS[form], prefixes=iris.PREFIXES)
        return count


def _lines(quads: Iterator[ox.Quad], folder: Path) -> Iterator[bytes]:
    """The statements as lines of N-Quads, in the order of :func:`canonical`."""
    blank: list[ox.Quad] = []

    def keys() -> Iterator[bytes]:
        for quad in quads:
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                blank.append(quad)
            else:
                yield _key(quad)

    files: list[Path] = []
    found = keys()
    while chunk := sorted(islice(found, _LINES)):
        files.append(folder / f"{len(files)}.sorted")
        with files[-1].open("wb") as file:
            file.writelines(chunk)
    # The names of blank nodes depend on the statements that have some, and on no other.
    named = sorted(_key(quad) for quad in canonical(blank))
    opened = [file.open("rb") for file in files]
    try:
        for key in heapq.merge(named, *opened):
            graph, subject, predicate, value = key[:-1].split(b"\0")
            yield b" ".join((subject, predicate, value, *((graph,) if graph != b"DEFAULT" else ()), b".\n"))
    finally:
        for stream in opened:
            stream.close()


def _key(quad: ox.Quad) -> bytes:
    # A line break or a null in a text is written as an escape, so that neither ends a part too early.
    terms = (quad.graph_name, quad.subject, quad.predicate, quad.object)
    return "\0".join(map(str, terms)).encode() + b"\n"


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads, each once, sorted by graph and statement; blank nodes named by RDFC-1.0."""
    unique = set(quads)
    if any(isinstance(term, ox.BlankNode) for quad in unique for term in (quad.subject, quad.object)):
        dataset = ox.Dataset(unique)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        unique = set(dataset)
    return sorted(unique, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))
