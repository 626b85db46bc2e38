"""The command ``link``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import click

from kg.cli.common import store_option, tell
from kg.cli.graph import opened

_T = TypeVar("_T")
_TYPES = ("InternationalOrganization", "City", "Country", "Region", "Person", "Event")


@click.command(epilog="Example: `kg link -o links.csv --type InternationalOrganization --limit 200`")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default="links.csv", show_default=True,
    help="The file of suggestions; what was decided in it stays.",
)  # fmt: skip
@click.option("--endpoint", default="https://query.wikidata.org/sparql", show_default=True, help="Whom to ask.")
@click.option(
    "--namespace",
    default="http://www.wikidata.org/entity/",
    show_default=True,
    help="What their identifiers begin with.",
)
@click.option(
    "--type", "types", multiple=True, type=click.Choice(_TYPES), help="Only entities of this class (repeatable)."
)
@click.option("--limit", type=click.IntRange(1), help="How many entities to ask about, at most.")
@click.option("--pause", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between two requests.")
@store_option
def link(
    output: Path,
    endpoint: str,
    namespace: str,
    types: tuple[str, ...],
    limit: int | None,
    pause: float,
    store: str,
) -> None:
    """Ask Wikidata for identifiers of entities that have none.

    Nothing goes into the graph: the suggestions stand in a CSV file, with what speaks for each. Write "same" or
    "different" under judgement, a reason if you like, and hand the file to `kg decisions`; or decide on one with
    `kg same ENTITY IDENTIFIER --why …`. Answers are kept beside the file (.answers.jsonl), so that a run that was
    broken off goes on where it was.
    """
    from kg.link import BATCH, Endpoint, read, suggest, unlinked, write

    earlier = read(output)
    decided = {row.a for row in earlier if row.judgement == "same"}
    with opened(store) as graph:
        asked = [e for e in unlinked(graph, namespace, types or _TYPES) if e.id not in decided]
        different = {(d.a, d.b) for d in graph.decisions() if d.judgement == "different"}
    asked = asked[:limit]
    service = Endpoint(endpoint, output.with_name(output.name + ".answers.jsonl"), pause=pause)
    found = []
    try:
        for step in _shown(suggest(service, asked, namespace), (len(asked) + BATCH - 1) // BATCH):
            found += [s for s in step if (s.entity, s.identifier) not in different]
    finally:
        # Also what was found before the endpoint gave up.
        new = write(output, earlier, found)
        tell(
            "note",
            f"{len(asked)} entities, {len({s.entity for s in found})} with suggestions, {new} new rows in {output}; "
            f"{service.asked} requests, {service.known} answers known from before",
        )
    if found:
        tell("note", f"write same or different under judgement, then: kg decisions {output}")


def _shown(steps: Iterable[_T], total: int) -> Iterable[_T]:
    """The steps, with a bar on standard error if it is a terminal."""
    if not sys.stderr.isatty():
        return steps
    from rich.console import Console
    from rich.progress import track

    return track(steps, "asking", total=total, console=Console(stderr=True), transient=True)
