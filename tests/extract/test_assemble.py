"""At one place in the text one reading stands, unless several names share it; questions state nothing."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.extract.assemble import by_fullness, choose
from kg.extract.candidates import FEATURES, Candidate, Generator, candidates
from kg.model import Article, PartialDate


def made(extractor: Extractor, text: str, lang: str = "en") -> list[Candidate]:
    reading = extractor.reader.read(Article("test", lang, "", text, PartialDate("2024-05-20")))
    return list(candidates(Generator(reading, extractor.reader.knowledge)))


def stand(found: list[Candidate], kind: str) -> set[tuple[str, ...]]:
    """Keys of what stands of a kind when every candidate is as likely."""
    return {s.best.key for s in choose(found, [0.9] * len(found), dict.fromkeys(FEATURES, 0.5)) if s.best.kind == kind}


def test_several_organisations_may_be_in_one_place_by_one_word(extractor: Extractor) -> None:
    found = made(extractor, "UNICEF and UNESCO have country offices in Dushanbe.")
    wanted = [c for c in found if c.kind == "presence" and c.key[1:] == ("city/dushanbe", "country-office")]
    assert {key[0] for key in stand(wanted, "presence")} == {"organization/unicef", "organization/unesco"}


def test_one_organisation_has_one_form_by_one_word(extractor: Extractor) -> None:
    found = made(extractor, "UNICEF has an office in Dushanbe.")
    wanted = [c for c in found if c.kind == "presence" and c.key[2] in {"country-office", "regional-office"}]
    assert len({c.key for c in wanted}) > 1
    assert len(stand(wanted, "presence")) == 1


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Will UNICEF open an office in Dushanbe?"),
        ("ru", "Откроет ли ЮНИСЕФ офис в Душанбе?"),
        ("kk", "ЮНИСЕФ Душанбеде кеңсе аша ма?"),
    ],
)
def test_a_question_states_nothing(extractor: Extractor, lang: str, text: str) -> None:
    assert made(extractor, text, lang) == []
    assert made(extractor, text.replace("?", "."), lang) != []


@pytest.mark.parametrize(
    ("lang", "text", "person"),
    [
        ("en", "The World Bank is led by Jane Roe of Utopia.", "Jane Roe"),
        ("ru", "Отделение Всемирного банка возглавляет Иван Петров.", "Иван Петров"),
        ("kk", "Дүниежүзілік банкті Айжан Серікова басқарады.", "Айжан Серікова"),
    ],
)
def test_who_leads_needs_no_title(extractor: Extractor, lang: str, text: str, person: str) -> None:
    found = [c for c in made(extractor, text, lang) if c.kind == "tenure"]
    assert ("organization/world-bank", person) in {
        (c.fillers["of"].entity.id, c.fillers["person"].entity.names[0]) for c in found
    }


@pytest.mark.parametrize("mark", ["•", "–"])
def test_items_of_a_list_look_back_to_the_word_before_the_list(extractor: Extractor, mark: str) -> None:
    items = ("Amman, for the Arab states", "Nairobi, for the east", "Dakar, for the west")
    text = "UNICEF has regional offices:\n" + "\n".join(f"{mark} {item};" for item in items)
    keys = {c.key for c in made(extractor, text) if c.kind == "presence"}
    for city in ("amman", "nairobi", "dakar"):
        assert ("organization/unicef", f"city/{city}", "regional-office") in keys


def test_an_article_that_tells_little_must_be_surer_of_it() -> None:
    thresholds = dict.fromkeys(FEATURES, 0.5)
    scant = by_fullness(thresholds, told=0.6, words=200)["presence"]
    medium = by_fullness(thresholds, told=2.0, words=200)["presence"]
    full = by_fullness(thresholds, told=9.0, words=200)["presence"]
    assert scant > medium > full
    assert by_fullness(thresholds, told=90.0, words=200)["presence"] == full  # there is an end to it
    assert by_fullness(thresholds, told=0.6, words=8) == by_fullness(thresholds, told=0.6, words=50)


def test_what_is_unsure_stands_only_among_much_that_is_sure(extractor: Extractor) -> None:
    found = made(extractor, "UNICEF has country offices in Dushanbe, Bishkek and Tashkent.")
    sure = [c for c in found if c.kind == "presence" and c.key[2] == "country-office" and c.key[1] != "city/tashkent"]
    unsure = [c for c in found if c.kind == "presence" and c.key[1:] == ("city/tashkent", "country-office")]
    thresholds = dict.fromkeys(FEATURES, 0.5)
    probabilities = [0.95] * len(sure) + [0.48] * len(unsure)
    assert "city/tashkent" in {s.best.key[1] for s in choose([*sure, *unsure], probabilities, thresholds, words=80)}
    assert choose(unsure, [0.48] * len(unsure), thresholds, words=200) == []
