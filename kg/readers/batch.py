"""Requests and replies as files, in the JSON lines of the OpenAI Batch API.

A line of requests is ``{"custom_id", "method": "POST", "url": "/v1/chat/completions", "body"}``, a line of replies
``{"custom_id", "response": {"status_code", "body"}, "error"}``, in any order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg import iris
from kg.errors import KgError
from kg.readers.client import ModelError
from kg.readers.prompt import Request
from kg.readers.reply import ReplyError, raw_facts

URL: Final = "/v1/chat/completions"
MAX_REQUESTS: Final = 50_000
"""Requests that the Batch API takes in one file."""
MAX_BYTES: Final = 200_000_000


def custom_id(request: Request) -> str:
    """The name of a request in a batch: article, part, and a digest of what is asked.

    A reply to another wording of the prompt, or to another text of the article, does not fit it.
    """
    return f"{iris.digest(request.article, length=16)}-{request.part}-{request.key}"


def batch_lines(requests: Iterable[Request], model: str, parameters: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The lines of a file of requests, with their line ends.

    Args:
        requests: the requests; one that is asked twice is written once.
        model: name of the model.
        parameters: further members of the bodies, as for :meth:`kg.readers.prompt.Request.body`.
    """
    written: set[str] = set()
    for request in requests:
        identifier = custom_id(request)
        if identifier not in written:
            written.add(identifier)
            body = request.body(model, parameters)
            line = {"custom_id": identifier, "method": "POST", "url": URL, "body": body}
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True, slots=True)
class BatchReplies:
    """The replies of a batch by the names of their requests."""

    replies: Mapping[str, Any]
    where: str

    @classmethod
    def read(cls, path: Path) -> BatchReplies:
        """From a file of replies.

        Raises:
            KgError: if the file cannot be read, or a line is none of a batch.
        """
        found: dict[str, Any] = {}
        try:
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        entry = _entry(line, f"{path}, line {number}")
                        found[entry["custom_id"]] = entry
        except (OSError, UnicodeDecodeError) as error:
            told = getattr(error, "strerror", None) or str(error)
            raise KgError(f"cannot be read: {told}", where=str(path), remedy="check the name") from error
        return cls(found, str(path))

    def reply(self, request: Request) -> str:
        """The reply to a request.

        Raises:
            ModelError: if the file has none, or an error in its place.
            ReplyError: if nothing can be read of it.
        """
        entry = self.replies.get(custom_id(request))
        if entry is None:
            raise ModelError(
                f"{self.where} has no reply to it (the article, the tables or the prompt may have changed since)",
                remedy="write a new file with --write-batch",
            )
        try:
            response = entry["response"]
            choice = response["body"]["choices"][0]
            text, end = choice["message"]["content"], choice.get("finish_reason")
        except (KeyError, IndexError, TypeError, AttributeError):
            raise ModelError(f"{self.where} has an error in the place of a reply: {_error(entry)}") from None
        if not isinstance(text, str):
            raise ModelError(f"the model declined to read the article, says {self.where}")
        if end == "length":
            raise ReplyError("the reply is cut off", remedy="ask for it again, or ask another model")
        raw_facts(text)
        return text


def _entry(line: str, where: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("custom_id"), str) or "response" not in entry:
        raise KgError(
            "is no reply of a batch",
            where=where,
            remedy="each line is {custom_id, response, error}; take the output file",
        )
    return entry


def _error(entry: Mapping[str, Any]) -> str:
    response = entry.get("response")
    body = response.get("body") if isinstance(response, dict) else None
    for error in (entry.get("error"), body.get("error") if isinstance(body, dict) else None):
        if isinstance(error, dict) and isinstance(error.get("message"), str):
            return " ".join(error["message"].split())[:200]
    return "no text in it"
