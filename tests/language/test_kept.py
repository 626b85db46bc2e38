"""Values of words are made once, up to a number of words."""

from __future__ import annotations

from kg.language.kept import Kept


def test_a_value_is_made_once_and_beyond_the_limit_each_time() -> None:
    made: list[str] = []

    def length(word: str) -> int:
        made.append(word)
        return len(word)

    kept = Kept(length, limit=2)
    assert [kept[word] for word in ("a", "bb", "a", "ccc", "ccc", "bb")] == [1, 2, 1, 3, 3, 2]
    assert made == ["a", "bb", "ccc", "ccc"]
    assert dict(kept) == {"a": 1, "bb": 2}
