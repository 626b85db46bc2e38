"""Commands on articles: ``extract``, ``sources``, ``remove``."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import iris
from kg.cli.common import Problems, progress, store_option, write_bytes
from kg.cli.graph import opened, unknown
from kg.cli.output import json_line, write_line, write_table
from kg.cli.reading import check_own, failed, frames_option, least_option, names_option, reader, workers_options
from kg.cli.web import web_options
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.read import Manners


@click.command(
    epilog="Examples: `kg extract article.txt`; `kg extract news.jsonl > facts.jsonl`; `kg extract --explain -`"
)
@click.argument("sources", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "json", "nquads", "trig"]),
    default="jsonl",
    show_default=True,
    help="jsonl: an object a fact, as it is read; nquads, trig: the articles' accounts in RDF.",
)
@click.option("--explain", is_flag=True, help="Say which words and names made each fact, and what was not taken.")
@click.option("--near", is_flag=True, help="Show sentences where a word promises a fact and a name is missing.")
@frames_option
@names_option
@least_option
@web_options
@workers_options
def extract(
    sources: tuple[str, ...],
    form: str,
    explain: bool,
    near: bool,
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
    least: float,
    manners: Manners,
    workers: int,
    cluster: str,
) -> int:
    """Print the facts of articles as JSON lines; no store is touched.

    Each line has the article's id, the kind of fact, its slots, and the sentence that says it, with its place in the
    text: text[start:end] is the quote, letter for letter.
    """
    if explain or near:
        if form != "jsonl":
            raise UsageError("--explain and --near write plain text", remedy="leave --format out")
        return _explain(sources, frames, names, manners, least, explain=explain, near=near)
    from kg.extract import to_json
    from kg.read import Meter, read

    problems = Problems()
    meter = Meter()
    articles = read(sources, problems, manners=manners, meter=meter)
    read_all = reader(frames, names, workers, cluster, least)
    objects: list[dict[str, Any]] = []
    quads: list[Any] = []
    with progress(read_all(articles), "reading", meter=meter) as outcomes:
        for outcome in outcomes:
            article, found = outcome.article, outcome.facts
            if outcome.error:
                problems(failed(outcome))
            if form == "jsonl":
                lines = [json_line(to_json(article, fact)) + "\n" for fact in found]
                write_bytes("".join(lines).encode("utf-8", "replace"))
            elif form == "json":
                objects += [to_json(article, fact) for fact in found]
            else:
                from kg.graph import describe

                quads += describe(article, found)
    if form == "json":
        write_line(json_line(objects))
    elif form in ("nquads", "trig"):
        import sys

        from kg.export import export

        export(quads, form, sys.stdout.buffer)
    return problems.status


def _explain(
    sources: tuple[str, ...],
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
    manners: Manners,
    least: float,
    *,
    explain: bool,
    near: bool,
) -> int:
    """Write, article by article, why its facts were read and where a reading failed."""
    check_own(frames, names)
    from kg import reference
    from kg.cli.explain import Explainer
    from kg.read import read

    problems = Problems()
    articles = read(sources, problems, manners=manners)
    reader = Explainer(reference.load(extra=names), frames=frames, min_confidence=least)
    for article in articles:
        for line in reader.explain(article) if explain else ():
            write_line(line)
        for line in reader.near(article) if near else ():
            write_line(line)
        if explain:
            write_line("")
    return problems.status


@click.command(epilog="Examples: `kg sources`; `kg sources --format json`")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv", "tsv", "markdown"]),
    default="table",
    show_default=True,
)
@store_option
def sources(form: str, store: str) -> None:
    """List the articles in the graph: id, title, language, date, address, number of facts."""
    with opened(store) as graph:
        rows = [
            {
                "id": article.id,
                "title": article.title,
                "language": article.lang,
                "date": str(article.published) if article.published else None,
                "url": article.url or None,
                "outlet": article.outlet or None,
                "facts": article.facts,
            }
            for article in graph.articles()
        ]
    if form == "json":
        write_line(json_line(rows))
    elif form == "jsonl":
        for row in rows:
            write_line(json_line(row))
    else:
        shown = ("id", "date", "language", "facts", "title") if form == "table" else tuple(_COLUMNS)
        write_table(shown, [["" if row[c] is None else str(row[c]) for c in shown] for row in rows], form)


_COLUMNS = ("id", "title", "language", "date", "url", "outlet", "facts")


@click.command(epilog="Examples: `kg remove un-centre-2025`; `kg sources` lists the ids")
@click.argument("articles", nargs=-1, required=True)
@store_option
def remove(articles: tuple[str, ...], store: str) -> None:
    """Remove articles and all that only they said.

    ARTICLES are ids, as `kg sources` lists them, or their IRIs. If one of them is not there, none is removed.
    """
    with opened(store, read_only=False) as graph:
        known = {article.id for article in graph.articles()}
        by_iri = {iris.article(identifier): identifier for identifier in known}
        wanted = list(dict.fromkeys(by_iri.get(name, name) for name in articles))
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=3)
                raise unknown("article", name, near, "kg sources")
        for name in wanted:
            graph.remove(name)
    write_line(f"{len(wanted)} articles removed")
