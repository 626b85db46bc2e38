"""``show`` and ``names``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import iris
from tests.cli.conftest import run


def test_the_life_line_of_an_establishment(built: Path) -> None:
    done = run("show", "UN Regional Centre for the SDGs", "--store", built)
    assert done.exit_code == 0, done.stderr
    told = done.stdout
    assert "Life line" in told
    assert told.index("Tokayev") < told.index("152 of 193") < told.index("[office-ru]")
    assert "“152 of 193 member states voted in favour.”" in told or "152 of 193 in favour" in told


@pytest.mark.parametrize("name", ["almaty", "Алматы", "city/almaty", "id:city/almaty", iris.entity("city/almaty")])
def test_ways_to_name_a_city(built: Path, name: str) -> None:
    done = run("show", name, "--store", built)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Almaty\n")
    assert "Establishments" in done.stdout


def test_labels_in_three_languages(built: Path) -> None:
    assert run("show", "kz", "--store", built).exit_code in (0, 1)
    assert run("show", "country/kz", "--lang", "kk", "--store", built).stdout.startswith("Қазақстан")
    assert run("show", "country/kz", "--lang", "ru", "--store", built).stdout.startswith("Казахстан")


def test_json(built: Path) -> None:
    found = json.loads(run("show", "almaty", "--format", "json", "--store", built).stdout)
    assert found["iri"] == iris.entity("city/almaty")
    quotes = [quote for fact in found["facts"] for quote in fact["quotes"]]
    assert quotes
    assert all(quote["quote"] and quote["end"] > quote["start"] for quote in quotes)


def test_quotes_can_be_left_out(built: Path) -> None:
    assert "“" not in run("show", "almaty", "--quotes", "0", "--store", built).stdout


def test_unknown_names(built: Path) -> None:
    done = run("show", "Almatty", "--store", built)
    assert done.exit_code == 1
    assert "Almaty" in done.stderr
    assert run("show", "city/nowhere", "--store", built).exit_code == 1
    assert run("show", "", "--store", built).exit_code == 1


def test_hostile_names(built: Path) -> None:
    for name in ("<> } INSERT", 'a" . ?x ?y "', "https://example.org/>x", "\\", "🏢"):
        done = run("show", name, "--store", built)
        assert done.exit_code == 1
        assert "nothing is called" in done.stderr


def test_names() -> None:
    done = run("names", "The United Nations opened an office in Almaty.", "--format", "json")
    assert done.exit_code == 0, done.stderr
    linked = {row["id"]: row for row in json.loads(done.stdout)}
    assert {"organization/un", "city/almaty"} <= set(linked)
    assert linked["city/almaty"]["text"] == "Almaty"
    assert run("names", "  ").exit_code == 2
