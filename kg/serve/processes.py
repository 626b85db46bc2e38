"""One query process as the server sees it: what goes to it, what comes from it, and why it was ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from kg.errors import KgError
from kg.serve.frames import DATA, END, HEAD, START, WHOLE, Whole

_HELD: Final = 1 << 20
"""Bytes of a long answer that wait for a slow reader; while there are more, its process waits."""


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
class Turn:
    """A query that waits for a process or has one.

    Attributes:
        job: the message that asks it.
        shape: what it has in common with queries that cost as much.
        expected: the seconds of processor time that it is thought to take.
        long: whether others should not have to wait for it.
        answer: what becomes of it.
        timer: goes off when its time is up.
        process: who is at it; ``None`` while it waits and after it is done.
    """

    job: bytes
    shape: int
    expected: float
    long: bool
    answer: asyncio.Future[Answer]
    timer: asyncio.TimerHandle = field(init=False)
    process: Process | None = None


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

    def release(self, process: Process, resident: int, cost: float) -> None:
        """Take a process back that has answered."""
        ...

    def discard(self, process: Process, reason: str) -> None:
        """End a process."""
        ...


class Process(asyncio.Protocol):
    """A query process: its handle, the connection to it, and what it is at.

    Args:
        keeper: who is told when it has answered or ended.
    """

    handle: asyncio.subprocess.Process
    _transport: asyncio.Transport

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._held = bytearray()
        self._head: dict[str, Any] = {}
        self._rest: Rest | None = None
        self.turn: Turn | None = None
        self.reason = ""
        self.resident = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The way to it is open."""
        self._transport = cast(asyncio.Transport, transport)

    def begin(self, turn: Turn) -> None:
        """Give it a query; it must be free."""
        self.turn, turn.process = turn, self
        self._transport.write(turn.job)

    def data_received(self, data: bytes) -> None:
        """Take messages apart; nearly every answer is one message that comes in one piece."""
        if not self._held and len(data) >= HEAD.size:
            kind, length = HEAD.unpack_from(data)
            if len(data) == HEAD.size + length:
                self._take(kind, data[HEAD.size :])
                return
        held = self._held
        held += data
        while len(held) >= HEAD.size:
            kind, length = HEAD.unpack_from(held)
            end = HEAD.size + length
            if len(held) < end:
                return
            with memoryview(held) as view:
                payload = bytes(view[HEAD.size : end])
            del held[:end]
            self._take(kind, payload)

    def _take(self, kind: bytes, payload: bytes) -> None:
        turn = self.turn
        if turn is None:
            # It was given up; the process is being ended.
            return
        if kind == WHOLE:
            told = Whole.unpacked(payload)
            self._keeper.counts.truncated += bool(told.truncated)
            self._keeper.release(self, told.memory, told.cost)
            _give(
                turn,
                Answer(told.status, told.media_type, told.content, truncated=told.truncated, syntax=told.syntax),
            )
        elif kind == START:
            self._head = json.loads(payload)
        elif kind == DATA and self._rest is None:
            self._rest = Rest(self._keeper, self, self._head.get("closing", ""))
            _give(turn, Answer(self._head["status"], self._head["media_type"], payload, self._rest))
        elif self._rest is not None and kind == DATA:
            self._rest.feed(payload)
        elif self._rest is not None and kind == END:
            fields = json.loads(payload)
            rest, self._rest = self._rest, None
            rest.end(fields["failed"])
            self._keeper.release(self, fields["memory"], fields["cost"])

    def pause(self, *, on: bool) -> None:
        """Let it wait, or go on."""
        with contextlib.suppress(RuntimeError):  # it has ended
            if on:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended, of itself or by us."""
        self._keeper.discard(self, "crash")

    def kill(self) -> None:
        """End it; what it was at ends with the reason."""
        with contextlib.suppress(ProcessLookupError):
            self.handle.kill()
        self._transport.abort()
        rest, self._rest = self._rest, None
        if rest is not None:
            rest.end(why(self, self._keeper))


def _give(turn: Turn, answer: Answer) -> None:
    if not turn.answer.done():
        turn.answer.set_result(answer)


class Rest:
    """The pieces that follow the beginning of a long answer; one whose process is ended is closed and says so.

    Args:
        keeper: who ends the process if the pieces are given up.
        process: where they come from.
        closing: what closes an answer that was cut, with ``CUT`` for the reason.
    """

    def __init__(self, keeper: Keeper, process: Process, closing: str) -> None:
        self._keeper = keeper
        self._process = process
        self._closing = closing
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._paused = self._ended = False
        self._more: asyncio.Future[None] | None = None

    def feed(self, piece: bytes) -> None:
        """Take a piece from the process."""
        self._pieces.append(piece)
        self._waiting += len(piece)
        if self._waiting > _HELD and not self._paused:
            self._paused = True
            self._process.pause(on=True)
        self._wake()

    def end(self, failed: str) -> None:
        """Nothing more comes; *failed* says why, if it should."""
        if self._ended:
            return
        self._ended = True
        if self._paused:
            # What it answers next is another's.
            self._process.pause(on=False)
        if failed:
            self._keeper.counts.truncated += 1
            self._pieces.append(self._closing.replace("CUT", json.dumps(failed)[1:-1]).encode())
        self._wake()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    def __aiter__(self) -> Rest:
        return self

    async def __anext__(self) -> bytes:
        while not self._pieces:
            if self._ended:
                raise StopAsyncIteration
            self._more = asyncio.get_running_loop().create_future()
            await self._more
        piece = self._pieces.popleft()
        self._waiting -= len(piece)
        if self._paused and self._waiting <= _HELD and not self._ended:
            self._paused = False
            self._process.pause(on=False)
        return piece

    async def aclose(self) -> None:
        """Give up what has not come yet; the process that was to send it is ended."""
        if not self._ended:
            self._ended = True
            self._keeper.discard(self._process, "left")


def why(process: Process, keeper: Keeper) -> str:
    """Why a process was ended, and what to do about it."""
    told = {
        "time": f"the query takes longer than {keeper.timeout:g} s (ask for less, or with LIMIT)",
        "memory": f"the query needs more than {keeper.memory // 1024**2} MiB of memory (ask for less, or with LIMIT)",
    }
    return told.get(process.reason, "the query ended its process (ask for less, or with LIMIT)")


def resident(process: int) -> int:
    """The bytes of memory that a process has in use; 0 where the system does not tell."""
    try:
        with open(f"/proc/{process}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
