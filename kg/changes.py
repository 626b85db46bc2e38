"""What became known between two moments: two graphs compared, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import REFERENCE_ARTICLE
from kg.merge.node import MERGED
from kg.model import KINDS
from kg.store import Store

_KINDS: Final = {io(name): kind for kind, name in terms.CLASSES.items()}
_ORDER: Final = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that became known.

    Attributes:
        what: whether the fact is new, one of its values is another, or it is gone.
        kind: the kind of fact.
        fact: IRI of the fact; in the later graph, if it is there.
        slot: the slot whose value changed; ``""`` for a whole fact.
        before: the values until then, IRIs or texts.
        after: the values from then on.
        articles: IRIs of the articles from which that was learnt, those that report the fact only in the later graph.
    """

    what: Literal["new", "changed", "gone"]
    kind: str
    fact: str
    slot: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


def changes(old: Store, new: Store) -> list[Change]:
    """What the later graph knows otherwise than the earlier one: new facts, other values, facts that are gone.

    A fact whose IRI has become more exact is the same as the earlier one if it has an account in common with it.

    Args:
        old: the earlier graph.
        new: the later one.

    Returns:
        The changes by kind of fact, fact and slot.
    """
    before, after = _facts(old), _facts(new)
    owner = {account: fact for fact, (_, accounts) in before.items() for account in accounts}
    found: list[Change] = []
    matched: set[str] = set()
    for fact, (kind, accounts) in sorted(after.items()):
        earlier = fact if fact in before else next((owner[a] for a in sorted(accounts) if a in owner), "")
        known = before[earlier][1] if earlier else frozenset()
        articles = tuple(sorted({a.partition("#")[0] for a in accounts - known} - {REFERENCE_ARTICLE}))
        if not earlier:
            found.append(Change("new", kind, fact, articles=articles))
            continue
        matched.add(earlier)
        found += _values_changed(old, new, kind, earlier, fact, articles)
    found += [Change("gone", before[fact][0], fact) for fact in before.keys() - matched - after.keys()]
    return sorted(found, key=lambda c: (_ORDER[c.kind], c.fact, c.slot))


def _facts(store: Store) -> dict[str, tuple[str, frozenset[str]]]:
    """The facts of the merged graph: kind and accounts."""
    kinds = {
        quad.subject.value: kind
        for type_, kind in _KINDS.items()
        for quad in store.match(None, terms.RDF_TYPE, type_, MERGED)
        if isinstance(quad.subject, ox.NamedNode)
    }
    accounts: dict[str, set[str]] = {}
    for quad in store.match(None, io("account"), None, MERGED):
        accounts.setdefault(str(getattr(quad.subject, "value", "")), set()).add(str(getattr(quad.object, "value", "")))
    return {fact: (kind, frozenset(accounts.get(fact, ()))) for fact, kind in kinds.items()}


def _values_changed(
    old: Store, new: Store, kind: str, earlier: str, fact: str, articles: tuple[str, ...]
) -> Iterator[Change]:
    for slot, property_ in terms.PROPERTIES[kind].items():
        before, after = _values(old, earlier, property_), _values(new, fact, property_)
        if before != after:
            yield Change("changed", kind, fact, slot, before, after, articles)


def _values(store: Store, fact: str, property_: ox.NamedNode) -> tuple[str, ...]:
    found = {_text(q.object) for q in store.match(ox.NamedNode(fact), property_, None, MERGED)}
    return tuple(sorted(found))


def _text(term: object) -> str:
    value = str(getattr(term, "value", ""))
    language = getattr(term, "language", None)
    # A mention of an establishment becomes the establishment once that is known: that is no other subject.
    return f"{value}@{language}" if language else value.replace(iris.entity("establishment/"), iris.entity("presence/"))
