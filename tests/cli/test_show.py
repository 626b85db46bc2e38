"""``show`` and ``names``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import iris
from tests.cli.conftest import ARTICLES, run


def test_the_life_line_of_an_establishment(told: Path) -> None:
    done = run("show", "UN Regional Centre for the SDGs", "--store", told)
    assert done.exit_code == 0, done.stderr
    line = done.stdout[done.stdout.index("Life line") :]
    assert (
        line.index("Tokayev (Kazakhstan) proposes it") < line.index("152 of 193 in favour") < line.index("[office-ru]")
    )
    assert f"“{ARTICLES[1]['text']}”" in line
    assert "— Assembly adopts resolution, 2025-03-05 [resolution-2025]" in line


@pytest.mark.parametrize("name", ["almaty", "Алматы", "city/almaty", "id:city/almaty", iris.entity("city/almaty")])
def test_ways_to_name_a_city(told: Path, name: str) -> None:
    done = run("show", name, "--store", told)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Almaty\n")
    assert "Establishments" in done.stdout


def test_labels_in_three_languages(told: Path) -> None:
    assert run("show", "country/kz", "--lang", "kk", "--store", told).stdout.startswith("Қазақстан")
    assert run("show", "country/kz", "--lang", "ru", "--store", told).stdout.startswith("Казахстан")


@pytest.mark.parametrize(
    "name",
    [
        "United Nations Regional Centre for the Sustainable Development Goals",
        "UN regional centre almaty",
        "региональный центр ООН по ЦУР",
        "presence/un.regional-centre.almaty",
    ],
)
def test_ways_to_name_an_establishment(told: Path, name: str) -> None:
    done = run("show", name, "--store", told)
    assert done.exit_code == 0, done.stderr
    assert iris.entity("presence/un.regional-centre.almaty") in done.stdout


def test_what_the_tables_say_names_its_source(told: Path) -> None:
    done = run("show", "presence/unicef.country-office.astana", "--store", told)
    assert "[reference tables]" in done.stdout


def test_json(told: Path) -> None:
    found = json.loads(run("show", "almaty", "--format", "json", "--store", told).stdout)
    assert found["iri"] == iris.entity("city/almaty")
    quotes = [quote for fact in found["facts"] for quote in fact["quotes"]]
    assert quotes
    assert all(quote["quote"] and quote["end"] > quote["start"] for quote in quotes)


def test_quotes_can_be_left_out(told: Path) -> None:
    assert "“" not in run("show", "almaty", "--quotes", "0", "--store", told).stdout


def test_unknown_names(told: Path) -> None:
    done = run("show", "Almatty", "--store", told)
    assert done.exit_code == 1
    assert "Almaty" in done.stderr
    assert run("show", "city/nowhere", "--store", told).exit_code == 1
    assert run("show", "", "--store", told).exit_code == 1


def test_hostile_names(told: Path) -> None:
    for name in ("<> } INSERT", 'a" . ?x ?y "', "https://example.org/>x", "\\", "🏢"):
        done = run("show", name, "--store", told)
        assert done.exit_code == 1
        assert "nothing is called" in done.stderr


def test_names() -> None:
    done = run("names", "The United Nations opened an office in Almaty.", "--format", "json")
    assert done.exit_code == 0, done.stderr
    linked = {row["id"]: row for row in json.loads(done.stdout)}
    assert {"organization/un", "city/almaty"} <= set(linked)
    assert linked["city/almaty"]["text"] == "Almaty"
    assert run("names", "  ").exit_code == 2
