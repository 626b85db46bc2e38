"""From the store, just the part of the graph that a page about one thing needs."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg import iris
from kg.cli.graph import ask
from kg.errors import KgError
from kg.export.view import CLASSES, View
from kg.model import KINDS
from kg.queries.spelt import establishments, fit, words

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph

_CHUNK: Final = 500
_KINDS: Final = " ".join(f"io:{name}" for name in CLASSES if name != "EstablishmentReference")


def rows(graph: KnowledgeGraph, pattern: str, *names: str) -> list[tuple[Any, ...]]:
    """The distinct solutions of a pattern, as tuples of the variables *names*."""
    variables = " ".join(f"?{name}" for name in names)
    answer = ask(graph, f"SELECT DISTINCT {variables} WHERE {{ {pattern} }}")
    return [tuple(row[name] for name in names) for row in answer]


def find(graph: KnowledgeGraph, name: str) -> tuple[str, list[str]]:
    """The entity or fact that a name means.

    Args:
        graph: the graph.
        name: an IRI, ``city/almaty``, a Wikidata id, or a label or its beginning words in any language.

    Returns:
        Its IRI, and the labels of others that the name could mean.

    Raises:
        KgError: if there is none; the nearest labels are offered.
    """
    for iri in _iris(name):
        if rows(graph, f"<{iri}> a ?type", "type"):
            return iri, []
        if common := rows(graph, f"<{iri}> dcterms:isReplacedBy ?x", "x"):
            return str(common[0][0].value), []  # people hold it to be the same as another
    if re.fullmatch(r"Q\d+", name):
        same = rows(graph, f"?x owl:sameAs <http://www.wikidata.org/entity/{name}>", "x")
        if same:
            return str(min(same)[0].value), []
    labels = rows(
        graph,
        f"VALUES ?type {{ {_KINDS} }} ?x a ?type . ?x skos:prefLabel|skos:altLabel|rdfs:label|io:acronym ?label",
        "x",
        "type",
        "label",
    )
    ranked = sorted(filter(None, (_rank(words(name), row) for row in labels)))
    if not ranked and (short := establishments(graph, name)):
        return short[0][0], list(
            dict.fromkeys(f"{label} ({_short(iri)})" for iri, label in short if iri != short[0][0])
        )[:5]
    if not ranked:
        texts = sorted({label.value for _, _, label in labels})
        near = difflib.get_close_matches(name, texts, n=3, cutoff=0.5)
        remedy = f"perhaps: {'; '.join(near)}" if near else "give a name, an id such as city/almaty, or an IRI"
        raise KgError(f'nothing is called "{name}"', remedy=remedy)
    best = ranked[0]
    others = dict.fromkeys(f"{r[3]} ({_short(r[4])})" for r in ranked if r[0] == best[0] and r[4] != best[4])
    return best[4], list(others)[:5]


def _iris(name: str) -> Iterator[str]:
    if re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", name):
        yield name
        return
    prefix, colon, local = name.partition(":")
    if colon and prefix in iris.PREFIXES and re.fullmatch(r"[^\s<>\"{}|^`\\]+", local):
        yield iris.PREFIXES[prefix] + local
    elif re.fullmatch(r"[a-z]+/[^\s<>\"{}|^`\\]+", name):
        yield iris.entity(name)


_ORDER: Final = ("city", "country", "organization", "region", "person", "presence")


def _rank(wanted: list[str], row: tuple[Any, ...]) -> tuple[int, int, int, str, str] | None:
    """How well a label fits: all of it first, then one that begins with the words, then one that has them all.

    Args:
        wanted: the words asked for.
        row: the node, its class and its label.
    """
    node, kind, label = row
    found = words(label.value)
    how = fit(wanted, found)
    if how is None:
        return None
    of = CLASSES[kind.value.removeprefix(iris.IO)]
    order = _ORDER.index(of) if of in _ORDER else len(_ORDER)
    # An establishment is what one usually asks for by a few words of its name.
    return how, (0 if of == "presence" and how else order + 1), len(found), label.value, node.value


def _short(iri: str) -> str:
    return iri.removeprefix(iris.ID_PREFIX)


def facts_about(graph: KnowledgeGraph, iri: str) -> set[str]:
    """The facts that name a thing in any slot, and those that are about an establishment that names it."""
    direct = rows(graph, f"?fact ?p <{iri}> . ?fact a io:Fact . FILTER (?p != io:ledTo)", "fact")
    about = rows(graph, f"?fact io:about ?x . ?x io:organization|io:place <{iri}> . ?fact a io:Fact", "fact")
    return {fact.value for (fact,) in (*direct, *about)}


def life_line(graph: KnowledgeGraph, presence: str) -> set[str]:
    """The facts that led to an establishment, those that it led to, and its moves.

    A move names an organisation and a place, no establishment: it is that of the headquarters there, or of the only
    establishment that the organisation has there.
    """
    ours = f"<{presence}> io:organization ?o ; io:place ?place ; io:form ?form ."
    other = f"?other a io:Presence ; io:organization ?o ; io:place ?place FILTER (?other != <{presence}>)"
    headquarters = f"<{iris.concept('form', 'headquarters')}>"
    moves = (
        f"?fact a io:Relocation ; io:organization ?o ; io:to|io:from ?place FILTER (?form = {headquarters} || !EXISTS "
    )
    patterns = (
        f"?fact io:ledTo+ <{presence}>",
        f"<{presence}> io:ledTo+ ?fact",
        f"?fact io:about <{presence}> . ?fact a io:Fact",
        f"{ours} {moves} {{ {other} }})",
    )
    return {row[0].value for pattern in patterns for row in rows(graph, pattern, "fact")}


def view_of(graph: KnowledgeGraph, nodes: Iterable[str]) -> View:
    """The part of the graph around some nodes: their statements, neighbours' labels, quotes and articles."""
    wanted = set(nodes)
    seen: set[str] = set()
    found: list[tuple[Any, ...]] = []
    for _ in range(3):
        pattern = "VALUES ?s {{ {} }} ?s ?p ?o FILTER (!isBlank(?o))"
        fetched = [row for chunk in _values(wanted) for row in rows(graph, pattern.format(chunk), "s", "p", "o")]
        found += fetched
        seen |= wanted
        # Neighbours of facts and of establishments spoken about, but not all that is known of a country.
        facts = {s.value for s, _, o in fetched if _is_fact_class(o)}
        wanted = {o.value for s, _, o in fetched if s.value in facts and _is_ours(o)} - seen
        if not wanted:
            break
    merged = ox.NamedNode(iris.GRAPH_MERGED)
    return View.of(itertools.chain((ox.Quad(s, p, o, merged) for s, p, o in found), _accounts(graph, found)))


