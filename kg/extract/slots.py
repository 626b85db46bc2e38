"""The slots beside the key: for every fact that stands, what else the article says of it.

Each slot has a small forest (:mod:`kg.extract.choice`) over *items*: the dates, places, themes,
concepts or establishments that might fill it. Numbers, symbols and votes are read by rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from kg.extract import occasions
from kg.extract.candidates import Candidate, Generator
from kg.extract.features import (
    FAR,
    RELATION_NAMES,
    Row,
    flag_names,
    nearest_names,
    numbers,
    relation_names,
    static_names,
)
from kg.extract.knowledge import ROLE_NAMES
from kg.extract.lexicon import lexicon
from kg.extract.reading import Mention
from kg.extract.timing import NAMES as TIMING_NAMES
from kg.extract.timing import timing
from kg.language.dates import DateMention
from kg.language.tokens import fold
from kg.model import CONCEPTS, Entity, PartialDate

_NOBODY: Final = Entity("", "event", ())
_NUMBER_OF: Final = {scheme: {concept: n for n, concept in enumerate(row)} for scheme, row in CONCEPTS.items()}

DATE_SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("since", "until"),
    "membership": ("since", "until"),
    "decision": ("date",),
    "agreement": ("date",),
    "proposal": ("date",),
    "relocation": ("date",),
    "count": ("date",),
}
ENTITY_SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("serves",),
    "relocation": ("from",),
    "agreement": ("place",),
    "decision": ("initiator",),
    "proposal": ("on_behalf_of", "occasion"),
}
CONCEPT_SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("status", "focus"),
    "membership": ("role",),
    "decision": ("adopted_by",),
}
SCHEMES: Final = {"status": "status", "role": "role", "adopted_by": "adoption"}
"""Slots of which one concept of a scheme is right, and the scheme."""
ABOUT: Final = ("proposal", "decision", "agreement")
_ENTITY_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "serves": ("region", "country"),
    "from": ("city", "country"),
    "place": ("city", "country"),
    "initiator": ("country", "person"),
    "on_behalf_of": ("country",),
}
_BACK: Final = {"on_behalf_of": 3}  # sentences back to the name that fills a slot, 1 for others
_DATES_BACK: Final = {"proposal": 6}  # sentences back to the date of a fact, 2 for others: of a day with many proposals
_DATED_BY_DAY: Final = frozenset({"count", "decision", "presence"})
_DATED_BY_MONTH: Final = frozenset({"count", "membership", "presence", "proposal"})
"""Kinds whose facts may be of the day or of the month of publication, where the text gives no date."""
MANY: Final = frozenset({"serves", "focus"})
_DEFAULT: Final = {"status": "operating", "role": "member"}


@dataclass(slots=True)
class Item:
    """Something that might fill a slot, with the features of how it stands to the fact."""

    slot: str
    value: Any
    row: Row
    forest: str = ""
    """What is added to ``kind.slot`` for the name of its forest: each concept of a slot has its own."""


def forests_needed() -> dict[str, list[str]]:
    """Names of the slot forests, ``kind.slot`` or ``kind.slot.concept``, and of their features."""
    names = {}
    for kind, slots in DATE_SLOTS.items():
        for slot in slots:
            names[f"{kind}.{slot}"] = _DATE_NAMES
    for kind, slots in ENTITY_SLOTS.items():
        for slot in slots:
            names[f"{kind}.{slot}"] = _OCCASION_NAMES if slot == "occasion" else _ENTITY_NAMES
    for kind, slots in CONCEPT_SLOTS.items():
        for slot in slots:
            if slot in SCHEMES:
                names |= {f"{kind}.{slot}.{concept}": _CONCEPT_NAMES[slot] for concept in CONCEPTS[SCHEMES[slot]]}
            else:
                names[f"{kind}.{slot}"] = _CONCEPT_NAMES[slot]
    for kind in ABOUT:
        names[f"{kind}.about"] = _ABOUT_NAMES
    return names


def _thing(candidate: Candidate) -> Mention:
    """The filler that other slots are measured from."""
    for slot in ("place", "to", "body", "proposer", "member", "party", "person"):
        if slot in candidate.fillers:
            return candidate.fillers[slot]
    return next(iter(candidate.fillers.values()))


def _apart(a: Mention, b: Mention) -> int:
    """Tokens between two mentions of a sentence."""
    return max(a.first - b.last, b.first - a.last, 0)


@lru_cache(maxsize=4096)
def _month(date: PartialDate) -> PartialDate:
    return PartialDate(date.value[:7])


class SlotFiller:
    """Makes the items of the facts of one reading."""

    def __init__(self, generator: Generator, themes_of: Mapping[str, Sequence[str]]) -> None:
        self.gen = generator
        self.reading = generator.reading
        self.view = generator.view
        self.themes_of = themes_of
        self.told: frozenset[tuple[str, int]] = frozenset()
        self._dates: dict[int, list[tuple[PartialDate, bytes, bytes]]] = {}
        # By identity; the candidates kept here live as long as what is known of them.
        self._date_rows: dict[int, tuple[Candidate, list[tuple[PartialDate, Row]]]] = {}
        self._theme_rows: list[list[tuple[str, int]]] | None = None
        self._theme_counts: Counter[str] = Counter()
        self._occasions: list[occasions.Occasion] | None = None
        self.dates = [(d, self._date_mention(d)) for d in self.reading.dates]
        self._dates_in = Counter([m.sentence for _, m in self.dates])

    def _date_mention(self, date: DateMention) -> Mention:
        return Mention(date.first, date.last, "event", _NOBODY, self.reading.document.sentence_of[date.first])

    # -- dates -----------------------------------------------------------------------------------

    def resolve(self, date: DateMention, sentence: int) -> PartialDate | None:
        """A date of the article against its publication, the tense of its sentence and the years named before."""
        here = self.view.clause_has
        future = here(date.first, "m.future") or (
            here(date.first, "v.plan")
            and not self.reading.document.sentences[sentence].title
            and self.view.sentence_has(sentence, "m.future")
        )
        context = next((d.year for d, _ in reversed(self.dates) if d.first < date.first and d.year), 0)
        return date.resolve(self.reading.article.published, future=future, context_year=context)

    def date_items(self, candidate: Candidate, slot: str) -> Iterator[Item]:
        kept = self._date_rows.get(id(candidate))
        if kept is None:
            kept = self._date_rows[id(candidate)] = (candidate, list(self._dated(candidate)))
        for value, row in kept[1]:
            yield Item(slot, value, (*row, _HINT[self._known_date(candidate, slot, value)]))

    def _dated(self, candidate: Candidate) -> Iterator[tuple[PartialDate, Row]]:
        """The dates that might fill a slot of a candidate, with all features that do not hang on the slot."""
        published = self.reading.article.published
        thing = _thing(candidate)
        flags = self.view.sentence_flags(candidate.sentence)
        count = self._dates_in[candidate.sentence]
        first, last = candidate.anchor
        row: Row
        for number, (date, mention) in enumerate(self.dates):
            apart = candidate.sentence - mention.sentence
            if not -1 <= apart <= _DATES_BACK.get(candidate.kind, 2) or (
                apart and candidate.kind == "presence" and (candidate.kind, mention.sentence) in self.told
            ):
                continue  # too far, or in a sentence that tells another fact of the kind
            for value, head, tail in self._ends(number):
                row = (
                    self.gen.base,
                    head,
                    numbers(count),
                    tail,
                    numbers(*self._among(number, thing, candidate)),
                    self.view.relation(first, last, mention),
                    self.view.relation(thing.first, thing.last, mention),
                    self.view.clause_flags(date.first),
                    flags,
                    self.view.nearest(date.first, date.last),
                )
                yield value, row
        if published is not None:
            days = (published,) if candidate.kind in _DATED_BY_DAY else ()
            months = (_month(published),) if candidate.kind in _DATED_BY_MONTH else ()
            for value in dict.fromkeys((*days, *months)):
                row = (
                    self.gen.base,
                    numbers(2.0, 0.0, _PRECISIONS.index(value.precision), 20.0, 0.0, count),
                    _UNSTATED,
                    self.view.clause_flags(first),
                    flags,
                    FAR,
                )
                yield value, row

    def _among(self, number: int, thing: Mention, candidate: Candidate) -> tuple[float, ...]:
        """How a date stands among the other dates and names of its sentence (:data:`_AMONG`)."""
        mention = self.dates[number][1]
        begin, end = candidate.anchor
        if thing.sentence != mention.sentence:
            return (9.0, 9.0, 9.0, 9.0, 9.0)
        others = [m for n, (_, m) in enumerate(self.dates) if n != number and m.sentence == mention.sentence]
        low, high = min(thing.last, mention.last), max(thing.first, mention.first)
        left, right = min(end, mention.last), max(begin, mention.first)
        first, last = thing.run
        named = [
            m
            for m in self.reading.by_sentence[thing.sentence]
            if m.type == thing.type and not first <= m.first < last and m.entity.id != thing.entity.id
        ]
        apart = _apart(thing, mention)
        return (
            sum(low <= m.first < high for m in others),
            sum(left <= m.first < right for m in others),
            sum(low <= m.first < high for m in named),
            sum(_apart(thing, m) < apart for m in others),
            sum(_apart(mention, m) < apart for m in named),
        )

    def _ends(self, number: int) -> list[tuple[PartialDate, bytes, bytes]]:
        """What a date, or the begin and end of a range, stands for, and its own features; kept, as many facts ask."""
        known = self._dates.get(number)
        if known is None:
            known = self._dates[number] = []
            date, mention = self.dates[number]
            published = self.reading.article.published
            tail = numbers(*self._beside(date)) + self._away(mention, _DATED)
            for part, end in ((date, 0.0), (date.until, 1.0)):
                value = self.resolve(part, mention.sentence) if part is not None else None
                if value is None:
                    continue
                order = 0
                if published is not None:
                    order = (value.earliest > published.latest) - (value.latest < published.earliest)
                precision = _PRECISIONS.index(value.precision)
                relative = _RELATIVE.get(date.relative, 0)
                known.append((value, numbers(end, date.until is not None, precision, relative, order), tail))
        return known

    def _known_date(self, candidate: Candidate, slot: str, date: PartialDate) -> float:
        """Whether the tables give the fact this year (see :mod:`kg.extract.knowledge`)."""
        knowledge = self.gen.knowledge
        if candidate.kind == "presence":
            return knowledge.presence_date(candidate.key, slot, date)
        if candidate.kind == "membership":
            member, organization = candidate.key
            return knowledge.term_date(member, organization, slot, date)
        return 0.0

    def _beside(self, date: DateMention) -> tuple[bool, ...]:
        """Whether the words right before and after say "since", "until", "in" or "by"."""
        document = self.reading.document
        low = document.low
        before = low[date.first - 1] if date.first else ""
        after = low[date.last] if date.last < len(low) else ""
        last = low[date.last - 1]
        return (
            before in _SINCE_BEFORE,
            before in _UNTIL_BEFORE,
            before in _IN_BEFORE,
            before in {"(", ","},
            after in _SINCE_AFTER,
            after in _UNTIL_AFTER,
            after in {"кейін", "соң"},
            last.endswith(("дан", "ден", "тан", "тен", "нан", "нен")),
        )

    # -- entities --------------------------------------------------------------------------------

    def occasion_items(self, candidate: Candidate) -> Iterator[Item]:
        """The events told up to the sentence after a proposal's, at which it may have been made."""
        if self._occasions is None:
            self._occasions = occasions.find(self.reading)
        events = [e for e in self._occasions if e.mention.sentence <= candidate.sentence + 1]
        different = len({e.mention.entity.id for e in events})
        for event in events:
            mention = event.mention
            row = (
                *self._toward(candidate, mention, 0.0),
                numbers(
                    *event.features(),
                    different,
                    min(candidate.sentence - mention.sentence, 9),
                    events[-1].mention.entity.id == mention.entity.id,
                    sum(e.mention.entity.id == mention.entity.id for e in events),
                ),
            )
            yield Item("occasion", mention, row)

    def _toward(self, candidate: Candidate, mention: Mention, country: float) -> Row:
        """How a mention stands to a candidate: to its trigger, and to what it speaks of.

        Args:
            candidate: the candidate.
            mention: what may fill a slot of it.
            country: 1 for the country of what it speaks of, 2 for where the report comes from, 0 for others.
        """
        thing = _thing(candidate)
        return (
            self.gen.base,
            numbers(country),
            self.view.static(mention),
            self.view.relation(*candidate.anchor, mention),
            self.view.relation(thing.first, thing.last, mention),
            self.view.clause_flags(mention.first),
            self.view.sentence_flags(candidate.sentence),
        )

    def entity_items(self, candidate: Candidate, slot: str) -> Iterator[Item]:
        if slot == "occasion":
            yield from self.occasion_items(candidate)
            return
        types = _ENTITY_TYPES[slot]
        used = {m.entity.id for m in candidate.fillers.values()}
        thing = _thing(candidate)
        seen: set[str] = set()
        for sentence in self._sentences(candidate, slot):
            for mention in self.reading.by_sentence[sentence]:
                if mention.type not in types or mention.entity.id in used or mention.entity.id in seen:
                    continue
                seen.add(mention.entity.id)
                country = float(self.gen.country_of.get(thing.entity.id) == mention.entity.id)
                row = (
                    *self._toward(candidate, mention, country),
                    self._away(mention, _COVERING),
                    numbers(self._known_entity(candidate, slot, mention)),
                )
                yield Item(slot, mention, row)
        if (
            slot in {"place", "serves"}
            and "place" not in candidate.fillers
            and self.reading.dateline
            and self.reading.dateline.id not in seen | used
        ):
            mention = Mention(0, 1, "city", self.reading.dateline, 0, how="context")
            row = (
                *self._toward(candidate, mention, 2.0),
                numbers(*[30.0] * len(_COVERING)),
                numbers(0.0),
            )
            yield Item(slot, mention, row)

    def _sentences(self, candidate: Candidate, slot: str) -> Iterator[int]:
        """Where an entity that fills a slot may be named: in the fact's sentence, those before, and one that goes on.

        Whom an establishment serves is often told by the next sentence: "It will cover Kenya and Uganda".
        """
        here = candidate.sentence
        yield from range(here, max(here - (_BACK.get(slot, 1)) - 1, -1), -1)
        if slot == "serves":
            for after in range(here + 1, here + 5):
                if after >= len(self.reading.by_sentence) or ("presence", after) in self.told:
                    return
                countries = {m.entity.id for m in self.reading.by_sentence[after] if m.type == "country"}
                if self.view.sentence_has(after, "n.cover") or len(countries) > 2:
                    yield after

    def _known_entity(self, candidate: Candidate, slot: str, mention: Mention) -> float:
        knowledge = self.gen.knowledge
        if slot == "serves":
            return knowledge.serves(candidate.key, mention.entity.id)
        if slot == "from":
            return float((candidate.key[0], mention.entity.id) in knowledge.forms)
        return 0.0

    # -- concepts --------------------------------------------------------------------------------

    def concept_items(self, candidate: Candidate, slot: str) -> Iterator[Item]:
        if slot == "focus":
            organization = candidate.fillers["organization"]
            table = self.themes_of.get(organization.entity.id, ())
            held = self.gen.knowledge.themes(candidate.key)
            sentence = self._themes(candidate.sentence)
            spoken = {t for t, _ in sentence}
            near = {t for t, i in sentence if abs(i - candidate.anchor[0]) <= 8}
            named = self._name_themes(organization)
            label = _label_themes(organization.entity)
            options = dict.fromkeys([*table, *(t for t, _ in sentence), *named, *label, *held])
            behind = numbers(
                _NUMBER_OF["form"][str(candidate.values["form"])],
                organization.sentence == candidate.sentence,
                self.view.first_sentence.get(organization.entity.id, 9),
                *self.view.named(organization),
            )
            for theme in options:
                row = (
                    self.gen.base,
                    numbers(
                        float(theme in held) - float(bool(held) and theme not in held),
                        theme in table,
                        len(table),
                        theme in named,
                        theme in label,
                        len(label),
                        *self._purpose(candidate, theme, sentence),
                        theme in near,
                        theme in spoken,
                        self._theme_counts[theme],
                        len(options),
                        _NUMBER_OF["theme"][theme],
                    ),
                    behind,
                )
                yield Item(slot, theme, row)
            return
        thing = _thing(candidate)
        flags = self.view.sentence_flags(candidate.sentence)
        anchor = self.view.clause_flags(candidate.anchor[0])
        here = self.view.clause_flags(thing.first)
        common: Row = (self.gen.base, flags, anchor, here, self.view.nearest(*candidate.anchor))
        beside = b""
        if slot == "status":
            knowledge, form = self.gen.knowledge, _NUMBER_OF["form"][str(candidate.values["form"])]
            known = numbers(form, knowledge.running(candidate.key, self.reading.article), knowledge.has(*candidate.key))
            common = (*common, known, timing(self.view, candidate))
        elif slot == "role":
            beside = self._away(thing, _ROLE_WORDS)
        for concept in CONCEPTS[SCHEMES[slot]]:
            own: Row = ()
            if slot == "role":
                of, body = candidate.key
                own = (numbers(*self.gen.knowledge.role(of, body, concept, self.reading.article)), beside)
            yield Item(slot, concept, common + own, concept)

    def _away(self, mention: Mention, classes: Sequence[str]) -> bytes:
        """How far words of some classes are from a mention, at most 15 words, negative before it; 30 for none."""
        found = dict.fromkeys(classes, 30)
        for t in self.reading.triggers_of[mention.sentence]:
            if t.name in found:
                apart = t.last - mention.first - 1 if t.last <= mention.first else t.first - mention.last + 1
                apart = max(-15, min(15, apart))
                if abs(apart) < abs(found[t.name]):
                    found[t.name] = apart
        return numbers(*found.values())

    def _themes(self, sentence: int) -> list[tuple[str, int]]:
        if self._theme_rows is None:
            self._theme_rows = [
                [(t.name.removeprefix("theme."), t.first) for t in row if t.family == "theme"]
                for row in self.reading.triggers_of
            ]
            self._theme_counts = Counter(theme for row in self._theme_rows for theme, _ in row)
        return self._theme_rows[sentence]

    def _purpose(self, candidate: Candidate, theme: str, spoken: Sequence[tuple[str, int]]) -> tuple[float, ...]:
        """How the nearest word for a theme stands to the word for the establishment (:data:`_PURPOSE`)."""
        first, last = candidate.anchor
        at = min((i for t, i in spoken if t == theme), key=lambda i: max(first - i, i - last + 1), default=-1)
        if at < 0:
            return (30.0, 9.0, 0.0, 0.0, 9.0)
        apart = i - last + 1 if (i := at) >= last else i - first if i < first else 0
        low, high = min(at + 1, last), max(at, first)
        triggers = self.reading.triggers_of[candidate.sentence]
        words = self.reading.document.low[low:high]
        return (
            max(-15, min(15, apart)),
            sum(t.family == "est" and low <= t.first < high and t.first != first for t in triggers),
            any(w in _FOR for w in words) or any(w in _FOR_KK for w in words),
            self.view.clause[at] == self.view.clause[first],
            sum(low <= m.first < high for m in self.reading.by_sentence[candidate.sentence]),
        )

    def _name_themes(self, mention: Mention) -> set[str]:
        return {t for t, i in self._themes(mention.sentence) if mention.first <= i < mention.last}

    # -- about -----------------------------------------------------------------------------------

    def about_items(
        self, candidate: Candidate, presences: Sequence[tuple[Candidate, Mapping[str, Any]]]
    ) -> Iterator[Item]:
        flags = self.view.sentence_flags(candidate.sentence)
        first, last = candidate.anchor
        fillers = {str(v) for v in candidate.values.values()} | {m.entity.id for m in candidate.fillers.values()}
        for presence, slots in presences:
            place, organization = presence.fillers["place"], presence.fillers["organization"]
            status = str(slots.get("status", "operating"))
            row = (
                self.gen.base,
                numbers(
                    _NUMBER_OF["status"][status],
                    _NUMBER_OF["form"][str(presence.values["form"])],
                    presence.sentence - candidate.sentence,
                    abs(presence.sentence - candidate.sentence),
                    organization.entity.id in fillers,
                    self.gen.country_of.get(place.entity.id, place.entity.id) in fillers,
                    len(presences),
                    presences[0][0] is presence,
                    self.view.first_sentence.get(place.entity.id, 9),
                ),
                self.view.relation(first, last, place),
                self.view.relation(first, last, organization),
                flags,
            )
            yield Item("about", presence, row)


