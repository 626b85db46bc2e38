"""A limit of time, and Ctrl-C, for work in the engine, which lets Python handle no signal before it has ended."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kg.cli.common import tell

_DONE: Final = b"\0"


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """End the process if the work takes longer than *seconds* (0: any time), or as soon as Ctrl-C is pressed.

    Only what reads may be bounded so: the process ends at once, with status 1 or 130, and nothing is cleared up.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watched, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    watcher = threading.Thread(target=_watch, args=(watched, seconds or None), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.write(told, _DONE)
        watcher.join()
        os.close(told)
        os.close(watched)


def _watch(watched: int, seconds: float | None) -> None:
    ready, _, _ = select.select([watched], [], [], seconds)
    if not ready:
        tell("error", f"the query takes longer than {seconds:g} s (ask for less, or give a larger --timeout)")
        os._exit(1)
    if signal.SIGINT in os.read(watched, 1):
        tell("error", "interrupted")
        os._exit(130)
