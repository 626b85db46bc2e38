"""The command ``export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.common import lang_option, store_option, tell
from kg.cli.graph import opened
from kg.errors import UsageError
from kg.export import FORMATS


@click.command(
    epilog="Examples: `kg export nquads -o graph.nq`; `kg export csv -o tables/`; `kg export html -o graph.html`"
)
@click.argument("form", metavar="FORMAT")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; standard output without it.")
@lang_option
@store_option
def export(form: str, output: Path | None, lang: str, store: str) -> None:
    """Write the graph in a format for another program.

    FORMAT is one of turtle, trig, nquads, jsonld (RDF), csv (a folder or .zip of tables), geojson (a map), graphml,
    gexf (networks), html (a picture that opens in a browser, offline). The same graph gives the same bytes.
    """
    from kg.export import export as write

    if form not in FORMATS:
        raise UsageError(f'there is no format "{form}"', remedy=f"one of {', '.join(FORMATS)}")
    if output is None and form == "csv":
        raise UsageError("csv is a bundle of files", remedy="say where: -o FOLDER or -o FILE.zip")
    with opened(store) as graph:
        if output is None or str(output) == "-":
            write(graph.quads(), form, sys.stdout.buffer, lang)
            sys.stdout.buffer.flush()
            return
        count = write(graph.quads(), form, output, lang)
    unit = {"csv": "files", "geojson": "features"}.get(
        form, "nodes" if form in ("graphml", "gexf", "html") else "quads"
    )
    tell("note", f"{count} {unit} in {output}")
