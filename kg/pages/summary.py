"""What pages show of the graph as a whole, worked out once for each of its versions and kept in a file of SQLite.

Counting a million facts takes a minute, and reading them for each page would take as long again. So the numbers of the
first page, the facts in the order in which lists show them, and the columns that the map counts by, lie beside the
store, made anew in the background when the graph has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from kg import iris
from kg.errors import KgError
from kg.export.select import chunks, rows
from kg.export.view import CLASSES
from kg.model import FORMS, STATUSES
from kg.pages.frame import FACTS
from kg.queries.run import ask

FILE: Final = "summary.sqlite"
"""The name of the file in the folder of a store."""
NEWEST: Final = 9
_FORMAT: Final = "1"
_ARTICLES: Final = 40
_KEPT: Final = 24
_SCHEMA: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE fact (kind TEXT NOT NULL, support INTEGER NOT NULL, day TEXT NOT NULL, until TEXT NOT NULL,
  plan INTEGER NOT NULL, iri TEXT NOT NULL);
CREATE TABLE article (day TEXT NOT NULL, iri TEXT NOT NULL, lang TEXT NOT NULL, title TEXT NOT NULL,
  outlet TEXT NOT NULL);
CREATE TABLE presence (place INTEGER NOT NULL, organization INTEGER NOT NULL, country INTEGER NOT NULL,
  form INTEGER NOT NULL, status INTEGER NOT NULL, since INTEGER NOT NULL, since_latest INTEGER NOT NULL,
  until INTEGER NOT NULL, until_earliest INTEGER NOT NULL, support INTEGER NOT NULL, iri TEXT NOT NULL);
CREATE TABLE focus (theme INTEGER NOT NULL, presence INTEGER NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX fact_order ON fact (kind, support DESC, day DESC, iri);
CREATE UNIQUE INDEX fact_iri ON fact (iri);
CREATE INDEX fact_all ON fact (support DESC, day DESC, iri);
CREATE INDEX article_order ON article (day DESC, iri);
CREATE INDEX presence_counted ON presence (place, status, since, since_latest, until, until_earliest, form,
  organization, country);
CREATE INDEX presence_place ON presence (place, support DESC, since DESC, iri);
CREATE INDEX focus_theme ON focus (theme, presence);
"""
_FACT: Final = """
SELECT ?fact ?support ?since ?date ?until ?status WHERE {
  ?fact io:support ?support
  OPTIONAL { ?fact io:sinceEarliest ?since } OPTIONAL { ?fact io:dateEarliest ?date }
  OPTIONAL { ?fact io:untilLatest ?until } OPTIONAL { ?fact io:status ?status }
}
"""
_PRESENCE: Final = """
SELECT ?fact ?place ?organization ?country ?form ?status ?since ?sinceLatest ?until ?untilEarliest ?support WHERE {
  ?fact a io:Presence ; io:place ?place ; io:organization ?organization ; io:support ?support .
  OPTIONAL { ?fact io:country ?country } OPTIONAL { ?fact io:form ?form } OPTIONAL { ?fact io:status ?status }
  OPTIONAL { ?fact io:sinceEarliest ?since } OPTIONAL { ?fact io:sinceLatest ?sinceLatest }
  OPTIONAL { ?fact io:untilLatest ?until } OPTIONAL { ?fact io:untilEarliest ?untilEarliest }
}
"""
_ARTICLE: Final = """
SELECT ?a ?lang ?title ?day ?outlet WHERE { GRAPH ?a { ?a a io:Article ; schema:inLanguage ?lang
  OPTIONAL { ?a schema:headline ?title } OPTIONAL { ?a schema:datePublished ?day }
  OPTIONAL { ?a schema:publisher ?outlet } } }
"""


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
    """What the graph holds: numbers by kind, articles by language and year, outlets, the newest facts."""

    kinds: dict[str, int]
    reported: dict[str, int]
    languages: list[tuple[str, int]]
    years: list[tuple[str, int]]
    outlets: list[tuple[str, int]]
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
        self._kept: OrderedDict[str, dict[str, list[str]]] = OrderedDict()

    @classmethod
    def open(cls, path: Path) -> Summary | None:
        """The summary in a file; ``None`` if there is none, or one of another make."""
        if not path.is_file():
            return None
        try:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            about = dict(db.execute("SELECT name, value FROM meta"))
            return cls(db, about["version"]) if about.get("format") == _FORMAT else None
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

    def standing(self, facts: Iterable[str]) -> list[Standing]:
        """What is known of some facts, in no order."""
        text = (
            "WITH wanted (iri) AS (SELECT value FROM json_each(?)) "
            "SELECT kind, support, day, until, plan, fact.iri FROM wanted JOIN fact ON fact.iri = wanted.iri"
        )
        return [Standing(*row) for row in self.db.execute(text, (json.dumps(list(facts)),))]

    @cached_property
    def ties(self) -> int:
        """How many pairs there are of an organisation and a place where it is at work."""
        text = "SELECT count(*) FROM (SELECT DISTINCT place, organization FROM presence WHERE status = ?)"
        return int(self.db.execute(text, (STATUSES.index("operating"),)).fetchone()[0])

    def once(self, key: str, make: Callable[[], dict[str, list[str]]]) -> dict[str, list[str]]:
        """What was worked out lately, or is now: a few things that many pages in a row are about."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def count(self, kind: str) -> int:
        """How many facts there are of a kind."""
        return self.overview.kinds.get(kind, 0)

    def articles(self, most: int, first: int = 0) -> list[tuple[str, str, str, str, str]]:
        """Articles, the newest first: day, IRI, language, title, outlet."""
        text = "SELECT day, iri, lang, title, outlet FROM article ORDER BY day DESC, iri LIMIT ? OFFSET ?"
        return list(self.db.execute(text, (most, first)))


def make(graph: Any, path: Path | None = None) -> Summary:
    """Work out the summary of a graph; about a minute for a million facts.

    Args:
        graph: what is asked; it does not change meanwhile.
        path: the file, which is replaced as a whole; ``None`` keeps the summary in memory.

    Raises:
        KgError: if the file cannot be written.
    """
    part = path.with_name(f"{path.name}.part") if path is not None else None
    try:
        if part is not None:
            part.unlink(missing_ok=True)
        db = sqlite3.connect(part or ":memory:", isolation_level=None, check_same_thread=False)
        db.executescript(_SCHEMA)
        db.execute("BEGIN")
        _fill(db, graph)
        db.execute("COMMIT")
        db.executescript(_INDEXES)
        version = str(graph.version)
        if path is None or part is None:
            return Summary(db, version)
        db.close()
        part.replace(path)
    except (OSError, sqlite3.DatabaseError) as error:
        raise KgError(f"the summary cannot be written: {error}", where=str(path)) from error
    made = Summary.open(path)
    assert made is not None
    return made


def _fill(db: sqlite3.Connection, graph: Any) -> None:
    db.executemany("INSERT OR IGNORE INTO fact VALUES (?, ?, ?, ?, ?, ?)", facts_of(graph))
    db.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?)", _articles(graph))
    names: dict[str, int] = {}
    db.executemany(f"INSERT INTO presence VALUES ({', '.join('?' * 11)})", _presences(graph, names))
    number = dict(db.execute("SELECT iri, rowid FROM presence"))
    themes = ask(graph, "SELECT ?fact ?theme WHERE { ?fact a io:Presence ; io:focus ?theme }")
    db.executemany(
        "INSERT INTO focus VALUES (?, ?)",
        ((_number(names, t.value), number[f.value]) for f, t in ((r["fact"], r["theme"]) for r in themes)
         if f.value in number),
    )  # fmt: skip
    db.executemany("INSERT INTO name VALUES (?, ?)", ((n, iri) for iri, n in names.items()))
    overview = _overview(db, graph)
    first, last = db.execute(
        "SELECT min(since), max(max(since_latest), max(until)) FROM presence WHERE since"
    ).fetchone()
    last = max(int(last or 0) // 10_000, int(overview.last[:4] or 0))
    about = {
        "format": _FORMAT,
        "version": str(graph.version),
        "overview": json.dumps(asdict(overview)),
        "presences": str(len(number)),
        "years": json.dumps([int(first or 0) // 10_000, last]),
    }
    db.executemany("INSERT INTO meta VALUES (?, ?)", about.items())


def facts_of(graph: Any, only: str = "") -> Iterator[Standing]:
    """What decides in which order facts are shown, and when they held.

    Args:
        graph: what is asked.
        only: IRIs as the values of ``VALUES``; empty for all facts.
    """
    text = _FACT.replace("WHERE {", f"WHERE {{ VALUES ?fact {{ {only} }}", 1) if only else _FACT
    for row in ask(graph, text):
        fact = row["fact"].value
        yield Standing(
            kind_of(fact), int(row["support"].value), _text(row["since"] or row["date"]), _text(row["until"]),
            _text(row["status"]) in PLANS, fact,
        )  # fmt: skip


def kind_of(fact: str) -> str:
    """The kind of a fact by its IRI; ``""`` if that is none of a fact."""
    return FACTS.get(fact.removeprefix(iris.ID_PREFIX).partition("/")[0], "")


def _articles(graph: Any) -> Iterator[tuple[str, ...]]:
    for row in ask(graph, _ARTICLE):
        article = row["a"].value
        yield _text(row["day"]), article, _text(row["lang"]), _text(row["title"]), _text(row["outlet"])


def _presences(graph: Any, names: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    seen: set[str] = set()
    for row in ask(graph, _PRESENCE):
        fact = row["fact"].value
        if fact in seen:
            continue  # one with two of something counts once
        seen.add(fact)
        place = row["place"].value
        country = row["country"].value if row["country"] else place
        form, status = (_text(row[name]).rsplit("/", 1)[-1] for name in ("form", "status"))
        days = (_day(_text(row[name])) for name in ("since", "sinceLatest", "until", "untilEarliest"))
        yield (
            _number(names, place), _number(names, row["organization"].value), _number(names, country),
            FORMS.index(form) if form in FORMS else -1, STATUSES.index(status) if status in STATUSES else -1,
            *days, int(row["support"].value), fact,
        )  # fmt: skip


def _number(names: dict[str, int], iri: str) -> int:
    return names.setdefault(iri, len(names) + 1)


def _text(term: Any) -> str:
    return str(term.value) if term is not None else ""


def _day(text: str) -> int:
    """``2025-07-02`` → 20250702; 0 if there is none."""
    digits = text[:10].replace("-", "")
    return int(digits) if digits.isdigit() else 0


def _overview(db: sqlite3.Connection, graph: Any) -> Overview:
    answer = ask(graph, "SELECT ?class (COUNT(?x) AS ?n) WHERE { ?x a ?class } GROUP BY ?class")
    counted = {row["class"].value.removeprefix(iris.IO): int(row["n"].value) for row in answer}
    newest = [iri for (iri,) in db.execute("SELECT iri FROM article ORDER BY day DESC, iri LIMIT ?", (_ARTICLES,))]

    def tally(what: str, more: str = "") -> list[tuple[str, int]]:
        found = db.execute(f"SELECT {what} AS x, count(*) AS n FROM article {more} GROUP BY x ORDER BY n DESC, x")
        return [(str(x), int(n)) for x, n in found]

    return Overview(
        {CLASSES[name]: n for name, n in counted.items() if name in CLASSES},
        dict(db.execute("SELECT kind, count(*) FROM fact WHERE support > 0 GROUP BY kind")),
        tally("lang"),
        sorted(tally("substr(day, 1, 4)", "WHERE day != ''")),
        tally("outlet", "WHERE outlet != ''")[:12],
        _newest(graph, newest),
        int(db.execute("SELECT count(*) FROM article").fetchone()[0]),
        str(db.execute("SELECT coalesce(max(day), '') FROM article").fetchone()[0]),
    )


def _newest(graph: Any, articles: list[str]) -> list[str]:
    """The facts that the newest articles are the first to report: few at a time, so that one article is not all."""
    place = {iri: n for n, iri in enumerate(articles)}
    first: dict[str, int] = {}
    for chunk in chunks(articles):
        pattern = (
            f"VALUES ?g {{ {chunk} }} GRAPH ?g {{ ?account io:reportedIn ?g }} "
            "?fact io:account ?account ; io:support ?n FILTER (?n <= 2)"
        )
        for fact, article in rows(graph, pattern, "fact", "g"):
            first[fact.value] = max(first.get(fact.value, 0), place[article.value])
    return [fact for fact, _ in sorted(first.items(), key=lambda item: (item[1], item[0]))][:NEWEST]
