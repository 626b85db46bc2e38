"""Fetching pages politely: robots.txt, a pause between requests, conditional requests, limits, no private addresses."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import sqlite3
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from kg.errors import KgError
from kg.read.archives import needed
from kg.read.manners import AGENT, Manners

if TYPE_CHECKING:
    import httpx

_REDIRECTS: Final = 5
_LONGEST_PAUSE: Final = 60.0
_RETRIED: Final = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: the address that was asked in the end, the header ``Content-Type``, the bytes."""

    url: str
    content_type: str
    data: bytes


class Fetcher:
    """Fetches one page at a time.

    Args:
        manners: the limits.

    Raises:
        KgError: if what fetches pages is not installed, or the cache cannot be opened.
    """

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self._httpx = needed("httpx", "the web", "an address")
        self._protego = needed("protego", "the web", "an address")
        self._robots: dict[str, Any] = {}
        self._last: dict[str, float] = {}
        self._cache = _Cache(manners.cache)
        self._client: httpx.Client = self._httpx.Client(
            transport=_transport(self._httpx, manners),
            headers={"User-Agent": f"{AGENT}/0.1", "Accept-Encoding": "gzip, deflate"},
            timeout=manners.timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        self._cache.close()

    def get(self, url: str) -> Page:
        """The page at an address; asked again only for what has changed since it was last seen.

        Args:
            url: the address, ``http`` or ``https``.

        Raises:
            KgError: if robots.txt forbids it, the address is private, the server does not give it, or it is too long or
                too slow.
        """
        kept = self._cache.get(url)
        asked = url
        for _ in range(_REDIRECTS + 1):
            self._check(asked)
            robots = self._robots_of(asked)
            if not robots.can_fetch(asked, AGENT):
                raise KgError("robots.txt of the site forbids it", where=url, remedy="ask the publisher for the texts")
            self._wait(asked, robots.crawl_delay(AGENT))
            # What was kept belongs to the address that answered in the end.
            conditions = _conditions(kept) if kept and kept.url == asked else {}
            status, headers, data = self._ask(asked, conditions)
            if status == 304 and kept:
                return Page(kept.url, kept.content_type, kept.data)
            if status in (301, 302, 303, 307, 308) and headers.get("location"):
                asked = urljoin(asked, headers["location"]).partition("#")[0]
                continue
            if status != 200:
                raise KgError(f"the server answers {status}", where=url, remedy="open the address in a browser")
            page = Page(asked, headers.get("content-type", ""), data)
            self._cache.put(url, page, headers)
            return page
        raise KgError("too many redirects", where=url, remedy="give the address that they lead to")

    def _ask(self, url: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; a server that is busy is asked three times."""
        for attempt in range(3):
            try:
                status, found, data = self._stream(url, headers)
            except self._httpx.HTTPError as error:
                told = str(error) or type(error).__name__
                raise KgError(f"cannot be fetched: {told}", where=url, remedy="check the address") from error
            if status not in _RETRIED or attempt == 2:
                break
            after = found.get("retry-after", "")
            time.sleep(min(float(after) if after.isdigit() else self.manners.pause * 2**attempt, _LONGEST_PAUSE))
        return status, found, data

    def _stream(self, url: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        deadline = time.monotonic() + self.manners.timeout
        limit = self.manners.max_bytes
        with self._client.stream("GET", url, headers=headers) as response:
            parts, size = [], 0
            if response.status_code == 200:
                for part in response.iter_bytes(65_536):
                    parts.append(part)
                    size += len(part)
                    if size > limit:
                        raise KgError(f"the page is longer than {limit:,} bytes", where=url, remedy="--max-bytes")
                    if time.monotonic() > deadline:
                        told = f"the page takes longer than {self.manners.timeout:g} s"
                        raise KgError(told, where=url, remedy="try again later")
            found = {name.lower(): value for name, value in response.headers.items()}
            self._last[_host(url)] = time.monotonic()
            return response.status_code, found, b"".join(parts)

    def _check(self, url: str) -> None:
        """Raise if the address may not be asked: another protocol, a private network, this machine."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise KgError("not an address that can be fetched", where=url, remedy="give http:// or https://")
        if not self.manners.allow_private and not self.manners.proxy:
            for address in _addresses(parts.hostname, parts.port or 0, url):
                _refuse_private(address, url)

    def _robots_of(self, url: str) -> Any:
        """The rules of the site, RFC 9309: no file allows all, a server in trouble allows nothing."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            asked, text = f"{site}/robots.txt", ""
            for _ in range(_REDIRECTS + 1):
                self._check(asked)
                try:
                    status, headers, data = self._ask(asked, {})
                except KgError as error:
                    raise KgError(f"robots.txt of the site: {error.message}", where=url, remedy=error.remedy) from error
                if status in (301, 302, 303, 307, 308) and headers.get("location"):
                    asked = urljoin(asked, headers["location"])
                    continue
                if status >= 500 or status == 429:
                    text = "User-agent: *\nDisallow: /"
                elif status == 200:
                    text = data[:500_000].decode("utf-8", "replace")
                break
            self._robots[site] = self._protego.Protego.parse(text)
        return self._robots[site]

    def _wait(self, url: str, asked_for: float | None) -> None:
        pause = min(max(self.manners.pause, asked_for or 0.0), _LONGEST_PAUSE)
        since = time.monotonic() - self._last.get(_host(url), float("-inf"))
        if since < pause:
            time.sleep(pause - since)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _addresses(host: str, port: int, url: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise KgError("the host is not known", where=url, remedy="check the address and the network") from error
    return [str(item[4][0]) for item in found]


def _refuse_private(address: str, url: str) -> None:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if not ip.is_global or ip.is_multicast or (mapped is not None and not mapped.is_global):
        raise KgError(
            f"{address} is an address of a private network or of this machine",
            where=url,
            remedy="--allow-private if you mean it",
        )


def _transport(httpx: Any, manners: Manners) -> Any:
    """Connections to the very address that was checked, so that a name cannot mean another one a moment later."""

    class Checked(httpx.HTTPTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            host = request.url.host
            if not manners.proxy and not manners.allow_private:
                address = _addresses(host, request.url.port or 0, str(request.url))[0]
                _refuse_private(address, str(request.url))
                request.extensions = {**request.extensions, "sni_hostname": host}
                request.url = request.url.copy_with(host=address)
            return super().handle_request(request)

    return Checked(proxy=manners.proxy or None, retries=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    url: str
    content_type: str
    etag: str
    modified: str
    data: bytes


def _conditions(kept: _Kept) -> dict[str, str]:
    found = {"If-None-Match": kept.etag, "If-Modified-Since": kept.modified}
    return {name: value for name, value in found.items() if value}


class _Cache:
    """Pages already seen, with what a server needs to say that they have not changed."""

    def __init__(self, path: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=30)
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS page "
                "(asked TEXT PRIMARY KEY, url TEXT, type TEXT, etag TEXT, modified TEXT, data BLOB)"
            )
        except (OSError, sqlite3.Error) as error:
            raise KgError(
                f"the cache of pages cannot be opened: {error}", where=str(path), remedy="--cache names another"
            ) from error

    def get(self, asked: str) -> _Kept | None:
        if self._connection is None:
            return None
        row = self._connection.execute(
            "SELECT url, type, etag, modified, data FROM page WHERE asked = ?", (asked,)
        ).fetchone()
        if row is None:
            return None
        url, media, etag, modified, data = row
        return _Kept(url, media, etag, modified, zlib.decompress(data))

    def put(self, asked: str, page: Page, headers: dict[str, str]) -> None:
        if self._connection is None or not (headers.get("etag") or headers.get("last-modified")):
            return
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        with contextlib.suppress(sqlite3.OperationalError), self._connection:  # a full disk costs the cache, no more
            self._connection.execute(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)",
                (asked, page.url, page.content_type, etag, modified, zlib.compress(page.data)),
            )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
