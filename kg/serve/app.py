"""The application: every module's routes, and what holds for every answer."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import IO, Any, Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg import __version__
from kg.serve import catalogue, change, feeds, hooks, linked_data, metrics, operation, sparql
from kg.serve.reconcile import service as reconcile
from kg.serve.site import Settings, Site

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The content security policy of an answer that sets none itself."""

_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": POLICY,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Location, Retry-After, X-Graph-Version, "
    "X-Reason, X-Request-Id, X-SPARQL-MaxRows, X-Truncated",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, "
    "Mcp-Protocol-Version, Mcp-Session-Id",
    "Access-Control-Max-Age": "86400",
}


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they go over the wire."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_RAW: Final = _raw(_EVERYWHERE)
_NAMES: Final = {name for name, _ in _RAW}


def _filled(headers: Iterable[tuple[bytes, bytes]], there: set[bytes]) -> list[tuple[bytes, bytes]]:
    """Headers of an answer that sets some of ours itself."""
    return [*headers, *(pair for pair in _RAW if pair[0] not in there)]


class Straight:
    """Takes what is asked for most to its handler without a look at the other routes.

    Args:
        app: who answers everything else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/sparql" and scope["method"] in ("GET", "POST"):
            response = await sparql.sparql(Request(scope, receive, send))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class Envelope:
    """Headers that every answer has, and the answer to a browser's question before it asks (CORS preflight)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": [*_RAW, *_raw(_PREFLIGHT)]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                there = {name for name, _ in headers}
                message["headers"] = [*headers, *_RAW] if there.isdisjoint(_NAMES) else _filled(headers, there)
            await send(message)

        await self._app(scope, receive, sent)


class Packed:
    """Packs answers for who takes them so, but not what is packed already, nor streams of events."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packing = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith((".gz", "/mcp")):
            await self._plain(scope, receive, send)
        elif any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]):
            await self._packing(scope, receive, send)
        else:

            async def sent(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", ()), (b"vary", b"Accept-Encoding")]
                await send(message)

            await self._plain(scope, receive, sent)


def create_app(settings: Settings, log: IO[str] | None = None) -> FastAPI:
    """The application.

    Args:
        settings: where the graph is, and the bounds.
        log: where a line of JSON for each request goes; ``None`` for nowhere.
    """
    site = Site(settings)
    agents = _agents(site)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as held:
            await site.start()
            held.push_async_callback(site.close)
            if agents is not None:
                await held.enter_async_context(agents.session_manager.run())
            yield

    app = FastAPI(
        title="presence-kg", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.site = site
    app.state.meters = metrics.Meters(site)
    for module in (operation, metrics, sparql, change, catalogue, feeds, reconcile):
        app.router.routes.extend(module.routes)
    if agents is not None:
        app.router.routes.extend(_open_to_all(agents).routes)
    hooks.register(app)
    app.router.routes.extend(linked_data.routes)
    # The last one is the outermost.
    app.add_middleware(Straight)
    app.add_middleware(Packed)
    app.add_middleware(Envelope)
    app.add_middleware(metrics.Measured, meters=app.state.meters, log=log)
    return app


def _agents(site: Site) -> Any:
    """The server for agents, if the library for it is installed."""
    if importlib.util.find_spec("mcp") is None:
        return None
    from kg.serve.agents import server_of

    return server_of(site)


def _open_to_all(agents: Any) -> Any:
    """The server for agents over HTTP; stateless, and like everything here for pages of any origin to ask."""
    from mcp.server.transport_security import TransportSecuritySettings

    anyone = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return agents.streamable_http_app(
        streamable_http_path="/mcp", json_response=True, stateless_http=True, transport_security=anyone
    )
