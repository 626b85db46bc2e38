"""Votes, the size of a body, co-sponsors and symbols, in three languages."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.extract.votes import symbol
from kg.model import Article, PartialDate


@pytest.mark.parametrize(
    ("lang", "text", "in_favour", "of"),
    [
        ("en", "By 11 votes, with Chile abstaining, the UN Security Council adopted resolution 2901.", 11, None),
        ("en", "Voting 13 to nil, the UN Security Council adopted resolution 2901 on Monday.", 13, None),
        ("en", "The 15-member UN Security Council adopted resolution 2901 on Monday.", None, 15),
        ("ru", "Совет Безопасности ООН принял резолюцию 2901: «за» высказались 13 членов.", 13, None),
        ("ru", "Четырнадцатью голосами «за» Совет Безопасности ООН принял резолюцию 2901.", 14, None),
        ("ru", "15-местный Совет Безопасности ООН принял в понедельник резолюцию 2901.", None, 15),
        ("kk", "БҰҰ Қауіпсіздік Кеңесі 2901-қарарды қабылдады: 13 делегат жақтап дауыс берді.", 13, None),
        ("kk", "15 мүшелі БҰҰ Қауіпсіздік Кеңесі дүйсенбіде 2901-қарарды қабылдады.", None, 15),
    ],
)
def test_votes(extractor: Extractor, lang: str, text: str, in_favour: int | None, of: int | None) -> None:
    facts = extractor.facts(Article("a", lang, "", text, PartialDate("2024-05-20")))
    (decision,) = [f.slots for f in facts if f.kind == "decision"]
    assert (decision.get("in_favour"), decision.get("of")) == (in_favour, of)
    if in_favour:
        assert decision["adopted_by"] == "vote"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Two states voted against, 13 votes against resolution 2901."),
        ("ru", "«Против» высказались 13 членов."),
        ("kk", "13 делегат қарсы болды."),
    ],
)
def test_votes_against_are_none_in_favour(extractor: Extractor, lang: str, text: str) -> None:
    article = Article("a", lang, "", text, PartialDate("2024-05-20"))
    assert all("in_favour" not in f.slots for f in extractor.facts(article))


def test_symbol() -> None:
    assert symbol("It adopted resolution A/RES/61/104.", "en") == "A/RES/61/104"
    assert symbol("Резолюцию 152 государства поддержали.", "ru") == ""
