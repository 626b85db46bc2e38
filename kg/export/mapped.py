"""The map: establishments at the points of their places, with the dates that a year slider needs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable
from html import escape
from typing import IO, Any, Final
from xml.sax.saxutils import escape as xml

from kg import assets, iris
from kg.export.network import xml_text
from kg.export.page import page
from kg.export.view import PROPERTIES, View
from kg.export.words import term_label, texts
from kg.model import FORMS, KINDS, STATUSES

Link = Callable[[str], str]
"""From the IRI of a thing to the address of its page; ``""`` where it has none."""

_FIRST: Final = 1945


def to_web(iri: str) -> str:
    """The address of a thing in a file that is no part of a site: its own IRI."""
    return iri if iri.startswith(("http://", "https://")) else ""


def map_data(view: View, lang: str, link: Link = to_web, facts: Iterable[str] | None = None) -> dict[str, Any]:
    """What the map shows, in few bytes: tables of places, organisations and concepts, and rows that point into them.

    Args:
        view: the graph.
        lang: language of labels.
        link: addresses of pages.
        facts: the establishments; without them, all of the view.

    Returns:
        ``places`` (label, longitude, latitude, address, regions), ``organizations``, ``forms``, ``statuses``,
        ``themes``, ``regions``, ``years`` (first and last) and ``rows``: place, organisation, form, status, dates
        (first and last day of the beginning, of the end, as text), themes, label, address.
    """
    places, organizations, regions = _Table(), _Table(), _Table()
    forms = [[name, term_label(iris.concept("form", name), lang)] for name in FORMS]
    statuses = [[name, term_label(iris.concept("status", name), lang)] for name in STATUSES]
    themes = _Table()
    within = _regions(view)
    rows = []
    latest = _FIRST
    chosen = view.facts("presence") if facts is None else sorted(f for f in facts if view.kinds.get(f) == "presence")
    for iri in chosen:
        place, organization = view.text(iri, "place"), view.text(iri, "organization")
        if not place or not organization:
            continue
        country = view.text(iri, "country") or place
        ours = [regions.add(region, view.label(region, lang)) for region in within.get(country, [])]
        at = places.add(place, lambda p=place, ours=ours: _place(view, p, lang, link, ours))
        of = organizations.add(organization, lambda o=organization: [view.label(o, lang), link(o)])
        form, status = (view.text(iri, name).rsplit("/", 1)[-1] for name in ("form", "status"))
        focus = [themes.add(term.value, view.label(term.value, lang)) for term in view.values(iri, "focus")]
        bounds = [view.text(iri, n) for n in ("sinceEarliest", "sinceLatest", "untilLatest", "untilEarliest")]
        latest = max([latest, *(int(bound[:4]) for bound in bounds if bound[:4].isdigit())])
        since, until = view.text(iri, "since"), view.text(iri, "until")
        dates = [*bounds, f"{since}–{until}" if until else since]
        while dates and not dates[-1]:
            dates.pop()
        named = iris.PREFIXES["rdfs"] + "label" in view.nodes[iri]
        label = view.label(iri, lang) if named else ""
        rows.append(
            [at, of, FORMS.index(form) if form in FORMS else -1,
             STATUSES.index(status) if status in STATUSES else -1, dates, focus, label, link(iri)]
        )  # fmt: skip
    published = [a.get(iris.PREFIXES["schema"] + "datePublished", "")[:4] for a in view.articles.values()]
    latest = max([latest, *(int(year) for year in published if year.isdigit())])
    return {
        "places": places.values, "organizations": organizations.values, "forms": forms, "statuses": statuses,
        "themes": [[iri.rsplit("/", 1)[-1], label] for iri, label in zip(themes.keys, themes.values, strict=True)],
        "regions": [[iri.rsplit("/", 1)[-1], label] for iri, label in zip(regions.keys, regions.values, strict=True)],
        "years": [_FIRST, latest], "rows": rows,
    }  # fmt: skip


class _Table:
    """Values by key, in the order in which they came."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.values: list[Any] = []

    def add(self, key: str, value: Any) -> int:
        if key not in self.keys:
            self.keys[key] = len(self.values)
            self.values.append(value() if callable(value) else value)
        return self.keys[key]


def _place(view: View, iri: str, lang: str, link: Link, regions: list[int]) -> list[Any]:
    point = view.point(iri)
    return [view.label(iri, lang), *(point or (None, None)), link(iri), regions]


def _regions(view: View) -> dict[str, list[str]]:
    """Country → the regions that it is a member of."""
    found: dict[str, list[str]] = {}
    for iri, kind in view.kinds.items():
        if kind == "region":
            for term in view.values(iri, "hasMember"):
                found.setdefault(term.value, []).append(iri)
    return found


def figure_words(lang: str) -> dict[str, str]:
    """The words of the pictures' controls."""
    return texts(lang)["figure"]


