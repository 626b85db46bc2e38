"""``validate``, ``stats``, ``export`` and ``reference``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.export import FORMATS
from tests.cli.conftest import run


def test_the_graph_conforms(built: Path) -> None:
    done = run("validate", "--store", built)
    assert done.exit_code == 0, done.stderr
    assert "conforms" in done.stderr


def test_stats(built: Path) -> None:
    counted = json.loads(run("stats", "--format", "json", "--store", built).stdout)
    assert counted["articles"] == 4
    assert counted["articles: und"] == 1
    assert counted["facts"] >= 3
    assert counted["facts: presence"] >= 1
    assert counted["quotes"] >= counted["facts"]
    assert "articles" in run("stats", "--store", built).stdout


@pytest.mark.parametrize("form", FORMATS)
def test_export(built: Path, tmp_path: Path, form: str) -> None:
    for name in ("a.zip", "b.zip"):
        done = run("export", form, "-o", tmp_path / name, "--store", built)
        assert done.exit_code == 0, done.stderr
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    if form not in ("csv", "parquet"):  # these are several files
        done = run("export", form, "--store", built)
        assert done.stdout_bytes == (tmp_path / "a.zip").read_bytes()


def test_the_tables_hold() -> None:
    done = run("reference", "check")
    assert done.exit_code == 0, done.stderr
