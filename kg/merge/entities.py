"""The merged descriptions of entities: those that only articles know, and those that people hold to be one."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import prefixed
from kg.merge.decisions import Decisions
from kg.merge.node import MERGED
from kg.store import Draft

_REFERENCE: Final = ox.NamedNode(iris.GRAPH_REFERENCE)
_REPLACED: Final = prefixed("dcterms:isReplacedBy")
_SAME: Final = prefixed("owl:sameAs")
_LABELS: Final = (terms.PREF_LABEL, terms.ALT_LABEL, terms.RDFS_LABEL)


def describe_entity(draft: Draft, node: ox.NamedNode, decisions: Decisions) -> None:
    """Describe an entity in the merged graph as articles do: one preferred label a language.

    An entity that people hold to be another one leads on to that, which has the labels of both.

    Args:
        draft: the graph as it will be; changed.
        node: the entity.
        decisions: what people hold to be the same.
    """
    tables = set(draft.match(node, None, None, _REFERENCE))
    own = {ox.Quad(q.subject, q.predicate, q.object, MERGED) for q in tables}
    old = {
        q
        for q in draft.match(node, None, None, MERGED)
        if q.predicate in (*_LABELS, terms.RDF_TYPE, _REPLACED, _SAME) and q not in own
    }
    new = set(_described(draft, node, decisions, tables))
    draft.remove(old - new)
    draft.add(new - old - own)


def _described(draft: Draft, node: ox.NamedNode, decisions: Decisions, tables: set[ox.Quad]) -> list[ox.Quad]:
    common = decisions.canonical(node.value)
    if common != node.value:
        said = _said(draft, node.value)
        return [ox.Quad(node, _REPLACED, ox.NamedNode(common), MERGED)] if said else []
    said = [q for member in decisions.members(node.value) for q in _said(draft, member)]
    quads: list[ox.Quad] = []
    if said or tables:
        quads += [ox.Quad(node, _SAME, ox.NamedNode(iri), MERGED) for iri in decisions.elsewhere(node.value)]
    labels = [q for q in said if q.predicate in _LABELS and isinstance(q.object, ox.Literal)]
    if tables:
        has = {q.object for q in tables if q.predicate in _LABELS}
        return [*quads, *(ox.Quad(node, terms.ALT_LABEL, q.object, MERGED) for q in labels if q.object not in has)]
    quads += [ox.Quad(node, terms.RDF_TYPE, q.object, MERGED) for q in said if q.predicate == terms.RDF_TYPE]
    preferred: dict[str, dict[ox.Literal, int]] = {}
    for quad in labels:
        if quad.predicate == terms.PREF_LABEL and isinstance(quad.object, ox.Literal):
            counts = preferred.setdefault(quad.object.language or "", {})
            counts[quad.object] = counts.get(quad.object, 0) + 1
    best = {min(c, key=lambda label: (-c[label], len(label.value), label.value)) for c in preferred.values()}
    for label in {q.object for q in labels}:
        properties = (terms.PREF_LABEL, terms.RDFS_LABEL) if label in best else (terms.ALT_LABEL,)
        quads += [ox.Quad(node, p, label, MERGED) for p in properties]
    return quads


def _said(draft: Draft, iri: str) -> list[ox.Quad]:
    """What articles say of an entity itself: its class and its names."""
    quads = draft.match(ox.NamedNode(iri), None, None, None)
    return [q for q in quads if str(getattr(q.graph_name, "value", "")).startswith(iris.ARTICLE_PREFIX)]
