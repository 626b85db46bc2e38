"""Checks of the tables: what makes a row wrong, row by row and table against table.

An error is a row that cannot be right: a repeated id, a name of nothing, dates that run backwards. A
warning is one that an editor should look at: a name that several things bear, a row without a source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from kg.errors import Problem, UsageError
from kg.model import LANGUAGES
from kg.reference.ambiguity import fold, shared_names
from kg.reference.cells import cells, places
from kg.reference.lines import Line, TableProblem, Tables
from kg.reference.tables import COLUMNS, DATA, numbered_rows, split, table_of

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINKS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("countries", "capital"): ("city",), ("regions", "members"): ("country",), ("cities", "country"): ("country",),
    ("organizations", "parent"): ("organization",), ("organizations", "successor"): ("organization",),
    ("organizations", "seat"): ("city", ""), ("people", "of"): ("",), ("presences", "organization"): ("organization",),
    ("presences", "place"): ("",), ("presences", "serves"): ("",), ("memberships", "member"): ("", "organization"),
    ("memberships", "organization"): ("organization",),
}  # fmt: skip
"""What a cell names: the class that goes before its values, ``""`` where the value has its class itself."""


def check(data: Path = DATA, extra: Sequence[Path] = ()) -> list[Problem]:
    """Everything that is wrong or doubtful in the tables.

    Args:
        data: folder of the tables.
        extra: further files in the form of the tables; their rows may add to known ones.

    Returns:
        Problems sorted by file and line, each a :class:`TableProblem`; errors and warnings.
    """
    tables = Tables()
    found: list[TableProblem] = []
    for path in (*sorted(data.glob("*.csv")), *extra):
        table = table_of(path)
        if not table:
            found.append(Line(path.name, "", 0, {}).problem("is none of the tables", warning=True))
            continue
        try:
            rows = numbered_rows(path)
        except UsageError as error:
            found.append(Line(path.name, table, 0, {}).problem(error.message))
            continue
        header = tuple(rows[0][1]) if rows else COLUMNS[table]
        top = Line(path.name, table, 1, {})
        found += [top.problem(f"has no column {name}") for name in COLUMNS[table] if name not in header]
        for number, row in rows:
            line = Line(path.name, table, number, row)
            tables.lines.append(line)
            if line.id and path not in extra:
                tables.by_id[line.id].append(line)
            elif line.id:
                tables.by_id.setdefault(line.id, [line])
    for part in _CHECKS:
        found.extend(part(tables))
    found.sort(key=lambda p: (p.table, p.line, p.message))
    return [*found]


def _ids(tables: Tables) -> Iterator[TableProblem]:
    for line in tables.lines:
        if "id" in line.row and not _SLUG.fullmatch(line.row["id"]):
            yield line.problem("the id must be lower-case letters, digits and single hyphens")
        if line.table == "countries" and line.row["id"] != line.row.get("iso2"):
            yield line.problem("the id is not the ISO code")
    for same in tables.by_id.values():
        first = same[0]
        for line in same[1:]:
            if line.table != "people":
                yield line.problem(f"the id stands already in {first.file}, line {first.number}")
            elif any(line.row.get(f"name_{lang}") != first.row.get(f"name_{lang}") for lang in LANGUAGES):
                yield line.problem(f"other names than in line {first.number}")
    previous: Line | None = None
    for line in tables.lines:
        if previous and previous.file == line.file and _order(line) < _order(previous):
            yield line.problem("stands out of order: rows are sorted by id", warning=True)
        previous = line


def _order(line: Line) -> tuple[int, str]:
    key = line.row.get("id", "")
    return (int(key), "") if key.isdigit() else (0, key)


def _links(tables: Tables) -> Iterator[TableProblem]:
    for line in tables.lines:
        for (table, column), classes in _LINKS.items():
            if table != line.table:
                continue
            for value in split(line.row.get(column)):
                options = [f"{c}/{value}" if c else value for c in classes]
                if not any(option in tables.by_id for option in options):
                    yield line.problem(f'{column} names "{value}", which no table has')
    for line in tables.of("organizations"):
        seen = {line.row["id"]}
        parent = line.row.get("parent", "")
        while parent:
            if parent in seen:
                yield line.problem(f"is its own parent by way of {parent}")
                break
            seen.add(parent)
            above = tables.by_id.get(f"organization/{parent}")
            parent = above[0].row.get("parent", "") if above else ""
    for line in tables.of("countries"):
        for value in split(line.row.get("capital")):
            city = tables.by_id.get(f"city/{value}")
            if city and city[0].row.get("country") != line.row["id"]:
                yield line.problem(f"the capital {value} lies in {city[0].row.get('country')}")
            elif city and city[0].row.get("capital") != "yes":
                yield city[0].problem(f"is the capital of {line.row['id']} and not marked as one")
    capitals = {value for line in tables.of("countries") for value in split(line.row.get("capital"))}
    for line in tables.of("cities"):
        if line.row.get("capital") and line.row["id"] not in capitals:
            yield line.problem("is marked as a capital, and no country has it as one")


def _names(tables: Tables) -> Iterator[TableProblem]:
    """Preferred names are unique among things of one type, cities among those of one country."""
    first: dict[tuple[str, ...], Line] = {}
    for lines in tables.by_id.values():
        line = lines[0]
        for lang in LANGUAGES:
            name = line.row.get(f"name_{lang}")
            if not name:
                continue
            key = (line.table, lang, fold(name), line.row.get("country", ""))
            other = first.setdefault(key, line)
            if other is not line:
                yield line.problem(f'name_{lang} "{name}" is also that of {other.row["id"]}')


def _facts(tables: Tables) -> Iterator[TableProblem]:
    """No row twice: the same establishment, the same member in the same role, at the same time."""
    keys = {
        "presences": ("organization", "place", "form", "name_en"),
        "memberships": ("member", "organization", "role"),
        "people": ("id", "position", "of"),
    }
    same: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in tables.lines:
        if line.table in keys:
            same[(line.table, *(line.row.get(c, "") for c in keys[line.table]))].append(line)
    for lines in same.values():
        for i, line in enumerate(lines[1:], 1):
            for other in lines[:i]:
                if _overlap(line.row, other.row):
                    yield line.problem(f"says again, of the same time, what line {other.number} says")
                    break


def _overlap(a: Mapping[str, str], b: Mapping[str, str]) -> bool:
    """Whether two rows surely speak of a common time: ends that may touch do not count."""

    def end(row: Mapping[str, str], column: str, open_end: str) -> str:
        return row.get(column) or open_end

    return end(a, "since", "0000") < end(b, "until", "9999") and end(b, "since", "0000") < end(a, "until", "9999")


def _sources(tables: Tables) -> Iterator[TableProblem]:
    missing: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in tables.lines:
        source = line.row.get("source", "")
        for value in split(source):
            if not re.fullmatch(r"https?://\S+", value):
                yield line.problem(f'source is "{value}", not an address')
        for column in ("source", "checked"):
            if not line.row.get(column):
                missing[line.file, column].append(line)
    for (file, column), lines in missing.items():
        line = Line(file, lines[0].table, lines[0].number, {})
        yield line.problem(f"{len(lines)} rows, this the first, have no {column}", warning=True)


def _ambiguous(tables: Tables) -> Iterator[TableProblem]:
    names: dict[str, Mapping[str, str]] = {id_: lines[0].row for id_, lines in tables.by_id.items()}
    for lang, name, ids in shared_names(names):
        line = tables.by_id[ids[0]][0]
        yield line.problem(f'"{name}" ({lang}) may mean {", ".join(ids)}', warning=True)


_CHECKS: Final[tuple[Callable[[Tables], Iterator[TableProblem]], ...]] = (
    _ids, cells, _links, places, _names, _facts, _sources, _ambiguous,
)  # fmt: skip
