"""The web application: ``/sparql`` (SPARQL 1.1 Protocol, query operation) and ``/health``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from kg import __version__
from kg.errors import KgError, UsageError
from kg.serve.guard import refuse_service
from kg.serve.workers import GRAPH_TYPES, RESULT_TYPES, Job, Workers

MAX_BODY: Final = 1_000_000
"""The longest request body, in bytes: a query is text, not data."""

_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"


def create_app(snapshot: Path, *, timeout: float = 30.0, workers: int = 2) -> FastAPI:
    """The application.

    Args:
        snapshot: folder of a read-only copy of the store.
        timeout: seconds that a query may take.
        workers: how many queries run at once.
    """
    pool: list[Workers] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool.append(await run_in_threadpool(Workers, snapshot, workers, timeout))
        yield
        pool.pop().close()

    app = FastAPI(title="presence-kg", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)

    @app.get("/health")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__})

    @app.api_route("/sparql", methods=["GET", "POST"])
    async def sparql(request: Request) -> Response:
        try:
            job = await read_job(request)
            answer = await run_in_threadpool(pool[0].ask, job)
        except _Refused as refusal:
            return _told(str(refusal), refusal.status)
        except UsageError as error:
            return _told(str(error), 400)
        except KgError as error:
            return _told(str(error), 503)
        return Response(answer.content, answer.status, media_type=answer.media_type, headers=_HEADERS)

    return app


_HEADERS: Final = {"Vary": "Accept", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


class _Refused(Exception):
    """A request that the protocol does not allow, with its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        self.status = status
        super().__init__(message)


def _told(message: str, status: int) -> Response:
    return PlainTextResponse(f"{message}\n", status, headers=_HEADERS)


async def read_job(request: Request) -> Job:
    """The query of a request: GET, POST of a form, or POST of the query itself (SPARQL 1.1 Protocol, section 2.1).

    Raises:
        UsageError: if there is not exactly one query, or it asks other servers.
    """
    found = parse_qs(request.url.query, keep_blank_values=True)
    if request.method == "POST":
        body = await _body(request)
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise UsageError("the body is not UTF-8") from None
        if kind == _FORM:
            found = parse_qs(text, keep_blank_values=True)
        elif kind == _DIRECT:
            found["query"] = [*found.get("query", []), text]
        else:
            raise _Refused(f"POST takes {_FORM} or {_DIRECT}", 415)
    if "update" in found:
        raise UsageError("this endpoint is read-only")
    queries = found.get("query", [])
    if len(queries) != 1 or not queries[0].strip():
        raise UsageError("the request needs one query", remedy="GET /sparql?query=SELECT…")
    refuse_service(queries[0])
    accepted = request.headers.getlist("accept")
    return Job(
        queries[0],
        negotiate(",".join(accepted), RESULT_TYPES),
        negotiate(",".join(accepted), GRAPH_TYPES),
        tuple(found.get("default-graph-uri", ())),
        tuple(found.get("named-graph-uri", ())),
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _Refused(f"the body is longer than {MAX_BODY:,} bytes", 413)
    return bytes(body)


def negotiate(accept: str, offered: Iterable[str]) -> str:
    """The media type to answer with (RFC 9110, section 12.5.1).

    Args:
        accept: the header; empty for "anything".
        offered: what there is, the best first.

    Returns:
        One of *offered*, or ``""`` if none is acceptable.
    """
    offered = list(offered)
    ranges: list[tuple[str, float]] = []
    for part in filter(None, (p.strip() for p in accept.split(","))):
        name, *parameters = (p.strip() for p in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        ranges.append((name.lower(), quality))
    if not ranges:
        return offered[0]
    best, best_quality = "", 0.0
    for media_type in offered:
        quality = _quality(media_type, ranges)
        if quality > best_quality:
            best, best_quality = media_type, quality
    return best


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The quality of a type: that of the most exact range that covers it."""
    for wanted in (media_type, media_type.split("/", maxsplit=1)[0] + "/*", "*/*"):
        for name, quality in ranges:
            if name == wanted:
                return quality
    return 0.0
