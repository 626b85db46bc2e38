"""Links between merged facts: what they are about, and what led to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import About, Geography
from kg.merge.node import MERGED, Merged, about_name

_ABOUT, _LED = io("about"), io("ledTo")
_STEPS: Final = {"proposal": 0, "decision": 1, "agreement": 2}
_REFERENCE: Final = io("EstablishmentReference")
_LOOSE: Final = {iris.concept("form", form) for form in ("centre", "regional-centre")}


def links(presences: Iterable[Merged], facts: Iterable[Merged], geography: Geography) -> frozenset[ox.Quad]:
    """The links of all facts about the establishments of one organisation in one country.

    An initiative led to the decisions about the same establishment, a decision to the agreements, an agreement to the
    establishment; where a step is missing, the one before leads to the one after. Nothing leads to what came before.

    Args:
        presences: the establishments.
        facts: the facts that are about one of them, whether or not that is in the graph.
        geography: countries of cities.
    """
    places = {fact.iri: About(fact.organization, fact.place, fact.form) for fact in presences}
    targets: dict[About, list[Merged]] = {}
    for fact in facts:
        assert fact.about is not None
        targets.setdefault(fact.about, []).append(fact)
    found: dict[str, list[Merged]] = {}
    quads: list[ox.Quad] = []
    for about, steps in targets.items():
        target = _target(about, places, geography)
        found.setdefault(target, []).extend(steps)
        if target not in places:
            quads += _reference_quads(target, about)
    for target, steps in found.items():
        quads += _linked(target, steps, target in places)
    return frozenset(quads)


def _target(about: About, presences: Mapping[str, About], geography: Geography) -> str:
    """The establishment in the graph that is meant, if there is just one that may be, else a node for the mention."""
    fits = [(p, parts) for p, parts in presences.items() if _fits(about, parts, geography)]
    exact = [p for p, parts in fits if parts == about] or [p for p, parts in fits if parts.form == about.form]
    chosen = exact if len(exact) == 1 else [p for p, _ in fits]
    if len(chosen) == 1:
        return chosen[0]
    return iris.entity(f"establishment/{about_name(about)}")


def _fits(about: About, parts: About, geography: Geography) -> bool:
    places = not about.place or about.place == parts.place or geography.country(about.place) == parts.place
    places = places or geography.country(parts.place) == about.place
    forms = {about.form, parts.form}
    return places and (not about.form or len(forms) == 1 or forms == _LOOSE)


def _reference_quads(target: str, about: About) -> list[ox.Quad]:
    node = ox.NamedNode(target)
    values = [(io("organization"), about.organization), (io("place"), about.place), (io("form"), about.form)]
    return [
        ox.Quad(node, terms.RDF_TYPE, _REFERENCE, MERGED),
        *(ox.Quad(node, p, ox.NamedNode(v), MERGED) for p, v in values if v),
    ]


def _linked(target: str, steps: Sequence[Merged], exists: bool) -> list[ox.Quad]:
    quads = [_quad(step, _ABOUT, target) for step in steps]
    for step in steps:
        later = [s for s in steps if _STEPS[s.kind] > _STEPS[step.kind] and not _before(s, step)]
        if later:
            nearest = min(_STEPS[s.kind] for s in later)
            quads += [_quad(step, _LED, s.iri) for s in later if _STEPS[s.kind] == nearest]
        elif exists:
            quads.append(_quad(step, _LED, target))
    return quads


def _quad(step: Merged, property_: ox.NamedNode, target: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(step.iri), property_, ox.NamedNode(target), MERGED)


def _before(a: Merged, b: Merged) -> bool:
    return bool(a.latest and b.earliest) and a.latest < b.earliest
