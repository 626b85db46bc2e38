"""The options of commands that may read by a language model."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import click

from kg.cli.common import tell
from kg.cli.reading import extractor, least_option
from kg.cli.reading import reader as rules_reader
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from kg.extract.parallel import Make, Outcome
    from kg.extract.refusal import RefusedFact
    from kg.model import Article
    from kg.readers.both import BothReader
    from kg.readers.spending import Spending

_F = TypeVar("_F", bound=Callable[..., Any])
_OPENAI: Final = "https://api.openai.com/v1"


@dataclass
class Asking:
    """Who reads, and how a model is asked; used as a context manager, which tells at the end what was spent.

    Attributes:
        reader: ``rules``, ``model`` or ``both``.
        refused: the facts that the gate refused, by reason.
    """

    reader: Literal["rules", "model", "both"] = "rules"
    model: str = ""
    base_url: str = _OPENAI
    price: str = ""
    max_cost: float | None = None
    max_requests: int | None = None
    concurrency: int = 4
    reply_timeout: float = 120.0
    stream: bool = False
    parameter: tuple[str, ...] = ()
    reply_cache: Path | None = None
    read_batch: Path | None = None
    disagreements: Path | None = None
    least: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    _stack: ExitStack = field(default_factory=ExitStack)
    _both: BothReader | None = None
    _spending: Spending | None = None

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._stack.close()
        if self._spending is not None:
            tell("note", self._spending.told())
        if self.refused:
            told = ", ".join(f"{number} {reason}" for reason, number in self.refused.most_common())
            tell("note", f"{self.refused.total()} facts refused ({told}); kg extract --explain shows them")
        if self._both is not None and self.disagreements is not None:
            self._report(self.disagreements)

    def check(self) -> None:
        """Make sure that the options go together.

        Raises:
            UsageError: if they do not.
        """
        if self.reader == "rules":
            if self.model or self.read_batch or self.disagreements:
                raise UsageError("the rules ask no model", remedy="add --reader model or --reader both")
            return
        if not self.model:
            raise UsageError("which model?", where="--model", remedy="--model NAME, as the server knows it")
        if self.disagreements and self.reader != "both":
            raise UsageError("one reader cannot disagree", where="--disagreements", remedy="--reader both")
        if self.max_cost is not None and not self.price:
            raise UsageError(
                "the cost of a request is not known", where="--max-cost",
                remedy="give --price SENT,RECEIVED: what a million tokens cost",
            )  # fmt: skip

    def version(self, frames: tuple[Path, ...], names: tuple[Path, ...]) -> str:
        """The name of what reads, as the graph records it with each article."""
        from kg.extract.settings import Settings

        rules = Settings.of(frames, names, self.least).version
        if self.reader == "rules":
            return rules
        from kg.readers.model import reader_version

        model = reader_version(self.model, self.least)
        return model if self.reader == "model" else f"{rules} + {model}"

    def outcomes(
        self,
        frames: tuple[Path, ...],
        names: tuple[Path, ...],
        workers: int,
        cluster: str,
        make: Make | None = None,
    ) -> Callable[[Iterable[Article]], Iterator[Outcome]]:
        """What reads articles, as the options say; workers *make* something of the facts.

        Raises:
            UsageError: if the options do not go together.
            KgError: if a file is missing, or what a model needs is not installed.
        """
        self.check()
        if self.reader == "rules":
            read_all = rules_reader(frames, names, workers, cluster, self.least, make)
        else:
            if workers or cluster:
                raise UsageError("a model is asked from one process", remedy="--concurrency instead of --workers")
            read_all = self._by_model(frames, names)
        return lambda articles: self._counted(read_all(articles))

    def _by_model(
        self, frames: tuple[Path, ...], names: tuple[Path, ...]
    ) -> Callable[[Iterable[Article]], Iterator[Outcome]]:
        needed("jsonschema")
        from kg.readers.both import BothReader
        from kg.readers.model import ModelReader, Replies

        rules = extractor(frames, names)
        replies: Replies
        if self.read_batch is not None:
            from kg.readers.batch import BatchReplies

            replies = BatchReplies.read(self.read_batch)
        else:
            replies = self._asked()
        model = ModelReader(replies, rules.reader, self.model, self.concurrency)
        if self.reader == "model":
            return model.outcomes
        self._both = BothReader(rules, model)
        return self._both.outcomes

    def _asked(self) -> Any:
        needed("httpx", "tenacity")
        from kg.readers.cache import ReplyCache
        from kg.readers.client import Chat, Endpoint, key_for
        from kg.readers.model import Asked
        from kg.readers.spending import Spending
        from kg.readers.tokens import Price

        endpoint = Endpoint(
            self.model, self.base_url, self.reply_timeout, stream=self.stream, parameters=self.parameters()
        )
        open_line = endpoint.base_url.startswith("http://") and not _local(endpoint.base_url)
        if open_line and key_for(endpoint.base_url):
            tell("warning", f"the key goes unencrypted to {endpoint.base_url}")
        price = Price.of(self.price) if self.price else None
        self._spending = Spending(self.max_requests, self.max_cost, price)
        cache = ReplyCache(self.reply_cache) if self.reply_cache else ReplyCache.default()
        return Asked(self._stack.enter_context(Chat(endpoint, self._spending)), cache)

    def parameters(self) -> dict[str, Any]:
        """The further members of requests: ``temperature=null`` → ``{"temperature": None}``."""
        found = {}
        for text in self.parameter:
            name, sign, value = text.partition("=")
            try:
                found[name.strip()] = json.loads(value) if sign and name.strip() else json.loads("")
            except ValueError:
                raise UsageError(
                    f'not NAME=JSON: "{text}"', where="--parameter", remedy="such as temperature=null or seed=7"
                ) from None
        return found

    def _counted(self, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        from dataclasses import replace

        for outcome in outcomes:
            self.refused.update(r.reason for r in outcome.refused)
            if outcome.made is not None:
                yield outcome
                continue
            yield replace(outcome, facts=[f for f in outcome.facts if f.confidence >= self.least])

    def _report(self, path: Path) -> None:
        from kg.readers.both import report

        assert self._both is not None
        lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in report(self._both.disagreements)]
        try:
            path.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise KgError(f"cannot be written: {error.strerror}", where=str(path)) from error
        tell("note", f"{len(lines)} disagreements in {path}")


def needed(*modules: str) -> None:
    """Make sure that the packages for a model are installed.

    Raises:
        KgError: if one is not.
    """
    import importlib.util

    for name in modules:
        if importlib.util.find_spec(name) is None:
            raise KgError(f"a model needs the package {name}", remedy='pip install "presence-kg[model]"')


def _local(address: str) -> bool:
    from urllib.parse import urlsplit

    return (urlsplit(address).hostname or "") in ("localhost", "127.0.0.1", "::1")


def refusal_lines(refused: Iterable[RefusedFact]) -> Iterator[str]:
    """Lines for ``--explain``: each refused fact, why, and what was replied."""
    from kg.extract.refusal import REASONS

    for one in refused:
        yield f"  refused, {one.reason} ({REASONS[one.reason]}): {one.message}"
        told = {k: v for k, v in one.fact.items() if v not in (None, [], "")}
        yield f"    {one.reader}: {json.dumps(told, ensure_ascii=False)}"


def model_options(function: _F) -> _F:
    """The options about who reads; the command gets them as one value, ``asking``."""

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        own = {name: options.pop(name) for name in _NAMES}
        return function(*arguments, asking=Asking(**own), **options)

    described: list[Callable[[Any], Any]] = [
        click.option(
            "--reader", type=click.Choice(["rules", "model", "both"]), default="rules", show_default=True,
            help="What reads: the rules, a language model, or both.",
        ),
        click.option("--model", default="", metavar="NAME", help="The model, as the server knows it."),
        click.option(
            "--base-url", default=_OPENAI, show_default=True, metavar="URL",
            help="An OpenAI-compatible API; the key comes from KG_MODEL_KEY, for OpenAI also OPENAI_API_KEY.",
        ),
        click.option("--price", default="", metavar="SENT,RECEIVED", help="What a million tokens cost."),
        click.option("--max-cost", type=click.FloatRange(min=0), help="Stop before it costs more; needs --price."),
        click.option("--max-requests", type=click.IntRange(min=0), help="Stop after so many requests."),
        click.option(
            "--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests at one time."
        ),
        click.option(
            "--reply-timeout", type=click.FloatRange(min=0.1), default=120.0, show_default=True,
            help="Most seconds for one reply.",
        ),
        click.option("--stream", is_flag=True, help="Ask for replies piece by piece."),
        click.option(
            "--parameter", multiple=True, metavar="NAME=JSON",
            help="A further member of the requests; null takes one away: temperature=null (repeatable).",
        ),
        click.option(
            "--reply-cache", type=click.Path(path_type=Path, file_okay=False),
            help="Where replies are kept, so that none is asked for twice.  [default: the user's cache]",
        ),
        click.option(
            "--read-batch", type=click.Path(path_type=Path, dir_okay=False),
            help="Take the replies from a file of the Batch API; nothing is sent.",
        ),
        click.option(
            "--disagreements", type=click.Path(path_type=Path, dir_okay=False),
            help="With --reader both: write where they differ, the most telling first (JSON lines).",
        ),
        least_option,
    ]  # fmt: skip
    for option in reversed(described):
        called = option(called)
    return called  # type: ignore[return-value]


_NAMES: Final = (
    "reader", "model", "base_url", "price", "max_cost", "max_requests", "concurrency", "reply_timeout", "stream",
    "parameter", "reply_cache", "read_batch", "disagreements", "least",
)  # fmt: skip
