"""The names of a reply, found in the article and linked by the tables; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kg import iris
from kg.extract.candidates import Candidate
from kg.extract.long import LONGEST
from kg.extract.mentions import Reader
from kg.extract.names import is_acronym
from kg.extract.reading import Mention, Reading
from kg.extract.refusal import RefusedError
from kg.extract.weighing import weighed
from kg.language.tokens import Document
from kg.model import Article, Entity
from kg.readers.moments import Dates, dates_of
from kg.readers.words import explains, find_all, places, plain, respelt, same_name, spans_tokens, words_of, written
from kg.reference import Reference


@dataclass
class Names:
    """The names of one article.

    Attributes:
        article: the article.
        reader: finds names of the tables.
    """

    article: Article
    reader: Reader
    _linked: dict[tuple[str, str, str], Entity] = field(default_factory=dict)

    @cached_property
    def reading(self) -> Reading:
        """The article with the mentions, dates, numbers and triggers that the tables and rules find."""
        return self.reader.read(self.article)

    @cached_property
    def dates(self) -> Dates:
        """The dates that the article gives, as precise as it gives them (ISO 8601), and the sentences that do."""
        return dates_of(self.reading)

    @cached_property
    def weighed(self) -> list[tuple[Candidate, float]]:
        """What the rules could read out of the article, and how likely each is; nothing for a very long one."""
        long = len(self.article.text) > LONGEST
        return [] if long else weighed(self.reading, self.reader.knowledge)

    @property
    def document(self) -> Document:
        return self.reading.document

    @property
    def reference(self) -> Reference:
        return self.reader.reference

    def link(self, value: Mapping[str, Any]) -> Entity:
        """The entity of ``{"mention", "is", "type"}``.

        Raises:
            RefusedError: if the mention does not stand in the article (``name``), or means something else than is
                said by the article and the tables (``link``), or is of another type (``type``).
        """
        mention, name, kind = plain(value["mention"]), plain(value["is"]), str(value["type"])
        key = (mention, name, kind)
        if key not in self._linked:
            self._linked[key] = self._link(mention, name, kind)
        return self._linked[key]

    def _link(self, mention: str, name: str, kind: str) -> Entity:
        spans = list(self._spans(mention)) or list(written(self.document, mention))
        if not spans:
            raise RefusedError("name", f'"{mention}" does not stand in the article')
        if not name:
            raise RefusedError("link", f'"{mention}" is said to be nothing')
        entity = self._session(name, spans) or self._of_tables(mention, name, spans)
        if entity is not None and kind == "event" and entity.type == "organization":
            entity = None  # a session of a body is called like the body: "proposed at the Executive Council"
        entity = entity or self._of_article(mention, name, kind, spans)
        if entity.type != kind:
            raise RefusedError("type", f'"{name}" is of type {entity.type}, not {kind}')
        return entity

    def _spans(self, mention: str) -> Iterator[tuple[int, int]]:
        for title, text in ((False, self.article.text), (True, self.article.title)):
            for start, end in find_all(text, mention):
                yield spans_tokens(self.document, start, end, title=title)

    def _same(self, a: str, b: str) -> bool:
        """Whether two names are the same by the words of this article, in whichever script it has them."""
        document, lang = self.document, self.article.lang
        return same_name(a, b, lang) or same_name(respelt(document, a), respelt(document, b), lang)

    def candidates(self, spans: list[tuple[int, int]]) -> dict[str, Entity]:
        """What the tables let the words at *spans* mean: id → entity, those that cover the words best first."""
        found: dict[str, tuple[int, Entity]] = {}
        for first, last in spans:
            for one in (*self.reading.mentions, *self.reading.inside):
                if one.first >= last or one.last <= first:
                    continue
                gap = abs(one.first - first) + abs(one.last - last)
                for entity in self.meanings(one):
                    if entity.id not in found or gap < found[entity.id][0]:
                        found[entity.id] = (gap, entity)
        return {i: e for i, (_, e) in sorted(found.items(), key=lambda item: item[1][0])}

    def meanings(self, mention: Mention) -> Iterator[Entity]:
        """What a mention may mean: itself, things of the same name, and the body that an establishment belongs to."""
        for one in (mention, *mention.others):
            yield one.entity
            for rival in one.rivals:
                yield self.reader.entity(rival)
            for parents in (self.reader.parent_of, self.reading.parents):
                if one.entity.id in parents:
                    yield parents[one.entity.id][0]

    def _of_tables(self, mention: str, name: str, spans: list[tuple[int, int]]) -> Entity | None:
        """The entity of the tables that *name*, an id or a name, means; None if the tables do not have it.

        Raises:
            RefusedError: if the tables have it and the mention cannot mean it.
        """
        possible = self.candidates(spans)
        if name in possible and possible[name].known:
            return possible[name]
        entry = self.reference.get(name) if "/" in name else None
        if "/" in name and entry is None and name.partition("/")[0] in _CLASSES:
            raise RefusedError("link", f"no table has {name}")
        if entry is not None:
            texts = [t for by_lang in (entry.names, entry.adjectives) for found in by_lang.values() for t in found]
            if any(self._same(text, mention) for text in texts):
                return self.reader.entity(entry.id)
            raise RefusedError("link", f'"{mention}" does not mean {entry.id}')
        wanted = {words_of(name), words_of(respelt(self.document, name))}
        for entity in possible.values():
            if entity.known and any(words_of(known) in wanted for known in entity.names):
                return entity
        return None

    def _names(self, identifier: str) -> bool:
        return any(e.id == identifier for m in self.reading.mentions for e in self.meanings(m))

    def _session(self, name: str, spans: list[tuple[int, int]]) -> Entity | None:
        """The session of the UN General Assembly of that id, if its number and the word assembly stand at *spans*."""
        number = name.removeprefix("event/unga-")
        if number == name or not number.isdecimal() or not self._names("organization/un-general-assembly"):
            return None
        for first, last in spans:
            low = self.document.low[first:last]
            called = any(w.startswith(("assembl", "ассамбле", "генассамбле")) for w in low)
            if called and any(w.startswith(number) and not w[len(number) : len(number) + 1].isdecimal() for w in low):
                return session(self.reference, int(number))
        return None

    def _of_article(self, mention: str, name: str, kind: str, spans: list[tuple[int, int]]) -> Entity:
        """The entity, in no table, that the article names.

        Raises:
            RefusedError: if the tables know the mention as something else, or nothing in the article gives the name.
        """
        exact = [
            m for m in self.reading.mentions
            if m.how == "name" and m.entity.known and (m.first, m.last) in spans and m.type == kind
        ]  # fmt: skip
        if exact:
            raise RefusedError("link", f'"{mention}" means {exact[0].entity.id} in the tables, not "{name}"')
        wanted = {words_of(name), words_of(respelt(self.document, name))}
        for found in self.candidates(spans).values():
            # A name that the rules make of the article: "Senate of Kazakhstan" of "the Senate" in news from Astana.
            if not found.known and found.type == kind and any(words_of(n) in wanted for n in found.names):
                return found
        if not self._given(mention, name):
            why = "spells the acronym out" if is_acronym(mention) else "is not what stands there"
            raise RefusedError("link", f'"{name}" for "{mention}" {why}: neither the article nor the tables give it')
        for one in self.reading.mentions:
            if one.type == kind and not one.entity.known and (one.first, one.last) in spans:
                names = tuple(dict.fromkeys((name, *one.entity.names, mention)))
                return Entity(one.entity.id, one.entity.type, names, known=False)
        slug = iris.slug(name) or iris.digest(name)
        return Entity(f"{kind}/x-{slug}", kind, tuple(dict.fromkeys((name, mention))), known=False)  # type: ignore[arg-type]

    def _given(self, mention: str, name: str) -> bool:
        """Whether the article gives *name* for what it calls *mention*."""
        lang = self.article.lang
        if self._same(mention, name):
            return True
        if explains(self.document, name, mention, lang) or explains(self.document, mention, name, lang):
            return True
        # A part of a name that the article gives in full: a family name, "the Union".
        words = words_of(name)
        return (
            len(words) > 1
            and any(self._same(mention, word) for word in words if len(word) > 2)
            and next(places(self.document, name, lang), None) is not None
        )


def session(reference: Reference, number: int) -> Entity:
    """Session *number* of the UN General Assembly."""
    entry = reference.session(number)
    return Entity(entry.id, "event", tuple(n for names in entry.names.values() for n in names))


_CLASSES = frozenset({"organization", "country", "city", "region", "person", "event", "group"})
