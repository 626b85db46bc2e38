"""A graph that does not fit into memory: its exports are those of a small one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import cli
from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.export import export, parts, rdf
from kg.extract import Extractor
from kg.read import corpus, read


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph.open(str(tmp_path_factory.mktemp("parts") / "store"), read_only=False) as made:
        for article, facts in Extractor().many(read(corpus())):
            made.add(article, facts)
        yield made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts, of a graph that would be one."""
    monkeypatch.setattr(parts, "_FACTS", 90)
    monkeypatch.setattr(parts, "_GROUP", 1_000)
    monkeypatch.setattr(rdf, "_LINES", 20_000)


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads", "jsonld", "geojson", "kml"])
def test_a_file_is_the_same(graph: KnowledgeGraph, tmp_path: Path, form: str) -> None:
    whole, made = io.BytesIO(), tmp_path / "made"
    count = export(graph.quads(), form, whole, "kk")
    assert parts.write(graph, form, made, "kk") == count > 1_000
    assert made.read_bytes() == whole.getvalue()
    assert [path.name for path in tmp_path.iterdir()] == ["made"], "nothing is left beside it"


def test_tables_are_the_same(graph: KnowledgeGraph, tmp_path: Path) -> None:
    assert export(graph.quads(), "csv", tmp_path / "whole", "ru") == parts.write(graph, "csv", tmp_path / "made", "ru")
    parts.write(graph, "csv", tmp_path / "made.zip", "ru")
    with zipfile.ZipFile(tmp_path / "made.zip") as archive:
        for path in (tmp_path / "whole").iterdir():
            assert path.read_bytes() == (tmp_path / "made" / path.name).read_bytes() == archive.read(path.name)


def test_parquet_holds_the_same(graph: KnowledgeGraph, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    export(graph.quads(), "parquet", tmp_path / "whole")
    parts.write(graph, "parquet", tmp_path / "made")
    for path in (tmp_path / "whole").iterdir():
        assert parquet.read_table(path).equals(parquet.read_table(tmp_path / "made" / path.name))


def test_blank_nodes_get_the_same_names() -> None:
    text = "_:a <urn:p> _:b . _:b <urn:p> 'x\\u0000\\n' . <urn:s> <urn:p> 'y' ."
    quads = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    found = []
    for write in (rdf.write, rdf.write_sorted):
        out = io.BytesIO()
        write([ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode("urn:g")) for q in quads], "nquads", out)
        found.append(out.getvalue())
    assert found[0] == found[1]
    assert found[0].count(b"\n") == 3


def test_what_is_too_much_is_told_before(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parts, "MOST", {"xlsx": 100, "graphml": 100, "gexf": 100, "site": 100})
    for form in parts.MOST:
        with pytest.raises(KgError, match="takes 100 facts, and the graph has"):
            parts.check(form, parts.size(graph))
    parts.check("csv", 10_000_000)
    store = str(graph.store.path)  # type: ignore[attr-defined]
    result = CliRunner().invoke(cli.main, ["--store", store, "export", "xlsx", "-o", str(tmp_path / "a.xlsx")])
    assert result.exit_code == 1
    assert "--around ENTITY" in result.output
    assert not (tmp_path / "a.xlsx").exists()


def test_the_command_writes_a_large_graph_by_parts(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parts, "LARGE", 100)
    store = str(graph.store.path)  # type: ignore[attr-defined]

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli.main, ["--store", store, "export", *arguments])

    export(graph.quads(), "geojson", tmp_path / "whole")
    made = run("geojson", "-o", str(tmp_path / "new" / "made"))
    assert made.exit_code == 0, made.output
    assert "features in" in made.output
    assert (tmp_path / "new" / "made").read_bytes() == (tmp_path / "whole").read_bytes()
    assert run("geojson").stdout_bytes == (tmp_path / "whole").read_bytes()
    for form, place in (("csv", tmp_path / "whole"), ("nquads", tmp_path)):
        wrong = run(form, "-o", str(place))
        assert wrong.exit_code == 1, wrong.output
        assert str(place) in wrong.output
    assert run("xlsx", "-o", str(tmp_path / "a.xlsx")).exit_code == 0, "what is not written by parts is written whole"
