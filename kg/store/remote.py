"""A store behind an address: SPARQL 1.1 query, update and the Graph Store Protocol."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError

import pyoxigraph as ox
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from kg import iris
from kg.errors import KgError
from kg.store.base import Graph, Node, Result, Term
from kg.store.embedded import copy
from kg.store.sparql import update_text

_CHUNK: Final = 5_000
_CONSTRUCTS: Final = re.compile(
    r"^\s*(?:(?:PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>|#[^\n]*)\s*)*(CONSTRUCT|DESCRIBE)", re.IGNORECASE
)


class RemoteStore:
    """A SPARQL 1.1 store that another server keeps.

    Args:
        address: where it takes queries, ending in ``/query`` or ``/sparql``.
        update: where it takes updates; without it ``KG_UPDATE_URL``, else *address* with ``update`` for ``query``.
        read_only: refuse changes.
        timeout: seconds that an answer may take.

    Raises:
        KgError: if the server cannot be reached.
    """

    def __init__(
        self, address: str, update: str | None = None, *, read_only: bool = False, timeout: float = 60.0
    ) -> None:
        self.address = address
        self.read_only = read_only
        self.timeout = timeout
        guess = re.sub(r"/query/?$", "/update", address)
        self.update = update or os.environ.get("KG_UPDATE_URL") or guess
        self._ask("ASK {}", JSON)

    def _ask(self, text: str, form: str, *, update: bool = False, merged: bool = False) -> bytes:
        wrapper = SPARQLWrapper(self.address, updateEndpoint=self.update, returnFormat=form)
        wrapper.setMethod(POST)
        wrapper.setTimeout(max(1, int(self.timeout)))
        wrapper.setQuery(text)
        if merged:
            wrapper.addDefaultGraph(iris.GRAPH_MERGED)
            for graph in self._graphs():
                wrapper.addNamedGraph(graph)
        try:
            content: Any = wrapper.query().response.read()
        except QueryBadFormed as error:
            raise SyntaxError(str(error)) from error
        except (SPARQLWrapperException, URLError, TimeoutError, OSError) as error:
            where = self.update if update else self.address
            raise KgError(
                f"the store does not answer: {error}", where=where, remedy="is the server running?"
            ) from error
        return bytes(content)

    def _graphs(self) -> list[str]:
        answer = ox.parse_query_results(
            self._ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", JSON), ox.QueryResultsFormat.JSON
        )
        assert isinstance(answer, ox.QuerySolutions)
        return sorted(str(row["g"].value) for row in answer)

    def match(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object_: Term | None = None,
        graph: Graph | None = None,
    ) -> Iterator[ox.Quad]:
        """See :meth:`kg.store.base.Store.match`."""
        terms = [str(t) if t is not None else f"?{n}" for t, n in ((subject, "s"), (predicate, "p"), (object_, "o"))]
        name = str(graph) if graph is not None else "?g"
        text = f"SELECT * WHERE {{ GRAPH {name} {{ {' '.join(terms)} }} }}"
        answer = ox.parse_query_results(self._ask(text, JSON), ox.QueryResultsFormat.JSON)
        assert isinstance(answer, ox.QuerySolutions)
        known = {v.value for v in answer.variables}
        for row in answer:
            s, p, o = (row[n] if n in known else t for n, t in (("s", subject), ("p", predicate), ("o", object_)))
            yield ox.Quad(s, p, o, row["g"] if graph is None else graph)  # type: ignore[arg-type]

    def contains(self, quad: ox.Quad) -> bool:
        """See :meth:`kg.store.base.Store.contains`."""
        return next(self.match(quad.subject, quad.predicate, quad.object, quad.graph_name), None) is not None

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """See :meth:`kg.store.base.Store.apply`; the server decides whether one update is one transaction."""
        if self.read_only:
            raise KgError("the store is open for reading only", where=self.address)
        text = update_text(removed, added)
        if text:
            self._ask(text, JSON, update=True)

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """See :meth:`kg.store.base.Store.load`; sent in parts of some thousand quads."""
        rest = iter(quads)
        while part := list(islice(rest, _CHUNK)):
            self.apply((), part)

    def query(self, text: str, substitutions: Mapping[str, Term] | None = None) -> Result:
        """See :meth:`kg.store.base.Store.query`; substituted variables become terms in the text."""
        head, brace, body = text.partition("{")
        for name, term in (substitutions or {}).items():
            # What is selected keeps its name; everything within the braces becomes the term.
            body = str(term).join(re.split(rf"[?$]{re.escape(name)}\b", body))
        text = head + brace + body
        if _CONSTRUCTS.match(text):
            content = self._ask(text, "n3", merged=True)
            return _triples(content)
        return ox.parse_query_results(self._ask(text, JSON, merged=True), ox.QueryResultsFormat.JSON)

    def backup(self, folder: Path) -> None:
        """See :meth:`kg.store.base.Store.backup`; every quad is fetched."""
        if folder.exists():
            raise KgError("is there already", where=str(folder), remedy="name a new folder")
        copy(self, folder)

    def close(self) -> None:
        """See :meth:`kg.store.base.Store.close`; nothing is held."""


def _triples(content: bytes) -> ox.QueryTriples:
    memory = ox.Store()
    memory.extend(ox.parse(content, ox.RdfFormat.TURTLE))
    answer = memory.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, ox.QueryTriples)
    return answer
