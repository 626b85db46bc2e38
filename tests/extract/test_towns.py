"""Cities that no table has, and the case that a word for a city beside a name shows."""

from __future__ import annotations

import pytest

from tests.extract.conftest import Read, spans

TOWNS = [
    ("en", "The bank works in the Swiss town of Quelvig. It came to Quelvig in May.", ("Quelvig", "Quelvig"), "loc"),
    ("en", "It moved from Sankt Ulven, Iceland, to Rome.", ("Sankt Ulven",), "abl"),
    ("ru", "Комиссия работает в городе Квельвиг. До Квельвига она была в Риме.", ("Квельвиг", "Квельвига"), "loc"),
    ("ru", "Бюро открыто в Квельвиге (Исландия).", ("Квельвиге",), "loc"),
    ("kk", "Банк Квельвиг қаласында орналасқан, Квельвигте жұмыс істейді.", ("Квельвиг", "Квельвигте"), "loc"),
]


@pytest.mark.parametrize(("lang", "text", "named", "case"), TOWNS)
def test_the_text_says_what_is_a_city(read: Read, lang: str, text: str, named: tuple[str, ...], case: str) -> None:
    reading = read(lang, text)
    cities = sorted((m for m in reading.mentions if m.how == "new" and m.type == "city"), key=lambda m: m.first)
    found = [text[reading.document.starts[m.first] : reading.document.ends[m.last - 1]] for m in cities]
    assert tuple(found) == named
    assert {m.entity.id for m in cities} == {cities[0].entity.id}
    assert not cities[0].entity.known
    assert cities[0].case == case


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Quelvig met the director in May, Iceland followed."),
        ("en", "The port of call was Rome."),
        ("en", "In Quelvig, Iceland voted against it."),
        ("ru", "Квельвиг выступил в Риме."),
        ("kk", "Квельвиг Римде сөйледі."),
    ],
)
def test_a_name_alone_makes_no_city(read: Read, lang: str, text: str) -> None:
    assert not [m for m in read(lang, text).mentions if m.type == "city" and m.how == "new"]


@pytest.mark.parametrize(
    ("lang", "text", "case"),
    [
        ("en", "It works in the old Kazakh city of Almaty.", "loc"),
        ("en", "It moved to the city of Almaty.", "dat"),
        ("en", "The mayor of Almaty spoke.", "gen"),
        ("en", "In May she saw the city of Almaty.", "nom"),
        ("kk", "Ол Алматы қаласында жұмыс істейді.", "loc"),
        ("kk", "Ол Алматы қаласына көшті.", "dat"),
        ("kk", "Ол Алматы қаласынан кетті.", "abl"),
    ],
)
def test_a_word_for_a_city_shows_the_case_of_its_name(read: Read, lang: str, text: str, case: str) -> None:
    assert [c for _, identifier, c in spans(read(lang, text), "city") if identifier == "city/almaty"] == [case]
