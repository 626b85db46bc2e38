"""The pages of pictures: map, timeline, network."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Final

from markupsafe import Markup

from kg import assets, iris
from kg.errors import KgError
from kg.export import mapped, select
from kg.export import network as networks
from kg.export import timeline as timelines
from kg.export.select import quads_of, rows
from kg.export.view import View
from kg.model import KINDS
from kg.pages.frame import Frame, render

MOST: Final = 5_000
"""Establishments that the map shows at most; facts that the network shows at most."""
_NODES: Final = 5_000
_LINES: Final = 400
_FORMS: Final = {
    "map": (("map", "HTML"), ("geojson", "GeoJSON"), ("kml", "KML")),
    "timeline": (("timeline", "HTML"), ("csv", "CSV"), ("xlsx", "Excel")),
    "network": (("html", "HTML"), ("graphml", "GraphML"), ("gexf", "GEXF")),
}


def _ranked(graph: Any, pattern: str, most: int) -> list[str]:
    """The facts that fit a pattern, those that most articles report first."""
    found = graph.query(
        f"PREFIX io: <{iris.IO}> SELECT DISTINCT ?fact ?n WHERE {{ {pattern} ?fact io:support ?n }} "
        f"ORDER BY DESC(?n) ?fact LIMIT {most}"
    )
    return [row["fact"].value for row in found]


@cache
def library() -> bytes:
    """The drawing library that pyvis brings along."""
    folder = resources.files("pyvis") / "lib"
    found = sorted(p.name for p in folder.iterdir() if p.name.startswith("vis-"))
    return (folder / found[-1] / "vis-network.min.js").read_bytes()


def map_rows(graph: Any, frame: Frame) -> dict[str, Any]:
    """What the map shows: see :func:`kg.export.mapped.map_data`.

    Args:
        graph: the graph.
        frame: language and links.
    """
    facts = _ranked(graph, "?fact a io:Presence .", MOST)
    regions = {row[0].value for row in rows(graph, "?r a io:Region", "r")}
    data = mapped.map_data(
        View.of(quads_of(graph, {*facts, *regions}, linked=False, evidence=False)), frame.lang, frame.thing, facts
    )
    data["title"] = frame.word("nav-map")
    return data


def map_page(frame: Frame, *, data: dict[str, Any] | None = None, world: bool = False) -> str:
    """The page of the map; its rows and the world come with it, or are fetched from the server."""
    where = f' data-rows="{escape(frame.page("map.json"))}"' if data is None else ""
    where += f' data-world="{escape(frame.links.file("world.json"))}"' if not world else ""
    box = f'<div class="mapbox" id="map"{where}></div>'
    islands = {"map-data": data} if data is not None else {}
    if world:
        islands["world"] = json.loads(assets.text("world.json"))
    return _figure(frame, "map", f"<figure>{box}{mapped.legend(frame.lang)}</figure>", islands, ["figures.js"])


def _figure(frame: Frame, name: str, html: str, islands: dict[str, Any], scripts: list[str], **more: Any) -> str:
    context: dict[str, Any] = {"choose": False, "around": "", "depth": 0, "error": "", "note": "", "forms": []}
    context |= more
    return render(
        "figure.html",
        frame,
        title=context.pop("title", frame.word(f"nav-{name}")),
        figure_html=Markup(html),
        islands=islands,
        scripts=scripts,
        **context,
    )


def _chosen(graph: Any, around: str, depth: int, facts: str, most: int) -> tuple[set[str], str]:
    """The nodes to show, and what they lie around."""
    if not around:
        return set(_ranked(graph, facts, most)), ""
    from kg.queries import resolver

    found = resolver(graph.store)(around)
    if not found:
        raise KgError(f'nothing is called "{around}"')
    return select.around(graph, found[0], depth), found[0]


def timeline_page(graph: Any, frame: Frame, around: str = "") -> str:
    """The timeline of what lies around an entity, or of what articles report."""
    error, iri, html, note = "", "", "", ""
    try:
        nodes, iri = _chosen(graph, around, 1, "?fact io:support ?s FILTER (?s > 0)", 2_000)
        view = View.of(quads_of(graph, nodes, linked=False))
        lines, without = timelines.life_lines(view, frame.lang, [n for n in nodes if view.kinds.get(n) in KINDS])
        newest = timelines.edge(view)
        drawn = timelines.drawing(lines[:_LINES], newest, frame.lang, frame.thing, frame.word("nav-timeline"))
        w = mapped.figure_words(frame.lang)
        label = escape(frame.word("nav-timeline"))
        html = (
            f"<figure>{timelines.legend(frame.lang)}"
            f'<div class="lines" tabindex="0" role="region" aria-label="{label}">{drawn}</div></figure>'
        )
        note = w["no-date"].format(n=without) if without else ""
        title = view.label(iri, frame.lang) if iri else ""
    except KgError as problem:
        error, title = str(problem), ""
    return _figure(
        frame, "timeline", html, {}, ["figures.js"], choose=True, around=around, error=error, note=note,
        forms=_downloads(frame, "timeline", iri),
        title=f"{frame.word('nav-timeline')}: {title}" if title else frame.word("nav-timeline"),
    )  # fmt: skip


def network_page(graph: Any, frame: Frame, around: str = "", depth: int = 1) -> str:
    """The network around an entity, or of what articles report (5,000 nodes at most)."""
    error, iri, html, note, islands = "", "", "", "", {}
    try:
        nodes, iri = _chosen(graph, around, depth, "?fact io:support ?s FILTER (?s > 0)", 600)
        view = View.of(quads_of(graph, nodes, linked=False))
        shown = networks.network(view, frame.lang)
        if len(shown) > _NODES:
            ranked = sorted(shown, key=lambda n: (-shown.degree(n), n))[:_NODES]
            note = frame.word("shown-of", shown=_NODES, total=len(shown))
            shown = shown.subgraph(ranked).copy()
        islands = {"network-data": networks.picture_data(view, shown, frame.lang, frame.thing)}
        label = escape(f"{frame.word('nav-network')}: {len(shown)}")
        hint = mapped.figure_words(frame.lang)["fits"]
        html = (
            f'<p class="legend">{networks.legend(shown, frame.lang)}</p>'
            f'<div class="picture" id="network" data-label="{label}"></div>'
            f'<div id="node" aria-live="polite"><p class="soft">{escape(hint)}</p></div>'
        )
        title = view.label(iri, frame.lang) if iri else ""
    except KgError as problem:
        error, title = str(problem), ""
    return _figure(
        frame, "network", html, islands, ["vis-network.js", "network.js"], choose=True, around=around, depth=depth,
        error=error, note=note, forms=_downloads(frame, "network", iri),
        title=f"{frame.word('nav-network')}: {title}" if title else frame.word("nav-network"),
    )  # fmt: skip


VIEWS: Final = ("map", "timeline", "network")
"""How an answer that names things can be shown beside its table."""


def named_view(graph: Any, named: list[str], form: str, frame: Frame) -> dict[str, Any]:
    """The facts and entities that an answer names, as a picture's data.

    Args:
        graph: the graph.
        named: their IRIs.
        form: one of :data:`VIEWS`.
        frame: language and links.

    Returns:
        For ``map`` and ``network`` the data that the scripts draw, for ``timeline`` the drawing as ``html``.
    """
    nodes = select.spread(graph, set(named))
    view = View.of(quads_of(graph, nodes, linked=False, evidence=form != "map"))
    facts = sorted(n for n in nodes if view.kinds.get(n) in KINDS)
    if form == "map":
        return mapped.map_data(view, frame.lang, frame.thing, facts) | {"title": frame.word("nav-map")}
    if form == "network":
        return networks.picture_data(view, networks.network(view, frame.lang), frame.lang, frame.thing)
    lines, _ = timelines.life_lines(view, frame.lang, facts)
    drawn = timelines.drawing(lines[:_LINES], timelines.edge(view), frame.lang, frame.thing)
    return {"html": f'{timelines.legend(frame.lang)}<div class="lines">{drawn}</div>'}


def _downloads(frame: Frame, name: str, iri: str) -> list[tuple[str, str]]:
    if not iri.startswith(iris.ID_PREFIX):
        return []
    path = iri[len(iris.ID_PREFIX) :]
    return [(frame.page(f"download/{path}/{form}"), label) for form, label in _FORMS[name]]
