"""Numbers that describe how a candidate stands in its text; the same in all three languages.

Nothing here looks at words: only at trigger classes, cases, order, distance, and rank. So one model
serves every language, and a word that an analyst adds to a class counts at once.

Numbers are kept as packed 32-bit floats: a row of some 300 is made of blocks that many candidates share. They are
joined once, to the matrix of a whole batch that a forest reads.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Final

from kg.extract.reading import Mention, Reading

CASES: Final = ("nom", "gen", "adj", "attr", "loc", "dat", "abl", "ins", "acc", "for", "at", "about", "obl", "")
Row = tuple[bytes, ...]
"""A row of features: packed blocks, one after the other."""
_PACK: Final = tuple(Struct(f"{n}f").pack for n in range(128))


def numbers(*values: float) -> bytes:
    """Values, at most 127, as packed 32-bit floats."""
    return _PACK[len(values)](*values)


def joined(*blocks: bytes) -> bytes:
    """Blocks that several rows share as one."""
    return b"".join(blocks)


_PACK_RELATION: Final = _PACK[7]  # the numbers of View.stands
_PACK_STATIC: Final = _PACK[13]  # of View.static; these are asked for most often
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
    "n.building",
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
    "m.own",
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
    "m.own",
)
"""Trigger classes whose distance to a candidate's own trigger counts."""
_NEAREST_NUMBER: Final = {name: n for n, name in enumerate(NEAREST)}


GOVERNING: Final = tuple(name for name in CLASSES if name.startswith(("v.", "m.")))
"""Trigger classes by which a clause, with what is set into it, is described."""
_GOVERNING_NUMBER: Final = {name: n for n, name in enumerate(GOVERNING)}


ABSENT: Final = numbers(*[99.0] * 7)
"""Stands for :meth:`View.relation` where there is no trigger to relate to."""
NO_FLAGS: Final = numbers(*[0.0] * len(CLASSES))
"""Stands for :meth:`View.sentence_flags` before the first sentence."""
_NONE_GOVERNING: Final = numbers(*[0.0] * len(GOVERNING))
FAR: Final = numbers(*[30.0] * len(NEAREST), *[0.0] * (len(GOVERNING) + 2))
"""Stands for :meth:`View.nearest` where there is no trigger to measure from."""


def _flags(none: bytes, numbered: Iterable[int | None]) -> bytes:
    """Packed zeros with a one at each of some numbers."""
    row = array("f", none)
    for n in numbered:
        if n is not None:
            row[n] = 1.0
    return row.tobytes()


