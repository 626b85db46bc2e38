"""Russian: stems, cases of names, nominatives of persons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language import russian


@pytest.mark.parametrize(
    ("form", "nominative", "case"),
    [
        ("женеве", "женева", "loc"), ("женевы", "женева", "gen"), ("варшаву", "варшава", "acc"),
        ("москве", "москва", "loc"), ("ташкентом", "ташкент", "ins"), ("парижа", "париж", "gen"),
        ("китаю", "китай", "dat"), ("казани", "казань", "gen"), ("брюсселем", "брюссель", "ins"),
        ("россию", "россия", "acc"), ("швейцарии", "швейцария", "gen"),
        ("афинах", "афины", "loc"), ("европейского", "европейский", "gen"), ("астана", "астана", "nom"),
        ("токио", "токио", "nom"),
    ],
)  # fmt: skip
def test_cases(form: str, nominative: str, case: str) -> None:
    assert russian.case_of(form, nominative) == case
    assert russian.stem(form) == russian.stem(nominative)


def test_the_instrumental_of_ia() -> None:
    assert russian.case_of("германией", "германия") == "ins"
    assert russian.stem("германией") == russian.stem("германия")


@pytest.mark.parametrize(("one", "other"), [("вена", "венеция"), ("иран", "ирак"), ("австрия", "австралия")])
def test_stems_that_must_differ(one: str, other: str) -> None:
    assert russian.stem(one) != russian.stem(other)


@given(st.text("абвгдежийклмнопрстуфхцчшыьэюя-", max_size=24))
def test_a_stem_begins_the_word_and_is_not_too_short(word: str) -> None:
    stem = russian.stem(word)
    assert word.startswith(stem)
    assert len(stem) >= min(len(word), 2)


@pytest.mark.parametrize(
    ("words", "nominative"),
    [
        (("Тамаре", "Дуйсеновой"), ("Тамара", "Дуйсенова")),
        (("Марии", "Захаровой"), ("Мария", "Захарова")),
        (("Сергеем", "Лавровым"), ("Сергей", "Лавров")),
        (("Шавкату", "Мирзиёеву"), ("Шавкат", "Мирзиёев")),
        (("Ивану", "Петровичу", "Сидорову"), ("Иван", "Петрович", "Сидоров")),
        (("Антониу", "Гутерришем"), ("Антониу", "Гутерриш")),
        (("Антониу", "Гутерриш"), ("Антониу", "Гутерриш")),
        (("Сергей", "Лавров"), ("Сергей", "Лавров")),
        (("Тедрос",), ("Тедрос",)),
        (("Касым-Жомартом", "Токаевым"), ("Касым-Жомарт", "Токаев")),
    ],
)
def test_persons_in_the_nominative(words: tuple[str, ...], nominative: tuple[str, ...]) -> None:
    assert russian.person_nominative(words) == nominative
