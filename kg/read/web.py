"""Addresses as sources: a page, a feed, a site map, or a file of articles."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urljoin

from kg.errors import KgError, Problem
from kg.model import Article
from kg.read.archives import entries, read_page
from kg.read.article import Report, make
from kg.read.fetch import Fetcher, Page
from kg.read.formats import read_stream
from kg.read.manners import Manners

_ROOT: Final = re.compile(rb"<(?!\?|!)(?:[A-Za-z_][\w.-]*:)?([A-Za-z]+)")
_FEED_ROOTS: Final = frozenset({b"rss", b"feed", b"rdf"})
_DEEPEST: Final = 3
_UNPACKED: Final = 50_000_000
_JSON_TYPES: Final = ("application/json", "application/jsonl", "application/x-ndjson", "application/ld+json")


def read_addresses(urls: Sequence[str], manners: Manners, on_problem: Report) -> Iterator[Article]:
    """The articles at addresses.

    What an address leads to is told by its content: a page is an article; a feed (RSS, Atom) and a site map lead to
    pages, at most ``manners.max_pages`` of each; JSON, JSON lines and plain text are read as files are.

    Args:
        urls: the addresses, asked one after the other.
        manners: the limits.
        on_problem: told of every page that cannot be had.

    Raises:
        KgError: if what fetches pages is not installed.
    """
    with Fetcher(manners) as fetcher:
        for url in urls:
            try:
                yield from _address(fetcher, url, on_problem)
            except KgError as error:
                on_problem(error.problem())


def _address(fetcher: Fetcher, url: str, on_problem: Report) -> Iterator[Article]:
    page = fetcher.get(url)
    match _kind(page):
        case "map":
            found = _pages_of_map(fetcher, page, on_problem)
            yield from _follow(fetcher, ({"url": u} for u in found), url, on_problem)
        case "feed":
            items = [{**entry, "url": urljoin(page.url, entry["url"])} for entry in entries(page.data, url)]
            yield from _follow(fetcher, iter(items), url, on_problem)
        case "html":
            yield read_page(page.data, page.url, url, on_problem, content_type=page.content_type)
        case form:
            yield from read_stream(io.BytesIO(page.data), form, url, on_problem)


def _kind(page: Page) -> str:
    """``map``, ``feed``, ``html``, or a format of :mod:`kg.read.formats`; by the content first."""
    data, media = page.data, page.content_type.partition(";")[0].strip().lower()
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(page)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    root = _ROOT.search(head) if head.startswith(b"<") else None
    if root is not None:
        name = root[1].lower()
        return "map" if name in (b"urlset", b"sitemapindex") else "feed" if name in _FEED_ROOTS else "html"
    if media == "text/plain":
        return "text"
    return "" if media in _JSON_TYPES or head.startswith((b"{", b"[")) else "html"


def _unpacked(page: Page) -> bytes:
    """The bytes of a page that is itself a gzip file, as site maps often are."""
    if not page.data.startswith(b"\x1f\x8b"):
        return page.data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(page.data)) as stream:
            data = stream.read(_UNPACKED + 1)
    except (OSError, EOFError) as error:
        raise KgError(f"the compressed page is damaged: {error}", where=page.url, remedy="try again later") from error
    if len(data) > _UNPACKED:
        raise KgError(f"unpacked, the page is longer than {_UNPACKED:,} bytes", where=page.url, remedy="split it")
    return data


def _pages_of_map(fetcher: Fetcher, page: Page, on_problem: Report, depth: int = 0) -> Iterator[str]:
    """The addresses of pages that a site map lists, through the maps that it lists (sitemaps.org 0.9)."""
    from lxml import etree

    root = None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(_unpacked(page), parser)
    except etree.XMLSyntaxError as error:
        raise KgError(f"the site map is damaged: {error}", where=page.url, remedy="tell the publisher") from error
    if root is None:
        raise KgError("the site map is empty", where=page.url, remedy="tell the publisher")
    index = etree.QName(root).localname == "sitemapindex"
    for place in root.iterfind("{*}*/{*}loc"):
        url = urljoin(page.url, (place.text or "").strip())
        if not index:
            yield url
        elif depth < _DEEPEST:
            try:
                yield from _pages_of_map(fetcher, fetcher.get(url), on_problem, depth + 1)
            except KgError as error:
                on_problem(error.problem())


def _follow(fetcher: Fetcher, items: Iterator[dict[str, Any]], source: str, on_problem: Report) -> Iterator[Article]:
    """The articles of the pages that a feed or a site map names; what the feed says fills what the page leaves out."""
    most = fetcher.manners.max_pages
    seen: set[str] = set()
    for item in items:
        url = item["url"]
        if url in seen:
            continue
        if len(seen) == most:
            told = f"more than {most} pages: the rest is left out"
            on_problem(Problem(told, source, "--max-pages takes more", "warning"))
            return
        seen.add(url)
        try:
            page = fetcher.get(url)
            article = read_page(page.data, page.url, url, on_problem, content_type=page.content_type)
        except KgError as error:
            if not str(item.get("text", "")).strip():
                on_problem(error.problem())
                continue
            told = f"{error.message}: only what the feed itself says is read"
            on_problem(Problem(told, url, error.remedy, "warning"))
            yield make(item, url, on_problem)
            continue
        if article.published is None and item.get("published"):
            fields = {name: getattr(article, name) for name in ("id", "lang", "title", "text", "url", "outlet")}
            article = make({**fields, "published": item["published"]}, url, on_problem)
        yield article
