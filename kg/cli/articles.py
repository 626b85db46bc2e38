"""Commands on articles: ``extract``, ``sources``, ``remove``."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import iris
from kg.cli.common import Problems, format_option, progress, store_option, tell, write_bytes
from kg.cli.graph import opened, unknown
from kg.cli.model import Asking, model_options, refusal_lines
from kg.cli.output import json_line, write_line, write_table
from kg.cli.reading import check_own, failed, frames_option, names_option, workers_options
from kg.cli.web import web_options
from kg.errors import KgError, UsageError

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
@model_options
@click.option(
    "--write-batch",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the requests to a file for the OpenAI Batch API; nothing is sent.",
)
@web_options
@workers_options
def extract(
    sources: tuple[str, ...],
    form: str,
    explain: bool,
    near: bool,
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
    manners: Manners,
    workers: int,
    cluster: str,
    asking: Asking,
    write_batch: Path | None,
) -> int:
    """Print the facts of articles as JSON lines; no store is touched.

    Each line has the article's id, the kind of fact, its slots, and the sentence that says it, with its place in the
    text: text[start:end] is the quote, letter for letter.

    The rules read without a network and a key. --reader model asks a language model, --reader both asks both; what is
    not supported by the article is refused. `kg prompt` shows what would be sent.
    """
    if write_batch is not None:
        asking.check()
        return _write_batch(sources, names, manners, asking, write_batch)
    if explain or near:
        if form != "jsonl":
            raise UsageError("--explain and --near write plain text", remedy="leave --format out")
        if asking.reader != "rules":
            if near:
                raise UsageError("--near shows where the rules fail", remedy="leave --reader out")
            return _explain_replies(sources, frames, names, manners, asking)
        asking.check()
        return _explain(sources, frames, names, manners, asking.least, explain=explain, near=near)
    from kg.extract import to_json
    from kg.read import Meter, read

    problems = Problems()
    meter = Meter()
    articles = read(sources, problems, manners=manners, meter=meter)
    read_all = asking.outcomes(frames, names, workers, cluster)
    objects: list[dict[str, Any]] = []
    quads: list[Any] = []
    with asking, progress(read_all(articles), "reading", meter=meter) as outcomes:
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


def _write_batch(
    sources: tuple[str, ...], names: tuple[Path, ...], manners: Manners, asking: Asking, path: Path
) -> int:
    """Write the requests about articles to a file."""
    from kg import reference
    from kg.extract.mentions import Reader
    from kg.read import read
    from kg.readers.batch import MAX_BYTES, MAX_REQUESTS, batch_lines
    from kg.readers.link import Names
    from kg.readers.prompt import requests

    check_own((), names)
    if asking.reader == "rules":
        raise UsageError("the rules ask no model", remedy="add --reader model")
    problems = Problems()
    reader = Reader(reference.load(extra=names))
    parameters = asking.parameters()
    every = (one for article in read(sources, problems, manners=manners) for one in requests(Names(article, reader)))
    number = size = 0
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for line in batch_lines(every, asking.model, parameters):
                number += 1
                size += len(line.encode())
                file.write(line)
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", where=str(path), remedy="check the folder") from error
    tell("note", f"{number} requests in {path}")
    if number > MAX_REQUESTS or size > MAX_BYTES:
        tell("warning", f"OpenAI takes {MAX_REQUESTS:,} requests and {MAX_BYTES // 1_000_000} MB in one file: split it")
    return problems.status


def _explain_replies(
    sources: tuple[str, ...], frames: tuple[Path, ...], names: tuple[Path, ...], manners: Manners, asking: Asking
) -> int:
    """Write, article by article, the facts that a model read, and those that the gate refused."""
    from kg.extract.rules import show
    from kg.read import read

    problems = Problems()
    read_all = asking.outcomes(frames, names, 0, "")
    with asking:
        for outcome in read_all(read(sources, problems, manners=manners)):
            if outcome.error:
                problems(failed(outcome))
                continue
            write_line(f"{outcome.article.id}: {len(outcome.facts)} facts, {len(outcome.refused)} refused")
            for fact in outcome.facts:
                write_line(f"{fact.confidence:.2f}  {show(fact)}")
                for span in fact.evidence:
                    read_by = span.model or f"rules, {span.rule}"
                    write_line(f'  {read_by}: "{span.quote}" ({span.where} {span.start}-{span.end})')
            for line in refusal_lines(outcome.refused):
                write_line(line)
            write_line("")
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
@format_option
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


@click.command(epilog="Examples: `kg remove un-centre-2025`; `kg remove --reader model`; `kg sources` lists the ids")
@click.argument("articles", nargs=-1)
@click.option(
    "--reader", type=click.Choice(["rules", "model", "both"]), help="Remove only what this reader read, or both."
)
@store_option
def remove(articles: tuple[str, ...], reader: str | None, store: str) -> None:
    """Remove articles and all that only they said.

    ARTICLES are ids, as `kg sources` lists them, or their IRIs. If one of them is not there, none is removed. With
    --reader the articles stay, and lose what only this reader read out of them; without ARTICLES, all of them.
    """
    if not articles and reader is None:
        raise UsageError("which articles?", remedy="kg sources lists them; --reader model means those of a model")
    with opened(store, read_only=False) as graph:
        known = {article.id for article in graph.articles()}
        by_iri = {iris.article(identifier): identifier for identifier in known}
        wanted = list(dict.fromkeys(by_iri.get(name, name) for name in articles))
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=3)
                raise unknown("article", name, near, "kg sources")
        if reader is not None:
            names = ("rules", "model") if reader == "both" else (reader,)
            changed = [graph.remove_reader(name, wanted or None) for name in names]
            for name, count in zip(names, changed, strict=True):
                write_line(f"{count} articles lost what the {name} read")
            return
        for name in wanted:
            graph.remove(name)
    write_line(f"{len(wanted)} articles removed")
