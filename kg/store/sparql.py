"""Quads as the text of a SPARQL 1.1 update."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox


def update_text(removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> str:
    """One update that takes out *removed* and then puts in *added*; ``""`` where there is nothing to do."""
    parts = [
        f"{verb} DATA {{\n{block}}}" for verb, block in (("DELETE", _data(removed)), ("INSERT", _data(added))) if block
    ]
    return ";\n".join(parts)


def _data(quads: Iterable[ox.Quad]) -> str:
    graphs: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
        graphs[name].append(f"{quad.subject} {quad.predicate} {quad.object} .\n")
    return "".join(
        f"GRAPH {name} {{\n{''.join(lines)}}}\n" if name else "".join(lines) for name, lines in graphs.items()
    )
