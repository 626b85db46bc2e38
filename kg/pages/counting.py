"""Sums up a graph: what :mod:`kg.pages.summary` reads, worked out from the graph and written to its file."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kg import iris
from kg.errors import KgError
from kg.export.select import ENTITIES, chunks, rows
from kg.export.view import CLASSES, PROPERTIES, property_iri
from kg.model import FORMS, STATUSES
from kg.pages.summary import FORMAT, KIND_ORDER, PLANS, Overview, Standing, Summary, day_number, kind_of
from kg.queries.run import ask

NEWEST: Final = 9
_ARTICLES: Final = 40
_OUTLETS: Final = 8
_SCHEMA: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE fact (kind TEXT NOT NULL, support INTEGER NOT NULL, day TEXT NOT NULL, until TEXT NOT NULL,
  plan INTEGER NOT NULL, iri TEXT NOT NULL);
CREATE TABLE article (day TEXT NOT NULL, iri TEXT NOT NULL, lang TEXT NOT NULL, title TEXT NOT NULL,
  outlet TEXT NOT NULL);
CREATE TABLE naming (entity INTEGER NOT NULL, kind INTEGER NOT NULL, reported INTEGER NOT NULL, day INTEGER NOT NULL,
  until INTEGER NOT NULL, plan INTEGER NOT NULL, fact INTEGER NOT NULL,
  PRIMARY KEY (entity, kind, reported DESC, day DESC, fact)) WITHOUT ROWID;
CREATE TABLE presence (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, organization INTEGER NOT NULL,
  country INTEGER NOT NULL, form INTEGER NOT NULL, status INTEGER NOT NULL, since INTEGER NOT NULL,
  since_latest INTEGER NOT NULL,
  until INTEGER NOT NULL, until_earliest INTEGER NOT NULL, support INTEGER NOT NULL, iri TEXT NOT NULL);
CREATE TABLE focus (theme INTEGER NOT NULL, presence INTEGER NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX fact_order ON fact (kind, support DESC, day DESC, iri);
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


_NAMING: Final = sorted({"country", *(name for slots in PROPERTIES.values() for name in slots.values())})
"""Properties by which facts name entities."""


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
    # Facts are numbered in the order of their IRIs: where nothing else decides, lists follow it.
    db.execute("CREATE TEMP TABLE told AS SELECT * FROM fact")
    db.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?, ?)", facts_of(graph))
    db.execute("INSERT INTO fact SELECT kind, support, day, until, plan, iri FROM told GROUP BY iri ORDER BY iri")
    db.execute("DROP TABLE told")
    number: dict[str, int] = dict(db.execute("SELECT iri, rowid FROM fact"))
    names: dict[str, int] = {}
    db.executemany("INSERT INTO article VALUES (?, ?, ?, ?, ?)", _articles(graph))
    db.executemany(
        f"INSERT OR IGNORE INTO presence VALUES ({', '.join('?' * 12)})", _presences(graph, number, names)
    )  # one with two of something counts once
    themes = ask(graph, "SELECT ?fact ?theme WHERE { ?fact a io:Presence ; io:focus ?theme }")
    db.executemany(
        "INSERT INTO focus VALUES (?, ?)",
        ((_number(names, r["theme"].value), number[r["fact"].value]) for r in themes),
    )
    _name(db, graph, number, names)
    db.executemany("INSERT INTO name VALUES (?, ?)", ((n, iri) for iri, n in names.items()))
    overview = _overview(db, graph)
    first, last = db.execute(
        "SELECT min(since), max(max(since_latest), max(until)) FROM presence WHERE since"
    ).fetchone()
    last = max(int(last or 0) // 10_000, int(overview.last[:4] or 0))
    about = {
        "format": FORMAT,
        "version": str(graph.version),
        "overview": json.dumps(asdict(overview)),
        "presences": str(db.execute("SELECT count(*) FROM presence").fetchone()[0]),
        "years": json.dumps([int(first or 0) // 10_000, last]),
    }
    db.executemany("INSERT INTO meta VALUES (?, ?)", about.items())


def _name(db: sqlite3.Connection, graph: Any, number: dict[str, int], names: dict[str, int]) -> None:
    """Which facts name which entities, themselves or through an establishment that they are about."""
    about: dict[str, list[int]] = defaultdict(list)
    for fact, thing in _pairs(graph, "about"):
        if fact in number:
            about[thing].append(number[fact])

    def named() -> Iterator[tuple[int, int]]:
        for name in _NAMING:
            for subject, entity in _pairs(graph, name):
                if not entity.startswith(ENTITIES):
                    continue
                if subject in number:
                    yield _number(names, entity), number[subject]
                if name in ("place", "organization"):
                    yield from ((_number(names, entity), fact) for fact in about.get(subject, ()))

    db.execute("CREATE TEMP TABLE pair (entity INTEGER NOT NULL, fact INTEGER NOT NULL)")
    db.executemany("INSERT INTO pair VALUES (?, ?)", named())
    kinds = " ".join(f"WHEN '{kind}' THEN {n}" for n, kind in enumerate(KIND_ORDER))
    days = (f"CAST(replace(substr({name}, 1, 10), '-', '') AS INTEGER)" for name in ("day", "until"))
    db.execute(
        f"INSERT OR IGNORE INTO naming SELECT entity, CASE kind {kinds} END AS k, support > 0 AS r, "
        f"{', '.join(f'{day} AS d{n}' for n, day in enumerate(days))}, plan, fact "
        "FROM pair JOIN fact ON fact.rowid = pair.fact ORDER BY entity, k, r DESC, d0 DESC, fact"
    )
    db.execute("DROP TABLE pair")


def _pairs(graph: Any, name: str) -> Iterator[tuple[str, str]]:
    """What a property (named as in :data:`kg.export.view.PROPERTIES`) joins: IRIs of subjects and objects."""
    for subject, value in ask(graph, f"SELECT ?s ?o WHERE {{ ?s <{property_iri(name)}> ?o FILTER (isIRI(?o)) }}"):
        yield subject.value, value.value


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


def _articles(graph: Any) -> Iterator[tuple[str, ...]]:
    for row in ask(graph, _ARTICLE):
        article = row["a"].value
        yield _text(row["day"]), article, _text(row["lang"]), _text(row["title"]), _text(row["outlet"])


def _presences(graph: Any, number: dict[str, int], names: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    for row in ask(graph, _PRESENCE):
        fact, place = row["fact"].value, row["place"].value
        country = row["country"].value if row["country"] else place
        form, status = (_text(row[name]).rsplit("/", 1)[-1] for name in ("form", "status"))
        days = (day_number(_text(row[name])) for name in ("since", "sinceLatest", "until", "untilEarliest"))
        yield (
            number[fact], _number(names, place), _number(names, row["organization"].value), _number(names, country),
            FORMS.index(form) if form in FORMS else -1, STATUSES.index(status) if status in STATUSES else -1,
            *days, int(row["support"].value), fact,
        )  # fmt: skip


def _number(names: dict[str, int], iri: str) -> int:
    return names.setdefault(iri, len(names) + 1)


def _text(term: Any) -> str:
    return str(term.value) if term is not None else ""


def _overview(db: sqlite3.Connection, graph: Any) -> Overview:
    answer = ask(graph, "SELECT ?class (COUNT(?x) AS ?n) WHERE { ?x a ?class } GROUP BY ?class")
    counted = {row["class"].value.removeprefix(iris.IO): int(row["n"].value) for row in answer}
    newest = [iri for (iri,) in db.execute("SELECT iri FROM article ORDER BY day DESC, iri LIMIT ?", (_ARTICLES,))]

    def tally(what: str, more: str = "") -> list[tuple[str, int]]:
        found = db.execute(f"SELECT {what} AS x, count(*) AS n FROM article {more} GROUP BY x ORDER BY n DESC, x")
        return [(str(x), int(n)) for x, n in found]

    outlets = tally("outlet", "WHERE outlet != ''")
    return Overview(
        {CLASSES[name]: n for name, n in counted.items() if name in CLASSES},
        dict(db.execute("SELECT kind, count(*) FROM fact WHERE support > 0 GROUP BY kind")),
        tally("lang"),
        sorted(tally("substr(day, 1, 4)", "WHERE day != ''")),
        outlets[:_OUTLETS],
        len(outlets),
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
