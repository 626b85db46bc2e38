"""Changes to a store that are thought through before they are made."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.store.base import Graph, Node, Store, Term, Text


class Draft:
    """A store as it will be: reads see the changes made so far, the store sees them at :meth:`commit`.

    Args:
        store: the store that the changes are for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._removed: set[ox.Quad] = set()
        self._added: set[ox.Quad] = set()
        self._by_subject: dict[Node, list[ox.Quad]] = {}
        self._by_object: dict[Term, list[ox.Quad]] = {}
        self._texts: list[Text] = []

    def match(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object_: Term | None = None,
        graph: Graph | None = None,
    ) -> list[ox.Quad]:
        """The quads that fit, with the changes made so far; ``None`` fits everything."""
        removed = self._removed
        stored = self._store.match(subject, predicate, object_, graph)
        found = [q for q in stored if q not in removed] if removed else list(stored)
        if self._added:
            if subject is not None:
                some: Iterable[ox.Quad] = self._by_subject.get(subject, ())
            elif object_ is not None:
                some = self._by_object.get(object_, ())
            else:
                some = self._added
            found += [
                q
                for q in some
                if (object_ is None or q.object == object_)
                and (predicate is None or q.predicate == predicate)
                and (graph is None or q.graph_name == graph)
            ]
        return found

    def add(self, quads: Iterable[ox.Quad], *, new: bool = False) -> None:
        """Put quads in.

        Args:
            quads: the quads.
            new: whether the store is known to have none of them.
        """
        for quad in quads:
            if quad in self._removed:
                self._removed.discard(quad)
            elif quad not in self._added and (new or not self._store.contains(quad)):
                self._added.add(quad)
                self._by_subject.setdefault(quad.subject, []).append(quad)
                self._by_object.setdefault(quad.object, []).append(quad)

    def add_text(self, text: Text) -> None:
        """Put in triples that the store does not have and that nobody looks for before :meth:`commit`."""
        self._texts.append(text)

    def remove(self, quads: Iterable[ox.Quad], *, stored: bool = False) -> None:
        """Take quads out; ones that are not there change nothing.

        Args:
            quads: the quads.
            stored: whether the store is known to have those that were not put in here.
        """
        for quad in quads:
            if quad in self._added:
                self._added.discard(quad)
                self._by_subject[quad.subject].remove(quad)
                self._by_object[quad.object].remove(quad)
            elif stored or self._store.contains(quad):
                self._removed.add(quad)

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self._removed or self._added or self._texts)

    def changes(self) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """The quads to be taken out and those to be put in."""
        return list(self._removed), [*self._added, *(quad for text in self._texts for quad in text.quads())]

    def commit(self) -> None:
        """Make the changes, as one transaction, and begin a new draft.

        Raises:
            KgError: if the store cannot be written.
        """
        if self.changed:
            self._store.apply(self._removed, self._added, self._texts)
        for part in (self._removed, self._added, self._by_subject, self._by_object, self._texts):
            part.clear()
