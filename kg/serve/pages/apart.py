"""The process that sums up a large graph: ``python -m kg.serve.pages.apart summary|index STORE FILE``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kg import search
from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.pages import counting
from kg.store import EmbeddedStore


def main(what: str, folder: str, path: str) -> int:
    """Write the file; the exit status is 0 if that went well."""
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        store = EmbeddedStore(Path(folder), read_only=True)
        graph = KnowledgeGraph(store)
        if what == "summary":
            counting.make(graph, Path(path))
        else:
            search.index_of(store, graph.version).close()
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
