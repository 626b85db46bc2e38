"""What the handlers of pages share: the frame of a page, replies, what was worked out from a snapshot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.model import LANGUAGES
from kg.pages.frame import ENTITIES, FACTS, Frame, Links, render
from kg.serve.replies import etag, has
from kg.serve.site import Snapshot

_T = TypeVar("_T")
_LOCK: Final = threading.Lock()


def frame_of(request: Request, lang: str, path: str, current: Snapshot, **parameters: str) -> Frame:
    """The frame of a page.

    Args:
        request: what was asked.
        lang: language of the page.
        path: its address without the language.
        current: the graph as it is.
        parameters: what its address has after the question mark; empty ones are left out.
    """
    root = str(request.scope.get("root_path", "")).rstrip("/")
    kept = {name.replace("_", "-"): value for name, value in parameters.items() if value}
    return Frame(lang, Links(root), current.version, current.modified.date().isoformat(), path, kept)


def kept(current: Snapshot, key: str, make: Callable[[], _T]) -> _T:
    """What was worked out once from a snapshot: made at the first call, kept as long as the snapshot."""
    cache = current.cache
    assert cache is not None
    if key not in cache:
        with _LOCK:
            lock = cache.setdefault(f"lock of {key}", threading.Lock())
        # One at a time, so that ten readers at the start do not all count the same.
        with lock:
            if key not in cache:
                cache[key] = make()
    found: _T = cache[key]
    return found


def html(request: Request, current: Snapshot, text: str | None, lang: str) -> Response:
    """A page as a reply: one that the reader has already is not sent again; ``None`` is a page that does not exist."""
    if text is None:
        return missing(request, current, lang)
    tag = etag(current.version, text)
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate", "Content-Language": lang}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(text, headers=headers)


def missing(request: Request, current: Snapshot, lang: str, told: str = "", status: int = 404) -> Response:
    """The page that says that there is none, or what was wrong."""
    lang = lang if lang in LANGUAGES else "en"
    page = render("missing.html", frame_of(request, lang, "", current), title="", told=told)
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store", "Content-Language": lang})


def text_of(value: Any) -> str:
    """A parameter of an address as text, of bounded length."""
    return str(value or "")[:500]


class _Word(Convertor[str]):
    """A part of an address that is one of some words, so that no other address is taken for a page."""

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Language(_Word):
    regex = "|".join(LANGUAGES)


class _Thing(_Word):
    regex = "|".join((*ENTITIES, *FACTS, "article"))


class _Mapped(_Word):
    regex = "counts|place"


register_url_convertor("mapped", _Mapped())
register_url_convertor("language", _Language())
register_url_convertor("thing", _Thing())
