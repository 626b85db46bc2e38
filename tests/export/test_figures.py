"""Map, timeline and network as pages of one file: true to the graph, closed to the world, every text as text."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import openpyxl
import pyoxigraph as ox
import pytest

from kg import assets, iris
from kg.export import FORMATS, export, rdf
from kg.export.mapped import map_data
from kg.export.timeline import drawing, edge, life_lines
from kg.export.view import View
from kg.export.words import texts
from kg.model import LANGUAGES

ONE, UN = iris.entity("presence/one"), iris.entity("organization/un")
XSD = "http://www.w3.org/2001/XMLSchema#"
HOSTILE = "</script></text><script>window.hit=1</script><img src=x onerror='window.hit=1'>\u202e\"'&]]>" + "x" * 10_000
PAGES = ("html", "map", "timeline")


def quad(subject: str, name: str, value: ox.Literal | ox.NamedNode) -> ox.Quad:
    prefix, _, local = name.rpartition(":")
    term = iris.PREFIXES[prefix] + local if prefix else iris.term(name)
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(term), value, ox.NamedNode(iris.GRAPH_MERGED))


def dated(subject: str, name: str, date: str, first: str, last: str) -> list[ox.Quad]:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(date)]
    return [
        quad(subject, name, ox.Literal(date, datatype=ox.NamedNode(XSD + kind))),
        quad(subject, f"{name}Earliest", ox.Literal(first)),
        quad(subject, f"{name}Latest", ox.Literal(last)),
    ]


@pytest.fixture(scope="module")
def life(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The small graph with a proposal, a decision and dates."""
    proposal, decision = iris.entity("proposal/p"), iris.entity("decision/d")
    a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    kinds = ((proposal, "Initiative"), (decision, "Decision"))
    merged = ox.NamedNode(iris.GRAPH_MERGED)
    return [
        *quads,
        *(ox.Quad(ox.NamedNode(s), ox.NamedNode(a), ox.NamedNode(iris.term(k)), merged) for s, k in kinds),
        *(quad(s, "about", ox.NamedNode(ONE)) for s, _ in kinds),
        quad(decision, "body", ox.NamedNode(UN)),
        *dated(proposal, "date", "2019-09-24", "2019-09-24", "2019-09-24"),
        *dated(decision, "date", "2025-03", "2025-03-01", "2025-03-31"),
        *dated(ONE, "since", "2025-08", "2025-08-01", "2025-08-31"),
    ]


@pytest.fixture(scope="module")
def hostile(life: list[ox.Quad]) -> list[ox.Quad]:
    """The same with every label and quote trying to be markup."""
    names = {iris.PREFIXES["skos"] + "prefLabel", iris.PREFIXES["rdfs"] + "label", iris.term("quote")}

    def spoilt(value: Any) -> ox.Literal:
        return ox.Literal(HOSTILE, language=value.language) if value.language else ox.Literal(HOSTILE)

    return [
        ox.Quad(q.subject, q.predicate, spoilt(q.object), q.graph_name) if q.predicate.value in names else q
        for q in life
    ]


def written(quads: list[ox.Quad], form: str, lang: str = "en") -> str:
    out = io.BytesIO()
    export(quads, form, out, lang, selected=True)
    return out.getvalue().decode()


def test_the_map_has_each_establishment_once_at_its_place(life: list[ox.Quad]) -> None:
    data = map_data(View.of(life), "kk")
    rows = {row[7]: row for row in data["rows"]}
    at, of, form, status, dates, focus, label, _ = rows[ONE]
    assert data["places"][at][:3] == ["Алматы", 76.95, 43.25]
    assert data["organizations"][of][0] == "БҰҰ"
    assert data["forms"][form][1] == "өңірлік орталық"
    assert data["statuses"][status][0] == "operating"
    assert dates == ["2025-08-01", "2025-08-31", "", "", "2025-08"]
    assert [data["themes"][n][0] for n in focus] == ["sdgs", "water"]
    assert label == "UN Centre"
    assert data["years"] == [1945, 2025]
    country = data["places"][rows[iris.entity("presence/two")][0]]
    assert country[1:3] == [None, None], "a country is no point"


