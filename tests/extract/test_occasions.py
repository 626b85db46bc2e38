"""Events at which something is proposed, in three languages."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.extract.occasions import find
from kg.model import Article, PartialDate
from tests.extract.conftest import Read


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("en", "The seventh ASEAN forum ended.", {"7th ASEAN forum", "seventh ASEAN forum"}),
        ("en", "Peru spoke at the Andean trade conference in Lima.", {"conference in Lima"}),
        ("en", "It was told the Coral Reefs Forum.", {"Coral Reefs Forum"}),
        ("en", "It was the 41st session of the Mekong River Commission.", {"41st session of the MRC"}),
        ("en", "Fiji asked for help at COP23.", {"COP23", "КС-23"}),
        ("ru", "На девятом саммите АСЕАН в Ханое выступил министр.", {"девятый саммит АСЕАН", "9th ASEAN summit"}),
        ("ru", "В ходе XII встречи в Лиме подписали план.", {"XII встреча в Лиме"}),
        ("ru", "Об этом сказали на 12-й сессии ЮНИДО.", {"12-я сессия ЮНИДО", "12th session of the UNIDO"}),
        ("kk", "Министр ЮНИДО-ның 12-сессиясында сөйледі.", {"ЮНИДО-ның 12-сессиясы", "12th session of the UNIDO"}),
        ("kk", "Лима форумында жоспар жарияланды.", {"Лима форумы", "forum in Lima"}),
        ("kk", "Ханойда өткен АСЕАН-ның саммитінде жоспар жарияланды.", {"ASEAN summit in Hanoi"}),
    ],
)  # fmt: skip
def test_names(read: Read, lang: str, text: str, names: set[str]) -> None:
    assert any(names <= set(event.mention.entity.names) for event in find(read(lang, text)))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The ministers left the meeting early."),
        ("ru", "Министры рано ушли с заседания."),
        ("kk", "Министрлер отырыстан ерте кетті."),
    ],
)
def test_a_gathering_without_a_name_is_none(read: Read, lang: str, text: str) -> None:
    assert find(read(lang, text)) == []


def test_one_event_in_three_languages(read: Read) -> None:
    texts = (
        ("en", "Chad spoke at the 12th session of UNIDO."),
        ("ru", "Чад выступил на 12-й сессии ЮНИДО."),
        ("kk", "Чад ЮНИДО-ның 12-сессиясында сөйледі."),
    )
    assert len({find(read(lang, text))[0].mention.entity.id for lang, text in texts}) == 1


def test_pointing_back(read: Read) -> None:
    events = find(read("en", "The ASEAN summit in Hanoi began. Leaders ate. At the summit Laos asked for money."))
    assert [e.bare for e in events] == [False, True]
    assert events[0].mention.entity is events[1].mention.entity


def test_session_of_the_general_assembly_by_its_year(read: Read) -> None:
    events = find(read("en", "Chad asked for help at the UN General Assembly in September 2011."))
    assert events[0].mention.entity.id == "event/unga-66"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "At the ninth ASEAN summit Laos proposed setting up a regional water centre in Vientiane."),
        ("ru", "На девятом саммите АСЕАН Лаос предложил создать региональный водный центр во Вьентьяне."),
        ("kk", "Лаос АСЕАН-ның 9-саммитінде Вьентьянда өңірлік су орталығын құруды ұсынды."),
    ],
)
def test_occasion_of_a_proposal(extractor: Extractor, lang: str, text: str) -> None:
    facts = extractor.facts(Article("a", lang, "", text, PartialDate("2024-05-20")))
    (occasion,) = [f.slots.get("occasion") for f in facts if f.kind == "proposal"]
    assert occasion is not None
    assert "9th ASEAN summit" in occasion.names  # type: ignore[union-attr]


def test_a_body_that_is_left_out_is_no_part_of_the_label(read: Read) -> None:
    (event,) = find(
        read("en", "ASEAN is growing. ASEAN leaders met in Hanoi. At the ninth summit Laos asked for money.")
    )
    assert event.mention.entity.names[0] == "ninth summit"
    assert "9th ASEAN summit" in event.mention.entity.names


def test_a_place_is_no_body(read: Read) -> None:
    (event,) = find(read("en", "ASEAN is growing. ASEAN leaders ate. At the summit in Hanoi Laos asked for money."))
    assert not [name for name in event.mention.entity.names if "ASEAN" in name]
