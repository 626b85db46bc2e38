"""The page of an entity: what is known of it by kind of fact, where it is, what it is joined to, who says so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox
from markupsafe import Markup

from kg import iris
from kg.export.select import rows
from kg.export.timeline import drawing, life_lines
from kg.export.timeline import legend as timeline_legend
from kg.export.view import View, property_iri
from kg.export.words import kind_label
from kg.model import KINDS, LANGUAGES, PartialDate
from kg.pages import tell
from kg.pages.frame import FACTS, PATHS, Frame, render
from kg.pages.home import pages
from kg.pages.known import Known

_LINES: Final = 30
"""Establishments that the timeline of an entity shows, at most."""
_FILED: Final = 300
LISTED: Final = 50
"""Facts on a page of a list."""
_NEAR: Final = 24
_WITHIN: Final = "io:country|schema:containedInPlace|org:subOrganizationOf"
_JOINING: Final = (
    "organization place proposer onBehalfOf occasion body party org:member org:organization from to person of serves "
    "initiator"
).split()


@dataclass(frozen=True, slots=True)
class Near:
    """A neighbour: its name, kind, page, and in how many facts it stands together with the subject."""

    name: str
    kind: str
    href: str
    count: int


def as_of_day(text: str) -> str:
    """The last day that a date such as ``2022`` or ``2022-03`` means; ``""`` if it is no date."""
    try:
        return PartialDate(text.strip()).latest.isoformat()
    except ValueError:
        return ""


def entity_page(known: Known, iri: str, frame: Frame, as_of: str = "") -> str | None:
    """The page of an entity.

    Args:
        known: the graph.
        iri: the entity.
        frame: language and links.
        as_of: a date; what did not hold then is left out.

    Returns:
        HTML; ``None`` if the graph does not have it.
    """
    day = as_of_day(as_of) if as_of else ""
    totals = known.totals(iri, day)
    # A site of files has no second page of a list.
    most = 0 if frame.links.server else _FILED
    by_kind = {kind: known.facts(iri, kind, most or max(_LINES, tell.SHOWN[kind]), 0, day) for kind in totals}
    shown = [fact for kind, facts in by_kind.items() for fact in facts[: most or tell.SHOWN[kind]]]
    chosen = {*shown, *by_kind.get("presence", [])[:_LINES]}
    within = {row[0].value for row in rows(known.graph, f"<{iri}> {_WITHIN} ?x", "x")}
    view = known.view({iri, *within, *chosen})
    if iri not in view.kinds:
        return None
    chosen &= view.kinds.keys()
    lines, _ = life_lines(view, frame.lang, chosen)
    if len(lines) > _LINES:
        # Establishments with their steps come before facts that stand alone.
        lines = [line for line in lines if view.kinds[line.iri] == "presence"][:_LINES]
    return render(
        "entity.html",
        frame,
        iri=iri,
        label=view.label(iri, frame.lang),
        kind=view.kinds[iri],
        about=_about(view, iri, frame),
        tables=tell.tables(view, [f for f in shown if f in chosen], frame, totals, iri, most, ordered=True),
        total=sum(totals.values()),
        paths=PATHS,
        as_of=as_of,
        as_of_wrong=bool(as_of) and not day,
        timeline=Markup(drawing(lines, known.newest(view), frame.lang, frame.thing, view.label(iri, frame.lang)))
        if lines
        else "",
        timeline_legend=Markup(timeline_legend(frame.lang)),
        newest=known.newest(view),
        near=_near(view, chosen, iri, frame),
        points=points(view, iri, chosen, frame),
        articles=len({q.article for f in chosen for q in view.quotes.get(f, [])}),
    )


def facts_page(known: Known, iri: str, frame: Frame, facts: str, page: int = 1, as_of: str = "") -> str | None:
    """The facts of one kind that name an entity, a page at a time.

    Args:
        known: the graph.
        iri: the entity.
        frame: language and links.
        facts: a class of facts as in addresses.
        page: which page, from 1.
        as_of: a date; what did not hold then is left out.

    Returns:
        HTML; ``None`` if there are none.
    """
    of, day = FACTS.get(facts, ""), as_of_day(as_of) if as_of else ""
    total = known.totals(iri, day).get(of, 0)
    chosen = known.facts(iri, of, LISTED, (page - 1) * LISTED, day) if total and page > 0 else []
    view = known.view({iri, *chosen})
    if not chosen or iri not in view.kinds:
        return None
    ours = [f for f in chosen if f in view.kinds]
    label = view.label(iri, frame.lang)
    return render(
        "facts.html",
        frame,
        title=f"{label}: {frame.word(f'facts-{of}')}",
        table=next(iter(tell.tables(view, ours, frame, {of: total}, iri, LISTED, ordered=True)), None),
        total=total,
        pages=pages(total, LISTED, page),
        subject=label,
        back=frame.thing(iri),
        address=frame.path,
        kept={"facts": facts, **({"as-of": as_of} if day else {})},
    )


def _about(view: View, iri: str, frame: Frame) -> list[tuple[str, list[tell.Value]]]:
    """What the entity is: names in other languages, other names, country, identifiers."""
    found: list[tuple[str, list[tell.Value]]] = []
    labels = {lang: view.label(iri, lang) for lang in LANGUAGES}
    others = [tell.Value(labels[lang], lang=lang) for lang in LANGUAGES if labels[lang] != labels[frame.lang]]
    found.append((frame.word("also"), list({v.text: v for v in others}.values())))
    alt = iris.PREFIXES["skos"] + "altLabel"
    known = {v.text for v in others} | {labels[frame.lang]}
    aliases = [t for t in view.nodes[iri].get(alt, []) if isinstance(t, ox.Literal) and t.value not in known]
    found.append((frame.word("aliases"), [tell.Value(t.value, lang=t.language or "") for t in aliases[:12]]))
    for key, name in (("acronym", "acronym"), ("country", "country"), ("within", "schema:containedInPlace"),
                      ("parent", "org:subOrganizationOf"), ("body-kind", "bodyKind"), ("iso", "isoCode")):  # fmt: skip
        if key == "within" and view.values(iri, "country"):
            continue
        terms = {tell.value(view, t, frame) for t in view.values(iri, name)}
        found.append((frame.word(key), sorted(terms, key=lambda v: v.text)))
    wikidata = view.wikidata(iri)
    if wikidata:
        found.append(("Wikidata", [tell.Value(wikidata, f"https://www.wikidata.org/wiki/{wikidata}")]))
    point = view.point(iri)
    if point:
        found.append((frame.word("coordinates"), [tell.Value(f"{point[1]}, {point[0]}")]))
    found.append((frame.word("identifier"), [tell.Value(iri)]))
    return [(name, values) for name, values in found if values]


def _near(view: View, facts: set[str], iri: str, frame: Frame) -> list[Near]:
    """The entities that stand in the same facts, the most often first."""
    counts: Counter[str] = Counter()
    properties = {property_iri(name) for name in _JOINING}
    for fact in facts:
        named = {t.value for p, ts in view.nodes[fact].items() if p in properties for t in ts}
        for about in view.values(fact, "about"):
            named |= {t.value for p in ("organization", "place") for t in view.values(about.value, p)}
        counts.update(n for n in named if n != iri and view.kinds.get(n) not in (None, *KINDS, "establishment"))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], view.label(item[0], frame.lang)))[:_NEAR]
    return [
        Near(view.label(n, frame.lang), kind_label(view.kinds[n], frame.lang), frame.thing(n), c) for n, c in ordered
    ]


def points(view: View, iri: str, facts: set[str], frame: Frame) -> dict[str, Any] | None:
    """Where on the map an entity and its establishments are: a small picture's window and points.

    Returns:
        ``box`` (west, north, width, height in degrees, north up) and ``points`` (longitude, latitude, name, address);
        ``None`` if nothing has a place.
    """
    at: dict[tuple[float, float], tuple[str, str]] = {}
    own = view.point(iri)
    if own:
        at[own] = (view.label(iri, frame.lang), "")
    for fact in sorted(facts | ({iri} if view.kinds.get(iri) == "presence" else set())):
        if view.kinds[fact] != "presence" or own:
            continue
        for place in view.values(fact, "place"):
            point = view.point(place.value)
            if point and point not in at:
                at[point] = (view.label(place.value, frame.lang), frame.thing(place.value))
    if not at:
        return None
    west, east = min(p[0] for p in at), max(p[0] for p in at)
    south, north = min(p[1] for p in at), max(p[1] for p in at)
    width = min(360.0, max(56.0, (east - west) * 1.25))
    height = min(150.0, max(width / 2, (north - south) * 1.3))
    width = min(360.0, max(width, height * 2))
    left = max(-180.0, min(180.0 - width, (west + east) / 2 - width / 2))
    top = max(-84.0, min(66.0 - height, -(south + north) / 2 - height / 2))
    return {
        "box": [round(left, 1), round(top, 1), round(width, 1), round(height, 1)],
        "radius": round(width / 75, 2),
        "points": [(p[0], -p[1], *about) for p, about in sorted(at.items())],
    }


def exists(graph: Any, iri: str) -> bool:
    """Whether the graph says anything of a thing."""
    return bool(rows(graph, f"<{iri}> a ?type", "type"))
