"""What one more article costs in a store of a million: time, memory, disk; how fast quads are loaded.

    python benchmarks/million.py FOLDER [--articles 1000000] [--against 10000] [--times 10]

Makes two stores in FOLDER (``copied.py``: the accounts of drawn articles, merged, each article ten times) and adds
articles to both, in turns; what is added is taken out again, so both stay as they are. Three sorts of article are
added: one that repeats what the store has been told, one that says the same things with other years, so that facts are
merged anew, and one drawn at random. Times are of CPU, each the median of 50, with nothing in memory from the article
before.

Loading is measured on the first million quads of the same text: the engine's own loader against what the program
does, and rdflib's store in memory on the first 300,000. FOLDER needs some 20 GB for a million articles, and is emptied.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import copied
import pyoxigraph as ox

from kg.build import KnowledgeGraph, described
from kg.cli.output import write_table
from kg.model import Article, Fact, PartialDate
from kg.reference import load
from kg.store import EmbeddedStore

Row = tuple[str, str, str]
ROUNDS: Final = 50
SLICE: Final = 1_000_000
RDFLIB: Final = 300_000
QUESTIONS: Final = (
    ("point", "SELECT ?p ?o { <https://w3id.org/presence-kg/id/city/almaty> ?p ?o }"),
    ("join", "SELECT ?f ?l { <https://w3id.org/presence-kg/id/city/almaty> io:hosts ?f . ?f io:organization ?o . "
             "?o skos:prefLabel ?l FILTER (LANG(?l) = 'en') }"),
    ("aggregate", "SELECT ?c (COUNT(?f) AS ?n) { ?f io:country ?c } GROUP BY ?c"),
)  # fmt: skip


def said(kind: str, given: list[tuple[Article, list[Fact]]], seed: int) -> Iterator[tuple[Article, list[Fact]]]:
    """Articles to be added: ``again``, ``otherwise`` or ``drawn``."""
    given_more = copied.drawn(load(), ROUNDS, seed)
    step = max(1, len(given) // ROUNDS)
    for number in range(ROUNDS):
        if kind == "drawn":
            article, facts = given_more[number]
        else:
            article, facts = given[number * step % len(given)]
        if kind == "otherwise":
            facts = [_otherwise(fact) for fact in facts]
        yield replace(article, id=f"more-{kind}-{number}"), facts


def _otherwise(fact: Fact) -> Fact:
    """The fact with another year, or with one where it had none; a tenure has no dates and stays as it is."""
    if fact.kind == "tenure":
        return fact
    slot = "since" if fact.kind in ("presence", "membership") else "date"
    value = fact.slots.get(slot)
    rest = value.value[4:] if isinstance(value, PartialDate) else ""
    return replace(fact, slots={**fact.slots, slot: PartialDate(f"1991{rest}")})


def adding(stores: dict[str, Path], given: dict[str, list[tuple[Article, list[Fact]]]]) -> Iterator[Row]:
    """What one more article costs in each store, in turns."""
    graphs = {name: KnowledgeGraph.open(path) for name, path in stores.items()}
    for kind in ("again", "otherwise", "drawn"):
        times: dict[str, list[float]] = {name: [] for name in graphs}
        sources = {name: said(kind, given[name], 7) for name in graphs}
        for _ in range(ROUNDS):
            for name, graph in graphs.items():
                account = described(*next(sources[name]), reader="drawn")
                graph.forget()
                begun = time.process_time()
                done = graph.put([account])
                times[name].append(1e3 * (time.process_time() - begun))
                assert done == ["added"], done
                graph.forget()
                graph.remove(account.article.value)
        first = next(iter(times))
        base = statistics.median(times[first])
        for name, values in times.items():
            middle = statistics.median(values)
            share = "" if name == first else f"; {middle / base - 1:+.0%}"
            yield (
                f"one more article that says it {kind}: {name}",
                f"{middle:.2f}",
                f"ms CPU, p95 {sorted(values)[int(ROUNDS * 0.95)]:.2f}{share}",
            )
    for graph in graphs.values():
        graph.close()
    yield "memory of the process that adds, most", _peak(), "MiB"


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


def _resident() -> float:
    """MiB that this process has in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    begun, spent = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - begun, time.process_time() - spent


