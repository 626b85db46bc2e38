"""A small set of tables to break, and where the public check lists are."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.reference.tables import COLUMNS

CHECK_LISTS = Path(__file__).parents[3] / "shared" / "reference"
"""Public lists beside a working copy, not part of the project: without them there is nothing to compare with."""

collect_ignore = [] if CHECK_LISTS.is_dir() else ["test_check_lists.py"]

Row = dict[str, str]
Write = Callable[..., Path]

SOUND: dict[str, list[Row]] = {
    "countries": [
        {"id": "kz", "iso2": "kz", "iso3": "KAZ", "m49": "398", "name_en": "Kazakhstan", "name_ru": "Казахстан",
         "name_kk": "Қазақстан", "capital": "astana", "box": "46.3|40.2|86.2|55.4"},
        {"id": "fj", "iso2": "fj", "iso3": "FJI", "m49": "242", "name_en": "Fiji", "name_ru": "Фиджи",
         "name_kk": "Фиджи", "box": "176.6|-18.7|-178.3|-12.0"},
    ],
    "regions": [{"id": "central-asia", "name_en": "Central Asia", "name_ru": "Центральная Азия", "members": "kz"}],
    "cities": [
        {"id": "almaty", "name_en": "Almaty", "name_ru": "Алматы", "country": "kz", "lat": "43.25", "lon": "76.91"},
        {"id": "astana", "name_en": "Astana", "name_ru": "Астана", "country": "kz", "capital": "yes",
         "aliases_en": "Nur-Sultan", "former": "Nur-Sultan:2019-2022"},
    ],
    "organizations-un": [
        {"id": "un", "kind": "regional-organization", "name_en": "United Nations", "founded": "1945"},
        {"id": "unicef", "kind": "un-fund-or-programme", "name_en": "UNICEF", "parent": "un", "themes": "children"},
    ],
    "people": [
        {"id": "a-b", "name_en": "A. B.", "name_ru": "А. Б.", "position": "minister", "of": "country/kz",
         "since": "2020"},
    ],
    "presences": [
        {"organization": "un", "form": "centre", "place": "city/almaty", "status": "planned", "since": "2025-03"},
    ],
    "memberships": [{"member": "country/kz", "organization": "un", "role": "member", "since": "1992-03-02"}],
    "goals": [{"id": "13", "name_en": "Climate action", "name_ru": "Климат", "name_kk": "Климат", "themes": "climate"}],
}  # fmt: skip
for _rows in SOUND.values():
    for _row in _rows:
        _row |= {"source": "https://example.org/", "checked": "2026-11-23"}


def write_table(folder: Path, name: str, rows: list[Row]) -> Path:
    """A table with all its columns."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS[name.split("-", maxsplit=1)[0]], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder of sound tables."""
    for name, rows in SOUND.items():
        write_table(tmp_path, name, sorted(rows, key=lambda row: row.get("id", "")))
    return tmp_path
