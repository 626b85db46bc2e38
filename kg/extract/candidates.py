"""What an article might say: every combination of fillers near a trigger that has the right types.

A candidate has a kind, the fillers of the kind's key, the sentence and the tokens it hangs on, and a
row of numbers (:mod:`kg.extract.features`). :mod:`kg.extract.choice` decides which candidates stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.extract.features import CLASSES, View, flag_names, relation_names, static_names
from kg.extract.lexicon import Trigger
from kg.extract.reading import Mention, Reading
from kg.model import Entity

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
        row: its features.
    """

    kind: str
    key: Key
    fillers: dict[str, Mention]
    values: dict[str, str | int]
    sentence: int
    anchor: tuple[int, int]
    row: list[float]


_LANGS: Final = ("en", "ru", "kk")
_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "n.intorg": ("international organizations", "international organisations", "международные организации", "халықаралық ұйымдар"),
    "n.agencies": ("UN agencies", "агентства ООН", "БҰҰ агенттіктері"),
}  # fmt: skip


class Generator:
    """Makes the candidates of one reading."""

    def __init__(
        self,
        reading: Reading,
        country_of: dict[str, str],
        offices_of: dict[str, frozenset[tuple[str, str]]] | None = None,
        parent_of: Mapping[str, tuple[Entity, str]] | None = None,
    ) -> None:
        self.reading = reading
        self.view = View(reading)
        self.country_of = country_of
        self.offices_of = offices_of or {}
        self.parent_of = parent_of or {}
        language = reading.lang
        self.base = [float(language == lang) for lang in _LANGS]
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

    def near(self, sentence: int, types: Iterable[str]) -> list[Mention]:
        wanted = frozenset(types)
        found = []
        for mention in self.reading.by_sentence[sentence]:
            if mention.type in wanted:
                found.append(mention)
            found += [other for other in mention.others if other.type in wanted]
        return found

    def organizations(self, sentence: int, context: int = 3, reach: int = 5) -> list[Mention]:
        """Organisations of the sentence, then the last ones named before it, then the one named most."""
        here = self.near(sentence, ("organization",))
        ids = {m.entity.id for m in here}
        found = list(here)
        earlier = [m for m in self.orgs_before[sentence] if m.entity.id not in ids]
        recent = [m for m in earlier if sentence - m.sentence <= reach][-context:]
        found += reversed(recent)
        ids |= {m.entity.id for m in recent}
        rest = [m for m in earlier if m.entity.id not in ids]
        if rest:
            found.append(max(rest, key=lambda m: self.reading.frequency[m.entity.id]))
        return found

    def groups(self, sentence: int) -> list[Mention]:
        """Groups without a name of their own: "many international organisations", "агентства ООН"."""
        found = []
        for trigger in self.triggers(sentence, "n."):
            names = _GROUPS.get(trigger.name)
            if names:
                entity = Entity(f"group/{names[0].lower().replace(' ', '-')}", "group", names, known=False)
                found.append(Mention(trigger.first, trigger.last, "organization", entity, sentence, how="group"))
        return found

    def places_before(self, sentence: int) -> list[Mention]:
        """The last city named before a sentence, and the country that the article is most about."""
        found: list[Mention] = []
        for back in range(1, 4):
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

    def owners(self, sentence: int) -> list[tuple[Mention, Trigger]]:
        """For bodies that are establishments of another one (a mission, a centre): that one, and what the body is."""
        found = []
        for mention in self.near(sentence, ("organization",)):
            parent = self.parent_of.get(mention.entity.id)
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
                found.append((owner, Trigger(mention.first, mention.last, kind)))
        return found

    def triggers(self, sentence: int, prefix: str) -> list[Trigger]:
        return [t for t in self.reading.triggers_of[sentence] if t.name.startswith(prefix)]

    def _flags(self, sentence: int) -> list[float]:
        return [*self.base, float(self.reading.document.sentences[sentence].title), *self.view.sentence_flags(sentence)]

    def all(self) -> Iterator[Candidate]:
        for sentence in range(len(self.reading.document.sentences)):
            for maker in _MAKERS:
                yield from maker(self, sentence)


_BASE_NAMES: Final = ["lang.en", "lang.ru", "lang.kk", "title", *flag_names("s")]

# -- presence ------------------------------------------------------------------------------------

_ANCHORS: Final = ("est.headquarters", "est.regional-centre", "est.regional-office", "est.country-office", "est.office",
                   "est.centre", "est.mission", "est.based", "none")  # fmt: skip