@cache
def _label_themes(entity: Entity) -> frozenset[str]:
    """The themes that the name of an organisation of the tables speaks of: of climate, "Green Climate Fund"."""
    if not entity.known:
        return frozenset()
    low = fold(entity.names[0]).split()
    found = lexicon("en").find(low, 0, len(low))
    missions = {"security"} if any(t.name == "est.mission" for t in found) else set()
    return frozenset({t.name.removeprefix("theme.") for t in found if t.family == "theme"} | missions)


_PURPOSE: Final = ("theme~anchor", "est<>theme", "for<>theme", "theme-clause", "names<>theme")
_FOR: Final = frozenset({"for", "on", "of", "по", "для", "against"})
_FOR_KK: Final = frozenset({"жөніндегі", "бойынша", "арналған", "қарсы"})
_ROLE_WORDS: Final = (
    "n.observer",
    "n.associate",
    "n.candidate",
    "n.chair",
    "v.chair",
    "v.apply",
    "v.elect",
    "v.join",
    "v.leave",
    "n.full",
    "n.member",
    "n.nonperm",
    "m.future",
    "m.former",
)
_COVERING: Final = ("n.cover", "est.regional-office", "est.regional-centre", "est.office", "est.centre", "v.move")
_DATED: Final = ("v.join", "v.leave", "v.elect", "v.chair", "v.apply", "v.adopt", "m.since", "m.until", "m.first")
_AMONG: Final = ("dates<>thing", "dates<>anchor", "things<>date", "nearer-dates", "nearer-things")
_HINT: Final = {hint: numbers(hint) for hint in (-1.0, 0.0, 1.0)}
_PRECISIONS: Final = ("year", "month", "day")
_RELATIVE: Final = {
    name: n
    for n, name in enumerate(
        (
            "",
            "today",
            "yesterday",
            "tomorrow",
            "day-before-yesterday",
            "weekday",
            "last-weekday",
            "week",
            "last-week",
            "next-week",
            "month",
            "last-month",
            "next-month",
            "year",
            "last-year",
            "next-year",
            "that-year",
            "ago",
        )
    )
}
_SINCE_BEFORE: Final = frozenset({"since", "from", "с", "со", "начиная"})
_UNTIL_BEFORE: Final = frozenset({"until", "till", "to", "до", "по", "by", "through"})
_IN_BEFORE: Final = frozenset({"in", "on", "в", "во", "at", "of"})
_SINCE_AFTER: Final = frozenset({"бері", "бастап"})
_UNTIL_AFTER: Final = frozenset({"дейін", "шейін"})

