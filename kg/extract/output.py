"""Facts as JSON objects, one a line: what ``kg extract`` prints."""

from __future__ import annotations

from typing import Any

from kg import iris
from kg.model import Article, Entity, Establishment, Fact, PartialDate


def to_json(article: Article, fact: Fact) -> dict[str, Any]:
    """A fact as a JSON object: article, kind, slots, evidence, confidence.

    An entity is ``{"iri", "type", "names", "iso"}``; ``about`` is ``{"organization", "place", "form"}`` or a
    phrase; dates are ISO 8601 strings as precise as the text. ``evidence`` is the first (best) span:
    ``text[start:end] == quote`` in Unicode code points, with ``"in": "title"`` where it is of the title. A fact that a
    language model read, alone or with the rules, has ``readers``, ``model`` and ``prompt``.
    """
    result: dict[str, Any] = {"article": article.id, "kind": fact.kind}
    for slot, value in fact.slots.items():
        result[slot] = _value(value)
    if fact.evidence:
        first = fact.evidence[0]
        span: dict[str, Any] = {"quote": first.quote, "start": first.start, "end": first.end, "rule": first.rule}
        if not first.rule:
            del span["rule"]
        if first.where == "title":
            span["in"] = "title"
        result["evidence"] = span
        readers = dict.fromkeys(e.reader for e in fact.evidence)
        if "model" in readers:
            result["readers"] = list(readers)
            result["model"] = next(e.model for e in fact.evidence if e.model)
            result["prompt"] = next(e.prompt for e in fact.evidence if e.model)
    result["confidence"] = fact.confidence
    return result


def _value(value: Any) -> Any:
    if isinstance(value, Entity):
        entity: dict[str, Any] = {"iri": iris.entity(value.id), "type": value.type, "names": list(value.names)}
        if value.iso:
            entity["iso"] = value.iso
        return entity
    if isinstance(value, PartialDate):
        return value.value
    if isinstance(value, Establishment):
        parts = {"organization": _value(value.organization), "place": _value(value.place), "form": value.form}
        return {k: v for k, v in parts.items() if v is not None}
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    return value
