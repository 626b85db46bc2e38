"""Shapes and checks: what conforms says nothing, what does not is told by node and reason."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris
from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.reference import Reference, load
from kg.store import EmbeddedStore
from kg.validate import validate

PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in iris.PREFIXES.items())
SHAPE = f"""{PREFIXES}
io:PresenceShape a sh:NodeShape ; sh:targetClass io:Presence ;
  sh:property [ sh:path io:place ; sh:minCount 1 ; sh:message "an establishment is somewhere" ] ;
  sh:property [ sh:path io:status ; sh:maxCount 1 ; sh:severity sh:Warning ] .
"""
CHECK = """# problem: a presence without an organisation
# solution: look at its accounts
SELECT ?x WHERE { ?x a io:Presence FILTER NOT EXISTS { ?x io:organization ?o } }
"""


@pytest.fixture
def graph() -> KnowledgeGraph:
    return KnowledgeGraph(EmbeddedStore(None), Reference())


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "shapes.ttl").write_text(SHAPE)
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "whose.rq").write_text(CHECK)
    return tmp_path / "shapes.ttl", tmp_path / "checks"


def test_nothing_to_tell(graph: KnowledgeGraph, rules: tuple[Path, Path]) -> None:
    assert validate(graph, shapes=rules[0], checks=rules[1]) == []


def test_what_is_wrong_is_told(graph: KnowledgeGraph, rules: tuple[Path, Path]) -> None:
    node, merged = ox.NamedNode(iris.entity("presence/nowhere")), ox.NamedNode(iris.GRAPH_MERGED)
    type_, status = ox.NamedNode(iris.PREFIXES["rdf"] + "type"), ox.NamedNode(iris.term("status"))
    graph.store.apply((), [
        ox.Quad(node, type_, ox.NamedNode(iris.term("Presence")), merged),
        *(ox.Quad(node, status, ox.NamedNode(iris.concept("status", s)), merged) for s in ("planned", "closed")),
    ])  # fmt: skip
    found = validate(graph, shapes=rules[0], checks=rules[1])
    assert [(p.where, p.severity) for p in found] == [("id:presence/nowhere", s) for s in ("error", "error", "warning")]
    assert found[0].message == "a presence without an organisation"
    assert found[0].remedy == "look at its accounts"
    assert found[1].message == "io:place: an establishment is somewhere"


def test_without_shapes(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="missing"):
        validate(graph, shapes=tmp_path / "shapes.ttl")
    (tmp_path / "shapes.ttl").write_text("this is no Turtle")
    with pytest.raises(KgError, match="not Turtle"):
        validate(graph, shapes=tmp_path / "shapes.ttl")


def test_what_the_tables_alone_state_is_checked_on_demand(rules: tuple[Path, Path]) -> None:
    entries = {i: load().entries[i] for i in ("organization/un", "country/kz")}
    row = {"organization": "un", "form": "country-office", "place": "country/kz", "status": "operating"}
    graph = KnowledgeGraph(EmbeddedStore(None), Reference(entries, presences=(row,)))
    rules[0].write_text(SHAPE.replace("sh:minCount 1", "sh:maxCount 0"))
    assert validate(graph, shapes=rules[0], checks=rules[1]) == []
    found = validate(graph, tables=True, shapes=rules[0], checks=rules[1])
    assert len(found) == 2  # in the tables' account and in the merged graph
