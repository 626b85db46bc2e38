"""Which candidates stand: boosted trees, one small forest a kind, read from ``choice.json``.

The file is written by ``scripts/train_choice.py``; it names every feature, so that a weight can be
read. Evaluation is vectorised over candidates and trees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

PATH: Final = Path(__file__).parent / "choice.json"

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]

_MASKS: Final = (np.uint8, np.uint16, np.uint32, np.uint64)
_ROWS: Final = 256
"""Rows that are asked at once: so many that what is made of them on the way stays in the processor's cache."""


class Forest:
    """The trees of one kind and the probability they give.

    All splits of all trees are compared at once, those that ask the same only once. Each split that sends a row to the
    right strikes out the leaves on its left; of those left over the first is where the row ends (QuickScorer: Lucchese
    et al., SIGIR 2015).

    Args:
        data: ``features`` (names), ``trees`` (lists of nodes ``[feature, threshold]`` or ``[value]``: after a split
            comes all that is on its left, then all on its right), ``baseline`` (log-odds), ``threshold`` (probability
            from which a candidate stands), ``calibration`` (slope and intercept on the log-odds).

    Raises:
        ValueError: if a tree has more than 64 leaves.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.features: list[str] = list(data["features"])
        self.threshold = float(data["threshold"])
        self.baseline = float(data["baseline"])
        slope, intercept = data.get("calibration", (1.0, 0.0))
        self.slope, self.intercept = float(slope), float(intercept)
        nodes = _Nodes(data["trees"], {name: n for n, name in enumerate(self.features)})
        trees, size = len(data["trees"]), nodes.leaves
        if size > 64:
            raise ValueError(f"a tree has {size} leaves, and 64 are the most")
        mask = next(m for m in _MASKS if np.iinfo(m).bits >= size)
        width = max(size - 1, 1)  # splits of a tree; what a smaller one lacks strikes out nothing
        self._used, columns = np.unique(np.append(nodes.feature, 0), return_inverse=True)
        # Most splits ask what another one asks, too. The last question is of those splits that a smaller tree lacks.
        asked, question = np.unique(np.stack((columns[:-1], nodes.threshold)), axis=1, return_inverse=True)
        self._column: Ints = np.append(asked[0], 0).astype(np.int64)
        self._threshold: Floats = np.append(asked[1], np.inf).astype(np.float32)[:, None]
        self._question: Ints = np.full(trees * width, asked.shape[1], dtype=np.int64)
        self._kept: NDArray[Any] = np.full((trees * width, 1), np.iinfo(mask).max, dtype=mask)
        place = nodes.number * trees + nodes.tree
        self._question[place] = question.reshape(-1)
        struck = (np.uint64(1) << nodes.last) - (np.uint64(1) << nodes.first)
        self._kept[place, 0] ^= struck.astype(mask)
        self._value: Floats = np.zeros(trees * size, dtype=np.float32)
        self._value[nodes.leaf_tree * size + nodes.leaf_number] = nodes.value
        # Where a tree's first leaf stands, less what is stored as the exponent of the number 1 (IEEE 754).
        self._first = (np.arange(trees, dtype=np.int32) * size - 127)[:, None]

    def probabilities(self, rows: Sequence[Sequence[bytes]]) -> NDArray[np.float64]:
        """The calibrated probability, 0 to 1, that each candidate is a fact.

        Args:
            rows: one row a candidate, packed blocks of features in the order of :attr:`features`.
        """
        flat: Floats = np.frombuffer(b"".join(chain.from_iterable(rows)), dtype=np.float32)
        table = flat.reshape(len(rows), len(self.features))
        leaves = np.empty((len(rows), len(self._first)), dtype=np.float32)
        for begin in range(0, len(rows), _ROWS):
            leaves[begin : begin + _ROWS] = self._leaves(table[begin : begin + _ROWS]).T
        odds = self.baseline + leaves.sum(axis=1, dtype=np.float64)
        result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(self.slope * odds + self.intercept)))
        return result

    def _leaves(self, table: Floats) -> Floats:
        """The value of the leaf where each row ends, one line a tree and one column a row."""
        columns = np.ascontiguousarray(table.take(self._used, axis=1).T)
        left = columns.take(self._column, axis=0) <= self._threshold
        left_mask = np.negative(left, dtype=self._kept.dtype, casting="unsafe")
        kept = left_mask.take(self._question, axis=0)
        kept |= self._kept
        kept = np.bitwise_and.reduce(kept.reshape(-1, len(self._first), len(table)), axis=0)
        kept &= np.negative(kept)  # the lowest bit alone
        place = kept.astype(np.float32).view(np.int32)
        place >>= 23  # its number: the exponent
        place += self._first
        values: Floats = self._value.take(place)
        return values


class _Nodes:
    """The nodes of all trees of a forest, splits and leaves apart.

    Attributes:
        leaves: how many leaves the largest tree has.
        feature, threshold, tree, number: of each split, the last its place among the splits of its tree.
        first, last: of each split, the range ``[first, last)`` of the leaves on its left, counted from left to right.
        value, leaf_tree, leaf_number: of each leaf.
    """

    def __init__(self, trees: Sequence[Sequence[Sequence[Any]]], index: Mapping[str, int]) -> None:
        sizes = np.array([len(tree) for tree in trees])
        tree = np.repeat(np.arange(len(trees)), sizes)
        begin = np.cumsum(sizes) - sizes
        nodes = [node for tree in trees for node in tree]
        inner = np.array([len(node) > 1 for node in nodes])
        (split,) = inner.nonzero()
        splits = [node for node in nodes if len(node) > 1]
        table = np.array([(index.get(n[0], n[0]), n[1]) for n in splits], dtype=np.float64).reshape(-1, 2)
        self.feature, self.threshold = table[:, 0].astype(np.int64), table[:, 1]
        self.tree = tree[split]
        left, right = split + 1, _right(nodes)
        below = np.ones(len(nodes), dtype=np.int64)  # leaves under each node, from the lowest splits up
        while not np.array_equal(count := below[left] + below[right], below[split]):
            below[split] = count
        self.leaves = int(below.max(initial=1))
        before = np.zeros(len(nodes), dtype=np.int64)  # leaves left of each node, from the roots down
        while not np.array_equal(before[right], after := before[split] + below[left]):
            before[left], before[right] = before[split], after
        self.first, self.last = before[left].astype(np.uint64), before[right].astype(np.uint64)
        self.number = np.arange(len(split)) - (np.cumsum(inner) - inner)[begin][self.tree]
        (leaf,) = (~inner).nonzero()
        self.value = np.array([node[0] for node in nodes if len(node) == 1], dtype=np.float32)
        self.leaf_tree, self.leaf_number = tree[leaf], before[leaf]


def _right(nodes: Sequence[Sequence[Any]]) -> NDArray[np.int64]:
    """Of each split, in order, the node on its right: the one that follows when all on its left is through."""
    found: list[int] = []
    waiting: list[int] = []
    for number, node in enumerate(nodes):
        if len(node) > 1:
            waiting.append(len(found))
            found.append(0)
        elif waiting:
            found[waiting.pop()] = number + 1
    return np.array(found, dtype=np.int64)


@cache
def load() -> dict[str, Any]:
    """``choice.json`` as it stands: ``kinds``, the forests, and ``words``, the weights of wordings."""
    data: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return data


@cache
def forests() -> dict[str, Forest]:
    """The forests that travel with the package, by kind.

    The names of the features of a forest stand with the first that has them; the others name that one.
    """
    parts = load()["kinds"]
    return {kind: Forest(part | {"features": names_of(parts, kind)}) for kind, part in parts.items()}


def names_of(parts: Mapping[str, Any], kind: str) -> list[str]:
    """The names of the features of a forest of ``kinds``, which another may hold for it."""
    features = parts[kind]["features"]
    return names_of(parts, features) if isinstance(features, str) else list(features)
