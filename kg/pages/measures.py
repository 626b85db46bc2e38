"""The page of measures: who is central, what belongs together, how it grew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kg.analysis import MEASURES, Analysis, labels_of, shown
from kg.export.words import kind_label, texts
from kg.pages.frame import Frame, number, render
from kg.pages.tell import Value

ROWS: Final = 12
MOST: Final = 40_000
"""Ties of a network that is measured while somebody waits; a larger one takes minutes."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure on the page: its name, its sentence with the source, columns, rows of cells, the bar of each row."""

    name: str
    title: str
    said: str
    columns: list[str]
    rows: list[list[tuple[Value, bool]]]
    most: float
    bars: list[float]


_BAR: Final = {"organizations": 1, "hosts": 1, "communities": 1, "bridges": 2, "together": 2, "similar": 3, "growth": 3}


def too_large(frame: Frame, ties: int) -> str:
    """The page of measures of a network that is too large for it."""
    told = frame.word("analysis-large", n=number(ties))
    return render("missing.html", frame, title=frame.word("nav-analysis"), told=told)


def analysis_page(graph: Any, frame: Frame, found: Analysis) -> str:
    """The page of measures.

    Args:
        graph: the graph, for names.
        frame: language and links.
        found: what was measured.
    """
    said = texts(frame.lang)["measures"]
    tables = {name: found.table(name, ROWS) for name in MEASURES}
    names = labels_of(graph, [iri for table in tables.values() for iri in table.named()], frame.lang)
    kinds = {"organization": kind_label("organization", frame.lang), "place": said["column-place"]}
    measures = []
    for name, table in tables.items():
        rows = table.rows[-25:] if name == "growth" else table.rows
        cells = [
            [
                (Value(names[v] or str(v), frame.thing(v)), False)
                if c in table.things
                else (Value(kinds.get(v, shown(c, v))), not isinstance(v, str))
                for c, v in zip(table.columns, row, strict=True)
            ]
            for row in rows
        ]
        bars = [float(row[_BAR[name]]) for row in rows]
        columns = [said.get(f"column-{c}", c) for c in table.columns]
        measures.append(Measure(name, said[name], said[f"{name}-said"], columns, cells, max([*bars, 1e-9]), bars))
    return render("analysis.html", frame, measures=measures, lead=said["lead"])
