"""Text search beside a store: the labels and quotes of its quads in SQLite's FTS5, always in step with them.

The index is a projection of quads: each transaction of the store is told to it, with a stamp that says which state of
the store it reflects. An index whose stamp is another one, after a crash for example, is mended from the quads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import KgError

FILE: Final = "search.sqlite"
"""The name of the index in the folder of a store."""

_FORMAT: Final = 2
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entry (
  id INTEGER PRIMARY KEY, graph TEXT NOT NULL, subject TEXT NOT NULL, predicate TEXT NOT NULL,
  text TEXT NOT NULL, lang TEXT NOT NULL, UNIQUE (graph, subject, predicate, text, lang));
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (exact, stems, sort, tokenize = "unicode61 remove_diacritics 0");
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that fits: the quad it is of, by its parts, and its rank; the lower the better."""

    graph: str
    subject: str
    predicate: str
    text: str
    lang: str
    rank: float


@dataclass(frozen=True, slots=True)
class Folding:
    """How texts become words.

    Attributes:
        words: text → its words in lower case.
        plain: word → the word without marks.
        stem: word, language → the word without endings.
        version: changes whenever the others give something else.
    """

    words: Callable[[str], list[str]]
    plain: Callable[[str], str]
    stem: Callable[[str, str], str]
    version: str


