"""Words one edit away from a word of a long name: a letter left out, put in, changed, or two swapped.

Words are compared through their deletions (Garbe's symmetric delete): two words one edit apart share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

SHORTEST: Final = 7
"""Letters of the shortest word that is corrected; in shorter ones one edit often makes another word."""


def _deletions(word: str) -> Iterator[str]:
    yield word
    for n in range(len(word)):
        yield word[:n] + word[n + 1 :]


def one_edit(a: str, b: str) -> bool:
    """Whether one edit (insertion, deletion, change, swap of neighbours) makes *b* of *a*."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    if len(a) == len(b):
        return a[n + 1 :] == b[n + 1 :] or (a[n : n + 2] == b[n : n + 2][::-1] and a[n + 2 :] == b[n + 2 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[n + 1 :] == shorter[n:]


class Typos:
    """The words of names, found again with one error.

    Args:
        words: folded words; those shorter than :data:`SHORTEST` are passed over.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._index: dict[str, tuple[str, ...]] = {}
        for word in sorted({w for w in words if len(w) >= SHORTEST}):
            for key in set(_deletions(word)):
                self._index[key] = (*self._index.get(key, ()), word)

    def meant(self, word: str) -> tuple[str, ...]:
        """The words that *word* may stand for, each one edit away."""
        if len(word) < SHORTEST:
            return ()
        near = {w for key in _deletions(word) for w in self._index.get(key, ())}
        return tuple(sorted(w for w in near if one_edit(word, w)))
