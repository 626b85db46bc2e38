"""The pages of ready questions and the downloads of their answers; what is asked runs in the query processes."""

from __future__ import annotations

import asyncio
import io
import json
import re
from typing import Any, Final

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kg import iris
from kg.errors import KgError, UsageError
from kg.pages.ask import body, prepared, question_page
from kg.pages.frame import Frame
from kg.pages.picture import MOST, VIEWS, named_view
from kg.queries import Answer, library
from kg.queries.run import PROLOGUE
from kg.serve.frames import Job
from kg.serve.pages.common import frame_of, html, missing, text_of
from kg.serve.replies import told
from kg.serve.site import Site, Snapshot, TooMany, address_of, site_of
from kg.serve.sparql import body as sent

_JSON: Final = "application/sparql-results+json"
_SOON: Final = 0.15
"""Seconds that the page of a question waits for the answer, before it is sent without."""
_KEPT: Final = 10.0


async def asked(request: Request, current: Snapshot, text: str) -> bytes:
    """The answer to a query, from a query process, as SPARQL results in JSON.

    Raises:
        KgError: if it takes too long, or the address asks too much at once.
    """
    site: Site = site_of(request)
    settings = site.settings
    job = Job(str(current.folder), f"{PROLOGUE}\n{text}", _JSON, rows=settings.rows, size=settings.size)
    try:
        with site.admitted(address_of(request)):
            answer = await site.pool.ask(job)
            content = answer.content
            if answer.rest is not None:
                content += b"".join([piece async for piece in answer.rest])
    except TooMany:
        raise KgError("too many questions at once", remedy="try again in a moment") from None
    if answer.status != 200:
        raise KgError(content.decode().strip())
    return content


def _solutions(content: bytes) -> Any:
    """An answer as solutions, which must be read in the thread that makes them."""
    return ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)


def _given(request: Request) -> dict[str, str]:
    return {name: text_of(value) for name, value in request.query_params.items()}


async def question(request: Request) -> Response:
    """A ready question with its answer."""
    lang, name = request.path_params["lang"], request.path_params["name"]
    given = _given(request)
    with site_of(request).using() as current:
        known = library().get(name)
        if known is None or known.service:
            return missing(request, current, lang)
        names = {p.name for p in known.parameters}
        kept = {key: value for key, value in given.items() if key in names and value}
        frame = frame_of(request, lang, f"questions/{name}", current, **kept)
        problem, answer = "", b""
        try:
            text = await run_in_threadpool(prepared, current.graph, known, given, lang)
            work = _at_work(request, current, text)
            # Who waits for the answer has asked for it; the others get the page at once, and the answer when it comes.
            patience = None if request.query_params.get("wait") else _SOON
            answer = await asyncio.wait_for(asyncio.shield(work), patience)
        except TimeoutError:
            page = await run_in_threadpool(lambda: question_page(current.graph, name, frame, given, waiting=True))
            return HTMLResponse(page, headers={"Cache-Control": "no-store", "Content-Language": lang})
        except KgError as error:
            problem = str(error)
        page = await run_in_threadpool(_page, current, name, frame, given, answer, problem)
        return html(request, current, page, lang)


def _at_work(request: Request, current: Snapshot, text: str) -> asyncio.Task[bytes]:
    """The answer to a question, which may be on its way already for a page that did not wait for it."""
    assert current.cache is not None
    tasks: dict[str, asyncio.Task[bytes]] = current.cache.setdefault("answers at work", {})
    if text not in tasks:
        tasks[text] = asyncio.get_running_loop().create_task(asked(request, current, text))
        tasks[text].add_done_callback(lambda task: _later(tasks, text, task))
    return tasks[text]


def _later(tasks: dict[str, asyncio.Task[bytes]], text: str, task: asyncio.Task[bytes]) -> None:
    """Keep what was answered for as long as it takes a page to come for it, and no error for ever."""
    if not task.cancelled():
        task.exception()  # seen by whoever waits for it, or by nobody
    asyncio.get_running_loop().call_later(_KEPT, tasks.pop, text, None)


def _page(current: Snapshot, name: str, frame: Frame, given: dict[str, str], answer: bytes, problem: str) -> str | None:
    def said(text: str) -> Any:
        if not answer:
            raise UsageError(problem)
        return _solutions(answer)

    return question_page(current.graph, name, frame, given, said)


def text(request: Request) -> Response:
    """The SPARQL of a ready question with what was given."""
    lang, name = request.path_params["lang"], request.path_params["name"]
    with site_of(request).using() as current:
        known = library().get(name)
        if known is None:
            return missing(request, current, lang)
        try:
            query = body(prepared(current.graph, known, _given(request), lang))
        except KgError as error:
            return told(str(error), 400)
    return Response(query, media_type="application/sparql-query", headers={"Cache-Control": "no-store"})


async def view(request: Request) -> Response:
    """Things named by an answer as a map, a timeline or a network, for the page that shows it."""
    lang, form = request.path_params["lang"], request.path_params["form"]
    content = await sent(request, _SENT)
    try:
        named = json.loads(content)
    except ValueError:
        named = None
    if not isinstance(named, list) or not all(isinstance(iri, str) for iri in named) or form not in VIEWS:
        return told("send a list of addresses", 400)
    wanted = [iri for iri in named[:MOST] if _OURS.fullmatch(iri)]
    with site_of(request).using() as current:
        frame = frame_of(request, lang, "sparql", current)
        try:
            found = await run_in_threadpool(named_view, current.graph, wanted, form, frame)
        except KgError as error:
            return told(str(error), 400)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


async def download(request: Request) -> Response:
    """The answer to a ready question as a file."""
    lang, name, form = (request.path_params[key] for key in ("lang", "name", "form"))
    with site_of(request).using() as current:
        known = library().get(name)
        if known is None or known.service or form not in _FILES:
            return missing(request, current, lang)
        try:
            text = await run_in_threadpool(prepared, current.graph, known, _given(request), lang)
            found = await asked(request, current, text)
        except KgError as error:
            return missing(request, current, lang, str(error), 400)
        content = await run_in_threadpool(lambda: _FILES[form][1](Answer.of(_solutions(found))))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_FILES[form][0], headers=headers)


def _xlsx(answer: Answer) -> bytes:
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((answer.columns, *answer.rows)):
            for place, value in enumerate(row):
                if isinstance(value, bool | str):
                    sheet.write_string(number, place, str(value)[:32_767])
                elif value is not None:
                    sheet.write_number(number, place, value)
    return out.getvalue()


def _json(answer: Answer) -> bytes:
    return json.dumps(answer.to_dicts(), ensure_ascii=False, indent=1).encode()


_FILES: Final[dict[str, tuple[str, Any]]] = {
    "csv": ("text/csv; charset=utf-8", Answer.to_csv),
    "json": ("application/json", _json),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "parquet": ("application/vnd.apache.parquet", Answer.to_parquet),
}

_OURS: Final = re.compile(re.escape(iris.ID_PREFIX) + r"[^\s<>\"{}|^`\\]+")
_SENT: Final = 500_000

routes: Final = [
    Route("/{lang:language}/questions/{name}.rq", text),
    Route("/{lang:language}/view/{form}", view, methods=["POST"]),
    Route("/{lang:language}/questions/{name}", question),
    Route("/{lang:language}/answer/{name}.{form}", download),
]
"""What this module answers."""
