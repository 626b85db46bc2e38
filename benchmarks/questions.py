"""Measure every ready question and print a table of median times.

    python benchmarks/questions.py [--store PATH] [--repeat N] [--limit SECONDS] [--cpu]

Without ``--store``: on the bundled articles, read and built for the purpose. Values are the questions' defaults; the
whole answer is read; ``--cpu`` counts processor time, for a machine that does other things too. A question that takes
longer than the limit is stopped and told. ``benchmarks/generate.py`` makes a store of any size to measure on.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from kg import iris, queries
from kg.build import KnowledgeGraph
from kg.cli.output import write_table

BUDGET_MS = 100
ARTICLE = f"""
SELECT ?id {{ GRAPH ?article {{ ?article a <{iris.IO}Article> ; <{iris.PREFIXES["dcterms"]}identifier> ?id }} }} LIMIT 1
"""


@contextmanager
def bundled() -> Iterator[Path]:
    """A store of the bundled articles."""
    from kg.extract import Extractor
    from kg.read import corpus, read
    from kg.reference import load

    with tempfile.TemporaryDirectory() as folder:
        store, reference = Path(folder) / "store", load()
        with KnowledgeGraph.open(store, reference=reference) as graph:
            for article, facts in Extractor(reference).many(read(corpus(), lambda problem: None)):
                graph.add(article, facts)
        yield store


def measure(pipe: Connection, store: Path, repeat: int, cpu: bool) -> None:
    """Answer the names that come through the pipe with times in milliseconds and the number of rows."""
    clock = time.process_time if cpu else time.perf_counter
    with KnowledgeGraph.open(store, read_only=True) as graph:
        resolve = queries.resolver(graph.store)
        article = next(iter(graph.query(ARTICLE)))["id"].value  # type: ignore[arg-type]
        pipe.send("ready")
        while name := pipe.recv():
            question = queries.library()[name]
            text = question.sparql({p.name: article for p in question.parameters if p.required}, resolve)
            times, rows, begun = [], 0, time.perf_counter()
            for _ in range(repeat):
                started = clock()
                rows = len(list(graph.query(text)))  # type: ignore[arg-type]
                times.append(1000 * (clock() - started))
                if time.perf_counter() - begun > 20:
                    break
            pipe.send((statistics.median(times), rows))


class Worker:
    """A process that can be stopped in the middle of a question: the engine itself cannot."""

    def __init__(self, store: Path, repeat: int, cpu: bool) -> None:
        self._arguments = (store, repeat, cpu)
        self._start()

    def _start(self) -> None:
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=measure, args=(other, *self._arguments), daemon=True)
        self._process.start()
        self._pipe.recv()

    def ask(self, name: str, limit: float) -> tuple[float, int] | None:
        """Milliseconds and rows; nothing if it took longer than *limit* seconds."""
        self._pipe.send(name)
        if self._pipe.poll(limit):
            found: tuple[float, int] = self._pipe.recv()
            return found
        self._process.kill()
        self._process.join()
        self._start()
        return None

    def close(self) -> None:
        self._pipe.send("")
        self._process.join(10)


def table(store: Path, repeat: int, limit: float, cpu: bool = False) -> int:
    """Print the times, the slowest first; how many are above the budget."""
    worker = Worker(store, repeat, cpu)
    names = [name for name, question in queries.library().items() if not question.service]
    found = {}
    for name in names:
        found[name] = worker.ask(name, limit)
        print(name, *(found[name] or ("stopped",)), file=sys.stderr)
    worker.close()
    ordered = sorted(names, key=lambda name: -(found[name] or (float("inf"), 0))[0])
    rows = [
        (name, f"{got[0]:.1f}" if (got := found[name]) else f"> {1000 * limit:.0f}", str(got[1]) if got else "")
        for name in ordered
    ]
    write_table(("question", "median ms", "rows"), rows)
    slow = sum(1 for name in names if (found[name] or (float("inf"), 0))[0] > BUDGET_MS)
    middle = statistics.median((found[name] or (1000 * limit, 0))[0] for name in names)
    print(f"{len(names)} questions, {slow} above {BUDGET_MS} ms, the middle one {middle:.1f} ms", file=sys.stderr)
    return slow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store that is there already")
    parser.add_argument("--repeat", type=int, default=7, help="rounds for each question")
    parser.add_argument("--limit", type=float, default=60, help="seconds after which a question is stopped")
    parser.add_argument("--cpu", action="store_true", help="count processor time, not that of the clock")
    options = parser.parse_args()
    if options.store:
        table(options.store, options.repeat, options.limit, options.cpu)
        return
    with bundled() as store:
        slow = table(store, options.repeat, options.limit, options.cpu)
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
