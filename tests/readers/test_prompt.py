"""What a model is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kg.language.tokens import analyse
from kg.model import CONCEPTS, KINDS
from kg.readers.link import Names
from kg.readers.parts import parts
from kg.readers.prompt import instructions, prompt_version, requests
from kg.readers.schema import reply_schema, response_format
from kg.readers.tokens import Price, estimate

Make = Callable[..., Names]


def objects(schema: object) -> list[dict[str, object]]:
    found = []
    if isinstance(schema, dict):
        found += [schema] if schema.get("type") == "object" else []
        found += [o for value in schema.values() for o in objects(value)]
    elif isinstance(schema, list):
        found += [o for value in schema for o in objects(value)]
    return found


def test_the_schema_is_one_that_structured_outputs_take() -> None:
    schema = reply_schema()
    Draft202012Validator.check_schema(schema)
    assert response_format()["json_schema"]["strict"] is True
    assert schema["type"] == "object"
    for one in objects(schema):
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])  # type: ignore[call-overload]


def test_the_schema_has_every_kind_slot_and_concept() -> None:
    facts = reply_schema()["properties"]["facts"]["items"]["anyOf"]
    assert {f["properties"]["kind"]["enum"][0]: set(f["properties"]) - {"kind", "quotes"} for f in facts} == {
        kind: set(slots) for kind, slots in KINDS.items()
    }
    text = json.dumps(reply_schema())
    assert all(f'"{concept}"' in text for concepts in CONCEPTS.values() for concept in concepts)


def test_the_instructions_define_every_kind_and_concept() -> None:
    text = instructions()
    assert all(f"- {kind} (always with " in text for kind in KINDS)
    for scheme, concepts in CONCEPTS.items():
        if scheme != "theme":
            assert all(f"{concept}: " in text for concept in concepts), scheme


def test_the_example_of_the_instructions_follows_the_schema() -> None:
    reply = json.loads(instructions().splitlines()[-1])
    Draft202012Validator(reply_schema()).validate(reply)


def test_a_request_holds_the_article_as_data_and_the_names_in_it(named: Make) -> None:
    (request,) = requests(named("БҰҰ-ның Бас хатшысы Алматыға келді.", lang="kk", title='Сапар: "күн"'))
    system, user = request.messages
    assert (system["role"], user["role"]) == ("system", "user")
    assert system["content"] == instructions()
    content = json.loads(user["content"])
    assert content["text"] == "БҰҰ-ның Бас хатшысы Алматыға келді."
    assert content["title"] == 'Сапар: "күн"'
    assert content["published"] == "2025-03-05"
    assert content["names"]["organization/un"] == "United Nations"
    assert content["names"]["city/almaty"] == "Almaty"


def test_no_question_is_asked_about_an_article_in_another_language(named: Make) -> None:
    assert requests(named("Die UNESCO eröffnet ein Büro.", lang="und")) == []
    assert requests(named("  \n")) == []


def test_parameters_change_the_body(named: Make) -> None:
    (request,) = requests(named("UNESCO opened an office in Almaty."))
    body = request.body("m", {"temperature": None, "seed": 7})
    assert "temperature" not in body
    assert (body["seed"], body["model"]) == (7, "m")


def test_the_version_of_the_prompt_is_of_its_words() -> None:
    assert prompt_version() == prompt_version()
    assert prompt_version().startswith("prompt-")


def test_a_long_text_is_asked_about_in_parts_that_overlap() -> None:
    sentences = [f"Sentence number {n} tells of an office in Almaty." for n in range(400)]
    text = " ".join(sentences)
    cut = parts(text, 4_000, 500)
    assert len(cut) > 4
    position = 0
    for number, part in enumerate(cut):
        start = text.index(part)
        assert len(part) <= 4_000
        assert part in text
        if number:
            assert start < position <= start + 600 + 60  # begins before the end of the one before
        position = start + len(part)
    assert position == len(text)
    assert all(any(sentence in part for part in cut) for sentence in sentences)
    assert all(analyse("", part).sentences for part in cut)


@pytest.mark.parametrize("text", ["x" * 30_000, "word " * 9_000])
def test_a_text_without_sentences_is_cut_too(text: str) -> None:
    cut = parts(text, 5_000, 500)
    assert len(cut) >= 6
    assert all(0 < len(part) <= 5_000 for part in cut)
    assert cut[0] == text[:5_000]
    assert text.endswith(cut[-1])


def test_a_price_is_two_numbers() -> None:
    assert Price.of("0.15,0.60").cost(1_000_000, 500_000) == pytest.approx(0.45)
    for wrong in ("", "1", "a,b", "1,2,3", "-1,2", "nan,1"):
        with pytest.raises(Exception, match="not a price"):
            Price.of(wrong)


def test_the_estimate_lies_above_what_tokenisers_count() -> None:
    # Counts of cl100k_base, the finest of the tokenisers in use.
    for text, tokens in (
        (
            "The World Health Organization opened a regional office in Almaty on 3 March 2025. Its director said that "
            "the staff of forty would serve five countries, and that a laboratory in the same building was still being "
            "furnished.",
            46,
        ),
        ("Всемирная организация здравоохранения открыла региональное бюро в Алматы 3 марта 2025 года.", 47),
        ("Дүниежүзілік денсаулық сақтау ұйымы 2025 жылғы 3 наурызда Алматыда өңірлік бюросын ашты.", 75),
    ):
        assert tokens <= estimate(text) <= 3 * tokens


def test_requests_about_annotated_articles_are_small(named: Make) -> None:
    sets = [Path(__file__).parents[3] / "shared" / "eval" / f"dev.{lang}.json" for lang in ("en", "ru", "kk")]
    if not all(path.exists() for path in sets):
        pytest.skip("the annotated sets are not here")
    for path in sets:
        for a in json.loads(path.read_text(encoding="utf-8"))["articles"]:
            (request,) = requests(named(a["text"], lang=a["lang"], title=a["title"], published=a["published"]))
            content = request.messages[1]["content"]
            fixed = request.tokens - estimate(content)
            assert fixed + estimate(content) * 200 / len(a["text"].split()) < 6_000
