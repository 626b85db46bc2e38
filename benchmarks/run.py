"""Measure extraction, building and queries on this machine and print a table.

    python benchmarks/run.py [--repeat N] [--without-natasha]
    python benchmarks/run.py --lengths      only one article that grows, up to 10 MB
    python benchmarks/run.py --compiled FOLDER      only extraction: this package, its compiled build, natasha, in turn

The reference tables are loaded in a process of their own, with and without their compiled copy.
Extraction is measured on the bundled articles cut to about 200 words, on one core, beside two passes of natasha over
the same Russian texts (``pip install "presence-kg[ner]"``): its named-entity tagger, which marks names and reads no
facts, and its full pass of segments, morphology, syntax and names; rates count CPU time. Then one article grows, to
show that time grows in step.

FOLDER is an unpacked compiled wheel (``KG_COMPILE=1 python -m build --wheel``). Each round is a process of its own, and
the processes take turns, so that whatever else the machine does meets them alike.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kg.cli.output import write_table
from kg.model import LANGUAGES, Article
from kg.read import corpus, read

WORDS = 200
Row = tuple[str, str, str]


def cut(article: Article) -> list[Article]:
    """The article in pieces of about 200 words, ending at the ends of sentences."""
    pieces: list[Article] = []
    sentences = re.split(r"(?<=[.!?…])\s+", article.text)
    current: list[str] = []
    for sentence in [*sentences, ""]:
        current.append(sentence)
        if sum(len(s.split()) for s in current) >= WORDS or not sentence:
            text = " ".join(current).strip()
            if text:
                pieces.append(dataclasses.replace(article, id=f"{article.id}-{len(pieces)}", text=text))
            current = []
    return pieces


def articles(language: str) -> list[Article]:
    """The bundled articles of a language, joined and cut to pieces of 200 words."""
    found = [a for a in read(corpus()) if a.lang == language]
    joined = dataclasses.replace(found[0], text="\n".join(a.text for a in found))
    return [piece for piece in cut(joined) if len(piece.text.split()) >= WORDS * 0.9]


def rate(work: Callable[[Sequence[Article]], object], texts: Sequence[Article], repeat: int) -> float:
    """How many texts a second of CPU time *work* does: the best of *repeat* rounds, after one to warm up."""
    best = 0.0
    for _ in range(repeat + 1):
        begun = time.process_time()
        work(texts)
        best = max(best, len(texts) / (time.process_time() - begun))
    return best


_LOAD = """
import time
from kg.reference import load
begun = time.perf_counter()
load()
print(time.perf_counter() - begun)
"""
_HELD = """
import tracemalloc
from kg.reference import load
tracemalloc.start()
load()
print(tracemalloc.get_traced_memory()[0] / 2**20)
"""


def tables(repeat: int) -> list[Row]:
    """Loading all reference tables in a process of its own: from the CSV files, then from the compiled copy."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_CACHE_HOME": folder}

        def run(program: str) -> float:
            command = [sys.executable, "-c", program]
            return float(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)

        cold = run(_LOAD)
        warm = statistics.median(run(_LOAD) for _ in range(repeat))
        return [
            ("tables, cold", f"{cold:.2f}", "s"),
            ("tables, from the compiled copy", f"{warm:.2f}", "s, median"),
            ("tables, memory held", f"{run(_HELD):.0f}", "MiB"),
        ]


def extraction(repeat: int, natasha: bool) -> list[Row]:
    from kg.extract import Extractor
    from kg.reference import load

    begun = time.perf_counter()
    extractor = Extractor(load())
    rows = [("extractor, start", f"{time.perf_counter() - begun:.2f}", "s")]
    for language in LANGUAGES:
        texts = articles(language)
        figure = rate(lambda pieces: list(extractor.many(pieces)), texts, repeat)
        rows.append((f"extraction, {language}", f"{figure:.0f}", "articles of 200 words/s"))
    if natasha:
        for name, work in (("names only", _tagger()), ("full pass", _full_pass())):
            rows.append(
                (f"natasha, {name}, ru", f"{rate(work, articles('ru'), repeat):.0f}", "articles of 200 words/s")
            )
    rows += lengths(extractor)
    return rows


