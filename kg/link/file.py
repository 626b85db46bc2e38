"""The file of suggestions, in which a person decides: one row an identifier, ``judgement`` is theirs to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from kg.errors import KgError, UsageError
from kg.link.candidates import Suggestion

COLUMNS: Final = ("judgement", "a", "b", "score", "label", "their_label", "their_description", "why", "reason")
"""``a`` is our id, ``b`` the identifier elsewhere; ``judgement`` and ``reason`` are empty until somebody decides."""

_JUDGEMENTS: Final = ("", "same", "different")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file."""

    judgement: str
    a: str
    b: str
    score: str
    label: str
    their_label: str
    their_description: str
    why: str
    reason: str = ""


def read(path: Path) -> list[Row]:
    """The rows of a file; none if it is not there.

    Raises:
        UsageError: if it is another kind of file.
        KgError: if a judgement is none.
    """
    if not path.exists():
        return []
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"cannot be read: {error}", where=str(path)) from None
    rows = []
    for number, line in enumerate(lines, 2):
        if not set(COLUMNS) <= set(line):
            raise UsageError("is no file of suggestions", where=str(path), remedy="name another file with -o")
        row = Row(**{name: (line[name] or "").strip() for name in COLUMNS})
        if row.judgement not in _JUDGEMENTS:
            raise KgError(
                f'"{row.judgement}" is no judgement',
                where=f"{path}, line {number}",
                remedy="same, different or nothing",
            )
        rows.append(row)
    return rows


def write(path: Path, earlier: Iterable[Row], found: Iterable[Suggestion]) -> int:
    """Write suggestions; what a person has decided stays, and so do suggestions for entities not asked about now.

    Args:
        path: the file; it is replaced as a whole.
        earlier: the rows it had.
        found: the suggestions, new or again.

    Returns:
        How many rows are new.

    Raises:
        KgError: if it cannot be written.
    """
    rows = {(row.a, row.b): row for row in earlier}
    new = 0
    for one in found:
        key = one.entity, one.identifier
        new += key not in rows
        decided = rows.get(key)
        rows[key] = Row(
            decided.judgement if decided else "",
            one.entity,
            one.identifier,
            f"{one.score:.2f}",
            one.label,
            one.their_label,
            one.their_description,
            one.why,
            decided.reason if decided else "",
        )
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in sorted(rows.values(), key=lambda r: (r.a, -float(r.score or 0), r.b)):
        writer.writerow(asdict(row))
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(buffer.getvalue(), encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", where=str(path), remedy="choose another place") from error
    return new
