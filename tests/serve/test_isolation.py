"""A query that takes too long or too much ends alone, and says so; the next one runs."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from fastapi.testclient import TestClient

from tests.serve.conftest import SELECT, serving
from tests.serve.running import running

# Long enough for any machine: a product of products.
SLOW = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(9)) + " }"
Values = Callable[[Any], list[str]]


def test_a_slow_query_is_stopped_and_the_next_one_runs(client: TestClient, values: Values) -> None:
    response = client.get("/sparql", params={"query": SLOW})
    assert response.status_code == 503
    assert "longer than 2 s" in response.text
    assert values(client.get("/sparql", params={"query": SELECT})) == ["both", "merged"]


def test_a_long_answer_that_takes_too_long_says_so_at_its_end(client: TestClient) -> None:
    endless = "SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
    with serving(client.app.state.site.settings.store, timeout=1.0, rows=10**9, size=10**12) as unbounded:  # type: ignore[attr-defined]
        answer = unbounded.get("/sparql", params={"query": endless})
    assert answer.status_code == 200
    assert answer.json()["truncated"].startswith("the query takes longer than 1 s")
    assert len(answer.json()["results"]["bindings"]) > 1000


def test_headers_alone_are_those_of_the_whole_answer(client: TestClient) -> None:
    names = ("content-type", "content-length", "etag", "x-reason", "x-truncated", "retry-after")
    every = "SELECT * { ?s ?p ?o }"
    asked = (
        (every, "text/csv"),
        (every, "application/json"),
        ("SELECT * {", ""),
        ("ASK {}", "text/turtle"),
        (SLOW, ""),
    )
    for query, accept in asked:
        whole, head = (
            client.request(method, "/sparql", params={"query": query}, headers={"Accept": accept or "*/*"})
            for method in ("GET", "HEAD")
        )
        assert head.status_code == whole.status_code
        assert [head.headers.get(name) for name in names] == [whole.headers.get(name) for name in names]
        assert head.content == b""
        if whole.status_code != 200:
            assert whole.text.startswith(head.headers["x-reason"])


def test_the_headers_of_a_long_answer_do_not_wait_for_its_end(client: TestClient) -> None:
    endless = "SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
    ended = "kg_queries_ended_total"
    before = [line for line in client.get("/metrics").text.splitlines() if line.startswith(ended)]
    for _ in range(3):
        assert client.head("/sparql", params={"query": endless}).status_code == 200
    assert [line for line in client.get("/metrics").text.splitlines() if line.startswith(ended)] == before


def test_a_query_that_wants_all_memory_ends_alone(small: Path, values: Values) -> None:
    greedy = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z } }"
    with serving(small, timeout=30.0, memory=256 * 1024**2) as tight:
        response = tight.get("/sparql", params={"query": greedy})
        assert response.status_code == 503
        assert "256 MiB" in response.text
        assert values(tight.get("/sparql", params={"query": SELECT})) == ["both", "merged"]


def test_an_address_has_its_share(small: Path, values: Values) -> None:
    with serving(small, timeout=3.0, workers=3, per_address=2) as client:
        slow = [
            threading.Thread(target=client.get, args=("/sparql",), kwargs={"params": {"query": SLOW}}) for _ in range(2)
        ]
        for thread in slow:
            thread.start()
        time.sleep(0.7)
        refused = client.get("/sparql", params={"query": SELECT})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        for thread in slow:
            thread.join()
        assert values(client.get("/sparql", params={"query": SELECT})) == ["both", "merged"]


def test_who_waits_too_long_for_a_free_process_is_told(small: Path) -> None:
    with serving(small, timeout=1.5, workers=1) as client:
        slow = threading.Thread(target=client.get, args=("/sparql",), kwargs={"params": {"query": SLOW}})
        slow.start()
        time.sleep(0.3)
        codes = {client.get("/sparql", params={"query": SELECT}).status_code for _ in range(2)}
        slow.join()
    assert codes <= {200, 503}


def test_a_query_that_nobody_waits_for_is_ended(small: Path) -> None:
    with running(small, "--timeout", "60", "--workers", "1") as address:
        where = urlsplit(address)
        with socket.create_connection((where.hostname or "", where.port or 0)) as connection:
            connection.sendall(f"GET /sparql?query={quote(SLOW)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.7)
        answer = httpx.get(f"{address}/sparql", params={"query": SELECT}, timeout=30)
        assert answer.status_code == 200
        assert 'kg_queries_ended_total{reason="left"} 1.0' in httpx.get(f"{address}/metrics").text


def test_a_process_has_no_network_and_no_programs() -> None:
    program = """
import socket, subprocess, sys
ours, theirs = socket.socketpair()
from kg.serve.sandbox import confine
held = confine(4 * 1024**3)
for attempt in (lambda: socket.socket(), lambda: subprocess.run(["true"])):
    try:
        attempt()
        print("open")
    except PermissionError:
        print("shut")
ours.sendall(b"x")
print(theirs.recv(1), held)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    held = done.stdout.split()[-1] == "True"
    assert done.stdout.split()[:2] == (["shut", "shut"] if held else ["open", "open"])
    assert "b'x'" in done.stdout
    if sys.platform.startswith("linux"):
        assert held


def test_no_request_leaves_whatever_the_query(client: TestClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"ASK {{ BIND(<{address}> AS ?x) FILTER(?a<?b)SERVICE#>\n?x {{}} }}",
            f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
            f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}",
            f"LOAD <{address}>",
        ):
            client.get("/sparql", params={"query": query})
        client.get("/sparql", params={"query": SELECT, "default-graph-uri": address})
        try:
            trap.accept()
        except TimeoutError:
            return
    raise AssertionError("a query made a request")
