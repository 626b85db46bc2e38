"""Measure every kind of page on a store of any size: times, processor time, and what goes over the wire.

    python benchmarks/pages.py STORE [--repeat N] [--lang LANG,…] [--only TEXT]

STORE is what ``kg build`` or ``benchmarks/generate.py`` made; the server is started on it and stopped at the end. The
things are those with the most facts, so the times are the worst of their kind. First the server sums up the store and
makes its search index, if that is still to be done (told apart). Then each page is asked for, one at a time; of the
repeats the first is told by itself, since it finds nothing kept (in the first language). By the clock and in processor
time, which says more on a busy machine. ``kB`` is the page as sent (gzip), ``all kB`` with every file that it loads,
for who comes for the first time. Exit status 1 if a page is above 300 ms of processor time (middle) or 200 kB.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import sqlite3
import statistics
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))

from kg import iris
from kg.cli.output import write_table
from kg.pages.entity import LISTED
from kg.pages.summary import Summary
from tests.serve.running import running

BUDGET_MS, BUDGET_KB = 300, 200
LOADED = re.compile(r'(?:src|href|data-rows|data-world)="(/(?:assets/[^"]+|[a-z]+/map\.json))"')
TYPED = ("al", "geneva", "united nat", "establish", "орталы", "Алматыда", "Жен", "централь")


def things(summary: Path) -> dict[str, str]:
    """The paths of the things with most facts, by what they are."""
    db = sqlite3.connect(f"{summary.absolute().as_uri()}?mode=ro", uri=True)

    def most(column: str, kind: str) -> str:
        text = (
            f"SELECT iri FROM (SELECT {column} AS x, count(*) AS n FROM presence GROUP BY x) "
            "JOIN name ON id = x WHERE iri LIKE ? ORDER BY n DESC, iri LIMIT 1"
        )
        return str(db.execute(text, (f"{iris.ID_PREFIX}{kind}/%",)).fetchone()[0]).removeprefix(iris.ID_PREFIX)

    found = {
        "organisation": most("organization", "organization"),
        "city": most("place", "city"),
        "country": most("country", "country"),
    }
    for kind in ("presence", "proposal", "decision", "agreement", "membership", "tenure"):
        row = db.execute(
            "SELECT iri FROM fact WHERE kind = ? ORDER BY support DESC, day DESC LIMIT 1", (kind,)
        ).fetchone()
        found |= {kind: row[0].removeprefix(iris.ID_PREFIX)} if row else {}
    text = (
        "SELECT iri FROM (SELECT entity, count(*) AS n FROM naming GROUP BY entity) JOIN name ON id = entity "
        "WHERE iri LIKE ? ORDER BY n DESC, iri LIMIT 1"
    )
    found["person"] = db.execute(text, (f"{iris.ID_PREFIX}person/%",)).fetchone()[0].removeprefix(iris.ID_PREFIX)
    whole = Summary(db, "")
    total = whole.totals(f"{iris.ID_PREFIX}{found['country']}").get("presence", 1)
    found["last page"] = str(-(-total // LISTED))
    article = db.execute("SELECT iri FROM article ORDER BY day DESC LIMIT 1").fetchone()
    found["article"] = f"article/{article[0].removeprefix(iris.ARTICLE_PREFIX)}"
    db.close()
    return found


def pages(store: Path) -> Iterator[tuple[str, str]]:
    """What to ask for: a name, and the address without the language."""
    of = things(store / "summary.sqlite")
    yield from {"home": "", "map": "map", "its numbers": "map.json", "a year of it": "map/counts?year=2010"}.items()
    yield "a place of it", f"map/place?place={of['city']}&year=2010"
    yield from {"timeline": "timeline", "network": "network"}.items()
    yield "network, 2,000 nodes", "network?nodes=2000"
    yield "network, 5,000 nodes", "network?nodes=5000"
    yield "city with most facts", of["city"]
    yield "its facts, page 20", f"{of['city']}?facts=presence&page=20"
    yield "the city as of 2010", f"{of['city']}?as-of=2010"
    yield "country with most facts", of["country"]
    yield "organisation with most facts", of["organisation"]
    yield "country as of 2010", f"{of['country']}?as-of=2010"
    yield "its last page of facts", f"{of['country']}?facts=presence&page={of['last page']}"
    yield "map of a form and a region", "map/counts?year=2010&form=mission&region=central-asia"
    yield "map of an organisation", "map/counts?organization=unesco"
    yield "timeline of the city", f"timeline?around={of['city']}"
    yield "network of the city", f"network?around={of['city']}"
    yield from {"Geneva": "city/geneva", "United Nations": "organization/un"}.items()
    yield "network of the organisation", f"network?around={of['organisation']}"
    yield "person with most facts", of["person"]
    yield from (
        (name, of[name]) for name in of if name not in ("city", "country", "organisation", "person", "last page")
    )
    yield from {
        "articles": "articles",
        "page 500 of them": "articles?page=500",
        "organisations": "list/organization",
    }.items()
    yield from {"presences": "list/presence", "page 400 of them": "list/presence?page=400"}.items()
    yield from {"questions": "questions", "a question": "questions/who-is-in?place=geneva"}.items()
    yield "its answer as CSV", "answer/who-is-in.csv?place=geneva"
    yield "a long question", "questions/missions"
    yield from ((f"download: {form}", f"download/{of['presence']}/{form}") for form in ("xlsx", "geojson", "html"))
    yield "analysis", "analysis"
    yield "a page that does not exist", "city/nowhere"
    yield "SPARQL", "sparql"
    yield from {"search": "search?q=geneva", "search, a common word": "search?q=establishment"}.items()
    yield from ((f"typed: {text}", f"suggest?q={quote(text)}") for text in TYPED)


def processor() -> float:
    """Milliseconds of processor time of the server and its query processes so far (Linux)."""
    tick, spent, parent = os.sysconf("SC_CLK_TCK"), {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parent[int(folder.name)] = int(fields[1])
            spent[int(folder.name)] = 1000 * (int(fields[11]) + int(fields[12])) / tick
    ours = {pid for pid, of in parent.items() if of == os.getpid()}
    return sum(spent[pid] for pid, of in parent.items() if pid in ours or of in ours)


def get(address: str) -> tuple[float, bytes, int]:
    """Milliseconds, the content, and its length as sent."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    begun = time.perf_counter()
    try:
        answer = urllib.request.urlopen(asked, timeout=600)
    except urllib.error.HTTPError as error:
        answer = error  # a page as well, that of what does not exist
    with answer:
        sent = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return 1000 * (time.perf_counter() - begun), gzip.decompress(sent) if packed else sent, len(sent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--lang", default="en,ru,kk", help="languages; the first finds nothing kept")
    parser.add_argument("--only", default="", help="only pages whose name has this text")
    options = parser.parse_args()
    languages = options.lang.split(",")
    with running(options.store) as top:
        begun = time.perf_counter()
        while not (options.store / "summary.sqlite").is_file() or b"tiles" not in get(f"{top}/en/")[1]:
            time.sleep(1)
        while b'"iri"' not in get(f"{top}/en/suggest?q=geneva")[1]:
            time.sleep(1)
        print(f"summed up and indexed after {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        rows, above = [], 0
        for lang in languages:
            for name, path in pages(options.store):
                if options.only in name:
                    row, over = measured(top, f"{top}/{lang}/{path}", name, options.repeat)
                    rows.append((lang, *row))
                    above += over
                    print(*rows[-1], file=sys.stderr)
    heads = ("first ms", "processor", "p50 ms", "p95 ms", "processor", "kB", "all kB")
    write_table(("language", "page", *heads), rows)
    sys.exit(1 if above else 0)


def measured(top: str, address: str, name: str, repeat: int) -> tuple[tuple[str, ...], bool]:
    """A page: its name, then the first time and the later ones by the clock and in processor time, then its size; and
    whether it is above the budget."""
    start = processor()
    first, content, size = get(address)
    before = processor()
    times = sorted(get(address)[0] for _ in range(repeat))
    spent = (processor() - before) / repeat
    files = set(LOADED.findall(content.decode("utf-8", "replace"))) if content[:9] == b"<!DOCTYPE" else set()
    loaded = size + sum(get(f"{top}{file}")[2] for file in sorted(files))
    middle, high = statistics.median(times), times[min(len(times) - 1, int(0.95 * len(times)))]
    wide = loaded / 1000 if name != "SPARQL" and "nodes" not in name and "download" not in name else size / 1000
    figures = (f"{n:.0f}" for n in (first, before - start, middle, high, spent))
    return (name, *figures, f"{size / 1000:.1f}", f"{loaded / 1000:.0f}" if files else ""), (
        spent > BUDGET_MS or wide > BUDGET_KB
    )


if __name__ == "__main__":
    main()
