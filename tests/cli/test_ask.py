"""``query`` and ``queries``: ready questions, files, standard input, other endpoints, formats, mistakes."""

from __future__ import annotations

import csv
import io
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from kg.queries import library
from tests.cli.conftest import run

LABELS = (
    "SELECT ?x ?label WHERE { ?x a io:City ; skos:prefLabel ?label FILTER (LANG(?label) = 'en') } ORDER BY ?x LIMIT 3"
)


def test_formats_of_select(built: Path) -> None:
    def ask(form: str) -> str:
        done = run("query", LABELS, "--format", form, "--store", built)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    rows = json.loads(ask("json"))["results"]["bindings"]
    assert len(rows) == 3
    labels = [row["label"]["value"] for row in rows]
    assert [json.loads(line)["label"] for line in ask("jsonl").splitlines()] == labels
    assert [row["label"] for row in csv.DictReader(io.StringIO(ask("csv")))] == labels
    assert [line.split("\t")[1] for line in ask("tsv").splitlines()[1:]] == [f'"{label}"@en' for label in labels]
    assert ask("markdown").startswith("| x | label |\n| --- | --- |\n")
    assert "id:city/" in ask("table")
    assert "https://" in run("query", LABELS, "--iris", "--store", built).stdout


def test_a_list_that_was_cut_says_so(built: Path) -> None:
    few = run("query", "most-reported", "--least", "1", "--limit", "2", "--format", "jsonl", "--store", built)
    assert len(few.stdout.splitlines()) == 2
    assert "2 rows, as many as --limit allows" in few.stderr
    many = run("query", "most-reported", "--least", "1", "--limit", "900", "--format", "jsonl", "--store", built)
    assert len(many.stdout.splitlines()) > 2
    assert "--limit" not in many.stderr
    assert run("query", "most-reported", "--limit", "2 } #", "--store", built).exit_code == 2


def test_a_page_holds_what_the_answer_holds_as_text(built: Path) -> None:
    query = "SELECT ?x ?n ?l { VALUES (?x ?n ?l) { (io:City 7 '<b>&\"') (<javascript:alert(1)> 'a' 'b'@kk) } }"
    done = run("query", query, "--format", "html", "--store", built)
    assert done.exit_code == 0, done.stderr
    root = html5(done.stdout)
    assert [cell.text for cell in root.iter("th")] == ["x", "n", "l"]
    assert [cell.text_content() for cell in root.iter("td")] == [
        "io:City", "7", '<b>&"', "javascript:alert(1)", "a", "b",
    ]  # fmt: skip
    assert [link.get("href") for link in root.iter("a")] == ["https://w3id.org/presence-kg/ontology#City"]
    assert not list(root.iter("script", "b"))
    done = run("query", "hosts", "--lang", "kk", "--format", "html", "--store", built)
    assert library()["hosts"].title["kk"] in html5(done.stdout).findtext(".//h1")
    assert "true" in run("query", "ASK {}", "--format", "html", "--store", built).stdout


def html5(text: str) -> Any:
    return lxml.html.document_fromstring(text)


def test_parquet_keeps_the_types(built: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    query = "SELECT ?i ?d ?b ?s ?e { VALUES (?i ?d ?b ?s ?e) { (7 2.5 true 'a'@kk UNDEF) (8 3 false <x:y> UNDEF) } }"
    data = run("query", query, "--format", "parquet", "--store", built).stdout_bytes
    table = parquet.read_table(io.BytesIO(data))
    assert [str(field.type) for field in table.schema] == ["int64", "double", "bool", "string", "string"]
    assert table.to_pylist() == [
        {"i": 7, "d": 2.5, "b": True, "s": "a", "e": None},
        {"i": 8, "d": 3.0, "b": False, "s": "x:y", "e": None},
    ]
    data = run("query", "ASK {}", "--format", "parquet", "--store", built).stdout_bytes
    assert parquet.read_table(io.BytesIO(data)).to_pylist() == [{"answer": True}]


def test_slips_are_told_before_the_query_runs(built: Path) -> None:
    done = run("query", "-", "--store", built, text="SELECT ?x WHERE {\n  ?x a io:City ; io:palce ?y }")
    assert done.exit_code == 2
    assert "standard input: io:palce is not a term of the ontology; did you mean io:place? (line 2, column 18)" in (
        done.stderr
    )
    done = run("query", "SELECT ?x ?y { ?x a io:Goal . ?y a io:Region } LIMIT 1", "--store", built)
    assert "io:Goal is not a term" in done.stderr
    done = run("query", "SELECT ?x ?y { ?x a io:City . ?y a io:Region } LIMIT 1", "--store", built)
    assert done.exit_code == 0
    assert "warning: ?y is joined to ?x by nothing" in done.stderr


def test_other_servers_are_asked_only_when_that_is_allowed(built: Path) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }"
    done = run("query", query, "--store", built)
    assert done.exit_code == 2
    assert "--federated" in done.stderr
    done = run("query", "wikidata-labels", "--store", built)
    assert done.exit_code == 2
    assert "query.wikidata.org" in done.stderr
    done = run("query", query, "--federated", "--store", built)
    assert done.exit_code == 1
    assert "another server does not answer" in done.stderr


