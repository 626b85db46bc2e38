"""What the gate lets through, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kg.extract.refusal import REASONS, RefusedError
from kg.readers.link import Names
from tests.readers.annotated import through
from tests.readers.conftest import office

Make = Callable[..., Names]

TEXT = (
    "The International Hail Council (IHC) opened a country office in Astana on 3 March 2025. "
    "In 2024 it had announced that UNICEF would follow. The IHC has 41 member states."
)


def presence(**changed: Any) -> dict[str, Any]:
    quote = "The International Hail Council (IHC) opened a country office in Astana on 3 March 2025."
    return {**office(quote, "IHC", "International Hail Council"), **changed}


def entity(mention: str, is_: str, kind: str = "organization") -> dict[str, str]:
    return {"mention": mention, "is": is_, "type": kind}


def test_a_fact_that_the_article_states_passes(named: Make) -> None:
    names = named(TEXT)
    fact = through(names, presence())
    assert fact.get("since").value == "2025-03-03"  # type: ignore[union-attr]
    (span,) = fact.evidence
    assert TEXT[span.start : span.end] == span.quote
    assert (span.model, span.reader, span.rule) == ("m", "model", "")
    assert fact.get("place").id == "city/astana"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("form", {"kind": "embassy"}),
        ("form", {"form": "embassy"}),
        ("form", {"form": None}),
        ("form", {"budget": 3}),
        ("form", {"since": "March 2025"}),
        ("form", {"since": "2025-02-30"}),
        ("form", {"place": "Astana"}),
        ("form", {"place": None}),
        ("form", {"focus": ["hail"]}),
        ("form", {"organization": {"mention": "IHC", "is": "IHC"}}),
        ("form", {"quotes": "IHC"}),
        ("form", {"quotes": [3]}),
        ("quote", {"quotes": []}),
        ("quote", {"quotes": ["Astana"] * 7}),
        ("form", {"since": "2025", "until": "2024"}),
        ("quote", {"quotes": ["The Council opened a country office in Astana."]}),
        ("quote", {"quotes": ["the international hail council (IHC) opened a country office in Astana"]}),
        ("quote", {"quotes": [""]}),
        ("quote", {"quotes": ["   "]}),
        ("name", {"place": entity("Almaty", "city/almaty", "city")}),
        ("name", {"organization": entity("Hail Council of Nations", "Hail Council of Nations")}),
        ("link", {"organization": entity("IHC", "Inner Harbour Club")}),
        ("link", {"organization": entity("UNICEF", "organization/unesco")}),
        ("link", {"organization": entity("UNICEF", "United Nations Environment Programme")}),
        ("link", {"place": entity("Astana", "city/no-such-city", "city")}),
        ("link", {"organization": entity("IHC", "")}),
        ("type", {"place": entity("Astana", "city/astana", "country")}),
        ("type", {"place": entity("IHC", "International Hail Council")}),
        ("date", {"since": "2024-03-03"}),
        ("date", {"since": "2024-11"}),
        ("text", {"name": "Central Asian Hail House"}),
        ("status", {"status": "closed"}),
    ],
)  # fmt: skip
def test_what_goes_beyond_the_article_is_refused(named: Make, reason: str, changed: dict[str, Any]) -> None:
    assert reason in REASONS
    with pytest.raises(RefusedError) as refused:
        through(named(TEXT), presence(**changed))
    assert refused.value.reason == reason, str(refused.value)


def test_less_than_the_article_says_passes(named: Make) -> None:
    names = named(TEXT)
    for since in ("2025", "2025-03", None):
        through(names, presence(since=since))
    through(names, presence(organization=entity("International Hail Council", "International Hail Council")))
    through(names, presence(organization=entity("IHC", "IHC")))


def test_the_width_of_spaces_is_all_that_a_quote_may_differ_in(named: Make) -> None:
    text = "UNICEF  opened\u00a0a country\noffice in Astana. It is new."
    raw = presence(
        quotes=["UNICEF opened a country office in Astana."],
        organization=entity("UNICEF", "organization/unicef"),
        since=None,
    )
    fact = through(named(text), raw)
    assert fact.evidence[0].quote == "UNICEF  opened\u00a0a country\noffice in Astana."
    with pytest.raises(RefusedError):
        through(named(text), {**raw, "quotes": ["UNICEF opened a country office in Astana!"]})
    with pytest.raises(RefusedError):
        through(named(text), {**raw, "quotes": ["UNICEF opened a country-office in Astana."]})


def test_what_is_missing_is_not_filled_and_a_blank_is_none(named: Make) -> None:
    raw = presence(name="  ")
    for slot in ("until", "serves", "focus", "status"):
        del raw[slot]
    fact = through(named(TEXT), raw)
    assert set(fact.slots) == {"organization", "place", "form", "since"}


@pytest.mark.parametrize(
    "text",
    [
        "UNICEF has no country office in Astana.",
        "Reports say there are rumours about an office of UNICEF in Astana.",
        "UNICEF could open an office in Astana.",
    ],
)
def test_what_is_denied_is_refused(named: Make, text: str) -> None:
    raw = presence(quotes=[text], organization=entity("UNICEF", "organization/unicef"), since=None)
    with pytest.raises(RefusedError) as refused:
        through(named(text), raw)
    assert refused.value.reason == "denied"


def test_a_quote_about_something_else_is_refused(named: Make) -> None:
    text = (
        "UNICEF opened a country office in Astana. Prices of bread rose. The weather was fine. "
        "Children played in the parks."
    )
    raw = presence(organization=entity("UNICEF", "organization/unicef"), since=None, quotes=["The weather was fine."])
    with pytest.raises(RefusedError) as refused:
        through(named(text), raw)
    assert refused.value.reason == "words"


def test_an_acronym_that_nobody_spells_out_stays_one(named: Make) -> None:
    text = "ИГС 2025 жылы Астанада елдік кеңсесін ашты."
    raw = presence(quotes=[text], place=entity("Астанада", "city/astana", "city"), since="2025")
    through(named(text, lang="kk"), {**raw, "organization": entity("ИГС", "ИГС")})
    with pytest.raises(RefusedError) as refused:
        through(named(text, lang="kk"), {**raw, "organization": entity("ИГС", "Институт горного снега")})
    assert refused.value.reason == "link"
    spelt = "Институт горного снега (ИГС) открыл в 2025 году страновой офис в Астане."
    raw = {**raw, "quotes": [spelt], "place": entity("Астане", "city/astana", "city")}
    fact = through(named(spelt, lang="ru"), {**raw, "organization": entity("ИГС", "Институт горного снега")})
    assert fact.get("organization").names[0] == "Институт горного снега"  # type: ignore[union-attr]


LATIN = (
    "Kók Aspan 2025 jyly Astanada eldik keńsesin ashty. "
    "Bul týraly Qazaqstannyń Syrtqy ister mınıstrligi habarlady, dep jazady basylym."
)


@pytest.mark.parametrize("name", ["Kók Aspan", "Көк Аспан"])
@pytest.mark.parametrize("place", ["city/astana", "Astana", "Астана"])
def test_kazakh_in_latin_letters_is_compared_as_it_is_read(named: Make, name: str, place: str) -> None:
    names = named(LATIN, lang="kk")
    raw = presence(
        quotes=["Kók Aspan 2025 jyly Astanada eldik keńsesin ashty."],
        organization=entity("Kók Aspan", name),
        place=entity("Astanada", place, "city"),
        since="2025",
    )
    fact = through(names, raw)
    assert fact.get("place").id == "city/astana"  # type: ignore[union-attr]
    assert LATIN.startswith(fact.evidence[0].quote)
    with pytest.raises(RefusedError) as refused:  # a quote stays letter for letter
        through(names, {**raw, "quotes": ["Көк Аспан 2025 жылы Астанада елдік кеңсесін ашты."]})
    assert refused.value.reason == "quote"
    with pytest.raises(RefusedError):
        through(names, {**raw, "organization": entity("Kók Aspan", "Көк Теңіз")})
    with pytest.raises(RefusedError):
        through(names, {**raw, "place": entity("Astanada", "city/almaty", "city")})


@pytest.mark.parametrize("mention", ["ҚЫРҒЫЗСТАНДА", "Қырғызстанда"])
def test_a_headline_in_capitals_may_be_cited_in_small_letters(named: Make, mention: str) -> None:
    names = named("UNICEF бұл туралы хабарлады.", lang="kk", title="ҚЫРҒЫЗСТАНДА UNICEF КЕҢСЕСІ АШЫЛДЫ")
    raw = presence(
        quotes=["ҚЫРҒЫЗСТАНДА UNICEF КЕҢСЕСІ АШЫЛДЫ"],
        organization=entity("UNICEF", "organization/unicef"),
        place=entity(mention, "country/kg", "country"),
        since=None,
    )
    assert through(names, raw).evidence[0].where == "title"
    with pytest.raises(RefusedError):
        through(names, {**raw, "quotes": ["Қырғызстанда UNICEF кеңсесі ашылды"]})


@pytest.mark.parametrize(
    ("lang", "told", "passes", "refused"),
    [
        ("en", "yesterday", "2025-03-04", "2025-03-06"),
        ("en", "this year", "2025", "2025-02"),
        ("en", "last autumn", "2024", "2024-10"),
        ("en", "last month", "2025-02", "2025-02-05"),
        ("en", "three years ago", "2022", "2022-03"),
        ("en", "on 12 February", "2025-02-12", "2025-02-13"),
        ("ru", "вчера", "2025-03-04", "2025-03-06"),
        ("ru", "в прошлом году", "2024", "2024-03"),
        ("ru", "прошлой осенью", "2024", "2024-10"),
        ("ru", "в прошлом месяце", "2025-02", "2025-02-05"),
        ("kk", "кеше", "2025-03-04", "2025-03-06"),
        ("kk", "биыл", "2025", "2025-02"),
        ("kk", "былтыр күзде", "2024", "2024-10"),
        ("kk", "өткен айда", "2025-02", "2025-02-05"),
    ],
)
def test_a_date_is_as_precise_as_its_words(named: Make, lang: str, told: str, passes: str, refused: str) -> None:
    text, place = {
        "en": (f"UNICEF opened a country office in Astana {told}.", "Astana"),
        "ru": (f"ЮНИСЕФ {told} открыл страновой офис в Астане.", "Астане"),
        "kk": (f"ЮНИСЕФ {told} Астанада елдік кеңсесін ашты.", "Астанада"),
    }[lang]
    names = named(text, lang=lang)
    raw = presence(
        quotes=[text],
        organization=entity(text.split()[0], "organization/unicef"),
        place=entity(place, "city/astana", "city"),
    )
    through(names, {**raw, "since": passes})
    with pytest.raises(RefusedError) as error:
        through(names, {**raw, "since": refused})
    assert error.value.reason == "date"


def test_a_day_or_month_stands_in_or_beside_the_quotes(named: Make) -> None:
    office = "UNICEF opened a country office in Astana in 2024."
    visit = "Its director came to see it on 3 June 2024."
    between = "Children sang. The weather was fine."
    raw = presence(quotes=[office], organization=entity("UNICEF", "organization/unicef"))
    for text in (f"{office} {between} {visit}", f"{visit} {between} {office}"):
        through(named(text), {**raw, "since": "2024"})
        with pytest.raises(RefusedError) as error:
            through(named(text), {**raw, "since": "2024-06"})
        assert error.value.reason == "date"
        through(named(text), {**raw, "since": "2024-06", "quotes": [office, visit]})
    told = "UNICEF opened a country office in Astana. That was on 3 June 2024."
    through(named(told), {**raw, "since": "2024-06-03", "quotes": [told.partition(" That")[0]]})


def test_a_term_gives_a_month_only_to_its_end(named: Make) -> None:
    text = "Kazakhstan took the chair of UNICEF for two years."
    raw = {
        "kind": "membership",
        "quotes": [text],
        "member": entity("Kazakhstan", "country/kz", "country"),
        "organization": entity("UNICEF", "organization/unicef"),
        "role": "chair",
    }
    through(named(text), {**raw, "until": "2027-03"})
    for slots in ({"until": "2027-04"}, {"until": "2023-03"}, {"since": "2023-03"}):
        with pytest.raises(RefusedError) as error:
            through(named(text), {**raw, **slots})
        assert error.value.reason == "date"


def test_a_month_without_a_year_is_not_of_any_year(named: Make) -> None:
    text = (
        "The country joined in 1998. UNICEF opened a country office in Astana in 2012. Work on the building had taken "
        "years. On 12 February its director left."
    )
    raw = presence(
        quotes=["UNICEF opened a country office in Astana in 2012.", "On 12 February its director left."],
        organization=entity("UNICEF", "organization/unicef"),
    )
    through(named(text), {**raw, "since": "2012-02"})  # perhaps of the year named last
    with pytest.raises(RefusedError) as error:
        through(named(text), {**raw, "since": "1998-02"})
    assert error.value.reason == "date"


def test_dates_may_be_counted_from_others(named: Make) -> None:
    text = "UNICEF opened an office in Astana in 2010. Four years later it opened a country office in Almaty."
    raw = presence(
        quotes=["Four years later it opened a country office in Almaty.", "UNICEF opened an office in Astana in 2010."],
        organization=entity("UNICEF", "organization/unicef"),
        place=entity("Almaty", "city/almaty", "city"),
        since="2014",
    )
    through(named(text), raw)
    with pytest.raises(RefusedError):
        through(named(text), {**raw, "since": "2015"})
    with pytest.raises(RefusedError):
        through(named(text), {**raw, "since": "2014-05"})
