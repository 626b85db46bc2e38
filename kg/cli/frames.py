"""The command ``frames``: the trigger words, and the sentences that test them."""

from __future__ import annotations

import click

from kg.cli.common import tell
from kg.cli.output import json_line, write_line, write_table
from kg.errors import Problem, UsageError
from kg.model import LANGUAGES


@click.group(epilog="Examples: `kg frames check`; `kg frames list`")
def frames() -> None:
    """Work with the trigger words by which facts are read."""


@frames.command(epilog="Examples: `kg frames check`; `kg frames check my.yaml`; exit status 1 means a problem")
@click.argument("files", nargs=-1, metavar="[FILE|LANGUAGE]...")
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
def check(files: tuple[str, ...], form: str) -> int:
    """Read every example of the rules and tell what is not read as it should be.

    FILE is a file of your own; en, ru and kk are those that come with the program, and they are checked without FILE.
    Every class of trigger words needs a sentence in which it is found; every text of `facts` must give its facts.
    """
    from kg.extract import rules

    columns = ("file", "classes", "words", "examples", "texts", "facts", "known misses", "problems")
    rows = []
    found: list[Problem] = []
    for source in dict.fromkeys(files or LANGUAGES):
        read = rules.read(source)
        problems = rules.check(read)
        found += problems
        rows.append(
            (
                read.path.name,
                len(read.classes),
                sum(map(len, read.classes.values())),
                sum(map(len, read.examples.values())),
                len(read.texts),
                sum(len(text.says) for text in read.texts),
                sum(text.known_miss for text in read.texts),
                sum(problem.severity == "error" for problem in problems),
            )
        )
    if form == "json":
        write_line(json_line([dict(zip(columns, row, strict=True)) for row in rows]))
    else:
        write_table(columns, [[str(cell) for cell in row] for row in rows], form)
    for problem in found:
        tell(problem.severity, str(problem))
    return 1 if any(problem.severity == "error" for problem in found) else 0


@frames.command("list", epilog="Examples: `kg frames list`; `kg frames list v.open --words`; `kg frames list theme`")
@click.argument("beginning", default="", metavar="[CLASS]")
@click.option("--words", is_flag=True, help="Show the words themselves.")
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
def list_classes(beginning: str, words: bool, form: str) -> None:
    """List the classes of trigger words, and how many words each has in every language.

    CLASS is a class or its beginning: v.open, est, theme.
    """
    from kg.extract import rules

    classes = {lang: rules.read(lang).classes for lang in LANGUAGES}
    names = [n for n in dict.fromkeys(n for c in classes.values() for n in c) if n.startswith(beginning)]
    if not names:
        raise UsageError(f'no class begins with "{beginning}"', remedy="`kg frames list` shows them all")
    if form == "json":
        write_line(json_line({n: {lang: list(classes[lang].get(n, ())) for lang in LANGUAGES} for n in names}))
    elif words:
        rows = [[n, lang, ", ".join(classes[lang].get(n, ()))] for n in names for lang in LANGUAGES]
        write_table(("class", "language", "words"), rows, form)
    else:
        rows = [[n, *(str(len(classes[lang].get(n, ()))) for lang in LANGUAGES)] for n in names]
        write_table(("class", *LANGUAGES), rows, form)
