"""Tokens and sentences with offsets into the text as given.

Offsets are Unicode code points. Folding (case, look-alike letters, hyphen and apostrophe
variants) touches only the form that rules see, never the text that a quote is cut from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kg.language.kept import Kept

# What nobody sees is no token by itself and part of the token beside it: soft hyphens, joiners, marks of direction,
# byte-order marks. Accents join letters to one token.
_UNSEEN: Final = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_TOKEN = re.compile(
    rf"[{_UNSEEN}]*(?:[^\W\d_]+(?:[\u0300-\u036f{_UNSEEN}]+[^\W\d_]+|[\u0300-\u036f])*|\d+|[^\w\s{_UNSEEN}]|_)"
    rf"[{_UNSEEN}]*"
)
_RUN = re.compile(r"\w+|[^\w\s]")
_MARKS = re.compile(f"[\u0300-\u036f{_UNSEEN}]")
_HIDDEN = re.compile(f"[{_UNSEEN}]+")
_HYPHENS: Final = "‐‑‒–—―−－"
_APOSTROPHES: Final = "’‘ʼ`´ʻʹ＇"
_FOLD: Final = str.maketrans(
    {**dict.fromkeys(_HYPHENS[:2], "-"), "−": "-", **dict.fromkeys(_APOSTROPHES, "'"), "ё": "е"}
)

_LATIN_LOOKALIKES: Final = str.maketrans("aceopxyikmhtbvACEOPXYIKMHTB", "асеорхуікмнтвѵАСЕОРХУІКМНТВ")
_CYRILLIC_LOOKALIKES: Final = str.maketrans("асеорхуікАСЕОРХУІКМНТВ", "aceopxyikACEOPXYIKMHTB")
# Letters that none of the other alphabet looks like: they tell which one a word of both is in.
_OWN_LATIN = re.compile("[bdf-hj-nq-wzDFGJLNQRSUVWZ]")
_OWN_CYRILLIC = re.compile("[б-гж-йл-нп-рт-тф-фц-яБГДЖЗИЙЛПУФЦ-Яәғқңөұүһӏ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")

# Old Latin letters of Kazakh stand for one Cyrillic letter each; digraphs are left alone.
DASHES: Final = frozenset("-–—―")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The form of a word that rules compare: lower case, ё as е, look-alikes mended, accents composed."""
    plain = unicodedata.normalize("NFC", word)
    if _CYRILLIC.search(plain) and _LATIN.search(plain):
        latin = _OWN_LATIN.search(plain) and not _OWN_CYRILLIC.search(plain)
        plain = plain.translate(_CYRILLIC_LOOKALIKES if latin else _LATIN_LOOKALIKES)
    return plain.lower().translate(_FOLD)


