"""The command ``export``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import evidence_options, lang_option, store_option, tell, time_options
from kg.cli.graph import opened_at
from kg.errors import KgError, UsageError
from kg.export import BUNDLES, FORMATS, UNITS

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph


@click.command(
    epilog="Examples: `kg export nquads -o graph.nq`; `kg export xlsx -o graph.xlsx`; `kg export map -o map.html`; "
    "`kg export timeline --around almaty -o almaty.html`; `kg export graphml --query hosts -o hosts.graphml`"
)
@click.argument("form", metavar="FORMAT")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; standard output without it.")
@click.option("--around", metavar="ENTITY", help="Only what lies around an entity or establishment.")
@click.option(
    "--depth", type=click.IntRange(1, 6), default=1, show_default=True, help="How far around: 2 adds neighbours' facts."
)
@click.option("--query", metavar="NAME|FILE|-", help="Only the facts and entities that the answer to a query names.")
@time_options
@evidence_options
@lang_option
@store_option
def export(
    form: str,
    output: Path | None,
    around: str | None,
    depth: int,
    query: str | None,
    as_of: str | None,
    known_by: str | None,
    reader: str | None,
    min_confidence: float,
    lang: str,
    store: str,
) -> None:
    """Write the graph, or a part of it, in a format for another program.

    FORMAT is one of turtle, trig, nquads, jsonld (RDF); csv, parquet (a folder or .zip of tables), xlsx; geojson, kml
    (maps); graphml, gexf (networks); html (the network), map, timeline (pages of one file that open in a browser,
    offline); site (a folder with all pages in three languages). The same graph gives the same bytes.
    """
    from kg.export import export as write

    if form not in (*FORMATS, "site"):
        raise UsageError(f'there is no format "{form}"', remedy=f"one of {', '.join(FORMATS)}, site")
    if output is None and form in (*BUNDLES, "site"):
        raise UsageError(f"{form} is a bundle of files", remedy="say where: -o FOLDER")
    if around is not None and query is not None:
        raise UsageError("--around and --query are two selections", remedy="give one of them")
    with opened_at(store, as_of, known_by, reader, min_confidence) as graph:
        selected = (around or query) is not None
        if form == "site" and selected:
            raise UsageError("a site is of the whole graph", remedy="leave out --around and --query")
        if not selected and _by_parts(graph, form, output, lang):
            return
        if form == "site":
            _site(graph, output)
            return
        quads = _selected(graph, around, depth, query) if selected or form not in _DRAWN else _drawn(graph, form)
        if output is None or str(output) == "-":
            write(quads, form, sys.stdout.buffer, lang, selected=selected)
            sys.stdout.buffer.flush()
            return
        count = write(quads, form, output, lang, selected=selected)
    tell("note", f"{count} {UNITS.get(form, 'quads')} in {output}")


def _by_parts(graph: KnowledgeGraph, form: str, output: Path | None, lang: str) -> bool:
    """Write a large graph some facts at a time; ``False`` if it is small, or the format is drawn of a part."""
    if form in _DRAWN:
        return False
    from kg.cli.common import progress
    from kg.export import parts
    from kg.read.archives import Meter

    size = parts.size(graph)
    parts.check(form, size)
    if size <= parts.LARGE:
        return False

    def shown(things: Iterable[Any]) -> Iterator[Any]:
        meter, unit = Meter(), "quads"
        if isinstance(things, list):
            meter.total, unit = len(things), "facts"
        with progress(things, "reading", meter=meter, unit=unit) as bar:
            for thing in bar:
                yield thing
                meter.done += 1

    out = output if output is not None and str(output) != "-" else sys.stdout.buffer
    if isinstance(out, Path) and (form in BUNDLES and out.is_file() and out.suffix.lower() != ".zip"):
        raise KgError("there is a file of this name already", where=str(out), remedy="name a folder or a .zip")
    if isinstance(out, Path) and form not in BUNDLES and out.is_dir():
        raise KgError("this is a folder", where=str(out), remedy="name a file")
    try:
        if isinstance(out, Path):
            out.parent.mkdir(parents=True, exist_ok=True)
        count = parts.write(graph, form, out, lang, shown)
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", where=str(out), remedy="choose another place") from error
    if count is not None and isinstance(out, Path):
        tell("note", f"{count} {UNITS.get(form, 'quads')} in {out}")
    return count is not None


_DRAWN = {"html": (3_000, "Fact"), "timeline": (1_500, "Fact"), "map": (20_000, "Presence")}
"""How many facts a picture of the whole graph is drawn of, and which."""


def _drawn(graph: KnowledgeGraph, form: str) -> Any:
    """The quads of a picture of the whole graph: of a large one what most articles report, which is told."""
    from kg.export import select

    most, kind = _DRAWN[form]
    facts, total = _ordered(graph, most, kind) or select.most_reported(graph, most, kind)
    if total <= most:
        return graph.quads()
    tell(
        "note",
        f"drawn of the {len(facts):,} facts that most articles report, of {total:,}; "
        "--around and --query choose others, geojson, kml and graphml have all",
    )
    regions = [row[0].value for row in select.rows(graph, "?r a io:Region", "r")] if form == "map" else []
    # Quotes and other names would make a file of thousands of facts slow to write and to open.
    return select.quads_of(
        graph, [*facts, *regions], linked=False, evidence=form == "timeline", names=form in ("html", "timeline")
    )


def _ordered(graph: KnowledgeGraph, most: int, kind: str) -> tuple[list[str], int] | None:
    """The same as :func:`kg.export.select.most_reported`, from the summary that ``kg serve`` left beside the store."""
    from kg.pages import summary
    from kg.store import EmbeddedStore

    store = graph.store
    path = store.path if isinstance(store, EmbeddedStore) else None
    found = summary.Summary.open(path / summary.FILE) if path is not None else None
    if found is None or found.version != graph.version:
        return None
    if kind == "Presence":
        return found.ranked("presence", most), found.presences
    return found.ranked(most=most, reported=True), sum(found.overview.reported.values())


def _site(graph: KnowledgeGraph, output: Path | None) -> None:
    from kg.cli.common import progress
    from kg.pages import site
    from kg.read.archives import Meter

    assert output is not None
    if output.suffix.lower() == ".zip" or output.is_file():
        raise UsageError("a site is a folder", where=str(output), remedy="say where: -o FOLDER")

    def shown(pages: list[str]) -> Iterator[str]:
        meter = Meter()
        meter.total = len(pages)
        with progress(pages, "writing", meter=meter, unit="things") as bar:
            for page in bar:
                yield page
                meter.done += 1

    tell("note", f"{site.write(output, graph, shown)} pages: {output / 'index.html'}")


def _selected(graph: KnowledgeGraph, around: str | None, depth: int, query: str | None) -> Any:
    """The quads to write: all of the graph, or those of a selection."""
    from kg.cli import gather
    from kg.export import select

    if around is not None:
        iri, others = gather.find(graph, around)
        if others:
            tell("note", f"the name also fits: {'; '.join(others)}")
        return select.quads_of(graph, select.around(graph, iri, depth), linked=False, whole=True)
    if query is not None:
        from kg import queries
        from kg.cli.ask import query_text
        from kg.queries.run import asking

        text, source = query_text(query, {}, queries.resolver(graph.store))
        with asking(graph, text, source) as answer:
            nodes = select.named_in(graph, answer)
        return select.quads_of(graph, nodes, linked=False, whole=True)
    return graph.quads()
