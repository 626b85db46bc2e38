"""How a candidate compares with its rivals: kept in order and counted once, as if each were looked at anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.rescore import _Best, _rivals

FOUND = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9])), min_size=1)


@given(FOUND, st.data())
def test_rivals_are_those_of_another_key(found: list[tuple[str, float]], data: st.DataObject) -> None:
    own, p = data.draw(st.sampled_from(found))
    ordered = sorted([(q, (key,)) for key, q in found], key=lambda f: -f[0])
    others = [q for key, q in found if key != own]
    assert _rivals(ordered, p, (own,)) == (max(others, default=0.0), sum(q > p for q in others))


@given(FOUND)
def test_the_likeliest_of_the_other_parts(found: list[tuple[str, float]]) -> None:
    best = _Best()
    for part, p in found:
        best.add(part, p)
    for own in "abcde":
        assert best.without(own) == max((p for part, p in found if part != own), default=0.0)
