"""Questions that ask another server (SPARQL 1.1 Federated Query): never unasked, and about our own things only.

An engine that does not pass on what it knows would fetch every label of Wikidata to keep ten. A line ``#bound item``
inside ``SERVICE { … }`` is filled in with the values that ``?item`` has in our own graph, so that only these travel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pyoxigraph as ox

from kg.errors import UsageError
from kg.queries.scan import harmless

_SERVICE: Final = re.compile(r"\bSERVICE\b(?:\s+SILENT\b)?", re.IGNORECASE)
_BOUND: Final = re.compile(r"^([ \t]*)#bound[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def services(text: str) -> list[str]:
    """The servers that a query would ask, as they stand in it: ``<https://…>``, or a variable.

    Code point escapes are resolved first, as the standard has it: an escaped keyword is a keyword.
    """
    text = _ESCAPE.sub(_character, text)
    blank = harmless(text)
    return [text[match.end() :].split("{")[0].strip() for match in _SERVICE.finditer(blank)]


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else ""


def allow(text: str, source: str, federated: bool) -> None:
    """Let a query pass unless it asks other servers and nobody said that it may.

    Args:
        text: the query.
        source: what to call it in the message.
        federated: whether it may.

    Raises:
        UsageError: if it may not.
    """
    asked = [] if federated else services(text)
    if asked:
        raise UsageError(
            f"it asks another server, {', '.join(dict.fromkeys(asked))}",
            where=source,
            remedy="allow that with --federated, or federated=True in Python",
        )


def bind(text: str, run: Callable[[str], object]) -> str:
    """The query with our own values in the place of each ``#bound VARIABLE`` inside a ``SERVICE`` block.

    Args:
        text: the query; without such a line it comes back as it is.
        run: answers a SELECT; it gets the query without its ``SERVICE`` blocks.

    Raises:
        UsageError: if the variable is none of the columns.
    """
    wanted = _BOUND.findall(text)
    if not wanted:
        return text
    answer = run(without_services(text))
    assert isinstance(answer, ox.QuerySolutions)
    columns = [variable.value for variable in answer.variables]
    for _, name in wanted:
        if name not in columns:
            raise UsageError(f"#bound {name}: ?{name} is no column of the query", remedy=f"select ?{name}")
    rows = list(answer)

    def values(match: re.Match[str]) -> str:
        found = sorted({str(row[match[2]]) for row in rows if isinstance(row[match[2]], ox.NamedNode | ox.Literal)})
        return f"{match[1]}VALUES ?{match[2]} {{ {' '.join(found)} }}"

    return _BOUND.sub(values, text)


def without_services(text: str) -> str:
    """The query with every ``SERVICE … { … }`` taken out, braces in strings and comments left alone."""
    blank, kept, at = harmless(text), [], 0
    for match in _SERVICE.finditer(blank):
        if match.start() < at:
            continue
        kept.append(text[at : match.start()])
        at = blank.find("{", match.end()) + 1
        depth = 1
        while at and depth and at < len(blank):
            depth += {"{": 1, "}": -1}.get(blank[at], 0)
            at += 1
    return "".join([*kept, text[at:]])
