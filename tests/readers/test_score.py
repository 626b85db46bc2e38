"""The figures are those of the rules of scoring."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.extract import Extractor, to_json
from kg.readers.score import Score, read_set

GOLD = sorted((Path(__file__).parents[1] / "gold").glob("gold.*.json"))
SCORER = Path(__file__).parents[3] / "shared" / "eval" / "score.py"


def test_annotations_score_full_against_themselves() -> None:
    score = Score()
    for path in GOLD:
        for one in read_set(path):
            score.add(one, one.facts)
    assert all(f.f1 == 1.0 for _, f in score.rows())
    assert not score.missed
    assert not score.wrong


def test_the_figures_are_those_of_the_scorer_beside_the_sets(tmp_path: Path) -> None:
    if not SCORER.exists():
        pytest.skip("the scorer is not here")
    extractor, score, lines = Extractor(), Score(), []
    for path in GOLD:
        for one in read_set(path):
            facts = extractor.facts(one.article)
            score.add(one, facts)
            lines += [json.dumps(to_json(one.article, fact)) for fact in facts]
    found = tmp_path / "facts.jsonl"
    found.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, str(SCORER), "score", str(found), *map(str, GOLD), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for group, figures in score.rows():
        assert round(figures.precision, 3) == theirs[group]["p"], group
        assert round(figures.recall, 3) == theirs[group]["r"], group
    assert score.quotes["verbatim"] == theirs["evidence"]["verbatim"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"entities": {}, "articles": [{"id": "a"}]}', "[" * 5000])
def test_a_file_that_is_no_set_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="no set of annotated articles"):
        read_set(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_set(tmp_path / "none.json")
