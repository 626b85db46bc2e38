"""What may enter the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, replace
from typing import Any

import pyoxigraph as ox
import pytest

from kg import iris
from kg.graph import describe
from kg.graph.sound import refusal, unsound
from kg.graph.terms import ENTITY_CLASSES, PREF_LABEL, RDF_TYPE, io
from kg.model import KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.validate import Violation
from kg.validate.shacl import Batch

ARTICLE = Article("a", "kk", "Тақырып", "Алматыда кеңсе ашылды.")
QUOTE = Evidence("кеңсе ашылды", 9, 21)
UN, ALMATY = Entity("organization/un", "organization", ("UN",)), Entity("city/almaty", "city", ("Almaty",))
KZ = Entity("country/kz", "country", ("Kazakhstan",), iso="KZ")
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
        Fact("agreement", {"parties": (UN, KZ), "about": Establishment(UN)}, (QUOTE,)),
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


def faults() -> Iterator[tuple[str, Fact]]:
    """Facts of every kind with every sort of entity in every slot, and with numbers and dates at odds; by a name."""
    things = {
        "organization": UN, "city": ALMATY, "country": KZ, "region": Entity("region/x", "region", ("X",)),
        "person": Entity("person/x", "person", ("X",)), "event": Entity("event/x", "event", ("X",)),
        "group": Entity("group/x", "group", ("X",)),
    }  # fmt: skip
    session, wto = Entity("event/s", "event", ("S",)), Entity("organization/wto", "organization", ("WTO",))
    right: dict[str, dict[str, Any]] = {
        "presence": {**KEY, "serves": (KZ,), "status": "closed"},
        "proposal": {"proposer": KZ, "on_behalf_of": KZ, "occasion": session, "about": Establishment(UN, ALMATY)},
        "decision": {"body": UN, "instrument": "resolution", "initiator": KZ, "about": "water"},
        "agreement": {"parties": (UN, KZ), "place": ALMATY},
        "membership": {"member": KZ, "organization": UN, "role": "member"},
        "relocation": {"organization": UN, "from": KZ, "to": ALMATY},
        "count": {"what": "staff", "place": ALMATY, "value": 3},
        "tenure": {"person": things["person"], "position": "minister", "of": KZ},
    }
    assert set(right) == set(KINDS)
    for kind, slots in right.items():
        yield f"{kind}", Fact(kind, slots, (QUOTE,))
        for slot, described in KINDS[kind].items():
            if described.type == "entity" and slot in slots:
                for name, thing in things.items():
                    value = (thing,) if described.many else thing
                    if not (kind == "membership" and thing in slots.values() and slots[slot] != thing):
                        yield f"{kind} {slot} {name}", Fact(kind, {**slots, slot: value}, (QUOTE,))
    for name, thing in things.items():
        for about in (Establishment(thing), Establishment(UN, thing)):
            slots = {**right["proposal"], "about": about}
            yield f"about {name} {about.place is None}", Fact("proposal", slots, (QUOTE,))
    for votes, of, way in ((3, 4, "vote"), (4, 4, "vote"), (5, 4, "vote"), (0, 0, "vote"), (3, 4, "consensus"),
                           (None, 4, "consensus"), (3, None, "consensus"), (None, 0, None)):  # fmt: skip
        told = {"in_favour": votes, "of": of, "adopted_by": way}
        stated = {slot: value for slot, value in told.items() if value is not None}
        yield f"votes {votes} {of} {way}", Fact("decision", {**right["decision"], **stated}, (QUOTE,))
    for since in ("2023", "2024", "2024-05", "2024-06", "2024-05-02", "2025"):
        for status in ("closed", "operating", "planned"):
            yield f"since {since} {status}", presence(since=PartialDate(since), status=status)
    for until in ("2023", "2024", "2024-02", "2025"):
        yield f"until {until}", presence(since=PartialDate("2024-03"), until=PartialDate(until))
    yield "member of itself", Fact("membership", {"member": UN, "organization": UN, "role": "member"}, (QUOTE,))
    yield "member of another", Fact("membership", {"member": UN, "organization": wto, "role": "member"}, (QUOTE,))
    yield "moves to itself", Fact("relocation", {"organization": UN, "from": ALMATY, "to": ALMATY}, (QUOTE,))
    for confidence in (-0.5, 0.0, 1.0, 1.5):
        yield f"confidence {confidence}", presence(Evidence(*astuple(QUOTE)[:5], confidence=confidence))
    yield "quote", presence(Evidence("кеңсе Ашылды", 9, 21))
    yield "no quote", Fact("presence", KEY, ())


@pytest.mark.parametrize("published", [None, "2024", "2024-05", "2024-05-01"])
def test_what_is_kept_out_is_what_the_shapes_do_not_allow(published: str | None) -> None:
    """One account for each fact; the shapes find fault with just those that are unsound."""
    batch, kept_out, facts = Batch(), set(), dict(faults())
    classes: dict[str, ox.Quad] = {}
    found: list[Violation] = []
    for number, fact in enumerate(facts.values()):
        article = replace(ARTICLE, id=f"a{number}", published=PartialDate(published) if published else None)
        if unsound(article, fact):
            kept_out.add(article.id)
        quads = describe(article, [fact])
        for entity in (one for value in fact.slots.values() for one in _entities(value)):
            node = ox.NamedNode(iris.entity(entity.id))
            classes[entity.id] = ox.Quad(node, RDF_TYPE, io(ENTITY_CLASSES[entity.type]))
        found += batch.add(quads)
    named = [ox.Quad(q.subject, PREF_LABEL, ox.Literal("X", language="en")) for q in classes.values()]
    found += batch.add([*classes.values(), *named])
    found += batch.rest()
    wrong = {violation.article for violation in found if violation.severity == "error"}
    names = dict(zip((f"a{number}" for number in range(len(facts))), facts, strict=True))
    assert sorted(names[a] for a in kept_out - wrong) == [], "kept out, and the shapes allow it"
    assert sorted(names.get(a, a) for a in wrong - kept_out) == [], "let in, and the shapes do not allow it"
    assert 20 < len(kept_out) < len(facts) - 20


def _entities(value: Any) -> list[Entity]:
    if isinstance(value, Establishment):
        return [one for one in (value.organization, value.place) if one is not None]
    return [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Entity)]


def test_a_refusal_names_the_article_the_reason_and_the_words() -> None:
    told = refusal(replace(ARTICLE, title="Кеңсе"), presence(), "a reason")
    assert str(told) == 'article a "Кеңсе": a fact is kept out: a reason: "кеңсе ашылды"'
    assert (told.article, told.kind, told.why, told.quotes) == ("a", "presence", "a reason", ("кеңсе ашылды",))


def test_every_kind_has_a_key() -> None:
    for kind in KINDS:
        assert "without" in unsound(ARTICLE, Fact(kind, {}, (QUOTE,)))
