"""What the tables answer alone, in a graph without an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import Answer, iris, open_store
from kg.build import KnowledgeGraph
from kg.merge.account import REFERENCE_ARTICLE
from kg.merge.foundation import reference_accounts
from kg.reference import Reference, load

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load(cache=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph that no article has entered."""
    path = tmp_path_factory.mktemp("tables") / "store"
    with KnowledgeGraph.open(path):
        pass
    return path


def ask(store: Path, question: str, **values: object) -> Answer:
    with open_store(store) as graph:
        return graph.query(question, **values)  # type: ignore[arg-type]


def test_who_is_in_nairobi(store: Path) -> None:
    found = {(row["organization"], row["formName"]) for row in ask(store, "who-is-in", place="Nairobi")}
    assert ("United Nations Environment Programme", "headquarters") in found
    assert ("United Nations Human Settlements Programme", "headquarters") in found
    assert {name for name, _ in found} >= {"United Nations Office at Nairobi", "United Nations Children's Fund"}


@pytest.mark.parametrize(("name", "place"), [("FAO", "Ankara"), ("UNESCO", "Almaty"), ("UNODC", "Tashkent")])
def test_regional_offices_for_central_asia(store: Path, reference: Reference, name: str, place: str) -> None:
    rows = ask(store, "regional-offices-for", region="Central Asia")
    labels = {e.labels["en"] for e in reference.entries.values() if e.type == "organization" and name in e.names["en"]}
    assert any(row["organization"] in labels and row["placeName"] == place for row in rows)


def test_elected_members_of_the_security_council_in_2017(store: Path) -> None:
    names = [row["memberName"] for row in ask(store, "elected-security-council", year=2017)]
    assert sorted(map(str, names)) == [
        "Bolivia", "Egypt", "Ethiopia", "Italy", "Japan", "Kazakhstan", "Senegal", "Sweden", "Ukraine", "Uruguay",
    ]  # fmt: skip


def test_every_seat_of_the_security_council_is_taken(reference: Reference) -> None:
    """Six elected members until 1965, ten since (amended Article 23 of the Charter); five permanent ones.

    Terms that two states shared are two terms of a year; states that no longer exist sit under their own names, and
    the United Arab Republic (1961 and 1962) as Egypt, whose seat in the United Nations it held.
    """
    elected, permanent = defaultdict(Counter[str]), defaultdict(set)
    for row in reference.memberships:
        if row["organization"] == "un-security-council":
            since, until = row["since"], row["until"] or "2026-12-31"
            for year in range(int(since[:4]), int(until[:4]) + 1):
                if row["role"] == "non-permanent-member":
                    elected[year][row["member"]] += 1
                elif since <= f"{year}-06-30" <= until:
                    permanent[year].add(row["member"])
    wrong = {y: n for y in range(1946, 2027) if len(n := elected[y]) != (6 if y < 1966 else 10) or max(n.values()) > 1}
    assert wrong == {}
    assert {y: m for y in range(1946, 2027) if len(m := permanent[y]) != 5} == {}
    assert "country/su" in permanent[1991]
    assert "country/ru" in permanent[1992]


def test_the_tables_are_a_source_of_their_own(store: Path, reference: Reference) -> None:
    """Every establishment of the tables is an account in one graph, with its source; and the licence stands there."""
    _, quads = reference_accounts(reference)
    graph = ox.NamedNode(REFERENCE_ARTICLE)
    assert {quad.graph_name for quad in quads} == {graph}
    assert ox.Quad(graph, ox.NamedNode(iris.PREFIXES["dcterms"] + "license"), ox.NamedNode(LICENCE), graph) in quads
    count = "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a io:Presence %s }"
    sourced = f"; io:account ?account . GRAPH <{REFERENCE_ARTICLE}> {{ ?account dcterms:source [] }}"
    (of_all,), (of_sourced,) = ask(store, count % ""), ask(store, count % sourced)
    assert of_all == of_sourced
    assert int(str(of_all["n"])) >= 900
