"""``frames``, ``extract --explain`` and ``extract --near``."""

from __future__ import annotations

import json
import re
from pathlib import Path

from kg.extract.rules import known_classes
from kg.model import LANGUAGES
from tests.cli.conftest import run

TEXT = (
    "Kassym-Jomart Tokayev, President of Kazakhstan, proposed opening a UN regional centre in Almaty. "
    "The World Bank may open an office in Osh. A secretariat was spoken of."
)
OWN = "triggers:\n  est.office: [coordination cell*]\nexamples:\n  est.office: A coordination cell opened.\n"


def test_the_shipped_rules_hold() -> None:
    done = run("frames", "check", "--format", "json")
    assert done.exit_code == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["file"] for row in rows] == ["en.yaml", "ru.yaml", "kk.yaml"]
    assert all(row["problems"] == 0 and row["texts"] >= 25 for row in rows)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(OWN, encoding="utf-8")
    done = run("frames", "check", path)
    assert done.exit_code == 0, done.stderr
    assert "my.yaml" in done.stdout
    path.write_text(OWN.replace("A coordination cell", "A cell"), encoding="utf-8")
    done = run("frames", "check", path)
    assert done.exit_code == 1
    assert "error: my.yaml: est.office: none of its words" in done.stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = run("frames", "check", tmp_path / "my.yaml")
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr


def test_the_classes_are_listed() -> None:
    done = run("frames", "list", "--format", "json")
    assert set(json.loads(done.stdout)) == known_classes()
    assert "v.ratify" in run("frames", "list", "v.").stdout
    assert "est.office" not in run("frames", "list", "v.").stdout
    shown = run("frames", "list", "v.ratify", "--words").stdout
    assert all(lang in shown for lang in LANGUAGES)
    assert "ratif*" in shown
    assert run("frames", "list", "verb").exit_code == 2


def test_explain_shows_words_fillers_and_what_was_not_taken() -> None:
    done = run("extract", "--explain", "-", text=TEXT)
    assert done.exit_code == 0, done.stderr
    assert "proposal (proposer: " in done.stdout
    assert '"proposed" v.propose' in done.stdout
    assert 'proposer: "Kassym-Jomart Tokayev" → person/kassym-jomart-tokayev (name, nom)' in done.stdout
    taken, rest = re.split("Not taken|Nothing read", done.stdout, maxsplit=1)
    assert "World Bank" not in taken
    assert "World Bank" in rest
    assert '"may" m.cond' in rest

    done = run("extract", "--explain", "-", text="UNDP officials met in Naryn, and a bank opened its office.")
    taken, _, rest = done.stdout.partition("Not taken")
    assert "Naryn" not in taken
    assert "place: Naryn" in rest
    assert '"met in" m.visit' in rest
    assert " stands from 0." in rest


def test_explain_shows_the_sentences_that_gave_no_reading() -> None:
    text = "UNICEF keeps a coordination cell in Osh. The World Bank has no country office in Naryn. It rained."
    done = run("extract", "--explain", "-", text=text)
    assert done.exit_code == 0, done.stderr
    silent = done.stdout.partition("Nothing read")[2]
    assert '"UNICEF" → organization/unicef (name), "Osh" → city/osh (name)' in silent
    assert '"keeps" v.operate' in silent
    assert 'stopped: "country office" est.country-office is denied' in silent
    assert "rained" not in silent


def test_explain_tells_as_many_facts_as_are_extracted(articles: Path) -> None:
    facts = [json.loads(line)["article"] for line in run("extract", articles).stdout.splitlines()]
    explained = run("extract", "--explain", articles).stdout
    for article in set(facts):
        assert f"{article}: {facts.count(article)} facts" in explained
    parts = explained.split("\n\n")
    assert sum("  sentence: " in part for part in parts) >= len(facts)
    assert "its language is none of" in explained


def test_near_shows_where_a_name_is_missing() -> None:
    done = run("extract", "--near", "-", text="The bureau was relocated on a windy day.")
    assert done.exit_code == 0, done.stderr
    assert 'relocation: "The bureau was relocated on a windy day."' in done.stdout
    assert '"relocated" v.move' in done.stdout
    assert "not found: name of organization, name of city or country" in done.stdout


def test_explain_is_plain_text(articles: Path) -> None:
    assert run("extract", articles, "--explain", "--format", "trig").exit_code == 2


def test_an_unknown_class_is_told_before_reading(tmp_path: Path, articles: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("triggers:\n  est.ofice: [cell]\n", encoding="utf-8")
    for options in ([], ["--explain"]):
        done = run("extract", articles, "--frames", path, *options)
        assert done.exit_code == 2
        assert "perhaps: est.office" in done.stderr
