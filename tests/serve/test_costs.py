"""What queries cost is learned, and quick ones do not wait behind long ones."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.serve import pool
from kg.serve.costs import Costs
from kg.serve.frames import Job
from kg.serve.processes import Process, Turn


def apart(work: Coroutine[object, object, None]) -> None:
    """Run it in a thread of its own: the browser of other tests leaves a running loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, work).result()


QUICK, LONG = "ASK { <urn:a> ?p ?o }", "SELECT * { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ASK { <urn:a> ?p ?o }", "ASK { <urn:b#c> ?p ?o }", True),
        ('ASK { ?s ?p "a\\"b" }', "ASK { ?s ?p 'x # y' }", True),
        ("SELECT * { ?s ?p 5 } LIMIT 10", "SELECT * { ?s ?p 7 } LIMIT 200 # the second", False),
        ("SELECT * { ?s ?p 5 } LIMIT 10 #", "SELECT * { ?s ?p 7 } LIMIT 200 # the second", True),
        ("ASK { ?s io:place ?o }", "ASK { ?s io:country ?o }", False),
        ("ASK { ?s <urn:p>* ?o }", "ASK { ?s <urn:p> ?o }", False),
    ],
)
def test_queries_of_one_shape_differ_in_values_only(one: str, other: str, same: bool) -> None:
    assert (Costs.shape(one) == Costs.shape(other)) is same


def test_costs_are_learned_and_follow_what_is_seen() -> None:
    costs = Costs()
    assert not costs.long(costs.expected(1))
    for _ in range(100):
        costs.learn(1, 0.001)
    costs.learn(2, 0.05)
    assert costs.expected(1) == pytest.approx(0.001)
    assert costs.long(costs.expected(2)) and not costs.long(costs.expected(1))
    assert costs.expected(3) == costs.usual, "what nobody has asked yet counts as usual"
    for _ in range(30):
        costs.learn(2, 0.0005)
    assert not costs.long(costs.expected(2))


def test_a_few_that_take_all_their_time_do_not_make_slow_usual() -> None:
    costs = Costs()
    for number in range(300):
        costs.learn(1, 30.0 if number % 20 == 0 else 0.001)
    assert costs.usual < 0.005


def test_what_is_kept_is_bounded() -> None:
    costs = Costs(size=10)
    for shape in range(1000):
        costs.learn(shape, 0.5 + shape)
    assert costs.expected(999) == 999.5
    assert costs.expected(0) == costs.usual


class Idle(Process):
    """A process that does nothing with its query until it is told."""

    def begin(self, turn: Turn) -> None:
        self.turn, turn.process = turn, self


class Ready(pool.Pool):
    """A pool of such processes, which notes who came to one and when it was that."""

    def __init__(self, size: int) -> None:
        super().__init__(size, 30.0, 1 << 30)
        self.processes = [Idle(self) for _ in range(size)]
        self._free = list(self.processes)  # type: ignore[assignment]

    def asked(self, query: str) -> asyncio.Task[object]:
        return asyncio.create_task(self.ask(Job("here", query)))

    def running(self) -> list[bool]:
        """Of each process at work, whether it is at a long query."""
        return sorted(p.turn.long for p in self.processes if p.turn is not None)

    def finish(self, *, long: bool) -> None:
        """One at a long query, or at a quick one, has answered."""
        process = next(p for p in self.processes if p.turn is not None and p.turn.long is long)
        self.release(process, 0, 0.5 if long else 0.001)


async def _waiting(pool_: Ready, *queries: str) -> list[asyncio.Task[object]]:
    tasks = [pool_.asked(query) for query in queries]
    await asyncio.sleep(0)
    return tasks


def _learned(size: int) -> Ready:
    made = Ready(size)
    for _ in range(50):
        made.costs.learn(Costs.shape(QUICK), 0.001)
    for _ in range(5):
        made.costs.learn(Costs.shape(LONG), 0.5)
    return made


def test_long_queries_leave_processes_to_quick_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    async def go() -> None:
        ours = _learned(4)
        tasks = await _waiting(ours, *[LONG] * 5)
        assert ours.running() == [True, True]
        tasks += await _waiting(ours, *[QUICK] * 4)
        assert ours.running() == [False, False, True, True]
        ours.finish(long=True)
        assert ours.running() == [False, False, False, True], "while quick ones wait, they have the process"
        for _ in range(4):
            ours.finish(long=False)
        assert ours.running() == [True, True], "without any, another long one has it"
        for task in tasks:
            task.cancel()

    apart(go())


def test_quick_ones_overtake_but_no_long_one_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        ours = _learned(1)
        tasks = await _waiting(ours, QUICK, LONG, QUICK)
        ours.finish(long=False)
        assert ours.running() == [False], "the quick one that came last goes first"
        ours.finish(long=False)
        tasks += await _waiting(ours, QUICK)
        ours.finish(long=True)
        monkeypatch.setattr(pool, "_PATIENCE", 0.0)
        tasks += await _waiting(ours, LONG)
        monkeypatch.undo()
        tasks += await _waiting(ours, QUICK)
        ours.finish(long=False)
        assert ours.running() == [True], "a long one that was due before goes before"
        for task in tasks:
            task.cancel()

    apart(go())


def test_a_query_is_due_long_before_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        ours = _learned(1)
        now = asyncio.get_running_loop().time()
        for _ in range(20):
            ours.costs.learn(Costs.shape(LONG), ours.timeout)
        tasks = await _waiting(ours, QUICK, LONG)
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now + ours.timeout / 3)
        tasks += await _waiting(ours, QUICK)
        ours.finish(long=False)
        assert ours.running() == [True]
        for task in tasks:
            task.cancel()

    apart(go())


def test_what_was_given_up_while_it_waited_gets_no_process() -> None:
    async def go() -> None:
        ours = _learned(1)
        _, given_up, last = await _waiting(ours, QUICK, QUICK, LONG)
        given_up.cancel()
        await asyncio.sleep(0)
        ours.finish(long=False)
        assert ours.running() == [True]
        last.cancel()

    apart(go())
