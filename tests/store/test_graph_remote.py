"""The whole graph behind an address holds what it holds on disk."""

from __future__ import annotations

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph
from kg.merge.decisions import Decision
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.moment import at
from kg.reference import Reference
from kg.store import EmbeddedStore, open_store

BOARD = Entity("organization/x-board", "organization", ("Water Board",), known=False)
TOWN = Entity("city/x-town", "city", ("Town",), known=False)
STATE = Entity("country/x-land", "country", ("Land",), known=False)
TEXT = 'Строка "первая".\nThe board opened.'


def reports() -> list[tuple[Article, list[Fact]]]:
    spoken = Establishment(BOARD, TOWN, "centre")
    said = (Evidence("The board opened.", 17, 34, confidence=0.9),)
    sure = (Evidence("The board opened.", 17, 34),)
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
        (Article("three", "kk", "", TEXT), [Fact("presence", {**key, "status": "proposed"}, sure)]),
    ]  # fmt: skip


def lines(graph: KnowledgeGraph) -> list[str]:
    """The quads; Virtuoso makes an integer of the decimal 1."""
    decimal, integer = (f'"1"^^<{iris.PREFIXES["xsd"]}{name}>' for name in ("decimal", "integer"))
    return sorted(str(quad).replace(decimal, integer) for quad in graph.quads())


def test_remote_and_embedded(address: str) -> None:
    store = open_store(address)
    remote, embedded = KnowledgeGraph(store, Reference()), KnowledgeGraph(EmbeddedStore(None), Reference())
    for report in reports():
        assert remote.add(*report) == embedded.add(*report) == "added"
        assert lines(remote) == lines(embedded)
    for report in reversed(reports()):
        assert remote.add(*report) == "unchanged"
    assert [a.id for a in remote.articles()] == ["one", "three", "two"]
    assert remote.find("water board") == embedded.find("water board") != []
    opened = KnowledgeGraph.open(address, read_only=True)
    answer = opened.query(f"SELECT ?x WHERE {{ ?p a <{iris.term('Presence')}> ; <{iris.term('status')}> ?x }}")
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["x"].value for row in answer] == [iris.concept("status", "operating")]  # type: ignore[union-attr]
    assert remote.remove("two")
    assert embedded.remove("two")
    assert lines(remote) == lines(embedded)
    for identifier in ("one", "three"):
        assert remote.remove(identifier)
    assert lines(remote) == lines(KnowledgeGraph(EmbeddedStore(None), Reference()))


def test_people_decide_and_search_behind_an_address(address: str) -> None:
    remote, embedded = (
        KnowledgeGraph(open_store(address), Reference()),
        KnowledgeGraph(EmbeddedStore(None), Reference()),
    )
    sides = "presence/organization~x-water-board.centre.city~x-town", "presence/organization~x-water-board.mission.land"
    for graph in (remote, embedded):
        for report in reports():
            graph.add(*report)
        graph.decide([Decision.of("different", *sides, "A. Judge", "2025-03-04", "seen")])
    assert remote.decisions() == embedded.decisions() != []
    assert lines(remote) == lines(embedded)
    assert {hit.article for hit in remote.search("opening", ["quote"])} == {"one", "two", "three"}
    day = PartialDate("2024")
    assert sorted(map(str, remote.known_by(day).match())) == sorted(map(str, embedded.known_by(day).match()))
    view = at(KnowledgeGraph(open_store(address, read_only=True)), as_of=PartialDate("2023"))
    assert not list(
        view.store.match(None, None, ox.NamedNode(iris.term("Initiative")), ox.NamedNode(iris.GRAPH_MERGED))
    )