class View:
    """Positions, clauses and class flags of a reading, computed once and shared by all candidates."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        document = reading.document
        self.sentence_of = document.sentence_of
        self.clause: list[int] = []
        clause, low = self.clause, document.low
        number = 0
        for span in document.sentences:
            number += 1
            begin = span.first
            for after in [i for i, word in enumerate(low[begin : span.last], begin + 1) if word in _BREAKS]:
                clause += [number] * (after - begin)
                number, begin = number + 1, after
            clause += [number] * (span.last - begin)
        self.wide = _joined_clauses(reading, self.clause)
        self._wide_flags: dict[int, bytes] = {}
        self._sentence_flags: dict[int, bytes] = {}
        self._clause_flags: dict[int, bytes] = {}
        self._marks: dict[int, list[tuple[int, int, int]]] = {}
        self._nearest: dict[tuple[int, int], bytes] = {}
        self._static: dict[Mention, bytes] = {}
        self._relation: dict[tuple[int, int, Mention], bytes] = {}
        self.meanings: dict[int, int] = {}
        """How many trigger classes begin at a token: "приняло" may adopt, host, or join."""
        for trigger in reading.triggers:
            self.meanings[trigger.first] = self.meanings.get(trigger.first, 0) + 1
        self.first_sentence: dict[str, int] = {}
        for mention in reading.mentions:
            self.first_sentence.setdefault(mention.entity.id, mention.sentence)
        self._told: dict[str, list[int]] = {}
        for mention in reading.mentions:
            self._told.setdefault(mention.entity.id, []).append(mention.sentence)
        self.count = max(1, len(document.sentences))
        self._clause_triggers: dict[int, list[int]] = {}
        self._wide_triggers: dict[int, list[int]] = {}
        for trigger in reading.triggers:
            index = _GOVERNING_NUMBER.get(trigger.name)
            if index is not None:
                self._wide_triggers.setdefault(self.wide[trigger.first], []).append(index)
            index = _CLASS_NUMBER.get(trigger.name)
            if index is not None:
                self._clause_triggers.setdefault(self.clause[trigger.first], []).append(index)
        self.top = max(reading.frequency.values(), default=1)

    def nearest(self, first: int, last: int) -> bytes:
        """Signed distance, in tokens, from tokens ``[first, last)`` to each of :data:`NEAREST` in the sentence.

        Negative before, positive after, at most 15 either way; 30 where the sentence has none. Then what
        :meth:`governed` tells of the first token.
        """
        key = (first, last)
        known = self._nearest.get(key)
        if known is None:
            sentence = self.sentence_of[first]
            marks = self._marks.get(sentence)
            if marks is None:
                marks = self._marks[sentence] = [
                    (index, t.first, t.last)
                    for t in self.reading.triggers_of[sentence]
                    if (index := _NEAREST_NUMBER.get(t.name)) is not None
                ]
            found = [30.0] * len(NEAREST)
            for index, begin, end in marks:
                if begin < last and end > first:
                    continue
                distance = float(end - first - 1 if end <= first else begin - last + 1)
                distance = -15.0 if distance < -15.0 else min(distance, 15.0)
                if abs(distance) < abs(found[index]):
                    found[index] = distance
            known = self._nearest[key] = numbers(*found) + self.governed(first)
        return known

    def sentence_has(self, sentence: int, name: str) -> bool:
        """Whether a sentence has a trigger of a class."""
        return any(trigger.name == name for trigger in self.reading.triggers_of[sentence])

    def clause_has(self, token: int, name: str) -> bool:
        """Whether the clause of a token has a trigger of a class."""
        return _CLASS_NUMBER[name] in self._clause_triggers.get(self.clause[token], ())

    def sentence_flags(self, sentence: int) -> bytes:
        """One number per class of :data:`CLASSES`: whether the sentence has it."""
        known = self._sentence_flags.get(sentence)
        if known is None:
            inside = 0 <= sentence < len(self.reading.triggers_of)
            names = [_CLASS_NUMBER.get(t.name) for t in self.reading.triggers_of[sentence]] if inside else []
            known = self._sentence_flags[sentence] = _flags(NO_FLAGS, names)
        return known

    def clause_flags(self, token: int) -> bytes:
        """One number per class: whether the clause of the token has it."""
        clause = self.clause[token]
        known = self._clause_flags.get(clause)
        if known is None:
            known = self._clause_flags[clause] = _flags(NO_FLAGS, self._clause_triggers.get(clause, ()))
        return known

    def governed(self, token: int) -> bytes:
        """One number per class of :data:`GOVERNING`: whether the clause of a token, with what is set into it, has it.

        After them how many clauses the sentence has, and which of them this one is.
        """
        wide = self.wide[token]
        known = self._wide_flags.get(wide)
        if known is None:
            found = _flags(_NONE_GOVERNING, self._wide_triggers.get(wide, ()))
            span = self.reading.document.sentences[self.reading.document.sentence_of[token]]
            begin, end = self.wide[span.first], self.wide[span.last - 1]
            known = self._wide_flags[wide] = found + numbers(end - begin + 1, wide - begin)
        return known

    def crowd(self, sentence: int) -> bytes:
        """:data:`CROWD_NAMES`: how long a sentence is, where it stands, and how many of each type it names."""
        span = self.reading.document.sentences[sentence]
        entities = {(m.type, m.entity.id) for m in self.reading.by_sentence[sentence]}
        types = [kind for kind, _ in entities]
        return numbers(
            min(span.last - span.first, 60),
            min(sentence, 20),
            sentence / self.count,
            *[min(types.count(kind), 9) for kind in _CROWD],
        )

    def static(self, mention: Mention) -> bytes:
        """What a mention is by itself: case, kind of name, how often and how early it is named."""
        known = self._static.get(mention)
        if known is None:
            known = self._static[mention] = _PACK_STATIC(*self._alone(mention))
        return known

    def named(self, mention: Mention) -> tuple[int, int, int, float, int]:
        """Of what a mention is by itself: kind of name, type, how often and how early its entity is named."""
        entity = mention.entity.id
        frequency = self.reading.frequency[entity]
        return (
            _HOW[mention.how],
            _TYPE.get(mention.type, 6),
            min(frequency, 8),
            frequency / self.top,
            min(self.first_sentence.get(entity, 99), 9),
        )

    def _alone(self, mention: Mention) -> tuple[float, ...]:
        sentence = self.reading.document.sentences[mention.sentence]
        first, last, entity = mention.first, mention.last, mention.entity
        begin, end = mention.run
        # How many entities of its type its sentence names before it: subjects come first.
        before = {
            m.entity.id
            for m in self.reading.by_sentence[mention.sentence]
            if m.first < first and m.type == mention.type and m.entity.id != entity.id
        }
        # How often its entity is named up to its own sentence: what the text is about by then.
        recent = bisect_right(self._told.get(entity.id, ()), mention.sentence)
        return (
            _CASE_NUMBER.get(mention.case, 12),
            *self.named(mention),
            min(first - sentence.first, 25),
            min(sentence.last - last, 25),
            entity.known,
            last - first,
            min(end - begin, 30),
            min(len(before), 5),
            min(recent, 8),
        )

    def relation(self, first: int, last: int, mention: Mention) -> bytes:
        """How a mention stands to tokens ``[first, last)``: side, distance, clause, sentences and names between."""
        apart = self.sentence_of[first] - mention.sentence
        if apart:
            return _AWAY[-1 if apart < 0 else apart if apart < 6 else 6]
        key = (first, last, mention)
        known = self._relation.get(key)
        if known is None:
            known = self._relation[key] = _PACK_RELATION(*self.stands(first, last, mention))
        return known

    def stands(self, first: int, last: int, mention: Mention) -> tuple[float, ...]:
        """The numbers of :meth:`relation`, :data:`RELATION_NAMES`."""
        here = self.sentence_of[first]
        apart = here - mention.sentence
        if apart:
            return _away(apart)
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
        near = begin if side > 0 else end - 1
        clauses = self.clause[first] - self.clause[near]
        between = 0
        if high > low:
            kind, entity = mention.type, mention.entity.id
            for other in self.reading.by_sentence[here]:
                if low <= other.first < high and other.type == kind and other.entity.id != entity:
                    between += 1
        distance = distance if distance < 30 else 30  # not min(): this is asked for thousands of times a second
        between = between if between < 5 else 5
        if not clauses:
            return (side * distance, distance, 0, 1, between, 0, 0)
        wide = min(abs(self.wide[first] - self.wide[near]), 4)
        return (side * distance, distance, 0, 0, between, min(abs(clauses), 9), wide)


def _away(apart: int) -> tuple[float, ...]:
    """:meth:`View.stands` of a mention so many sentences before (positive) or after (negative)."""
    return (0, 40, -1 if apart < 0 else min(apart, 6), 0, 0, 9, 5)


_AWAY: Final = tuple(numbers(*_away(apart)) for apart in (*range(7), -1))  # the last by -1


# Words that begin a clause of their own.
_OPENERS: Final = frozenset(
    ("while", "where", "which", "who", "whose", "whereas", "but", "although", "though", "because", "when", "after",
     "before", "since", "а", "но", "где", "куда", "когда", "тогда", "хотя", "пока", "чтобы", "что", "если", "причем",
     "ал", "бірақ", "алайда", "сондай", "ол", "олар")
)  # fmt: skip
_OPENING: Final = ("котор", "чей", "чья", "чье")


def _joined_clauses(reading: Reading, clause: Sequence[int]) -> list[int]:
    """The clause of each token, where what is set between commas, dashes or brackets without a verb is no clause.

    "Oxfam, a charity, opened an office in Oral, and the bank closed one" has two. A stretch between marks begins
    a new clause where a word such as "which" opens it, or where it has a verb and so has the clause before it.
    """
    document = reading.document
    verbs = {clause[t.first] for t in reading.triggers if t.name.startswith("v.")}
    result: list[int] = []
    number, i, sentence, has_verb = 0, 0, -1, False
    for stretch, tokens in Counter(clause).items():
        word = document.low[i]
        fresh = document.sentence_of[i] != sentence or document.low[i - 1] == ";"
        opened = word in _OPENERS or word.startswith(_OPENING)
        if fresh or opened or (has_verb and stretch in verbs):
            number += 1
            has_verb = False
        has_verb = has_verb or stretch in verbs
        sentence = document.sentence_of[i]
        result += [number] * tokens
        i += tokens
    return result


CROWD_NAMES: Final = ("length", "place-in-text", "share-of-text", "organizations", "countries", "cities", "people")
_CROWD: Final = ("organization", "country", "city", "person")


STATIC_NAMES: Final = (
    "case",
    "how",
    "type",
    "freq",
    "share",
    "first",
    "left",
    "right",
    "known",
    "length",
    "run",
    "order",
    "recent",
)
RELATION_NAMES: Final = ("signed", "distance", "apart", "clause", "between", "clauses", "wide")


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
    """Names of the features of :meth:`View.nearest` and :meth:`View.governed`."""
    governed = [*(f"{scope}::{name}" for name in GOVERNING), f"{scope}.of-clauses", f"{scope}.nth-clause"]
    return [*(f"{scope}>{name}" for name in NEAREST), *governed]