def test_formats_of_ask_and_construct(built: Path) -> None:
    assert run("query", "ASK { ?x a io:City }", "--store", built).stdout == "true\n"
    assert json.loads(run("query", "ASK {}", "--format", "json", "--store", built).stdout)["boolean"] is True
    construct = "CONSTRUCT { ?x a io:City } WHERE { ?x a io:City }"
    assert "id:city" in run("query", construct, "--store", built).stdout.replace(
        "<https://w3id.org/presence-kg/id/", "id:"
    )
    assert run("query", construct, "--format", "ntriples", "--store", built).stdout.endswith(" .\n")
    assert run("query", construct, "--format", "csv", "--store", built).exit_code == 2
    assert run("query", LABELS, "--format", "turtle", "--store", built).exit_code == 2


def test_a_file_and_standard_input(built: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(LABELS, encoding="utf-8")
    expected = run("query", LABELS, "--store", built).stdout
    assert run("query", tmp_path / "q.rq", "--store", built).stdout == expected
    assert run("query", "-", "--store", built, text=LABELS).stdout == expected


def test_a_syntax_error_is_told_with_line_and_column(built: Path) -> None:
    done = run("query", "-", "--store", built, text="SELECT ?x WHERE {\n  ?x a io:City\n  FILTER\n}")
    assert done.exit_code == 2
    assert "standard input, line " in done.stderr
    assert "column" in done.stderr
    assert "^" in done.stderr


def test_an_unknown_prefix_is_told(built: Path) -> None:
    done = run("query", "SELECT * { ?x foo:bar ?y }", "--store", built)
    assert done.exit_code == 2
    assert "prefix foo: is not declared" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["query", "missing.rq"], "no such file"),
        (["query", "zzzzzzzz"], "kg queries"),
        (["query", "who is in almaty"], "kg ask finds questions by words"),
        (["query", "-", "--place", "almaty"], "takes no parameters"),
        (["query", "-"], "empty"),
        (["query", "-", "almaty"], "stands alone"),
        (["query", "-", "--place"], "has no value"),
        (["queries", "zzzzzzzz"], "kg queries"),
    ],
)
def test_wrong_calls(built: Path, arguments: list[str], told: str) -> None:
    done = run(*arguments, text="")
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_misspelt_question_offers_the_nearest(built: Path) -> None:
    name = sorted(library())[0]
    done = run("query", name[:-1], "--store", built)
    assert done.exit_code == 2
    assert name in done.stderr


def test_queries_lists_every_question_in_three_languages() -> None:
    for lang in ("en", "ru", "kk"):
        listed = json.loads(run("queries", "--format", "json", "--lang", lang).stdout)
        assert {q["name"] for q in listed} == set(library())
        assert all(q["question"] and q["topic"] for q in listed)
    assert all(name in run("queries").stdout for name in library())


@pytest.mark.parametrize("name", sorted(library()))
def test_queries_shows_a_question(name: str) -> None:
    done = run("queries", name)
    assert done.exit_code == 0
    assert "WHERE" in done.stdout.upper() or "{" in done.stdout


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def _process(*arguments: str) -> subprocess.Popen[str]:
    # A job that a shell runs in the background inherits that Ctrl-C is ignored.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{heard}; from kg.cli import main; main()", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_query_ends_when_its_time_is_up(built: Path) -> None:
    process = _process("query", SLOW, "--store", str(built), "--timeout", "1")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "longer than 1 s" in told
    assert "--timeout" in told


def test_a_query_ends_when_it_is_interrupted(built: Path) -> None:
    process = _process("query", SLOW, "--store", str(built), "--timeout", "0")
    assert process.stderr is not None
    assert "warning" in process.stderr.readline()  # warnings come just before the engine is asked
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in told
    assert "Traceback" not in told


@pytest.fixture(scope="module")
def endpoint(built: Path) -> Iterator[str]:
    """Our own endpoint on a free port."""
    uvicorn = pytest.importorskip("uvicorn")
    from kg.serve import Settings, create_app

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_app(Settings(built, workers=1)), host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/sparql"
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize("query", [LABELS, "ASK { ?x a io:City }", "CONSTRUCT { ?x a io:City } WHERE { ?x a io:City }"])
def test_another_endpoint_answers_the_same(built: Path, endpoint: str, query: str) -> None:
    ours = run("query", query, "--store", built)
    theirs = run("query", query, "--endpoint", endpoint)
    assert theirs.exit_code == 0, theirs.stderr
    assert theirs.stdout == ours.stdout


def test_endpoints_that_do_not_answer(endpoint: str) -> None:
    done = run("query", LABELS, "--endpoint", "http://127.0.0.1:1/sparql")
    assert done.exit_code == 1
    assert "does not answer" in done.stderr
    done = run("query", LABELS, "--endpoint", endpoint.replace("/sparql", "/health"))
    assert done.exit_code == 1
    assert "not SPARQL results" in done.stderr
    assert run("query", "SELEC", "--endpoint", endpoint).exit_code == 2
