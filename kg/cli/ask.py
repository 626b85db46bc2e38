"""Commands that ask: ``query`` and ``queries``."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import iris
from kg.cli.bounds import bounded
from kg.cli.common import evidence_options, format_option, lang_option, store_option, tell, time_options
from kg.cli.graph import opened_at, syntax_error
from kg.cli.output import GRAPH_FORMATS, TABLE_FORMATS, json_line, write_line, write_results, write_table
from kg.errors import KgError, UsageError
from kg.queries.run import asking, look_over

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph
    from kg.queries import Question


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Examples: `kg query who-is-in --place almaty --on 2023-01-01`; `kg query my.rq --format csv`; "
    "`kg query hosts --known-by 2024 --lang kk --format html > hosts.html`; `echo 'ASK {?s ?p ?o}' | kg query -`",
)
@click.argument("query", metavar="NAME|FILE|-")
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAMETER VALUE]...")
@click.option(
    "--format",
    "form",
    type=click.Choice([*TABLE_FORMATS, *GRAPH_FORMATS]),
    help="table (default), csv, tsv, json (SPARQL results), jsonl, markdown, html, parquet; for CONSTRUCT turtle "
    "(default), ntriples.",
)
@click.option("--iris", "full", is_flag=True, help="Show whole IRIs in tables.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the store.")
@click.option("--federated", is_flag=True, help="Let the query ask other servers (SERVICE), such as Wikidata.")
@click.option(
    "--timeout", type=click.IntRange(0), default=60, show_default=True, help="Seconds that it may take; 0: any number."
)
@time_options
@evidence_options
@store_option
def query(
    query: str,
    parameters: tuple[str, ...],
    form: str | None,
    full: bool,
    endpoint: str | None,
    federated: bool,
    timeout: int,
    as_of: str | None,
    known_by: str | None,
    reader: str | None,
    min_confidence: float,
    store: str,
) -> None:
    """Ask the graph a ready question or a SPARQL query.

    NAME is a question that `kg queries` lists, with its parameters as options (`kg queries NAME` shows them); FILE
    holds a SPARQL query, - reads it from standard input. The default graph is the merged one; GRAPH ?article {…}
    asks who said it. Prefixes io:, id:, kind:, skos: and the like need no declaration. With --as-of and --known-by the
    merged graph is that of a moment.
    """
    from kg import queries

    if endpoint and (reader or min_confidence):
        raise UsageError("an endpoint is asked as it is", remedy="leave out --reader and --min-confidence")
    if endpoint and (as_of or known_by):
        raise UsageError("a moment of an endpoint cannot be asked for", remedy="leave out --as-of and --known-by")

    with ExitStack() as stack:
        found: list[KnowledgeGraph] = []

        def graph() -> KnowledgeGraph:
            if not found:
                found.append(stack.enter_context(opened_at(store, as_of, known_by, reader, min_confidence)))
            return found[0]

        def stored(name: str) -> list[str]:
            return queries.resolver(graph().store)(name)

        # Names of facts are found in the graph; an endpoint is asked about names of the tables alone.
        values = _values(parameters)
        text, source = query_text(query, values, queries.table_resolver if endpoint else stored)
        known = queries.library().get(source)
        if known is None:
            look_over(text, source, lambda told: tell("warning", told))
        title = known.title.get(values.get("lang", "en"), known.title["en"]) if known else ""
        if endpoint:
            write_results(remote(endpoint, text, timeout), form, full_iris=full, title=title)
            return
        with bounded(timeout), asking(graph(), text, source, federated=federated) as answer:
            rows = write_results(answer, form, full_iris=full, title=title)
        most = next((p.default for p in known.parameters if p.name == "limit"), "") if known else ""
        if most and rows >= int(values.get("limit", most)):
            tell("note", f"{rows} rows, as many as --limit allows; a larger number shows more")


def query_text(name: str, values: dict[str, str], resolve: Callable[[str], list[str]]) -> tuple[str, str]:
    """The SPARQL text that is meant, and what to call it in messages."""
    if name == "-":
        return _filled(sys.stdin.buffer.read(), "standard input", values), "standard input"
    if "{" in name:
        return _filled(name.encode(), "the query", values), "the query"
    path = Path(name)
    if path.suffix or "/" in name:
        if not path.is_file():
            raise UsageError("there is no such file", where=name, remedy="kg queries lists the ready questions")
        return _filled(path.read_bytes(), name, values), name
    from kg import queries

    library = queries.library()
    if name in library:
        return queries.sparql(name, values, resolve), name
    if path.is_file():
        return _filled(path.read_bytes(), name, values), name
    if " " in name.strip():
        raise UsageError(f'there is no question "{name}"', remedy="kg ask finds questions by words")
    near = difflib.get_close_matches(name, library, n=3, cutoff=0.4)
    remedy = f"perhaps: {', '.join(near)}" if near else "kg queries lists them"
    raise UsageError(f'there is no question "{name}"', remedy=remedy)


def _filled(data: bytes, source: str, values: dict[str, str]) -> str:
    if values:
        raise UsageError(f"{source} takes no parameters", remedy=f"leave out --{next(iter(values))}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("not UTF-8", where=source, remedy="save the query as UTF-8") from None
    if not text.strip():
        raise UsageError("the query is empty", where=source, remedy="write SELECT, ASK or CONSTRUCT")
    return text


def _values(arguments: Sequence[str]) -> dict[str, str]:
    """``--place almaty --on=2023`` → ``{"place": "almaty", "on": "2023"}``."""
    values: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("--") or len(argument) == 2:
            raise UsageError(f'"{argument}" stands alone', remedy="parameters are written --name value")
        name, equals, value = argument[2:].partition("=")
        if not equals:
            try:
                value = next(rest)
            except StopIteration:
                raise UsageError(f"--{name} has no value", remedy=f"write --{name} VALUE") from None
        if name in values:
            raise UsageError(f"--{name} is given twice")
        values[name] = value
    return values


def remote(endpoint: str, text: str, timeout: int) -> Any:
    """The answer of a SPARQL 1.1 endpoint, as the embedded store would give it.

    Raises:
        UsageError: if the endpoint finds a mistake in the query.
        KgError: if it cannot be reached or answers with something else.
    """
    import pyoxigraph as ox
    from SPARQLWrapper import JSON, TURTLE, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in iris.PREFIXES.items() if f"{name}:" in text)
    try:
        # The embedded store reads the query first: its messages name line and column.
        ox.Store().query(text, prefixes=iris.PREFIXES)
    except SyntaxError as error:
        raise syntax_error(text, str(error), "the query") from None
    wrapper = SPARQLWrapper(endpoint)
    if timeout:
        wrapper.setTimeout(timeout)
    wrapper.setQuery(prefixes + text)
    graph = wrapper.queryType in ("CONSTRUCT", "DESCRIBE")
    wrapper.setReturnFormat(TURTLE if graph else JSON)
    if len(text) > 1500:
        wrapper.setMethod("POST")
    try:
        answer = wrapper.query()
        data = answer.response.read()
    except QueryBadFormed as error:
        raise UsageError(f"the endpoint does not take the query: {_first_line(error)}", where=endpoint) from None
    except (SPARQLWrapperException, OSError, ValueError) as error:
        told = f"the endpoint does not answer: {_first_line(error)}"
        raise KgError(told, where=endpoint, remedy="check the address, or give it more time with --timeout") from None
    try:
        if graph:
            found = ox.Store()
            found.load(data, format=ox.RdfFormat.TURTLE)
            return found.query("CONSTRUCT WHERE {?s ?p ?o}")
        return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        told = f"the answer is not SPARQL results: {_first_line(error)}"
        raise KgError(told, where=endpoint, remedy="is this the address of a SPARQL endpoint?") from None


def _first_line(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return (str(reason).strip() or type(error).__name__).splitlines()[0][:200]


@click.command(epilog="Examples: `kg queries`; `kg queries --lang kk`; `kg queries life-line`")
@click.argument("name", required=False)
@format_option
@lang_option
def queries(name: str | None, form: str, lang: str) -> None:
    """List the ready questions, or show one of them.

    With NAME: its question, its parameters and its SPARQL, ready to be changed.
    """
    from kg.queries import library

    questions = library()
    if name is not None:
        if name not in questions:
            near = difflib.get_close_matches(name, questions, n=3, cutoff=0.4)
            remedy = f"perhaps: {', '.join(near)}" if near else "kg queries lists them"
            raise UsageError(f'there is no question "{name}"', remedy=remedy)
        _show(questions[name], lang)
        return
    rows = [
        {
            "name": question.name,
            "topic": question.topic,
            "question": question.title.get(lang) or question.title["en"],
            "parameters": [parameter.name for parameter in question.parameters],
        }
        for question in sorted(questions.values(), key=lambda q: (q.topic, q.name))
    ]
    if form in ("json", "jsonl"):
        for line in [rows] if form == "json" else rows:
            write_line(json_line(line))
        return
    cells = [[*(str(row[c]) for c in ("name", "topic", "question")), " ".join(row["parameters"])] for row in rows]
    write_table(("name", "topic", "question", "parameters"), cells, form)


def _show(question: Question, lang: str) -> None:
    write_line(f"{question.title.get(lang) or question.title['en']}\n")
    for parameter in question.parameters:
        write_line(f"  --{parameter.name}  {parameter.help}")
    write_line(f"\n{question.text.rstrip()}")
