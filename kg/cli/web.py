"""The options of commands that may read addresses."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kg.read.manners import Manners, default_cache

_F = TypeVar("_F", bound=Callable[..., Any])
_DEFAULT = Manners()


def web_options(function: _F) -> _F:
    """The options about addresses; the command gets them as one value, ``manners``."""

    @functools.wraps(function)
    def called(*arguments: Any, max_pages: int, pause: float, max_bytes: int, timeout: float, allow_private: bool,
               cache: Path | None, no_cache: bool, proxy: str, **others: Any) -> Any:  # fmt: skip
        manners = Manners(
            pause=pause,
            max_pages=max_pages,
            max_bytes=max_bytes,
            timeout=timeout,
            allow_private=allow_private,
            cache=None if no_cache else cache or default_cache(),
            proxy=proxy,
        )
        return function(*arguments, manners=manners, **others)

    described: list[Callable[[Any], Any]] = [
        click.option(
            "--max-pages", type=click.IntRange(min=1), default=_DEFAULT.max_pages, show_default=True,
            help="Most pages of one feed or site map.",
        ),
        click.option(
            "--pause", type=click.FloatRange(min=0), default=_DEFAULT.pause, show_default=True,
            help="Least seconds between two requests to one host.",
        ),
        click.option(
            "--max-bytes", type=click.IntRange(min=1), default=_DEFAULT.max_bytes, show_default=True,
            help="The longest page.",
        ),
        click.option(
            "--timeout", type=click.FloatRange(min=0.1), default=_DEFAULT.timeout, show_default=True,
            help="Most seconds for one page.",
        ),
        click.option("--allow-private", is_flag=True, help="Ask addresses of private networks, too."),
        click.option(
            "--cache", type=click.Path(path_type=Path, dir_okay=False),
            help="Where pages are kept, so that only what has changed is sent again.",
        ),
        click.option("--no-cache", is_flag=True, help="Keep no pages."),
        click.option("--proxy", default="", help="Address of a proxy; it resolves the names.", envvar="KG_PROXY"),
    ]  # fmt: skip
    for option in reversed(described):
        called = option(called)
    return called  # type: ignore[return-value]
