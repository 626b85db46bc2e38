"""A query process: opens snapshots, answers queries within bounds, and is killed when it must be.

    python -m kg.serve.worker FILE-DESCRIPTOR MEMORY

The descriptor is a socket to the server; see :mod:`kg.serve.frames` for what passes over it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Mapping
from functools import cache
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from kg import iris
from kg.errors import UsageError
from kg.serve import guard, slices
from kg.serve.cut import FORMS, Cut, Sink
from kg.serve.dataset import dataset
from kg.serve.frames import DATA, END, HEAD, LONG_JOB, START, Job, Whole, pack, pack_fields
from kg.serve.memory import give_back
from kg.serve.sandbox import confine

RESULT_TYPES: Final = {
    "application/sparql-results+json": "JSON",
    "application/json": "JSON",
    "application/sparql-results+xml": "XML",
    "application/xml": "XML",
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
}
"""Media types of results of SELECT and ASK, the preferred first, and the engine's name for each."""

GRAPH_TYPES: Final = {
    "text/turtle": "TURTLE",
    "application/n-triples": "N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON_LD",
}
"""Media types of graphs, the preferred first, and the engine's name for each."""


_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

_GROWN: Final = 16 * 1024**2
"""Bytes that a process may have taken since it last gave memory back."""

_PIECE: Final = 1 << 17
"""Bytes that are sent at once of an answer that is long and can say at its end that it was cut."""


class Worker:
    """Answers the jobs that come over a socket.

    Args:
        connection: the socket.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._snapshot = ""
        self._store: Any = None
        self._floor = 0

    def serve(self) -> None:
        """Answer until the server hangs up."""
        stream = self._connection.makefile("rb")
        before = b""
        while len(head := stream.read(HEAD.size)) == HEAD.size:
            kind, length = HEAD.unpack(head)
            if kind != before:
                slices.take(slices.LONG if kind == LONG_JOB else slices.QUICK)
                before = kind
            self._answer(Job.unpacked(stream.read(length)))

    def _answer(self, job: Job) -> None:
        answer = _Answer(self._connection)
        begun = time.process_time()
        try:
            if job.snapshot != self._snapshot:
                self._store, self._snapshot = None, ""
                self._store, self._snapshot = ox.Store.read_only(job.snapshot), job.snapshot
                begun = time.process_time()
            if job.query:
                guard.check(job.query)
                run(self._store, job, answer)
            else:
                answer.start(200, "")
        except SyntaxError as error:
            answer.tell(400, str(error), syntax=True)
        except (UsageError, RuntimeError) as error:
            # The engine's RuntimeError is a query that cannot be evaluated: a function it does not know.
            answer.tell(400, str(error))
        except MemoryError:
            answer.tell(503, "the query needs more memory than it may have (ask for less, or with LIMIT)")
        except BrokenPipeError:
            raise
        except Exception as error:
            # A worker must outlive every query.
            answer.tell(500, f"{type(error).__name__}: {error}")
        answer.end(self._left_over(), time.process_time() - begun)

    def _left_over(self) -> int:
        """The bytes of memory that are kept after a query; what is free among them is given back first."""
        now = resident()
        if now > self._floor + _GROWN:
            give_back()
            now = self._floor = resident()
        return now


class _Answer:
    """An answer on its way: one message if it is short, else a beginning, pieces, an end."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._head: dict[str, Any] = {}
        self._held: list[bytes] = []
        self._size = 0
        self._sent = False
        self._failed = ""

    def start(self, status: int, media_type: str, **fields: Any) -> None:
        self._head = {"status": status, "media_type": media_type, **fields}

    def data(self, content: bytes) -> None:
        self._held.append(content)
        self._size += len(content)
        if self._size > _PIECE and "closing" in self._head:
            self._flush()

    def _flush(self) -> None:
        begun = b"" if self._sent else pack_fields(START, **self._head)
        self._connection.sendall(begun + pack(DATA, b"".join(self._held)))
        self._sent, self._size = True, 0
        self._held.clear()

    def tell(self, status: int, message: str, **fields: Any) -> None:
        if self._sent:
            # Too late for a status: the server closes the answer and says why.
            self._failed = message
            return
        self._held.clear()
        self.start(status, "text/plain; charset=utf-8", **fields)
        self.data(f"{message}\n".encode("utf-8", "replace"))

    def end(self, memory: int, cost: float) -> None:
        if not self._sent:
            head = self._head
            whole = Whole(
                head["status"],
                head["media_type"],
                b"".join(self._held),
                head.get("truncated", ""),
                head.get("syntax", False),
                memory,
                cost,
            )
            self._connection.sendall(whole.packed())
            return
        if self._held:
            self._flush()
        self._connection.sendall(pack_fields(END, failed=self._failed, memory=memory, cost=cost))


