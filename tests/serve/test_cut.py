"""Bounds are kept between two rows, in every format, however the engine hands out its bytes."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest

from kg.serve.cut import FORMS, Cut, Sink

# Values that look like the ends of rows.
QUERY = """SELECT ?x ("}},{\\"" AS ?y) ("a\\n\\"b\\r\\n</result>\\\\" AS ?z) { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 } }"""


def answer(kind: str, rows: int, size: int, block: int) -> tuple[bytes, str]:
    out: list[bytes] = []
    sink = Sink(FORMS[kind], rows, size, out.append, block)
    try:
        ox.Store().query(QUERY).serialize(sink, format=getattr(ox.QueryResultsFormat, kind))  # type: ignore[arg-type]
        sink.finish()
    except Cut:
        pass
    return b"".join(out), sink.reason


def count(kind: str, content: bytes) -> int:
    if kind == "JSON":
        return len(json.loads(content)["results"]["bindings"])
    if kind == "CSV":
        return len(list(csv.reader(io.StringIO(content.decode(), newline="")))) - 1
    return len(list(ox.parse_query_results(content, format=getattr(ox.QueryResultsFormat, kind))))


@pytest.mark.parametrize("block", [1, 64, 1 << 18])
@pytest.mark.parametrize("kind", FORMS)
def test_rows(kind: str, block: int) -> None:
    for rows in (0, 1, 9, 10, 11):
        content, reason = answer(kind, rows, 10**6, block)
        assert count(kind, content) == min(rows, 10)
        assert bool(reason) == (rows < 10)
    whole = io.BytesIO()
    ox.Store().query(QUERY).serialize(whole, format=getattr(ox.QueryResultsFormat, kind))
    assert answer(kind, 10, 10**6, block)[0] == whole.getvalue()


@pytest.mark.parametrize("kind", FORMS)
def test_bytes(kind: str) -> None:
    whole = len(answer(kind, 10, 10**6, 64)[0])
    content, reason = answer(kind, 10, whole - 30, 64)
    assert 0 < count(kind, content) < 10
    assert reason.endswith("bytes")
    assert len(content) < whole + 60
