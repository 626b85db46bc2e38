"""A store behind an address: SPARQL 1.1 query, update and the Graph Store Protocol."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError
from kg.store import dataset
from kg.store.base import Graph, Node, Result, Term, Text
from kg.store.embedded import copy
from kg.store.journal import GRAPH as JOURNAL
from kg.store.journal import Journal
from kg.store.lease import GRAPH as LOCK
from kg.store.lease import Lease, Owner, take_away
from kg.store.protocol import Answer, Connection
from kg.store.sparql import update_text

_OWN: Final = (JOURNAL, LOCK)
_PAGE: Final = 5_000
_LOAD: Final = 20_000
_BATCH: Final = 1_000
_WHOLE: Final = 50_000
_ROUND: Final = 1_000
# Virtuoso makes geometries of WKT, in single precision (76.91 → 76.910003662109), and cannot compare them; under the
# datatype of GeoSPARQL's draft it keeps the text.
_WKT: Final = ox.NamedNode(iris.PREFIXES["geo"] + "wktLiteral")
_BOOLEAN: Final = ox.NamedNode(iris.PREFIXES["xsd"] + "boolean")
_WKT_TEXT: Final = ox.NamedNode("http://www.opengis.net/ont/sf#wktLiteral")


class RemoteStore:
    """A SPARQL 1.1 store that another server keeps.

    Args:
        address: where it takes queries, ending in ``/query`` or ``/sparql``.
        update: where it takes updates; without it ``KG_UPDATE_URL``, else *address* with ``update`` for ``query``.
        read_only: refuse changes.
        timeout: seconds that an answer may take.

    Raises:
        KgError: if the server cannot be reached, or another process writes to the store.
    """

    def __init__(
        self, address: str, update: str | None = None, *, read_only: bool = False, timeout: float = 60.0
    ) -> None:
        self.address = address
        self.read_only = read_only
        self._server = Connection(address, update, timeout)
        batch = os.environ.get("KG_STORE_BATCH", "")
        # Virtuoso compiles an update to a procedure of at most 10,000 lines, and commits its operations one by one;
        # others run a request as one transaction.
        self._whole = 0 if self._server.virtuoso else _WHOLE
        self._batch = int(batch) if batch.isdecimal() and int(batch) else _BATCH if self._server.virtuoso else _WHOLE
        if batch:
            self._whole = min(self._whole, self._batch)
        self._journal = Journal(self._server.update, self._noted, self._batch)
        self._unfinished = not read_only
        self._lease = None if read_only else Lease(self._server.update, self._select, address)
        try:
            self._recover()
        except BaseException:
            self.close()
            raise

    def _select(self, text: str) -> list[dict[str, Term]]:
        return self._rows(self._server.ask(text, "json"))

    @classmethod
    def unlock(cls, address: str) -> list[Owner]:
        """Take the right to write away from whoever has it; returns who that was.

        Raises:
            KgError: if the server cannot be reached or refuses.
        """
        store = cls(address, read_only=True)
        return take_away(store._server.update, store._select)

    def _recover(self) -> None:
        """Make what an earlier run, or a failure in this one, has left half-made."""
        if self._unfinished:
            self._journal.recover()
            self._unfinished = False

    def _noted(self, property_: ox.NamedNode) -> dict[str, str]:
        found = self.match(None, property_, None, JOURNAL)
        return {q.subject.value: q.object.value for q in found}  # type: ignore[union-attr]

    def match(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object_: Term | None = None,
        graph: Graph | None = None,
    ) -> Iterator[ox.Quad]:
        """See :meth:`kg.store.base.Store.match`; an answer that the server cuts is fetched in pages.

        Without a graph only graphs under :data:`kg.iris.BASE` count.
        """
        asked = self._kept(object_)
        terms = [str(t) if t is not None else f"?{n}" for t, n in ((subject, "s"), (predicate, "p"), (asked, "o"))]
        name = str(graph) if graph is not None else "?g"
        # What else the server keeps is none of ours; Virtuoso has graphs of its own.
        only = "" if graph is not None else f' FILTER (STRSTARTS(STR(?g), "{iris.BASE}"))'
        group = f"{{ GRAPH {name} {{ {' '.join(terms)} }}{only} }}"
        answer = self._server.ask(f"SELECT * WHERE {group}", "json")
        rows = self._rows(answer)
        if self._cut(answer, len(rows)) or (_suspicious(len(rows)) and self._more(group, len(rows))):
            # One graph and one property at a time, which servers have an index for; what is still too much in pages.
            if graph is None:
                graphs = self._pages("DISTINCT ?g", group, "?g")
                ours = (row["g"] for row in graphs if row["g"] not in _OWN)
                yield from (q for name in ours for q in self.match(subject, predicate, object_, name))  # type: ignore[arg-type]
                return
            if predicate is None:
                properties = self._pages("DISTINCT ?p", group, "?p")
                yield from (q for row in properties for q in self.match(subject, row["p"], object_, graph))  # type: ignore[arg-type]
                return
            rows = list(self._pages("*", group, "?s ?o"))
        for row in rows:
            s, p, o = (row.get(n, t) for n, t in (("s", subject), ("p", predicate), ("o", object_)))
            found = ox.Quad(s, p, o, row["g"] if graph is None else graph)  # type: ignore[arg-type]
            if graph is not None or found.graph_name not in _OWN:
                yield found

    def _rows(self, answer: Answer) -> list[dict[str, Term]]:
        solutions = self._solutions(answer)
        names = [v.value for v in solutions.variables]
        try:
            return [{n: _plain(row[n]) for n in names if row[n] is not None} for row in solutions]
        except (SyntaxError, ValueError) as error:
            raise self._broken(error) from None

    def _solutions(self, answer: Answer) -> ox.QuerySolutions:
        try:
            found = ox.parse_query_results(answer.body, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise self._broken(error) from None
        assert isinstance(found, ox.QuerySolutions)
        return found

    def _broken(self, error: Exception) -> KgError:
        """An answer that ends in the middle: what servers send when their time is up after the first row."""
        return KgError(
            f"the answer is cut short or damaged: {str(error)[:150]}",
            where=self.address,
            remedy="ask for less, or give the server more time",
        )

    @staticmethod
    def _cut(answer: Answer, rows: int) -> bool:
        """Whether the server says that it holds rows back (Virtuoso: ``ResultSetMaxRows``)."""
        most = answer.headers.get("x-sparql-maxrows", "")
        return most.isdecimal() and rows >= int(most)

    def _more(self, group: str, rows: int) -> bool:
        counted = self._rows(self._server.ask(f"SELECT (COUNT(*) AS ?n) WHERE {group}", "json"))
        return int(str(getattr(counted[0]["n"], "value", 0))) > rows

    def _pages(self, what: str, group: str, order: str) -> Iterator[dict[str, Term]]:
        """All solutions, a page at a time; the order in an inner query lets Virtuoso sort more than it sends."""
        inner = f"{{ SELECT {what} WHERE {group} ORDER BY {order} }}"
        at = 0
        while True:
            rows = self._rows(self._server.ask(f"SELECT * WHERE {inner} LIMIT {_PAGE} OFFSET {at}", "json"))
            yield from rows
            at += len(rows)
            if len(rows) < _PAGE:
                return

    def contains(self, quad: ox.Quad) -> bool:
        """See :meth:`kg.store.base.Store.contains`."""
        return next(self.match(quad.subject, quad.predicate, quad.object, quad.graph_name), None) is not None

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad], texts: Iterable[Text] = ()) -> None:
        """See :meth:`kg.store.base.Store.apply`: one request where the server makes that one transaction.

        What is too large for that goes through a journal on the server (:mod:`kg.store.journal`). If the connection
        is lost for good in the middle, the next change, or the next one who opens the store to write, makes up for it.
        """
        self._writable()
        every = chain(added, *(text.quads() for text in texts))
        gone, new = list(self._quads(removed)), list(self._quads(every))
        if not gone and not new:
            return
        self._recover()
        if len(gone) + len(new) <= self._whole:
            self._server.update(update_text(gone, new))
            return
        self._unfinished = True
        self._journal.make(gone, new)
        self._unfinished = False

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """See :meth:`kg.store.base.Store.load`; whole graphs by the Graph Store Protocol where its address is known."""
        self._writable()
        rest = self._quads(quads)
        while part := list(islice(rest, _LOAD)):
            self._writable()
            if not self._server.addresses.graphs:
                for at in range(0, len(part), self._batch):
                    self._server.update(update_text((), part[at : at + self._batch]))
                continue
            graphs: dict[str, list[str]] = {}
            for quad in part:
                name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
                graphs.setdefault(name, []).append(f"{quad.triple} .\n")
            for name, lines in graphs.items():
                self._server.send_graph(name, "".join(lines).encode())

    def _kept(self, term: Term | None) -> Term | None:
        """A term as the server keeps it."""
        if self._server.virtuoso and isinstance(term, ox.Literal) and term.datatype == _WKT:
            return ox.Literal(term.value, datatype=_WKT_TEXT)
        return term

    def _quads(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Quads as the server keeps them."""
        for quad in quads:
            kept = self._kept(quad.object)
            assert kept is not None
            yield quad if kept is quad.object else ox.Quad(quad.subject, quad.predicate, kept, quad.graph_name)

    def _writable(self) -> None:
        if self.read_only:
            raise KgError("the store is open for reading only", where=self.address)
        if self._lease is None:
            raise KgError("the store is closed", where=self.address)
        self._lease.check()

    def query(self, text: str, substitutions: Mapping[str, Term] | None = None) -> Result:
        """See :meth:`kg.store.base.Store.query`; substituted variables become terms in the text.

        Raises:
            SyntaxError: if *text* is no SPARQL.
            KgError: if the server does not answer, or holds back a part of the answer.
        """
        head, brace, body = text.partition("{")
        for name, term in (substitutions or {}).items():
            # What is selected keeps its name; everything within the braces becomes the term.
            body = str(term).join(re.split(rf"[?$]{re.escape(name)}\b", body))
        text = head + brace + body
        form = dataset.form(text)
        if form in ("CONSTRUCT", "DESCRIBE"):
            return self._triples(text)
        answer = self._asked(text, "json")
        if form == "ASK":
            return ox.parse_query_results(answer.body, ox.QueryResultsFormat.JSON)
        rows = self._rows(answer)
        cut = self._cut(answer, len(rows)) and not dataset.limited(text)
        if cut or (_suspicious(len(rows)) and self._goes_on(text, len(rows))):
            raise self._held_back(len(rows))
        return self._solutions(Answer(_as_given(answer.body) if self._server.virtuoso else answer.body, {}))

    def _goes_on(self, text: str, rows: int) -> bool:
        """Whether a query whose answer has a round number of rows has more of them."""
        if dataset.limited(text):
            return False
        try:
            return bool(self._rows(self._asked(f"{text}\nLIMIT 1 OFFSET {rows}", "json")))
        except (SyntaxError, KgError):  # a VALUES at the end, for one, must stay there
            return False

    def _held_back(self, rows: int) -> KgError:
        return KgError(
            f"the server sends {rows:,} rows of the answer and holds the others back",
            where=self.address,
            remedy="ask in parts with ORDER BY, LIMIT and OFFSET, or raise the limit of the server",
        )

    def _asked(self, text: str, form: str) -> Answer:
        """The answer about the merged graph as default graph, with every graph a named one."""
        if dataset.has_dataset(text):
            return self._server.ask(text, form)
        if dataset.form(text) == "DESCRIBE" or not dataset.names_graphs(text):
            return self._server.ask(text, form, iris.GRAPH_MERGED)
        if not self._server.virtuoso:
            return self._server.ask(dataset.within(text, iris.GRAPH_MERGED), form)
        # Virtuoso plans a query whose groups lie in GRAPH badly, and knows no named graph that is not listed.
        group = "{ GRAPH ?g { ?s ?p ?o } " + f'FILTER (STRSTARTS(STR(?g), "{iris.BASE}")) }}'
        named = [str(getattr(row["g"], "value", "")) for row in self._pages("DISTINCT ?g", group, "?g")]
        return self._server.ask(text, form, iris.GRAPH_MERGED, named)

    def _triples(self, text: str) -> ox.QueryTriples:
        answer = self._asked(text, "n3")
        memory = ox.Store()
        try:
            triples = list(ox.parse(answer.body, ox.RdfFormat.TURTLE))
        except (SyntaxError, ValueError) as error:
            raise self._broken(error) from None
        if self._server.virtuoso and _suspicious(len(triples)) and not dataset.limited(text):
            raise self._held_back(len(triples))
        memory.extend(triples)
        found = memory.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        assert isinstance(found, ox.QueryTriples)
        return found

    def backup(self, folder: Path) -> None:
        """See :meth:`kg.store.base.Store.backup`; every quad is fetched."""
        if folder.exists():
            raise KgError("is there already", where=str(folder), remedy="name a new folder")
        copy(self, folder)

    def close(self) -> None:
        """See :meth:`kg.store.base.Store.close`."""
        if self._lease is not None:
            self._lease.release()
            self._lease = None


def _as_given(body: bytes) -> bytes:
    """An answer of Virtuoso in JSON with the values as they were given to it, and truth as XML Schema writes it."""
    answer = json.loads(body)
    for row in answer["results"]["bindings"]:
        for value in row.values():
            datatype = value.get("datatype")
            if datatype == _BOOLEAN.value:
                value["value"] = {"1": "true", "0": "false"}.get(value["value"], value["value"])
            elif datatype == _WKT_TEXT.value:
                value["datatype"] = _WKT.value
    return json.dumps(answer).encode()


def _suspicious(rows: int) -> bool:
    """Whether a number of rows looks like a limit of the server."""
    return rows >= _ROUND and rows % _ROUND == 0


def _plain(term: Term) -> Term:
    """A term as it was given to the store."""
    if isinstance(term, ox.Literal) and term.datatype == _WKT_TEXT:
        return ox.Literal(term.value, datatype=_WKT)
    if isinstance(term, ox.Literal) and term.datatype == _BOOLEAN:
        return ox.Literal(term.value in ("1", "true"))  # Virtuoso writes 1 for true
    return term
