"""Queries in processes of their own: the engine cannot be stopped in a query, a process can."""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from kg import iris
from kg.errors import KgError

MEMORY: Final = 4 * 1024**3
"""The address space of a worker, in bytes."""

RESULT_TYPES: Final = {
    "application/sparql-results+json": "JSON",
    "application/json": "JSON",
    "application/sparql-results+xml": "XML",
    "application/xml": "XML",
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
}
GRAPH_TYPES: Final = {
    "text/turtle": "TURTLE",
    "application/n-triples": "N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON_LD",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A query and how to answer it.

    Attributes:
        query: SPARQL 1.1.
        result_type: media type for SELECT and ASK, or ``""`` if none that was asked for fits.
        graph_type: media type for CONSTRUCT and DESCRIBE, or ``""``.
        default_graphs: IRIs whose union is the default graph; without any, and without named ones, the merged graph.
        named_graphs: IRIs of the named graphs; without any, and without default ones, all.
    """

    query: str
    result_type: str
    graph_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query: ``status`` as in HTTP, the media type, and the bytes."""

    status: int
    media_type: str
    content: bytes


class Workers:
    """A few processes that have the snapshot open; one that takes too long is killed and another started.

    Args:
        snapshot: folder of the snapshot (of pyoxigraph).
        size: how many processes.
        timeout: seconds that a query may take.
    """

    def __init__(self, snapshot: Path, size: int = 2, timeout: float = 30.0) -> None:
        self.snapshot = snapshot
        self.timeout = timeout
        # Not fork: a fork of a process with threads may inherit a lock that nobody will ever release.
        self._context = multiprocessing.get_context("spawn")
        self._free: queue.Queue[tuple[Any, Connection]] = queue.Queue()
        for _ in range(size):
            self._free.put(self._start())

    def _start(self) -> tuple[Any, Connection]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve_queries, args=(str(self.snapshot), theirs), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def ask(self, job: Job) -> Answer:
        """The answer to a query.

        Raises:
            KgError: if it takes longer than the timeout, or all processes are busy for that long.
        """
        try:
            process, connection = self._free.get(timeout=self.timeout)
        except queue.Empty:
            raise KgError("too many queries at once", remedy="try again in a moment") from None
        try:
            connection.send(job)
            if connection.poll(self.timeout):
                answer: Answer = connection.recv()
                self._free.put((process, connection))
                return answer
            problem = KgError(f"the query takes longer than {self.timeout:g} s", remedy="ask for less, or with LIMIT")
        except (EOFError, OSError):
            problem = KgError("the query ended its process", remedy="ask for less, or with LIMIT")
        process.kill()
        process.join()
        connection.close()
        self._free.put(self._start())
        raise problem

    def close(self) -> None:
        """Stop the processes that are not at work; the rest end with this one."""
        while True:
            try:
                process, connection = self._free.get_nowait()
            except queue.Empty:
                return
            connection.close()
            process.kill()
            process.join()


def serve_queries(snapshot: str, connection: Connection) -> None:
    """What a worker process does: answer queries on the snapshot until the connection ends."""
    import pyoxigraph as ox

    _limit_memory()
    store = ox.Store.read_only(snapshot)
    while True:
        try:
            job = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer = run(store, job)
        except SyntaxError as error:
            answer = _problem(400, str(error))
        except Exception as error:
            # A worker must outlive every query.
            answer = _problem(500, f"{type(error).__name__}: {error}")
        connection.send(answer)


def _limit_memory() -> None:
    """Let a query that wants all memory end its own process rather than the machine's work."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(store: Any, job: Job) -> Answer:
    """Answer a query on a pyoxigraph store.

    Raises:
        SyntaxError: if the query is not SPARQL 1.1.
    """
    import pyoxigraph as ox

    options: dict[str, Any] = {"default_graph": ox.NamedNode(iris.GRAPH_MERGED)}
    if job.default_graphs or job.named_graphs:
        store = _dataset(store, job)
        options = {}
    results = store.query(job.query, prefixes=iris.PREFIXES, **options)
    if isinstance(results, ox.QueryTriples):
        if not job.graph_type:
            return _unacceptable(GRAPH_TYPES)
        form = getattr(ox.RdfFormat, GRAPH_TYPES[job.graph_type])
        prefixes = iris.PREFIXES if job.graph_type == "text/turtle" else None
        content = ox.serialize(sorted(set(results), key=str), format=form, prefixes=prefixes)
        return Answer(200, job.graph_type, content or b"")
    kind = RESULT_TYPES.get(job.result_type, "")
    if isinstance(results, ox.QueryBoolean) and kind in ("CSV", "TSV"):
        return Answer(200, job.result_type, b"true\n" if results else b"false\n")
    if not kind:
        return _unacceptable(RESULT_TYPES)
    content = results.serialize(format=getattr(ox.QueryResultsFormat, kind))
    return Answer(200, job.result_type, content or b"")


def _dataset(store: Any, job: Job) -> Any:
    """The dataset that the protocol's parameters describe; in memory, so that no triple is in the union twice."""
    import pyoxigraph as ox

    chosen = ox.Store()
    for name in job.default_graphs:
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
            chosen.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    for name in job.named_graphs:
        chosen.extend(store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
    return chosen


def _problem(status: int, told: str) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", f"{told}\n".encode())


def _unacceptable(types: Mapping[str, str]) -> Answer:
    return _problem(406, f"this kind of query is answered as {', '.join(types)}")
