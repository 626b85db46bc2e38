"""The tables against public lists that others keep; each disagreement is explained here.

The lists are no part of the project: where they are absent this file is not collected.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from kg.reference import Entry, Reference, load
from kg.reference.ambiguity import fold
from kg.reference.tables import split
from tests.reference.conftest import CHECK_LISTS

WIKIDATA = {
    "na": "the list leaves the cell empty",
}
CAPITALS = {
    "bo": "La Paz is the seat of government, Sucre the constitutional capital",
    "ps": "Ramallah is the administrative seat, East Jerusalem the capital that is claimed",
}
NAMES = {
    "cc": "the list shortens the name",
    "hk": "the list names the country as well",
    "mo": "the list names the country as well",
    "sj": "the list adds the word islands",
    "wf": "the list adds the word islands",
}
GROUPS = {
    "least-developed-countries": {"st": "graduated on 13 December 2024"},
    "landlocked-developing-countries": {},
    "small-island-developing-states": {},
}  # fmt: skip
GROUP_COLUMNS = {
    "least-developed-countries": "Least Developed Countries (LDC)",
    "landlocked-developing-countries": "Land Locked Developing Countries (LLDC)",
    "small-island-developing-states": "Small Island Developing States (SIDS)",
}
ORGANIZATIONS = {"oacps": "the list has no id"}

FORMER = {
    "cs": "Czechoslovakia, until 1992",
    "dd": "the German Democratic Republic, until 1990",
    "su": "the Soviet Union, until 1991",
    "yu": "Yugoslavia, until 1992",
}

Codes = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load(cache=False)


@pytest.fixture(scope="module")
def codes() -> Codes:
    with (CHECK_LISTS / "country-codes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["ISO3166-1-Alpha-2"].lower(): row for row in csv.DictReader(lines)}


def countries(reference: Reference, codes: Codes) -> Iterator[tuple[str, Entry, dict[str, str]]]:
    for code, row in codes.items():
        yield code, reference.entries[f"country/{code}"], row


def test_every_country_is_there(reference: Reference, codes: Codes) -> None:
    ours = {e.row["id"] for e in reference.entries.values() if e.type == "country"}
    assert ours - set(codes) == {"xk", *FORMER}
    assert set(codes) - ours == set()


def test_codes(reference: Reference, codes: Codes) -> None:
    for code, entry, row in countries(reference, codes):
        assert entry.row["iso3"] == row["ISO3166-1-Alpha-3"], code
        assert entry.row["m49"] == row["M49"].zfill(3), code
        assert entry.row["geonames"] == row["Geoname ID"], code


def test_wikidata_ids(reference: Reference, codes: Codes) -> None:
    differ = {
        code
        for code, entry, row in countries(reference, codes)
        if entry.row["wikidata"] != row["wikidata_id"].rpartition("/")[2]
    }
    assert differ == set(WIKIDATA)


def test_capitals(reference: Reference, codes: Codes) -> None:
    differ = set()
    for code, entry, row in countries(reference, codes):
        capital = reference.get(f"city/{entry.row['capital']}")
        if capital and fold(row["Capital"]) not in {fold(name) for name in capital.names["en"]}:
            differ.add(code)
    assert differ == set(CAPITALS)


@pytest.mark.parametrize(
    ("column", "lang"),
    [
        ("UNTERM English Short", "en"),
        ("UNTERM English Formal", "en"),
        ("official_name_en", "en"),
        ("UNTERM Russian Short", "ru"),
        ("UNTERM Russian Formal", "ru"),
    ],
)
def test_names_that_the_un_uses(reference: Reference, codes: Codes, column: str, lang: str) -> None:
    differ = set()
    for code, entry, row in countries(reference, codes):
        name = row[column].partition("(")[0].replace("*", "").strip().removeprefix("the ")
        if name and fold(name) not in {fold(one) for one in entry.names[lang]}:
            differ.add(code)
    assert differ <= set(NAMES)


def test_members_of_m49_regions(reference: Reference, codes: Codes) -> None:
    expected: dict[str, set[str]] = defaultdict(set)
    for code, row in codes.items():
        for column in ("Region Code", "Sub-region Code", "Intermediate Region Code"):
            if row[column]:
                expected[row[column].zfill(3)].add(code)
    ours = {e.row["m49"]: e for e in reference.entries.values() if e.type == "region" and e.row["m49"]}
    own_lists = {"001", "199", "419", "432", "722"}
    assert set(expected) - {"830"} <= set(ours)
    for code, entry in ours.items():
        if code in expected and code not in own_lists:
            assert set(split(entry.row["members"])) - {"tw"} == expected[code] - {"tw"}, entry.id


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_groups_of_countries(reference: Reference, codes: Codes, group: str) -> None:
    def member(code: str) -> bool:
        return bool(reference.entries[f"country/{code}"].row["un_member_since"])

    listed = {code for code, row in codes.items() if row[GROUP_COLUMNS[group]] == "x" and member(code)}
    ours = set(split(reference.entries[f"region/{group}"].row["members"]))
    assert listed ^ ours == set(GROUPS[group])


def test_wikidata_ids_of_organizations(reference: Reference) -> None:
    bodies: dict[str, dict[str, Any]] = yaml.safe_load((CHECK_LISTS / "international-bodies.yaml").read_text("utf-8"))
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for entry in reference.entries.values():
        if entry.type == "organization":
            for name in {fold(name) for name in entry.names.get("en", ())}:
                by_name[name].append(entry)
    compared, differ = 0, set()
    for name, body in bodies.items():
        found = by_name.get(fold(name), [])
        code = str((body or {}).get("Wikidata_code", ""))
        if len(found) == 1 and code and (own := found[0].row["wikidata"]):
            compared += 1
            if own != code:
                differ.add(found[0].row["id"])
    assert compared >= 100
    assert differ == set(ORGANIZATIONS)


def test_english_names_of_the_goals(reference: Reference) -> None:
    listed: dict[str, str] = yaml.safe_load((CHECK_LISTS / "sdg-goals.en.yml").read_text("utf-8"))
    for row in reference.goals:
        assert fold(row["name_en"]) == fold(listed[f"{row['id']}-short"])
