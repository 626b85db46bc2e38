"""Reading the tables: CSV files, one row a thing, into entries that the extractor and the graph use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import UsageError
from kg.language.gatherings import ordinal
from kg.model import LANGUAGES, Entity, EntityType
from kg.reference import cache as compiled
from kg.reference.tables import DATA, FACT_TABLES, Row, files, read_rows, split, table_of

__all__ = ["DATA", "Entry", "Reference", "Row", "load", "read_rows", "split"]

_NAMES: Final = ("name", "official", "acronym", "aliases", "former")
_TYPES: Final[Mapping[str, EntityType]] = {
    "countries": "country", "regions": "region", "cities": "city", "organizations": "organization", "people": "person",
}  # fmt: skip


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
        nth = f"{ordinal(number)} session"
        names = {
            "en": (
                f"UN General Assembly, {nth}",
                f"{nth} of the UN General Assembly",
                f"{nth} of the General Assembly",
            ),
            "ru": (f"{number}-я сессия Генеральной Ассамблеи ООН", f"{number}-я сессия Генассамблеи ООН"),
            "kk": (f"БҰҰ Бас Ассамблеясының {number}-сессиясы", f"БҰҰ Бас Ассамблеясының {number}-ші сессиясы"),
        }
        row = {"id": f"unga-{number}", "opened": str(1945 + number), "organizer": "organization/un-general-assembly"}
        return Entry(f"event/unga-{number}", "event", {lang: n[0] for lang, n in names.items()}, names, {}, row)


def make_entry(row: Row, kind: EntityType) -> Entry:
    """The entry of a row that names a thing of type *kind*."""
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


def _with_names_of(known: Entry, added: Entry) -> Entry:
    """*known* with the names and adjectives of *added* after its own."""

    def joined(a: Mapping[str, tuple[str, ...]], b: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        both = {lang: tuple(dict.fromkeys((*a.get(lang, ()), *b.get(lang, ())))) for lang in LANGUAGES}
        return {lang: values for lang, values in both.items() if values}

    return Entry(
        known.id,
        known.type,
        known.labels,
        joined(known.names, added.names),
        joined(known.adjectives, added.adjectives),
        known.row,
    )


def _table_kind(path: Path) -> EntityType:
    kind = _TYPES.get(table_of(path))
    if kind is None:
        raise UsageError(
            "is none of the tables that can be extended",
            where=str(path),
            remedy=f"name it after its table: {', '.join(f'{name}-….csv' for name in sorted(_TYPES))}",
        )
    return kind


def _read(extra: Sequence[Path]) -> Reference:
    reference = Reference()
    people: list[Row] = []
    own = [(path, _table_kind(path)) for path in extra]
    for number, (path, kind) in enumerate([*(shipped := files()), *own]):
        for row in read_rows(path):
            if not row.get("id"):
                continue
            entry = make_entry(row, kind)
            known = reference.entries.get(entry.id)
            if kind == "person":
                people.append(row)
            if known is None:
                reference.entries[entry.id] = entry
            elif number >= len(shipped):  # a table of one's own adds names to a known thing
                reference.entries[entry.id] = _with_names_of(known, entry)
    reference.people = tuple(people)
    for name in FACT_TABLES:
        path = DATA / f"{name}.csv"
        if path.exists():
            setattr(reference, name, tuple(read_rows(path)))
    return reference


def _packed(reference: Reference) -> dict[str, Any]:
    entries = [[e.id, e.type, e.labels, e.names, e.adjectives, e.row] for e in reference.entries.values()]
    return {"entries": entries, **{name: getattr(reference, name) for name in ("people", *FACT_TABLES)}}


def _unpacked(content: Mapping[str, Any]) -> Reference:
    def tuples(by_language: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        return {lang: tuple(values) for lang, values in by_language.items()}

    reference = Reference(
        {
            id_: Entry(id_, type_, labels, tuples(names), tuples(adjectives), row)
            for id_, type_, labels, names, adjectives, row in content["entries"]
        }
    )
    for name in ("people", *FACT_TABLES):
        setattr(reference, name, tuple(content[name]))
    return reference


_LOADED: Final[dict[str, Reference]] = {}
"""What this process has read, by the digest of the tables."""


def load(extra: Sequence[Path] = (), *, cache: bool = True) -> Reference:
    """All tables, and rows of one's own.

    Args:
        extra: further CSV files in the form of the tables, named after their table
            (``organizations-mine.csv``); a row with a known id adds its names.
        cache: whether to use, and leave, a compiled copy in the user's cache folder.

    Returns:
        The tables; the same object for the same tables within a process, unless *cache* is off.

    Raises:
        UsageError: if a file of *extra* cannot be read or is named after none of the tables.
    """
    own = [Path(path) for path in extra]
    for path in own:
        if not path.is_file():
            raise UsageError("no such file", where=str(path))
        _table_kind(path)
    if not cache:
        return _read(own)
    try:
        key = compiled.digest([*sorted(DATA.glob("*.csv")), *own])
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(error.filename)) from error
    if key not in _LOADED:
        if len(_LOADED) >= _KEPT:
            _LOADED.clear()
        content = compiled.read(key)
        try:
            found = _unpacked(content) if content else None
        except (KeyError, TypeError, ValueError):  # a damaged copy is made again
            found = None
        if found is None:
            found = _read(own)
            compiled.write(key, _packed(found))
        _LOADED[key] = found
    return _LOADED[key]


_KEPT: Final = 4