_FORM_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "est.headquarters": ("headquarters",),
    "est.based": ("headquarters",),
    "est.regional-centre": ("regional-centre",),
    "est.regional-office": ("regional-office",),
    "est.country-office": ("country-office",),
    "est.office": ("country-office", "regional-office"),
    "est.centre": ("centre", "regional-centre"),
    "est.mission": ("mission",),
}
_FORM_NUMBER: Final = {"headquarters": 0.0, "regional-centre": 1.0, "regional-office": 2.0, "country-office": 3.0, "centre": 4.0, "mission": 5.0}  # fmt: skip


def _apart(a: Mention, b: Mention) -> int:
    """Tokens between two mentions; a sentence counts for forty."""
    gap = b.first - a.last if b.first >= a.last else a.first - b.last
    return gap + 40 * abs(a.sentence - b.sentence)


def _regional(gen: Generator, trigger: Trigger) -> float:
    return float(
        any(
            t.name == "mod.regional" and -1 <= trigger.first - t.last <= 3
            for t in gen.triggers(gen.reading.document.sentence_of[trigger.first], "mod.")
        )
    )


def presences(gen: Generator, sentence: int) -> Iterator[Candidate]:
    anchors = gen.triggers(sentence, "est.")
    places = gen.near(sentence, ("city", "country"))[:14]
    places += [m for m in gen.inside.get(sentence, ()) if all(m.entity.id != p.entity.id for p in places)]
    if anchors and sum(p.type == "city" for p in places) == 0:
        places += gen.places_before(sentence)
    if not places:
        return
    organizations = gen.organizations(sentence)[:9]
    owners = gen.owners(sentence)
    if not organizations and not owners:
        return
    view = gen.view
    anchors = [*anchors, *(trigger for _, trigger in owners)]
    organizations = [*organizations, *(m for m, _ in owners)]
    by_form: dict[str, list[tuple[Trigger, int]]] = {}
    for back in (0, 1, 2):
        if sentence - back < 0:
            break
        for trigger in gen.triggers(sentence - back, "est.") if back else anchors:
            for form in _FORM_OPTIONS[trigger.name]:
                if not any(b < back for _, b in by_form.get(form, ())):
                    by_form.setdefault(form, []).append((trigger, back))
        if back == 0 and by_form:
            break
    cities_country = {gen.country_of.get(m.entity.id) for m in places if m.type == "city"}
    flags = gen._flags(sentence)
    has_anchor = float(bool(anchors))
    for place in places:
        place_static = view.static(place)
        place_clause = view.clause_flags(place.first)
        contained = float(place.type == "country" and place.entity.id in cities_country)
        adjacent = float(any(m.type == "city" and abs(place.first - m.last) <= 1 for m in places)) if contained else 0.0
        options: list[tuple[str, Trigger | None, int]] = []
        for form, triggers in by_form.items():
            nearest = min(triggers, key=lambda t: (t[1], abs(t[0].first - place.first) if t[1] == 0 else -t[0].first))
            options.append((form, *nearest))
        if "headquarters" not in by_form:
            options.append(("headquarters", None, 0))
        by_distance = sorted(organizations, key=lambda o: _apart(o, place))
        for organization in organizations:
            if organization.first == place.first:
                continue
            rank = float(by_distance.index(organization))
            org_static = view.static(organization)
            org_place = view.relation(place.first, place.last, organization)
            inside = float(place.first >= organization.first and place.last <= organization.last)
            for form, trigger, back in options:
                if trigger is None:
                    anchor, kind = (organization.first, organization.last), "none"
                    org_anchor, place_anchor, regional = (
                        [0.0] * 6,
                        view.relation(organization.first, organization.last, place),
                        0.0,
                    )
                    anchor_clause = (
                        view.clause_flags(organization.first) if organization.sentence == sentence else place_clause
                    )
                else:
                    anchor, kind = (trigger.first, trigger.last), trigger.name
                    org_anchor = view.relation(trigger.first, trigger.last, organization)
                    place_anchor = view.relation(trigger.first, trigger.last, place)
                    regional = _regional(gen, trigger)
                    anchor_clause = view.clause_flags(trigger.first)
                row = [
                    *flags, rank, _FORM_NUMBER[form], float(back), has_anchor, regional, contained, adjacent, inside,
                    float(len(places)), float(len(anchors)), float(len(by_form)),
                    *(float(kind == a) for a in _ANCHORS),
                    *org_static, *place_static, *org_place, *org_anchor, *place_anchor, *place_clause, *anchor_clause,
                ]  # fmt: skip
                yield Candidate("presence", (organization.entity.id, place.entity.id, form),
                                {"organization": organization, "place": place}, {"form": form}, sentence, anchor, row)  # fmt: skip


