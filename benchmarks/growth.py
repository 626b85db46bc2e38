"""Measure how building grows: extraction alone, storing on top of it, workers, larger stores, much-told facts.

    python benchmarks/growth.py [--articles 3000] [--steps 1000,10000] [--workers 1,2] [--told 1,100,1000]
    python benchmarks/growth.py --source kg/corpus     only building, of these articles

Articles come from ``articles.py``, whose few sentences without a fact are read faster than news are, or from files.
Every figure is of this machine while it did nothing else; compare them with each other, not with those of another
machine.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import articles as made

from kg.build import KnowledgeGraph, Writer, described
from kg.cli.output import write_table
from kg.extract import Extractor
from kg.extract.parallel import cluster_outcomes
from kg.extract.settings import Settings
from kg.model import Article, Entity, Evidence, Fact, PartialDate
from kg.read import read
from kg.read.article import make
from kg.reference import load

Row = tuple[str, str, str]
_ONE: int = 200
"""Articles by which the cost of one more is measured."""


def texts(count: int, seed: int = 1, prefix: str = "") -> list[Article]:
    """Generated articles, read."""
    fields = ({**a, "id": prefix + a["id"]} for a in made.articles(count, seed))
    return [make(f, "generated", lambda problem: None) for f in fields]


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def build(given: Sequence[Article], store: Path, workers: int) -> tuple[float, float]:
    """Seconds by the clock and of CPU for building, as ``kg build`` does it; 0 workers read in this process.

    The time to fill a new store with the tables, and to start workers, is not counted: it does not grow.
    """
    settings = Settings()
    make = partial(described, reader=settings.version)
    extractor = Extractor()
    make(given[0], next(iter(extractor.many(given[:1])))[1])
    with KnowledgeGraph.open(store) as graph:
        begun, spent = time.perf_counter(), time.process_time()
        with Writer(graph, lambda account, done: None) as writer:
            if workers:
                for number, outcome in enumerate(cluster_outcomes(given, settings, workers=workers, make=make)):
                    if number == 0:
                        begun = time.perf_counter()
                    writer.put(outcome.made)
            else:
                for article, facts in extractor.many(given):
                    writer.put(make(article, facts))
        return time.perf_counter() - begun, time.process_time() - spent


def building(given: Sequence[Article], workers: Sequence[int]) -> Iterator[Row]:
    """End to end against extraction alone, and with workers."""
    count = len(given)
    extractor = Extractor()
    list(extractor.many(given[:60]))
    words = sum(len(article.text.split()) for article in given)
    begun, spent = time.perf_counter(), time.process_time()
    facts = sum(len(found) for _, found in extractor.many(given))
    alone, alone_spent = time.perf_counter() - begun, time.process_time() - spent
    yield "articles", f"{count:,}", f"of {words / count:.0f} words and {facts / count:.1f} facts"
    yield (
        "extraction alone",
        f"{count / alone:.0f}",
        f"articles/s; {alone_spent / count * 1e3:.1f} ms of CPU each",
    )
    with tempfile.TemporaryDirectory() as folder:
        took, spent = build(given, Path(folder, "0"), 0)
        yield "build, one process", f"{count / took:.0f}", f"articles/s; {spent / count * 1e3:.1f} ms of CPU each"
        yield "storing and merging add", f"{took / alone - 1:.0%}", "of extraction, by the clock"
        yield "", f"{spent / alone_spent - 1:.0%}", "of extraction, of CPU"
        yield "store on disk", f"{size(Path(folder, '0')) / count / 1000:.1f}", "kB an article"
        for number in workers:
            at, _ = build(given, Path(folder, str(number)), number)
            yield f"build, {number} workers", f"{count / at:.0f}", f"articles/s, {took / at:.2f} of one process"


def growing(steps: Sequence[int]) -> Iterator[Row]:
    """What one article more costs in stores of several sizes."""
    extractor = Extractor()
    more = list(extractor.many(texts(_ONE, seed=2, prefix="more-")))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "store")
        stored = 0
        for step in sorted(steps):
            every = itertools.islice(texts(step), stored, step)
            with KnowledgeGraph.open(store) as graph:
                with Writer(graph, lambda account, done: None) as writer:
                    for article, found in extractor.many(every):
                        writer.put(described(article, found))
                stored = step
                graph.forget()  # what building keeps in memory; the next one reads from the store
                times = []
                for article, found in more:
                    begun = time.perf_counter()
                    graph.add(article, found)
                    times.append(time.perf_counter() - begun)
                for article, _ in more:
                    graph.remove(article.id)
                quads = len(graph.store.engine) if hasattr(graph.store, "engine") else 0
            middle, slow = statistics.median(times) * 1e3, sorted(times)[int(len(times) * 0.95)] * 1e3
            yield (
                f"one more article in a store of {step:,}",
                f"{middle:.1f}",
                f"ms median, {slow:.1f} ms p95; {quads:,} quads",
            )


def told(counts: Sequence[int]) -> Iterator[Row]:
    """What one more report of a fact costs that many articles have told already."""
    reference = load()
    un, city = (reference.entity(name) for name in ("organization/un", "city/new-york"))
    with tempfile.TemporaryDirectory() as folder, KnowledgeGraph.open(Path(folder, "store")) as graph:
        number = 0
        for count in sorted(counts):
            with Writer(graph, lambda account, done: None) as writer:
                while number < count:
                    writer.put(described(*_report(number, un, city)))
                    number += 1
            times = []
            for extra in range(15):
                graph.forget()
                begun = time.perf_counter()
                graph.add(*_report(number + extra, un, city))
                times.append(time.perf_counter() - begun)
            took = statistics.median(times)
            number += 15
            yield f"a fact that {count:,} articles have told, once more", f"{took * 1e3:.1f}", "ms"


def _report(number: int, organization: Entity, place: Entity) -> tuple[Article, list[Fact]]:
    quote = "The headquarters of the United Nations are in New York."
    article = Article(f"told-{number}", "en", f"News {number}", quote, PartialDate("2024-05-20"))
    slots = {"organization": organization, "place": place, "form": "headquarters", "status": "operating"}
    return article, [Fact("presence", slots, (Evidence(quote, 0, len(quote)),))]


def main() -> None:
    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(",") if part]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000, help="how many are built end to end")
    parser.add_argument("--workers", type=numbers, default=[1, 2], help="numbers of workers")
    parser.add_argument("--steps", type=numbers, default=[1000, 10_000], help="sizes of the store, in articles")
    parser.add_argument("--told", type=numbers, default=[1, 100, 1000], help="how often a fact has been told")
    parser.add_argument("--source", type=Path, nargs="+", help="files or folders of articles to build instead")
    options = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    if options.source:
        rows = list(building(list(read(options.source)), options.workers))
    else:
        made_up = texts(options.articles)
        rows = [*building(made_up, options.workers), *growing(options.steps), *told(options.told)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    write_table(("what", "figure", "unit"), [*rows, ("memory of this process, most", f"{peak:.0f}", "MiB")])


if __name__ == "__main__":
    main()
