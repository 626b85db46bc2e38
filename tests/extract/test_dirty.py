"""Dirty text is read as clean text is, and its quotes keep the dirt."""

from __future__ import annotations

import re

import pytest

from kg.extract import Extractor
from kg.language.latin import from_cyrillic
from kg.model import Article, Entity, PartialDate

SAID = {
    "en": "UNESCO opened a regional office in Dushanbe in 2019. The World Bank has a country office in Bishkek.",
    "ru": "ЮНЕСКО открыла региональное бюро в Душанбе в 2019 году. У Всемирного банка есть страновой офис в Бишкеке.",
    "kk": "ЮНЕСКО 2019 жылы Душанбеде аймақтық бюро ашты. Дүниежүзілік банктің Бішкекте елдік кеңсесі бар.",
}
WANTED = {
    ("organization/unesco", "city/dushanbe", "regional-office"),
    ("organization/world-bank", "city/bishkek", "country-office"),
}


def presences(extractor: Extractor, lang: str, text: str) -> set[tuple[str, str, str]]:
    article = Article("dirty", lang, "", text, PartialDate("2024-05-20"))
    found = set()
    for fact in extractor.facts(article):
        for evidence in fact.evidence:
            assert text[evidence.start : evidence.end] == evidence.quote
        if fact.kind == "presence":
            organization, place = fact.slots["organization"], fact.slots["place"]
            assert isinstance(organization, Entity)
            assert isinstance(place, Entity)
            found.add((organization.id, place.id, str(fact.slots["form"])))
    return found


@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize(
    "dirty",
    [
        lambda text: text,
        lambda text: text.upper(),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  "),
        lambda text: re.sub(r"(\w{3})(?=\w{3})", "\\1\u00ad", text),
        lambda text: re.sub(r"(\w{4})(?=\w)", "\\1\u200b", text),
        lambda text: "\ufeff" + re.sub(r"(\w+)", "\u200e\\1\u200e", text),
        lambda text: text.replace("Всемирного", "Всемиирного").replace("Дүниежүзілік", "Дүниежүілік"),
        lambda text: re.sub("[oоаe]", lambda m: {"o": "о", "о": "o", "а": "a", "e": "е"}[m[0]], text, count=4),
        lambda text: f"Photo: press service | 10:42\nA. Author\n\n{text}\n\n© All rights reserved.",
        lambda text: (text + " ").replace(". ", ".\n\n"),
    ],
    ids="clean capitals nbsp double soft-hyphen zero-width direction typo alike boilerplate paragraphs".split(),
)
def test_reads_as_clean(extractor: Extractor, lang: str, dirty: object) -> None:
    assert callable(dirty)
    assert presences(extractor, lang, dirty(SAID[lang])) == WANTED


def test_a_typo_in_a_long_name(extractor: Extractor) -> None:
    found = presences(extractor, "en", "The Asian Devleopment Bank has a country office in Bishkek.")
    assert found == {("organization/adb", "city/bishkek", "country-office")}


@pytest.mark.parametrize("alphabet", ["2018", "2019", "2021"])
def test_kazakh_in_latin_letters(extractor: Extractor, alphabet: str) -> None:
    latin = from_cyrillic(f"{SAID['kk']} Бұл туралы ұйымның өзі және жаңа басшысы айтты.", alphabet)
    assert presences(extractor, "kk", latin) == WANTED
    assert presences(extractor, "kk", latin.replace(from_cyrillic("ЮНЕСКО", alphabet), "UNESCO")) == WANTED


@pytest.mark.parametrize(
    ("lang", "text", "organization"),
    [
        ("ru", "OOH открыла офис в Бишкеке.", "organization/un"),  # all Latin
        ("ru", "OOН открыла офис в Бишкеке.", "organization/un"),  # two of three
        ("kk", "БYY-ның Бішкекте елдік кеңсесі бар.", "organization/un"),
        ("en", "ОРЕС has its headquarters in Vienna.", "organization/opec"),  # all Cyrillic
        ("en", "UNЕSСO has its headquarters in Paris.", "organization/unesco"),
    ],
)
def test_acronyms_in_letters_of_the_other_alphabet(
    extractor: Extractor, lang: str, text: str, organization: str
) -> None:
    assert [o for o, _, _ in presences(extractor, lang, text)] == [organization]


def test_empty_brackets_beside_an_acronym_in_other_letters(extractor: Extractor) -> None:
    presences(extractor, "ru", "() OOH () открыла офис (ООН) в Бишкеке ().")
    presences(extractor, "en", "ОРЕС () opened an office () in Vienna.")


def test_lines_broken_for_their_length_end_no_sentence(extractor: Extractor) -> None:
    text = (
        "Yesterday it became known in the capital of the country that the World\n"
        "Bank, which lends for roads, water and schools in all of the region, has\n"
        "opened a country office, after four years of talks with the government, in\n"
        "Bishkek, and its head has already moved there with her small family.\n"
    )
    assert ("organization/world-bank", "city/bishkek", "country-office") in presences(extractor, "en", text)


def test_lines_of_a_list_end_sentences(extractor: Extractor) -> None:
    text = "It has offices.\nUNICEF in Osh\nThe World Bank\nVisitors came to Bishkek\nThey left\n"
    assert ("organization/world-bank", "city/bishkek", "country-office") not in presences(extractor, "en", text)
