"""Dates keep the precision of their words and resolve against publication."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language import dates
from kg.language.tokens import analyse
from kg.model import PartialDate

PUBLISHED = PartialDate("2025-04-10")  # a Thursday

CASES = [
    ("en", "on 24 November 2023", "2023-11-24"),
    ("en", "on September 3, 2019", "2019-09-03"),
    ("en", "on the 3rd of May 2020", "2020-05-03"),
    ("en", "in June 2024", "2024-06"),
    ("en", "in early March 2024", "2024-03"),
    ("en", "since 2011", "2011"),
    ("en", "in October last year", "2024-10"),
    ("en", "in September of last year", "2024-09"),
    ("en", "yesterday", "2025-04-09"),
    ("en", "tomorrow", "2025-04-11"),
    ("en", "on Tuesday", "2025-04-08"),
    ("en", "last Friday", "2025-04-04"),
    ("en", "on Monday, 3 March", "2025-03-03"),
    ("en", "last month", "2025-03"),
    ("en", "next year", "2026"),
    ("en", "two years ago", "2023"),
    ("en", "a year ago", "2024"),
    ("en", "on 15 December", "2024-12-15"),
    ("ru", "14 августа 2008-го", "2008-08-14"),
    ("ru", "в июле 2015 года", "2015-07"),
    ("ru", "1 января 2020 г.", "2020-01-01"),
    ("ru", "в ноябре прошлого года", "2024-11"),
    ("ru", "5 мая прошлого года", "2024-05-05"),
    ("ru", "во вторник", "2025-04-08"),
    ("ru", "в минувшую пятницу", "2025-04-04"),
    ("ru", "12.03.2020", "2020-03-12"),
    ("ru", "в 2013-м", "2013"),
    ("ru", "вчера", "2025-04-09"),
    ("ru", "позавчера", "2025-04-08"),
    ("ru", "три года назад", "2022"),
    ("ru", "год назад", "2024"),
    ("ru", "в прошлом месяце", "2025-03"),
    ("ru", "в следующем году", "2026"),
    ("kk", "2025 жылғы 4 наурызда", "2025-03-04"),
    ("kk", "2020 ж. 5 мамыр", "2020-05-05"),
    ("kk", "2019 жылдың қыркүйегінде", "2019-09"),
    ("kk", "былтыр 24 қарашада", "2024-11-24"),
    ("kk", "осы жылдың наурызында", "2025-03"),
    ("kk", "наурыздың 31-інде", "2025-03-31"),
    ("kk", "2013 жылғы наурызда", "2013-03"),
    ("kk", "биыл", "2025"),
    ("kk", "келесі жылы", "2026"),
    ("kk", "сейсенбіде", "2025-04-08"),
    ("kk", "кеше", "2025-04-09"),
    ("kk", "өткен айда", "2025-03"),
    ("kk", "екі жыл бұрын", "2023"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_resolves(lang: str, text: str, expected: str) -> None:
    found = dates.find(analyse("", text).low, lang)
    assert [str(d.resolve(PUBLISHED)) for d in found] == [expected]


@pytest.mark.parametrize(("lang", "text"), [("en", "2017–2018"), ("ru", "2017–2018 годы"), ("kk", "2017-2018 жылдары")])
def test_ranges(lang: str, text: str) -> None:
    (found,) = dates.find(analyse("", text).low, lang)
    assert found.year == 2017
    assert found.until is not None
    assert found.until.year == 2018


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "from 2017 to 2018"), ("ru", "с 2017 по 2018 год"), ("kk", "2017 жылдан 2018 жылға дейін")],
)
def test_two_ends_said_apart(lang: str, text: str) -> None:
    assert [d.year for d in dates.find(analyse("", text).low, lang)] == [2017, 2018]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        *(("en", t) for t in ("yesterday", "last month", "on Friday", "in May", "last year", "two years ago")),
        *(("ru", t) for t in ("вчера", "в прошлом году", "в пятницу", "в мае", "год назад")),
        *(("kk", t) for t in ("кеше", "былтыр", "жұмада", "мамырда", "екі жыл бұрын")),
    ],
)
def test_relative_dates_stay_open_without_a_publication_date(lang: str, text: str) -> None:
    assert [d.resolve(None) for d in dates.find(analyse("", text).low, lang)] == [None]


def test_a_publication_date_lends_no_more_precision_than_it_has() -> None:
    (day,) = dates.find(analyse("", "yesterday").low, "en")
    assert str(day.resolve(PartialDate("2025-04"))) == "2025-04"
    assert day.resolve(PartialDate("2025")) is None
    (month,) = dates.find(analyse("", "last month").low, "en")
    assert str(month.resolve(PartialDate("2025-01"))) == "2024-12"
    assert month.resolve(PartialDate("2025")) is None
    (year,) = dates.find(analyse("", "last year").low, "en")
    assert str(year.resolve(PartialDate("2025"))) == "2024"


def test_a_month_to_come_takes_the_next_year() -> None:
    (found,) = dates.find(analyse("", "in February").low, "en")
    assert str(found.resolve(PUBLISHED)) == "2025-02"
    assert str(found.resolve(PUBLISHED, future=True)) == "2026-02"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "later that year"),
        ("en", "later the same year"),
        ("ru", "в том же году"),
        ("kk", "сол жылы"),
    ],
)
def test_that_year_is_the_one_named_before(lang: str, text: str) -> None:
    (found,) = dates.find(analyse("", text).low, lang)
    assert str(found.resolve(PUBLISHED, context_year=1996)) == "1996"
    assert found.resolve(PUBLISHED) is None


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "on 31 April 2024"),
        ("en", "on 29 February 2023"),
        ("ru", "31 ноября 2024 года"),
        ("kk", "2024 жылғы 30 ақпан"),
    ],
)
def test_a_day_is_never_invented(lang: str, text: str) -> None:
    assert [d.resolve(PUBLISHED) for d in dates.find(analyse("", text).low, lang)] == [None]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "2025-03-04", ["2025-03-04"]),
        ("kk", "04.03.2025", ["2025-03-04"]),
        ("en", "March 4-5, 2024", ["2024-03-04"]),
        ("en", "between May and June 2020", ["2020-05", "2020-06"]),
    ],
)
def test_digits_days_and_months(lang: str, text: str, expected: list[str]) -> None:
    assert [str(d.resolve(PUBLISHED)) for d in dates.find(analyse("", text).low, lang)] == expected


@pytest.mark.parametrize("text", ["he may come", "the 74th session", "resolution 2767", "77/158", "to march on"])
def test_what_is_no_date(text: str) -> None:
    assert [d for d in dates.find(analyse("", text).low, "en") if d.year or d.month or d.relative] == []


WORDS = st.sampled_from(
    """2017 2024 31 4 – - . , in march may of last year ago two марта мая года году г прошлого назад два среду
    жылғы жылы наурыз наурыздың інде былтыр бұрын екі 12 03 the that to from""".split()
)


@given(st.lists(WORDS, max_size=12), st.sampled_from(["en", "ru", "kk"]))
def test_any_row_of_words_is_read_without_overlap(low: list[str], lang: str) -> None:
    found = dates.find(low, lang)
    for before, after in itertools.pairwise(found):
        assert before.last <= after.first
    for date in found:
        assert 0 <= date.first < date.last <= len(low)
        for published in (None, PartialDate("2025"), PartialDate("2025-04"), PUBLISHED):
            for future in (False, True):
                resolved = date.resolve(published, future=future)
                if resolved is not None and not date.relative:
                    assert resolved.precision == (
                        "day" if date.day and date.month else "month" if date.month else "year"
                    )
