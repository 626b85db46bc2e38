"""Which graph a query is about, written into its text: for servers that take no data set without listing its graphs."""

from __future__ import annotations

import re
from typing import Final

# Strings before IRIs before comments before braces: what is in the former is none of the latter.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\"{}|^`\\\s]*>"
    r"|\#[^\n]*"
    r"|[(){}]"
    r"|[?$:\w][\w:.-]*",
    re.DOTALL,
)
_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def form(text: str) -> str:
    """The form of a query, ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; ``""`` if it has none."""
    return next((t for t in (m[0].upper() for m in _TOKEN.finditer(text)) if t in _FORMS), "")


def names_graphs(text: str) -> bool:
    """Whether a query has ``GRAPH`` in it."""
    return any(m[0].upper() == "GRAPH" for m in _TOKEN.finditer(text))


def has_dataset(text: str) -> bool:
    """Whether a query says itself what its data set is (``FROM``)."""
    for match in _TOKEN.finditer(text):
        if match[0] == "{":
            return False
        if match[0].upper() == "FROM":
            return True
    return False


def limited(text: str) -> bool:
    """Whether a query sets ``LIMIT`` or ``OFFSET`` to its own answer."""
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0].upper() in ("LIMIT", "OFFSET"):
            return True
    return False


def within(text: str, graph: str) -> str:
    """A query whose plain patterns are about *graph*, while ``GRAPH`` reaches every graph (SPARQL 1.1, 13.3).

    Args:
        text: a SELECT, ASK or CONSTRUCT without FROM.
        graph: IRI of the graph.

    Raises:
        SyntaxError: if no group is found.
    """
    start, end = _where(text)
    return f"{text[:start]}{{ GRAPH <{graph}> {text[start:end]} }}{text[end:]}"


def _where(text: str) -> tuple[int, int]:
    """Where the group of patterns begins and ends: the first one, after the template of a CONSTRUCT."""
    depth = brackets = start = 0
    template = False
    for match in _TOKEN.finditer(text):
        token = match[0].upper()
        if token in "()":
            brackets += 1 if token == "(" else -1
        elif brackets:
            continue
        elif token == "CONSTRUCT" and depth == 0:
            template = True
        elif token == "WHERE" and depth == 0:
            template = False
        elif token == "{":
            if depth == 0:
                start = match.start()
            depth += 1
        elif token == "}":
            depth -= 1
            if depth == 0 and not template:
                return start, match.end()
            if depth == 0:
                template = False
    raise SyntaxError("the query has no group of patterns")
