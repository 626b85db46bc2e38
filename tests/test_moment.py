"""The graph at a moment: known by a date is a store of only those articles, as of a date is what may have held."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given

from kg import iris
from kg.build import KnowledgeGraph
from kg.changes import changes
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.decisions import Decision
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate, SlotValue
from kg.moment import FOLDER, at
from kg.reference import Reference
from kg.store import EmbeddedStore
from tests.merge.test_decisions import LAX, decisions
from tests.merge.test_properties import ENTRIES, MERGED, TABLES, Report, articles, dates, lines

BARE = Reference(entries=TABLES.entries)
ACCOUNT = io("account")


def until(reports: list[Report], date: PartialDate) -> list[Report]:
    return [r for r in reports if r[0].published is not None and r[0].published.latest <= date.latest]


def graph_of(reports: list[Report], made: list[Decision], tables: Reference) -> KnowledgeGraph:
    graph = KnowledgeGraph(EmbeddedStore(None), tables)
    graph.decide(made)
    for report in reports:
        graph.add(*report)
    return graph


@LAX
@given(articles(), decisions, dates)
def test_known_by_is_a_store_of_only_those_articles(
    reports: list[Report], made: list[Decision], date: PartialDate
) -> None:
    graph = graph_of(reports, made, BARE)
    view = graph.known_by(date)
    assert sorted(map(str, view.match())) == lines(graph_of(until(reports, date), made, BARE))


@LAX
@given(articles(), dates)
def test_the_tables_are_known_from_the_day_on_which_they_were_looked_up(
    reports: list[Report], date: PartialDate
) -> None:
    """A row looked up in 2026 is not known before; by the end of 2026 all is known, but articles without a date."""
    graph = graph_of(reports, [], TABLES)
    view = graph.known_by(date)
    stated = {str(q.subject) for q in view.match(None, io("reportedIn"), ox.NamedNode(iris.article("reference")))}
    assert stated == set()
    checked = Reference(TABLES.entries, TABLES.people, TABLES.presences, ())  # the row of memberships has no day
    late = graph_of(reports, [], checked).known_by(PartialDate("2026-01-02"))
    rows = list(late.match(None, terms.RDF_TYPE, io("Presence"), ox.NamedNode(iris.article("reference"))))
    assert len(rows) == 1


@LAX
@given(articles(), dates, dates)
def test_changes_lead_from_one_graph_to_the_other(reports: list[Report], one: PartialDate, other: PartialDate) -> None:
    first, last = sorted((one, other), key=lambda d: d.latest)
    graph = graph_of(reports, [], BARE)
    old, new = graph.known_by(first), graph.known_by(last)
    found = changes(old, new)
    assert changes(old, old) == []
    late = {iris.article(a.id) for a, _ in until(reports, last)} - {
        iris.article(a.id) for a, _ in until(reports, first)
    }
    for change in found:
        assert set(change.articles) <= late
        if change.what == "new":
            assert change.articles
            assert list(new.match(ox.NamedNode(change.fact), ACCOUNT, None, MERGED))
        elif change.what == "changed":
            assert change.before != change.after
    known = {q.object for q in old.match(None, ACCOUNT, None, MERGED)}
    fresh = {q.subject for q in new.match(None, ACCOUNT, None, MERGED)}
    for fact in fresh:
        accounts = {q.object for q in new.match(fact, ACCOUNT, None, MERGED)}
        told = any(c.what == "new" and c.fact == str(getattr(fact, "value", "")) for c in found)
        assert told == (not accounts & known and not list(old.match(fact, ACCOUNT, None, MERGED)))  # type: ignore[arg-type]


UN, KZ, ALMATY, ASTANA = (
    Entity(i, i.split("/", maxsplit=1)[0], (i,))  # type: ignore[arg-type]
    for i in ("organization/un", "country/kz", "city/almaty", "city/astana")
)
SAID = (Evidence("Words.", 0, 6),)
CENTRE = Establishment(UN, ALMATY, "regional-centre")


def report(identifier: str, published: str, kind: str, **slots: SlotValue | str) -> Report:
    values = {
        name: PartialDate(v) if name in ("date", "since", "until") and isinstance(v, str) else v
        for name, v in slots.items()
    }
    return Article(identifier, "en", "", "Words.", PartialDate(published)), [Fact(kind, values, SAID)]


def office(identifier: str, published: str, form: str, **slots: SlotValue | str) -> Report:
    return report(identifier, published, "presence", organization=UN, place=ALMATY, form=form, **slots)


REPORTS = [
    report("a", "2019-09-25", "proposal", proposer=KZ, about=CENTRE, date="2019-09"),
    office("b", "2019-09-26", "regional-centre", status="proposed"),
    report("c", "2025-03-05", "decision", body=UN, instrument="resolution", about=CENTRE, date="2025-03-04"),
    office("d", "2025-08-04", "regional-centre", status="operating", since="2025-08-03"),
    office("e", "2020-02", "country-office", status="closed", since="1993", until="2012"),
    office("f", "2024", "centre", status="planned"),
    report("g", "2021", "membership", member=KZ, organization=UN, role="member", since="1992-03-02"),
]


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return graph_of(REPORTS, [], BARE)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1990", {}),
        ("1992", {"membership/kz.un": ""}),
        ("2000", {"membership/kz.un": "", "presence/un.country-office.almaty": "operating"}),
        ("2012", {"membership/kz.un": "", "presence/un.country-office.almaty": "closed"}),
        ("2013", {"membership/kz.un": ""}),
        ("2019-09", {"membership/kz.un": "", "initiative/kz.un.regional-centre.almaty": ""}),
        (
            "2025-08-03",
            {
                "membership/kz.un": "", "initiative/kz.un.regional-centre.almaty": "",
                "decision/un.resolution.2025-03-04.un.regional-centre.almaty": "",
                "presence/un.regional-centre.almaty": "operating", "presence/un.centre.almaty": "planned",
            },
        ),
    ],
)  # fmt: skip
def test_as_of(graph: KnowledgeGraph, date: str, expected: dict[str, str]) -> None:
    view = at(graph, as_of=PartialDate(date)).store
    found = {}
    for quad in view.match(None, terms.RDF_TYPE, io("Fact"), MERGED):
        status = [str(getattr(q.object, "value", "")) for q in view.match(quad.subject, io("status"), None, MERGED)]
        found[iris.local(str(getattr(quad.subject, "value", "")))] = "".join(status).rpartition("/")[2]
    assert found == expected
    # Nothing refers to what is left out.
    all_nodes = {q.subject for q in view.match(None, None, None, MERGED)}
    facts = iris.entity("presence/"), iris.entity("decision/"), iris.entity("initiative/")
    for quad in view.match(None, None, None, MERGED):
        value = str(getattr(quad.object, "value", ""))
        if isinstance(quad.object, ox.NamedNode) and value.startswith((*facts, iris.entity("establishment/"))):
            assert quad.object in all_nodes


def test_what_is_not_there_yet_is_only_spoken_of(graph: KnowledgeGraph) -> None:
    view = at(graph, as_of=PartialDate("2020")).store
    proposal = ox.NamedNode(iris.entity("initiative/kz.un.regional-centre.almaty"))
    mention = ox.NamedNode(iris.entity("establishment/un.regional-centre.almaty"))
    assert [q.object for q in view.match(proposal, io("about"), None, MERGED)] == [mention]
    assert list(view.match(mention, terms.RDF_TYPE, io("EstablishmentReference"), MERGED))
    assert not list(view.match(proposal, io("ledTo"), None, MERGED))


def test_both_moments_at_once(graph: KnowledgeGraph) -> None:
    view = at(graph, as_of=PartialDate("2026"), known_by=PartialDate("2024")).store
    centre = ox.NamedNode(iris.entity("presence/un.regional-centre.almaty"))
    assert [q.object for q in view.match(centre, io("status"), None, MERGED)] == [
        ox.NamedNode(iris.concept("status", "proposed"))
    ]


def test_views_are_kept_and_made_anew_when_the_graph_changes(tmp_path: Path) -> None:
    day = PartialDate("2025")
    with KnowledgeGraph.open(tmp_path / "store", reference=BARE) as graph:
        for one in REPORTS[:3]:
            graph.add(*one)
    with KnowledgeGraph.open(tmp_path / "store", read_only=True) as graph:
        plain = lines(graph)
        first = lines(at(graph, as_of=day))
        assert lines(at(graph, as_of=day)) == first
        kept = list((tmp_path / "store" / FOLDER).iterdir())
        assert len(kept) == 1
        for year in range(2001, 2015):
            at(graph, as_of=PartialDate(str(year))).close()
        assert len(list((tmp_path / "store" / FOLDER).iterdir())) == 8
        assert at(graph) is graph
    with KnowledgeGraph.open(tmp_path / "store", reference=BARE) as graph:
        assert lines(graph) == plain
        graph.add(*REPORTS[3])
    with KnowledgeGraph.open(tmp_path / "store", read_only=True) as graph:
        assert lines(at(graph, as_of=day)) != first


def test_every_entity_of_the_tables_is_in_every_view(graph: KnowledgeGraph) -> None:
    for view in (at(graph, as_of=PartialDate("1950")), at(graph, known_by=PartialDate("1950"))):
        for entry in ENTRIES:
            node = ox.NamedNode(iris.entity(entry.id))
            assert list(view.store.match(node, terms.RDF_TYPE, None, MERGED))
