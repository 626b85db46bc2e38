"""``kg serve`` as a process of its own, for clients that speak HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(store: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address of a server over *store*; ended as an operator ends it."""
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "import kg.cli; kg.cli.main()",
        "--store",
        str(store),
        "serve",
        "--port",
        str(port),
        *options,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                if httpx.get(f"{address}/ready").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server does not start: {process.stderr.read() if process.stderr else ''}")
            time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "Traceback" not in told, told


def _processes(address: str) -> list[Path]:
    """The folders in ``/proc`` of the server at an address and of its query processes (Linux)."""
    port = address.rsplit(":", 1)[1]
    tree: dict[int, list[int]] = {}
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        tree.setdefault(parent, []).append(int(entry.name))
        if any(word == port.encode() or word.endswith(f":{port}".encode()) for word in command):
            found.append(int(entry.name))
    for process in found:
        # The list grows while it is gone through.
        found += (child for child in tree.get(process, ()) if child not in found)
    return [Path("/proc", str(process)) for process in found]


def memory_of(address: str) -> int:
    """Bytes in memory of the server at an address and of its query processes (Linux)."""
    return sum(memory_by_process(address).values())


def memory_by_process(address: str) -> dict[int, int]:
    """The same, by process."""
    found = {}
    for process in _processes(address):
        with suppress(OSError):
            pages = int((process / "statm").read_text().split()[1])
            found[int(process.name)] = pages * os.sysconf("SC_PAGE_SIZE")
    return found


def cpu_of(address: str) -> float:
    """Seconds of processor time that the server at an address and its query processes have had (Linux)."""
    ticks = 0
    for process in _processes(address):
        with suppress(OSError):
            ticks += sum(map(int, (process / "stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
