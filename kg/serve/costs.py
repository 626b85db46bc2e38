"""What queries cost, learned from those that ran, so that quick ones need not wait behind slow ones.

A server that takes queries in the order in which they come makes the many that take less than a millisecond wait for
the few that take a second. What a query will cost cannot be told from its text, but what others of its shape have cost
is known: most queries come from programs, which ask the same with other names.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from typing import Final

_VALUES: Final = re.compile(r"""<[^<>\s]*>|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|\#[^\n]*|\d+""")
"""What may differ between two queries of one shape: IRIs in brackets, strings, comments, numbers."""

_LOOKED_AT: Final = 4_000
"""Letters of a query that its shape is made of, so that a huge one costs no time here."""

_NEWS: Final = 0.2
"""The weight of the last query among those of its shape."""

_DRIFT: Final = 0.02
"""The weight of the last query among all."""

_LONG: Final = 5.0
"""How many times what is usual a query must cost to count as a long one."""

_LEAST: Final = 1e-6


class Costs:
    """The costs of queries, in seconds of processor time.

    Args:
        size: how many shapes are kept; those not asked for longest go first.
    """

    def __init__(self, size: int = 2_000) -> None:
        self._size = size
        self._known: OrderedDict[int, float] = OrderedDict()
        # The mean of logarithms: a few queries that take all their time do not change what is usual.
        self._usual: float | None = None

    @staticmethod
    def shape(query: str) -> int:
        """What queries have in common that differ in their values only."""
        return hash(_VALUES.sub("_", query[:_LOOKED_AT]))

    @property
    def usual(self) -> float:
        """What a query costs; 0 before there was one."""
        return 0.0 if self._usual is None else math.exp(self._usual)

    def expected(self, shape: int) -> float:
        """What a query of a shape will cost; one that nobody has asked yet is taken for a usual one."""
        return self._known.get(shape) or self.usual

    def long(self, expected: float) -> bool:
        """Whether a query that will cost so much is one for which others should not have to wait."""
        return expected > _LONG * self.usual

    def learn(self, shape: int, cost: float) -> None:
        """Take note of what a query has cost."""
        cost = max(cost, _LEAST)
        known = self._known.get(shape, cost)
        self._known[shape] = known + _NEWS * (cost - known)
        self._known.move_to_end(shape)
        if len(self._known) > self._size:
            self._known.popitem(last=False)
        usual = math.log(cost) if self._usual is None else self._usual
        self._usual = usual + _DRIFT * (math.log(cost) - usual)