def legend(lang: str) -> str:
    """What the signs on the map mean, as HTML."""
    w = figure_words(lang)
    full = '<svg width="14" height="14" aria-hidden="true"><g class="spot"><circle cx="7" cy="7" r="5.5"/></g></svg>'
    hollow = full.replace('class="spot"', 'class="spot open"')
    items = ((full, w["legend-sure"]), (hollow, w["legend-maybe"]))
    listed = "".join(f"<li>{sign}{escape(text)}</li>" for sign, text in items)
    return f'<ul class="legend">{listed}</ul><p class="small soft">{escape(w["boundaries"])}</p>'


def write_map(view: View, out: IO[bytes], lang: str = "en", title: str = "") -> int:
    """Write a page with the map: one file, no requests to anywhere, with a year slider, filters and saving.

    Returns:
        How many establishments it shows.
    """
    data = map_data(view, lang)
    w = figure_words(lang)
    title = title or w["map"]
    data["title"] = title
    body = f'<figure><div class="mapbox" id="map"></div>{legend(lang)}</figure>'
    world = json.loads(assets.text("world.json"))
    out.write(page(title, lang, body, {"words": w, "world": world, "map-data": data}).encode())
    return len(data["rows"])


def write_kml(view: View, out: IO[bytes], lang: str = "en") -> int:
    """Write the establishments as KML 2.2 (OGC 07-147r2), each at the point of its city with its time span.

    One of which only the country is known has no point, and stands in the file without a geometry.

    Returns:
        How many placemarks were written.
    """
    return put_kml(((view, iri) for iri in view.facts("presence")), out, lang)


def put_kml(marks: Iterable[tuple[View, str]], out: IO[bytes], lang: str) -> int:
    """The same for establishments that come one by one, each with what is known of it."""
    head = ['<?xml version="1.0" encoding="UTF-8"?>', '<kml xmlns="http://www.opengis.net/kml/2.2">', "<Document>",
            f"<name>{xml(figure_words(lang)['map'])}</name>", ""]  # fmt: skip
    out.write("\n".join(head).encode())
    number = 0
    for number, (view, iri) in enumerate(marks, 1):
        out.write("\n".join([*_placemark(view, iri, number, lang), ""]).encode())
    out.write(b"</Document>\n</kml>\n")
    return number


def _placemark(view: View, iri: str, number: int, lang: str) -> list[str]:
    lines = [f'<Placemark id="p{number}">', f"<name>{_xml(view.label(iri, lang))}</name>"]
    quotes = view.quotes.get(iri, [])
    if quotes:
        lines.append(f"<description>{_xml(quotes[0].quote)}</description>")
    span = [(tag, view.text(iri, name)) for tag, name in (("begin", "since"), ("end", "until"))]
    if any(value for _, value in span):
        inner = "".join(f"<{tag}>{xml(value)}</{tag}>" for tag, value in span if value)
        lines.append(f"<TimeSpan>{inner}</TimeSpan>")
    lines.append("<ExtendedData>")
    for slot, name in (("iri", ""), *PROPERTIES["presence"].items()):
        value = " | ".join(view.show(t, lang) for t in view.values(iri, name)) if name else iri
        if value:
            lines.append(f'<Data name="{slot}"><value>{_xml(value)}</value></Data>')
    lines.append("</ExtendedData>")
    point = next(filter(None, (view.point(term.value) for term in view.values(iri, "place"))), None)
    if point:
        lines.append(f"<Point><coordinates>{point[0]},{point[1]}</coordinates></Point>")
    return [*lines, "</Placemark>"]


def _xml(text: str) -> str:
    return xml(xml_text(text))


def write_geojson(view: View, out: IO[bytes], lang: str = "en") -> int:
    """Write the establishments as a GeoJSON feature collection (RFC 7946).

    An establishment stands at the point of its city; one of which only the country is known has no geometry.

    Returns:
        How many features were written.
    """
    return put_geojson(((view, iri) for iri in view.facts("presence")), out, lang)


def put_geojson(marks: Iterable[tuple[View, str]], out: IO[bytes], lang: str) -> int:
    """The same for establishments that come one by one, each with what is known of it."""
    out.write(b'{\n "type": "FeatureCollection",\n "features": [')
    count = 0
    for count, (view, iri) in enumerate(marks, 1):
        text = json.dumps(_feature(view, iri, lang), ensure_ascii=False, indent=1)
        out.write(("," if count > 1 else "").encode() + b"\n" + textwrap.indent(text, "  ").encode())
    out.write(b"\n ]\n}\n" if count else b"]\n}\n")
    return count


def _feature(view: View, iri: str, lang: str) -> dict[str, Any]:
    point = next(filter(None, (view.point(term.value) for term in view.values(iri, "place"))), None)
    properties: dict[str, Any] = {"label": view.label(iri, lang)}
    for slot, name in PROPERTIES["presence"].items():
        shown = [view.show(term, lang) for term in view.values(iri, name)]
        if shown:
            properties[slot] = shown if KINDS["presence"][slot].many else shown[0]
    geometry = {"type": "Point", "coordinates": list(point)} if point else None
    return {"type": "Feature", "id": iri, "geometry": geometry, "properties": properties}
