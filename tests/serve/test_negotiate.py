"""Negotiation by q-values."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from kg.serve.negotiate import language, media_type


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "a/x"),
        ("a/*, b/z;q=0.9", "a/x"),
        ("*/*;q=0.2, b/z;q=0.3", "b/z"),
        ("a/x;q=0, a/*", "a/y"),
        ("A/Y ; Q=1.000 , */*;q=0.999", "a/y"),
        ("a/x;q=nan, b/z;q=0.1", "b/z"),
        ("c/c", ""),
        ("*/*;q=0", ""),
    ],
)
def test_media_types(accept: str, chosen: str) -> None:
    assert media_type(accept, ["a/x", "a/y", "b/z"]) == chosen


@pytest.mark.parametrize(
    ("query", "cookie", "header", "chosen"),
    [
        ("", "", "", "en"),
        ("", "", "kk-KZ, ru;q=0.8, en;q=0.5", "kk"),
        ("", "", "de, ru;q=0.8", "ru"),
        ("", "lang=kk", "ru", "kk"),
        ("lang=ru", "lang=kk", "en", "ru"),
        ("lang=xx", "", "ru", "ru"),
    ],
)
def test_languages(query: str, cookie: str, header: str, chosen: str) -> None:
    headers = [(b"accept-language", header.encode()), (b"cookie", cookie.encode())]
    scope = {"type": "http", "query_string": query.encode(), "headers": headers, "method": "GET", "path": "/"}
    assert language(Request(scope)) == chosen
