"""The static site: all pages as files that any web host serves, or a browser opens from the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from kg import assets, iris
from kg.errors import KgError
from kg.export.view import View
from kg.model import KINDS, LANGUAGES
from kg.pages import ask, home, picture
from kg.pages.article import article_page
from kg.pages.counting import make
from kg.pages.entity import entity_page
from kg.pages.fact import fact_page
from kg.pages.frame import ENTITIES, FACTS, Frame, Links
from kg.pages.known import Known, Whole
from kg.pages.summary import Summary
from kg.queries import library

_FILES: Final = (
    "page.css", "site.css", "site.js", "figures.js", "network.js", "icon.svg", "world.svg", "LICENCES.txt",
)  # fmt: skip
_FIRST: Final = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=en/index.html">
<title>presence-kg</title>
<a href="en/index.html">presence-kg</a>
"""
Progress = Callable[[list[str]], Iterable[str]]


def write(folder: Path, graph: Any, progress: Progress = iter) -> int:
    """Write the pages of a graph in three languages; the same graph gives the same bytes.

    Every entity, every fact and every article has its page; searches, forms and downloads, which
    need a server, are left out.

    Args:
        folder: where to; files of earlier runs that have the same names are replaced.
        graph: the graph.
        progress: goes over the pages as they are made.

    Returns:
        How many pages were written.

    Raises:
        KgError: if the folder cannot be written.
    """
    known = Whole(graph)
    count = 0
    try:
        for name in _FILES:
            _put(folder / "assets" / name, (assets.FOLDER / name).read_bytes())
        _put(folder / "assets" / "vis-network.js", picture.library())
        _put(folder / "index.html", _FIRST.encode())
        summary = make(graph)
        for lang in LANGUAGES:
            for path, text in _general(known, lang, summary):
                _put(folder / lang / f"{path or 'index'}.html", text.encode())
                count += 1
        for path in progress(list(_things(known.all))):
            for lang in LANGUAGES:
                page = _thing(known, path, _frame(known, lang, path))
                if page is not None:
                    _put(folder / lang / f"{path}.html", page.encode())
                    count += 1
    except OSError as error:
        raise KgError(
            "cannot be written", where=str(error.filename or folder), remedy="choose another folder"
        ) from error
    return count


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _frame(known: Whole, lang: str, path: str) -> Frame:
    up = "/".join([".."] * (1 + path.count("/")))
    return Frame(lang, Links(up, ".html", server=False), known.graph.version, known.newest(known.all), path)


def _general(known: Whole, lang: str, summary: Summary) -> Iterator[tuple[str, str]]:
    """The pages that are not about one thing."""
    graph = known.graph

    def frame(path: str) -> Frame:
        return _frame(known, lang, path)

    yield "", home.home_page(graph, frame(""), summary.overview)
    yield "articles", home.articles_page(summary, frame("articles"), whole=True) or ""
    rows = picture.map_rows(graph, summary, frame("map"), alone=True)
    yield "map", picture.map_page(frame("map"), data=rows, world=True)
    part = Known(graph, summary)
    yield "timeline", picture.timeline_page(part, summary, frame("timeline"))
    yield "network", picture.network_page(part, summary, frame("network"))
    yield "questions", ask.questions_page(frame("questions"))
    for kind in ENTITIES:
        page = home.list_page(graph, kind, frame(f"list/{kind}"), whole=True)
        if page:
            yield f"list/{kind}", page
    for question in library().values():
        page = ask.question_page(graph, question.name, frame(f"questions/{question.name}"), {})
        if page:
            yield f"questions/{question.name}", page


def _things(view: View) -> Iterator[str]:
    """The paths of the things that have pages."""
    for iri, kind in view.kinds.items():
        local = iri.removeprefix(iris.ID_PREFIX)
        if iri.startswith(iris.ID_PREFIX) and (kind in KINDS or kind in ENTITIES):
            yield local
    for iri in view.articles:
        yield f"article/{iri.removeprefix(iris.ARTICLE_PREFIX)}"


def _thing(known: Whole, path: str, frame: Frame) -> str | None:
    kind, _, local = path.partition("/")
    if kind == "article":
        return article_page(known, iris.ARTICLE_PREFIX + local, frame)
    if kind in FACTS:
        return fact_page(known, iris.ID_PREFIX + path, frame)
    return entity_page(known, iris.ID_PREFIX + path, frame)
