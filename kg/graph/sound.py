"""Whether a fact is fit for the graph: a check that costs next to nothing and keeps what the shapes ask of an account.

SHACL itself takes tens of milliseconds an article; this takes microseconds. A test holds the two together: a fact is
kept out here if and only if its account does not conform to ``ontology/shapes.ttl``.
"""

from __future__ import annotations

from typing import Final

from kg.errors import Refusal
from kg.model import CONCEPTS, KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate, Slot, SlotValue

_BODIES: Final = frozenset({"organization", "country", "group"})
_ACTORS: Final = _BODIES | {"person", "region"}
_PLACES: Final = frozenset({"city", "country", "region"})
FILLERS: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("presence", "organization"): _BODIES,
    ("presence", "place"): _PLACES,
    ("presence", "serves"): _PLACES | {"group"},
    ("proposal", "proposer"): _ACTORS,
    ("proposal", "on_behalf_of"): _ACTORS,
    ("proposal", "occasion"): frozenset({"event"}),
    ("decision", "body"): _ACTORS,
    ("decision", "initiator"): _ACTORS,
    ("agreement", "parties"): _ACTORS,
    ("agreement", "place"): _PLACES,
    ("membership", "member"): _ACTORS,
    ("membership", "organization"): _BODIES,
    ("relocation", "organization"): _BODIES,
    ("relocation", "from"): _PLACES,
    ("relocation", "to"): _PLACES,
    ("tenure", "person"): frozenset({"person"}),
    ("tenure", "of"): _ACTORS,
}
"""What may fill a slot, by kind and slot; a slot that is not here takes any entity."""

_APART: Final = {"membership": ("member", "organization"), "relocation": ("from", "to")}
_SHOWN: Final = 200


def refusal(article: Article, fact: Fact, why: str) -> Refusal:
    """The problem for a fact that is kept out: the reason, the article, the words."""
    quotes = tuple(span.quote for span in fact.evidence)
    words = f': "{quotes[0][:_SHOWN]}{"…" if len(quotes[0]) > _SHOWN else ""}"' if quotes else ""
    title = f' "{article.title}"' if article.title else ""
    return Refusal(
        f"a fact is kept out: {why}{words}",
        f"article {article.id}{title}",
        article=article.id,
        kind=fact.kind,
        why=why,
        quotes=quotes,
    )


def unsound(article: Article, fact: Fact) -> str:
    """Why a fact may not enter the graph.

    A fact has every slot of its key, values of the types of :data:`kg.model.KINDS` and of the classes that the shapes
    allow, numbers and dates that do not contradict each other, and a quote that stands in the article letter for
    letter.

    Args:
        article: the article that is to say so.
        fact: the fact.

    Returns:
        The first reason found, in plain words; ``""`` if there is none.
    """
    slots = KINDS.get(fact.kind)
    if slots is None:
        return f'there is no kind of fact "{fact.kind}"'
    for name, slot in slots.items():
        if slot.key and not fact.slots.get(name):
            return f"a {fact.kind} without {name}"
    for name, value in fact.slots.items():
        if name not in slots:
            return f'a {fact.kind} has no slot "{name}"'
        if not _fits(slots[name], value):
            return f"{name} of a {fact.kind} cannot be {value!r:.100}"
        if wrong := _of_another_class(fact.kind, name, value):
            return wrong
    if contradiction := _contradiction(article, fact):
        return contradiction
    if not fact.evidence:
        return f"a {fact.kind} without a quote"
    for span in fact.evidence:
        if not stands(article, span):
            return (
                f"a quote that does not stand in the {span.where} at {span.start} to {span.end}: {span.quote[:100]!r}"
            )
        if not 0 <= min(span.confidence, fact.confidence) <= 1:
            return f"a confidence of {min(span.confidence, fact.confidence)}, which is not from 0 to 1"
    return ""


def _of_another_class(kind: str, name: str, value: SlotValue) -> str:
    """Why an entity cannot fill a slot; also the organisation and the place of an establishment that is spoken of."""
    if isinstance(value, Establishment):
        found = (("organization", value.organization), ("place", value.place))
        told = (_of_another_class("presence", slot, one) for slot, one in found if one is not None)
        return next(filter(None, told), "")
    allowed = FILLERS.get((kind, name))
    if allowed is None:
        return ""
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, Entity) and one.type not in allowed:
            return f"{name} of a {kind} cannot be a {one.type}: {one.id}"
    return ""


def _contradiction(article: Article, fact: Fact) -> str:
    """What a fact says that cannot be true together."""
    since, until = fact.get("since"), fact.get("until")
    if isinstance(since, PartialDate) and isinstance(until, PartialDate) and until.latest < since.earliest:
        return f"until {until} is before since {since}"
    closed, published = fact.get("status") == "closed", article.published
    if isinstance(since, PartialDate) and closed and published and since.earliest > published.latest:
        return f"closed, and since {since} is after the article, of {published}"
    votes, electorate = fact.get("in_favour"), fact.get("of")
    if fact.kind == "decision":
        if electorate == 0:
            return "a decision of nobody: 0 could vote"
        if isinstance(votes, int) and isinstance(electorate, int) and votes > electorate:
            return f"{votes} votes in favour of {electorate} who could vote"
        if votes is not None and fact.get("adopted_by") == "consensus":
            return f"adopted by consensus, and {votes} votes in favour"
    one, other = (fact.get(name) for name in _APART.get(fact.kind, ("", "")))
    if isinstance(one, Entity) and isinstance(other, Entity) and one.id == other.id:
        return f"{' and '.join(_APART[fact.kind])} are the same: {one.id}"
    return ""


def stands(article: Article, span: Evidence) -> bool:
    """Whether a quote stands in the article letter for letter, where it says that it does."""
    text = article.title if span.where == "title" else article.text
    return bool(span.quote) and 0 <= span.start <= span.end and text[span.start : span.end] == span.quote


def _fits(slot: Slot, value: SlotValue) -> bool:
    if slot.many:
        return isinstance(value, tuple) and bool(value) and all(_one(slot, one) for one in value)
    return _one(slot, value)


def _one(slot: Slot, value: SlotValue) -> bool:
    if slot.type == "entity":
        return isinstance(value, Entity) and bool(value.id.partition("/")[2])
    if slot.type == "date":
        return isinstance(value, PartialDate)
    if slot.type == "int":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if slot.type == "concept":
        return isinstance(value, str) and value in CONCEPTS[slot.scheme]
    if slot.type == "about":
        return isinstance(value, Establishment) or (isinstance(value, str) and bool(value.strip()))
    return isinstance(value, str) and bool(value.strip())
