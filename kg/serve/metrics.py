"""What goes on, for Prometheus and for the log: requests, queries that were ended, processes, the graph."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.processes import resident
from kg.serve.site import Site

_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_PARTS: Final = frozenset(
    """sparql graph-store reconcile id kind article graph ontology dataset dump feed sitemap health ready metrics mcp
    static""".split()
)
_IDENTIFIER: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)


_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"))


def _part(path: str) -> str:
    """The part of the server that a path belongs to."""
    if path == "/graph-store":
        return "graph-store"
    first = path.lstrip("/").partition("/")[0].partition(".")[0].partition("-")[0]
    return first if first in _PARTS else "other"


class Meters:
    """The counters of a server.

    Args:
        site: the server's state.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self.registry = CollectorRegistry()
        labels = ("part", "method")
        self.requests = Counter("kg_requests", "Requests answered.", (*labels, "status"), registry=self.registry)
        self.seconds = Histogram(
            "kg_request_seconds", "Time to answer.", labels, buckets=_BOUNDS, registry=self.registry
        )
        # Looking them up by their labels takes longer than counting.
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.registry.register(self)

    def of(self, part: str, method: str, status: int) -> tuple[Counter, Histogram]:
        """The counter and the clock of one kind of request."""
        method = method if method in _METHODS else "other"
        key = part, method, status
        found = self._kinds.get(key)
        if found is None:
            found = self.requests.labels(part, method, str(status)), self.seconds.labels(part, method)
            self._kinds[key] = found
        return found

    def collect(self) -> Iterator[Any]:
        """What is looked up when it is asked for."""
        site = self._site
        counts = site.pool.counts
        killed = CounterMetricFamily("kg_queries_ended", "Queries whose process was ended.", labels=("reason",))
        for reason, number in counts.killed.items():
            killed.add_metric((reason,), number)
        yield killed
        yield CounterMetricFamily("kg_answers_truncated", "Answers that were cut.", counts.truncated)
        yield CounterMetricFamily("kg_processes_started", "Query processes started.", counts.started)
        yield GaugeMetricFamily("kg_processes_free", "Query processes with nothing to do.", site.pool.waiting)
        yield GaugeMetricFamily("kg_processes_bytes", "Memory of the query processes.", site.pool.resident())
        yield GaugeMetricFamily("kg_server_bytes", "Memory of the server.", resident(os.getpid()))
        yield GaugeMetricFamily("kg_queries_running", "Queries under way.", sum(site.at_work.values()))
        yield CounterMetricFamily("kg_cache_hits", "Answers found in the cache.", site.answers.hits)
        yield CounterMetricFamily("kg_cache_misses", "Answers not found there.", site.answers.misses)
        yield CounterMetricFamily("kg_graph_reloads", "Versions of the graph that were opened.", site.reloads)
        yield GaugeMetricFamily("kg_ready", "Whether queries are answered.", float(site.ready and site.pool.alive))
        yield GaugeMetricFamily("kg_graph_stale", "Whether the store cannot be read again.", float(bool(site.problem)))
        if site.ready:
            current = site.current
            yield GaugeMetricFamily(
                "kg_graph_modified_seconds", "When this version was first seen.", current.modified.timestamp()
            )
            yield InfoMetricFamily("kg_graph", "The version of the graph.", {"version": current.version})


class Measured:
    """Counts and times every request, names it, and writes it to the log.

    Args:
        app: the application.
        meters: the counters.
        log: where a line of JSON for each request goes; ``None`` for nowhere.
    """

    def __init__(self, app: ASGIApp, meters: Meters, log: IO[str] | None = None) -> None:
        self._app = app
        self._meters = meters
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        identifier = given if given and _IDENTIFIER.fullmatch(given) else secrets.token_hex(8)
        status, size = 500, 0

        async def sent(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", identifier.encode())]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            took = time.perf_counter() - begun
            requests, seconds = self._meters.of(_part(scope["path"]), scope["method"], status)
            requests.inc()
            seconds.observe(took)
            if self._log is not None:
                self._write(scope, identifier, status, size, took)

    def _write(self, scope: Scope, identifier: str, status: int, size: int, took: float) -> None:
        headers = dict(scope["headers"])
        client = scope.get("client")
        # What was asked may be private: its length is told, not its words.
        line = {
            "time": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "id": identifier,
            "address": client[0] if client else "",
            "method": scope["method"],
            "path": scope["path"],
            "query_bytes": len(scope["query_string"]),
            "status": status,
            "bytes": size,
            "ms": round(took * 1000, 2),
            "accept": headers.get(b"accept", b"").decode("latin-1")[:200],
            "agent": headers.get(b"user-agent", b"").decode("latin-1")[:200],
        }
        assert self._log is not None
        self._log.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._log.flush()


def log_file(name: str) -> IO[str] | None:
    """The file for the log: a path, ``-`` for standard output, nothing for none.

    Raises:
        OSError: if it cannot be written.
    """
    if not name:
        return None
    return sys.stdout if name == "-" else Path(name).open("a", encoding="utf-8")


async def metrics(request: Request) -> Response:
    """The counters in Prometheus's text format."""
    meters: Meters = request.app.state.meters
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)


routes: Final = [Route("/metrics", metrics)]
"""What this module answers."""
