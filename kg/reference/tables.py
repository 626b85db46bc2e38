"""The tables as files: which there are, their columns, and reading them row by row."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Final

from kg.errors import UsageError
from kg.model import EntityType

DATA: Final = Path(__file__).parent / "data"

Row = Mapping[str, str]

ENTITY_TABLES: Final[tuple[tuple[str, EntityType], ...]] = (
    ("countries*.csv", "country"), ("regions.csv", "region"), ("cities.csv", "city"),
    ("organizations-*.csv", "organization"), ("people.csv", "person"),
)  # fmt: skip
"""The tables whose rows name a thing: file pattern and type of the thing."""

FACT_TABLES: Final = ("presences", "memberships", "goals")
"""The tables whose rows state facts or list terms."""


def _by_language(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{lang}" for name in names for lang in ("en", "ru", "kk"))


_NAMED: Final = ("id", *_by_language("name"))
_SOURCE: Final = ("source", "checked")

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "countries": (
        "id", "iso2", "iso3", "m49", *_by_language("name", "official", "aliases", "adjectives"), "capital",
        "un_member_since", "box", "wikidata", "geonames", *_SOURCE,
    ),
    "regions": (*_NAMED, *_by_language("aliases", "adjectives"), "m49", "members", "wikidata", *_SOURCE),
    "cities": (
        *_NAMED, *_by_language("aliases"), "country", "capital", "lat", "lon", "geonames", "wikidata", "former",
        *_SOURCE,
    ),
    "organizations": (
        "id", "kind", *_by_language("name", "acronym", "aliases", "former"), "parent", "seat", "founded", "dissolved",
        "successor", "themes", "wikidata", "website", *_SOURCE,
    ),
    "people": (*_NAMED, *_by_language("aliases"), "position", "of", "since", "until", *_SOURCE),
    "presences": (
        "organization", "form", *_by_language("name"), "place", "status", "since", "until", "serves", "focus",
        "decision", *_SOURCE,
    ),
    "memberships": ("member", "organization", "role", "since", "until", *_SOURCE),
    "goals": (*_NAMED, "themes", *_SOURCE),
}  # fmt: skip
"""The columns of each table, in their order; ``organizations`` stands for every file of organisations."""

BODY_KINDS: Final = frozenset((
    "un-principal-organ", "un-subsidiary-organ", "un-secretariat", "un-fund-or-programme", "un-research-institute",
    "un-specialized-agency", "un-related", "un-regional-commission", "un-mission", "treaty-body", "development-bank",
    "regional-organization", "sectoral-organization", "humanitarian-organization", "parliamentary-body", "court",
    "national-body", "company-or-foundation", "organ",
))  # fmt: skip
"""What kind of body an organisation may be: concepts of the scheme ``body-kind``."""


def split(cell: str | None) -> tuple[str, ...]:
    """The values of a cell that may hold several, parted by ``|``."""
    return tuple(part.strip() for part in (cell or "").split("|") if part.strip())


def table_of(path: Path) -> str:
    """The table that a file belongs to: a key of :data:`COLUMNS`, or ``""`` where it is none.

    A file may add to a table: ``organizations-un.csv``, ``cities-mine.csv``.
    """
    stem = path.stem
    return next((name for name in COLUMNS if stem == name or stem.startswith(f"{name}-")), "")


def numbered_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV table, each with the line on which it ends.

    Args:
        path: a CSV file in UTF-8 with a header (RFC 4180).

    Raises:
        UsageError: if the file cannot be read or a row has more cells than the header.
    """
    found: list[tuple[int, dict[str, str]]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            header = next(reader, [])
            width = len(header)
            for cells in reader:
                if not cells:
                    continue
                if len(cells) > width:
                    raise UsageError(
                        "has more cells than the header",
                        where=f"{path}, line {reader.line_num}",
                        remedy='put cells with commas in "quotes"',
                    )
                found.append((reader.line_num, {k: v.strip() for k, v in zip_longest(header, cells, fillvalue="")}))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"cannot be read as a table: {error}", where=str(path), remedy="save it as CSV in UTF-8"
        ) from error
    return found


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table, as :func:`numbered_rows` reads them."""
    return [row for _, row in numbered_rows(path)]


def files(data: Path = DATA) -> list[tuple[Path, EntityType]]:
    """The files of *data* whose rows name things, table by table, each with the type of the things."""
    return [(path, kind) for pattern, kind in ENTITY_TABLES for path in sorted(data.glob(pattern))]
