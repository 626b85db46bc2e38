"""A chat with a model behind an OpenAI-compatible address, over httpx.

Requests go out again after 408, 409, 429, 5xx and broken connections, later each time, or when ``Retry-After`` says.
No redirect is followed, every request counts, and a reply that grows too long or takes too long is stopped. The
package ``openai`` would do the first of these with ten more packages behind it, and none of the others.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from kg.errors import KgError, UsageError
from kg.readers.prompt import REPLY_TOKENS, Request
from kg.readers.spending import Spending

if TYPE_CHECKING:
    import httpx

OPENAI: Final = "https://api.openai.com/v1"
KEY: Final = "KG_MODEL_KEY"
"""The variable of the environment that the key is read from; for OpenAI itself ``OPENAI_API_KEY`` does as well."""
MAX_BYTES: Final = 4_000_000
"""Bytes of a reply that are read."""
_FATAL: Final = frozenset({401, 402, 403, 404})
"""Answers after which asking for another article is no use."""
_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Answers after which the same request is sent again."""
_LONGEST_WAIT: Final = 60.0


class ModelError(KgError):
    """The model gave no reply to one request."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how a model is asked; the key is no part of it.

    Attributes:
        model: name of the model, as the server knows it.
        base_url: address of the API, with its version: ``http://127.0.0.1:8080/v1``.
        timeout: seconds for one reply.
        retries: how often a request is sent again.
        stream: whether the reply is asked for piece by piece.
        parameters: further members of the requests, such as ``{"temperature": None}`` to leave it out.
    """

    model: str
    base_url: str = OPENAI
    timeout: float = 120.0
    retries: int = 5
    stream: bool = False
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        address = urlsplit(self.base_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise UsageError(
                f'not an address: "{self.base_url}"', where="--base-url", remedy="such as http://127.0.0.1:8080/v1"
            )
        if address.username or address.password or address.query:
            # It would stand in messages and in the history of the shell.
            raise UsageError("an address must not hold a key", where="--base-url", remedy=f"set {KEY} to the key")


def key_for(base_url: str) -> str:
    """The key for an address, from the environment; empty if there is none.

    ``OPENAI_API_KEY`` is given to OpenAI alone, and to nobody else.
    """
    key = os.environ.get(KEY, "")
    if not key and urlsplit(base_url).hostname == urlsplit(OPENAI).hostname:
        key = os.environ.get("OPENAI_API_KEY", "")
    return key.strip()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the text, and whether the model was cut off in the middle of it."""

    text: str
    cut: bool = False


class Chat:
    """Asks one model; safe to use from several threads, and a context manager.

    Args:
        endpoint: where and how.
        spending: what may be spent.

    Raises:
        KgError: if the packages for it are not installed.
        UsageError: if OpenAI is to be asked and there is no key.
    """

    def __init__(self, endpoint: Endpoint, spending: Spending) -> None:
        try:
            import httpx
        except ImportError:
            raise KgError("a model needs the package httpx", remedy='pip install "presence-kg[model]"') from None
        self.endpoint = endpoint
        self.spending = spending
        self._key = key_for(endpoint.base_url)
        if not self._key and endpoint.base_url == OPENAI:
            raise UsageError("there is no key", where=OPENAI, remedy=f"set {KEY}, or give --base-url for another model")
        self._answered = False
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            timeout=httpx.Timeout(endpoint.timeout, connect=min(10.0, endpoint.timeout)),
            follow_redirects=False,
        )

    def __enter__(self) -> Chat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(self, request: Request) -> Reply:
        """The reply to a request.

        Raises:
            LimitError: if it would go beyond a limit.
            ModelError: if there is no reply to this request.
            KgError: if there will be none to any other: wrong key, unknown model, no connection.
        """
        expected = self.spending.begin(request.tokens, REPLY_TOKENS)
        sent = received = 0
        try:
            reply, usage = self._persistently(request)
            sent = _tokens(usage, "prompt_tokens") or request.tokens
            received = _tokens(usage, "completion_tokens") or request.reply_tokens
            return reply
        finally:
            self.spending.end(expected, sent, received)

    def _persistently(self, request: Request) -> tuple[Reply, Mapping[str, Any]]:
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

        usual = wait_exponential(multiplier=0.5, max=_LONGEST_WAIT / 2)

        def wait(state: Any) -> float:
            error = state.outcome.exception()
            told = error.wait if isinstance(error, _AgainError) else None
            return float(usual(state)) if told is None else min(told, _LONGEST_WAIT)

        tries = Retrying(
            retry=retry_if_exception_type(_AgainError),
            stop=stop_after_attempt(self.endpoint.retries + 1),
            wait=wait,
            reraise=True,
        )
        try:
            found: tuple[Reply, Mapping[str, Any]] = tries(self._once, request)
            return found
        except _AgainError as error:
            raise error.told from None

    def _once(self, request: Request) -> tuple[Reply, Mapping[str, Any]]:
        import httpx

        if not self.spending.count():
            raise self.spending.reached()
        where = self.endpoint.base_url
        body = request.body(self.endpoint.model, self.endpoint.parameters)
        if self.endpoint.stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        try:
            with self._client.stream("POST", f"{where.rstrip('/')}/chat/completions", json=body) as response:
                content = self._content(response)
        except (httpx.ConnectError, httpx.UnsupportedProtocol) as error:
            told = KgError("the server cannot be reached", where=where, remedy="check --base-url")
            if not self._answered:  # most likely the address is wrong: no use waiting
                raise told from None
            raise _AgainError(told) from error
        except httpx.TimeoutException as error:
            late = ModelError(f"no reply within {self.endpoint.timeout:g} s", where=where, remedy="--reply-timeout")
            raise _AgainError(late) from error
        except httpx.HTTPError as error:
            raise _AgainError(ModelError("the connection broke off", where=where, remedy="try again later")) from error
        self._answered = True
        if response.status_code != 200:
            raise self._refused(response, content)
        try:
            streamed = response.headers.get("content-type", "").startswith("text/event-stream")
            return self._streamed(content) if streamed else self._plain(json.loads(content))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
            raise ModelError("the server replied something else than a chat", where=where) from None

    def _content(self, response: httpx.Response) -> str:
        """The body of an answer, unless it is too long or takes too long: then it is not read to the end."""
        until = time.monotonic() + self.endpoint.timeout
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MAX_BYTES:
                raise ModelError(f"the reply has more than {MAX_BYTES:,} bytes", where=self.endpoint.base_url)
            if time.monotonic() > until:
                raise ModelError(f"no whole reply within {self.endpoint.timeout:g} s", where=self.endpoint.base_url)
        return content.decode("utf-8", "replace")

    def _plain(self, answer: Any) -> tuple[Reply, Mapping[str, Any]]:
        choice = answer["choices"][0]
        message = choice["message"]
        if message.get("refusal"):
            raise ModelError("the model declined to read the article")
        reply = Reply(self._clean(message.get("content") or ""), choice.get("finish_reason") == "length")
        return reply, answer.get("usage") or {}

    def _streamed(self, content: str) -> tuple[Reply, Mapping[str, Any]]:
        text: list[str] = []
        end: str | None = None
        usage: Mapping[str, Any] = {}
        for piece in _events(content):
            usage = piece.get("usage") or usage
            for choice in (piece.get("choices") or [])[:1]:
                text.append((choice.get("delta") or {}).get("content") or "")
                end = choice.get("finish_reason") or end
        # A stream that ends without saying why was broken off.
        return Reply(self._clean("".join(text)), end in (None, "length")), usage

    def _refused(self, response: httpx.Response, content: str) -> Exception:
        """The error for the user; what the server says is told without the key, and not at all where it is about it."""
        where, status = self.endpoint.base_url, response.status_code
        if status in (401, 403):
            return KgError(
                f"the server does not take the key (status {status})", where=where,
                remedy=f"look whether {KEY} is set, and to the right key",
            )  # fmt: skip
        said = self._clean(_said(content))[:200]
        told = f"the server answers with status {status}" + (f": {said}" if said else "")
        if status in _FATAL or 300 <= status < 400:
            return KgError(told, where=where, remedy="check --model and --base-url")
        error = ModelError(told, where=where, remedy="try again later")
        return _AgainError(error, _retry_after(response)) if status in _AGAIN else error

    def _clean(self, text: str) -> str:
        """*text* without the key, should a server send it back."""
        return text.replace(self._key, "[key]") if self._key else text


class _AgainError(Exception):
    """Worth another try, after *wait* seconds if the server says so; if all fail, *told* is the error."""

    def __init__(self, told: KgError, wait: float | None = None) -> None:
        self.told, self.wait = told, wait
        super().__init__(told.message)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that a server asks to wait (RFC 9110, section 10.2.3); dates are not waited for."""
    try:
        return max(0.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def _events(content: str) -> Iterator[Mapping[str, Any]]:
    """The JSON objects of a stream of server-sent events, as chats send them: one line of data an event."""
    for line in content.splitlines():
        data = line.removeprefix("data:").strip()
        if line.startswith("data:") and data and data != "[DONE]":
            try:
                yield json.loads(data)
            except ValueError:  # the last event, cut off with its stream
                return


def _said(content: str) -> str:
    try:
        error = json.loads(content)["error"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""
    message = error.get("message") if isinstance(error, dict) else error
    return " ".join(message.split()) if isinstance(message, str) else ""


def _tokens(usage: Mapping[str, Any], name: str) -> int:
    value = usage.get(name) if isinstance(usage, Mapping) else None
    return value if isinstance(value, int) and value > 0 else 0
