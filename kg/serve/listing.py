"""A process that lists the paths of all pages of a snapshot, for the site map, and ends.

    python -m kg.serve.listing SNAPSHOT FILE MEMORY

The paths go to the file, in order, one a line; their number to standard output. For a million facts that takes seconds
and hundreds of megabytes, which the server itself has not to spare. It is confined like a query process.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.serve.sandbox import confine

_THINGS: Final = "SELECT DISTINCT ?thing { GRAPH <%s> { ?thing a ?class } }"
_ARTICLES: Final = "SELECT DISTINCT ?article { GRAPH ?article { ?article a io:Article } }"


def pages(engine: ox.Store) -> list[str]:
    """The paths of all things with a page, in order, without what comes before them in an address."""
    found = {"ontology"}
    for home, start in ((iris.GRAPH_MERGED, iris.ID_PREFIX), (iris.GRAPH_ONTOLOGY, iris.KIND_PREFIX)):
        found.update(iri.partition("#")[0] for iri in _column(engine, _THINGS % home) if iri.startswith(start))
    found.update(iri for iri in _column(engine, _ARTICLES) if iri.startswith(iris.ARTICLE_PREFIX))
    return sorted(iri.removeprefix(iris.BASE) for iri in found)


def _column(engine: ox.Store, query: str) -> Iterator[str]:
    # The engine writes lines several times quicker than it makes objects.
    rows = engine.query(query, prefixes=iris.PREFIXES)
    assert isinstance(rows, ox.QuerySolutions)
    lines = (rows.serialize(format=ox.QueryResultsFormat.TSV) or b"").decode().splitlines()[1:]
    return (line[1:-1] for line in lines if line.startswith("<"))


def main() -> None:
    """List the pages of the snapshot in the first argument into the file in the second."""
    snapshot, file, memory = sys.argv[1:]
    confine(int(memory))
    listed = pages(ox.Store.read_only(snapshot))
    part = Path(f"{file}.part")
    try:
        part.write_text("".join(f"{path}\n" for path in listed), encoding="utf-8")
        part.rename(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        sys.exit(f"{file} cannot be written: {error.strerror}")
    print(len(listed))


if __name__ == "__main__":
    main()