def test_a_life_line_goes_from_the_proposal_to_the_opening(life: list[ox.Quad]) -> None:
    view = View.of(life)
    lines, without = life_lines(view)
    assert [(line.iri, [e.kind for e in line.events]) for line in lines] == [(ONE, ["proposal", "decision"])]
    assert without == 1, "the other establishment has no date"
    assert edge(view) == "2025-08-05", "the day of the newest article"
    root = ElementTree.fromstring(drawing(lines, edge(view), "en"))
    drawn = [e.get("class") for e in root.iter() if e.get("class") in ("way", "unsure", "work", "step", "step opening")]
    assert drawn == ["way", "unsure", "work", "step", "step", "step opening"]
    told = [t.text for t in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "proposed: 2019-09-24" in told
    assert "decided: 2025-03" in told
    assert "opened: 2025-08" in told


def test_kml_is_well_formed_and_has_time(life: list[ox.Quad], hostile: list[ox.Quad]) -> None:
    k = "{http://www.opengis.net/kml/2.2}"
    marks = list(ElementTree.fromstring(written(life, "kml")).iter(f"{k}Placemark"))
    one = next(m for m in marks if m.findtext(f"{k}name") == "UN Centre")
    assert one.findtext(f"{k}TimeSpan/{k}begin") == "2025-08"
    assert one.findtext(f"{k}Point/{k}coordinates") == "76.95,43.25"
    names = [m.findtext(f"{k}name") for m in ElementTree.fromstring(written(hostile, "kml")).iter(f"{k}Placemark")]
    assert HOSTILE in names


def labels_in(path: Path, form: str) -> set[str]:
    """What establishments are called in a file, read by the programs that such files are for."""
    if form in rdf.FORMATS:
        found = ox.parse(path=str(path), format=rdf.FORMATS[form])
        return {quad.object.value for quad in found if isinstance(quad.object, ox.Literal)}
    if form == "geojson":
        return {feature["properties"]["label"] for feature in json.loads(path.read_bytes())["features"]}
    if form in ("graphml", "gexf"):
        network = nx.read_graphml(path) if form == "graphml" else nx.read_gexf(path)
        return {str(label) for _, label in network.nodes(data="label")}
    if form == "csv":
        with (path / "presences.csv").open(encoding="utf-8", newline="") as file:
            return {row["label"] for row in csv.DictReader(file)}
    if form == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
        return set(parquet.read_table(path / "presences.parquet")["label"].to_pylist())
    return {str(row[1].value) for row in openpyxl.load_workbook(path)["presences"].iter_rows(min_row=2)}


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in (*PAGES, "kml")])
def test_hostile_text_comes_back_letter_for_letter(hostile: list[ox.Quad], tmp_path: Path, form: str) -> None:
    path = tmp_path / f"graph.{form}"
    export(hostile, form, path, selected=True)
    assert HOSTILE in labels_in(path, form)


@pytest.mark.parametrize("form", PAGES)
def test_pages_let_only_their_own_scripts_run(hostile: list[ox.Quad], form: str) -> None:
    page = written(hostile, form)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe-inline'; script" not in policy[1].split("style-src")[0]
    for attributes, code in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL):
        if "application/json" in attributes:
            json.loads(code)
            continue
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert not re.search(r"""<(?:script|link|img)[^>]*(?:src|href)\s*=""", page)


def test_each_language_has_the_same_words() -> None:
    said = {lang: texts(lang) for lang in LANGUAGES}
    for part in said["en"]:
        assert len({frozenset(words[part]) for words in said.values()}) == 1, part
        for key, english in said["en"][part].items():
            marks = sorted(re.findall(r"\{\w+\}", english))
            assert all(sorted(re.findall(r"\{\w+\}", said[lang][part][key])) == marks for lang in LANGUAGES), key
        russian = " ".join(said["ru"][part].values())
        assert not re.search(r"[ҰұӨөҚқҢңҒғҮүІіҺһӘә]", russian)


def test_what_is_built_is_built_from_what_is_there() -> None:
    manifest = json.loads(assets.text("manifest.json"))

    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    assert {name: digest(assets.FOLDER / name) for name in manifest["files"]} == manifest["files"]
    assert all(path.stat().st_size < 400_000 for path in assets.FOLDER.iterdir() if path.is_file())
    web = Path(__file__).parents[2] / "web"
    assert {name: digest(web / name) for name in manifest["sources"]} == manifest["sources"], "npm run build in web/"
    lock = (web / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock, "the lock file names no address"
    assert {"d3-geo", "world-atlas", "@zazuko/yasgui", "supercluster"} <= {
        line.split(" ")[0] for line in assets.text("LICENCES.txt").splitlines()
    }


@pytest.mark.parametrize("form", PAGES)
def test_pages_work_from_the_disk_without_a_network(
    chromium: Any, hostile: list[ox.Quad], tmp_path: Path, form: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(written(hostile, form, "kk"), encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if "://" in request.url[:8] else None)
    page.goto(path.as_uri())
    told.remove(path.as_uri())
    page.wait_for_selector({"html": "canvas", "map": "#map g.spot", "timeline": ".lines .step"}[form])
    assert page.evaluate("window.hit") is None
    assert told == []
    if form == "html":
        assert page.evaluate("nodes.get().length") == 8
    else:
        with page.expect_download() as saved:
            page.get_by_role("button", name="SVG").click()
        saved.value.save_as(tmp_path / "saved.svg")
        root = ElementTree.parse(tmp_path / "saved.svg").getroot()
        assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) >= 3
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
        with page.expect_download() as saved:
            page.get_by_role("button", name="PNG").click()
        saved.value.save_as(tmp_path / "saved.png")
        assert (tmp_path / "saved.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    context.close()


def test_the_year_and_the_filters_choose_and_the_address_keeps_them(
    chromium: Any, life: list[ox.Quad], tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    path.write_text(written(life, "map"), encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri() + "#year=2024")
    spots = page.locator("#map g.spot")
    assert spots.count() == 0, "it opened in 2025"
    page.get_by_label("Year").fill("2025")
    assert spots.count() == 1
    assert "year=2025" in page.url
    page.get_by_label("Form").select_option("mission")
    assert spots.count() == 0
    again = chromium.new_page()
    again.goto(page.url)
    assert again.get_by_label("Form").input_value() == "mission"
    again.get_by_label("Form").select_option("")
    again.locator("#map g.spot").focus()
    again.keyboard.press("Enter")
    assert "UN Centre" in again.locator(".panel").inner_text()
    page.close()
    again.close()
