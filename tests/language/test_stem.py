"""Words as they are searched: forms of one word meet, and what is written without Kazakh letters too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.stem import plain, stem, words


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("kk", "Алматы Алматыда Алматының Алматыға Алматыдағы Алматыдан"),
        ("kk", "Қазақстан Қазақстанда Қазақстанның Қазақстанға"),
        ("kk", "орталық орталығы орталығының орталығында"),
        ("kk", "ұйым ұйымдар ұйымдардың ұйымына"),
        ("kk", "кеңсе кеңсесі кеңсесінде"),
        ("ru", "Казахстан Казахстане Казахстана Казахстаном"),
        ("ru", "организация организации организаций организациями"),
        ("ru", "региональный региональная региональном"),
        ("ru", "отчёт отчет отчёта"),
        ("en", "office offices office's"),
        ("en", "open opens opened opening"),
    ],
)
def test_forms_of_a_word_meet(lang: str, forms: str) -> None:
    assert len({stem(word, lang) for word in words(forms)}) == 1


@pytest.mark.parametrize(
    ("lang", "pair"), [("kk", "Астана астам"), ("ru", "станция стан"), ("en", "organ office"), ("kk", "орталық орта")]
)
def test_words_that_are_others_do_not_meet(lang: str, pair: str) -> None:
    one, other = words(pair)
    assert stem(one, lang) != stem(other, lang)


def test_letters_that_keyboards_lack() -> None:
    assert plain("қазақстан") == plain("казакстан")
    assert plain("élysée") == "elysee"
    assert plain("й") == "й" or plain("й") == plain("и")
    assert words("O’Connor’s _БҰҰ-ның_") == ["oconnors", "бұұ", "ның"]


@given(st.text(max_size=40), st.sampled_from(["en", "ru", "kk", "fr"]))
def test_any_text_has_words_without_blanks_or_quotes(text: str, lang: str) -> None:
    for word in words(text):
        for form in (stem(word, lang), plain(word)):
            assert not set(form) & set(' "\n')
