"""What people decide: applied at merge, undone without a trace, kept in a file that travels with the store."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import iris
from kg.build import KnowledgeGraph
from kg.errors import KgError, UsageError
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.merge import decisions as module
from kg.merge.decisions import Decision
from kg.merge.suggest import suggest
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.reference import Reference
from kg.store import EmbeddedStore, open_store
from tests.merge.test_properties import EXAMPLES, MERGED, TABLES, Report, articles, built, lines

LAX = settings(max_examples=max(20, EXAMPLES // 2), deadline=None, suppress_health_check=list(HealthCheck))
ASEL, ASSEL = "person/x-asel-omarova", "person/x-asel-omarov"
UN, KZ, ALMATY = (
    Entity(i, i.split("/", maxsplit=1)[0], (i,))  # type: ignore[arg-type]
    for i in ("organization/un", "country/kz", "city/almaty")
)
SIDES = [
    ("same", "organization/x-water-board", "organization/un"),
    ("same", "person/x-asel-omarova", "person/tokayev"),
    ("same", "presence/un.regional-centre.almaty", "presence/un.centre.almaty"),
    ("same", "presence/un.regional-centre.almaty", "presence/unicef.country-office.uz"),
    ("different", "presence/un.regional-centre.kz", "presence/un.regional-centre.almaty"),
    ("different", "decision/un.resolution.79-266@a0", "decision/un.resolution.79-266@a1"),
    ("same", "membership/kz.un", "membership/kz.unicef"),
    ("different", "membership/kz.un@a0", "membership/kz.un@a1"),
    ("different", "presence/un.centre.kz@a0", "presence/un.centre.kz@a2"),
]  # fmt: skip
decisions = st.lists(st.sampled_from(SIDES), max_size=5, unique=True).map(
    lambda found: [Decision.of(*one, "A. Judge", "2025-03-04", "seen on the spot") for one in found]
)


def decided(reports: list[Report], made: list[Decision]) -> KnowledgeGraph:
    graph = built([])
    graph.decide(made)
    for report in reports:
        graph.add(*report)
    return graph


@LAX
@given(articles(), decisions, st.data())
def test_decisions_may_come_at_any_time(reports: list[Report], made: list[Decision], data: st.DataObject) -> None:
    before = decided(reports, made)
    cut = data.draw(st.integers(0, len(reports)))
    order = data.draw(st.permutations(reports))
    graph = built(order[:cut])
    for number in range(len(data.draw(st.permutations(made)))):
        graph.decide(made[: number + 1])
    for report in order[cut:]:
        graph.add(*report)
    assert lines(graph) == lines(before)


@LAX
@given(articles(), decisions, decisions)
def test_what_is_undone_was_never_decided(reports: list[Report], made: list[Decision], others: list[Decision]) -> None:
    graph = built(reports)
    graph.decide(made)
    graph.decide(others)
    assert lines(graph) == lines(decided(reports, others))
    graph.decide([])
    assert lines(graph) == lines(built(reports))


@LAX
@given(articles(), decisions)
def test_what_is_removed_was_never_there(reports: list[Report], made: list[Decision]) -> None:
    graph = decided(reports, made)
    assert graph.remove(reports[0][0].id)
    assert lines(graph) == lines(decided(reports[1:], made))


def report(identifier: str, *facts: tuple[str, dict[str, object]], published: str = "2025-01-02") -> Report:
    said = (Evidence("Words.", 0, 6, rule="test"),)
    found = [Fact(kind, slots, said) for kind, slots in facts]  # type: ignore[arg-type]
    return Article(identifier, "en", "", "Words.", PartialDate(published)), found


def person(name: str) -> Entity:
    return Entity(f"person/x-{iris.slug(name)}", "person", (name,), known=False)


def office(**slots: object) -> tuple[str, dict[str, object]]:
    return "presence", {"organization": UN, "place": ALMATY, "form": "centre", **slots}


def minister(name: str) -> tuple[str, dict[str, object]]:
    return "tenure", {"person": person(name), "position": "minister", "of": KZ}


def of(graph: KnowledgeGraph, kind: str) -> list[str]:
    found = graph.store.match(None, terms.RDF_TYPE, io(kind), MERGED)
    return sorted(iris.local(str(q.subject.value)) for q in found)  # type: ignore[union-attr]


def empty() -> KnowledgeGraph:
    return KnowledgeGraph(EmbeddedStore(None), Reference(entries=TABLES.entries))


def test_two_people_are_one() -> None:
    graph = empty()
    for one in (report("a", minister("Asel Omarova")), report("b", minister("Asel Omarov"))):
        graph.add(*one)
    assert len(of(graph, "Tenure")) == 2
    graph.decide([Decision.of("same", ASEL, ASSEL)])
    assert of(graph, "Tenure") == [f"tenure/{ASSEL.replace('/', '~')}.minister.kz"]
    node = ox.NamedNode(iris.entity(ASSEL))
    names = {str(getattr(q.object, "value", "")) for q in graph.store.match(node, terms.ALT_LABEL, None, MERGED)}
    assert names == {"Asel Omarova"}
    replaced = list(graph.store.match(ox.NamedNode(iris.entity(ASEL)), None, None, MERGED))
    assert replaced == [ox.Quad(ox.NamedNode(iris.entity(ASEL)), prefixed("dcterms:isReplacedBy"), node, MERGED)]
    assert graph.find("Asel Omarova") == [node.value]


def test_a_new_name_of_somebody_in_the_tables() -> None:
    graph = empty()
    about = Establishment(UN, ALMATY, "centre")
    graph.add(*report("a", minister("Asel Omarov"), ("proposal", {"proposer": person("Asel Omarov"), "about": about})))
    graph.decide([Decision.of("same", ASSEL, "person/tokayev")])
    assert of(graph, "Tenure") == ["tenure/tokayev.minister.kz"]
    assert graph.find("Asel Omarov") == [iris.entity("person/tokayev")]
    assert of(graph, "Initiative") == ["initiative/tokayev.un.centre.almaty"]


def test_two_facts_are_one_and_later_reports_join_it() -> None:
    graph = empty()
    for one in (report("a", office()), report("b", office(form="mission"))):
        graph.add(*one)
    graph.decide([Decision.of("same", "presence/un.centre.almaty", "presence/un.mission.almaty")])
    graph.add(*report("c", office(form="mission")))
    graph.add(*report("d", office()))
    assert len(of(graph, "Presence")) == 1
    assert [str(getattr(q.object, "value", "")) for q in graph.store.match(None, io("support"), None, MERGED)] == ["4"]


def test_what_merging_joined_is_parted() -> None:
    graph = empty()
    for one in (report("a", office()), report("b", office(place=KZ)), report("c", office(place=KZ))):
        graph.add(*one)
    assert of(graph, "Presence") == ["presence/un.centre.almaty"]
    sides = [graph.side(iris.entity("presence/un.centre.almaty"), article) for article in ("a", "b")]
    assert sides == ["presence/un.centre.almaty@a", "presence/un.centre.kz@b"]
    graph.decide([Decision.of("different", *sides)])
    assert of(graph, "Presence") == ["presence/un.centre.almaty", "presence/un.centre.kz"]
    graph.decide([Decision.of("different", *sides), Decision.of("same", sides[1], "presence/un.centre.kz@c")])
    accounts = graph.store.match(ox.NamedNode(iris.entity("presence/un.centre.kz")), io("account"), None, MERGED)
    assert len(list(accounts)) == 2


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ([("same", ASEL, ASSEL), ("different", ASEL, ASSEL)], "same and different"),
        ([("same", ASEL, ASSEL), ("same", ASSEL, "person/x-c"), ("different", "person/x-c", ASEL)], "same and diff"),
        ([("same", "city/almaty", "city/astana")], "rows of the tables"),
        ([("same", ASEL, "person/tokayev"), ("same", ASEL, "person/other")], "rows of the tables"),
        ([("same", ASEL, "city/almaty")], "different classes"),
        ([("same", ASEL, ASEL)], "itself"),
        ([("perhaps", ASEL, ASSEL)], "no judgement"),
        ([("same", "Almaty", ASSEL)], "no id"),
    ],
)
def test_decisions_that_cannot_be(made: list[tuple[str, str, str]], message: str) -> None:
    graph = empty()
    with pytest.raises(UsageError, match=message):
        graph.decide([Decision.of(*one) for one in made])
    assert graph.decisions() == []


def test_the_file_travels_with_the_store(tmp_path: Path) -> None:
    made = Decision.of("same", ASEL, ASSEL, "A. Judge", "2025-03-04T10:00:00", 'one person, "Asel"')
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        graph.add(*report("a", minister("Asel Omarova")))
        graph.add(*report("b", minister("Asel Omarov")))
        graph.decide([made])
        kept = lines(graph)
        graph.store.backup(tmp_path / "copy")
    file = tmp_path / "store" / "decisions.csv"
    assert file.read_text().splitlines() == [
        "judgement,a,b,author,date,reason",
        f'same,{ASSEL},{ASEL},A. Judge,2025-03-04T10:00:00,"one person, ""Asel"""',
    ]
    with KnowledgeGraph.open(tmp_path / "copy", reference=TABLES) as graph:
        assert graph.decisions() == [made]
        assert lines(graph) == kept
    assert (tmp_path / "copy" / "decisions.csv").read_text() == file.read_text()


