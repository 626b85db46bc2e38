"""For who follows along: an Atom feed of the newest facts, the site map, a word to robots."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kg import iris
from kg.errors import KgError
from kg.export.view import View
from kg.serve import entity, newest
from kg.serve.negotiate import language
from kg.serve.newest import Report
from kg.serve.replies import etag, has, told
from kg.serve.site import Site, Snapshot, site_of
from kg.serve.sparql import headers_of

_ATOM: Final = "http://www.w3.org/2005/Atom"
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWEST: Final = 50
_A_FILE: Final = 50_000
"""Addresses that a file of a site map may hold (sitemaps.org)."""

_WAIT: Final = 20.0
"""Seconds that a request waits for the list of pages."""

_FEEDS: Final = 12
"""Feeds that are kept for a version: one for each language and address under which the server is known."""

_TITLES: Final = {"en": "Newest facts", "ru": "Новые факты", "kk": "Жаңа фактілер"}


async def atom(request: Request) -> Response:
    """The newest facts, each with the article that reports it and its quote (RFC 4287)."""
    site, lang = site_of(request), language(request)
    with site.using() as current:
        tag = etag(current.version, "atom", lang, str(request.base_url))
        headers = {**headers_of(site, current, tag), "Vary": "Accept-Language, Cookie"}
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        assert current.cache is not None
        # Who comes while it is made waits for it, and does not make it again.
        lock: asyncio.Lock = current.cache.setdefault("making the feed", asyncio.Lock())
        async with lock:
            try:
                if "newest" not in current.cache:
                    dates = await newest.dates(site, current)
                    current.cache["newest"] = await asyncio.to_thread(newest.newest, current, dates, _NEWEST)
            except KgError as error:
                return told(str(error), 503, {"Retry-After": "5"})
            made: OrderedDict[str, bytes] = current.cache.setdefault("feeds", OrderedDict())
            if tag not in made:
                base = str(request.base_url)
                made[tag] = await asyncio.to_thread(_feed, current, current.cache["newest"], lang, base)
                while len(made) > _FEEDS:
                    made.popitem(last=False)
            content = made[tag]
        return Response(content, media_type="application/atom+xml", headers=headers)


def _feed(current: Snapshot, reports: list[Report], lang: str, base: str) -> bytes:
    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        made = ElementTree.SubElement(parent, name, attributes)
        made.text = _legal(text) or None
        return made

    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": lang})
    add(feed, "title", _TITLES.get(lang, _TITLES["en"]))
    add(feed, "id", f"{iris.BASE}feed.atom")
    dates = [_instant(report.published) for report in reports]
    add(feed, "updated", max(dates, default="1970-01-01T00:00:00Z"))
    add(feed, "link", rel="self", href=f"{base}feed.atom")
    add(feed, "link", rel="alternate", href=base)
    for report, date in zip(reports, dates, strict=True):
        fact, article = report.fact, report.article
        entry = add(feed, "entry")
        add(entry, "title", name_of(current, fact, lang))
        add(entry, "id", f"{fact}#{article.rpartition('/')[2]}")
        add(entry, "updated", date)
        add(entry, "link", rel="alternate", href=base + fact.removeprefix(iris.BASE))
        add(entry, "link", rel="via", href=base + article.removeprefix(iris.BASE))
        add(add(entry, "author"), "name", report.outlet or "presence-kg")
        quote = add(entry, "summary", report.quote.value)
        if report.quote.language:
            quote.set("xml:lang", report.quote.language)
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def name_of(current: Snapshot, iri: str, lang: str) -> str:
    """What to call a fact or an entity: its label, else what it is about."""
    return View.of(entity.about(current.graph, iri)).label(iri, lang)


def _legal(text: str) -> str:
    """The text without characters that XML does not allow."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def _instant(date: str) -> str:
    """A date, as precise as the source, as the instant that the standard wants."""
    day = (date + "-01-01")[:10] if len(date) < 10 else date[:10]
    return f"{day}T00:00:00Z"


async def _pages(site: Site, current: Snapshot) -> int:
    """How many things have a page; their paths are in a file of the snapshot, made once by a process of its own.

    Raises:
        KgError: if it is not there yet, or cannot be made.
    """
    assert current.cache is not None
    task: asyncio.Task[int] | None = current.cache.get("pages")
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = current.cache["pages"] = asyncio.get_running_loop().create_task(_list(site, current))
    done, _ = await asyncio.wait({task}, timeout=_WAIT)
    if not done:
        raise KgError("the list of pages is being made", remedy="try again in a moment")
    return task.result()


async def _list(site: Site, current: Snapshot) -> int:
    with site.held(current):
        command = ("-P", "-m", "kg.serve.listing", str(current.folder), str(_listed(current)))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            str(site.pool.space),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()
    if process.returncode:
        raise KgError("the list of pages cannot be made", remedy="give TMPDIR more room, or see the server's messages")
    return int(told)


def _listed(current: Snapshot) -> Path:
    return current.folder / "pages.txt"


def _part(current: Snapshot, start: int) -> list[str]:
    """The paths of a part of the site map."""
    with _listed(current).open(encoding="utf-8") as file:
        return [line.rstrip("\n") for line in itertools.islice(file, start, start + _A_FILE)]


async def sitemap(request: Request) -> Response:
    """The site map; above 50,000 pages a list of its parts."""
    site = site_of(request)
    number = request.path_params.get("number")
    with site.using() as current:
        tag = etag(current.version, "sitemap", number, str(request.base_url))
        headers = headers_of(site, current, tag)
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        try:
            count = await _pages(site, current)
        except KgError as error:
            return told(str(error), 503, {"Retry-After": "10"})
        parts = range(0, count, _A_FILE)
        if number is None and len(parts) > 1:
            listed, kind, one = [f"sitemap-{n + 1}.xml" for n in range(len(parts))], "sitemapindex", "sitemap"
        elif number is None or 1 <= number <= len(parts):
            pages = await asyncio.to_thread(_part, current, 0 if number is None else parts[number - 1])
            listed, kind, one = [f"{page}.html" for page in pages], "urlset", "url"
        else:
            return told("the site map has no such part", 404)
    content = await asyncio.to_thread(_mapped, kind, one, f"{request.base_url}", listed)
    return Response(content, media_type="application/xml", headers=headers)


def _mapped(kind: str, one: str, base: str, listed: list[str]) -> bytes:
    lines = (f"<{one}><loc>{escape(base + path)}</loc></{one}>" for path in listed)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_SITEMAP}">{"".join(lines)}</{kind}>'.encode()


async def robots(request: Request) -> Response:
    """Pages may be read by robots; queries are not for them."""
    lines = ("User-agent: *", "Disallow: /sparql", "Disallow: /reconcile", f"Sitemap: {request.base_url}sitemap.xml")
    return PlainTextResponse("\n".join(lines) + "\n")


routes: Final = [
    Route("/feed.atom", atom),
    Route("/sitemap.xml", sitemap),
    Route("/sitemap-{number:int}.xml", sitemap),
    Route("/robots.txt", robots),
]
"""What this module answers."""