_PRESENCE_NAMES: Final = [
    *_BASE_NAMES, "org-rank", "form", "back", "has-anchor", "regional", "contained", "adjacent", "inside", "places", "anchors", "forms",
    *(f"anchor={a}" for a in _ANCHORS), *static_names("org"), *static_names("place"), *relation_names("org", "place"),
    *relation_names("org", "anchor"), *relation_names("place", "anchor"), *flag_names("place"), *flag_names("anchor"),
]  # fmt: skip

# -- relocation ----------------------------------------------------------------------------------


def relocations(gen: Generator, sentence: int) -> Iterator[Candidate]:
    verbs = gen.triggers(sentence, "v.move")
    places = gen.near(sentence, ("city", "country"))
    if not verbs or not places:
        return
    view = gen.view
    flags = gen._flags(sentence)
    organizations = [*gen.organizations(sentence)[:8], *gen.groups(sentence)]
    cities_country = {gen.country_of.get(m.entity.id) for m in places if m.type == "city"}
    sources = float(sum(m.case == "abl" for m in places))
    for place in places[:8]:
        verb = min(verbs, key=lambda v: abs(v.first - place.first))
        contained = float(place.type == "country" and place.entity.id in cities_country)
        tail = [
            *view.static(place),
            *view.relation(verb.first, verb.last, place),
            *view.clause_flags(verb.first),
            contained,
            sources,
            float(len(places)),
            float(len(verbs)),
        ]
        for organization in organizations:
            if organization.first == place.first:
                continue
            row = [
                *flags,
                *view.static(organization),
                *view.relation(verb.first, verb.last, organization),
                *view.relation(place.first, place.last, organization),
                *tail,
            ]
            yield Candidate(
                "relocation",
                (organization.entity.id, place.entity.id),
                {"organization": organization, "to": place},
                {},
                sentence,
                (verb.first, verb.last),
                row,
            )


_RELOCATION_NAMES: Final = [
    *_BASE_NAMES, *static_names("org"), *relation_names("org", "verb"), *relation_names("org", "place"),
    *static_names("place"), *relation_names("place", "verb"), *flag_names("verb"), "contained", "sources", "places", "verbs",
]  # fmt: skip

# -- count ---------------------------------------------------------------------------------------

_COUNTED: Final[dict[str, tuple[str, ...]]] = {
    "n.staff": ("staff",), "n.agencies": ("un-agencies",), "n.intorg": ("international-organizations",),
    "n.dipl": ("diplomatic-missions",), "n.offices": ("offices",), "n.states": ("member-states", "countries-covered"),
}  # fmt: skip
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
    numbers = [n for n in gen.reading.numbers if n.sentence == sentence]
    if not numbers:
        return
    nouns = [t for t in gen.triggers(sentence, "n.") if t.name in _COUNTED]
    if not nouns:
        return
    view = gen.view
    flags = gen._flags(sentence)
    document = gen.reading.document
    places = gen.near(sentence, ("city", "country"))[:6]
    if not any(p.type == "city" for p in places):
        earlier = [m for s in range(max(0, sentence - 3), sentence) for m in gen.near(s, ("city",))]
        places += earlier[-2:]
        if not places:
            places += [m for s in range(max(0, sentence - 3), sentence) for m in gen.near(s, ("country",))][-1:]
    organizations = gen.organizations(sentence, context=2, reach=4)[:5]
    for number in numbers:
        near = sorted(
            (t for t in nouns if t.last > number.first - 8 and t.first < number.last + 10),
            key=lambda t: _gap(number.first, number.last, t),
        )
        done: set[str] = set()
        for rank, noun in enumerate(near[:4]):
            for what in _COUNTED[noun.name]:
                if what in done:
                    continue
                done.add(what)
                after = noun.first - number.last
                one_hot = [float(what == w) for w in _WHAT]
                shape = [
                    float(min(max(after, -12), 12)), float(rank), float(min(number.value, 3000)), float(number.value < 2),
                    float(1900 <= number.value <= 2100), float(document.raw[number.first].isdigit()), float(len(numbers)),
                    float(view.clause[noun.first] == view.clause[number.first]),
                ]  # fmt: skip
                for filler in organizations if what == "member-states" else places:
                    row = [
                        *flags,
                        *one_hot,
                        *shape,
                        *view.static(filler),
                        *view.relation(number.first, number.last, filler),
                        *view.clause_flags(number.first),
                    ]
                    yield Candidate(
                        "count",
                        (what, filler.entity.id, str(number.value)),
                        {"place": filler},
                        {"what": what, "value": number.value},
                        sentence,
                        (number.first, noun.last),
                        row,
                    )


