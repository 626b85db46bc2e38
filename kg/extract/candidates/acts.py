"""A body decides; a person or a state proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extract.candidates.base import BASE_NAMES, Candidate, Generator, state_of
from kg.extract.features import (
    ABSENT,
    NO_FLAGS,
    flag_names,
    joined,
    nearest_names,
    numbers,
    relation_names,
    static_names,
)
from kg.extract.reading import Mention

_INSTRUMENTS: Final = ("resolution", "decision", "declaration", "law")


_BY_RESOLUTION: Final = frozenset(
    "organization/" + name
    for name in (
        "un-general-assembly",
        "un-security-council",
        "un-economic-and-social-council",
        "un-human-rights-council",
        "world-health-assembly",
    )
)


def decisions(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every body of a sentence about deciding, by every instrument named near."""
    verbs = gen.triggers(sentence, "v.adopt")
    nouns = [t for t in gen.triggers(sentence, "n.") if t.name.removeprefix("n.") in _INSTRUMENTS]
    votes = gen.triggers(sentence, "v.vote")
    if not verbs and not nouns and not votes:
        return
    view = gen.view
    flags = gen.flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else NO_FLAGS
    instruments = {t.name.removeprefix("n."): t for t in nouns}
    for trigger in gen.triggers(sentence, "v.ratify"):
        instruments.setdefault("law", trigger)
    if "decision" not in instruments and verbs:
        instruments["decision"] = verbs[0]
    if not nouns:
        for other in (sentence - 1, sentence + 1, sentence + 2):
            if 0 <= other < len(gen.reading.triggers_of):
                for t in gen.triggers(other, "n."):
                    if t.name in {"n.resolution", "n.declaration", "n.law"}:
                        instruments.setdefault(t.name.removeprefix("n."), t)
    if not instruments:
        return
    for organization in gen.organizations(sentence, context=2, reach=4)[:7]:
        verb = min(verbs, key=lambda t: abs(t.first - organization.first)) if verbs else None
        body = joined(
            view.static(organization),
            view.relation(verb.first, verb.last, organization) if verb else ABSENT,
            view.clause_flags(organization.first),
            numbers(gen.knowledge.kind(organization.entity.id)),
        )
        parent = float(
            any(
                o is not organization and o.first <= organization.first and o.last >= organization.last
                for o in gen.reading.by_sentence[sentence]
            )
        )
        for named, trigger in instruments.items():
            instrument = named
            if named == "decision" and not trigger.name.startswith("n.") and organization.entity.id in _BY_RESOLUTION:
                instrument = (
                    "resolution"  # what these bodies vote on is a resolution, unless the text calls it otherwise
                )
                if instrument in instruments:
                    continue
            row = (
                flags,
                numbers(
                    _INSTRUMENTS.index(instrument),
                    trigger.name.startswith("n."),
                    len(instruments),
                    len(verbs),
                    parent,
                ),
                body,
                view.relation(trigger.first, trigger.last, organization),
                view.clause_flags(trigger.first),
                before,
                view.nearest(trigger.first, trigger.last),
                numbers(view.meanings.get(trigger.first, 0)),
            )
            anchor = verb or trigger
            yield Candidate(
                "decision",
                (organization.entity.id, instrument),
                {"body": organization},
                {"instrument": instrument},
                sentence,
                (anchor.first, anchor.last),
                row,
            )


DECISION_NAMES: Final = [
    *BASE_NAMES,
    "instrument",
    "by-noun",
    "instruments",
    "verbs",
    "parent",
    *static_names("body"),
    *relation_names("body", "verb"),
    *flag_names("body"),
    "body-kind",
    *relation_names("body", "noun"),
    *flag_names("noun"),
    *flag_names("before"),
    *nearest_names("noun"),
    "meanings",
]


def proposals(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every person, country or organisation of a sentence about proposing."""
    triggers = gen.triggers(sentence, "v.propose") + gen.triggers(sentence, "n.initiative")
    if not triggers:
        return
    view = gen.view
    flags = gen.flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else NO_FLAGS
    fillers = gen.near(sentence, ("person", "country", "organization"))[:10]
    ids = {m.entity.id for m in fillers}
    context: list[Mention] = []
    for back in (1, 2):
        if sentence - back >= 0:
            for m in reversed(gen.near(sentence - back, ("person", "country"))):
                if m.entity.id not in ids and len(context) < 3:
                    ids.add(m.entity.id)
                    context.append(m)
    people = float(sum(m.type == "person" for m in fillers))
    for filler in [*fillers, *context, *_states(gen, sentence, fillers, ids)]:
        trigger = min(triggers, key=lambda t: abs(t.first - filler.first))
        beside = float(any(m.type == "person" and m is not filler and 0 <= m.first - filler.last <= 4 for m in fillers))
        row = (
            flags,
            numbers(people, beside, len(fillers), trigger.name == "v.propose"),
            view.static(filler),
            view.relation(trigger.first, trigger.last, filler),
            view.clause_flags(trigger.first),
            view.clause_flags(filler.first),
            before,
            view.nearest(trigger.first, trigger.last),
            numbers(view.meanings.get(trigger.first, 0)),
        )
        yield Candidate(
            "proposal", (filler.entity.id,), {"proposer": filler}, {}, sentence, (trigger.first, trigger.last), row
        )


def _states(gen: Generator, sentence: int, fillers: Sequence[Mention], ids: set[str]) -> list[Mention]:
    """States that a sentence speaks of by their government or their capital: "the federal government offered"."""
    found = []
    for mention in [*fillers, *gen.near(sentence, ("city",))[:2]]:
        if mention.type == "city":
            subject = mention.case in {"nom", "ins"} and mention.how in {"name", "capital"}
            country = gen.country_of.get(mention.entity.id, "") if subject else ""
        else:
            country = state_of(mention)
        if country not in {"", mention.entity.id, *ids}:
            ids.add(country)
            found.append(gen.stands_for(mention, country))
    return found


PROPOSAL_NAMES: Final = [
    *BASE_NAMES,
    "people",
    "beside",
    "fillers",
    "verb",
    *static_names("proposer"),
    *relation_names("proposer", "trigger"),
    *flag_names("trigger"),
    *flag_names("proposer"),
    *flag_names("before"),
    *nearest_names("trigger"),
    "meanings",
]
