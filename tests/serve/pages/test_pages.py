"""Each page in three languages: quiet, accessible, small, fit for a phone, and hostile text is text."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import httpx
import pytest

from kg.model import LANGUAGES
from tests.serve.pages.conftest import HOSTILE, Watched

PATHS = (
    "", "map", "timeline", "network", "questions", "questions/who-is-in", "search?q=almaty", "articles", "analysis",
    "list/organization", "list/presence?page=2", "organization/undp?facts=presence&page=2",
    "organization/unesco", "city/almaty", "country/kz", "region/central-asia",
    "person/kassym-jomart-tokayev", "presence/un.regional-centre.almaty", "article/sample-kk-03", "sparql",
)  # fmt: skip
FACTS = ("initiative", "decision", "agreement", "membership", "relocation", "count", "tenure")


def facts_of(top: str) -> list[str]:
    """A page of each kind of fact, as the page of a country and a person link them."""
    import re

    text = "".join(
        urllib.request.urlopen(f"{top}/en/{path}", timeout=120).read().decode()
        for path in ("country/kz", "city/almaty", "organization/un", "organization/un-general-assembly")
    )
    return [re.findall(rf'href="/en/({kind}/[^"]+)"', text)[0] for kind in FACTS]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_quiet_and_accessible(chromium: Any, top: str, lang: str) -> None:
    """WCAG 2.2 AA as far as axe can tell; no message, no other host, nothing wider than the window; light and dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    wide = Watched(chromium, top, viewport={"width": 1280, "height": 800}, color_scheme="light")
    phone = Watched(chromium, top, viewport={"width": 390, "height": 800}, color_scheme="dark")
    problems: list[str] = []
    # The pages are made alike in each language: facts are looked at in one, and the others in one window each.
    windows = {"en": (wide, phone), "ru": (phone,), "kk": (wide,)}[lang]
    for path in [*PATHS, *(facts_of(top) if lang == "en" else [])]:
        for seen in windows:
            page = seen.open(f"/{lang}/{path}")
            assert page.locator("html").get_attribute("lang") == lang
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{path} is too wide")
            for found in axe.run(page, options=rules).response["violations"]:
                nodes = [node["target"] for node in found["nodes"][:3]]
                problems.append(f"{lang}/{path}: {found['id']}: {nodes}")
    assert problems == []
    wide.close()
    phone.close()


def test_every_page_is_small(chromium: Any, top: str) -> None:
    """At most 200 kB on the way, with all files, for who comes for the first time."""
    sizes = {}
    for path in PATHS:
        if path == "sparql":
            continue
        context = chromium.new_context()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        lengths: list[float] = []
        session.on("Network.loadingFinished", lambda event, lengths=lengths: lengths.append(event["encodedDataLength"]))
        page.goto(f"{top}/en/{path}", wait_until="networkidle")
        sizes[path] = sum(lengths)
        context.close()
    assert {path: size for path, size in sizes.items() if size > 200_000} == {}
    assert min(sizes.values()) > 5_000, "they were measured"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "map",
        "timeline",
        "network",
        "articles",
        "article/hostile",
        "search?q=centre",
        "list/presence",
    ],
)
def test_hostile_text_is_text(chromium: Any, hostile: str, path: str) -> None:
    seen = Watched(chromium, hostile)
    page = seen.open(f"/en/{path}")
    assert page.evaluate("window.hit") is None
    assert page.locator("img").count() == 0
    ours = "s.src ? s.src.startsWith(location.origin) : s.type === 'application/json'"
    assert page.evaluate(f"[...document.scripts].every(s => {ours})")
    assert page.locator("a[href^='javascript:']").count() == 0
    if path in ("article/hostile", "articles"):
        assert "window.hit=1" in page.get_by_role("main").inner_text()
    seen.close()


def test_hostile_suggestions_are_data(hostile: str) -> None:
    answer = httpx.get(f"{hostile}/en/suggest", params={"q": "centre"})
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" in json.dumps(answer.json(), ensure_ascii=False)


def test_things_with_hostile_names(chromium: Any, hostile: str) -> None:
    seen = Watched(chromium, hostile)
    page = seen.open("/en/article/hostile")
    page.locator("aside ol a").first.click()
    page.wait_for_load_state("networkidle")
    assert "/en/presence/" in page.url
    assert HOSTILE.replace("\u202e", "") in page.content().replace("\u202e", "") or "&lt;/title&gt;" in page.content()
    for link in page.locator(".pairs a").evaluate_all("all => all.map(a => a.href)"):
        page.goto(link, wait_until="networkidle")
        assert page.evaluate("window.hit") is None
        assert page.locator("img").count() == 0
        assert "<script>" in page.get_by_role("heading", level=1).inner_text()
    seen.close()


def get(address: str, **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=120)


def test_addresses(top: str) -> None:
    assert get(f"{top}/", **{"Accept-Language": "kk"}).url == f"{top}/kk/"
    answer = get(f"{top}/en/city/almaty")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy or "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    tag = answer.headers["ETag"]
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        get(f"{top}/en/city/almaty", **{"If-None-Match": tag})
    assert unchanged.value.code == 304
    for path in ("en/list/presence?page=999", "en/articles?page=0", "en/city/almaty?facts=presence&page=9",
                 "en/city/almaty?facts=none", "en/network?nodes=7",
                 "en/city/nowhere", "en/nothing", "en/article/none", "en/presence/none", "en/list/none",
                 "en/questions/none", "en/download/city/nowhere/csv", "en/download/city/almaty/exe", "assets/none.js",
                 "assets/..%2Fpage.py", "en/answer/who-is-in.exe"):  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as missing:
            get(f"{top}/{path}")
        assert missing.value.code == 404, path


@pytest.mark.parametrize("form", ["turtle", "nquads", "jsonld", "csv", "parquet", "geojson", "kml", "graphml", "gexf",
                                  "html", "map", "timeline"])  # fmt: skip
def test_downloads(top: str, form: str) -> None:
    answer = get(f"{top}/kk/download/presence/un.regional-centre.almaty/{form}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(answer.read()) > 500


def test_downloads_of_answers(top: str) -> None:
    for form, begins in (("csv", b"organization,"), ("json", b"["), ("xlsx", b"PK"), ("parquet", b"PAR1")):
        assert get(f"{top}/en/answer/who-is-in.{form}?place=geneva").read().startswith(begins)
    with pytest.raises(urllib.error.HTTPError) as wrong:
        get(f"{top}/en/answer/who-is-in.csv?place=Atlantis")
    assert wrong.value.code == 400
    assert "Atlantis" in wrong.value.read().decode()
