"""Names as they are compared: folded, in one script, each word with what it may be an inflected form of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg import iris
from kg.language import kazakh, russian
from kg.language.tokens import fold

LONGEST: Final = 300
"""Characters of a name that are read; the rest of a longer one is left."""

SMALL: Final = frozenset(
    """a an the of for on in at to and de la du des von by with и по для в на о об при за с мен және үшін бойынша
    жөніндегі туралы""".split()
)
"""Words that say little about which name it is."""

_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_ENDED: Final = re.compile(r"(?<!\w)([A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]{2,})[-‐‑–’']([а-яёәғқңөұүһі]{1,7})(?!\w)")
_LATIN: Final = {ord(c): iris.slug(c) for c in "абвгдежзийклмнопрстуфхцчшщъыьэюяёәғқңөұүһі"}
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: folded, in Latin letters, and all stems it may have, in Latin letters."""

    text: str
    latin: str
    stems: frozenset[str]

    @property
    def small(self) -> bool:
        return self.text in SMALL


@dataclass(frozen=True, slots=True)
class Form:
    """A name as it is compared.

    Attributes:
        words: its words.
        latin: its words in Latin letters, one space between two.
        upper: whether it is one word in capitals, as acronyms are.
    """

    words: tuple[Word, ...]
    latin: str
    upper: bool


def form(text: str, asked: bool = False) -> Form:
    """A name as it is compared; dots of acronyms (``U.N.``) go, and so does what is no letter and no digit.

    Args:
        text: the name.
        asked: whether it is one that is looked for, which may be inflected in more ways than one that stands in a list.
    """
    text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text[:LONGEST])
    raw = _WORD.findall(text)
    words = tuple(word for piece in raw if (word := _word(fold(piece), asked)).latin)
    upper = len(raw) == 1 and sum(c.isupper() for c in raw[0]) >= max(2, len(raw[0]) * 0.6)
    return Form(words, " ".join(word.latin for word in words), upper)


@lru_cache(maxsize=1 << 16)
def _word(folded: str, asked: bool) -> Word:
    latin = iris.slug(folded).replace("-", "")
    return Word(folded, latin, frozenset(stem.translate(_LATIN) for stem in _stems(folded, asked)) | {latin})


def _stems(folded: str, asked: bool) -> Iterator[str]:
    if not _CYRILLIC.search(folded):
        if len(folded) > 4 and folded.endswith("s") and not folded.endswith("ss"):
            yield folded[:-1]
        return
    yield russian.stem(folded)
    if not asked:
        return
    least = max(3, (len(folded) + 1) // 2)
    for stem, _, _ in kazakh.stems(folded):
        if len(stem) >= least:
            yield stem


def variants(text: str) -> Iterator[tuple[str, float]]:
    """The ways to take a name that somebody wrote, each with how much it is trusted.

    ``World Health Organization (WHO)`` is the whole, what stands before the brackets, and what stands in them.
    """
    yield text, 1.0
    # An acronym with an ending: "БҰҰ-ның".
    bare = _ENDED.sub(r"\1", text)
    if bare != text:
        yield bare, 0.98
    inside = re.search(r"[(\[]([^()\[\]]{2,})[)\]]", text)
    if inside:
        outside = (text[: inside.start()] + " " + text[inside.end() :]).strip()
        if outside:
            yield outside, 0.99
        yield inside[1], 0.95
    for mark in (",", " - ", " – ", "/"):
        first = text.partition(mark)[0].strip()
        if first and first != text and len(first) > 2:
            yield first, 0.9
