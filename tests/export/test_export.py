"""Every format: what it holds, that it is well formed, and that the same graph gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import KgError, UsageError
from kg.export import BUNDLES, FORMATS, export
from kg.export.network import network
from kg.export.view import View

UN, ALMATY = iris.entity("organization/un"), iris.entity("city/almaty")
ONE, TWO = iris.entity("presence/one"), iris.entity("presence/two")


def to_bytes(quads: list[ox.Quad], form: str, lang: str = "en") -> bytes:
    out = io.BytesIO()
    export(quads, form, out, lang)
    return out.getvalue()


@pytest.mark.parametrize("form", [f for f in FORMATS if f not in BUNDLES])
def test_order_does_not_matter(quads: list[ox.Quad], form: str) -> None:
    shuffled = quads[:]
    random.Random(1).shuffle(shuffled)
    assert to_bytes(quads, form) == to_bytes(shuffled + quads[:3], form)


@pytest.mark.parametrize("form", ["trig", "nquads", "jsonld"])
def test_rdf_comes_back_whole(quads: list[ox.Quad], form: str) -> None:
    formats = {"trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}
    assert set(ox.parse(to_bytes(quads, form), format=formats[form])) == set(quads)


def test_turtle_is_the_merged_graph(quads: list[ox.Quad]) -> None:
    back = {q.triple for q in ox.parse(to_bytes(quads, "turtle"), format=ox.RdfFormat.TURTLE)}
    assert back == {q.triple for q in quads if q.graph_name == ox.NamedNode(iris.GRAPH_MERGED)}


def test_blank_nodes_get_canonical_names() -> None:
    def graph(names: str) -> list[ox.Quad]:
        a, b = names
        return list(ox.parse(f"_:{a} <urn:p> _:{b} . _:{b} <urn:p> 'x' .", format=ox.RdfFormat.TURTLE))

    assert to_bytes(graph("ab"), "nquads") == to_bytes(graph("ba"), "nquads")


def test_csv_folder_and_zip(quads: list[ox.Quad], tmp_path: Path) -> None:
    export(quads, "csv", tmp_path / "tables")
    export(quads, "csv", tmp_path / "tables.zip")
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {p.name: p.read_bytes() for p in (tmp_path / "tables").iterdir()}
    rows = {r["id"]: r for r in csv.DictReader(io.StringIO(packed["presences.csv"].decode(), newline=""))}
    assert rows[ONE]["organization"] == "United Nations"
    assert rows[ONE]["organization_iri"] == UN
    assert rows[ONE]["since"] == "2025-08"
    assert rows[ONE]["focus"] == "Sustainable Development Goals | water"
    assert (rows[ONE]["reports"], rows[ONE]["quote"]) == ("1", "A centre opened.")
    assert rows[TWO]["label"].startswith("Bureau </script>")
    entities = {r["id"]: r for r in csv.DictReader(io.StringIO(packed["entities.csv"].decode(), newline=""))}
    assert (entities[UN]["label_kk"], entities[UN]["wikidata"]) == ("БҰҰ", "Q1065")
    assert (entities[ALMATY]["longitude"], entities[ALMATY]["latitude"]) == ("76.95", "43.25")


def test_csv_zip_has_no_time_of_day(quads: list[ox.Quad], tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        export(quads, "csv", tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_geojson(quads: list[ox.Quad]) -> None:
    features = {f["id"]: f for f in json.loads(to_bytes(quads, "geojson", "kk"))["features"]}
    assert features[ONE]["geometry"] == {"type": "Point", "coordinates": [76.95, 43.25]}
    assert features[ONE]["properties"]["form"] == "өңірлік орталық"
    assert features[TWO]["geometry"] is None


def test_geojson_is_what_rfc_7946_says(quads: list[ox.Quad]) -> None:
    geojson = pytest.importorskip("geojson", reason="geojson is not installed")
    found = geojson.loads(to_bytes(quads, "geojson").decode())
    assert isinstance(found, geojson.FeatureCollection)
    assert found.is_valid, found.errors()
    assert all(feature.is_valid and isinstance(feature, geojson.Feature) for feature in found["features"])
    # RFC 7946, section 4: no coordinate reference system is named; 3.1.1: longitude first, within its bounds.
    assert "crs" not in found
    points = [f["geometry"]["coordinates"] for f in found["features"] if f["geometry"]]
    assert points
    assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points)


def comparable(graph: nx.MultiDiGraph[str]) -> tuple[object, object]:
    return dict(graph.nodes(data=True)), sorted((a, b, d["label"]) for a, b, d in graph.edges(data=True))


def test_graphml_comes_back_equal(quads: list[ox.Quad]) -> None:
    back = nx.read_graphml(io.BytesIO(to_bytes(quads, "graphml")), force_multigraph=True)
    assert comparable(back) == comparable(network(View.of(quads)))
    assert back.has_edge(ONE, UN)
    assert not back.has_edge(UN, ONE)


def test_gexf_comes_back_equal_and_its_dates_are_time(quads: list[ox.Quad]) -> None:
    earliest = [("sinceEarliest", "2025-08-01"), ("untilLatest", "2030-12-31")]
    graph = ox.NamedNode(iris.GRAPH_MERGED)
    dated = [ox.Quad(ox.NamedNode(ONE), ox.NamedNode(iris.term(n)), ox.Literal(d), graph) for n, d in earliest]
    data = to_bytes([*quads, *dated], "gexf")
    assert b"lastmodifieddate" not in data
    assert b'mode="dynamic"' in data
    assert b'timeformat="date"' in data
    back = nx.read_gexf(io.BytesIO(data))
    assert (back.nodes[ONE]["start"], back.nodes[ONE]["end"]) == ("2025-08-01", "2030-12-31")
    assert "start" not in back.nodes[UN]
    for _, about in back.nodes(data=True):
        about.pop("start", None)
        about.pop("end", None)
    assert comparable(back) == comparable(network(View.of([*quads, *dated])))


def test_xml_takes_any_label() -> None:
    label = ox.Literal("a \x0b<b>&\x1f")
    node = ox.NamedNode(iris.entity("presence/x"))
    graph = ox.NamedNode(iris.GRAPH_MERGED)
    statements = [
        ox.Quad(node, ox.NamedNode(iris.PREFIXES["rdf"] + "type"), ox.NamedNode(iris.term("Presence")), graph),
        ox.Quad(node, ox.NamedNode(iris.PREFIXES["rdfs"] + "label"), label, graph),
    ]
    for form in ("graphml", "gexf"):
        ElementTree.fromstring(to_bytes(statements, form))


def test_page_is_offline_and_escaped(quads: list[ox.Quad]) -> None:
    page = to_bytes(quads, "html").decode()
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", page)
    assert "alert(" in page, "the label is there"
    assert '<script>alert("x")' not in page
    assert "</script><script>alert" not in page
    assert "\\u003c/script" in page
    assert '"physics": false' in page or '"enabled": false' in page
    data = re.search(r"nodes = new vis\.DataSet\((.*)\);", page)
    assert data
    nodes = {node["id"]: node for node in json.loads(data[1])}
    assert {"x", "y"} <= nodes[ONE].keys()
    assert "A centre opened." in nodes[ONE]["title"]


def test_page_leaves_out_what_only_the_tables_state(quads: list[ox.Quad]) -> None:
    support = ox.NamedNode(iris.term("support"))
    none = ox.Quad(ox.NamedNode(TWO), support, ox.Literal(0), ox.NamedNode(iris.GRAPH_MERGED))
    assert TWO.encode() not in to_bytes([*quads, none], "html")
    assert TWO.encode() in to_bytes([*quads, none], "graphml")


def test_labels_of_facts_without_a_name(quads: list[ox.Quad]) -> None:
    view = View.of(quads)
    assert view.label(iris.entity("count/three")) == "UN agencies: 26, Kazakhstan"


def test_empty_graph() -> None:
    for form in FORMATS:
        if form not in BUNDLES:
            to_bytes([], form)


def test_errors(quads: list[ox.Quad], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format"):
        export(quads, "docx", tmp_path / "a")
    with pytest.raises(UsageError, match="bundle"):
        export(quads, "csv", io.BytesIO())
    with pytest.raises(KgError, match="folder"):
        export(quads, "html", tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(KgError):
        export(quads, "html", tmp_path / "file" / "a.html")
    with pytest.raises(KgError):
        export(quads, "csv", tmp_path / "file")
