"""An establishment moves; a place or an organisation has so many of something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.extract import knowledge
from kg.extract.candidates.base import BASE_NAMES, Candidate, Generator, gap
from kg.extract.features import flag_names, joined, nearest_names, numbers, relation_names, static_names
from kg.extract.guards import stopped
from kg.extract.lexicon import Trigger
from kg.extract.reading import Mention


def relocations(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every organisation near a verb of moving, to every place of the sentence that is not said to be left.

    Where no such verb stands, a city from which something comes takes its place: "followed from Geneva in 1999".
    """
    verbs = gen.asserted(sentence, "v.move")
    named = gen.near(sentence, ("city", "country"))
    left = [m for m in named if m.case == "abl"]
    told = bool(verbs)
    if not told:
        verbs = [
            Trigger(m.first, m.last, "v.move", "v")
            for m in left
            if m.type == "city" and not stopped(gen.reading, m.first, m.last)
        ]
    if not verbs:
        return
    sources = {m.entity.id for m in left}
    places = [m for m in named if m.case != "abl" and (m.case in _GOAL or m.entity.id not in sources)]
    if not any(p.type == "city" for p in places):  # "moved there from London"
        places += [m for m in gen.places_before(sentence) if m.type == "city" and m.entity.id not in sources]
        places += [m for m in gen.foremost(sentence, places, ("city",)) if m.entity.id not in sources]
    if not places:
        return
    view = gen.view
    flags = gen.flags(sentence)
    groups = gen.groups(sentence)
    bodies = gen.near(sentence, ("organization",))
    alone = [m for m in bodies if not any(g.first < m.last and m.first < g.last for g in groups)]  # "UN agencies"
    if groups and not alone:
        organizations = groups  # a sentence about a group speaks of no organisation named before
    else:
        within = [m for m in bodies if m not in alone]
        found = [m for m in gen.organizations(sentence)[:8] if m not in within and gen.international(m)]
        organizations = [*found, *groups]
    cities_country = {gen.country_of.get(m.entity.id) for m in places if m.type == "city"}
    goals = [m for m in places if m.sentence == sentence and m.case in _GOAL]
    for place in places[:8]:
        verb = min(verbs, key=lambda v: abs(v.first - place.first))
        contained = place.type == "country" and place.entity.id in cities_country
        tail = joined(
            view.static(place),
            view.relation(verb.first, verb.last, place),
            view.clause_flags(verb.first),
            numbers(contained, len(left), len(places), len(verbs), told, *_course(gen, place, verb, left, goals)),
            view.nearest(verb.first, verb.last),
        )
        for organization in organizations:
            if organization.first == place.first:
                continue
            row = (
                flags,
                view.static(organization),
                view.relation(verb.first, verb.last, organization),
                view.relation(place.first, place.last, organization),
                tail,
                gen.knowledge.presence(organization.entity.id, place.entity.id)["headquarters"],
            )
            yield Candidate(
                "relocation",
                (organization.entity.id, place.entity.id),
                {"organization": organization, "to": place},
                {},
                sentence,
                (verb.first, verb.last),
                row,
            )


_GOAL: Final = frozenset({"dat", "for"})  # "to Rome", "into Rome", "bound for Rome", "в Рим", "Римге"
_FAR: Final = 20  # tokens from which a place left says nothing of a place reached


def _course(
    gen: Generator, place: Mention, verb: Trigger, left: Sequence[Mention], goals: Sequence[Mention]
) -> tuple[float, ...]:
    """How a move runs, :data:`_COURSE_NAMES`: whether the place is its goal, and what else is left and reached."""
    wide = gen.view.wide
    here = place.sentence == left[0].sentence if left else False
    beside = [abs(place.first - m.first) for m in left] if here else []
    same = place.sentence == gen.reading.document.sentence_of[verb.first] and wide[place.first] == wide[verb.first]
    houses = gen.triggers(gen.reading.document.sentence_of[verb.first], "n.building")
    return (
        place in goals,
        len(goals),
        bool(goals) and place not in goals,
        min([*beside, _FAR]),
        same,
        any(wide[t.first] == wide[verb.first] for t in houses),
        any(0 <= t.first - verb.last < 8 for t in houses),
    )


