"""Names that no table has: persons and organisations by their form, in three scripts."""

from __future__ import annotations

import pytest

from tests.extract.conftest import Read, spans

PERSONS = [
    ("en", "Ambassador Marisol Quenta of Peru spoke.", "Marisol Quenta"),
    ("en", "It was said by Piet van Zwaluw, a director.", "Piet van Zwaluw"),
    ("en", "Envoy Lu'ay Abu Qassem and J. P. Fennimore met.", "Lu'ay Abu Qassem"),
    ("ru", "Посол Перу Марисоль Кента выступила.", "Марисоль Кента"),
    ("ru", "Встреча с Иваном Петровым прошла.", "Иван Петров"),
    ("ru", "Слово дали директору Айгуль Сериковне Омаровой.", "Айгуль Сериковна Омарова"),
    ("kk", "Елші Асан Үсенов келді.", "Асан Үсенов"),
    ("kk", "Директор Айгүл Серікқызы Омаровамен кездесті.", "Айгүл Серікқызы Омарова"),
]


@pytest.mark.parametrize(("lang", "text", "name"), PERSONS)
def test_persons(read: Read, lang: str, text: str, name: str) -> None:
    reading = read(lang, text)
    people = [m for m in reading.mentions if m.type == "person"]
    assert any(name in m.entity.names for m in people), [m.entity.names for m in people]
    assert all(not m.entity.known for m in people)


def test_two_particles(read: Read) -> None:
    people = [m for m in read("en", "It was said by Piet van der Zwaluw, a director.").mentions if m.type == "person"]
    assert [m.entity.names[0] for m in people] == ["Piet van der Zwaluw"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "WORK STARTS ON MONDAY MORNING"),
        ("en", "The Office opened."),
        ("ru", "Работа начата."),
        ("kk", "Жұмыс басталды."),
    ],
)
def test_capitals_alone_make_no_person(read: Read, lang: str, text: str) -> None:
    assert spans(read(lang, "It is so.", text) if text.isupper() else read(lang, text), "person") == []


def test_a_family_name_stands_for_the_whole(read: Read) -> None:
    reading = read("en", "Marisol Quenta spoke first. Later Director Quenta left.")
    people = [m.entity.id for m in reading.mentions if m.type == "person"]
    assert len(people) == 2
    assert len(set(people)) == 1


ORGANIZATIONS = [
    ("en", "The Alpine Convention Permanent Secretariat (ACPS) met. ACPS is small.", "ACPS"),
    ("ru", "Международный центр горных исследований (МЦГИ) открыт. МЦГИ мал.", "МЦГИ"),
    ("kk", "Халықаралық тау институты (ХТИ) ашылды. ХТИ-дің жұмысы көп.", "ХТИ"),
]


@pytest.mark.parametrize(("lang", "text", "acronym"), ORGANIZATIONS)
def test_an_acronym_in_brackets_is_known_from_then_on(read: Read, lang: str, text: str, acronym: str) -> None:
    found = [m.entity for m in read(lang, text).mentions if m.type == "organization"]
    assert len(found) >= 2
    assert len({e.id for e in found}) == 1
    assert acronym in found[-1].names
    assert not found[0].known
    assert found[0].id.startswith("organization/x-")


WHOLE = [
    ("en", "The Caribbean Glacier Centre opened.", "Caribbean Glacier Centre"),
    ("en", "The Island Peoples' Secretariat came.", "Island Peoples' Secretariat"),
    ("en", "UNESCO's Institute for Glaciers closed.", "UNESCO Institute for Glaciers"),
    ("ru", "Карибский ледниковый центр открыт.", "Карибский ледниковый центр"),
    ("ru", "Международная комиссия по охране ледников работает в Риме.", "Международная комиссия по охране ледников"),
    ("ru", "Центральная комиссия судоходства собралась.", "Центральная комиссия судоходства"),
    ("ru", "Встреча Международной ассоциации изучения вулканов прошла.", "Международная ассоциация изучения вулканов"),
    ("kk", "Мұз жөніндегі халықаралық комиссия Римде.", "Мұз жөніндегі халықаралық комиссия"),
    ("kk", "Эльва өзенін қорғау жөніндегі халықаралық ұйым ашылды.", "Эльва өзенін қорғау жөніндегі халықаралық ұйым"),
]


@pytest.mark.parametrize(("lang", "text", "name"), WHOLE)
def test_the_whole_name_of_a_new_organisation(read: Read, lang: str, text: str, name: str) -> None:
    names = {
        n for m in read(lang, text).mentions if m.how == "new" and m.type == "organization" for n in m.entity.names
    }
    assert name in names


@pytest.mark.parametrize("text", ["Қазақстан халықаралық комиссия құрды.", "Бұл кездесуде халықаралық ұйым айтылды."])
def test_an_adjective_makes_no_name(read: Read, text: str) -> None:
    assert not [m for m in read("kk", text).mentions if m.how == "new"]


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("kk", "Ұйымды Салим бин Мұхаммад әл-Мәлик басқарады.", "Салим бин Мұхаммад әл-Мәлик"),
        ("ru", "Выступил Халид бин Фахад аль-Кахтани.", "Халид бин Фахад аль-Кахтани"),
    ],
)
def test_a_father_is_part_of_the_name(read: Read, lang: str, text: str, name: str) -> None:
    assert [m.entity.names[0] for m in read(lang, text).mentions if m.type == "person"] == [name]
