"""The dataset of a query: what the protocol's parameters say, else what FROM says, else the merged graph."""

from __future__ import annotations

import re
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.errors import UsageError
from kg.serve import guard
from kg.serve.frames import Job

_SPACE: Final = r"(?:\s|#[^\n]*\n)*"
_PREFIX: Final = re.compile(rf"\bPREFIX\s+([\w.-]*):{_SPACE}<([^<>\s]*)>", re.IGNORECASE)
_BASE: Final = re.compile(rf"\bBASE{_SPACE}<([^<>\s]*)>", re.IGNORECASE)
_CLAUSE: Final = re.compile(
    rf"\bFROM\b{_SPACE}(NAMED\b{_SPACE})?(?:<([^<>\s]*)>|([\w.-]*):([\w:%.-]*[\w:%-])?)", re.IGNORECASE
)


def dataset(store: ox.Store, job: Job) -> tuple[ox.Store, dict[str, Any]]:
    """The store to ask, and the engine's options.

    The engine answers from several default graphs without merging them: a triple that stands in two counts twice. So
    several are copied into one; one alone is asked where it is.

    Raises:
        UsageError: if an IRI is none.
        SyntaxError: if the query is no SPARQL.
    """
    default, named = job.default_graphs, job.named_graphs
    if not default and not named:
        if not guard.uses(job.query, "FROM"):
            return store, {"default_graph": ox.NamedNode(iris.GRAPH_MERGED)}
        default, named = clauses(job.query)
        if len(default) < 2:
            return store, {}
    try:
        defaults, names = [ox.NamedNode(d) for d in default], [ox.NamedNode(n) for n in named]
    except ValueError as error:
        raise UsageError(f"the IRI of a graph is none: {error}") from None
    if len(defaults) < 2:
        return store, {"default_graph": defaults, "named_graphs": names}
    chosen = ox.Store()
    for name in dict.fromkeys(defaults):
        for quad in store.quads_for_pattern(None, None, None, name):
            chosen.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    for name in dict.fromkeys(names):
        chosen.extend(store.quads_for_pattern(None, None, None, name))
    return chosen, {"default_graph": ox.DefaultGraph(), "named_graphs": names}


def clauses(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The IRIs of FROM and of FROM NAMED of a query that has such clauses (SPARQL 1.1 Query, section 13.2)."""
    prefixes = {**iris.PREFIXES, **dict(_PREFIX.findall(query))}
    base = next((found[1] for found in _BASE.finditer(query)), iris.BASE)
    default: list[str] = []
    named: list[str] = []
    # They stand before the first group; what looks like one in a comment there is a mistake of the writer's.
    for found in _CLAUSE.finditer(query[: query.find("{")]):
        if found[2] is None:
            iri = prefixes.get(found[3], "") + (found[4] or "")
        else:
            iri = found[2] if ":" in found[2] else base + found[2]
        (named if found[1] else default).append(iri)
    return tuple(default), tuple(named)
