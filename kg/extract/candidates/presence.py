"""An organisation has an establishment of a form in a place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from kg.extract import knowledge
from kg.extract.candidates.base import BASE_NAMES, Candidate, Generator
from kg.extract.features import (
    RELATION_NAMES,
    Row,
    flag_names,
    nearest_names,
    numbers,
    relation_names,
    static_names,
)
from kg.extract.lexicon import Trigger
from kg.extract.reading import Mention

_ANCHORS: Final = (
    "est.headquarters",
    "est.regional-centre",
    "est.regional-office",
    "est.country-office",
    "est.office",
    "est.centre",
    "est.mission",
    "est.based",
    "none",
)
_ANCHOR_FLAGS: Final = {anchor: numbers(*(anchor == a for a in _ANCHORS)) for anchor in _ANCHORS}
_NO_ANCHOR: Final = _ANCHOR_FLAGS["none"]
_NO_TRIGGER: Final = numbers(*[0.0] * len(RELATION_NAMES))
_FORM_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "est.headquarters": ("headquarters",),
    "est.based": ("headquarters",),
    "est.regional-centre": ("regional-centre",),
    "est.regional-office": ("regional-office",),
    "est.country-office": ("country-office",),
    "est.office": ("country-office", "regional-office"),
    "est.centre": ("centre", "regional-centre"),
    "est.mission": ("mission", "country-office"),
}
_FORM_NUMBER: Final = {
    "headquarters": 0.0,
    "regional-centre": 1.0,
    "regional-office": 2.0,
    "country-office": 3.0,
    "centre": 4.0,
    "mission": 5.0,
}


def _apart(a: Mention, b: Mention) -> int:
    """Tokens between two mentions; a sentence counts for forty."""
    gap = b.first - a.last if b.first >= a.last else a.first - b.last
    return gap + 40 * abs(a.sentence - b.sentence)


@cache
def _rank(rank: int) -> bytes:
    return numbers(rank)


def _regional(gen: Generator, trigger: Trigger) -> float:
    return float(
        any(
            t.name == "mod.regional" and -1 <= trigger.first - t.last <= 3
            for t in gen.triggers(gen.reading.document.sentence_of[trigger.first], "mod.")
        )
    )


_LIST: Final = 10  # items of a list that may part a place from the word before the list that says what is there
_BULLETS: Final = frozenset("•–—-*·")


def _listed(gen: Generator, sentence: int) -> bool:
    """Whether a sentence is an item of a list."""
    span = gen.reading.document.sentences[sentence]
    return span.last > span.first and gen.reading.document.raw[span.first] in _BULLETS


def presences(gen: Generator, sentence: int) -> Iterator[Candidate]:
    """Every organisation near, in every place of the sentence, in every form that a trigger allows."""
    anchors = gen.asserted(sentence, "est.")
    places = gen.near(sentence, ("city", "country"))[:14]
    places += [m for m in gen.inside.get(sentence, ()) if all(m.entity.id != p.entity.id for p in places)]
    if anchors and sum(p.type == "city" for p in places) == 0:
        places += gen.places_before(sentence)
        places += gen.foremost(sentence, places, ("city",))
    if not places:
        return
    organizations = [m for m in gen.organizations(sentence)[:9] if gen.international(m)]
    owners = gen.owners(sentence)
    if not organizations and not owners:
        return
    view = gen.view
    anchors = [*anchors, *(trigger for _, trigger in owners)]
    # Organs have no establishments of their own, and headquarters that no word speaks of are in a city.
    holders = gen.holders(organizations) if any(t.name == "est.mission" for t in anchors) else []
    organizations = [m for m in [*organizations, *(m for m, _ in owners), *holders] if m.how != "organ"]
    by_form: dict[str, list[tuple[Trigger, int]]] = {}
    reach = (0, 1, 2) if not _listed(gen, sentence) else range(_LIST)
    for back in reach:
        if sentence - back < 0:
            break
        for trigger in gen.asserted(sentence - back, "est.") if back else anchors:
            for form in _FORM_OPTIONS[trigger.name]:
                if not any(b < back for _, b in by_form.get(form, ())):
                    by_form.setdefault(form, []).append((trigger, back))
        if back in {0, *reach[3:]} and by_form:
            break
    cities_country = {gen.country_of.get(m.entity.id) for m in places if m.type == "city"}
    flags = gen.flags(sentence)
    has_anchor = float(bool(anchors))
    regional = {chosen: _regional(gen, chosen) for found in by_form.values() for chosen, _ in found}
    sizes = numbers(len(places), len(anchors), len(by_form))
    outside, inside = numbers(False) + sizes, numbers(True) + sizes
    presence, relation = gen.knowledge.presence, view.relation
    bodies = [(o, o.entity.id, o.first, o.last, view.static(o)) for o in organizations]
    # What hangs on a word alone, or on a word and a body.
    around = {t: view.clause_flags(t.first) + view.nearest(t.first, t.last) for t in regional}
    anchored = {t: [relation(t.first, t.last, o) for o in organizations] for t in regional}
    values: dict[str, dict[str, str | int]] = {form: {"form": form} for form in (*by_form, "headquarters")}
    for place in places:
        place_static = view.static(place)
        place_clause = view.clause_flags(place.first)
        contained = float(place.type == "country" and place.entity.id in cities_country)
        adjacent = float(any(m.type == "city" and abs(place.first - m.last) <= 1 for m in places)) if contained else 0.0
        place_id, place_first, place_last = place.entity.id, place.first, place.last
        ranks = {o: n for n, o in enumerate(sorted(organizations, key=lambda o: _apart(o, place)))}
        # Of each form, what does not hang on the organisation.
        of_form: list[tuple[str, tuple[int, int], bytes, bytes, list[bytes], Row, bool]] = []
        for form, found in by_form.items():
            chosen, back = found[0]
            if len(found) > 1:
                chosen, back = min(
                    found, key=lambda t: (t[1], abs(t[0].first - place_first) if t[1] == 0 else -t[0].first)
                )
            anchor = (chosen.first, chosen.last)
            head = numbers(_FORM_NUMBER[form], back, has_anchor, regional[chosen], contained, adjacent)
            behind: Row = (relation(*anchor, place), place_clause, around[chosen])
            bare = chosen.name in {"est.office", "est.centre"}
            of_form.append((form, anchor, head, _ANCHOR_FLAGS[chosen.name], anchored[chosen], behind, bare))
        seat = numbers(_FORM_NUMBER["headquarters"], 0, has_anchor, 0.0, contained, adjacent)
        untold = "headquarters" not in by_form and place.type == "city"
        for n, (organization, identifier, first, last, static) in enumerate(bodies):
            if first == place_first:
                continue
            rank = _rank(ranks[organization])
            within = inside if place_first >= first and place_last <= last else outside
            between = relation(place_first, place_last, organization)
            fillers = {"organization": organization, "place": place}
            known = presence(identifier, place_id)
            for form, anchor, head, kind, to_anchor, behind, bare in of_form:
                row: Row = (
                    flags, rank, head, within, kind, static, place_static, between, to_anchor[n], *behind, known[form]
                )  # fmt: skip
                key = (identifier, place_id, form)
                yield Candidate("presence", key, fillers, values[form], sentence, anchor, row, bare)
            if untold:
                form = "headquarters"
                row = (
                    flags, rank, seat, within, _NO_ANCHOR, static, place_static, between, _NO_TRIGGER,
                    relation(first, last, place), place_clause,
                    view.clause_flags(first) if organization.sentence == sentence else place_clause,
                    view.nearest(first, last), known[form],
                )  # fmt: skip
                key = (identifier, place_id, form)
                yield Candidate("presence", key, fillers, values[form], sentence, (first, last), row)


PRESENCE_NAMES: Final = [
    *BASE_NAMES,
    "org-rank",
    "form",
    "back",
    "has-anchor",
    "regional",
    "contained",
    "adjacent",
    "inside",
    "places",
    "anchors",
    "forms",
    *(f"anchor={a}" for a in _ANCHORS),
    *static_names("org"),
    *static_names("place"),
    *relation_names("org", "place"),
    *relation_names("org", "anchor"),
    *relation_names("place", "anchor"),
    *flag_names("place"),
    *flag_names("anchor"),
    *nearest_names("anchor"),
    *knowledge.PRESENCE_NAMES,
]
