"""How many tokens a text has, on the safe side, and what they cost.

Tokenisers differ and their tables are fetched over the network, so the number is an estimate by script: shares of a
token a character, fitted to lie above the counts of both tokenisers of OpenAI's current models (``cl100k_base`` and
``o200k_base``) on news in the three languages and on JSON. The older of the two splits Kazakh finest; for newer ones
the estimate of a Kazakh text is up to three times too high.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from kg.errors import UsageError

_SHARES: Final = (
    (re.compile(r"[A-Za-z]"), 0.225),
    (re.compile(r"[әғқңөұүһіӘҒҚҢӨҰҮҺІ]"), 2.6),
    (re.compile(r"[\u0400-\u04ff](?<![әғқңөұүһіӘҒҚҢӨҰҮҺІ])"), 0.58),
    (re.compile(r"\d"), 0.5),
    (re.compile(r"\s"), 0.04),
    (re.compile(r"[^\w\s]{1,4}"), 0.95),
    (re.compile(r"[^\W\dA-Za-z\u0400-\u04ff]"), 1.5),
)
"""What a character adds, by script; signs that stand together count once."""
_MARGIN: Final = 1.1


def estimate(text: str) -> int:
    """An upper estimate of the tokens of *text*."""
    return math.ceil(_MARGIN * sum(share * len(pattern.findall(text)) for pattern, share in _SHARES))


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in a currency for a million tokens.

    Attributes:
        sent: for a million tokens of requests.
        received: for a million tokens of replies.
    """

    sent: float
    received: float

    @classmethod
    def of(cls, text: str) -> Price:
        """From ``0.15,0.60``: for a million tokens sent, and received.

        Raises:
            UsageError: if it has another form.
        """
        try:
            sent, received = (float(part) for part in text.split(","))
        except ValueError:
            sent = received = -1.0
        if not (0 <= sent < math.inf and 0 <= received < math.inf):
            raise UsageError(
                f'not a price: "{text}"', remedy="give two numbers for a million tokens, sent and received: 0.15,0.60"
            )
        return cls(sent, received)

    def cost(self, sent: int, received: int) -> float:
        """The cost of so many tokens."""
        return (sent * self.sent + received * self.received) / 1_000_000
