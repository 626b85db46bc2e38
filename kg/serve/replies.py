"""Replies that several handlers give: plain messages, answers in pieces, answers that the reader has already."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from kg.serve.processes import Answer

_T = TypeVar("_T")
_PATIENCE: Final = 0.25
"""Seconds after which it is asked whether the reader is still there."""


_REASON: Final = 200
"""Letters of a message that go into a header."""

_NOT_IN_A_HEADER: Final = re.compile(r"[^ -~]")

_KEEPING: Final = 512
"""Bytes that keeping an answer takes besides its content: key, tuple, objects, places in tables."""


class Refused(Exception):
    """A request that cannot be answered, with its HTTP status and headers."""

    def __init__(self, message: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(message)


class Gone(Exception):
    """The reader has hung up."""


def told(message: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A message in plain text, which nobody keeps; its first line is in a header, too, for who asks with HEAD."""
    reason = _NOT_IN_A_HEADER.sub("?", message.strip().partition("\n")[0][:_REASON])
    named = {"Cache-Control": "no-store", "X-Reason": reason, **(headers or {})}
    return PlainTextResponse(f"{message.rstrip()}\n", status, headers=named)


class Streamed(Response):
    """An answer in pieces; what was held for it is let go at its end, however it ends.

    Args:
        answer: the answer, with pieces that follow.
        held: what is held for it.
        headers: more headers.
    """

    def __init__(self, answer: Answer, held: contextlib.ExitStack, headers: Mapping[str, str]) -> None:
        self._answer = answer
        self._held = held
        self.status_code = answer.status
        self.media_type = answer.media_type
        self.background = None
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rest = self._answer.rest
        assert rest is not None
        async with contextlib.AsyncExitStack() as ending:
            ending.push(self._held)
            ending.push_async_callback(rest.aclose)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self._answer.content, "more_body": True})
            async for piece in rest:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def attended(request: Request, work: Awaitable[_T]) -> _T:
    """The result of some work, which is given up when the reader hangs up.

    Raises:
        Gone: if the reader has.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    watch: asyncio.Task[None] | None = None
    gone = False

    async def look() -> None:
        nonlocal gone
        await _hung_up(request)
        gone = True
        task.cancel()

    def begin() -> None:
        nonlocal watch
        watch = loop.create_task(look())

    # Nearly every answer comes before anybody needs to look.
    later = loop.call_later(_PATIENCE, begin)
    try:
        return await work
    except asyncio.CancelledError:
        if not gone:
            raise
        task.uncancel()
        raise Gone from None
    finally:
        later.cancel()
        if watch is not None:
            watch.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def etag(*parts: object) -> str:
    """A weak entity tag (RFC 9110, section 8.8.3) of what an answer follows from: the same meaning, maybe packed."""
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def has(request: Request, tag: str) -> bool:
    """Whether the reader has the answer with this tag already (``If-None-Match``)."""
    known = request.headers.get("if-none-match", "")
    weak = tag.removeprefix("W/")
    return known.strip() == "*" or weak in (part.strip().removeprefix("W/") for part in known.split(","))


class Cache:
    """Answers by key, up to a number of bytes; those not asked for longest go first.

    Args:
        size: bytes, with what it takes to keep an answer: most are shorter than that.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self.used = 0
        self._kept: OrderedDict[str, tuple[int, str, bytes, str]] = OrderedDict()
        self.hits = self.misses = 0

    def get(self, key: str) -> tuple[int, str, bytes, str] | None:
        """Status, media type, content and truncation of an answer, if it is here."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found

    def put(self, key: str, status: int, media_type: str, content: bytes, truncated: str) -> None:
        """Keep an answer, unless it is large."""
        if len(content) > self._size // 16 or key in self._kept:
            return
        self._kept[key] = status, media_type, content, truncated
        self.used += len(content) + _KEEPING
        while self.used > self._size:
            _, (_, _, gone, _) = self._kept.popitem(last=False)
            self.used -= len(gone) + _KEEPING
