"""A large change of the store on disk: what comes in goes by the engine's bulk loader, at a third of the cost.

The loader puts its files into all indexes at once (one version edit of RocksDB), so that what comes is there whole or
not at all. It takes nothing out. A change that does both is made in two steps:

1. in bulk, what comes, and a record of what goes, in a graph of its own;
2. in one transaction, what goes, and the record.

Between the two the store is half changed, and the record says so: whoever opens it to write makes the second step
(a redo log, as in :mod:`kg.store.journal`), and whoever opens it to read looks again, for the time of a transaction.
The second step is counted in a file beside the store, before it is made: a reader who found files from before the
first step, but a log with the second one, sees that the count has changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Set
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.store.base import Graph, Text
from kg.store.journal import GRAPH
from kg.store.sparql import blocks, update_text

LEAST = 5_000
"""How many quads a change must bring to be made in bulk: files for a few cost more than they save."""

_COUNT: Final = "changes"
_RECORD: Final = ox.NamedNode(f"{GRAPH.value}#gone")
_VALUE: Final = ox.NamedNode(iris.PREFIXES["rdf"] + "value")


def worth(removed: Set[ox.Quad], added: Set[ox.Quad], texts: Iterable[Text]) -> bool:
    """Whether a change is one to be made in bulk: it brings much, and takes out little."""
    coming = len(added) + sum(text.count for text in texts)
    return coming >= LEAST and len(removed) < coming // 2


def make(engine: ox.Store, path: Path, removed: Set[ox.Quad], added: Set[ox.Quad], texts: Collection[Text]) -> None:
    """Make a change in two steps.

    Args:
        engine: the store, open for writing, with no change half made.
        path: its folder.
        removed: quads that it has.
        added: quads that it has not.
        texts: more of these.

    Raises:
        OSError: if the store cannot be written.
    """
    # What an article says as before is taken out and put in; the second step must leave it.
    graphs = {quad.graph_name for quad in removed}
    kept: dict[Graph, set[bytes]] = {}
    for text in texts:
        if text.graph in graphs:
            # Only line feeds end a line here; texts have other separators of lines within.
            kept.setdefault(text.graph, set()).update(text.triples.split(b"\n"))
    gone = [q for q in removed if q not in added and f"{q.triple} .".encode() not in kept.get(q.graph_name, ())]
    record = [ox.Quad(_RECORD, _VALUE, ox.Literal("".join(f"{quad} .\n" for quad in gone)), GRAPH)] if gone else []
    parts = [block.encode() for block in blocks([*added, *record])]
    parts += [b"GRAPH %b {\n%b}\n" % (str(text.graph).encode(), text.triples) for text in texts]
    # Lenient: IRIs are not checked again, they come out of terms that were.
    engine.bulk_load(b"".join(parts), ox.RdfFormat.TRIG, lenient=True)
    if gone:
        _second(engine, path, gone)


def _second(engine: ox.Store, path: Path, gone: Collection[ox.Quad]) -> None:
    before = count(path)
    (path / _COUNT).write_text(str(int(before) + 1 if before.isdecimal() else 1), encoding="ascii")
    engine.update(f"{update_text(gone, ())};\nDROP SILENT GRAPH {GRAPH}")


def finish(engine: ox.Store, path: Path) -> None:
    """Make the second step of a change that was cut short, and clear away files that were not taken in.

    Args:
        engine: the store, open for writing.
        path: its folder.

    Raises:
        OSError: if the store cannot be written.
    """
    for file in path.glob("bulk-*.sst"):
        file.unlink(missing_ok=True)
    for quad in list(engine.quads_for_pattern(_RECORD, _VALUE, None, GRAPH)):
        text = str(getattr(quad.object, "value", ""))
        _second(engine, path, list(ox.parse(text.encode(), ox.RdfFormat.N_QUADS)))


def half(engine: ox.Store) -> bool:
    """Whether a store, as it was opened, is between the two steps of a change."""
    return next(iter(engine.quads_for_pattern(None, None, None, GRAPH)), None) is not None


def count(path: Path) -> str:
    """The number of second steps so far, as text; ``""`` if there was none."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (path / _COUNT).read_text(encoding="ascii")
    return ""
