"""Words of time and number in the three languages, as folded prefixes or whole words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "january|jan",
        "february|feb",
        "march|mar",
        "april|apr",
        "may",
        "june|jun",
        "july|jul",
        "august|aug",
        "september|sep|sept",
        "october|oct",
        "november|nov",
        "december|dec",
    ),
    "ru": (
        "январ*",
        "феврал*",
        "март*",
        "апрел*",
        "май|мая|мае|маю|маем",
        "июн*",
        "июл*",
        "август*",
        "сентябр*",
        "октябр*",
        "ноябр*",
        "декабр*",
    ),
    "kk": (
        "қаңтар*",
        "ақпан*",
        "наурыз*",
        "сәуір*",
        "мамыр*",
        "маусым*",
        "шілде*",
        "тамыз*",
        "қыркүйек*|қыркүйег*",
        "қазан*",
        "қараша*",
        "желтоқсан*",
    ),
}

WEEKDAYS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "ru": ("понедельник*", "вторник*", "сред|среда|среду|среды|среде", "четверг*", "пятниц*", "суббот*", "воскресень*"),
    "kk": ("дүйсенбі*", "сейсенбі*", "сәрсенбі*", "бейсенбі*", "жұма|жұмада|жұмадағы", "сенбі*", "жексенбі*"),
}

_UNITS_EN: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen
    seventeen eighteen nineteen""".split()
_TENS_EN: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

_NUMBERS_RU: Final[dict[int, str]] = {
    1: "один одна одно одного одной одном одну",
    2: "два две двух двум двумя двое двоих",
    3: "три трех трем тремя трое троих",
    4: "четыре четырех четырем четырьмя четверо четверых",
    5: "пять пяти пятью пятеро пятерых",
    6: "шесть шести шестью шестеро шестерых",
    7: "семь семи семью семеро семерых",
    8: "восемь восьми восемью восьмью восьмеро восьмерых",
    9: "девять девяти девятью девятеро девятерых",
    10: "десять десяти десятью десяток десятка десятку десятком десятков",
    11: "одиннадцать одиннадцати одиннадцатью",
    12: "двенадцать двенадцати двенадцатью дюжина дюжины дюжину дюжиной дюжин",
    13: "тринадцать тринадцати тринадцатью",
    14: "четырнадцать четырнадцати четырнадцатью",
    15: "пятнадцать пятнадцати пятнадцатью",
    16: "шестнадцать шестнадцати шестнадцатью",
    17: "семнадцать семнадцати семнадцатью",
    18: "восемнадцать восемнадцати восемнадцатью",
    19: "девятнадцать девятнадцати девятнадцатью",
    20: "двадцать двадцати двадцатью",
    30: "тридцать тридцати тридцатью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти пятьюдесятью полсотни полусотни полусотню",
    60: "шестьдесят шестидесяти шестьюдесятью",
    70: "семьдесят семидесяти семьюдесятью",
    80: "восемьдесят восьмидесяти",
    90: "девяносто девяноста",
    100: "сто ста сотня сотни сотню сотней сотен",
    200: "двести двухсот двумстам двумястами",
    300: "триста трехсот тремстам тремястами",
    400: "четыреста четырехсот четыремстам",
    500: "пятьсот пятисот пятистам полтысячи полутысячи",
    600: "шестьсот шестисот шестистам",
    700: "семьсот семисот семистам",
    800: "восемьсот восьмисот восьмистам",
    900: "девятьсот девятисот девятистам",
    1000: "тысяча тысячи тысяч тысячу тысячей тысячам тысячами",
}
_NUMBERS_KK: Final[dict[int, str]] = {
    1: "бір",
    2: "екі екеу екеуі",
    3: "үш үшеу үшеуі",
    4: "төрт төртеу төртеуі",
    5: "бес бесеу бесеуі",
    6: "алты алтау алтауы",
    7: "жеті жетеу жетеуі",
    8: "сегіз сегізі",
    9: "тоғыз тоғызы",
    10: "он онға оннан",
    20: "жиырма жиырмаға жиырмадан жиырмадай",
    30: "отыз отызға отыздан отыздай",
    40: "қырық қырыққа қырықтан қырықтай",
    50: "елу елуге елуден елудей",
    60: "алпыс алпысқа алпыстан алпыстай",
    70: "жетпіс жетпіске жетпістен жетпістей",
    80: "сексен сексенге сексеннен сексендей",
    90: "тоқсан тоқсанға тоқсаннан тоқсандай",
    100: "жүз жүзге жүзден жүздей",
    1000: "мың мыңға мыңнан мыңдай",
}
# What is counted in tens, dozens and hundreds: "два десятка", "two dozen"; a number before it is multiplied.
_COUNTED: Final = frozenset(
    """dozen dozens десятка десятков десятками дюжины дюжин дюжинами сотни сотен сотнями тысяча тысячи тысяч тысячу
    тысячей тысячам тысячами""".split()
)
_THOUSANDS: Final = frozenset(("thousand", "тыс", "мың", "мыңға", "мыңнан", "мыңдай")) | frozenset(
    _NUMBERS_RU[1000].split()
)
_HALVES: Final = {"half": 0, "жарты": 0, "полтора": 1, "полторы": 1, "полутора": 1}
"""Words of a half that begin a number, with the whole that they hold: "half a dozen", "полторы тысячи"."""


