"""Networks: GraphML and GEXF for network programs, and a page that draws the graph by itself."""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Callable, Iterable
from typing import IO, Any, Final

import networkx as nx

from kg import iris
from kg.export.page import content_policy
from kg.export.view import PROPERTIES, View
from kg.export.words import kind_label, term_label, texts
from kg.model import KINDS

_COLOURS: Final = {
    "presence": "#c2410c", "proposal": "#7c3aed", "decision": "#4338ca", "agreement": "#0e7490",
    "membership": "#64748b", "relocation": "#b45309", "count": "#94a3b8", "tenure": "#a16207",
    "organization": "#1d4ed8", "country": "#15803d", "city": "#65a30d", "region": "#0f766e",
    "person": "#be185d", "event": "#9333ea", "group": "#475569", "establishment": "#fdba74",
}  # fmt: skip
# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REMOTE: Final = re.compile(
    r"""<link[^>]*rel\s*=\s*["']stylesheet[^>]*>|<script[^>]*src\s*=[^>]*>\s*</script>""",
    re.DOTALL,
)
_DATA: Final = re.compile(r"^(\s*(?:nodes|edges) = new vis\.DataSet\()(.*)(\);)\s*$", re.MULTILINE)
MOST: Final = 5_000
"""Nodes that a picture has, at most."""
_SCALE: Final = 120
_FEW: Final = 6
_LONG: Final = 24
"""Letters of an organisation's name from which a picture shows its acronym."""
_ROWS: Final = 16
"""Nodes whose forces are worked out at a time: so many rows of all pairs stay in the processor's cache."""
_CROWDED: Final = 0.7
"""Exponent of a node's distance from the middle of its part: below one, the middle gets room."""


