"""What all handlers share: the settings, the graph as it is now, the query processes, the limits."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
import json
import logging
import os
import shutil
from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request

from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.serve import memory, snapshot
from kg.serve.frames import Job
from kg.serve.pool import Pool
from kg.serve.processes import resident
from kg.serve.replies import Cache
from kg.store import EmbeddedStore

_LOG: Final = logging.getLogger("kg.serve")
_TIDY: Final = 10
"""Every how many looks at the store the server may give memory back."""

_GROWN: Final = 16 * 1024**2
"""Bytes that it must have taken since."""

_JSON: Final = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs.

    Attributes:
        store: the folder of the graph.
        timeout: seconds that a query may take.
        workers: queries that run at once.
        rows: rows or triples of an answer, at most.
        size: bytes of an answer, at most.
        memory: bytes of memory of a query, at most.
        per_address: queries at once from one address, at most.
        refresh: seconds between two looks at whether the graph has changed.
        cache: bytes of answers that are kept for who asks the same again.
        token: what a request must show to change the graph; empty: nobody may.
    """

    store: Path
    timeout: float = 30.0
    workers: int = 4
    rows: int = 100_000
    size: int = 64 * 1024**2
    memory: int = 1024**3
    per_address: int = 8
    refresh: float = 1.0
    cache: int = 32 * 1024**2
    token: str = ""


@dataclass(eq=False)
class Snapshot:
    """The graph as it was at one moment.

    Attributes:
        folder: where it lies.
        graph: the graph, for questions of ours; those of strangers go to the pool.
        version: a digest of all that it holds.
        modified: when this version was first seen.
        cache: what handlers have worked out from it; it goes when the snapshot goes.
    """

    folder: Path
    graph: KnowledgeGraph
    version: str
    modified: dt.datetime
    users: int = 0
    cache: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.cache = {}
        self.last_modified = self.modified.strftime("%a, %d %b %Y %H:%M:%S GMT")


class TooMany(Exception):
    """An address asks more at once than it may."""


class Site:
    """The server's state, from start to end.

    Args:
        settings: how it runs.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pool = Pool(settings.workers, settings.timeout, settings.memory)
        self.answers = Cache(settings.cache)
        self.ready = False
        self.problem = ""
        self.reloads = 0
        # What handlers keep beyond one version of the graph.
        self.kept: dict[str, Any] = {}
        self.at_work: Counter[str] = Counter()
        self._current: Snapshot | None = None
        self._state: snapshot.State | None = None
        self._room: snapshot.Room | None = None
        self._numbers = itertools.count(1)
        self._watch: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._reloading = asyncio.Lock()
        self.changing = asyncio.Lock()

    @property
    def current(self) -> Snapshot:
        """The graph as it is now."""
        assert self._current is not None, "the server has not started"
        return self._current

    @contextlib.contextmanager
    def using(self) -> Iterator[Snapshot]:
        """The graph as it is now, kept for as long as it is in use."""
        with self.held(self.current) as chosen:
            yield chosen

    @contextlib.contextmanager
    def held(self, chosen: Snapshot) -> Iterator[Snapshot]:
        """A graph that is in use already, kept for something that goes on when that ends."""
        chosen.users += 1
        try:
            yield chosen
        finally:
            chosen.users -= 1
            self._drop(chosen)

    @contextlib.contextmanager
    def admitted(self, address: str) -> Iterator[None]:
        """Count a query of an address while it runs.

        Raises:
            TooMany: if it has as many as it may.
        """
        if self.at_work[address] >= self.settings.per_address:
            raise TooMany
        self.at_work[address] += 1
        try:
            yield
        finally:
            self.at_work[address] -= 1
            if not self.at_work[address]:
                del self.at_work[address]

    async def start(self) -> None:
        """Take the first snapshot, start the processes, begin to watch the store.

        Raises:
            KgError: if there is no graph.
        """
        self._room = snapshot.Room(self.settings.store)
        try:
            await self.reload()
            await self.pool.start()
            await self.pool.open(str(self.current.folder))
        except BaseException:
            await self.close()
            raise
        self._watch = asyncio.create_task(self._follow())
        self.ready = True

    async def _follow(self) -> None:
        floor, looks = 0, 0
        while True:
            await asyncio.sleep(self.settings.refresh)
            looks += 1
            if looks % _TIDY == 0 and resident(os.getpid()) > floor + _GROWN:
                await asyncio.to_thread(memory.give_back)
                floor = resident(os.getpid())
            try:
                await self.reload()
            except KgError as error:
                # What was there goes on being served.
                if str(error) != self.problem:
                    _LOG.warning("the graph cannot be read again: %s", error)
                self.problem = str(error)
            except Exception:
                _LOG.exception("the graph cannot be read again")
                self.problem = "the graph cannot be read again"

    async def reload(self) -> bool:
        """Take a new snapshot if something was written; whether there is a new version.

        Raises:
            KgError: if the store cannot be read.
        """
        async with self._reloading:
            if self._state is not None and snapshot.state(self.settings.store) == self._state:
                self.problem = ""
                return False
            made, found = await asyncio.to_thread(self._take)
            self._state, self.problem = found, ""
            before = self._current
            if before is not None and before.version == made.version:
                self._remove(made)
                return False
            self._current = made
            self.reloads += 1
            if before is not None:
                await self.pool.open(str(made.folder))
                self._drop(before)
                del before
                await asyncio.to_thread(memory.give_back)
            return True

    def _take(self) -> tuple[Snapshot, snapshot.State]:
        assert self._room is not None
        folder = self._room.folder / str(next(self._numbers))
        found = snapshot.take(self.settings.store, folder, self._current.folder if self._current else None)
        graph = KnowledgeGraph(EmbeddedStore(folder, read_only=True))
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        return Snapshot(folder, graph, graph.version, now), found

    def _drop(self, old: Snapshot) -> None:
        if old is not self._current and old.users == 0:
            self._remove(old)

    def _remove(self, old: Snapshot) -> None:
        # Not closed: a handler in another thread may still be reading; the last reference closes it.
        shutil.rmtree(old.folder, ignore_errors=True)

    async def rows(self, current: Snapshot, query: str) -> list[dict[str, Any]]:
        """The rows of a query of ours, under the bounds of all queries: by variable, values as SPARQL's JSON has them.

        Raises:
            KgError: if it is stopped or refused.
        """
        settings = self.settings
        job = Job(str(current.folder), query, _JSON, rows=settings.rows, size=settings.size)
        answer = await self.pool.ask(job)
        content = await answer.whole()
        if answer.status != 200:
            raise KgError(content.decode().strip())
        found: list[dict[str, Any]] = json.loads(content)["results"]["bindings"]
        return found

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Have some work done in the background; it ends with the server."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End the processes and remove the snapshots."""
        self.ready = False
        for task in (*self._tasks, *filter(None, (self._watch,))):
            task.cancel()
        await self.pool.close()
        if self._room is not None:
            await asyncio.to_thread(self._room.close)


def site_of(request: Request) -> Site:
    """The server's state, for a handler."""
    site: Site = request.app.state.site
    return site


def address_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""
