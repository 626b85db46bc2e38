"""Storing many articles while others are read: some thousand a change, in a thread of its own."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from kg.building.account import ArticleAccount
from kg.errors import KgError

Done = Literal["added", "unchanged", "replaced"]

LEAST: Final = 1500
"""Articles a change of a small store, so that little is left to store when the last article has been read."""

MOST: Final = 4000
"""Articles a change of a large one. The engine merges the files of each change with all before, and facts told in very
many ways are merged anew once a change, so that an article of many costs less; the loader's memory grows with it."""

_ARTICLE: Final = 50_000
"""Bytes of a store for each article in it, about."""

PATIENCE: Final = 40.0
"""Seconds for which an article waits for others to be stored with; so much reading a crash may cost."""

_SELDOM: Final = (50_000, 20, 20)
"""How seldom unused cycles are looked for meanwhile: hardly any are made, and to look through all that merging keeps
takes a seventh of the writer's time."""


class Graph(Protocol):
    """Where accounts are put; :class:`kg.build.KnowledgeGraph` is one."""

    @property
    def batches(self) -> bool:
        """Whether many articles may be one transaction."""
        ...

    @property
    def bytes(self) -> int:
        """How large the store is, on disk."""
        ...

    def put(self, accounts: Sequence[ArticleAccount]) -> list[Done]:
        """Put them in, as one transaction."""
        ...


def suited(size: int) -> int:
    """How many articles a change of a store of *size* bytes should have: half of those that are there, within limits.

    Changes that grow with the store keep the engine's tidying of its files to a few times what is written.
    """
    return min(MOST, max(LEAST, size // _ARTICLE // 2))


class Writer:
    """Stores accounts in batches, one batch at a time, while the next one is put together.

    The engine works outside of Python's lock, so reading goes on. An article is stored when *stored* is told so; until
    then a crash may take it, with the whole of its batch.

    Args:
        graph: where to; nobody else may change it meanwhile.
        stored: told of each article, with what was done, once it is safe.
        size: how many articles a change has at most; 0 for what suits the size of the store. Behind an address each
            has its own.
    """

    def __init__(self, graph: Graph, stored: Callable[[ArticleAccount, Done], None], size: int = 0) -> None:
        self._graph = graph
        self._stored = stored
        self._given = size if graph.batches else 1
        self._size = self._given or suited(graph.bytes)
        self._thread = ThreadPoolExecutor(1, "kg-writer")
        self._running: Future[list[Done]] | None = None
        self._batch: list[ArticleAccount] = []
        self._waiting: list[ArticleAccount] = []
        self._since = 0.0
        self._collected = gc.get_threshold()

    def put(self, account: ArticleAccount) -> None:
        """Store an account, soon.

        Raises:
            KgError: if the batch before could not be stored.
        """
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(account)
        if self._running is not None and self._running.done():
            self._settle()
        due = len(self._waiting) >= self._size or time.monotonic() - self._since > PATIENCE
        if due and (self._running is None or len(self._waiting) >= self._size):
            self._send()

    def _send(self) -> None:
        self._settle()
        self._size = self._given or suited(self._graph.bytes)
        self._batch, self._waiting = self._waiting, []
        self._running = self._thread.submit(self._graph.put, self._batch)

    def _settle(self) -> None:
        """Wait for the batch that is being stored, and tell of it."""
        if self._running is None:
            return
        running, self._running = self._running, None
        for account, done in zip(self._batch, running.result(), strict=True):
            self._stored(account, done)

    def flush(self) -> None:
        """Store all that was put in; returns once it is safe."""
        if self._waiting:
            self._send()
        self._settle()

    def __enter__(self) -> Self:
        gc.set_threshold(*_SELDOM)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.flush()
            else:  # what was read before something else went wrong, or before Ctrl-C, is kept
                with contextlib.suppress(KgError):
                    self.flush()
        finally:
            gc.set_threshold(*self._collected)
            self._thread.shutdown()
