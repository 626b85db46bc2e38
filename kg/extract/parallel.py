"""Many articles: in this process, on the cores of this machine, or on a cluster; the same facts in the same order.

Articles go out in chunks, facts come back; nothing but the caller writes to a store. What cannot be read is set aside
with its error, and the rest goes on.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Any, Final, TypeAlias

from kg.errors import KgError
from kg.extract.extractor import Extractor
from kg.extract.refusal import RefusedFact
from kg.extract.settings import Settings
from kg.model import Article, Fact

CHUNK: Final = 100
"""Articles a task: fewer cost more in sending than in reading, more are lost with a worker."""

_BATCH: Final = 32
_TRIES: Final = 3
_AHEAD: Final = 4
"""Chunks under way for each worker, so that none waits while the facts of another are stored."""

_SELDOM: Final = (50_000, 20, 20)
"""How seldom workers look for cycles: hardly any are made, and looking takes a twenty-fifth of their time."""

_PATIENCE: Final = 60.0
"""Seconds without an answer after which it is seen whether any worker is left; twice as long each further time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article: its facts, or why it could not be read, and the facts that the gate refused.

    Where workers were asked to make something of the facts, *made* is that, and the facts stay with them.
    """

    article: Article
    facts: Sequence[Fact] = ()
    error: str = ""
    refused: Sequence[RefusedFact] = ()
    made: Any = None


Result: TypeAlias = tuple[Any, str]
"""The facts of an article, or what was made of them, and its error."""

Make: TypeAlias = Callable[[Article, Sequence[Fact]], Any]
"""What is to be made of an article's facts where they are read; a function that can be pickled."""


def outcomes(articles: Iterable[Article], extractor: Extractor) -> Iterator[Outcome]:
    """The facts of many articles, read in this process.

    Args:
        articles: the articles; read as they are needed.
        extractor: what reads them.
    """
    rest = iter(articles)
    while batch := list(islice(rest, _BATCH)):
        for article, (facts, error) in zip(batch, read_chunk(batch, extractor), strict=True):
            yield Outcome(article, facts, error)


def read_chunk(articles: Sequence[Article], extractor: Extractor) -> list[Result]:
    """The facts of each article, or its error; one that fails does not spoil the others."""
    try:
        return [(facts, "") for _, facts in extractor.many(articles)]
    except Exception as error:
        if len(articles) == 1:
            return [((), f"{type(error).__name__}: {error}")]
    return [result for article in articles for result in read_chunk([article], extractor)]


def cluster_outcomes(
    articles: Iterable[Article],
    settings: Settings,
    *,
    workers: int = 0,
    address: str = "",
    work: Callable[[Sequence[Article], Settings, str], list[Result]] | None = None,
    make: Make | None = None,
) -> Iterator[Outcome]:
    """The facts of many articles, read by workers of dask.distributed; in the order of the articles.

    A worker that dies loses nothing: its chunk is read again by another. An article with which workers die is read
    alone, and set aside after three tries.

    Args:
        articles: the articles; read as they are needed.
        settings: what each worker's extractor is made from.
        workers: how many processes to start on this machine, if no *address* is given.
        address: that of the scheduler of a running cluster, such as ``tcp://10.0.0.5:8786``.
        work: what a worker does with a chunk, given the settings and their version here; by default reads it.
        make: what workers are to make of the facts, so that less is left to do here.

    Raises:
        KgError: if dask.distributed is not installed, the cluster cannot be reached, or its workers have another
            version of this package.
    """
    with _client(workers, address) as (client, killed, revive):
        width = _AHEAD * (workers or max(1, len(client.scheduler_info()["workers"])))
        version = settings.version
        task = work or partial(read_on_worker, make=make)

        def submit(chunk: Sequence[Article]) -> Any:
            # The settings go with every chunk: data scattered once is lost with the workers that hold it.
            return client.submit(task, chunk, settings, version, pure=False, retries=0)

        chunks = _chunks(articles)
        waiting = deque((chunk, submit(chunk)) for chunk in islice(chunks, width))
        while waiting:
            chunk, future = waiting.popleft()
            results = _results(chunk, future, submit, killed, revive)
            waiting.extend((c, submit(c)) for c in islice(chunks, 1))
            for article, (found, error) in zip(chunk, results, strict=True):
                if make is None or error:
                    yield Outcome(article, found, error)
                else:
                    yield Outcome(article, made=found)


