"""How much may be sent, and how much was."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from kg.errors import KgError
from kg.readers.tokens import Price


class LimitError(KgError):
    """A limit of requests or cost is reached; what was replied until then is kept."""


@dataclass
class Spending:
    """Requests, tokens and cost of a run, and their limits; safe to use from several threads.

    Attributes:
        max_requests: requests sent at the most, those sent again included; None for any number.
        max_cost: cost at the most, in the currency of *price*; None for any.
        price: what tokens cost.
        requests: how many requests were sent.
        sent: tokens sent, as the server counts them, else as estimated.
        received: tokens received.
        cached: replies that were taken from the cache.
    """

    max_requests: int | None = None
    max_cost: float | None = None
    price: Price | None = None
    requests: int = 0
    sent: int = 0
    received: int = 0
    cached: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)
    _underway: float = 0.0

    @property
    def cost(self) -> float:
        """What was spent, 0 without a price."""
        return self.price.cost(self.sent, self.received) if self.price else 0.0

    def begin(self, sent: int, received: int) -> float:
        """Set aside the cost of a request before it is sent.

        Args:
            sent: estimated tokens of it.
            received: tokens of the longest reply to it.

        Returns:
            What was set aside, for :meth:`end`.

        Raises:
            LimitError: if it may go beyond a limit.
        """
        expected = self.price.cost(sent, received) if self.price else 0.0
        with self._lock:
            if self.max_requests is not None and self.requests >= self.max_requests:
                raise self.reached()
            if self.max_cost is not None and self.cost + self._underway + expected > self.max_cost:
                raise LimitError(
                    f"--max-cost {self.max_cost:g} is reached: {self.told()}, and the next request may cost "
                    f"{expected:.4f}",
                    remedy="run it again with a higher limit; what was replied is kept and is not asked again",
                )
            self._underway += expected
        return expected

    def end(self, expected: float, sent: int = 0, received: int = 0) -> None:
        """Enter what a request took in the place of what was set aside for it."""
        with self._lock:
            self._underway -= expected
            self.sent += sent
            self.received += received

    def count(self) -> bool:
        """Count a request that is about to go out; False if it is one too many and must not."""
        with self._lock:
            if self.max_requests is not None and self.requests >= self.max_requests:
                return False
            self.requests += 1
            return True

    def reached(self) -> LimitError:
        """The error that says that all requests are used up."""
        return LimitError(
            f"--max-requests {self.max_requests} is reached: {self.told()}",
            remedy="run it again to go on; what was replied is kept and is not asked again",
        )

    def told(self) -> str:
        """What was spent, in words."""
        cost = f", cost {self.cost:.4f}" if self.price else ""
        kept = f", {self.cached} replies from the cache" if self.cached else ""
        return f"{self.requests} requests, {self.sent:,} tokens sent, {self.received:,} received{cost}{kept}"
