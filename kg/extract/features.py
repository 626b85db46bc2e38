"""Numbers that describe how a candidate stands in its text; the same in all three languages.

Nothing here looks at words: only at trigger classes, cases, order, distance, and rank. So one model
serves every language, and a word that an analyst adds to a class counts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.extract.reading import Mention, Reading

CASES: Final = ("nom", "gen", "adj", "attr", "loc", "dat", "abl", "ins", "acc", "for", "at", "about", "obl", "")
_CASE_NUMBER: Final = {case: n for n, case in enumerate(CASES)}
_HOW: Final = {
    "name": 0,
    "new": 1,
    "anaphor": 2,
    "capital": 3,
    "organ": 4,
    "context": 5,
    "parent": 6,
    "inside": 7,
    "group": 8,
}
_TYPE: Final = {"organization": 0, "country": 1, "city": 2, "region": 3, "person": 4, "event": 5}
_BREAKS: Final = frozenset(",;:—–()")

CLASSES: Final = (
    "est.headquarters",
    "est.regional-centre",
    "est.regional-office",
    "est.country-office",
    "est.office",
    "est.centre",
    "est.mission",
    "est.based",
    "v.open",
    "v.operate",
    "v.host",
    "v.close",
    "v.move",
    "v.plan",
    "v.propose",
    "v.sign",
    "v.adopt",
    "v.ratify",
    "v.join",
    "v.leave",
    "v.elect",
    "v.apply",
    "v.chair",
    "v.succeed",
    "v.head",
    "v.vote",
    "v.sponsor",
    "v.keep",
    "n.resolution",
    "n.decision",
    "n.declaration",
    "n.law",
    "n.consensus",
    "n.votes",
    "n.agreement",
    "n.host",
    "n.initiative",
    "n.member",
    "n.full",
    "n.observer",
    "n.associate",
    "n.candidate",
    "n.chair",
    "n.nonperm",
    "n.perm",
    "n.staff",
    "n.agencies",
    "n.intorg",
    "n.dipl",
    "n.offices",
    "n.states",
    "n.cover",
    "n.event",
    "m.neg",
    "m.cond",
    "m.future",
    "m.rumour",
    "m.wish",
    "m.visit",
    "m.former",
    "m.question",
    "m.since",
    "m.until",
    "m.permanent",
    "m.temporary",
    "m.first",
    "m.new",
    "mod.regional",
    "org.parliament",
    "org.government",
    "org.organ",
)
"""Trigger classes that sentences are described by."""
_CLASS_NUMBER: Final = {name: n for n, name in enumerate(CLASSES)}


NEAREST: Final = (
    "m.neg",
    "m.cond",
    "m.wish",
    "m.former",
    "m.future",
    "m.rumour",
    "m.visit",
    "v.open",
    "v.operate",
    "v.host",
    "v.close",
    "v.move",
    "v.plan",
    "v.propose",
    "v.sign",
    "n.dipl",
    "n.agreement",
)
"""Trigger classes whose distance to a candidate's own trigger counts."""
_NEAREST_NUMBER: Final = {name: n for n, name in enumerate(NEAREST)}


