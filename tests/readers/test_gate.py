"""What the gate lets through, and what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.extract import Extractor
from kg.extract.mentions import Reader
from kg.extract.refusal import REASONS, RefusedError
from kg.model import Fact
from kg.readers.gate import refusal
from kg.readers.link import Names
from kg.readers.pair import same_fact
from kg.readers.reply import propose
from tests.readers.annotated import Writer, articles
from tests.readers.corrupt import WAYS, corruptions, swaps

Make = Callable[..., Names]
GOLD = sorted((Path(__file__).parents[1] / "gold").glob("gold.*.json"))
SHARED = [Path(__file__).parents[3] / "shared" / "eval" / f"dev.{lang}.json" for lang in ("en", "ru", "kk")]

TEXT = (
    "The International Hail Council (IHC) opened a country office in Astana on 3 March 2025. "
    "In 2024 it had announced that UNICEF would follow. The IHC has 41 member states."
)


def presence(**changed: Any) -> dict[str, Any]:
    fact: dict[str, Any] = {
        "kind": "presence",
        "quotes": ["The International Hail Council (IHC) opened a country office in Astana on 3 March 2025."],
        "organization": {"mention": "IHC", "is": "International Hail Council", "type": "organization"},
        "place": {"mention": "Astana", "is": "city/astana", "type": "city"},
        "form": "country-office",
        "name": None,
        "status": "operating",
        "since": "2025-03-03",
        "until": None,
        "serves": [],
        "focus": [],
    }
    return {**fact, **changed}


def through(names: Names, raw: Any) -> Fact:
    """The fact that passes, else the refusal is raised."""
    proposed = propose(names, raw, "m")
    why = refusal(names, proposed.fact, proposed.mentions)
    if why is not None:
        raise why
    return proposed.fact


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


def written(paths: list[Path], reader: Reader) -> list[tuple[Names, dict[str, Any]]]:
    """Each annotated fact as a careful reply has it."""
    found = []
    for path in paths:
        for article, facts, entities in articles(path):
            writer = Writer(Names(article, reader), entities)
            found += [(writer.names, raw) for fact in facts if (raw := writer.fact(fact)) is not None]
    return found


def passed(facts: list[tuple[Names, dict[str, Any]]]) -> tuple[int, list[str]]:
    good, bad = 0, []
    for names, raw in facts:
        try:
            through(names, raw)
            good += 1
        except RefusedError as error:
            bad.append(f"{names.article.id}: {error}")
    return good, bad


def test_replies_made_from_the_gold_articles_pass(reader: Reader) -> None:
    facts = written(GOLD, reader)
    good, bad = passed(facts)
    assert len(facts) >= 105
    assert good >= 0.99 * len(facts), bad


def test_replies_made_from_the_annotated_sets_pass(reader: Reader) -> None:
    if not all(path.exists() for path in SHARED):
        pytest.skip("the annotated sets are not here")
    facts = written(SHARED, reader)
    good, bad = passed(facts)
    assert len(facts) >= 175
    assert good >= 0.99 * len(facts), bad


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_spoilt_facts_are_refused(reader: Reader, seed: int) -> None:
    facts = written(GOLD, reader)
    let_through: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for way, names, spoilt in corruptions(facts, 200, seed):
        total[way] += 1
        try:
            through(names, spoilt)
            let_through[way] += 1
        except RefusedError:
            pass
    assert set(total) == set(WAYS)
    assert let_through.total() <= 0.03 * total.total(), let_through


@pytest.mark.parametrize(
    ("way", "refused"),
    [("other in the article", 0.85), ("other in the quotes", 0.5), ("parts exchanged", 0.9), ("other quote", 0.93)],
)
def test_facts_put_together_wrongly_are_refused(reader: Reader, way: str, refused: float) -> None:
    """All of it stands in the article, only not together; the floors are below what was measured."""
    facts = [(names, raw) for names, raw in written(GOLD, reader) if _passes(names, raw)]
    true = {id(names): [propose(n, r, "m").fact for n, r in facts if n is names] for names, _ in facts}
    total = through_ = 0
    for names, spoilt in swaps(facts, way, seed=11):
        if way != "other quote" and any(same_fact(f, propose(names, spoilt, "m").fact) for f in true[id(names)]):
            continue  # another fact that the article states
        total += 1
        through_ += _passes(names, spoilt)
    assert total >= 10
    assert through_ <= (1 - refused) * total, (way, through_, total)


def _passes(names: Names, raw: dict[str, Any]) -> bool:
    try:
        through(names, raw)
    except RefusedError:
        return False
    return True


def test_the_facts_of_the_rules_pass_the_same_gate(reader: Reader) -> None:
    extractor = Extractor(reader.reference)
    seen, bad = 0, []
    for path in GOLD:
        for article, _, _ in articles(path):
            names = Names(article, extractor.reader)
            for fact in extractor.facts(article):
                seen += 1
                why = refusal(names, fact)
                if why is not None:
                    bad.append(f"{article.id}: {why}")
    assert seen >= 90
    assert len(bad) <= 0.01 * seen, bad
