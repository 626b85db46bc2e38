"""``build``, ``extract``, ``sources``, ``remove``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.extract import Extractor
from kg.model import Article, Fact
from tests.cli.conftest import ARTICLES, run

CENTRE = ARTICLES[1]


def exported(store: Path) -> str:
    done = run("export", "nquads", "--store", store)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_build_says_what_it_did(tmp_path: Path, articles: Path) -> None:
    store = tmp_path / "store"
    first = run("build", articles, "--store", store)
    assert "4 added, 0 unchanged, 0 replaced" in first.stdout
    assert "kept as a source" in first.stderr
    again = run("build", articles, "--store", store)
    assert "0 added, 4 unchanged, 0 replaced" in again.stdout


def test_build_replaces_an_article_that_changed(fresh: Path) -> None:
    changed = json.dumps({**CENTRE, "text": "The meeting was put off."})
    done = run("build", "-", "--store", fresh, text=changed)
    assert "0 added, 0 unchanged, 1 replaced" in done.stdout
    # No fact and no quote is left of what it said; the text is kept for the record.
    said = [line for line in exported(fresh).splitlines() if "152 of 193" in line]
    assert len(said) == 1
    assert "<http://www.w3.org/ns/prov#value>" in said[0]
    answer = json.loads(run("query", "earlier-texts", "--store", fresh, "--format", "json").stdout)
    assert "152 of 193" in str(answer)
    back = run("build", "-", "--store", fresh, text=json.dumps(CENTRE))
    assert "1 replaced" in back.stdout
    assert "The meeting was put off." in exported(fresh)
    assert run("remove", CENTRE["id"], "--store", fresh).exit_code == 0
    assert "The meeting was put off." not in exported(fresh)


def test_what_has_not_changed_is_not_read_again(fresh: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.extract import Extractor

    read = []
    many = Extractor.many
    monkeypatch.setattr(Extractor, "many", lambda self, items: read.extend(items) or many(self, items))
    done = run("build", articles, "--store", fresh)
    assert "4 unchanged" in done.stdout
    assert read == []
    assert "4 unchanged" in run("build", articles, "--store", fresh, "--again").stdout
    assert len(read) == 4


def test_other_words_of_ones_own_read_it_again(fresh: Path, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "organizations-mine.csv").write_text("id,name_en\nyurt-council,Yurt Council\n", encoding="utf-8")
    done = run("build", articles, "--store", fresh, "--names", tmp_path / "organizations-mine.csv")
    assert "4 replaced" in done.stdout


def test_an_article_that_cannot_be_read_is_set_aside(
    tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.extract import Extractor

    many = Extractor.many

    def poisoned(self: Extractor, items: list[Article]) -> Iterator[tuple[Article, list[Fact]]]:
        items = list(items)
        if any(a.id == "resolution-2025" for a in items):
            raise RuntimeError("no way")
        return many(self, items)

    monkeypatch.setattr(Extractor, "many", poisoned)
    store = tmp_path / "store"
    done = run("build", articles, "--store", store)
    assert done.exit_code == 1
    assert "3 added" in done.stdout
    assert "RuntimeError: no way" in done.stderr
    aside = tmp_path / "store.set-aside.jsonl"
    assert json.loads(aside.read_text(encoding="utf-8"))["error"] == "RuntimeError: no way"
    monkeypatch.undo()
    again = run("build", aside, "--store", store)
    assert "1 added" in again.stdout


def test_order_does_not_matter_and_removal_leaves_nothing(tmp_path: Path, articles: Path, fresh: Path) -> None:
    lines = articles.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "backwards.jsonl").write_text("".join(reversed(lines)), encoding="utf-8")
    run("build", tmp_path / "backwards.jsonl", "--store", tmp_path / "backwards")
    assert exported(fresh) == exported(tmp_path / "backwards")
    (tmp_path / "without.jsonl").write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    run("build", tmp_path / "without.jsonl", "--store", tmp_path / "without")
    assert run("remove", "resolution-2025", "--store", fresh).exit_code == 0
    assert exported(fresh) == exported(tmp_path / "without")


def test_a_fact_that_does_not_hold_is_kept_out_and_reported_with_its_quote(
    tmp_path: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Votes that no article could mean: told on standard error, written to the report, not in the graph."""
    real = Extractor.many

    def too_many_votes(self: Extractor, waiting: Iterable[Article]) -> Iterator[tuple[Article, list[Fact]]]:
        for article, facts in real(self, waiting):
            wrong = [replace(f, slots={**f.slots, "in_favour": 999}) if f.kind == "decision" else f for f in facts]
            yield article, wrong

    monkeypatch.setattr(Extractor, "many", too_many_votes)
    done = run("build", articles, "--store", tmp_path / "store", "--report", tmp_path / "kept.jsonl")
    assert done.exit_code == 1
    assert "kept out" in done.stdout
    assert 'article resolution-2025 "Assembly adopts resolution": a fact is kept out: 999 votes' in done.stderr
    (line,) = (tmp_path / "kept.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["article"], told["kind"]) == ("resolution-2025", "decision")
    assert told["why"] == "999 votes in favour of 193 who could vote"
    assert all(quote in CENTRE["text"] for quote in told["quotes"])
    assert run("query", "decisions", "--format", "csv", "--store", tmp_path / "store").stdout.count("\n") == 1


def test_what_cannot_be_read_leaves_no_store(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    done = run("build", tmp_path / "empty.txt", "--store", tmp_path / "store")
    assert done.exit_code == 1
    assert "empty" in done.stderr
    assert not (tmp_path / "store").exists()


def test_a_broken_line_is_told_and_the_rest_is_built(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(CENTRE)}\n{{broken\n", encoding="utf-8")
    done = run("build", tmp_path / "a.jsonl", "--store", tmp_path / "store")
    assert done.exit_code == 1
    assert "a.jsonl, line 2" in done.stderr
    assert "1 added" in done.stdout


def test_extract_prints_facts_with_verbatim_quotes(articles: Path) -> None:
    done = run("extract", articles)
    assert done.exit_code == 0
    texts = {a["id"]: a for a in ARTICLES}
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"decision", "presence"} <= {fact["kind"] for fact in facts}
    for fact in facts:
        evidence = fact["evidence"]
        held = texts[fact["article"]]["title" if evidence.get("in") == "title" else "text"]
        assert held[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert "french" not in {fact["article"] for fact in facts}


def test_the_least_confidence(tmp_path: Path, articles: Path) -> None:
    def confidences(*options: object) -> list[float]:
        done = run("extract", articles, *options)
        assert done.exit_code == 0
        return [json.loads(line)["confidence"] for line in done.stdout.splitlines()]

    every, sure = confidences(), confidences("--min-confidence", "0.9")
    assert 0 < len(sure) < len(every)
    assert sure == [confidence for confidence in every if confidence >= 0.9]
    done = run("build", articles, "--min-confidence", "0.9", "--store", tmp_path / "sure")
    assert f"{len(sure)} facts" in done.stdout
    assert run("extract", articles, "--min-confidence", "2").exit_code == 2


def test_extract_in_other_formats(articles: Path) -> None:
    lines = run("extract", articles).stdout.splitlines()
    assert json.loads(run("extract", articles, "--format", "json").stdout) == [json.loads(line) for line in lines]
    assert "152 of 193" in run("extract", articles, "--format", "nquads").stdout
    assert "@prefix io:" in run("extract", articles, "--format", "trig").stdout


def test_extract_from_standard_input() -> None:
    done = run("extract", "-", text=str(CENTRE["text"]))
    assert done.exit_code == 0
    assert done.stdout


def test_sources(built: Path) -> None:
    listed = json.loads(run("sources", "--format", "json", "--store", built).stdout)
    assert [a["id"] for a in listed] == sorted(str(a["id"]) for a in ARTICLES)
    by_id = {a["id"]: a for a in listed}
    assert by_id["proposal-2019"]["title"] == "President proposes UN centre"
    assert (by_id["proposal-2019"]["language"], by_id["proposal-2019"]["date"]) == ("en", "2019-09-25")
    assert by_id["proposal-2019"]["url"] == "https://example.org/2019"
    assert by_id["french"]["language"] == "und"
    assert by_id["french"]["facts"] == 0
    lines = run("sources", "--format", "jsonl", "--store", built).stdout.splitlines()
    assert [json.loads(line) for line in lines] == listed
    for form in ("table", "csv", "tsv", "markdown"):
        assert "resolution-2025" in run("sources", "--format", form, "--store", built).stdout


def test_remove_is_all_or_nothing(fresh: Path) -> None:
    before = exported(fresh)
    done = run("remove", "office-ru", "resolution-2026", "--store", fresh)
    assert done.exit_code == 1
    assert "perhaps: resolution-2025" in done.stderr
    assert exported(fresh) == before


def test_remove_by_iri(fresh: Path) -> None:
    from kg import iris

    assert run("remove", iris.article("office-ru"), "--store", fresh).exit_code == 0
    assert "office-ru" not in run("sources", "--store", fresh).stdout


@pytest.mark.parametrize("option", ["--frames", "--names"])
def test_rules_that_are_not_there(articles: Path, option: str) -> None:
    done = run("extract", articles, option, "missing.yaml")
    assert done.exit_code == 1
    assert "no such file" in done.stderr
