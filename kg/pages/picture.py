"""The pages of pictures: map, timeline, network."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
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
from kg.export.select import rows, view_of
from kg.model import KINDS
from kg.pages.frame import Frame, number, render
from kg.pages.known import Known
from kg.pages.summary import Summary, kind_of
from kg.pages.tell import ORDER
from kg.pages.world import counts, ground

MOST: Final = 5_000
"""Establishments that the map has one by one; more are counted by place."""
SIZES: Final = (600, 2_000, 5_000)
"""How many nodes the network of the whole graph may have."""
_LINES: Final = 240
"""Facts that a timeline is drawn of, at most."""
_EVIDENCE: Final = 200
"""Facts up to which a picture has their quotes as well, and draws those without a date from their first report."""
_FORMS: Final = {
    "map": (("map", "HTML"), ("geojson", "GeoJSON"), ("kml", "KML")),
    "timeline": (("timeline", "HTML"), ("csv", "CSV"), ("xlsx", "Excel")),
    "network": (("html", "HTML"), ("graphml", "GraphML"), ("gexf", "GEXF")),
}


@cache
def library() -> bytes:
    """The drawing library that pyvis brings along."""
    folder = resources.files("pyvis") / "lib"
    found = sorted(p.name for p in folder.iterdir() if p.name.startswith("vis-"))
    return (folder / found[-1] / "vis-network.min.js").read_bytes()


def map_rows(graph: Any, summary: Summary, frame: Frame, *, alone: bool = False) -> dict[str, Any]:
    """What the map shows: see :func:`kg.export.mapped.map_data`; of very many establishments their numbers by place.

    Args:
        graph: the graph.
        summary: its summary.
        frame: language and links.
        alone: whether there will be no server to ask: then the most reported stand for all, and that is said.
    """
    if summary.presences > MOST and not alone:
        data = ground(graph, summary, frame)
        return data | {"counts": counts(graph, summary, {}, [])}
    facts = summary.ranked("presence", MOST)
    regions = {row[0].value for row in rows(graph, "?r a io:Region", "r")}
    data = mapped.map_data(
        view_of(graph, {*facts, *regions}, linked=False, evidence=False), frame.lang, frame.thing, facts
    )
    data["title"] = frame.word("nav-map")
    if summary.presences > MOST:
        data["told"] = frame.word("map-cut", shown=number(MOST), total=number(summary.presences))
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
    context: dict[str, Any] = {
        "choose": False, "around": "", "depth": 0, "sizes": [], "size": 0, "error": "", "notes": [], "forms": [],
    }  # fmt: skip
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


def _found(graph: Any, around: str) -> str:
    """The thing that a name or an identifier means.

    Raises:
        KgError: if there is none.
    """
    from kg.queries import resolver

    found = resolver(graph.store)(around)
    if not found:
        raise KgError(f'nothing is called "{around}"')
    return found[0]


def timeline_page(known: Known, summary: Summary | None, frame: Frame, around: str = "") -> str:
    """The timeline of what lies around an entity, or of what most articles report."""
    error, iri, html, notes, title = "", "", "", [], ""
    try:
        if around:
            iri = _found(known.graph, around)
            if kind_of(iri):
                facts = {iri, *known.line(iri)}
                total = len(facts)
            else:
                in_turn, total = _in_turn(known, iri, _DATED, _LINES)
                facts = set(in_turn)
        else:
            facts = set(summary.ranked(most=_LINES, reported=True)) if summary else set()
            total = sum(summary.overview.reported.values()) if summary else 0
        quoted = len(facts) <= _EVIDENCE
        view = view_of(known.graph, {iri, *facts} - {""}, linked=False, evidence=quoted, names=True)
        newest = summary.overview.last if summary and len(facts) > _EVIDENCE else known.newest(view)
        lines, without = timelines.life_lines(view, frame.lang, [n for n in facts if n in view.kinds])
        shown = lines[:_LINES]
        drawn = timelines.drawing(shown, newest, frame.lang, frame.thing, frame.word("nav-timeline"))
        w = mapped.figure_words(frame.lang)
        label = escape(frame.word("nav-timeline"))
        html = (
            f"<figure>{timelines.legend(frame.lang)}"
            f'<div class="lines" tabindex="0" role="region" aria-label="{label}">{drawn}</div></figure>'
        )
        title = view.label(iri, frame.lang) if iri else ""
        if summary is None and not around:
            notes.append(frame.word("counting"))
        elif total > len(facts):
            cut = "timeline-cut-around" if around else "timeline-cut"
            notes.append(frame.word(cut, shown=number(len(facts)), total=number(total)))
        if without:
            notes.append(w["no-date"].format(n=without))
    except KgError as problem:
        error = str(problem)
    return _figure(
        frame, "timeline", html, {}, ["figures.js"], choose=True, around=around, error=error, notes=notes,
        forms=_downloads(frame, "timeline", iri),
        title=f"{frame.word('nav-timeline')}: {title}" if title else frame.word("nav-timeline"),
    )  # fmt: skip


_DATED: Final = ("presence", "proposal", "decision", "agreement", "relocation")


def network_page(
    known: Known, summary: Summary | None, frame: Frame, around: str = "", depth: int = 1, size: int = SIZES[0]
) -> str:
    """The network around an entity, or of what most articles report.

    Args:
        known: the graph.
        summary: its summary; ``None`` while it is being made.
        frame: language and links.
        around: a name or an identifier; empty for the whole graph.
        depth: how many steps around it.
        size: how many nodes, at most.
    """
    error, iri, html, islands, notes, title = "", "", "", {}, [], ""
    try:
        if around:
            iri = _found(known.graph, around)
            nodes, around_it = _around(known, iri, depth, size)
        else:
            nodes, around_it = summary.ranked(most=size // 2, reported=True) if summary else [], 0
        # A fact brings one or two more nodes with it.
        chosen = nodes[: size // 2]
        quoted = len(chosen) <= _EVIDENCE
        view = view_of(known.graph, {iri, *chosen} - {""}, linked=False, evidence=quoted, names=True)
        drawn, facts = networks.cut(networks.network(view, frame.lang), [iri, *chosen], size)
        islands = {"network-data": networks.picture_data(view, drawn, frame.lang, frame.thing)}
        total = sum(summary.overview.reported.values()) if summary else 0
        if summary is None and not around:
            notes.append(frame.word("counting"))
        elif around and facts < around_it:
            notes.append(frame.word("network-cut-around", shown=number(facts), total=number(around_it)))
        elif not around and facts < total:
            notes.append(frame.word("network-cut", shown=number(facts), total=number(total)))
        label = escape(f"{frame.word('nav-network')}: {len(drawn)}")
        hint = mapped.figure_words(frame.lang)["fits"]
        html = (
            f'<div class="legend">{networks.legend(drawn, frame.lang)}</div>'
            f'<div class="picture" id="network" data-label="{label}"></div>'
            f'<div id="node" aria-live="polite"><p class="soft">{escape(hint)}</p></div>'
        )
        title = view.label(iri, frame.lang) if iri else ""
    except KgError as problem:
        error = str(problem)
    return _figure(
        frame, "network", html, islands, ["vis-network.js", "network.js"], choose=True, around=around, depth=depth,
        sizes=[(n, number(n)) for n in SIZES], size=size, error=error, notes=notes,
        forms=_downloads(frame, "network", iri),
        title=f"{frame.word('nav-network')}: {title}" if title else frame.word("nav-network"),
    )  # fmt: skip


def _in_turn(known: Known, iri: str, kinds: Sequence[str], most: int) -> tuple[list[str], int]:
    """Facts that name a thing, of each kind in turn, at most so many; and how many there are in all."""
    totals = {kind: n for kind, n in known.totals(iri).items() if kind in kinds}
    found = [known.facts(iri, kind, most) for kind in kinds if kind in totals]
    in_turn = (fact for row in itertools.zip_longest(*found) for fact in row if fact)
    return list(itertools.islice(in_turn, most)), sum(totals.values())


def _around(known: Known, iri: str, depth: int, most: int) -> tuple[list[str], int]:
    """The facts around a thing, those first that articles report; further steps as long as there is room."""
    if depth <= 1 and not kind_of(iri):
        return _in_turn(known, iri, ORDER, most)
    nodes = sorted(n for n in select.around(known.graph, iri, depth, most=most * 4) if kind_of(n))
    return nodes, len(nodes)


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
    view = view_of(graph, nodes, linked=False, evidence=form != "map")
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
