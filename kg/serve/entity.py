"""What the graph says about one thing: the statements that a document about it holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph

MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
ONTOLOGY: Final = ox.NamedNode(iris.GRAPH_ONTOLOGY)
REFERENCE: Final = ox.NamedNode(iris.GRAPH_REFERENCE)
TYPE: Final = ox.NamedNode(iris.PREFIXES["rdf"] + "type")
LABELS: Final = tuple(
    ox.NamedNode(iris.PREFIXES[prefix] + name) for prefix, name in (("skos", "prefLabel"), ("rdfs", "label"))
)
_ACCOUNT: Final = ox.NamedNode(iris.term("account"))
_SUPPORTS: Final = ox.NamedNode(iris.term("supports"))
_TEXT: Final = ox.NamedNode(iris.term("text"))
_ARTICLE: Final = ox.NamedNode(iris.term("Article"))

MOST_POINTING: Final = 500
"""How many statements about other things that name this one a document holds."""

_MOST_ACCOUNTS: Final = 50
_MOST_OF_A_GRAPH: Final = 5_000


def exists(graph: KnowledgeGraph, iri: str) -> bool:
    """Whether the graph says anything about an IRI, or has a graph of this name."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    matches = (graph.store.match(node), graph.store.match(None, None, None, node))
    return any(next(iter(found), None) is not None for found in matches)


def about(graph: KnowledgeGraph, iri: str) -> list[ox.Quad]:
    """The statements about a thing, each in the graph that it stands in, in order.

    Of a thing or fact: what the merged graph says of it and of what belongs to it (``<iri>#…``, blank nodes), which
    other things name it, the accounts of articles with their quotes. Of an article: its account. Of the ontology: all
    of it. Of a concept: what the vocabulary says of it, and of a scheme its concepts. The labels of what is named
    come with it.

    Args:
        graph: the graph.
        iri: what it is about.
    """
    node = ox.NamedNode(iri)
    found: dict[ox.Quad, None] = {}
    if iri == iris.BASE + "ontology":
        found = dict.fromkeys(graph.store.match(None, None, None, ONTOLOGY))
    elif iri.startswith(iris.ARTICLE_PREFIX):
        quads = list(itertools.islice(graph.store.match(None, None, None, node), _MOST_OF_A_GRAPH + 1))
        if len(quads) > _MOST_OF_A_GRAPH:
            # Of the reference tables the dump has the rest.
            quads = list(graph.store.match(node, None, None, node))
        found = dict.fromkeys(quads)
    else:
        for home in (MERGED, ONTOLOGY, REFERENCE):
            _follow(graph, node, home, found)
            if found and home == MERGED:
                break
        found |= dict.fromkeys(_pointing(graph, node))
        found |= dict.fromkeys(_accounts(graph, node))
    found |= dict.fromkeys(_labels(graph, found))
    return sorted(found, key=lambda q: (str(q.subject) != str(node), str(q)))


def _follow(graph: KnowledgeGraph, node: Any, home: ox.NamedNode, found: dict[ox.Quad, None]) -> None:
    """The statements about a node in a graph, and about what belongs to it."""
    for quad in graph.store.match(node, None, None, home):
        if quad in found:
            continue
        found[quad] = None
        own = isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(f"{node.value}#")
        if own or isinstance(quad.object, ox.BlankNode):
            _follow(graph, quad.object, home, found)


def _pointing(graph: KnowledgeGraph, node: ox.NamedNode) -> Iterator[ox.Quad]:
    home = ONTOLOGY if node.value.startswith(iris.KIND_PREFIX) else MERGED
    named = graph.store.match(None, None, node, home)
    for quad in itertools.islice(named, MOST_POINTING):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad
            yield from itertools.islice(graph.store.match(quad.subject, TYPE, None, home), 5)
            if home == ONTOLOGY:
                yield from graph.store.match(quad.subject, LABELS[0], None, home)


def _accounts(graph: KnowledgeGraph, node: ox.NamedNode) -> Iterator[ox.Quad]:
    for quad in itertools.islice(graph.store.match(node, _ACCOUNT, None, MERGED), _MOST_ACCOUNTS):
        account = quad.object
        assert isinstance(account, ox.NamedNode)
        article = ox.NamedNode(account.value.partition("#")[0])
        yield from graph.store.match(account, None, None, article)
        for support in graph.store.match(None, _SUPPORTS, account, article):
            yield from graph.store.match(support.subject, None, None, article)
        yield from (q for q in graph.store.match(article, None, None, article) if q.predicate != _TEXT)


def _labels(graph: KnowledgeGraph, found: dict[ox.Quad, None]) -> Iterator[ox.Quad]:
    named = {term.value for quad in found for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    for iri in named:
        if not iri.startswith(iris.BASE):
            continue
        home = ONTOLOGY if iri.startswith((iris.KIND_PREFIX, iris.IO)) else MERGED
        for property_ in LABELS:
            labels = list(graph.store.match(ox.NamedNode(iri), property_, None, home))
            if labels:
                yield from labels
                break


def label(graph: KnowledgeGraph, iri: str, lang: str) -> str:
    """What to call an IRI in a language: its label there, else in English or any other language, else its last part."""
    node = ox.NamedNode(iri)
    for home in (MERGED, ONTOLOGY):
        for property_ in LABELS:
            labels = [q.object for q in graph.store.match(node, property_, None, home)]
            texts = {t.language or "": t.value for t in labels if isinstance(t, ox.Literal)}
            if texts:
                return texts.get(lang) or texts.get("en") or texts[min(texts)]
    shown = iris.shorten(iri)
    return shown if ":" in shown and "/" not in shown else iri.rstrip("/").rpartition("/")[2] or iri