class View:
    """Positions, clauses and class flags of a reading, computed once and shared by all candidates."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        document = reading.document
        self.clause: list[int] = []
        number = 0
        previous = -1
        for i, sentence in enumerate(document.sentence_of):
            if sentence != previous:
                number += 1
                previous = sentence
            self.clause.append(number)
            if document.low[i] in _BREAKS:
                number += 1
        self._sentence_flags: dict[int, list[float]] = {}
        self._clause_flags: dict[int, list[float]] = {}
        self._static: dict[int, list[float]] = {}
        self._nearest: dict[tuple[int, int], list[float]] = {}
        self.meanings: dict[int, int] = {}
        """How many trigger classes begin at a token: "приняло" may adopt, host, or join."""
        for trigger in reading.triggers:
            self.meanings[trigger.first] = self.meanings.get(trigger.first, 0) + 1
        self.first_sentence: dict[str, int] = {}
        for mention in reading.mentions:
            self.first_sentence.setdefault(mention.entity.id, mention.sentence)
        self.count = max(1, len(document.sentences))
        self._clause_triggers: dict[int, list[int]] = {}
        for trigger in reading.triggers:
            index = _CLASS_NUMBER.get(trigger.name)
            if index is not None:
                self._clause_triggers.setdefault(self.clause[trigger.first], []).append(index)
        self.top = max(reading.frequency.values(), default=1)

    def nearest(self, first: int, last: int) -> list[float]:
        """Signed distance, in tokens, from tokens ``[first, last)`` to each of :data:`NEAREST` in the sentence.

        Negative before, positive after, at most 15 either way; 30 where the sentence has none.
        """
        key = (first, last)
        known = self._nearest.get(key)
        if known is None:
            known = self._nearest[key] = [30.0] * len(NEAREST)
            for trigger in self.reading.triggers_of[self.reading.document.sentence_of[first]]:
                index = _NEAREST_NUMBER.get(trigger.name)
                if index is None or (trigger.first < last and trigger.last > first):
                    continue
                before = trigger.last <= first
                distance = float(trigger.last - first - 1 if before else trigger.first - last + 1)
                distance = max(-15.0, min(15.0, distance))
                if abs(distance) < abs(known[index]):
                    known[index] = distance
        return known

    def sentence_flags(self, sentence: int) -> list[float]:
        """One number per class of :data:`CLASSES`: whether the sentence has it."""
        known = self._sentence_flags.get(sentence)
        if known is None:
            known = [0.0] * len(CLASSES)
            if 0 <= sentence < len(self.reading.triggers_of):
                for trigger in self.reading.triggers_of[sentence]:
                    index = _CLASS_NUMBER.get(trigger.name)
                    if index is not None:
                        known[index] = 1.0
            self._sentence_flags[sentence] = known
        return known

    def clause_flags(self, token: int) -> list[float]:
        """One number per class: whether the clause of the token has it."""
        clause = self.clause[token]
        known = self._clause_flags.get(clause)
        if known is None:
            known = [0.0] * len(CLASSES)
            for index in self._clause_triggers.get(clause, ()):
                known[index] = 1.0
            self._clause_flags[clause] = known
        return known

    def static(self, mention: Mention) -> list[float]:
        """What a mention is by itself: case, kind of name, how often and how early it is named."""
        known = self._static.get(id(mention))
        if known is None:
            sentence = self.reading.document.sentences[mention.sentence]
            entity = mention.entity.id
            known = self._static[id(mention)] = [
                float(_CASE_NUMBER.get(mention.case, 12)),
                float(_HOW[mention.how]),
                float(_TYPE.get(mention.type, 6)),
                float(min(self.reading.frequency[entity], 8)),
                self.reading.frequency[entity] / self.top,
                float(min(self.first_sentence.get(entity, 99), 9)),
                float(min(mention.first - sentence.first, 25)),
                float(min(sentence.last - mention.last, 25)),
                float(mention.entity.known),
                float(mention.last - mention.first),
                float(min(mention.run[1] - mention.run[0], 30)),
            ]
        return known

    def relation(self, first: int, last: int, mention: Mention) -> list[float]:
        """How a mention stands to tokens ``[first, last)``: side, distance, clause, sentences and names between."""
        document = self.reading.document
        here = document.sentence_of[first]
        apart = here - mention.sentence
        begin, end = mention.run
        if end <= first:
            distance, low, high = first - end, end, first
            side = -1.0
        elif begin >= last:
            distance, low, high = begin - last, last, begin
            side = 1.0
        elif mention.last <= first:
            distance, low, high = first - mention.last, mention.last, first
            side = -1.0
        elif mention.first >= last:
            distance, low, high = mention.first - last, last, mention.first
            side = 1.0
        else:
            distance, low, high, side = 0, first, first, 0.0
        between = 0
        if apart == 0:
            for other in self.reading.by_sentence[here]:
                if low <= other.first < high and other.type == mention.type and other.entity.id != mention.entity.id:
                    between += 1
        near = begin if side > 0 else end - 1
        same_clause = float(self.clause[first] == self.clause[near])
        return [
            side * min(distance, 30) if apart == 0 else 0.0,
            float(min(distance, 30)) if apart == 0 else 40.0,
            float(min(max(apart, -1), 6)),
            same_clause,
            float(min(between, 5)),
            float(min(abs(self.clause[first] - self.clause[near]), 9)) if apart == 0 else 9.0,
        ]


STATIC_NAMES: Final = ("case", "how", "type", "freq", "share", "first", "left", "right", "known", "length", "run")
RELATION_NAMES: Final = ("signed", "distance", "apart", "clause", "between", "clauses")


def static_names(slot: str) -> list[str]:
    """Names of the features of :meth:`View.static` for a slot."""
    return [f"{slot}.{name}" for name in STATIC_NAMES]


def relation_names(a: str, b: str) -> list[str]:
    """Names of the features of :meth:`View.relation` between two things."""
    return [f"{a}~{b}.{name}" for name in RELATION_NAMES]


def flag_names(scope: str, classes: Sequence[str] = CLASSES) -> list[str]:
    """Names of the flags of trigger classes within a scope."""
    return [f"{scope}:{name}" for name in classes]


def nearest_names(scope: str) -> list[str]:
    """Names of the features of :meth:`View.nearest`."""
    return [f"{scope}>{name}" for name in NEAREST]
