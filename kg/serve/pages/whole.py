"""What the server keeps of the graph as a whole: its summary and the index of its texts, made in the background.

Both lie beside the store where that can be written, else among the server's copies, and outlast the server. A small
graph is summed up before anybody notices; while a large one is, pages show the numbers of the version before.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.errors import KgError
from kg.pages import counting, summary
from kg.pages.summary import Summary
from kg.search import index_of
from kg.serve.site import Site, Snapshot
from kg.store import EmbeddedStore
from kg.store.text import FILE, TextIndex

_LOG: Final = logging.getLogger("kg.serve")
_LARGE: Final = 100_000_000
"""Bytes of a store above which the work is done in a process of its own, so that no page waits for it."""
_SOON: Final = 0.2
"""Seconds that a page waits for the numbers of its version."""


_LONG: Final = 30.0


@dataclass(eq=False)
class Whole:
    """What is kept of the graph as a whole."""

    summary: Summary | None = None
    index: TextIndex | None = None
    indexed: str = ""
    making: dict[str, Future[None]] = field(default_factory=dict)
    warmed: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(3, "whole"))


def whole_of(site: Site) -> Whole:
    """What the server keeps, empty at first."""
    found: Whole = site.kept.setdefault("whole", Whole())
    return found


def summary_of(site: Site, current: Snapshot) -> Summary | None:
    """The summary of the graph as it is; while it is made that of an earlier version, or ``None``."""
    kept = whole_of(site)
    if kept.indexed != current.version:
        _soon(site, kept, "index", lambda: _index(site, kept), patience=0)  # who reads a page will search
    if kept.summary is None or kept.summary.version != current.version:
        _soon(site, kept, "summary", lambda: _sum_up(site, kept), _SOON if kept.summary is None else 0)
    return kept.summary


def index_for(site: Site, current: Snapshot) -> TextIndex | None:
    """The index of the texts; of an earlier version while it is brought into step, ``None`` while it is first made."""
    kept = whole_of(site)
    if kept.indexed != current.version:
        _soon(site, kept, "index", lambda: _index(site, kept), _SOON if kept.index is None else 0)
    return kept.index


def ready(site: Site, current: Snapshot) -> bool:
    """Whether both are of the graph as it is."""
    kept = whole_of(site)
    return kept.summary is not None and kept.summary.version == current.version == kept.indexed


def warm(site: Site, key: str, work: Callable[[Snapshot], object]) -> None:
    """Have done in the background what the next page is likely to need; once for a version of the graph."""
    kept = whole_of(site)

    def done() -> None:
        with site.using() as current:
            work(current)

    with kept.lock:
        if kept.warmed.get(key) != site.current.version:
            kept.warmed[key] = site.current.version
            kept.hands.submit(_quietly, done)


def _soon(site: Site, kept: Whole, what: str, work: Callable[[], None], patience: float) -> None:
    """Have some work done, one of a sort at a time, and wait so many seconds for it; for a small graph till the end."""
    with kept.lock:
        at_work = kept.making.get(what)
        if at_work is None or at_work.done():
            at_work = kept.making[what] = kept.hands.submit(_quietly, work)
    if patience or what == "summary":
        # A small graph is never seen with the numbers of before: it is summed up at once.
        wait([at_work], patience if _is_large(site.current.folder) else _LONG)


def _quietly(work: Callable[[], None]) -> None:
    try:
        work()
    except (KgError, OSError, subprocess.CalledProcessError) as error:
        _LOG.warning("the graph cannot be summed up: %s", error)


def _is_large(folder: Path) -> bool:
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.name.endswith(".sst")) > _LARGE


def _place(site: Site, current: Snapshot) -> Path:
    """The folder for what outlasts a version: that of the store, or the one of the server's copies."""
    store = site.settings.store
    return store if os.access(store, os.W_OK) else current.folder.parent


def _sum_up(site: Site, kept: Whole) -> None:
    with site.using() as current:
        path = _place(site, current) / summary.FILE
        found = Summary.open(path)
        if found is None or found.version != current.version:
            if _is_large(current.folder):
                _apart("summary", current.folder, path)
                found = Summary.open(path)
            else:
                found = counting.make(current.graph)
    if found is not None:
        kept.summary = found


def _index(site: Site, kept: Whole) -> None:
    with site.using() as current:
        version, place = current.version, _place(site, current)
        store = EmbeddedStore(site.settings.store, read_only=True) if place == site.settings.store else None
        try:
            if store is None:
                # Nothing can be written beside the store: a copy of the graph takes the index, and is kept.
                index = index_of(EmbeddedStore(current.folder, read_only=True), version)
            else:
                if _is_large(current.folder) and not _in_step(place / FILE, version):
                    if store.writer() is not None and not (place / FILE).is_file():
                        return  # who fills the store has no index yet, and two must not write it
                    _apart("index", site.settings.store, place / FILE)
                index = index_of(store, version)
        finally:
            if store is not None:
                store.close()
    kept.index, kept.indexed = index, version


def _in_step(file: Path, version: str) -> bool:
    from kg import search

    return file.is_file() and search.stamp_of(file) == version


def _apart(what: str, store: Path, path: Path) -> None:
    """Do the work in a process of its own, with less claim to the processor than those who answer."""
    command = [sys.executable, "-m", "kg.serve.pages.apart", what, str(store), str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
