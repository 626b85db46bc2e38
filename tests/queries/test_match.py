"""From a sentence to a question, in three languages."""

from __future__ import annotations

import pytest

from kg import queries
from kg.queries.match import match
from kg.queries.spot import language, spot

ASKED = [
    ("who is in almaty", "who-is-in"),
    ("who was in Almaty in 2015", "who-is-in"),
    ("кто работает в Алматы", "who-is-in"),
    ("какие организации есть в Казахстане", "who-is-in"),
    ("Алматыда қандай ұйымдар бар", "who-is-in"),
    ("Қазақстанда қай ұйымдардың мекемесі бар", "who-is-in"),
    ("where does unicef work", "where-is"),
    ("где есть офисы ЮНИСЕФ", "where-is"),
    ("who left Afghanistan", "departures"),
    ("кто покинул Афганистан", "departures"),
    ("Ауғанстаннан кім кетті", "departures"),
    ("who came to Kazakhstan since 2020", "arrivals"),
    ("what did Tokayev propose", "proposals-of"),
    ("что предложил Токаев", "proposals-of"),
    ("what came of Tokayev's proposals", "what-came-of"),
    ("чем закончились предложения Казахстана", "what-came-of"),
    ("how long from proposal to opening", "days-to-opening"),
    ("timeline of Almaty", "timeline-of-place"),
    ("timeline of CICA", "timeline-of-organization"),
    ("UN bodies by country", "un-density"),
    ("UN density by city", "un-density-by-city"),
    ("which sources disagree", "disagreements"),
    ("где источники расходятся", "disagreements"),
    ("new facts since 2025", "newest-facts"),
    ("members of the SCO", "members-of"),
    ("кто входит в ШОС", "members-of"),
    ("Security Council elected members from Central Asia", "elected-security-council"),
    ("who holds which office in Kazakhstan", "tenures"),
    ("how are Tokayev and the UN connected", "path"),
    ("neighbours of UNRCCA", "neighbours"),
    ("quotes about Almaty", "quotes"),
    ("agreements signed by Kazakhstan", "signed-by"),
    ("which decisions were adopted by consensus", "adopted-by"),
    ("co-sponsors", "co-sponsors"),
    ("regional centres by goal", "regional-centres-by-goal"),
    ("map of establishments", "map"),
    ("which offices closed", "closed"),
    ("closed", "closed"),
    ("hosts without EDB", "hosts-without"),
    ("facts in one language only", "single-language"),
    ("announced but not opened", "announced-not-open"),
    ("объявлены, но не открыты", "announced-not-open"),
    ("жарияланған бірақ ашылмаған", "announced-not-open"),
    ("wikidata labels", "wikidata-labels"),
    ("coverage by language and source", "coverage"),
    ("headquarters in Astana", "headquarters-in"),
    ("which centres serve Afghanistan from elsewhere", "centres-serving-from-elsewhere"),
    ("net change by year in Kazakhstan", "net-change"),
]


@pytest.mark.parametrize(("text", "name"), ASKED)
def test_the_question_that_is_meant_comes_first(text: str, name: str) -> None:
    assert [one.question.name for one in match(text, 1)] == [name]


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("name", sorted(queries.library()))
def test_every_question_is_found_by_its_own_title(name: str, lang: str) -> None:
    assert name in [one.question.name for one in match(queries.library()[name].title[lang], 2)]


@pytest.mark.parametrize("text", ["", "???", "xyzzy", "a" * 5000, "\x00\ud800", "🙂 🙂"])
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert match(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("who was in almaty in 2015-03", {"place": "city/almaty", "on": "2015-03"}),
        ("кто был в Алматы в 2015", {"place": "city/almaty", "on": "2015"}),
        ("2015 жылы Алматыда кім болды", {"place": "city/almaty", "on": "2015"}),
        ("organisations with establishments in new york", {"place": "city/new-york"}),
    ],
)
def test_names_and_dates_become_values(text: str, values: dict[str, str]) -> None:
    first = match(text, 1)[0]
    assert (first.question.name, dict(first.values)) == ("who-is-in", values)


def test_two_names_take_two_parameters() -> None:
    first = match("how are Tokayev and the UN connected")[0]
    assert dict(first.values) == {"from": "person/kassym-jomart-tokayev", "to": "organization/un"}
    first = match("common memberships of Kazakhstan and Uzbekistan")[0]
    assert dict(first.values) == {"one": "country/kz", "other": "country/uz"}


def test_the_words_that_questions_are_made_of_are_no_names() -> None:
    # "who" is also the World Health Organization.
    assert spot("who is in almaty").entities == (("city/almaty", "almaty"),)
    assert spot("where is WHO").entities == (("organization/who", "WHO"),)


@pytest.mark.parametrize(("text", "lang"), [("who", "en"), ("кто", "ru"), ("кім", "kk"), ("", "en")])
def test_language(text: str, lang: str) -> None:
    assert language(text) == lang
