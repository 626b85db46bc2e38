"""``kill -9`` in the middle of a build; ``benchmarks/crash.py --moments 200`` is the long form."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks import crash, readers
from kg.graph.terms import io

MOMENTS = int(os.environ.get("KG_CRASH_MOMENTS", "6"))


def test_a_build_killed_at_random_moments(tmp_path: Path) -> None:
    result = crash.run(moments=MOMENTS, count=60, seed=3, folder=tmp_path)
    assert result["wrong"] == []
    assert result["killed"] == MOMENTS
    assert int(str(result["acknowledged"])) > 0


def test_the_suite_would_notice(tmp_path: Path) -> None:
    """An article that is lost, and one that is half there."""
    crash.build(tmp_path / "store", 6)
    assert crash.problems(tmp_path / "store", {f"a{n}" for n in range(6)}, 6) == []
    assert crash.problems(tmp_path / "store", {"a0", "a99"}, 6) == ["a99 was acknowledged and is lost"]
    with crash.KnowledgeGraph.open(tmp_path / "store", reference=crash.TABLES) as graph:
        account = next(graph.store.match(None, io("supports"), None, None))
        graph.store.apply([account], ())
    found = crash.problems(tmp_path / "store", set(), 6)
    assert any(one.endswith("is half there") for one in found)
    assert "the graph is not that of its articles" in found


def test_readers_see_whole_articles_and_do_not_wait_for_the_build(tmp_path: Path) -> None:
    """Each question opens the store while another process writes; one reader stays open until the build has ended."""
    result = readers.measure(tmp_path, 60)
    assert int(str(result["questions_during_the_build"])) > 0
