"""What an article might say: every combination of fillers near a trigger that has the right types.

A candidate has a kind, the fillers of the kind's key, the sentence and the tokens it hangs on, and a
row of numbers (:mod:`kg.extract.features`). :mod:`kg.extract.choice` decides which candidates stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from kg.extract.features import CROWD_NAMES, Row, View, flag_names, joined, numbers
from kg.extract.guards import stopped
from kg.extract.knowledge import Knowledge
from kg.extract.lexicon import Trigger, family_of
from kg.extract.reading import Mention, Reading
from kg.model import Entity, EntityType

Key = tuple[str, ...]


@dataclass(slots=True)
class Candidate:
    """A possible fact.

    Attributes:
        kind: kind of fact.
        key: what makes it the same fact elsewhere in the article: entity ids and concept slugs.
        fillers: mentions by slot.
        values: concepts and numbers by slot.
        sentence: index of the sentence that would be its evidence.
        anchor: tokens of the trigger it hangs on.
        row: its features, packed in blocks (:func:`kg.extract.features.numbers`).
        bare: whether its trigger says less than its form ("the centre", "кеңсе").
    """

    kind: str
    key: Key
    fillers: dict[str, Mention]
    values: dict[str, str | int]
    sentence: int
    anchor: tuple[int, int]
    row: Row
    bare: bool = False


_LANGS: Final = ("en", "ru", "kk")
_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "n.intorg": (
        "international organizations",
        "international organisations",
        "международные организации",
        "халықаралық ұйымдар",
    ),
    "n.agencies": ("UN agencies", "агентства ООН", "БҰҰ агенттіктері"),
}


_ASKED: Final = frozenset(
    ("est.", "title.", "n.", "n.agreement", "n.building", "n.initiative", "v.adopt", "v.head", "v.move", "v.propose",
     "v.ratify", "v.sign", "v.vote")
)  # fmt: skip
"""Prefixes of trigger classes that every sentence is asked for (:meth:`Generator.triggers`)."""


@cache
def _prefixes(name: str) -> tuple[str, ...]:
    """The family of a trigger class, and those of :data:`_ASKED` that it begins with."""
    return (family_of(name), *(prefix for prefix in _ASKED if name.startswith(prefix)))


class Generator:
    """Makes the candidates of one reading."""

    def __init__(self, reading: Reading, knowledge: Knowledge) -> None:
        self.reading = reading
        self.view = View(reading)
        self.knowledge = knowledge
        self.country_of = country_of = knowledge.country_of
        self.parent_of = knowledge.parent_of
        self._families: list[dict[str, list[Trigger]]] = []
        for triggers in reading.triggers_of:
            families: dict[str, list[Trigger]] = {}
            for trigger in triggers:
                for prefix in _prefixes(trigger.name):
                    families.setdefault(prefix, []).append(trigger)
            self._families.append(families)
        self._flags: dict[int, bytes] = {}
        self._organizations: dict[tuple[int, int, int], list[Mention]] = {}
        self._earlier: dict[int, list[Mention]] = {}
        self._near: dict[tuple[int, tuple[EntityType, ...]], list[Mention]] = {}
        self._asserted: dict[tuple[int, str], list[Trigger]] = {}
        self._foremost: dict[EntityType, list[Mention | None]] = {}
        language = reading.lang
        self.base = numbers(*(language == lang for lang in _LANGS))
        self.inside: dict[int, list[Mention]] = {}
        for mention in reading.inside:
            self.inside.setdefault(mention.sentence, []).append(mention)
        self.orgs_before: list[list[Mention]] = []
        seen: list[Mention] = []
        for row in reading.by_sentence:
            self.orgs_before.append(list(seen))
            for mention in row:
                if mention.type == "organization":
                    seen = [m for m in seen if m.entity.id != mention.entity.id] + [mention]
        # How much of the article each country is: named itself, or through its cities.
        self.weight: dict[str, float] = {}
        for mention in reading.mentions:
            if mention.type in {"country", "city"}:
                country = mention.entity.id if mention.type == "country" else country_of.get(mention.entity.id, "")
                self.weight[country] = self.weight.get(country, 0.0) + 1.0
        top = max(self.weight.values(), default=1.0)
        self.weight = {country: weight / top for country, weight in self.weight.items()}
        self.home = country_of.get(reading.dateline.id, "") if reading.dateline else ""
        self.countries_before: list[list[Mention]] = []
        known: list[Mention] = []
        for row in reading.by_sentence:
            self.countries_before.append(list(known))
            for mention in row:
                if mention.type == "country":
                    known = [m for m in known if m.entity.id != mention.entity.id] + [mention]
        # Countries that only their cities stand for
        self.by_city: list[tuple[Mention, str]] = []
        for mention in reading.mentions:
            country = country_of.get(mention.entity.id, "") if mention.type == "city" else ""
            if country and all(country != c for _, c in self.by_city):
                self.by_city.append((mention, country))

    # -- shared ---------------------------------------------------------------------------------

    def near(self, sentence: int, types: tuple[EntityType, ...]) -> list[Mention]:
        """The mentions of a sentence that are, or may be, of one of some types; the list is the caller's own."""
        key = (sentence, types)
        known = self._near.get(key)
        if known is None:
            known = self._near[key] = []
            for mention in self.reading.by_sentence[sentence]:
                if mention.type in types:
                    known.append(mention)
                if mention.others:
                    known += [other for other in mention.others if other.type in types]
        return known.copy()

    def organizations(self, sentence: int, context: int = 3, reach: int = 5) -> list[Mention]:
        """Organisations of the sentence, then the last ones named before it, then the one named most."""
        key = (sentence, context, reach)
        known = self._organizations.get(key)
        if known is None:
            known = self._organizations[key] = self.near(sentence, ("organization",))
            earlier = self._earlier.get(sentence)
            if earlier is None:
                ids = {m.entity.id for m in known}
                earlier = [m for m in self.orgs_before[sentence] if m.entity.id not in ids]
                self._earlier[sentence] = earlier
            recent = [m for m in earlier if sentence - m.sentence <= reach][-context:]
            known += reversed(recent)
            rest = [m for m in earlier if m not in recent]
            if rest:
                known.append(max(rest, key=lambda m: self.reading.frequency[m.entity.id]))
        return known.copy()

    def international(self, mention: Mention) -> bool:
        """Whether a body may have establishments abroad: parliaments, ministries and firms of the tables have none."""
        return not self.knowledge.national(mention.entity.id)

    def groups(self, sentence: int) -> list[Mention]:
        """Groups without a name of their own: "many international organisations", "агентства ООН"."""
        found = []
        for trigger in self.triggers(sentence, "n."):
            names = _GROUPS.get(trigger.name)
            if names:
                entity = Entity(f"group/{names[0].lower().replace(' ', '-')}", "group", names, known=False)
                found.append(Mention(trigger.first, trigger.last, "organization", entity, sentence, how="group"))
        return found

    def places_before(self, sentence: int, reach: int = 3) -> list[Mention]:
        """The last city named in the *reach* sentences before, and the country that the article is most about."""
        found: list[Mention] = []
        for back in range(1, reach + 1):
            if sentence - back < 0:
                break
            cities = self.near(sentence - back, ("city",))
            if cities:
                found.append(cities[-1])
                break
        countries = self.countries_before[sentence]
        if countries:
            found.append(max(countries, key=lambda m: (self.weight.get(m.entity.id, 0.0), m.first)))
        return found

    def foremost(
        self, sentence: int, places: Sequence[Mention], kinds: Sequence[EntityType] = ("city", "country")
    ) -> list[Mention]:
        """The place of each kind named most often of those named before a sentence, where not among *places*."""
        known = {place.entity.id for place in places}
        most = [self._most(kind)[sentence] for kind in kinds]
        return [m for m in most if m is not None and m.entity.id not in known]

    def _most(self, kind: EntityType) -> list[Mention | None]:
        """Of each sentence, the mention of a kind named most often among those before it; made once."""
        row = self._foremost.get(kind)
        if row is None:
            row = self._foremost[kind] = []
            best: Mention | None = None
            frequency = self.reading.frequency
            for sentence in range(len(self.reading.by_sentence)):
                row.append(best)
                for mention in self.near(sentence, (kind,)):
                    if best is None or frequency[mention.entity.id] > frequency[best.entity.id]:
                        best = mention
        return row

    def owners(self, sentence: int) -> list[tuple[Mention, Trigger]]:
        """For bodies that are establishments of another one (a mission, a centre): that one, and what the body is."""
        found = []
        for mention in self.near(sentence, ("organization",)):
            parent = self.parent_of.get(mention.entity.id) or self.reading.parents.get(mention.entity.id)
            if parent is not None:
                entity, kind = parent
                owner = Mention(
                    mention.first,
                    mention.last,
                    "organization",
                    entity,
                    sentence,
                    mention.case,
                    mention.prep,
                    how="parent",
                )
                owner.run = mention.run
                found.append((owner, Trigger(mention.first, mention.last, kind, family_of(kind))))
        return found

    def holders(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The bodies that organs belong to, where they are not named: the UN with its Security Council."""
        ids = {m.entity.id for m in mentions}
        found = []
        for mention in mentions:
            parent = self.knowledge.holder(mention.entity.id)
            if parent and parent not in ids:
                ids.add(parent)
                found.append(self.stands_for(mention, parent))
        return found

    def stands_for(self, mention: Mention, identifier: str) -> Mention:
        """A name as one for something else of the tables: a government for its state, an organ for its body."""
        entity = self.knowledge.entity(identifier)
        return replace(mention, type=entity.type, entity=entity, how="parent", others=(), rivals=())

    def triggers(self, sentence: int, prefix: str) -> list[Trigger]:
        """The triggers of a sentence whose class begins with *prefix*, a family with its dot or more of a name.

        The list is kept and not to be changed.
        """
        families = self._families[sentence]
        found = families.get(prefix)
        if found is None:
            if prefix in _ASKED:
                return []
            found = families.get(family_of(prefix))
            if found is None:
                return []
            if not prefix.endswith("."):
                found = [t for t in found if t.name.startswith(prefix)]
            families[prefix] = found
        return found

    def asserted(self, sentence: int, prefix: str) -> list[Trigger]:
        """The triggers of a sentence that no guard stops; kept, since the sentences after it look back."""
        key = (sentence, prefix)
        known = self._asserted.get(key)
        if known is None:
            found = self.triggers(sentence, prefix)
            known = self._asserted[key] = [t for t in found if not stopped(self.reading, t.first, t.last)]
        return known

    def flags(self, sentence: int) -> bytes:
        known = self._flags.get(sentence)
        if known is None:
            title = numbers(self.reading.document.sentences[sentence].title)
            known = self._flags[sentence] = joined(
                self.base, title, self.view.sentence_flags(sentence), self.view.crowd(sentence)
            )
        return known


BASE_NAMES: Final = ["lang.en", "lang.ru", "lang.kk", "title", *flag_names("s"), *CROWD_NAMES]
"""Names of the features that every kind has: language, title, trigger classes of the sentence, and its measures."""


def gap(first: int, last: int, trigger: Trigger) -> int:
    """Tokens between ``[first, last)`` and a trigger; two more for a trigger that stands before."""
    return trigger.first - last if trigger.first >= last else (first - trigger.last) + 2


# Organs that a country's name is understood with (:mod:`kg.extract.standins`).
_GOVERNMENTS: Final = ("organization/x-government-", "organization/x-cabinet-")


def state_of(party: Mention) -> str:
    """Who is bound when a mention signs or proposes: a state by its government, everyone else by themselves."""
    identifier = party.entity.id
    return "country/" + identifier.rpartition("-")[2] if identifier.startswith(_GOVERNMENTS) else identifier
