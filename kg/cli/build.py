"""The command ``build``."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from kg.cli.common import Problems, is_address, progress, store_option, tell
from kg.cli.graph import opened
from kg.cli.model import Asking, model_options
from kg.cli.output import json_line, write_line
from kg.cli.reading import failed, frames_option, names_option, workers_options
from kg.cli.web import web_options
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph
    from kg.extract.parallel import Outcome
    from kg.model import Article
    from kg.read import Manners


@click.command(epilog="Examples: `kg build`; `kg build news/ more.jsonl.gz`; `kg build https://example.org/feed.xml`")
@click.argument("sources", nargs=-1)
@frames_option
@names_option
@workers_options
@click.option("--again", is_flag=True, help="Read articles again that have not changed.")
@click.option(
    "--report",
    "kept_out",
    metavar="FILE",
    type=click.File("w", encoding="utf-8"),
    help="Write each fact that is kept out, with the reason and its quotes, as a JSON line.",
)
@model_options
@web_options
@store_option
def build(
    sources: tuple[str, ...],
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
    workers: int,
    cluster: str,
    again: bool,
    kept_out: IO[str] | None,
    manners: Manners,
    store: str,
    asking: Asking,
) -> int:
    """Read articles and add what they say to the graph.

    SOURCES are files (.txt, .md, .html, .json, .jsonl, .warc, .rss, .atom; also with .gz, .zst, .bz2 or .xz), folders,
    addresses of pages, feeds and site maps, or - for standard input; without any, the articles that come with the
    program. An article that is in the graph already, and was read by the same words, tables and weights, is not read
    again; one that has changed is replaced, and its text before is kept. A build that was stopped goes on where it was.

    A fact that the shapes of the ontology do not allow is kept out and told with the words that it was read from.
    An article that cannot be read is written to STORE.set-aside.jsonl with its error; that file can be built from.
    """
    from kg.read import Meter, corpus, read

    begun = time.perf_counter()
    problems = Problems()
    meter = Meter()
    articles = read(sources or corpus(), problems, manners=manners, meter=meter)
    # The first article is read before the store is made: a call that reads nothing leaves nothing.
    first = next(articles, None)
    if first is None:
        raise KgError("no article could be read", remedy="nothing was changed")
    from kg.build import Writer, described

    version = asking.version(frames, names)
    make = partial(described, reader=version)
    read_all = asking.outcomes(frames, names, workers, cluster, make)
    done: Counter[str] = Counter()
    facts = 0
    aside = _SetAside(store)
    every: Iterable[Article] = itertools.chain([first], articles)
    with asking, opened(store, read_only=False, on_problem=problems) as graph, aside:
        todo = every if again else _unread(every, graph, version, done)
        writer = Writer(graph, lambda account, what: done.update((what,)))
        with writer, progress(read_all(todo), "reading", meter=meter) as outcomes:
            for outcome in outcomes:
                if outcome.error:
                    problems(failed(outcome))
                    aside.put(outcome)
                    continue
                account = outcome.made or make(outcome.article, outcome.facts)
                writer.put(account)
                facts += len(account.accounts) + len(account.refused)
    parts = ", ".join(f"{done[word]} {word}" for word in ("added", "unchanged", "replaced"))
    out = len(problems.refused)
    read_now = "" if done.total() == done["unchanged"] else f"; {facts - out} facts"
    read_now += f", {out} kept out" if out else ""
    write_line(f"{done.total()} articles: {parts}{read_now}")
    if kept_out is not None:
        for one in problems.refused:
            told = {"article": one.article, "kind": one.kind, "why": one.why, "quotes": one.quotes}
            kept_out.write(json_line(told) + "\n")
    if aside.count:
        tell("note", f"{aside.count} set aside in {aside.path}")
    tell("note", f"{time.perf_counter() - begun:.1f} s; the graph is in {store}")
    return problems.status


def _unread(articles: Iterable[Article], graph: KnowledgeGraph, version: str, done: Counter[str]) -> Iterator[Article]:
    """The articles that the graph does not have as they are, read by the same version; the others are counted."""
    for article in articles:
        if graph.holds(article, version):
            done["unchanged"] += 1
        else:
            yield article


class _SetAside:
    """A file of articles that could not be read, with their errors, in the form that ``kg build`` reads."""

    def __init__(self, store: str) -> None:
        self.path = Path("set-aside.jsonl" if is_address(store) else f"{store.rstrip('/')}.set-aside.jsonl")
        self.count = 0
        self._stream: IO[str] | None = None

    def __enter__(self) -> _SetAside:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()

    def put(self, outcome: Outcome) -> None:
        """Write an article down; the file is made anew by the first one of a run."""
        if self._stream is None:
            self._stream = self.path.open("w", encoding="utf-8")
        article = outcome.article
        line = {
            "id": article.id,
            "lang": article.lang,
            "published": str(article.published) if article.published else None,
            "title": article.title,
            "text": article.text,
            "url": article.url,
            "outlet": article.outlet,
            "error": outcome.error,
        }
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()
        self.count += 1
