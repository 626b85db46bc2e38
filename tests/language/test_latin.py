"""Kazakh in its Latin alphabets: there and back again, and told from its neighbours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.latin import ALPHABETS, alphabet_of, from_cyrillic, to_cyrillic
from kg.read.language import identify

TEXT = (
    "Біріккен Ұлттар Ұйымы Шымкентте жаңа өңірлік орталық ашты. Қазақстан Президенті бұл туралы Нью-Йоркте айтты және "
    "Ресей, Франция, Үндістан мен Италия үшін де жұмыс істейтінін, халықаралық ұйымның қызметі кеңейетінін жеткізді."
)


def back(text: str, alphabet: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda m: to_cyrillic(m[0], alphabet), text)


@pytest.mark.parametrize(
    ("alphabet", "latin"),
    [
        ("2018", "Birikken Ulttar Uıymy Shymkentte jańa óńirlik ortalyq ashty."),
        ("2019", "Birikken Ulttar Uıymy Şımkentte"),
        ("2021", "Bırıkken Ūlttar Ūiymy Şymkentte jaña öñırlık ortalyq aşty."),
    ],
)
def test_as_people_write_it(alphabet: str, latin: str) -> None:
    if alphabet != "2019":
        assert from_cyrillic(TEXT, alphabet).startswith(latin)
    assert back(latin, alphabet).startswith("Біріккен Ұлттар Ұйымы Ш")


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_there_and_back(alphabet: str) -> None:
    latin = from_cyrillic(TEXT, alphabet)
    assert not re.search("[Ѐ-ӿ]", latin)
    assert back(latin, alphabet) == TEXT.replace("Нью", "Ню")  # the soft sign is lost
    assert alphabet_of(latin) == alphabet
    assert identify(latin) == "kk"


@pytest.mark.parametrize(
    ("word", "cyrillic"), [("BUU", "БҰҰ"), ("IÝNESKO", "ЮНЕСКО"), ("Iran", "Иран"), ("raıon", "район")]
)
def test_words_of_2018(word: str, cyrillic: str) -> None:
    assert to_cyrillic(word, "2018") == cyrillic


@pytest.mark.parametrize(
    "text",
    [
        "The United Nations opened a new centre in Almaty this year, officials said.",
        "Birleşmiş Milletler bu yıl Almatı'da yeni bir bölge merkezi açtı, yetkililer söyledi.",
        "BMT bu il Almatıda yeni regional mərkəz açdı, rəsmilər bildirdi.",
        "Die Vereinten Nationen eröffneten in Almaty ein neues Büro für die Region, so hieß es später.",
        "La ONU abrió este año una oficina en Almaty, según dijo él mismo.",
        "Біріккен Ұлттар Ұйымы Шымкентте жаңа өңірлік орталық ашты.",
        "",
    ],
)
def test_other_texts_are_none_of_them(text: str) -> None:
    assert alphabet_of(text) == ""


@given(st.text(max_size=40), st.sampled_from(ALPHABETS))
def test_any_word_is_read(word: str, alphabet: str) -> None:
    assert isinstance(to_cyrillic(word, alphabet), str)
    assert isinstance(from_cyrillic(word, alphabet), str)
    assert alphabet_of(word) in {"", *ALPHABETS}
