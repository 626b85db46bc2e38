"""Candidates with their scores, and why they have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyoxigraph as ox
from markupsafe import escape
from rapidfuzz.distance import OSA

from kg import iris
from kg.serve import entity
from kg.serve.reconcile import extend
from kg.serve.reconcile.index import Found
from kg.serve.reconcile.names import form
from kg.serve.site import Snapshot

SURE: Final = 90.0
"""The least score of a candidate that is taken for the one meant, if no other comes near."""

_MARGIN: Final = 3.0
_OTHER_TYPE: Final = 0.8
_NAME_SHARE: Final = 0.7


def candidates(
    current: Snapshot, found: Sequence[Found], properties: Sequence[dict[str, Any]], types: Sequence[str], lang: str
) -> list[dict[str, Any]]:
    """Candidates as the specification has them (section 4), the best first.

    The score is 100 times the likeness of the names; with properties they make three tenths of it, and one of another
    type than was asked for loses a fifth. Each part stands in ``features``, and in words in ``description``.

    Args:
        current: the graph.
        found: what the names gave.
        properties: ``pid`` and ``v`` of what else is known.
        types: local names of the classes that it should have.
        lang: the language of names.
    """
    made: list[dict[str, Any]] = []
    for one in found:
        features: list[dict[str, Any]] = [{"id": "name", "value": round(100 * one.score, 1)}]
        score = one.score
        fits = not types or not set(types).isdisjoint(one.entity.types)
        if types:
            features.append({"id": "type", "value": fits})
            score *= 1 if fits else _OTHER_TYPE
        alike = []
        for asked in properties:
            how = _property(current, one.entity.iri, str(asked["pid"]), asked.get("v"))
            if how is not None:
                alike.append(how)
                features.append({"id": f"property:{asked['pid']}", "value": round(100 * how, 1)})
        if alike:
            score = score * _NAME_SHARE + sum(alike) / len(alike) * (1 - _NAME_SHARE) * (1 if fits else _OTHER_TYPE)
        why = f'"{one.name.text}" ({one.name.kind}{f", {one.name.lang}" if one.name.lang else ""}): {one.how}'
        made.append(
            {
                "id": extend.short(one.entity.iri),
                "name": one.entity.label(lang),
                "description": f"{description(current, one.entity.iri, lang)} · {why}",
                "type": extend.types_of(current, one.entity.types, lang),
                "score": round(100 * score, 1),
                "match": False,
                "features": features,
            }
        )
    made.sort(key=lambda c: -c["score"])
    if made and made[0]["score"] >= SURE and (len(made) == 1 or made[0]["score"] - made[1]["score"] >= _MARGIN):
        made[0]["match"] = True
    return made


def _property(current: Snapshot, iri: str, pid: str, wanted: Any) -> float | None:
    """How well the values of a property fit what was given (0 to 1); ``None`` if nothing was given."""
    property_ = extend.term(pid)
    given = [v for v in (wanted if isinstance(wanted, list) else [wanted]) if v not in (None, "")]
    if not property_ or not given:
        return None
    terms = extend.values(current, iri, property_)
    return max((_fit(current, term, value) for term in terms for value in given), default=0.0)


def _fit(current: Snapshot, term: Any, given: Any) -> float:
    if isinstance(given, dict):
        return float(isinstance(term, ox.NamedNode) and term.value == extend.iri(str(given.get("id", ""))))
    text = str(given)
    if isinstance(term, ox.NamedNode):
        if text in (term.value, extend.short(term.value), term.value.rpartition("/")[2]):
            return 1.0
        labels = [q.object for p in entity.LABELS for q in current.graph.store.match(term, p, None, entity.MERGED)]
        names = [label.value for label in labels if isinstance(label, ox.Literal)]
    else:
        names = [term.value]
    asked = form(text).latin
    return max((OSA.normalized_similarity(asked, form(name).latin) for name in names), default=0.0)


def description(current: Snapshot, iri: str, lang: str) -> str:
    """What a thing is, in a few words: its class or kind, and where it is or what it belongs to."""
    parts = []
    for name in ("bodyKind", "form"):
        terms = extend.values(current, iri, iris.term(name))[:1]
        parts += [entity.label(current.graph, term.value, lang) for term in terms]
    if not parts:
        kinds = [t for t in extend.values(current, iri, entity.TYPE.value) if t.value.startswith(iris.IO)]
        parts += [entity.label(current.graph, t.value, lang) for t in kinds[:1]]
    for property_ in (iris.term("country"), iris.PREFIXES["org"] + "subOrganizationOf"):
        terms = extend.values(current, iri, property_)[:1]
        parts += [entity.label(current.graph, term.value, lang) for term in terms]
    return ", ".join(parts)


def card(current: Snapshot, iri: str, lang: str, base: str) -> str:
    """A small page about a thing."""
    rows = []
    for property_ in (iris.PREFIXES["skos"] + "altLabel", iris.term("acronym"), iris.PREFIXES["owl"] + "sameAs"):
        texts = [t.value for t in extend.values(current, iri, property_)][:4]
        if texts:
            name = escape(extend.property_name(current, property_, lang))
            rows.append(f"<tr><th>{name}</th><td>{escape('; '.join(texts))}</td></tr>")
    title = escape(entity.label(current.graph, iri, lang))
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
        "<style>body{font:14px/1.4 system-ui,sans-serif;margin:.5rem;overflow:hidden}h1{font-size:16px;margin:0}"
        "th{text-align:left;vertical-align:top;padding-right:.5rem;font-weight:600}p{margin:.2rem 0}</style>"
        f'<h1><a href="{escape(base + iri.removeprefix(iris.BASE))}" target="_blank" rel="noopener">'
        f"{title}</a></h1>"
        f"<p>{escape(description(current, iri, lang))}</p><table>{''.join(rows)}</table></html>"
    )
