"""How commands reach the graph: opened once, closed in every case, errors told plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from kg import iris
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph

PROLOGUE: Final = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in iris.PREFIXES.items())
"""The declarations of all prefixes, on one line."""


@contextmanager
def opened(store: str, *, read_only: bool = True) -> Iterator[KnowledgeGraph]:
    """The graph in *store*, closed at the end.

    Raises:
        KgError: if there is no graph, or another process is writing to it.
    """
    from kg.build import KnowledgeGraph

    graph = KnowledgeGraph.open(store, read_only=read_only)
    try:
        yield graph
    finally:
        graph.close()


def ask(graph: KnowledgeGraph, text: str, source: str = "the query", **options: Any) -> Any:
    """Run a SPARQL query; a mistake in it is told with its line, its column and the line itself.

    The prefixes of :data:`kg.iris.PREFIXES` need no declaration; one of the query's own goes before.

    Raises:
        UsageError: if the text is no SPARQL query.
    """
    try:
        return graph.query(f"{PROLOGUE}\n{text}", **options)
    except SyntaxError as error:
        raise syntax_error(text, str(error), source, before=1) from None


def syntax_error(text: str, told: str, source: str, before: int = 0) -> UsageError:
    """The error for a query that cannot be parsed, from the parser's own message (``error at 2:9: expected …``).

    Args:
        text: the query as the user wrote it.
        told: the parser's message.
        source: what to call the query.
        before: how many lines the parser saw before the user's first.
    """
    match = re.search(r"(\d+):(\d+): (.*)", told, re.DOTALL)
    if match is None:
        return UsageError(told, where=source, remedy="see https://www.w3.org/TR/sparql11-query/")
    number, column = max(1, int(match[1]) - before), int(match[2])
    lines = text.splitlines() or [""]
    line = lines[min(number, len(lines)) - 1]
    expected = " ".join(match[3].split())
    if "Prefix not found" in expected:
        expected = "the prefix is not declared"
    elif len(expected) > 160:
        expected = "something else was expected here"
    else:
        expected = expected.replace("[_]", "a space").replace("one of a space", "a space")
    shown = (
        f"{line.expandtabs(1)}\n{' ' * (column - 1)}^" if len(line) < 200 else line[max(0, column - 40) : column + 40]
    )
    return UsageError(f"not SPARQL: {expected}\n{shown}", where=f"{source}, line {number}, column {column}")


def unknown(what: str, name: str, near: list[str], command: str) -> KgError:
    """The error for a name that leads to nothing, with the nearest names."""
    remedy = f"perhaps: {'; '.join(near)}" if near else f"{command} lists them"
    return KgError(f'there is no {what} "{name}"', remedy=remedy)
