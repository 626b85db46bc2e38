"""The store of copied articles that ``benchmarks/million.py`` measures is the one that building them leaves."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

from kg.build import KnowledgeGraph, described
from kg.reference import load
from kg.store import EmbeddedStore

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benchmarks"))

import copied


def test_every_quad_is_the_one_that_building_gives() -> None:
    reference = load()
    given = copied.drawn(reference, 60)
    text = "".join(copied.Maker(reference, given, 3).parts())
    made = set(ox.parse(text.encode(), ox.RdfFormat.N_QUADS))
    with KnowledgeGraph(EmbeddedStore(None), reference) as graph:
        articles = [(copy, facts) for article, facts in given for copy in copied.copies(article, 3)]
        assert set(graph.put([described(article, facts, reader="drawn") for article, facts in articles])) == {"added"}
        assert set(graph.quads()) == made
