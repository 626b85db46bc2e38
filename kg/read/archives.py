"""Files that hold many articles: compressed ones, web archives (WARC), feeds (RSS, Atom)."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, cast

from kg.errors import KgError
from kg.model import Article
from kg.read import html
from kg.read.article import Report, make
from kg.read.formats import SUFFIXES, page, read_stream

COMPRESSED: Final = (".gz", ".zst", ".bz2", ".xz")
"""Name endings of compressed files; the ending before them says what is inside."""

WARC: Final = ".warc"
FEEDS: Final = (".rss", ".atom", ".xml")

_MAX_PAGE: Final = 16_000_000


def is_article_file(path: Path) -> bool:
    """Whether a file holds articles, by its name."""
    return _inner(path) in {*SUFFIXES, WARC, *FEEDS}


class Meter:
    """How far reading has come.

    Attributes:
        total: bytes of all files, 0 if unknown.
        done: bytes read so far.
    """

    def __init__(self) -> None:
        self.total = 0
        self.done = 0


class _Metered(io.FileIO):
    """A file that tells a meter what is read of it."""

    def __init__(self, path: Path, meter: Meter) -> None:
        super().__init__(path)
        self._meter = meter

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        self._meter.done += count or 0
        return count

    def readall(self) -> bytes:
        data = super().readall()
        self._meter.done += len(data)
        return data


def read_file(path: Path, on_problem: Report, meter: Meter | None = None) -> Iterator[Article]:
    """The articles of one file, whatever its format.

    Args:
        path: the file.
        on_problem: told of everything that is left out.
        meter: told how much has been read.

    Raises:
        KgError: if nothing of the file can be read, or what reads it is not installed.
        OSError: if it cannot be opened.
    """
    inner, where = _inner(path), str(path)
    with io.BufferedReader(_Metered(path, meter or Meter()), 1 << 16) as stream:
        if inner == WARC:
            yield from read_warc(stream, where, on_problem)
            return
        opened = _opened(stream, path.suffix.lower(), where)
        try:
            if inner in FEEDS:
                yield from read_feed(opened.read(_MAX_PAGE + 1), where, on_problem)
            else:
                yield from read_stream(opened, SUFFIXES.get(inner, ""), where, on_problem)
        except _damage() as error:
            raise KgError(
                f"the compressed file is damaged: {error}", where=where, remedy="what came before the damage was read"
            ) from error


def _inner(path: Path) -> str:
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes = suffixes[:-1]
    return suffixes[-1] if suffixes else ""


def _opened(stream: IO[bytes], suffix: str, where: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    if suffix == ".bz2":
        return cast(IO[bytes], bz2.BZ2File(stream))
    if suffix == ".xz":
        return cast(IO[bytes], lzma.LZMAFile(stream))
    if suffix == ".zst":
        zstandard = needed("zstandard", where, "a Zstandard file")
        return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True))
    return stream


def _damage() -> tuple[type[Exception], ...]:
    """What the unpackers raise on a damaged file."""
    zstandard = sys.modules.get("zstandard")
    return (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, *((zstandard.ZstdError,) if zstandard else ()))


def needed(module: str, where: str, what: str) -> Any:
    """A module of the extra ``sources``.

    Raises:
        KgError: if it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise KgError(
            f"{what} needs the package {module}", where=where, remedy='pip install "presence-kg[sources]"'
        ) from None


def read_warc(stream: IO[bytes], where: str, on_problem: Report) -> Iterator[Article]:
    """The web pages of a WARC file (ISO 28500), compressed or not: responses with status 200 that are HTML.

    The address of a page is the one that was asked for. The time of the crawl is no date of publication: only what the
    page itself says counts.

    Args:
        stream: the open file.
        where: its name, for messages.
        on_problem: told of every page that cannot be read.

    Raises:
        KgError: if the file is no WARC file.
    """
    iterator = needed("warcio.archiveiterator", where, "a web archive")
    errors = needed("warcio.exceptions", where, "a web archive")
    number = 0
    try:
        for record in iterator.ArchiveIterator(stream):
            number += 1
            if record.rec_type != "response" or record.http_headers is None:
                continue
            kind = (record.http_headers.get_header("Content-Type") or "").lower()
            if record.http_headers.get_statuscode() != "200" or "html" not in kind:
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            at = f"{where}, record {number} ({url})"
            try:
                data = record.content_stream().read(_MAX_PAGE + 1)
                yield read_page(data, url, at, on_problem, content_type=kind)
            except KgError as error:
                on_problem(error.problem())
    except (errors.ArchiveLoadFailed, EOFError, OSError) as error:
        raise KgError(
            f"not a WARC file, or a damaged one, after {number} records: {error}".rstrip(": "),
            where=where,
            remedy="what came before was read; check the file",
        ) from error
    if not number:
        raise KgError("the archive holds no records", where=where, remedy="check the file")


def read_page(data: bytes, url: str, where: str, on_problem: Report, *, content_type: str = "") -> Article:
    """The article of one web page that came from an address.

    Args:
        data: the page as it came.
        url: the address; it gives the article its id unless the page names a canonical one.
        where: the page, for messages.
        on_problem: told what was guessed or left out.
        content_type: the header of that name; its ``charset`` counts more than what the page says of itself.

    Raises:
        KgError: if the page is too long or has no text.
    """
    if len(data) > _MAX_PAGE:
        raise KgError(f"the page is longer than {_MAX_PAGE:,} bytes", where=where, remedy="it is left out")
    charset = html.declared_encoding(content_type.encode("ascii", "ignore"))
    text = None
    if charset:
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            text = None  # servers are often wrong about their pages
    found = html.fields(text if text is not None else page(data, where, on_problem), where)
    return make({**found, "url": url or found["url"]}, where, on_problem)


def read_feed(data: bytes, where: str, on_problem: Report) -> Iterator[Article]:
    """The entries of an RSS or Atom feed, each with the text that the feed itself holds.

    Args:
        data: the feed.
        where: the file, for messages.
        on_problem: told of every entry that cannot be read.

    Raises:
        KgError: if it is no feed.
    """
    for number, entry in enumerate(entries(data, where), 1):
        at = f"{where}, entry {number}"
        try:
            yield make(entry, at, on_problem)
        except KgError as error:
            on_problem(error.problem())


def entries(data: bytes, where: str) -> list[dict[str, Any]]:
    """The entries of a feed as fields of articles: ``title``, ``text``, ``url``, ``published``, ``outlet``.

    Raises:
        KgError: if it is no feed.
    """
    if len(data) > _MAX_PAGE:
        raise KgError(f"the feed is longer than {_MAX_PAGE:,} bytes", where=where, remedy="split it")
    feedparser = needed("feedparser", where, "a feed")
    feed = feedparser.parse(io.BytesIO(data))
    if not feed.version and not feed.entries:
        raise KgError("neither a feed (RSS, Atom) nor a site map", where=where, remedy="give the address of one")
    return [_entry(entry, str(feed.feed.get("title") or "")) for entry in feed.entries]


def _entry(entry: Any, outlet: str) -> dict[str, Any]:
    contents = [c.get("value", "") for c in entry.get("content", [])] or [entry.get("summary", "")]
    markup = max(contents, key=len)
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return {
        "title": html.plain(entry.get("title", "")),
        "text": html.plain(markup),
        "url": entry.get("link", ""),
        "published": datetime(*moment[:3]).date().isoformat() if moment else None,
        "outlet": outlet,
    }
