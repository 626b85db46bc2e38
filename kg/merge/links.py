"""Links between merged facts: what they are about, and what led to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import About, Accounts, Geography
from kg.merge.choose import choose
from kg.merge.keys import about_key
from kg.merge.node import MERGED, about_name
from kg.store import Draft

_ABOUT, _LED, _ACCOUNT, _KEY = io("about"), io("ledTo"), io("account"), io("mergeKey")
_STEPS: Final = (io("Initiative"), io("Decision"), io("Agreement"))
_REFERENCE: Final = io("EstablishmentReference")
_MENTIONED: Final = iris.entity("establishment/")
_LOOSE: Final = {iris.concept("form", form) for form in ("centre", "regional-centre")}


@dataclass(frozen=True, slots=True)
class _Step:
    """A fact about an establishment: how far along the life line it stands, and when it was."""

    node: ox.NamedNode
    step: int
    about: About
    earliest: str
    latest: str


def relink(draft: Draft, key: str, geography: Geography, accounts: Accounts) -> None:
    """Make the links of all facts about the establishments of one organisation in one country again.

    An initiative led to the decisions about the same establishment, a decision to the agreements, an agreement to the
    establishment; where a step is missing, the one before leads to the one after. Nothing leads to what came before.

    Args:
        draft: the graph as it will be; changed.
        key: the key of the establishments.
        geography: countries of cities.
        accounts: the accounts of the draft.
    """
    nodes = [q.subject for q in draft.match(None, _KEY, ox.Literal(key), None)]
    presences: dict[ox.NamedNode, About] = {}
    steps: dict[ox.NamedNode, _Step] = {}
    for node in nodes:
        if not isinstance(node, ox.NamedNode):
            continue
        if not node.value.endswith("-about"):
            for merged in _merged(draft, node):
                if merged not in presences:
                    presences[merged] = _parts(draft, merged)
            continue
        for merged in _merged(draft, ox.NamedNode(node.value.removesuffix("-about"))):
            step = _step(draft, merged, geography, accounts) if merged not in steps else None
            if step is not None and about_key(step.about, geography) == key:
                steps[merged] = step
    targets: dict[ox.NamedNode, list[_Step]] = {}
    for node, step in sorted(steps.items(), key=lambda one: one[0].value):
        _unlink(draft, node)
        target = _target(step.about, presences, geography)
        targets.setdefault(target, []).append(step)
        if target not in presences:
            draft.add(_reference_quads(target, step.about))
    for target, found in targets.items():
        _link(draft, target, found, target in presences)


def clear(draft: Draft, node: ox.NamedNode) -> None:
    """Take out an establishment that no fact is about any more."""
    if node.value.startswith(_MENTIONED) and not draft.match(None, _ABOUT, node, MERGED):
        draft.remove(draft.match(node, None, None, MERGED))


def _merged(draft: Draft, account: ox.NamedNode) -> Iterable[ox.NamedNode]:
    return [q.subject for q in draft.match(None, _ACCOUNT, account, MERGED) if isinstance(q.subject, ox.NamedNode)]


def _values(draft: Draft, node: ox.NamedNode) -> dict[ox.NamedNode, str]:
    return {q.predicate: q.object.value for q in draft.match(node, None, None, MERGED)}  # type: ignore[union-attr]


def _parts(draft: Draft, presence: ox.NamedNode) -> About:
    values = _values(draft, presence)
    return About(*(values.get(io(name), "") for name in ("organization", "place", "form")))


def _step(draft: Draft, node: ox.NamedNode, geography: Geography, read: Accounts) -> _Step | None:
    quads = draft.match(node, None, None, MERGED)
    accounts = [
        account
        for q in quads
        if q.predicate == _ACCOUNT and (account := read.get(q.object))  # type: ignore[arg-type]
    ]
    types = {q.object for q in quads if q.predicate == terms.RDF_TYPE}
    choice = choose(accounts, "about", geography)
    number = next((n for n, step in enumerate(_STEPS) if step in types), None)
    if choice is None or number is None:
        return None
    assert isinstance(choice.value, About)
    values = {q.predicate: q.object.value for q in quads}  # type: ignore[union-attr]
    return _Step(node, number, choice.value, values.get(io("dateEarliest"), ""), values.get(io("dateLatest"), ""))


def _unlink(draft: Draft, node: ox.NamedNode) -> None:
    old = draft.match(node, _ABOUT, None, MERGED)
    draft.remove([*old, *draft.match(node, _LED, None, MERGED)])
    for quad in old:
        assert isinstance(quad.object, ox.NamedNode)
        clear(draft, quad.object)


def _target(about: About, presences: dict[ox.NamedNode, About], geography: Geography) -> ox.NamedNode:
    """The establishment in the graph that is meant, if there is just one that may be, else a node for the mention."""
    fits = [(p, parts) for p, parts in presences.items() if _fits(about, parts, geography)]
    exact = [p for p, parts in fits if parts == about] or [p for p, parts in fits if parts.form == about.form]
    chosen = exact if len(exact) == 1 else [p for p, _ in fits]
    if len(chosen) == 1:
        return chosen[0]
    return ox.NamedNode(iris.entity(f"establishment/{about_name(about)}"))


def _fits(about: About, parts: About, geography: Geography) -> bool:
    places = not about.place or about.place == parts.place or geography.country(about.place) == parts.place
    places = places or geography.country(parts.place) == about.place
    forms = {about.form, parts.form}
    return places and (not about.form or len(forms) == 1 or forms == _LOOSE)


def _reference_quads(node: ox.NamedNode, about: About) -> list[ox.Quad]:
    values = [(io("organization"), about.organization), (io("place"), about.place), (io("form"), about.form)]
    return [
        ox.Quad(node, terms.RDF_TYPE, _REFERENCE, MERGED),
        *(ox.Quad(node, p, ox.NamedNode(v), MERGED) for p, v in values if v),
    ]


def _link(draft: Draft, target: ox.NamedNode, found: list[_Step], exists: bool) -> None:
    draft.add(ox.Quad(step.node, _ABOUT, target, MERGED) for step in found)
    for step in found:
        later = [s for s in found if s.step > step.step and not _before(s, step)]
        if later:
            nearest = min(s.step for s in later)
            draft.add(ox.Quad(step.node, _LED, s.node, MERGED) for s in later if s.step == nearest)
        elif exists:
            draft.add([ox.Quad(step.node, _LED, target, MERGED)])


def _before(a: _Step, b: _Step) -> bool:
    return bool(a.latest and b.earliest) and a.latest < b.earliest
