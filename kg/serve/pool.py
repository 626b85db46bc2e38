"""The query processes as the server sees them: a few, each at one query, killed and replaced when it must be."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import os
import socket
import sys
from typing import Any, Final

from kg.serve.costs import Costs
from kg.serve.frames import Job
from kg.serve.processes import Answer, Busy, Counts, Process, Stopped, Turn, resident, why

_WATCH: Final = 0.2
"""Seconds between two looks at how much memory the processes have."""

_LEFT_OVER: Final = 256 * 1024**2
"""Bytes that a process may keep after a query; one that keeps more is replaced, so that memory comes back."""

_PATIENCE: Final = 20.0
"""How many times its own cost a query waits while others overtake it; then it goes before all that came later."""

_KEPT_CHUNKS: Final = "glibc.malloc.tcache_count=200"
"""How many small pieces of memory of each size the C library keeps at hand in a query process, 7 without this: a query
takes and gives back thousands of them, and is done a twentieth sooner."""

_LOG: Final = logging.getLogger("kg.serve")


class Pool:
    """A few query processes, and the queries that wait for one.

    Queries that are likely to be quick overtake those that are likely to be long, but none waits for ever: what has
    waited for a multiple of its own cost goes before all that came later. At most half of the processes are at long
    queries, so that a quick one finds one soon; while there are quick ones, and no long one has waited for too long, at
    most as many as half of the processors.

    Args:
        size: how many.
        timeout: seconds that a query may take, waiting for a process included.
        memory: bytes that a process may have in memory.
    """

    def __init__(self, size: int, timeout: float, memory: int) -> None:
        self.size = size
        self.timeout = timeout
        self.memory = memory
        # Address space is more than memory in use: the engine's threads and files are mapped, too.
        self.space = 2 * memory + 2 * 1024**3
        self.counts = Counts()
        self._free: list[Process] = []
        self.costs = Costs()
        self._quick: list[tuple[float, int, Turn]] = []
        self._long: list[tuple[float, int, Turn]] = []
        self._numbers = itertools.count()
        self._most_long = max(1, size // 2)
        self._most_beside = min(self._most_long, max(1, (os.cpu_count() or 2) // 2))
        self._quick_ones = self._long_ones = 0
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
        arguments = ("-P", "-m", "kg.serve.worker", str(theirs.fileno()), str(self.space))
        with theirs:
            handle = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                env=_environment(),
            )
        made = Process(self)
        made.handle = handle
        await asyncio.get_running_loop().create_connection(lambda: made, sock=ours)
        if self._closed:
            made.kill()
            return
        self._all.add(made)
        self.counts.started += 1
        self._offer(made)

    @property
    def waiting(self) -> int:
        """How many processes are free."""
        return len(self._free)

    @property
    def alive(self) -> bool:
        """Whether there are processes to ask; one that was ended counts, as another takes its place."""
        return not self._closed and bool(self._all or self._tasks)

    def resident(self) -> int:
        """Bytes of memory that the processes have in use together."""
        return sum(resident(process.handle.pid) for process in self._all)

    async def ask(self, job: Job) -> Answer:
        """The answer to a query.

        A long answer comes in pieces: read ``rest`` to its end, or close it; until then the process is held.

        Raises:
            Busy: if no process came free within the timeout.
            Stopped: if the query took too long or too much, or ended its process.
        """
        turn = self._turn(job)
        # Never so late that its time would be up before.
        due = asyncio.get_running_loop().time() + min(_PATIENCE * turn.expected, self.timeout / 4)
        heapq.heappush(self._long if turn.long else self._quick, (due, next(self._numbers), turn))
        self._distribute()
        return await self._answer(turn)

    def _turn(self, job: Job) -> Turn:
        loop = asyncio.get_running_loop()
        shape = self.costs.shape(job.query)
        expected = self.costs.expected(shape)
        long = self.costs.long(expected)
        turn = Turn(job.packed(long=long), shape, expected, long, loop.create_future())
        turn.timer = loop.call_later(self.timeout, self._late, turn)
        return turn

    async def _answer(self, turn: Turn) -> Answer:
        try:
            return await turn.answer
        except asyncio.CancelledError:
            if turn.process is not None:
                self.discard(turn.process, "left")
            else:
                turn.timer.cancel()
            raise

    def _late(self, turn: Turn) -> None:
        if turn.process is not None:
            self.discard(turn.process, "time")
            return
        if not turn.answer.done():
            turn.answer.set_exception(Busy("too many queries at once", remedy="try again in a moment"))

    def _distribute(self) -> None:
        """Give free processes to those whose turn it is."""
        while self._free and (turn := self._next()) is not None:
            self._begin(self._free.pop(), turn)

    def _next(self) -> Turn | None:
        """Who is due first of those who still wait and may have a process."""
        for queue in (self._quick, self._long):
            while queue and queue[0][2].answer.done():
                heapq.heappop(queue)
        quick, long = self._quick, self._long
        if long and (not quick or long[0] < quick[0]):
            calm = not self._quick_ones or long[0][0] < asyncio.get_running_loop().time()
            if self._long_ones < (self._most_long if calm else self._most_beside):
                return heapq.heappop(long)[2]
        return heapq.heappop(quick)[2] if quick else None

    def _begin(self, process: Process, turn: Turn) -> None:
        self._long_ones += turn.long
        self._quick_ones += not turn.long
        process.begin(turn)

    def release(self, process: Process, resident: int, cost: float) -> None:
        """Take a process back that has answered; one that kept much memory is replaced."""
        turn = self._end_turn(process)
        if turn is not None:
            self.costs.learn(turn.shape, cost)
        process.resident = resident
        if resident > max(_LEFT_OVER, self.memory // 4) or process.reason:
            self.discard(process, "")
        else:
            self._offer(process)

    def _offer(self, process: Process) -> None:
        """Take a free process for who is due, now or later."""
        self._free.append(process)
        self._distribute()

    def _end_turn(self, process: Process) -> Turn | None:
        turn, process.turn = process.turn, None
        if turn is not None:
            turn.process = None
            turn.timer.cancel()
            self._long_ones -= turn.long
            self._quick_ones -= not turn.long
        return turn

    def discard(self, process: Process, reason: str) -> None:
        """End a process and start another in its place; why is counted, and told to who waits for its answer."""
        if process not in self._all:
            return
        process.reason = process.reason or reason
        if process.reason:
            self.counts.killed[process.reason] += 1
            if process.turn is not None and process.reason in ("time", "memory"):
                self.costs.learn(process.turn.shape, self.timeout)
        self._all.discard(process)
        with contextlib.suppress(ValueError):
            self._free.remove(process)
        process.kill()
        turn = self._end_turn(process)
        if turn is not None and not turn.answer.done():
            turn.answer.set_exception(Stopped(why(process, self)))
        self._later(self._replace(process))

    async def _replace(self, process: Process) -> None:
        await process.handle.wait()
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
            for process in [p for p in self._all if p.turn is not None]:
                process.resident = resident(process.handle.pid)
                if process.resident > self.memory:
                    self.discard(process, "memory")

    async def open(self, snapshot: str) -> None:
        """Have the free processes open a snapshot, so that no query waits for that."""
        idle, self._free = self._free, []
        turns = []
        for process in idle:
            turns.append(self._turn(Job(snapshot, "")))
            self._begin(process, turns[-1])
        await asyncio.gather(*(self._answer(turn) for turn in turns), return_exceptions=True)

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()
        for _, _, turn in (*self._quick, *self._long):
            self._late(turn)
        processes, self._all = tuple(self._all), set()
        for process in processes:
            process.kill()
            left = self._end_turn(process)
            if left is not None and not left.answer.done():
                left.answer.set_exception(Stopped("the server ends"))
            await process.handle.wait()


def _environment() -> dict[str, str]:
    """The environment of a query process."""
    chosen = os.environ.get("GLIBC_TUNABLES", "")
    return {**os.environ, "GLIBC_TUNABLES": chosen or _KEPT_CHUNKS}
