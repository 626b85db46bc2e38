"""The cases of the W3C's test suite for the SPARQL 1.1 Protocol that are about queries, under their names there.

Those about updates are in ``test_change.py``. The suite loads its graphs from the web; here they are in the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from tests.serve.conftest import MERGED, serving, store_of

DATA: Final = [f"http://kasei.us/2009/09/sparql/data/data{number}.rdf" for number in (1, 2, 3)]
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT: Final = {"Content-Type": "application/sparql-query"}
XML: Final = "application/sparql-results+xml"
RESULTS: Final = {XML, "application/sparql-results+json"}
BOOLEANS: Final = RESULTS
GRAPHS: Final = {"application/rdf+xml", "application/rdf+json", "text/turtle", "application/n-triples"}

IN_DEFAULT: Final = f"ASK {{ <{DATA[0]}> ?p ?o . <{DATA[1]}> ?q ?r }}"
IN_NAMED: Final = f"ASK {{ GRAPH ?g {{ <{DATA[0]}> ?p ?o }} GRAPH ?h {{ <{DATA[1]}> ?q ?r }} FILTER (?g != ?h) }}"
FULL: Final = (
    f"ASK {{ <{DATA[2]}> ?p ?o GRAPH ?g {{ <{DATA[0]}> ?q ?r }} GRAPH ?h {{ <{DATA[1]}> ?s ?t }} "
    f"FILTER NOT EXISTS {{ GRAPH ?i {{ <{DATA[2]}> ?u ?v }} }} }}"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    document = "http://xmlns.com/foaf/0.1/Document"
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    quads = [f"<{iri}> <{kind}> <{document}> <{iri}> ." for iri in DATA] + [f'<urn:a> <urn:p> "x" <{MERGED}> .']
    with serving(store_of(tmp_path_factory.mktemp("protocol") / "store", "\n".join(quads))) as client:
        yield client


def boolean(response: Any) -> bool:
    assert response.headers["content-type"].split(";")[0] == XML
    found = ElementTree.fromstring(response.content).find("{http://www.w3.org/2005/sparql-results#}boolean")
    assert found is not None
    return found.text == "true"


def form(**fields: Any) -> dict[str, Any]:
    return {"method": "POST", "data": fields, "headers": {"Accept": XML}}


def get(**fields: Any) -> dict[str, Any]:
    return {"method": "GET", "params": fields, "headers": {"Accept": XML}}


GOOD: Final = {
    "query_post_form": form(query="ASK {}"),
    "query_post_direct": {"method": "POST", "content": "ASK {}", "headers": {**DIRECT, "Accept": XML}},
    "query_get": get(query="ASK {}"),
    "query_dataset_default_graph": get(query=f"ASK {{ <{DATA[0]}> ?p ?o }}", **{"default-graph-uri": DATA[0]}),
    "query_dataset_default_graphs_get": get(query=IN_DEFAULT, **{"default-graph-uri": DATA[:2]}),
    "query_dataset_default_graphs_post": {
        "method": "POST",
        "params": {"default-graph-uri": DATA[:2]},
        "content": IN_DEFAULT,
        "headers": {**DIRECT, "Accept": XML},
    },
    "query_dataset_named_graphs_get": get(query=IN_NAMED, **{"named-graph-uri": DATA[:2]}),
    "query_dataset_named_graphs_post": form(query=IN_NAMED, **{"named-graph-uri": DATA[:2]}),
    "query_dataset_full": get(query=FULL, **{"default-graph-uri": DATA[2], "named-graph-uri": DATA[:2]}),
    # The parameters go before FROM.
    "query_multiple_dataset": get(
        query=f"ASK FROM <{DATA[0]}> {{ <{DATA[1]}> ?p ?o }}", **{"default-graph-uri": DATA[1]}
    ),
}

TYPED: Final = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", RESULTS),
    "query_content_type_ask": ("ASK {}", BOOLEANS),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", GRAPHS),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", GRAPHS),
}

BAD: Final = {
    "bad_query_method": ({"method": "PUT", "params": {"query": "ASK {}"}}, {405}),
    "bad_multiple_queries": ({"method": "GET", "params": {"query": ["ASK {}", "SELECT * {}"]}}, {400}),
    "bad_query_wrong_media_type": (
        {"method": "POST", "content": "ASK {}", "headers": {"Content-Type": "text/plain"}},
        {400, 415},
    ),
    "bad_query_missing_form_type": ({"method": "POST", "content": "query=ASK%20%7B%7D"}, {400, 415}),
    "bad_query_missing_direct_type": ({"method": "POST", "content": "ASK {}"}, {400, 415}),
    "bad_query_non_utf8": (
        {
            "method": "POST",
            "content": "ASK {}".encode("utf-16"),
            "headers": {"Content-Type": "application/sparql-query; charset=UTF-16"},
        },
        {400, 415},
    ),
    "bad_query_syntax": ({"method": "GET", "params": {"query": "ASK {"}}, {400}),
}


@pytest.mark.parametrize("name", GOOD)
def test_queries_that_are_answered(server: TestClient, name: str) -> None:
    response = server.request(url="/sparql", **GOOD[name])
    assert response.status_code == 200, response.text
    assert boolean(response) is True


@pytest.mark.parametrize("name", TYPED)
def test_types_of_answers(server: TestClient, name: str) -> None:
    query, kinds = TYPED[name]
    response = server.get("/sparql", params={"query": query})
    assert response.status_code == 200
    kind = response.headers["content-type"].split(";")[0]
    assert kind in kinds
    if kinds is GRAPHS:
        parsed = list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(kind)))
        assert len(parsed) == query.startswith("CONSTRUCT")


@pytest.mark.parametrize("name", BAD)
def test_queries_that_are_refused(server: TestClient, name: str) -> None:
    request, statuses = BAD[name]
    response = server.request(url="/sparql", **request)
    assert response.status_code in statuses
    assert response.headers["content-type"].startswith("text/plain") or response.status_code == 405


def test_a_dataset_is_not_more_than_asked_for(server: TestClient) -> None:
    for request in (
        get(query=f"ASK {{ <{DATA[2]}> ?p ?o }}", **{"default-graph-uri": DATA[:2]}),
        get(query=f"ASK {{ GRAPH ?g {{ <{DATA[2]}> ?p ?o }} }}", **{"named-graph-uri": DATA[:2]}),
        get(query=f"ASK {{ <{DATA[0]}> ?p ?o }}", **{"named-graph-uri": DATA[:2]}),
        get(query=f"ASK FROM <{DATA[0]}> {{ <{DATA[0]}> ?p ?o }}", **{"default-graph-uri": DATA[1]}),
    ):
        assert boolean(server.request(url="/sparql", **request)) is False
