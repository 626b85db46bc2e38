"""The static site: whole, its links lead somewhere, it needs no server and asks no host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from click.testing import CliRunner

from kg import cli
from kg.build import KnowledgeGraph
from kg.extract import Extractor
from kg.model import LANGUAGES
from kg.pages import site
from kg.read import corpus, read
from kg.store import EmbeddedStore
from tests.serve.pages.conftest import hostile_article

_LINK = re.compile(r"""(?:href|src|data-world)="([^"]*)\"""")


@pytest.fixture(scope="module")
def graph() -> Iterator[KnowledgeGraph]:
    """What the bundled articles say, without the facts of the tables, which are many."""
    with KnowledgeGraph(EmbeddedStore(None), reference_accounts=False) as made:
        for article, facts in Extractor().many(read(corpus())):
            made.add(article, facts)
        made.add(*hostile_article())
        yield made


@pytest.fixture(scope="module")
def folder(graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("static")
    count = site.write(path, graph)
    assert count == len(list(path.rglob("*.html"))) - 1, "all but the first, which leads on"
    return path


def test_every_link_leads_to_a_file(folder: Path) -> None:
    broken = []
    for path in folder.rglob("*.html"):
        for target in _LINK.findall(path.read_text(encoding="utf-8")):
            place, _ = urldefrag(target.replace("&amp;", "&"))
            if place and "://" not in place and not (path.parent / unquote(place)).resolve().is_file():
                broken.append((path.name, target))
    assert broken[:5] == []


def test_each_language_has_the_same_pages(folder: Path) -> None:
    pages = {lang: {p.relative_to(folder / lang) for p in (folder / lang).rglob("*.html")} for lang in LANGUAGES}
    assert pages["en"] == pages["ru"] == pages["kk"]
    assert {Path("index.html"), Path("city/almaty.html"), Path("article/sample-en-03.html")} <= pages["en"]
    assert Path("presence/un.regional-centre.almaty.html") in pages["en"]


def test_hostile_text_is_text(folder: Path) -> None:
    found = {}
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if "window.hit" in text:
            found[path.relative_to(folder).as_posix()] = text
    assert {"en/article/hostile.html", "ru/index.html", "en/map.html"} <= found.keys()
    assert {name.split("/")[1] for name in found if name.startswith("kk/")} >= {"organization", "city", "presence"}
    for name, text in found.items():
        assert "<script>window.hit" not in text, name
        assert "<img src=x" not in text, name
        assert 'href="javascript:' not in text, name


def test_the_same_graph_gives_the_same_bytes(graph: KnowledgeGraph, folder: Path, tmp_path: Path) -> None:
    site.write(tmp_path, graph)
    files = [p.relative_to(folder) for p in folder.rglob("*") if p.is_file()]
    assert [f for f in files if (folder / f).read_bytes() != (tmp_path / f).read_bytes()] == []


def test_it_works_from_the_disk_without_a_network(chromium: Any, folder: Path) -> None:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith("file:") else None)
    page.goto((folder / "index.html").as_uri())
    page.wait_for_url("**/en/index.html")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Map").click()
    page.locator("#map g.spot").first.wait_for()
    page.get_by_role("link", name="KK").click()
    page.goto((folder / "kk" / "presence" / "un.regional-centre.almaty.html").as_uri())
    page.locator("blockquote p a").first.click()
    assert "/kk/article/" in page.url
    page.goto((folder / "ru" / "network.html").as_uri())
    page.locator("#network[data-drawn]").wait_for()
    assert told == []
    context.close()


def test_the_command_wants_a_folder(tmp_path: Path) -> None:
    for arguments in (["-o", str(tmp_path / "a.zip")], ["-o", str(tmp_path), "--around", "x"], []):
        result = CliRunner().invoke(cli.main, ["--store", str(tmp_path / "none"), "export", "site", *arguments])
        assert result.exit_code in (1, 2), result.output
