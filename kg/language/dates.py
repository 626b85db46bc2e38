"""Dates in running text: found with the precision that the words have, resolved against publication.

A date is never more precise than its words: "in March" is a month, "last year" a year. A month or a
day without a year takes the year that the article's date, the tense and the context give.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from kg.language import words
from kg.language.kept import Kept
from kg.language.tokens import DASHES
from kg.model import PartialDate

Relative = Literal[
    "",
    "today",
    "yesterday",
    "tomorrow",
    "day-before-yesterday",
    "weekday",
    "last-weekday",
    "week",
    "last-week",
    "next-week",
    "month",
    "last-month",
    "next-month",
    "year",
    "last-year",
    "next-year",
    "that-year",
    "ago",
]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression over tokens ``[first, last)``; missing parts are 0.

    Attributes:
        until: the other end of a range that one expression gives ("2017–2018"), else None.
        relative: how the date hangs on publication, ``""`` for none.
        amount: how many units back, for ``ago``; the day of the week (1 is Monday) for a weekday.
    """

    first: int
    last: int
    year: int = 0
    month: int = 0
    day: int = 0
    relative: Relative = ""
    amount: int = 0
    until: DateMention | None = None

    def resolve(
        self, published: PartialDate | None, *, future: bool = False, context_year: int = 0
    ) -> PartialDate | None:
        """The date as ISO 8601 with the precision of the words, or None where it hangs on what is not known.

        Args:
            published: date of publication.
            future: whether the sentence speaks of what is to come, for months and days without a year.
            context_year: the year last named before, for "that year".
        """
        year, month, day = self.year, self.month, self.day
        today = published.earliest if published and published.precision == "day" else None
        this_year = published.earliest.year if published else 0
        if self.relative in _DAY_SHIFT or self.relative in {"weekday", "last-weekday"}:
            return self._day(published, today, future)
        if self.relative in {"month", "last-month", "next-month", "week", "last-week", "next-week"}:
            return self._month(published, today)
        if self.relative in _YEAR_SHIFT:
            if not this_year:
                return None
            year = this_year + _YEAR_SHIFT[self.relative]
        elif self.relative == "ago":
            if not this_year:
                return None
            year = this_year - self.amount
        elif self.relative == "that-year":
            year = context_year
        if not year:
            if not month or not published:
                return None
            year = this_year
            if published.precision != "year":
                guess = dt.date(year, month, min(day or 15, 28))
                reference = published.earliest if published.precision == "day" else published.latest
                if not future and guess > reference + dt.timedelta(days=20 if not day else 3):
                    year -= 1
                elif future and guess < reference - dt.timedelta(days=31):
                    year += 1
        return _date(year, month, day)

    def _day(self, published: PartialDate | None, today: dt.date | None, future: bool) -> PartialDate | None:
        if today is None:
            return PartialDate(published.value) if published and published.precision == "month" else None
        if self.relative in _DAY_SHIFT:
            day = today + dt.timedelta(days=_DAY_SHIFT[self.relative])
            return PartialDate(day.isoformat())
        back = (today.isoweekday() - self.amount) % 7
        if future:
            return PartialDate((today + dt.timedelta(days=(self.amount - today.isoweekday()) % 7 or 7)).isoformat())
        if self.relative == "last-weekday" and back == 0:
            back = 7
        return PartialDate((today - dt.timedelta(days=back)).isoformat())

    def _month(self, published: PartialDate | None, today: dt.date | None) -> PartialDate | None:
        if published is None or published.precision == "year":
            return None
        start = today or published.earliest
        if self.relative.endswith("week"):
            if today is None:
                return None
            moved = start + dt.timedelta(days={"last-week": -7, "next-week": 7}.get(self.relative, 0))
            return PartialDate(f"{moved:%Y-%m}")
        shift = {"last-month": -1, "next-month": 1}.get(self.relative, 0)
        index = start.year * 12 + start.month - 1 + shift
        return PartialDate(f"{index // 12:04d}-{index % 12 + 1:02d}")


_DAY_SHIFT: Final = {"today": 0, "yesterday": -1, "tomorrow": 1, "day-before-yesterday": -2}
_YEAR_SHIFT: Final = {"year": 0, "last-year": -1, "next-year": 1}


@lru_cache(maxsize=16_384)
def _date(year: int, month: int, day: int) -> PartialDate | None:
    if not 1800 <= year <= 2100:
        return None
    try:
        if month and day:
            return PartialDate(f"{year:04d}-{month:02d}-{day:02d}")
        return PartialDate(f"{year:04d}-{month:02d}" if month else f"{year:04d}")
    except ValueError:
        return None


