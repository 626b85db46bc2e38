"""The words around a candidate: names stand for types, the score is the sum of what the features weigh."""

from __future__ import annotations

from typing import Any

import pytest

from kg.extract import Extractor
from kg.extract.candidates import FEATURES, Candidate, Generator, candidates
from kg.extract.wording import Symbols, Wording, features, words
from kg.extract.wordtables import SHARED
from kg.model import LANGUAGES, Article, PartialDate
from kg.read import corpus, read

TEXT = "The World Bank opened a country office in Dushanbe in 2019."


@pytest.fixture(scope="module")
def made(extractor: Extractor) -> tuple[Generator, Candidate]:
    reading = extractor.reader.read(Article("test", "en", "", TEXT, PartialDate("2024-05-20")))
    generator = Generator(reading, extractor.reader.knowledge)
    key = ("organization/world-bank", "city/dushanbe", "country-office")
    return generator, next(c for c in candidates(generator) if c.key == key)


def test_names_and_dates_stand_for_their_types(made: tuple[Generator, Candidate]) -> None:
    symbols = Symbols(made[0])
    assert symbols.word == [
        "@orga", "@orga", "@orga", "opene", "a", "count", "offic", "in", "@city", "in", "@date", ".",
    ]  # fmt: skip
    assert symbols.between(0, 6) == ["@orga", "opene", "a", "count"]


def test_what_a_candidate_is_told_by(made: tuple[Generator, Candidate]) -> None:
    found = set(features(Symbols(made[0]), made[1]))
    assert {"O+1:opene", "P-1:in", "T<P=in", "O<P:opene", "tv:offic=country-office", "s:opene"} <= found
    assert not [f for f in found if "World" in f or "dush" in f or "2019" in f]


def test_the_way_between_names_is_the_same_in_every_language(made: tuple[Generator, Candidate]) -> None:
    symbols = Symbols(made[0])
    assert symbols.plain == [
        "@orga.nom", "@orga.nom", "@orga.nom", "v.open", "w", "est.country-office", "est.country-office", "p.loc",
        "@city.loc", "p.loc", "@date", ".",
    ]  # fmt: skip
    found = set(features(symbols, made[1]))
    assert {"~T<P=p.loc", "~O<P:v.open", "~P-1:p.loc|@city.loc"} <= found


def test_the_score_is_the_sum_of_the_weights(made: tuple[Generator, Candidate]) -> None:
    generator, candidate = made
    weights: dict[str, Any] = {
        "presence": {"intercept": -1.0, "en": {"O+1:opene": 0.5, "s:in": 0.25, "P-1:nowhere": 9.0}}
    }
    assert Wording(generator, weights).score(candidate) == -1.0 + 0.5 + 2 * 0.25
    weights["presence"]["all"] = {"~T<P=p.loc": 2.0}
    assert Wording(generator, weights).score(candidate) == -1.0 + 0.5 + 2 * 0.25 + 2.0
    assert Wording(generator, {}).score(candidate) == 0.0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_score_read_off_the_tables_is_that_of_the_features(extractor: Extractor, lang: str) -> None:
    article = next(a for a in read(corpus()) if a.lang == lang)
    generator = Generator(extractor.reader.read(article), extractor.reader.knowledge)
    wording, symbols, kinds = Wording(generator), Symbols(generator), set()
    for candidate in candidates(generator):
        entry = words()[candidate.kind]
        weights = {**entry[lang], **entry[SHARED]}
        expected = entry["intercept"] + sum(weights.get(f, 0.0) for f in features(symbols, candidate))
        assert wording.score(candidate) == pytest.approx(expected, abs=1e-12), candidate
        kinds.add(candidate.kind)
    assert {"presence", "tenure"} <= kinds


def test_the_shipped_weights_are_for_every_kind_and_language() -> None:
    assert set(words()) == set(FEATURES)
    for kind, entry in words().items():
        assert {"intercept", SHARED, *LANGUAGES} == set(entry), kind
        assert all(isinstance(w, float) and w for group in (SHARED, *LANGUAGES) for w in entry[group].values())
        assert all(feature.startswith("~") for feature in entry[SHARED]), kind
        assert not any(feature.startswith("~") for lang in LANGUAGES for feature in entry[lang]), kind
