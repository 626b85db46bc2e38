"""The graph depends on what is in it, not on how it got there."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import iris
from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.reference import Reference
from kg.store import EmbeddedStore
from tests.merge import conftest as reports
from tests.merge.conftest import REPORTS

PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in iris.PREFIXES.items())
LAX = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(graph: KnowledgeGraph, pattern: str, name: str = "x") -> list[str]:
    answer = graph.query(f"{PREFIXES}SELECT DISTINCT ?{name} WHERE {{ {pattern} }}")
    assert isinstance(answer, ox.QuerySolutions)
    return sorted(str(row[name].value).removeprefix(iris.ID_PREFIX).removeprefix(iris.KIND_PREFIX) for row in answer)


def built(tables: Reference, numbers: list[int]) -> KnowledgeGraph:
    graph = KnowledgeGraph(EmbeddedStore(None), tables)
    for number in numbers:
        graph.add(*REPORTS[number])
    return graph


everything = st.permutations(range(len(REPORTS)))


@LAX
@given(order=everything, again=st.lists(st.integers(0, len(REPORTS) - 1), max_size=4))
def test_any_order_and_twice(tables: Reference, order: list[int], again: list[int]) -> None:
    assert set(built(tables, [*order, *again]).quads()) == set(built(tables, list(range(len(REPORTS)))).quads())


@LAX
@given(order=everything, gone=st.sets(st.integers(0, len(REPORTS) - 1)))
def test_removed_is_never_added(tables: Reference, order: list[int], gone: set[int]) -> None:
    graph = built(tables, order)
    for number in sorted(gone):
        assert graph.remove(REPORTS[number][0].id)
    assert set(graph.quads()) == set(built(tables, [n for n in order if n not in gone]).quads())


def test_what_was_done(graph: KnowledgeGraph) -> None:
    article, facts = REPORTS[1]
    assert graph.add(article, facts) == "added"
    assert graph.add(article, reversed(facts)) == "unchanged"
    assert graph.add(article, facts[:1]) == "replaced"
    assert not graph.remove("nothing")
    assert not graph.remove("reference")
    with pytest.raises(KgError):
        graph.add(reports.article("reference"), [])


def test_life_line(tables: Reference) -> None:
    graph = built(tables, list(range(len(REPORTS))))
    centre = "<" + iris.entity("presence/un.regional-centre.almaty") + ">"
    assert rows(graph, f"?x io:about {centre}") == [
        "agreement/kz.un.2025-08-03.un.regional-centre.almaty",
        "decision/un-general-assembly.resolution.2019-12-18.un.regional-centre.almaty",
        "decision/un-general-assembly.resolution.a-res-79-266",
        "initiative/kz.un.regional-centre.almaty",
    ]
    assert len(rows(graph, f"?x io:ledTo+ {centre}")) == 4
    assert rows(graph, f"{centre} io:status ?x") == ["status/operating"]
    assert rows(graph, f"{centre} io:since ?x") == ["2025-08-03"]
    assert rows(graph, f"{centre} io:country ?x") == ["country/kz"]
    assert rows(graph, f"?x io:hosts {centre}") == ["city/almaty", "country/kz"]
    assert rows(graph, f"{centre} io:support ?x") == ["6"]


def test_choices_are_told(tables: Reference) -> None:
    graph = built(tables, list(range(len(REPORTS))))
    decision = "<" + iris.entity("decision/un-general-assembly.resolution.a-res-79-266") + ">"
    pattern = f"{decision} io:choice ?c . ?c io:slot io:inFavour ;"
    assert rows(graph, f"{pattern} io:rule ?x") == ["merge-rule/most-recent"]
    assert rows(graph, f"{pattern} io:value ?x") == ["153"]
    assert rows(graph, f"{pattern} io:alternative ?x") == ["152"]
    assert rows(graph, f"{decision} io:date ?x") == ["2025-03-04"]


def test_initiative_is_dated_to_the_first_time(tables: Reference) -> None:
    graph = built(tables, [0, 2])
    assert rows(graph, "?f a io:Initiative ; io:date ?x") == ["2019-09"]
    assert rows(graph, "?f a io:Initiative ; io:support ?x") == ["2"]


def test_an_establishment_spoken_about_is_not_asserted(graph: KnowledgeGraph) -> None:
    graph.add(reports.article("z", "2020"), [reports.fact("proposal", proposer=reports.UZ, about=reports.ELSEWHERE)])
    assert rows(graph, "?f io:about ?x . ?x a io:EstablishmentReference") == [
        "establishment/un.regional-centre.tashkent"
    ]
    assert not rows(graph, "?x a io:Presence . ?f io:about ?x")
    graph.remove("z")
    assert not rows(graph, "?x a io:EstablishmentReference")


@LAX
@given(late=st.lists(st.sampled_from(["proposed", "planned"]), min_size=1, max_size=3))
def test_a_plan_never_turns_back(tables: Reference, late: list[str]) -> None:
    graph = KnowledgeGraph(EmbeddedStore(None), tables)
    graph.add(reports.article("open", "2025-08-04"), [reports.presence(status="operating")])
    for number, status in enumerate(late):
        graph.add(reports.article(f"n{number}", f"2026-0{number + 1}"), [reports.presence(status=status)])
    centre = "<" + iris.entity("presence/un.regional-centre.almaty") + ">"
    assert rows(graph, f"{centre} io:status ?x") == ["status/operating"]


def test_names_in_two_scripts_meet(tables: Reference) -> None:
    graph = built(tables, [3, 4])
    people = rows(graph, "?f a io:Tenure ; io:support 2 ; io:person ?x")
    assert len(people) == 1
    assert graph.find("tokayeva") == graph.find("Тоқаева") == [iris.entity(people[0])]


def test_articles(tables: Reference) -> None:
    found = built(tables, [1, 0]).articles()
    assert [(a.id, a.lang, str(a.published), a.facts) for a in found] == [
        ("a", "en", "2019-09-25", 2),
        ("b", "en", "2025-03-05", 3),
    ]


def test_a_store_of_other_tables_is_renewed(tables: Reference, tmp_path: Path) -> None:
    fewer = Reference(entries=dict(tables.entries))
    with KnowledgeGraph.open(tmp_path / "store", reference=fewer) as graph:
        for report in REPORTS:
            graph.add(*report)
    with KnowledgeGraph.open(tmp_path / "store", reference=tables) as graph:
        assert set(graph.quads()) == set(built(tables, list(range(len(REPORTS)))).quads())


def test_reference_facts(graph: KnowledgeGraph) -> None:
    assert "presence/unicef.country-office.tashkent" in rows(graph, "?x a io:Presence ; io:support 0")
    assert "membership/kz.un" in rows(graph, "?x a io:Membership")
    assert graph.find("city/almaty") == [iris.entity("city/almaty")]
    assert graph.stats()["articles"] == 0