_FOLDED: Final = Kept(fold.__wrapped__)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a range of tokens ``[first, last)`` and of characters ``[start, end)`` of its segment."""

    first: int
    last: int
    start: int
    end: int
    title: bool


@dataclass(slots=True)
class Document:
    """Title and text as one row of tokens.

    Attributes:
        title: the headline as given.
        text: the article's text as given.
        raw: tokens as they stand, without marks that nobody sees, or respelt in another script.
        low: tokens folded (:func:`fold`).
        starts: offset of each token in its segment (title or text).
        ends: offset after each token.
        sentences: in order; the title, where there is one, comes first.
        sentence_of: index of the sentence of each token.
        respell: what gave each word of *raw* the script that rules and names are in; None if nothing did.
    """

    title: str
    text: str
    raw: list[str]
    low: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Sentence]
    sentence_of: list[int]
    first_text_sentence: int = 0
    respell: Callable[[str], str] | None = None

    def span(self, sentence: int) -> tuple[str, int, int, bool]:
        """Quote, start, end, and whether it is cut from the title, of a sentence by index."""
        s = self.sentences[sentence]
        source = self.title if s.title else self.text
        return source[s.start : s.end], s.start, s.end, s.title


_ABBREVIATIONS: Final = frozenset(
    """mr mrs ms dr prof st gen col lt sgt no vs etc jr sr inc ltd co u.s u.n e.g i.e jan feb mar apr jun jul aug sep
    sept oct nov dec г гг им т д др пр стр ул тыс млн млрд руб долл т.е т.д т.п т.к см напр акад проф ред ж жж т.б
    т.с.с млн мың б ғ қ""".split()
)
_CLOSERS: Final = frozenset("\"'»”’)]")
_ENDERS: Final = frozenset(".!?…")
_BEFORE_BREAK: Final = _ENDERS | _CLOSERS


def _is_wrapped(text: str) -> bool:
    """Whether most lines are broken for their length and not at the ends of sentences, as in mail."""
    if text.count("\n") < _WRAPPED:
        return False
    lines = text.split("\n")
    whole = [line.rstrip() for line, after in pairwise(lines) if line.strip() and after.strip()]
    broken = sum(_NARROW <= len(line) <= _WIDE and line[-1] not in _LAST for line in whole)
    return broken >= _WRAPPED and broken * 2 > len(whole)


def _ends_line(text: str, line: int, start: int, before: str, after: str) -> bool:
    """Whether a line break of a wrapped text ends a sentence: where a paragraph, a list item or a short line ends."""
    return (
        before in _LAST
        or after in _BULLETS
        or text.count("\n", line, start) > 1
        or line - text.rfind("\n", 0, line) <= _NARROW
    )


_WRAPPED: Final = 3  # lines broken for their length from which a text is taken to be wrapped
_NARROW, _WIDE = 40, 100  # characters of such a line
_LAST: Final = _BEFORE_BREAK | frozenset(":;")
_BULLETS: Final = frozenset("•*·–—-")


def _breaks(text: str, raw: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Indices of tokens that begin a sentence."""
    if not raw:
        return []
    begins = [0]
    wrapped = _is_wrapped(text)
    line = text.find("\n", starts[0])  # no token holds a line break: the next one is in the gap before a token
    for i in range(1, len(raw)):
        start = starts[i]
        if 0 <= line < start:
            if not wrapped or _ends_line(text, line, start, raw[i - 1], raw[i]):
                begins.append(i)
                line = text.find("\n", start)
                continue
            line = text.find("\n", start)
        if raw[i - 1] not in _BEFORE_BREAK or start == ends[i - 1]:
            continue
        word = raw[i]
        if not (word[0].isupper() or word[0].isdecimal() or word[0] in "«“\"'—–-•("):
            continue
        j = i - 1
        while j > 0 and raw[j] in _CLOSERS and starts[j] == ends[j - 1]:
            j -= 1
        if raw[j] not in _ENDERS:
            continue
        if raw[j] == ".":
            before = raw[j - 1] if j else ""
            initial = len(before) == 1 and before.isupper() and word[0].isalpha()
            if initial or fold(before) in _ABBREVIATIONS:
                continue
            if j >= 2 and raw[j - 2] == "." and len(before) == 1:  # "U.S.", "т.б."
                continue
        if word[0] in "—–-" and raw[j] in "!?…":  # a quotation going on: «…?» – деді
            following = raw[i + 1] if i + 1 < len(raw) else ""
            if following and following[0].islower():
                continue
        begins.append(i)
    return begins


def _cut(source: str, marked: bool) -> tuple[list[str], list[int], list[int]]:
    """The tokens of a text as they stand, where each begins, and where it ends.

    Runs of letters, digits and underscores are found several times as fast as letters alone; the few runs of more than
    one sort are cut again. A text with combining marks, which join letters to one token, is cut once and slowly.
    """
    raw: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    if marked:
        for match in _TOKEN.finditer(source):
            raw.append(match.group())
            starts.append(match.start())
            ends.append(match.end())
        return raw, starts, ends
    find, end = source.find, 0
    for word in _RUN.findall(source):
        start = find(word, end)  # right there: between two runs is nothing but white space
        end = start + len(word)
        if len(word) == 1 or word.isalpha() or word.isdecimal():
            raw.append(word)
            starts.append(start)
            ends.append(end)
            continue
        for part in _TOKEN.finditer(source, start, end):
            raw.append(part.group())
            starts.append(part.start())
            ends.append(part.end())
    return raw, starts, ends


def analyse(title: str, text: str, respell: Callable[[str], str] | None = None) -> Document:
    """Cut title and text into tokens and sentences.

    Time grows in step with length.

    Args:
        title: the headline.
        text: the article's text.
        respell: gives each word in the script that rules and names are in; offsets stay those of the text as given.
    """
    document = Document(title, text, [], [], [], [], [], [], respell=respell)
    for is_title, source in ((True, title), (False, text)):
        if not is_title:
            document.first_text_sentence = len(document.sentences)
        offset = len(document.raw)
        marked = not source.isascii() and _MARKS.search(source) is not None
        raw, starts, ends = _cut(source, marked)
        if marked and _HIDDEN.search(source):
            raw = [_HIDDEN.sub("", word) for word in raw]
        if respell is not None:
            raw = [respell(word) if word.isalpha() else word for word in raw]
        begins = [0] if is_title and raw else _breaks(source, raw, starts, ends)
        for n, first in enumerate(begins):
            last = begins[n + 1] if n + 1 < len(begins) else len(raw)
            index = len(document.sentences)
            document.sentences.append(Sentence(offset + first, offset + last, starts[first], ends[last - 1], is_title))
            document.sentence_of.extend([index] * (last - first))
        document.raw += raw
        document.low += [_FOLDED[word] for word in raw]
        document.starts += starts
        document.ends += ends
    return document
