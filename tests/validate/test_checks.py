"""The checks across graphs find nothing in a sound graph, and each finds the fault that it is for."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris, resources
from kg.build import KnowledgeGraph
from kg.model import Article, Entity, Evidence, Fact
from kg.reference import Reference
from kg.store import EmbeddedStore
from kg.validate import check

CHECKS = sorted((resources.directory("queries") / "checks").glob("*.rq"))
TEXT = "The office opened."
PRESENCE = ox.NamedNode("https://example.org/presence")
MERGED = ox.NamedNode(iris.GRAPH_MERGED)
ARTICLE, OTHER = ox.NamedNode(iris.article("a1")), ox.NamedNode(iris.article("a2"))


def io(name: str) -> ox.NamedNode:
    return ox.NamedNode(iris.term(name))


FAULTS: dict[str, tuple[list[str], list[ox.Quad]]] = {
    "account-missing": (
        ["presence/"], [ox.Quad(PRESENCE, io("account"), ox.NamedNode(ARTICLE.value + "#f9"), MERGED)],
    ),
    "support-wrong": (["presence/"], [ox.Quad(PRESENCE, io("support"), ox.Literal(7), MERGED)]),
    "evidence-elsewhere": (["#e1"], [ox.Quad(ox.NamedNode(ARTICLE.value + "#e1"), io("article"), OTHER, ARTICLE)]),
    "nameless": (
        ["city/nowhere"],
        [ox.Quad(PRESENCE, io("serves"), ox.NamedNode(iris.entity("city/nowhere")), MERGED)],
    ),
    "concept-unknown": (
        ["kind/theme/magic"],
        [ox.Quad(PRESENCE, io("focus"), ox.NamedNode(iris.concept("theme", "magic")), MERGED)],
    ),
}  # fmt: skip
"""By check: parts of the nodes that it must name, and what is put in; PRESENCE stands for the merged fact."""


@pytest.fixture
def graph() -> KnowledgeGraph:
    made = KnowledgeGraph(EmbeddedStore(None), Reference())
    board = Entity("organization/x-board", "organization", ("Board",), known=False)
    town = Entity("city/x-town", "city", ("Town",), known=False)
    fact = Fact("presence", {"organization": board, "place": town, "form": "centre"}, (Evidence(TEXT, 0, len(TEXT)),))
    made.add(Article("a1", "en", "The headline", TEXT), [fact])
    return made


def test_every_check_has_a_fault_to_find() -> None:
    assert [path.stem for path in CHECKS] == sorted(FAULTS)


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.stem)
def test_header_names_problem_and_solution(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# Problem: ")
    assert lines[1].startswith("# Solution: ")


def test_a_sound_graph_has_no_offender(graph: KnowledgeGraph) -> None:
    assert check(graph).violations == ()


@pytest.mark.parametrize("name", FAULTS)
def test_check_finds_its_fault(graph: KnowledgeGraph, name: str) -> None:
    parts, quads = FAULTS[name]
    presence = next(q.subject for q in graph.store.match(None, io("account"), None, MERGED))
    assert isinstance(presence, ox.NamedNode)
    put = [
        ox.Quad(presence if q.subject == PRESENCE else q.subject, q.predicate, q.object, q.graph_name) for q in quads
    ]
    graph.store.apply((), put)
    found = [one for one in check(graph).violations if one.shape == name]
    assert found
    assert all(one.remedy for one in found)
    assert all(any(part in one.focus for one in found) for part in parts)
