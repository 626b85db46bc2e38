"""What a model is asked: the contract once, and the article with the names that the tables find in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from kg import iris
from kg.extract.reading import Reading
from kg.graph import ontology_quads
from kg.graph.terms import CLASSES
from kg.model import CONCEPTS, KINDS, LANGUAGES, Article
from kg.readers.link import Names
from kg.readers.parts import parts
from kg.readers.schema import reply_schema, response_format
from kg.readers.tokens import estimate

_CONTRACT: Final = Path(__file__).with_name("contract.yaml")
_DEFINITION: Final = iris.PREFIXES["skos"] + "definition"
_UNEXPLAINED: Final = frozenset({"theme"})
"""Schemes whose concepts say in their names what they mean."""
_NAMED: Final = frozenset({"organization", "country", "city", "region", "person", "event"})
REPLY_TOKENS: Final = 8_000
"""Tokens of a reply at the most; a fact takes about 150."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model.

    Attributes:
        article: id of the article.
        part: number of the part of it, from 0.
        messages: the messages of the chat.
        tokens: an upper estimate of the tokens sent, the schema included.
        reply_tokens: an estimate of the tokens that come back.
    """

    article: str
    part: int
    messages: tuple[Mapping[str, str], ...]
    tokens: int
    reply_tokens: int

    @property
    def key(self) -> str:
        """A digest of what is asked, without the model that is asked."""
        return iris.digest(prompt_version(), *(m["content"] for m in self.messages), length=32)

    def body(self, model: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The body of the chat request, as ``/v1/chat/completions`` takes it.

        Args:
            model: name of the model.
            parameters: further members of the body, or other values of these; None takes one away.
        """
        body = {
            "model": model,
            "messages": [dict(message) for message in self.messages],
            "temperature": 0,
            "max_tokens": REPLY_TOKENS,
            "response_format": response_format(),
            **(parameters or {}),
        }
        return {name: value for name, value in body.items() if value is not None}


@cache
def instructions() -> str:
    """What every request begins with: the task, the kinds and concepts as the ontology defines them, the decisions."""
    contract = _contract()
    lines = [contract["task"], "", "Form:", *_listed(contract["form"]), "", "Kinds of fact:"]
    definitions = _definitions()
    for kind, slots in KINDS.items():
        key = ", ".join(name for name, slot in slots.items() if slot.key)
        lines.append(f"- {kind} (always with {key}): {definitions[iris.term(CLASSES[kind])]} {contract['slots'][kind]}")
    lines += ["", "Values:"]
    for scheme, concepts in CONCEPTS.items():
        if scheme not in _UNEXPLAINED:
            told = "; ".join(f"{c}: {definitions[iris.concept(scheme, c)].rstrip('.')}" for c in concepts)
            lines.append(f"- {_slot_of(scheme)}. {told}.")
    lines += ["", "Decisions:", *_listed(contract["decisions"]), "", "Example, with made-up names:"]
    lines += [_compact(contract["example"]["article"]), _compact({"facts": contract["example"]["facts"]})]
    return "\n".join(lines)


@cache
def prompt_version() -> str:
    """A name for what every request says beside the article; another wording or schema gives another."""
    return "prompt-" + iris.digest(instructions(), json.dumps(reply_schema(), sort_keys=True), length=12)


def requests(names: Names) -> list[Request]:
    """The questions about an article: one, or one for each part of a long one.

    Args:
        names: the article and its names; an article in another language than the three gives no question.
    """
    article = names.article
    if article.lang not in LANGUAGES or not (article.text.strip() or article.title.strip()):
        return []
    fixed = estimate(instructions()) + estimate(_compact(reply_schema()))
    found = []
    cut = parts(article.text)
    for number, text in enumerate(cut):
        reading = names.reading if len(cut) == 1 else names.reader.read(_part(article, text))
        content = _compact(
            {
                "published": str(article.published) if article.published else None,
                "title": article.title,
                "text": text,
                "names": _known(reading),
            }
        )
        messages = ({"role": "system", "content": instructions()}, {"role": "user", "content": content})
        found.append(Request(article.id, number, messages, fixed + estimate(content), 150 + estimate(text)))
    return found


def _part(article: Article, text: str) -> Article:
    return Article(article.id, article.lang, article.title, text, article.published)


def _known(reading: Reading) -> dict[str, str]:
    """The things of the tables that an article names: id → the name by which it is best known."""
    found: dict[str, str] = {}
    for mention in sorted(reading.mentions + reading.inside, key=lambda m: m.first):
        for one in (mention, *mention.others):
            if one.entity.known and one.type in _NAMED and "/x-" not in one.entity.id and one.entity.names:
                found.setdefault(one.entity.id, one.entity.names[0])
    return found


def _contract() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_CONTRACT.read_text(encoding="utf-8"))
    return loaded


def _listed(lines: Iterable[str]) -> list[str]:
    return [f"- {line.strip()}" for line in lines]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _definitions() -> dict[str, str]:
    """IRI → its definition in English."""
    found = {}
    for quad in ontology_quads():
        language = getattr(quad.object, "language", None)
        if quad.predicate.value == _DEFINITION and language == "en":
            found[str(getattr(quad.subject, "value", ""))] = str(getattr(quad.object, "value", ""))
    return found


def _slot_of(scheme: str) -> str:
    return next(name for slots in KINDS.values() for name, slot in slots.items() if slot.scheme == scheme)
