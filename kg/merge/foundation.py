"""What a graph holds before its first article: ontology, reference tables, and the facts that the tables state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import dataset_quads, fact_quads, ontology_quads, reference_facts, reference_quads, terms
from kg.graph.terms import io, prefixed
from kg.merge.account import REFERENCE_ARTICLE, Account, Geography, from_fact
from kg.merge.node import MERGED
from kg.merge.saying import single_quads
from kg.merge.update import merge_all
from kg.model import PartialDate
from kg.reference import Reference

FORMAT: Final = "6"
"""Changes whenever the same tables and articles give other quads than before."""

_STATE: Final = prefixed("dcterms:identifier")


def foundation(
    reference: Reference, geography: Geography, facts: bool = True, until: PartialDate | None = None
) -> list[ox.Quad]:
    """The quads of a graph without articles, in a fixed order.

    Args:
        reference: the tables.
        geography: countries of cities, states of office-holders.
        facts: whether the facts that the tables state are in it, or their entities alone.
        until: only facts whose row was looked up by the end of this day, month or year.
    """
    quads = [*ontology_quads(), *(known := reference_quads(reference))]
    quads += [ox.Quad(q.subject, q.predicate, q.object, MERGED) for q in known]
    if facts:
        accounts, told = reference_accounts(reference, until)
        quads += told
        quads += single_quads(accounts, geography)
        quads += merge_all(accounts, geography)
    quads.append(state_quad(reference, facts))
    return list(dict.fromkeys(quads))


def reference_accounts(reference: Reference, until: PartialDate | None = None) -> tuple[list[Account], list[ox.Quad]]:
    """The facts that the tables state, as accounts, and their quads in the graph ``article/reference``.

    Args:
        reference: the tables.
        until: only those looked up by the end of this day, month or year.
    """
    graph = ox.NamedNode(REFERENCE_ARTICLE)
    accounts: dict[str, Account] = {}
    quads = dataset_quads(graph)
    for stated in reference_facts(reference):
        slots = sorted(f"{k}={v}" for k, v in stated.fact.slots.items())
        node = f"{REFERENCE_ARTICLE}#{stated.fact.kind}-{iris.digest(*slots)}"
        if node in accounts or (until and not "" < stated.checked <= until.latest.isoformat()):
            continue
        labels = [(text, lang) for lang, text in stated.labels.items()]
        accounts[node] = from_fact(node, REFERENCE_ARTICLE, stated.checked, stated.fact, labels)
        subject = ox.NamedNode(node)
        quads += fact_quads(subject, stated.fact, graph, "en")
        quads.append(ox.Quad(subject, io("reportedIn"), graph, graph))
        quads += [ox.Quad(subject, terms.RDFS_LABEL, ox.Literal(text, language=lang), graph) for text, lang in labels]
        if stated.source:
            quads.append(ox.Quad(subject, prefixed("dcterms:source"), ox.Literal(stated.source), graph))
        if stated.checked:
            checked = ox.Literal(stated.checked, datatype=terms.XSD_DATE)
            quads.append(ox.Quad(subject, prefixed("dcterms:date"), checked, graph))
    return list(accounts.values()), quads


def state_quad(reference: Reference, facts: bool = True) -> ox.Quad:
    """The quad by which a store says which tables and ontology it was made from; arguments as of :func:`foundation`."""
    digest = hashlib.sha256(f"{FORMAT} {facts}".encode())
    for identifier, entry in reference.entries.items():
        _feed(digest, [identifier, *entry.row.values()])
        _feed(digest, [name for names in entry.names.values() for name in names])
    for table in (reference.people, reference.presences, reference.memberships):
        for row in table:
            _feed(digest, row.values())
    for quad in ontology_quads():
        digest.update(str(quad).encode())
    value = ox.Literal(digest.hexdigest()[:20])
    graph = ox.NamedNode(iris.GRAPH_REFERENCE)
    return ox.Quad(graph, _STATE, value, graph)


def _feed(digest: hashlib._Hash, texts: Iterable[str]) -> None:
    digest.update("\x1f".join(texts).encode() + b"\x1e")
