"""Addresses as sources, asked of a real server on this machine."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.errors import Problem
from kg.model import Article
from kg.read import Manners, read
from kg.read.fetch import _refuse_private

PAGE = """<html><head><title>{title}</title></head><body><article><p>The development bank opened its {title} in Almaty
on Tuesday, the bank said in a statement.</p><p>It will serve three countries of the region, and about forty people will
work in it from the first day.</p></article></body></html>"""


class Site:
    """A site of pages; counts what is asked for.

    Attributes:
        pages: path → status, headers, body.
        asked: path → how often.
        unchanged: how many answers were "not modified".
        agents: names under which the pages were asked for.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: Counter[str] = Counter()
        self.unchanged = 0
        self.agents: set[str] = set()
        self.times: list[float] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked[self.path] += 1
                site.agents.add(self.headers.get("User-Agent", ""))
                site.times.append(time.monotonic())
                status, headers, body = site.pages.get(self.path, (404, {}, b"gone"))
                if isinstance(body, list):  # type: ignore[unreachable]
                    status, headers, body = body[min(site.asked[self.path], len(body)) - 1]
                tag = headers.get("ETag")
                if tag and self.headers.get("If-None-Match") == tag:
                    site.unchanged += 1
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if headers.get("X-Slow"):
                    for byte in body:
                        try:
                            self.wfile.write(bytes([byte]))
                            self.wfile.flush()
                        except OSError:
                            return
                        time.sleep(0.02)
                else:
                    self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def page(self, path: str, title: str, **headers: str) -> None:
        kept = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = 200, {"Content-Type": "text/html; charset=utf-8", **kept}, PAGE.format(title=title).encode()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def fetch(url: str, **manners: object) -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    given = Manners(**{"pause": 0.0, "allow_private": True, "timeout": 5.0, **manners})  # type: ignore[arg-type]
    return list(read([url], problems.append, manners=given)), problems


def test_a_page(site: Site) -> None:
    site.page("/a", "office")
    [article], problems = fetch(f"{site.root}/a")
    assert problems == []
    assert (article.url, article.title, article.lang) == (f"{site.root}/a", "office", "en")
    assert "opened its office in Almaty" in article.text
    assert all(agent.startswith("presence-kg/") for agent in site.agents)


@pytest.mark.parametrize(
    "feed",
    [
        '<rss version="2.0"><channel><title>Wire</title><item><title>One</title><link>/a</link>'
        "<pubDate>Tue, 14 May 2024 09:00:00 +0000</pubDate></item>"
        "<item><title>Two</title><link>/b</link></item></channel></rss>",
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><title>One</title>'
        '<link href="/a"/><updated>2024-05-14T09:00:00Z</updated></entry><entry><title>Two</title><link href="/b"/>'
        "</entry></feed>",
    ],
)
def test_a_feed_leads_to_its_pages(site: Site, feed: str) -> None:
    site.page("/a", "office")
    site.page("/b", "centre")
    site.pages["/feed"] = 200, {"Content-Type": "text/html"}, feed.encode()  # the server is wrong about it
    found, problems = fetch(f"{site.root}/feed")
    assert [a.title for a in found] == ["office", "centre"]
    assert str(found[0].published) == "2024-05-14"
    assert problems == []


def test_a_page_that_is_gone_leaves_what_the_feed_says(site: Site) -> None:
    feed = (
        '<rss version="2.0"><channel><title>W</title><item><title>One</title><link>/a</link><description>The bank '
        "opened an office in Almaty.</description></item><item><title>Two</title><link>/b</link></item></channel></rss>"
    )
    site.pages["/feed"] = 200, {}, feed.encode()
    [article], problems = fetch(f"{site.root}/feed")
    assert article.text == "The bank opened an office in Almaty."
    assert [p.severity for p in problems] == ["warning", "error"]
    assert "404" in str(problems[1])


def test_site_maps_lead_through_each_other(site: Site) -> None:
    kind = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    inner = f"<urlset {kind}>" + "".join(f"<url><loc>{site.root}/p{n}</loc></url>" for n in range(5)) + "</urlset>"
    outer = f"<sitemapindex {kind}><sitemap><loc>{site.root}/m.xml.gz</loc></sitemap></sitemapindex>"
    site.pages["/sitemap.xml"] = 200, {"Content-Type": "application/xml"}, outer.encode()
    site.pages["/m.xml.gz"] = 200, {"Content-Type": "application/gzip"}, gzip.compress(inner.encode())
    for n in range(5):
        site.page(f"/p{n}", f"office {n}")
    found, problems = fetch(f"{site.root}/sitemap.xml", max_pages=3)
    assert [a.title for a in found] == ["office 0", "office 1", "office 2"]
    assert "more than 3 pages" in str(problems[0])
    assert problems[0].severity == "warning"


def test_a_map_that_contains_itself_ends(site: Site) -> None:
    text = f"<sitemapindex><sitemap><loc>{site.root}/sitemap.xml</loc></sitemap></sitemapindex>"
    site.pages["/sitemap.xml"] = 200, {"Content-Type": "application/xml"}, text.encode()
    assert fetch(f"{site.root}/sitemap.xml")[0] == []
    assert site.asked["/sitemap.xml"] < 10


