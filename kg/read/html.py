"""Web pages: the article of a page without its menus, widgets and clocks."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from kg.errors import KgError

_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
# What survives the cutting of a page: columns of clock times, counters, and the words of buttons.
_CLOCK: Final = re.compile(r"(?:\d{1,2}[:.]\d{2}(?::\d{2})?|\d{1,3}(?:[ .,]\d{3})*|[|•·–—-])+")
_BUTTONS: Final = frozenset(
    re.split(
        r"\|\s*",
        """share|share this|tweet|like|follow us|subscribe|print|comments|read more|advertisement|copy link|telegram|
        whatsapp|facebook|twitter|vk|поделиться|поделитесь|нравится|подписаться|подписывайтесь|печать|распечатать|
        комментарии|читать далее|читайте также|реклама|скопировать ссылку|бөлісу|ұнайды|жазылу|басып шығару|пікірлер|
        пікір қалдыру|толығырақ|жарнама|сілтемені көшіру|оқи отырыңыз""",
    )
)
_COUNTED_BUTTON: Final = re.compile(r"^(?P<word>[^\W\d]+(?: [^\W\d]+){0,2})[ :(]*\d*\)?$")


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the page itself names in its first 2,048 bytes, if Python knows it."""
    match = _CHARSET.search(data[:2048])
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    try:
        "".encode(name)
    except LookupError:
        return None
    return name


def fields(page: str, where: str) -> dict[str, Any]:
    """The fields of the article on a page: ``title``, ``text``, ``published``, ``url``, ``outlet``, as far as it says.

    Args:
        page: the HTML source.
        where: the file, for messages.

    Raises:
        KgError: if the page holds no text.
    """
    import trafilatura

    document = trafilatura.bare_extraction(
        page, with_metadata=True, include_comments=False, include_tables=True, favor_recall=True
    )
    found: dict[str, Any] = document if isinstance(document, dict) else document.as_dict() if document else {}
    text = found.get("text") or ""
    if not text.strip():
        text = plain(page)
    title = html.unescape(found.get("title") or _first(page, "title") or "").strip()
    text = _clean(text, title)
    if not text and not title:
        raise KgError("the page has no text", where=where, remedy="save the page with its article, or give the text")
    return {
        "title": title,
        "text": text,
        "published": found.get("date") or None,
        "url": found.get("url") or "",
        "outlet": found.get("sitename") or "",
    }


def _clean(text: str, title: str) -> str:
    """The lines of an article without clock times, counters, buttons and the title said again."""
    kept = [line.rstrip() for line in text.split("\n") if not _is_widget(line.strip())]
    if kept and title and _fold(kept[0]) == _fold(title):
        kept = kept[1:]
    return "\n".join(kept).strip()


def _is_widget(line: str) -> bool:
    if not line or _CLOCK.fullmatch(line.replace(" ", "")):
        return bool(line)
    match = _COUNTED_BUTTON.match(line)
    return match is not None and match["word"].casefold() in _BUTTONS


def _fold(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _first(page: str, tag: str) -> str:
    match = re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", page, re.IGNORECASE | re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", match[1]) if match else ""


def plain(page: str) -> str:
    """The text of a piece of HTML without its markup: of a page too short for trafilatura, or an entry of a feed."""
    body = re.sub(r"<!--.*?-->|<(script|style|head|nav|noscript)\b.*?</\1>", " ", page, flags=re.IGNORECASE | re.DOTALL)
    body = re.sub(r"</?(?:p|div|br|li|h[1-6]|tr|article|section)\b[^>]*>", "\n", body, flags=re.IGNORECASE)
    lines = (re.sub(r"\s+", " ", line).strip() for line in html.unescape(re.sub(r"<[^>]+>", " ", body)).split("\n"))
    return "\n".join(line for line in lines if line)
