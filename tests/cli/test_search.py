"""``kg search`` as people use it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import run


def test_search(told: Path) -> None:
    shown = run("search", "regional", "centre", "--only", "quote", "--store", told)
    assert shown.exit_code == 0, shown.stderr
    header, _, *rows = shown.stdout.splitlines()
    assert header.split() == ["kind", "id", "text", "article", "published"]
    assert {row.split()[0] for row in rows} == {"quote"}
    assert any("proposal-2019" in row for row in rows)
    found = json.loads(run("search", "Афганистаном", "--only", "quote", "--format", "json", "--store", told).stdout)
    assert [hit["article"] for hit in found] == ["office-ru"]
    assert found[0]["iri"].endswith("presence/un.regional-centre.almaty")
    page = run("show", found[0]["iri"], "--store", told)
    assert "office-ru" in page.stdout


def test_nothing_found_and_nothing_asked(told: Path) -> None:
    none = run("search", "qwertyuiop", "--store", told)
    assert (none.exit_code, none.stdout) == (0, "")
    assert "nothing has all of these words" in none.stderr
    assert run("search", "--store", told).exit_code == 2


def test_rebuilt_by_one_command(fresh: Path) -> None:
    done = run("search", "--rebuild", "--store", fresh)
    assert done.exit_code == 0
    assert "texts are in the index" in done.stderr
    assert run("search", "Алматы", "--store", fresh).stdout
