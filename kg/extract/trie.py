"""A token trie for names and triggers: many patterns, one pass over the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

PAYLOAD = ""

Node = dict[str, Any]


class Trie:
    """Patterns of several tokens; each token of the text may stand for several keys.

    A node is a dictionary from key to node; the key ``""`` holds the payloads that end there.
    """

    __slots__ = ("root",)

    def __init__(self) -> None:
        self.root: Node = {}

    def add(self, keys: Iterable[str], payload: object) -> None:
        node = self.root
        for key in keys:
            node = node.setdefault(key, {})
        node.setdefault(PAYLOAD, []).append(payload)

    def begin(self, keys: Iterable[str]) -> tuple[Node, ...]:
        """The nodes of patterns that begin with a token of these *keys*; most tokens begin none."""
        root = self.root
        return tuple(root[key] for key in keys if key in root)

    def matches(self, keys: Callable[[int], Sequence[str]], first: int, last: int) -> list[tuple[int, Any]]:
        """All ``(end, payload)`` of patterns that begin at token *first* and end before *last*."""
        return self.follow(self.begin(keys(first)), keys, first + 1, last)

    @staticmethod
    def follow(
        nodes: Sequence[Node], keys: Callable[[int], Sequence[str]], position: int, last: int
    ) -> list[tuple[int, Any]]:
        """The same of patterns whose tokens before *position* led to *nodes*."""
        found: list[tuple[int, Any]] = []
        while nodes:
            for node in nodes:
                if PAYLOAD in node:
                    found += [(position, payload) for payload in node[PAYLOAD]]
            if position >= last:
                break
            options = keys(position)
            nodes = [node[key] for node in nodes for key in options if key in node]
            position += 1
        return found

    def parted(self, keys: Iterable[str]) -> tuple[list[Any], list[Node]] | None:
        """Of the patterns that begin with a token of these *keys*: those that end there, and where the others go on.

        None if there are neither.
        """
        nodes = self.begin(keys)
        ending = [payload for node in nodes for payload in node.get(PAYLOAD, ())]
        longer = [node for node in nodes if len(node) > (PAYLOAD in node)]
        return (ending, longer) if nodes else None
