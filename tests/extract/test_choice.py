"""A forest gives what a walk through each of its trees gives."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.choice import Forest, forests
from kg.extract.features import numbers

FEATURES = ["a", "b", "c"]


def tree(rng: random.Random, leaves: int) -> list[list[Any]]:
    """A tree of so many leaves, its nodes in any order but for the root; a split names its feature or its number."""
    nodes: list[list[Any]] = [[rng.uniform(-2, 2)]]
    for _ in range(leaves - 1):
        at = rng.choice([n for n, node in enumerate(nodes) if len(node) == 1])
        nodes += [nodes[at], [rng.uniform(-2, 2)]]
        children = [len(nodes) - 2, len(nodes) - 1]
        rng.shuffle(children)
        nodes[at] = [rng.choice([*FEATURES, 0, 2]), rng.choice((-1.0, 0.0, 0.5, 1.0)), *children]
    return nodes


def walked(tree: list[list[Any]], row: list[float]) -> float:
    node = tree[0]
    while len(node) > 1:
        feature = FEATURES.index(node[0]) if isinstance(node[0], str) else node[0]
        node = tree[node[2] if row[feature] <= node[1] else node[3]]
    return float(node[0])


ROWS = st.lists(st.lists(st.sampled_from((-2.0, -1.0, 0.0, 0.5, 0.75, 1.0, 9.0)), min_size=3, max_size=3), max_size=9)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 64), min_size=1, max_size=6), ROWS)
def test_agrees_with_a_walk(seed: int, sizes: list[int], rows: list[list[float]]) -> None:
    rng = random.Random(seed)
    trees = [tree(rng, size) for size in sizes]
    forest = Forest(
        {"features": FEATURES, "trees": trees, "baseline": 0.25, "threshold": 0.5, "calibration": (1.5, -0.5)}
    )
    found = forest.probabilities([numbers(*row) for row in rows])
    odds = [1.5 * (0.25 + sum(walked(t, row) for t in trees)) - 0.5 for row in rows]
    assert found.tolist() == pytest.approx([1 / (1 + math.exp(-o)) for o in odds], abs=1e-6)


def test_many_rows_are_answered_as_one_by_one() -> None:
    forest = forests()["presence"]
    rng = np.random.default_rng(3)
    rows = [row.tobytes() for row in rng.integers(-4, 20, (600, len(forest.features))).astype(np.float32)]
    assert forest.probabilities(rows).tolist() == pytest.approx([float(forest.probabilities([r])[0]) for r in rows])


def test_a_tree_too_large_is_told() -> None:
    with pytest.raises(ValueError, match="65 leaves"):
        Forest({"features": FEATURES, "trees": [tree(random.Random(1), 65)], "baseline": 0.0, "threshold": 0.5})
