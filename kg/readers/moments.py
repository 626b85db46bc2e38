"""The dates that an article gives, each as precise as it gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from kg.extract.reading import Reading
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


def dates_of(reading: Reading) -> set[str]:
    """The dates of an article as ISO 8601, those included that it counts from others ("four years later").

    What is counted in years is given as a year, what is counted in months as a month. A month or a day without a year
    may be of any year that the article names, or of that of its publication.
    """
    stated = _stated(reading)
    return (
        {d.value for d in stated}
        | set(_counted(reading, stated))
        | set(_of_seasons(reading))
        | set(_last_days(reading))
    )


def terms(reading: Reading) -> set[int]:
    """The spans of years that an article tells of: "for two years", "exactly a year"."""
    return {amount * _YEARS[unit] for amount, unit in _spans(reading) if unit in _YEARS}


def _stated(reading: Reading) -> set[PartialDate]:
    published = reading.article.published
    found: set[PartialDate] = set()
    parts = [p for mention in reading.dates for p in (mention, mention.until) if p is not None]
    years = {p.year for p in parts if p.year}
    # "in November of the next year"
    years |= {year + sign * amount for year in years for amount in terms(reading) for sign in (-1, 1)}
    for part in parts:
        for future in (False, True):
            for year in years | {0}:
                if resolved := part.resolve(published, future=future, context_year=year):
                    found.add(resolved)
        if part.month and not part.year:
            for year in years:
                try:
                    found.add(PartialDate(f"{year:04d}-{part.month:02d}" + (f"-{part.day:02d}" if part.day else "")))
                except ValueError:
                    continue
    # Session 74 of the General Assembly opened in 1945 + 74.
    for mention in reading.mentions:
        number = mention.entity.id.removeprefix("event/unga-")
        if number.isdecimal():
            found.add(PartialDate(str(1945 + int(number))))
    return found


def _counted(reading: Reading, stated: set[PartialDate]) -> Iterator[str]:
    published = reading.article.published
    bases = stated | ({published} if published else set())
    for amount, unit in set(_spans(reading)):
        for base in bases:
            for sign in (-1, 1):
                yield from _shifted(base, sign * amount, unit)


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


def _of_seasons(reading: Reading) -> Iterator[str]:
    """The years of seasons: "in summer", "last autumn", "келесі көктемде" count from the publication."""
    published, low = reading.article.published, reading.document.low
    names = _SEASONS[reading.lang]
    if published is not None and any(w.startswith(names) and len(w) - len(n) < 6 for w in low for n in names):
        yield from (str(published.earliest.year + shift) for shift in (-1, 0, 1))


def _last_days(reading: Reading) -> Iterator[str]:
    """The last days of years: "on the last day of 2019"."""
    low = reading.document.low
    for i, word in enumerate(low):
        near = low[max(0, i - 4) : i + 4]
        last = any(w.startswith(("last", "последн", "соңғы")) for w in near)
        if last and word.isdecimal() and len(word) == 4 and any(w.startswith(("day", "день", "күн")) for w in near):
            yield f"{word}-12-31"


def _spans(reading: Reading) -> Iterator[tuple[int, str]]:
    """The spans of time that an article tells of: how many of which unit."""
    low, units = reading.document.low, _UNITS[reading.lang]
    numbers = {n.last: n.value for n in reading.numbers}
    for i, word in enumerate(low):
        if word.startswith(_EVE):
            yield 1, "day"
            continue
        unit = next((unit for start, unit in units.items() if word.startswith(start)), "")
        if not unit:
            continue
        before = low[i - 1] if i else ""
        if before in _ONE or unit == "day" or (low[i + 1 : i + 2] and low[i + 1] in _AFTER):
            yield 1, unit
        amount = numbers.get(i, numbers.get(i - 1, int(before) if before.isdecimal() else 0))
        if 0 < amount <= _FAR:
            yield amount, unit
