"""A forest gives what a walk through each of its trees gives."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.choice import Forest, forests
from kg.extract.features import numbers

FEATURES = ["a", "b", "c"]


def tree(rng: random.Random, leaves: int) -> list[list[Any]]:
    """A tree of so many leaves: a split, which names its feature or its number, then its left side, then its right."""
    if leaves == 1:
        return [[rng.uniform(-2, 2)]]
    left = rng.randint(1, leaves - 1)
    split = [rng.choice([*FEATURES, 0, 2]), rng.choice((-1.0, 0.0, 0.5, 1.0))]
    return [split, *tree(rng, left), *tree(rng, leaves - left)]


def walked(nodes: Iterator[list[Any]], row: list[float]) -> float:
    """The value of the leaf where a row ends; goes through all nodes of its tree."""
    node = next(nodes)
    if len(node) == 1:
        return float(node[0])
    feature = FEATURES.index(node[0]) if isinstance(node[0], str) else node[0]
    left, right = walked(nodes, row), walked(nodes, row)
    return left if row[feature] <= node[1] else right


ROWS = st.lists(st.lists(st.sampled_from((-2.0, -1.0, 0.0, 0.5, 0.75, 1.0, 9.0)), min_size=3, max_size=3), max_size=9)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 64), min_size=1, max_size=6), ROWS)
def test_agrees_with_a_walk(seed: int, sizes: list[int], rows: list[list[float]]) -> None:
    rng = random.Random(seed)
    trees = [tree(rng, size) for size in sizes]
    forest = Forest(
        {"features": FEATURES, "trees": trees, "baseline": 0.25, "threshold": 0.5, "calibration": (1.5, -0.5)}
    )
    found = forest.probabilities([(numbers(*row),) for row in rows])
    odds = [1.5 * (0.25 + sum(walked(iter(t), row) for t in trees)) - 0.5 for row in rows]
    assert found.tolist() == pytest.approx([1 / (1 + math.exp(-o)) for o in odds], abs=1e-6)


def test_many_rows_are_answered_as_one_by_one() -> None:
    forest = forests()["presence"]
    rng = np.random.default_rng(3)
    rows = [(row.tobytes(),) for row in rng.integers(-4, 20, (600, len(forest.features))).astype(np.float32)]
    assert forest.probabilities(rows).tolist() == pytest.approx([float(forest.probabilities([r])[0]) for r in rows])


def test_a_tree_too_large_is_told() -> None:
    with pytest.raises(ValueError, match="65 leaves"):
        Forest({"features": FEATURES, "trees": [tree(random.Random(1), 65)], "baseline": 0.0, "threshold": 0.5})
