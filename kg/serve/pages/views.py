"""The pages: home, things, lists, search, pictures, questions."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg import iris
from kg.analysis import Analysis
from kg.errors import KgError
from kg.pages import ask, home, picture, search
from kg.pages.article import article_page
from kg.pages.entity import entity_page
from kg.pages.fact import fact_page
from kg.pages.frame import ENTITIES, FACTS, Frame
from kg.pages.known import Known
from kg.pages.measures import analysis_page
from kg.pages.sparql import sparql_page
from kg.serve.negotiate import language
from kg.serve.pages.common import frame_of, html, kept, missing, text_of
from kg.serve.site import Snapshot, site_of

Make = Callable[[Request, Snapshot, Frame], str | None]


def start(request: Request) -> Response:
    """The top of the host leads to the first page in the reader's language."""
    root = str(request.scope.get("root_path", "")).rstrip("/")
    return RedirectResponse(f"{root}/{language(request)}/", 302, headers={"Vary": "Accept-Language, Cookie"})


def _page(path: str, *parameters: str) -> Callable[[Make], Callable[[Request], Response]]:
    """A handler from what makes the page at *path*; *parameters* of its address are part of it."""

    def made(make: Make) -> Callable[[Request], Response]:
        @functools.wraps(make)
        def handler(request: Request) -> Response:
            lang = request.path_params["lang"]
            with site_of(request).using() as current:
                given = {name.replace("-", "_"): text_of(request.query_params.get(name)) for name in parameters}
                frame = frame_of(request, lang, path.format(**request.path_params), current, **given)
                return html(request, current, make(request, current, frame), lang)

        return handler

    return made


@_page("")
def first(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The first page."""
    known = kept(current, "overview", lambda: home.overview(current.graph))
    # What the next page is likely to need is worked out meanwhile.
    threading.Thread(target=_warm, args=(current, frame), daemon=True).start()
    return kept(current, f"home {frame.lang} {frame.links.root}", lambda: home.home_page(current.graph, frame, known))


@_page("articles")
def articles(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The articles."""
    return kept(current, f"articles {frame.lang} {frame.links.root}", lambda: home.articles_page(current.graph, frame))


@_page("list/{kind}", "letter")
def listed(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The entities of a kind by name."""
    letter = text_of(request.query_params.get("letter"))
    return home.list_page(current.graph, request.path_params["kind"], frame, letter)


@_page("map")
def world(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The map."""
    return picture.map_page(frame)


@_page("timeline", "around")
def timeline(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The timeline."""
    around = text_of(request.query_params.get("around"))
    key = f"timeline {frame.lang} {frame.links.root}"
    make = functools.partial(picture.timeline_page, current.graph, frame, around)
    return make() if around else kept(current, key, make)


@_page("network", "around", "depth")
def network(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The network."""
    around, depth = (text_of(request.query_params.get(name)) for name in ("around", "depth"))
    key = f"network {frame.lang} {frame.links.root}"
    deep = int(depth) if depth in ("1", "2", "3") else 1
    make = functools.partial(picture.network_page, current.graph, frame, around, deep)
    return make() if around else kept(current, key, make)


@_page("analysis")
def analysis(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The measures."""
    measured = kept(current, "analysis", lambda: Analysis.of(current.graph))
    key = f"analysis {frame.lang} {frame.links.root}"
    return kept(current, key, lambda: analysis_page(current.graph, frame, measured))


@_page("questions")
def questions(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The ready questions."""
    return ask.questions_page(frame)


@_page("search", "q")
def found(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """What a search finds."""
    known = kept(current, "names", lambda: search.index(current.graph))
    return search.search_page(known, text_of(request.query_params.get("q")), frame)


def _warm(current: Snapshot, frame: Frame) -> None:
    with contextlib.suppress(KgError, OSError):
        kept(current, "names", lambda: search.index(current.graph))
        kept(current, f"map {frame.lang} {frame.links.root}", lambda: picture.map_rows(current.graph, frame))


def suggest(request: Request) -> Response:
    """What fits what was typed so far, as JSON."""
    lang = request.path_params["lang"]
    with site_of(request).using() as current:
        known = kept(current, "names", lambda: search.index(current.graph))
        frame = frame_of(request, lang, "search", current)
        quotes = 0 if request.query_params.get("quotes") == "0" else 4
        hits, said = search.search(known, text_of(request.query_params.get("q")), frame, 8, quotes)
    return JSONResponse(search.as_json([*hits, *said]), headers={"Cache-Control": "no-store"})


def map_rows(request: Request) -> Response:
    """What the map shows, as JSON."""
    lang = request.path_params["lang"]
    with site_of(request).using() as current:
        frame = frame_of(request, lang, "map", current)
        rows = kept(current, f"map {lang} {frame.links.root}", lambda: picture.map_rows(current.graph, frame))
        return JSONResponse(rows, headers={"Cache-Control": "public, max-age=0, must-revalidate"})


def thing(request: Request, lang: str, path: str) -> Response:
    """The page of an entity, a fact or an article."""
    kind, _, local = path.partition("/")
    as_of = text_of(request.query_params.get("as-of"))
    with site_of(request).using() as current:
        frame = frame_of(request, lang, path, current, as_of=as_of)
        text: str | None = None
        if kind == "article":
            text = article_page(Known(current.graph), iris.article(local), frame)
        elif kind in FACTS:
            text = fact_page(Known(current.graph), iris.entity(path), frame)
        elif kind in ENTITIES:
            text = entity_page(Known(current.graph), iris.entity(path), frame, as_of)
        return html(request, current, text, lang)


def any_thing(request: Request) -> Response:
    """The page of the thing that the address names."""
    lang = request.path_params["lang"]
    path = f"{request.path_params['kind']}/{request.path_params['local']}"
    return thing(request, lang, path)


def sparql(request: Request, lang: str) -> Response:
    """The page to write queries on."""
    with site_of(request).using() as current:
        frame = frame_of(request, lang, "sparql", current)
        return html(request, current, sparql_page(frame), lang)


def nowhere(request: Request) -> Response:
    """An address in a language that is no page."""
    with site_of(request).using() as current:
        return missing(request, current, request.path_params["lang"])


def editor(request: Request) -> Response:
    """The page to write queries on, at its own address."""
    lang = request.path_params["lang"]
    return sparql(request, lang)


_HANDLERS: Final[dict[str, Any]] = {
    "": first, "articles": articles, "list/{kind}": listed, "map": world, "map.json": map_rows, "timeline": timeline,
    "network": network, "questions": questions, "search": found, "suggest": suggest, "sparql": editor,
    "analysis": analysis,
}  # fmt: skip
routes: Final = [
    Route("/", start),
    *(Route(f"/{{lang:language}}/{path}", handler) for path, handler in _HANDLERS.items()),
    Route("/{lang:language}/{kind:thing}/{local:path}", any_thing),
    Route("/{lang:language}/{rest:path}", nowhere),
]
"""What this module answers."""
