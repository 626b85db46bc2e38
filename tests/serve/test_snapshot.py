"""A copy of a store beside a writer: of one moment, never half a transaction, seen soon."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import KgError
from kg.serve import snapshot
from tests.serve.conftest import MERGED, SELECT, serving, store_of

REFERENCE = iris.GRAPH_REFERENCE

# Each transaction writes the same number twice in each of two graphs, and enough beside it to fill files.
WRITER = """
import sys, time, pyoxigraph as ox
store = ox.Store(sys.argv[1])
end = time.monotonic() + float(sys.argv[2])
number = 0
while time.monotonic() < end:
    number += 1
    padding = "".join(f'<urn:pad{number}-{i}> <urn:p> "{number * i}" . ' for i in range(200))
    said = f"<urn:t{number}> <urn:n> {number}"
    update = f"INSERT DATA {{ GRAPH <urn:one> {{ {said} }} GRAPH <urn:two> {{ {padding} {said} }} }}"
    store.update(update)
    if number % 40 == 0:
        store.flush()
        print(number, flush=True)
"""


def writer(folder: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True
    )


def test_every_copy_is_of_one_moment(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", '<urn:a> <urn:p> "x" <urn:one> .')
    seen = []
    with writer(store, 3.0) as process:
        number = 0
        while process.poll() is None:
            number += 1
            earlier = tmp_path / str(number - 1)
            snapshot.take(store, tmp_path / str(number), earlier if earlier.exists() else None)
            copy = ox.Store.read_only(str(tmp_path / str(number)))
            one, two = (
                [row["n"].value for row in copy.query(f"SELECT ?n {{ GRAPH <urn:{g}> {{ ?t <urn:n> ?n }} }}")]  # type: ignore[union-attr]
                for g in ("one", "two")
            )
            assert sorted(one) == sorted(two)
            # Transactions come in order and none is left out.
            assert sorted(map(int, one)) == list(range(1, len(one) + 1))
            pad = copy.query("SELECT (COUNT(*) AS ?n) { GRAPH <urn:two> { ?s <urn:p> ?o } }")
            assert int(next(iter(pad))["n"].value) == 200 * len(one)  # type: ignore[union-attr, arg-type]
            seen.append(len(one))
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert seen[-1] > 40


def test_what_is_written_is_seen_within_seconds(tmp_path: Path, values: Callable[[Any], list[str]]) -> None:
    store = store_of(tmp_path / "store", '<urn:a> <urn:p> "x" <urn:one> .')
    query = {"query": SELECT, "default-graph-uri": "urn:one"}
    with serving(store, refresh=0.2) as client:
        first = client.get("/sparql", params=query)
        assert values(first) == ["x"]
        engine = ox.Store(store)
        engine.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("y"), ox.NamedNode("urn:one")))
        # The version is a digest that the graph keeps of itself; here it is set by hand.
        stamp = f'<{MERGED}> <http://purl.org/dc/terms/hasVersion> "2" <{REFERENCE}> .'
        engine.extend(ox.parse(stamp, format=ox.RdfFormat.N_QUADS))
        deadline = time.monotonic() + 5
        while (found := values(client.get("/sparql", params=query))) != ["x", "y"]:
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
        assert client.get("/sparql", params=query).headers["etag"] != first.headers["etag"]
        del engine
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_store_that_goes_away_is_served_on(tmp_path: Path, values: Callable[[Any], list[str]]) -> None:
    store = store_of(tmp_path / "store", '<urn:a> <urn:p> "x" <urn:one> .')
    with serving(store, refresh=0.1) as client:
        store.rename(tmp_path / "elsewhere")
        deadline = time.monotonic() + 5
        while "problem" not in (told := client.get("/ready").json()):
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
        assert told["status"] == "ready"
        assert values(client.get("/sparql", params={"query": SELECT, "default-graph-uri": "urn:one"})) == ["x"]


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no graph"):
        snapshot.take(tmp_path / "none", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_rooms_of_ended_processes_are_cleared_away(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", '<urn:a> <urn:p> "x" <urn:one> .')
    program = "import sys, os, pathlib, kg.serve.snapshot as s; room = s.Room(pathlib.Path(sys.argv[1])); os._exit(9)"
    subprocess.run([sys.executable, "-c", program, str(store)], check=False)
    left = [path for path in tmp_path.iterdir() if path != store]
    assert len(left) == 1
    first, second = snapshot.Room(store), snapshot.Room(store)
    assert not left[0].exists()
    assert first.folder.exists()
    second.close()
    first.close()
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
