"""What a model replied: JSON, checked against the schema, its quotes and names found in the article."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from kg.errors import KgError
from kg.extract.refusal import RefusedError
from kg.model import KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate, Slot, SlotValue
from kg.readers.link import Names
from kg.readers.prompt import prompt_version
from kg.readers.schema import reply_schema
from kg.readers.words import find, plain

MAX_REPLY: Final = 400_000
"""Characters of a reply that are read; a longer one is refused as a whole."""
MAX_FACTS: Final = 500
MAX_QUOTES: Final = 6
"""Quotes of one fact at the most: whoever cites half the article cites nothing."""
PRIOR: Final = 0.8
"""Confidence in a fact that a model read and the gate let through: an assumption, not a measurement."""


class ReplyError(KgError):
    """A reply of which nothing can be read."""


def raw_facts(reply: str) -> list[Any]:
    """The facts of a reply as JSON values, still unchecked.

    A fence of three backquotes around the object, as some models write it, is taken off. Nothing else is mended.

    Raises:
        ReplyError: if the reply is empty, too long, no JSON, cut off, or no object with a list ``facts``.
    """
    text = reply.strip()
    if not text:
        raise ReplyError("the model replied nothing", remedy="ask again, or ask another model")
    if len(text) > MAX_REPLY:
        raise ReplyError(f"the reply has more than {MAX_REPLY:,} characters", remedy="ask another model")
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        text = text[text.index("\n") + 1 : -3].strip()
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        # A cut reply ends inside its object: nothing but the end is wrong.
        cut = (text.startswith("{") and error.pos >= len(text.rstrip()) - 1) or error.msg.startswith("Unterminated")
        told = "the reply is cut off" if cut else f"the reply is no JSON: {error.msg} at character {error.pos}"
        raise ReplyError(told, remedy="ask again, or ask another model") from None
    except (ValueError, RecursionError) as error:
        raise ReplyError(f"the reply is no JSON: {error}", remedy="ask again, or ask another model") from None
    facts = value.get("facts") if isinstance(value, dict) else None
    if not isinstance(facts, list):
        raise ReplyError('the reply is no object with a list "facts"', remedy="ask again, or ask another model")
    if len(facts) > MAX_FACTS:
        raise ReplyError(f"the reply has more than {MAX_FACTS} facts", remedy="ask another model")
    return facts


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A fact as a reply gives it, with its names linked.

    Attributes:
        fact: the fact; what it says still has to be weighed by :func:`kg.readers.gate.refusal`.
        mentions: what the reply says that the article calls each of its entities: id → mentions.
    """

    fact: Fact
    mentions: Mapping[str, Set[str]]


def propose(names: Names, raw: Any, model: str) -> Proposed:
    """The fact of one object of a reply.

    What is missing counts as ``null``, and so does a blank text: both say that the article does not fill the slot.

    Args:
        names: the names of the article.
        raw: the object.
        model: name of the model, for the evidence.

    Raises:
        RefusedError: if it is not of the form of a fact, its quote does not stand in the article, or a name in it is
            none that the article and the tables give.
    """
    kind, filled = _checked(raw)
    slots: dict[str, SlotValue] = {}
    mentions: dict[str, set[str]] = {}
    quotes = filled.get("quotes", [])
    if not 0 < len(quotes) <= MAX_QUOTES:
        raise RefusedError("quote", f"{len(quotes)} quotes; a fact has one, or up to {MAX_QUOTES}")
    for slot, described in KINDS[kind].items():
        if (value := filled.get(slot)) is not None:
            slots[slot] = _value(names, slot, described, value, mentions)
    evidence = tuple(dict.fromkeys(_evidence(names.article, quote, model) for quote in quotes))
    return Proposed(Fact(kind, slots, evidence, PRIOR), mentions)


def _checked(raw: Any) -> tuple[str, dict[str, Any]]:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind not in KINDS:
        raise RefusedError("form", f"there is no kind of fact {json.dumps(kind, ensure_ascii=False)[:60]}")
    empty: dict[str, Any] = {name: [] if slot.many else None for name, slot in KINDS[kind].items()}
    filled = {**empty, **raw}
    for name, value in list(filled.items()):
        if isinstance(value, str) and not value.strip() and name in empty and not KINDS[kind][name].key:
            filled[name] = None
    problem = next(iter(_validator(kind).iter_errors(filled)), None)
    if problem is not None:
        place = ".".join(map(str, problem.absolute_path)) or "the fact"
        raise RefusedError("form", f"{place} of a {kind}: {problem.message:.160}")
    return kind, {k: v for k, v in filled.items() if v not in (None, [])}


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator

    whole = reply_schema()
    facts = whole["properties"]["facts"]["items"]["anyOf"]
    own = next(fact for fact in facts if fact["properties"]["kind"]["enum"] == [kind])
    return Draft202012Validator({**own, "$defs": whole["$defs"]})


def _evidence(article: Article, quote: str, model: str) -> Evidence:
    for where, text in (("text", article.text), ("title", article.title)):
        found = find(text, quote)
        if found is not None:
            start, end = found
            return Evidence(
                text[start:end], start, end, "title" if where == "title" else "text", "", PRIOR, model, prompt_version()
            )
    raise RefusedError("quote", f'the quote does not stand in the article: "{plain(quote)[:100]}"')


def _value(names: Names, slot: str, described: Slot, value: Any, mentions: dict[str, set[str]]) -> SlotValue:
    if described.many:
        values = [_one(names, slot, described, one, mentions) for one in value]
        unique = {(v.id if isinstance(v, Entity) else v): v for v in values}
        return tuple(unique.values())  # type: ignore[return-value]
    return _one(names, slot, described, value, mentions)


def _one(names: Names, slot: str, described: Slot, value: Any, mentions: dict[str, set[str]]) -> SlotValue:
    if described.type == "entity":
        return _linked(names, value, mentions)
    if described.type == "date":
        try:
            return PartialDate(value)
        except ValueError:
            raise RefusedError("form", f"{slot} is no date: {value!r:.40}") from None
    if described.type == "about" and isinstance(value, dict):
        place = _linked(names, value["place"], mentions) if value["place"] else None
        return Establishment(_linked(names, value["organization"], mentions), place, value["form"])
    return plain(value) if isinstance(value, str) else value


def _linked(names: Names, value: Mapping[str, Any], mentions: dict[str, set[str]]) -> Entity:
    entity = names.link(value)
    mentions.setdefault(entity.id, set()).add(plain(value["mention"]))
    return entity
