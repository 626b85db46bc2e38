"""From a request over the wire to the graph, on the project's own articles."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from kg.cli import main
from kg.extract.mentions import Reader
from kg.model import KINDS
from kg.read import corpus, read
from kg.readers.link import Names
from kg.readers.model import read_reply
from tests.readers.annotated import Writer, articles
from tests.readers.conftest import KEY, ChatServer, Say

GOLD = sorted((Path(__file__).parents[1] / "gold").glob("gold.*.json"))
WRITTEN: dict[str, list[dict[str, Any]]] = {
    article: facts
    for path in sorted(Path(__file__).with_name("replies").glob("*.yaml"))
    for article, facts in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
"""Replies to bundled articles: id of the article → facts, with the reason for which one must be refused."""


def entity(text: str) -> Any:
    parts = [part.strip() for part in text.split("|")]
    return dict(zip(("mention", "is", "type"), parts, strict=True)) if len(parts) == 3 else text


def whole(short: dict[str, Any]) -> dict[str, Any]:
    """A reply's fact as it goes over the wire, from the short form of the file."""
    fact: dict[str, Any] = {k: v for k, v in short.items() if k not in {"refused", "missed", "why"}}
    for slot, described in KINDS[short["kind"]].items():
        value = short.get(slot, [] if described.many else None)
        if isinstance(value, list):
            value = [entity(v) for v in value]
        elif isinstance(value, dict):
            value = {k: entity(v) for k, v in value.items()}
        elif described.type == "entity" and value is not None:
            value = entity(value)
        fact[slot] = value
    return fact


@pytest.mark.parametrize("identifier", sorted(WRITTEN))
def test_replies_written_by_hand(reader: Reader, identifier: str) -> None:
    article = next(a for a in read(corpus(), print) if a.id == identifier)
    for short in WRITTEN[identifier]:
        facts, refused = read_reply(Names(article, reader), json.dumps({"facts": [whole(short)]}), "m")
        told = [(r.reason, r.message) for r in refused]
        assert [reason for reason, _ in told] == ([short["refused"]] if "refused" in short else []), (short, told)
        assert len(facts) == (0 if "refused" in short else 1)


