"""What a query asks for where it is not: labels of concepts, and quotes and articles, stand in graphs of their own."""

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
_ACCOUNTS: Final = frozenset(
    (*(f"io:{name}" for name in ("Article", "Evidence", "article", "confidence", "quote", "quotedFrom", "reportedIn",
                                 "supports", "text", "textSha256")), "oa:start", "oa:end", "schema:headline",
     "schema:datePublished", "schema:inLanguage", "schema:publisher")
)  # fmt: skip
# What may stand before a predicate or, as "a", before a class; a list in brackets is none.
_BEFORE: Final = frozenset(("?", "t", "_", ";", "]", "a", "{", "."))


def findings(text: str) -> Iterator[Finding]:
    """Warnings about what is asked for outside ``GRAPH`` and stands inside one: labels of concepts, parts of accounts.

    Args:
        text: the query; of one that is no SPARQL nothing is said.
    """
    concepts: set[str] = set()
    asked = []
    inside: list[bool] = []
    in_graph = False
    before = None
    row = list(tokens(text))
    if any(token.sort == "from" for token in row):
        return
    start = next((n for n, token in enumerate(row) if token.sort == "where"), 0)
    # The template of a CONSTRUCT asks for nothing.
    for token in row[start if any(token.sort == "construct" for token in row) else 0 :]:
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
        elif before is not None and before.sort in _BEFORE and shown in _ACCOUNTS and not any(inside):
            told = f"{shown} stands in the graphs of the articles alone: write GRAPH ?article {{ … }} around it"
            yield finding(text, token.match, told, shown, "", "warning")
        before = token
    for token in asked:
        if token.name in concepts:
            told = f"?{token.name} is a concept: its labels stand in GRAPH <graph/ontology> {{ … }} alone"
            yield finding(text, token.match, told, f"?{token.name}", "", "warning")


def _short(name: str) -> str:
    """``<…ontology#form>`` as ``io:form``; names as they are."""
    return iris.shorten(name[1:-1]) if name.startswith("<") else name
