"""The trie finds every pattern that begins at a token."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.trie import Trie


def test_patterns_of_several_tokens_and_several_keys() -> None:
    trie = Trie()
    trie.add(["a"], "short")
    trie.add(["a", "b*"], "long")
    trie.add(["a", "b*"], "long too")
    text = [("a",), ("bc", "b*"), ("a",)]
    assert trie.matches(lambda i: text[i], 0, 3) == [(1, "short"), (2, "long"), (2, "long too")]
    assert trie.matches(lambda i: text[i], 1, 3) == []
    assert trie.matches(lambda i: text[i], 0, 1) == [(1, "short")]


PATTERNS = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3), max_size=6)


@given(PATTERNS, st.lists(st.sampled_from("abc"), max_size=8))
def test_agrees_with_looking_for_each_pattern(patterns: list[list[str]], text: list[str]) -> None:
    trie = Trie()
    for n, pattern in enumerate(patterns):
        trie.add(pattern, n)
    for first in range(len(text)):
        expected = {(first + len(p), n) for n, p in enumerate(patterns) if text[first : first + len(p)] == p}
        assert set(trie.matches(lambda i: (text[i],), first, len(text))) == expected
