"""Messages between the server and its query processes: a kind, a length, a payload.

A job is a quick one or a long one, as is thought beforehand. It is answered by one message (``WHOLE``) or, if the
answer is long, by a beginning, pieces and an end.
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass, fields
from typing import Any, Final

HEAD: Final = struct.Struct(">cI")
"""The head of a message: one letter and the number of bytes that follow."""

JOB: Final = b"J"
LONG_JOB: Final = b"L"
WHOLE: Final = b"W"
START: Final = b"S"
DATA: Final = b"D"
END: Final = b"E"

_WHOLE: Final = struct.Struct(">HQd?BH")
"""Of an answer in one piece: status, memory, cost, whether the parser speaks, lengths of media type and truncation."""


@dataclass(frozen=True, slots=True)
class Job:
    """A query and how to answer it.

    Attributes:
        snapshot: folder of the snapshot to ask.
        query: SPARQL 1.1; empty only opens the snapshot.
        result_type: media type for SELECT and ASK, or ``""`` if none that was asked for fits.
        graph_type: media type for CONSTRUCT and DESCRIBE, or ``""``.
        default_graphs: IRIs whose merge is the default graph; without any, and without named ones, the merged graph.
        named_graphs: IRIs of the named graphs; without any, and without default ones, all.
        rows: rows or triples that the answer may have.
        size: bytes that the answer may have.
        head: whether only the headers of the answer are wanted.
    """

    snapshot: str
    query: str
    result_type: str = ""
    graph_type: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    rows: int = 100_000
    size: int = 64 * 1024**2
    head: bool = False

    def packed(self, *, long: bool = False) -> bytes:
        """The message that asks it, as a query that will be quick or long."""
        # Not dataclasses.asdict, which copies deeply and takes longer than many a query.
        return pack(LONG_JOB if long else JOB, json.dumps([getattr(self, name) for name in _FIELDS]).encode())

    @classmethod
    def unpacked(cls, payload: bytes) -> Job:
        """The job of a message."""
        snapshot, query, result_type, graph_type, default, named, rows, size, head = json.loads(payload)
        return cls(snapshot, query, result_type, graph_type, tuple(default), tuple(named), rows, size, head)


_FIELDS: Final = tuple(field.name for field in fields(Job))


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer in one piece.

    Attributes:
        status: as in HTTP.
        media_type: the type of the content.
        content: the bytes.
        truncated: why the answer was cut; empty if it is whole.
        syntax: whether the content is the parser's message.
        memory: the bytes of memory that the process has in use after it.
        cost: the seconds of processor time that it took.
    """

    status: int
    media_type: str
    content: bytes
    truncated: str
    syntax: bool
    memory: int
    cost: float

    def packed(self) -> bytes:
        """The message that brings it."""
        media_type, truncated = self.media_type.encode(), self.truncated.encode()
        head = _WHOLE.pack(self.status, self.memory, self.cost, self.syntax, len(media_type), len(truncated))
        return pack(WHOLE, b"".join((head, media_type, truncated, self.content)))

    @classmethod
    def unpacked(cls, payload: bytes) -> Whole:
        """The answer of a message."""
        status, memory, cost, syntax, kind, cut = _WHOLE.unpack_from(payload)
        kind += _WHOLE.size
        cut += kind
        media_type = sys.intern(payload[_WHOLE.size : kind].decode())
        return cls(status, media_type, payload[cut:], payload[kind:cut].decode(), syntax, memory, cost)


def pack(kind: bytes, payload: bytes) -> bytes:
    """A message."""
    return HEAD.pack(kind, len(payload)) + payload


def pack_fields(kind: bytes, **fields: Any) -> bytes:
    """A message whose payload are named values."""
    return pack(kind, json.dumps(fields).encode())
