"""A measure as a chart, by matplotlib: SVG or PNG, the same bytes for the same numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from kg.analysis import Table
from kg.errors import KgError, UsageError

_ENDS: Final = (".svg", ".png", ".pdf")
_SHOWN: Final = 30
_UNDATED: Final[dict[str, dict[str, Any]]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
_WIDE: Final = 46
"""Letters in a line of a name."""
_INK: Final = "#14599f"
_VALUE: Final = {"organizations": 1, "hosts": 1, "communities": 1, "bridges": 2, "together": 2, "similar": 3}


def write_chart(path: Path, measure: str, table: Table, names: dict[str, str], said: Mapping[str, str]) -> None:
    """Draw a measure: bars, or for the growth a line by year.

    Args:
        path: a file whose name ends in ``.svg``, ``.png`` or ``.pdf``.
        measure: one of :data:`kg.analysis.MEASURES`.
        table: its rows.
        names: what to call things, by IRI.
        said: the words of a language about measures: headings, and what columns are called.

    Raises:
        UsageError: if the file has another ending.
        KgError: if matplotlib is not installed, or the file cannot be written.
    """
    if path.suffix.lower() not in _ENDS:
        raise UsageError("a chart is SVG, PNG or PDF", where=str(path), remedy=f"end the name in {', '.join(_ENDS)}")
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        raise KgError("matplotlib is not installed", remedy='pip install "presence-kg[charts]"') from None
    # The names of marks in an SVG are random otherwise, and the day of the drawing stands in it.
    with matplotlib.rc_context({"svg.hashsalt": "presence-kg", "font.family": "DejaVu Sans", "svg.fonttype": "none"}):
        figure = pyplot.figure(figsize=(9, 5.2 if measure == "growth" else 1.2 + 0.34 * min(len(table.rows), _SHOWN)))
        axes = figure.add_subplot()
        if measure == "growth":
            _line(axes, table, said)
        else:
            _bars(axes, measure, table, names, said)
        axes.set_title(said[measure], loc="left", fontsize=11, fontweight="bold")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        figure.tight_layout()
        metadata: dict[str, Any] = _UNDATED.get(path.suffix.lower(), {"Software": None})
        try:
            figure.savefig(path, metadata=metadata, dpi=150)
        except OSError as error:
            raise KgError(f"cannot be written: {error.strerror}", where=str(path)) from None
        finally:
            pyplot.close(figure)


def _line(axes: Any, table: Table, said: Mapping[str, str]) -> None:
    years = [row[0] for row in table.rows]
    opened, standing = (said[f"column-{table.columns[place]}"] for place in (1, 3))
    axes.bar(years, [row[1] for row in table.rows], color="#c9d6e2", label=opened)
    axes.plot(years, [row[3] for row in table.rows], color=_INK, linewidth=2, label=standing)
    axes.set_xlabel(said["column-year"])
    axes.set_ylabel(said["column-establishments"])
    axes.legend(frameon=False)


def _bars(axes: Any, measure: str, table: Table, names: dict[str, str], said: Mapping[str, str]) -> None:
    rows = table.rows[:_SHOWN]
    place = _VALUE[measure]

    def name(row: tuple[Any, ...]) -> str:
        parts = [names.get(str(v), str(v)) for c, v in zip(table.columns, row, strict=True) if c in table.things and v]
        text = "\n".join(textwrap.wrap(" – ".join(parts), _WIDE, max_lines=2, placeholder=" …"))
        # What matplotlib would read as mathematics is text.
        return text.replace("$", r"\$")

    axes.barh(range(len(rows)), [row[place] for row in rows], color=_INK)
    axes.set_yticks(range(len(rows)), [name(row) for row in rows], fontsize=7.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(said[f"column-{table.columns[place]}"])
