"""What the rules read, with confidence, out of the quotes of a fact in the place of one of its things.

"UNICEF has an office in Astana and WHO one in Baku" names UNICEF and Baku; that they belong together is what the rules
weigh and find hardly likely, beside UNICEF in Astana. A fact that they would not have found is not refused for that:
only where they weigh it and hold another filler of one of its parts to be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.extract.candidates import Candidate
from kg.model import Entity, Fact
from kg.readers.link import Names
from kg.readers.pair import same_entity
from kg.readers.support import tokens

UNLIKELY: Final = 0.05
"""Up to this probability the rules hold a reading to be hardly possible."""
LIKELY: Final = 0.88
"""From this probability the rules hold a rival of such a reading to be meant."""
_PARTS: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("organization", "place"),
    "relocation": ("organization", "to"),
    "membership": ("member", "organization"),
    "tenure": ("person", "of"),
    "decision": ("body",),
    "proposal": ("proposer",),
    "count": ("place",),
    "agreement": ("parties",),
}
_SAME: Final = {"presence": "form", "tenure": "position", "decision": "instrument", "count": "value"}
"""Slot in which two readings must agree to be rivals for one of the others."""


def contrary(names: Names, fact: Fact) -> tuple[str, str] | None:
    """The slot of a fact that the rules fill otherwise, with what they put there; None if they do not contradict it.

    Args:
        names: the names of the article.
        fact: the fact; what counts are the sentences that its quotes touch.
    """
    parts = {slot: found for slot in _PARTS[fact.kind] if (found := _entities(fact.get(slot)))}
    own, rival, instead = -1.0, -1.0, ("", "")
    for candidate, probability in _quoted(names, fact):
        apart = [slot for slot, ours in parts.items() if not _is(names, candidate, slot, ours)]
        same = _agrees(candidate, fact)
        if not apart and (same or candidate.bare):
            own = max(own, probability)
        elif len(apart) == 1 and same and probability > rival:
            theirs = _filler(candidate, apart[0])
            if not _within(names, theirs, parts[apart[0]]):
                rival, instead = probability, (apart[0], theirs)
    return instead if 0 <= own <= UNLIKELY and rival >= LIKELY else None


def _quoted(names: Names, fact: Fact) -> Iterator[tuple[Candidate, float]]:
    sentence_of = names.document.sentence_of
    sentences = {sentence_of[i] for span in fact.evidence for i in range(*tokens(names, span))}
    return ((c, p) for c, p in names.weighed if c.kind == fact.kind and c.sentence in sentences)


def _entities(value: object) -> tuple[Entity, ...]:
    return tuple(v for v in (value if isinstance(value, tuple) else (value,)) if isinstance(v, Entity))


def _is(names: Names, candidate: Candidate, slot: str, ours: tuple[Entity, ...]) -> bool:
    """Whether a candidate has one of *ours* in a slot; two things with a name in common are one here."""
    theirs = _filler(candidate, slot)
    if any(theirs == one.id for one in ours):
        return True
    mention = candidate.fillers.get("party" if slot == "parties" else slot)
    return mention is not None and mention.entity.id == theirs and any(same_entity(mention.entity, o) for o in ours)


def _within(names: Names, place: str, ours: tuple[Entity, ...]) -> bool:
    """Whether a place is a city of the country that the fact has, or the other way round."""
    country_of = names.reader.knowledge.country_of
    return any(country_of.get(place) == one.id or country_of.get(one.id) == place for one in ours)


def _filler(candidate: Candidate, slot: str) -> str:
    slot = "party" if slot == "parties" else slot
    if slot in candidate.values:  # a country that only its city stands for
        return str(candidate.values[slot])
    return candidate.fillers[slot].entity.id if slot in candidate.fillers else ""


def _agrees(candidate: Candidate, fact: Fact) -> bool:
    slot = _SAME.get(fact.kind, "")
    return slot not in candidate.values or candidate.values[slot] == fact.get(slot)
