"""Finding what a user means by a name: by IRI, by id, by any of its names in any language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.model import LANGUAGES
from kg.queries.bind import Resolve
from kg.queries.spelt import establishments
from kg.reference import load
from kg.store import Store

CLASSES: Final = ("city", "country", "organization", "region", "person", "event", "group", "goal")
_ID: Final = re.compile(r"[a-z]+/[^\s<>\"{}|^`\\]+")
_NAMES: Final = " ".join(
    f"<{iris.PREFIXES[prefix]}{name}>"
    for prefix, name in (("skos", "prefLabel"), ("skos", "altLabel"), ("io", "acronym"), ("rdfs", "label"))
)
_REPLACED: Final = ox.NamedNode(iris.PREFIXES["dcterms"] + "isReplacedBy")
_MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
_LANGUAGES: Final = (None, *LANGUAGES)
_MOST_WORDS: Final = 20


def resolver(store: Store) -> Resolve:
    """Finds things of a graph: ``city/almaty``, ``almaty``, ``Алматы``, ``UN``, an article's id, an IRI.

    A name counts whole; if nothing has it, whatever has all of its words; else the establishments that it is short for
    (:func:`kg.queries.spelt.establishments`).

    Args:
        store: where the graph is.
    """

    def exists(iri: str) -> bool:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return False
        return next(iter(store.match(node, None, None, None)), None) is not None

    def common(iri: str) -> str:
        # What people hold to be the same as another thing leads on to that.
        found = store.match(ox.NamedNode(iri), _REPLACED, None, _MERGED)
        return next((str(getattr(q.object, "value", iri)) for q in found), iri)

    def resolve(value: str) -> list[str]:
        value = value.strip()
        direct = [common(iri) for iri in _candidates(value) if exists(iri)]
        return direct or _by_name(store, value) or short(value)

    def short(value: str) -> list[str]:
        # Several names of one establishment are no doubt; several establishments are.
        return list(dict.fromkeys(iri for iri, _ in establishments(store, value)))

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


def _by_name(store: Store, value: str) -> list[str]:
    """What has this name, else what has all of its words in one name, as IRIs in order."""
    value = value.encode("utf-8", "replace").decode()
    words = sorted(set(re.findall(r"\w+", value.casefold())))
    if not words:
        return []
    literals = " ".join(str(ox.Literal(value, language=lang)) for lang in _LANGUAGES)
    same = str(ox.Literal(value.lower()))
    has = " && ".join(f"CONTAINS(LCASE(STR(?name)), {ox.Literal(word)})" for word in words[:_MOST_WORDS])
    for pattern in (
        f"VALUES ?name {{ {literals} }} ?thing ?property ?name",
        f"?thing ?property ?name FILTER (LCASE(STR(?name)) = {same})",
        f"?thing ?property ?name FILTER ({has})",
    ):
        answer = store.query(f"SELECT DISTINCT ?thing ?name WHERE {{ VALUES ?property {{ {_NAMES} }} {pattern} }}")
        assert isinstance(answer, ox.QuerySolutions)
        found = {
            row["thing"].value for row in answer if set(words) <= set(re.findall(r"\w+", row["name"].value.casefold()))
        }
        if found:
            return sorted(found)
    return []


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
