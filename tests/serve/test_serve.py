"""The SPARQL endpoint: protocol, content negotiation, refusals, time limit."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import UsageError
from kg.serve.guard import refuse_service

pytest.importorskip("fastapi")
pytest.importorskip("httpx")

from fastapi.testclient import TestClient

from kg.serve.app import create_app, negotiate

MERGED, OTHER = iris.GRAPH_MERGED, iris.article("a1")
SELECT = "SELECT ?o { <urn:a> <urn:p> ?o }"
# Long enough for any machine: a product of a product of products.
SLOW = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(9)) + " }"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("serve") / "snapshot"
    store = ox.Store(folder)
    statements = [f'<urn:a> <urn:p> "merged" <{MERGED}> .', f'<urn:a> <urn:p> "said" <{OTHER}> .']
    statements += [f'<urn:b{i}> <urn:q> "{i}" <{MERGED}> .' for i in range(300)]
    store.extend(ox.parse("\n".join(statements), format=ox.RdfFormat.N_QUADS))
    store.flush()
    del store
    with TestClient(create_app(folder, timeout=2.0, workers=2)) as opened:
        yield opened


def values(response: object) -> list[str]:
    return sorted(row["o"]["value"] for row in response.json()["results"]["bindings"])  # type: ignore[attr-defined]


def test_health(client: TestClient) -> None:
    assert client.get("/health").json()["status"] == "ok"


def test_three_ways_to_ask(client: TestClient) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    for response in (
        client.get("/sparql", params={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers=direct),
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("application/sparql-results+json")
        assert values(response) == ["merged"]


@pytest.mark.parametrize(
    ("query", "accept", "answered"),
    [
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/html, */*;q=0.1", "application/sparql-results+json"),
        ("ASK { ?s ?p ?o }", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "", "text/turtle"),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "application/ld+json", "application/ld+json"),
    ],
)
def test_content_negotiation(client: TestClient, query: str, accept: str, answered: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == answered
    assert response.content


def test_nothing_acceptable(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"}).status_code == 406


def test_the_dataset_of_the_request(client: TestClient) -> None:
    both = client.get("/sparql", params={"query": SELECT, "default-graph-uri": [MERGED, OTHER]})
    assert values(both) == ["merged", "said"]
    named = "SELECT ?o { GRAPH ?g { <urn:a> <urn:p> ?o } }"
    assert values(client.get("/sparql", params={"query": named})) == ["merged", "said"]
    assert values(client.get("/sparql", params={"query": named, "named-graph-uri": OTHER})) == ["said"]
    assert values(client.get("/sparql", params={"query": named, "default-graph-uri": OTHER})) == []
    assert values(client.get("/sparql", params={"query": SELECT, "named-graph-uri": OTHER})) == []


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "GET"}, 400),
        ({"method": "GET", "params": {"query": [SELECT, SELECT]}}, 400),
        ({"method": "GET", "params": {"query": "SELEC"}}, 400),
        ({"method": "GET", "params": {"query": "INSERT DATA { <urn:a> <urn:b> <urn:c> }"}}, 400),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 400),
        ({"method": "POST", "content": SELECT, "headers": {"Content-Type": "text/plain"}}, 415),
        (
            {"method": "POST", "content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}},
            400,
        ),
        (
            {"method": "POST", "content": b" " * 1_000_001, "headers": {"Content-Type": "application/sparql-query"}},
            413,
        ),
        ({"method": "GET", "params": {"query": "SELECT * { SERVICE <http://localhost:9/> { ?s ?p ?o } }"}}, 400),
        ({"method": "PUT"}, 405),
    ],
)
def test_refusals(client: TestClient, request_: dict[str, object], status: int) -> None:
    assert client.request(url="/sparql", **request_).status_code == status  # type: ignore[arg-type]


def test_a_syntax_error_says_where(client: TestClient) -> None:
    assert "1:6" in client.get("/sparql", params={"query": "SELEC"}).text


def test_a_slow_query_is_stopped_and_the_next_one_runs(client: TestClient) -> None:
    response = client.get("/sparql", params={"query": SLOW})
    assert response.status_code == 503
    assert "longer than 2 s" in response.text
    assert client.get("/sparql", params={"query": SELECT}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?s { ?s ?p ?o } }",
        "SELECT * { ?a ?b 'x' .SERVICE<http://x/>{ ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
        'SELECT * { ?a ?b "#" SERVICE <http://x/> { ?s ?p ?o } }',
        "SELECT * { ?a ?b '''it's \" ''' SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { FILTER (1 <2) SERVICE <http://x/> { ?s ?p ?o } FILTER (3> 2) }",
    ],
)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(UsageError, match="SERVICE"):
        refuse_service(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a io:Service }",
        "SELECT * { ?s rdfs:label 'SERVICE' } # SERVICE",
        'SELECT * { ?s <http://x/SERVICE> """a "SERVICE" b"""@en }',
        "SELECT * { ?s service:x ?o }",
    ],
)
def test_the_word_alone_is_not(query: str) -> None:
    refuse_service(query)


def test_negotiate() -> None:
    offered = ["a/x", "a/y", "b/z"]
    assert negotiate("", offered) == "a/x"
    assert negotiate("a/*, b/z;q=0.9", offered) == "a/x"
    assert negotiate("*/*;q=0.2, b/z;q=0.3", offered) == "b/z"
    assert negotiate("a/x;q=0, a/*", offered) == "a/y"
    assert negotiate("c/c", offered) == ""


def test_a_query_that_wants_all_memory_ends_alone(client: TestClient) -> None:
    greedy = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?b), STR(?c))) AS ?o) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . "
    response = client.get("/sparql", params={"query": greedy + "?d ?p ?w } "})
    assert response.status_code == 503
    assert client.get("/sparql", params={"query": SELECT}).status_code == 200