# Phrases over folded tokens; a "*" ends a prefix, "<w>" stands for a day of the week, "<m>" for a month.
_PHRASES: Final[dict[str, tuple[tuple[str, Relative], ...]]] = {
    "en": (
        ("today", "today"),
        ("yesterday", "yesterday"),
        ("tomorrow", "tomorrow"),
        ("tonight", "today"),
        ("last night", "yesterday"),
        ("this morning", "today"),
        ("this week", "week"),
        ("last week", "last-week"),
        ("next week", "next-week"),
        ("this month", "month"),
        ("last month", "last-month"),
        ("next month", "next-month"),
        ("this year", "year"),
        ("the current year", "year"),
        ("last year", "last-year"),
        ("next year", "next-year"),
        ("that year", "that-year"),
        ("the same year", "that-year"),
        ("the previous year", "last-year"),
        ("that", "that-year"),
    ),
    "ru": (
        ("сегодня", "today"),
        ("вчера", "yesterday"),
        ("завтра", "tomorrow"),
        ("накануне", "yesterday"),
        ("позавчера", "day-before-yesterday"),
        ("этой неделе", "week"),
        ("прошл* неделе", "last-week"),
        ("минувш* неделе", "last-week"),
        ("следующ* неделе", "next-week"),
        ("этом месяце", "month"),
        ("прошл* месяце", "last-month"),
        ("минувш* месяце", "last-month"),
        ("следующ* месяце", "next-month"),
        ("этом году", "year"),
        ("нынешн* год*", "year"),
        ("текущ* год*", "year"),
        ("этого года", "year"),
        ("прошл* год*", "last-year"),
        ("минувш* год*", "last-year"),
        ("следующ* год*", "next-year"),
        ("будущ* год*", "next-year"),
        ("том же году", "that-year"),
        ("того же года", "that-year"),
        ("тогда же", "that-year"),
        ("прошлого года", "last-year"),
        ("этого месяца", "month"),
    ),
    "kk": (
        ("бүгін", "today"),
        ("кеше", "yesterday"),
        ("ертең", "tomorrow"),
        ("осы аптада", "week"),
        ("осы аптаның", "week"),
        ("өткен аптада", "last-week"),
        ("келесі аптада", "next-week"),
        ("осы айда", "month"),
        ("осы айдың", "month"),
        ("өткен айда", "last-month"),
        ("келесі айда", "next-month"),
        ("келер айда", "next-month"),
        ("биыл*", "year"),
        ("былтыр*", "last-year"),
        ("осы жыл*", "year"),
        ("ағымдағы жыл*", "year"),
        ("өткен жыл*", "last-year"),
        ("келесі жыл*", "next-year"),
        ("келер жыл*", "next-year"),
        ("алдағы жыл*", "next-year"),
        ("сол жыл*", "that-year"),
        ("бүгінгі", "today"),
        ("кешегі", "yesterday"),
    ),
}


def _compile(phrases: tuple[tuple[str, Relative], ...]) -> dict[str, list[tuple[list[str], Relative]]]:
    """Phrases by the first three letters of their first word, longest first."""
    table: dict[str, list[tuple[list[str], Relative]]] = {}
    for phrase, relative in sorted(phrases, key=lambda p: -len(p[0].split())):
        parts = phrase.split()
        table.setdefault(parts[0].rstrip("*")[:3], []).append((parts, relative))
    return table


_TABLES: Final = {lang: _compile(phrases) for lang, phrases in _PHRASES.items()}


