"""Tokens, sentences and folding; every offset is into the text as given."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.tokens import analyse, fold

# Letters, marks and signs that are easily counted wrongly: astral planes, combining accents, joiners, odd spaces.
AWKWARD = st.text(
    st.one_of(
        st.characters(), st.sampled_from("A1.,!?«»“”’'-–—… \u00a0\u2009\u200b\u200d\u0301\u0306\n\t\r\ufeff😀𝒳ﬁİßѣәқңŐ")
    ),
    max_size=200,
)


def seen(word: str) -> str:
    """A word without marks that nobody sees."""
    return "".join(c for c in word if unicodedata.category(c) != "Cf" and c != "\u034f")


@given(AWKWARD, AWKWARD)
def test_offsets_are_true_under_any_unicode(text: str, title: str) -> None:
    document = analyse(title, text)
    assert len(document.raw) == len(document.low) == len(document.starts) == len(document.ends)
    for i, raw in enumerate(document.raw):
        sentence = document.sentences[document.sentence_of[i]]
        source = title if sentence.title else text
        assert raw
        assert seen(source[document.starts[i] : document.ends[i]]) == seen(raw)
    for n, sentence in enumerate(document.sentences):
        quote, start, end, is_title = document.span(n)
        assert (title if is_title else text)[start:end] == quote
        assert sentence.first < sentence.last


@given(AWKWARD, AWKWARD)
def test_sentences_cover_all_tokens_in_order(text: str, title: str) -> None:
    document = analyse(title, text)
    assert [i for s in document.sentences for i in range(s.first, s.last)] == list(range(len(document.raw)))
    for before, after in zip(document.sentences, document.sentences[1:], strict=False):
        assert before.title >= after.title
        assert before.title != after.title or before.end <= after.start


@given(AWKWARD)
def test_nothing_but_space_and_marks_is_lost(text: str) -> None:
    document = analyse("", text)
    held = {i for a, b in zip(document.starts, document.ends, strict=True) for i in range(a, b)}
    assert all(i in held for i, c in enumerate(text) if c.isalpha() or c.isdecimal())


@given(st.text(max_size=40))
def test_folding_is_stable(word: str) -> None:
    assert fold(fold(word)) == fold(word) or len(fold(word)) != len(word)


SENTENCES = [
    ("The U.N. office opened. It works.", 2),
    ("Mr. Smith and Dr. Lee came at 5 p.m. on Monday.", 1),
    ("Офис открыт в 2019 г. в Оше. Он работает.", 2),
    ("2025 ж. наурызда ашылды. Қазір жұмыс істейді.", 2),
    ("Кеңсе т.б. мекемелер бар. Олар көп.", 2),
    ("First line\nsecond line", 2),
    ("Is it so? Yes! Indeed…", 3),
    ("«Қайда?» – деді ол. Ешкім білмеді.", 2),
    ("The budget is 2.5 million. Nobody knows why.", 2),
    ("«Да». Он ушёл.", 2),
]


@pytest.mark.parametrize(("text", "count"), SENTENCES)
def test_sentences(text: str, count: int) -> None:
    assert len(analyse("", text).sentences) == count


def test_the_title_is_one_sentence_and_comes_first() -> None:
    document = analyse("Office opens. It works", "A text.")
    assert [s.title for s in document.sentences] == [True, False]
    assert document.first_text_sentence == 1
    assert document.span(0) == ("Office opens. It works", 0, 22, True)
    assert document.span(1) == ("A text.", 0, 7, False)


def test_nothing_comes_of_nothing() -> None:
    assert analyse("", "").sentences == []
    assert analyse(" \n", "\u200b \t").raw == ["\u200b"] or analyse(" \n", "\u200b \t").raw == []


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Kазахстан", "казахстан"),  # a Latin K
        ("N’Djamena", "n'djamena"),
        ("Ёж", "еж"),
        ("И\u0306ога", "йога"),  # an accent of its own
        ("‑", "-"),  # a hyphen that does not break
        ("UNESCO", "unesco"),
        ("Қазақстан", "қазақстан"),
    ],
)
def test_folding(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_time_grows_in_step_with_length() -> None:
    part = "The office in Osh opened in 2019. Офис в Оше открыт. Кеңсе Ошта ашылды.\n"

    def seconds(times: int) -> float:
        begun = time.process_time()
        analyse("", part * times)
        return time.process_time() - begun

    seconds(50)
    short, long = min(seconds(300) for _ in range(3)), min(seconds(3000) for _ in range(2))
    assert long < 40 * short  # ten times the text; four times that much leaves room for a busy machine
