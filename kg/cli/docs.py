"""The command ``docs``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from kg.cli.common import store_option, tell
from kg.cli.graph import opened


@click.command(epilog="Examples: `kg docs -o site`; then open site/index.html")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write to; it is made if need be.",
)
@store_option
def docs(output: Path, store: str) -> None:
    """Write a site about the ontology and the questions, with their answers.

    It has the vocabularies and the layout of the data too. The pages are in English, Russian and Kazakh, need no
    server and ask no other host. The answers are those of the
    graph; without one, of the bundled articles.
    """
    from kg.docs import write

    if store.startswith(("http://", "https://")) or Path(store).exists():
        with opened(store) as graph:
            count = write(output, graph, graph.version)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _bundled(f"{folder}/store")
            tell("note", f"there is no graph at {store}: the answers are those of the bundled articles")
            with opened(f"{folder}/store") as graph:
                count = write(output, graph, graph.version)
    tell("note", f"{count} pages: {output / 'index.html'}")


def _bundled(store: str) -> None:
    """Build a graph from the articles that come with the program."""
    from kg.extract import Extractor
    from kg.read import corpus, read

    with opened(store, read_only=False) as graph:
        for article, facts in Extractor().many(read(corpus())):
            graph.add(article, facts)
