"""``ask``: the questions by topic or by words, on a terminal and in a pipe."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.cli import offer
from kg.queries import library
from tests.cli.conftest import run


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer, "on_terminal", lambda: True)


def test_topics_have_names_in_three_languages() -> None:
    assert set(offer.TOPICS) == {question.topic for question in library().values()}
    assert all(len(set(names)) == 3 for names in offer.TOPICS.values())


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_in_a_pipe_the_questions_are_listed_by_topic(lang: str) -> None:
    done = run("ask", "--lang", lang)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == len(library()) + 2
    for question in library().values():
        assert question.title[lang] in done.stdout
        assert f"kg query {question.name}" in done.stdout


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("who is in almaty", "kg query who-is-in --place city/almaty"),
        ("кто был в Алматы в 2015", "kg query who-is-in --place city/almaty --on 2015 --lang ru"),
        ("Алматыда кім жұмыс істейді", "kg query who-is-in --place city/almaty --lang kk"),
        ("what did Tokayev propose", "kg query proposals-of --who person/kassym-jomart-tokayev"),
    ],
)
def test_words_find_a_question_and_ask_it(built: Path, words: str, command: str) -> None:
    done = run("ask", words, "--store", built)
    assert done.exit_code == 0, done.stderr
    assert command in done.stderr.splitlines()[-1]
    assert done.stdout == run(*command.split()[1:], "--store", built).stdout
    assert "perhaps also: " in done.stderr


def test_words_need_no_quotes_and_other_formats_work(built: Path) -> None:
    done = run("ask", "who", "is", "in", "almaty", "--format", "csv", "--store", built)
    assert done.stdout.startswith("organization,")


def test_what_fits_no_question_is_told(built: Path) -> None:
    done = run("ask", "xyzzy", "--store", built)
    assert done.exit_code == 2
    assert "no question fits" in done.stderr
    done = run("ask", "wikidata labels in kz", "--store", built)
    assert done.exit_code == 2
    assert "--federated" in done.stderr


def _number(lines: list[str], line: str) -> str:
    return str(lines.index(line) + 1)


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_one_chooses_a_topic_a_question_and_values(built: Path) -> None:
    topic = _number(sorted(offer.TOPICS), "establishments")
    titles = sorted(q.title["en"] for q in library().values() if q.topic == "establishments")
    question = _number(titles, library()["who-is-in"].title["en"])
    done = run("ask", "--store", built, text=f"{topic}\n{question}\nАстана\n2020\n\n")
    assert done.exit_code == 0, done.stderr
    assert "place – The city" in done.stderr
    assert "kg query who-is-in --place Астана --on 2020" in done.stderr
    assert done.stdout == run("query", "who-is-in", "--place", "astana", "--on", "2020", "--store", built).stdout


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_words_offer_questions_with_values(built: Path) -> None:
    done = run("ask", "who is in almaty", "--store", built, text="\n\n\n\n")
    assert done.exit_code == 0, done.stderr
    assert "[city/almaty]" in done.stderr
    assert done.stdout == run("query", "who-is-in", "--place", "almaty", "--store", built).stdout


@pytest.mark.usefixtures("terminal")
def test_a_wrong_value_is_told_and_asked_for_again(built: Path) -> None:
    done = run("ask", "who is in almaty", "--store", built, text="1\nAtlantis\nalmaty\n2020-13\n2020\n-\n")
    assert done.exit_code == 0, done.stderr
    assert "names no city or country or region" in done.stderr
    assert "is no date" in done.stderr
    assert "kg query who-is-in --place almaty --on 2020" in done.stderr
    done = run("ask", "who is in almaty", "--store", built, text="1\n" + "Atlantis\n" * 3)
    assert done.exit_code == 2
    done = run("ask", "who is in almaty", "--store", built, text="7\n\n\n\n\n\n")
    assert "is not in the range" in done.stderr


@pytest.mark.usefixtures("terminal")
def test_leaving_is_no_error_of_the_program(built: Path) -> None:
    done = run("ask", "--store", built, text="")
    assert done.exit_code == 130
    assert "interrupted" in done.stderr


def test_a_real_terminal(built: Path) -> None:
    """The program itself behind a pseudo-terminal."""
    leader, follower = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "ask",
        "who is in almaty",
        "--store",
        str(built),
    ]
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200"}
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    os.write(leader, b"1\n\n\n\n")
    shown, begun = b"", time.monotonic()
    while time.monotonic() - begun < 60:
        ready, _, _ = select.select([leader], [], [], 1)
        try:
            shown += os.read(leader, 65536) if ready else b""
        except OSError:
            break
        if process.poll() is not None and not ready:
            break
    os.close(leader)
    text = shown.decode("utf-8", "replace")
    assert process.wait(30) == 0, text
    # Lines are broken to the width of the terminal.
    assert library()["who-is-in"].title["en"] in " ".join(text.split())
    assert "kg query who-is-in --place city/almaty" in " ".join(text.split())
    assert text.count("headquarters") > 3 or text.count("Almaty") > 3
