"""Which annotated articles are on one event, so that what is learned from one is not measured on another."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

import numpy as np
from annotated import KEYS, Example, fold_name  # type: ignore[import-not-found]

_COMMON = 8  # articles of which a fact is no sign of one event
_TOLD_BY = {**KEYS, "proposal": ("proposer", "occasion"), "decision": ("body", "instrument", "date")}


def events(examples: list[Example]) -> list[str]:
    """Of each article the id of an article on the same event: those that share two facts, or half of what one says.

    Who holds an office, and facts that many articles have, join none.
    """
    facts = [{_signature(example, f) for f in example.facts if f["kind"] != "tenure"} for example in examples]
    holders: dict[Any, list[int]] = defaultdict(list)
    for n, signatures in enumerate(facts):
        for signature in signatures:
            holders[signature].append(n)
    shared = Counter(pair for ids in holders.values() if len(ids) <= _COMMON for pair in combinations(ids, 2))
    root = list(range(len(examples)))

    def find(n: int) -> int:
        while root[n] != n:
            n = root[n]
        return n

    for (a, b), count in shared.items():
        if count >= 2 or 2 * count >= min(len(facts[a]), len(facts[b])):
            first, second = sorted((find(a), find(b)))
            root[second] = first  # the same whatever order sets are gone through in
    return [examples[find(n)].article.id for n in range(len(examples))]


def _signature(example: Example, fact: dict[str, Any]) -> tuple[Any, ...]:
    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return tuple(sorted(str(plain(v)) for v in value))
        entity = example.entities.get(value) if isinstance(value, str) else None
        return entity.get("iso") or fold_name(entity["names"][0]) if entity else value

    return (fact["kind"], *(plain(fact.get(slot)) for slot in _TOLD_BY[fact["kind"]]))


def folds_of(examples: list[Example], folds: int, seed: int = 1) -> list[list[int]]:
    """The articles of each fold, by number: those on one event are in one fold, and the folds are of one size."""
    of_event: dict[str, list[int]] = defaultdict(list)
    for n, event in enumerate(events(examples)):
        of_event[event].append(n)
    names = sorted(of_event)
    shuffled = [names[n] for n in np.random.default_rng(seed).permutation(len(names))]
    held: list[list[int]] = [[] for _ in range(folds)]
    for name in sorted(shuffled, key=lambda n: -len(of_event[n])):
        min(held, key=len).extend(of_event[name])
    return [sorted(fold) for fold in held]
