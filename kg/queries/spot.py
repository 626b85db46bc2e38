"""Names and dates in a sentence that somebody types, without a graph: inflected, or all in small letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg import iris
from kg.extract.mentions import Reader
from kg.model import Article
from kg.queries.library import library
from kg.queries.resolve import CLASSES, table_resolver
from kg.reference import load

_DATE: Final = re.compile(r"\b(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?\b")
_LONGEST: Final = 6
_KAZAKH: Final = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_CYRILLIC: Final = re.compile("[а-яё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spotted:
    """What a sentence names.

    Attributes:
        entities: ids such as ``city/almaty`` with the words that name them, in order.
        dates: ``2015``, ``2015-03``, ``2015-03-04``, in order.
        rest: the sentence without them.
    """

    entities: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]
    rest: str


def language(text: str) -> str:
    """The language that the letters of a few words speak for."""
    if _KAZAKH.search(text):
        return "kk"
    return "ru" if _CYRILLIC.search(text) else "en"


def spot(text: str) -> Spotted:
    """The names of the tables and the dates in a sentence.

    Args:
        text: a sentence, or a few words; names may be inflected, or all in small letters.
    """
    found: list[tuple[int, int, str]] = []
    for lang in dict.fromkeys((language(text), "kk" if language(text) == "ru" else "en")):
        for start, end, entity in _read(text, lang):
            if _free(found, start, end):
                found.append((start, end, entity))
    for start, end, entity in _small(text):
        if _free(found, start, end):
            found.append((start, end, entity))
    dates = [match for match in _DATE.finditer(text) if _free(found, *match.span())]
    spans = sorted([(start, end) for start, end, _ in found] + [match.span() for match in dates])
    rest, at = [], 0
    for start, end in spans:
        rest.append(text[at:start])
        at = end
    entities = {entity: text[start:end] for start, end, entity in sorted(found, reverse=True)}
    return Spotted(tuple(reversed(entities.items())), tuple(match[0] for match in dates), " ".join([*rest, text[at:]]))


def _free(found: list[tuple[int, int, str]], start: int, end: int) -> bool:
    return all(end <= other[0] or start >= other[1] for other in found)


@cache
def _reader() -> Reader:
    return Reader(load())


def _read(text: str, lang: str) -> list[tuple[int, int, str]]:
    """Names as the extractor finds them in an article of this language."""
    reading = _reader().read(Article("question", lang, "", text))
    starts, ends = reading.document.starts, reading.document.ends
    return [
        (starts[mention.first], ends[mention.last - 1], mention.entity.id)
        for mention in reading.mentions
        if mention.how == "name" and mention.entity.id in load().entries
    ]


def _small(text: str) -> list[tuple[int, int, str]]:
    """Names written in small letters, the longest first; words that the questions themselves are made of are none."""
    words = list(re.finditer(r"[\w'’.-]*\w", text))
    found: list[tuple[int, int, str]] = []
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for first in range(len(words) - length + 1):
            start, end = words[first].start(), words[first + length - 1].end()
            if not _free(found, start, end) or all(w[0].casefold() in _common() for w in words[first : first + length]):
                continue
            known = [iri.removeprefix(iris.ID_PREFIX) for iri in table_resolver(text[start:end])]
            known = [name for name in known if name.partition("/")[0] in CLASSES and name in load().entries]
            # Cities come before states of the same name, and both before bodies.
            known.sort(key=lambda name: CLASSES.index(name.partition("/")[0]))
            if known:
                found.append((start, end, known[0]))
    return found


@cache
def _common() -> frozenset[str]:
    titles = (title for question in library().values() for title in question.title.values())
    return frozenset(word.casefold() for title in titles for word in re.findall(r"\w+", title)) | {"is", "are", "there"}
