"""Rows of the tables with the place where they stand, and what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.errors import Problem

_TYPES: Final[Mapping[str, str]] = {
    "countries": "country", "regions": "region", "cities": "city", "organizations": "organization", "people": "person",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableProblem(Problem):
    """Something wrong with a row of a table.

    Attributes:
        table: name of the file.
        line: line of the file on which the row ends; 0 for the table as a whole.
    """

    table: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A row and where it stands."""

    file: str
    table: str
    number: int
    row: Mapping[str, str]

    @property
    def id(self) -> str:
        """``<class>/<slug>`` of the thing that the row names; ``""`` where it names none."""
        kind = _TYPES.get(self.table)
        return f"{kind}/{self.row.get('id', '')}" if kind else ""

    def problem(self, message: str, *, warning: bool = False) -> TableProblem:
        where = f"{self.file}, line {self.number}" if self.number else self.file
        name = self.row.get("id") or self.row.get("organization") or ""
        return TableProblem(
            f"{name}: {message}" if name else message,
            where,
            severity="warning" if warning else "error",
            table=self.file,
            line=self.number,
        )


@dataclass(slots=True)
class Tables:
    """Every row of every table, and the rows by the id of what they name."""

    lines: list[Line] = field(default_factory=list)
    by_id: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def of(self, table: str) -> list[Line]:
        return [line for line in self.lines if line.table == table]
