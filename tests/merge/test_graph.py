"""The graph as the commands use it: what is kept out, ids, versions, tables as a source."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kg import iris
from kg.build import KnowledgeGraph
from kg.errors import KgError, Problem
from kg.model import Article, Entity, Evidence, Fact
from kg.reference import Reference, load
from kg.store import EmbeddedStore

BOARD = Entity("organization/x-board", "organization", ("Board",), known=False)
TOWN = Entity("city/x-town", "city", ("Town",), known=False)
KEY = {"organization": BOARD, "place": TOWN, "form": "centre"}


def article(identifier: str, text: str = "It opened.") -> Article:
    return Article(identifier, "en", "", text)


def fact(status: str = "operating", quote: str = "It opened.") -> Fact:
    return Fact("presence", {**KEY, "status": status}, (Evidence(quote, 0, len(quote)),))


@pytest.fixture
def graph() -> KnowledgeGraph:
    return KnowledgeGraph(EmbeddedStore(None), Reference())


def test_facts_of_a_wrong_form_are_kept_out_and_told() -> None:
    told: list[Problem] = []
    graph = KnowledgeGraph(EmbeddedStore(None), Reference(), on_problem=told.append)
    assert graph.add(article("a"), [fact(), fact(quote="It closed."), fact("ruined")]) == "added"
    assert [a.facts for a in graph.articles()] == [1]
    assert [p.where for p in told] == ["article a", "article a"]
    assert "does not stand" in told[0].message
    assert "status" in told[1].message


def test_without_a_listener_the_log_is_told(graph: KnowledgeGraph, caplog: pytest.LogCaptureFixture) -> None:
    graph.add(article("a"), [fact(quote="It closed.")])
    assert "kept out" in caplog.text


def test_remove_by_id_iri_and_beginning(graph: KnowledgeGraph) -> None:
    ids = ["one-2019", "one-2020", "two", "two-2021", "three пять"]
    for identifier in ids:
        graph.add(article(identifier), [fact()])
    with pytest.raises(KgError, match="several ids begin"):
        graph.remove("one")
    assert not graph.remove("four")
    assert not graph.remove("")
    assert not graph.remove("reference")
    assert not graph.remove("https://example.org/two")
    assert graph.remove("two")  # a whole id before the beginning of another
    assert graph.remove(iris.article("one-2019"))
    assert graph.remove("one")
    assert graph.remove("three п")
    assert [a.id for a in graph.articles()] == ["two-2021"]


def test_the_version_depends_on_the_content_alone(graph: KnowledgeGraph) -> None:
    reports = [
        (article(name), [fact(status)]) for name, status in (("a", "planned"), ("b", "closed"), ("c", "proposed"))
    ]
    empty = graph.version
    versions = set()
    for order in itertools.permutations(reports):
        other = KnowledgeGraph(EmbeddedStore(None), Reference())
        for report in order:
            other.add(*report)
        versions.add(other.version)
    assert len(versions) == 1
    for report in reports:
        graph.add(*report)
    assert graph.version in versions
    before = graph.version
    graph.add(article("a"), [fact("closed")])
    assert graph.version != before
    graph.add(*reports[0])
    assert graph.version == before
    for report in reports:
        graph.remove(report[0].id)
    assert graph.version == empty


def test_tables_as_a_source_can_be_left_out(tmp_path: Path) -> None:
    entries = {i: load().entries[i] for i in ("organization/un", "country/kz")}
    row = {"organization": "un", "form": "country-office", "place": "country/kz", "status": "operating"}
    tables = Reference(entries, presences=(row,))
    with KnowledgeGraph.open(tmp_path / "store", reference=tables) as graph:
        assert graph.stats()["presence"] == 1
        graph.add(article("a"), [fact()])
    with KnowledgeGraph.open(tmp_path / "store", reference=tables, reference_accounts=False) as graph:
        assert graph.stats()["presence"] == 1  # that of the article
        assert graph.find("United Nations") == [iris.entity("organization/un")]
        kept = {str(q) for q in graph.quads()}
    fresh = KnowledgeGraph(EmbeddedStore(None), tables, reference_accounts=False)
    fresh.add(article("a"), [fact()])
    assert {str(q) for q in fresh.quads()} == kept
