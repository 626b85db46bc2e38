"""A reader has the store as it was when it came, whatever a writer deletes meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store import EmbeddedStore, open_store, snapshot
from kg.store.snapshot import FOLDER, Snapshot, clear
from tests.store.conftest import MERGED

READER = """
import sys
from kg.store import open_store

store = open_store(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.readline()
"""


def texts(first: int, count: int = 400) -> list[ox.Quad]:
    """Quads with texts that the engine keeps in a table of their own."""
    p = ox.NamedNode("urn:p")
    return [
        ox.Quad(ox.NamedNode(f"urn:subject/{n}"), p, ox.Literal(f"a text of more than some letters, {n}"), MERGED)
        for n in range(first, first + count)
    ]


@pytest.fixture
def writer(tmp_path: Path) -> EmbeddedStore:
    """A store open for writing, with tables on disk and with quads that are only in the log yet."""
    store = EmbeddedStore(tmp_path / "store")
    store.apply((), texts(0))
    store.engine.flush()
    store.apply((), texts(400))
    return store


def tables(path: Path) -> list[Path]:
    return sorted(path.glob("*.sst"))


def test_tables_that_are_not_opened_yet_may_be_deleted(writer: EmbeddedStore) -> None:
    """The engine opens most tables when a question needs them; a large store has hundreds."""
    path = writer.path
    assert path is not None
    taken = Snapshot(path)
    writer.engine.flush()  # a new log begins: what is written to the linked one until a reader opens it, it has too
    writer.apply((), texts(800))
    writer.compact()
    for table in tables(path):
        table.unlink()
    with pytest.raises((OSError, RuntimeError)):
        ox.Store.read_only(str(path))
    assert set(ox.Store.read_only(str(taken.path))) == {*texts(0), *texts(400)}
    taken.close()
    assert not (path / FOLDER).exists()


def test_a_reader_stays_with_what_it_opened(writer: EmbeddedStore) -> None:
    path = writer.path
    assert path is not None
    reader = open_store(path, read_only=True)
    for first in range(800, 4000, 400):
        writer.apply(texts(first - 800), texts(first))
        writer.engine.flush()
    writer.compact()
    assert set(reader.match()) == {*texts(0), *texts(400)}
    assert list(reader.match(None, None, texts(410)[0].object)) == [texts(410)[0]]
    reader.close()
    assert not (path / FOLDER).exists()
    writer.close()


def test_a_store_that_changes_while_it_is_linked(writer: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was in the log goes into a table, and the log is deleted: a list from before names neither."""
    path = writer.path
    assert path is not None
    link, links = os.link, []

    def late(source: str, target: Path) -> None:
        if not links:
            links.append(source)
            writer.engine.flush()
        link(source, target)

    monkeypatch.setattr(snapshot.os, "link", late)
    reader = open_store(path, read_only=True)
    assert set(reader.match()) == {*texts(0), *texts(400)}
    assert (path / links[0]).suffix in (".sst", ".log")
    reader.close()
    writer.close()


def test_links_of_a_reader_that_was_killed_are_cleared_away(writer: EmbeddedStore) -> None:
    path = writer.path
    assert path is not None
    process = subprocess.Popen([sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"open\n"
    (folder,) = (path / FOLDER).iterdir()
    clear(path)
    assert folder.exists()
    process.kill()
    process.communicate(timeout=20)
    assert folder.exists()
    open_store(path, read_only=True).close()
    assert not folder.exists()
    writer.close()


def test_where_no_links_can_be_made(writer: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    path = writer.path
    assert path is not None
    monkeypatch.setattr(snapshot.os, "link", refused)
    reader = open_store(path, read_only=True)
    assert set(reader.match()) == {*texts(0), *texts(400)}
    assert not (path / FOLDER).exists()
    reader.close()
    writer.close()
