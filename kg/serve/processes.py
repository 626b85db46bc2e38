"""One query process as the server sees it: what comes from it, and why it was ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from dataclasses import dataclass, field
from typing import Protocol

from kg.errors import KgError
from kg.serve.frames import DATA, HEAD


class Busy(KgError):
    """All processes are at work and none came free in time."""


class Stopped(KgError):
    """The query took too long or too much, and its process was ended."""


@dataclass(slots=True)
class Answer:
    """What came of a query.

    Attributes:
        status: as in HTTP.
        media_type: the type of the content.
        content: the bytes, if they came in one piece.
        rest: the pieces that follow; ``None`` if that was all.
        truncated: why the answer was cut; empty if it is whole. A long one says it at its end instead.
        syntax: whether the content is the parser's message.
    """

    status: int
    media_type: str
    content: bytes
    rest: Rest | None = None
    truncated: str = ""
    syntax: bool = False

    async def whole(self) -> bytes:
        """The content, all of it."""
        if self.rest is None:
            return self.content
        content = bytearray(self.content)
        async with contextlib.aclosing(self.rest):
            async for piece in self.rest:
                content += piece
        return bytes(content)


@dataclass(slots=True, eq=False)
class Process:
    """A query process: its handle, the streams to it, and what it is at."""

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    busy: bool = False
    reason: str = ""
    resident: int = 0

    async def receive(self) -> tuple[bytes, bytes]:
        """The next message.

        Raises:
            EOFError: if the process has ended.
        """
        head = await self.reader.readexactly(HEAD.size)
        kind, length = HEAD.unpack(head)
        return kind, await self.reader.readexactly(length)


@dataclass(slots=True)
class Counts:
    """What the pool has done, for the metrics."""

    killed: dict[str, int] = field(default_factory=lambda: {"time": 0, "memory": 0, "crash": 0, "left": 0})
    started: int = 0
    truncated: int = 0


class Keeper(Protocol):
    """What keeps the processes: :class:`kg.serve.pool.Pool`."""

    timeout: float
    memory: int
    counts: Counts

    def release(self, process: Process, resident: int) -> None:
        """Take a process back that has answered."""
        ...

    def discard(self, process: Process, reason: str) -> None:
        """End a process."""
        ...


class Rest:
    """The pieces that follow the beginning of a long answer; one whose process is ended is closed and says so.

    Args:
        pool: where the process goes back to.
        process: what answers.
        piece: the first of the pieces.
        closing: what closes an answer that was cut, with ``CUT`` for the reason.
        deadline: when the time of the query is up.
    """

    def __init__(self, pool: Keeper, process: Process, piece: bytes, closing: str, deadline: float) -> None:
        self._pool = pool
        self._process = process
        self._piece = piece
        self._closing = closing
        self._deadline = deadline
        self._ended = False

    def __aiter__(self) -> Rest:
        return self

    async def __anext__(self) -> bytes:
        if self._piece:
            piece, self._piece = self._piece, b""
            return piece
        if self._ended:
            raise StopAsyncIteration
        pool, process = self._pool, self._process
        try:
            async with asyncio.timeout(self._deadline - time.monotonic()):
                kind, payload = await process.receive()
        except TimeoutError:  # before OSError, of which it is a kind
            return self._cut("time")
        except (EOFError, OSError):
            return self._cut("crash")
        if kind == DATA:
            return payload
        self._ended = True
        fields = json.loads(payload)
        pool.release(process, fields["memory"])
        if not fields["failed"]:
            raise StopAsyncIteration
        pool.counts.truncated += 1
        return self._closed(fields["failed"])

    def _cut(self, reason: str) -> bytes:
        self._ended = True
        self._pool.discard(self._process, reason)
        self._pool.counts.truncated += 1
        return self._closed(why(self._process, self._pool))

    def _closed(self, told: str) -> bytes:
        return self._closing.replace("CUT", json.dumps(told)[1:-1]).encode()

    async def aclose(self) -> None:
        """Give up what has not come yet; the process that was to send it is ended."""
        if not self._ended:
            self._ended = True
            self._pool.discard(self._process, "left")


def why(process: Process, pool: Keeper) -> str:
    """Why a process was ended, and what to do about it."""
    told = {
        "time": f"the query takes longer than {pool.timeout:g} s (ask for less, or with LIMIT)",
        "memory": f"the query needs more than {pool.memory // 1024**2} MiB of memory (ask for less, or with LIMIT)",
    }
    return told.get(process.reason, "the query ended its process (ask for less, or with LIMIT)")


def resident(process: int) -> int:
    """The bytes of memory that a process has in use; 0 where the system does not tell."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
