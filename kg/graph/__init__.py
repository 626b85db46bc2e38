"""From facts to quads: an article's account, the reference tables, the ontology."""

from __future__ import annotations

from kg.graph.account import (
    article_quads,
    describe,
    describe_in_order,
    earlier_text_quads,
    fact_quads,
    in_order,
    literal,
)
from kg.graph.ontology import ontology_quads
from kg.graph.reference import Stated, dataset_quads, entry_quads, reference_facts, reference_quads

__all__ = [
    "Stated",
    "article_quads",
    "dataset_quads",
    "describe",
    "describe_in_order",
    "earlier_text_quads",
    "entry_quads",
    "fact_quads",
    "in_order",
    "literal",
    "ontology_quads",
    "reference_facts",
    "reference_quads",
]
