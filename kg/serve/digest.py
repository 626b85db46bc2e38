"""Entities and facts in short, with the quotes and articles behind them: what agents are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.export.view import PROPERTIES, View
from kg.model import KINDS
from kg.serve import entity
from kg.serve.reconcile import score
from kg.serve.site import Snapshot

_MOST_LOOKED_AT: Final = 200
_MOST_QUOTES: Final = 3
_MOST_SOURCES: Final = 20


def source(current: Snapshot) -> dict[str, str]:
    """Where an answer is from: the dataset and its version."""
    return {"dataset": iris.BASE + "dataset", "version": current.version, "seen": current.modified.isoformat()}


def known(current: Snapshot, iri: str) -> bool:
    """Whether the graph says anything about an IRI."""
    try:
        return entity.exists(current.graph, iri)
    except ValueError:
        return False


def described(current: Snapshot, iri: str, lang: str, limit: int) -> dict[str, Any]:
    """An entity or a fact with its facts, the newest first, and their quotes.

    Args:
        current: the graph.
        iri: what is described.
        lang: the language of labels.
        limit: how many facts.
    """
    graph = current.graph
    node = ox.NamedNode(iri)
    quads = set(entity.about(graph, iri))
    view = View.of(quads)
    facts = [iri] if view.kinds.get(iri) in KINDS else _facts(current, node)
    newest = sorted(facts, key=lambda fact: (_newest(current, fact), fact), reverse=True)[:limit]
    for fact in newest:
        quads |= set(entity.about(graph, fact))
    view = View.of(quads)
    said = view.nodes.get(iri, {})
    names = sorted({str(t.value) for p in entity.LABELS for t in said.get(p.value, [])})
    return {
        "iri": iri,
        "label": view.label(iri, lang),
        "kind": view.kinds.get(iri, ""),
        "names": names,
        "description": score.description(current, iri, lang),
        "same_as": [t.value for t in said.get(iris.PREFIXES["owl"] + "sameAs", [])],
        "facts": [_fact(view, fact, lang) for fact in newest],
        "facts_in_all": len(facts),
        "source": source(current),
    }


def _facts(current: Snapshot, node: ox.NamedNode) -> list[str]:
    of, kind = current.graph.store, ox.NamedNode(iris.term("Fact"))
    found = {q.subject for q in of.match(None, None, node, entity.MERGED) if isinstance(q.subject, ox.NamedNode)}
    return sorted(s.value for s in found if of.contains(ox.Quad(s, entity.TYPE, kind, entity.MERGED)))


def _newest(current: Snapshot, fact: str) -> str:
    """The latest date of a fact; facts that articles report come before those that only tables state."""
    dates = [""]
    support = "0"
    for quad in current.graph.store.match(ox.NamedNode(fact), None, None, entity.MERGED):
        name = quad.predicate.value.removeprefix(iris.IO)
        if isinstance(quad.object, ox.Literal) and name in ("since", "until", "date"):
            dates.append(quad.object.value)
        elif name == "support":
            support = "1" if getattr(quad.object, "value", "0") != "0" else "0"
    return support + max(dates)


def _fact(view: View, fact: str, lang: str) -> dict[str, Any]:
    kind = view.kinds.get(fact, "")
    slots = {
        slot: [view.show(term, lang) for term in terms_]
        for slot, name in PROPERTIES.get(kind, {}).items()
        if (terms_ := view.values(fact, name))
    }
    quotes = []
    for quote in view.quotes.get(fact, [])[:_MOST_QUOTES]:
        article = view.articles.get(quote.article, {})
        quotes.append({"quote": quote.quote, **_article(quote.article, article)})
    tables = [address for address, _ in view.sources.get(fact, [])]
    return {"iri": fact, "kind": kind, "label": view.label(fact, lang), **slots, "quotes": quotes, "stated_by": tables}


def _article(iri: str, said: Mapping[str, str]) -> dict[str, str]:
    schema = iris.PREFIXES["schema"]
    names = {
        "title": "headline",
        "outlet": "publisher",
        "published": "datePublished",
        "url": "url",
        "language": "inLanguage",
    }
    return {"article": iri, **{key: said[schema + name] for key, name in names.items() if schema + name in said}}


def articles(current: Snapshot, named: Iterable[str]) -> list[dict[str, str]]:
    """The articles and quotes behind the facts and articles that an answer names."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for iri in list(named)[:_MOST_LOOKED_AT]:
        if not iri.startswith((iris.ID_PREFIX, iris.ARTICLE_PREFIX)):
            continue
        view = View.of(entity.about(current.graph, iri))
        if iri in view.articles:
            found.setdefault((iri, ""), _article(iri, view.articles[iri]))
        for quote in view.quotes.get(iri, [])[:1]:
            told = {"fact": iri, "quote": quote.quote, **_article(quote.article, view.articles.get(quote.article, {}))}
            found.setdefault((quote.article, iri), told)
        if len(found) >= _MOST_SOURCES:
            break
    return list(found.values())