def _gap(first: int, last: int, trigger: Trigger) -> int:
    return trigger.first - last if trigger.first >= last else (first - trigger.last) + 2


_COUNT_NAMES: Final = [
    *_BASE_NAMES, *(f"what={w}" for w in _WHAT), "after", "rank", "value", "one", "year-like", "digits", "numbers", "noun-clause",
    *static_names("place"), *relation_names("place", "number"), *flag_names("number"),
]  # fmt: skip

# -- tenure --------------------------------------------------------------------------------------

_TITLES: Final = ("head-of-state", "head-of-government", "foreign-minister", "minister", "secretary-general", "deputy",
                  "resident-coordinator", "representative", "ambassador", "official")  # fmt: skip


def _positions(title: str, organization: bool) -> tuple[str, ...]:
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
    persons = gen.near(sentence, ("person",))
    titles = gen.triggers(sentence, "title.")
    if not persons or not titles:
        return
    view = gen.view
    flags = gen._flags(sentence)
    organizations = gen.organizations(sentence, context=2, reach=4)[:6]
    countries: list[tuple[Mention, str]] = [(m, m.entity.id) for m in gen.near(sentence, ("country",))]
    ids = {c for _, c in countries}
    for mention in [m for m in reversed(gen.countries_before[sentence]) if m.entity.id not in ids][:3]:
        ids.add(mention.entity.id)
        countries.append((mention, mention.entity.id))
    heaviest = sorted(gen.by_city, key=lambda p: -gen.weight.get(p[1], 0.0))
    for mention, country in [p for p in heaviest if p[1] not in ids][:3]:
        ids.add(country)
        countries.append((mention, country))
    fillers = [*((m, m.entity.id) for m in organizations), *countries]
    for person in persons[:8]:
        person_static = view.static(person)
        near = sorted(
            titles,
            key=lambda t: _gap(person.first, person.last, t) if t.first >= person.last else person.first - t.last,
        )
        for rank, title in enumerate(near[:3]):
            name = title.name.removeprefix("title.").partition(".")[0]
            sub = title.name.count(".") > 1
            relation = view.relation(title.first, title.last, person)
            if relation[1] > 25:
                continue
            title_clause = view.clause_flags(title.first)
            others = float(
                sum(
                    1 for p in persons if p is not person and abs(p.first - title.last) < abs(person.first - title.last)
                )
            )
            head = [
                *flags,
                *person_static,
                *relation,
                float(rank),
                others,
                float(len(persons)),
                float(len(titles)),
                float(title.last - title.first),
                float(sub),
                *(float(name == t) for t in _TITLES),
            ]
            offices = gen.offices_of.get(person.entity.id, frozenset())
            rank_org = rank_country = 0
            for filler, identifier in fillers:
                is_organization = filler.type == "organization"
                rank_here = rank_org if is_organization else rank_country
                rank_org, rank_country = rank_org + is_organization, rank_country + (not is_organization)
                holds = float(any(of == identifier for _, of in offices)) - float(
                    bool(offices) and all(of != identifier for _, of in offices)
                )
                relations = [
                    *view.static(filler),
                    *view.relation(title.first, title.last, filler),
                    *view.relation(person.first, person.last, filler),
                ]
                own = float(identifier == filler.entity.id)
                for position in _positions(name, is_organization):
                    held = float((position, identifier) in offices)
                    row = [
                        *head,
                        float(_TITLES.index(position)),
                        float(is_organization),
                        holds,
                        held,
                        float(rank_here),
                        own,
                        gen.weight.get(identifier, 0.0),
                        float(identifier == gen.home),
                        *relations,
                        *title_clause,
                    ]
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


_TENURE_NAMES: Final = [
    *_BASE_NAMES, *static_names("person"), *relation_names("person", "title"), "rank", "others", "persons", "titles", "words", "sub",
    *(f"title={t}" for t in _TITLES), "position", "is-org", "holds", "held", "of-rank", "own", "weight", "home", *static_names("of"), *relation_names("of", "title"),
    *relation_names("of", "person"), *flag_names("title"),
]  # fmt: skip

