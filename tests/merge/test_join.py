"""A corpus that was split over machines, and joined again."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from kg.build import KnowledgeGraph
from kg.export import export
from kg.merge.decisions import Decision
from tests.merge.test_decisions import LAX, decided, decisions
from tests.merge.test_properties import Report, articles, lines


def bytes_of(graph: KnowledgeGraph) -> bytes:
    out = io.BytesIO()
    export(graph.quads(), "nquads", out)
    return out.getvalue()


@LAX
@given(articles(), decisions, st.data())
def test_split_and_joined_it_is_the_same_bytes(
    reports: list[Report], made: list[Decision], data: st.DataObject
) -> None:
    machine = [data.draw(st.integers(0, 2)) for _ in reports]
    shares = [[r for r, m in zip(reports, machine, strict=True) if m == n] for n in range(3)]
    parts = [decided(share, made if n == 1 else []) for n, share in enumerate(shares)]
    first, *rest = data.draw(st.permutations(parts))
    for part in rest:
        assert {what for _, what in first.join(part.store)} <= {"added"}
        assert {what for _, what in first.join(part.store)} <= {"unchanged"}
    whole = decided(reports, made)
    assert bytes_of(first) == bytes_of(whole)
    assert first.version == whole.version


@LAX
@given(articles(), articles())
def test_what_both_have_is_that_of_the_other(mine: list[Report], theirs: list[Report]) -> None:
    graph = decided(mine, [])
    assert [name for name, _ in graph.join(decided(theirs, []).store)] == [a.id for a, _ in theirs]
    known = {a.id for a, _ in theirs}
    assert lines(graph) == lines(decided([*(r for r in mine if r[0].id not in known), *theirs], []))
