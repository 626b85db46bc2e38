"""Which facts of two readers, or of a reader and an annotator, are the same, and how far their slots agree.

The rules: facts are paired one to one by kind and key, those with most slots in common first. Things are the same if
they have one country code or share a name, whatever its case and signs; a city is never a country. Agreements are the
same with two parties in common, or all of a single one. Of two dates, one that only says less than the other counts
half.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from kg.model import KINDS, Entity, Establishment, Fact, PartialDate

_PLACES: Final = frozenset({"city", "country", "region"})
_SIGNS: Final = re.compile(r"[\W_]+")
UNSCORED: Final = frozenset({"name"})
"""Slots whose wording is free."""


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A name without case and signs."""
    return _SIGNS.sub(" ", unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")).strip()


def same_entity(a: Entity, b: Entity) -> bool:
    """Whether two things are the same: equal country codes, or a name in common."""
    if a.iso and b.iso:
        return a.iso == b.iso
    if len({a.type, b.type} & _PLACES) == 2:
        return False
    return not {fold(n) for n in a.names}.isdisjoint(fold(n) for n in b.names)


def likeness(first: Any, second: Any) -> float:
    """How far the second of two values of a slot says what the first says, 0 to 1."""
    if isinstance(first, Establishment):
        return float(isinstance(second, Establishment) and _same_establishment(first, second))
    if isinstance(first, Entity):
        return float(isinstance(second, Entity) and same_entity(first, second))
    if isinstance(first, PartialDate) and isinstance(second, PartialDate):
        return 1.0 if first == second else 0.5 if first.compatible(second) else 0.0
    return float(fold(str(first)) == fold(str(second)))


def _same_establishment(first: Establishment, second: Establishment) -> bool:
    if not same_entity(first.organization, second.organization):
        return False
    return first.place is None or (second.place is not None and same_entity(first.place, second.place))


def listed(value: Any) -> tuple[Any, ...]:
    """The values of a slot: none, one or several."""
    return () if value is None else value if isinstance(value, tuple) else (value,)


def same_fact(first: Fact, second: Fact) -> bool:
    """Whether the second fact has the kind and the key of the first."""
    if first.kind != second.kind:
        return False
    for slot, described in KINDS[first.kind].items():
        if not described.key:
            continue
        want, have = listed(first.get(slot)), listed(second.get(slot))
        hits = sum(any(likeness(w, h) > 0 for h in have) for w in want)
        if not want or hits < (min(2, len(want)) if described.many else len(want)):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the slots beside the key agree: matched (with halves), in the second fact, in the first."""

    matched: float = 0.0
    second: int = 0
    first: int = 0


def agreement(first: Fact, second: Fact) -> Agreement:
    """How far the slots beside the key of two facts agree; phrases of what a fact is about do not count."""
    matched, have_all, want_all = 0.0, 0, 0
    for slot, described in KINDS[first.kind].items():
        want, have = listed(first.get(slot)), listed(second.get(slot))
        if described.key or slot in UNSCORED:
            continue
        if described.type == "about" and not any(isinstance(w, Establishment) for w in want):
            continue
        want_all += len(want)
        have_all += len(have)
        free = list(have)
        for one in want:
            best = max(range(len(free)), key=lambda i: likeness(one, free[i]), default=-1)
            if best >= 0 and (score := likeness(one, free[best])) > 0:
                matched += score
                free.pop(best)
    return Agreement(matched, have_all, want_all)


def pairs(firsts: Sequence[Fact], seconds: Sequence[Fact]) -> list[tuple[int, int, Agreement]]:
    """The facts of two readers that are the same, one to one: the numbers of both, and how far their slots agree."""
    options = [(agreement(a, b), i, j) for i, a in enumerate(firsts) for j, b in enumerate(seconds) if same_fact(a, b)]
    found: list[tuple[int, int, Agreement]] = []
    for told, i, j in sorted(options, key=lambda o: (-o[0].matched, o[1], o[2])):
        if all(i != a and j != b for a, b, _ in found):
            found.append((i, j, told))
    return found


def joined(facts: Sequence[Fact]) -> list[Fact]:
    """Facts of one reader that are the same become one: its slots from the first that fills them, all quotes kept."""
    found: list[Fact] = []
    for fact in facts:
        for number, other in enumerate(found):
            if same_fact(other, fact) or same_fact(fact, other):
                found[number] = _join(other, fact)
                break
        else:
            found.append(fact)
    return found


def _join(first: Fact, second: Fact) -> Fact:
    slots: dict[str, Any] = dict(first.slots)
    for slot, value in second.slots.items():
        slots.setdefault(slot, value)
    evidence = tuple(dict.fromkeys((*first.evidence, *second.evidence)))
    return Fact(first.kind, in_order(first.kind, slots), evidence, max(first.confidence, second.confidence))


def in_order(kind: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The slots in the order of :data:`kg.model.KINDS`."""
    return {slot: slots[slot] for slot in KINDS[kind] if slot in slots}
