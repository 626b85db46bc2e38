"""The pages of ready questions: a form for the parameters, the answer as a table, downloads, the SPARQL behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError
from kg.export.words import term_label, texts
from kg.model import CONCEPTS
from kg.pages.frame import Frame, render
from kg.pages.home import topics
from kg.pages.tell import Value
from kg.queries import Parameter, Question, library, resolver
from kg.queries.answer import plain
from kg.queries.run import ask

ROWS: Final = 300
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a question's form."""

    name: str
    label: str
    value: str
    type: str
    required: bool
    choices: list[tuple[str, str]]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on a page: columns with their meaning, the first rows with what is a number, how many there are."""

    columns: list[tuple[str, str]]
    rows: list[list[tuple[Value, bool]]]
    total: int
    mapped: bool = False


def values_of(question: Question, given: Mapping[str, str], lang: str) -> dict[str, str]:
    """The values for a question: what was given, the language of the page, nothing that is empty."""
    names = {p.name: p for p in question.parameters}
    found = {name: value.strip() for name, value in given.items() if name in names and value.strip()}
    for parameter in question.parameters:
        if parameter.type == "lang" and parameter.name not in found:
            found[parameter.name] = lang
    return found


def prepared(graph: Any, question: Question, given: Mapping[str, str], lang: str) -> str:
    """The SPARQL of a question with what was given.

    Raises:
        UsageError: if a value means nothing, or several things.
    """
    return question.sparql(values_of(question, given, lang), resolver(graph.store))


def question_page(
    graph: Any, name: str, frame: Frame, given: Mapping[str, str], answer: Any = None, *, waiting: bool = False
) -> str | None:
    """The page of a ready question, with its answer.

    Args:
        graph: the graph.
        name: the question.
        frame: language and links.
        given: values of parameters as typed.
        answer: runs SPARQL and gives solutions; without it the graph itself is asked.
        waiting: the answer is still to come: the page has a place for it, and says so.

    Returns:
        HTML; ``None`` if there is no such question.
    """
    question = library().get(name)
    if question is None or question.service:
        return None
    shown, error, detail, text = None, "", "", ""
    form = fields(question, given, frame)
    try:
        text = prepared(graph, question, given, frame.lang)
        shown = None if waiting else show(answer(text) if answer else ask(graph, text, name), question.columns, frame)
    except KgError as problem:
        # A field is named as the page names it; what is wrong with its value is said in English.
        wrong = next((f.label for f in form if problem.where == f"--{f.name}"), "")
        error = frame.word("value-wrong", field=wrong) if wrong else str(problem)
        detail = f"{problem.message} ({problem.remedy})" if wrong else ""
    chosen = {f.name: f.value for f in form if f.value and given.get(f.name)}
    return render(
        "question.html",
        frame,
        question=question,
        fields=form,
        shown=shown,
        error=error,
        detail=detail,
        waiting=waiting and not error,
        chosen=chosen,
        sparql=body(text or question.text),
        topics=topics(),
        rows_limit=ROWS,
    )


def body(text: str) -> str:
    """The query without its header."""
    lines = [line for line in text.splitlines() if not line.startswith("#?")]
    return "\n".join(lines).strip() + "\n"


def fields(question: Question, given: Mapping[str, str], frame: Frame) -> list[Field]:
    """The fields of a question's form; its language is that of the page.

    Args:
        question: the question.
        given: values as typed.
        frame: the page.
    """
    return [_field(p, given, frame) for p in question.parameters if p.type != "lang"]


def _field(parameter: Parameter, given: Mapping[str, str], frame: Frame) -> Field:
    choices = []
    if parameter.type == "concept":
        choices = [
            (slug, term_label(iris.concept(parameter.scheme, slug), frame.lang))
            for slug in CONCEPTS.get(parameter.scheme, ())
        ]
    label = frame.word(f"param-{parameter.name}")
    return Field(
        parameter.name,
        parameter.name if label.startswith("param-") else label,
        given.get(parameter.name, parameter.default),
        parameter.type,
        parameter.required,
        choices,
    )


def show(result: Any, meanings: Mapping[str, str], frame: Frame) -> Shown:
    """An answer as a table of a page: what has both an address and a name is one column, the name leading there.

    Args:
        result: solutions.
        meanings: what columns mean.
        frame: the page.
    """
    names = [variable.value for variable in result.variables]
    rows: list[list[Any]] = []
    total = 0
    for solution in result:
        total += 1
        if total <= ROWS:
            rows.append([solution[name] for name in names])
    led = _led(names, rows)
    shown = [place for place in range(len(names)) if place not in led.values()]
    found = [
        [_cell(row[place], row[led[place]] if place in led else None, names[place], frame) for place in shown]
        for row in rows
    ]
    columns = [
        (column_label(names[place], frame.lang), meanings.get(names[place], "") if frame.lang == "en" else "")
        for place in shown
    ]
    return Shown(columns, found, total)


def column_label(name: str, lang: str) -> str:
    """What a column of an answer is called in a language; words of its name where nobody has named it."""
    said = texts(lang)["answers"].get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return said[:1].upper() + said[1:]


def _led(names: list[str], rows: list[list[Any]]) -> dict[int, int]:
    """Columns of names, each with the column that has the address of what is named."""
    found: dict[int, int] = {}
    for place, name in enumerate(names):
        if not any(isinstance(row[place], ox.NamedNode) for row in rows):
            continue
        named = f"{name}Name" if f"{name}Name" in names else "name" if name in _NAMED else ""
        if named in names and names.index(named) not in found:
            found[names.index(named)] = place
    return found


_NAMED: Final = ("presence", "fact", "entity", "item")
"""Columns whose name stands in the column ``name``."""


def _cell(term: Any, address: Any, column: str, frame: Frame) -> tuple[Value, bool]:
    href = frame.thing(address.value) if isinstance(address, ox.NamedNode) else ""
    if term is None:
        return Value(frame.word("open"), href) if href else Value(""), False
    if isinstance(term, ox.NamedNode):
        if term.value.startswith((iris.KIND_PREFIX, iris.IO)):
            return Value(term_label(term.value, frame.lang)), False
        link = frame.thing(term.value)
        ours = link and term.value.startswith(iris.BASE)
        return Value(frame.word("open") if ours else iris.shorten(term.value), link), False
    if isinstance(term, ox.Literal):
        value = plain(term)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(value, bool):
            return Value(frame.word("yes" if value else "no")), False
        if column in _CODES:
            return Value(_coded(term.value, column, frame)), False
        # A date is not broken at its hyphens.
        text = term.value.replace("-", "\u2011") if _DATE.fullmatch(term.value) else term.value
        return Value(text, href, term.language or ""), number
    return Value(str(term), href), False


_DATE: Final = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_CODES: Final = ("status",)
"""Columns with the last part of a concept."""


def _coded(text: str, column: str, frame: Frame) -> str:
    concept = iris.concept(column, text)
    return term_label(concept, frame.lang) if text in CONCEPTS.get(column, ()) else text


def questions_page(frame: Frame) -> str:
    """The ready questions by topic."""
    return render("questions.html", frame, topics=topics())
