"""A second look: how a candidate compares with its rivals, with its like elsewhere, with its list.

The first forest sees a candidate alone. The second sees also what the first thought of the other
readings of the same place in the text, of the same fact in other sentences, and of the other members
of a list: in "offices in Tashkent, Bishkek and Dushanbe" all three stand or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from kg.extract.candidates import Candidate
from kg.extract.features import numbers

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
)

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
    mention = candidate.fillers[varying]
    others = tuple(m.entity.id for slot, m in candidate.fillers.items() if slot != varying)
    values = tuple(v for slot, v in candidate.values.items() if slot not in {"party", "of"})
    return (candidate.kind, candidate.sentence, mention.run, others, values)


FLOOR: Final = 0.03
"""A candidate that the first forest gives less has no second look, and does not count as a rival."""


def alive(candidates: Sequence[Candidate], first: Sequence[float]) -> tuple[list[Candidate], list[float]]:
    """The candidates that have a second look, with their first probabilities."""
    kept = [(c, p) for c, p in zip(candidates, first, strict=True) if p >= FLOOR]
    return [c for c, _ in kept], [p for _, p in kept]


def context(candidates: Sequence[Candidate], first: Sequence[float]) -> list[bytes]:
    """The features :data:`NAMES`, packed, of the live candidates of one article, from their first probabilities."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    keys: dict[tuple[object, ...], list[int]] = defaultdict(list)
    lists: dict[tuple[object, ...], list[int]] = defaultdict(list)
    sentence_best: dict[tuple[str, int], float] = defaultdict(float)
    anchor_best: dict[tuple[object, ...], float] = defaultdict(float)
    text_best: dict[str, float] = defaultdict(float)
    marks = []
    for i, candidate in enumerate(candidates):
        key = candidate.key[1:] if candidate.kind == "agreement" else candidate.key
        mark = (_group(candidate), (candidate.kind, *key), _list(candidate))
        marks.append(mark)
        groups[mark[0]].append(i)
        keys[mark[1]].append(i)
        lists[mark[2]].append(i)
        p = first[i]
        sentence_best[candidate.kind, candidate.sentence] = max(p, sentence_best[candidate.kind, candidate.sentence])
        anchor = (candidate.kind, candidate.sentence, candidate.anchor)
        anchor_best[anchor] = max(p, anchor_best[anchor])
        text_best[candidate.kind] = max(p, text_best[candidate.kind])
    rows = []
    for i, candidate in enumerate(candidates):
        group, key, run = marks[i]
        p = first[i]
        rival, rank = 0.0, 0
        for j in groups[group]:
            if candidates[j].key != candidate.key:
                q = first[j]
                rival = max(rival, q)
                rank += q > p
        same = keys[key]
        elsewhere = max((first[j] for j in same if candidates[j].sentence != candidate.sentence), default=0.0)
        members = lists[run]
        rows.append(
            numbers(
                p,
                rival,
                p - rival,
                min(rank, 9),
                elsewhere,
                min(len(same), 9),
                sum(first[j] for j in members) / len(members),
                min(len(members), 12),
                sentence_best[candidate.kind, candidate.sentence],
                anchor_best[candidate.kind, candidate.sentence, candidate.anchor],
                text_best[candidate.kind],
            )
        )
    return rows
