"""What the other endpoint has under our names, weighed: names, kind, coordinates."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from kg.link.ask import Endpoint
from kg.link.entities import Unlinked, point

WIKIDATA: Final = "http://www.wikidata.org/entity/"
BATCH: Final = 15
"""Entities of one request."""

# Wikidata: human, human settlement, country, geographic region, organization, event.
_CLASSES: Final = {
    "Person": ("Q5",),
    "City": ("Q486972",),
    "Country": ("Q6256",),
    "Region": ("Q82794",),
    "InternationalOrganization": ("Q43229",),
    "Event": ("Q1656682",),
}
_NEAR: Final = 50.0
"""Kilometres within which two places may be one."""

LEAST: Final = 0.5
_NAMED: Final = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?name ?item ?how WHERE {{
  VALUES ?name {{ {names} }}
  {{ ?item rdfs:label ?name . BIND ("label" AS ?how) }} UNION {{ ?item skos:altLabel ?name . BIND ("alias" AS ?how) }}
  FILTER (STRSTARTS(STR(?item), "{namespace}"))
}}
ORDER BY ?name ?item ?how
"""
_KNOWN: Final = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
SELECT DISTINCT ?item ?classified ?class ?label ?description ?point WHERE {{
  VALUES ?item {{ {items} }}
  BIND (EXISTS {{ ?item wdt:P31 ?any }} AS ?classified)
  OPTIONAL {{ VALUES ?class {{ {classes} }} ?item wdt:P31/wdt:P279* ?class }}
  OPTIONAL {{ ?item rdfs:label ?label FILTER (LANG(?label) = "en") }}
  OPTIONAL {{ ?item schema:description ?description FILTER (LANG(?description) = "en") }}
  OPTIONAL {{ ?item wdt:P625 ?point }}
}}
ORDER BY ?item ?class ?point
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An identifier that an entity may have.

    Attributes:
        entity: our id: ``city/almaty``.
        label: what we call it.
        identifier: the IRI elsewhere.
        their_label: what they call it.
        their_description: what they say it is.
        score: how much speaks for it, 0 to 1.
        why: what does, in words.
    """

    entity: str
    label: str
    identifier: str
    their_label: str
    their_description: str
    score: float
    why: str


@dataclass(slots=True)
class _Item:
    """What they know of an item."""

    names: set[tuple[str, str, str]] = field(default_factory=set)
    classified: bool = False
    classes: set[str] = field(default_factory=set)
    label: str = ""
    description: str = ""
    points: list[tuple[float, float]] = field(default_factory=list)


def suggest(endpoint: Endpoint, entities: Sequence[Unlinked], namespace: str = WIKIDATA) -> Iterator[list[Suggestion]]:
    """Suggestions for entities, a list for each request's worth of them, the best of an entity first.

    Args:
        endpoint: whom to ask.
        entities: what to ask about.
        namespace: what the identifiers that are wanted begin with.

    Raises:
        KgError: if the endpoint does not answer.
    """
    for start in range(0, len(entities), BATCH):
        batch = entities[start : start + BATCH]
        items = _named(endpoint, batch, namespace)
        _learn(endpoint, items)
        owners = defaultdict(set)
        for iri, item in items.items():
            for text, lang, _ in item.names:
                owners[text, lang].add(iri)
        yield [s for entity in batch for s in _weighed(entity, items, owners)]


def _named(endpoint: Endpoint, batch: Iterable[Unlinked], namespace: str) -> dict[str, _Item]:
    names = sorted({str(ox.Literal(text, language=lang)) for entity in batch for text, lang in entity.names})
    items: dict[str, _Item] = defaultdict(_Item)
    for row in endpoint.rows(_NAMED.format(names=" ".join(names), namespace=namespace)):
        name = row["name"]
        items[row["item"]["value"]].names.add((name["value"], name.get("xml:lang", ""), row["how"]["value"]))
    return dict(items)


def _learn(endpoint: Endpoint, items: dict[str, _Item]) -> None:
    if not items:
        return
    classes = " ".join(f"wd:{q}" for qs in _CLASSES.values() for q in qs)
    wanted = " ".join(str(ox.NamedNode(iri)) for iri in sorted(items))
    for row in endpoint.rows(_KNOWN.format(items=wanted, classes=classes)):
        item = items[row["item"]["value"]]
        item.classified = row["classified"]["value"] in ("true", "1")
        if "class" in row:
            item.classes.add(row["class"]["value"].rpartition("/")[2])
        item.label = row.get("label", {}).get("value", item.label)
        item.description = row.get("description", {}).get("value", item.description)
        if "point" in row and (place := point(row["point"]["value"])) and place not in item.points:
            item.points.append(place)


def _weighed(entity: Unlinked, items: dict[str, _Item], owners: dict[Any, set[str]]) -> list[Suggestion]:
    """The suggestions for an entity: those of another kind or far away are none."""
    found = []
    ours = set(entity.names)
    languages = {lang for _, lang in ours}
    for iri, item in items.items():
        common = {(text, lang, how) for text, lang, how in item.names if (text, lang) in ours}
        if not common:
            continue
        if not _possible(item, entity):
            continue
        agreed = sorted({lang for _, lang, _ in common})
        why = [f"{'; '.join(sorted({text for text, _, _ in common})[:3])} ({', '.join(agreed)})"]
        score = 0.45 + 0.25 * len(agreed) / len(languages)
        if any(how == "label" for _, _, how in common):
            score += 0.05
        fits = _fits(item, entity)
        if fits:
            score += 0.1
            why.append("of the same kind")
        if entity.point and item.points:
            score += 0.15
            why.append(f"{_apart(entity, item):.0f} km apart")
        elif not entity.point:
            score += 0.1 if fits else 0.0
        rivals = {other for text, lang, _ in common for other in owners[text, lang]} - {iri}
        if rivals := {rival for rival in rivals if _possible(items[rival], entity)}:
            score -= 0.25
            why.append(f"{len(rivals)} more of this name")
        score = round(max(0.0, min(1.0, score)), 2)
        if score >= LEAST:
            told = "; ".join(why)
            found.append(Suggestion(entity.id, entity.label(), iri, item.label, item.description, score, told))
    return sorted(found, key=lambda s: (-s.score, s.identifier))[:3]


def _fits(item: _Item, entity: Unlinked) -> bool:
    """Whether an item is of the kind that an entity is."""
    return not item.classes.isdisjoint(_CLASSES[entity.type])


def _apart(entity: Unlinked, item: _Item) -> float:
    """Kilometres between an entity and the nearest of an item's points; 0 if either has none."""
    if entity.point is None:
        return 0.0
    return min((_distance(entity.point, place) for place in item.points), default=0.0)


def _possible(item: _Item, entity: Unlinked) -> bool:
    """Whether an item may be an entity: not of another kind, not far away."""
    return (not item.classified or _fits(item, entity)) and _apart(entity, item) <= _NEAR


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points given as longitude and latitude in degrees (haversine)."""
    (lon1, lat1), (lon2, lat2) = (tuple(map(math.radians, point_)) for point_ in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))
