"""Running a query: looked over first, other servers only when allowed, mistakes told with their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from kg import iris
from kg.errors import KgError, UsageError
from kg.queries import federate
from kg.queries.lint import lint

PROLOGUE: Final = " ".join((f"BASE <{iris.BASE}>", *(f"PREFIX {name}: <{iri}>" for name, iri in iris.PREFIXES.items())))
"""The base, so that ``<id/city/almaty>`` is an address, and the declarations of all prefixes, on one line."""

_SLASHED: Final = re.compile(r"\b(id|kind):((?:[\w%~-]+/)+[\w%~.-]*[\w%~-])")


class Asked(Protocol):
    """What can be asked: a :class:`kg.build.KnowledgeGraph` or a :class:`kg.store.Store`."""

    def query(self, text: str, /) -> Any:
        """Answer a SPARQL query."""
        ...


def look_over(text: str, source: str, warn: Callable[[str], None]) -> None:
    """Say what a query of one's own gets wrong before it runs.

    Args:
        text: the query.
        source: what to call it.
        warn: told of what may be meant: variables of no use, parts that nothing joins.

    Raises:
        UsageError: if it names a term that the ontology does not have, or a prefix that nobody declared.
    """
    for found in lint(text):
        if found.severity == "error":
            raise UsageError(str(found), where=source)
        warn(str(found))


def ask(graph: Asked, text: str, source: str = "the query", **options: Any) -> Any:
    """Run a SPARQL query; a mistake in it is told with its line, its column and the line itself.

    The prefixes of :data:`kg.iris.PREFIXES` need no declaration, and ``<id/city/almaty>`` is an address of ours; what
    the query declares itself goes before.

    Raises:
        UsageError: if the text is no SPARQL query.
    """
    try:
        return graph.query(f"{PROLOGUE}\n{text}", **options)
    except SyntaxError as error:
        raise syntax_error(text, str(error), source, before=1) from None


@contextmanager
def asking(graph: Asked, text: str, source: str = "the query", *, federated: bool = False) -> Iterator[Any]:
    """The answer to a query that may ask other servers; to be read inside the ``with``.

    Args:
        graph: what to ask.
        text: the query.
        source: what to call it in messages.
        federated: whether ``SERVICE`` is allowed.

    Raises:
        UsageError: if the text is no SPARQL, or asks another server and may not.
        KgError: if another server does not answer.
    """
    federate.allow(text, source, federated)
    servers = federate.services(text)
    try:
        yield ask(graph, federate.bind(text, lambda inner: ask(graph, inner, source)) if servers else text, source)
    except (OSError, KgError) as error:
        if not servers or isinstance(error, UsageError | BrokenPipeError):
            raise
        told = str(getattr(error, "message", error)).splitlines()[0][:200]
        names = ", ".join(dict.fromkeys(servers))
        raise KgError(f"another server does not answer: {told}", where=names, remedy="try again later") from None


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
    slashed = _SLASHED.search(line)
    # SPARQL 1.1, 19.8: a name after a prefix has no bare slash, though answers show addresses that way.
    remedy = f"write <{slashed[1]}/{slashed[2]}> for {slashed[0]}" if slashed else ""
    return UsageError(
        f"not SPARQL: {expected}\n{shown}", where=f"{source}, line {number}, column {column}", remedy=remedy
    )
