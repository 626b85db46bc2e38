"""What may enter the graph."""

from __future__ import annotations

from typing import Any

import pytest

from kg.graph.sound import unsound
from kg.model import KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate

ARTICLE = Article("a", "kk", "Тақырып", "Алматыда кеңсе ашылды.")
QUOTE = Evidence("кеңсе ашылды", 9, 21)
UN, ALMATY = Entity("organization/un", "organization", ("UN",)), Entity("city/almaty", "city", ("Almaty",))
KEY: dict[str, Any] = {"organization": UN, "place": ALMATY, "form": "centre"}


def presence(*spans: Evidence, **slots: Any) -> Fact:
    return Fact("presence", {**KEY, **slots}, spans or (QUOTE,))


@pytest.mark.parametrize(
    "fact",
    [
        presence(),
        presence(QUOTE, Evidence("Тақырып", 0, 7, "title")),
        presence(status="closed", since=PartialDate("2025"), until=PartialDate("2025-03")),
        presence(serves=(ALMATY,), focus=("water", "trade"), name="Кеңсе"),
        Fact("count", {"what": "staff", "place": ALMATY, "value": 3}, (QUOTE,)),
        Fact("agreement", {"parties": (UN, ALMATY), "about": Establishment(UN)}, (QUOTE,)),
        Fact("proposal", {"proposer": UN, "about": "water"}, (QUOTE,)),
    ],
)  # fmt: skip
def test_sound(fact: Fact) -> None:
    assert unsound(ARTICLE, fact) == ""


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (Fact("rumour", KEY, (QUOTE,)), "no kind"),
        (Fact("presence", {"organization": UN, "form": "centre"}, (QUOTE,)), "without place"),
        (Fact("agreement", {"parties": ()}, (QUOTE,)), "without parties"),
        (presence(colour="red"), "no slot"),
        (presence(form="castle"), "form"),
        (presence(status="lost"), "status"),
        (presence(since="2025"), "since"),
        (presence(place="Almaty"), "place"),
        (presence(serves=ALMATY), "serves"),
        (presence(name=" "), "name"),
        (presence(since=PartialDate("2025-03"), until=PartialDate("2024")), "before since"),
        (Fact("count", {"what": "staff", "place": ALMATY, "value": True}, (QUOTE,)), "value"),
        (Fact("presence", KEY, ()), "without a quote"),
        (presence(Evidence("кеңсе Ашылды", 9, 21)), "does not stand in the text"),
        (presence(Evidence("кеңсе ашылды", 8, 20)), "does not stand in the text"),
        (presence(Evidence("кеңсе ашылды", 9, 21, "title")), "does not stand in the title"),
        (presence(Evidence("", 0, 0)), "does not stand"),
        (presence(QUOTE, Evidence("ашылды.", -7, 100)), "does not stand"),
    ],
)
def test_unsound(fact: Fact, why: str) -> None:
    assert why in unsound(ARTICLE, fact)


def test_every_kind_has_a_key() -> None:
    for kind in KINDS:
        assert "without" in unsound(ARTICLE, Fact(kind, {}, (QUOTE,)))
