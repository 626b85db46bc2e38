"""In which tense a text speaks of opening, closing and working beside an establishment, for its status.

"Открылось бюро", "откроется бюро" and "бюро открывается" have the same trigger; only the verb's form tells them apart.
"""

from __future__ import annotations

from typing import Final

from kg.extract.candidates import Candidate
from kg.extract.features import View, numbers
from kg.extract.lexicon import Trigger
from kg.language.tense import Tense, tense

_GROUPS: Final = (("v.open",), ("v.close",), ("v.operate", "v.host"), ("v.move",))
_GROUP_OF: Final = {name: number for number, group in enumerate(_GROUPS) for name in group}
_NONE: Final = 15.0
NAMES: Final = [
    f"{scope}-{group}{part}"
    for group in ("open", "close", "work", "move")
    for scope, part in (("clause", ""), ("sentence", ""), ("sentence", "-apart"))
]
"""Of each group of verbs: the tense of the nearest to the establishment's own word in its clause, and in its sentence
(:class:`kg.language.tense.Tense`; 0 too where there is none), and how far the latter is: at most 15 words, negative
before it."""


def timing(view: View, candidate: Candidate) -> bytes:
    """The features :data:`NAMES` of a candidate for an establishment."""
    reading = view.reading
    low, wide = reading.document.low, view.wide
    first, last = candidate.anchor
    own = wide[first]
    values: list[float] = []
    grouped: list[list[Trigger]] = [[] for _ in _GROUPS]
    for trigger in reading.triggers_of[candidate.sentence]:
        number = _GROUP_OF.get(trigger.name)
        if number is not None and (trigger.last <= first or trigger.first >= last):
            grouped[number].append(trigger)
    for near in grouped:
        near.sort(key=lambda t: min(abs(t.first - last), abs(first - t.last)))
        timed = [(t, int(tense(low, t.first, t.last, reading.lang))) for t in near[:4]]
        values.append(next((float(when) for t, when in timed if when and wide[t.first] == own), 0.0))
        values.append(next((float(when) for _, when in timed if when), 0.0))
        apart = _NONE
        if near:
            apart = float(near[0].first - last + 1 if near[0].first >= last else near[0].last - first - 1)
        values.append(max(-_NONE, min(_NONE, apart)))
    return numbers(*values)


_BESIDE: Final = 8  # words between an establishment or its place and a verb that is said of it


def told(view: View, candidate: Candidate) -> tuple[str, Tense]:
    """The verb that a clause says of its establishment, by group (``open``, ``close``, ``work``), and its tense.

    Returns:
        ``("", Tense.UNKNOWN)`` where no verb is near, or the clause denies.
    """
    reading = view.reading
    low, wide = reading.document.low, view.wide
    place = candidate.fillers["place"]
    spans = [candidate.anchor]
    if place.sentence == candidate.sentence:
        spans.append((place.first, place.last))
    best: tuple[int, str, Tense] = (_BESIDE + 1, "", Tense.UNKNOWN)
    for trigger in reading.triggers_of[candidate.sentence]:
        if wide[trigger.first] != wide[candidate.anchor[0]]:
            continue
        if trigger.name in {"m.neg", "m.cond", "v.keep"}:
            return "", Tense.UNKNOWN
        group = _SAID.get(trigger.name)
        if group is None:
            continue
        apart = min(max(trigger.first - last, first - trigger.last) for first, last in spans)
        if apart < 0 or apart >= best[0]:
            continue
        when = tense(low, trigger.first, trigger.last, reading.lang)
        if when:
            best = (apart, group, when)
    return best[1], best[2]


_SAID: Final = {"v.open": "open", "v.close": "close", "v.operate": "work", "v.host": "work"}
