"""The store on disk: who may open it, and what is left after a crash."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.store import open_store
from tests.store.conftest import quad

WRITER = """
import sys
import pyoxigraph as ox
from kg.store import open_store

store = open_store(sys.argv[1])
print("open", flush=True)
if len(sys.argv) > 2:
    sys.stdin.readline()
number = 0
while len(sys.argv) == 2:
    subject, p = ox.NamedNode(f"urn:t{number}"), ox.NamedNode("urn:p")
    graph = ox.NamedNode(f"urn:g{number}")
    store.apply((), [ox.Quad(subject, p, ox.Literal(str(n)), graph) for n in range(30)])
    print(number, flush=True)
    number += 1
"""


def writer(path: Path, *more: str) -> tuple[subprocess.Popen[bytes], Path]:
    """A process that has the store open for writing, and the file that it says in what it has done."""
    told = path.with_suffix(".told")
    with told.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), *more], stdin=subprocess.PIPE, stdout=out
        )  # fmt: skip
    while not told.read_bytes():
        assert process.poll() is None
        time.sleep(0.01)
    return process, told


def test_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "store"
    process, _ = writer(path, "wait")
    with pytest.raises(KgError, match="in use by another process") as caught:
        open_store(path)
    assert caught.value.remedy
    open_store(path, read_only=True).close()  # readers never wait
    process.communicate(b"\n", timeout=20)
    open_store(path).close()


def test_the_lock_is_given_back(tmp_path: Path) -> None:
    for _ in range(3):
        store = open_store(tmp_path / "store")
        store.apply((), [quad("a", "p", "x")])
        answer = store.query("SELECT * WHERE { ?s ?p ?o }")
        assert next(iter(answer))  # type: ignore[arg-type]
        del answer
        store.close()
        store.close()
    with pytest.raises(KgError, match="closed"):
        list(store.match())


def test_what_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no graph here"):
        open_store(tmp_path / "missing", read_only=True)
    assert not (tmp_path / "missing").exists()
    file = tmp_path / "file"
    file.write_text("x")
    for read_only in (True, False):
        with pytest.raises(KgError, match="is a file"):
            open_store(file, read_only=read_only)
    with pytest.raises(KgError, match="other things"):
        open_store(tmp_path)


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = open_store(path)
    store.apply((), [quad("a", "p", "x")])
    store.close()
    (path / "CURRENT").write_text("MANIFEST-999999\n")
    with pytest.raises(KgError, match="cannot be opened"):
        open_store(path)


def test_killed_at_any_moment_no_transaction_is_lost_or_half_there(tmp_path: Path) -> None:
    """``kill -9`` while it writes: what was acknowledged is there, and each article is there whole or not at all."""
    moments = random.Random(7)
    for turn in range(8):
        path = tmp_path / f"store{turn}"
        process, told = writer(path)
        time.sleep(moments.uniform(0.0, 0.15))
        process.kill()
        process.communicate(timeout=20)
        done = [int(line) for line in told.read_text().split("\n")[1:-1]]
        store = open_store(path)
        sizes = Counter(str(q.graph_name) for q in store.match())
        assert set(sizes.values()) <= {30}
        assert {f"<urn:g{n}>" for n in done} <= set(sizes)
        assert len(sizes) <= len(done) + 1
        store.close()
