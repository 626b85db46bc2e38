"""The SPARQL 1.1 Protocol: ways to ask, negotiation, the dataset, refusals, caching."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from kg import iris
from kg.serve.replies import Refused
from kg.serve.sparql import fields_of
from tests.serve.conftest import MERGED, OTHER, SELECT, serving

JSON = "application/sparql-results+json"
Values = Callable[[Any], list[str]]


def test_three_ways_to_ask(client: TestClient, values: Values) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    for response in (
        client.get("/sparql", params={"query": SELECT}),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers=direct),
    ):
        assert response.headers["content-type"].split(";")[0] == JSON
        assert values(response) == ["both", "merged"]


@pytest.mark.parametrize(
    ("query", "accept", "answered"),
    [
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/csv;q=0.5, text/tab-separated-values;q=0.4", "text/csv"),
        (SELECT, "text/html, */*;q=0.1", JSON),
        (SELECT, "application/sparql-results+json;q=0, */*", "application/json"),
        ("ASK { ?s ?p ?o }", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK { ?s ?p ?o }", "text/csv", "text/csv"),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "", "text/turtle"),
        ("CONSTRUCT WHERE { ?s <urn:p> ?o }", "application/ld+json", "application/ld+json"),
        ("DESCRIBE <urn:a>", "application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
    ],
)
def test_content_negotiation(client: TestClient, query: str, accept: str, answered: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == answered
    assert "Accept" in response.headers["vary"]
    if answered in ("application/n-triples", "text/turtle", "application/rdf+xml", "application/ld+json"):
        form = ox.RdfFormat.from_media_type(answered)
        assert form is not None
        assert len({quad.triple for quad in ox.parse(response.content, format=form)}) == 2
    else:
        assert response.content


def test_nothing_acceptable(client: TestClient) -> None:
    assert client.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"}).status_code == 406


def test_the_dataset_of_the_request(client: TestClient, values: Values) -> None:
    both = client.get("/sparql", params={"query": SELECT, "default-graph-uri": [MERGED, OTHER]})
    assert values(both) == ["both", "merged", "said"]
    named = "SELECT ?o { GRAPH ?g { <urn:a> <urn:p> ?o } }"
    assert values(client.get("/sparql", params={"query": named})) == ["both", "both", "merged", "said"]
    assert values(client.get("/sparql", params={"query": named, "named-graph-uri": OTHER})) == ["both", "said"]
    assert values(client.get("/sparql", params={"query": named, "default-graph-uri": OTHER})) == []
    assert values(client.get("/sparql", params={"query": SELECT, "named-graph-uri": OTHER})) == []
    assert client.get("/sparql", params={"query": SELECT, "named-graph-uri": "no iri"}).status_code == 400


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (f"FROM <{OTHER}>", ["both", "said"]),
        (f"FROM <{MERGED}> FROM <{OTHER}>", ["both", "merged", "said"]),
        (f"# FROM <{OTHER}>\n", ["both", "merged"]),
        (f"FROM NAMED <{OTHER}>", []),
        ("FROM <article/a1> # FROM \n FROM <graph/merged>", ["both", "merged", "said"]),
    ],
)
def test_the_dataset_of_the_query(client: TestClient, values: Values, clauses: str, expected: list[str]) -> None:
    query = f"SELECT ?o {clauses} WHERE {{ <urn:a> <urn:p> ?o }}"
    assert values(client.get("/sparql", params={"query": query})) == expected


def test_the_request_goes_before_from(client: TestClient, values: Values) -> None:
    query = f"SELECT ?o FROM <{MERGED}> WHERE {{ <urn:a> <urn:p> ?o }}"
    assert values(client.get("/sparql", params={"query": query, "default-graph-uri": OTHER})) == ["both", "said"]


def test_prefixes_and_addresses_of_ours_need_no_declaration(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": "SELECT (io:Presence AS ?a) (<id/city/almaty> AS ?b) {}"}).json()
    row = answer["results"]["bindings"][0]
    assert row["a"]["value"] == iris.term("Presence")
    assert row["b"]["value"] == iris.entity("city/almaty")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "POST"}, 415),
        ({"method": "GET", "params": {"query": ""}}, 400),
        ({"method": "GET", "params": {"query": [SELECT, SELECT]}}, 400),
        ({"method": "GET", "params": {"query": "SELEC"}}, 400),
        ({"method": "GET", "params": {"query": "INSERT DATA { <urn:a> <urn:b> <urn:c> }"}}, 400),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403),
        ({"method": "POST", "content": SELECT, "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}, 400),
        ({"method": "POST", "content": b" " * 1_000_001, "headers": {"Content-Type": "application/sparql-query"}}, 413),
        ({"method": "GET", "params": {"query": "SELECT * { SERVICE <http://localhost:9/> { ?s ?p ?o } }"}}, 400),
        ({"method": "GET", "params": {"query": "ASK " + "{" * 5000 + "}" * 5000}}, 400),
        ({"method": "PUT"}, 405),
    ],
)
def test_refusals(client: TestClient, request_: dict[str, Any], status: int) -> None:
    assert client.request(url="/sparql", **request_).status_code == status


def test_a_syntax_error_says_where(client: TestClient) -> None:
    told = client.get("/sparql", params={"query": "SELECT *\n{ ?s ?p }"})
    assert told.status_code == 400
    assert told.headers["content-type"].startswith("text/plain")
    assert "line 2, column 10" in told.text


def test_the_service_describes_itself(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "application/n-triples"})
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.N_TRIPLES)
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
    assert store.query(
        sd + "ASK { ?s a sd:Service ; sd:endpoint ?s ; sd:supportedLanguage sd:SPARQL11Query ; "
        f"sd:defaultDataset [ sd:defaultGraph [] ; sd:namedGraph [ sd:name <{MERGED}> ] ] }}"
    )
    assert client.get("/sparql").headers["content-type"].startswith("text/turtle")


def test_an_answer_is_asked_for_once_for_a_version(client: TestClient) -> None:
    first = client.get("/sparql", params={"query": SELECT})
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
    again = client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    other = client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": tag, "Accept": "text/csv"})
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    for call in ("RAND()", "RAND # now\n()"):
        unsteady = client.get("/sparql", params={"query": f"SELECT ({call} AS ?o) {{}}"})
        assert unsteady.status_code == 200
        assert "etag" not in unsteady.headers
        assert unsteady.headers["cache-control"] == "no-store"


def test_browsers_may_ask(client: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    before = client.options("/sparql", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "Content-Type" in before.headers["access-control-allow-headers"]
    answer = client.get("/sparql", params={"query": SELECT}, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_long_answer_is_packed(client: TestClient) -> None:
    query = {"query": "SELECT ?s ?o { ?s <urn:q> ?o }"}
    with client.stream("GET", "/sparql", params=query, headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(raw))["results"]["bindings"]) == 300
    plain = client.get("/sparql", params=query, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("accept", [JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])
def test_too_many_rows_are_cut_and_said(small: Path, accept: str) -> None:
    with serving(small, rows=50) as bounded:
        answer = bounded.get("/sparql", params={"query": "SELECT ?s { ?s <urn:q> ?o }"}, headers={"Accept": accept})
        whole = bounded.get("/sparql", params={"query": "SELECT ?s { ?s <urn:q> ?o } LIMIT 50"})
    assert answer.headers["x-sparql-maxrows"] == "50"
    assert len(whole.json()["results"]["bindings"]) == 50
    assert "truncated" not in whole.json()
    if accept == JSON:
        assert len(answer.json()["results"]["bindings"]) == 50
        assert answer.json()["truncated"] == "cut after 50 rows"
    elif accept.endswith("xml"):
        assert answer.text.count("<result>") == 50
        assert "truncated: cut after 50 rows" in answer.text
    else:
        assert len(answer.text.splitlines()) == 51
        assert answer.headers["x-truncated"] == "cut after 50 rows"


@given(st.sampled_from(("", "query=")), st.text(alphabet="%2037DEFabe+&=;{}x \n?", max_size=30))
def test_fields_are_read_as_the_library_reads_them(start: str, rest: str) -> None:
    text = start + rest
    try:
        expected = parse_qs(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(Refused):
            fields_of(text.encode())
        return
    assert fields_of(text.encode()) == expected
