"""Finding what a user means by a name: by IRI, by id, by any of its names in any language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph
from kg.queries.bind import Resolve
from kg.reference import load

CLASSES: Final = ("city", "country", "organization", "region", "person", "event", "group", "goal")
_ID: Final = re.compile(r"[a-z]+/[^\s<>\"{}|^`\\]+")
_NAMES: Final = tuple(
    ox.NamedNode(iris.PREFIXES[prefix] + name)
    for prefix, name in (("skos", "prefLabel"), ("skos", "altLabel"), ("io", "acronym"), ("rdfs", "label"))
)
_MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)


def resolver(graph: KnowledgeGraph) -> Resolve:
    """Finds things of a graph: ``city/almaty``, ``almaty``, ``Алматы``, ``UN``, an article's id, an IRI.

    A name counts whole; if nothing has it, whatever has all of its words.
    """

    def exists(iri: str) -> bool:
        return next(iter(graph.store.match(ox.NamedNode(iri), None, None, None)), None) is not None

    def resolve(value: str) -> list[str]:
        direct = [iri for iri in _candidates(value) if exists(iri)]
        if direct:
            return direct
        return graph.find(value) or _by_words(graph, value)

    return resolve


def _candidates(value: str) -> list[str]:
    """The IRIs that a value may be or be short for."""
    if re.fullmatch(r"https?://[^\s<>\"{}|^`\\\x00-\x20]+", value):
        return [value]
    prefix, colon, local = value.partition(":")
    if colon and prefix in iris.PREFIXES and re.fullmatch(r"[^\s<>\"{}|^`\\]+", local):
        return [iris.PREFIXES[prefix] + local]
    if _ID.fullmatch(value):
        class_, _, local = value.partition("/")
        return [iris.article(local) if class_ == "article" else iris.entity(value)]
    if re.fullmatch(r"[A-Za-z0-9][\w.-]*", value):
        return [iris.entity(f"{name}/{value.lower()}") for name in CLASSES] + [iris.article(value)]
    return []


def _by_words(graph: KnowledgeGraph, value: str) -> list[str]:
    wanted = set(re.findall(r"\w+", value.casefold()))
    if not wanted:
        return []
    found: set[str] = set()
    for property_ in _NAMES:
        for quad in graph.store.match(None, property_, None, _MERGED):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                text = quad.object.value.casefold()
                if all(word in text for word in wanted) and wanted <= set(re.findall(r"\w+", text)):
                    found.add(quad.subject.value)
    return sorted(found)


@cache
def _table_names() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for identifier, entry in load().entries.items():
        slug = identifier.partition("/")[2]
        for name in {slug, *(name for line in entry.names.values() for name in line)}:
            names.setdefault(name.casefold(), set()).add(identifier)
    return names


def table_resolver(value: str) -> list[str]:
    """Finds what the reference tables know, where no graph is at hand; an IRI or an id is taken as it is."""
    direct = _candidates(value)
    if len(direct) == 1:
        return direct
    return [iris.entity(identifier) for identifier in sorted(_table_names().get(value.casefold(), ()))]
