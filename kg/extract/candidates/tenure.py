"""A person holds a position in a country or an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.extract import knowledge
from kg.extract.candidates.base import BASE_NAMES, Candidate, Generator, gap
from kg.extract.features import flag_names, joined, nearest_names, numbers, relation_names, static_names
from kg.extract.guards import former
from kg.extract.reading import Mention

_TITLES: Final = (
    "head-of-state",
    "head-of-government",
    "foreign-minister",
    "minister",
    "secretary-general",
    "deputy",
    "resident-coordinator",
    "representative",
    "ambassador",
    "official",
)


_HEAD: Final = "v.head"  # "the bank is led by …": the verb stands for a title, of organisations only


def _positions(title: str, organization: bool) -> tuple[str, ...]:
    if title == _HEAD:
        return ("secretary-general", "representative", "official") if organization else ()
    if title == "head-of-state":
        return ("secretary-general", "official") if organization else ("head-of-state",)
    if title == "official":
        return ("official", "secretary-general", "representative") if organization else ("official",)
    if title == "representative":
        return ("representative", "official")
    if title == "ambassador":
        return ("ambassador", "representative")
    return (title,)


def tenures(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every person near a title, for every country or organisation that may be meant."""
    persons = gen.near(sentence, ("person",))
    titles = [
        t
        for t in [*gen.triggers(sentence, "title."), *gen.triggers(sentence, _HEAD)]
        if not former(gen.reading, t.first, t.last)
    ]
    if not persons or not titles:
        return
    view = gen.view
    flags = gen.flags(sentence)
    organizations = gen.organizations(sentence, context=2, reach=4)[:6]
    organizations += gen.holders(organizations)[:2]
    countries: list[tuple[Mention, str]] = [(m, m.entity.id) for m in gen.near(sentence, ("country",))]
    ids = {c for _, c in countries}
    for mention in [m for m in reversed(gen.countries_before[sentence]) if m.entity.id not in ids][:3]:
        ids.add(mention.entity.id)
        countries.append((mention, mention.entity.id))
    heaviest = sorted(gen.by_city, key=lambda p: -gen.weight.get(p[1], 0.0))
    for mention, country in [p for p in heaviest if p[1] not in ids][:3]:
        if mention.sentence <= sentence:  # a country that only a city stands for which is not yet named is not meant
            countries.append((mention, country))
    fillers = [
        (m, identifier, view.static(m), m.type == "organization", identifier == m.entity.id)
        for m, identifier in [*((m, m.entity.id) for m in organizations), *countries]
    ]
    article, relation, knowledge_of = gen.reading.article, view.relation, gen.knowledge.tenure
    for person in persons[:8]:
        person_static = view.static(person)
        near = sorted(
            titles,
            key=lambda t: gap(person.first, person.last, t) if t.first >= person.last else person.first - t.last,
        )
        for rank, title in enumerate(near[:4]):
            name = _HEAD if title.name == _HEAD else title.name.removeprefix("title.").partition(".")[0]
            sub = title.name.count(".") > 1
            apart = view.stands(title.first, title.last, person)[1]
            if apart > 25:
                continue
            tail = view.clause_flags(title.first) + view.nearest(title.first, title.last)
            others = sum(
                p is not person and abs(p.first - title.last) < abs(person.first - title.last) for p in persons
            )
            head = joined(
                flags,
                person_static,
                view.relation(title.first, title.last, person),
                numbers(
                    rank,
                    others,
                    len(persons),
                    len(titles),
                    title.last - title.first,
                    sub,
                    *(name == t for t in _TITLES),
                ),
            )
            rank_org = rank_country = 0
            for filler, identifier, filler_static, is_organization, own in fillers:
                rank_here = rank_org if is_organization else rank_country
                rank_org, rank_country = rank_org + is_organization, rank_country + (not is_organization)
                relations = (
                    filler_static,
                    relation(title.first, title.last, filler),
                    relation(person.first, person.last, filler),
                    tail,
                )
                for position in _positions(name, is_organization):
                    row = (
                        head,
                        numbers(
                            _TITLES.index(position),
                            is_organization,
                            *knowledge_of(person.entity.id, position, identifier, article),
                            rank_here,
                            own,
                            gen.weight.get(identifier, 0.0),
                            identifier == gen.home,
                        ),
                        *relations,
                    )
                    values: dict[str, str | int] = (
                        {"position": position} if own else {"position": position, "of": identifier}
                    )
                    yield Candidate(
                        "tenure",
                        (person.entity.id, position, identifier),
                        {"person": person, "of": filler},
                        values,
                        sentence,
                        (title.first, title.last),
                        row,
                    )


TENURE_NAMES: Final = [
    *BASE_NAMES,
    *static_names("person"),
    *relation_names("person", "title"),
    "rank",
    "others",
    "persons",
    "titles",
    "words",
    "sub",
    *(f"title={t}" for t in _TITLES),
    "position",
    "is-org",
    *knowledge.TENURE_NAMES,
    "of-rank",
    "own",
    "weight",
    "home",
    *static_names("of"),
    *relation_names("of", "title"),
    *relation_names("of", "person"),
    *flag_names("title"),
    *nearest_names("title"),
]
