"""How well facts were read: precision, recall and F1 against annotated articles, by kind and language.

A set is JSON: ``{"entities": {ID: {"type", "names", "iso"}}, "articles": [{"id", "lang", "published", "title", "text",
"facts": [{"kind", SLOT: value}]}]}``, where an entity slot holds an id of *entities*.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import UsageError
from kg.graph.sound import stands
from kg.model import KINDS, Article, Entity, Establishment, Fact, PartialDate, Slot, SlotValue
from kg.readers.pair import agreement, pairs

_REMEDY: Final = "give a file of annotated articles: entities, and articles with their facts"


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with the facts that a person found in it."""

    article: Article
    facts: tuple[Fact, ...]


def read_set(path: Path) -> list[Annotated]:
    """The articles of an annotated set.

    Raises:
        UsageError: if the file cannot be read or is no such set.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        entities = {i: _entity(i, e) for i, e in data["entities"].items()}
        return [_annotated(raw, entities, str(path)) for raw in data["articles"]]
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path), remedy="check the name") from error
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise UsageError(f"is no set of annotated articles: {error!r:.120}", where=str(path), remedy=_REMEDY) from error


def _entity(identifier: str, raw: Mapping[str, Any]) -> Entity:
    return Entity(identifier, raw["type"], tuple(raw["names"]), raw.get("iso"), known=False)


def _annotated(raw: Mapping[str, Any], entities: Mapping[str, Entity], source: str) -> Annotated:
    published = PartialDate(raw["published"]) if raw.get("published") else None
    article = Article(raw["id"], raw["lang"], raw.get("title", ""), raw["text"], published, source=source)
    return Annotated(article, tuple(_fact(fact, entities) for fact in raw["facts"]))


def _fact(raw: Mapping[str, Any], entities: Mapping[str, Entity]) -> Fact:
    slots: dict[str, SlotValue] = {}
    for name, slot in KINDS[raw["kind"]].items():
        value = raw.get(name)
        if value in (None, "", []):
            continue
        if slot.many:
            values = value if isinstance(value, list) else [value]
            slots[name] = tuple(_value(slot, one, entities) for one in values)  # type: ignore[assignment]
        else:
            slots[name] = _value(slot, value, entities)
    return Fact(raw["kind"], slots, ())


def _value(slot: Slot, value: Any, entities: Mapping[str, Entity]) -> SlotValue:
    if slot.type == "entity":
        return entities[value]
    if slot.type == "date":
        return PartialDate(value)
    if slot.type == "int":
        return int(value)
    if slot.type == "about" and isinstance(value, dict):
        place = entities[value["place"]] if value.get("place") else None
        return Establishment(entities[value["organization"]], place, value.get("form"))
    return str(value)


@dataclass
class Figures:
    """How many facts, or values of slots, were matched, read and annotated."""

    matched: float = 0.0
    read: int = 0
    annotated: int = 0

    @property
    def precision(self) -> float:
        return self.matched / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass
class Score:
    """The figures of all facts, of each language and kind, and of the slots beside the key.

    Attributes:
        groups: ``all``, ``lang en``, ``kind presence``, … → figures of facts.
        slots: figures of the slots of the facts that were matched.
        quotes: quotes, and those of them that stand in their article letter for letter.
        unread: articles that could not be read.
        missed: article and fact, of those that nobody read.
        wrong: article and fact, of those that are not annotated.
    """

    groups: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    slots: Figures = field(default_factory=Figures)
    quotes: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    missed: list[tuple[str, Fact]] = field(default_factory=list)
    wrong: list[tuple[str, Fact]] = field(default_factory=list)

    def add(self, annotated: Annotated, facts: Sequence[Fact]) -> None:
        """Count the facts that were read in an annotated article."""
        article, golds = annotated.article, annotated.facts
        found = pairs(golds, facts)
        for group in ("all", f"lang {article.lang}"):
            self._count(group, len(found), len(facts), len(golds))
        for kind in KINDS:
            self._count(
                f"kind {kind}",
                sum(golds[i].kind == kind for i, _, _ in found),
                sum(f.kind == kind for f in facts),
                sum(f.kind == kind for f in golds),
            )
        for i, j, _ in found:
            told = agreement(golds[i], facts[j])
            self.slots.matched += told.matched
            self.slots.read += told.second
            self.slots.annotated += told.first
        for fact in facts:
            self.quotes["all"] += 1
            self.quotes["verbatim"] += bool(fact.evidence) and stands(article, fact.evidence[0])
        hit, used = {i for i, _, _ in found}, {j for _, j, _ in found}
        self.missed += [(article.id, fact) for i, fact in enumerate(golds) if i not in hit]
        self.wrong += [(article.id, fact) for j, fact in enumerate(facts) if j not in used]

    def _count(self, group: str, matched: int, read: int, annotated: int) -> None:
        if read or annotated or group == "all":
            figures = self.groups[group]
            figures.matched += matched
            figures.read += read
            figures.annotated += annotated

    def rows(self) -> Iterator[tuple[str, Figures]]:
        """Every group with its figures: all, languages, kinds, slots."""
        languages = sorted(g for g in self.groups if g.startswith("lang "))
        kinds = [f"kind {kind}" for kind in KINDS if f"kind {kind}" in self.groups]
        yield from ((group, self.groups[group]) for group in ("all", *languages, *kinds))
        yield "slots", self.slots
