"""Whether the words of the quotes give a thing of a fact another part than the fact gives it.

Only what the language settles is looked at: of what type the filler of a part can be, from where to where a name's case
or preposition leads, which title stands in a quote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extract.reading import Mention
from kg.model import Entity, Evidence, Fact
from kg.readers.link import Names
from kg.readers.support import tokens, with_before
from kg.readers.words import words_of

_BODY: Final = frozenset({"organization", "group"})
_OF: Final[dict[str, frozenset[str]]] = {
    "head-of-state": frozenset({"country"}),
    "head-of-government": frozenset({"country"}),
    "foreign-minister": frozenset({"country"}),
    "minister": frozenset({"country"}),
    "resident-coordinator": frozenset({"country"}),
    "secretary-general": _BODY,
}
"""Position → what it is held in or of, where the position says so."""
_TITLES: Final[dict[str, tuple[str, ...]]] = {
    "head-of-state": ("title.head-of-state",),
    "head-of-government": ("title.head-of-government", "v.head", "title.minister"),
    "foreign-minister": ("title.foreign-minister", "title.minister", "org.government"),
    "minister": ("title.minister", "title.foreign-minister", "org.government", "title.secretary-general", "v.head"),
    "deputy": ("title.deputy", "title.foreign-minister", "title.minister"),
    "resident-coordinator": ("title.resident-coordinator", "title.official"),
    "ambassador": ("title.ambassador", "title.representative"),
}
"""Position → classes of trigger words, one of which a quote must have; any title or verb of leading does for others."""
_BACK: Final = {
    "en": ("back", "return", "home"),
    "ru": ("обратно", "верн", "возвра", "назад"),
    "kk": ("қайта", "оралы", "оралды", "кері"),
}
"""Beginnings of words for a move to where one came from: who goes back to the place that was left is named once."""
_NATIONAL: Final = frozenset({"national-body", "company-or-foundation"})
_ANY: Final = ("title.", "v.head", "v.chair", "v.succeed", "v.elect", "n.chair")


def misplaced(names: Names, fact: Fact) -> str:
    """What the quotes of a fact say against the part that it gives one of its things; ``""`` if nothing does."""
    if fact.kind == "membership" and not _is(fact, "organization", _BODY):
        return "a member belongs to a body, not to a country or a person"
    if fact.kind == "decision" and not _is(fact, "body", _BODY):
        return "what decides is a body"
    if fact.kind == "relocation":
        return _direction(names, fact)
    if fact.kind == "tenure":
        return _title(names, fact)
    if fact.kind == "presence":
        return _establishment(names, fact)
    return ""


def _is(fact: Fact, slot: str, types: frozenset[str]) -> bool:
    entity = fact.get(slot)
    return isinstance(entity, Entity) and entity.type in types


def _direction(names: Names, fact: Fact) -> str:
    """A move from the place to which it went, or to the place that was left, by the cases of both names."""
    to, left = fact.get("to"), fact.get("from")
    first, last = tokens(names, fact.evidence[0])
    words = names.document.low[first:last]
    if not isinstance(to, Entity) or any(w.startswith(_BACK[names.article.lang]) for w in words):
        return ""
    at, away = _cases(names, fact.evidence[:1], to), _cases(names, fact.evidence[:1], left)
    if at == {"abl"} and "abl" not in _cases(names, fact.evidence, left):
        return f"the quote says from {to.names[0]}"
    # "Триполидегі атыстан соң Тунис қаласына көшті" tells the move before: the goal is only where something was.
    if away == {"dat"} and not at & {"dat", "attr"} and isinstance(left, Entity):
        return f"the quote says to {left.names[0]}"
    return ""


def _cases(names: Names, quotes: Sequence[Evidence], place: object) -> set[str]:
    if not isinstance(place, Entity):
        return set()
    return {m.case for m in _mentions(names, quotes, place.id) if m.how in ("name", "new")}


def _title(names: Names, fact: Fact) -> str:
    position = str(fact.get("position"))
    of = fact.get("of")
    if isinstance(of, Entity) and of.type not in _OF.get(position, (of.type,)):
        return f"a {of.type} has no {position}"
    wanted = _TITLES.get(position, _ANY)
    spans = [with_before(names, tokens(names, span)) for span in fact.evidence]
    # The title may stand where the person is named first, and "he" or the bare name in the quote.
    person = fact.get("person")
    own = {m.sentence for m in names.reading.mentions if isinstance(person, Entity) and m.entity.id == person.id}
    found = (
        t for t in names.reading.triggers
        if any(first <= t.first < last for first, last in spans) or names.document.sentence_of[t.first] in own
    )  # fmt: skip
    return "" if any(t.name.startswith(wanted) for t in found) else f"{position}: no such title stands by the name"


def _establishment(names: Names, fact: Fact) -> str:
    body = fact.get("organization")
    if isinstance(body, Entity):
        title = words_of(str(fact.get("name") or ""))
        for parents in (names.reader.parent_of, names.reading.parents):
            if body.id in parents and (parents[body.id][1] == fact.get("form") or title in map(words_of, body.names)):
                return f"{body.names[0]} is the establishment, and not whose it is"
        entry = names.reference.get(body.id)
        if entry is not None and entry.row.get("kind") in _NATIONAL:
            return f"{body.names[0]} is no international organisation"
    return ""


def _mentions(names: Names, quotes: Sequence[Evidence], identifier: str) -> Iterator[Mention]:
    """The mentions of a thing in some quotes, read as this thing."""
    spans = [tokens(names, span) for span in quotes]
    for mention in names.reading.mentions:
        if any(first <= mention.first and mention.last <= last for first, last in spans):
            yield from (one for one in (mention, *mention.others) if one.entity.id == identifier)