class TextIndex:
    """The texts of a store's quads, searchable.

    Args:
        path: the file; made if it is missing. ``None`` keeps the index in memory.
        folding: how texts become words.
        sort: what sort of text a quad has, a word in lower case; ``""`` for one that is not to be found.

    Raises:
        KgError: if the file cannot be opened.
    """

    def __init__(self, path: Path | None, folding: Folding, sort: Callable[[ox.Quad], str]) -> None:
        self._path = path
        self._folding = folding
        self._sort = sort
        try:
            self._db = self._open(path)
        except sqlite3.DatabaseError as error:
            if path is None or not path.is_file() or isinstance(error, sqlite3.OperationalError):
                raise KgError(f"the search index cannot be opened: {error}", where=str(path)) from error
            path.unlink()  # a damaged file: all that it held is in the store
            self._db = self._open(path)

    @staticmethod
    def _open(path: Path | None) -> sqlite3.Connection:
        db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30, check_same_thread=False)
        # Readers go on while an article is written; after a loss of power the last articles may have to be mended.
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)
        return db

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def stamp(self) -> str:
        """The state of the store that the index reflects; ``""`` if none."""
        found = dict(self._db.execute("SELECT name, value FROM meta"))
        current = (found.get("format"), found.get("folding")) == (str(_FORMAT), self._folding.version)
        return str(found.get("stamp", "")) if current else ""

    @property
    def size(self) -> int:
        """How many texts are in it."""
        return int(self._db.execute("SELECT count(*) FROM entry").fetchone()[0])

    def update(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad], stamp: str) -> None:
        """Follow a transaction of the store.

        Args:
            removed: the quads taken out.
            added: the quads put in.
            stamp: the state of the store after it.
        """
        with closing(self._db.cursor()) as cursor:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                for quad in removed:
                    self._remove(cursor, quad)
                for quad in added:
                    self._add(cursor, quad)
                values = (("format", str(_FORMAT)), ("folding", self._folding.version), ("stamp", stamp))
                cursor.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)
                cursor.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    cursor.execute("ROLLBACK")
                if isinstance(error, sqlite3.DatabaseError):
                    raise KgError(f"the search index cannot be written: {error}", where=str(self._path)) from error
                raise

    def mend(self, quads: Iterable[ox.Quad], stamp: str) -> int:
        """Bring the index into step with a store, whatever state it is in.

        Args:
            quads: those of the store that may be of concern.
            stamp: the state of the store.

        Returns:
            How many texts were put in or taken out.
        """
        if not self.stamp:
            # Written as they come: the texts of a large store would not fit into memory.
            self._db.executescript("DROP TABLE words; DROP TABLE entry;" + _SCHEMA)
            self.update((), quads, stamp)
            return self.size
        wanted = {key: quad for quad in quads if self._sort(quad) and (key := _key(quad)) is not None}
        have = set(self._db.execute("SELECT graph, subject, predicate, text, lang FROM entry"))
        gone = [_quad(*key) for key in have - wanted.keys()]
        new = [quad for key, quad in wanted.items() if key not in have]
        self.update(gone, new, stamp)
        return len(gone) + len(new)

    def compact(self) -> None:
        """Give unused space back."""
        self._db.executescript(
            "INSERT INTO words (words) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE); VACUUM;"
        )

    def _add(self, cursor: sqlite3.Cursor, quad: ox.Quad) -> None:
        sort = self._sort(quad)
        key = _key(quad) if sort else None
        if key is None:
            return
        cursor.execute(
            "INSERT OR IGNORE INTO entry (graph, subject, predicate, text, lang) VALUES (?, ?, ?, ?, ?)", key
        )
        if cursor.rowcount:
            plain, stem = self._folding.plain, self._folding.stem
            found = self._folding.words(key[3])
            cursor.execute(
                "INSERT INTO words (rowid, exact, stems, sort) VALUES (?, ?, ?, ?)",
                (cursor.lastrowid, " ".join(map(plain, found)), " ".join(stem(w, key[4]) for w in found), sort),
            )

    def _remove(self, cursor: sqlite3.Cursor, quad: ox.Quad) -> None:
        key = _key(quad) if self._sort(quad) else None
        if key is None:
            return
        where = "graph = ? AND subject = ? AND predicate = ? AND text = ? AND lang = ?"
        found = cursor.execute(f"DELETE FROM entry WHERE {where} RETURNING id", key).fetchall()
        cursor.executemany("DELETE FROM words WHERE rowid = ?", found)

    def search(self, text: str, languages: Iterable[str], limit: int) -> list[Found]:
        """The texts that have all words of *text*, in whatever form, the best first.

        Args:
            text: words; of longer ones the beginning is enough.
            languages: those in which the words may be inflected.
            limit: how many texts are wanted.

        Raises:
            KgError: if the index cannot be read.
        """
        words = self._folding.words(text)
        if not words:
            return []
        query = f"{{exact stems}} : ({self._all_of(words, tuple(languages))})"
        # A text that has the words as they are goes before one that has other forms of them.
        return self._matching(
            query, "bm25(words, 4.0, 1.0)", "rank, length(text), text, subject, predicate, graph", limit
        )

    def begun(self, text: str, languages: Iterable[str], sort: str, limit: int) -> list[Found]:
        """The texts of a sort that have all words of *text*, the last of which may only be begun.

        Made for typing: the texts come in the order in which they were put in, and the first that are found are taken,
        so that a letter that a million texts have takes no longer than a rare name.

        Args:
            text: words; the last may be a beginning of any length.
            languages: those in which the words may be inflected.
            sort: the sort.
            limit: how many texts are wanted.

        Raises:
            KgError: if the index cannot be read.
        """
        words = self._folding.words(text)
        if not words:
            return []
        query = f"sort : {sort} AND {{exact stems}} : ({self._all_of(words, tuple(languages), begun=True)})"
        return self._matching(query, "0.0", "", limit)

    def _matching(self, query: str, rank: str, order: str, limit: int) -> list[Found]:
        ordered = f"ORDER BY {order} " if order else ""
        try:
            rows = self._db.execute(
                f"SELECT graph, subject, predicate, text, lang, {rank} AS rank "
                f"FROM words JOIN entry ON entry.id = words.rowid WHERE words MATCH ? {ordered}LIMIT ?",
                (query, limit),
            )
            return [Found(*row) for row in rows]
        except sqlite3.DatabaseError as error:
            raise KgError(f"the search index cannot be read: {error}", where=str(self._path)) from error

    def folded(self, text: str) -> str:
        """The words of a text as they are compared: in lower case, without marks, one space between two."""
        return " ".join(map(self._folding.plain, self._folding.words(text)))

    def _all_of(self, words: list[str], languages: tuple[str, ...], *, begun: bool = False) -> str:
        """All of some words, each in one of its forms, in the language of FTS5."""
        last = len(words) - 1
        return " AND ".join(self._one_of(word, languages, begun and n == last) for n, word in enumerate(words))

    def _one_of(self, word: str, languages: tuple[str, ...], begun: bool) -> str:
        """The forms that count as a word, in the language of FTS5."""
        plain = self._folding.plain(word)
        stems = {self._folding.stem(word, lang) for lang in languages} | {plain}
        terms = [_term(stem) for stem in sorted(stems)] + ([f'"{plain}" *'] if begun else [])
        # Each once: FTS5 gathers all that a beginning may be for each time that it stands there.
        return f"({' OR '.join(dict.fromkeys(terms))})"


_SHORT: Final = 3


def _term(word: str) -> str:
    """A word for FTS5, quoted; of a word of some length the beginning is enough."""
    return f'"{word}"' + (" *" if len(word) > _SHORT else "")


def _key(quad: ox.Quad) -> tuple[str, str, str, str, str] | None:
    literal, graph = quad.object, quad.graph_name
    if not isinstance(literal, ox.Literal) or not isinstance(quad.subject, ox.NamedNode):
        return None
    name = graph.value if isinstance(graph, ox.NamedNode) else ""
    return name, quad.subject.value, quad.predicate.value, literal.value, literal.language or ""


def _quad(graph: str, subject: str, predicate: str, text: str, lang: str) -> ox.Quad:
    literal = ox.Literal(text, language=lang) if lang else ox.Literal(text)
    name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), literal, name)


def texts(store: object, predicates: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
    """The quads of a store that have one of the predicates."""
    for predicate in predicates:
        yield from store.match(None, predicate, None, None)  # type: ignore[attr-defined]
