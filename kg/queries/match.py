"""From a sentence in English, Russian or Kazakh to the ready questions that it may mean."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg.queries.library import Question, library
from kg.queries.spot import Spotted, language, spot

# Words of the question itself count more than those that only explain it.
_NAME: Final = 2.4
_TITLE: Final = 2.0
_TAG: Final = 2.0
_TOLD: Final = 0.6
_FITTING: Final = 0.35
_UNUSED: Final = 0.25
_COVERED: Final = 0.3
_LEAST: Final = 0.2
_STEM: Final = 4
_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A question that a sentence may mean.

    Attributes:
        question: the question.
        score: how well its words fit; only good for comparing.
        values: values of its parameters that stand in the sentence.
    """

    question: Question
    score: float
    values: Mapping[str, str]


def match(text: str, count: int = 5) -> list[Match]:
    """The ready questions that fit a sentence best, the best first.

    Words count by how few questions have them, in the titles of all three languages, the names, the tags and the
    explanations; endings are passed over. Names and dates in the sentence are taken for values of parameters, and a
    question that has use for them is preferred.

    Args:
        text: a sentence, or a few words.
        count: how many at most.

    Returns:
        Questions with the values found; none if nothing fits.
    """
    found = spot(text)
    words = [word for word in _words(found.rest) if len(word) > 1]
    alike = {word: {other for other in _vocabulary() if _same(word, other)} for word in words}
    weight = {word: _rarity(others) for word, others in alike.items()}
    total = sum(weight.values()) or 1.0
    matches = []
    for question in library().values():
        fields = _fields(question.name)
        hits = sum(
            weight[word] * max((fields[other] for other in alike[word] if other in fields), default=0.0)
            for word in words
        )
        values, unused = fit(question, found)
        score = hits / (total * _TITLE) + _COVERED * _covered(question, found.rest)
        if score >= _LEAST or (values and not words):
            bonus = _FITTING * len(values) - _UNUSED * unused
            matches.append(Match(question, score + bonus, values))
    matches.sort(key=lambda one: (-one.score, one.question.name))
    return matches[:count]


def fit(question: Question, found: Spotted) -> tuple[dict[str, str], int]:
    """The values of a question's parameters that a sentence has, and how many of its values are left over."""
    values: dict[str, str] = {}
    left = 0
    for entity, written in found.entities:
        class_ = entity.partition("/")[0]
        fitting = (
            p.name
            for p in question.parameters
            if p.type == "entity" and p.name not in values and (not p.of or class_ in p.of)
        )
        name = next(fitting, None)
        if name:
            values[name] = entity
        else:
            # Bodies of the UN may be what is asked about rather than a value.
            left += -1 if _fields(question.name).keys() >= set(_words(written)) else 1
    for date in found.dates:
        days = (p.name for p in question.parameters if p.type == "date" and p.name not in values)
        years = (p.name for p in question.parameters if p.name == "year" and len(date) == 4 and "year" not in values)
        name = next(days, None) or next(years, None)
        if name:
            values[name] = date
        else:
            left += 1
    return values, left


def _covered(question: Question, text: str) -> float:
    """Which part of a question, or of another way to ask it, the sentence has: 0 to 1."""
    said = _words(text)
    best = 0.0
    for form in (question.title[language(text)], *question.also):
        asked = {word for word in _words(form) if len(word) > _SHORT}
        best = max(best, sum(any(_same(word, other) for other in said) for word in asked) / max(len(asked), 1))
    return best


@cache
def _fields(name: str) -> Mapping[str, float]:
    """The words of a question with their weights."""
    question = library()[name]
    weights: dict[str, float] = {}
    told = [p.help for p in question.parameters if p.type != "lang"] + list(question.columns.values())
    for texts, weight in (
        (told, _TOLD),
        ([question.topic, *question.tags], _TAG),
        ([*question.title.values(), *question.also], _TITLE),
        ([question.name.replace("-", " ")], _NAME),
    ):
        for text in texts:
            weights |= dict.fromkeys(_words(text), weight)
    return weights


@cache
def _vocabulary() -> Mapping[str, int]:
    """Every word of the library, with the number of questions that have it."""
    counts: dict[str, int] = {}
    for question in library().values():
        for word in _fields(question.name):
            counts[word] = counts.get(word, 0) + 1
    return counts


def _rarity(words: Iterable[str]) -> float:
    """How much a word tells: the fewer questions have it, the more."""
    known = _vocabulary()
    having = max((known[word] for word in words), default=0)
    # A word that no question has weighs a little: it is what the sentence has too much.
    return math.log((len(library()) + 1) / having) if having else 0.7


def _words(text: str) -> list[str]:
    # organization, organisation: one word.
    return [word.replace("z", "s").replace("ё", "е") for word in re.findall(r"\w+", text.casefold().replace("_", " "))]


def _same(one: str, other: str) -> bool:
    """Whether two words differ in their endings alone."""
    if one == other:
        return True
    differing = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    common = next(differing, min(len(one), len(other)))
    return common >= _STEM and common >= 0.6 * max(len(one), len(other)) and min(len(one), len(other)) - common <= 3
