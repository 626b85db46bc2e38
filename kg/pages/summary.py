"""What pages show of the graph as a whole, worked out once for each of its versions and kept in a file of SQLite.

Counting a million facts takes a minute, and reading them for each page would take as long again. So the numbers of the
first page, the facts in the order in which lists show them, and the columns that the map counts by, lie beside the
store, made anew in the background when the graph has changed.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from kg import iris
from kg.model import KINDS, STATUSES
from kg.pages.frame import FACTS

FILE: Final = "summary.sqlite"
"""The name of the file in the folder of a store."""
FORMAT: Final = "2"
"""Of another one, a file is made anew."""
_HELD: Final = "day <= :day AND (until = 0 OR until >= :day) AND (day > 0 OR plan = 0)"
"""Whether a fact may have held on a day: :meth:`Standing.held`."""
KIND_ORDER: Final = tuple(KINDS)
"""Kinds of facts by their numbers in the file."""
_ENTITY: Final = "entity = (SELECT id FROM name WHERE iri = :entity)"
PLANS: Final = frozenset(iris.concept("status", status) for status in STATUSES[:2])


class Standing(NamedTuple):
    """A fact: its kind, how many articles report it, its first possible day, its last, whether it is a plan."""

    kind: str
    support: int
    day: str
    until: str
    plan: bool
    iri: str

    def held(self, day: str) -> bool:
        """Whether it may have held on a day (ISO 8601); the rule is that of the question who-is-in."""
        if (self.day and self.day > day) or (self.until and self.until < day):
            return False
        return bool(self.day) or not self.plan


@dataclass(frozen=True, slots=True)
class Overview:
    """What the graph holds: numbers by kind, articles by language and year, the largest outlets of how many, the newest
    facts."""

    kinds: dict[str, int]
    reported: dict[str, int]
    languages: list[tuple[str, int]]
    years: list[tuple[str, int]]
    outlets: list[tuple[str, int]]
    publishers: int
    newest: list[str]
    articles: int
    last: str


class Summary:
    """The summary of a version of a graph.

    Args:
        db: the database.
        version: of the graph.
    """

    def __init__(self, db: sqlite3.Connection, version: str) -> None:
        self.db = db
        self.version = version
        about = dict(db.execute("SELECT name, value FROM meta"))
        self.overview = Overview(**json.loads(about["overview"]))
        self.presences = int(about["presences"])
        self.years = tuple(json.loads(about["years"]))

    @classmethod
    def open(cls, path: Path) -> Summary | None:
        """The summary in a file; ``None`` if there is none, or one of another make."""
        if not path.is_file():
            return None
        try:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            about = dict(db.execute("SELECT name, value FROM meta"))
            return cls(db, about["version"]) if about.get("format") == FORMAT else None
        except (sqlite3.DatabaseError, KeyError):
            return None

    def ranked(self, kind: str = "", most: int = 100, first: int = 0, *, reported: bool = False) -> list[str]:
        """Facts, those that most articles report first, then the newest.

        Args:
            kind: only of this kind; empty for all.
            most: how many at most.
            first: how many to leave out at the beginning.
            reported: leave out what no article reports.
        """
        where = ["kind = :kind"] if kind else []
        where += ["support > 0"] if reported else []
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        text = f"SELECT iri FROM fact {condition} ORDER BY support DESC, day DESC, iri LIMIT :most OFFSET :first"
        return [iri for (iri,) in self.db.execute(text, {"kind": kind, "most": most, "first": first})]

    def totals(self, entity: str, day: str = "") -> dict[str, int]:
        """How many facts of each kind name an entity, or how many that may have held on a day (ISO 8601)."""
        text = f"SELECT kind, count(*) FROM naming WHERE {_ENTITY} {f'AND {_HELD}' if day else ''} GROUP BY kind"
        return {KIND_ORDER[kind]: n for kind, n in self.db.execute(text, {"entity": entity, "day": day_number(day)})}

    def naming(self, entity: str, kind: str, most: int, first: int = 0, day: str = "") -> list[str]:
        """Facts of a kind that name an entity: those that articles report, then the newest.

        Args:
            entity: its IRI.
            kind: of the facts.
            most: how many at most.
            first: how many to leave out at the beginning.
            day: only what may have held on this day (ISO 8601); empty for all.
        """
        order = "ORDER BY reported DESC, day DESC, fact"
        text = (
            f"SELECT iri FROM (SELECT reported, day, fact FROM naming WHERE {_ENTITY} AND kind = :kind "
            f"{f'AND {_HELD}' if day else ''} {order} LIMIT :most OFFSET :first) AS n "
            "JOIN fact ON fact.rowid = n.fact ORDER BY n.reported DESC, n.day DESC, n.fact"
        )
        values = {
            "entity": entity,
            "kind": KIND_ORDER.index(kind),
            "most": most,
            "first": first,
            "day": day_number(day),
        }
        return [iri for (iri,) in self.db.execute(text, values)]

    @cached_property
    def ties(self) -> int:
        """How many pairs there are of an organisation and a place where it is at work."""
        text = "SELECT count(*) FROM (SELECT DISTINCT place, organization FROM presence WHERE status = ?)"
        return int(self.db.execute(text, (STATUSES.index("operating"),)).fetchone()[0])

    def count(self, kind: str) -> int:
        """How many facts there are of a kind."""
        return self.overview.kinds.get(kind, 0)

    def articles(self, most: int, first: int = 0) -> list[tuple[str, str, str, str, str]]:
        """Articles, the newest first: day, IRI, language, title, outlet."""
        text = "SELECT day, iri, lang, title, outlet FROM article ORDER BY day DESC, iri LIMIT ? OFFSET ?"
        return list(self.db.execute(text, (most, first)))


def kind_of(fact: str) -> str:
    """The kind of a fact by its IRI; ``""`` if that is none of a fact."""
    return FACTS.get(fact.removeprefix(iris.ID_PREFIX).partition("/")[0], "")


def day_number(text: str) -> int:
    """``2025-07-02`` → 20250702; 0 if there is none."""
    digits = text[:10].replace("-", "")
    return int(digits) if digits.isdigit() else 0
