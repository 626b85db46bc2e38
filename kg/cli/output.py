"""Results on standard output: tables for people, the formats of SPARQL 1.1 for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.cli.common import write_bytes
from kg.errors import UsageError
from kg.queries.answer import Answer, plain
from kg.queries.table_page import table_page

TABLE_FORMATS: Final = ("table", "csv", "tsv", "json", "jsonl", "markdown", "html", "parquet")
GRAPH_FORMATS: Final = ("turtle", "ntriples")

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_NATIVE: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
}


def write_results(
    results: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean,
    form: str | None,
    *,
    full_iris: bool = False,
    title: str = "",
) -> int:
    """Write the answer to a query.

    SELECT and ASK: ``csv``, ``tsv`` and ``json`` as SPARQL 1.1 defines them, ``jsonl`` one object a row, ``table`` and
    ``markdown`` for reading, ``html`` a page that stands alone, ``parquet`` for other programs. CONSTRUCT and DESCRIBE:
    ``turtle`` or ``ntriples``, sorted.

    Args:
        results: what the store answered.
        form: the format, or ``None`` for the one that suits the kind of query.
        full_iris: whether tables show whole IRIs rather than prefixed names.
        title: heading of a page.

    Returns:
        The number of rows or triples.

    Raises:
        UsageError: if the format is not one for this kind of query, or would upset a terminal.
        KgError: if the library for the format is not installed.
    """
    if isinstance(results, ox.QueryTriples):
        return _write_graph(results, form or "turtle")
    form = form or "table"
    if form not in TABLE_FORMATS:
        raise UsageError(f"{form} is for CONSTRUCT and DESCRIBE", remedy=f"choose one of {', '.join(TABLE_FORMATS)}")
    if isinstance(results, ox.QueryBoolean):
        return _write_boolean(bool(results), form)
    if form in _NATIVE:
        data = results.serialize(format=_NATIVE[form])
        assert data is not None
        write_bytes(data if data.endswith(b"\n") else data + b"\n")
        return -1
    if form == "parquet":
        return _write_parquet(Answer.of(results))
    names = [variable.value for variable in results.variables]
    rows = [[row[name] for name in names] for row in results]
    if form == "jsonl":
        for row in rows:
            write_line(json_line({n: plain(v) for n, v in zip(names, row, strict=True) if v is not None}))
    elif form == "html":
        write_line(table_page(title, names, rows, lambda term: show_term(term, full_iris)))
    else:
        write_table(names, [[show_term(value, full_iris) for value in row] for row in rows], form)
    return len(rows)


def _write_parquet(answer: Answer) -> int:
    if sys.stdout.isatty():
        raise UsageError("parquet is no text", remedy="write it to a file: … --format parquet > answer.parquet")
    write_bytes(answer.to_parquet())
    return len(answer)


def _write_boolean(value: bool, form: str) -> int:
    word = "true" if value else "false"
    if form == "parquet":
        return _write_parquet(Answer(("answer",), ((value,),)))
    if form == "html":
        word = table_page("", ["answer"], [[ox.Literal(value)]], show_term)
    if form == "json":
        word = json.dumps({"head": {}, "boolean": value})
    elif form == "jsonl":
        word = json.dumps({"boolean": value})
    write_line(word)
    return 1


def _write_graph(triples: Iterable[ox.Triple], form: str) -> int:
    if form not in GRAPH_FORMATS:
        raise UsageError(f"{form} is for SELECT and ASK", remedy=f"choose one of {', '.join(GRAPH_FORMATS)}")
    ordered = sorted(set(triples), key=str)
    if form == "ntriples":
        data = ox.serialize(ordered, format=ox.RdfFormat.N_TRIPLES)
    else:
        data = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=iris.PREFIXES)
    assert data is not None
    write_bytes(data)
    return len(ordered)


def show_term(term: Any, full_iris: bool = False) -> str:
    """A term for a person: literals by their value, IRIs by a prefixed name where there is one."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return term.value if full_iris else iris.shorten(term.value)
    return str(term.value) if isinstance(term, ox.Literal) else str(term)


def json_line(value: Any) -> str:
    """One JSON object on one line, letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def write_line(text: str) -> None:
    """Write a line to standard output, in UTF-8 whatever the locale says."""
    write_bytes(text.encode("utf-8", "replace") + b"\n")


def write_table(names: Sequence[str], rows: Sequence[Sequence[str]], form: str = "table") -> None:
    """Write rows as an aligned table (``table``), in Markdown, as CSV (RFC 4180) or as TSV.

    A table on a terminal is fitted to its width, long cells broken over lines; elsewhere every row is one line.
    """
    cells = [[_one_line(cell) for cell in row] for row in rows]
    if form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([names, *rows])
        write_bytes(text.getvalue().encode("utf-8", "replace"))
    elif form == "tsv":
        write_line("\n".join("\t".join(line) for line in (names, *cells)))
    elif form == "markdown":
        lines = [list(names), ["---"] * len(names), *([c.replace("|", "\\|") for c in row] for row in cells)]
        write_line("\n".join("| " + " | ".join(line) + " |" for line in lines))
    elif sys.stdout.isatty():
        _rich_table(names, cells)
    else:
        widths = [max(map(display_width, column)) for column in zip(names, *cells, strict=True)] if names else []
        for line in (list(names), ["-" * width for width in widths], *cells):
            padded = (cell + " " * (width - display_width(cell)) for cell, width in zip(line, widths, strict=True))
            write_line("  ".join(padded).rstrip())


def _rich_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        # Text, not str: brackets in a name are no markup.
        table.add_row(*(Text(cell) for cell in row))
    Console(width=shutil.get_terminal_size().columns).print(table)


def _one_line(text: str) -> str:
    # Control characters of a text from elsewhere must not reach a terminal.
    return " ".join(_CONTROLS.sub(" ", text).split())


def display_width(text: str) -> int:
    """How many columns of a terminal *text* takes: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
