"""Labels that a query asks for where they are not: those of concepts stand in the graph of the ontology alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg import iris
from kg.queries.scan import Finding, finding
from kg.queries.shape import tokens

_CONCEPTS: Final = frozenset(
    f"io:{name}"
    for name in ("form", "status", "focus", "instrument", "adoptedBy", "role", "counted", "position", "bodyKind")
)
_SAID: Final = frozenset(f"skos:{name}" for name in ("prefLabel", "altLabel", "definition", "notation", "broader"))


def findings(text: str) -> Iterator[Finding]:
    """Warnings about variables that stand for concepts and whose labels are asked for outside ``GRAPH``.

    Args:
        text: the query; of one that is no SPARQL nothing is said.
    """
    concepts: set[str] = set()
    asked = []
    inside: list[bool] = []
    in_graph = False
    before = None
    for token in tokens(text):
        shown = _short(token.match[0]) if token.sort == "t" else ""
        if token.sort == "graph":
            in_graph = True
        elif token.sort == "{":
            inside.append(in_graph)
            in_graph = False
        elif token.sort == "}" and inside:
            inside.pop()
        elif before is not None and token.sort == "?" and _short(before.match[0]) in _CONCEPTS:
            concepts.add(token.name)
        elif before is not None and before.sort == "?" and shown in _SAID and not any(inside):
            asked.append(before)
        before = token
    for token in asked:
        if token.name in concepts:
            told = f"?{token.name} is a concept: its labels stand in GRAPH <graph/ontology> {{ … }} alone"
            yield finding(text, token.match, told, f"?{token.name}", "", "warning")


def _short(name: str) -> str:
    """``<…ontology#form>`` as ``io:form``; names as they are."""
    return iris.shorten(name[1:-1]) if name.startswith("<") else name
