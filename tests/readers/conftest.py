"""A chat server on the loopback that answers from a script, and what the tests of readers share."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kg.extract.mentions import Reader
from kg.model import Article, PartialDate
from kg.readers.link import Names
from kg.reference import load

KEY = "sk-test-0123456789abcdef"


@dataclass
class Say:
    """One answer of the server.

    Attributes:
        text: what the model says.
        status: status of the answer; other than 200 with *text* as the message of an error.
        headers: further headers.
        pause: seconds before each piece of the answer.
        cut: bytes after which the connection is closed, against the announced length.
        end: why the model stopped.
        raw: the whole body, in the place of a chat.
    """

    text: str = '{"facts": []}'
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    cut: int | None = None
    end: str | None = "stop"
    raw: str | None = None


class ChatServer(ThreadingHTTPServer):
    """Speaks the chat protocol; ``answers`` are given in turn, the last one again and again, or by ``answer``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Say] = [Say()]
        self.answer: Callable[[dict[str, Any]], Say] | None = None
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def next(self, body: dict[str, Any], headers: dict[str, str]) -> Say:
        with self.lock:
            self.bodies.append(body)
            self.headers.append(headers)
            if self.answer is not None:
                return self.answer(body)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        say = self.server.next(body, dict(self.headers.items()))
        streamed = bool(body.get("stream")) and say.status == 200 and say.raw is None
        content = say.raw or (_streamed(say) if streamed else _plain(say, body))
        data = content.encode()
        try:
            time.sleep(say.pause)
            self.send_response(say.status)
            self.send_header("content-type", "text/event-stream" if streamed else "application/json")
            self.send_header("content-length", str(len(data)))
            for name, value in say.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: say.cut])
        except (BrokenPipeError, ConnectionResetError):
            pass
        if say.cut is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def _plain(say: Say, body: dict[str, Any]) -> str:
    if say.status != 200:
        return json.dumps({"error": {"message": say.text, "type": "error"}})
    choice = {"index": 0, "message": {"role": "assistant", "content": say.text}, "finish_reason": say.end}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return json.dumps(
        {"id": "1", "object": "chat.completion", "model": body["model"], "choices": [choice], "usage": usage}
    )


def _streamed(say: Say) -> str:
    size = max(1, len(say.text) // 5)
    deltas = [say.text[i : i + size] for i in range(0, len(say.text), size)]
    events: list[dict[str, Any]] = [
        {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": d}, "finish_reason": None}]}
        for d in deltas
    ]
    if say.end is not None:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": say.end}]})
    events.append({"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 100}})
    return "".join(f"data: {json.dumps(e)}\n\n" for e in events) + "data: [DONE]\n\n"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    running = ChatServer()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(load())


@pytest.fixture
def named(reader: Reader) -> Callable[..., Names]:
    """The names of an article made for the moment."""

    def make(text: str, *, lang: str = "en", title: str = "", published: str = "2025-03-05", id: str = "a") -> Names:
        return Names(Article(id, lang, title, text, PartialDate(published)), reader)

    return make


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test uses the key of the person who runs it."""
    for name in ("KG_MODEL_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def office(quote: str, mention: str, known_as: str) -> dict[str, Any]:
    """What a model says of a country office in Astana that opened on 3 March 2025, of an organisation by its name."""
    return {
        "kind": "presence",
        "quotes": [quote],
        "organization": {"mention": mention, "is": known_as, "type": "organization"},
        "place": {"mention": "Astana", "is": "city/astana", "type": "city"},
        "form": "country-office",
        "name": None,
        "status": "operating",
        "since": "2025-03-03",
        "until": None,
        "serves": [],
        "focus": [],
    }
