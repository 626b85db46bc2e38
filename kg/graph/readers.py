"""An article's account without what some readers said in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.graph import terms
from kg.graph.terms import io

Keep: TypeAlias = Callable[[str, float], bool]
"""Whether evidence counts, by its reader (``rules`` or ``model``) and its confidence."""

_EVIDENCE, _SUPPORTS, _SUPPLIED = io("Evidence"), io("supports"), io("supplied")
_MODEL, _CONFIDENCE, _REPORTED, _READER = io("model"), io("confidence"), io("reportedIn"), io("reader")
_ENTITIES: Final = frozenset(io(name) for name in terms.ENTITY_CLASSES.values())
_BOUNDS: Final = ("", "Earliest", "Latest")


def kept(quads: Iterable[ox.Quad], keep: Keep) -> list[ox.Quad]:
    """The account without the evidence that does not count, and without what nothing else supports.

    Facts whose evidence is all gone go with it; of a fact that keeps some, the slots go that only evidence which is
    gone supplied. Things that no fact names any more are not described. If nothing goes, the account stays as it is.

    Args:
        quads: the quads of an article's graph.
        keep: which evidence counts.
    """
    every = list(quads)
    by_subject: dict[object, list[ox.Quad]] = defaultdict(list)
    for quad in every:
        by_subject[quad.subject].append(quad)
    evidence = [q.subject for q in every if q.predicate == terms.RDF_TYPE and q.object == _EVIDENCE]
    gone = {node for node in evidence if not keep(*_told(by_subject[node]))}
    if not gone:
        return every
    counting = [q for node in evidence if node not in gone for q in by_subject[node]]
    supported = {q.object for q in counting if q.predicate == _SUPPORTS}
    facts = {q.subject for q in every if q.predicate == _REPORTED}
    lost = {f"{getattr(fact, 'value', '')}{end}" for fact in facts - supported for end in ("", "-about")}
    slots = _supplied(by_subject, gone) - _supplied(by_subject, set(evidence) - gone)
    for fact, name in slots:
        if name == io("about").value:
            lost.add(f"{fact}-about")
            slots = slots | {(fact, io("topic").value)}
    rest = [
        q for q in every
        if q.subject not in gone
        and getattr(q.subject, "value", "") not in lost
        and getattr(q.object, "value", "") not in lost
        and (getattr(q.subject, "value", ""), q.predicate.value) not in slots
    ]  # fmt: skip
    named = {q.object for q in rest}
    return [q for q in rest if q.subject in named or not _is_entity(by_subject[q.subject])]


def without_reader(quads: Iterable[ox.Quad], reader: str) -> list[ox.Quad]:
    """The account without what one reader, ``rules`` or ``model``, said, and without its name on the article."""
    found = []
    for quad in kept(quads, lambda name, _: name != reader):
        if quad.predicate == _READER:
            names = [n for n in str(getattr(quad.object, "value", "")).split(" + ") if not n.startswith(f"{reader}-")]
            if names:
                found.append(ox.Quad(quad.subject, _READER, ox.Literal(" + ".join(names)), quad.graph_name))
        else:
            found.append(quad)
    return found


def _told(quads: Iterable[ox.Quad]) -> tuple[str, float]:
    values = {q.predicate: str(getattr(q.object, "value", "")) for q in quads}
    return ("model" if _MODEL in values else "rules"), float(values.get(_CONFIDENCE, "1"))


def _supplied(by_subject: Mapping[object, list[ox.Quad]], evidence: Iterable[object]) -> set[tuple[str, str]]:
    """Fact and property of each slot that only this evidence gave, the bounds of dates included."""
    found = set()
    for node in evidence:
        facts = [q.object for q in by_subject[node] if q.predicate == _SUPPORTS]
        for quad in by_subject[node]:
            if quad.predicate == _SUPPLIED:
                name = str(getattr(quad.object, "value", ""))
                found |= {(str(getattr(fact, "value", "")), name + bound) for fact in facts for bound in _BOUNDS}
    return found


def _is_entity(quads: Iterable[ox.Quad]) -> bool:
    return any(q.predicate == terms.RDF_TYPE and q.object in _ENTITIES for q in quads)