def network(view: View, lang: str = "en", *, reported: bool = False) -> nx.MultiDiGraph[str]:
    """The graph as a network: entities and facts are nodes, the slots of facts are edges.

    Args:
        view: the graph.
        lang: language of labels.
        reported: leave out the facts that only the reference tables state.

    Only entities that some fact names are in it. Nodes have ``label``, ``kind``, ``iri`` and, where known, ``acronym``,
    ``status``, ``since``, ``until``, ``date``, ``longitude`` and ``latitude`` (degrees); edges have ``label``, the
    slot. Nodes and edges come in sorted order.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    edges: list[tuple[str, str, str]] = []
    facts = [iri for iri in view.facts() if not reported or view.text(iri, "support") != "0"]
    shown = set(facts)
    for iri in facts:
        for slot, name in PROPERTIES[view.kinds[iri]].items():
            targets = [term.value for term in view.values(iri, name) if term.value in view.kinds]
            edges += [(iri, target, slot) for target in targets]
            shown.update(targets)
        edges += [(iri, term.value, "led to") for term in view.values(iri, "ledTo") if term.value in view.kinds]
    for iri in [i for i in shown if view.kinds[i] == "establishment"]:
        for slot in ("organization", "place"):
            targets = [term.value for term in view.values(iri, slot) if term.value in view.kinds]
            edges += [(iri, target, slot) for target in targets]
            shown.update(targets)
    for iri in sorted(shown):
        graph.add_node(iri, **_attributes(view, iri, lang))
    for source, target, slot in sorted(set(edges)):
        graph.add_edge(source, target, key=slot, label=slot)
    return graph


def cut(graph: nx.MultiDiGraph[str], facts: Iterable[str], most: int) -> tuple[nx.MultiDiGraph[str], int]:
    """A network of at most so many nodes: facts in the order given, each with what it names.

    Args:
        graph: the network.
        facts: its facts, the most important first.
        most: nodes at most.

    Returns:
        The network, and how many facts are in it.
    """
    kept: set[str] = set()
    count = 0
    for fact in facts:
        if fact not in graph:
            continue
        more = {fact, *graph.successors(fact)} - kept
        if len(kept) + len(more) > most:
            break
        kept |= more
        count += 1
    kept |= {other for node in kept for other in graph.successors(node)} if len(kept) < most else set()
    return graph.subgraph(sorted(kept)[:most] if len(kept) > most else kept).copy(), count


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub(" ", text)


def _attributes(view: View, iri: str, lang: str) -> dict[str, str | float]:
    attributes: dict[str, str | float] = {
        "label": xml_text(view.label(iri, lang)), "kind": view.kinds[iri], "iri": iri,
    }  # fmt: skip
    for name in ("status", "since", "until", "date"):
        values = view.values(iri, name)
        if values:
            attributes[name] = view.show(values[0], lang)
    acronyms = {term.language: term.value for term in reversed(view.values(iri, "acronym"))}
    acronym = acronyms.get(lang) or acronyms.get("en")
    if acronym:
        attributes["acronym"] = xml_text(acronym)
    point = view.point(iri)
    if point:
        attributes["longitude"], attributes["latitude"] = point
    return attributes


def write_graphml(view: View, out: IO[bytes], lang: str = "en") -> int:
    """Write the network as GraphML; returns how many nodes it has."""
    graph = network(view, lang)
    buffer = io.BytesIO()
    nx.write_graphml_xml(graph, buffer, prettyprint=True)
    out.write(buffer.getvalue())
    return len(graph)


def write_gexf(view: View, out: IO[bytes], lang: str = "en") -> int:
    """Write the network as GEXF 1.2, its facts and their edges with the time in which they hold; returns its size.

    What has no date holds always; what has no end holds on. Of a year or month the first day is the start and the last
    the end, as in the question who-is-in.
    """
    graph = network(view, lang)
    for node, about in graph.nodes(data=True):
        about.update(_time(view, node))
    for source, _, about in graph.edges(data=True):
        about.update(_time(view, source))
    buffer = io.BytesIO()
    nx.write_gexf(graph, buffer, prettyprint=True)
    # networkx stamps the day into the file, and the same graph must give the same bytes on every day.
    text = re.sub(r' lastmodifieddate="[^"]*"', "", buffer.getvalue().decode())
    out.write(text.encode())
    return len(graph)


def _time(view: View, iri: str) -> dict[str, str]:
    start = view.text(iri, "sinceEarliest") or view.text(iri, "dateEarliest")
    end = view.text(iri, "untilLatest")
    return {name: day for name, day in (("start", start), ("end", end)) if day}


def positions(graph: nx.MultiDiGraph[str]) -> dict[str, tuple[int, int]]:
    """Where to draw each node, in pixels: each connected part by itself, the parts in columns, the largest first."""
    parts = sorted(nx.weakly_connected_components(graph), key=lambda part: (-len(part), min(part)))
    sizes = [int(_SCALE * max(1.0, len(part) ** 0.5)) for part in parts]
    # Columns from left to right, as high as the largest part, or as makes the whole somewhat wider than high.
    height = max(max(sizes, default=0), int((sum((s + _SCALE) ** 2 for s in sizes) / 1.6) ** 0.5))
    placed: dict[str, tuple[int, int]] = {}
    x = y = width = 0
    for part, size in zip(parts, sizes, strict=True):
        if y and y + size > height:
            x, y, width = x + width + _SCALE, 0, 0
        for node, (left, top) in _layout(graph, part).items():
            placed[node] = x + round((left + 1) / 2 * size), y + round((top + 1) / 2 * size)
        y, width = y + size + _SCALE, max(width, size)
    return placed


def _layout(graph: nx.MultiDiGraph[str], part: set[str]) -> dict[str, tuple[float, float]]:
    """Positions in the square from -1 to 1, always the same.

    The springs (Fruchterman and Reingold 1991) are between things that stand in the same fact; the facts lie between
    the things that they join, or around the only one. It is a fraction of the work, and clearer to read.
    """
    things = sorted(n for n in part if graph.nodes[n].get("kind") not in KINDS)
    if not things:
        things = sorted(part)
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(things)
    facts = sorted(part - set(things))
    joined = {fact: sorted({*graph.successors(fact), *graph.predecessors(fact)}) for fact in facts}
    for fact in facts:
        named = [n for n in joined[fact] if n in plain]
        first = named[:1]
        plain.add_edges_from((first[0], other) for other in named[1:])
    plain.add_edges_from((a, b) for a, b in graph.subgraph(things).edges() if a != b)
    # What is joined through two facts only, one of which led to the other.
    groups = sorted(nx.connected_components(plain), key=lambda c: (-len(c), min(c)))
    plain.add_edges_from((min(groups[0]), min(group)) for group in groups[1:])
    placed = _spread(_springs(plain))
    room = 1.2 / max(2.0, len(part) ** 0.5)
    beside: dict[tuple[str, ...], int] = {}
    for fact in facts:
        near = tuple(n for n in joined[fact] if n in placed and n in plain)
        number = beside[near] = beside.get(near, -1) + 1
        x = sum(placed[n][0] for n in near) / max(1, len(near))
        y = sum(placed[n][1] for n in near) / max(1, len(near))
        # A spiral of equal steps (Vogel 1979), so that facts about the same things do not lie on each other.
        angle, away = number * 2.399963, room * (number + (1 if len(near) < 2 else 0)) ** 0.5
        placed[fact] = (x + away * math.cos(angle), y + away * math.sin(angle))
    return _fitted(placed)


def _springs(plain: nx.Graph[str]) -> dict[str, tuple[float, float]]:
    if len(plain) <= _FEW:
        hub = max(sorted(plain), key=plain.degree)
        others = [n for n in sorted(plain) if n != hub]
        turn = 2 * math.pi / max(1, len(others))
        around = {n: (math.cos(turn * k + 0.4), math.sin(turn * k + 0.4)) for k, n in enumerate(others)}
        return {hub: (0.0, 0.0), **around}
    places = _forces(plain, max(20, min(60, 80_000 // len(plain))))
    return {node: (float(x), float(y)) for node, (x, y) in zip(sorted(plain), places, strict=True)}


def _forces(plain: nx.Graph[str], rounds: int) -> Any:
    """Places by springs (Fruchterman and Reingold 1991), as networkx has them, some rows of all pairs at a time.

    networkx goes node by node through a sparse matrix above 500 nodes, which takes seconds for 3,000. Some rows fit
    into the processor's cache, where all pairs at once take eight times as long; and no library for matrices is asked,
    whose last digits depend on the processor.

    Args:
        plain: the network.
        rounds: how often forces are worked out; each costs the square of the size.

    Returns:
        An array of a row (x, y) for each node, in sorted order.
    """
    import numpy as np

    nodes = sorted(plain)
    number = {node: n for n, node in enumerate(nodes)}
    ends = np.array([(number[a], number[b]) for a, b in sorted(map(sorted, plain.edges()))]).reshape(-1, 2)
    at = np.random.RandomState(7).rand(len(nodes), 2).astype(np.float32)
    ideal, warmth = 1 / len(nodes) ** 0.5, 0.1
    cooling = warmth / (rounds + 1)
    move = np.empty_like(at)
    for _ in range(rounds):
        x, y = np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])
        for first in range(0, len(nodes), _ROWS):
            rows = slice(first, first + _ROWS)
            right, down = x[rows, None] - x, y[rows, None] - y
            push = np.float32(ideal * ideal) / np.maximum(right * right + down * down, np.float32(1e-4))
            move[rows, 0], move[rows, 1] = (right * push).sum(axis=1), (down * push).sum(axis=1)
        pull = at[ends[:, 0]] - at[ends[:, 1]]
        pull *= np.linalg.norm(pull, axis=1)[:, None] / ideal
        np.add.at(move, ends[:, 0], -pull)
        np.add.at(move, ends[:, 1], pull)
        length = np.maximum(np.linalg.norm(move, axis=1), 0.01)[:, None]
        at += move * (warmth / length)
        warmth -= cooling
    return at


def _fitted(places: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The same picture in the square from -1 to 1."""
    low = [min(p[axis] for p in places.values()) for axis in (0, 1)]
    high = [max(p[axis] for p in places.values()) for axis in (0, 1)]
    wide = max(high[0] - low[0], high[1] - low[1]) or 1.0
    middle = [(low[axis] + high[axis]) / 2 for axis in (0, 1)]
    return {n: ((x - middle[0]) * 2 / wide, (y - middle[1]) * 2 / wide) for n, (x, y) in places.items()}