# -- membership ----------------------------------------------------------------------------------

_MEMBER_TRIGGERS: Final = ("n.member", "v.join", "v.leave", "v.chair", "n.chair", "n.observer", "n.associate", "n.candidate",
                           "n.nonperm", "n.perm", "v.elect", "v.apply", "v.succeed", "n.full", "n.states")  # fmt: skip


def memberships(gen: Generator, sentence: int) -> Iterator[Candidate]:
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
    flags = gen._flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else [0.0] * len(CLASSES)
    organizations = gen.organizations(sentence, context=2, reach=5)[:6]
    countries = [m for m in members if m.type == "country"]
    for member in members[:30]:
        trigger = min(triggers, key=lambda t: abs(t.first - member.first))
        member_static = view.static(member)
        member_trigger = view.relation(trigger.first, trigger.last, member)
        clause = view.clause_flags(member.first)
        run = float(sum(1 for c in countries if abs(c.first - member.first) <= 12))
        for organization in organizations:
            if organization.entity.id == member.entity.id or organization.first == member.first:
                continue
            if member.type == "organization" and organization.sentence != sentence:
                continue
            inside = float(member.first >= organization.first and member.last <= organization.last)
            row = [*flags, float(back), run, float(len(countries)), inside, *member_static, *member_trigger, *view.static(organization),
                   *view.relation(member.first, member.last, organization), *view.relation(trigger.first, trigger.last, organization), *clause, *before]  # fmt: skip
            yield Candidate(
                "membership",
                (member.entity.id, organization.entity.id),
                {"member": member, "organization": organization},
                {},
                sentence,
                (trigger.first, trigger.last),
                row,
            )


_MEMBERSHIP_NAMES: Final = [
    *_BASE_NAMES, "back", "run", "countries", "inside", *static_names("member"), *relation_names("member", "trigger"), *static_names("org"),
    *relation_names("org", "member"), *relation_names("org", "trigger"), *flag_names("member"), *flag_names("before"),
]  # fmt: skip

# -- agreement: one candidate for each possible party ----------------------------------------------


def parties(gen: Generator, sentence: int) -> Iterator[Candidate]:
    nouns = gen.triggers(sentence, "n.agreement")
    verbs = gen.triggers(sentence, "v.sign")
    if not verbs and not nouns:
        return
    view = gen.view
    flags = gen._flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else [0.0] * len(CLASSES)
    fillers = gen.near(sentence, ("country", "organization"))[:24]
    ids = {m.entity.id for m in fillers}
    context = [m for m in gen.organizations(sentence, context=2, reach=3) if m.entity.id not in ids][:3]
    for back in range(1, 4):
        if sentence - back >= 0:
            for m in reversed(gen.near(sentence - back, ("country",))):
                if m.entity.id not in ids and len(context) < 5:
                    ids.add(m.entity.id)
                    context.append(m)
    from_city = []
    for city in gen.near(sentence, ("city",))[:2]:
        country = gen.country_of.get(city.entity.id)
        if country and country not in ids:
            ids.add(country)
            from_city.append((city, country))
    anchor = (verbs or nouns)[0]
    options: list[tuple[Mention, str]] = [(m, m.entity.id) for m in [*fillers, *context]] + from_city
    for filler, identifier in options:
        verb = min(verbs, key=lambda t: abs(t.first - filler.first)) if verbs else None
        noun = min(nouns, key=lambda t: abs(t.first - filler.first)) if nouns else None
        row = [*flags, float(len(fillers)), float(identifier != filler.entity.id), *view.static(filler),
               *(view.relation(verb.first, verb.last, filler) if verb else [99.0] * 6),
               *(view.relation(noun.first, noun.last, filler) if noun else [99.0] * 6), *view.clause_flags(filler.first), *before]  # fmt: skip
        yield Candidate(
            "agreement",
            (str(sentence), identifier),
            {"party": filler},
            {"party": identifier},
            sentence,
            (anchor.first, anchor.last),
            row,
        )


_PARTY_NAMES: Final = [
    *_BASE_NAMES, "fillers", "of-city", *static_names("party"), *relation_names("party", "verb"), *relation_names("party", "noun"),
    *flag_names("party"), *flag_names("before"),
]  # fmt: skip

