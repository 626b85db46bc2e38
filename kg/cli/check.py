"""Commands that look after the graph and the tables: ``validate``, ``stats``, ``reference``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.common import Problems, store_option, tell
from kg.cli.graph import ask, opened
from kg.cli.output import json_line, write_line, write_table
from kg.model import KINDS

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph


@click.command(epilog="Example: `kg validate` after `kg build`; exit status 1 means that something is wrong")
@store_option
def validate(store: str) -> int:
    """Check the graph against its shapes (SHACL) and its rules; no output means that it holds."""
    from kg.validate import validate as check

    problems = Problems()
    with opened(store) as graph:
        for problem in check(graph):
            problems(problem)
    if not problems.errors:
        tell("note", "the graph conforms")
    return problems.status


_COUNTS = {
    "articles": "GRAPH ?g { ?x a io:Article }",
    "entities named": "?f a io:Fact ; ?p ?x . ?x skos:prefLabel ?label FILTER STRSTARTS(STR(?x), STR(id:))",
    "quotes": "GRAPH ?g { ?x a io:Evidence }",
}
_CLASSES = {
    "presence": "Presence", "proposal": "Initiative", "decision": "Decision", "agreement": "Agreement",
    "membership": "Membership", "relocation": "Relocation", "count": "Count", "tenure": "Tenure",
}  # fmt: skip


@click.command(epilog="Examples: `kg stats`; `kg stats --format json`")
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
@store_option
def stats(form: str, store: str) -> None:
    """Count what the graph holds: articles by language, facts by kind, quotes, named entities."""

    def count(graph: KnowledgeGraph, pattern: str) -> int:
        rows = ask(graph, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
        return int(next(iter(rows))["n"].value)

    with opened(store) as graph:
        found = {name: count(graph, pattern) for name, pattern in _COUNTS.items()}
        for lang in ("en", "ru", "kk", "und"):
            found[f"articles: {lang}"] = count(graph, f'GRAPH ?g {{ ?x a io:Article ; schema:inLanguage "{lang}" }}')
        for kind in KINDS:
            pattern = f"?x a io:{_CLASSES[kind]} ; io:support ?n FILTER (?n > 0)"
            found[f"facts: {kind}"] = count(graph, pattern)
        found["facts"] = sum(found[f"facts: {kind}"] for kind in KINDS)
        found["facts of the tables alone"] = count(graph, "?x a io:Fact ; io:support 0")
    if form == "json":
        write_line(json_line(found))
    else:
        write_table(("what", "number"), [[name, str(n)] for name, n in sorted(found.items())], form)


@click.group(epilog="Example: `kg reference check`")
def reference() -> None:
    """Work with the reference tables: countries, regions, cities, organisations, people."""


@reference.command(epilog="Example: `kg reference check`; exit status 1 means that a table is wrong")
def check() -> int:
    """Check the tables: unique ids and names, no dangling parent, well-formed dates and coordinates."""
    from kg import reference as tables

    problems = Problems()
    for problem in tables.check():
        problems(problem)
    if not problems.errors:
        tell("note", "the tables hold")
    return problems.status
