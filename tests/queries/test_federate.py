"""Questions to other servers: only when allowed, and about our own things only."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pyoxigraph as ox
import pytest

from kg import queries
from kg.errors import UsageError
from kg.queries.federate import without_services
from kg.store import Store

WIKIDATA = "https://query.wikidata.org/sparql"
LABELS = {"Q1065": {"en": "United Nations", "kk": "БҰҰ"}, "Q740308": {"en": "UNICEF"}}


class Labels(BaseHTTPRequestHandler):
    """Answers with the labels of the items that the query names."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append(text)
        rows = [
            {
                "item": {"type": "uri", "value": f"http://www.wikidata.org/entity/{item}"},
                "theirName": {"type": "literal", "value": label, "xml:lang": lang},
            }
            for item, labels in LABELS.items()
            if f"/{item}>" in text
            for lang, label in labels.items()
        ]
        data = json.dumps({"head": {"vars": ["item", "theirName"]}, "results": {"bindings": rows}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""


@pytest.fixture
def wikidata() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Labels)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Labels.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join(10)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", [("UNICEF", "UNICEF", "true"), ("United Nations", "United Nations", "true")]),
        ("kk", [("БҰҰ", "БҰҰ", "true"), ("ЮНИСЕФ", "", "")]),
    ],
)
def test_labels_of_wikidata(small: Store, wikidata: str, lang: str, expected: list[tuple[str, ...]]) -> None:
    text = queries.sparql("wikidata-labels", {"lang": lang}, queries.resolver(small)).replace(WIKIDATA, wikidata)
    answer = small.query(queries.bind_services(text, small.query))
    assert isinstance(answer, ox.QuerySolutions)
    columns = ("name", "theirName", "same")
    rows = [tuple(str(row[name].value) if row[name] else "" for name in columns) for row in answer]
    assert rows == expected
    assert Labels.asked
    # Only the items of our own graph were asked for.
    assert all("Q1065" in text and "Q740308" in text for text in Labels.asked)


def test_nobody_is_asked_unasked() -> None:
    text = queries.library()["wikidata-labels"].text
    with pytest.raises(UsageError, match=r"query\.wikidata\.org.*--federated"):
        queries.allow(text, "wikidata-labels", federated=False)
    queries.allow(text, "wikidata-labels", federated=True)
    for name, question in queries.library().items():
        if not question.service:
            queries.allow(question.text, name, federated=False)


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }", ["<http://a.example/>"]),
        ("SELECT * { service silent ?where { ?s ?p ?o } }", ["?where"]),
        ("SELECT * { \\u0053ERVICE <http://a.example/> { ?s ?p ?o } }", ["<http://a.example/>"]),
        ("SELECT * { ?service io:SERVICE 'SERVICE <x> {' } # SERVICE <x> {", []),
    ],
)
def test_servers_of_a_query(text: str, servers: list[str]) -> None:
    assert queries.services(text) == servers


def test_the_rest_of_a_query() -> None:
    text = 'SELECT * { ?a ?b "}" SERVICE <http://a.example/> { ?s ?p "}" . { ?x ?y ?z } } ?c ?d ?e }'
    assert without_services(text) == 'SELECT * { ?a ?b "}"  ?c ?d ?e }'


def test_what_is_bound_must_be_a_column(small: Store) -> None:
    text = "SELECT ?a {\n ?a a io:City .\n SERVICE <http://a.example/> {\n  #bound b\n ?a ?b ?c } }"
    with pytest.raises(UsageError, match=r"\?b is no column"):
        queries.bind_services(text.replace("io:City", "<x:y>"), small.query)
    assert queries.bind_services("SELECT * {}", small.query) == "SELECT * {}"
