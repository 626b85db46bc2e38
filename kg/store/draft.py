"""Changes to a store that are thought through before they are made."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.store.base import Graph, Node, Store, Term


class Draft:
    """A store as it will be: reads see the changes made so far, the store sees them at :meth:`commit`.

    Args:
        store: the store that the changes are for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._removed: set[ox.Quad] = set()
        self._added = ox.Store()

    def match(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object_: Term | None = None,
        graph: Graph | None = None,
    ) -> list[ox.Quad]:
        """The quads that fit, with the changes made so far; ``None`` fits everything."""
        removed, added = self._removed, self._added
        stored = self._store.match(subject, predicate, object_, graph)
        found = [q for q in stored if q not in removed] if removed else list(stored)
        found += added.quads_for_pattern(subject, predicate, object_, graph)
        return found

    def add(self, quads: Iterable[ox.Quad], *, new: bool = False) -> None:
        """Put quads in.

        Args:
            quads: the quads.
            new: whether they are of a graph that the store does not have, so that none of them can be there.
        """
        if new:
            self._added.extend(quads)
            return
        for quad in quads:
            if quad in self._removed:
                self._removed.discard(quad)
            elif not self._stored(quad):
                self._added.add(quad)

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        """Take quads out; ones that are not there change nothing."""
        for quad in quads:
            if quad in self._added:
                self._added.remove(quad)
            elif self._stored(quad):
                self._removed.add(quad)

    def _stored(self, quad: ox.Quad) -> bool:
        return self._store.contains(quad)

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self._removed) or len(self._added) > 0

    def changes(self) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """The quads to be taken out and those to be put in."""
        return list(self._removed), list(self._added)

    def commit(self) -> None:
        """Make the changes, as one transaction, and begin a new draft.

        Raises:
            KgError: if the store cannot be written.
        """
        if self.changed:
            self._store.apply(self._removed, self._added)
        self._removed = set()
        self._added = ox.Store()
