"""Nouns for gatherings, the ordinals before them, and adjectives in the nominative."""

from __future__ import annotations

import pytest

from kg.language.gatherings import gathering, nominative, ordinal, ordinal_before
from kg.language.tokens import analyse


@pytest.mark.parametrize(
    ("lang", "word", "expected"),
    [
        ("en", "Summit", ("summit", "Summit", "")),
        ("en", "summits", None),
        ("en", "bakery", None),
        ("ru", "саммите", ("summit", "саммит", "m")),
        ("ru", "Конференции", ("conference", "Конференция", "f")),
        ("ru", "заседанием", ("meeting", "заседание", "n")),
        ("ru", "саммитами", None),
        ("kk", "саммитінде", ("summit", "саммиті", "")),
        ("kk", "форумда", ("forum", "форум", "")),
        ("kk", "конференциясының", ("conference", "конференциясы", "")),
        ("kk", "жиынтық", None),
    ],
)
def test_gathering(lang: str, word: str, expected: tuple[str, str, str] | None) -> None:
    assert gathering(word.lower(), word, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "number", "used"),
    [
        ("en", "the 43rd", 43, 2),
        ("en", "the twenty-first", 21, 3),
        ("en", "its tenth", 10, 1),
        ("en", "the second", 2, 1),
        ("en", "the big", 0, 0),
        ("ru", "на 79-й", 79, 3),
        ("ru", "на шестом", 6, 1),
        ("ru", "двадцать пятая", 25, 2),
        ("ru", "XIV", 14, 1),
        ("ru", "в большом", 0, 0),
        ("kk", "ұйымның 12-", 12, 2),
        ("kk", "77-ші", 77, 3),
        ("kk", "он екінші", 12, 2),
        ("kk", "жетінші", 7, 1),
        ("kk", "үлкен", 0, 0),
    ],
)
def test_ordinal_before(lang: str, text: str, number: int, used: int) -> None:
    document = analyse("", text)
    end = len(document.raw)
    assert ordinal_before(document.low, document.raw, end, lang) == (number, end - used)


@pytest.mark.parametrize(
    ("word", "gender", "expected"),
    [
        ("шестом", "m", "шестой"),
        ("Консультативной", "f", "Консультативная"),
        ("чрезвычайном", "n", "чрезвычайное"),
        ("последней", "f", "последняя"),
        ("ежегодного", "m", "ежегодный"),
        ("третьей", "f", "третья"),
        ("ООН", "f", "ООН"),
    ],
)
def test_nominative(word: str, gender: str, expected: str) -> None:
    assert nominative(word, gender) == expected


def test_ordinal() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 22, 113)] == ["1st", "2nd", "3rd", "4th", "11th", "22nd", "113th"]
