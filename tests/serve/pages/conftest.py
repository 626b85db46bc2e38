"""The real server over the bundled articles, and over a graph that would like to be markup; a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg.build import KnowledgeGraph
from kg.extract import Extractor
from kg.model import Article, Entity, Evidence, Fact, PartialDate
from kg.read import corpus, read

HOSTILE = "</title></script><script>window.hit=1</script><img src=x onerror='window.hit=1'>\u202e\"'&{{7*7}}"


@contextmanager
def served(store: Path, *options: str) -> Iterator[str]:
    """``kg serve`` on a free port of the loopback, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "--store",
        str(store),
        "serve",
        "--port",
        str(port),
        *options,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    top = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{top}/ready", timeout=2).close()
                break
            except OSError:
                if process.poll() is not None:
                    pytest.fail(f"the server ended: {process.stderr.read().decode() if process.stderr else ''}")
                time.sleep(0.2)
        yield top
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        if process.stderr:
            process.stderr.close()


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "store"
    with KnowledgeGraph.open(str(path), read_only=False) as graph:
        for article, facts in Extractor().many(read(corpus())):
            graph.add(article, facts)
    return path


@pytest.fixture(scope="package")
def top(built: Path) -> Iterator[str]:
    pytest.importorskip("uvicorn")
    with served(built) as address:
        yield address


@pytest.fixture(scope="package")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose one article has nothing but hostile names, in title, outlet, quote, place and person."""
    pytest.importorskip("uvicorn")
    path = tmp_path_factory.mktemp("hostile") / "store"
    with KnowledgeGraph.open(str(path), read_only=False) as graph:
        graph.add(*hostile_article())
    with served(path) as address:
        yield address


def hostile_article() -> tuple[Article, list[Fact]]:
    """An article with its one fact, whose every text would like to be markup."""
    quote = f"A centre of {HOSTILE} works in {HOSTILE}. " + "x" * 10_000
    body = Entity("organization/hostile", "organization", (HOSTILE, HOSTILE), known=False)
    place = Entity("city/hostile", "city", (HOSTILE,), known=False)
    slots: dict[str, Any] = {"organization": body, "place": place, "form": "centre", "name": HOSTILE,
                             "status": "operating", "since": PartialDate("2020")}  # fmt: skip
    fact = Fact("presence", slots, (Evidence(quote, 0, len(quote)),))
    article = Article("hostile", "en", HOSTILE, quote, PartialDate("2021-01-01"), "javascript:alert(1)", outlet=HOSTILE)
    return article, [fact]


class Watched:
    """A page of the browser that notes what the console says and which hosts are asked.

    Attributes:
        page: the page.
        told: messages of the console and errors.
        foreign: addresses of other hosts that were asked.
        sent: bytes that the last page and its files took on the way.
    """

    def __init__(self, browser: Any, top: str, **options: Any) -> None:
        self.context = browser.new_context(**{"locale": "en-GB", **options})
        # A figure of time never decides: a busy machine gets its time.
        self.context.set_default_timeout(120_000)
        self.page = self.context.new_page()
        self.top = top
        self.told: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.top, "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str) -> Any:
        """Go to a page of the server and wait until it is quiet."""
        self.page.goto(self.top + path, wait_until="networkidle")
        return self.page

    def close(self) -> None:
        assert self.told == []
        assert self.foreign == []
        self.context.close()


@pytest.fixture
def watched(chromium: Any, top: str) -> Iterator[Watched]:
    found = Watched(chromium, top)
    yield found
    found.close()
