"""Long texts are read in pieces: nothing is lost, each fact once, every quote in its place."""

from __future__ import annotations

from kg.extract import Extractor
from kg.extract.long import LONGEST, joined, pieces
from kg.model import Article, PartialDate

SAID = "The World Bank opened a country office in Dushanbe in 2019."
FILLER = "The hills above the town were green that spring, and nobody spoke of anything else. "


def long(said: str = SAID, times: int = 3) -> Article:
    text = "\n\n".join(FILLER * (LONGEST // len(FILLER)) + said for _ in range(times))
    return Article("long", "en", "A headline", text, PartialDate("2024-05-20"))


def test_pieces_are_the_text_and_only_the_first_has_the_title() -> None:
    article = long()
    cut = list(pieces(article))
    assert "".join(piece.text for piece, _ in cut) == article.text
    assert all(article.text.startswith(piece.text, offset) for piece, offset in cut)
    assert all(len(piece.text) <= LONGEST for piece, _ in cut)
    assert [piece.title for piece, _ in cut] == ["A headline", *[""] * (len(cut) - 1)]


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    cut = list(pieces(Article("long", "en", "", "x" * (2 * LONGEST + 5), None)))
    assert [len(piece.text) for piece, _ in cut] == [LONGEST, LONGEST, 5]


def test_a_short_article_is_its_own_piece() -> None:
    article = Article("short", "en", "A headline", SAID, None)
    assert list(pieces(article)) == [(article, 0)]


def test_a_fact_of_several_pieces_is_one_with_quotes_in_their_places(extractor: Extractor) -> None:
    article = long()
    facts = [f for f in extractor.facts(article) if f.kind == "presence"]
    assert [f.slots["place"].id for f in facts] == ["city/dushanbe"]  # type: ignore[union-attr]
    assert len(facts[0].evidence) == 3
    for evidence in facts[0].evidence:
        assert article.text[evidence.start : evidence.end] == evidence.quote
        assert SAID in evidence.quote


def test_joined_keeps_at_most_three_quotes(extractor: Extractor) -> None:
    facts = extractor.facts(Article("short", "en", "", SAID, PartialDate("2024-05-20")))
    found = joined([(facts, 100 * n) for n in range(5)], lambda fact: fact.kind)
    assert [[e.start for e in fact.evidence] for fact in found] == [[0, 100, 200]]