def test_the_file_may_be_edited(tmp_path: Path) -> None:
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        graph.add(*report("a", minister("Asel Omarova")))
        graph.add(*report("b", minister("Asel Omarov")))
        plain = lines(graph)
    file = tmp_path / "store" / "decisions.csv"
    file.write_text(f"# a note\njudgement,a,b\nsame,{ASEL},{ASSEL}\n")
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        assert of(graph, "Tenure") != [] and lines(graph) != plain
        assert len(graph.decisions()) == 1
    file.write_text("judgement,a,b\nsame,city/almaty,person/x-b\n")
    with pytest.raises(UsageError, match=r"decisions\.csv, line 2: .* different classes"):
        KnowledgeGraph.open(tmp_path / "store", reference=TABLES)
    file.write_text("judgement,a,b\n")
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        assert lines(graph) == plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("same,a/b,a/c\n", "line 1.*no columns"),
        ("judgement,a,b\nsame,a/b\n", "line 2.*no id"),
        ("judgement,a,b,date\nsame,a/b,a/c,yesterday\n", "line 2.*no date"),
        ("judgement,a,b\nsame,a/b,a/c\n\ndifferent,a/c,a/b\n", "line 4.*judged twice"),
    ],
)
def test_a_file_that_is_wrong(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        module.read(text, "decisions.csv")


@given(decisions)
def test_file_and_graph_hold_the_same(made: list[Decision]) -> None:
    assert sorted(module.read(module.write(made), "it")) == sorted(made)
    assert module.from_quads(module.Decisions(made).quads() if _sound(made) else ()) == (
        sorted(made) if _sound(made) else []
    )


def _sound(made: list[Decision]) -> bool:
    try:
        module.Decisions(made)
    except KgError:
        return False
    return True


def test_likely_duplicates_with_evidence_on_both_sides() -> None:
    graph = empty()
    graph.add(*report("a", minister("Asel Omarova"), published="2024-05-06"))
    graph.add(*report("b", minister("Assel Omarovna"), published="2025"))
    graph.add(*report("c", minister("Daniyar Seitov")))
    graph.add(*report("d", office(form="centre"), office(form="regional-centre")))
    graph.add(*report("e", office(organization=Entity("organization/unicef", "organization", ()), form="mission")))
    found = suggest(graph.store, module.Decisions())
    pairs = {frozenset((one.a, one.b)) for one in found}
    people = frozenset(("person/x-asel-omarova", "person/x-asel-omarovna"))
    assert pairs == {people, frozenset(("presence/un.centre.almaty", "presence/un.regional-centre.almaty"))}
    one = next(s for s in found if {s.a, s.b} == people)
    assert {tuple(q.article for q in side) for side in one.evidence} == {("a",), ("b",)}
    assert {q.published for side in one.evidence for q in side} == {"2024-05-06", "2025"}
    assert all(q.quote == "Words." for side in one.evidence for q in side)
    judged = [Decision.of("different", s.a, s.b) for s in found[:1]] + [
        Decision.of("same", s.a, s.b) for s in found[1:]
    ]
    graph.decide(judged)
    assert suggest(graph.store, module.Decisions(graph.decisions())) == []


def test_decisions_of_a_store_behind_nothing_but_quads(tmp_path: Path) -> None:
    """Without the file the decisions are read from the graph, and the file is written again."""
    made = Decision.of("same", ASEL, ASSEL)
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        graph.decide([made])
    (tmp_path / "store" / "decisions.csv").unlink()
    open_store(tmp_path / "store", read_only=True).close()
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        assert graph.decisions() == [made]
    assert ASEL in (tmp_path / "store" / "decisions.csv").read_text()
