"""What the commands share: the store option, messages on standard error, the end of a run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kg.errors import Problem, Refusal

if TYPE_CHECKING:
    from kg.read import Meter

DEFAULT_STORE: Final = "./kg-store"
STORE_HELP: Final = "Where the graph is: a folder, or the address of a SPARQL 1.1 store (also KG_STORE)."

_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")


def store_option(function: _F) -> _F:
    """The option ``--store`` of a command; without it that of ``kg`` itself or ``KG_STORE`` counts."""

    def default(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str:
        return value or ctx.find_root().obj or DEFAULT_STORE

    return click.option(
        "--store", metavar="PATH|URL", callback=default, help=f"{STORE_HELP}  [default: {DEFAULT_STORE}]"
    )(function)


def time_options(function: _F) -> _F:
    """The options ``--as-of`` and ``--known-by``."""
    known = click.option("--known-by", metavar="DATE", help="Only what articles published until then say.")
    as_of = click.option("--as-of", metavar="DATE", help="Only what may have held on this date (2025, 2025-03, …).")
    return as_of(known(function))


def evidence_options(function: _F) -> _F:
    """The options ``--reader`` and ``--min-confidence`` of commands that ask the graph."""
    reader = click.option("--reader", type=click.Choice(["rules", "model"]), help="Only what this reader read.")
    sure = click.option(
        "--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Only what was read at least so surely."
    )
    return reader(sure(function))


def lang_option(function: _F) -> _F:
    """The option ``--lang``: the language of labels."""
    return click.option(
        "--lang", type=click.Choice(["en", "ru", "kk"]), default="en", show_default=True, help="Language of labels."
    )(function)


def format_option(function: _F) -> _F:
    """The option ``--format`` of commands that list rows."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "csv", "tsv", "markdown", "json", "jsonl"]),
        default="table",
        show_default=True,
    )(function)


def tell(severity: str, message: str) -> None:
    """Print a message on standard error, coloured on a terminal."""
    colour = {"error": "red", "warning": "yellow", "note": "cyan"}.get(severity)
    click.echo(f"{click.style(severity, fg=colour, bold=True)}: {message}", err=True)


class Problems:
    """Tells problems as they come and counts them.

    Attributes:
        errors: how many things were left out.
        warnings: how many things were doubtful.
        refused: the facts that were kept out.
    """

    def __init__(self) -> None:
        self.errors = 0
        self.warnings = 0
        self.refused: list[Refusal] = []

    def __call__(self, problem: Problem) -> None:
        if isinstance(problem, Refusal):
            self.refused.append(problem)
        if problem.severity == "error":
            self.errors += 1
        else:
            self.warnings += 1
        tell(problem.severity, str(problem))

    @property
    def status(self) -> int:
        """The exit status: 1 if something was left out."""
        return 1 if self.errors else 0


@contextmanager
def progress(
    items: Iterable[_T], what: str, *, meter: Meter | None = None, unit: str = "articles"
) -> Iterator[Iterable[_T]]:
    """*items*, with their number, their rate and the time left on standard error, if it is a terminal.

    Args:
        items: what is worked through.
        what: the word before the bar.
        meter: how much has been read of how much; without it the time left is not known.
        unit: what the items are called.
    """
    if not sys.stderr.isatty():
        yield items
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn(f"{{task.fields[count]:,}} {unit}, {{task.fields[rate]:,.0f}} a second"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(elapsed_when_finished=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=meter.total if meter and meter.total else None, count=0, rate=0.0)

        def counted() -> Iterator[_T]:
            begun = time.monotonic()
            for count, item in enumerate(items, 1):
                yield item
                rate = count / max(time.monotonic() - begun, 1e-6)
                bar.update(task, completed=meter.done if meter else None, count=count, rate=rate)

        yield counted()


def write_bytes(data: bytes) -> None:
    """Write *data* to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def is_address(store: str) -> bool:
    """Whether *store* is the address of a remote store rather than a folder."""
    return store.startswith(("http://", "https://"))
