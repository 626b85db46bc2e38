"""A name that several things have means the one that the article speaks of."""

from __future__ import annotations

import pytest

from tests.extract.conftest import Read


def linked(read: Read, lang: str, text: str, name: str) -> list[str]:
    reading = read(lang, text)
    low = reading.document.low
    return [
        m.entity.id for m in reading.mentions if "".join(low[m.first : m.last]).startswith(name) and m.how == "name"
    ]


@pytest.mark.parametrize(
    ("lang", "text", "name", "entity"),
    [
        ("en", "A hub was opened in Tripoli. Libya pays for it.", "tripoli", "city/tripoli-ly"),
        ("en", "A hub was opened in Tripoli. Lebanon pays for it.", "tripoli", "city/tripoli"),
        ("en", "A hub was opened in Tripoli, and one in Beirut.", "tripoli", "city/tripoli"),
        ("en", "UNSMIL moved its people to Tripoli.", "tripoli", "city/tripoli-ly"),
        ("ru", "Бюро переехало в Триполи, столицу Ливии.", "триполи", "city/tripoli-ly"),
        ("ru", "Бюро переехало из Бейрута в Триполи.", "триполи", "city/tripoli"),
        ("kk", "Кеңсе Триполиге көшті, Ливия оны қолдайды.", "триполи", "city/tripoli-ly"),
        ("kk", "Кеңсе Триполиге көшті, Ливан оны қолдайды.", "триполи", "city/tripoli"),
        ("ru", "Секретариат работает в Джорджтауне, Гайана.", "джорджтаун", "city/georgetown"),
        ("ru", "Малайзия открыла центр в Джорджтауне.", "джорджтаун", "city/penang"),
        ("en", "ISA has its seat in Kingston.", "isa", "organization/isa-seabed"),
        ("en", "Solar power grows, says ISA, the alliance of sunny countries.", "isa", "organization/isa-solar"),
        ("en", "AFC lends for roads. It is based in Lagos.", "afc", "organization/africa-finance-corporation"),
        ("en", "The DRC joined. The Democratic Republic of the Congo is large.", "drc", "country/cd"),
        ("en", "The DRC helps. The Danish Refugee Council is large.", "drc", "organization/drc"),
    ],
)
def test_what_is_named_near_tells(read: Read, lang: str, text: str, name: str, entity: str) -> None:
    assert linked(read, lang, text, name) == [entity]


@pytest.mark.parametrize(("lang", "text"), [("ru", "Встреча прошла в Триполи."), ("en", "They met in Tripoli.")])
def test_a_capital_goes_before_other_cities(read: Read, lang: str, text: str) -> None:
    assert linked(read, lang, text, "трип" if lang == "ru" else "trip") == ["city/tripoli-ly"]


@pytest.mark.parametrize(
    ("lang", "text", "entities"),
    [
        ("ru", "Организация ГУАМ растёт.", {"organization/guam"}),
        ("ru", "Секретариат ГУАМ находится в Киеве.", {"organization/guam", "city/kyiv"}),
        ("en", "The GUAM Secretariat sits in Kyiv.", {"organization/guam", "city/kyiv"}),
        ("kk", "ГУАМ хатшылығы Киевте орналасқан.", {"organization/guam", "city/kyiv"}),
        ("en", "Guam has an office of FEMA.", {"country/gu"}),
        ("ru", "Остров Гуам далеко.", {"country/gu"}),
        ("ru", "СПЕКА растёт. Ей помогает ЕЭК ООН. Программа рада.", {"organization/speca", "organization/unece"}),
    ],
)
def test_capitals_and_words_for_what_a_name_is(read: Read, lang: str, text: str, entities: set[str]) -> None:
    reading = read(lang, text)
    found = {m.entity.id for m in reading.mentions if m.entity.known}
    assert found == entities
    assert not any(m.others for m in reading.mentions)


def test_a_name_in_a_headline_of_capitals_keeps_its_meanings(read: Read) -> None:
    mention = read("ru", "ГУАМ ПРИНЯЛ НОВЫЙ ЗАКОН О ВЫБОРАХ").mentions[0]
    assert {mention.type, *(o.type for o in mention.others)} == {"organization", "country"}


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Африканский банк развития (АБР) вырос. АБР рад.", "organization/afdb"),
        ("Азиатский банк развития (АБР) вырос. АБР рад.", "organization/adb"),
        ("АБР рад.", "organization/adb"),
    ],
)
def test_an_acronym_that_the_article_explains(read: Read, text: str, entity: str) -> None:
    assert set(linked(read, "ru", text, "абр")) == {entity}


def test_a_body_in_brackets_explains_nothing(read: Read) -> None:
    assert linked(read, "ru", "Европейское региональное бюро (ВОЗ) растёт. ВОЗ рада.", "воз")[-1] == "organization/who"
