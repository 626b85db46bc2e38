"""How long a process computes before another has its turn: short for who has little to do and should do it at once.

Between processes that all want the processor the kernel changes every few milliseconds, which is long beside a query of
a fifth of one. A process may ask for shorter slices; who wakes with a shorter slice than the running one's goes first
(Linux 6.12 and later: EEVDF, ``sched_setattr(2)``). No one gets more or less of the processor by it, only sooner.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from typing import Final

SERVER: Final = 0.1e-3
"""Seconds for the process that all requests and answers pass through."""

QUICK: Final = 0.2e-3
"""Seconds for a query process at a query that is likely to be quick."""

LONG: Final = 10e-3
"""Seconds for one at a query that is likely to be long: it is changed less often, and after all others."""

_CALLS: Final = {"x86_64": 314, "aarch64": 274}
"""Numbers of the call sched_setattr (asm/unistd_64.h, asm-generic/unistd.h)."""

_KEEP_POLICY: Final = 0x08
_ATTRIBUTES: Final = struct.Struct("=IIQiIQQQII")
"""``struct sched_attr``: size, policy, flags, nice, priority, runtime, deadline, period, bounds of utilisation."""


def take(seconds: float) -> bool:
    """Ask for slices of this length for the calling thread.

    Args:
        seconds: 0.1 to 100 ms; other values are brought into these bounds by the kernel.

    Returns:
        Whether the kernel took note; older ones do, and go on as before.
    """
    number = _CALLS.get(platform.machine())
    if number is None or not sys.platform.startswith("linux"):
        return False
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    values = _ATTRIBUTES.pack(_ATTRIBUTES.size, 0, _KEEP_POLICY, nice, 0, int(seconds * 1e9), 0, 0, 0, 0)
    return not ctypes.CDLL(None).syscall(number, 0, values, 0)
