"""What every store does alike."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import KgError
from kg.store import Draft, EmbeddedStore, Store, open_store
from tests.store.conftest import EX, MERGED, quad, values

ARTICLE = ox.NamedNode(iris.article("a1"))
AWKWARD = [
    ox.Literal('a "quote", a \\ and\n a line\ttab\r', language="en"),
    ox.Literal("Қазақстан — 🌍", language="kk"),
    ox.Literal("2025-08", datatype=ox.NamedNode(iris.PREFIXES["xsd"] + "gYearMonth")),
    ox.Literal("0.5", datatype=ox.NamedNode(iris.PREFIXES["xsd"] + "decimal")),
    ox.Literal("152", datatype=ox.NamedNode(iris.PREFIXES["xsd"] + "integer")),
    ox.Literal(""),
    ox.Literal("} ; DELETE WHERE { ?s ?p ?o } #"),
]


def test_values_come_back_as_they_went_in(store: Store) -> None:
    quads = [quad("s", f"p{n}", value, ARTICLE) for n, value in enumerate(AWKWARD)]
    store.apply((), quads)
    assert set(store.match(None, None, None, ARTICLE)) == set(quads)
    for one in quads:
        assert list(store.match(None, one.predicate, one.object)) == [one]


def test_what_is_taken_out_goes_before_what_is_put_in(store: Store) -> None:
    one, two = quad("s", "p", "one"), quad("s", "p", "two")
    store.apply((), [one])
    store.apply([one], [one, two])
    assert set(store.match()) == {one, two}
    store.apply([one, quad("never", "was", "there")], ())
    assert list(store.match()) == [two]
    store.apply((), ())


def test_patterns(store: Store) -> None:
    quads = [quad("a", "p", "x"), quad("b", "p", "x"), quad("a", "q", "y", ARTICLE)]
    store.apply((), quads)
    a, p, x = (ox.NamedNode(EX + n) for n in "apx")
    assert set(store.match(a)) == {quads[0], quads[2]}
    assert set(store.match(None, p)) == set(quads[:2])
    assert set(store.match(None, None, x, MERGED)) == set(quads[:2])
    assert list(store.match(a, p, x, MERGED)) == [quads[0]]
    assert list(store.match(x)) == []


def test_the_merged_graph_is_the_default_graph(store: Store) -> None:
    store.apply((), [quad("a", "p", "x"), quad("a", "p", "x", ARTICLE), quad("a", "p", "said", ARTICLE)])
    assert values(store, f"SELECT ?o WHERE {{ <{EX}a> <{EX}p> ?o }}") == [[EX + "x"]]
    assert values(store, f"SELECT ?g ?o WHERE {{ GRAPH ?g {{ <{EX}a> <{EX}p> ?o }} FILTER (?o = <{EX}said>) }}") == [
        [ARTICLE.value, EX + "said"]
    ]
    assert values(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == [["1"]]


def test_every_form_of_query(store: Store) -> None:
    store.apply((), [quad("a", "p", "x")])
    assert store.query("ASK { ?s ?p ?o }")
    assert not store.query(f"ASK {{ <{EX}nothing> ?p ?o }}")
    triples = store.query("# a comment\nPREFIX : <urn:x> CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o }")
    assert [str(t.subject) for t in triples] == [f"<{EX}x>"]


def test_values_of_variables(store: Store) -> None:
    store.apply((), [quad("a", "p", "x"), quad("b", "p", "y")])
    answer = store.query("SELECT ?s ?o WHERE { ?s ?p ?o }", {"o": ox.NamedNode(EX + "y")})
    assert [row["s"].value for row in answer] == [EX + "b"]


def test_a_query_that_is_none(store: Store) -> None:
    with pytest.raises(SyntaxError):
        store.query("SELECT WHERE {")


def test_loading_many(store: Store) -> None:
    store.load(quad("s", "p", ox.Literal(str(n))) for n in range(12_000))
    assert values(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }") == [["12000"]]


def test_a_draft_is_seen_by_its_own_reads_only(store: Store) -> None:
    old, kept, new = quad("s", "p", "old"), quad("s", "p", "kept"), quad("s", "p", "new")
    store.apply((), [old, kept])
    draft = Draft(store)
    draft.remove([old, new])
    draft.add([new, kept])
    assert set(draft.match()) == {kept, new}
    assert set(store.match()) == {old, kept}
    draft.add([old])
    draft.remove([old, new])
    draft.add([new])
    draft.commit()
    assert set(store.match()) == {kept, new}
    assert not draft.changed
    draft.remove([kept])
    draft.add([kept])
    assert not draft.changed


def test_reading_only(server: str, tmp_path: pytest.TempPathFactory) -> None:
    path = str(tmp_path) + "/store"
    open_store(path).close()
    for where in (path, server):
        reader = open_store(where, read_only=True)
        with pytest.raises(KgError, match="reading only"):
            reader.apply((), [quad("a", "p", "x")])
        with pytest.raises(KgError, match="reading only"):
            reader.load([quad("a", "p", "x")])
        reader.close()


def test_no_server() -> None:
    with pytest.raises(KgError, match="does not answer") as caught:
        open_store("http://127.0.0.1:1/query")
    assert caught.value.remedy


def test_a_remote_store_holds_what_an_embedded_one_holds(server: str) -> None:
    embedded, remote = EmbeddedStore(None), open_store(server)
    remote.apply(list(remote.match()), ())
    quads = [quad(f"s{n % 7}", f"p{n}", value, ARTICLE) for n, value in enumerate(AWKWARD * 3)]
    for one in (embedded, remote):
        one.apply((), quads)
        one.apply(quads[::3], [quad("s", "p", "x")])
    assert sorted(map(str, embedded.match())) == sorted(map(str, remote.match()))
