"""Checks of single rows: how cells are written, dates, concepts, coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from kg.model import CONCEPTS, PartialDate
from kg.reference.lines import Line, TableProblem, Tables
from kg.reference.tables import BODY_KINDS, split

_FORMATS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "iso2": (re.compile(r"[a-z]{2}"), "two lower-case letters (ISO 3166-1)"),
    "iso3": (re.compile(r"[A-Z]{3}"), "three capitals (ISO 3166-1)"),
    "m49": (re.compile(r"\d{3}"), "three digits (UN M49)"),
    "wikidata": (re.compile(r"Q[1-9]\d*"), "an item such as Q232"),
    "geonames": (re.compile(r"[1-9]\d*"), "a number"),
    "website": (re.compile(r"https?://\S+"), "an address"),
    "capital_flag": (re.compile(r"yes"), "yes or nothing"),
}
_DATES: Final = ("since", "until", "founded", "dissolved", "un_member_since", "checked")
_SPANS: Final = (("since", "until"), ("founded", "dissolved"))
_CONCEPTS: Final[Mapping[str, frozenset[str]]] = {
    "form": frozenset(CONCEPTS["form"]), "status": frozenset(CONCEPTS["status"]), "role": frozenset(CONCEPTS["role"]),
    "position": frozenset(CONCEPTS["position"]), "focus": frozenset(CONCEPTS["theme"]),
    "themes": frozenset(CONCEPTS["theme"]), "kind": BODY_KINDS,
}  # fmt: skip
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "countries": ("iso2", "name_en", "name_ru", "name_kk"), "regions": ("name_en", "name_ru"),
    "cities": ("name_en", "country"), "organizations": ("kind", "name_en"), "people": ("name_en", "name_ru"),
    "presences": ("organization", "form", "place"), "memberships": ("member", "organization", "role"),
    "goals": ("name_en", "name_ru", "name_kk"),
}  # fmt: skip
_MIXED: Final = re.compile(r"[^\W\d_]*(?:[A-Za-zÀ-ɏə][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zÀ-ɏə])[^\W\d_]*")


def cells(tables: Tables) -> Iterator[TableProblem]:
    """Whether cells have the form of their column, needed ones are there, and dates run forward."""
    for line in tables.lines:
        for column in _NEEDED[line.table]:
            if not line.row.get(column):
                yield line.problem(f"{column} is empty")
        for column, cell in line.row.items():
            if not cell:
                continue
            pattern, meaning = _FORMATS.get(column, (None, ""))
            if column == "capital" and line.table == "cities":
                pattern, meaning = _FORMATS["capital_flag"]
            if pattern and not pattern.fullmatch(cell):
                yield line.problem(f'{column} is "{cell}", not {meaning}')
            if column in _CONCEPTS:
                for value in split(cell):
                    if value not in _CONCEPTS[column]:
                        yield line.problem(f'{column} has the unknown value "{value}"')
            yield from _written(line, column, cell)
        yield from _dates(line)


def _written(line: Line, column: str, cell: str) -> Iterator[TableProblem]:
    """Whether the values of a cell are written cleanly, each once, each word in one script."""
    values = cell.split("|")
    if "  " in cell or any(value != value.strip() or not value for value in values):
        yield line.problem(f"{column} has stray spaces or an empty value")
    if column != "box" and len(set(values)) < len(values):
        yield line.problem(f"{column} has a value twice")
    if column.endswith(("_en", "_ru", "_kk")) and (mixed := _MIXED.search(cell)):
        yield line.problem(f'{column} mixes Latin and Cyrillic letters in "{mixed.group()}"')


def _dates(line: Line) -> Iterator[TableProblem]:
    dates: dict[str, PartialDate] = {}
    for column in _DATES:
        if cell := line.row.get(column):
            try:
                dates[column] = PartialDate(cell)
            except ValueError:
                yield line.problem(f'{column} is "{cell}", not a date such as 2025, 2025-03 or 2025-03-04')
    for start, end in _SPANS:
        if start in dates and end in dates and dates[start].earliest > dates[end].latest:
            yield line.problem(f"{end} {dates[end]} is before {start} {dates[start]}")
    for period in split(line.row.get("former")):
        name, _, years = period.rpartition(":")
        start, _, end = years.partition("-")
        if not name or not re.fullmatch(r"(\d{3,4})?-(\d{4})?", years) or (start and end and int(start) > int(end)):
            yield line.problem(f'former has "{period}", not a name with its years such as Nur-Sultan:2019-2022')
        elif name not in split(line.row.get("aliases_en")):
            yield line.problem(f'the former name "{name}" is not among aliases_en')


def places(tables: Tables) -> Iterator[TableProblem]:
    """Whether cities lie on the globe and within the box of their country."""
    boxes: dict[str, tuple[float, ...]] = {}
    for line in tables.of("countries"):
        cell = split(line.row.get("box"))
        try:
            box = tuple(float(one) for one in cell)
        except ValueError:
            box = (0.0,)
        if box and (len(box) != 4 or box[1] > box[3] or max(map(abs, box)) > 180):
            yield line.problem("box is not west|south|east|north in degrees")
        elif box:
            boxes[line.row["id"]] = box
    for line in tables.of("cities"):
        lat, lon = line.row.get("lat", ""), line.row.get("lon", "")
        if not lat and not lon:
            continue
        try:
            y, x = float(lat), float(lon)
        except ValueError:
            yield line.problem("lat and lon must be two numbers")
            continue
        if abs(y) > 90 or abs(x) > 180:
            yield line.problem("lat is within -90 and 90 and lon within -180 and 180")
            continue
        country = line.row.get("country", "")
        west, south, east, north = boxes.get(country, (-180, -90, 180, 90))
        within = west <= x <= east if west <= east else x >= west or x <= east  # a box may cross the antimeridian
        if not (south <= y <= north and within):
            yield line.problem(f"{lat}, {lon} lies outside {country}")
