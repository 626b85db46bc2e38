"""What flows through the system: articles, entities, partial dates, facts and their evidence.

:data:`KINDS` is the one description of the eight kinds of fact and their slots; the
extractor, the graph writer and the validators read it, and nobody writes it again.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

LANGUAGES: Final = ("en", "ru", "kk")

EntityType = Literal["organization", "country", "city", "region", "person", "event", "group"]


@lru_cache(maxsize=16384)
def _bounds(value: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of ``2025``, ``2025-03`` or ``2025-03-04``."""
    parts = [int(p) for p in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    last = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return dt.date(*[*parts, 1, 1][:3]), dt.date(year, month, last)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date as precise as its source: ``2025``, ``2025-03`` or ``2025-03-04`` (ISO 8601, proleptic Gregorian).

    Raises:
        ValueError: if *value* has another form or names a day that does not exist.
    """

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", self.value):
            raise ValueError(f"not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: {self.value!r}")
        _bounds(self.value)

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        return ("year", "month", "day")[self.value.count("-")]

    @property
    def earliest(self) -> dt.date:
        """The first day that the date may mean."""
        return _bounds(self.value)[0]

    @property
    def latest(self) -> dt.date:
        """The last day that the date may mean."""
        return _bounds(self.value)[1]

    def compatible(self, other: PartialDate) -> bool:
        """Whether one of the two dates only says more precisely what the other says."""
        return self.value.startswith(other.value) or other.value.startswith(self.value)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that fills a slot.

    Attributes:
        id: ``<class>/<slug>``, from which :func:`kg.iris.entity` makes the IRI.
        type: what it is.
        names: every label and alias known, preferred ones first, and the mention in the text.
        iso: ISO 3166-1 alpha-2 code, for countries only.
        known: whether the reference tables have it.
    """

    id: str
    type: EntityType
    names: tuple[str, ...]
    iso: str | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Establishment:
    """What an initiative, decision or agreement is about: an establishment, not asserted to exist."""

    organization: Entity
    place: Entity | None = None
    form: str | None = None


SlotValue = Entity | PartialDate | int | str | Establishment | tuple[Entity, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim span of the article: ``article.text[start:end] == quote`` (or of the title).

    Attributes:
        quote: the sentence, letter for letter.
        start: offset of its first character, in Unicode code points.
        end: offset after its last character.
        where: whether the offsets are into the text or the title.
        rule: identifier of the rule that read the fact; empty where a language model read it.
        confidence: 0 to 1.
        model: name of the language model that read the fact; empty where a rule did.
        prompt: version of the prompt that it was asked with.
        supplied: slots that only this reader gave to a fact that another one read too.
    """

    quote: str
    start: int
    end: int
    where: Literal["text", "title"] = "text"
    rule: str = ""
    confidence: float = 1.0
    model: str = ""
    prompt: str = ""
    supplied: tuple[str, ...] = ()

    @property
    def reader(self) -> Literal["rules", "model"]:
        """What read the fact."""
        return "model" if self.model else "rules"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of one article: its kind, its slots (see :data:`KINDS`) and where the article says so."""

    kind: str
    slots: Mapping[str, SlotValue]
    evidence: tuple[Evidence, ...]
    confidence: float = 1.0

    def get(self, slot: str) -> SlotValue | None:
        return self.slots.get(slot)


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as it is archived.

    Attributes:
        id: short and stable: given by the source, else made from the address or the text.
        lang: ``en``, ``ru``, ``kk``, or ``und`` where the language is none of these.
        title: headline; may be empty.
        text: the archived text; every offset of evidence is into it, or into *title*.
        published: date of publication, if known; relative dates resolve against it.
        url: address, if known.
        source: where it was read from, for messages (file name and line).
        outlet: who published it, if known.
    """

    id: str
    lang: str
    title: str
    text: str
    published: PartialDate | None = None
    url: str = ""
    source: str = ""
    outlet: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


SlotType = Literal["entity", "date", "int", "text", "concept", "about"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a kind: its type, whether it is part of the key, whether it holds a list, its SKOS scheme."""

    type: SlotType
    key: bool = False
    many: bool = False
    scheme: str = ""


FORMS: Final = ("headquarters", "regional-centre", "regional-office", "country-office", "centre", "mission")
STATUSES: Final = ("proposed", "planned", "operating", "closed")

CONCEPTS: Final[dict[str, tuple[str, ...]]] = {
    "form": FORMS,
    "status": STATUSES,
    "instrument": ("resolution", "decision", "declaration", "law"),
    "adoption": ("consensus", "vote"),
    "role": ("member", "non-permanent-member", "permanent-member", "observer", "associate", "candidate", "chair"),
    "counted": (
        "un-agencies", "international-organizations", "diplomatic-missions", "offices", "staff", "member-states",
        "countries-covered",
    ),
    "position": (
        "head-of-state", "head-of-government", "foreign-minister", "minister", "secretary-general", "deputy",
        "resident-coordinator", "representative", "ambassador", "official",
    ),
    "theme": (
        "sdgs", "climate", "water", "refugees", "health", "education", "trade", "security", "drugs", "migration",
        "children", "women", "human-rights", "disasters", "digital", "energy", "food", "volunteering", "transport",
        "culture", "nuclear", "finance",
    ),
}  # fmt: skip
"""The SKOS schemes whose concepts fill slots; ``ontology/vocabulary.ttl`` describes each concept."""

_ENTITY, _DATE, _INT = Slot("entity"), Slot("date"), Slot("int")
_ENTITY_KEY, _ENTITIES, _ABOUT = Slot("entity", key=True), Slot("entity", many=True), Slot("about")

KINDS: Final[dict[str, dict[str, Slot]]] = {
    "presence": {
        "organization": _ENTITY_KEY,
        "place": _ENTITY_KEY,
        "form": Slot("concept", key=True, scheme="form"),
        "name": Slot("text"),
        "status": Slot("concept", scheme="status"),
        "since": _DATE,
        "until": _DATE,
        "serves": _ENTITIES,
        "focus": Slot("concept", many=True, scheme="theme"),
    },
    "proposal": {
        "proposer": _ENTITY_KEY,
        "on_behalf_of": _ENTITY,
        "occasion": _ENTITY,
        "date": _DATE,
        "about": _ABOUT,
    },
    "decision": {
        "body": _ENTITY_KEY,
        "instrument": Slot("concept", key=True, scheme="instrument"),
        "symbol": Slot("text"),
        "date": _DATE,
        "adopted_by": Slot("concept", scheme="adoption"),
        "in_favour": _INT,
        "cosponsors": _INT,
        "of": _INT,
        "initiator": _ENTITY,
        "about": _ABOUT,
    },
    "agreement": {
        "parties": Slot("entity", key=True, many=True),
        "date": _DATE,
        "place": _ENTITY,
        "about": _ABOUT,
    },
    "membership": {
        "member": _ENTITY_KEY,
        "organization": _ENTITY_KEY,
        "role": Slot("concept", scheme="role"),
        "since": _DATE,
        "until": _DATE,
    },
    "relocation": {"organization": _ENTITY_KEY, "to": _ENTITY_KEY, "from": _ENTITY, "date": _DATE},
    "count": {
        "what": Slot("concept", key=True, scheme="counted"),
        "place": _ENTITY_KEY,
        "value": Slot("int", key=True),
        "date": _DATE,
    },
    "tenure": {
        "person": _ENTITY_KEY,
        "position": Slot("concept", key=True, scheme="position"),
        "of": _ENTITY_KEY,
    },
}
"""The eight kinds of fact: slot name → its description."""
