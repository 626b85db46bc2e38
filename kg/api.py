"""The graph from Python: open it, ask it, carry on with dictionaries, CSV or a data frame."""

from __future__ import annotations

import datetime as dt
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from kg.build import KnowledgeGraph, StoredArticle
from kg.errors import UsageError
from kg.model import PartialDate
from kg.moment import at
from kg.queries import Answer, Question, library, resolver, sparql
from kg.queries.run import asking, look_over

__all__ = ["Answer", "Graph", "Value", "open_store"]

Value: TypeAlias = str | int | dt.date | None
"""What a parameter takes: a name in any language, an id, an IRI, a number, a date; ``None`` is as if left out."""


class Graph:
    """A graph that is open for questions, until it is closed; also a context manager.

    Args:
        graph: the graph.
        federated: whether questions may ask other servers (``SERVICE``).
    """

    def __init__(self, graph: KnowledgeGraph, *, federated: bool = False) -> None:
        self._graph = graph
        self._federated = federated

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(self, question: str, /, **parameters: Value) -> Answer:
        """Ask a ready question or a SPARQL query.

        Args:
            question: the name of a question (see :meth:`questions`), or SPARQL text; its default graph is the merged
                one, and the prefixes of the project need no declaration.
            parameters: values of the question's parameters. A name that Python keeps for itself is written with a
                line below: ``from_="almaty"``.

        Returns:
            The whole answer, its rows as dictionaries.

        Raises:
            UsageError: if there is no such question or parameter, a value means nothing or several things, or the
                text is no SPARQL or names terms that do not exist.
            KgError: if the store or another server does not answer.
        """
        values = {name.removesuffix("_"): str(value) for name, value in parameters.items() if value is not None}
        if "{" in question:
            if values:
                raise UsageError("SPARQL takes no parameters", remedy=f"leave out {next(iter(values))}")
            source, text = "the query", question
            look_over(text, source, lambda told: warnings.warn(told, stacklevel=4))
        else:
            source, text = question, sparql(question, values, resolver(self._graph.store))
        with asking(self._graph, text, source, federated=self._federated) as result:
            return Answer.of(result)

    def questions(self) -> Mapping[str, Question]:
        """The ready questions by name, each with its title in three languages, its parameters and its columns."""
        return library()

    def articles(self) -> list[StoredArticle]:
        """The articles in the graph, sorted by id."""
        return self._graph.articles()

    def close(self) -> None:
        """Let go of the store."""
        self._graph.close()


def open_store(
    path: str | Path | None = None,
    *,
    federated: bool = False,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> Graph:
    """Open a graph that ``kg build`` made, for questions only.

    Args:
        path: a folder, or the address of a SPARQL 1.1 store; without it ``KG_STORE``, else ``./kg-store``.
        federated: whether questions may ask other servers, such as Wikidata.
        as_of: only what may have held on this date: ``2025``, ``2025-03`` or ``2025-03-04``.
        known_by: only what articles published until then say.

    Raises:
        UsageError: if a date is none.
        KgError: if there is no graph, it is damaged or out of reach, or another process is writing to it.
    """
    where = path if path is not None else os.environ.get("KG_STORE") or "./kg-store"
    dates = [_date(value) for value in (as_of, known_by)]
    graph = KnowledgeGraph.open(where, read_only=True)
    return Graph(at(graph, *dates), federated=federated)


def _date(value: str | dt.date | None) -> PartialDate | None:
    try:
        return PartialDate(str(value)) if value is not None else None
    except ValueError:
        raise UsageError(f'"{value}" is no date', remedy="write 2025, 2025-03 or 2025-03-04") from None
