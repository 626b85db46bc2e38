"""Kazakh: suffixes are cut off and tell the case; what looks like a name and is none is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract import Extractor
from kg.extract.names import STOP
from kg.language import kazakh
from kg.model import Article


@pytest.mark.parametrize(
    ("form", "stem", "case"),
    [
        ("астанада", "астана", "loc"), ("алматыға", "алматы", "dat"), ("ташкентке", "ташкент", "dat"),
        ("женевадан", "женева", "abl"), ("бішкектен", "бішкек", "abl"), ("қазақстанның", "қазақстан", "gen"),
        ("бішкектегі", "бішкек", "attr"), ("орталығы", "орталық", "nom"), ("бағдарламасы", "бағдарлама", "nom"),
        ("одағының", "одақ", "gen"), ("қорының", "қор", "gen"), ("ұйымын", "ұйым", "acc"), ("қаласында", "қала", "loc"),
        ("елдерінен", "ел", "abl"), ("мекемесімен", "мекеме", "ins"), ("кітабы", "кітап", "nom"),
        ("алматыдағылардың", "алматыдағы", "gen"),
    ],
)  # fmt: skip
def test_suffixes(form: str, stem: str, case: str) -> None:
    assert (stem, case) in {(s, c) for s, c, _ in kazakh.stems(form)}


def test_the_whole_word_is_the_first_reading() -> None:
    assert kazakh.stems("астана")[0] == ("астана", "nom", False)
    assert kazakh.stems("берік")[0] == ("берік", "nom", False)


@pytest.mark.parametrize(
    ("form", "base", "case"),
    [
        ("Найробиде", "Найроби", "loc"), ("Женевадағы", "Женева", "attr"), ("Римге", "Рим", "dat"),
        ("Астананың", "Астана", "gen"), ("Вашингтоннан", "Вашингтон", "abl"), ("Лондонды", "Лондон", "acc"),
        ("Берік", "Берік", "nom"), ("Ош", "Ош", "nom"),
    ],
)  # fmt: skip
def test_names_that_no_table_knows(form: str, base: str, case: str) -> None:
    assert kazakh.base(form) == (base, case)
    assert kazakh.alternatives(form) == ((base,) if base == form else (base, form))


@given(st.text("абғдеәқйнңпртшыі", min_size=1, max_size=24))
def test_every_reading_is_a_part_of_the_word(word: str) -> None:
    for stem, case, _ in kazakh.stems(word):
        assert stem
        assert case in {"nom", "gen", "dat", "acc", "loc", "abl", "ins", "attr", "adj", "for"}
        assert word.startswith(stem[:-1])
    assert word.startswith(kazakh.base(word)[0])


@pytest.mark.parametrize(
    "text",
    [
        "Алайда жұмыс тоқтаған жоқ.",
        "Барлық орынды олар алды.",
        "Келесі отырыс күзде.",
        "Негізгі бас мәселе – ақша.",
        "Мал бағатын ұлы бар еді.",
    ],
)
def test_stop_forms_name_no_place(text: str) -> None:
    reading = Extractor().reader.read(Article("stop", "kk", "", text))
    assert [m.entity.id for m in reading.mentions if m.type in {"city", "country"} and m.how == "name"] == []


def test_stop_forms_are_folded() -> None:
    from kg.language.tokens import fold

    for forms in STOP.values():
        assert forms == {fold(form) for form in forms}
