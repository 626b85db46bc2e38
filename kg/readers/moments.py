"""The dates that an article gives, each as precise as it gives it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Final

from kg.extract.reading import Reading
from kg.language.dates import DateMention
from kg.model import PartialDate

_UNITS: Final[dict[str, dict[str, str]]] = {
    "en": {"day": "day", "week": "week", "month": "month", "year": "year", "decade": "decade"},
    "ru": {"день": "day", "дня": "day", "дней": "day", "днём": "day", "сут": "day", "недел": "week", "месяц": "month",
           "год": "year", "лет": "year", "десятилет": "decade"},
    "kk": {"күн": "day", "апта": "week", "айдан": "month", "ай": "month", "жыл": "year", "ғасыр": "century"},
}  # fmt: skip
"""Beginnings of the words for units of time."""
_YEARS: Final = {"year": 1, "decade": 10, "century": 100}
_ONE: Final = frozenset(
    "a an one the next last previous following exactly через спустя следующий следующем прошлом прошлый будущем "
    "минувшем бір ертеңіне келесі келер алдағы өткен былтырғы".split()
)
_EVE: Final = ("eve", "накануне", "қарсаң")
"""Beginnings of words for the day before."""
_SEASONS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("spring", "summer", "autumn", "winter"),
    "ru": ("весн", "лет", "осен", "зим"),
    "kk": ("көктем", "жаз", "күз", "қыс"),
}
_AFTER: Final = frozenset({"later", "earlier", "before", "ago", "позже", "раньше", "спустя", "назад", "кейін", "бұрын"})
_FAR: Final = 150
_LONGER: Final = 6
"""Letters that a form of the word for a season is longer than its beginning, at the most."""


Dates = Mapping[str, Set[int]]
"""Date (ISO 8601) → the sentences whose words give it."""


def dates_of(reading: Reading) -> Dates:
    """The dates of an article, those included that it counts from others ("four years later").

    What is counted in years is given as a year, what is counted in months as a month; a season gives its year. A month
    or a day without a year may be of a year that its sentence names, of the last one named before it, or of that of
    the publication.
    """
    found: dict[str, set[int]] = {}
    stated = list(_stated(reading))
    counted = _counted(reading, {d for _, d in stated})
    for sentence, date in (*((n, d.value) for n, d in stated), *counted, *_of_seasons(reading), *_last_days(reading)):
        found.setdefault(date, set()).add(sentence)
    return found


def terms(reading: Reading) -> set[int]:
    """The spans of years that an article tells of: "for two years", "exactly a year"."""
    return {amount * _YEARS[unit] for _, amount, unit in _spans(reading) if unit in _YEARS}


def _stated(reading: Reading) -> Iterator[tuple[int, PartialDate]]:
    published, sentence_of = reading.article.published, reading.document.sentence_of
    parts = [p for mention in reading.dates for p in (mention, mention.until) if p is not None]
    years_of = _years(reading, parts)
    for part in parts:
        sentence = sentence_of[part.first]
        years = years_of(part) if part.month or part.relative else set()
        for future in (False, True):
            for year in years | {0}:
                if resolved := part.resolve(published, future=future, context_year=year):
                    yield sentence, resolved
        if part.month and not part.year:
            day = f"-{part.day:02d}" if part.day else ""
            # "in November of the next year" may count from the year before it or from the publication.
            shifts = (-1, 0, 1) if part.relative in ("last-year", "next-year") else (0,)
            for year in (year + shift for year in years for shift in shifts):
                try:
                    yield sentence, PartialDate(f"{year:04d}-{part.month:02d}{day}")
                except ValueError:
                    continue
    # Session 74 of the General Assembly opened in 1945 + 74.
    for mention in reading.mentions:
        number = mention.entity.id.removeprefix("event/unga-")
        if number.isdecimal():
            yield mention.sentence, PartialDate(str(1945 + int(number)))


def _years(reading: Reading, parts: Sequence[DateMention]) -> Callable[[DateMention], set[int]]:
    """What gives the years that a month without one may be of.

    They are those of its sentence, the last one named before it, and what the sentence counts from these ("ten years
    later, in November").
    """
    published, sentence_of = reading.article.published, reading.document.sentence_of
    inside: dict[int, set[int]] = {}
    named: list[tuple[int, int]] = []
    for part in parts:
        resolved = part.resolve(published) if part.relative else None
        if year := part.year or (resolved.earliest.year if resolved else 0):
            named.append((part.first, year))
        if part.year:
            inside.setdefault(sentence_of[part.first], set()).add(part.year)
    named.sort()
    spans: dict[int, set[int]] = {}
    for sentence, amount, unit in _spans(reading):
        if unit in _YEARS:
            spans.setdefault(sentence, set()).add(amount * _YEARS[unit])

    def of(part: DateMention) -> set[int]:
        sentence, before = sentence_of[part.first], bisect_left(named, (part.first, 0))
        years = inside.get(sentence, set()) | {year for _, year in named[max(0, before - 1) : before]}
        return years | {year + sign * n for year in years for n in spans.get(sentence, ()) for sign in (-1, 1)}

    return of


def _counted(reading: Reading, stated: Set[PartialDate]) -> Iterator[tuple[int, str]]:
    published = reading.article.published
    bases = stated | ({published} if published else set())
    for sentence, amount, unit in set(_spans(reading)):
        for base in bases:
            for sign in (-1, 1):
                for date in _shifted(base, sign * amount, unit):
                    yield sentence, date


def _shifted(base: PartialDate, amount: int, unit: str) -> Iterator[str]:
    if unit in _YEARS:
        year = base.earliest.year + amount * _YEARS[unit]
        if 1800 <= year <= 2100:
            yield f"{year:04d}"
    elif unit == "month" and base.precision != "year":
        index = base.earliest.year * 12 + base.earliest.month - 1 + amount
        yield f"{index // 12:04d}-{index % 12 + 1:02d}"
    elif unit in ("day", "week") and base.precision == "day":
        moved = base.earliest + dt.timedelta(days=amount * (7 if unit == "week" else 1))
        yield moved.isoformat() if unit == "day" else f"{moved:%Y-%m}"


def _of_seasons(reading: Reading) -> Iterator[tuple[int, str]]:
    """The years of seasons: "in summer", "last autumn", "келесі көктемде" count from the publication."""
    published, low = reading.article.published, reading.document.low
    names = _SEASONS[reading.lang]
    if published is None:
        return
    for i, word in enumerate(low):
        if word.startswith(names) and any(len(word) - len(n) < _LONGER for n in names):
            for shift in (-1, 0, 1):
                yield reading.document.sentence_of[i], str(published.earliest.year + shift)


def _last_days(reading: Reading) -> Iterator[tuple[int, str]]:
    """The last days of years: "on the last day of 2019"."""
    low = reading.document.low
    for i, word in enumerate(low):
        near = low[max(0, i - 4) : i + 4]
        last = any(w.startswith(("last", "последн", "соңғы")) for w in near)
        if last and word.isdecimal() and len(word) == 4 and any(w.startswith(("day", "день", "күн")) for w in near):
            yield reading.document.sentence_of[i], f"{word}-12-31"


def _spans(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """The spans of time that an article tells of: in which sentence, how many of which unit."""
    low, units, sentence_of = reading.document.low, _UNITS[reading.lang], reading.document.sentence_of
    numbers = {n.last: n.value for n in reading.numbers}
    for i, word in enumerate(low):
        if word.startswith(_EVE):
            yield sentence_of[i], 1, "day"
            continue
        unit = next((unit for start, unit in units.items() if word.startswith(start)), "")
        if not unit:
            continue
        before = low[i - 1] if i else ""
        if before in _ONE or (low[i + 1 : i + 2] and low[i + 1] in _AFTER):
            yield sentence_of[i], 1, unit
        amount = numbers.get(i, numbers.get(i - 1, int(before) if before.isdecimal() else 0))
        if 0 < amount <= _FAR:
            yield sentence_of[i], amount, unit
