"""Whether a fact is fit for the graph: a check of its form that costs next to nothing."""

from __future__ import annotations

from kg.model import CONCEPTS, KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate, Slot, SlotValue


def unsound(article: Article, fact: Fact) -> str:
    """Why a fact may not enter the graph.

    A fact has every slot of its key, values of the types of :data:`kg.model.KINDS`, and a quote that stands in the
    article letter for letter.

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
    since, until = fact.get("since"), fact.get("until")
    if isinstance(since, PartialDate) and isinstance(until, PartialDate) and until.latest < since.earliest:
        return f"until {until} is before since {since}"
    if not fact.evidence:
        return f"a {fact.kind} without a quote"
    for span in fact.evidence:
        if not _stands(article, span):
            return (
                f"a quote that does not stand in the {span.where} at {span.start} to {span.end}: {span.quote[:100]!r}"
            )
    return ""


def _stands(article: Article, span: Evidence) -> bool:
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
