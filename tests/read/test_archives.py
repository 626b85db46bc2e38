"""Compressed files, web archives and feeds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
from pathlib import Path

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kg.errors import Problem
from kg.model import Article
from kg.read import read

LINES = b'{"id": "one", "text": "It opened an office in Almaty."}\n{"id": "two", "text": "It moved to Astana."}\n'
PAGE = """<html><head><title>A bank in Almaty</title>
<meta property="article:published_time" content="2024-05-14">
</head><body><nav>Home</nav><article>
<p>The development bank opened its first office in Almaty on Tuesday, the bank said in a
statement.</p><p>The office will serve three countries of the region, and about forty people will work in it.</p>
</article></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Steppe Wire</title><link>http://example.org/</link>
<item><title>An office &amp; a centre</title><link>http://example.org/1</link><pubDate>Tue, 14 May 2024 09:00:00
+0600</pubDate><description>&lt;p&gt;The bank opened an &lt;b&gt;office&lt;/b&gt; in Almaty.&lt;/p&gt;</description>
</item><item><title></title><link>http://example.org/2</link></item></channel></rss>"""


def articles(*sources: Path) -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    return list(read(sources, problems.append)), problems


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.zst", zstandard.compress),
        ("a.jsonl.bz2", bz2.compress),
        ("a.jsonl.xz", lzma.compress),
    ],
)
def test_compressed_lines(tmp_path: Path, name: str, pack: object) -> None:
    path = tmp_path / name
    path.write_bytes(pack(LINES))  # type: ignore[operator]
    found, problems = articles(path)
    assert [a.id for a in found] == ["one", "two"]
    assert problems == []
    assert found[1].source == f"{path}, line 2"


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstandard.compress)])
def test_a_file_cut_short_gives_what_came_before(tmp_path: Path, name: str, pack: object) -> None:
    noise = random.Random(7)
    line = b'{"id": "%d", "text": "An office opened in Almaty, %d."}\n'
    packed = pack(b"".join(line % (n, noise.getrandbits(64)) for n in range(20_000)))  # type: ignore[operator]
    path = tmp_path / name
    path.write_bytes(packed[: len(packed) // 2])
    found, problems = articles(path)
    assert len(found) > 1000
    assert problems[-1].severity == "error"
    assert str(path) in str(problems[-1])


def test_what_is_no_archive_says_so(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "a.txt.xz", "a.jsonl.zst", "a.warc", "a.warc.gz", "a.rss"):
        path = tmp_path / name
        path.write_bytes(b"nothing of the kind")
        found, [problem] = articles(path)
        assert (found, problem.severity, bool(problem.remedy)) == ([], "error", True), name


def warc(*pages: tuple[str, str, str, bytes], packed: bool = True) -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=packed)
    for url, status, kind, body in pages:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers))
    return stream.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_pages_of_a_web_archive(tmp_path: Path, packed: bool) -> None:
    russian = PAGE.replace(
        "The development bank opened its first office in Almaty", "Банк развития открыл офис в Алматы"
    )
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(
        warc(
            ("http://example.org/1", "200 OK", "text/html; charset=utf-8", PAGE.encode()),
            ("http://example.org/logo", "200 OK", "image/png", b"\x89PNG"),
            ("http://example.org/gone", "404 Not Found", "text/html", PAGE.encode()),
            ("http://example.org/2", "200 OK", "text/html; charset=windows-1251", russian.encode("cp1251")),
            ("http://example.org/3", "200 OK", "text/html", b"<html><body></body></html>"),
            packed=packed,
        )
    )
    found, [problem] = articles(path)
    assert [a.url for a in found] == ["http://example.org/1", "http://example.org/2"]
    assert "Home" not in found[0].text
    assert "first office in Almaty" in found[0].text
    assert str(found[0].published) == "2024-05-14"
    assert "Банк развития открыл офис в Алматы" in found[1].text
    assert "http://example.org/3" in str(problem)


def test_entries_of_a_feed(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    path.write_text(FEED, encoding="utf-8")
    [found], [problem] = articles(path)
    assert (found.title, found.url, found.outlet) == ("An office & a centre", "http://example.org/1", "The Steppe Wire")
    assert found.text == "The bank opened an office in Almaty."
    assert str(found.published) == "2024-05-14"
    assert "entry 2" in str(problem)


def test_a_folder_takes_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES))
    (tmp_path / "b.warc").write_bytes(
        warc(("http://example.org/1", "200 OK", "text/html", PAGE.encode()), packed=False)
    )
    (tmp_path / "c.rss").write_text(FEED.replace("http://example.org/1", "http://example.org/9"), encoding="utf-8")
    (tmp_path / "d.tar.gz").write_bytes(b"")
    found, problems = articles(tmp_path)
    assert len(found) == 4
    assert any("d.tar.gz" in str(p) for p in problems)
