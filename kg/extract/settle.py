"""What follows from the facts of an article together, and from what everyone knows of dates and councils.

The slots of each fact are filled from its own sentences (:mod:`kg.extract.slots`); here they are made to agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from kg.extract.assemble import Standing
from kg.extract.candidates import Candidate
from kg.extract.features import View
from kg.extract.knowledge import Knowledge
from kg.extract.reading import Mention, Reading
from kg.extract.timing import told
from kg.language.dates import DateMention
from kg.language.tense import Tense
from kg.model import Entity, PartialDate

SHARE: Final = "share of "
"""Prefix of a key beside a concept slot: the share of the votes of its sentences that the concept got."""

# Share of the votes of its sentences from which a status stands against what the article decides or agrees on.
_PLAINLY: Final = 0.8
_RECENT: Final = 12  # months
_PERMANENT: Final = frozenset({"country/cn", "country/fr", "country/gb", "country/ru", "country/us"})

_TITLED: Final = frozenset({"regional-centre", "regional-office"})
_SESSION: Final = "event/unga-"

Filled = Sequence[tuple[Standing, dict[str, Any]]]


def facts(view: View, filled: Filled, likely: Sequence[tuple[float, Candidate]] = ()) -> None:
    """Settle the facts of one article, each with its slots, in place.

    Args:
        view: the article, with its clauses.
        filled: its facts with their slots.
        likely: all candidates that had a second look, with their probabilities.
    """
    reading = view.reading
    _session(reading, filled)
    _said_together(reading, filled)
    _housed(reading, filled)
    _spoken_of(filled, likely)
    _not_yet(reading, filled)
    _to_come(reading, filled)
    _by_verb(view, filled)
    for standing, slots in filled:
        _range(reading, standing.best, slots)
        _term(reading, standing, slots)


def possible(standing: Standing, slots: Mapping[str, Any], presences: Filled) -> list[tuple[Standing, dict[str, Any]]]:
    """The establishments that a fact may be about: nobody proposes what has been at work before.

    One that the very sentences of the proposal speak of is kept: its beginning is misread rather than the proposal.
    """
    date = slots.get("date")
    if standing.best.kind != "proposal" or not isinstance(date, PartialDate):
        return list(presences)
    said = {c.sentence for _, c in standing.all}
    return [
        (p, of)
        for p, of in presences
        if not _before(of.get("since"), date) or any(c.sentence in said for _, c in p.all)
    ]


def _before(since: Any, date: PartialDate) -> bool:
    return isinstance(since, PartialDate) and since.latest < date.earliest


def _said_together(reading: Reading, filled: Filled) -> None:
    """A proposal, decision or agreement is about the only establishment that its sentences speak of.

    Where none is placed in them, "the regional centre" is the only one of the article.
    """
    every = [(s, of) for s, of in filled if s.best.kind == "presence"]
    for standing, slots in filled:
        if standing.best.kind not in {"proposal", "decision", "agreement"} or "about" in slots:
            continue
        presences = [p for p, _ in possible(standing, slots, every)]
        sentences = {c.sentence for _, c in standing.all}
        here = [
            p.best
            for p in presences
            if any(c.sentence in sentences and not c.bare for _, c in p.all) and p.best.values["form"] != "headquarters"
        ]
        if not here:
            named = {
                t.name.removeprefix("est.") for s in sentences for t in reading.triggers_of[s] if t.family == "est"
            }
            here = [p.best for p in presences if p.best.values["form"] in named & _TITLED]
        if len(here) == 1:
            slots["about"] = here[0]


_ABOUT: Final = 0.35  # probability from which a place that a proposal's own sentence speaks of is what it is about


def _spoken_of(filled: Filled, likely: Sequence[tuple[float, Candidate]]) -> None:
    """A proposal or an agreement is about the likeliest establishment of its sentence, if it is about none that stands.

    What is proposed may never come, and what an agreement promises may be told elsewhere.
    """
    for standing, slots in filled:
        if standing.best.kind not in {"proposal", "agreement"} or "about" in slots:
            continue
        sentences = {c.sentence for _, c in standing.likeliest()}
        here = [(p, c) for p, c in likely if c.kind == "presence" and c.sentence in sentences and p >= _ABOUT]
        if here:
            slots["about"] = max(here, key=lambda x: x[0])[1]


# Auxiliaries right before a verb of opening or standing: what it says is still to come.
_AUXILIARY: Final = {"en": frozenset(("will", "shall")), "ru": frozenset(("будет", "будут", "предстоит"))}
_COMING: Final = frozenset(("v.open", "v.operate", "v.host"))
_COMING_KK: Final = ("мақ", "мек", "бақ", "бек", "пақ", "пек", "ашылады", "құрылады", "орналасады", "бастайды")


def _announced(reading: Reading, sentence: int) -> bool:
    """Whether a sentence announces an opening: "will open", "будет находиться", "ашылмақ"."""
    low = reading.document.low
    for trigger in reading.triggers_of[sentence]:
        if trigger.name not in _COMING:
            continue
        before = low[max(reading.document.sentences[sentence].first, trigger.first - 2) : trigger.first]
        if reading.lang == "kk":
            if low[trigger.last - 1].endswith(_COMING_KK):
                return True
        elif _AUXILIARY[reading.lang] & set(before):
            return True
    return False


def _to_come(reading: Reading, filled: Filled) -> None:
    """An establishment that a sentence announces, and none plainly says to be at work, is planned."""
    for standing, slots in filled:
        if standing.best.kind == "presence" and slots.get("status") == "operating" and "since" not in slots:
            share = slots.get(SHARE + "status", 1.0)
            if share < _PLAINLY and any(_announced(reading, c.sentence) for _, c in standing.all):
                slots["status"] = "planned"


def _by_verb(view: View, filled: Filled) -> None:
    """The status that the verb right beside an establishment tells plainly, whatever the article decides or plans."""
    for standing, slots in filled:
        if standing.best.kind != "presence" or "status" not in slots:
            continue
        group, when = told(view, standing.best)
        promised = when == Tense.FUTURE or (when == Tense.PRESENT and view.reading.lang == "kk")
        if group == "open" and when == Tense.PAST and slots["status"] in {"planned", "proposed"}:
            slots["status"] = "operating"
        elif (group == "open" and promised) or (group == "work" and when == Tense.FUTURE):
            if slots["status"] == "operating":
                slots["status"] = "planned"
        elif group == "close" and when == Tense.PAST and view.reading.lang != "kk":
            slots["status"] = "closed"  # in Kazakh "close" is often said of a part or of the next in a list


def founders(standing: Sequence[Standing], knowledge: Knowledge, entity: Callable[[str], Entity]) -> list[Standing]:
    """Facts in which an establishment that an organ only decided on is its body's: the centre is the UN's.

    So is a regional centre of an organ of which no decision is read: assemblies and councils run none.

    Args:
        standing: the facts of one article.
        knowledge: tells the organs and the bodies that they belong to.
        entity: the entity of an id.
    """
    deciding = {s.best.key[0] for s in standing if s.best.kind == "decision"}
    held = {s.best.key for s in standing if s.best.kind == "presence"}
    result = []
    for s in standing:
        organ = s.best.key[0]
        decided = s.best.kind == "presence" and (organ in deciding or s.best.values["form"] == "regional-centre")
        parent = knowledge.parents.get(organ, "") if decided else ""
        if parent and (parent, *s.best.key[1:]) in held:
            continue
        hand = parent and knowledge.organ(organ) and not knowledge.has(*s.best.key)
        result.append(_handed(s, entity(parent)) if hand else s)
    return result


def _handed(standing: Standing, owner: Entity) -> Standing:
    """The same establishment of another organisation."""
    changed = []
    for probability, candidate in standing.all:
        mention = replace(candidate.fillers["organization"], entity=owner, how="parent")
        key = (owner.id, *candidate.key[1:])
        changed.append(
            (probability, replace(candidate, key=key, fillers=candidate.fillers | {"organization": mention}))
        )
    best = max(changed, key=lambda c: c[0])
    return Standing(best[1], best[0], changed)


def _housed(reading: Reading, filled: Filled) -> None:
    """An agreement signed by a body is about its only establishment in the place of signing, if it names no other."""
    presences = [s.best for s, _ in filled if s.best.kind == "presence"]
    for standing, slots in filled:
        place = slots.get("place")
        if standing.best.kind != "agreement" or "about" in slots or not isinstance(place, Mention):
            continue
        triggers = reading.triggers_of[standing.best.sentence]
        if not any(t.family == "est" or t.name == "n.host" for t in triggers):
            continue
        parties = {str(c.values["party"]) for _, c in standing.all}
        fitting = [p for p in presences if p.key[0] in parties and p.key[1] == place.entity.id]
        if len(fitting) == 1:
            slots["about"] = fitting[0]


def _months_ago(published: PartialDate | None, date: PartialDate | None) -> int:
    """Months from a date to publication; 0 where one of them is not known."""
    if published is None or date is None:
        return 0
    then, now = date.latest, published.earliest
    return (now.year - then.year) * 12 + now.month - then.month


def _not_yet(reading: Reading, filled: Filled) -> None:
    """What was lately proposed, decided or agreed on is not yet at work, unless the article says so plainly.

    A proposal that the headline or the first sentence tells is news, also where it was made before.
    """
    presences = {s.best.key: slots for s, slots in filled if s.best.kind == "presence"}
    for kinds, status in ((("proposal",), "proposed"), (("decision", "agreement"), "planned")):
        for standing, slots in filled:
            target = presences.get(slots["about"].key) if "about" in slots else None
            recent = _months_ago(reading.article.published, slots.get("date")) <= _RECENT
            recent |= status == "proposed" and any(c.sentence <= 1 for _, c in standing.all)
            if standing.best.kind in kinds and recent and target is not None and target[SHARE + "status"] < _PLAINLY:
                target["status"] = status


def _range(reading: Reading, best: Candidate, slots: dict[str, Any]) -> None:
    """The other end of a span of which one end was taken: "in 2017–2018", "2017–2018 жылдары"."""
    if best.kind not in {"presence", "membership"} or ("since" in slots) == ("until" in slots):
        return
    known = slots.get("since") or slots.get("until")
    for date in reading.dates:
        if date.until is None or reading.document.sentence_of[date.first] != best.sentence:
            continue
        first, last = _ends(date, reading.article.published)
        if first is not None and last is not None and known in (first, last) and first.earliest < last.earliest:
            slots["since"], slots["until"] = first, last
            return


_YEARS: Final = {
    "en": {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    "ru": {"год": 1, "два": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4, "четырех": 4, "пять": 5, "пяти": 5},
    "kk": {"бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6},
}
_LASTING: Final = {
    "en": re.compile(
        r"\bfor (?:(?:a|its|their|the) )?(?:term of )?(\w+)(?: - | )years?\b|\b(\w+) - year (?:term|mandate)"
    ),
    "ru": re.compile(
        r"\bна (\w+) (?:года?|лет)\b|\bна (год)\b|\bна (два|двух|три|трех|четыре|четырех|пяти)летн\w+ (?:срок|мандат)|"
        r"\b(двух|трех|четырех|пяти)летн\w+ (?:срок|мандат)"
    ),
    "kk": re.compile(r"\b(\w+) жыл(?:ға| бойы|дық мерзім\w*| мерзім\w*)\b"),
}
"""How long a seat or a chair is held: "for two years", "на три года", "екі жыл бойы"."""


def _term(reading: Reading, standing: Standing, slots: dict[str, Any]) -> None:
    """The end of a membership whose beginning and duration the text gives: "from 1 January 2024 … for two years"."""
    since = slots.get("since")
    if standing.best.kind != "membership" or "until" in slots or not isinstance(since, PartialDate):
        return
    document = reading.document
    for sentence in dict.fromkeys(c.sentence for _, c in standing.likeliest()):
        span = document.sentences[sentence]
        match = _LASTING[reading.lang].search(" ".join(document.low[span.first : span.last]))
        if match is None:
            continue
        word = next(group for group in match.groups() if group)
        years = int(word) if word.isdecimal() else _YEARS[reading.lang].get(word, 0)
        if not 1 <= years <= 9:
            continue
        first = since.earliest
        if len(since.value) == len("2024") or (first.month, first.day) == (1, 1):
            slots["until"] = PartialDate(str(first.year + years - 1))
        else:
            slots["until"] = PartialDate(f"{first.year + years}-{first.month:02}")
        return


def _ends(date: DateMention, published: PartialDate | None) -> tuple[PartialDate | None, PartialDate | None]:
    last = date.until.resolve(published) if date.until else None
    return date.resolve(published, context_year=last.earliest.year if last else 0), last


def council(values: dict[str, Any]) -> None:
    """A plain member of the Security Council is a permanent or an elected one (Charter of the UN, article 23)."""
    if values["organization"].id == "organization/un-security-council" and values.get("role") == "member":
        permanent = values["member"].id in _PERMANENT
        values["role"] = "permanent-member" if permanent else "non-permanent-member"


def _session(reading: Reading, filled: Filled) -> None:
    """The session of the General Assembly at which something was proposed, and the year in which it opened."""
    for standing, slots in filled:
        if standing.best.kind != "proposal":
            continue
        mentions = [m for _, c in standing.likeliest() for m in reading.by_sentence[c.sentence]]
        event = next((m for m in mentions if m.entity.id.startswith(_SESSION)), None)
        if event is not None and slots.setdefault("occasion", event).entity.id == event.entity.id:
            slots.setdefault("date", PartialDate(str(1945 + int(event.entity.id.removeprefix(_SESSION)))))


def times(kind: str, values: dict[str, Any], published: PartialDate | None) -> None:
    """Make status and dates agree with each other and with the day of publication.

    What begins after publication is planned, what ended before it is closed; what began before is no plan's
    beginning, and nothing ends before it begins.
    """
    since, until = values.get("since"), values.get("until")
    if kind == "presence" and published is not None:
        if since and since.earliest > published.latest and values.get("status") != "proposed":
            values["status"] = "planned"
        elif until and until.latest < published.earliest:
            values["status"] = "closed"
    not_yet = values.get("status") in {"proposed", "planned"}
    if not_yet and since and published is not None and since.latest < published.earliest:
        del values["since"]
    if since and until and until.latest < since.earliest:
        del values["until"]
