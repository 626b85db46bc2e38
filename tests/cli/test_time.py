"""``--as-of``, ``--known-by`` and ``kg diff`` as people use them."""

from __future__ import annotations

import json
from pathlib import Path

from kg.api import open_store
from tests.cli.conftest import run

CENTRE = "presence/un.regional-centre.almaty"


def test_the_centre_was_proposed_before_it_opened(told: Path) -> None:
    page = run("show", "almaty", "--known-by", "2025-03", "--store", told)
    assert page.exit_code == 0, page.stderr
    assert "proposal-2019" in page.stdout
    assert "office-ru" not in page.stdout
    assert "office-ru" in run("show", "almaty", "--known-by", "2025-08", "--store", told).stdout
    decided = run("show", "almaty", "--as-of", "2019-12", "--store", told).stdout
    assert "proposal-2019" in decided
    assert "resolution-2025" not in decided


def test_query_and_export_at_a_moment(told: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?d a io:Decision }"
    for option, value, expected in (
        ("--known-by", "2019", "0"), ("--known-by", "2025", "1"),
        ("--as-of", "2019", "0"), ("--as-of", "2025-03-04", "1"),
    ):  # fmt: skip
        answer = run("query", count, option, value, "--format", "csv", "--store", told)
        assert answer.stdout.split() == ["n", expected], answer.stderr
    named = run("query", "who-is-in", "--place", "almaty", "--known-by", "2026", "--format", "csv", "--store", told)
    assert CENTRE in named.stdout
    early, late = (run("export", "nquads", "--known-by", day, "--store", told).stdout for day in ("2019", "2026"))
    assert "article/office-ru>" not in early
    assert "article/office-ru>" in late


def test_measures_of_what_was_known(told: Path) -> None:
    def hosts(*options: str) -> list[dict[str, object]]:
        answer = run("analyse", "organizations", "--top", "1000", "--format", "json", *options, "--store", told)
        assert answer.exit_code == 0, answer.stderr
        return list(json.loads(answer.stdout))

    # What the tables hold counts from the day on which it was looked up.
    assert 0 < len(hosts("--known-by", "2026")) < len(hosts())
    assert hosts("--as-of", "2026") == hosts("--on", "2026")
    early = run("analyse", "organizations", "--known-by", "2019", "--store", told)
    assert early.exit_code == 1
    assert "no establishment" in early.stderr
    wrong = run("analyse", "hosts", "--known-by", "soon", "--store", told)
    assert wrong.exit_code == 2
    assert "--known-by" in wrong.stderr


def test_diff(told: Path) -> None:
    shown = run("diff", "2019", "2025-03", "--store", told)
    assert shown.exit_code == 0, shown.stderr
    header, _, row = shown.stdout.splitlines()
    assert header.split() == ["change", "kind", "fact", "slot", "before", "after", "articles", "id"]
    assert row.split()[:2] == ["new", "decision"]
    assert "152 of 193 in favour" in row
    assert "resolution-2025" in row
    found = json.loads(run("diff", "2025-03", "2025-08", "--format", "json", "--store", told).stdout)
    assert [(c["change"], c["articles"]) for c in found if c["iri"].endswith(CENTRE)] == [("new", ["office-ru"])]
    nothing = run("diff", "2019", "2020", "--store", told)
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "nothing became known" in nothing.stderr


def test_from_python(told: Path) -> None:
    with open_store(told, known_by="2019") as graph:
        assert len(graph.articles()) == 1
        assert not len(graph.query("SELECT ?d { ?d a io:Decision }"))


def test_what_is_no_date(told: Path) -> None:
    for arguments in (
        ("show", "almaty", "--as-of", "yesterday"), ("query", "hosts", "--known-by", "2025-13"), ("diff", "1", "2"),
        ("export", "nquads", "--as-of", "4 March 2025"),
    ):  # fmt: skip
        done = run(*arguments, "--store", told)
        assert done.exit_code == 2
        assert "is no date" in done.stderr
    refused = run("query", "hosts", "--as-of", "2020", "--endpoint", "http://127.0.0.1:1/")
    assert refused.exit_code == 2
