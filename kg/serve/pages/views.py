"""The pages: home, things, lists, search, pictures, questions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg import iris
from kg.analysis import Analysis
from kg.pages import ask, home, measures, picture, search
from kg.pages import world as world_map
from kg.pages.article import article_page
from kg.pages.entity import entity_page, facts_page
from kg.pages.fact import fact_page
from kg.pages.frame import ENTITIES, FACTS, Frame, render
from kg.pages.known import Known
from kg.pages.sparql import sparql_page
from kg.pages.summary import Summary
from kg.serve.negotiate import language
from kg.serve.pages.common import frame_of, html, kept, missing, text_of
from kg.serve.pages.whole import index_for, summary_of, warm
from kg.serve.replies import told
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
    found = summary_of(site_of(request), current)
    if found is None:
        return home.home_page(current.graph, frame, None)
    warm(site_of(request), f"map {frame.lang} {frame.links.root}", lambda now: _map_rows(now, found, frame))
    counted = found.version if found.version != current.version else ""
    make = functools.partial(home.home_page, current.graph, frame, found.overview, counted)
    return kept(current, f"home {frame.lang} {frame.links.root} {found.version}", make)


@_page("articles", "page")
def articles(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The articles."""
    found = summary_of(site_of(request), current)
    return home.articles_page(found, frame, _number(request, "page")) if found else _counting(frame)


