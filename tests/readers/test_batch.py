"""Requests and replies as files of the Batch API."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kg.errors import KgError
from kg.extract.mentions import Reader
from kg.model import Article, PartialDate
from kg.readers.batch import BatchReplies, batch_lines, custom_id
from kg.readers.client import ModelError
from kg.readers.link import Names
from kg.readers.model import ModelReader
from kg.readers.prompt import requests
from tests.readers.test_client import GOOD, TEXT

Make = Callable[..., Names]
LINE = {
    "type": "object",
    "required": ["custom_id", "method", "url", "body"],
    "additionalProperties": False,
    "properties": {
        "custom_id": {"type": "string", "minLength": 1, "maxLength": 64},
        "method": {"const": "POST"},
        "url": {"const": "/v1/chat/completions"},
        "body": {
            "type": "object",
            "required": ["model", "messages", "response_format"],
            "properties": {
                "model": {"type": "string", "minLength": 1},
                "messages": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["role", "content"],
                        "additionalProperties": False,
                        "properties": {
                            "role": {"enum": ["system", "user", "assistant"]},
                            "content": {"type": "string", "minLength": 1},
                        },
                    },
                },
                "temperature": {"type": "number", "minimum": 0, "maximum": 2},
                "max_tokens": {"type": "integer", "minimum": 1},
                "response_format": {
                    "type": "object",
                    "required": ["type", "json_schema"],
                    "properties": {
                        "type": {"const": "json_schema"},
                        "json_schema": {
                            "type": "object",
                            "required": ["name", "strict", "schema"],
                            "properties": {"name": {"pattern": "^[a-zA-Z0-9_-]{1,64}$"}, "strict": {"const": True}},
                        },
                    },
                },
                "stream": False,
            },
        },
    },
}
"""The form of a line of requests, as OpenAI documents it."""


def reply_line(identifier: str, text: str, **choice: Any) -> str:
    message = {"role": "assistant", "content": text}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}]}
    return json.dumps({"custom_id": identifier, "response": {"status_code": 200, "body": body}, "error": None}) + "\n"


def test_requests_have_the_form_of_the_batch_api(named: Make) -> None:
    every = [one for n in range(3) for one in requests(named(f"{TEXT} Number {n}.", id=f"a{n}"))]
    lines = [json.loads(line) for line in batch_lines([*every, every[0]], "m")]
    assert len(lines) == 3
    assert len({line["custom_id"] for line in lines}) == 3
    for line in lines:
        Draft202012Validator(LINE).validate(line)


def test_requests_about_annotated_articles_have_that_form(reader: Reader) -> None:
    sets = [Path(__file__).parents[3] / "shared" / "eval" / f"dev.{lang}.json" for lang in ("en", "ru", "kk")]
    if not all(path.exists() for path in sets):
        pytest.skip("the annotated sets are not here")
    every = []
    for path in sets:
        for a in json.loads(path.read_text(encoding="utf-8"))["articles"]:
            article = Article(a["id"], a["lang"], a["title"], a["text"], PartialDate(a["published"]))
            every += requests(Names(article, reader))
    lines = list(batch_lines(every, "m"))
    assert len(lines) == 30
    for line in lines:
        Draft202012Validator(LINE).validate(json.loads(line))


def test_replies_come_back_in_any_order(reader: Reader, tmp_path: Path) -> None:
    articles = [Article(f"a{n}", "en", "", f"{TEXT} Number {n}.", PartialDate("2025-03-05")) for n in range(3)]
    asked = [requests(Names(article, reader))[0] for article in articles]
    path = tmp_path / "replies.jsonl"
    path.write_text("".join(reply_line(custom_id(one), GOOD) for one in reversed(asked)), encoding="utf-8")
    found = list(ModelReader(BatchReplies.read(path), reader, "m").outcomes(articles))
    assert [o.article.id for o in found] == ["a0", "a1", "a2"]
    assert all(len(o.facts) == 1 and not o.error for o in found)


def test_a_reply_that_is_missing_or_an_error_sets_its_article_aside(reader: Reader, tmp_path: Path) -> None:
    articles = [Article(f"a{n}", "en", "", f"{TEXT} Number {n}.") for n in range(4)]
    asked = [requests(Names(article, reader))[0] for article in articles]
    failed = {"custom_id": custom_id(asked[0]), "response": None, "error": {"code": "x", "message": "it expired"}}
    path = tmp_path / "replies.jsonl"
    path.write_text(
        json.dumps(failed) + "\n" + reply_line(custom_id(asked[1]), GOOD, finish_reason="length")
        + reply_line(custom_id(asked[2]), "no"),
        encoding="utf-8",
    )  # fmt: skip
    errors = [o.error for o in ModelReader(BatchReplies.read(path), reader, "m").outcomes(articles)]
    for error, told in zip(errors, ("it expired", "cut off", "no JSON", "has no reply"), strict=True):
        assert told in error


def test_a_reply_to_another_text_is_not_taken(reader: Reader, tmp_path: Path) -> None:
    old, new = (Article("a", "en", "", text) for text in (TEXT, f"{TEXT} It was mended."))
    path = tmp_path / "replies.jsonl"
    path.write_text(reply_line(custom_id(requests(Names(old, reader))[0]), GOOD), encoding="utf-8")
    with pytest.raises(ModelError, match="has no reply"):
        BatchReplies.read(path).reply(requests(Names(new, reader))[0])


@pytest.mark.parametrize("line", ["{", "[]", '{"custom_id": 3, "response": {}}', '{"custom_id": "a", "url": "x"}'])
def test_a_file_of_another_form_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(reply_line("a", GOOD) + line + "\n", encoding="utf-8")
    with pytest.raises(KgError, match="line 2"):
        BatchReplies.read(path)
    with pytest.raises(KgError, match="cannot be read"):
        BatchReplies.read(tmp_path / "none.jsonl")
