"""A token trie for names and triggers: many patterns, one pass over the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

_PAYLOAD = ""


class Trie:
    """Patterns of several tokens; each token of the text may stand for several keys.

    A node is a dictionary from key to node; the key ``""`` holds the payloads that end there.
    """

    __slots__ = ("root",)

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}

    def add(self, keys: Iterable[str], payload: object) -> None:
        node = self.root
        for key in keys:
            node = node.setdefault(key, {})
        node.setdefault(_PAYLOAD, []).append(payload)

    def matches(self, keys: Callable[[int], Sequence[str]], first: int, last: int) -> list[tuple[int, Any]]:
        """All ``(end, payload)`` of patterns that begin at token *first* and end before *last*."""
        found: list[tuple[int, Any]] = []
        active = [self.root]
        position = first
        while active and position < last:
            options = keys(position)
            following = []
            for node in active:
                for key in options:
                    child = node.get(key)
                    if child is not None:
                        following.append(child)
            position += 1
            for node in following:
                found.extend((position, payload) for payload in node.get(_PAYLOAD, ()))
            active = following
        return found