def test_from_requests_to_the_graph_and_back(
    server: ChatServer, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies: dict[str, str] = {}
    lines = []
    for path in GOLD:
        for article, facts, entities in articles(path):
            writer = Writer(Names(article, reader), entities)
            replies[article.text] = json.dumps({"facts": [f for one in facts if (f := writer.fact(one)) is not None]})
            line = {"id": article.id, "lang": article.lang, "title": article.title, "text": article.text}
            lines.append(json.dumps({**line, "published": str(article.published)}, ensure_ascii=False))
    for article in read(corpus(), print):
        if article.id in WRITTEN:
            replies[article.text] = json.dumps({"facts": [whole(short) for short in WRITTEN[article.id]]})
            line = {"id": article.id, "lang": article.lang, "title": article.title, "text": article.text}
            lines.append(json.dumps({**line, "published": str(article.published)}, ensure_ascii=False))
    assert len(replies) >= 20
    server.answer = lambda body: Say(replies[json.loads(body["messages"][1]["content"])["text"]])
    source, store = tmp_path / "news.jsonl", tmp_path / "store"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("KG_MODEL_KEY", KEY)

    def kg(*arguments: str) -> str:
        result = CliRunner().invoke(
            main, [*arguments, "--store", str(store)] if arguments[0] != "evaluate" else arguments
        )
        assert result.exit_code == 0, result.output
        assert KEY not in result.output
        return result.output

    asking = ("--reader", "model", "--model", "m", "--base-url", server.url, "--reply-cache", str(tmp_path / "replies"))
    built = kg("build", str(source), *asking)
    assert f"{len(replies)} articles: {len(replies)} added" in built
    assert "facts refused" in built
    assert len(server.bodies) == len(replies)
    assert f"{len(replies)} unchanged" in kg("build", str(source), *asking)
    assert "m,prompt-" in kg("query", "evidence-by-reader", "--format", "csv")
    # Reader, confidence and moment are asked for together, and show asks like query.
    one = ("--reader", "model", "--min-confidence", "0.5", "--format", "csv")
    assert "m,prompt-" in kg("query", "evidence-by-reader", *one, "--known-by", "2025-12", "--as-of", "2020")
    assert "m,prompt-" not in kg("query", "evidence-by-reader", *one, "--known-by", "1990")
    assert "Almaty" in kg("show", "almaty", "--reader", "model", "--known-by", "2025-12")
    assert "“" not in kg("show", "almaty", "--reader", "rules")
    assert kg("remove", "--reader", "model").startswith(f"{len(replies)} articles lost")
    assert "m,prompt-" not in kg("query", "evidence-by-reader", "--format", "csv")

    kg("build", str(source), *asking)  # what was taken away is read again, and nothing asked
    assert len(server.bodies) == len(replies)
    assert kg("remove", "--reader", "both").splitlines() == [
        "0 articles lost what the rules read",
        f"{len(replies)} articles lost what the model read",
    ]

    table = kg("evaluate", *map(str, GOLD), *asking, "--format", "json")
    figures = json.loads(next(line for line in table.splitlines() if line.startswith("{")))
    assert figures["all"]["f1"] >= 0.99
    assert figures["evidence"]["verbatim"] == figures["evidence"]["facts"]
    assert len(server.bodies) == len(replies)  # all that was replied is kept
    assert all(KEY.encode() not in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


def test_what_the_rules_read_is_held_against_the_gate_too() -> None:
    result = CliRunner().invoke(main, ["evaluate", str(GOLD[0]), "--format", "json"])
    figures = json.loads(result.output.splitlines()[-1])
    assert figures["all"]["read"] >= 25
    assert figures["refused"] <= 1


def test_reading_by_the_rules_imports_nothing_of_this() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from kg.cli import main; "
        "result = CliRunner().invoke(main, ['extract', '-'], input='UNICEF opened an office in Astana.'); "
        "assert result.exit_code == 0 and 'unicef' in result.output, result.output; "
        "print([m for m in sys.modules if m.startswith(('kg.readers', 'httpx', 'jsonschema', 'tenacity'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--reader", "model"], "which model?"),
        (["--model", "m"], "add --reader model"),
        (["--reader", "model", "--model", "m", "--max-cost", "1"], "--price"),
        (["--reader", "model", "--model", "m", "--disagreements", "x"], "--reader both"),
        (["--reader", "model", "--model", "m", "--workers", "2"], "--concurrency"),
        (["--reader", "model", "--model", "m", "--parameter", "seed"], "NAME=JSON"),
        (["--reader", "model", "--model", "m"], "KG_MODEL_KEY"),
        (["--write-batch", "x"], "--reader model"),
    ],
)
def test_a_wrong_call_is_told_with_its_remedy(tmp_path: Path, arguments: list[str], told: str) -> None:
    article = tmp_path / "a.txt"
    article.write_text("UNICEF opened an office in Astana.", encoding="utf-8")
    result = CliRunner().invoke(main, ["extract", str(article), *arguments])
    assert result.exit_code == 2
    assert told in result.output


def test_refused_facts_are_counted_and_shown(server: ChatServer, tmp_path: Path) -> None:
    article = next(a for a in read(corpus(), print) if a.id == "sample-kk-02")
    source = tmp_path / "a.jsonl"
    source.write_text(json.dumps({"id": "a", "lang": "kk", "text": article.text, "published": "2025-03-06"}), "utf-8")
    server.answers = [Say(json.dumps({"facts": [whole(short) for short in WRITTEN["sample-kk-02"]]}))]
    asking = ["--model", "m", "--base-url", server.url, "--reply-cache", str(tmp_path / "replies")]
    shown = CliRunner().invoke(main, ["extract", str(source), "--explain", "--reader", "model", *asking])
    assert shown.exit_code == 0
    assert "3 facts, 1 refused" in shown.output
    assert "in_favour 153 does not stand in the article" in shown.output
    differ = tmp_path / "differ.jsonl"
    both = CliRunner().invoke(
        main, ["extract", str(source), "--reader", "both", "--disagreements", str(differ), *asking]
    )
    assert both.exit_code == 0
    assert "1 facts refused (1 number)" in both.output
    facts = [json.loads(line) for line in both.output.splitlines() if line.startswith("{")]
    assert any(fact.get("readers") == ["rules", "model"] for fact in facts)
    assert all(json.loads(line)["what"] for line in differ.read_text(encoding="utf-8").splitlines())
