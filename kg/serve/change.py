"""Changing the graph over HTTP: SPARQL 1.1 Update and the Graph Store HTTP Protocol, for who has the token.

Both are off unless the server was given a token. One change at a time, each in a process of its own that opens the
store, makes it as one transaction and ends; while a build has the store, the answer is 503. What was changed is seen
by the next query.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import sys
from typing import Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import iris
from kg.errors import KgError
from kg.serve.describe import PREFIXES
from kg.serve.negotiate import accepted, media_type
from kg.serve.replies import Refused, told
from kg.serve.site import Site, site_of
from kg.serve.sparql import body, fields_of, headers_of
from kg.serve.worker import GRAPH_TYPES
from kg.serve.writer import Change
from kg.store import EmbeddedStore

MOST_DATA: Final = 64 * 1024**2
"""Bytes of a graph that is sent."""

_UPDATES: Final = {"update", "using-graph-uri", "using-named-graph-uri"}


def permitted(request: Request, site: Site) -> None:
    """Check that a request may change the graph.

    Raises:
        Refused: if nobody may, or it does not show the token (RFC 6750).
    """
    if not site.settings.token:
        raise Refused("this endpoint is read-only", 403)
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(shown.strip().encode(), site.settings.token.encode()):
        raise Refused("this needs the token of the endpoint", 401, {"WWW-Authenticate": "Bearer"})


async def update(request: Request, fields: dict[str, list[str]]) -> Response:
    """Make an update.

    Raises:
        Refused: if it is none, or may not be made.
    """
    site = site_of(request)
    permitted(request, site)
    updates = fields.get("update", [])
    if len(updates) != 1 or not updates[0].strip():
        raise Refused("the request needs exactly one update", 400)
    if {"default-graph-uri", "named-graph-uri"} & set(fields):
        raise Refused("an update takes using-graph-uri and using-named-graph-uri", 400)
    using, named = tuple(fields.get("using-graph-uri", ())), tuple(fields.get("using-named-graph-uri", ()))
    asked = Change("update", using=using, using_named=named)
    return await _made(site, asked, updates[0].encode(), updates[0])


async def graph_store(request: Request) -> Response:
    """Read, put, add to or drop a graph (SPARQL 1.1 Graph Store HTTP Protocol, section 5)."""
    site = site_of(request)
    try:
        permitted(request, site)
        iri = _named(request)
        if request.method in ("GET", "HEAD"):
            return await _read(request, site, iri)
        content = b"" if request.method == "DELETE" else await body(request, MOST_DATA)
        kind = request.headers.get("content-type", "text/turtle").split(";")[0].strip().lower()
        return await _made(site, Change(request.method.lower(), iri, kind), content)
    except Refused as refusal:
        return told(str(refusal), refusal.status, refusal.headers)


def _named(request: Request) -> str:
    """The graph that a request means; the default one is the merged graph, as in queries."""
    fields = fields_of(request.scope["query_string"])
    graphs = fields.get("graph", [])
    if "default" in fields and not graphs:
        return iris.GRAPH_MERGED
    if len(graphs) != 1 or "default" in fields:
        raise Refused("the request names one graph (?graph=IRI or ?default)", 400)
    try:
        return ox.NamedNode(graphs[0]).value
    except ValueError:
        raise Refused("the IRI of the graph is none", 400) from None


async def _read(request: Request, site: Site, iri: str) -> Response:
    kind = media_type(accepted(request), GRAPH_TYPES)
    if not kind:
        raise Refused(f"a graph is answered as {', '.join(GRAPH_TYPES)}", 406)
    with site.using() as current:
        store = current.graph.store
        assert isinstance(store, EmbeddedStore)
        node = ox.NamedNode(iri)
        if next(iter(store.match(None, None, None, node)), None) is None:
            raise Refused("there is no such graph", 404)
        form = getattr(ox.RdfFormat, GRAPH_TYPES[kind])
        used = PREFIXES if kind == "text/turtle" else None
        content = await asyncio.to_thread(store.engine.dump, format=form, from_graph=node, prefixes=used)
        return Response(content, media_type=kind, headers=headers_of(site, current))


async def _made(site: Site, asked: Change, content: bytes, text: str = "") -> Response:
    async with site.changing:
        status, message = await _run(site, asked, content)
        if status < 300:
            try:
                await site.reload()
            except KgError as error:
                return told(str(error), 503)
    if status < 300:
        return Response(status_code=status)
    if message.startswith("syntax: "):
        message = message.removeprefix("syntax: ")
        if text:
            from kg.queries.run import syntax_error

            message = str(syntax_error(text, message, "the update"))
    return told(message, status, {"Retry-After": "5"} if status == 503 else None)


async def _run(site: Site, asked: Change, content: bytes) -> tuple[int, str]:
    settings = site.settings
    space = 2 * settings.memory + 2 * 1024**3
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "kg.serve.writer", str(settings.store), str(space),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(settings.timeout):
            answer, _ = await process.communicate(asked.packed() + content)
        fields = json.loads(answer)
        return int(fields["status"]), str(fields["told"])
    except TimeoutError:
        return 503, f"the change takes longer than {settings.timeout:g} s, and nothing was changed"
    except ValueError:
        return 503, "the change ended its process, and nothing was changed"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


routes: Final = [Route("/graph-store", graph_store, methods=["GET", "PUT", "POST", "DELETE"])]
"""What this module answers."""
