"""The query processes as the server sees them: a few, each at one query, killed and replaced when it must be."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import sys
import time
from typing import Any, Final

from kg.serve.frames import DATA, END, START, Job
from kg.serve.processes import Answer, Busy, Counts, Process, Rest, Stopped, resident, why

_WATCH: Final = 0.2
"""Seconds between two looks at how much memory the processes have."""

_LEFT_OVER: Final = 256 * 1024**2
"""Bytes that a process may keep after a query; one that keeps more is replaced, so that memory comes back."""

_LOG: Final = logging.getLogger("kg.serve")


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
        self._free: asyncio.LifoQueue[Process] = asyncio.LifoQueue()
        self._all: set[Process] = set()
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
        made = Process(process, reader, writer)
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
            self.discard(process, "time")
            raise Stopped(why(process, self)) from None
        except (EOFError, OSError):
            self.discard(process, "crash")
            raise Stopped(why(process, self)) from None
        except asyncio.CancelledError:
            self.discard(process, "left")
            raise

    async def _ask(self, process: Process, job: Job, deadline: float) -> Answer:
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
            self.release(process, json.loads(payload)["memory"])
        else:
            answer.rest = Rest(self, process, payload, head.get("closing", ""), deadline)
        return answer

    def release(self, process: Process, resident: int) -> None:
        """Take a process back that has answered; one that kept much memory is replaced."""
        process.busy, process.resident = False, resident
        if resident > max(_LEFT_OVER, self.memory // 4) or process.reason:
            self.discard(process, "")
        else:
            self._free.put_nowait(process)

    def discard(self, process: Process, reason: str) -> None:
        """End a process and start another in its place; why is counted."""
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

    async def _replace(self, process: Process) -> None:
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

    async def _open(self, process: Process, snapshot: str) -> None:
        process.busy = True
        try:
            await self._ask(process, Job(snapshot, ""), time.monotonic() + self.timeout)
        except (EOFError, OSError, TimeoutError):
            self.discard(process, "crash")

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
