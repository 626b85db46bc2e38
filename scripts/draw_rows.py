"""Draw rows of the reference tables at random, to be checked again by someone who did not write them.

    python scripts/draw_rows.py                    # 60 rows of all tables, seed 1
    python scripts/draw_rows.py 20 --seed 7 --table presences
    python scripts/draw_rows.py --share            # how many rows of each table have a source, and were looked up

Each row is printed with its file and line and every cell that is not empty. The same seed draws the same rows as long
as the tables are the same.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from kg.reference.tables import COLUMNS, DATA, numbered_rows, table_of

Place = tuple[Path, int, dict[str, str]]


def rows(table: str | None = None, data: Path = DATA) -> list[Place]:
    """Every row of one table or of all, in the order of the files: its file, its line, its cells."""
    return [
        (path, number, row)
        for path in sorted(data.glob("*.csv"))
        if table in {None, table_of(path)}
        for number, row in numbered_rows(path)
    ]


def draw(number: int, seed: int, table: str | None = None, data: Path = DATA) -> list[Place]:
    """*number* different rows, each as likely as any other, in the order of the files."""
    found = rows(table, data)
    return sorted(random.Random(seed).sample(found, min(number, len(found))), key=lambda place: (place[0], place[1]))


def shown(place: Place) -> str:
    """A row as a person reads it."""
    path, number, row = place
    cells = "\n".join(f"    {column}: {cell}" for column, cell in row.items() if cell)
    return f"{path.name}, line {number}\n{cells}"


def shares(data: Path = DATA) -> Iterator[str]:
    """For each file: its rows, how many name a source, how many were looked up."""
    for path in sorted(data.glob("*.csv")):
        found = [row for _, row in numbered_rows(path)]
        sourced, checked = (sum(bool(row.get(column)) for row in found) for column in ("source", "checked"))
        yield f"{path.name:24} {len(found):6} rows {sourced:6} with a source {checked:6} looked up"


def main() -> None:
    """Print what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", nargs="?", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", choices=sorted(COLUMNS))
    parser.add_argument("--share", action="store_true")
    args = parser.parse_args()
    print(*(shares() if args.share else map(shown, draw(args.number, args.seed, args.table))), sep="\n")


if __name__ == "__main__":
    main()
