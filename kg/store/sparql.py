"""Quads as the text of a SPARQL 1.1 update."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from kg.store.base import Text


def update_text(removed: Iterable[ox.Quad], added: Iterable[ox.Quad], texts: Iterable[Text] = ()) -> str:
    """One update that takes out *removed* and then puts in *added* and *texts*; ``""`` where there is nothing to do.

    Each graph has an operation of its own: Virtuoso leaves texts with a language in place when one ``DELETE DATA``
    names several graphs.
    """
    changes = (("DELETE", removed), ("INSERT", added))
    parts = [f"{verb} DATA {{\n{block}}}" for verb, quads in changes for block in blocks(quads)]
    parts += [f"INSERT DATA {{\nGRAPH {text.graph} {{\n{text.triples.decode()}}}\n}}" for text in texts]
    return ";\n".join(parts)


def blocks(quads: Iterable[ox.Quad]) -> list[str]:
    """Quads by their graphs, in what is common to SPARQL's ``DATA`` and to TriG."""
    graphs: dict[str, list[str]] = defaultdict(list)
    for quad in quads:
        # Written as a whole, which is much quicker than part by part; the graph comes last and has no space.
        line, _, name = str(quad).rpartition(" ")
        if isinstance(quad.graph_name, ox.DefaultGraph):
            line, name = str(quad), ""
        graphs[name].append(f"{line} .\n")
    return [f"GRAPH {name} {{\n{''.join(lines)}}}\n" if name else "".join(lines) for name, lines in graphs.items()]
