"""Answers within bounds: rows and bytes are counted as the engine writes them, and a cut is made between two rows.

The engine writes results quickly and knows no bounds; this counts complete rows in what it writes, so that what leaves
a query process is at any moment the beginning of an answer that can be closed properly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

_STRING: Final = rb'"(?:[^"\\]|\\.)*+"'


def _object(depth: int) -> bytes:
    """The pattern of a JSON object, with objects in it down to a depth."""
    inner = rb"|" + _object(depth - 1) if depth else b""
    return rb'\{(?:[^{}"]++|' + _STRING + inner + rb")*+\}"


@dataclass(frozen=True, slots=True)
class Form:
    """How rows look in a format of SPARQL results.

    Attributes:
        opening: the bytes before the first row; empty if a row of names comes first.
        row: the pattern of one row, with what separates it from the row before.
        least: the fewest bytes that a row takes.
        closing: ends an answer that was cut, from the reason; ``None`` if the format has no place to say it.
    """

    opening: bytes
    row: re.Pattern[bytes]
    least: int
    closing: Callable[[str], bytes] | None


def _close_json(reason: str) -> bytes:
    return b"]}," + json.dumps({"truncated": reason})[1:].encode()


def _close_xml(reason: str) -> bytes:
    return f"</results><!-- truncated: {escape(reason).replace('--', '- -')} --></sparql>".encode()


FORMS: Final = {
    # Results may hold triple terms, which nest; six levels are more than a term of this graph has.
    "JSON": Form(b'"bindings":[', re.compile(rb",?" + _object(6), re.DOTALL), 2, _close_json),
    "XML": Form(b"<results>", re.compile(rb"<result>.*?</result>", re.DOTALL), 17, _close_xml),
    "CSV": Form(b"", re.compile(rb'(?:[^"\n]++|"[^"]*+")*+\n'), 2, None),
    "TSV": Form(b"", re.compile(rb"[^\n]*+\n"), 1, None),
}
"""The formats of SPARQL results, by the name that the engine has for them."""


class Cut(Exception):
    """The answer has reached a bound; the engine need not go on."""


class Sink:
    """A file for the engine to write into; complete rows go on, and beyond the bounds nothing does.

    Args:
        form: how rows look.
        rows: rows that may go on.
        size: bytes that may go on.
        send: takes bytes that are ready.
        block: how many bytes are gathered before they are sent.
    """

    def __init__(self, form: Form, rows: int, size: int, send: Callable[[bytes], None], block: int = 1 << 18) -> None:
        self._form = form
        self._rows_left = rows + (0 if form.opening else 1)
        self._size_left = size
        self._send = send
        self._block = self._wait = block
        self._pending = bytearray()
        self._begun = not form.opening
        self._limits = f"{rows:,} rows", f"{size:,} bytes"
        self.reason = ""

    def write(self, data: bytes) -> int:
        """Take what the engine writes.

        Raises:
            Cut: if a bound is reached.
        """
        if self.reason:
            # The engine still empties its buffer.
            raise Cut(self.reason)
        self._pending += data
        if len(self._pending) >= self._wait:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Nothing: blocks go on when they are full."""

    def finish(self) -> None:
        """Send what is left of an answer that is whole.

        Raises:
            Cut: if a bound is reached all the same.
        """
        if len(self._pending) > self._size_left or len(self._pending) > self._rows_left * self._form.least:
            self._pass_on()
        if self._pending:
            self._send(bytes(self._pending))

    def _pass_on(self) -> None:
        start = 0
        if not self._begun:
            found = self._pending.find(self._form.opening)
            if found < 0:
                self._later(0)
                return
            start, self._begun = found + len(self._form.opening), True
        end, match = start, self._form.row.match
        while (row := match(self._pending, end)) is not None:
            if not self._rows_left or row.end() > self._size_left:
                self._cut(end, self._limits[1 if self._rows_left else 0])
            self._rows_left -= 1
            end = row.end()
        self._later(end)

    def _later(self, end: int) -> None:
        """Send what is complete; wait for twice as much if nothing is, so that one huge row is not read again often."""
        if end:
            self._send(bytes(self._pending[:end]))
            self._size_left -= end
            del self._pending[:end]
            self._wait = self._block
        else:
            self._wait *= 2
        if len(self._pending) > self._size_left:
            self._cut(0, self._limits[1])

    def _cut(self, end: int, reason: str) -> None:
        self.reason = f"cut after {reason}"
        closing = self._form.closing
        self._send(bytes(self._pending[:end]) + (closing(self.reason) if closing else b""))
        self._pending.clear()
        raise Cut(self.reason)
