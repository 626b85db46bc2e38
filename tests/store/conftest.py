"""The stores that the same tests run against: in memory, on disk, behind an address."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import KgError
from kg.store import EmbeddedStore, Store, open_store

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
    """The address of a SPARQL server of the installed package, with an empty store."""
    beside = Path(sys.executable).parent / "oxigraph"
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if program is None:
        pytest.skip("there is no program oxigraph: install presence-kg[test]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "serve", "-l", str(folder / "data"), "-b", f"127.0.0.1:{port}"],
            stdout=log, stderr=log, env={**os.environ, "no_proxy": "127.0.0.1"},
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}/query"
    try:
        for _ in range(100):
            try:
                open_store(address, read_only=True).close()
                break
            except KgError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(params=["memory", "disk", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "memory":
        found: Store = EmbeddedStore(None)
    elif request.param == "disk":
        found = open_store(tmp_path / "store")
    else:
        found = open_store(request.getfixturevalue("server"))
        found.apply(list(found.match()), ())
    yield found
    found.close()
