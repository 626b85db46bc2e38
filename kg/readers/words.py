"""Whether words and names of an article are those that a reply gives, in another form of the word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from kg.language import kazakh, russian
from kg.language.tokens import Document, analyse

_SPACE: Final = re.compile(r"\s+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ARTICLES: Final = frozenset({"the", "a", "an"})
_ENDING: Final = 3
"""Letters that the forms of one word may differ in at their ends, where no stemmer tells."""


def find(text: str, wanted: str) -> tuple[int, int] | None:
    """Where *wanted* first stands in *text*, letter for letter but for the width of spaces.

    Runs of white space, line breaks and no-break spaces included, count as one space in both; nothing else differs.

    Returns:
        Start and end in *text*, in Unicode code points; None if it does not stand there.
    """
    return next(find_all(text, wanted), None)


def find_all(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Every place where *wanted* stands in *text*, as :func:`find` compares; it begins with a word."""
    words = wanted.split()
    if not words:
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    for found in pattern.finditer(text):
        start = found.start()
        if not (start and text[start].isalnum() and text[start - 1].isalnum()):
            yield found.span()


def plain(text: str) -> str:
    """*text* with one space for every run of white space."""
    return _SPACE.sub(" ", text).strip()


@lru_cache(maxsize=65536)
def same_word(a: str, b: str, lang: str) -> bool:
    """Whether two folded words are forms of one word in *lang*."""
    if a == b:
        return True
    if not (a.isalpha() and b.isalpha()):
        return False
    if lang == "en":
        return a.rstrip("s") == b.rstrip("s") and len(min(a, b, key=len)) > 3
    if lang == "ru" and russian.stem(a) == russian.stem(b):
        return True
    if lang == "kk" and _stems(a) & _stems(b):
        return True
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return shared >= 4 and max(len(a), len(b)) - shared <= _ENDING


def _stems(word: str) -> frozenset[str]:
    return frozenset(stem for stem, _, _ in kazakh.stems(word))


def respelt(document: Document, name: str) -> str:
    """A name as rules read it in a document: in the script in which they have the document's words."""
    respell = document.respell
    return name if respell is None else _LETTERS.sub(lambda word: respell(word.group()), name)


def as_it_stands(document: Document, first: int, last: int) -> str:
    """The article's own letters over tokens ``[first, last)``, with one space for every run of white space."""
    source = document.title if document.sentences[document.sentence_of[first]].title else document.text
    return plain(source[document.starts[first] : document.ends[last - 1]])


def written(document: Document, mention: str) -> Iterator[tuple[int, int]]:
    """The tokens ``[first, last)`` that are those of *mention*, both folded: case and script do not count."""
    wanted = analyse("", mention, document.respell).low
    for first in range(len(document.low) - len(wanted) + 1) if wanted else ():
        if document.low[first : first + len(wanted)] == wanted:
            yield first, first + len(wanted)


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The folded words and numbers of a name, without articles and signs."""
    return tuple(w for w in analyse("", name).low if w[0].isalnum() and w not in _ARTICLES)


def same_name(a: str, b: str, lang: str) -> bool:
    """Whether two names have the same words in the same order, in whatever form.

    A case ending that Kazakh sets off with a hyphen (``БҰҰ-ның``), and the English ``'s``, are no words.
    """
    first, second = _bare(words_of(a), lang), _bare(words_of(b), lang)
    return bool(first) and _same(first, second, lang)


def _bare(words: Sequence[str], lang: str) -> tuple[str, ...]:
    if len(words) > 1 and ((lang == "kk" and words[-1] in kazakh.SUFFIXES) or (lang == "en" and words[-1] == "s")):
        return tuple(words[:-1])
    return tuple(words)


def _same(a: Sequence[str], b: Sequence[str], lang: str) -> bool:
    return len(a) == len(b) and all(same_word(x, y, lang) for x, y in zip(a, b, strict=True))


def places(document: Document, name: str, lang: str) -> Iterator[tuple[int, int]]:
    """The tokens ``[first, last)`` where a name stands in a document, in whatever form; signs between are passed."""
    wanted = words_of(respelt(document, name))
    if not wanted:
        return
    at = [i for i, word in enumerate(document.low) if word[0].isalnum() and word not in _ARTICLES]
    for n in range(len(at) - len(wanted) + 1):
        here = at[n : n + len(wanted)]
        if here[-1] - here[0] < 2 * len(wanted) + 2 and all(
            same_word(document.low[i], w, lang) for i, w in zip(here, wanted, strict=True)
        ):
            yield here[0], here[-1] + 1


def explains(document: Document, name: str, acronym: str, lang: str) -> bool:
    """Whether an article itself says that *acronym* stands for *name*: one stands in brackets after the other."""
    short = words_of(respelt(document, acronym))
    for first, last in places(document, name, lang):
        after, before = document.low[last : last + 8], document.low[max(0, first - 4) : first]
        inside = after[after.index("(") + 1 :][:4] if "(" in after[:4] else []
        words = tuple(w for w in inside if w[0].isalnum())
        if short and words[: len(short)] == short:
            return True
        if before and before[-1] in {"(", "–", "—"} and tuple(before[-1 - len(short) : -1]) == short:
            return True
    return False


def spans_tokens(document: Document, start: int, end: int, *, title: bool) -> tuple[int, int]:
    """The tokens ``[first, last)`` that characters ``[start, end)`` of the title, or of the text, touch."""
    first = last = -1
    bound = next((s.first for s in document.sentences if not s.title), len(document.raw))
    for i in range(0, bound) if title else range(bound, len(document.raw)):
        if document.ends[i] > start and document.starts[i] < end:
            first, last = (i if first < 0 else first), i + 1
    return max(first, 0), max(last, 0)
