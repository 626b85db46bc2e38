"""Whether the quotes of a fact name its things: a quote that speaks of others is none of this fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from kg.model import Entity, Establishment, Evidence, Fact
from kg.readers.link import Names
from kg.readers.words import find, places, spans_tokens


def things(fact: Fact) -> Iterator[tuple[str, str, Entity]]:
    """The entities of a fact, each with the kind and the slot that it fills; those of ``about`` as of a presence."""
    for slot, value in fact.slots.items():
        if isinstance(value, Establishment):
            yield "presence", "organization", value.organization
            if value.place is not None:
                yield "presence", "place", value.place
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Entity):
                yield fact.kind, slot, one


def unsupported(names: Names, fact: Fact, mentions: Mapping[str, Set[str]]) -> tuple[str, Entity] | None:
    """The first thing of a fact that none of its quotes names, with its slot; None if they name all.

    A quote names what the tables and rules find in it, stand-ins included ("the bank", "there", "the Hungarian
    parliament" count for what the rules take them for), and what the reader says that it calls the thing.

    Args:
        names: the names of the article.
        fact: the fact.
        mentions: how the reader says that the article names the fact's things: id → mentions.
    """
    spans = [tokens(names, span) for span in fact.evidence]
    named = {entity.id for span in spans for entity in named_in(names, span)}
    for _, slot, entity in things(fact):
        if entity.id in named or any(find(e.quote, m) for m in mentions.get(entity.id, ()) for e in fact.evidence):
            continue
        stands = (place for name in entity.names for place in places(names.document, name, names.article.lang))
        if not any(first <= start and end <= last for start, end in stands for first, last in spans):
            return slot, entity
    return None


def named_in(names: Names, span: tuple[int, int]) -> Iterator[Entity]:
    """What the tokens ``[first, last)`` name."""
    first, last = span
    for mention in (*names.reading.mentions, *names.reading.inside):
        if first <= mention.first and mention.last <= last:
            yield from names.meanings(mention)


def tokens(names: Names, span: Evidence) -> tuple[int, int]:
    """The tokens ``[first, last)`` of a quote."""
    return spans_tokens(names.document, span.start, span.end, title=span.where == "title")


def with_before(names: Names, span: tuple[int, int]) -> tuple[int, int]:
    """The tokens of a quote and of the sentence before: "three work in Bonn, the rest in Geneva" goes with it."""
    first, last = span
    sentences = names.document.sentences
    sentence = names.document.sentence_of[first] if first < last else 0
    if sentence and sentences[sentence - 1].title == sentences[sentence].title:
        first = sentences[sentence - 1].first
    return first, last
