"""From articles to facts: whatever the text, quotes are verbatim, and the same text gives the same facts."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.extract import Extractor, extract
from kg.model import CONCEPTS, KINDS, LANGUAGES, Article, Entity, Fact, PartialDate
from kg.read import corpus
from kg.read import read as read_articles

PUBLISHED = PartialDate("2024-05-20")

# Pieces that make candidates: names, trigger words, dates, numbers, and what breaks careless code.
PIECES = st.sampled_from(
    [
        "UNICEF", "the United Nations", "ООН", "БҰҰ-ның", "ЕБРР", "World Bank", "in Almaty", "Алматыда", "в Женеве",
        "Geneva", "Kazakhstan", "Қазақстан", "Казахстан", "opened", "открыла", "ашты", "moved from", "переехал из",
        "көшті", "office", "офис", "кеңсесі", "headquarters", "штаб-квартира", "regional centre", "signed", "подписали",
        "қол қойды", "agreement", "соглашение", "adopted", "resolution", "резолюцию", "қарарды", "152", "193",
        "votes in favour", "joined", "вступила в", "мүше болды", "member", "President", "президент", "Министр",
        "Antonio Guterres", "Иван Петров", "proposed", "предложил", "ұсынды", "on 4 March 2025", "в 2019 году", "биыл",
        "2017–2018", "A/RES/77/158", ".", ",", "?", "!", "\n", "«", "»", "(", ")", "–", "’", "\u00a0", "\u200b",
        "\u0301", "😀", "𝒳", "İ", "ﬁ", "\ufeff", "\x00", "-", "'s", "if", "не", "жоқ", "the bank", "there", "here",
        "18 UN agencies",
    ]
)  # fmt: skip
ROWS = st.lists(PIECES, max_size=40).map(" ".join)
ANY = st.one_of(ROWS, st.text(max_size=120), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=30).map("".join))


def assert_sound(article: Article, facts: list[Fact]) -> None:
    """Every fact fits the model, and every quote stands in the text where it is said to stand."""
    for fact in facts:
        assert set(fact.slots) <= set(KINDS[fact.kind])
        assert {slot for slot, spec in KINDS[fact.kind].items() if spec.key} <= set(fact.slots)
        assert 0 <= fact.confidence <= 1
        assert fact.evidence
        for span in fact.evidence:
            source = article.title if span.where == "title" else article.text
            assert source[span.start : span.end] == span.quote != ""
        for slot, value in fact.slots.items():
            spec = KINDS[fact.kind][slot]
            assert isinstance(value, tuple) == spec.many
            for one in value if isinstance(value, tuple) else (value,):
                if spec.type == "entity":
                    assert isinstance(one, Entity)
                    assert one.names
                elif spec.type == "date":
                    assert isinstance(one, PartialDate)
                elif spec.type == "int":
                    assert type(one) is int
                elif spec.type == "concept":
                    assert one in CONCEPTS[spec.scheme]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("CO² fell¹ by ① and ٣ per cent ½", "Note¹", "en", PUBLISHED)
@example("CO² упал¹ на ① и ٣", "Сноска¹", "ru", PUBLISHED)
@example("CO² азайды¹ ① ٣ жылы", "Ескерту¹", "kk", PUBLISHED)
@given(ANY, ANY, st.sampled_from(LANGUAGES), st.sampled_from([None, PUBLISHED, PartialDate("2024")]))
def test_any_text_is_read_and_every_quote_is_verbatim(
    text: str, title: str, lang: str, published: PartialDate | None
) -> None:
    article = Article("any", lang, title, text, published)
    assert_sound(article, extract(article))


def bundled() -> list[Article]:
    return list(read_articles(corpus()))


def mutated(article: Article, random_: random.Random) -> Article:
    """The article with a few changes such as bad scans and careless copying make."""
    text = list(article.text)
    for _ in range(random_.randrange(1, 12)):
        at = random_.randrange(len(text))
        match random_.randrange(7):
            case 0:
                del text[at : at + random_.randrange(1, 30)]
            case 1:
                text.insert(at, random_.choice("\u00a0\u200b\u0301.,?!«»()-–\n\t\x00😀𝒳"))
            case 2:
                text[at : at + 40] = reversed(text[at : at + 40])
            case 3:
                text[at : at + 60] = "".join(text[at : at + 60]).upper()
            case 4:
                text[at : at + 1] = random_.choice("aеoрcхАВС")
            case 5:
                text[at:at] = text[: random_.randrange(200)]
            case _:
                text[at : at + 1] = chr(random_.randrange(1, 0xD7FF))
        text = text or ["."]
    lang = random_.choice((article.lang, *LANGUAGES))
    return Article(article.id, lang, article.title, "".join(text), article.published)


def test_mutated_articles_raise_nothing(extractor: Extractor) -> None:
    random_ = random.Random(20240520)
    articles = [mutated(article, random_) for article in bundled() for _ in range(12)]
    for article, facts in extractor.many(articles):
        assert_sound(article, facts)


def test_the_bundled_articles_give_facts_of_every_kind(extractor: Extractor) -> None:
    kinds: set[tuple[str, str]] = set()
    for article, facts in extractor.many(bundled()):
        assert_sound(article, facts)
        kinds |= {(article.lang, fact.kind) for fact in facts}
    assert {kind for _, kind in kinds} == set(KINDS)
    assert {lang for lang, _ in kinds} == set(LANGUAGES)


def test_the_same_text_gives_the_same_facts(extractor: Extractor) -> None:
    articles = bundled()
    first = [facts for _, facts in extractor.many(articles)]
    assert [facts for _, facts in extractor.many(articles)] == first
    assert [facts for _, facts in Extractor().many(articles)] == first


def test_a_batch_reads_as_one_by_one(extractor: Extractor) -> None:
    articles = bundled()
    together = {article.id: facts for article, facts in extractor.many(reversed(articles))}
    for article in articles:
        assert extractor.facts(article) == together[article.id]


def test_one_fact_is_told_once(extractor: Extractor) -> None:
    text = "UNICEF opened a country office in Osh. UNICEF opened its country office in Osh last year."
    facts = extractor.facts(Article("twice", "en", "UNICEF opens country office in Osh", text, PUBLISHED))
    keys = [(f.kind, str(f.slots.get("organization")), str(f.slots.get("place")), f.slots.get("form")) for f in facts]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("article", [Article("a", "und", "", "Les Nations unies."), Article("b", "en", "", "")])
def test_what_cannot_be_read_says_nothing(extractor: Extractor, article: Article) -> None:
    assert extractor.facts(article) == []


def test_min_confidence_leaves_out_the_doubtful() -> None:
    articles = bundled()
    everything = [f for _, facts in Extractor().many(articles) for f in facts]
    sure = [f for _, facts in Extractor(min_confidence=0.9).many(articles) for f in facts]
    assert 0 < len(sure) < len(everything)
    assert sure == [f for f in everything if f.confidence >= 0.9]


def test_a_word_of_ones_own_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("triggers:\n  est.country-office: [seedling bureaux, seedling*]\n", encoding="utf-8")
    article = Article("own", "en", "", "The World Bank has a seedling in Dushanbe.", PUBLISHED)
    with_it = Extractor(frames=[path]).facts(article)
    assert [(f.kind, f.slots.get("form")) for f in with_it] == [("presence", "country-office")]
    assert Extractor().facts(article) != with_it


def test_a_name_of_ones_own_counts_at_once(tmp_path: Path) -> None:
    from kg import reference

    path = tmp_path / "organizations-mine.csv"
    path.write_text(
        "id,kind,name_en,acronym_en\nyurt-council,regional-organization,Yurt Council,YUCO\n", encoding="utf-8"
    )
    extractor = Extractor(reference.load(extra=[path], cache=False))
    facts = extractor.facts(Article("own", "en", "", "YUCO has its headquarters in Dushanbe.", PUBLISHED))
    assert [f.kind for f in facts] == ["presence"]
    organization = facts[0].slots["organization"]
    assert isinstance(organization, Entity)
    assert organization.id == "organization/yurt-council"


def test_time_grows_in_step_with_length(extractor: Extractor) -> None:
    import time

    part = "The World Bank has a country office in Dushanbe. Visitors came on Monday, and nobody knew why.\n"

    def seconds(times: int) -> float:
        text = part * times
        begun = time.process_time()
        extractor.facts(Article("long", "en", "", text, PUBLISHED))
        return time.process_time() - begun

    seconds(10)
    short, long = min(seconds(50) for _ in range(3)), min(seconds(500) for _ in range(2))
    assert long < 40 * short


def test_no_clock_and_no_chance() -> None:
    for path in (Path(__file__).parents[2] / "kg" / "extract").rglob("*.py"):
        assert not re.search(
            r"\b(?:import|from) (?:random|time|secrets)\b|datetime\.now|date\.today", path.read_text("utf-8")
        )
