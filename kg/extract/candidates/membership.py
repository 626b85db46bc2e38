"""A state or an organisation belongs to an organisation; parties sign an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.extract import knowledge
from kg.extract.candidates.base import BASE_NAMES, Candidate, Generator, state_of
from kg.extract.features import (
    ABSENT,
    NO_FLAGS,
    flag_names,
    nearest_names,
    numbers,
    relation_names,
    static_names,
)
from kg.extract.reading import Mention

_MEMBER_TRIGGERS: Final = frozenset(
    (
        "n.member",
        "v.join",
        "v.leave",
        "v.chair",
        "n.chair",
        "n.observer",
        "n.associate",
        "n.candidate",
        "n.nonperm",
        "n.perm",
        "v.elect",
        "v.apply",
        "v.succeed",
        "n.full",
        "n.states",
    )
)


def memberships(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every country or organisation of a sentence about belonging, in every organisation near."""
    members = gen.near(sentence, ("country", "organization"))
    if not members:
        return
    triggers = [t for t in gen.reading.triggers_of[sentence] if t.name in _MEMBER_TRIGGERS]
    back = 0
    if not triggers and sentence:
        triggers = [t for t in gen.reading.triggers_of[sentence - 1] if t.name in _MEMBER_TRIGGERS]
        back = 1
    if not triggers:
        return
    view = gen.view
    flags = gen.flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else NO_FLAGS
    organizations = gen.organizations(sentence, context=2, reach=5)[:6]
    countries = [m for m in members if m.type == "country"]
    shares: dict[tuple[tuple[int, int], str], float] = {}
    for member in members[:30]:
        trigger = min(triggers, key=lambda t: abs(t.first - member.first))
        member_static = view.static(member)
        member_trigger = view.relation(trigger.first, trigger.last, member)
        clause = view.clause_flags(member.first)
        beside = [c.entity.id for c in countries if c.run == member.run]
        run = float(sum(1 for c in countries if abs(c.first - member.first) <= 12))
        for organization in organizations:
            if organization.entity.id == member.entity.id or organization.first == member.first:
                continue
            if member.type == "organization" and organization.sentence != sentence:
                continue
            share = shares.get((member.run, organization.entity.id))
            if share is None:
                share = gen.knowledge.share(beside, organization.entity.id)
                shares[member.run, organization.entity.id] = share
            inside = float(member.first >= organization.first and member.last <= organization.last)
            row = (
                flags,
                numbers(back, run, len(countries), inside),
                member_static,
                member_trigger,
                view.static(organization),
                view.relation(member.first, member.last, organization),
                view.relation(trigger.first, trigger.last, organization),
                clause,
                before,
                view.nearest(trigger.first, trigger.last),
                numbers(
                    view.meanings.get(trigger.first, 0),
                    share,
                    *gen.knowledge.membership(member.entity.id, organization.entity.id, gen.reading.article),
                ),
            )
            yield Candidate(
                "membership",
                (member.entity.id, organization.entity.id),
                {"member": member, "organization": organization},
                {},
                sentence,
                (trigger.first, trigger.last),
                row,
            )


MEMBERSHIP_NAMES: Final = [
    *BASE_NAMES,
    "back",
    "run",
    "countries",
    "inside",
    *static_names("member"),
    *relation_names("member", "trigger"),
    *static_names("org"),
    *relation_names("org", "member"),
    *relation_names("org", "trigger"),
    *flag_names("member"),
    *flag_names("before"),
    *nearest_names("trigger"),
    "meanings",
    *knowledge.MEMBERSHIP_NAMES,
]


# Organs of state that bind no one (:mod:`kg.extract.standins`).
_PARLIAMENTS: Final = tuple(
    f"organization/x-{organ}-"
    for organ in (
        "parliament",
        "senate",
        "congress",
        "national-assembly",
        "legislative-assembly",
        "chamber-of-deputies",
    )
)
_WHERE: Final = frozenset({"loc", "attr", "abl", "dat"})  # a city where something is signed is no party


def parties(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every possible party of an agreement that the sentence speaks of, one candidate each."""
    nouns = gen.triggers(sentence, "n.agreement")
    verbs = gen.triggers(sentence, "v.sign")
    if not verbs and not nouns:
        return
    view = gen.view
    flags = gen.flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else NO_FLAGS
    fillers = gen.near(sentence, ("country", "organization"))[:24]
    ids = {m.entity.id for m in fillers}
    context = [m for m in gen.organizations(sentence, context=2, reach=3) if m.entity.id not in ids][:3]
    for back in range(1, 4):
        if sentence - back >= 0:
            for m in reversed(gen.near(sentence - back, ("country",))):
                if m.entity.id not in ids and len(context) < 5:
                    ids.add(m.entity.id)
                    context.append(m)
    standing_for = []  # a state may be meant by its capital, "Ankara and UNDP", or by who signs for it
    for mention in [*gen.near(sentence, ("city",))[:2], *gen.near(sentence, ("person",))[:4]]:
        if mention.type == "city":
            country = gen.country_of.get(mention.entity.id) if mention.case not in _WHERE else ""
        else:
            country = gen.knowledge.state_of(mention.entity.id, gen.reading.article)
        if country and country not in ids:
            ids.add(country)
            standing_for.append((mention, country))
    anchor = (verbs or nouns)[0]
    # Whom an establishment is for signs nothing: "a centre for Central Asia and Afghanistan".
    signing = [m for m in [*fillers, *context] if m.case != "for" and not m.entity.id.startswith(_PARLIAMENTS)]
    options: list[tuple[Mention, str]] = [(m, state_of(m)) for m in signing] + standing_for
    for filler, identifier in options:
        verb = min(verbs, key=lambda t: abs(t.first - filler.first)) if verbs else None
        noun = min(nouns, key=lambda t: abs(t.first - filler.first)) if nouns else None
        row = (
            flags,
            numbers(len(fillers), identifier != filler.entity.id),
            view.static(filler),
            view.relation(verb.first, verb.last, filler) if verb else ABSENT,
            view.relation(noun.first, noun.last, filler) if noun else ABSENT,
            view.clause_flags(filler.first),
            before,
            view.nearest(anchor.first, anchor.last),
        )
        yield Candidate(
            "agreement",
            (str(sentence), identifier),
            {"party": filler},
            {"party": identifier},
            sentence,
            (anchor.first, anchor.last),
            row,
        )


PARTY_NAMES: Final = [
    *BASE_NAMES,
    "fillers",
    "of-city",
    *static_names("party"),
    *relation_names("party", "verb"),
    *relation_names("party", "noun"),
    *flag_names("party"),
    *flag_names("before"),
    *nearest_names("anchor"),
]
