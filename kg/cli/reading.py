"""What the commands share that read articles: one's own words and names, the extractor, workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.errors import KgError, Problem, UsageError

if TYPE_CHECKING:
    from kg.extract import Extractor
    from kg.extract.parallel import Make, Outcome
    from kg.model import Article

_F = TypeVar("_F", bound=Callable[..., Any])

frames_option = click.option(
    "--frames", multiple=True, type=click.Path(path_type=Path), help="A YAML file of further rules (repeatable)."
)
names_option = click.option(
    "--names", multiple=True, type=click.Path(path_type=Path), help="A CSV file of further names (repeatable)."
)
least_option = click.option(
    "--min-confidence",
    "least",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="NUMBER",
    help="Leave out facts of a lower confidence, 0 to 1; of facts at 0.9, nine in ten are right.",
)


def check_own(frames: tuple[Path, ...], names: tuple[Path, ...]) -> None:
    """Make sure that the analyst's own files exist and have no class of words that no rule knows.

    Raises:
        KgError: if a file does not exist.
        UsageError: if a file of words has another form or an unknown class.
    """
    for path in (*frames, *names):
        if not path.exists():
            raise KgError("there is no such file", where=str(path), remedy="check the name")
    if frames:
        from kg.extract.lexicon import read_classes
        from kg.extract.rules import class_problems

        for path in frames:
            for problem in class_problems(str(path), read_classes(path)):
                raise UsageError(problem.message, where=problem.where, remedy=problem.remedy)


def extractor(frames: tuple[Path, ...], names: tuple[Path, ...], least: float = 0.0) -> Extractor:
    """The extractor with the analyst's own rules and names, and the least confidence of its facts.

    Raises:
        KgError: if a file of rules or names does not exist.
    """
    check_own(frames, names)
    from kg import reference
    from kg.extract import Extractor

    return Extractor(reference.load(extra=names), frames=frames, min_confidence=least)


def workers_options(function: _F) -> _F:
    """The options ``--workers`` and ``--cluster``: where articles are read."""
    function = click.option(
        "--cluster", default="", metavar="ADDRESS", help="Read on a running dask cluster: the address of its scheduler."
    )(function)
    return click.option(
        "--workers", type=click.IntRange(min=0), default=0, help="Read in that many processes of this machine."
    )(function)


def reader(
    frames: tuple[Path, ...],
    names: tuple[Path, ...],
    workers: int,
    cluster: str,
    least: float = 0.0,
    make: Make | None = None,
) -> Callable[[Iterable[Article]], Iterator[Outcome]]:
    """What reads articles: in this process, in several, or on a cluster; workers *make* something of the facts.

    Raises:
        UsageError: if both several processes and a cluster are asked for.
        KgError: if a file of one's own does not exist.
    """
    from kg.extract import parallel
    from kg.extract.settings import Settings

    if workers and cluster:
        raise UsageError("--workers and --cluster exclude each other", remedy="a cluster has its own workers")
    if not workers and not cluster:
        return partial(parallel.outcomes, extractor=extractor(frames, names, least))
    check_own(frames, names)
    settings = Settings.of(frames, names, least)
    return partial(parallel.cluster_outcomes, settings=settings, workers=workers, address=cluster, make=make)


def failed(outcome: Outcome) -> Problem:
    """The problem of an article that could not be read."""
    where = f"{outcome.article.source or 'article'} ({outcome.article.id})"
    return Problem(f"no facts could be read: {outcome.error}", where, "report it with the article")
