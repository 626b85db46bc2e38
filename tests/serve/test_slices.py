"""Slices of processor time are asked for without a change of anything else."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from kg.serve import slices


def test_policy_and_priority_stay_as_they_are() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has them")
    found: list[bool] = []

    def of_a_thread() -> None:
        os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + 1)
        for policy in (os.SCHED_BATCH, os.SCHED_OTHER):
            os.sched_setscheduler(0, policy, os.sched_param(0))
            before = os.getpriority(os.PRIO_PROCESS, 0)
            for seconds in (slices.SERVER, slices.QUICK, slices.LONG):
                slices.take(seconds)
            found.append(os.sched_getscheduler(0) == policy)
            found.append(os.getpriority(os.PRIO_PROCESS, 0) == before)

    # Of a thread of its own: the next tests run as they did.
    thread = threading.Thread(target=of_a_thread)
    thread.start()
    thread.join()
    assert len(found) == 4
    assert all(found)


def test_another_machine_goes_on_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "abacus")
    assert not slices.take(slices.QUICK)
