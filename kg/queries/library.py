"""Reading ``queries/*.rq``: the header of a question, its parameters, its columns, its text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kg import iris, resources
from kg.errors import KgError, UsageError
from kg.model import LANGUAGES
from kg.queries.bind import Resolve, term, values_clause
from kg.queries.federate import without_services
from kg.queries.parameters import Parameter, parse_parameter
from kg.queries.resolve import table_resolver

TITLES: Final = ("en", "ru", "kk")
"""The languages in which every question must have its title."""

_BASE: Final = "https://w3id.org/presence-kg/"
_MARK: Final = re.compile(r"^([ \t]*)#values\b[ \t]*([\w ]*)$", re.MULTILINE)
_LIMIT: Final = re.compile(r"^([ \t]*LIMIT )[0-9]+(?= #limit$)", re.MULTILINE)
_HEADER: Final = re.compile(r"#\?\s*([a-z][a-z-]*):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Question:
    """A ready question.

    Attributes:
        name: its name, which is that of its file.
        topic: what it belongs to, for lists.
        title: the question, by language.
        text: its SPARQL, with header; it runs as it is, with its parameters free.
        parameters: what it can be asked with.
        columns: what each column of the answer means, in order.
        tags: words to find it by.
        also: other ways to ask it.
        service: the server that it asks beside our own graph; empty if it asks none.
    """

    name: str
    topic: str
    title: Mapping[str, str]
    text: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    tags: tuple[str, ...]
    also: tuple[str, ...] = ()
    service: str = ""

    def sparql(self, values: Mapping[str, str], resolve: Resolve) -> str:
        """The query with *values* in it.

        Args:
            values: what the user gave, by name of parameter; the rest have their defaults or stay free.
            resolve: finds entities, see :func:`kg.queries.resolver`.

        Raises:
            UsageError: if there is no such parameter, one is missing, or a value means nothing or several things.
        """
        names = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
                takes = ", ".join(f"--{parameter.name}" for parameter in self.parameters) or "nothing"
                remedy = f"did you mean --{near[0]}?" if near else f"it takes {takes}"
                raise UsageError(f'"{self.name}" has no parameter "{name}"', remedy=remedy)
        terms = {}
        for parameter in self.parameters:
            if parameter.name in values:
                terms[parameter.name] = term(parameter, values[parameter.name], resolve)
            elif parameter.default:
                # A default is an id that holds whatever is in the graph.
                terms[parameter.name] = term(parameter, parameter.default, lambda known: [iris.entity(known)])
            elif parameter.required:
                raise UsageError(f"--{parameter.name} is missing", where=self.name, remedy=parameter.help)

        text = _rebased(self.text)
        if (most := terms.pop("limit", None)) is not None:
            # A number of rows is no variable; it is written as the digits that it was checked to be.
            text = _LIMIT.sub(rf"\g<1>{int(most.value)}", text)

        def bind(match: re.Match[str]) -> str:
            wanted = match[2].split() or list(terms)
            return match[1] + values_clause({name: terms[name] for name in wanted if name in terms})

        return _MARK.sub(bind, text)


def _rebased(text: str) -> str:
    return text if iris.BASE == _BASE else text.replace(_BASE, iris.BASE)


def parse(name: str, text: str, where: str = "") -> Question:
    """A question from its file.

    Args:
        name: the name of the question.
        text: the file.
        where: the file, for messages.

    Raises:
        KgError: if the header lacks something or a line of it cannot be read.
    """
    where = where or name
    single: dict[str, str] = {}
    parameters: list[Parameter] = []
    columns: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#?"):
            continue
        place = f"{where}, line {number}"
        match = _HEADER.fullmatch(line.strip())
        if match is None:
            raise KgError("the header line cannot be read", where=place, remedy="write #? key: value")
        key, value = match.groups()
        if key == "param":
            parameters.append(parse_parameter(value, place))
        elif key == "column":
            column, dash, told = value.partition(" — ")
            if not dash:
                raise KgError("the column has no explanation", where=place, remedy="write #? column: NAME — meaning")
            columns[column.strip()] = told.strip()
        else:
            single[key] = value.strip()
    missing = [key for key in ("topic", "tags", *(f"title-{lang}" for lang in TITLES)) if not single.get(key)]
    if missing:
        raise KgError(f"the header lacks {', '.join(missing)}", where=where, remedy="see queries/life-line.rq")
    if parameters and not _MARK.search(text):
        raise KgError("no line says where the values go", where=where, remedy="write #values inside WHERE { }")
    limits = [p.default for p in parameters if p.name == "limit"]
    if [found[0].split()[-1] for found in _LIMIT.finditer(text)] != limits:
        raise KgError(
            "the parameter limit and the line of it differ",
            where=where,
            remedy="write LIMIT 100 #limit, with the default of the parameter",
        )
    return Question(
        name=name,
        topic=single["topic"],
        # In a language that was added later the English title stands until there is one.
        title=MappingProxyType({lang: single.get(f"title-{lang}") or single["title-en"] for lang in LANGUAGES}),
        text=text,
        parameters=tuple(parameters),
        columns=MappingProxyType(columns),
        tags=tuple(tag.strip() for tag in single["tags"].split(",")),
        also=tuple(words.strip() for words in single.get("also", "").split(",") if words.strip()),
        service=single.get("service", ""),
    )


@cache
def _read(folder: Path) -> Mapping[str, Question]:
    found = {}
    for path in sorted(folder.glob("*.rq")):
        found[path.stem] = parse(path.stem, path.read_text(encoding="utf-8"), path.name)
    return MappingProxyType(found)


def library(folder: Path | None = None) -> Mapping[str, Question]:
    """Every question, by name.

    Args:
        folder: where the files are; by default the ones that travel with the package.

    Raises:
        KgError: if they are missing, or the header of one is wrong.
    """
    if folder is None:
        try:
            folder = resources.directory("queries")
        except FileNotFoundError as error:
            raise KgError("the questions are missing", remedy="install presence-kg again") from error
    return _read(folder)


def nearest(name: str, count: int = 3) -> list[str]:
    """The names of questions most like *name*, the nearest first."""
    questions = library()
    near = difflib.get_close_matches(name, questions, n=count, cutoff=0.4)
    words = set(name.casefold().replace("_", "-").split("-"))
    tagged = [q.name for q in questions.values() if words & {*q.tags, *q.name.split("-")}]
    return list(dict.fromkeys([*near, *tagged]))[:count]


def sparql(name: str, values: Mapping[str, str], resolve: Resolve = table_resolver) -> str:
    """The query of the question *name* with *values* in it.

    Args:
        name: name of the question.
        values: values of parameters.
        resolve: finds entities; without it the reference tables are asked, which know no facts of articles.

    Raises:
        UsageError: if there is no such question, or :meth:`Question.sparql` raises it.
    """
    questions = library()
    if name not in questions:
        near = nearest(name)
        remedy = f"perhaps: {', '.join(near)}" if near else "kg queries lists them"
        raise UsageError(f'there is no question "{name}"', remedy=remedy)
    return questions[name].sparql(values, resolve)


def column_names(text: str) -> list[str]:
    """The columns of a SELECT, in order, as its parser sees them."""
    import pyoxigraph as ox

    # Other servers are not asked for the sake of a heading.
    answer = ox.Store().query(without_services(text), prefixes=iris.PREFIXES)
    return [variable.value for variable in answer.variables] if isinstance(answer, ox.QuerySolutions) else []
