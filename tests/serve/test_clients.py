"""Real clients against a real server: curl, SPARQLWrapper, rdflib, another engine's SERVICE."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.serve.conftest import MERGED, OTHER, SELECT
from tests.serve.running import running


@pytest.fixture(scope="module")
def endpoint(small: Path) -> Iterator[str]:
    with running(small) as address:
        yield f"{address}/sparql"


@pytest.mark.parametrize("method", ["GET", POST, POSTDIRECTLY])
def test_sparqlwrapper(endpoint: str, method: str) -> None:
    client = SPARQLWrapper(endpoint)
    if method == "GET":
        client.setMethod("GET")
    else:
        client.setMethod(POST)
    if method == POSTDIRECTLY:
        client.setRequestMethod(POSTDIRECTLY)
    client.setQuery(SELECT)
    client.setReturnFormat(JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert sorted(row["o"]["value"] for row in rows) == ["both", "merged"]
    client.addDefaultGraph(OTHER)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert sorted(row["o"]["value"] for row in rows) == ["both", "said"]


def test_sparqlwrapper_formats(endpoint: str) -> None:
    client = SPARQLWrapper(endpoint)
    client.setQuery(SELECT)
    for form in (XML, CSV, TSV):
        client.setReturnFormat(form)
        converted = client.queryAndConvert()
        assert "merged" in (converted.toxml() if form == XML else converted.decode())
    client.setQuery("CONSTRUCT WHERE { ?s <urn:p> ?o }")
    for form in (TURTLE, N3, RDFXML, "json-ld"):
        client.setReturnFormat(form)
        answer = client.queryAndConvert()
        graph = answer if isinstance(answer, rdflib.Graph) else rdflib.Graph().parse(data=answer)
        assert len(graph) == 2


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(endpoint: str, method: str) -> None:
    store = SPARQLStore(endpoint, method=method, returnFormat="json")
    graph = rdflib.Graph(store, identifier=rdflib.URIRef(MERGED))
    assert sorted(map(str, graph.objects(rdflib.URIRef("urn:a"), rdflib.URIRef("urn:p")))) == ["both", "merged"]
    assert len(graph) == 302
    assert graph.query(SELECT).bindings
    assert rdflib.URIRef(OTHER) in set(store.contexts())


def test_service_of_another_store(endpoint: str) -> None:
    here = ox.Store()
    here.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:here"), ox.Literal("1")))
    found = here.query(f"SELECT ?o {{ ?a <urn:here> ?x SERVICE <{endpoint}> {{ ?a <urn:p> ?o }} }}")
    assert sorted(row["o"].value for row in found) == ["both", "merged"]  # type: ignore[union-attr]
    assert len(list(here.query(f"SELECT * {{ SERVICE <{endpoint}> {{ ?s <urn:q> ?o }} }}"))) == 300  # type: ignore[arg-type]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(endpoint: str) -> None:
    def curl(*arguments: str) -> str:
        return subprocess.run(["curl", "-sS", *arguments], capture_output=True, text=True, check=True).stdout

    csv = curl("--compressed", "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}", endpoint)
    assert sorted(csv.split()) == ["both", "merged", "o"]
    direct = curl(
        "-H", "Content-Type: application/sparql-query", "-H", "Accept: */*", "--data-binary", SELECT, endpoint
    )
    assert len(json.loads(direct)["results"]["bindings"]) == 2
    head = curl("-I", "-G", "--data-urlencode", "query=ASK {}", endpoint)
    assert head.startswith("HTTP/1.1 200")
    assert "etag:" in head.lower()
    tag = next(line.split(": ", 1)[1] for line in head.splitlines() if line.lower().startswith("etag"))
    again = curl("-i", "-H", f"If-None-Match: {tag}", "-G", "--data-urlencode", "query=ASK {}", endpoint)
    assert again.startswith("HTTP/1.1 304")
    assert "data" in curl("-H", "Accept: application/n-triples", endpoint)
