"""An article's account: numbering, dates, quotes, what no table knows."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import iris
from kg.graph import describe, ontology_quads, reference_facts, reference_quads
from kg.graph.terms import CLASSES, PROPERTIES, io, prefixed
from kg.model import KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.reference import load

TEXT = "The UN opened a centre in Almaty. Айгүл Серік runs it."
UN = Entity("organization/un", "organization", ("UN",))
ALMATY = Entity("city/almaty", "city", ("Almaty",))
NEW = Entity("person/x-a", "person", ("Айгүл Серік", "А. Серік"), known=False)
ARTICLE = Article("one two", "kk", "Headline", TEXT, PartialDate("2025-08"), "https://example.org/1", outlet="Paper")


def span(quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(quote, start, start + len(quote), rule="r1", confidence=0.9)


FACTS = [
    Fact("tenure", {"person": NEW, "position": "official", "of": UN}, (span("Айгүл Серік runs it."),)),
    Fact(
        "presence",
        {"organization": UN, "place": ALMATY, "form": "centre", "name": "Орталық", "since": PartialDate("2025"),
         "serves": (ALMATY,), "focus": ("sdgs", "water")},
        (span("The UN opened a centre in Almaty."),),
    ),
    Fact("proposal", {"proposer": UN, "about": Establishment(UN, ALMATY, "centre")}, ()),
    Fact("proposal", {"proposer": NEW, "about": "clean water"}, ()),
]  # fmt: skip
GRAPH = ox.NamedNode(iris.article("one two"))


def values(node: str, name: str) -> list[str]:
    property_ = prefixed(name) if ":" in name else io(name)
    quads = [q for q in describe(ARTICLE, FACTS) if q.subject == ox.NamedNode(node)]
    return sorted(
        str(q.object).replace(iris.BASE, "")
        for q in quads
        if q.subject == ox.NamedNode(node) and q.predicate == property_
    )


def test_the_order_of_facts_plays_no_part() -> None:
    assert describe(ARTICLE, FACTS) == describe(ARTICLE, FACTS[::-1])
    assert {q.graph_name for q in describe(ARTICLE, FACTS)} == {GRAPH}


def test_the_article() -> None:
    node = GRAPH.value
    assert node.endswith("/one%20two")
    assert values(node, "dcterms:identifier") == ['"one two"']
    assert values(node, "schema:inLanguage") == ['"kk"']
    assert values(node, "schema:datePublished") == ['"2025-08"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>']
    assert values(node, "text") == [f'"{TEXT}"@kk']


def test_a_presence() -> None:
    node = f"{GRAPH.value}#f1"
    assert values(node, "rdf:type") == ["<ontology#Centre>", "<ontology#Fact>", "<ontology#Presence>"]
    assert values(node, "form") == ["<kind/form/centre>"]
    assert values(node, "focus") == ["<kind/theme/sdgs>", "<kind/theme/water>"]
    assert values(node, "rdfs:label") == ['"Орталық"@kk']
    assert values(node, "since") == ['"2025"^^<http://www.w3.org/2001/XMLSchema#gYear>']
    assert values(node, "sinceEarliest") == ['"2025-01-01"^^<http://www.w3.org/2001/XMLSchema#date>']
    assert values(node, "sinceLatest") == ['"2025-12-31"^^<http://www.w3.org/2001/XMLSchema#date>']
    assert values(node, "reportedIn") == ["<article/one%20two>"]


def test_what_a_proposal_is_about() -> None:
    proposals = [f"{GRAPH.value}#f2", f"{GRAPH.value}#f3"]
    about = [one for node in proposals for one in values(node, "about")]
    assert len(about) == 1
    assert values(iris.BASE + about[0].strip("<>"), "rdf:type") == ["<ontology#EstablishmentReference>"]
    assert [one for node in proposals for one in values(node, "topic")] == ['"clean water"']


def test_every_quote_stands_in_the_text() -> None:
    quads = describe(ARTICLE, FACTS)
    by = {(q.subject, q.predicate): q.object for q in quads}
    evidence = [q.subject for q in quads if q.object == io("Evidence")]
    assert len(evidence) == 2
    for node in evidence:
        start, end = (
            int(by[node, ox.NamedNode(iris.PREFIXES["oa"] + name)].value)  # type: ignore[union-attr]
            for name in ("start", "end")
        )
        assert TEXT[start:end] == by[node, io("quote")].value  # type: ignore[union-attr]
        assert by[node, io("confidence")].value == "0.9"  # type: ignore[union-attr]


def test_only_what_no_table_knows_is_described() -> None:
    assert values(iris.entity("person/x-a"), "skos:prefLabel") == ['"Айгүл Серік"@kk']
    assert values(iris.entity("person/x-a"), "skos:altLabel") == ['"А. Серік"@kk']
    assert values(iris.entity("organization/un"), "skos:prefLabel") == []


def test_half_a_character_does_not_stop_the_account() -> None:
    broken = Article("b", "en", "", "a\ud83d b")
    assert any(q.object.value == "a? b" for q in describe(broken, []))  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS)
def test_every_slot_has_a_property(kind: str) -> None:
    assert kind in CLASSES
    assert set(KINDS[kind]) <= set(PROPERTIES[kind])


def test_reference() -> None:
    tables = load()
    quads = set(reference_quads(tables))
    almaty, kz = (ox.NamedNode(iris.entity(i)) for i in ("city/almaty", "country/kz"))
    reference = ox.NamedNode(iris.GRAPH_REFERENCE)
    assert ox.Quad(almaty, io("country"), kz, reference) in quads
    assert ox.Quad(kz, io("isoCode"), ox.Literal("KZ"), reference) in quads
    kinds = {stated.fact.kind for stated in reference_facts(tables)}
    assert kinds == {"presence", "membership", "tenure"}


def test_ontology_is_the_same_every_time() -> None:
    first = ontology_quads()
    ontology_quads.cache_clear()
    assert ontology_quads() == first
    assert not any(isinstance(term, ox.BlankNode) for q in first for term in (q.subject, q.object))


def test_two_names_of_one_entity_are_described_alike_in_any_order() -> None:
    one, other = (Entity("person/x-a", "person", (name,), known=False) for name in ("Әсел Омарова", "Асель Омарова"))
    facts = [
        Fact("tenure", {"person": who, "position": "minister", "of": UN}, (span("Айгүл Серік runs it."),))
        for who in (one, other)
    ]
    assert describe(ARTICLE, facts) == describe(ARTICLE, facts[::-1])
