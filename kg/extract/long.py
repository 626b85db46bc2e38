"""Long texts in pieces, so that time grows in step with length and memory does not.

A piece ends where a paragraph does, or else a line, a sentence, a word. What one piece says is found there alone;
the facts of all pieces are the article's, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from kg.model import Article, Fact

LONGEST: Final = 40_000
"""Characters from which a text is read in pieces: some twenty times the length of a news article."""
_ENDS: Final = ("\n\n", "\n", ". ", " ")
_QUOTES: Final = 3


def pieces(article: Article) -> Iterator[tuple[Article, int]]:
    """The article in pieces of at most :data:`LONGEST` characters, each with its offset in code points.

    Only the first has the title. An article that is not longer is its own only piece.
    """
    text, begin = article.text, 0
    while len(text) - begin > LONGEST:
        end = begin + LONGEST
        for mark in _ENDS:
            found = text.rfind(mark, begin + LONGEST // 2, end)
            if found >= 0:
                end = found + len(mark)
                break
        yield replace(article, title=article.title if not begin else "", text=text[begin:end]), begin
        begin = end
    yield (replace(article, title="", text=text[begin:]) if begin else article), begin


def joined(parts: Iterable[tuple[list[Fact], int]], identity: Callable[[Fact], Any]) -> list[Fact]:
    """The facts of all pieces, each once, with offsets into the whole text.

    Args:
        parts: the facts of each piece and its offset.
        identity: what makes two facts the same.
    """
    found: dict[Any, Fact] = {}
    for facts, offset in parts:
        for fact in facts:
            evidence = tuple(
                replace(e, start=e.start + offset, end=e.end + offset) if e.where == "text" else e
                for e in fact.evidence
            )
            key = identity(fact)
            known = found.get(key)
            if known is None:
                found[key] = replace(fact, evidence=evidence)
            elif len(known.evidence) < _QUOTES:
                found[key] = replace(known, evidence=(*known.evidence, *evidence)[:_QUOTES])
    return list(found.values())
