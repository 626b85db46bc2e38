"""Words of time and number in the three languages, as folded prefixes or whole words."""

from __future__ import annotations

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
    4: "четыре четырех четырем четверо четверых",
    5: "пять пяти пятью пятеро",
    6: "шесть шести шестью шестеро шестерых",
    7: "семь семи семью семеро",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати одиннадцатью",
    12: "двенадцать двенадцати двенадцатью",
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
    50: "пятьдесят пятидесяти",
    60: "шестьдесят шестидесяти",
    70: "семьдесят семидесяти",
    80: "восемьдесят восьмидесяти",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот",
    300: "триста трехсот",
    400: "четыреста четырехсот",
    500: "пятьсот пятисот",
    600: "шестьсот шестисот",
    1000: "тысяча тысячи тысяч тысячу",
}
_NUMBERS_KK: Final[dict[int, str]] = {
    1: "бір",
    2: "екі",
    3: "үш",
    4: "төрт",
    5: "бес",
    6: "алты",
    7: "жеті",
    8: "сегіз",
    9: "тоғыз",
    10: "он",
    20: "жиырма",
    30: "отыз",
    40: "қырық",
    50: "елу",
    60: "алпыс",
    70: "жетпіс",
    80: "сексен",
    90: "тоқсан",
    100: "жүз",
    1000: "мың",
}


def _number_words() -> dict[str, dict[str, int]]:
    english = {w: n for n, w in enumerate(_UNITS_EN)} | {w: 10 * (n + 2) for n, w in enumerate(_TENS_EN)}
    english |= {"hundred": 100, "thousand": 1000, "dozen": 12}
    russian = {w: n for n, words in _NUMBERS_RU.items() for w in words.split()}
    kazakh = {w: n for n, w in _NUMBERS_KK.items()} | {
        "екеу": 2,
        "үшеу": 3,
        "төртеу": 4,
        "бесеу": 5,
        "алтау": 6,
        "жетеу": 7,
    }
    return {"en": english, "ru": russian, "kk": kazakh}


NUMBERS: Final = _number_words()


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
    with hyphens (``twenty-four``, ``он бес``, ``двадцать четыре``). Decimals, ordinals and parts of a
    word are no cardinals. *gaps* holds, for each token, the white space before it in characters.
    """
    word = low[i]
    if word.isdecimal():
        value, used = int(word[:12]), 1
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
        return value, used
    table = NUMBERS[lang]
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
        if value in {100, 1000} and current and (lang != "ru" or value == 1000):
            current *= value
            if value == 1000:
                total, current = total + current, 0
        elif used and value >= last:
            break
        else:
            current += value
        last = value
        used += 1
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
