"""Large changes go by the bulk loader, in two steps; nobody sees one without the other."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import KgError
from kg.store import EmbeddedStore, Text, bulk, open_store
from tests.store.conftest import EX, quad

# Each change counts one up and brings a graph; told to stop, the process waits between the two steps of the second one.
WRITER = """
import sys, time
import pyoxigraph as ox
from kg.store import bulk, open_store

bulk.LEAST = 1
store = open_store(sys.argv[1])
stop, second = len(sys.argv) > 2, bulk._second

def waiting(*given):
    if stop and number:
        print("half", flush=True)
        sys.stdin.readline()
    second(*given)

bulk._second = waiting
merged, value = ox.NamedNode("urn:merged"), ox.NamedNode("urn:value")

def told(n):
    return ox.Quad(merged, value, ox.Literal(str(n)), merged)

store.apply((), [told(0)])
number = 0
print("open", flush=True)
while number < (1 if stop else 100_000):
    number += 1
    time.sleep(0.01)
    graph = ox.NamedNode(f"urn:g{number}")
    coming = [ox.Quad(graph, value, ox.Literal(str(n)), graph) for n in range(20)]
    store.apply([told(number - 1)], [told(number), *coming])
store.close()
"""


def started(path: Path, *more: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def state(store: EmbeddedStore) -> tuple[list[int], int]:
    """What is counted, and how many whole graphs there are."""
    merged = ox.NamedNode("urn:merged")
    counted = [int(str(q.object.value)) for q in store.match(None, None, None, merged)]  # type: ignore[union-attr]
    graphs = [str(q.graph_name) for q in store.match() if q.graph_name != merged]
    sizes = {graph: graphs.count(graph) for graph in set(graphs)}
    assert set(sizes.values()) <= {20}
    return counted, len(sizes)


def read(path: Path) -> tuple[list[int], int]:
    store = EmbeddedStore(path, read_only=True)
    try:
        return state(store)
    finally:
        store.close()


def test_a_large_change_is_what_a_small_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where an article says again what it said: texts that are taken out and put in stay."""
    monkeypatch.setattr(bulk, "LEAST", 1)
    graph, other = ox.NamedNode(EX + "article"), ox.NamedNode(EX + "merged")
    before = [quad("a", "p", ox.Literal(f'"{n}"\n\\\u2028\x85\x0b\r', language="kk"), graph) for n in range(8)]
    plain = [ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), ox.Literal("x"), ox.DefaultGraph())]
    coming = [quad("b", "p", ox.Literal(str(n)), other) for n in range(40)]
    changes = ([], [*before, *plain], []), (before, coming, [Text.of(graph, before[:3])])
    stores = EmbeddedStore(None), EmbeddedStore(tmp_path / "store")
    for removed, added, texts in changes:
        for store in stores:
            store.apply(removed, added, texts)
    for store in stores:
        assert set(store.match()) == {*before[:3], *plain, *coming}
        assert {str(g) for g in store.engine.named_graphs()} >= {str(graph), str(other)}
    assert set(stores[0].engine.named_graphs()) == set(stores[1].engine.named_graphs())
    assert bulk.count(tmp_path / "store") == "1"
    stores[1].close()


def test_between_the_steps_a_reader_looks_again(tmp_path: Path) -> None:
    process = started(tmp_path / "store", "stop")
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "half\n"
    seen: list[tuple[list[int], int]] = []
    reader = threading.Thread(target=lambda: seen.append(read(tmp_path / "store")))
    reader.start()
    reader.join(0.5)
    assert not seen
    process.communicate("\n", timeout=20)
    reader.join(20)
    assert seen == [([1], 1)]


def killed_half_way(path: Path) -> None:
    """Begin a change of a store and kill its process between the two steps."""
    process = started(path, "stop")
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.communicate(timeout=20)


@pytest.mark.parametrize("first", ["reader", "writer"])
def test_killed_between_the_steps(tmp_path: Path, first: str) -> None:
    path = tmp_path / "store"
    killed_half_way(path)
    (path / "bulk-1.sst").write_bytes(b"left")
    if first == "writer":
        store = open_store(path)
        assert isinstance(store, EmbeddedStore)
        assert state(store) == ([1], 1)
        store.close()
    assert read(path) == ([1], 1)
    assert not list(path.glob("bulk-*"))


def test_who_may_not_mend_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store"
    killed_half_way(path)

    def refuse(*_: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(bulk, "finish", refuse)
    with pytest.raises(KgError, match="read-only file system"):
        read(path)


def test_readers_see_whole_changes_while_many_are_made(tmp_path: Path) -> None:
    process = started(tmp_path / "store")
    try:
        seen: list[int] = []
        until = time.monotonic() + 60
        while len(set(seen)) < 20 and time.monotonic() < until:
            counted, graphs = read(tmp_path / "store")
            assert counted == [graphs]
            seen.append(graphs)
        assert process.poll() is None
        assert seen == sorted(seen)
        assert len(set(seen)) == 20
    finally:
        process.kill()
        process.communicate(timeout=20)
    assert read(tmp_path / "store")[1] >= seen[-1]
