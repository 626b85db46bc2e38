"""Run a command, and tell which process and thread of it took how much CPU, and how much memory (Linux).

    python benchmarks/cpu.py --of 6000 -- kg build a6k.jsonl --workers 2 --store STORE

What is told is of each article (``--of`` of them): threads are looked at four times a second, so that one that lives
shorter is missed; ``others`` is the rest of what its process took. ``rocksdb:low`` is the engine's putting together
of files; a loader of a large change is a thread without a name of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.cli.output import write_table

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PAUSE = 0.25
_LEAST = 0.02
"""Seconds of CPU below which a thread is not told."""


class Seen:
    """What one process was last seen to have taken: seconds of CPU in all and by thread, bytes of memory at most."""

    def __init__(self) -> None:
        self.name = ""
        self.spent = 0.0
        self.memory = 0
        self.threads: dict[str, tuple[str, float]] = {}

    def look(self, process: Path) -> None:
        """Look at it now."""
        _, _, self.spent, memory = _stat(process)
        self.memory = max(self.memory, memory)
        self.name = (process / "cmdline").read_text(errors="replace").replace("\0", " ").strip() or self.name
        for thread in (process / "task").iterdir():
            name, _, spent, _ = _stat(thread)
            self.threads[thread.name] = ("main" if thread.name == process.name else name, spent)


def _stat(folder: Path) -> tuple[str, int, float, int]:
    """Name, parent, seconds of CPU and bytes of memory of a process or a thread (proc(5))."""
    head, _, rest = (folder / "stat").read_text(errors="replace").rpartition(")")
    values = rest.split()
    spent = (int(values[11]) + int(values[12])) / _TICKS
    return head.partition("(")[2], int(values[1]), spent, int(values[21]) * _PAGE


def watch(command: list[str]) -> tuple[int, float, dict[int, Seen]]:
    """Run a command; its exit status, seconds by the clock, and what each process of it took."""
    seen: dict[int, Seen] = {}
    begun = time.perf_counter()
    running = subprocess.Popen(command)
    while running.poll() is None:
        for process in _tree(running.pid):
            try:
                seen.setdefault(process, Seen()).look(Path(f"/proc/{process}"))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
        time.sleep(_PAUSE)
    return running.returncode, time.perf_counter() - begun, seen


def _tree(root: int) -> set[int]:
    """A process and all that it has started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = _stat(folder)[1]
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def rows(seen: dict[int, Seen], articles: int) -> Iterator[tuple[str, str, str, str]]:
    """Process, thread, milliseconds an article, MiB."""
    for number, process in sorted(seen.items(), key=lambda item: -item[1].spent):
        if process.spent < _LEAST:
            continue
        yield f"{number}: {process.name[:60]}", "", f"{process.spent / articles * 1e3:.2f}", f"{process.memory >> 20}"
        rest = process.spent
        for thread, spent in sorted(process.threads.values(), key=lambda one: -one[1]):
            if spent >= _LEAST:
                rest -= spent
                yield "", thread, f"{spent / articles * 1e3:.2f}", ""
        yield "", "others", f"{max(rest, 0) / articles * 1e3:.2f}", ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", type=int, required=True, metavar="N", help="how many articles there are")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args()
    status, took, seen = watch(options.command)
    every = sum(process.spent for process in seen.values())
    of_one = f"{every / options.of * 1e3:.2f}"
    whole = (f"all, in {took:.1f} s, {options.of / took:.0f} articles/s", "", of_one, "")
    write_table(("process", "thread", "ms of CPU an article", "MiB"), [whole, *rows(seen, options.of)])
    sys.exit(status)


if __name__ == "__main__":
    main()