def rates(reader: str, repeat: int) -> dict[str, float]:
    """What one reader does in this process: ``kg``, by language, or ``natasha``; and the memory it took, in MiB."""
    if reader == "kg":
        from kg.extract import Extractor

        extractor = Extractor()
        found = {lang: rate(lambda pieces: list(extractor.many(pieces)), articles(lang), repeat) for lang in LANGUAGES}
    else:
        found = {"ru": rate(_full_pass(), articles("ru"), repeat)}
    return {**found, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


_PURE = Path(__file__).resolve().parent.parent


def compared(folder: Path, repeat: int, natasha: bool, turns: int = 3) -> list[Row]:
    """Extraction with this package, with its compiled build in a folder, and natasha's full pass, in turn."""
    readers = {"pure": ("kg", _PURE), "compiled": ("kg", folder.resolve())}
    if natasha:
        readers["natasha, full pass"] = ("natasha", _PURE)
    best: dict[tuple[str, str], float] = {}
    for _ in range(turns):
        for name, (reader, package) in readers.items():
            command = [sys.executable, __file__, "--rates", reader, "--repeat", str(repeat)]
            environment = {**os.environ, "PYTHONPATH": str(package)}
            said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout
            for what, figure in json.loads(said).items():
                best[name, what] = max(best.get((name, what), 0.0), figure)
    units = {**dict.fromkeys(LANGUAGES, "articles of 200 words/s"), "memory": "MiB at most"}
    rows = [(f"{what}, {name}", f"{figure:.0f}", units[what]) for (name, what), figure in best.items()]
    ratios = [(f"{lang}, compiled to pure", best["compiled", lang] / best["pure", lang]) for lang in LANGUAGES]
    if natasha:
        ratios += [
            (f"ru, {n} to natasha", best[n, "ru"] / best["natasha, full pass", "ru"]) for n in ("pure", "compiled")
        ]
    return [*rows, *((name, f"{ratio:.2f}", "times") for name, ratio in ratios)]


def lengths(extractor: Any, longest: int = 1_000_000) -> list[Row]:
    """Time of one long article a length, in characters: the bundled ones again and again; last, the memory."""
    text = "\n\n".join(a.text for a in read(corpus()) if a.lang == "ru")
    rows = []
    extractor.facts(Article("short", "ru", "", text[:1000]))
    for size in (10**n for n in range(3, len(str(longest)))):
        long = (text * (size // len(text) + 1))[:size]
        begun = time.perf_counter()
        extractor.facts(Article("long", "ru", "", long))
        took = time.perf_counter() - begun
        rows.append(
            (f"one article of {size:,} characters", f"{took:.2f}", f"s, {1e6 * took / size:.0f} µs a character")
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [*rows, ("memory after it", f"{memory}", "MiB at most")]


def _tagger() -> Callable[[Sequence[Article]], object]:
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, tagger = Segmenter(), NewsNERTagger(NewsEmbedding())

    def tag(texts: Sequence[Article]) -> object:
        docs = [Doc(article.text) for article in texts]
        for doc in docs:
            doc.segment(segmenter)
            doc.tag_ner(tagger)
        return docs

    return tag


def _full_pass() -> Callable[[Sequence[Article]], object]:
    from natasha import Doc, NewsEmbedding, NewsMorphTagger, NewsNERTagger, NewsSyntaxParser, Segmenter

    segmenter, embedding = Segmenter(), NewsEmbedding()
    morphology, syntax, names = NewsMorphTagger(embedding), NewsSyntaxParser(embedding), NewsNERTagger(embedding)

    def read_all(texts: Sequence[Article]) -> object:
        docs = [Doc(article.text) for article in texts]
        for doc in docs:
            doc.segment(segmenter)
            doc.tag_morph(morphology)
            doc.parse_syntax(syntax)
            doc.tag_ner(names)
        return docs

    return read_all


def _seconds(*arguments: str, store: Path) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-c", "from kg.cli import main; main()", *arguments]
    subprocess.run(command, env={**os.environ, "KG_STORE": str(store)}, check=True, capture_output=True)
    return time.perf_counter() - begun


def commands(repeat: int) -> list[Row]:
    query = "SELECT ?label WHERE { ?p a io:Presence ; rdfs:label ?label } LIMIT 10"
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        rows = [("kg build, bundled articles, cold", f"{_seconds('build', store=store):.2f}", "s")]
        rows.append(("kg build again, nothing new", f"{_seconds('build', store=store):.2f}", "s"))
        measured = {
            "kg --help": ("--help",),
            "kg query": ("query", query),
            "kg show almaty": ("show", "almaty"),
            "kg export nquads": ("export", "nquads"),
        }
        for name, arguments in measured.items():
            times = [_seconds(*arguments, store=store) for _ in range(repeat)]
            rows.append((name, f"{statistics.median(times):.2f}", "s, whole command, median"))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="rounds for each figure")
    parser.add_argument("--without-natasha", action="store_true", help="leave the comparison out")
    parser.add_argument("--lengths", action="store_true", help="only one article that grows, from 1 kB to 10 MB")
    parser.add_argument("--compiled", type=Path, metavar="FOLDER", help="compare extraction with the build in a folder")
    parser.add_argument("--rates", choices=("kg", "natasha"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    # One core; numpy reads these when it is first imported, by the extractor.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    if options.lengths:
        from kg.extract import Extractor

        write_table(("what", "figure", "unit"), lengths(Extractor(), 10_000_000))
        return
    if options.rates:
        print(json.dumps(rates(options.rates, options.repeat)))
        return
    if options.compiled:
        if not list(options.compiled.glob("kg__mypyc*")):
            parser.error(f"{options.compiled} has no compiled build; unpack a wheel that KG_COMPILE=1 made there")
        rows = compared(options.compiled, options.repeat, not options.without_natasha)
        write_table(("what", "figure", "unit"), rows)
        return
    rows = [
        *tables(options.repeat),
        *extraction(options.repeat, not options.without_natasha),
        *commands(options.repeat),
    ]
    write_table(("what", "figure", "unit"), rows)


if __name__ == "__main__":
    main()