def _spread(places: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The same directions from the middle, with more room where most nodes are crowded."""
    middle = [sum(p[axis] for p in places.values()) / len(places) for axis in (0, 1)]
    away = {node: (p[0] - middle[0], p[1] - middle[1]) for node, p in places.items()}
    longest = max(math.hypot(*p) for p in away.values()) or 1.0
    found = {}
    for node, (x, y) in away.items():
        distance = math.hypot(x, y) / longest
        factor = distance**_CROWDED / distance / longest if distance else 0.0
        found[node] = (x * factor, y * factor)
    return found


def _picture(view: View, graph: nx.MultiDiGraph[str], lang: str) -> Any:
    """The network as pyvis draws it, with fixed places."""
    from pyvis.network import Network

    picture = Network(height="92vh", width="100%", directed=True, cdn_resources="in_line")
    picture.toggle_physics(False)
    picture.options.edges.smooth.enabled = False
    places = positions(graph)
    # Given as they are: its own methods look through all nodes for each edge, which takes seconds for some thousand.
    picture.nodes = [
        {"id": node, "x": places[node][0], "y": places[node][1], "physics": False,
         "title": _tooltip(view, node, about, lang)} | look(graph, node, about)
        for node, about in graph.nodes(data=True)
    ]  # fmt: skip
    picture.edges = [
        {"from": source, "to": target, "title": str(about["label"]), "color": "#b6c0cb", "arrows": "to", "width": 1}
        for source, target, about in graph.edges(data=True)
    ]
    return picture


def write_html(view: View, out: IO[bytes], lang: str = "en", title: str = "", *, reported: bool = True) -> int:
    """Write a page that draws what articles report: one file, no requests to anywhere, computed positions, no motion.

    Args:
        view: the graph.
        out: where the page goes (HTML 5, UTF-8).
        lang: language of labels.
        title: heading of the page.
        reported: leave out the facts that only the reference tables state.

    Returns:
        How many nodes it shows.
    """
    title = title or texts(lang)["figure"]["network"]
    graph = network(view, lang, reported=reported)
    facts = [iri for iri in view.facts() if iri in graph]
    told = ""
    if len(graph) > MOST:
        ordered = sorted(facts, key=lambda iri: (-int(view.text(iri, "support") or 0), iri))
        graph, shown = cut(graph, ordered, MOST)
        told = texts(lang)["figure"]["cut"].format(shown=shown, total=len(facts))
    picture = _picture(view, graph, lang)
    page = _REMOTE.sub("", picture.generate_html(notebook=False))
    # The data are JSON inside a script: a "<" in a name could end the script, and written so it cannot.
    page = _DATA.sub(lambda m: m[1] + m[2].replace("<", "\\u003c").replace("\u2028", "\\u2028") + m[3], page)
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{content_policy(scripts)}">'
    heading = f"{policy}\n<title>{html.escape(title)}</title>"
    page = re.sub(r"<center>.*?</center>", "", page, flags=re.DOTALL)
    page = page.replace("<head>", f'<head>\n<meta name="viewport" content="width=device-width">\n{heading}', 1)
    page = page.replace("<body>", f"<body>\n{_legend(graph, title, lang, told)}", 1)
    out.write(page.encode())
    return len(graph)


def picture_data(view: View, graph: nx.MultiDiGraph[str], lang: str, link: Callable[[str], str]) -> dict[str, Any]:
    """Nodes with their places and edges, as the library of pyvis draws them on a page of ours.

    Not through pyvis itself, which looks through all nodes for each edge: that takes seconds for some thousand.

    Args:
        view: the graph.
        graph: its network, or a part of it.
        lang: language of labels.
        link: addresses of pages.
    """
    places = positions(graph)
    nodes = [
        {"id": node, "x": places[node][0], "y": places[node][1], "title": _tooltip(view, node, about, lang)}
        | {"href": link(node)}
        | look(graph, node, about)
        for node, about in graph.nodes(data=True)
    ]
    edges = [{"from": a, "to": b, "title": str(about["label"])} for a, b, about in graph.edges(data=True)]
    return {"nodes": nodes, "edges": edges}


def look(graph: nx.MultiDiGraph[str], node: str, about: dict[str, Any]) -> dict[str, Any]:
    """How a node is drawn: entities as named circles that grow with what they are joined to, facts as small squares."""
    kind = str(about["kind"])
    if kind in KINDS:
        return {"label": " ", "shape": "square", "size": 5, "color": _COLOURS[kind]}
    joined = graph.degree(node) ** 0.5
    size = 8 + 2 * min(18, int(joined * 2))
    # Names of what has many ties can be read from afar, as those of capitals on a map.
    font = {"color": "#1a1f26", "size": 13 + min(32, int(joined * 5)), "strokeWidth": 4, "strokeColor": "#ffffff"}
    name = str(about["label"])
    name = str(about.get("acronym", name)) if len(name) > _LONG else name
    return {"label": _short(name), "shape": "dot", "size": size, "color": _COLOURS[kind], "font": font}


def _short(label: str) -> str:
    return label if len(label) <= 48 else label[:47].rstrip() + "…"


def _tooltip(view: View, node: str, about: dict[str, Any], lang: str) -> str:
    lines = [str(about["label"]), kind_label(str(about["kind"]), lang)]
    names = {name: term_label(iris.term(name), lang) for name in ("status", "since", "until", "date")}
    lines += [f"{shown}: {about[name]}" for name, shown in names.items() if name in about]
    lines += [f"“{quote.quote}” ({_article(quote.article)})" for quote in view.quotes.get(node, [])[:2]]
    return "\n".join(lines)


def _article(iri: str) -> str:
    return iri.removeprefix(iris.ARTICLE_PREFIX)


def legend(graph: nx.MultiDiGraph[str], lang: str) -> str:
    """What the colours and shapes mean, as HTML."""
    kinds = sorted({str(kind) for _, kind in graph.nodes(data="kind")}, key=lambda k: (k in KINDS, k))
    return "".join(
        f'<span style="margin-right:1em;white-space:nowrap"><span style="color:{_COLOURS[kind]}">'
        f"{'■' if kind in KINDS else '●'}</span> {html.escape(kind_label(kind, lang))}</span> "
        for kind in kinds
    )


def _legend(graph: nx.MultiDiGraph[str], title: str, lang: str, told: str) -> str:
    note = f'<p style="font:.9rem system-ui,sans-serif;margin:.5rem">{html.escape(told)}</p>' if told else ""
    return (
        f'<h1 style="font:600 1.1rem system-ui,sans-serif;margin:.5rem">{html.escape(title)}</h1>'
        f'<p style="font:.9rem system-ui,sans-serif;margin:.5rem">{legend(graph, lang)}</p>{note}'
    )