def make(path: Path, count: int, times: int) -> Iterator[Row]:
    """Make a store, in a process of its own."""
    out = subprocess.run(
        [sys.executable, __file__, str(path), "--make", "--articles", str(count), "--times", str(times)],
        check=True, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    told = json.loads(out)
    name = f"{count:,} articles"
    yield f"{name}: quads", f"{told['quads']:,}", f"{told['quads'] / count:.0f} an article"
    yield f"{name}: made in", f"{told['seconds']:.0f}", f"s by the clock, {told['cpu']:.0f} s CPU, {told['peak']} MiB"
    yield f"{name}: on disk", f"{_size(path) / 1e9:.2f}", f"GB, {_size(path) / told['quads']:.0f} bytes a quad"


def loading(folder: Path, count: int, times: int) -> Iterator[Row]:
    """The engine's own loader, and the program's, on the same quads; rdflib on some of them."""
    text, reference = folder / "quads.nq", load()
    parts = copied.Maker(reference, copied.drawn(reference, count), times).parts()
    lines = itertools.islice((line for part in parts for line in part.splitlines(keepends=True)), SLICE)
    with text.open("w", encoding="utf-8", buffering=1 << 20) as stream:
        stream.writelines(lines)
    rates = []
    for way in ("engine", "program"):
        made = EmbeddedStore(folder / way)
        if way == "engine":
            took, spent = _timed(lambda made=made: made.engine.bulk_load(path=str(text), format=ox.RdfFormat.N_QUADS))  # type: ignore[misc]
        else:
            took, spent = _timed(lambda made=made: made.load(ox.parse(path=str(text), format=ox.RdfFormat.N_QUADS)))  # type: ignore[misc]
        quads = len(made.engine)
        rates.append(quads / spent)
        yield (
            f"loading {quads:,} quads, {way}",
            f"{quads / spent:,.0f}",
            f"quads/s of CPU, {quads / took:,.0f} by the clock",
        )
        made.close()
        shutil.rmtree(folder / way)
    yield "program against engine", f"{rates[1] / rates[0]:.2f}", "by CPU"
    for way in ("engine", "rdflib"):
        out = subprocess.run(
            [sys.executable, __file__, str(text), "--beside", way], check=True, stdout=subprocess.PIPE
        ).stdout
        yield from (
            (f"{way} in memory, {RDFLIB:,} quads: {name}", value, unit) for name, value, unit in json.loads(out)
        )
    text.unlink()


def beside(text: Path, way: str) -> list[Row]:
    """Load some quads into memory and ask three questions, with the engine or with rdflib."""
    from kg import iris

    with text.open(encoding="utf-8") as stream:
        data = "".join(itertools.islice(stream, RDFLIB)).encode()
    before = _resident()
    head = "".join(f"PREFIX {name}: <{iri}> " for name, iri in iris.PREFIXES.items())
    if way == "rdflib":
        import rdflib

        merged = rdflib.Dataset()
        _, spent = _timed(lambda: merged.parse(data=data, format="nquads"))
        graph = merged.graph(iris.GRAPH_MERGED)
        ask: Callable[[str], object] = lambda question: list(graph.query(head + question))  # noqa: E731
    else:
        store = EmbeddedStore(None)
        _, spent = _timed(lambda: store.load(ox.parse(data, ox.RdfFormat.N_QUADS)))
        ask = lambda question: list(store.query(head + question))  # type: ignore[arg-type]  # noqa: E731
    rows = [("loading", f"{RDFLIB / spent:,.0f}", "quads/s of CPU")]
    for name, question in QUESTIONS:
        ask(question)
        times = [_timed(lambda question=question: ask(question))[1] for _ in range(7)]  # type: ignore[misc]
        rows.append((name, f"{1e3 * statistics.median(times):.2f}", "ms CPU"))
    return [*rows, ("memory", f"{_resident() - before:.0f}", "MiB more")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the stores are made; deleted afterwards")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--against", type=int, default=10_000, help="articles of the store it is compared with")
    parser.add_argument("--times", type=int, default=10, help="how often each drawn article is there")
    parser.add_argument("--keep", action="store_true", help="keep the stores")
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--beside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.beside:
        print(json.dumps(beside(options.folder, options.beside)))
        return
    if options.make:
        took, spent = _timed(lambda: copied.store(options.folder, options.articles // options.times, options.times))
        store = EmbeddedStore(options.folder, read_only=True)  # its files are kept as long as it is
        quads = len(store.engine)
        print(json.dumps({"seconds": took, "cpu": spent, "quads": quads, "peak": _peak()}))
        return
    sizes = {f"{count:,} articles": count for count in (options.against, options.articles)}
    stores = {name: options.folder / str(count) for name, count in sizes.items()}
    options.folder.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []

    def told(more: Iterator[Row]) -> None:
        for row in more:
            print(*row, file=sys.stderr)
            rows.append(row)

    try:
        told(loading(options.folder, options.against, options.times))
        for name, count in sizes.items():
            if not stores[name].exists():
                told(make(stores[name], count, options.times))
        reference = load()
        told(adding(stores, {n: copied.drawn(reference, c // options.times) for n, c in sizes.items()}))
    finally:
        if not options.keep:
            shutil.rmtree(options.folder)
    write_table(("what", "figure", "unit"), rows)


if __name__ == "__main__":
    main()
