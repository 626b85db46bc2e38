"""Reading the tables: CSV files, one row a thing, into entries that the extractor and the graph use.

A compiled copy of the tables lies in the user's cache folder, under a name made from the tables'
content, so that a change of a table is seen at once and a stale copy never is.
"""

from __future__ import annotations

import csv
import hashlib
import os
import pickle
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from kg.errors import UsageError
from kg.model import LANGUAGES, Entity, EntityType

DATA: Final = Path(__file__).parent / "data"
_FORMAT: Final = "3"
_NAMES: Final = ("name", "official", "acronym", "aliases", "former")
_ENTITY_TABLES: Final[tuple[tuple[str, EntityType], ...]] = (
    ("countries.csv", "country"), ("regions.csv", "region"), ("cities.csv", "city"), ("organizations-*.csv", "organization"),
    ("people.csv", "person"),
)  # fmt: skip

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a table that names a thing.

    Attributes:
        id: ``<class>/<slug>``, such as ``organization/un``.
        type: what it is.
        labels: preferred label by language; a language without one is missing.
        names: every name by language, the preferred one first: official, acronyms, aliases, former ones.
        adjectives: adjectives and demonyms by language ("казахстанский").
        row: the row as the table has it.
    """

    id: str
    type: EntityType
    labels: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    adjectives: Mapping[str, tuple[str, ...]]
    row: Row


@dataclass(slots=True)
class Reference:
    """All tables: the entries by id, and the rows of the tables that state facts."""

    entries: dict[str, Entry] = field(default_factory=dict)
    people: tuple[Row, ...] = ()
    presences: tuple[Row, ...] = ()
    memberships: tuple[Row, ...] = ()
    goals: tuple[Row, ...] = ()

    def get(self, identifier: str) -> Entry | None:
        """The entry with that id, or None."""
        return self.entries.get(identifier)

    def entity(self, identifier: str) -> Entity:
        """The entity of an entry, with every name in English, Russian and Kazakh, preferred ones first.

        Raises:
            KeyError: if no table has it.
        """
        entry = self.entries[identifier]
        labels = [entry.labels[lang] for lang in LANGUAGES if lang in entry.labels]
        names = [name for lang in LANGUAGES for name in entry.names.get(lang, ())]
        return Entity(
            entry.id, entry.type, tuple(dict.fromkeys([*labels, *names])), entry.row.get("iso2", "").upper() or None
        )

    def session(self, number: int) -> Entry:
        """Session *number* of the UN General Assembly, which opened in 1945 + *number* (a rule, not a row)."""
        names = {
            "en": (f"UN General Assembly, {number}{_ordinal(number)} session", f"{number}{_ordinal(number)} session of the UN General Assembly",
                   f"{number}{_ordinal(number)} session of the General Assembly"),
            "ru": (f"{number}-я сессия Генеральной Ассамблеи ООН", f"{number}-я сессия Генассамблеи ООН"),
            "kk": (f"БҰҰ Бас Ассамблеясының {number}-сессиясы", f"БҰҰ Бас Ассамблеясының {number}-ші сессиясы"),
        }  # fmt: skip
        row = {"id": f"unga-{number}", "opened": str(1945 + number), "organizer": "organization/un-general-assembly"}
        return Entry(f"event/unga-{number}", "event", {lang: n[0] for lang, n in names.items()}, names, {}, row)


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def split(cell: str | None) -> tuple[str, ...]:
    """The values of a cell that may hold several, parted by ``|``."""
    return tuple(part.strip() for part in (cell or "").split("|") if part.strip())


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table.

    Raises:
        UsageError: if the file cannot be read or a row has more cells than the header.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"cannot be read as a table: {error}", where=str(path), remedy="save it as CSV in UTF-8"
        ) from error
    for number, row in enumerate(rows, 2):
        if None in row:
            raise UsageError(
                "has more cells than the header",
                where=f"{path}, line {number}",
                remedy='put cells with commas in "quotes"',
            )
    return [{k: (v or "").strip() for k, v in row.items()} for row in rows]


def _entry(row: dict[str, str], kind: EntityType) -> Entry:
    labels, names, adjectives = {}, {}, {}
    for lang in LANGUAGES:
        found = [n for column in _NAMES for n in split(row.get(f"{column}_{lang}"))]
        if row.get(f"name_{lang}"):
            labels[lang] = row[f"name_{lang}"]
        if found:
            names[lang] = tuple(dict.fromkeys(found))
        if own := split(row.get(f"adjectives_{lang}")):
            adjectives[lang] = own
    return Entry(f"{kind}/{row['id']}", kind, labels, names, adjectives, row)


def _table_kind(path: Path) -> EntityType:
    for pattern, kind in _ENTITY_TABLES:
        if path.match(pattern) or path.stem.startswith(pattern.split(".")[0].rstrip("*-")):
            return kind
    raise UsageError(
        "is none of the tables that can be extended", where=str(path),
        remedy="name it after its table: organizations….csv, cities….csv, countries….csv, regions….csv or people….csv",
    )  # fmt: skip


def _read(extra: Sequence[Path]) -> Reference:
    reference = Reference()
    people: list[Row] = []
    files = [(path, kind) for pattern, kind in _ENTITY_TABLES for path in sorted(DATA.glob(pattern))]
    files += [(path, _table_kind(path)) for path in extra]
    for path, kind in files:
        for row in read_rows(path):
            if not row.get("id"):
                continue
            entry = _entry(row, kind)
            known = reference.entries.get(entry.id)
            if kind == "person":
                people.append(row)
            if known is None:
                reference.entries[entry.id] = entry
            elif path in extra:  # a table of one's own adds names to a known thing
                merged = {
                    lang: tuple(dict.fromkeys((*known.names.get(lang, ()), *entry.names.get(lang, ()))))
                    for lang in LANGUAGES
                }
                reference.entries[entry.id] = Entry(
                    known.id,
                    known.type,
                    known.labels,
                    {k: v for k, v in merged.items() if v},
                    known.adjectives,
                    known.row,
                )
    reference.people = tuple(people)
    for name in ("presences", "memberships", "goals"):
        path = DATA / f"{name}.csv"
        if path.exists():
            setattr(reference, name, tuple(read_rows(path)))
    return reference


def _cache_file(extra: Sequence[Path]) -> Path | None:
    digest = hashlib.sha256(_FORMAT.encode())
    for path in [*sorted(DATA.glob("*.csv")), *extra]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if os.environ.get("HOME") else None)
    return Path(base) / "presence-kg" / f"reference-{digest.hexdigest()[:20]}.pickle" if base else None


@lru_cache(maxsize=4)
def _load(extra: tuple[Path, ...], cache: bool) -> Reference:
    file = _cache_file(extra) if cache else None
    if file is not None and file.exists():
        try:
            with file.open("rb") as stream:
                found = pickle.load(stream)
            if isinstance(found, Reference):
                return found
        except Exception:  # a damaged copy is made again
            pass
    reference = _read(extra)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as copy:
                pickle.dump(reference, copy, protocol=pickle.HIGHEST_PROTOCOL)
            os.replace(copy.name, file)
        except OSError:
            pass
    return reference


def load(extra: Sequence[Path] = (), *, cache: bool = True) -> Reference:
    """All tables, and rows of one's own.

    Args:
        extra: further CSV files in the form of the tables, named after their table
            (``organizations-mine.csv``); a row with a known id adds its names.
        cache: whether to use, and leave, a compiled copy in the user's cache folder.

    Raises:
        UsageError: if a file of *extra* cannot be read.
    """
    for path in extra:
        if not Path(path).is_file():
            raise UsageError("no such file", where=str(path))
    return _load(tuple(Path(p) for p in extra), cache)
