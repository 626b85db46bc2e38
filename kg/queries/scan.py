"""The words of a SPARQL query with their places, and what there is to say about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

# Comments, strings and whole IRIs are stepped over, so that what looks like a name inside them is none.
TOKEN: Final = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<text>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<comment>\#[^\n]*)
    |(?P<variable>[?$]\w+)
    |(?P<declared>\bPREFIX\s+(?P<prefix>[\w.-]*):\s*<(?P<namespace>[^>]*)>)
    |(?P<name>(?<![\w?$:@-])(?P<of>[A-Za-z][\w.-]*)?:(?P<local>(?:[\w:-]|\.(?=[\w:-])|%[0-9A-Fa-f]{2}|\\[^\s\w])*))
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a query that cannot be meant.

    Attributes:
        message: what is wrong, and what was perhaps meant.
        line: its line, from 1.
        column: its column, from 1, in characters.
        term: the name as it stands in the query.
        suggestion: the name that was perhaps meant; empty if none is near.
        severity: an ``error`` can match nothing, a ``warning`` may be meant.
    """

    message: str
    line: int
    column: int
    term: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.message} (line {self.line}, column {self.column})"


def harmless(text: str) -> str:
    """The text with spaces for all that only looks like SPARQL: strings, comments, IRIs, names, variables.

    What is left are keywords and signs, each in its place.
    """
    return TOKEN.sub(lambda token: token[0] if token["declared"] else re.sub(r"[^\n]", " ", token[0]), text)


def finding(
    text: str,
    token: re.Match[str],
    message: str,
    shown: str,
    suggestion: str,
    severity: Literal["error", "warning"] = "error",
) -> Finding:
    """A finding at a token.

    Args:
        text: the query.
        token: where it is.
        message: what is wrong.
        shown: the name as it stands in the query.
        suggestion: what was perhaps meant.
        severity: how bad it is.
    """
    start = token.start()
    line = text.count("\n", 0, start) + 1
    return Finding(message, line, start - text.rfind("\n", 0, start), shown, suggestion, severity)
