"""How the web is asked; kept apart from what asks it, which a build from files never loads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

AGENT: Final = "presence-kg"
"""The name by which robots.txt may speak to this program."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How pages are fetched.

    Attributes:
        pause: least time between two requests to one host, seconds; robots.txt may ask for more, up to a minute.
        max_pages: how many pages are taken from one feed or site map.
        max_bytes: the longest page, in bytes as it comes over the wire and unpacked.
        timeout: the longest time for one page, seconds.
        allow_private: whether addresses of private networks and of this machine may be asked.
        cache: file of the pages already seen; ``None`` keeps none.
        proxy: address of a proxy, ``""`` for none; it resolves the names then.
    """

    pause: float = 1.0
    max_pages: int = 500
    max_bytes: int = 10_000_000
    timeout: float = 30.0
    allow_private: bool = False
    cache: Path | None = None
    proxy: str = ""


def default_cache() -> Path | None:
    """Where pages are kept between runs: beside the compiled tables; ``None`` where the user has no such folder."""
    from kg.reference.cache import folder

    place = folder()
    return place / "pages.sqlite" if place else None


def is_address(source: str) -> bool:
    """Whether a source is an address of the web rather than a file."""
    return source.lower().startswith(("http://", "https://"))
