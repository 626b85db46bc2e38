"""One letter in a long name is forgiven, and nothing more."""

from __future__ import annotations

import pytest

from kg.extract.typos import Typos, one_edit
from tests.extract.conftest import Read, spans


@pytest.mark.parametrize("word", ["organizaton", "organizzation", "organisation", "orgnaization"])
def test_one_edit(word: str) -> None:
    assert one_edit(word, "organization")
    assert Typos(["organization", "cooperation"]).meant(word) == ("organization",)


@pytest.mark.parametrize("word", ["organization", "organizatn", "origanizaton", "cooperaton", "or"])
def test_no_edit_or_more_than_one(word: str) -> None:
    assert not one_edit(word, "organization")
    assert Typos(["organization"]).meant(word) == ()


@pytest.mark.parametrize(
    ("lang", "text", "identifier"),
    [
        ("en", "The Shanghai Cooperation Organizaton met.", "organization/sco"),
        ("ru", "Всемирная органзация здравоохранения открыла офис.", "organization/who"),
        ("kk", "Дүниежузілік денсаулық сақтау ұйымының кеңсесі ашылды.", "organization/who"),
    ],
)
def test_a_long_name_with_one_error(read: Read, lang: str, text: str, identifier: str) -> None:
    assert identifier in {i for _, i, _ in spans(read(lang, text), "organization")}


@pytest.mark.parametrize("text", ["The Shangai Cooperation Organizaton met.", "Organizaton is all.", "Kazakhstn met."])
def test_two_errors_and_short_names_are_not_forgiven(read: Read, text: str) -> None:
    assert [
        i for _, i, _ in spans(read("en", text), "organization", "country") if not i.startswith("organization/x-")
    ] == []
