"""Whatever stands in a text, reading it raises nothing, and every quote stands where its offsets say.

``KG_MUTATIONS=10000`` mutates ten thousand articles instead of a few.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract import Extractor
from kg.model import LANGUAGES, Article, PartialDate
from kg.read import corpus, read

PIECES = (
    "Нью-Йорк", "БҰҰ-ның", "Алматыда", "the UN office in Almaty", "офис ООН в Алматы", "кеңсе", "(", ")", "«", "»", "—",
    "-", "\u00a0", "\u200b", "\u0301", "\ufeff", "\U0001f30d", "1-", "152-сі", "2017–2018", "%", "№ 3/39-Е",
    "'s", "’", "\n\n", "\r\n",
    "•", "…", "?", "!", ".", ",", "ИКАО-ның 41-ассамблеясында", "әл-", "аль-", "Mr", "Президент", "\u0130", "ﬁ", "ß",
    "²", "٣", "१२", "三", "А\u0306", "x" * 300, "\x00",
    # Kazakh in the Latin alphabets of 2018, 2019 and 2021, one word in two scripts, and Arabic script
    "BUU óńirlik ortalyǵy Almatyda", "Birikken Ulttar Uiymynyń keńsesi", "Bırıkken Ulttar Uıymy",
    "BŪŪ keñsesı Şymkentte",
    "OOН", "БYY-ның", "ЮHECKO", "Aлмaты", "алматыda", "Қазақstan",
    "مكتب الأمم المتحدة في ألماتي", "\u202eофис\u202c", "\u200f", "\u2067ООН\u2069", "האו״ם",
    # marks that join, also to nothing; what no text should hold; what regular expressions fear
    "\u0301" * 50, "и\u0306", "e\u0301\u0323", "\u20dd", "\ud800", "\udfff", "\ufffe", "\U000e0001",
    "\x1b[0m", "\x85", "\u2028",
    "(" * 200, ")" * 200, "((«(«" * 30 + "ООН" + "»)»))" * 30, "а" * 20_000, "1" * 5_000, "A." * 500, "-" * 500,
    "'" * 500,
    "https://" + "a/" * 300, "ООН" * 200, "Алматы, " * 60, "и " * 300, "№" * 50, "А-" * 300,
)  # fmt: skip


_OTHER_SCRIPT = str.maketrans("аеоорсухАВЕКМНОРСТХaeopcyxABEKMHOPCTX", "aeoopcyxABEKMHOPCTXаеорсухАВЕКМНОРСТХ")


def texts() -> Iterator[Article]:
    """The bundled articles."""
    yield from read(corpus())


def mutated(article: Article, rng: random.Random) -> Article:
    """The article with pieces cut out, doubled, swapped or put in, letters changed, in any language's clothes."""
    text = article.text
    for _ in range(rng.randrange(1, 12)):
        at, length = rng.randrange(len(text) + 1), rng.choice((1, 2, 5, 40, 200))
        text = rng.choice(
            (
                text[:at] + text[at + length :],
                text[:at] + text[at : at + length] + text[at:],
                text[:at] + rng.choice(PIECES) + text[at:],
                text[:at] + text[at : at + length].swapcase() + text[at + length :],
                text[:at] + text[at : at + length][::-1] + text[at + length :],
                text[:at] + chr(rng.choice((0x20, 0xA0, 0x301, 0x4E00, 0x1F600, 0x3B1))) + text[at + 1 :],
                text[:at] + text[at : at + length].translate(_OTHER_SCRIPT) + text[at + length :],
                text[:at] + text[at : at + length].upper() + text[at + length :],
                text[:at] + chr(rng.randrange(0x110000)) + text[at:],
                text[:at]
                + "(" * rng.randrange(9)
                + text[at : at + length]
                + ")" * rng.randrange(9)
                + text[at + length :],
                text[:at] + "\u0301".join(text[at : at + length]) + text[at + length :],
            )
        )[:60_000]
    published = rng.choice((None, PartialDate("2024"), PartialDate("2024-02-29"), article.published))
    lang = rng.choice((*LANGUAGES, article.lang, article.lang))
    return Article(article.id, lang, rng.choice((article.title, "", text[:80])), text, published)


def assert_sound(extractor: Extractor, article: Article) -> None:
    for fact in extractor.facts(article):
        assert fact.evidence
        for evidence in fact.evidence:
            source = article.title if evidence.where == "title" else article.text
            assert source[evidence.start : evidence.end] == evidence.quote != ""


def test_mutated_articles(extractor: Extractor) -> None:
    rng = random.Random(7)
    articles = list(texts())
    for _ in range(int(os.environ.get("KG_MUTATIONS", "100"))):
        assert_sound(extractor, mutated(rng.choice(articles), rng))


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_any_text(extractor: Extractor, pieces: list[str], lang: str) -> None:
    assert_sound(extractor, Article("any", lang, pieces[0] if pieces else "", " ".join(pieces), PartialDate("2024")))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_offsets_count_code_points(extractor: Extractor, before: str, lang: str) -> None:
    said = {
        "en": "The World Bank opened a country office in Dushanbe in 2019.",
        "ru": "Всемирный банк открыл в Душанбе страновой офис в 2019 году.",
        "kk": "Дүниежүзілік банк 2019 жылы Душанбеде елдік кеңсе ашты.",
    }[lang]
    article = Article("any", lang, "", f"{before}\n\n{said}\n", PartialDate("2024"))
    facts = [f for f in extractor.facts(article) if f.kind == "presence"]
    assert facts
    assert_sound(extractor, article)
