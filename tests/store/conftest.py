"""The stores that the same tests run against: in memory, on disk, behind an address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris
from kg.store import EmbeddedStore, Store, open_store
from kg.store.remote import RemoteStore
from tests.store import servers

EX = "https://example.org/"
MERGED = ox.NamedNode(iris.GRAPH_MERGED)


def quad(s: str, p: str, o: str | ox.Literal, graph: ox.NamedNode = MERGED) -> ox.Quad:
    """A quad of example terms; a text is the end of an IRI."""
    object_ = ox.NamedNode(EX + o) if isinstance(o, str) else o
    return ox.Quad(ox.NamedNode(EX + s), ox.NamedNode(EX + p), object_, graph)


def values(store: Store, text: str) -> list[list[str]]:
    """The solutions of a SELECT as sorted rows of texts."""
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    names = [v.value for v in answer.variables]
    return sorted(["" if row[n] is None else str(row[n].value) for n in names] for row in answer)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server of the installed package, with an empty store."""
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as address:
        yield address


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso server with an empty database."""
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


@pytest.fixture(params=["oxigraph", "virtuoso"])
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of each kind of server, emptied of our graphs; credentials are in the environment."""
    where: str = request.getfixturevalue("server" if request.param == "oxigraph" else "virtuoso")
    if request.param == "virtuoso":
        monkeypatch.setenv("KG_STORE_USER", "dba")
        monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
    empty(where)
    yield where
    RemoteStore.unlock(where)


def empty(address: str) -> None:
    """Take all graphs of ours out of a server, and whatever a test before has left of its lock."""
    RemoteStore.unlock(address)
    store = RemoteStore(address)
    for graph in {str(q.graph_name) for q in store.match()}:
        store._server.update(f"CLEAR GRAPH {graph}")
    assert not list(store.match())
    store.close()


@pytest.fixture(params=["memory", "disk", "oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "memory":
        found: Store = EmbeddedStore(None)
    elif request.param == "disk":
        found = open_store(tmp_path / "store")
    else:
        where: str = request.getfixturevalue("server" if request.param == "oxigraph" else "virtuoso")
        if request.param == "virtuoso":
            monkeypatch.setenv("KG_STORE_USER", "dba")
            monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
        empty(where)
        found = open_store(where)
    yield found
    found.close()
