"""Facts as JSON, the form that ``kg extract`` prints."""

from __future__ import annotations

import json

from kg import iris
from kg.extract import extract, to_json
from kg.model import KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.read import corpus
from kg.read import read as read_articles

ALMATY = Entity("city/almaty", "city", ("Almaty", "Алматы"))
KAZAKHSTAN = Entity("country/kz", "country", ("Kazakhstan",), "KZ")
UN = Entity("organization/un", "organization", ("United Nations", "UN"))
ARTICLE = Article("a1", "en", "A title.", "A text.")


def test_every_kind_of_value() -> None:
    un = {"iri": iris.entity("organization/un"), "type": "organization", "names": ["United Nations", "UN"]}
    slots = {
        "body": UN,
        "instrument": "resolution",
        "date": PartialDate("2025-03"),
        "in_favour": 152,
        "about": Establishment(UN, ALMATY, "regional-centre"),
    }
    evidence = (Evidence("A text.", 0, 7, rule="decision.en"), Evidence("A title.", 0, 8, "title"))
    fact = Fact("decision", slots, evidence, 0.9)
    assert to_json(ARTICLE, fact) == {
        "article": "a1",
        "kind": "decision",
        "body": un,
        "instrument": "resolution",
        "date": "2025-03",
        "in_favour": 152,
        "about": {
            "organization": un,
            "place": {"iri": iris.entity("city/almaty"), "type": "city", "names": ["Almaty", "Алматы"]},
            "form": "regional-centre",
        },
        "evidence": {"quote": "A text.", "start": 0, "end": 7, "rule": "decision.en"},
        "confidence": 0.9,
    }


def test_lists_and_countries() -> None:
    fact = Fact("agreement", {"parties": (UN, KAZAKHSTAN)}, (Evidence("A title.", 0, 8, "title"),))
    found = to_json(ARTICLE, fact)
    assert [party["names"][0] for party in found["parties"]] == ["United Nations", "Kazakhstan"]
    assert found["parties"][1]["iso"] == "KZ"
    assert "iso" not in found["parties"][0]
    assert found["evidence"]["in"] == "title"


def test_an_establishment_without_a_place_has_none() -> None:
    fact = Fact("proposal", {"proposer": KAZAKHSTAN, "about": Establishment(UN)}, ())
    assert set(to_json(ARTICLE, fact)["about"]) == {"organization"}


def test_what_is_read_is_json_and_points_into_the_text() -> None:
    for article in read_articles(corpus()):
        for fact in extract(article):
            found = json.loads(json.dumps(to_json(article, fact), ensure_ascii=False))
            assert found["article"] == article.id
            assert set(found) <= {"article", "kind", "evidence", "confidence", *KINDS[fact.kind]}
            span = found["evidence"]
            source = article.title if span.get("in") == "title" else article.text
            assert source[span["start"] : span["end"]] == span["quote"]
