"""A process that changes the store once, and ends: an update, or a whole graph put, added to or dropped.

    python -m kg.serve.writer STORE MEMORY < CHANGE > ANSWER

The change is a line of JSON (:class:`Change`), then the bytes of the body; the answer is a line of JSON with an HTTP
status and a message. It is confined like a query process (:mod:`kg.serve.sandbox`).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, UsageError
from kg.serve import guard
from kg.serve.sandbox import confine
from kg.store import EmbeddedStore

STAMP: Final = ox.NamedNode(iris.PREFIXES["dcterms"] + "modified")
_REFERENCE: Final = ox.NamedNode(iris.GRAPH_REFERENCE)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done.

    Attributes:
        action: ``update``, ``put``, ``post`` or ``delete``.
        graph: the graph's IRI, for all but updates.
        media_type: of the body, for ``put`` and ``post``.
        using: IRIs of ``using-graph-uri``.
        using_named: IRIs of ``using-named-graph-uri``.
    """

    action: str
    graph: str = ""
    media_type: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """The line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"


def change(engine: ox.Store, asked: Change, body: bytes) -> tuple[int, str]:
    """Make a change, as one transaction.

    Returns:
        The HTTP status and a message.

    Raises:
        SyntaxError: if the body is no SPARQL update or no RDF.
        UsageError: if it is refused.
    """
    if asked.action == "update":
        text = body.decode()
        guard.check(text, ("SERVICE", "LOAD"), update=True)
        if asked.using or asked.using_named:
            text = with_dataset(text, asked.using, asked.using_named)
        engine.update(text, base_iri=iris.BASE, prefixes=iris.PREFIXES)
        status, told = 204, ""
    else:
        status, told = _graph(engine, asked, body)
    if status < 300:
        _stamp(engine, asked, body)
        engine.flush()
    return status, told


def _graph(engine: ox.Store, asked: Change, body: bytes) -> tuple[int, str]:
    try:
        node = ox.NamedNode(asked.graph)
    except ValueError:
        raise UsageError(f"the IRI of the graph is none: {asked.graph}") from None
    there = next(iter(engine.quads_for_pattern(None, None, None, node)), None) is not None
    if asked.action == "delete":
        if not there:
            return 404, "there is no such graph"
        engine.remove_graph(node)
        return 204, ""
    form = ox.RdfFormat.from_media_type(asked.media_type)
    if form is None or (form.supports_datasets and form != ox.RdfFormat.JSON_LD):
        return 415, f"a graph is sent as Turtle, N-Triples, RDF/XML or JSON-LD, not as {asked.media_type}"
    quads = [ox.Quad(q.subject, q.predicate, q.object, node) for q in ox.parse(body, format=form, base_iri=asked.graph)]
    if asked.action == "put" and there:
        # One transaction: nobody sees the graph empty.
        removed = "DROP SILENT GRAPH " + str(node) + " ;\n"
        text = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads)
        engine.update(f"{removed}INSERT DATA {{ GRAPH {node} {{\n{text}}} }}")
    else:
        engine.extend(quads)
    return (204 if there else 201), ""


def _stamp(engine: ox.Store, asked: Change, body: bytes) -> None:
    """Leave a mark by which the graph has another version than before."""
    old = list(engine.quads_for_pattern(_REFERENCE, STAMP, None, _REFERENCE))
    mark = iris.digest(*(str(q.object) for q in old), repr(asked), body.hex())
    for quad in old:
        engine.remove(quad)
    engine.add(ox.Quad(_REFERENCE, STAMP, ox.Literal(mark), _REFERENCE))


def with_dataset(text: str, using: tuple[str, ...], named: tuple[str, ...]) -> str:
    """The update with USING clauses for the graphs that the request names (SPARQL 1.1 Protocol, section 2.2.3).

    Raises:
        UsageError: if the update has such clauses itself, or has no place for them.
    """
    for word in ("USING", "WITH"):
        if guard.uses(text, word, update=True):
            raise UsageError(f"the update says {word} itself, so the request may not say which graphs it uses")
    try:
        graphs = [f"USING {ox.NamedNode(iri)}" for iri in using] + [f"USING NAMED {ox.NamedNode(iri)}" for iri in named]
    except ValueError as error:
        raise UsageError(f"the IRI of a graph is none: {error}") from None
    clause = " ".join(graphs) + " "
    from kg.queries.scan import harmless

    placed = False
    for place in reversed(_places(harmless(text), "WHERE")):
        tried = text[:place] + clause + text[place:]
        try:
            guard.run(tried, update=True)
        except SyntaxError:
            # The WHERE of a SELECT inside, or of DELETE WHERE.
            continue
        text, placed = tried, True
    if not placed:
        raise UsageError("the update has no WHERE that graphs could be used for", remedy="name the graphs in it")
    return text


def _places(text: str, word: str) -> list[int]:
    import re

    return [found.start() for found in re.finditer(rf"\b{word}\b", text, re.IGNORECASE)]


def main() -> None:
    """Make the change that comes on standard input."""
    path, memory = sys.argv[1], int(sys.argv[2])
    confine(memory)
    fields: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    asked = Change(**{**fields, "using": tuple(fields["using"]), "using_named": tuple(fields["using_named"])})
    body = sys.stdin.buffer.read()
    try:
        from pathlib import Path

        store = EmbeddedStore(Path(path))
        try:
            status, told = change(store.engine, asked, body)
        finally:
            store.close()
    except SyntaxError as error:
        status, told = 400, f"syntax: {error}"
    except (UsageError, RuntimeError, UnicodeDecodeError) as error:
        status, told = 400, str(error)
    except KgError as error:
        status, told = 503, str(error)
    except Exception as error:
        status, told = 500, f"{type(error).__name__}: {error}"
    sys.stdout.write(json.dumps({"status": status, "told": told}))


if __name__ == "__main__":
    main()
