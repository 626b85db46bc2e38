"""The JSON schema of a reply, made from :data:`kg.model.KINDS` and :data:`kg.model.CONCEPTS`.

It keeps to the part of JSON Schema 2020-12 that structured outputs of OpenAI-compatible servers take: every property
is required, what may be missing is nullable, and no object has further properties.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from kg.model import CONCEPTS, KINDS, Slot

ENTITY_TYPES: Final = ("organization", "country", "city", "region", "person", "event", "group")

_ENTITY: Final = {"$ref": "#/$defs/entity"}
_MISSING: Final = {"type": "null"}
_QUOTES: Final = {"$ref": "#/$defs/quotes"}


@cache
def reply_schema() -> dict[str, Any]:
    """The schema of a whole reply: ``{"facts": [FACT, …]}``; one object, to be read and not to be changed."""
    return {
        "type": "object",
        "properties": {"facts": {"type": "array", "items": {"anyOf": [_fact(kind) for kind in KINDS]}}},
        "required": ["facts"],
        "additionalProperties": False,
        "$defs": {
            "entity": _object(
                {
                    "mention": {"type": "string"},
                    "is": {"type": "string"},
                    "type": {"type": "string", "enum": list(ENTITY_TYPES)},
                }
            ),
            "about": _object(
                {
                    "organization": _ENTITY,
                    "place": {"anyOf": [_ENTITY, _MISSING]},
                    "form": {"anyOf": [{"$ref": "#/$defs/form"}, _MISSING]},
                }
            ),
            "quotes": {"type": "array", "items": {"type": "string"}},
            "form": {"type": "string", "enum": list(CONCEPTS["form"])},
        },
    }


def response_format() -> dict[str, Any]:
    """The value of ``response_format`` in a chat request (structured outputs)."""
    return {"type": "json_schema", "json_schema": {"name": "facts", "strict": True, "schema": reply_schema()}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _fact(kind: str) -> dict[str, Any]:
    slots = {name: _slot(slot) for name, slot in KINDS[kind].items()}
    return _object({"kind": {"type": "string", "enum": [kind]}, "quotes": _QUOTES, **slots})


def _slot(slot: Slot) -> dict[str, Any]:
    value = _value(slot)
    if slot.many:
        return {"type": "array", "items": value}
    if slot.key:
        return value
    if set(value) == {"type"}:
        return {"type": [value["type"], "null"]}
    return {"anyOf": [value, _MISSING]}


def _value(slot: Slot) -> dict[str, Any]:
    if slot.type == "entity":
        return _ENTITY
    if slot.type == "int":
        return {"type": "integer"}
    if slot.type == "about":
        return {"anyOf": [{"$ref": "#/$defs/about"}, {"type": "string"}]}
    if slot.scheme == "form":
        return {"$ref": "#/$defs/form"}
    if slot.type == "concept":
        return {"type": "string", "enum": list(CONCEPTS[slot.scheme])}
    return {"type": "string"}
