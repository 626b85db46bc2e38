"""The command ``analyse``."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import click

from kg.cli.common import lang_option, store_option, tell
from kg.cli.graph import opened_at
from kg.cli.output import json_line, write_line, write_table
from kg.errors import KgError


@click.command(
    epilog="Examples: `kg analyse`; `kg analyse hosts --top 10 --on 2000`; `kg analyse growth --chart growth.svg`; "
    "`kg analyse organizations --known-by 2024`; `kg analyse organizations --graphml network.graphml`"
)
@click.argument("measure", required=False)
@click.option("--top", type=click.IntRange(1, 1000), default=20, show_default=True, help="Rows, at most.")
@click.option(
    "--on",
    "--as-of",
    "on",
    metavar="DATE",
    default="",
    help="Who may have been there at the end of this year, month or day.",
)
@click.option(
    "--known-by", metavar="DATE", help="By what articles published until the end of this year, month or day say."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "markdown"]), default="table", show_default=True
)
@click.option("--chart", type=click.Path(path_type=Path, dir_okay=False), help="Draw it as well: .svg, .png or .pdf.")
@click.option(
    "--graphml", type=click.Path(path_type=Path, dir_okay=False), help="Write the network, the measures its attributes."
)
@lang_option
@store_option
def analyse(
    measure: str | None,
    top: int,
    on: str,
    known_by: str | None,
    form: str,
    chart: Path | None,
    graphml: Path | None,
    lang: str,
    store: str,
) -> None:
    """Measure who is where: central organisations and hosts, communities, growth.

    MEASURE is one of organizations, hosts, communities, bridges, together (organisations in the same places), similar
    (places with the same organisations) and growth (by year); without it, they are listed with what each says.
    """
    from kg import analysis
    from kg.export.words import texts

    said = texts(lang)["measures"]
    if measure is None and graphml is None:
        for name in analysis.MEASURES:
            write_line(f"{name:<14} {said[name]}. {said[f'{name}-said']}")
        return
    with opened_at(store, None, known_by) as graph:
        found = analysis.Analysis.of(graph, on)
        if measure is not None:
            table = found.table(measure, top)
            names = analysis.labels_of(graph, table.named(), lang)
            _write(table, names, form, said)
            if form == "table":
                tell("note", said[f"{measure}-said"])
            if chart is not None:
                from kg.analysis_chart import write_chart

                write_chart(chart, measure, table, names, said)
                tell("note", f"the chart is in {chart}")
        if graphml is not None:
            import networkx as nx

            names = analysis.labels_of(graph, list(found.network), lang)
            buffer = io.BytesIO()
            nx.write_graphml_xml(found.attributed(lambda iri: names[iri] or iri), buffer, prettyprint=True)
            try:
                graphml.write_bytes(buffer.getvalue())
            except OSError as error:
                raise KgError(f"cannot be written: {error.strerror}", where=str(graphml)) from None
            tell("note", f"{len(found.network)} nodes in {graphml}")


def _write(table: Any, names: dict[str, str], form: str, said: dict[str, str]) -> None:
    from kg.analysis import shown

    if form == "json":
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        labelled = [row | {f"{c}_label": names[row[c]] for c in table.things if row[c]} for row in rows]
        write_line(json_line(labelled))
        return
    columns = [said.get(f"column-{c}", c) for c in table.columns] if form == "table" else list(table.columns)
    cells = [
        [str(names[v] or v) if c in table.things else shown(c, v) for c, v in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    if form == "csv":
        import csv
        import sys

        csv.writer(sys.stdout).writerows([columns, *cells])
    elif form == "markdown":
        for line in (columns, ["---"] * len(columns), *cells):
            write_line("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |")
    else:
        write_table(columns, cells)
