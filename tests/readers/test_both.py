"""Both readers together, and what the graph keeps of who read what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest

from kg.build import KnowledgeGraph
from kg.extract.output import to_json
from kg.graph.terms import io
from kg.model import Article, Entity, Evidence, Fact, PartialDate
from kg.moment import at
from kg.queries import library
from kg.readers.both import combine, report
from kg.readers.pair import joined, pairs, same_fact
from kg.store import EmbeddedStore

TEXT = (
    "UNICEF has a country office in Astana. It was opened in 2010. WHO keeps a country office in Baku. "
    "UNDP moved its regional hub to Almaty."
)
UNICEF = Entity("organization/unicef", "organization", ("UNICEF", "ЮНИСЕФ"))
WHO = Entity("organization/who", "organization", ("WHO",))
UNDP = Entity("organization/undp", "organization", ("UNDP",))
ASTANA, BAKU = Entity("city/astana", "city", ("Astana",)), Entity("city/baku", "city", ("Baku",))
ALMATY = Entity("city/almaty", "city", ("Almaty", "Алматы"))
ARTICLE = Article("a", "en", "", TEXT, PartialDate("2025-03-05"))


def fact(quote: str, organization: Entity, place: Entity, *, model: str = "", sure: float = 0.8, **slots: Any) -> Fact:
    start = TEXT.index(quote)
    rule, prompt = ("", "p") if model else ("presence.en", "")
    span = Evidence(quote, start, start + len(quote), "text", rule, sure, model, prompt)
    return Fact(
        "presence",
        {"organization": organization, "place": place, "form": "country-office", **slots},
        (span,),
        sure,
    )


FIRST, LAST = "UNICEF has a country office in Astana.", "WHO keeps a country office in Baku."
RULES = [
    fact(FIRST, UNICEF, ASTANA, sure=0.9, status="operating"),
    fact(LAST, WHO, BAKU, sure=0.7),
]
MODEL = [
    fact(FIRST, UNICEF, ASTANA, model="m", status="closed", since=PartialDate("2010"), focus=("children",)),
    fact("UNDP moved its regional hub to Almaty.", UNDP, ALMATY, model="m"),
]


def test_facts_are_paired_by_kind_and_key() -> None:
    assert [(i, j) for i, j, _ in pairs(RULES, MODEL)] == [(0, 0)]
    assert not same_fact(RULES[0], replace(RULES[0], kind="relocation"))
    namesake = Entity("city/x-astana", "country", ("Astana",))
    assert not same_fact(RULES[0], fact(FIRST, UNICEF, namesake))


def test_what_both_found_is_surer_and_what_one_found_is_kept() -> None:
    facts, differing = combine(ARTICLE, RULES, MODEL)
    both, rules, model = facts
    assert both.confidence == pytest.approx(0.98)
    assert [e.reader for e in both.evidence] == ["rules", "model"]
    assert both.get("status") == "operating"  # where they differ, the rules are held to
    assert both.get("since") == PartialDate("2010")
    assert both.evidence[1].supplied == ("since", "focus")
    assert both.evidence[0] == RULES[0].evidence[0]
    assert (rules, model) == (RULES[1], MODEL[1])
    assert {d.what for d in differing} == {"slots", "only rules", "only model"}
    assert to_json(ARTICLE, both)["readers"] == ["rules", "model"]
    assert "readers" not in to_json(ARTICLE, rules)


def test_the_report_has_what_is_frequent_first() -> None:
    _, differing = combine(ARTICLE, RULES, MODEL)
    _, more = combine(replace(ARTICLE, id="b"), [], MODEL[1:])
    lines = list(report([*differing, *more]))
    assert [line["what"] for line in lines] == ["only model", "only model", "slots", "only rules"]
    assert lines[0]["of this sort"] == 2
    assert lines[2]["differing"] == {"status": {"rules": "operating", "model": "closed"}}


def test_facts_told_twice_are_joined_with_their_quotes() -> None:
    again = fact("It was opened in 2010.", UNICEF, ASTANA, model="m", since=PartialDate("2010"))
    (one,) = joined([MODEL[0], again, MODEL[0]])
    assert len(one.evidence) == 2


@pytest.fixture
def graph() -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(EmbeddedStore(None)) as found:
        yield found


def own(graph: KnowledgeGraph | EmbeddedStore) -> set[str]:
    """The merged facts that the article tells of."""
    store = graph.store if isinstance(graph, KnowledgeGraph) else graph
    graphs = {q.subject.value for q in store.match(None, io("account"), None, None) if "/article/a#" in q.object.value}
    return {iri.rsplit("/", 1)[-1] for iri in graphs}


def values(graph: KnowledgeGraph, property_: str) -> set[str]:
    node = ox.NamedNode("https://w3id.org/presence-kg/article/a")
    return {q.object.value for q in graph.store.match(None, io(property_), None, node)}


def merged(graph: KnowledgeGraph) -> set[ox.Quad]:
    """What the merged graph says of the office of UNICEF."""
    return {q for q in graph.store.match() if UNICEF_IRI in str(q.subject) and "graph/merged" in str(q.graph_name)}


UNICEF_IRI, WHO_IRI, UNDP_IRI = (
    "unicef.country-office.astana", "who.country-office.baku", "undp.country-office.almaty"
)  # fmt: skip


def test_evidence_says_who_read_it(graph: KnowledgeGraph) -> None:
    facts, _ = combine(ARTICLE, RULES, MODEL)
    graph.add(ARTICLE, facts, reader="rules-1 + model-m-p-2")
    assert values(graph, "model") == {"m"}
    assert values(graph, "promptVersion") == {"p"}
    assert values(graph, "reader") == {"rules-1 + model-m-p-2"}
    assert values(graph, "supplied") == {io("since").value, io("focus").value}
    assert own(graph) == {UNICEF_IRI, WHO_IRI, UNDP_IRI}


def test_what_a_model_read_can_be_taken_away(graph: KnowledgeGraph) -> None:
    facts, _ = combine(ARTICLE, RULES, MODEL)
    graph.add(ARTICLE, facts, reader="rules-1 + model-m-p-2")
    assert graph.remove_reader("model") == 1
    assert own(graph) == {UNICEF_IRI, WHO_IRI}
    assert not any(values(graph, name) for name in ("model", "supplied", "since", "sinceLatest"))
    assert graph.holds(ARTICLE, "rules-1")
    assert graph.damaged() == []
    assert graph.remove_reader("model") == 0
    # What is left in the merged graph is what the rules alone would have put there.
    with KnowledgeGraph(EmbeddedStore(None)) as alone:
        alone.add(ARTICLE, RULES, reader="rules-1")
        assert merged(graph) == merged(alone)


def test_an_article_that_only_a_model_read_stays_without_facts(graph: KnowledgeGraph) -> None:
    graph.add(ARTICLE, MODEL, reader="model-m-p-2")
    graph.remove_reader("model")
    assert own(graph) == set()
    (stored,) = [a for a in graph.articles() if a.id == "a"]
    assert stored.facts == 0
    assert not graph.holds(ARTICLE, "model-m-p-2")


@pytest.mark.parametrize(
    ("keep", "left"),
    [
        (lambda reader, _: reader == "rules", {UNICEF_IRI, WHO_IRI}),
        (lambda reader, _: reader == "model", {UNICEF_IRI, UNDP_IRI}),
        (lambda _, sure: sure >= 0.95, {UNICEF_IRI}),
        (lambda *_: True, {UNICEF_IRI, WHO_IRI, UNDP_IRI}),
    ],
)
def test_the_graph_as_one_reader_has_it(
    graph: KnowledgeGraph, keep: Callable[[str, float], bool], left: set[str]
) -> None:
    facts, _ = combine(ARTICLE, RULES, MODEL)
    graph.add(ARTICLE, facts, reader="rules-1 + model-m-p-2")
    assert own(graph.by_readers(keep)) == left
    assert own(graph) == {UNICEF_IRI, WHO_IRI, UNDP_IRI}


def test_one_reader_at_a_moment(graph: KnowledgeGraph) -> None:
    """What a reader said, of what was known by a day and may have held on one; neither cut undoes the other."""
    closed = replace(MODEL[1], slots={**MODEL[1].slots, "until": PartialDate("2020"), "status": "closed"})
    graph.add(ARTICLE, combine(ARTICLE, RULES, [MODEL[0], closed])[0], reader="both-1")
    model, rules = (lambda reader, _: reader == "model"), (lambda reader, _: reader == "rules")
    date = PartialDate
    assert own(at(graph, keep=model).store) == {UNICEF_IRI, UNDP_IRI}
    assert own(at(graph, as_of=date("2022"), keep=model).store) == {UNICEF_IRI}
    assert own(at(graph, known_by=date("2025"), keep=rules).store) == {UNICEF_IRI, WHO_IRI}
    assert own(at(graph, date("2022"), date("2025"), keep=model).store) == {UNICEF_IRI}
    assert own(at(graph, known_by=date("2024"), keep=rules).store) == set()


def test_a_question_tells_who_read_how_much(graph: KnowledgeGraph) -> None:
    facts, _ = combine(ARTICLE, RULES, MODEL)
    graph.add(ARTICLE, facts)
    answer = graph.query(library()["evidence-by-reader"].text)
    rows = [[getattr(value, "value", "") for value in row] for row in answer]  # type: ignore[union-attr]
    assert ["model", "m", "p", "2", "1", "0.8", "0.98"] in rows
