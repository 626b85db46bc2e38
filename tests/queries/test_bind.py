"""Values: what each type takes, what it refuses, and that nothing gets into a query as it came."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from kg import iris, queries
from kg.errors import UsageError
from kg.queries.bind import term
from kg.queries.parameters import Parameter
from kg.store import Store
from tests.queries.hostile import HOSTILE

ALMATY = iris.entity("city/almaty")
LIBRARY = queries.library()


def test_there_are_enough_hostile_values() -> None:
    assert len(set(HOSTILE)) >= 50


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_change_nothing(value: str, small: Store) -> None:
    before = set(small.match())
    for question in LIBRARY.values():
        for parameter in question.parameters:
            if parameter.type == "text":
                continue
            others = _required(question, parameter.name)
            try:
                filled = question.sparql({parameter.name: value, **others}, _gullible(small))
            except UsageError as error:
                assert error.exit_status == 2
                assert str(error).isprintable()
                assert len(str(error)) < 2000
            else:
                # Signs that cannot be seen are no part of a name.
                assert filled == question.sparql({parameter.name: "almaty", **others}, _gullible(small))
    text = LIBRARY["find"].sparql({"text": value}, _gullible(small))
    written = str(ox.Literal(value.strip().encode("utf-8", "replace").decode()))
    plain = LIBRARY["find"].sparql({"text": "plain"}, _gullible(small))
    assert text.replace(written, "…") == plain.replace('"plain"', "…")
    small.query(text)
    assert set(small.match()) == before


def _required(question: queries.Question, but: str) -> dict[str, str]:
    return {p.name: "a-en" for p in question.parameters if p.required and p.name != but}


def _gullible(small: Store) -> queries.Resolve:
    """Finds what there is, and believes in every other value as an IRI."""
    resolve = queries.resolver(small)
    known = {ALMATY}
    return lambda value: resolve(value) or ([] if value in known or _whole(value) else [value])


def _whole(value: str) -> bool:
    """An IRI that is well-formed is no attack; that it names nothing is for the resolver to say."""
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", value))


@pytest.mark.parametrize(
    "value",
    ["city/almaty", "almaty", "Almaty", "ALMATY", "Алматы", "Alma-Ata", ALMATY, "id:city/almaty", " almaty "],
)
def test_an_entity_is_found_by_any_of_its_names(value: str, small: Store) -> None:
    place = Parameter("place", "entity", "Where.", of=("city", "country"))
    assert term(place, value, queries.resolver(small)) == ox.NamedNode(ALMATY)


def test_entities_by_acronym_words_and_article_id(small: Store) -> None:
    resolve = queries.resolver(small)
    assert resolve("UN") == [iris.entity("organization/un")]
    assert resolve("Tokayev") == [iris.entity("person/kassym-jomart-tokayev")]
    assert resolve("мақсаттар орталығы") == [iris.entity("presence/un.regional-centre.almaty")]
    assert resolve("a-en") == [iris.article("a-en")]
    assert resolve("article/a-en") == [iris.article("a-en")]
    assert resolve("nowhere") == []
    assert resolve("") == []


def test_the_id_of_an_article_needs_no_graph() -> None:
    assert f"<{iris.article('a-en')}>" in queries.sparql("article-says", {"article": "a-en"})


def test_what_is_ambiguous_names_the_choices() -> None:
    place = Parameter("place", "entity", "Where.", of=("city", "country"))
    both = [iris.entity("city/singapore"), iris.entity("country/sg"), iris.entity("organization/x")]
    with pytest.raises(UsageError, match="choose one: city/singapore, country/sg") as raised:
        term(place, "Singapore", lambda value: both)
    assert "organization/x" not in str(raised.value)
    many = [iris.entity(f"city/c{n:02}") for n in range(20)]
    with pytest.raises(UsageError, match="and 12 more"):
        term(place, "C", lambda value: many)


def test_what_is_of_another_class_or_unknown_is_told(small: Store) -> None:
    place = Parameter("place", "entity", "Where.", of=("city", "country"))
    with pytest.raises(UsageError, match=r"is no city or country.*organization/unicef"):
        term(place, "unicef", queries.resolver(small))
    with pytest.raises(UsageError, match="names no city or country"):
        term(place, "Atlantis", queries.resolver(small))


@pytest.mark.parametrize(
    ("edge", "value", "day"),
    [
        ("first", "2025", "2025-01-01"),
        ("last", "2025", "2025-12-31"),
        ("first", "2024-02", "2024-02-01"),
        ("last", "2024-02", "2024-02-29"),
        ("first", "2025-03-04", "2025-03-04"),
    ],
)
def test_dates(edge: str, value: str, day: str) -> None:
    on = Parameter("on", "date", "When.", edge=edge)  # type: ignore[arg-type]
    assert term(on, value, list) == ox.Literal(day, datatype=ox.NamedNode(iris.PREFIXES["xsd"] + "date"))


def test_concepts_by_slug_label_and_iri() -> None:
    form = Parameter("form", "concept", "What.", scheme="form")
    expected = ox.NamedNode(iris.concept("form", "regional-centre"))
    for value in ("regional-centre", "Regional Centre", "региональный центр", "өңірлік орталық", expected.value):
        assert term(form, value, list) == expected
    with pytest.raises(UsageError, match="choose one of centre, country-office"):
        term(form, "castle", list)


def test_numbers_languages_texts() -> None:
    assert term(Parameter("n", "int", "N."), "007", list) == ox.Literal(7)
    assert term(Parameter("lang", "lang", "L."), "KK", list) == ox.Literal("kk")
    assert term(Parameter("text", "text", "T."), " a b ", list) == ox.Literal("a b")
    with pytest.raises(UsageError, match="choose en, ru, kk"):
        term(Parameter("lang", "lang", "L."), "xx", list)
    with pytest.raises(UsageError, match="empty"):
        term(Parameter("text", "text", "T."), "  ", list)