def _is_fact_class(term: Any) -> bool:
    name = term.value.removeprefix(iris.IO) if isinstance(term, ox.NamedNode) else ""
    return CLASSES.get(name) in {*KINDS, "establishment"}


def _is_ours(term: Any) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith((iris.ID_PREFIX, iris.KIND_PREFIX))


def _accounts(graph: KnowledgeGraph, found: list[tuple[Any, ...]]) -> Iterator[ox.Quad]:
    """The evidence of the facts found, the articles that it is from, and the labels of concepts."""
    account = iris.term("account")
    accounts = {o.value for _, p, o in found if p.value == account}
    articles: set[str] = set()
    for chunk in _values(accounts):
        pattern = f"VALUES ?a {{ {chunk} }} GRAPH ?g {{ ?e io:supports ?a ; ?p ?o }}"
        for e, p, o, g in rows(graph, pattern, "e", "p", "o", "g"):
            articles.add(g.value)
            yield ox.Quad(e, p, o, g)
    source = ox.NamedNode(iris.PREFIXES["dcterms"] + "source")
    date = ox.NamedNode(iris.PREFIXES["dcterms"] + "date")
    for chunk in _values(accounts):
        pattern = f"VALUES ?a {{ {chunk} }} GRAPH ?g {{ ?a dcterms:source ?o OPTIONAL {{ ?a dcterms:date ?d }} }}"
        for a, o, d, g in rows(graph, pattern, "a", "o", "d", "g"):
            yield ox.Quad(a, source, o, g)
            if d is not None:
                yield ox.Quad(a, date, d, g)
    for chunk in _values(articles):
        pattern = f"VALUES ?g {{ {chunk} }} GRAPH ?g {{ ?g ?p ?o FILTER (?p != io:text) }}"
        for g, p, o in rows(graph, pattern, "g", "p", "o"):
            yield ox.Quad(g, p, o, g)
    concepts = {o.value for _, _, o in found if _is_ours(o) and o.value.startswith(iris.KIND_PREFIX)}
    label, ontology = ox.NamedNode(iris.PREFIXES["skos"] + "prefLabel"), ox.NamedNode(iris.GRAPH_ONTOLOGY)
    for chunk in _values(concepts):
        pattern = f"VALUES ?s {{ {chunk} }} GRAPH <{iris.GRAPH_ONTOLOGY}> {{ ?s skos:prefLabel ?o }}"
        for s, o in rows(graph, pattern, "s", "o"):
            yield ox.Quad(s, label, o, ontology)


def _values(nodes: Iterable[str]) -> Iterator[str]:
    ordered = sorted(nodes)
    for start in range(0, len(ordered), _CHUNK):
        yield " ".join(f"<{iri}>" for iri in ordered[start : start + _CHUNK])
