"""What is worked out of a word, kept for the articles to come: most words of a text have been met before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")


class Kept(dict[str, V]):
    """Word → what *make* gives for it, made when it is first asked for by ``kept[word]``.

    Args:
        make: gives the value of a word, the same each time.
        limit: words that are kept; of those beyond, each is made again.
    """

    def __init__(self, make: Callable[[str], V], limit: int = 200_000) -> None:
        self._make = make
        self._limit = limit

    def __missing__(self, word: str) -> V:
        value = self._make(word)
        if len(self) < self._limit:
            self[word] = value
        return value