def test_entities_of_a_map_are_not_read(site: Site, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("http://127.0.0.1/secret", encoding="utf-8")
    text = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]><urlset><url><loc>&x;</loc></url></urlset>'
    site.pages["/sitemap.xml"] = 200, {}, text.encode()
    _, problems = fetch(f"{site.root}/sitemap.xml")
    assert not any("secret" in str(p) for p in problems)


def test_lines_of_articles(site: Site) -> None:
    site.pages["/a.jsonl"] = (
        200,
        {"Content-Type": "application/x-ndjson"},
        b'{"text": "The bank opened an office."}\n' * 2,
    )
    found, problems = fetch(f"{site.root}/a.jsonl")
    assert len(found) == 1
    assert [p.severity for p in problems] == ["warning"]


def test_robots_are_heeded(site: Site) -> None:
    site.page("/private/a", "office")
    site.pages["/robots.txt"] = 200, {}, b"User-agent: *\nDisallow: /private/\n"
    found, [problem] = fetch(f"{site.root}/private/a")
    assert found == []
    assert "robots.txt" in str(problem)
    assert site.asked["/private/a"] == 0


def test_a_site_in_trouble_is_left_alone(site: Site) -> None:
    site.page("/a", "office")
    site.pages["/robots.txt"] = 500, {}, b""
    assert fetch(f"{site.root}/a")[0] == []
    assert site.asked["/a"] == 0


def test_requests_keep_their_distance(site: Site) -> None:
    site.page("/a", "office")
    site.pages["/robots.txt"] = 200, {}, b"User-agent: presence-kg\nCrawl-delay: 0.3\n"
    fetch(f"{site.root}/a")
    assert site.times[1] - site.times[0] >= 0.29


def test_what_has_not_changed_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "pages.sqlite"
    site.page("/a", "office", ETag='"1"')
    first, _ = fetch(f"{site.root}/a", cache=cache)
    again, _ = fetch(f"{site.root}/a", cache=cache)
    assert again == first
    assert site.unchanged == 1
    site.page("/a", "centre", ETag='"2"')
    changed, _ = fetch(f"{site.root}/a", cache=cache)
    assert changed[0].title == "centre"


def test_private_addresses_are_refused(site: Site) -> None:
    site.page("/a", "office")
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"):
        found, [problem] = fetch(f"http://{host}:{site.server.server_port}/a", allow_private=False)
        assert found == [], host
        assert "private network" in str(problem), host
    assert site.asked.total() == 0


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "fe80::1%eth0", "fc00::1", "100.64.0.1", "224.0.0.1"],
)
def test_which_addresses_are_private(address: str) -> None:
    with pytest.raises(Exception, match="private network"):
        _refuse_private(address, "http://example.org/")
    _refuse_private("93.184.215.14", "http://example.org/")


def test_the_address_that_was_checked_is_the_one_that_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means one host when it is checked and another a moment later gains nothing."""
    site.page("/a", "office")
    checked = []
    monkeypatch.setattr("kg.read.fetch._addresses", lambda host, port, url: ["127.0.0.1"])
    monkeypatch.setattr("kg.read.fetch._refuse_private", lambda address, url: checked.append(address))
    [article], problems = fetch(f"http://news.invalid:{site.server.server_port}/a", allow_private=False)
    assert (article.title, problems) == ("office", [])
    assert set(checked) == {"127.0.0.1"}


def test_redirects_are_followed_and_checked(site: Site) -> None:
    site.page("/b", "office")
    site.pages["/a"] = 301, {"Location": "/b"}, b""
    [article], _ = fetch(f"{site.root}/a")
    assert article.url == f"{site.root}/b"
    for target, told in (
        ("/loop", "too many redirects"),
        ("file:///etc/hostname", "not an address that can be fetched"),
    ):
        site.pages["/loop"] = 302, {"Location": target}, b""
        found, [problem] = fetch(f"{site.root}/loop")
        assert found == []
        assert told in str(problem)


def test_limits(site: Site) -> None:
    site.page("/a", "office")
    assert "longer than 100 bytes" in str(fetch(f"{site.root}/a", max_bytes=100)[1][0])
    site.page("/slow", "office", X_Slow="1")
    assert "longer than 0.5 s" in str(fetch(f"{site.root}/slow", timeout=0.5)[1][0])
    bomb = gzip.compress(b"<html>" + b"x" * 5_000_000)
    site.pages["/bomb"] = 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, bomb
    assert "longer than 1,000,000 bytes" in str(fetch(f"{site.root}/bomb", max_bytes=1_000_000)[1][0])


def test_a_busy_server_is_asked_again(site: Site) -> None:
    page = 200, {"Content-Type": "text/html"}, PAGE.format(title="office").encode()
    site.pages["/a"] = 200, {}, [(503, {"Retry-After": "0"}, b""), page]  # type: ignore[assignment]
    [article], problems = fetch(f"{site.root}/a")
    assert (article.title, problems) == ("office", [])


def test_a_dead_address_is_told(site: Site) -> None:
    for url in (f"{site.root}/none", "http://127.0.0.1:9/", "http://no-such-host.invalid/"):
        found, [problem] = fetch(url)
        assert (found, problem.severity) == ([], "error")
        assert url in str(problem)