# -- decision ------------------------------------------------------------------------------------

_INSTRUMENTS: Final = ("resolution", "decision", "declaration", "law")


def decisions(gen: Generator, sentence: int) -> Iterator[Candidate]:
    verbs = gen.triggers(sentence, "v.adopt")
    nouns = [t for t in gen.triggers(sentence, "n.") if t.name.removeprefix("n.") in _INSTRUMENTS]
    votes = gen.triggers(sentence, "v.vote")
    if not verbs and not nouns and not votes:
        return
    view = gen.view
    flags = gen._flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else [0.0] * len(CLASSES)
    instruments = {t.name.removeprefix("n."): t for t in nouns}
    for trigger in gen.triggers(sentence, "v.ratify"):
        instruments.setdefault("law", trigger)
    if "decision" not in instruments and verbs:
        instruments["decision"] = verbs[0]
    if sentence and not nouns:
        for t in gen.triggers(sentence - 1, "n."):
            if t.name in {"n.resolution", "n.declaration", "n.law"}:
                instruments.setdefault(t.name.removeprefix("n."), t)
    if not instruments:
        return
    for organization in gen.organizations(sentence, context=2, reach=4)[:7]:
        verb = min(verbs, key=lambda t: abs(t.first - organization.first)) if verbs else None
        body = [
            *view.static(organization),
            *(view.relation(verb.first, verb.last, organization) if verb else [99.0] * 6),
            *view.clause_flags(organization.first),
        ]
        parent = float(
            any(
                o is not organization and o.first <= organization.first and o.last >= organization.last
                for o in gen.reading.by_sentence[sentence]
            )
        )
        for instrument, trigger in instruments.items():
            row = [*flags, float(_INSTRUMENTS.index(instrument)), float(trigger.name.startswith("n.")), float(len(instruments)), float(len(verbs)), parent,
                   *body, *view.relation(trigger.first, trigger.last, organization), *view.clause_flags(trigger.first), *before]  # fmt: skip
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


_DECISION_NAMES: Final = [
    *_BASE_NAMES, "instrument", "by-noun", "instruments", "verbs", "parent", *static_names("body"), *relation_names("body", "verb"),
    *flag_names("body"), *relation_names("body", "noun"), *flag_names("noun"), *flag_names("before"),
]  # fmt: skip

# -- proposal ------------------------------------------------------------------------------------


def proposals(gen: Generator, sentence: int) -> Iterator[Candidate]:
    triggers = gen.triggers(sentence, "v.propose") + gen.triggers(sentence, "n.initiative")
    if not triggers:
        return
    view = gen.view
    flags = gen._flags(sentence)
    before = view.sentence_flags(sentence - 1) if sentence else [0.0] * len(CLASSES)
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
    for filler in [*fillers, *context]:
        trigger = min(triggers, key=lambda t: abs(t.first - filler.first))
        beside = float(any(m.type == "person" and m is not filler and 0 <= m.first - filler.last <= 4 for m in fillers))
        row = [*flags, people, beside, float(len(fillers)), float(trigger.name == "v.propose"), *view.static(filler),
               *view.relation(trigger.first, trigger.last, filler), *view.clause_flags(trigger.first), *view.clause_flags(filler.first), *before]  # fmt: skip
        yield Candidate(
            "proposal", (filler.entity.id,), {"proposer": filler}, {}, sentence, (trigger.first, trigger.last), row
        )


_PROPOSAL_NAMES: Final = [
    *_BASE_NAMES, "people", "beside", "fillers", "verb", *static_names("proposer"), *relation_names("proposer", "trigger"),
    *flag_names("trigger"), *flag_names("proposer"), *flag_names("before"),
]  # fmt: skip

_MAKERS: Final[tuple[Callable[[Generator, int], Iterator[Candidate]], ...]] = (
    presences, relocations, counts, tenures, memberships, parties, decisions, proposals,
)  # fmt: skip

FEATURES: Final[dict[str, list[str]]] = {
    "presence": _PRESENCE_NAMES,
    "relocation": _RELOCATION_NAMES,
    "count": _COUNT_NAMES,
    "tenure": _TENURE_NAMES,
    "membership": _MEMBERSHIP_NAMES,
    "agreement": _PARTY_NAMES,
    "decision": _DECISION_NAMES,
    "proposal": _PROPOSAL_NAMES,
}
"""Names of the features of each kind, in the order of :attr:`Candidate.row`."""
