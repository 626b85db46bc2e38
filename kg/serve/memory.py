"""Memory that is free but kept: the C library holds on to what large, short-lived things leave between small ones.

An index of names that is made again, a graph that is opened again, a query over much data: each leaves holes, and a
server that runs for months would grow with every build to the sum of its worst moments.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Final

_M_ARENA_MAX: Final = -8  # malloc.h


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library than GNU's
        return None
    trim.argtypes, trim.restype = (ctypes.c_size_t,), ctypes.c_int
    return trim


def give_back() -> None:
    """Give free memory back to the system, where the C library can (``malloc_trim``, glibc); takes milliseconds."""
    trim = _trim()
    if trim is not None:
        trim(0)


def share(arenas: int) -> bool:
    """Have the threads of this process share a few heaps instead of having one each, whose holes add up (glibc).

    Returns:
        Whether the C library does.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, arenas))
    except (AttributeError, OSError, TypeError):
        return False
