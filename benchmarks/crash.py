"""``kill -9`` at random moments of a build: nothing acknowledged is lost, nothing is half there, and it goes on.

    python benchmarks/crash.py --moments 200

Each turn builds a graph from made-up articles in a process of its own, kills it at a random moment, and looks at what
it left: every article that was acknowledged is there with the digest that it was put in with; the whole graph equals,
quad for quad, one that was built without a crash from the articles that are there; the search index is in step. Then
the same build goes on where it was, until it ends.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kg import iris, search
from kg.build import ArticleAccount, KnowledgeGraph, Writer, describe_article
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.reference import Entry, Reference
from kg.store import EmbeddedStore, bulk
from kg.store.text import TextIndex

_BATCH = 8
_TEXT = "The organisation opened its office."


def _entry(identifier: str, **row: str) -> Entry:
    kind, _, slug = identifier.partition("/")
    return Entry(identifier, kind, {"en": slug.title()}, {"en": (slug.title(),)}, {}, {"id": slug, **row})  # type: ignore[arg-type]


TABLES = Reference(
    entries={
        e.id: e
        for e in (
            _entry("country/kz", iso2="kz"), _entry("city/almaty", country="kz"), _entry("city/astana", country="kz"),
            _entry("organization/un"), _entry("organization/unicef"),
        )
    }
)  # fmt: skip


def articles(count: int) -> Iterator[tuple[Article, list[Fact]]]:
    """Made-up articles; facts of several are about the same things, so that what is merged changes with each."""
    cities = [Entity(i, "city", ()) for i in ("city/almaty", "city/astana")]
    bodies = [Entity(i, "organization", ()) for i in ("organization/un", "organization/unicef")]
    country = Entity("country/kz", "country", ())
    said = (Evidence(_TEXT, 0, len(_TEXT)),)
    for n in range(count):
        body, city = bodies[n % 2], cities[n // 2 % 2]
        form = ("centre", "regional-centre", "country-office")[n % 3]
        person = Entity("person/x", "person", (f"Minister {chr(65 + n % 7)}",), known=False)
        status = ("proposed", "planned", "operating")[min(n // 20, 2)]
        facts = [
            Fact("presence", {"organization": body, "place": city, "form": form, "status": status}, said),
            Fact("proposal", {"proposer": country, "about": Establishment(body, city, form)}, said),
            Fact("tenure", {"person": person, "position": "minister", "of": country}, said),
        ]
        published = PartialDate(f"20{10 + n % 15}-0{1 + n % 9}")
        yield Article(f"a{n}", ("en", "ru", "kk")[n % 3], f"Title {n}", _TEXT, published), facts


def build(folder: Path, count: int, batch: int = 1, in_bulk: bool = False) -> None:
    """Build, and acknowledge each article on standard output once it is stored.

    Args:
        folder: the store.
        count: how many articles.
        batch: how many articles a change of the store has.
        in_bulk: whether changes are made by the bulk loader, as those of some thousand articles are.
    """
    if in_bulk:
        bulk.LEAST = 1
    with KnowledgeGraph.open(folder, reference=TABLES) as graph:
        if not (folder / "search.sqlite").exists():
            graph.rebuild_search()
        print("open", flush=True)
        if batch == 1:
            for article, facts in articles(count):
                print(article.id, graph.add(article, facts), flush=True)
            return
        with Writer(graph, lambda account, done: print(_name(account), done, flush=True), size=batch) as writer:
            for article, facts in articles(count):
                writer.put(describe_article(article, facts, TABLES))


def _name(account: ArticleAccount) -> str:
    return account.article.value.removeprefix(iris.ARTICLE_PREFIX)


def problems(folder: Path, acknowledged: set[str], count: int) -> list[str]:
    """What is wrong with the store that a killed build has left."""
    found = []
    reader = EmbeddedStore(folder, read_only=True)
    seen = set(reader.match())
    reader.close()
    with KnowledgeGraph.open(folder, reference=TABLES) as graph:
        there = {article.id for article in graph.articles()}
        found += [f"{one} was acknowledged and is lost" for one in sorted(acknowledged - there)]
        found += [f"{one} is half there" for one in graph.damaged()]
        whole = KnowledgeGraph(EmbeddedStore(None), TABLES)
        whole.put([describe_article(a, facts, TABLES) for a, facts in articles(count) if a.id in there])
        if seen != set(graph.quads()):
            found.append("a reader sees another graph")
        if set(graph.quads()) != set(whole.quads()):
            found.append("the graph is not that of its articles")
        if (folder / "search.sqlite").exists() and not in_step(graph):
            found.append("the search index is out of step")
    return found


def in_step(graph: KnowledgeGraph) -> bool:
    """Whether the index beside the store holds what one made anew would."""
    fresh = search.index_of(EmbeddedStore(None), "")
    fresh.mend(graph.quads(), "x")
    kept = graph._index
    return kept is not None and _entries(kept) == _entries(fresh)


def _entries(index: TextIndex) -> list[tuple[object, ...]]:
    query = "SELECT graph, subject, predicate, text, lang, exact, stems FROM entry JOIN words ON words.rowid = entry.id"
    return sorted(index._db.execute(query))


def run(moments: int, count: int, seed: int, folder: Path) -> dict[str, object]:
    """Kill builds at random moments; a build that was killed goes on in the next turn, until it has ended.

    Builds with one article a transaction, with several, and with several in bulk take turns.

    Returns:
        How many builds were killed, how many articles were acknowledged and there, and what was wrong.
    """
    chance = random.Random(seed)
    wrong: list[str] = []
    killed = finished = acknowledged = 0
    store, done = folder / "store", set()
    starting, working = _times_of(store, count)
    shutil.rmtree(store)
    while killed < moments:
        told = folder / "told"
        batch, in_bulk = chance.choice(((1, False), (_BATCH, False), (_BATCH, True), (_BATCH, True)))
        with told.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, __file__, "--build", str(store), "--articles", str(count), "--batch", str(batch),
                 *(["--bulk"] if in_bulk else [])],
                stdout=out, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        if chance.random() < 0.2:
            time.sleep(chance.uniform(0, starting))
        else:
            while not told.stat().st_size and process.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, working))
        ended = process.poll() is not None
        process.kill()
        process.wait(30)
        lines = told.read_text().split("\n")[1:-1]
        done |= {line.split()[0] for line in lines}
        if ended:
            if process.returncode != 0 or len(done) != count:
                wrong.append("a build did not go on to its end")
            finished += 1
        else:
            killed += 1
        if store.exists() and (store / "CURRENT").exists():
            wrong += problems(store, done, count)
        acknowledged += len(lines)
        if not ended and killed % 10 == 0:
            print(f"{killed} killed, {acknowledged} acknowledged, {len(wrong)} wrong", file=sys.stderr, flush=True)
        if ended:
            shutil.rmtree(store, ignore_errors=True)
            done = set()
    return {"killed": killed, "finished": finished, "acknowledged": acknowledged, "wrong": wrong}


def _times_of(store: Path, count: int) -> tuple[float, float]:
    """The seconds that a build takes until the store is open, and from then on."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, __file__, "--build", str(store), "--articles", str(count)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        opened = time.perf_counter()
        process.communicate()
    assert process.returncode == 0
    return opened - begun, time.perf_counter() - opened


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--moments", type=int, default=200, help="how many builds are killed")
    parser.add_argument("--articles", type=int, default=60, help="articles of a build")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--bulk", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        build(options.build, options.articles, options.batch, options.bulk)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        result = run(options.moments, options.articles, options.seed, Path(folder))
    print(json.dumps(result))
    return 1 if result["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
