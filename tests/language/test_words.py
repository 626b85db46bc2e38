"""Number words, months and days of the week."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language import words
from kg.language.tokens import analyse


def read(text: str, lang: str) -> tuple[int, int] | None:
    document = analyse("", text)
    gaps = [0] + [document.starts[k] - document.ends[k - 1] for k in range(1, len(document.raw))]
    return words.number_at(document.low, 0, lang, gaps)


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "twelve", 12), ("en", "twenty-four", 24), ("en", "ninety-nine", 99), ("en", "1,100", 1100),
        ("en", "1,234,567", 1234567), ("en", "one hundred and five", 105), ("en", "two thousand", 2000),
        ("ru", "двадцать четыре", 24), ("ru", "сто двадцать пять", 125), ("ru", "двухсот", 200), ("ru", "тремя", 3),
        ("ru", "пять тысяч", 5000), ("ru", "две тысячи сто", 2100), ("ru", "1 100", 1100), ("ru", "12 345", 12345),
        ("kk", "он бес", 15), ("kk", "жиырма төрт", 24), ("kk", "жүз елу", 150), ("kk", "екі жүз отыз", 230),
        ("kk", "бес мың", 5000), ("kk", "мың екі жүз", 1200), ("en", "two dozen", 24), ("en", "half a dozen", 6),
        ("en", "one and a half thousand", 1500), ("en", "1.2 thousand", 1200), ("en", "12 thousand", 12000),
        ("ru", "три десятка", 30), ("ru", "полтора десятка", 15), ("ru", "полторы тысячи", 1500),
        ("ru", "сто десять", 110), ("ru", "двух сотен", 200), ("ru", "2,5 тыс", 2500), ("ru", "полсотни", 50),
        ("ru", "девятьсот десять", 910),
        ("kk", "жарты мың", 500), ("kk", "екі жарым мың", 2500), ("kk", "1,5 мың", 1500), ("kk", "екі жүздей", 200),
        ("kk", "қырықтан", 40),
    ],
)  # fmt: skip
def test_cardinals(lang: str, text: str, value: int) -> None:
    assert read(text, lang) == (value, len(analyse("", text).raw))


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "five and six", 5),
        ("en", "five offices", 5),
        ("ru", "два три", 2),
        ("en", "10  500", 10),
        ("kk", "үш кеңсе", 3),
        ("en", "3.5 percent", 3),
        ("ru", "два сто", 2),
    ],
)
def test_where_a_number_ends(lang: str, text: str, value: int) -> None:
    assert read(text, lang) == (value, 1)


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "office"), ("ru", "офис"), ("kk", "кеңсе"), ("en", "and"), ("en", "half of")]
)
def test_what_is_no_number(lang: str, text: str) -> None:
    assert read(text, lang) is None


@given(st.integers(0, 999_999_999), st.sampled_from(["en", "ru", "kk"]))
def test_digits(value: int, lang: str) -> None:
    assert read(str(value), lang) == (value, 1)
    assert read(f"{value:,}".replace(",", " "), lang) == (value, 1 + (len(str(value)) - 1) // 3)


@pytest.mark.parametrize(
    ("lang", "word", "number"),
    [
        ("en", "march", 3), ("en", "sept", 9), ("ru", "мая", 5), ("ru", "сентября", 9), ("kk", "қыркүйегінде", 9),
        ("kk", "желтоқсанның", 12), ("ru", "майор", 0), ("en", "marching", 0), ("ru", "май", 5),
    ],
)  # fmt: skip
def test_months(lang: str, word: str, number: int) -> None:
    assert words.month(word, lang) == number


@pytest.mark.parametrize(
    ("lang", "word", "number"),
    [
        ("en", "monday", 1), ("ru", "среду", 3), ("ru", "воскресенье", 7), ("kk", "дүйсенбіде", 1),
        ("kk", "жексенбі", 7), ("kk", "жұмада", 5), ("kk", "жұмақ", 0), ("ru", "средний", 0),
    ],
)  # fmt: skip
def test_days_of_the_week(lang: str, word: str, number: int) -> None:
    assert words.weekday(word, lang) == number


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_the_calendar_is_complete(lang: str) -> None:
    assert len(words.MONTHS[lang]) == 12
    assert len(words.WEEKDAYS[lang]) == 7
