"""The links that merging keeps up to date are those that the rules of the ontology derive."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given

from kg import iris, resources
from kg.build import KnowledgeGraph
from kg.graph.terms import io
from tests.merge.test_properties import LAX, MERGED, Report, articles, built

RULES = {"country": "country", "hosts": "hosts", "ledto": "ledTo"}


def rule(name: str) -> str:
    return (resources.directory("ontology") / "rules" / f"{name}.rq").read_text(encoding="utf-8")


def derived(graph: KnowledgeGraph, name: str) -> set[tuple[str, str]]:
    answer = graph.query(rule(name))
    assert isinstance(answer, ox.QueryTriples)
    return {(str(t.subject), str(t.object)) for t in answer}


def kept(graph: KnowledgeGraph, name: str) -> set[tuple[str, str]]:
    found = graph.store.match(None, io(RULES[name]), None, MERGED)
    presence = f"<{iris.entity('presence/')}"
    pairs = {(str(q.subject), str(q.object)) for q in found}
    # The tables state the country of a city in the same words.
    return {(s, o) for s, o in pairs if name != "country" or s.startswith(presence[:-1])}


def test_every_rule_is_tested() -> None:
    folder: Path = resources.directory("ontology") / "rules"
    assert {path.stem for path in folder.glob("*.rq")} == set(RULES)


@pytest.mark.parametrize("name", sorted(RULES))
@LAX
@given(reports=articles())
def test_the_rules_say_the_same(name: str, reports: list[Report]) -> None:
    graph = built(reports)
    assert kept(graph, name) == derived(graph, name)


@pytest.mark.parametrize("name", sorted(RULES))
@LAX
@given(reports=articles())
def test_the_rules_say_the_same_after_a_removal(name: str, reports: list[Report]) -> None:
    graph = built(reports)
    graph.remove(reports[0][0].id)
    assert kept(graph, name) == derived(graph, name)
