"""Commands that look after the graph and the tables: ``validate``, ``stats``, ``reference``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.common import Problems, store_option, tell
from kg.cli.graph import ask, opened
from kg.cli.output import json_line, write_line, write_table
from kg.errors import UsageError
from kg.model import KINDS

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph
    from kg.validate.shacl import Engine


@click.command(epilog="Examples: `kg validate` after `kg build`; `kg validate graph.ttl`; `kg validate --format json`")
@click.argument("file", required=False)
@click.option("--article", metavar="ID", help="Check the account of this article alone.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "turtle", "csv", "markdown"]),
    default="table",
    show_default=True,
)
@click.option("--tables", is_flag=True, help="Check what the reference tables alone state, too.")
@click.option(
    "--engine",
    type=click.Choice(["pyshacl", "pyrudof"]),
    default="pyshacl",
    show_default=True,
    help='pyrudof is quicker for much data: pip install "presence-kg[pyrudof]".',
)
@store_option
def validate(file: str | None, article: str | None, form: str, tables: bool, engine: Engine, store: str) -> int:
    """Check the graph against its shapes and rules.

    Shapes (SHACL) say what a fact must have, checks find what is wrong across facts, and every quote must stand in its
    text. With FILE, a file of RDF is checked instead of the store. Exit status 1 means that something is wrong.
    """
    from kg.validate import check as check_graph
    from kg.validate import check_file

    if file is not None and article is not None:
        raise UsageError("--article is for the store, not for a file")
    if tables and (file is not None or article is not None):
        raise UsageError("--tables is for the whole store", remedy="leave out the file or the article")
    if file is not None:
        report = check_file(file, engine=engine)
    else:
        with opened(store) as graph:
            report = check_graph(graph, article, tables=tables, engine=engine)
    if form == "json":
        write_line(report.json())
    elif form == "turtle":
        write_line(report.turtle())
    elif report.violations:
        names, *rows = report.rows()
        write_table(names, rows, form)
    errors = sum(violation.severity == "error" for violation in report.violations)
    found = f"{errors} errors, {len(report.violations) - errors} warnings"
    tell("note", f"conforms: {found}" if report.conforms else f"does not conform: {found}")
    return 0 if report.conforms else 1


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
