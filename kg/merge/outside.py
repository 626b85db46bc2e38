"""Identifiers that others have for our entities, Wikidata above all, as one side of a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol

from kg import iris
from kg.errors import UsageError

_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_WIKIDATA: Final = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q\d+)")
_ENTITY: Final = "http://www.wikidata.org/entity/"


class _Decision(Protocol):
    @property
    def judgement(self) -> str: ...

    @property
    def a(self) -> str: ...

    @property
    def b(self) -> str: ...


def outside(name: str) -> str:
    """The IRI elsewhere that a name is; a Wikidata item also by its number or the address of its page.

    Returns:
        The IRI, or ``""`` if it is none of others.
    """
    if found := _WIKIDATA.fullmatch(name):
        return _ENTITY + found[1]
    return name if _IRI.fullmatch(name) and not name.startswith(iris.BASE) else ""


def namespace(iri: str) -> str:
    """What an identifier has in common with others of its kind: all to the last ``/`` or ``#``."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def linked(decisions: Iterable[_Decision], canonical: dict[str, str]) -> dict[str, list[str]]:
    """The identifiers elsewhere that entities are held to be the same as.

    Args:
        decisions: those whose second side is outside.
        canonical: the IRI under which an entity stands, where it is not its own.

    Returns:
        Identifiers by the IRI of the entity, sorted.

    Raises:
        UsageError: if one entity has two of one kind, two entities have one, or what is the same is different, too.
    """
    of: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    different = set()
    for one in decisions:
        entity = canonical.get(iris.entity(one.a), iris.entity(one.a))
        if one.judgement == "different":
            different.add((entity, one.b))
            continue
        if of.setdefault(one.b, entity) != entity:
            raise UsageError(
                f"{iris.local(of[one.b])} and {one.a} are both held to be {one.b}",
                remedy="undo one of the decisions, or hold the two to be the same",
            )
        found.setdefault(entity, []).append(one.b)
    for entity, theirs in found.items():
        theirs[:] = sorted(set(theirs))
        if len(set(map(namespace, theirs))) < len(theirs):
            raise UsageError(f"{iris.local(entity)} is held to be {' and '.join(theirs)}", remedy="undo all but one")
        for iri in theirs:
            if (entity, iri) in different:
                raise UsageError(
                    f"{iris.local(entity)} and {iri} are held to be the same and different",
                    remedy="undo one of the decisions",
                )
    return found
