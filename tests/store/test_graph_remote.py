"""The whole graph behind an address holds what it holds on disk."""

from __future__ import annotations

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.reference import Reference
from kg.store import EmbeddedStore, open_store

BOARD = Entity("organization/x-board", "organization", ("Water Board",), known=False)
TOWN = Entity("city/x-town", "city", ("Town",), known=False)
STATE = Entity("country/x-land", "country", ("Land",), known=False)
TEXT = 'Строка "первая".\nThe board opened.'


def reports() -> list[tuple[Article, list[Fact]]]:
    spoken = Establishment(BOARD, TOWN, "centre")
    said = (Evidence("The board opened.", 17, 34, confidence=0.9),)
    key = {"organization": BOARD, "place": TOWN, "form": "centre"}
    return [
        (Article("one", "en", "A title", TEXT, PartialDate("2024")), [
            Fact("proposal", {"proposer": STATE, "about": spoken, "date": PartialDate("2024-01")}, said),
            Fact("presence", {**key, "status": "planned"}, said),
        ]),
        (Article("two", "ru", "", TEXT, PartialDate("2025-03-04")), [
            Fact("decision", {"body": BOARD, "instrument": "decision", "about": spoken, "in_favour": 5}, said),
            Fact("presence", {**key, "status": "operating", "since": PartialDate("2025"), "name": "Орталық"}, said),
        ]),
        (Article("three", "kk", "", TEXT), [Fact("presence", {**key, "status": "proposed"}, said)]),
    ]  # fmt: skip


def lines(graph: KnowledgeGraph) -> list[str]:
    return sorted(map(str, graph.quads()))


def test_remote_and_embedded(server: str) -> None:
    store = open_store(server)
    store.apply(list(store.match()), ())
    remote, embedded = KnowledgeGraph(store, Reference()), KnowledgeGraph(EmbeddedStore(None), Reference())
    for report in reports():
        assert remote.add(*report) == embedded.add(*report) == "added"
        assert lines(remote) == lines(embedded)
    for report in reversed(reports()):
        assert remote.add(*report) == "unchanged"
    assert [a.id for a in remote.articles()] == ["one", "three", "two"]
    assert remote.find("water board") == embedded.find("water board") != []
    opened = KnowledgeGraph.open(server, read_only=True)
    answer = opened.query(f"SELECT ?x WHERE {{ ?p a <{iris.term('Presence')}> ; <{iris.term('status')}> ?x }}")
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["x"].value for row in answer] == [iris.concept("status", "operating")]  # type: ignore[union-attr]
    assert remote.remove("two")
    assert embedded.remove("two")
    assert lines(remote) == lines(embedded)
    for identifier in ("one", "three"):
        assert remote.remove(identifier)
    assert lines(remote) == lines(KnowledgeGraph(EmbeddedStore(None), Reference()))
