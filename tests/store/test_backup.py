"""Copies of a store: whole or not there, and the same as what was copied."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import KgError
from kg.store import EmbeddedStore, open_store
from kg.store.backup import back_up, load, restore, write
from tests.store.conftest import quad
from tests.store.test_store import AWKWARD

QUADS = [quad(f"s{n}", "p", value) for n, value in enumerate([*AWKWARD, ox.NamedNode("urn:x")])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = EmbeddedStore(tmp_path / "store")
    store.apply((), QUADS)
    store.close()
    return tmp_path / "store"


def content(folder: Path) -> set[ox.Quad]:
    store = EmbeddedStore(folder, read_only=True)
    return set(store.match())


@pytest.mark.parametrize("name", ["copy", "copy.nq", "copy.nq.gz"])
def test_there_and_back(folder: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "deep" / name
    assert back_up(folder, copy) == len(QUADS)
    assert restore(copy, tmp_path / "other") == len(QUADS)
    assert content(tmp_path / "other") == set(QUADS) == content(folder)
    assert not list(copy.parent.glob("*.part"))
    with pytest.raises(KgError, match="there already"):
        back_up(folder, copy)
    store = EmbeddedStore(folder)
    store.apply(QUADS[:1], ())
    store.close()
    with pytest.raises(KgError, match="a store already"):
        restore(copy, folder)
    restore(copy, folder, replace=True)
    assert content(folder) == set(QUADS)
    assert {p.name for p in folder.parent.iterdir()} == {"store", "other", "deep"}


def test_the_same_store_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for name in ("a.nq.gz", "b.nq.gz"):
        back_up(folder, tmp_path / name)
    assert (tmp_path / "a.nq.gz").read_bytes() == (tmp_path / "b.nq.gz").read_bytes()


@pytest.mark.parametrize("name", ["copy.nq", "copy.nq.gz"])
def test_a_backup_that_is_cut_short_changes_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    back_up(folder, tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    for cut in (len(whole) // 2, len(whole) - 20, 0):
        (tmp_path / name).write_bytes(whole[:cut])
        with pytest.raises(KgError):
            restore(tmp_path / name, folder, replace=True)
        assert content(folder) == set(QUADS)
        with pytest.raises(KgError):
            restore(tmp_path / name, tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_a_line_that_is_missing_is_noticed(folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "copy.nq")
    lines = (tmp_path / "copy.nq").read_bytes().splitlines(keepends=True)
    (tmp_path / "copy.nq").write_bytes(b"".join(lines[1:]))
    with pytest.raises(KgError, match=f"{len(QUADS)} quads were backed up, {len(QUADS) - 1}"):
        restore(tmp_path / "copy.nq", tmp_path / "new")


def test_while_another_process_writes(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from kg.store import open_store; s = open_store(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.readline(); s.close()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    for name in ("copy", "copy.nq.gz"):
        assert back_up(folder, tmp_path / name) == len(QUADS)
    with pytest.raises(KgError, match="in use by another process"):
        restore(tmp_path / "copy", folder, replace=True)
    process.communicate("\n", timeout=20)
    assert content(tmp_path / "copy") == set(QUADS)


def test_what_is_no_backup(folder: Path, tmp_path: Path) -> None:
    for name in ("missing", "missing.nq"):
        with pytest.raises(KgError):
            restore(tmp_path / name, tmp_path / "new")
    (tmp_path / "things").mkdir()
    (tmp_path / "things" / "letter.txt").write_text("x")
    with pytest.raises(KgError, match="other things"):
        restore(folder, tmp_path / "things", replace=True)


def test_from_a_folder_to_a_server_and_back(folder: Path, tmp_path: Path, server: str) -> None:
    remote = open_store(server)
    remote.apply(list(remote.match()), ())
    back_up(folder, tmp_path / "a.nq.gz")
    assert load(tmp_path / "a.nq.gz", remote) == len(QUADS)
    with pytest.raises(KgError, match="a graph already"):
        load(tmp_path / "a.nq.gz", remote)
    assert load(tmp_path / "a.nq.gz", remote, replace=True) == len(QUADS)
    write(remote, tmp_path / "b.nq.gz")
    restore(tmp_path / "b.nq.gz", tmp_path / "again")
    assert content(tmp_path / "again") == set(QUADS)


def test_compact(folder: Path) -> None:
    store = EmbeddedStore(folder)
    store.compact()
    store.close()
    assert content(folder) == set(QUADS)
    with pytest.raises(KgError, match="reading only"):
        EmbeddedStore(folder, read_only=True).compact()
