"""Measures on a small network that one can reckon by hand, and the command with its chart and GraphML."""

from __future__ import annotations

import io
import json
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import analysis, cli, iris
from kg.analysis import MEASURES, Analysis
from kg.errors import KgError, UsageError
from kg.export.words import texts
from kg.model import LANGUAGES


class Graph:
    """Establishments by (organisation, place, since, until, status), as a graph that can be asked."""

    def __init__(self, *rows: tuple[str, str, str, str, str]) -> None:
        self.store = ox.Store()
        for n, (organization, place, since, until, status) in enumerate(rows):
            known = {"organization": f"organization/{organization}", "place": f"city/{place}"}
            node = ox.NamedNode(iris.entity(f"presence/{n}"))
            self._add(node, iris.PREFIXES["rdf"] + "type", ox.NamedNode(iris.term("Presence")))
            for name, local in known.items():
                self._add(node, iris.term(name), ox.NamedNode(iris.entity(local)))
            self._add(node, iris.term("status"), ox.NamedNode(iris.concept("status", status)))
            for name, year in (("since", since), ("until", until)):
                if year:
                    self._add(node, iris.term(f"{name}Earliest"), ox.Literal(f"{year}-01-01"))
                    self._add(node, iris.term(f"{name}Latest"), ox.Literal(f"{year}-12-31"))

    def _add(self, node: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self.store.add(ox.Quad(node, ox.NamedNode(predicate), value))

    def query(self, text: str, /) -> object:
        return self.store.query(text)


def org(name: str) -> str:
    return iris.entity(f"organization/{name}")


def city(name: str) -> str:
    return iris.entity(f"city/{name}")


# a and b are both in x and y; only c joins y with z.
SMALL = (
    ("a", "x", "1990", "", "operating"), ("a", "y", "1992", "", "operating"), ("b", "x", "", "", "operating"),
    ("b", "y", "1992", "", "operating"), ("c", "y", "", "", "operating"), ("c", "z", "1980", "", "operating"),
    ("d", "x", "1985", "1995", "closed"), ("e", "z", "2030", "", "planned"),
)  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Analysis:
    return Analysis.of(Graph(*SMALL))  # type: ignore[arg-type]


def test_centrality(small: Analysis) -> None:
    rows = small.table("hosts").rows
    assert [row[:3] for row in rows] == [(city("y"), 3, 3), (city("x"), 2, 2), (city("z"), 1, 1)]
    # y lies on all shortest ways from c and z to the rest, and on half of those between a and b: 6.5 of 10 pairs.
    assert rows[0][3] == pytest.approx(0.65)
    assert [row[0] for row in small.table("organizations", 2).rows] == [org("c"), org("a")]


def test_bridges_and_communities(small: Analysis) -> None:
    assert small.table("bridges").rows == ((city("y"), "place", 2), (org("c"), "organization", 2))
    members = [set(group) for group in small.communities]
    assert {org("c"), city("z")} <= next(group for group in members if city("z") in group)
    assert sum(row[1] for row in small.table("communities").rows) == 3


def test_pairs(small: Analysis) -> None:
    assert small.table("together").rows[0] == (org("a"), org("b"), 2, 1.0)
    assert (city("x"), city("y"), 2, 0.667) in small.table("similar").rows


def test_growth_counts_what_has_a_date(small: Analysis) -> None:
    rows = {row[0]: row[1:] for row in small.table("growth").rows}
    assert rows[1980] == (1, 0, 1)
    assert rows[1992] == (2, 0, 5)
    assert rows[1995] == (0, 1, 4)
    assert 2030 not in rows, "a plan is not done"


def test_on_a_date() -> None:
    then = Analysis.of(Graph(*SMALL), "1986")  # type: ignore[arg-type]
    assert org("d") in then.network
    assert org("e") not in then.network
    assert not then.network.has_edge(org("a"), city("x"))
    with pytest.raises(UsageError, match="no date"):
        Analysis.of(Graph(*SMALL), "yesterday")  # type: ignore[arg-type]
    with pytest.raises(KgError, match="no establishment"):
        Analysis.of(Graph())
    with pytest.raises(UsageError, match="no measure"):
        then.table("fame")


def test_betweenness_is_what_networkx_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "_SOURCES", 7)
    for graph in (nx.davis_southern_women_graph(), nx.gnm_random_graph(40, 45, seed=3), nx.path_graph(2)):
        named = nx.relabel_nodes(graph, str)
        expected = nx.betweenness_centrality(named)
        found = analysis.betweenness(named)
        assert found.keys() == expected.keys()
        assert all(abs(found[node] - expected[node]) < 1e-8 for node in expected)


def test_communities_of_a_large_network(monkeypatch: pytest.MonkeyPatch, small: Analysis) -> None:
    expected = small.communities
    monkeypatch.setattr(analysis, "MANY", 0)
    assert Analysis(small.presences, small.network).communities == expected


def test_graphml_has_the_measures(small: Analysis) -> None:
    graph = small.attributed(lambda iri: iri.rsplit("/", 1)[-1])
    buffer = io.BytesIO()
    nx.write_graphml_xml(graph, buffer)
    back = nx.read_graphml(io.BytesIO(buffer.getvalue()))
    assert back.nodes[org("c")] == graph.nodes[org("c")]
    assert (back.nodes[org("c")]["bridge"], back.nodes[org("a")]["bridge"]) == (True, False)
    assert back.number_of_edges() == 6


def test_each_measure_is_explained_with_its_source() -> None:
    for lang in LANGUAGES:
        said = texts(lang)["measures"]
        assert all(said[name] and len(said[f"{name}-said"]) > 60 for name in MEASURES)
        for name in set(MEASURES) - {"growth"}:
            assert any(year in said[f"{name}-said"] for year in ("1901", "1973", "1977", "2004")), name


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    from kg.build import KnowledgeGraph

    path = str(tmp_path_factory.mktemp("analysis") / "store")
    KnowledgeGraph.open(path, read_only=False).close()
    return path


def test_the_command(store: str, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli.main, ["--store", store, "analyse", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert all(name in run() for name in MEASURES)
    hosts = json.loads(run("hosts", "--top", "3", "--format", "json", "--lang", "kk"))
    assert hosts[0]["place"] == city("geneva")
    assert hosts[0]["place_label"] == "Женева"
    assert run("growth", "--format", "csv").startswith("year,opened,closed,standing")
    assert run("together", "--top", "2", "--format", "markdown").count("\n") == 4
    run("--graphml", str(tmp_path / "a.graphml"))
    assert len(nx.read_graphml(tmp_path / "a.graphml")) > 500
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    for measure in ("growth", "bridges"):
        for name in ("a.svg", "b.svg", "a.png"):
            run(measure, "--chart", str(tmp_path / name))
        assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
        assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    result = CliRunner().invoke(cli.main, ["--store", store, "analyse", "growth", "--chart", str(tmp_path / "a.doc")])
    assert result.exit_code == 2


def test_pairs_looked_at_in_parts_are_the_same(small: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [small.table(measure, 2).rows for measure in ("together", "similar")]
    monkeypatch.setattr("kg.analysis._AT_ONCE", 1)
    assert [small.table(measure, 2).rows for measure in ("together", "similar")] == whole
    assert all(len(rows) == 2 for rows in whole)
