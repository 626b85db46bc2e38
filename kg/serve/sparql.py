"""The SPARQL 1.1 Protocol at ``/sparql``: queries; updates go on to :mod:`kg.serve.change`.

GET with ``query``, POST of a form, POST of the query itself; ``default-graph-uri`` and ``named-graph-uri``; GET without
a query gives the service description.
"""

from __future__ import annotations

import contextlib
import re
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import UsageError
from kg.serve import describe, hooks
from kg.serve.frames import Job
from kg.serve.negotiate import accepted, media_type
from kg.serve.processes import Answer, Busy, Stopped
from kg.serve.replies import Gone, Refused, Streamed, attended, etag, has, told
from kg.serve.site import Site, Snapshot, TooMany, address_of, site_of
from kg.serve.worker import GRAPH_TYPES, RESULT_TYPES

MAX_BODY: Final = 1_000_000
"""The longest request body, in bytes: a query is text, not data."""

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_UNSTEADY: Final = ("RAND", "NOW", "UUID", "BNODE")
"""Functions whose answers are other each time; what only has such a word in it is asked again, too."""

_COMMON: Final = tuple((f"%{ord(letter):02X}".encode(), letter.encode()) for letter in " \n{}<>()\"'?:#,^@|*/.")
"""Escapes that queries are full of, and what they stand for, which nothing in the syntax of fields is made of.

To replace them one by one in the whole text is quicker than the library's way, which takes it apart at each.
"""

_RETRY: Final = {"Retry-After": "2"}


async def sparql(request: Request) -> Response:
    """Answer a request of the protocol."""
    site = site_of(request)
    try:
        fields = await read(request)
        if "update" in fields:
            if "query" in fields:
                raise Refused("a request is either a query or an update", 400)
            from kg.serve import change

            return await change.update(request, fields)
        if not fields.get("query") and request.method != "POST":
            return await _described(request, site)
        return await _query(request, site, fields)
    except Refused as refusal:
        return told(str(refusal), refusal.status, refusal.headers)
    except TooMany:
        limit = site.settings.per_address
        return told(f"an address may ask {limit} things at once: wait for an answer", 429, _RETRY)
    except UsageError as error:
        return told(str(error), 400)
    except Busy as error:
        return told(str(error), 503, _RETRY)
    except Stopped as error:
        return told(str(error), 503)
    except Gone:
        return Response(status_code=499)


async def _query(request: Request, site: Site, fields: dict[str, list[str]]) -> Response:
    queries = fields.get("query", [])
    if len(queries) != 1 or not queries[0].strip():
        raise Refused("the request needs exactly one query (GET /sparql?query=SELECT…)", 400)
    accept = accepted(request)
    with contextlib.ExitStack() as held:
        current = held.enter_context(site.using())
        job = Job(
            str(current.folder),
            queries[0],
            media_type(accept, RESULT_TYPES),
            media_type(accept, GRAPH_TYPES),
            tuple(fields.get("default-graph-uri", ())),
            tuple(fields.get("named-graph-uri", ())),
            site.settings.rows,
            site.settings.size,
            request.method == "HEAD",
        )
        tag = "" if _unsteady(job.query) else _tag(current, job)
        headers = headers_of(site, current, tag)
        if tag and has(request, tag):
            return Response(status_code=304, headers=headers)
        kept = site.answers.get(tag) if tag else None
        if kept is not None:
            status, kind, content, truncated = kept
            return _reply(Answer(status, kind, content, truncated=truncated), headers)
        held.enter_context(site.admitted(address_of(request)))
        answer = await attended(request, site.pool.ask(job))
        if answer.syntax:
            return told(_mistake(job.query, answer.content.decode()), 400)
        if answer.rest is not None:
            return Streamed(answer, held.pop_all(), headers)
        if answer.status != 200:
            return told(answer.content.decode(), answer.status, {"Vary": "Accept"})
        if tag:
            site.answers.put(tag, answer.status, answer.media_type, answer.content, answer.truncated)
        return _reply(answer, headers)


