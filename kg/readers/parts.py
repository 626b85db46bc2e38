"""Long articles in parts that overlap, cut between sentences."""

from __future__ import annotations

from typing import Final

from kg.language.tokens import analyse

PART: Final = 8_000
"""Characters of a part at the most, unless one sentence is longer: some 1,200 words."""
OVERLAP: Final = 1_000
"""Characters that a part repeats of the one before it, so that a fact told in two sentences is seen whole."""


def parts(text: str, size: int = PART, overlap: int = OVERLAP) -> list[str]:
    """*text* as it is, or in parts of at most *size* characters that overlap by about *overlap*.

    Args:
        text: the text of an article.
        size: characters of a part; a sentence that is longer is cut.
        overlap: characters repeated from part to part, fewer than *size*.

    Returns:
        At least one part; each stands in *text* letter for letter.
    """
    if len(text) <= size:
        return [text]
    ends = [s.end for s in analyse("", text).sentences]
    found, start = [], 0
    while True:
        limit = start + size
        if limit >= len(text):
            found.append(text[start:])
            return found
        end = max((e for e in ends if start + overlap < e <= limit), default=limit)
        found.append(text[start:end])
        start = next((e for e in ends if end - overlap <= e < end), end - overlap)
