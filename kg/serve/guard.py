"""What a stranger's query may not do: ask other servers through ours, or bring down the parser.

Whether a word is a keyword only the grammar can tell: ``<`` opens an address in one place and compares numbers in
another, so that ``FILTER(?a<?b)SERVICE#>`` hides a keyword from any search through the text. The engine's own parser
decides here: the word is changed wherever it stands, and a query that no longer parses used it as a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from kg.errors import UsageError

DEEPEST: Final = 200
"""How many brackets may be open at once. The engine's parser is recursive: some thousands overflow its stack."""

_BRACKETS: Final = re.compile(r"[(\[{]+|[)\]}]+")
_BETWEEN: Final = re.compile(r"(?:\s+|#[^\n]*|SI?L?E?N?T?)*(?:<[^<>\s]*)?", re.IGNORECASE)
_PLACE: Final = re.compile(r"(\d+):(\d+): ")
_REMEDY: Final = {
    "SERVICE": "ask the other endpoint by itself",
    "LOAD": "send the data with INSERT DATA or the Graph Store Protocol",
}


def check(text: str, words: Iterable[str] = ("SERVICE",), *, update: bool = False) -> None:
    """Check a query or an update before it runs.

    Args:
        text: what was sent.
        words: the keywords that are refused, in upper case.
        update: whether it is an update.

    Raises:
        SyntaxError: if it is no SPARQL; only noticed where one of the words stands in it.
        UsageError: if it uses a refused keyword, or is nested too deeply.
    """
    # Most texts have not that many brackets in all.
    if sum(map(text.count, "([{")) > DEEPEST and depth(text) > DEEPEST:
        raise UsageError(f"the query is nested more than {DEEPEST} deep", remedy="write it flatter")
    for word in words:
        if uses(text, word, update=update):
            raise UsageError(f"{word} is not allowed here", remedy=_REMEDY[word])


def uses(text: str, word: str, *, update: bool = False) -> bool:
    """Whether a query or an update uses a keyword as a keyword.

    Args:
        text: what was sent.
        word: the keyword, in upper case.
        update: whether it is an update.

    Raises:
        SyntaxError: if the text is no SPARQL for another reason.
    """
    pattern = _pattern(word)
    # The quicker way is for ASCII alone: other alphabets have letters that only the pattern takes for one of these.
    if word not in text.upper() if text.isascii() else not pattern.search(text):
        return False
    # Of the same length, so that places in messages stay right; the same everywhere, so that a variable or a prefix
    # of this name still fits its other mentions.
    changed = pattern.sub(lambda found: found[0][:-1] + "q", text)
    try:
        run(changed, update=update)
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        if place and _stands(pattern, text, int(place[1]), int(place[2])):
            return True
        raise
    return False


@cache
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(word, re.IGNORECASE)


def _stands(pattern: re.Pattern[str], text: str, line: int, column: int) -> bool:
    """Whether the word stands where the parser stopped; white space and comments behind it it may have passed."""
    lines = text.split("\n")
    before = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1] if line <= len(lines) else ""])
    # One that is a variable or part of a name is no keyword.
    words = re.finditer(rf"(?<![?$:/@-]){pattern.pattern}", text, re.IGNORECASE)
    return any(_BETWEEN.fullmatch(text, found.end(), len(before)) for found in words)


def run(text: str, *, update: bool = False) -> Any:
    """Parse a query or an update, by running it on nothing.

    Raises:
        SyntaxError: if it is no SPARQL.
    """
    import pyoxigraph as ox

    from kg import iris

    nothing = ox.Store()
    if update:
        nothing.update(text, base_iri=iris.BASE, prefixes=iris.PREFIXES)
        return None
    return nothing.query(text, base_iri=iris.BASE, prefixes=iris.PREFIXES)


def depth(text: str) -> int:
    """How many brackets are open at once at most; those in strings and comments count, too."""
    deepest = now = 0
    for found in _BRACKETS.finditer(text):
        length = len(found[0])
        if found[0][0] in "([{":
            now += length
            deepest = max(deepest, now)
        else:
            now = max(0, now - length)
    return deepest
