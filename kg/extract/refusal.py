"""Why a fact is not let through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Reason = Literal["form", "quote", "name", "link", "type", "date", "number", "text", "status", "words", "denied",
                 "support", "role"]  # fmt: skip

REASONS: Final[dict[Reason, str]] = {
    "form": "not of the form of a fact",
    "quote": "no verbatim quote",
    "name": "a name that does not stand in the article",
    "link": "a name that means something else, or more than the article and the tables give",
    "type": "a thing of another type than its slot takes",
    "date": "a date that the article does not give, or not so exactly",
    "number": "a number that does not stand in the article",
    "text": "a title, a symbol or a phrase that does not stand in the article",
    "status": "a status that no word of the article supports",
    "words": "no word of the article tells of such a fact",
    "denied": "denied, rumoured or only possible",
    "support": "a name that stands in none of the quotes",
    "role": "a name that the quotes give another part",
}
"""Every reason and what it means."""


class RefusedError(Exception):
    """A fact is not let through; *reason* is one of :data:`REASONS`, the message says what was wrong."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason: Reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class RefusedFact:
    """A fact that was not let through.

    Attributes:
        article: id of the article.
        reason: a key of :data:`REASONS`.
        message: what was wrong, in plain words.
        fact: the fact as it was replied.
        reader: what had read it.
    """

    article: str
    reason: Reason
    message: str
    fact: Mapping[str, Any] = field(default_factory=dict)
    reader: Literal["rules", "model"] = "model"
