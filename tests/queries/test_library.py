"""The headers of the questions, and their texts as they stand in the files."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from kg import iris, queries, resources
from kg.errors import KgError, UsageError
from kg.model import LANGUAGES
from kg.queries import bind, parameters
from kg.queries.federate import without_services
from kg.store import Store

LIBRARY = queries.library()
HEAD = "#? title-en: A?\n#? title-ru: А?\n#? title-kk: А?\n#? topic: t\n#? tags: a, b\n"
each = pytest.mark.parametrize("name", sorted(LIBRARY))


def test_there_are_enough_questions() -> None:
    assert len(LIBRARY) >= 45


@each
def test_header_is_complete(name: str) -> None:
    question = LIBRARY[name]
    assert set(question.title) == set(LANGUAGES)
    assert len(set(question.title.values())) == 3
    assert all(title.endswith("?") for title in question.title.values())
    assert re.search("[А-Яа-я]", question.title["ru"])
    assert re.search("[ӘәҒғҚқҢңӨөҰұҮүІі]", question.title["kk"])
    assert question.tags == tuple(dict.fromkeys(question.tags))
    assert all(parameter.help.endswith(".") for parameter in question.parameters)
    for parameter in question.parameters:
        if parameter.type == "concept":
            assert parameter.scheme
        if parameter.type == "lang":
            assert parameter.default == "en"


@each
def test_columns_are_explained(name: str) -> None:
    assert list(LIBRARY[name].columns) == queries.column_names(LIBRARY[name].text)


@each
def test_parameters_are_used(name: str) -> None:
    body = "\n".join(line for line in LIBRARY[name].text.splitlines() if not line.startswith("#?"))
    for parameter in LIBRARY[name].parameters:
        if parameter.name == "limit":
            assert re.search(r"^ *LIMIT [0-9]+ #limit$", body, re.MULTILINE)
        else:
            assert re.search(rf"\?{parameter.name}\b", body)


@each
def test_the_file_runs_as_it_is_and_names_only_what_there_is(name: str, small: Store) -> None:
    text = LIBRARY[name].text
    assert queries.lint(text) == []
    assert queries.lint(LIBRARY[name].sparql(_every_value(LIBRARY[name]), _believe)) == []
    assert isinstance(ox.Store().query(without_services(text)), ox.QuerySolutions)
    assert (LIBRARY[name].service != "") == bool(queries.services(text))
    declared = set(re.findall(r"^PREFIX ([\w-]+):", text, re.MULTILINE))
    body = re.sub(r"^(#|PREFIX).*$", "", text, flags=re.MULTILINE)
    assert declared == {p for p in declared if re.search(rf"(?<![\w:]){p}:", body)}
    assert "ORDER BY" in text


def _every_value(question: queries.Question) -> dict[str, str]:
    """A value for each parameter."""
    samples = {"date": "2020", "int": "1", "text": "a", "lang": "kk"}
    values = {}
    for p in question.parameters:
        if p.type == "entity":
            values[p.name] = f"{(*p.of, 'city')[0]}/x"
        else:
            values[p.name] = sorted(bind.concepts(p.scheme))[0][1] if p.type == "concept" else samples[p.type]
    return values


def _believe(value: str) -> list[str]:
    class_, _, slug = value.partition("/")
    return [iris.article(slug) if class_ == "article" else iris.entity(value)]


def test_every_file_is_a_question() -> None:
    assert {path.stem for path in resources.directory("queries").glob("*.rq")} == set(LIBRARY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * {}", "lacks topic, tags, title-en, title-ru, title-kk"),
        (HEAD + "#? param: place help=Where.\nSELECT * { #values\n}", "declares no parameter"),
        (HEAD + "#? param: place type=thing help=Where.\nSELECT * {}", "declares no parameter"),
        (HEAD + "#? param: place type=entity default='x help=Where.\nSELECT * {}", "cannot be read"),
        (HEAD + "#? param: place type=entity help=Where.\nSELECT * { ?place ?p ?o }", "where the values go"),
        (HEAD + "#? column: place\nSELECT * {}", "no explanation"),
        (HEAD + "#? nothing\nSELECT * {}", "line 6"),
    ],
)
def test_a_wrong_header_is_told(text: str, told: str) -> None:
    with pytest.raises(KgError, match=re.escape(told)):
        queries.parse("mine", text)


def test_values_stand_where_they_are_wanted() -> None:
    text = HEAD + "#? param: a type=int help=A.\n#? param: b type=int default=2 help=B.\n"
    question = queries.parse("mine", text + "SELECT * {\n  #values\n  {\n    #values b\n  }\n}")
    lines = question.sparql({"a": "1"}, lambda name: []).splitlines()
    assert re.findall(r"\?(\w)", lines[-5]) == ["a", "b"]
    assert "?a" not in lines[-3]
    assert "?b" in lines[-3]


def test_nearest() -> None:
    assert queries.nearest("who-is-at")[0] == "who-is-in"
    assert queries.nearest("life-lien")[0] == "life-line"
    assert "count-disagreements" in queries.nearest("disagreement")
    assert queries.nearest("qqqqqqqq") == []


def test_a_misspelt_question_or_parameter_is_told() -> None:
    with pytest.raises(UsageError, match="perhaps: life-line"):
        queries.sparql("lifeline", {})
    with pytest.raises(UsageError, match="did you mean --place"):
        queries.sparql("who-is-in", {"plac": "almaty"})
    with pytest.raises(UsageError, match="--article is missing"):
        queries.sparql("article-says", {})


def test_the_tables_find_what_no_graph_is_needed_for() -> None:
    assert f"<{iris.entity('city/almaty')}>" in queries.sparql("who-is-in", {"place": "Алматы"})
    assert f"<{iris.entity('organization/unicef')}>" in queries.sparql("where-is", {"organization": "ЮНИСЕФ"})


def test_types_of_parameters_are_all_used() -> None:
    assert {p.type for q in LIBRARY.values() for p in q.parameters} == set(parameters.TYPES)


def test_a_limit_is_written_as_digits_and_agrees_with_its_line() -> None:
    question = LIBRARY["most-reported"]
    assert "LIMIT 7 #limit" in question.sparql({"limit": "007"}, _believe)
    assert "LIMIT 100 #limit" in question.sparql({}, _believe)
    limited = [name for name, one in LIBRARY.items() if any(p.name == "limit" for p in one.parameters)]
    assert len(limited) >= 10
    text = question.text.replace("LIMIT 100 #limit", "LIMIT 50 #limit")
    with pytest.raises(KgError, match="limit and the line of it differ"):
        queries.parse("most-reported", text)