def _number_words() -> dict[str, dict[str, int]]:
    english = {w: n for n, w in enumerate(_UNITS_EN)} | {w: 10 * (n + 2) for n, w in enumerate(_TENS_EN)}
    english |= {"hundred": 100, "thousand": 1000, "dozen": 12}
    russian = {w: n for n, words in _NUMBERS_RU.items() for w in words.split()}
    kazakh = {w: n for n, words in _NUMBERS_KK.items() for w in words.split()}
    return {"en": english, "ru": russian, "kk": kazakh}


NUMBERS: Final = _number_words()
BEGIN: Final = {lang: frozenset((*table, *_HALVES)) for lang, table in NUMBERS.items()}
"""Folded words with which a number in words may begin."""


@lru_cache(maxsize=16384)
def month(word: str, lang: str) -> int:
    """Number of the month (1 to 12) that a folded word names in *lang*, or 0."""
    return _index(word, MONTHS[lang])


@lru_cache(maxsize=16384)
def weekday(word: str, lang: str) -> int:
    """Number of the day of the week (1 is Monday) that a folded word names in *lang*, or 0."""
    return _index(word, WEEKDAYS[lang])


def _index(word: str, names: tuple[str, ...]) -> int:
    for number, alternatives in enumerate(names, 1):
        for name in alternatives.split("|"):
            if word == name or (name.endswith("*") and word.startswith(name[:-1])):
                return number
    return 0


def number_at(low: list[str], i: int, lang: str, gaps: list[int]) -> tuple[int, int] | None:
    """The cardinal number that begins at token *i*: ``(value, tokens used)``, or None.

    Reads digits with thousands grouped by spaces or commas (``1 100``, ``1,100``) and number words
    with hyphens (``twenty-four``, ``он бес``, ``двадцать четыре``), in tens and dozens (``два десятка``) and in
    halves (``half a dozen``, ``полторы тысячи``, ``1.5 thousand``). Other decimals, ordinals and parts of a
    word are no cardinals. *gaps* holds, for each token, the white space before it in characters.
    """
    word = low[i]
    if word.isdecimal():
        return _digits(low, i, lang, gaps)
    table = NUMBERS[lang]
    if word in _HALVES:
        return _and_half(low, i + 1, _HALVES[word], table, 1)
    if word not in table:
        return None
    total, current, used = 0, 0, 0
    last = 10**9
    while i + used < len(low):
        word = low[i + used]
        if used and word in {"-", "and"} and i + used + 1 < len(low) and low[i + used + 1] in table:
            if word == "and" and last != 100:
                break
            used += 1
            continue
        if word not in table:
            break
        value = table[word]
        if current and (word in _COUNTED or (value in {100, 1000} and lang != "ru")):
            current *= value
        elif used and value >= last:
            break
        else:
            current += value
        if value == 1000:
            total, current = total + current, 0
        last = value
        used += 1
    for half in _AND_A_HALF:
        if used == 1 and low[i + 1 : i + 1 + len(half)] == half:
            return _and_half(low, i + 1 + len(half), current, table, 1 + len(half)) or (current, used)
    if (
        lang == "kk"
        and used == 1
        and low[i] == "он"
        and total + current == 10
        and i + 1 < len(low)
        and low[i + 1] == "да"
    ):
        return None
    return total + current, used


_AND_A_HALF: Final = (["and", "a", "half"], ["жарым"])


def _and_half(low: list[str], i: int, whole: int, table: Mapping[str, int], used: int) -> tuple[int, int] | None:
    """A whole number and a half of the dozens, hundreds or thousands at token *i*; None where none are there."""
    if low[i : i + 1] == ["a"]:
        i, used = i + 1, used + 1
    unit = table.get(low[i], 0) if i < len(low) else 0
    return (whole * unit + unit // 2, used + 1) if unit in {10, 12, 100, 1000} else None


def _digits(low: list[str], i: int, lang: str, gaps: list[int]) -> tuple[int, int]:
    """A number that begins with digits: its thousands in groups, or as a word behind it."""
    value, used = int(low[i][:12]), 1
    while i + used < len(low):
        follow = low[i + used]
        if len(follow) == 3 and follow.isdecimal() and gaps[i + used] == 1 and len(low[i]) <= 3:
            value, used = value * 1000 + int(follow), used + 1
        elif (
            follow == ","
            and i + used + 1 < len(low)
            and low[i + used + 1].isdecimal()
            and len(low[i + used + 1]) == 3
            and gaps[i + used] == gaps[i + used + 1] == 0
            and lang == "en"
        ):
            value, used = value * 1000 + int(low[i + used + 1]), used + 2
        else:
            break
    if used == 1 and value < 1000:
        tenth = i + 2 < len(low) and low[i + 1] in {".", ","} and len(low[i + 2]) == 1 and low[i + 2].isdecimal()
        if tenth and gaps[i + 1] == gaps[i + 2] == 0 and low[i + 3 : i + 4] and low[i + 3] in _THOUSANDS:
            return value * 1000 + int(low[i + 2]) * 100, 4
        if low[i + 1 : i + 2] and low[i + 1] in _THOUSANDS:
            return value * 1000, 2
    return value, used