_COURSE_NAMES: Final = (
    "goal",
    "goals",
    "other-goal",
    "place-left",
    "verb-clause",
    "building-clause",
    "building-after",
)


RELOCATION_NAMES: Final = [
    *BASE_NAMES,
    *static_names("org"),
    *relation_names("org", "verb"),
    *relation_names("org", "place"),
    *static_names("place"),
    *relation_names("place", "verb"),
    *flag_names("verb"),
    "contained",
    "sources",
    "places",
    "verbs",
    "told",
    *_COURSE_NAMES,
    *nearest_names("verb"),
    *knowledge.PRESENCE_NAMES,
]


_COUNTED: Final[dict[str, tuple[str, ...]]] = {
    "n.staff": ("staff",),
    "n.agencies": ("un-agencies",),
    "n.intorg": ("international-organizations",),
    "n.dipl": ("diplomatic-missions",),
    "n.offices": ("offices",),
    "n.states": ("member-states", "countries-covered"),
    "n.member": ("member-states",),
    "n.full": ("member-states",),
}
_WHAT: Final = (
    "staff",
    "un-agencies",
    "international-organizations",
    "diplomatic-missions",
    "offices",
    "member-states",
    "countries-covered",
)


def counts(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every number before or after a noun that is counted, for every place or organisation near."""
    figures = [n for n in gen.reading.numbers if n.sentence == sentence]
    if not figures:
        return
    nouns = [t for t in gen.triggers(sentence, "n.") if t.name in _COUNTED]
    if not nouns:
        return
    view = gen.view
    flags = gen.flags(sentence)
    document = gen.reading.document
    places = gen.near(sentence, ("city", "country", "region"))[:6]
    if not any(p.type == "city" for p in places):
        earlier = [m for s in range(max(0, sentence - 3), sentence) for m in gen.near(s, ("city",))]
        places += (earlier or gen.places_before(sentence, reach=sentence))[-2:]
        if not places:
            places += [m for s in range(max(0, sentence - 3), sentence) for m in gen.near(s, ("country",))][-1:]
        places += gen.foremost(sentence, places)
    else:  # "most of the ninety people come from New York": the office is where the text has been before
        places += gen.foremost(sentence, places, ("city",))
        ids = {p.entity.id for p in places}
        places += [m for m in gen.places_before(sentence) if m.type == "city" and m.entity.id not in ids]
    organizations = gen.organizations(sentence, context=2, reach=4)[:5]
    for number in figures:
        near = sorted(
            (t for t in nouns if t.last > number.first - 8 and t.first < number.last + 10),
            key=lambda t: gap(number.first, number.last, t),
        )
        done: set[str] = set()
        for rank, noun in enumerate(near[:4]):
            for what in _COUNTED[noun.name]:
                if what in done:
                    continue
                done.add(what)
                after = noun.first - number.last
                shape = numbers(
                    *(what == w for w in _WHAT),
                    min(max(after, -12), 12),
                    rank,
                    min(number.value, 3000),
                    number.value < 2,
                    1900 <= number.value <= 2100,
                    document.raw[number.first].isdecimal(),
                    len(figures),
                    view.clause[noun.first] == view.clause[number.first],
                )
                states = what == "member-states"
                for filler in organizations if states else places:
                    row = (
                        flags,
                        shape,
                        view.static(filler),
                        view.relation(number.first, number.last, filler),
                        view.clause_flags(number.first),
                        numbers(
                            gen.knowledge.members_apart(filler.entity.id, number.value, gen.reading.article)
                            if states
                            else 30.0
                        ),
                        view.nearest(number.first, noun.last),
                    )
                    yield Candidate(
                        "count",
                        (what, filler.entity.id, str(number.value)),
                        {"place": filler},
                        {"what": what, "value": number.value},
                        sentence,
                        (number.first, noun.last),
                        row,
                    )


COUNT_NAMES: Final = [
    *BASE_NAMES,
    *(f"what={w}" for w in _WHAT),
    "after",
    "rank",
    "value",
    "one",
    "year-like",
    "digits",
    "numbers",
    "noun-clause",
    *static_names("place"),
    *relation_names("place", "number"),
    *flag_names("number"),
    "members-apart",
    *nearest_names("number"),
]
