"""Stores behind an address: what goes wrong on the way, and that an article is there whole or not at all."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from kg import iris
from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.reference import Reference
from kg.store import dataset, open_store, protocol
from kg.store.journal import GRAPH as JOURNAL
from kg.store.journal import _read, _written
from kg.store.remote import RemoteStore
from tests.store import servers
from tests.store.conftest import EX, MERGED, quad, values
from tests.store.test_graph_remote import lines, reports
from tests.store.test_store import AWKWARD


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting is tested, but not waited for."""
    monkeypatch.setattr(protocol, "_FIRST_WAIT", 0.01)


# A server that does what a test tells it to --------------------------------------------------------------------------

NOTHING = json.dumps({"head": {}, "boolean": True}).encode()


@contextmanager
def scripted(*answers: tuple[int, bytes, dict[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers one after the other, then says yes to everything; and what it was asked."""
    script, asked = iter(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked[-1] = f"{self.headers.get('Authorization', '')} {asked[-1]}".strip()
            status, body, headers = next(script, (200, NOTHING, {}))
            self.send_response(status)
            for name, value in {"Content-Type": "application/sparql-results+json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/query", asked
    finally:
        server.shutdown()
        server.server_close()


def solutions(count: int) -> bytes:
    rows = [{"n": {"type": "literal", "value": str(n)}} for n in range(count)]
    return json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": rows}}).encode()


OK = (200, NOTHING, {})


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    busy = (status, b"busy", {"Retry-After": "0"})
    with scripted(busy, busy, OK, busy, OK) as (address, asked):
        store = RemoteStore(address, read_only=True)
        assert len(asked) == 3
        assert store.query("ASK { ?s ?p ?o }")
        assert len(asked) == 5


def test_a_server_that_stays_busy_is_told() -> None:
    with scripted(*[(503, b"busy", {})] * 20) as (address, asked):
        with pytest.raises(KgError, match="503"):
            RemoteStore(address, read_only=True)
        assert len(asked) == protocol.TRIES


def test_what_would_fail_again_is_not_asked_again() -> None:
    for status, error, message in (
        (400, SyntaxError, "badly formed"),
        (500, KgError, "refuses"),
        (404, KgError, "refuses"),
    ):
        with scripted(OK, (status, b"no", {})) as (address, asked):
            store = RemoteStore(address, read_only=True)
            with pytest.raises(error, match=message):
                store.query("ASK { ?s ?p ?o }")
            assert len(asked) == 2


def test_two_transactions_that_wait_for_each_other() -> None:
    deadlock = (500, b"Virtuoso 40001 Error SR172: Transaction deadlocked", {})
    with scripted(OK, deadlock, OK) as (address, asked):
        assert RemoteStore(address, read_only=True).query("ASK {}")
        assert len(asked) == 3


def test_credentials_go_along_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_USER", "ann")
    monkeypatch.setenv("KG_STORE_PASSWORD", "secret")
    with scripted() as (address, asked):
        RemoteStore(address, read_only=True).query("ASK {}")
        assert all(line.startswith("Basic YW5uOnNlY3JldA== ") for line in asked)
    with scripted(OK, (401, b"", {})) as (address, _):
        store = RemoteStore(address, read_only=True)
        with pytest.raises(KgError, match="another name or password") as caught:
            store.query("ASK {}")
        assert "KG_STORE_USER" in caught.value.remedy
        assert "secret" not in str(caught.value)


def test_an_answer_that_is_cut_short_is_no_answer() -> None:
    """Oxigraph and others send 200 and the first rows, and end in the middle when their time is up."""
    whole = solutions(50)
    for end in (len(whole) // 2, len(whole) - 2):
        with scripted(OK, (200, whole[:end], {})) as (address, _):
            store = RemoteStore(address, read_only=True)
            with pytest.raises(KgError, match="cut short"):
                store.query("SELECT ?n { ?s ?p ?n }")
    with scripted(OK, (200, b"<a> <b> ", {"Content-Type": "text/turtle"})) as (address, _):
        store = RemoteStore(address, read_only=True)
        with pytest.raises(KgError, match="cut short"):
            store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_rows_that_a_server_holds_back_are_noticed() -> None:
    header = {"X-SPARQL-MaxRows": "70"}
    with scripted(OK, (200, solutions(70), header)) as (address, _):
        store = RemoteStore(address, read_only=True)
        with pytest.raises(KgError, match="holds the others back"):
            store.query("SELECT ?n { ?s ?p ?n }")
    # A round number of rows, and one more when it is asked for.
    with scripted(OK, (200, solutions(2000), {}), (200, solutions(1), {})) as (address, asked):
        with pytest.raises(KgError, match="2,000 rows"):
            RemoteStore(address, read_only=True).query("SELECT ?n { ?s ?p ?n }")
        assert "OFFSET+2000" in asked[-1]
    with scripted(OK, (200, solutions(2000), {}), (200, solutions(0), {})) as (address, _):
        answer = RemoteStore(address, read_only=True).query("SELECT ?n { ?s ?p ?n }")
        assert len(list(answer)) == 2000  # type: ignore[arg-type]
    with scripted(OK, (200, solutions(2000), header)) as (address, asked):
        RemoteStore(address, read_only=True).query("SELECT ?n { ?s ?p ?n } LIMIT 2000")
        assert len(asked) == 2


# Real servers --------------------------------------------------------------------------------------------------------


def test_more_rows_than_a_server_sends(address: str) -> None:
    store = RemoteStore(address)
    store.load(quad(f"s{n % 40}", f"p{n % 3}", ox.Literal(f"{n:05d}")) for n in range(25_000))
    store.load([quad("s", "q", value, ox.NamedNode(iris.article("a"))) for value in AWKWARD])
    assert len(set(store.match())) == 25_000 + len(AWKWARD)
    assert len(set(store.match(None, ox.NamedNode(EX + "p1"), None, MERGED))) == 8_333
    assert len(set(store.match(ox.NamedNode(EX + "s7")))) == 625
    assert values(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == [["25000"]]
    try:
        answer = store.query("SELECT ?o WHERE { ?s ?p ?o }")
        assert len(list(answer)) == 25_000  # type: ignore[arg-type]
    except KgError as error:
        assert "10,000 rows" in error.message
    pages = [
        values(store, f"SELECT ?o WHERE {{ {{ SELECT ?o WHERE {{ ?s ?p ?o }} ORDER BY ?o }} }} LIMIT 9000 OFFSET {at}")
        for at in (0, 9000, 18000)
    ]
    assert len({row[0] for page in pages for row in page}) == 25_000


def test_what_else_a_server_keeps_is_none_of_ours(address: str) -> None:
    store = RemoteStore(address)
    other = ox.NamedNode("https://example.org/graph/theirs")
    store.apply((), [quad("a", "p", "theirs", other), quad("a", "p", "ours")])
    assert [q.graph_name for q in store.match(ox.NamedNode(EX + "a"))] == [MERGED]
    assert len(list(store.match(None, None, None, other))) == 1
    store.apply([quad("a", "p", "theirs", other)], ())


def test_graphs_are_told_apart_in_queries(address: str) -> None:
    store = RemoteStore(address)
    article = ox.NamedNode(iris.article("a"))
    store.apply((), [quad("a", "p", "held"), quad("a", "p", "said", article), quad("b", "q", "said", article)])
    held = f"?s <{EX}p> ?o"
    for text, expected in (
        (f"SELECT ?o WHERE {{ {held} }}", ["held"]),
        (f"SELECT ?o {{ {held} GRAPH <{article.value}> {{ ?s <{EX}p> ?said }} }}", ["held"]),
        (f"SELECT ?o WHERE {{ GRAPH ?g {{ ?x <{EX}q> ?o }} }}", ["said"]),
        (f"SELECT ?o {{ {{ SELECT ?s ?o {{ {held} }} }} FILTER EXISTS {{ GRAPH ?g {{ ?s <{EX}p> ?y }} }} }}", ["held"]),
        (f"SELECT ?o FROM <{article.value}> WHERE {{ ?s <{EX}p> ?o }}", ["said"]),
        (f'SELECT ?o WHERE {{ {held} FILTER (STR(?o) != "}} GRAPH ?g {{") }} # {{ GRAPH', ["held"]),
    ):  # fmt: skip
        assert [row[0].removeprefix(EX) for row in values(store, text)] == expected, text
    made = store.query(f"CONSTRUCT {{ ?o <{EX}of> ?g }} WHERE {{ {held} . GRAPH ?g {{ ?s <{EX}p> ?said }} }}")
    found = {(str(t.subject), str(t.object)) for t in made}
    assert (f"<{EX}held>", f"<{article.value}>") in found
    assert f"<{EX}said>" not in {s for s, _ in found}


def test_points_keep_their_digits(address: str) -> None:
    store = RemoteStore(address)
    wkt = ox.NamedNode(iris.PREFIXES["geo"] + "wktLiteral")
    point = quad("a", "at", ox.Literal("POINT(76.91 43.25)", datatype=wkt))
    store.load([point])
    assert list(store.match()) == [point]
    assert store.contains(point)
    store.apply([point], ())
    assert not list(store.match())


def test_a_wrong_password_is_told(virtuoso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for user, password in (("dba", "wrong"), ("", "")):
        monkeypatch.setenv("KG_STORE_USER", user)
        monkeypatch.setenv("KG_STORE_PASSWORD", password)
        with pytest.raises(KgError, match="another name or password"):
            RemoteStore(virtuoso).apply((), [quad("a", "p", "x")])


class Gone(Exception):
    """The connection is lost for good, or the process was killed."""


@pytest.mark.parametrize("batch", ["30"])
def test_an_article_that_fails_half_way_is_there_whole_or_not_at_all(
    address: str, batch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each request that a change takes the process ends; whoever opens the store next finds it whole."""
    monkeypatch.setenv("KG_STORE_BATCH", batch)
    before, after = states(address)
    seen = set()
    for number in itertools.count():
        store = RemoteStore(address)
        graph = KnowledgeGraph(store, Reference())
        left = iter(range(number))
        whole = store._server.update

        def update(text: str, whole: Any = whole, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Gone
            whole(text)

        store._server.update = store._journal._update = update  # type: ignore[method-assign]
        try:
            graph.add(*reports()[1])
            break
        except Gone:
            pass
        store.close()
        seen.add(found_whole(address, before, after))
    assert number > 5
    assert seen == {True, False}
    assert lines(graph) == after


def states(address: str) -> tuple[list[str], list[str]]:
    """The graph without the second report and with it; it is left without it."""
    with KnowledgeGraph(RemoteStore(address), Reference()) as graph:
        graph.add(*reports()[0])
        before = lines(graph)
        graph.add(*reports()[1])
        after = lines(graph)
        graph.remove("two")
        assert lines(graph) == before != after
    return before, after


def found_whole(address: str, before: list[str], after: list[str]) -> bool:
    """Whether the second report is there, after a change that was cut short; it is taken out again."""
    with KnowledgeGraph(RemoteStore(address), Reference()) as graph:
        found = lines(graph)
        assert found in (before, after)
        assert not list(graph.store.match(None, None, None, JOURNAL))
        assert graph.add(*reports()[1]) == ("unchanged" if found == after else "added")
        assert lines(graph) == after
        graph.remove("two")
        assert lines(graph) == before
    return found == after


@pytest.mark.parametrize("for_good", [False, True])
def test_a_line_that_is_cut_at_any_moment(address: str, for_good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before an update, in it, before its answer and in it: for a moment, then it is made to the end; or for good."""
    monkeypatch.setenv("KG_STORE_BATCH", "30")
    before, after = states(address)
    split = urlsplit(address)
    proxy = servers.Proxy(split.port or 0, "/sparql-auth" if split.path == "/sparql" else "/update")
    through = address.replace(f":{split.port}", f":{proxy.port}")
    try:
        with KnowledgeGraph(RemoteStore(through), Reference()) as graph:
            proxy.cut("", -1, for_good=False)
            graph.add(*reports()[1])
            updates = proxy.updates  # one update or two more may be those of the lease
            graph.remove("two")
        assert updates > 5
        seen = set()
        for number, at in enumerate(range(0, updates, 2)):
            moment = proxy.MOMENTS[number % len(proxy.MOMENTS)]
            proxy.cut("", -1, for_good=False)
            graph = KnowledgeGraph(RemoteStore(through), Reference())
            proxy.cut(moment, at, for_good=for_good)
            if for_good:
                with pytest.raises(KgError, match=r"does not answer|cut"):
                    graph.add(*reports()[1])
            else:
                assert graph.add(*reports()[1]) == "added"
            assert proxy.updates > at, f"nothing was cut {moment}"
            graph.close()
            RemoteStore.unlock(address)  # what the lease's end would do a minute later
            seen.add(found_whole(address, before, after))
        assert seen == ({True, False} if for_good else {True})
    finally:
        proxy.close()


def test_a_connection_that_comes_back(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that failed in the middle is made whole by the next one of the same process."""
    monkeypatch.setenv("KG_STORE_BATCH", "10")
    store = RemoteStore(address)
    whole, count = store._server.update, itertools.count()

    def update(text: str) -> None:
        if next(count) == 5:
            raise KgError("the store does not answer")
        whole(text)

    store._journal._update = update  # type: ignore[method-assign]
    many = [quad("s", "p", ox.Literal(str(n))) for n in range(100)]
    with pytest.raises(KgError):
        store.apply((), many)
    store.apply((), [quad("later", "p", "x")])
    assert set(store.match()) == {*many, quad("later", "p", "x")}


def test_a_server_that_is_started_again_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_FIRST_WAIT", 0.5)
    port = servers.free_port()
    with servers.oxigraph(tmp_path / "server", port) as address:
        store = open_store(address)
        store.apply((), [quad("a", "p", "x")])
    done = threading.Event()

    def write() -> None:
        store.apply((), [quad("b", "p", "x")])
        done.set()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    assert not done.wait(0.3)
    with servers.oxigraph(tmp_path / "server", port):
        assert done.wait(20)
        assert len(list(store.match())) == 2


def test_the_journal_keeps_what_it_is_given() -> None:
    quads = [quad("s", "p", value) for value in AWKWARD]
    for removed, added in ((quads, quads[:2]), ([], quads), (quads, [])):
        assert _read(_written(removed, added)) == (removed, added)


@pytest.mark.parametrize(
    ("text", "form", "graphs", "limited"),
    [
        ("PREFIX select: <urn:x> ASK {}", "ASK", False, False),
        ("SELECT (COUNT(*) AS ?graph) { ?s ?p 'GRAPH' } LIMIT 3", "SELECT", False, True),
        ("# SELECT\nCONSTRUCT WHERE { GRAPH ?g { ?s ?p ?o } }", "CONSTRUCT", True, False),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 1 } }", "SELECT", False, False),
        ("describe <urn:x>", "DESCRIBE", False, False),
        ('SELECT * { ?s ?p """a "quote" GRAPH { \\""" }} """ }', "SELECT", False, False),
    ],
)
def test_what_a_query_is(text: str, form: str, graphs: bool, limited: bool) -> None:
    assert (dataset.form(text), dataset.names_graphs(text), dataset.limited(text)) == (form, graphs, limited)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", "SELECT * { GRAPH <urn:g> { ?s ?p ?o } } LIMIT 1"),
        ("ASK { { ?s ?p ?o } UNION { ?o ?p ?s } }", "ASK { GRAPH <urn:g> { { ?s ?p ?o } UNION { ?o ?p ?s } } }"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?o ?p ?s }", "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:g> { ?o ?p ?s } }"),
        ("CONSTRUCT { ?s ?p ?o } { ?o ?p ?s }", "CONSTRUCT { ?s ?p ?o } { GRAPH <urn:g> { ?o ?p ?s } }"),
        ("SELECT (EXISTS { ?a ?b ?c } AS ?x) { ?s ?p '}' } VALUES ?s { <urn:a> }",
         "SELECT (EXISTS { ?a ?b ?c } AS ?x) { GRAPH <urn:g> { ?s ?p '}' } } VALUES ?s { <urn:a> }"),
    ],
)  # fmt: skip
def test_a_query_about_one_graph(text: str, expected: str) -> None:
    assert dataset.within(text, "urn:g") == expected
    ox.Store().query(expected)
