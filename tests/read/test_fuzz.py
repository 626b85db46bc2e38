"""Whatever the bytes: articles or problems, never another exception."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import Problem
from kg.read import read

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "text", "title", "lang", "published", "date", "url", "outlet", "articles"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
_CONTENT = (
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.text(max_size=200).map(lambda text: f"<html><body><p>{text}</p>".encode("utf-8", "surrogatepass"))
    | _JSON.map(lambda value: json.dumps(value).encode())
    | st.lists(_JSON, max_size=3).map(lambda values: "\n".join(map(json.dumps, values)).encode())
)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ".jsonl", ".unknown"])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=_CONTENT)
def test_any_bytes(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    problems: list[Problem] = []
    found = list(read([path], problems.append))
    assert found or problems
    for article in found:
        assert article.id
        assert article.text or article.title
        f"{article.id}{article.title}{article.text}{article.url}{article.outlet}".encode()
    assert all(problem.message and problem.where for problem in problems)
