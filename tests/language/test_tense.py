"""When a verb says that something happens."""

from __future__ import annotations

import pytest

from kg.language.tense import Tense, tense


@pytest.mark.parametrize(
    ("lang", "text", "verb", "expected"),
    [
        ("en", "the bank opened a branch", "opened", Tense.PAST),
        ("en", "a branch was set up", "set", Tense.PAST),
        ("en", "a branch will be opened", "opened", Tense.FUTURE),
        ("en", "a branch is to open", "open", Tense.FUTURE),
        ("en", "the branch is being moved", "moved", Tense.FUTURE),
        ("en", "an offer to open a branch", "open", Tense.INFINITIVE),
        ("en", "the bank keeps a branch", "keeps", Tense.PRESENT),
        ("en", "the closure of a branch", "closure", Tense.UNKNOWN),
        ("ru", "банк открыл филиал", "открыл", Tense.PAST),
        ("ru", "филиал закрыт", "закрыт", Tense.PAST),
        ("ru", "филиал откроется весной", "откроется", Tense.FUTURE),
        ("ru", "филиал будет создан", "создан", Tense.FUTURE),
        ("ru", "филиал должен открыться", "открыться", Tense.FUTURE),
        ("ru", "предложение открыть филиал", "открыть", Tense.INFINITIVE),
        ("ru", "филиал действует", "действует", Tense.PRESENT),
        ("ru", "в городе есть филиал", "есть", Tense.PRESENT),
        ("ru", "открытие филиала", "открытие", Tense.UNKNOWN),
        ("kk", "банк филиал ашты", "ашты", Tense.PAST),
        ("kk", "былтыр ашылған филиал", "ашылған", Tense.PAST),
        ("kk", "филиал ашылады", "ашылады", Tense.PRESENT),
        ("kk", "филиал жұмысын бастады", "бастады", Tense.PAST),
        ("kk", "филиал жұмысын бастайды", "бастайды", Tense.PRESENT),
        ("kk", "филиал ашылмақ", "ашылмақ", Tense.FUTURE),
        ("kk", "филиал ашылатын болды", "ашылатын", Tense.FUTURE),
        ("kk", "филиал ашуды ұсынды", "ашуды", Tense.INFINITIVE),
        ("kk", "банк филиал ашып жатыр", "ашып", Tense.PRESENT),
    ],
)
def test_tense(lang: str, text: str, verb: str, expected: Tense) -> None:
    words = text.split()
    place = words.index(verb)
    assert tense(words, place, place + 1, lang) is expected


def test_what_stands_before_another_clause_is_no_auxiliary() -> None:
    words = "it will grow , the bank opened".split()
    assert tense(words, 6, 7, "en") is Tense.PAST