def _is(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


def _phrase(low: Sequence[str], i: int, lang: str) -> tuple[int, Relative] | None:
    for parts, relative in _TABLES[lang].get(low[i][:3], ()):
        if i + len(parts) <= len(low) and all(_is(low[i + k], p) for k, p in enumerate(parts)):
            return len(parts), relative
    return None


def _year(word: str) -> int:
    return int(word) if len(word) == 4 and word.isdecimal() and 1850 <= int(word) <= 2100 else 0


def find(low: list[str], lang: str) -> list[DateMention]:
    """All date expressions of a row of folded tokens, left to right, without overlaps."""
    reader = {"en": _english, "ru": _russian, "kk": _kazakh}[lang]
    found: list[DateMention] = []
    may_begin = _MAY_BEGIN[lang]
    begun = 0
    for i in [n for n, word in enumerate(low) if may_begin[word]]:
        if i >= begun and (mention := _numeric(low, i) or reader(low, i)) is not None:
            found.append(mention)
            begun = mention.last
    return _ranges(low, found) if found else found


def _numeric(low: Sequence[str], i: int) -> DateMention | None:
    """A date in digits: "2025-03-04" (ISO 8601) or "04.03.2025", day first."""
    if i + 4 >= len(low) or not (low[i].isdecimal() and low[i + 2].isdecimal() and low[i + 4].isdecimal()):
        return None
    if _year(low[i]) and low[i + 1] in DASHES and low[i + 3] in DASHES and len(low[i + 2]) == len(low[i + 4]) == 2:
        year, month, day = low[i], low[i + 2], low[i + 4]
    elif _year(low[i + 4]) and low[i + 1] == low[i + 3] == "." and len(low[i]) <= 2 and len(low[i + 2]) <= 2:
        day, month, year = low[i], low[i + 2], low[i + 4]
    else:
        return None
    found = DateMention(i, i + 5, int(year), int(month), int(day))
    return found if _date(found.year, found.month, found.day) else None


def _starts(lang: str) -> frozenset[str]:
    names = [n.rstrip("*") for row in (words.MONTHS[lang], words.WEEKDAYS[lang]) for x in row for n in x.split("|")]
    extra = {
        "en": [
            "the",
            "last",
            "in",
            "early",
            "late",
            "a",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "ten",
        ],
        "ru": ["два", "три", "пять", "год", "четыре", "десять", "шесть", "семь", "прошлый", "минувший"],
        "kk": ["осы", "екі", "үш", "төрт", "бес", "алты", "жеті", "он", "бір"],
    }[lang]
    return frozenset(n[:3] for n in [*names, *_TABLES[lang], *extra])


def _relative_month(low: Sequence[str], i: int, lang: str) -> Relative:
    """ "last", "прошлого года", "былтыр" right after or before a month: which year it gives."""
    found = _phrase(low, i, lang) if i < len(low) else None
    if found and found[1] in {"year", "last-year", "next-year", "that-year"}:
        return found[1]
    return ""


def _english(low: list[str], i: int) -> DateMention | None:
    n = len(low)
    word = low[i]
    if low[i + 1 : i + 2] in (["years"], ["year"]) and low[i + 2 : i + 3] in (["ago"], ["earlier"]):
        amount = int(word[:4]) if word.isdecimal() else words.NUMBERS["en"].get(word, 0)
        if 0 < amount < 200:
            return DateMention(i, i + 3, relative="ago", amount=amount)
    if word == "a" and low[i + 1 : i + 3] == ["year", "ago"]:
        return DateMention(i, i + 3, relative="ago", amount=1)
    month = words.month(word, "en")
    if month and (word != "may" or _may_is_month(low, i)) and not (word == "march" and i and low[i - 1] == "to"):
        return _english_month(low, i, month)
    if word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31 and i + 1 < n:
        k = i + 1
        if low[k] in {"st", "nd", "rd", "th"}:
            k += 1
        if k < n and low[k] == "of":
            k += 1
        if k < n and (month := words.month(low[k], "en")):
            year, used = _english_year(low, k + 1)
            relative = "" if year else _relative_month(low, k + 1 + (low[k + 1 : k + 2] == ["of"]), "en")
            return DateMention(i, k + 1 + used, year, month, int(word), relative)
        return None
    if year := _year(word):
        if i + 1 < n and low[i + 1] in {"percent", "million", "euros", "people", "staff"}:
            return None
        return DateMention(i, i + 1, year)
    weekday = words.weekday(word, "en")
    if weekday:
        k = i + 1
        if k < n and low[k] == ",":
            k += 1
        if k + 1 < n and low[k].isdecimal() and (month := words.month(low[k + 1], "en")):
            return _english(low, k) or None
        if k < n and words.month(low[k], "en") and k + 1 < n and low[k + 1].isdecimal():
            return _english(low, k)
        last = i > 0 and low[i - 1] in {"last", "past"}
        return DateMention(i, i + 1, relative="last-weekday" if last else "weekday", amount=weekday)
    phrase = _phrase(low, i, "en")
    if phrase:
        used, relative = phrase
        if word == "that" and used == 1:
            month = words.month(low[i + 1], "en") if i + 1 < n else 0
            return DateMention(i, i + 2, month=month, relative="that-year") if month else None
        return DateMention(i, i + used, relative=relative)
    if word in {"last", "this", "next"} and i + 1 < n and (month := words.month(low[i + 1], "en")):
        return DateMention(i, i + 2, month=month)
    return None


_BEFORE_MONTH: Final = frozenset("in since of last until by this late early to from that between".split())


def _may_is_month(low: Sequence[str], i: int) -> bool:
    before = low[i - 1] if i else ""
    after = low[i + 1] if i + 1 < len(low) else ""
    return before.isdecimal() or after.isdecimal() or before in _BEFORE_MONTH


def _english_year(low: Sequence[str], i: int) -> tuple[int, int]:
    """The year at *i*, over an optional comma or "of": ``(year or 0, tokens used)``."""
    for skip in (0, 1):
        if skip and (i >= len(low) or low[i] not in {",", "of"}):
            break
        if i + skip < len(low) and (year := _year(low[i + skip])):
            return year, skip + 1
    return 0, 0


def _english_month(low: list[str], i: int, month: int) -> DateMention:
    n = len(low)
    k = i + 1 + (i + 1 < n and low[i + 1] == "." and len(low[i]) <= 4)
    if k < n and low[k].isdecimal() and len(low[k]) <= 2 and 1 <= int(low[k]) <= 31:
        day = int(low[k])
        k += 1 + (k + 1 < n and low[k + 1] in {"st", "nd", "rd", "th"})
        if k + 1 < n and low[k] in DASHES and low[k + 1].isdecimal() and len(low[k + 1]) <= 2:
            k += 2  # "March 4-5, 2024": the first of the days
        year, used = _english_year(low, k)
        return DateMention(i, k + used, year, month, day, "" if year else _relative_month(low, k, "en"))
    year, used = _english_year(low, k)
    if year:
        return DateMention(i, k + used, year, month)
    after = k + (low[k : k + 1] == ["of"])
    relative = _relative_month(low, after, "en")
    phrase = _phrase(low, after, "en") if relative else None
    return DateMention(i, after + phrase[0] if phrase else i + 1, 0, month, 0, relative)


_YEAR_WORDS_RU: Final = ("год", "г")


def _russian_year(low: Sequence[str], i: int) -> tuple[int, int]:
    """The year at *i* with "-го", "года", "г.": ``(year or 0, tokens used)``."""
    n = len(low)
    year = _year(low[i]) if i < n else 0
    if not year:
        return 0, 0
    k = i + 1
    if k + 1 < n and low[k] in DASHES and low[k + 1] in {"го", "м", "й", "ом", "х"}:
        k += 2
    if k < n and (low[k].startswith("год") or low[k] in {"г", "гг"}):
        k += 1 + (low[k] in {"г", "гг"} and k + 1 < n and low[k + 1] == ".")
    return year, k - i


def _russian(low: list[str], i: int) -> DateMention | None:
    n = len(low)
    word = low[i]
    amount = words.NUMBERS["ru"].get(word, 0) if not word.isdecimal() else int(word[:4])
    if 0 < amount < 200 and low[i + 2 : i + 3] == ["назад"] and low[i + 1] in {"года", "лет", "год"}:
        return DateMention(i, i + 3, relative="ago", amount=amount)
    if word == "год" and low[i + 1 : i + 2] == ["назад"]:
        return DateMention(i, i + 2, relative="ago", amount=1)
    month = words.month(word, "ru")
    if month:
        year, used = _russian_year(low, i + 1)
        relative = "" if year else _relative_month(low, i + 1, "ru")
        phrase = _phrase(low, i + 1, "ru") if relative else None
        return DateMention(i, i + 1 + used + (phrase[0] if phrase else 0), year, month, 0, relative)
    if word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31 and i + 1 < n:
        k = i + 1
        if k + 1 < n and low[k] in DASHES and low[k + 1] in {"го", "е", "му"}:
            k += 2
        month = words.month(low[k], "ru") if k < n else 0
        if month:
            year, used = _russian_year(low, k + 1)
            relative = "" if year else _relative_month(low, k + 1, "ru")
            phrase = _phrase(low, k + 1, "ru") if relative else None
            return DateMention(i, k + 1 + used + (phrase[0] if phrase else 0), year, month, int(word), relative)
        return None
    year, used = _russian_year(low, i)
    if year:
        return DateMention(i, i + used, year)
    weekday = words.weekday(word, "ru")
    if weekday:
        if word in {"среды", "среде"} and not (i and low[i - 1] in {"до", "с", "к"}):
            return None
        last = i > 0 and low[i - 1][:6] in {"прошлы", "прошлу", "минувш", "прошло"}
        k = i + 1 + (low[i + 1 : i + 2] == [","])
        if k + 1 < n and low[k].isdecimal() and words.month(low[k + 1], "ru"):
            return _russian(low, k)
        return DateMention(i, i + 1, relative="last-weekday" if last else "weekday", amount=weekday)
    phrase = _phrase(low, i, "ru")
    return DateMention(i, i + phrase[0], relative=phrase[1]) if phrase else None


def _kazakh_day(low: Sequence[str], i: int) -> tuple[int, int]:
    if i < len(low) and low[i].isdecimal() and len(low[i]) <= 2 and 1 <= int(low[i]) <= 31:
        return int(low[i]), 1
    return 0, 0


def _kazakh(low: list[str], i: int) -> DateMention | None:
    n = len(low)
    word = low[i]
    amount = words.NUMBERS["kk"].get(word, 0) if not word.isdecimal() else int(word[:4])
    if 0 < amount < 200 and i + 2 < n and low[i + 1] == "жыл" and low[i + 2] in {"бұрын", "бұрынғы"}:
        return DateMention(i, i + 3, relative="ago", amount=amount)
    year = _year(word)
    if year:
        k = i + 1
        if k + 2 < n and low[k] in DASHES and _year(low[k + 1]):
            return DateMention(i, k, year)
        if k < n and (low[k].startswith("жыл") or low[k] == "ж"):
            k += 1 + (low[k] == "ж" and k + 1 < n and low[k + 1] == ".")
            day, used = _kazakh_day(low, k)
            month = words.month(low[k + used], "kk") if k + used < n else 0
            if month:
                return _kazakh_after_month(low, i, k + used + 1, year, month, day)
        return DateMention(i, k, year)
    relative: Relative = ""
    k = i
    phrase = _phrase(low, i, "kk")
    if phrase:
        used, relative = phrase
        k = i + used
        if relative not in _YEAR_SHIFT and relative != "that-year":
            return DateMention(i, k, relative=relative)
        day, used = _kazakh_day(low, k)
        month = words.month(low[k + used], "kk") if k + used < n else 0
        if month:
            return _kazakh_after_month(low, i, k + used + 1, 0, month, day, relative)
        return DateMention(i, k, relative=relative)
    day, used = _kazakh_day(low, i)
    month = words.month(low[i + used], "kk") if i + used < n else 0
    if month:
        return _kazakh_after_month(low, i, i + used + 1, 0, month, day)
    if weekday := words.weekday(word, "kk"):
        last = i > 0 and low[i - 1] in {"өткен", "былтырғы"}
        return DateMention(i, i + 1, relative="last-weekday" if last else "weekday", amount=weekday)
    return None


def _kazakh_after_month(
    low: Sequence[str], first: int, k: int, year: int, month: int, day: int, relative: Relative = ""
) -> DateMention:
    """ "наурыздың 31-інде": the day may follow the month in the genitive."""
    if not day and low[k - 1].endswith(("ның", "нің", "дың", "дің", "тың", "тің")):
        day, used = _kazakh_day(low, k)
        k += used
        if day and k + 1 < len(low) and low[k] in DASHES:
            k += 2
    return DateMention(first, k, year, month, day, relative)


def _ranges(low: Sequence[str], found: list[DateMention]) -> list[DateMention]:
    """Join "2017–2018" and "from 2017 to 2018" and lend the second part's year and month to the first."""
    joined: list[DateMention] = []
    i = 0
    while i < len(found):
        a = found[i]
        b = found[i + 1] if i + 1 < len(found) else None
        between = list(low[a.last : b.first]) if b else []
        if b and len(between) == 1 and between[0] in DASHES and a.year and b.year and not a.relative and not b.relative:
            a = DateMention(a.first, b.last, a.year, a.month, a.day, until=b)
            i += 1
        elif (
            b
            and len(between) <= 1
            and b.year
            and not a.year
            and a.month
            and not a.relative
            and between
            and between[0]
            in {
                "and",
                "и",
                "мен",
                "пен",
                "бен",
                *DASHES,
                "to",
                "по",
            }
        ):
            a = DateMention(a.first, a.last, b.year, a.month, a.day)
        joined.append(a)
        i += 1
    return joined


def _may_begin(lang: str) -> Kept[bool]:
    """By folded words of a language: whether a date may begin with it."""
    starts = _starts(lang)
    more = {"a", "last", "this", "next"} if lang == "en" else {"год"} if lang == "ru" else set()

    def may_begin(word: str) -> bool:
        if word.isdecimal():
            return True
        return word[:3] in starts and (
            word in words.NUMBERS[lang]
            or word in more
            or words.month(word, lang) > 0
            or words.weekday(word, lang) > 0
            or any(_is(word, parts[0]) for parts, _ in _TABLES[lang].get(word[:3], ()))
        )

    return Kept(may_begin)


_MAY_BEGIN: Final = {lang: _may_begin(lang) for lang in ("en", "ru", "kk")}