def _results(
    chunk: Sequence[Article],
    future: Any,
    submit: Callable[[Sequence[Article]], Any],
    killed: type[Exception],
    revive: Callable[[], None],
) -> list[Result]:
    try:
        return _wait(future, revive)
    except killed:
        if len(chunk) == 1:
            return [((), f"the process that read it died, {_TRIES} times")]
    # One of them is poison; alone, it harms no other.
    return list(chain.from_iterable(_results([a], submit([a]), submit, killed, revive) for a in chunk))


def _wait(future: Any, revive: Callable[[], None]) -> list[Result]:
    """What a worker found. A worker that dies is started again by its nanny, but a nanny gives up for good when that
    fails, as it does on a machine that is short of memory or time; then nobody would ever answer."""
    patience = _PATIENCE
    while True:
        try:
            result: list[Result] = future.result(timeout=patience)
            return result
        except TimeoutError:
            if future.status == "error":
                raise  # of the task itself
            if not future.done():  # else it came just then
                revive()
            patience *= 2


def _chunks(articles: Iterable[Article]) -> Iterator[list[Article]]:
    rest = iter(articles)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def read_on_worker(
    articles: Sequence[Article], settings: Settings, version: str, make: Make | None = None
) -> list[Result]:
    """The facts of each article of a chunk, or what is to be made of them, on a worker.

    Raises:
        KgError: if the worker has another version of this package than *version* says.
    """
    if settings.version != version:
        raise KgError(
            "a worker of the cluster has another version of presence-kg", remedy="install the same one everywhere"
        )
    found = read_chunk(articles, _extractor(settings))
    if make is None:
        return found
    return [
        (facts if error else make(article, facts), error)
        for article, (facts, error) in zip(articles, found, strict=True)
    ]


@lru_cache(maxsize=1)
def _extractor(settings: Settings) -> Extractor:
    extractor = settings.extractor()
    gc.freeze()  # the tables stay: nobody need look through them for cycles
    gc.set_threshold(*_SELDOM)
    return extractor


@contextmanager
def _client(workers: int, address: str) -> Iterator[tuple[Any, type[Exception], Callable[[], None]]]:
    """A client of the cluster, or of one made for the moment; the exception that a dead worker leaves; and what
    starts workers anew if none is left, which is not ours to do on a cluster of others."""
    try:
        import dask
        import distributed
    except ImportError:
        raise KgError(
            "several workers need the package distributed", remedy='pip install "presence-kg[cluster]"'
        ) from None
    make_client: Any = distributed.Client
    make_cluster: Any = distributed.LocalCluster
    if address:
        try:
            client = make_client(address, timeout=10, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise KgError(
                f"the cluster cannot be reached: {error}", where=address, remedy="check the address"
            ) from error
        with client:
            yield client, distributed.KilledWorker, lambda: None
        return
    settings = {
        "distributed.scheduler.allowed-failures": _TRIES - 1,
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.logging.distributed": "critical",
        "distributed.admin.system-monitor.disk": False,
        # What nobody looks at here: it samples what each worker does a hundred times a second, and counts ticks.
        "distributed.worker.profile.enabled": False,
        "distributed.admin.system-monitor.interval": "10s",
        "distributed.admin.tick.interval": "1s",
    }
    with (
        dask.config.set(settings),
        make_cluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0,
            silence_logs="CRITICAL",
        ) as cluster,
        make_client(cluster, set_as_default=False) as client,
    ):  # fmt: skip

        def revive() -> None:
            if not client.scheduler_info()["workers"]:
                cluster.scale(0)
                cluster.scale(workers)

        yield client, distributed.KilledWorker, revive
