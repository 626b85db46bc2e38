"""The reader that asks a language model, and lets through what the article supports."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from kg import iris
from kg.errors import KgError
from kg.extract.mentions import Reader
from kg.extract.parallel import Outcome
from kg.extract.refusal import RefusedError, RefusedFact
from kg.extract.settings import package_version
from kg.model import Article, Fact
from kg.readers.cache import ReplyCache
from kg.readers.client import Chat, ModelError, Reply
from kg.readers.gate import refusal
from kg.readers.link import Names
from kg.readers.pair import joined
from kg.readers.prompt import Request, prompt_version, requests
from kg.readers.reply import ReplyError, propose, raw_facts

_TRIES: Final = 2
"""How often a model is asked whose reply cannot be read."""


class Replies(Protocol):
    """Where replies come from: a chat, or a file of them."""

    def reply(self, request: Request) -> str:
        """The reply to a request, a whole one.

        Raises:
            ModelError: if there is none to this request.
            ReplyError: if nothing can be read of it.
            KgError: if there will be none to any other.
        """


@dataclass
class Asked:
    """Replies of a chat, each asked for once and kept."""

    chat: Chat
    cache: ReplyCache
    _stopped: KgError | None = None

    def reply(self, request: Request) -> str:
        """The reply that is kept, else the one of the model; what cannot be read is asked for again once."""
        try:
            return self._reply(request)
        except (ModelError, ReplyError):
            raise
        except KgError as error:
            self._stopped = error  # those that wait behind it would fare no better
            raise

    def _reply(self, request: Request) -> str:
        endpoint = self.chat.endpoint
        key = reply_key(request, endpoint.model, endpoint.parameters)
        kept = self.cache.get(key)
        if kept is not None:
            self.chat.spending.cached += 1
            return kept
        if self._stopped is not None:
            raise self._stopped
        for last in (False, True):
            try:
                reply = _whole(self.chat.ask(request))
                break
            except ReplyError:
                if last:
                    raise
        about = {"model": endpoint.model, "prompt": prompt_version(), "article": request.article, "part": request.part}
        self.cache.put(key, reply, about)
        return reply


def reply_key(request: Request, model: str, parameters: Any = None) -> str:
    """The name of a reply in the cache: what was asked, of which model, and how."""
    return iris.digest(request.key, model, repr(sorted((parameters or {}).items())), length=32)


def _whole(reply: Reply) -> str:
    if reply.cut:
        raise ReplyError("the reply is cut off", remedy="ask again, or ask another model")
    raw_facts(reply.text)
    return reply.text


def reader_version(model: str, min_confidence: float = 0.0) -> str:
    """A name for what a model and the gate make of an article: another model, prompt, gate or table gives another."""
    code = [path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return f"model-{model}-{prompt_version()}-{iris.digest(package_version(), *code, repr(min_confidence), length=8)}"


def read_reply(names: Names, reply: str, model: str) -> tuple[list[Fact], list[RefusedFact]]:
    """The facts of a reply that the gate lets through, and those that it refuses.

    Args:
        names: the article, with its names.
        reply: the reply, as text.
        model: name of the model.

    Raises:
        ReplyError: if nothing can be read of it.
    """
    facts: list[Fact] = []
    refused: list[RefusedFact] = []
    for raw in raw_facts(reply):
        try:
            proposed = propose(names, raw, model)
            why = refusal(names, proposed.fact, proposed.mentions)
        except RefusedError as error:
            why = error
        if why is None:
            facts.append(proposed.fact)
        else:
            told = raw if isinstance(raw, dict) else {"reply": raw}
            refused.append(RefusedFact(names.article.id, why.reason, str(why), told))
    return facts, refused


class ModelReader:
    """Reads articles by a model, several at a time, in their order.

    Args:
        replies: where the replies come from.
        reader: finds names by the tables.
        model: name of the model, for the evidence.
        concurrency: how many requests may be under way at once.
    """

    def __init__(self, replies: Replies, reader: Reader, model: str, concurrency: int = 4) -> None:
        self.replies = replies
        self.reader = reader
        self.model = model
        self.concurrency = concurrency

    def outcomes(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """What becomes of each article.

        Raises:
            LimitError: if a limit is reached, after the articles that were read before.
            KgError: if the server cannot be asked at all.
        """
        rest = iter(articles)
        pool = ThreadPoolExecutor(self.concurrency, thread_name_prefix="model")
        waiting: deque[tuple[Names, list[Request], list[Future[str]]]] = deque()
        try:
            while True:
                for article in islice(rest, max(0, 2 * self.concurrency - len(waiting))):
                    names = Names(article, self.reader)
                    asked = requests(names)
                    waiting.append((names, asked, [pool.submit(self.replies.reply, one) for one in asked]))
                if not waiting:
                    return
                names, _, futures = waiting.popleft()
                yield self._outcome(names, futures)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _outcome(self, names: Names, futures: Sequence[Future[str]]) -> Outcome:
        facts: list[Fact] = []
        refused: list[RefusedFact] = []
        try:
            for future in futures:
                good, bad = read_reply(names, future.result(), self.model)
                facts += good
                refused += bad
        except (ModelError, ReplyError) as error:
            return Outcome(names.article, error=_told(error), refused=refused)
        return Outcome(names.article, joined(facts), refused=refused)


def _told(error: KgError) -> str:
    return error.message
