"""Replies as a careful reader would write them, made from the annotations of an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.extract.guards import stopped
from kg.extract.refusal import RefusedError
from kg.model import CONCEPTS, KINDS, Article, Entity, Fact, PartialDate
from kg.readers.gate import TELLING, numbers, refusal
from kg.readers.link import Names
from kg.readers.reply import propose
from kg.readers.support import named_in
from kg.readers.words import as_it_stands, find, places, spans_tokens, words_of

Json = dict[str, Any]


def articles(path: Path) -> Iterator[tuple[Article, list[Json], Json]]:
    """Each article of an annotated set, its facts, and the entities of the set."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for raw in data["articles"]:
        published = PartialDate(raw["published"]) if raw.get("published") else None
        yield Article(raw["id"], raw["lang"], raw["title"], raw["text"], published), raw["facts"], data["entities"]


def through(names: Names, raw: Any) -> Fact:
    """The fact that passes, else the refusal is raised."""
    proposed = propose(names, raw, "m")
    why = refusal(names, proposed.fact, proposed.mentions)
    if why is not None:
        raise why
    return proposed.fact


def _annotated_is(gold: Json, found: Entity) -> bool:
    if gold.get("iso") and found.iso:
        return bool(gold["iso"] == found.iso)
    if len({gold["type"], found.type} & {"city", "country", "region"}) == 2:
        return False
    return bool({words_of(n) for n in gold["names"]} & {words_of(n) for n in found.names})


def _identifiers(gold: Json, entities: Json) -> set[str]:
    values = [v for value in gold.values() for v in (value if isinstance(value, list) else [value])]
    return {v for v in values if isinstance(v, str) and v in entities}


def linked(reply: Json) -> Iterator[Json]:
    """The entities of a reply's fact, those of ``about`` included."""
    for value in reply.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from [one] if "mention" in one else linked(one)


class Writer:
    """Writes replies about one article from its annotations."""

    def __init__(self, names: Names, entities: Json) -> None:
        self.names = names
        self.entities = entities
        self.unnamed: set[str] = set()

    def entity(self, identifier: str, near: str = "") -> Json | None:
        """The entity as the reply form has it, or None if the article has none of its names."""
        gold, names = self.entities[identifier], self.names
        mentions = sorted((*names.reading.mentions, *names.reading.inside), key=lambda m: m.how not in ("name", "new"))
        possible = [
            (m, e) for m in mentions for e in names.meanings(m) if e.type == gold["type"] and _annotated_is(gold, e)
        ]
        # An organ may be annotated with its organisation's name as well, after its own.
        own = words_of(gold["names"][0])
        for mention, one in sorted(possible, key=lambda found: own not in map(words_of, found[1].names)):
            text = as_it_stands(names.document, mention.first, mention.last)
            return {"mention": text, "is": one.id if one.known else one.names[0], "type": gold["type"]}
        for name in gold["names"]:
            for first, last in places(names.document, name, names.article.lang):
                text = as_it_stands(names.document, first, last)
                return {"mention": text, "is": name, "type": gold["type"]}
        self.unnamed.add(identifier)
        return None

    def fact(self, gold: Json) -> Json | None:
        """The fact as the reply form has it; None if the article does not name something of its key."""
        found: Json = {"kind": gold["kind"], "quotes": []}
        for slot, described in KINDS[gold["kind"]].items():
            value = gold.get(slot)
            if value is None:
                found[slot] = [] if described.many else None
            elif described.type == "entity":
                values = [self.entity(v) for v in (value if isinstance(value, list) else [value])]
                if described.key and None in values:
                    return None
                kept = [v for v in values if v is not None]
                found[slot] = kept if described.many else (kept[0] if kept else None)
            elif described.type == "about":
                found[slot] = self._about(value)
            elif described.type == "text" and slot == "name":
                found[slot] = value if next(places(self.names.document, value, self.names.article.lang), None) else None
            elif described.type == "concept" and described.many:
                found[slot] = [v for v in value if v in CONCEPTS[described.scheme]]
            else:
                found[slot] = value
        found["quotes"] = self.quotes(gold, found)
        return found

    def quotes(self, gold: Json, reply: Json) -> list[str]:
        """The quote that states the fact, and for each thing that it does not name the nearest sentence that does."""
        names, document = self.names, self.names.document
        quotes = [self.quote(gold)]
        home = self._sentence(quotes[0])
        for one in linked(reply):
            try:
                entity = names.link(one)
            except RefusedError:
                continue  # the gate will tell
            if any(self._names(entity.id, one["mention"], quote) for quote in quotes):
                continue
            near = sorted(range(len(document.sentences)), key=lambda n: (abs(n - home), n))
            quotes += [q for n in near if self._names(entity.id, one["mention"], q := document.span(n)[0])][:1]
        dates = [str(reply[s]) for s, d in KINDS[reply["kind"]].items() if d.type == "date" and reply[s]]
        return list(dict.fromkeys((*quotes, *(document.span(n)[0] for d in dates for n in self._dating(d, home)))))

    def _dating(self, date: str, home: int) -> list[int]:
        """The sentence nearest to *home* that gives a month or a day, if none beside it does."""
        giving = {n for d, where in self.names.dates.items() if d.startswith(date) for n in where}
        nearest = sorted(giving, key=lambda n: (abs(n - home), n))[:1]
        return nearest if len(date) > len("2025") and not giving & {home - 1, home, home + 1} else []

    def _sentence(self, quote: str) -> int:
        spans = [self.names.document.span(n)[0] for n in range(len(self.names.document.sentences))]
        return next((n for n, text in enumerate(spans) if quote in text or text in quote), 0)

    def _names(self, identifier: str, mention: str, quote: str) -> bool:
        names = self.names
        for text, title in ((names.article.text, False), (names.article.title, True)):
            if (found := find(text, quote)) is not None:
                span = spans_tokens(names.document, *found, title=title)
                return bool(find(quote, mention)) or any(e.id == identifier for e in named_in(names, span))
        return False

    def quote(self, gold: Json) -> str:
        """The annotated quote; where there is none, the sentence that names and tells most of the fact."""
        if gold.get("evidence"):
            return str(gold["evidence"]["quote"])
        names, best = self.names, (-1, "")
        wanted = [self.entities[v] for v in _identifiers(gold, self.entities)]
        for number in range(len(names.document.sentences)):
            row = names.reading.by_sentence[number]
            score = sum(any(_annotated_is(w, e) for m in row for e in names.meanings(m)) for w in wanted) * 10
            score += 5 * any(t.name == f"title.{gold.get('position')}" for t in names.reading.triggers_of[number])
            inside = names.document.sentences[number]
            score += 25 * any(gold[s] in numbers(names, (inside.first, inside.last)) for s in ("value",) if gold.get(s))
            told = [t for t in names.reading.triggers_of[number] if t.name.startswith(TELLING[gold["kind"]])]
            score += (
                min(len(told), 3) + 15 * bool(told) + 2 * any(not stopped(names.reading, t.first, t.last) for t in told)
            )
            if score > best[0]:
                best = (score, names.document.span(number)[0])
        return best[1]

    def _about(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return None  # a phrase of the annotator in English, which the article does not have
        organization = self.entity(value["organization"])
        place = self.entity(value["place"]) if value.get("place") else None
        return organization and {"organization": organization, "place": place, "form": value.get("form")}
