"""How commands reach the graph: opened once, closed in every case, errors told plainly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.errors import KgError, Problem, UsageError
from kg.model import PartialDate
from kg.queries.run import PROLOGUE, ask, syntax_error

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph

__all__ = ["PROLOGUE", "ask", "moment", "opened", "opened_at", "syntax_error", "unknown"]


@contextmanager
def opened(
    store: str, *, read_only: bool = True, on_problem: Callable[[Problem], None] | None = None
) -> Iterator[KnowledgeGraph]:
    """The graph in *store*, closed at the end; *on_problem* is told of each fact that is kept out.

    Raises:
        KgError: if there is no graph, or another process is writing to it.
    """
    from kg.build import KnowledgeGraph

    graph = KnowledgeGraph.open(store, read_only=read_only, on_problem=on_problem)
    try:
        yield graph
    finally:
        graph.close()


@contextmanager
def opened_at(
    store: str, as_of: str | None, known_by: str | None, reader: str | None = None, min_confidence: float = 0.0
) -> Iterator[KnowledgeGraph]:
    """The graph in *store* at a moment and as one reader has it, for questions, closed at the end.

    Args:
        store: a folder or an address.
        as_of: the value of ``--as-of``.
        known_by: the value of ``--known-by``.
        reader: the value of ``--reader``: only what it read counts.
        min_confidence: the value of ``--min-confidence``: only what was read so surely counts.

    Raises:
        UsageError: if a date is none.
        KgError: if there is no graph.
    """
    dates = [moment(value, name) if value else None for value, name in ((as_of, "--as-of"), (known_by, "--known-by"))]
    chosen = bool(reader or min_confidence)
    with opened(store) as graph:
        if not any(dates) and not chosen:
            yield graph
            return
        from kg.moment import at

        def keep(name: str, sure: float) -> bool:
            return name == (reader or name) and sure >= min_confidence

        view = at(graph, *dates, keep=keep if chosen else None)
        try:
            yield view
        finally:
            view.close()


def moment(value: str, name: str) -> PartialDate:
    """A date that somebody typed.

    Raises:
        UsageError: if it is none.
    """
    try:
        return PartialDate(value.strip())
    except ValueError:
        raise UsageError(f'"{value}" is no date', where=name, remedy="write 2025, 2025-03 or 2025-03-04") from None


def unknown(what: str, name: str, near: list[str], command: str) -> KgError:
    """The error for a name that leads to nothing, with the nearest names."""
    remedy = f"perhaps: {'; '.join(near)}" if near else f"{command} lists them"
    return KgError(f'there is no {what} "{name}"', remedy=remedy)
