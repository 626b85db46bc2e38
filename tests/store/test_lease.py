"""Two that want to write to one store behind an address: the second is told who is first."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import KnowledgeGraph
from kg.cli import main
from kg.errors import KgError
from kg.reference import Reference
from kg.store import lease, open_store
from kg.store.remote import RemoteStore
from tests.store.conftest import quad
from tests.store.test_graph_remote import reports

WRITER = """
import sys
from kg.store import open_store

store = open_store(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other(address: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has the store open for writing."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"open\n"
    yield process
    process.kill()
    process.communicate(timeout=20)


def holders(address: str) -> list[lease.Owner]:
    return lease.owners(RemoteStore(address, read_only=True)._select)


def test_the_second_of_two_is_told_who_is_first(address: str, other: subprocess.Popen[bytes]) -> None:
    with pytest.raises(KgError, match="in use by another process") as caught:
        KnowledgeGraph.open(address, reference=Reference())
    told = str(caught.value)
    assert f"process {other.pid} on " in told
    assert "kg unlock" in told
    ran = CliRunner().invoke(main, ["--store", address, "build"])
    assert ran.exit_code == 1
    assert f"process {other.pid} on " in ran.output
    assert list(open_store(address, read_only=True).match()) == []  # readers never wait, and see no lock
    other.communicate(b"\n", timeout=20)
    with KnowledgeGraph.open(address, reference=Reference()) as graph:
        assert graph.add(*reports()[0]) == "added"
    assert holders(address) == []


def test_what_a_process_that_was_killed_leaves(
    address: str, other: subprocess.Popen[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    other.kill()
    other.wait(20)
    assert [owner.process for owner in holders(address)] == [other.pid]
    with caplog.at_level(logging.WARNING):
        open_store(address).close()
    assert f"process {other.pid}" in caplog.text
    assert "left behind" in caplog.text


def test_a_lock_of_another_machine_ends_by_itself_or_is_taken_away(
    address: str, other: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a process of another machine still runs nobody can see from here: its time counts."""
    other.kill()
    other.wait(20)
    monkeypatch.setattr(lease, "_machine", lambda: "another one")
    with pytest.raises(KgError, match="in use"):
        open_store(address)
    now = holders(address)[0].until + 1
    with monkeypatch.context() as later:
        later.setattr(lease, "clock", lambda ask: now)
        open_store(address).close()
    held = open_store(address)
    with pytest.raises(KgError, match="in use"):
        open_store(address)
    ran = CliRunner().invoke(main, ["--store", address, "unlock"])
    assert (ran.exit_code, ran.output.count("process")) == (0, 1)
    second = open_store(address)
    # The first one notices before it writes, once its lease would have to be renewed.
    monkeypatch.setattr(time, "monotonic", lambda real=time.monotonic: real() + lease.SECONDS)
    with pytest.raises(KgError, match="another process has taken over"):
        held.apply((), [quad("a", "p", "x")])
    second.apply((), [quad("b", "p", "x")])
    held.close()
    assert len(holders(address)) == 1
    second.close()
    assert "nobody" in CliRunner().invoke(main, ["--store", address, "unlock"]).output


def test_a_lease_is_renewed_while_somebody_has_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "SECONDS", 3)
    store = open_store(address)
    first = holders(address)[0]
    for _ in range(100):
        time.sleep(0.1)
        if holders(address)[0].until > first.until:
            break
    assert replace(holders(address)[0], until=0) == replace(first, until=0)
    assert holders(address)[0].until > first.until
    store.close()
    assert holders(address) == []
    with pytest.raises(KgError, match="closed"):
        store.apply((), [quad("a", "p", "x")])


def test_of_many_at_once_one_may_write(address: str) -> None:
    """Also where a server lets two conditional updates through at once."""
    stores: list[object] = []
    refused: list[str] = []
    start = threading.Barrier(5)

    def take() -> None:
        start.wait(20)
        try:
            stores.append(open_store(address))
        except KgError as error:
            refused.append(error.message)

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(stores) == 1
    assert len(refused) == 4
    assert len(holders(address)) == 1
    stores[0].close()  # type: ignore[attr-defined]


def test_a_folder_is_unlocked_by_the_system(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["--store", str(tmp_path / "store"), "unlock"])
    assert ran.exit_code == 1
    assert "a folder needs no unlocking" in ran.output
