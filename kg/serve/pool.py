"""The query processes as the server sees them: a few, each at one query, killed and replaced when it must be."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final

from kg.errors import KgError
from kg.serve.frames import DATA, END, HEAD, START, Job

_WATCH: Final = 0.2
"""Seconds between two looks at how much memory the processes have."""

_LEFT_OVER: Final = 256 * 1024**2
"""Bytes that a process may keep after a query; one that keeps more is replaced, so that memory comes back."""

_LOG: Final = logging.getLogger("kg.serve")


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
class _Process:
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


class Pool:
    """A few query processes.

    Args:
        size: how many.
        timeout: seconds that a query may take, waiting for a process included.
        memory: bytes that a process may have in memory.
    """

    def __init__(self, size: int, timeout: float, memory: int) -> None:
        self.size = size
        self.timeout = timeout
        self.memory = memory
        self.counts = Counts()
        self._free: asyncio.LifoQueue[_Process] = asyncio.LifoQueue()
        self._all: set[_Process] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the processes, and the watch over their memory."""
        await asyncio.gather(*(self._spawn() for _ in range(self.size)))
        self._later(self._watch())

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        # Address space is more than memory in use: the engine's threads and files are mapped, too.
        space = 2 * self.memory + 2 * 1024**3
        arguments = ("-P", "-m", "kg.serve.worker", str(theirs.fileno()), str(space))
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL
            )
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        if self._closed:
            process.kill()
            return
        made = _Process(process, reader, writer)
        self._all.add(made)
        self.counts.started += 1
        self._free.put_nowait(made)

    @property
    def waiting(self) -> int:
        """How many processes are free."""
        return self._free.qsize()

    @property
    def alive(self) -> bool:
        """Whether there are processes to ask; one that was ended counts, as another takes its place."""
        return not self._closed and bool(self._all or self._tasks)

    def resident(self) -> int:
        """Bytes of memory that the processes have in use together."""
        return sum(resident(process.process.pid) for process in self._all)

    async def ask(self, job: Job) -> Answer:
        """The answer to a query.

        A long answer comes in pieces: read ``rest`` to its end, or close it; until then the process is held.

        Raises:
            Busy: if no process came free within the timeout.
            Stopped: if the query took too long or too much, or ended its process.
        """
        deadline = time.monotonic() + self.timeout
        try:
            async with asyncio.timeout(self.timeout):
                process = await self._free.get()
        except TimeoutError:
            raise Busy("too many queries at once", remedy="try again in a moment") from None
        process.busy, process.reason = True, ""
        try:
            return await self._ask(process, job, deadline)
        except TimeoutError:  # before OSError, of which it is a kind
            self._discard(process, "time")
            raise Stopped(_why(process, self)) from None
        except (EOFError, OSError):
            self._discard(process, "crash")
            raise Stopped(_why(process, self)) from None
        except asyncio.CancelledError:
            self._discard(process, "left")
            raise

    async def _ask(self, process: _Process, job: Job, deadline: float) -> Answer:
        process.writer.write(job.packed())
        async with asyncio.timeout(deadline - time.monotonic()):
            kind, payload = await process.receive()
            assert kind == START
            head = json.loads(payload)
            content = b""
            kind, payload = await process.receive()
            if kind == DATA:
                content = payload
                # Nearly every answer is in one piece; to know it one must see its end.
                kind, payload = await process.receive()
        self.counts.truncated += bool(head.get("truncated"))
        answer = Answer(
            head["status"],
            head["media_type"],
            content,
            truncated=head.get("truncated", ""),
            syntax=head.get("syntax", False),
        )
        if kind == END:
            self._release(process, json.loads(payload)["memory"])
        else:
            answer.rest = Rest(self, process, payload, head.get("closing", ""), deadline)
        return answer

    def _release(self, process: _Process, resident: int) -> None:
        process.busy, process.resident = False, resident
        if resident > max(_LEFT_OVER, self.memory // 4) or process.reason:
            self._discard(process, "")
        else:
            self._free.put_nowait(process)

    def _discard(self, process: _Process, reason: str) -> None:
        """End a process and start another in its place."""
        if process not in self._all:
            return
        process.reason = process.reason or reason
        if process.reason:
            self.counts.killed[process.reason] += 1
        self._all.discard(process)
        with contextlib.suppress(ProcessLookupError):
            process.process.kill()
        process.writer.close()
        self._later(self._replace(process))

    async def _replace(self, process: _Process) -> None:
        await process.process.wait()
        pause = 0.1
        while not self._closed:
            try:
                await self._spawn()
                return
            except OSError as error:
                _LOG.error("a query process cannot be started: %s", error)
                await asyncio.sleep(pause)
                pause = min(10.0, pause * 2)

    async def _watch(self) -> None:
        """End what has more memory than it may."""
        while True:
            await asyncio.sleep(_WATCH)
            for process in [p for p in self._all if p.busy]:
                process.resident = resident(process.process.pid)
                if process.resident > self.memory:
                    process.reason = "memory"
                    with contextlib.suppress(ProcessLookupError):
                        process.process.kill()

    async def open(self, snapshot: str) -> None:
        """Have the free processes open a snapshot, so that no query waits for that."""
        idle = []
        while not self._free.empty():
            idle.append(self._free.get_nowait())
        await asyncio.gather(*(self._open(process, snapshot) for process in idle))

    async def _open(self, process: _Process, snapshot: str) -> None:
        process.busy = True
        try:
            await self._ask(process, Job(snapshot, ""), time.monotonic() + self.timeout)
        except (EOFError, OSError, TimeoutError):
            self._discard(process, "crash")

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()
        for process in tuple(self._all):
            with contextlib.suppress(ProcessLookupError):
                process.process.kill()
            process.writer.close()
            await process.process.wait()
        self._all.clear()


class Rest:
    """The pieces that follow the beginning of a long answer; one whose process is ended is closed and says so.

    Args:
        pool: where the process goes back to.
        process: what answers.
        piece: the first of the pieces.
        closing: what closes an answer that was cut, with ``CUT`` for the reason.
        deadline: when the time of the query is up.
    """

    def __init__(self, pool: Pool, process: _Process, piece: bytes, closing: str, deadline: float) -> None:
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
        pool._release(process, fields["memory"])
        if not fields["failed"]:
            raise StopAsyncIteration
        pool.counts.truncated += 1
        return self._closed(fields["failed"])

    def _cut(self, reason: str) -> bytes:
        self._ended = True
        self._pool._discard(self._process, reason)
        self._pool.counts.truncated += 1
        return self._closed(_why(self._process, self._pool))

    def _closed(self, told: str) -> bytes:
        return self._closing.replace("CUT", json.dumps(told)[1:-1]).encode()

    async def aclose(self) -> None:
        """Give up what has not come yet; the process that was to send it is ended."""
        if not self._ended:
            self._ended = True
            self._pool._discard(self._process, "left")


def _why(process: _Process, pool: Pool) -> str:
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
