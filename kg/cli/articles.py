"""Commands on articles: ``build``, ``extract``, ``sources``, ``remove``."""

from __future__ import annotations

import difflib
import itertools
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import iris
from kg.cli.common import Problems, progress, store_option, tell, write_bytes
from kg.cli.graph import opened, unknown
from kg.cli.output import json_line, write_line, write_table
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from kg.extract import Extractor

_frames = click.option(
    "--frames", multiple=True, type=click.Path(path_type=Path), help="A YAML file of further rules (repeatable)."
)
_names = click.option(
    "--names", multiple=True, type=click.Path(path_type=Path), help="A CSV file of further names (repeatable)."
)


def _own(frames: tuple[Path, ...], names: tuple[Path, ...]) -> None:
    """Make sure that the analyst's own files exist and have no class of words that no rule knows.

    Raises:
        KgError: if a file does not exist.
        UsageError: if a file of words has another form or an unknown class.
    """
    for path in (*frames, *names):
        if not path.exists():
            raise KgError("there is no such file", where=str(path), remedy="check the name")
    if frames:
        from kg.extract.lexicon import read_classes
        from kg.extract.rules import class_problems

        for path in frames:
            for problem in class_problems(str(path), read_classes(path)):
                raise UsageError(problem.message, where=problem.where, remedy=problem.remedy)


def extractor(frames: tuple[Path, ...], names: tuple[Path, ...]) -> Extractor:
    """The extractor with the analyst's own rules and names.

    Raises:
        KgError: if a file of rules or names does not exist.
    """
    _own(frames, names)
    from kg import reference
    from kg.extract import Extractor

    return Extractor(reference.load(extra=names), frames=frames)


@click.command(epilog="Examples: `kg build`; `kg build news/ more.jsonl`; `curl -s URL | kg build -`")
@click.argument("sources", nargs=-1)
@_frames
@_names
@store_option
def build(sources: tuple[str, ...], frames: tuple[Path, ...], names: tuple[Path, ...], store: str) -> int:
    """Read articles and add what they say to the graph.

    SOURCES are files (.txt, .md, .html, .json, .jsonl), folders, or - for standard input; without any, the articles
    that come with the program. An article that is in the graph already is left as it is if it says the same, else
    replaced.
    """
    from kg.read import corpus, read

    begun = time.perf_counter()
    problems = Problems()
    articles = read(sources or corpus(), problems)
    # The first article is read before the store is made: a call that reads nothing leaves nothing.
    first = next(articles, None)
    if first is None:
        raise KgError("no article could be read", remedy="nothing was changed")
    reader = extractor(frames, names)
    done: Counter[str] = Counter()
    facts = 0
    with opened(store, read_only=False) as graph, progress(itertools.chain([first], articles), "reading") as items:
        for article, found in reader.many(items):
            done[graph.add(article, found)] += 1
            facts += len(found)
    parts = ", ".join(f"{done[word]} {word}" for word in ("added", "unchanged", "replaced"))
    write_line(f"{done.total()} articles: {parts}; {facts} facts")
    tell("note", f"{time.perf_counter() - begun:.1f} s; the graph is in {store}")
    return problems.status


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
@_frames
@_names
def extract(
    sources: tuple[str, ...],
    form: str,
    explain: bool,
    near: bool,
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
) -> int:
    """Print the facts of articles as JSON lines; no store is touched.

    Each line has the article's id, the kind of fact, its slots, and the sentence that says it, with its place in the
    text: text[start:end] is the quote, letter for letter.
    """
    if explain or near:
        if form != "jsonl":
            raise UsageError("--explain and --near write plain text", remedy="leave --format out")
        return _explain(sources, frames, names, explain=explain, near=near)
    from kg.extract import to_json
    from kg.read import read

    problems = Problems()
    articles = read(sources, problems)
    reader = extractor(frames, names)
    objects: list[dict[str, Any]] = []
    quads: list[Any] = []
    with progress(articles, "reading") as items:
        for article, found in reader.many(items):
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
    sources: tuple[str, ...], frames: tuple[Path, ...], names: tuple[Path, ...], *, explain: bool, near: bool
) -> int:
    """Write, article by article, why its facts were read and where a reading failed."""
    _own(frames, names)
    from kg import reference
    from kg.cli.explain import Explainer
    from kg.read import read

    problems = Problems()
    articles = read(sources, problems)
    reader = Explainer(reference.load(extra=names), frames=frames)
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
