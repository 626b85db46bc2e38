"""Slots read from the next sentence, from durations, from the day of publication and from names."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.extract.slots import _label_themes
from kg.model import Article, Entity, Fact, PartialDate


def _facts(extractor: Extractor, lang: str, text: str, kind: str) -> list[Fact]:
    return [f for f in extractor.facts(Article("a", lang, "", text, PartialDate("2024-05-20"))) if f.kind == kind]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "UNICEF opened a regional office in Nairobi. It will cover Uganda, Rwanda and Burundi."),
        ("ru", "ЮНИСЕФ открыл в Найроби региональное бюро. Оно обслуживает Уганду, Руанду и Бурунди."),
        ("kk", "ЮНИСЕФ Найробиде өңірлік кеңсе ашты. Ол Уганда, Руанда және Бурундиге қызмет көрсетеді."),
    ],
)
def test_whom_the_next_sentence_says_is_served(extractor: Extractor, lang: str, text: str) -> None:
    (presence,) = _facts(extractor, lang, text, "presence")
    assert {place.iso for place in presence.slots["serves"]} == {"UG", "RW", "BI"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("lang", "text", "until"),
    [
        ("en", "Chile was elected to the UN Human Rights Council for three years from 1 January 2023.", "2025"),
        ("ru", "Чили избрали в Совет ООН по правам человека на три года с 1 января 2023 года.", "2025"),
        ("kk", "Чили 2023 жылғы 1 қаңтардан үш жылға БҰҰ Адам құқықтары жөніндегі кеңесіне сайланды.", "2025"),
    ],
)
def test_a_term_ends_after_its_years(extractor: Extractor, lang: str, text: str, until: str) -> None:
    (membership,) = _facts(extractor, lang, text, "membership")
    assert membership.slots["since"] == PartialDate("2023-01-01")
    assert membership.slots["until"] == PartialDate(until)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Chile joined the OECD for good on 11 January 2010 and paid two years later."),
        ("ru", "Чили вступила в ОЭСР 11 января 2010 года, а через два года заплатила взнос."),
    ],
)
def test_a_later_year_is_no_term(extractor: Extractor, lang: str, text: str) -> None:
    (membership,) = _facts(extractor, lang, text, "membership")
    assert "until" not in membership.slots


@pytest.mark.parametrize("text", ["Қазір Найробиде 31 БҰҰ агенттігі жұмыс істейді."])
def test_a_count_of_today_is_of_the_month_of_publication(extractor: Extractor, text: str) -> None:
    (count,) = _facts(extractor, "kk", text, "count")
    assert count.slots["date"] == PartialDate("2024-05")


def test_themes_of_a_label() -> None:
    def themes(name: str, *, known: bool = True) -> frozenset[str]:
        return _label_themes(Entity("organization/x", "organization", (name,), known=known))

    assert themes("World Health Organization") == {"health"}
    assert themes("Assistance Mission in Ruritania") == {"security"}
    assert themes("Group of Nine") == frozenset()
    assert themes("World Health Organization", known=False) == frozenset()
