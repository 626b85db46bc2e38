"""A second look: how a candidate compares with its rivals, with its like elsewhere, with its list.

The first forest sees a candidate alone. The second sees also what the first thought of the other
readings of the same place in the text, of the same fact in other sentences, and of the other members
of a list: in "offices in Tashkent, Bishkek and Dushanbe" all three stand or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Final

from kg.extract.candidates import FEATURES, Candidate
from kg.extract.candidates.base import Key
from kg.extract.features import Row, numbers

_KINDS: Final = tuple(FEATURES)
_NUMBER: Final = {kind: n for n, kind in enumerate(_KINDS)}
_NO_PART: Final = (0.0,) * 3
_NOTHING: Final = (0.0,) * len(_KINDS)

NAMES: Final = (
    "p1",
    "rival",
    "margin",
    "rank",
    "elsewhere",
    "mentions",
    "list",
    "list-size",
    "sentence-best",
    "anchor-best",
    "text-best",
    "first-best",
    "other-best",
    "words",
    "other-first",
    "other-second",
    "other-third",
    *(f"{scope}.{kind}" for scope in ("here", "before", "after", "shared", "pair") for kind in _KINDS),
)
"""Features of the second look. Of ``other-``: how likely the article has the same with another first, second or third
part of the key (another seat of the organisation, another holder of the post). The last ones are the likeliest
candidates of each kind in the sentence, in the one before and the one after, in the sentence with an entity in common,
and anywhere with the same two entities."""

_VARYING: Final = {
    "presence": "place",
    "relocation": "to",
    "membership": "member",
    "tenure": "person",
    "agreement": "party",
    "proposal": "proposer",
    "decision": "body",
    "count": "place",
}


def _group(candidate: Candidate) -> tuple[object, ...]:
    """The place in the text for which readings of a kind compete."""
    mention = candidate.fillers[_VARYING[candidate.kind]]
    if candidate.kind in {"presence", "relocation", "membership", "tenure"}:
        return (candidate.kind, candidate.sentence, mention.first)
    if candidate.kind == "count":
        return (candidate.kind, candidate.sentence, candidate.anchor[0])
    return (candidate.kind, candidate.sentence)


def _list(candidate: Candidate) -> tuple[object, ...]:
    """The list whose members share a reading: the same other fillers, the same run of names."""
    varying = _VARYING[candidate.kind]
    fillers, values = candidate.fillers, candidate.values
    others = [m.entity.id for slot, m in fillers.items() if slot != varying]
    said = [v for slot, v in values.items() if slot not in {"party", "of"}] if values else ()
    return (candidate.kind, candidate.sentence, fillers[varying].run, *others, *said)


FLOOR: Final = 0.08
"""A candidate that the first forest gives less has no second look, and does not count as a rival."""


def alive(candidates: Sequence[Candidate], first: Sequence[float]) -> tuple[list[Candidate], list[float]]:
    """The candidates that have a second look, with their first probabilities."""
    kept = [(c, p) for c, p in zip(candidates, first, strict=True) if p >= FLOOR]
    return [c for c, _ in kept], [p for _, p in kept]


class _Kinds:
    """The likeliest candidates of every kind, by where they stand and whom they speak of."""

    def __init__(self, candidates: Sequence[Candidate], first: Sequence[float]) -> None:
        self.ids = [tuple(sorted({m.entity.id for m in c.fillers.values()})) for c in candidates]
        self._best: dict[tuple[object, ...], list[float]] = {}
        self._own: dict[tuple[str, str], float] = defaultdict(float)
        self._packed: dict[tuple[object, ...], bytes] = {}
        best, own = self._best, self._own
        ordered = sorted(zip(first, candidates, self.ids, strict=True), key=itemgetter(0))
        for p, candidate, ids in ordered:  # the likeliest last: what is written last stays
            kind, sentence = candidate.kind, candidate.sentence
            number = _NUMBER[kind]
            for key in ((sentence,), ids, *[(sentence, i) for i in ids]):
                row = best.get(key)
                if row is None:
                    row = best[key] = [0.0] * len(_KINDS)
                row[number] = p
            for i in ids:
                own[kind, i] = p

    def own(self, kind: str, ids: Sequence[str]) -> tuple[float, float]:
        """How likely the likeliest candidates of a kind are that speak of the first entity, and of the others."""
        own = self._own
        others = [own[kind, i] for i in ids[1:]]
        return own[kind, ids[0]], max(others) if others else 0.0

    def rows(self, sentence: int, ids: tuple[str, ...]) -> bytes:
        """The blocks here, before, after, shared, pair, packed; kept, since many candidates share them."""
        key = (sentence, ids)
        known = self._packed.get(key)
        if known is None:
            best = self._best
            near = self._packed.get((sentence,))
            if near is None:
                rows = [best.get((s,), _NOTHING) for s in (sentence, sentence - 1, sentence + 1)]
                near = self._packed[sentence,] = numbers(*chain.from_iterable(rows))
            shared = map(max, *[best[sentence, i] for i in ids], _NOTHING)
            known = self._packed[key] = near + numbers(*shared, *best[ids])
        return known


def context(candidates: Sequence[Candidate], first: Sequence[float], wording: Sequence[float]) -> list[Row]:
    """The features :data:`NAMES`, packed in blocks, of the live candidates of one article.

    Args:
        candidates: those that have a second look.
        first: their first probabilities.
        wording: what their words say (:mod:`kg.extract.wording`).
    """
    kinds = _Kinds(candidates, first)
    groups: dict[tuple[object, ...], list[tuple[float, Key]]] = defaultdict(list)
    same: dict[tuple[object, ...], list[tuple[float, int]]] = defaultdict(list)
    lists: dict[tuple[object, ...], list[float]] = defaultdict(list)
    sentence_best: dict[tuple[str, int], float] = defaultdict(float)
    anchor_best: dict[tuple[object, ...], float] = defaultdict(float)
    text_best: dict[str, float] = defaultdict(float)
    others: dict[tuple[object, ...], _Best] = defaultdict(_Best)
    marks = []
    for candidate, p in zip(candidates, first, strict=True):
        kind, sentence, own = candidate.kind, candidate.sentence, candidate.key
        group, fact, run = _group(candidate), (kind, own[1:] if kind == "agreement" else own), _list(candidate)
        groups[group].append((p, own))
        same[fact].append((p, sentence))
        lists[run].append(p)
        parts = []
        for n, part in enumerate(own):
            best = others[kind, n, own[:n], own[n + 1 :]]
            best.add(part, p)
            parts.append(best)
        anchor = (kind, sentence, candidate.anchor)
        if p > anchor_best[anchor]:
            anchor_best[anchor] = p
            if p > sentence_best[kind, sentence]:
                sentence_best[kind, sentence] = p
                text_best[kind] = max(p, text_best[kind])
        marks.append((group, fact, run, anchor, parts))
    for rivals in groups.values():
        rivals.sort(key=itemgetter(0), reverse=True)
    means = {run: (sum(found) / len(found), min(len(found), 12)) for run, found in lists.items()}
    rows: list[Row] = []
    for candidate, p, words, ids, (group, fact, run, anchor, parts) in zip(
        candidates, first, wording, kinds.ids, marks, strict=True
    ):
        kind, sentence, own = candidate.kind, candidate.sentence, candidate.key
        rival, rank = _rivals(groups[group], p, own)
        told = same[fact]
        elsewhere = max([q for q, there in told if there != sentence], default=0.0) if len(told) > 1 else 0.0
        rows.append(
            (
                numbers(
                    p,
                    rival,
                    p - rival,
                    min(rank, 9),
                    elsewhere,
                    min(len(told), 9),
                    *means[run],
                    sentence_best[kind, sentence],
                    anchor_best[anchor],
                    text_best[kind],
                    *kinds.own(kind, ids),
                    words,
                    *[best.without(part) for best, part in zip(parts, own, strict=True)],
                    *_NO_PART[len(own) :],
                ),
                kinds.rows(sentence, ids),
            )
        )
    return rows


def _rivals(found: Sequence[tuple[float, Key]], p: float, own: Key) -> tuple[float, int]:
    """The likeliest of those of another key, and how many of them are likelier than *p*.

    Args:
        found: probabilities and keys, the likeliest first.
    """
    rival, rank = 0.0, 0
    for q, key in found:
        if key != own:
            if not rank:
                rival = max(rival, q)
            if q <= p:
                break
            rank += 1
    return rival, rank


class _Best:
    """The likeliest and the next of the parts that one place of a key may have."""

    __slots__ = ("first", "part", "second")

    def __init__(self) -> None:
        self.part = ""
        self.first = self.second = 0.0

    def add(self, part: str, p: float) -> None:
        """Count a part with probability *p*."""
        if part == self.part:
            self.first = max(p, self.first)
        elif p > self.first:
            self.part, self.first, self.second = part, p, self.first
        else:
            self.second = max(p, self.second)

    def without(self, part: str) -> float:
        """How likely the likeliest other part is."""
        return self.second if part == self.part else self.first
