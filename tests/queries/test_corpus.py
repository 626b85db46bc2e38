"""Every question on the articles that come with the program: it answers, and as its header says."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg import iris, queries
from kg.build import KnowledgeGraph
from kg.extract import Extractor
from kg.read import corpus, read
from kg.reference import load
from kg.store import EmbeddedStore

MERGED = ox.NamedNode(iris.GRAPH_MERGED)
LOCAL = {name: question for name, question in queries.library().items() if not question.service}
# What the bundled articles and the tables may have nothing of.
MAY_BE_EMPTY = {
    "announced-not-open",
    "count-disagreements",
    "days-to-opening",
    "earlier-texts",
    "proposals-without-outcome",
    "unknown-names",
}
NAMES = {"name", "organization", "organizationName", "placeName", "formName", "kindName", "status", "memberName"}


@pytest.fixture(scope="module")
def graph() -> Iterator[KnowledgeGraph]:
    reference = load()
    with KnowledgeGraph(EmbeddedStore(None), reference) as made:
        for article, facts in Extractor(reference).many(read(corpus(), lambda problem: None)):
            made.add(article, facts)
        yield made


def values(graph: KnowledgeGraph, name: str, lang: str) -> dict[str, str]:
    """Values for what must be given, and the language where there is one to choose."""
    names = {parameter.name: parameter for parameter in LOCAL[name].parameters}
    given = {other: graph.articles()[0].id for other, parameter in names.items() if parameter.required}
    return {**given, "lang": lang} if "lang" in names else given


def rows(graph: KnowledgeGraph, name: str, lang: str) -> tuple[list[str], list[ox.QuerySolution]]:
    answer = graph.query(queries.sparql(name, values(graph, name, lang), queries.resolver(graph.store)))
    assert isinstance(answer, ox.QuerySolutions)
    return [variable.value for variable in answer.variables], list(answer)


@pytest.mark.parametrize("name", sorted(LOCAL))
def test_it_answers(graph: KnowledgeGraph, name: str) -> None:
    columns, found = rows(graph, name, "en")
    assert columns == list(LOCAL[name].columns)
    assert found or name in MAY_BE_EMPTY
    assert len({tuple(str(row[column]) for column in columns) for row in found}) == len(found)


@pytest.mark.parametrize("lang", ["ru", "kk"])
@pytest.mark.parametrize("name", sorted(LOCAL))
def test_it_answers_the_same_in_every_language(graph: KnowledgeGraph, name: str, lang: str) -> None:
    """The same things, and names in the columns of names: words, never identifiers."""
    columns, found = rows(graph, name, lang)
    things = [column for column in columns if column in {"presence", "decision", "initiative", "organization", "fact"}]
    _, english = rows(graph, name, "en")
    for column in things:
        if name != "single-language":
            assert {str(row[column]) for row in found if isinstance(row[column], ox.NamedNode)} == {
                str(row[column]) for row in english if isinstance(row[column], ox.NamedNode)
            }
    for column in NAMES & set(columns) - set(things):
        assert not any(isinstance(row[column], ox.NamedNode) for row in found), column


def test_the_centre_in_almaty_is_planned_and_not_yet_at_work(graph: KnowledgeGraph) -> None:
    """What the bundled articles say of the running example: proposed, decided, agreed on, and not yet open."""
    centre = ox.NamedNode(iris.entity("presence/un.regional-centre.almaty"))
    said = {quad.predicate.value: quad.object.value for quad in graph.store.match(centre, None, None, MERGED)}  # type: ignore[union-attr]
    assert said[iris.term("status")] == iris.concept("status", "planned")
    assert iris.term("since") not in said
    text = queries.sparql("what-came-of", {"who": "Tokayev"}, queries.resolver(graph.store))
    found = graph.query(text)
    assert isinstance(found, ox.QuerySolutions)
    steps = [(str(row["initiative"]), str(row["outcome"].value)) for row in found if row["outcome"]]
    assert [o for i, o in steps if "/kz.un.regional-centre.almaty" in i] == ["decision", "agreement", "presence"]
