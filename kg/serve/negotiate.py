"""Content negotiation (RFC 9110, section 12.5): the media type and the language that a reader prefers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from starlette.requests import Request

from kg.model import LANGUAGES

_LONGEST: Final = 4_000
_QUALITY: Final = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def ranges(header: str) -> list[tuple[str, float]]:
    """What a header asks for: each range in lower case, without parameters, and its quality (0 to 1)."""
    found = []
    for part in filter(None, (p.strip() for p in header.split(","))):
        name, *parameters = (p.strip() for p in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                value = value.strip()
                quality = float(value) if _QUALITY.fullmatch(value) else 0.0
        found.append((name.lower(), quality))
    return found


def media_type(accept: str, offered: Iterable[str]) -> str:
    """The media type to answer with.

    Args:
        accept: the header ``Accept``; empty for "anything".
        offered: what there is, the best first.

    Returns:
        One of *offered*, or ``""`` if none is acceptable.
    """
    return _chosen(accept[:_LONGEST], tuple(offered))


@lru_cache(maxsize=1024)
def _chosen(accept: str, offered: tuple[str, ...]) -> str:
    asked = ranges(accept)
    if not asked:
        return offered[0]
    best, best_quality = "", 0.0
    for offer in offered:
        quality = _quality(offer, asked)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _quality(offer: str, asked: Sequence[tuple[str, float]]) -> float:
    """The quality of a type: that of the most exact range that covers it."""
    for wanted in (offer, offer.split("/", maxsplit=1)[0] + "/*", "*/*"):
        for name, quality in asked:
            if name == wanted:
                return quality
    return 0.0


def accepted(request: Request) -> str:
    """The header ``Accept`` of a request, also where it was sent in several lines."""
    return ",".join(request.headers.getlist("accept"))


def language(request: Request) -> str:
    """The language of the reader: of the parameter ``lang``, else of the cookie ``lang``, else ``Accept-Language``.

    Returns:
        One of :data:`kg.model.LANGUAGES`; English if none fits.
    """
    for chosen in (request.query_params.get("lang"), request.cookies.get("lang")):
        if chosen in LANGUAGES:
            return str(chosen)
    asked = ranges(request.headers.get("accept-language", ""))
    best, best_quality = "en", 0.0
    for lang in LANGUAGES:
        for name, quality in asked:
            if (name == lang or name.startswith(f"{lang}-")) and quality > best_quality:
                best, best_quality = lang, quality
    return best
