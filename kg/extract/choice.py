"""Which candidates stand: boosted trees, one small forest a kind, read from ``choice.json``.

The file is written by ``scripts/train_choice.py``; it names every feature, so that a weight can be
read. Evaluation is a walk through all trees at once, vectorised over candidates and trees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PATH: Final = Path(__file__).parent / "choice.json"

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


class Forest:
    """The trees of one kind and the probability they give.

    Args:
        data: ``features`` (names), ``trees`` (lists of nodes ``[feature, threshold, left, right]`` or
            ``[value]``), ``baseline`` (log-odds), ``threshold`` (probability from which a candidate
            stands), ``calibration`` (slope and intercept on the log-odds).
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.features: list[str] = list(data["features"])
        self.threshold = float(data["threshold"])
        self.baseline = float(data["baseline"])
        slope, intercept = data.get("calibration", (1.0, 0.0))
        self.slope, self.intercept = float(slope), float(intercept)
        index = {name: n for n, name in enumerate(self.features)}
        feature: list[int] = []
        threshold: list[float] = []
        left: list[int] = []
        right: list[int] = []
        value: list[float] = []
        roots: list[int] = []
        for tree in data["trees"]:
            offset = len(feature)
            roots.append(offset)
            for n, node in enumerate(tree):
                leaf = len(node) == 1
                feature.append(0 if leaf else (index[node[0]] if isinstance(node[0], str) else int(node[0])))
                threshold.append(np.inf if leaf else node[1])
                left.append(offset + (n if leaf else node[2]))
                right.append(offset + (n if leaf else node[3]))
                value.append(node[0] if leaf else 0.0)
        self._feature: Ints = np.array(feature, dtype=np.int32)
        self._threshold: Floats = np.array(threshold, dtype=np.float32)
        # Of node n, the right child stands at 2n and the left one, for values up to the threshold, at 2n + 1.
        self._children: Ints = np.array([right, left], dtype=np.int32).T.ravel()
        self._value: Floats = np.array(value, dtype=np.float32)
        self._roots: Ints = np.array(roots, dtype=np.int32)
        self._depth = max((_depth(tree) for tree in data["trees"]), default=0)

    def probabilities(self, rows: Sequence[bytes]) -> NDArray[np.float64]:
        """The calibrated probability, 0 to 1, that each candidate is a fact.

        Args:
            rows: one row of packed features a candidate, in the order of :attr:`features`.
        """
        flat: Floats = np.frombuffer(b"".join(rows), dtype=np.float32)
        count, width = len(rows), len(self.features)
        offsets = (np.arange(count, dtype=np.int32) * width)[:, None]
        nodes = np.broadcast_to(self._roots, (count, len(self._roots))).copy()
        for _ in range(self._depth):
            places = self._feature.take(nodes)
            places += offsets
            below = flat.take(places) <= self._threshold.take(nodes)
            nodes *= 2
            nodes += below
            nodes = self._children.take(nodes)
        odds = self.baseline + self._value.take(nodes).sum(axis=1, dtype=np.float64)
        result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(self.slope * odds + self.intercept)))
        return result


def _depth(tree: Sequence[Sequence[float]], node: int = 0) -> int:
    if len(tree[node]) == 1:
        return 0
    return 1 + max(_depth(tree, int(tree[node][2])), _depth(tree, int(tree[node][3])))


@cache
def load() -> dict[str, Any]:
    """``choice.json`` as it stands: ``kinds``, the forests, and ``words``, the weights of wordings."""
    data: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return data


@cache
def forests() -> dict[str, Forest]:
    """The forests that travel with the package, by kind."""
    return {kind: Forest(part) for kind, part in load()["kinds"].items()}