def run(store: ox.Store, job: Job, answer: _Answer) -> None:
    """Answer a query.

    Raises:
        SyntaxError: if it is not SPARQL 1.1.
        UsageError: if its dataset cannot be made.
    """
    store, options = dataset(store, job)
    results = store.query(job.query, base_iri=iris.BASE, prefixes=iris.PREFIXES, **options)
    if isinstance(results, ox.QueryTriples):
        _graph(results, job, answer)
        return
    kind = RESULT_TYPES.get(job.result_type, "")
    if isinstance(results, ox.QueryBoolean) and kind in ("CSV", "TSV"):
        answer.start(200, job.result_type)
        answer.data(b"true\n" if results else b"false\n")
    elif not kind:
        _unacceptable(RESULT_TYPES, answer)
    elif isinstance(results, ox.QueryBoolean):
        content = results.serialize(format=getattr(ox.QueryResultsFormat, kind))
        answer.start(200, job.result_type)
        answer.data(content or b"")
    else:
        _solutions(results, kind, job, answer)


def _solutions(results: ox.QuerySolutions, kind: str, job: Job, answer: _Answer) -> None:
    form, closing = FORMS[kind], _closing(kind)
    if closing:
        # What closes the answer if this process is killed in the middle of it.
        answer.start(200, job.result_type, closing=closing)
    # A long answer has the same headers however long it is.
    size = min(job.size, 2 * _PIECE) if job.head and closing else job.size
    sink = Sink(form, job.rows, size, answer.data)
    with contextlib.suppress(Cut):
        results.serialize(cast(IO[bytes], sink), format=getattr(ox.QueryResultsFormat, kind))
        sink.finish()
    if not closing:
        # The format cannot say that it was cut, so the headers must, and they go first.
        answer.start(200, job.result_type, truncated=sink.reason)


@cache
def _closing(kind: str) -> str:
    closing = FORMS[kind].closing
    return closing("CUT").decode() if closing else ""


def _graph(results: ox.QueryTriples, job: Job, answer: _Answer) -> None:
    if not job.graph_type:
        _unacceptable(GRAPH_TYPES, answer)
        return
    triples: set[ox.Triple] = set()
    truncated = ""
    for triple in results:
        if len(triples) >= job.rows and triple not in triples:
            truncated = f"cut after {job.rows:,} triples"
            break
        triples.add(triple)
    form = getattr(ox.RdfFormat, GRAPH_TYPES[job.graph_type])
    prefixes = iris.PREFIXES if job.graph_type in ("text/turtle", "application/ld+json") else None
    content = ox.serialize(sorted(triples, key=str), format=form, prefixes=prefixes) or b""
    if len(content) > job.size:
        answer.tell(507, f"the graph is longer than {job.size:,} bytes (ask for less, or with LIMIT)")
        return
    answer.start(200, job.graph_type, truncated=truncated)
    answer.data(content)


def _unacceptable(types: Mapping[str, str], answer: _Answer) -> None:
    answer.tell(406, f"this kind of query is answered as {', '.join(types)}")


@cache
def _statm() -> int:
    """The descriptor of the system's count of this process's memory; -1 where it does not count."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def resident() -> int:
    """The bytes of memory that this process has in use; 0 where the system does not tell."""
    descriptor = _statm()
    if descriptor < 0:
        return 0
    return int(os.pread(descriptor, 100, 0).split()[1]) * _PAGE


def main() -> None:
    """Serve over the socket whose descriptor is the first argument."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    confine(int(sys.argv[2]))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        Worker(connection).serve()


if __name__ == "__main__":
    main()
