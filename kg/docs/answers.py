"""What the pages show of a graph: the answers to the ready questions, and which class has which properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.queries import Question, table_resolver
from kg.queries.run import ask

ROWS: Final = 20
"""Rows of an answer that a page shows at most."""
_VALUES: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an answer: its text, its address on the web if it has one, its language, whether it is a number."""

    text: str
    href: str = ""
    lang: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer to a question: the first rows, and how many there are; or why it is not shown.

    Attributes:
        missing: the parameters that it needs a value for; then it was not asked.
    """

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    total: int = 0
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A property as the graph has it of a class: how many things have it, and a value."""

    property: str
    count: int
    value: Cell


def answer(graph: Any, question: Question, lang: str) -> Shown:
    """The answer to a question with the defaults of its parameters, in a language.

    Args:
        graph: what can be asked, see :class:`kg.queries.run.Asked`.
        question: one that asks no other server.
        lang: the language of labels, where the question has a parameter for it.
    """
    missing = [p.name for p in question.parameters if p.required and not p.default]
    if missing:
        return Shown(missing=missing)
    values = {p.name: lang for p in question.parameters if p.type == "lang"}
    result = ask(graph, question.sparql(values, table_resolver), question.name)
    columns = [variable.value for variable in result.variables]
    rows = [[cell(row[name]) for name in columns] for row in result]
    return Shown(columns, rows[:ROWS], len(rows))


def cell(term: Any) -> Cell:
    """A term as a page shows it."""
    if term is None:
        return Cell("")
    if isinstance(term, ox.NamedNode):
        own = term.value.startswith(iris.BASE)
        web = term.value.startswith(("http://", "https://"))
        return Cell(written(term.value), term.value if web and not own else "")
    if not isinstance(term, ox.Literal):
        return Cell(str(term))
    number = term.datatype.value.endswith(("#integer", "#decimal", "#double"))
    return Cell(term.value, lang=term.language or "", number=number)


def written(iri: str) -> str:
    """An address as a query writes it: ``io:place``, ``<id/city/almaty>``, ``org:member``; a slash bars a prefix."""
    short = iris.shorten(iri)
    if iri.startswith(iris.BASE) and "/" in short.partition(":")[2]:
        return f"<{iri.removeprefix(iris.BASE)}>"
    return short


_USES: Final = """
SELECT ?class ?property (COUNT(DISTINCT ?thing) AS ?things) (MIN(STR(?value)) AS ?least)
WHERE { %s } GROUP BY ?class ?property ORDER BY ?class DESC(?things) ?property
"""


def uses(graph: Any, where: str) -> dict[str, list[Use]]:
    """Which properties the things of each class of the ontology have, the commonest first.

    Args:
        graph: what can be asked.
        where: a pattern over ``?thing``, ``?class``, ``?property`` and ``?value``.

    Returns:
        By local name of the class; the value is the first one in the order of their text.
    """
    found: dict[str, list[Use]] = {}
    for row in ask(graph, _USES % where, "the properties in use"):
        name, iri = row["class"].value, row["property"].value
        if not name.startswith(iris.IO):
            continue
        text = row["least"].value
        value = Cell(written(text) if text.startswith(("http://", "https://")) else _short(text))
        found.setdefault(name[len(iris.IO) :], []).append(Use(iris.shorten(iri), int(row["things"].value), value))
    return found


@dataclass(frozen=True, slots=True)
class Carried:
    """How many things have a property or a concept, so that an empty answer is foreseen.

    Attributes:
        merged: by property, in the default graph.
        accounts: by property, in the graphs of the articles.
        concepts: by concept, in the default graph; a value that was passed over (``io:alternative``) is not carried.
    """

    merged: dict[str, int]
    accounts: dict[str, int]
    concepts: dict[str, int]


_CARRIED: Final = "SELECT ?term (COUNT(DISTINCT ?thing) AS ?things) WHERE { %s } GROUP BY ?term"
_CONCEPTS: Final = (
    "?thing ?property ?term FILTER (?property NOT IN (io:value, io:alternative)"
    f' && ISIRI(?term) && STRSTARTS(STR(?term), "{iris.KIND_PREFIX}"))'
)


def carried(graph: Any) -> Carried:
    """How many things of a graph have each property and each concept.

    Args:
        graph: what can be asked.

    Returns:
        The numbers by address; what nothing has is not among them.
    """

    def counted(where: str, what: str) -> dict[str, int]:
        return {row["term"].value: int(row["things"].value) for row in ask(graph, _CARRIED % where, what)}

    return Carried(
        merged=counted("?thing ?term ?value", "the properties of things"),
        accounts=counted(
            "GRAPH ?article { ?article a io:Article . ?thing ?term ?value }", "the properties in the accounts"
        ),
        concepts=counted(_CONCEPTS, "the concepts in use"),
    )


def _short(text: str) -> str:
    return text if len(text) <= _VALUES else text[: _VALUES - 1].rstrip() + "…"


MERGED: Final = "?thing a ?class ; ?property ?value FILTER (?property != rdf:type)"
ACCOUNTS: Final = (
    "GRAPH ?article { ?article a io:Article . ?thing a ?class ; ?property ?value } FILTER (?property != rdf:type)"
)
