"""Who may be meant: states by their governments, bodies by their organs and missions."""

from __future__ import annotations

import pytest

from kg.extract import Extractor, candidates
from kg.extract.candidates import Generator
from kg.model import Article


def keys(extractor: Extractor, lang: str, text: str, kind: str) -> set[tuple[str, ...]]:
    """The keys of all candidates of a kind."""
    generator = Generator(extractor.reader.read(Article("test", lang, "", text)), extractor.reader.knowledge)
    return {c.key for c in candidates.candidates(generator) if c.kind == kind}


@pytest.mark.parametrize(
    ("lang", "text", "state"),
    [
        ("en", "The Hungarian government offered to house the archive.", "hu"),
        ("ru", "Правительство Чили предложило принять архив у себя.", "cl"),
        ("ru", "Ашхабад предложил открыть центр у себя.", "tm"),
        ("kk", "Чили үкіметі мұрағатты қабылдауды ұсынды.", "cl"),
    ],
)
def test_a_state_proposes_by_its_government_or_capital(extractor: Extractor, lang: str, text: str, state: str) -> None:
    assert (f"country/{state}",) in keys(extractor, lang, text, "proposal")


def test_a_capital_where_something_is_proposed_is_no_proposer(extractor: Extractor) -> None:
    text = "В Ашхабаде эксперты предложили открыть архив."
    assert ("country/tm",) not in keys(extractor, "ru", text, "proposal")


def test_an_organ_lets_its_body_have_office_holders(extractor: Extractor) -> None:
    text = "The Security Council met at noon. Secretary-General Ban Ki-moon spoke last."
    found = keys(extractor, "en", text, "tenure")
    assert any(key[1:] == ("secretary-general", "organization/un") for key in found)


@pytest.mark.parametrize(
    ("lang", "text", "body"),
    [
        ("en", "UNSMIL has its headquarters in Tripoli.", "un"),
        ("en", "The European Union Mission in Armenia works from Yeghegnadzor.", "eu"),
        ("kk", "Кабулдағы БҰҰ-ның Ауғанстанға жәрдемдесу миссиясы жұмыс істейді.", "un"),
    ],
)
def test_a_mission_is_one_of_the_body_that_sent_it(extractor: Extractor, lang: str, text: str, body: str) -> None:
    found = keys(extractor, lang, text, "presence")
    assert any(key[0] == f"organization/{body}" and key[2] == "mission" for key in found)
