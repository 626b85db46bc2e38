"""The command ``ask``: the ready questions by topic, or those that a sentence may mean."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from kg.cli.common import store_option, tell
from kg.cli.graph import opened
from kg.cli.output import TABLE_FORMATS, write_results, write_table
from kg.errors import UsageError
from kg.model import LANGUAGES

if TYPE_CHECKING:
    from rich.console import Console

    from kg.queries import Parameter, Question, Resolve

_OTHERS: Final = 4
_TRIES: Final = 3
TOPICS: Final = {
    "changes": ("changes", "перемены", "өзгерістер"),
    "decisions": ("decisions", "решения", "шешімдер"),
    "entities": ("entities", "объекты", "нысандар"),
    "establishments": ("establishments", "учреждения", "мекемелер"),
    "figures": ("figures", "числа", "сандар"),
    "memberships": ("memberships", "членство", "мүшелік"),
    "people": ("people", "люди", "адамдар"),
    "sources": ("sources", "источники", "дереккөздер"),
}
"""The topics of the questions in English, Russian and Kazakh."""


@click.command(
    epilog='Examples: `kg ask`; `kg ask "who is in almaty"`; `kg ask "Алматыда 2015 жылы кім болды"`; '
    '`kg ask "what came of Tokayev\'s proposals" --format csv`'
)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of questions and labels.")
@click.option("--format", "form", type=click.Choice(TABLE_FORMATS), default="table", show_default=True)
@click.option("--federated", is_flag=True, help="Let the question ask other servers, such as Wikidata.")
@store_option
def ask(words: tuple[str, ...], lang: str | None, form: str, federated: bool, store: str) -> None:
    """Find a ready question by topic or by words, and ask it.

    On a terminal: choose a topic and a question by number, then give the values that it takes. With WORDS, in English,
    Russian or Kazakh: choose among the questions that fit; names and years in the words become values. In a pipe the
    question that fits best is asked at once, and without WORDS the questions are listed.
    """
    from kg.queries.match import match
    from kg.queries.spot import language

    text = " ".join(words).strip()
    lang = lang or (language(text) if text else "en")
    if not text and not on_terminal():
        _list(lang)
        return
    if text:
        found = match(text)
        if not found:
            raise UsageError(f'no question fits "{text}"', remedy="kg ask lists the questions by topic")
        offered = [(one.question, one.values) for one in found]
    else:
        offered = [(question, {}) for question in _topic(lang)]
    question, values = offered[0]
    values = dict(values)
    if on_terminal():
        question, chosen = offered[_choose([one.title[lang] for one, _ in offered], "Question", first=bool(text))]
        values = dict(chosen)
    else:
        for other, _ in offered[1:_OTHERS]:
            tell("note", f"perhaps also: {other.title[lang]} (kg query {other.name})")
    _answer(question, values, lang, form, federated, store)


def on_terminal() -> bool:
    """Whether somebody is there to choose."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _answer(question: Question, values: dict[str, str], lang: str, form: str, federated: bool, store: str) -> None:
    from kg.queries import allow, resolver
    from kg.queries.run import asking

    allow(question.text, question.name, federated)
    with opened(store) as graph:
        resolve = resolver(graph.store)
        if on_terminal():
            _fill(question, values, resolve)
        if any(parameter.name == "lang" for parameter in question.parameters):
            values["lang"] = lang
        text = question.sparql(values, resolve)
        tell("note", f"{question.title[lang]} {command(question, values)}")
        with asking(graph, text, question.name, federated=federated) as answer:
            write_results(answer, form, title=question.title[lang])


def command(question: Question, values: Mapping[str, str]) -> str:
    """The ``kg query`` that asks the same."""
    # Letters of any script need no quotes.
    quoted = {
        name: value if re.fullmatch(r"[\w/:.,+-]+", value) else shlex.quote(value) for name, value in values.items()
    }
    options = (f"--{name} {value}" for name, value in quoted.items() if (name, value) != ("lang", "en"))
    return " ".join(["kg query", question.name, *options])


def _topics(lang: str) -> dict[str, list[Question]]:
    from kg.queries import library

    topics: dict[str, list[Question]] = {}
    for question in sorted(library().values(), key=lambda one: (one.topic, one.title[lang])):
        # A topic of one's own is shown as it is written.
        names = dict(zip(LANGUAGES, TOPICS.get(question.topic, ()), strict=False))
        topics.setdefault(names.get(lang, question.topic), []).append(question)
    return topics


def _list(lang: str) -> None:
    """The questions by topic, for a pipe."""
    rows = [
        (topic, question.title[lang], f"kg query {question.name}")
        for topic, questions in _topics(lang).items()
        for question in questions
    ]
    write_table(("topic", "question", "command"), rows)


def _topic(lang: str) -> list[Question]:
    topics = _topics(lang)
    lines = [f"{topic} ({len(questions)})" for topic, questions in topics.items()]
    return list(topics.values())[_choose(lines, "Topic")]


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _choose(lines: Sequence[str], what: str, *, first: bool = False) -> int:
    """The place of the line that the user picks by its number; an empty answer takes the *first* one, if offered."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="cyan")
    table.add_column(overflow="fold")
    for number, line in enumerate(lines, 1):
        table.add_row(str(number), Text(line))
    _console().print(table)
    number = click.prompt(what, type=click.IntRange(1, len(lines)), default=1 if first else None, err=True)
    return int(number) - 1


def _fill(question: Question, values: dict[str, str], resolve: Resolve) -> None:
    """Ask for the value of each parameter; a value that means nothing is told and asked for again.

    Raises:
        UsageError: if the same value was wrong three times.
    """
    for parameter in question.parameters:
        if parameter.name != "lang":
            value = _value(question, parameter, values.get(parameter.name, parameter.default), resolve)
            if value:
                values[parameter.name] = value
            else:
                values.pop(parameter.name, None)


def _value(question: Question, parameter: Parameter, default: str, resolve: Resolve) -> str:
    from kg.queries.bind import term

    shown = f"{parameter.name} – {parameter.help.rstrip('.')}"
    for left in reversed(range(_TRIES)):
        # Without a default an empty line leaves it free.
        value: str = click.prompt(shown, default=default, show_default=bool(default), err=True).strip()
        if value in ("", "-") and not parameter.required:
            return ""
        try:
            term(parameter, value, resolve)
        except UsageError as error:
            if not left:
                raise
            tell("error", str(error))
        else:
            return value
    raise AssertionError(question.name)