def _unsteady(query: str) -> bool:
    # Many times quicker than a pattern that ignores case.
    text = query.upper()
    return any(word in text for word in _UNSTEADY)


def _tag(current: Snapshot, job: Job) -> str:
    return etag(
        current.version,
        job.query,
        job.result_type,
        job.graph_type,
        job.default_graphs,
        job.named_graphs,
        job.rows,
        job.size,
    )


def headers_of(site: Site, current: Snapshot, tag: str = "") -> dict[str, str]:
    """The headers of an answer from a snapshot: what it may be kept by, what bounds it had."""
    headers = {
        "Vary": "Accept",
        "X-SPARQL-MaxRows": str(site.settings.rows),
        "X-Graph-Version": current.version,
        "Last-Modified": current.last_modified,
        "Cache-Control": "public, max-age=0, must-revalidate" if tag else "no-store",
    }
    if tag:
        headers["ETag"] = tag
    return headers


def _reply(answer: Answer, headers: dict[str, str]) -> Response:
    if answer.truncated:
        headers = {**headers, "X-Truncated": answer.truncated}
    return Response(answer.content, answer.status, media_type=answer.media_type, headers=headers)


def _mistake(query: str, message: str) -> str:
    from kg.queries.run import syntax_error

    return str(syntax_error(query, message, "the query"))


async def _described(request: Request, site: Site) -> Response:
    accept = accepted(request)
    kind = media_type(accept, [*GRAPH_TYPES, "text/html"])
    if kind == "text/html" and (page := await hooks.query_page(request)) is not None:
        return page
    kind = media_type(accept, GRAPH_TYPES) or "text/turtle"
    with site.using() as current:
        tag = etag(current.version, "service", kind, str(request.base_url))
        headers = headers_of(site, current, tag)
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(describe.service(request, current, kind), media_type=kind, headers=headers)


async def read(request: Request) -> dict[str, list[str]]:
    """The fields of a request (SPARQL 1.1 Protocol, sections 2.1 and 2.2), wherever they stand in it.

    Raises:
        Refused: if they are not UTF-8, too long, or sent in another way than the protocol has it.
    """
    fields = fields_of(request.scope["query_string"])
    if request.method != "POST":
        if "update" in fields:
            raise Refused("an update is sent by POST", 400)
        return fields
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in (_FORM, _QUERY, _UPDATE):
        raise Refused(f"POST takes {_FORM}, {_QUERY} or {_UPDATE}", 415)
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Refused("the body must be UTF-8", 415)
    content = await body(request, MAX_BODY)
    if kind == _FORM:
        if "query" in fields or "update" in fields:
            raise Refused("with a form, the query stands in the body alone", 400)
        for name, values in fields_of(content).items():
            fields.setdefault(name, []).extend(values)
        return fields
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Refused("the body is not UTF-8", 400) from None
    name = "query" if kind == _QUERY else "update"
    fields.setdefault(name, []).append(text)
    return fields


def fields_of(text: bytes) -> dict[str, list[str]]:
    """The fields of a query string or a form.

    Raises:
        Refused: if they are not UTF-8 or too many.
    """
    for escape, letter in _COMMON:
        text = text.replace(escape, letter)
    try:
        if text.startswith(b"query=") and b"&" not in text and b"%" not in text:
            # The only field, and nothing left to do in it.
            return {"query": [text[6:].replace(b"+", b" ").decode()]}
        return parse_qs(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Refused("the request is not UTF-8", 400) from None
    except ValueError:
        raise Refused("the request has too many fields", 400) from None


async def body(request: Request, longest: int) -> bytes:
    """The body of a request.

    Raises:
        Refused: if it is longer than *longest* bytes.
    """
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > longest:
            raise Refused(f"the body is longer than {longest:,} bytes", 413)
    return bytes(content)


routes: Final = [Route("/sparql", sparql, methods=["GET", "POST"])]
"""What this module answers."""
