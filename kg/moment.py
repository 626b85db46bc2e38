"""The graph at a moment: what held on a day (valid time), and what was known by a day.

Known by a day is what the articles published until then say, merged as if no other had ever been there. As of a day is
what may have held then: what certainly began later or ended before is left out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph
from kg.errors import KgError
from kg.graph import terms
from kg.graph.readers import Keep
from kg.graph.terms import io, prefixed
from kg.merge.account import About
from kg.merge.node import MERGED, about_name
from kg.model import STATUSES, PartialDate
from kg.store import EmbeddedStore, Store

FOLDER: Final = "views"
"""The folder of views in that of a store: they are made again whenever they are missing."""

_KEPT: Final = 8
_PLANS: Final = frozenset(iris.concept("status", status) for status in STATUSES[:2])
_OPERATING, _CLOSED = (ox.NamedNode(iris.concept("status", status)) for status in STATUSES[2:])
_ABOUT, _ACCOUNT, _CHOICE, _STATUS = io("about"), io("account"), io("choice"), io("status")
_PARTS: Final = tuple(io(name) for name in ("organization", "place", "form"))
_PUBLISHED: Final = prefixed("schema:datePublished")


def at(
    graph: KnowledgeGraph,
    as_of: PartialDate | None = None,
    known_by: PartialDate | None = None,
    *,
    keep: Keep | None = None,
) -> KnowledgeGraph:
    """The graph at a moment, for questions, as some readers have it; *graph* itself if neither is given.

    A view is kept in the folder of the store, under the version of what the store holds, and made anew when that
    changes; beside a store without a folder, or in one that cannot be written, it is kept in memory, as is what only
    some readers say.

    Args:
        graph: the graph; it may be closed when the view is another one.
        as_of: the day, month or year on which facts hold.
        known_by: the day, month or year until whose end articles count.
        keep: which evidence counts, by its reader and its confidence; all without it.

    Raises:
        KgError: if the store cannot be read.
    """
    if as_of is None and known_by is None and keep is None:
        return graph
    place = _place(graph, as_of, known_by) if keep is None else None
    if place is not None and (place / "CURRENT").exists():
        os.utime(place)
        return KnowledgeGraph(EmbeddedStore(place, read_only=True))
    made = graph.known_by(known_by, keep) if known_by else graph.by_readers(keep) if keep else None
    source = made or graph.store
    if as_of is not None:
        view = EmbeddedStore(None)
        view.load(holding(source, as_of))
        made = view
    assert made is not None
    if place is not None:
        with contextlib.suppress(OSError, KgError):  # a view that cannot be kept is still in memory
            _keep(made, place)
    made.read_only = True
    return KnowledgeGraph(made)


def _place(graph: KnowledgeGraph, as_of: PartialDate | None, known_by: PartialDate | None) -> Path | None:
    path = graph.store.path if isinstance(graph.store, EmbeddedStore) else None
    if path is None or not os.access(path, os.W_OK):
        return None
    moment = [f"as-of {as_of}" if as_of else "", f"known-by {known_by.latest}" if known_by else ""]
    return path / FOLDER / iris.digest(graph.version, *moment)


def _keep(view: EmbeddedStore, place: Path) -> None:
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        view.backup(part)
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    # Those that were asked for least lately give way; half-made ones of processes that were killed too.
    others = sorted((p for p in place.parent.iterdir() if p != place), key=lambda p: -p.stat().st_mtime)
    for old in others[_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def holding(store: Store, date: PartialDate) -> Iterator[ox.Quad]:
    """The quads of a store, those of the merged graph as far as they may have held on a date.

    A state (an establishment, a membership, an office) is left out if it certainly began later or was over, an event
    if it was later; a plan without a date of opening also if nothing had been reported of it yet. What closed later is
    at work. What a fact is about and does not hold becomes a mention of the establishment.

    Args:
        store: where the graph is.
        date: the day, month or year; of a longer time its last day counts for beginnings, its first for ends.
    """
    facts: dict[ox.NamedNode, dict[ox.NamedNode, str]] = {}
    for quad in store.match(None, terms.RDF_TYPE, io("Fact"), MERGED):
        if isinstance(quad.subject, ox.NamedNode):
            facts[quad.subject] = _values(store.match(quad.subject, None, None, MERGED))
    gone = {node for node, values in facts.items() if not _holds(store, node, values, date)}
    again = {node for node, values in facts.items() if node not in gone and _closed_later(values, date)}
    choices = {q.object for node in gone for q in store.match(node, _CHOICE, None, MERGED)}
    replaced: dict[object, ox.NamedNode] = {}
    for quad in store.match():
        if quad.graph_name != MERGED:
            yield quad
        elif quad.subject in gone or quad.subject in choices:
            continue
        elif quad.object in gone:
            if quad.predicate == _ABOUT and isinstance(quad.object, ox.NamedNode):
                mention = _mention(facts[quad.object])
                replaced[quad.object] = mention
                yield ox.Quad(quad.subject, _ABOUT, mention, MERGED)
        elif quad.subject in again and quad.predicate == _STATUS:
            yield ox.Quad(quad.subject, _STATUS, _OPERATING, MERGED)
        else:
            yield quad
    for target, mention in replaced.items():
        assert isinstance(target, ox.NamedNode)
        yield ox.Quad(mention, terms.RDF_TYPE, io("EstablishmentReference"), MERGED)
        parts = facts[target]
        yield from (ox.Quad(mention, p, ox.NamedNode(parts[p]), MERGED) for p in _PARTS if p in parts)
    for node in again:
        hosts = {facts[node].get(p, "") for p in (io("place"), io("country"))} - {""}
        yield from (ox.Quad(ox.NamedNode(host), io("hosts"), node, MERGED) for host in hosts)


def _values(quads: Iterable[ox.Quad]) -> dict[ox.NamedNode, str]:
    return {q.predicate: str(getattr(q.object, "value", "")) for q in quads}


def _holds(store: Store, node: ox.NamedNode, values: dict[ox.NamedNode, str], date: PartialDate) -> bool:
    first, last = date.earliest.isoformat(), date.latest.isoformat()
    begins = values.get(io("sinceEarliest")) or values.get(io("dateEarliest")) or ""
    if begins > last:
        return False
    ends = values.get(io("untilLatest"), "")
    if ends and ends < first:
        return False
    if values.get(_STATUS) in _PLANS and not begins:
        told = [day for day in _reported(store, node) if day]
        return not told or min(told) <= last
    return True


def _closed_later(values: dict[ox.NamedNode, str], date: PartialDate) -> bool:
    return values.get(_STATUS) == _CLOSED.value and values.get(io("untilEarliest"), "") > date.latest.isoformat()


def _reported(store: Store, node: ox.NamedNode) -> Iterator[str]:
    """The days, months or years in which a fact was reported."""
    for quad in store.match(node, _ACCOUNT, None, MERGED):
        article = ox.NamedNode(str(getattr(quad.object, "value", "")).partition("#")[0])
        yield from _values(store.match(article, _PUBLISHED, None, article)).values()


def _mention(parts: dict[ox.NamedNode, str]) -> ox.NamedNode:
    return ox.NamedNode(iris.entity(f"establishment/{about_name(About(*(parts.get(p, '') for p in _PARTS)))}"))
