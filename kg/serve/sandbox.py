"""What a query process may not do, whatever it is made to do: reach the network, take all memory, outlive its server.

The engine follows SERVICE to any address and nothing in it switches that off. A query is looked over before it runs
(:mod:`kg.serve.guard`); this is the second wall, held by the kernel: a filter of system calls (seccomp, Linux) under
which the process can make no socket and start no program.
"""

from __future__ import annotations

import ctypes
import platform
import signal
import struct
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13  # the call fails with EACCES
_KILL: Final = 0x80000000

# Numbers of the calls socket, connect, bind, execve and execveat (asm/unistd_64.h, asm-generic/unistd.h).
_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 49, 59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 200, 221, 281)),
}


def confine(memory: int) -> bool:
    """Take from this process the network, other programs, and memory beyond a bound.

    Args:
        memory: bytes of address space that it may have in the end; the watch of the server is the tighter bound.

    Returns:
        Whether the kernel holds the wall against the network; elsewhere than on Linux it does not.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource
    except ImportError:  # not on Windows
        return False
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return _filter_calls(libc)


def _filter_calls(libc: ctypes.CDLL) -> bool:
    machine = _CALLS.get(platform.machine())
    if machine is None:
        return False
    program = _program(*machine)

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))

    made = Filter(len(program) // 8, program)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(made), 0, 0)


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """The filter in the kernel's language (BPF; linux/filter.h): code, jump if true, jump if false, value."""

    def instruction(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
        return struct.pack("HBBI", code, true, false, value)

    load, equal, above, give = 0x20, 0x15, 0x35, 0x06
    lines = [
        instruction(load, 4),  # the architecture
        instruction(equal, architecture, true=1),
        instruction(give, _KILL),
        instruction(load, 0),  # the number of the call
    ]
    if architecture == _CALLS["x86_64"][0]:
        # The same calls under the numbers of the x32 interface.
        lines.append(instruction(above, 0x40000000, true=len(calls)))
    lines += [instruction(equal, call, true=len(calls) - place) for place, call in enumerate(calls)]
    return b"".join([*lines, instruction(give, _ALLOW), instruction(give, _REFUSE)])
