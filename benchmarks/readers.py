"""What a question takes while a build is running, and when none is.

    python -m benchmarks.readers --articles 400

A process builds a graph from made-up articles; meanwhile the store is opened for reading again and again, and asked.
Each answer must be about whole articles; one reader stays open over the whole build and must go on answering the same.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import crash
from kg.build import KnowledgeGraph
from kg.store import EmbeddedStore

_HELD = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
_WHOLE = """
SELECT (COUNT(DISTINCT ?a) AS ?articles) (COUNT(DISTINCT ?sealed) AS ?whole) WHERE {
  GRAPH ?a { ?a a <https://w3id.org/presence-kg/ontology#Article> OPTIONAL { ?a <http://purl.org/dc/terms/hasVersion> ?v
    BIND (?a AS ?sealed) } }
}
"""


def asked(folder: Path) -> tuple[float, float, int]:
    """Seconds to open the store and to answer, and how many articles there are; all of them must be whole."""
    begun = time.perf_counter()
    with KnowledgeGraph(EmbeddedStore(folder, read_only=True)) as graph:
        opened = time.perf_counter()
        list(graph.query(_HELD))  # type: ignore[arg-type]
        done = time.perf_counter()
        row = next(iter(graph.query(_WHOLE)))  # type: ignore[arg-type]
        articles, whole = int(row["articles"].value), int(row["whole"].value)
        if articles != whole:
            raise AssertionError(f"{articles - whole} articles are half there")
    return opened - begun, done - opened, articles


def measure(folder: Path, count: int) -> dict[str, object]:
    """Build in a process of its own and ask meanwhile; then ask as often with nobody writing."""
    store = folder / "store"
    process = subprocess.Popen(
        [sys.executable, crash.__file__, "--build", str(store), "--articles", str(count)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    out = process.stdout
    out.readline()
    stays = EmbeddedStore(store, read_only=True)
    seen = set(stays.match())
    during: list[tuple[float, float, int]] = []
    threading.Thread(target=out.read, daemon=True).start()
    while process.poll() is None:
        during.append(asked(store))
    if process.returncode:
        raise AssertionError("the build failed")
    if set(stays.match()) != seen:
        raise AssertionError("a reader that stayed open sees something else")
    stays.close()
    alone = [asked(store) for _ in range(max(10, len(during)))]
    shutil.rmtree(store)
    numbers = [articles for *_, articles in during]

    def row(values: list[float]) -> dict[str, float]:
        ordered = sorted(values)
        return {
            "p50_ms": round(1000 * statistics.median(ordered), 1),
            "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1),
        }

    return {
        "questions_during_the_build": len(during),
        "articles_seen": [min(numbers, default=0), max(numbers, default=0)],
        "open_during": row([o for o, _, _ in during]), "open_alone": row([o for o, _, _ in alone]),
        "ask_during": row([a for _, a, _ in during]), "ask_alone": row([a for _, a, _ in alone]),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="What a question takes while a build is running.")
    parser.add_argument("--articles", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options.articles)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
