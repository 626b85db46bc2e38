"""A change that a server cannot make in one transaction: written down there first, then made, so that it is made whole.

The change is kept in a graph of its own until the last of its parts has been made. Whoever opens the store to write
after a crash finds it, and makes all of it again, which changes nothing where it was made before; if it was not written
down whole, nothing of it has been made, and it is forgotten (a redo log, Gray & Reuter 1993, 11.3).
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.store.sparql import update_text

GRAPH: Final = ox.NamedNode(iris.BASE + "graph/journal")
_PART, _PARTS = (ox.NamedNode(iris.PREFIXES[p] + n) for p, n in (("rdf", "value"), ("dcterms", "extent")))
_LENGTH: Final = 100_000


class Journal:
    """The journal of a store behind an address.

    Args:
        update: makes one update.
        match: the values of a property of the journal's nodes, by node.
        batch: how many triples one update may have.
    """

    def __init__(
        self, update: Callable[[str], None], match: Callable[[ox.NamedNode], dict[str, str]], batch: int
    ) -> None:
        self._update = update
        self._match = match
        self._batch = batch

    def make(self, removed: Sequence[ox.Quad], added: Sequence[ox.Quad]) -> None:
        """Make a change whole, whatever comes between."""
        self._forget()
        data = base64.b64encode(gzip.compress(_written(removed, added), mtime=0)).decode()
        parts = [data[at : at + _LENGTH] for at in range(0, len(data), _LENGTH)]
        for number, part in enumerate(parts):
            self._put(f"{number:06d}", _PART, part)
        self._put("end", _PARTS, str(len(parts)))
        self._play(removed, added)

    def recover(self) -> bool:
        """Make a change that was left half-made; whether there was one."""
        ended = self._match(_PARTS)
        parts = self._match(_PART)
        if not ended and not parts:
            return False
        if ended and len(parts) == int(next(iter(ended.values()))):
            text = gzip.decompress(base64.b64decode("".join(parts[node] for node in sorted(parts))))
            removed, added = _read(text)
            self._play(removed, added)
        else:
            self._forget()
        return True

    def _play(self, removed: Sequence[ox.Quad], added: Sequence[ox.Quad]) -> None:
        for part in _batches(removed, self._batch):
            self._update(update_text(part, ()))
        for part in _batches(added, self._batch):
            self._update(update_text((), part))
        self._forget()

    def _put(self, name: str, property_: ox.NamedNode, value: str) -> None:
        quad = ox.Quad(ox.NamedNode(f"{GRAPH.value}#{name}"), property_, ox.Literal(value), GRAPH)
        self._update(update_text((), [quad]))

    def _forget(self) -> None:
        self._update(f"CLEAR SILENT GRAPH {GRAPH}")


def _written(removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> bytes:
    lines = [*(f"{quad} .\n" for quad in removed), "#\n", *(f"{quad} .\n" for quad in added)]
    return "".join(lines).encode()


def _read(text: bytes) -> tuple[list[ox.Quad], list[ox.Quad]]:
    removed, _, added = text.partition(b"#\n") if text.startswith(b"#\n") else text.partition(b"\n#\n")
    return (
        list(ox.parse(removed, ox.RdfFormat.N_QUADS)),
        list(ox.parse(added, ox.RdfFormat.N_QUADS)),
    )


def _batches(quads: Iterable[ox.Quad], size: int) -> Iterator[list[ox.Quad]]:
    rest = iter(quads)
    while part := list(islice(rest, size)):
        yield part
