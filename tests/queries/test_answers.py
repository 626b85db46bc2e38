"""What every question answers on the small graph, pinned row by row in ``answers.json``."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from kg import queries
from tests.queries.conftest import HERE, Ask

ANSWERS: dict[str, list[dict[str, Any]]] = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
LISTS = {"who", "by", "parties", "with", "served"}


@pytest.mark.parametrize(
    ("name", "pinned"),
    [pytest.param(name, one, id=f"{name} {one['values']}") for name, line in ANSWERS.items() for one in line],
)
def test_answer(ask: Ask, name: str, pinned: dict[str, Any]) -> None:
    columns, rows = ask(name, pinned["values"])
    assert columns == pinned["columns"]
    assert _steady(columns, rows) == _steady(columns, pinned["rows"])


def _steady(columns: list[str], rows: list[list[str]]) -> list[list[str]]:
    return [
        [", ".join(sorted(c.split(", "))) if n in LISTS else c for n, c in zip(columns, row, strict=True)]
        for row in rows
    ]


def test_every_question_has_pinned_answers_and_most_of_them_rows() -> None:
    # What asks another server is tested with a server of our own, in test_federate.py.
    assert set(ANSWERS) == {name for name, question in queries.library().items() if not question.service}
    empty = [name for name, line in ANSWERS.items() if not any(one["rows"] for one in line)]
    assert empty == []


def test_what_came_of_the_proposal(ask: Ask) -> None:
    """The running example: the centre, the Assembly's decision, 152 votes of 193."""
    columns, rows = ask("what-came-of", {"who": "Қасым-Жомарт Тоқаев"})
    steps = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [step["outcome"] for step in steps] == ["decision", "agreement", "presence"]
    assert {step["proposal"] for step in steps} == {"UN Centre for the Goals"}
    assert steps[0]["by"] == "General Assembly"
    assert (steps[0]["inFavour"], steps[0]["electorate"]) == ("152", "193")
    assert int(steps[0]["days"]) == (dt.date(2025, 3, 4) - dt.date(2019, 9, 24)).days
    assert steps[2]["step"] == "presence/un.regional-centre.almaty"
    assert steps[2]["status"] == "operating"


def test_days_are_counted_as_the_calendar_does(ask: Ask) -> None:
    columns, rows = ask("days-to-opening", {})
    row = dict(zip(columns, rows[0], strict=True))
    assert int(row["days"]) == (dt.date(2025, 8, 3) - dt.date(2019, 9, 24)).days


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2001-04-30", []),
        ("2001-05-01", ["false"]),  # since May 2001: perhaps not yet
        ("2001-06-01", ["true"]),
        ("2009-12-31", ["true"]),
        ("2010-06-01", ["false"]),  # until 2010: perhaps not any more
        ("2010-12-31", ["false"]),
        ("2011", []),
    ],
)
def test_bounds_of_dates(ask: Ask, on: str, expected: list[str]) -> None:
    columns, rows = ask("who-is-in", {"place": "almaty", "on": on})
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    offices = [row for row in found if row["presence"] == "presence/unicef.regional-office.almaty"]
    assert [row["sure"] for row in offices] == expected


def test_what_is_planned_is_nowhere(ask: Ask) -> None:
    for values in ({}, {"on": "2030"}):
        _, rows = ask("who-is-in", {"place": "uz", **values})
        assert [row[-1] for row in rows] == ["presence/unicef.country-office.tashkent"]


@pytest.mark.parametrize(("lang", "expected"), [("en", "United Nations"), ("ru", "ООН"), ("kk", "БҰҰ")])
def test_labels_are_in_the_language_asked_for(ask: Ask, lang: str, expected: str) -> None:
    _, rows = ask("who-is-in", {"place": "almaty", "lang": lang})
    assert expected in [row[0] for row in rows]


def test_a_label_in_another_language_is_better_than_none(ask: Ask) -> None:
    for lang in ("en", "ru", "kk"):
        _, rows = ask("who-is-in", {"place": "bishkek", "lang": lang})
        assert [row[0] for row in rows] == ["Дала қоры"]
    _, rows = ask("moves", {"lang": "kk"})
    assert rows[0][1] == "UNAMA"