@_page("list/{kind}", "letter", "page")
def listed(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The entities of a kind by name, or facts of a kind."""
    kind = request.path_params["kind"]
    if kind in FACTS:
        found = summary_of(site_of(request), current)
        make = home.facts_page
        return make(current.graph, found, kind, frame, _number(request, "page")) if found else _counting(frame)
    return home.list_page(current.graph, kind, frame, text_of(request.query_params.get("letter")))


def _counting(frame: Frame) -> str:
    """The page that says that the graph is still being counted."""
    return render("missing.html", frame, title=frame.word("counting-title"), told=frame.word("counting"))


def _number(request: Request, name: str, otherwise: int = 1) -> int:
    """A number of an address; 0 if it is none, and there is nothing at such an address."""
    text = text_of(request.query_params.get(name))
    if not text:
        return otherwise
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


@_page("map")
def world(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The map."""
    return picture.map_page(frame)


@_page("timeline", "around")
def timeline(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The timeline."""
    around = text_of(request.query_params.get("around"))
    found = summary_of(site_of(request), current)
    make = functools.partial(picture.timeline_page, Known(current.graph, found), found, frame, around)
    key = f"timeline {frame.lang} {frame.links.root} {found.version if found else ''}"
    return make() if around else kept(current, key, make)


@_page("network", "around", "depth", "nodes")
def network(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The network."""
    around = text_of(request.query_params.get("around"))
    depth, size = _number(request, "depth"), _number(request, "nodes", picture.SIZES[0])
    if depth not in (1, 2, 3) or size not in picture.SIZES:
        return None
    found = summary_of(site_of(request), current)
    make = functools.partial(picture.network_page, Known(current.graph, found), found, frame, around, depth, size)
    key = f"network {size} {frame.lang} {frame.links.root} {found.version if found else ''}"
    return make() if around else kept(current, key, make)


@_page("analysis")
def analysis(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The measures."""
    whole = summary_of(site_of(request), current)
    if whole is None or whole.ties > measures.MOST:
        return measures.too_large(frame, whole.ties) if whole else _counting(frame)
    measured = kept(current, "analysis", lambda: Analysis.of(current.graph))
    key = f"analysis {frame.lang} {frame.links.root}"
    return kept(current, key, lambda: measures.analysis_page(current.graph, frame, measured))


@_page("questions")
def questions(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """The ready questions."""
    return ask.questions_page(frame)


@_page("search", "q")
def found(request: Request, current: Snapshot, frame: Frame) -> str | None:
    """What a search finds."""
    index = index_for(site_of(request), current)
    return search.search_page(current.graph, index, text_of(request.query_params.get("q")), frame)


def suggest(request: Request) -> Response:
    """What fits what was typed so far, as JSON."""
    lang = request.path_params["lang"]
    with site_of(request).using() as current:
        index = index_for(site_of(request), current)
        frame = frame_of(request, lang, "search", current)
        quotes = 0 if request.query_params.get("quotes") == "0" else 4
        text = text_of(request.query_params.get("q"))
        hits, said = search.search(current.graph, index, text, frame, 8, quotes) if index else ([], [])
    return JSONResponse(search.as_json([*hits, *said]), headers={"Cache-Control": "no-store"})


def map_rows(request: Request) -> Response:
    """What the map shows, as JSON."""
    lang = request.path_params["lang"]
    with site_of(request).using() as current:
        frame = frame_of(request, lang, "map", current)
        whole = summary_of(site_of(request), current)
        if whole is None:
            return JSONResponse({"told": frame.word("counting")}, headers={"Cache-Control": "no-store"})
        rows = _map_rows(current, whole, frame)
        return JSONResponse(rows, headers={"Cache-Control": "public, max-age=0, must-revalidate"})


def _map_rows(current: Snapshot, whole: Summary, frame: Frame) -> dict[str, Any]:
    key = f"map {frame.lang} {frame.links.root} {whole.version}"
    return kept(current, key, lambda: picture.map_rows(current.graph, whole, frame))


def map_part(request: Request) -> Response:
    """The numbers of a map that is counted by place, or the establishments of one of its places, as JSON."""
    lang, what = request.path_params["lang"], request.path_params["what"]
    with site_of(request).using() as current:
        frame = frame_of(request, lang, "map", current)
        whole = summary_of(site_of(request), current)
        if whole is None:
            return told(frame.word("counting"), 503)
        given = {name: text_of(request.query_params.get(name)) for name in world_map.FILTERS}
        named: list[str] = []
        if given["organization"]:
            index = index_for(site_of(request), current)
            text = given["organization"]
            named = search.organizations(current.graph, index, text, lang) if index else []
        try:
            answer: Any
            if what == "counts":
                answer = world_map.counts(current.graph, whole, given, named)
            else:
                place = text_of(request.query_params.get("place"))
                answer = world_map.listed(current.graph, whole, place, given, named, frame)
        except world_map.Unknown as error:
            return told(f"there is no {error}", 400)
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def thing(request: Request, lang: str, path: str) -> Response:
    """The page of an entity, a fact or an article."""
    kind, _, local = path.partition("/")
    as_of, facts = (text_of(request.query_params.get(name)) for name in ("as-of", "facts"))
    with site_of(request).using() as current:
        known = Known(current.graph, summary_of(site_of(request), current))
        page = request.query_params.get("page", "") if facts else ""
        frame = frame_of(request, lang, path, current, as_of=as_of, facts=facts, page=page)
        text: str | None = None
        if kind == "article":
            text = article_page(known, iris.article(local), frame)
        elif kind in FACTS:
            text = fact_page(known, iris.entity(path), frame)
        elif facts:
            text = facts_page(known, iris.entity(path), frame, facts, _number(request, "page"), as_of)
        elif kind in ENTITIES:
            text = entity_page(known, iris.entity(path), frame, as_of)
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
    "": first, "articles": articles, "list/{kind}": listed, "map": world, "map.json": map_rows,
    "map/{what:mapped}": map_part, "timeline": timeline, "network": network, "questions": questions, "search": found,
    "suggest": suggest, "sparql": editor, "analysis": analysis,
}  # fmt: skip
routes: Final = [
    Route("/", start),
    *(Route(f"/{{lang:language}}/{path}", handler) for path, handler in _HANDLERS.items()),
    Route("/{lang:language}/{kind:thing}/{local:path}", any_thing),
    Route("/{lang:language}/{rest:path}", nowhere),
]
"""What this module answers."""
