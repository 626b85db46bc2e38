"""Clauses of a sentence, and what governs a word of it."""

from __future__ import annotations

from kg.extract import Extractor
from kg.extract.features import View
from kg.model import Article


def clauses(extractor: Extractor, lang: str, text: str) -> list[str]:
    """The words of each clause, what is set into it with it."""
    reading = extractor.reader.read(Article("test", lang, "", text))
    view = View(reading)
    found: dict[int, list[str]] = {}
    for number, word in zip(view.wide, reading.document.raw, strict=True):
        found.setdefault(number, []).append(word)
    return [" ".join(words) for words in found.values()]


def test_what_is_set_in_without_a_verb_is_no_clause(extractor: Extractor) -> None:
    text = "Oxfam, a charity, opened an office in Osh, and the bank closed one."
    assert clauses(extractor, "en", text) == [
        "Oxfam , a charity , opened an office in Osh ,",
        "and the bank closed one .",
    ]


def test_a_relative_clause_is_one(extractor: Extractor) -> None:
    text = "Банк, который основали шесть государств, открыл офис в Оше."
    assert clauses(extractor, "ru", text)[0] == "Банк ,"
