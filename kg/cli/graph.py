"""How commands reach the graph: opened once, closed in every case, errors told plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.queries.run import PROLOGUE, ask, syntax_error

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph

__all__ = ["PROLOGUE", "ask", "opened", "syntax_error", "unknown"]


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


def unknown(what: str, name: str, near: list[str], command: str) -> KgError:
    """The error for a name that leads to nothing, with the nearest names."""
    remedy = f"perhaps: {'; '.join(near)}" if near else f"{command} lists them"
    return KgError(f'there is no {what} "{name}"', remedy=remedy)
