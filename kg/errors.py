"""The errors that a user sees: what is wrong, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class KgError(Exception):
    """A problem with the data or the store, told in one sentence with its remedy (exit status 1).

    Attributes:
        message: what is wrong, in one sentence.
        where: what the message is about, for example ``articles.jsonl, line 7``; may be empty.
        remedy: what the user can do about it; may be empty.
    """

    exit_status = 1

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        self.message = message
        self.where = where
        self.remedy = remedy
        super().__init__(": ".join(part for part in (where, message) if part) + (f" ({remedy})" if remedy else ""))

    def problem(self) -> Problem:
        """The same as a :class:`Problem`, for work that goes on without the part that failed."""
        return Problem(self.message, self.where, self.remedy)


class UsageError(KgError):
    """The call itself is wrong: an unknown name, option or format (exit status 2)."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a part of the data, told without stopping the rest of the work.

    Attributes:
        message: what is wrong, in one sentence.
        where: what it is about: a file and line, an article, a table row; may be empty.
        remedy: what the user can do about it; may be empty.
        severity: an ``error`` leaves something out (exit status 1), a ``warning`` does not (exit status 0).
    """

    message: str
    where: str = ""
    remedy: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        told = ": ".join(part for part in (self.where, self.message) if part)
        return told + (f" ({self.remedy})" if self.remedy else "")


@dataclass(frozen=True, slots=True)
class Refusal(Problem):
    """A fact that is kept out.

    Attributes:
        article: id of the article.
        kind: kind of the fact.
        why: what is wrong, in plain words.
        quotes: the words of the article that it was read from.
    """

    article: str = ""
    kind: str = ""
    why: str = ""
    quotes: tuple[str, ...] = ()
