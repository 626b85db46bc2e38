"""What many say alike is counted: the merged graph is what merging each single account would give."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import iris
from kg.build import KnowledgeGraph, describe_article
from kg.graph import terms
from kg.merge import ledger, update
from kg.merge.account import Account, Geography
from kg.merge.saying import GRAPH, MERGE_KEY, Group, Saying, from_quads
from kg.model import Article, Evidence, Fact, PartialDate
from kg.store import EmbeddedStore
from tests.merge.test_properties import EXAMPLES, LAX, MERGED, TABLES, Report, articles, built, dates, facts, lines

FEW = settings(LAX, max_examples=max(EXAMPLES // 3, 5))


@st.composite
def much_told(draw: st.DrawFn) -> list[Report]:
    """Articles of which many say the same few things, on several dates."""
    common = draw(st.lists(facts(), min_size=1, max_size=3))
    some = st.lists(st.sampled_from(common), max_size=3)
    told = draw(st.lists(st.tuples(st.none() | dates, some), min_size=2, max_size=7))
    more = [(Article(f"m{n}", "en", "", "Words.", date), found) for n, (date, found) in enumerate(told)]
    return [*draw(articles()), *more]


def facts_of(graph: KnowledgeGraph) -> list[str]:
    """All that a graph holds but for the keys of merging."""
    return sorted(str(q) for q in graph.quads() if q.predicate != MERGE_KEY and q.graph_name != GRAPH)


def each_alone(accounts: Iterable[Account], geography: Geography) -> tuple[list[Group], list[Account]]:
    """No account is told together with others."""
    return [], list(accounts)


@FEW
@given(much_told(), st.data())
def test_sayings_give_what_single_accounts_give(reports: list[Report], data: st.DataObject) -> None:
    graph = built(data.draw(st.permutations(reports)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(update, "parted", each_alone)
        assert facts_of(graph) == facts_of(built(reports))
    gone = data.draw(st.sets(st.sampled_from(range(len(reports)))))
    for number in gone:
        graph.remove(reports[number][0].id)
    assert lines(graph) == lines(built(r for n, r in enumerate(reports) if n not in gone))


@FEW
@given(much_told(), st.integers(1, 5))
def test_many_articles_in_one_transaction(reports: list[Report], size: int) -> None:
    graph = KnowledgeGraph(EmbeddedStore(None), TABLES)
    accounts = [describe_article(*report, TABLES) for report in reports]
    for at in range(0, len(accounts), size):
        assert set(graph.put(accounts[at : at + size])) == {"added"}
    assert lines(graph) == lines(built(reports))
    assert set(graph.put(accounts)) == {"unchanged"}


@FEW
@given(much_told(), much_told())
def test_many_articles_are_replaced_in_one_transaction(reports: list[Report], others: list[Report]) -> None:
    graph = built(reports)
    graph.put([describe_article(*report, TABLES) for report in others])
    ids = {article.id for article, _ in others}
    assert lines(graph) == lines(built([*(r for r in reports if r[0].id not in ids), *others]))


@FEW
@given(much_told())
def test_what_is_kept_in_memory_plays_no_part(reports: list[Report]) -> None:
    graph = KnowledgeGraph(EmbeddedStore(None), TABLES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "KEPT", 3)
        for report in reports:
            graph.add(*report)
    assert lines(graph) == lines(built(reports))


def test_one_article_twice_in_a_transaction() -> None:
    graph = KnowledgeGraph(EmbeddedStore(None), TABLES)
    first, second = (describe_article(Article("a", "en", title, "Words."), [], TABLES) for title in ("One", "Two"))
    assert graph.put([first, second, second]) == ["added", "replaced", "unchanged"]
    assert [article.title for article in graph.articles()] == ["Two"]


UN, CITY = (TABLES.entity(name) for name in ("organization/un", "city/almaty"))
CENTRE = Fact("presence", {"organization": UN, "place": CITY, "form": "centre"}, (Evidence("Words.", 0, 6),))


def test_one_report_more_reads_no_other() -> None:
    """However often a fact has been told, as many quads are read for one report more."""
    counts = []
    for count in (5, 50):
        graph = KnowledgeGraph(EmbeddedStore(None), TABLES)
        for number in range(count):
            date = PartialDate(f"2024-{number % 12 + 1:02}-{number // 12 + 1:02}")
            graph.add(Article(f"n{number}", "en", "", "Words.", date), [CENTRE])
        graph.forget()
        read = 0
        match = graph.store.match

        def counted(*pattern: object, match: object = match) -> list[ox.Quad]:
            nonlocal read
            found = list(match(*pattern))  # type: ignore[operator]
            read += len(found)
            return found

        graph.store.match = counted  # type: ignore[method-assign,assignment]
        graph.add(Article("one-more", "en", "", "Words.", PartialDate("2024-01-15")), [CENTRE])
        counts.append(read)
    assert counts[0] == counts[1]


def test_what_is_told_apart_by_date_meets_a_new_fact() -> None:
    """Reports of a saying that are of several facts, by their dates, follow when one of these takes another IRI."""
    evidence = (Evidence("Words.", 0, 6),)

    def decided(**date: PartialDate) -> Fact:
        return Fact("decision", {"body": UN, "instrument": "resolution", "about": "water", **date}, evidence)

    def told(name: str, fact: Fact, year: str) -> Report:
        return Article(name, "en", "", "Words.", PartialDate(year)), [fact]

    reports = [
        told("a", decided(date=PartialDate("2001")), "2001"),
        told("b", decided(date=PartialDate("2015")), "2015"),
        *(told(f"c{year}", decided(), year) for year in ("2005", "2006", "2016", "2017")),
    ]
    fuller = told("d", decided(date=PartialDate("2001-05-04")), "2018")
    graph = built(reports)
    graph.add(*fuller)
    assert lines(graph) == lines(built([*reports, fuller]))
    assert len({q.subject for q in graph.store.match(None, terms.RDF_TYPE, terms.io("Resolution"), MERGED)}) == 2
    graph.remove("d")
    assert lines(graph) == lines(built(reports))


def test_a_saying_as_quads() -> None:
    account = Account(
        "a#f1", "a", "2024-05", "presence",
        {"organization": iris.entity("organization/un"), "place": iris.entity("city/almaty"),
         "since": PartialDate("2019-09"), "serves": (iris.entity("country/kz"),)},
        labels=(("Орталық", "kk"),),
    )  # fmt: skip
    saying = Saying.of(Group("abc", (account,)), ["2024-05", "", "2023"])
    assert from_quads("abc", [q for q in saying.quads(Geography()) if q.subject == saying.node]) == saying
    assert (saying.count, saying.first, saying.last, saying.undated) == (3, "2023", "2024-05", 1)
    [one] = saying.accounts()
    assert (one.slots, one.labels, one.weight, one.published) == (account.slots, account.labels, 3, "2024-05")
    assert saying.more("2025").fewer("2024-01") == saying.counted(["2023", "2025", ""])
    assert saying.fewer("2023") is None
