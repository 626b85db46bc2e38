"""Examples for the slot forests: items of right candidates, labelled by the annotated slot values."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from annotated import Example, _matches, fold_name

from kg.extract import slots as slot_items
from kg.extract.candidates import Candidate, Generator
from kg.extract.reading import Mention
from kg.model import PartialDate


def _gold(example: Example, candidate: Candidate) -> dict[str, Any] | None:
    for fact in example.facts:
        if fact["kind"] != candidate.kind:
            continue
        if candidate.kind == "agreement":
            if any(example.same(p, candidate.fillers["party"].entity) for p in fact["parties"]):
                return fact
        elif _matches(example, fact, candidate):
            return fact
    return None


def _right(example: Example, slot: str, value: Any, gold: Any) -> float:
    if gold is None:
        return 0.0
    wanted = gold if isinstance(gold, list) else [gold]
    if isinstance(value, PartialDate):
        return float(value.value in wanted)
    if isinstance(value, Mention):
        return float(any(example.same(w, value.entity) for w in wanted))
    if isinstance(value, Candidate):
        if not isinstance(gold, dict):
            return 0.0
        return float(
            ("organization" not in gold or example.same(gold["organization"], value.fillers["organization"].entity))
            and ("place" not in gold or example.same(gold["place"], value.fillers["place"].entity))
        )
    return float(value in wanted)


def collect(prepared: list[Any], themes_of: dict[str, Any]) -> dict[str, tuple[list[list[float]], list[float]]]:
    """Rows and labels by slot forest."""
    data: dict[str, tuple[list[list[float]], list[float]]] = defaultdict(lambda: ([], []))
    for example, candidates, labels, weights, generator in prepared:
        filler = slot_items.SlotFiller(generator, themes_of)
        best: dict[Any, Candidate] = {}
        for candidate, label, weight in zip(candidates, labels, weights, strict=True):
            if label and weight >= 0.6:
                place = (
                    (candidate.kind, candidate.key, candidate.sentence)
                    if candidate.kind != "agreement"
                    else (candidate.kind, candidate.sentence)
                )
                best.setdefault(place, candidate)
        presences: dict[Any, tuple[Candidate, dict[str, Any]]] = {}
        for candidate in best.values():
            if candidate.kind == "presence":
                fact = _gold(example, candidate) or {}
                presences.setdefault(candidate.key, (candidate, {"status": fact.get("status", "operating")}))
        # What is told where, as the extractor knows it: each fact by the first sentence that says it.
        said = {c.key: (c.kind, c.sentence) for c in reversed(best.values())}
        filler.told = frozenset(said.values())
        for candidate in best.values():
            fact = _gold(example, candidate)
            if fact is None:
                continue
            kind = candidate.kind
            jobs = [(s, filler.date_items(candidate, s)) for s in slot_items.DATE_SLOTS.get(kind, ())]
            jobs += [(s, filler.entity_items(candidate, s)) for s in slot_items.ENTITY_SLOTS.get(kind, ())]
            jobs += [(s, filler.concept_items(candidate, s)) for s in slot_items.CONCEPT_SLOTS.get(kind, ())]
            if kind in slot_items.ABOUT:
                jobs.append(("about", filler.about_items(candidate, list(presences.values()))))
            for slot, made in jobs:
                items, wanted = list(made), fact.get(slot)
                right = [_right(example, slot, item.value, wanted) for item in items]
                if slot == "date" and not any(right):  # a day where the annotation has its month or year alone
                    right = [float(bool(wanted) and i.value.value.startswith(str(wanted))) for i in items]
                for item, label in zip(items, right, strict=True):
                    rows, ys = data[f"{kind}.{slot}.{item.forest}" if item.forest else f"{kind}.{slot}"]
                    rows.append(np.frombuffer(b"".join(item.row), np.float32))
                    ys.append(label)
    return data


__all__ = ["Generator", "collect", "fold_name"]