_UNSTATED: Final = numbers(*[0.0] * (8 + len(_DATED) + len(_AMONG) + 2 * len(RELATION_NAMES)))
"""Stands for all that a date of the text has beside it, for the day of publication."""

_DATE_NAMES: Final = [
    "lang.en",
    "lang.ru",
    "lang.kk",
    "end",
    "range",
    "precision",
    "relative",
    "order",
    "dates",
    "since<",
    "until<",
    "in<",
    "comma<",
    "since>",
    "until>",
    "after>",
    "ablative",
    *(f"date>{name}" for name in _DATED),
    *_AMONG,
    *relation_names("date", "anchor"),
    *relation_names("date", "thing"),
    *flag_names("date"),
    *flag_names("s"),
    *nearest_names("date"),
    "known",
]
_ENTITY_NAMES: Final = [
    "lang.en",
    "lang.ru",
    "lang.kk",
    "country-of",
    *static_names("item"),
    *relation_names("item", "anchor"),
    *relation_names("item", "thing"),
    *flag_names("item"),
    *flag_names("s"),
    *(f"item>{name}" for name in _COVERING),
    "known",
]
_OCCASION_NAMES: Final = [
    *_ENTITY_NAMES[: _ENTITY_NAMES.index(f"item>{_COVERING[0]}")],
    *occasions.NAMES,
    "events",
    "back",
    "latest",
    "said",
]
_CONCEPT: Final = [
    "lang.en",
    "lang.ru",
    "lang.kk",
    *flag_names("s"),
    *flag_names("anchor"),
    *flag_names("thing"),
    *nearest_names("anchor"),
]
_CONCEPT_NAMES: Final = {
    "status": [*_CONCEPT, "form", "running", "in-tables", *TIMING_NAMES],
    "role": [*_CONCEPT, *ROLE_NAMES, *(f"member>{name}" for name in _ROLE_WORDS)],
    "adopted_by": _CONCEPT,
    "focus": [
        "lang.en",
        "lang.ru",
        "lang.kk",
        "held",
        "in-table",
        "table",
        "in-name",
        "in-label",
        "label",
        *_PURPOSE,
        "near",
        "in-sentence",
        "in-text",
        "options",
        "theme",
        "form",
        "org-here",
        "org-first",
        "how",
        "type",
        "freq",
        "share",
        "first",
    ],
}
_ABOUT_NAMES: Final = [
    "lang.en",
    "lang.ru",
    "lang.kk",
    "status",
    "form",
    "after",
    "apart",
    "org-filler",
    "country-filler",
    "presences",
    "only",
    "place-first",
    *relation_names("place", "anchor"),
    *relation_names("org", "anchor"),
    *flag_names("s"),
]
