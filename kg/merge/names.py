"""Entities that no table knows, under ids that are the same in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kg.language import neutral
from kg.model import Entity, Establishment, Fact, SlotValue


def identify(entity: Entity) -> Entity:
    """The entity under an id that does not depend on the language of the article; known ones as they are."""
    if entity.known or not entity.names:
        return entity
    return replace(entity, id=neutral.identifier(entity.type, entity.names[0]))


def identified(fact: Fact) -> Fact:
    """The fact with the entities that no table knows under ids that do not depend on the language."""
    slots: Mapping[str, SlotValue] = {slot: _value(value) for slot, value in fact.slots.items()}
    return replace(fact, slots=slots) if slots != fact.slots else fact


def _value(value: SlotValue) -> SlotValue:
    if isinstance(value, Entity):
        return identify(value)
    if isinstance(value, Establishment):
        place = identify(value.place) if value.place else None
        return Establishment(identify(value.organization), place, value.form)
    if isinstance(value, tuple) and value and isinstance(value[0], Entity):
        return tuple(identify(v) for v in value if isinstance(v, Entity))
    return value
