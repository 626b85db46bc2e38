"""Updates and the Graph Store Protocol, off without a token; the W3C's protocol cases about updates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from kg import iris
from tests.serve.conftest import MERGED, serving, store_of
from tests.serve.test_protocol import DATA

TOKEN: Final = "a-token-of-some-length"
KEY: Final = {"Authorization": f"Bearer {TOKEN}"}
UPDATE: Final = {"Content-Type": "application/sparql-update", **KEY}
KIND: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DOCUMENT: Final = "<http://xmlns.com/foaf/0.1/Document>"
EXAMPLE: Final = "http://example.org/protocol-update-dataset-test/"
FILL: Final = "".join(f"INSERT DATA {{ GRAPH <{iri}> {{ <{iri}> a {DOCUMENT} }} }} ;\n" for iri in DATA)
FOUND: Final = f"INSERT {{ GRAPH <{EXAMPLE}> {{ ?s a {DOCUMENT} }} }}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TestClient]:
    store = store_of(tmp_path / "store", f'<urn:a> <urn:p> "x" <{MERGED}> .')
    with serving(store, token=TOKEN, refresh=60.0) as client:
        yield client


def ask(server: TestClient, query: str) -> bool:
    answer = server.get("/sparql", params={"query": query})
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["boolean"])


def update(server: TestClient, text: str, **parameters: Any) -> int:
    return server.post("/sparql", params=parameters, content=text, headers=UPDATE).status_code


def holds(server: TestClient, wanted: set[str]) -> bool:
    found = " ".join(f"<{iri}> a {DOCUMENT} ." for iri in sorted(wanted))
    others = " ".join(
        f"FILTER NOT EXISTS {{ GRAPH <{EXAMPLE}> {{ <{iri}> a {DOCUMENT} }} }}" for iri in set(DATA) - wanted
    )
    return ask(server, f"ASK {{ GRAPH <{EXAMPLE}> {{ {found} }} {others} }}")


def test_update_post_form(server: TestClient) -> None:
    assert server.post("/sparql", data={"update": "CLEAR ALL"}, headers=KEY).status_code == 204
    assert not ask(server, "ASK { ?s ?p ?o }")


def test_update_post_direct(server: TestClient) -> None:
    assert update(server, "CLEAR ALL") == 204
    assert not ask(server, "ASK { ?s ?p ?o }")


def test_update_dataset_default_graph(server: TestClient) -> None:
    assert update(server, FILL) == 204
    assert update(server, f"{FOUND} WHERE {{ ?s a {DOCUMENT} }}", **{"using-graph-uri": DATA[0]}) == 204
    assert holds(server, {DATA[0]})


def test_update_dataset_default_graphs(server: TestClient) -> None:
    update(server, FILL)
    assert update(server, f"{FOUND} WHERE {{ ?s a {DOCUMENT} }}", **{"using-graph-uri": DATA[:2]}) == 204
    assert holds(server, set(DATA[:2]))


def test_update_dataset_named_graphs(server: TestClient) -> None:
    update(server, FILL)
    text = f"{FOUND} WHERE {{ GRAPH ?g {{ ?s a {DOCUMENT} }} }}"
    assert update(server, text, **{"using-named-graph-uri": DATA[:2]}) == 204
    assert holds(server, set(DATA[:2]))


def test_update_dataset_full(server: TestClient) -> None:
    update(server, FILL)
    text = (
        f"{FOUND} WHERE {{ {{ GRAPH ?g {{ ?s a {DOCUMENT} }} }} UNION {{ ?s a {DOCUMENT} "
        f"FILTER (\"WHERE\" != 'where # WHERE') }} }}"
    )
    assert update(server, text, **{"using-graph-uri": DATA[0], "using-named-graph-uri": DATA[1]}) == 204
    assert holds(server, set(DATA[:2]))


def test_update_base_uri(server: TestClient) -> None:
    graph = "<http://example.org/protocol-base-test/>"
    text = f"CLEAR SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{ <urn:s> <urn:p> <test> }} }}"
    assert update(server, text) == 204
    answer = server.get("/sparql", params={"query": f"SELECT ?o {{ GRAPH {graph} {{ <urn:s> <urn:p> ?o }} }}"}).json()
    value = answer["results"]["bindings"][0]["o"]
    assert value["type"] == "uri"
    assert value["value"] == iris.BASE + "test"


BAD: Final[dict[str, tuple[dict[str, Any], set[int]]]] = {
    "bad_update_get": ({"method": "GET", "params": {"update": "CLEAR ALL"}, "headers": KEY}, {400}),
    "bad_multiple_updates": (
        {"method": "POST", "data": {"update": ["CLEAR NAMED", "CLEAR DEFAULT"]}, "headers": KEY},
        {400},
    ),
    "bad_update_wrong_media_type": (
        {"method": "POST", "content": "CLEAR NAMED", "headers": {**KEY, "Content-Type": "text/plain"}},
        {400, 415},
    ),
    "bad_update_missing_form_type": ({"method": "POST", "content": "update=CLEAR%20NAMED", "headers": KEY}, {400, 415}),
    "bad_update_missing_direct_type": ({"method": "POST", "content": "CLEAR NAMED", "headers": KEY}, {400, 415}),
    "bad_update_non_utf8": (
        {
            "method": "POST",
            "content": "CLEAR NAMED".encode("utf-16"),
            "headers": {**KEY, "Content-Type": "application/sparql-update; charset=UTF-16"},
        },
        {400, 415},
    ),
    "bad_update_syntax": ({"method": "POST", "data": {"update": "CLEAR XYZ"}, "headers": KEY}, {400}),
    "bad_update_dataset_conflict": (
        {
            "method": "POST",
            "params": {"using-named-graph-uri": "http://example/people"},
            "data": {
                "update": "WITH <http://example/addresses> DELETE { ?p <urn:n> 'Bill' } INSERT { ?p <urn:n> 'W' } "
                "WHERE { ?p <urn:n> 'Bill' }"
            },
            "headers": KEY,
        },
        {400},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_updates_that_are_refused(server: TestClient, name: str) -> None:
    request, statuses = BAD[name]
    assert server.request(url="/sparql", **request).status_code in statuses
    assert ask(server, 'ASK { <urn:a> <urn:p> "x" }')


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_without_the_token_nothing_changes(server: TestClient, header: dict[str, str]) -> None:
    direct = {"Content-Type": "application/sparql-update", **header}
    answer = server.post("/sparql", content="CLEAR ALL", headers=direct)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    for method in ("GET", "PUT", "POST", "DELETE"):
        asked = server.request(method, "/graph-store", params={"graph": "urn:g"}, headers=header)
        assert asked.status_code == 401
    assert ask(server, 'ASK { <urn:a> <urn:p> "x" }')


def test_without_a_token_file_nobody_may(small: Path) -> None:
    with serving(small) as client:
        direct = {"Content-Type": "application/sparql-update", "Authorization": "Bearer "}
        assert client.post("/sparql", content="CLEAR ALL", headers=direct).status_code == 403
        assert client.get("/graph-store", params={"default": ""}, headers=KEY).status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <file:///etc/passwd>",
        "load <http://127.0.0.1:9/>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <urn:x> { ?s ?p ?o } }",
    ],
)
def test_updates_that_fetch_are_refused(server: TestClient, text: str) -> None:
    answer = server.post("/sparql", content=text, headers=UPDATE)
    assert answer.status_code == 400
    assert "not allowed" in answer.text


def test_a_mistake_is_told_with_its_place(server: TestClient) -> None:
    answer = server.post("/sparql", content="INSERT DATA {\n <urn:a> }", headers=UPDATE)
    assert answer.status_code == 400
    assert "line 2" in answer.text


def test_the_graph_store(server: TestClient) -> None:
    def call(method: str, **rest: Any) -> Any:
        headers = {**KEY, **rest.pop("headers", {})}
        return server.request(method, "/graph-store", params={"graph": "urn:g"}, headers=headers, **rest)

    turtle = {"Content-Type": "text/turtle"}
    assert call("GET").status_code == 404
    assert call("PUT", content="<urn:s> <urn:p> 1, 2 .", headers=turtle).status_code == 201
    assert call("POST", content="<urn:s> <urn:p> 3 .", headers=turtle).status_code == 204
    answer = call("GET", headers={"Accept": "application/n-triples"})
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert len(answer.text.splitlines()) == 3
    assert call("PUT", content="<s> <urn:p> 4 .", headers=turtle).status_code == 204
    assert ask(server, "ASK { GRAPH <urn:g> { ?s ?p 4 } FILTER NOT EXISTS { GRAPH <urn:g> { ?s ?p 1 } } }")
    assert call("PUT", content="<urn:s> <urn:p>", headers=turtle).status_code == 400
    assert call("PUT", content="x", headers={"Content-Type": "text/csv"}).status_code == 415
    assert ask(server, "ASK { GRAPH <urn:g> { ?s ?p 4 } }")
    assert call("DELETE").status_code == 204
    assert call("DELETE").status_code == 404
    assert server.get("/graph-store", params={"default": ""}, headers=KEY).text.count("urn:p") == 1
    assert server.get("/graph-store", headers=KEY).status_code == 400


def test_while_a_build_has_the_store_it_is_said(server: TestClient) -> None:
    engine = ox.Store(server.app.state.site.settings.store)  # type: ignore[attr-defined]
    answer = server.post("/sparql", content="CLEAR ALL", headers=UPDATE)
    assert answer.status_code == 503
    assert "in use" in answer.text
    assert int(answer.headers["retry-after"]) > 0
    del engine
    assert ask(server, 'ASK { <urn:a> <urn:p> "x" }')
