"""Which fact each account is of, before a change and after it."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.merge.node import account_quad
from kg.merge.world import Component, Part


class Homes:
    """Which facts accounts are of, in some components."""

    def __init__(self, components_: Iterable[Component]) -> None:
        self._of: dict[str, str] = {}
        self._dated: set[str] = set()
        for component in components_:
            for node, fact in component.of.items():
                self._of[node] = fact.iri
                if "@" in node:
                    self._dated.add(node.partition("@")[0])

    def of(self, part: Part | None) -> str | None:
        """The fact of an account, or of the part of a saying that it says."""
        if part is None:
            return None
        node, date = part
        return self._of.get(f"{node}@{date}" if node in self._dated else node)

    def moved(self, other: Homes) -> set[str]:
        """The accounts and parts of sayings that are there in both and may be of another fact."""
        dated = self._dated | other._dated
        found = self._dated & {*other._dated, *other._of}
        found |= other._dated & self._of.keys()
        whole = {node: iri for node, iri in self._of.items() if "@" not in node and node not in dated}
        return found | {node for node, iri in whole.items() if other._of.get(node, iri) != iri}


def move(node: str, before: str | None, after: str | None, gone: set[ox.Quad], come: set[ox.Quad]) -> None:
    """Link an account to the fact that it is of now, and no more to the one that it was of."""
    if before == after:
        return
    if before is not None:
        gone.add(account_quad(before, node))
    if after is not None:
        come.add(account_quad(after, node))
