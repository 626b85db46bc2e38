"""``kg backup``, ``restore`` and ``compact`` as people use them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris
from kg.store import EmbeddedStore
from tests.cli.conftest import run


@pytest.mark.parametrize("name", ["copy", "graph.nq.gz"])
def test_backup_and_restore(told: Path, tmp_path: Path, name: str) -> None:
    made = run("backup", tmp_path / name, "--store", told)
    assert made.exit_code == 0, made.stderr
    back = run("restore", tmp_path / name, "--store", tmp_path / "store")
    assert back.exit_code == 0, back.stderr
    assert made.stdout.split()[0] == back.stdout.split()[0]
    for arguments in (("export", "nquads"), ("sources",)):
        assert run(*arguments, "--store", tmp_path / "store").stdout == run(*arguments, "--store", told).stdout
    again = run("restore", tmp_path / name, "--store", tmp_path / "store")
    assert again.exit_code == 1
    assert "--replace" in again.stderr
    assert run("restore", tmp_path / name, "--store", tmp_path / "store", "--replace").exit_code == 0


def test_an_account_that_was_tampered_with_is_told(told: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "copy", "--store", told).exit_code == 0
    store = EmbeddedStore(tmp_path / "copy")
    article = ox.NamedNode(iris.article("office-ru"))
    store.apply((), [ox.Quad(article, ox.NamedNode(iris.term("text")), ox.Literal("forged"), article)])
    store.close()
    done = run("restore", tmp_path / "copy", "--store", tmp_path / "store")
    assert done.exit_code == 1
    assert "article office-ru: its account is not the one that was stored" in done.stderr


def test_compact(told: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "copy", "--store", told).exit_code == 0
    done = run("compact", "--store", tmp_path / "copy")
    assert done.exit_code == 0, done.stderr
    assert "MiB before" in done.stdout
    for where in (tmp_path / "missing", "http://127.0.0.1:1/query"):
        failed = run("compact", "--store", where)
        assert failed.exit_code == 1
        assert "Traceback" not in failed.stderr
    assert run("restore", tmp_path / "missing", "--store", tmp_path / "new").exit_code == 2


def test_stores_are_joined(told: Path, tmp_path: Path) -> None:
    for name in ("copy", "copy.nq.gz"):
        assert run("backup", tmp_path / name, "--store", told).exit_code == 0
    assert run("remove", "office-ru", "--store", tmp_path / "copy").exit_code == 0
    done = run("join", tmp_path / "copy.nq.gz", "--store", tmp_path / "copy")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "3 articles: 1 added, 2 unchanged, 0 replaced\n"
    same = [run("export", "nquads", "--store", where).stdout for where in (tmp_path / "copy", told)]
    assert same[0] == same[1]
    assert run("join", tmp_path / "missing", "--store", tmp_path / "copy").exit_code == 2
