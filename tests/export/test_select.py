"""Parts of the graph: around an entity, and what an answer names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import cli, iris
from kg.build import KnowledgeGraph
from kg.errors import UsageError
from kg.export import select
from kg.export.view import View
from kg.extract import Extractor
from kg.model import Article, PartialDate
from kg.read import corpus, read

CENTRE = iris.entity("presence/un.regional-centre.almaty")
ALMATY = iris.entity("city/almaty")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("select") / "store"
    with KnowledgeGraph.open(str(path), read_only=False) as graph:
        for article, facts in Extractor().many(read(corpus())):
            graph.add(article, facts)
    return path


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[KnowledgeGraph]:
    found = KnowledgeGraph.open(str(store), read_only=True)
    yield found
    found.close()


def test_around_a_city(graph: KnowledgeGraph) -> None:
    near = select.around(graph, ALMATY, 1)
    assert {CENTRE, iris.entity("organization/un"), ALMATY} <= near
    assert iris.entity("presence/undp.headquarters.new-york") not in near
    far = select.around(graph, ALMATY, 2)
    assert near < far
    assert iris.entity("presence/un.headquarters.new-york") in far


def test_around_an_establishment_is_its_life_line(graph: KnowledgeGraph) -> None:
    kinds = {iri.removeprefix(iris.ID_PREFIX).split("/")[0] for iri in select.around(graph, CENTRE, 1)}
    assert {"presence", "initiative", "decision", "agreement", "organization", "city", "person"} <= kinds


def test_what_is_to_come_has_no_moves(tmp_path: Path) -> None:
    def article(name: str, text: str) -> Article:
        return Article(name, "en", "", text, PartialDate("2025-08-05"))

    moved = article("moved", "The United Nations moved its staff from Kabul to Almaty on 18 August 2021.")
    planned = article("planned", "A United Nations regional centre is to open in Almaty in 2026.")
    opened = article("opened", "The United Nations regional centre in Almaty has been operating since 2020.")
    for later, moves in ((planned, 0), (opened, 1)):
        with KnowledgeGraph.open(str(tmp_path / later.id), read_only=False) as graph:
            for told, facts in Extractor().many([moved, later]):
                graph.add(told, facts)
            assert len(select.rows(graph, f"?move io:to <{ALMATY}>", "move")) == 1
            line = select.life_line(graph, CENTRE)
            assert len([iri for iri in line if "/relocation/" in iri]) == moves


def test_what_an_answer_names(graph: KnowledgeGraph) -> None:
    facts = select.named_in(graph, graph.query("SELECT ?p { ?p a <https://w3id.org/presence-kg/ontology#Mission> }"))
    assert len([iri for iri in facts if "/presence/" in iri]) > 20
    alone = select.named_in(graph, graph.query(f"SELECT ?o {{ VALUES ?o {{ <{ALMATY}> }} }}"))
    assert CENTRE in alone, "of entities alone the facts about them"
    with pytest.raises(UsageError, match="names no fact"):
        select.named_in(graph, graph.query("SELECT (1 AS ?x) {}"))
    with pytest.raises(UsageError, match="yes or no"):
        select.named_in(graph, graph.query("ASK {}"))


def test_a_selection_says_just_what_the_graph_says(graph: KnowledgeGraph) -> None:
    everything = set(graph.quads())
    part = set(select.quads_of(graph, select.around(graph, CENTRE), linked=False, whole=True))
    assert part < everything
    view, whole = View.of(part), View.of(everything)
    assert view.quotes[CENTRE] == whole.quotes[CENTRE]
    assert view.point(ALMATY) == whole.point(ALMATY)
    assert view.point(ALMATY), "a place without its position is not on the map"
    texts = [q for q in part if q.predicate.value == iris.term("text")]
    assert texts, "the quotes can be checked"


def test_the_command(store: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.main, ["--store", str(store), "export", *arguments])
        return result.exit_code, result.stderr

    out = tmp_path / "a.geojson"
    assert run("geojson", "--around", "Алматы", "-o", str(out))[0] == 0
    around = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert CENTRE in {f["id"] for f in around}
    assert 5 < len(around) < 100
    assert run("geojson", "--query", "missions", "-o", str(out))[0] == 0
    assert run("geojson", "--query", "SELECT ?x WHERE { ?x a io:Nonsense }", "-o", str(out))[0] == 2
    assert run("geojson", "--around", "almaty", "--query", "missions")[0] == 2
    status, told = run("geojson", "--around", "Atlantis")
    assert status == 1
    assert "Atlantis" in told
    trig = tmp_path / "a.trig"
    assert run("trig", "--around", "almaty", "-o", str(trig))[0] == 0
    first = trig.read_bytes()
    assert run("trig", "--around", "almaty", "-o", str(trig))[0] == 0
    assert trig.read_bytes() == first
    assert len(list(ox.parse(first, format=ox.RdfFormat.TRIG))) > 100
