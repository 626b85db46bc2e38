"""A part of the graph: what lies around an entity, what an answer names, and the quads that tell of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, UsageError
from kg.export.view import CLASSES, GEOMETRY, View
from kg.model import KINDS
from kg.queries.run import Asked, ask

_CHUNK: Final = 500
ENTITIES: Final = tuple(
    f"{iris.ID_PREFIX}{kind}/" for kind in ("organization", "country", "city", "region", "person", "event", "group")
)
"""How the IRIs of entities begin."""
_TYPE: Final = iris.PREFIXES["rdf"] + "type"
MOST: Final = 50_000
"""How many facts a selection may have."""


def rows(graph: Asked, pattern: str, *names: str) -> list[tuple[Any, ...]]:
    """The distinct solutions of a pattern, as tuples of the variables *names*."""
    variables = " ".join(f"?{name}" for name in names)
    answer = ask(graph, f"SELECT DISTINCT {variables} WHERE {{ {pattern} }}")
    # In the order of the variables; by name it would take thrice as long.
    return [tuple(row) for row in answer]


def chunks(nodes: Iterable[str]) -> Iterator[str]:
    """The IRIs as the values of ``VALUES``, some hundred at a time, in sorted order."""
    ordered = sorted(nodes)
    for start in range(0, len(ordered), _CHUNK):
        yield " ".join(f"<{iri}>" for iri in ordered[start : start + _CHUNK])


def facts_about(graph: Asked, iri: str) -> set[str]:
    """The facts that name a thing in any slot, and those that are about an establishment that names it."""
    direct = rows(graph, f"?fact ?p <{iri}> . ?fact a io:Fact . FILTER (?p != io:ledTo)", "fact")
    about = rows(graph, f"?fact io:about ?x . ?x io:organization|io:place <{iri}> . ?fact a io:Fact", "fact")
    return {fact.value for (fact,) in (*direct, *about)}


def life_line(graph: Asked, presence: str) -> set[str]:
    """The facts that led to an establishment, those that it led to, and its moves.

    A move names an organisation and a place, no establishment: it is that of the headquarters there, or of the only
    establishment that the organisation has there, unless that is still to come: staff moves in before, to other rooms.
    """
    headquarters = iris.concept("form", "headquarters")
    to_come = {iris.concept("status", "proposed"), iris.concept("status", "planned")}
    patterns = [
        f"?fact io:ledTo+ <{presence}>",
        f"<{presence}> io:ledTo+ ?fact",
        f"?fact io:about <{presence}> . ?fact a io:Fact",
    ]
    found = {row[0].value for pattern in patterns for row in rows(graph, pattern, "fact")}
    details = f"OPTIONAL {{ <{presence}> io:form ?form }} OPTIONAL {{ <{presence}> io:status ?status }}"
    about = f"<{presence}> io:organization ?o ; io:place ?place {details}"
    for o, place, form, status in rows(graph, about, "o", "place", "form", "status"):
        # Each step by itself: left to plan it as one query, an engine goes through all moves there are.
        moves = f"{{ ?fact io:to {place} }} UNION {{ ?fact io:from {place} }} ?fact io:organization {o}"
        moved = {row[0].value for row in rows(graph, moves, "fact")}
        if not moved:
            continue
        others = {x.value for (x,) in rows(graph, f"?x io:place {place} . ?x io:organization {o}", "x")} - {presence}
        alone = not any(iri.startswith(f"{iris.ID_PREFIX}presence/") for iri in others)
        alone &= status is None or status.value not in to_come
        if alone or (form is not None and form.value == headquarters):
            found |= moved
    return found


def around(graph: Asked, iri: str, depth: int = 1, most: int = MOST) -> set[str]:
    """What lies around an entity or a fact.

    Args:
        graph: what is asked.
        iri: the entity or fact.
        depth: 1 for the facts that name it, with the entities that they name; 2 for the facts of these entities as
            well, and so on. An establishment always has its life line.
        most: how many facts it may be.

    Returns:
        IRIs of facts and entities, *iri* among them.

    Raises:
        KgError: if that is more than *most* facts.
    """
    found, frontier = {iri}, {iri}
    if _are_facts(graph, frontier):
        found |= life_line(graph, iri)
        frontier |= _named(graph, found)
        found |= frontier
        if depth <= 1:
            return found
        depth -= 1
    for _ in range(depth):
        facts = _naming(graph, frontier) - found
        if len(facts) + len(found) > most:
            raise KgError(f"that is more than {most:,} facts", where=iris.shorten(iri), remedy="use a smaller --depth")
        frontier = _named(graph, facts) - found
        found |= facts | frontier
    return found


def named_in(graph: Asked, answer: Any) -> set[str]:
    """The facts and entities that an answer names; of an answer that names entities alone, the facts about them.

    Args:
        graph: what is asked.
        answer: solutions or triples of a store.

    Raises:
        UsageError: if it names none of ours.
    """
    if isinstance(answer, ox.QueryBoolean):
        raise UsageError("the query answers yes or no", remedy="write SELECT or CONSTRUCT with the things themselves")
    if isinstance(answer, ox.QueryTriples):
        terms: Iterable[Any] = (term for triple in answer for term in (triple.subject, triple.object))
    else:
        names = [variable.value for variable in answer.variables]
        terms = (row[name] for row in answer for name in names)
    found = {term.value for term in terms if isinstance(term, ox.NamedNode) and term.value.startswith(iris.ID_PREFIX)}
    if not found:
        raise UsageError("the answer names no fact and no entity", remedy="SELECT the things, not their labels alone")
    return spread(graph, found)


def spread(graph: Asked, found: set[str]) -> set[str]:
    """Facts with the entities that they name; where there are entities alone, the facts about them.

    Args:
        graph: what is asked.
        found: IRIs of facts and entities.
    """
    facts = _are_facts(graph, found)
    if not facts:
        facts = _naming(graph, found)
    return found | facts | _named(graph, facts)


def most_reported(graph: Asked, most: int, kind: str = "Fact") -> tuple[list[str], int]:
    """The facts that most articles report, at most so many, and how many there are in all.

    Args:
        graph: what is asked.
        most: how many at most.
        kind: a class of facts; of ``Fact`` those alone that some article reports.
    """
    pattern = f"?fact a io:{kind} ; io:support ?n" if kind != "Fact" else "?fact io:support ?n FILTER (?n > 0)"
    total = next(iter(ask(graph, f"SELECT (COUNT(*) AS ?all) WHERE {{ {pattern} }}")))["all"]
    answer = ask(graph, f"SELECT ?fact WHERE {{ {pattern} }} ORDER BY DESC(?n) ?fact LIMIT {most}")
    return [row["fact"].value for row in answer], int(total.value)


def _are_facts(graph: Asked, nodes: Iterable[str]) -> set[str]:
    return {
        row[0].value for chunk in chunks(nodes) for row in rows(graph, f"VALUES ?s {{ {chunk} }} ?s a io:Fact", "s")
    }


def _naming(graph: Asked, entities: Iterable[str]) -> set[str]:
    """The facts that name one of the entities, directly or through an establishment that they are about."""
    found = set()
    for chunk in chunks(entities):
        direct = f"VALUES ?e {{ {chunk} }} ?fact ?p ?e . ?fact a io:Fact . FILTER (?p != io:ledTo)"
        about = f"VALUES ?e {{ {chunk} }} ?x io:organization|io:place ?e . ?fact io:about ?x . ?fact a io:Fact"
        found |= {row[0].value for pattern in (direct, about) for row in rows(graph, pattern, "fact")}
    return found


def _named(graph: Asked, facts: Iterable[str]) -> set[str]:
    """The entities that facts name."""
    found = set()
    for chunk in chunks(facts):
        pattern = f"VALUES ?s {{ {chunk} }} {{ ?s ?p ?o }} UNION {{ ?s io:about ?x . ?x ?p ?o }} FILTER (isIRI(?o))"
        found |= {o.value for (o,) in rows(graph, pattern, "o") if o.value.startswith(ENTITIES)}
    return found


def view_of(
    graph: Asked, nodes: Iterable[str], *, linked: bool = True, evidence: bool = True, names: bool = False
) -> View:
    """The part of the graph around some nodes as plain records: see :func:`quads_of`, whose quads it never makes."""
    found = _told(graph, nodes, linked, False, evidence, names)
    return View.of(_accounts(graph, found, False) if evidence else (), found)


def quads_of(
    graph: Asked,
    nodes: Iterable[str],
    *,
    linked: bool = True,
    whole: bool = False,
    evidence: bool = True,
    names: bool = False,
) -> Iterator[ox.Quad]:
    """The quads that tell of some nodes: their statements, their neighbours' labels, quotes and articles.

    Args:
        graph: what is asked.
        nodes: IRIs of facts and entities.
        linked: also the facts that these lead to (``io:ledTo``).
        whole: also all that the articles' accounts state of them, and the articles' texts.
        evidence: also the quotes, with their articles.
        names: of entities no more than what they are and what they are called.
    """
    found = _told(graph, nodes, linked, whole, evidence, names)
    merged = ox.NamedNode(iris.GRAPH_MERGED)
    told = (ox.Quad(ox.NamedNode(s), ox.NamedNode(p), o, merged) for s, p, o in found)
    return itertools.chain(told, _accounts(graph, found, whole)) if evidence else told


def _told(
    graph: Asked, nodes: Iterable[str], linked: bool, whole: bool, evidence: bool, names: bool
) -> list[tuple[str, str, Any]]:
    """The statements of the merged graph about some nodes and about what they name."""
    wanted = set(nodes)
    seen: set[str] = set()
    found: list[tuple[str, str, Any]] = []
    apart = iris.term("ledTo")
    for _ in range(4):
        fetched = [(s.value, p.value, o) for s, p, o in _statements(graph, wanted, whole, evidence, names)]
        found += fetched
        seen |= wanted
        # Neighbours of facts and of establishments spoken about and positions, but not all that is known of a country.
        facts = {s for s, p, o in fetched if p == _TYPE and _is_fact_class(o)}
        wanted = {
            o.value
            for s, p, o in fetched
            if p == GEOMETRY or (p != _TYPE and s in facts and _is_ours(o) and (linked or p != apart))
        } - seen
        if not wanted:
            break
    return found


def _each(*names: str) -> str:
    return " UNION ".join(f"{{ ?s {name} ?o BIND ({name} AS ?p) }}" for name in names)


_NAMES: Final = _each("rdf:type", "skos:prefLabel", "io:acronym")
_TOLD: Final = _each(
    "rdf:type", "rdfs:label", "skos:prefLabel", "skos:altLabel", "owl:sameAs", "geo:hasGeometry", "geo:asWKT",
    "schema:containedInPlace", "org:subOrganizationOf", "io:acronym", "io:country", "io:bodyKind", "io:isoCode",
    "io:m49", "io:hasMember",
)  # fmt: skip
"""What is told of an entity: not what points from it to each of a thousand facts, as a country to all that it hosts.

Written property by property, each is one look into the store's index; as a second list of values engines multiply them.
"""


def _statements(
    graph: Asked, nodes: Iterable[str], whole: bool, evidence: bool, names: bool
) -> Iterator[tuple[Any, ...]]:
    """The statements of the merged graph about some nodes, none that names a blank node."""
    no_account = "" if evidence else "&& ?p != io:account"
    entities = {iri for iri in nodes if iri.startswith(ENTITIES)}
    told = "?s ?p ?o FILTER (?p != io:hosts)" if whole else _NAMES if names else _TOLD
    for chunk in chunks(entities):
        yield from rows(graph, f"VALUES ?s {{ {chunk} }} {told} FILTER (!isBlank(?o))", "s", "p", "o")
    for chunk in chunks(set(nodes) - entities):
        yield from rows(graph, f"VALUES ?s {{ {chunk} }} ?s ?p ?o FILTER (!isBlank(?o) {no_account})", "s", "p", "o")
        if whole:
            hosted = f"VALUES ?o {{ {chunk} }} ?s io:hosts ?o BIND (io:hosts AS ?p)"
            yield from rows(graph, hosted, "s", "p", "o")


def _is_fact_class(term: Any) -> bool:
    name = term.value.removeprefix(iris.IO) if isinstance(term, ox.NamedNode) else ""
    return CLASSES.get(name) in {*KINDS, "establishment"}


def _is_ours(term: Any) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith((iris.ID_PREFIX, iris.KIND_PREFIX))


def _accounts(graph: Asked, found: list[tuple[str, str, Any]], whole: bool) -> Iterator[ox.Quad]:
    """The evidence of the facts found, the articles that it is from, and the labels of concepts."""
    account = iris.term("account")
    accounts = {o.value for _, p, o in found if p == account}
    articles: set[str] = set()
    for chunk in chunks(accounts):
        pattern = f"VALUES ?a {{ {chunk} }} GRAPH ?g {{ ?e io:supports ?a ; ?p ?o }}"
        for e, p, o, g in rows(graph, pattern, "e", "p", "o", "g"):
            articles.add(g.value)
            yield ox.Quad(e, p, o, g)
    source = ox.NamedNode(iris.PREFIXES["dcterms"] + "source")
    date = ox.NamedNode(iris.PREFIXES["dcterms"] + "date")
    for chunk in chunks(accounts):
        if whole:
            pattern = f"VALUES ?a {{ {chunk} }} GRAPH ?g {{ ?a ?p ?o FILTER (!isBlank(?o)) }}"
            for a, p, o, g in rows(graph, pattern, "a", "p", "o", "g"):
                yield ox.Quad(a, p, o, g)
            continue
        pattern = f"VALUES ?a {{ {chunk} }} GRAPH ?g {{ ?a dcterms:source ?o OPTIONAL {{ ?a dcterms:date ?d }} }}"
        for a, o, d, g in rows(graph, pattern, "a", "o", "d", "g"):
            yield ox.Quad(a, source, o, g)
            if d is not None:
                yield ox.Quad(a, date, d, g)
    for chunk in chunks(articles):
        pattern = f"VALUES ?g {{ {chunk} }} GRAPH ?g {{ ?g ?p ?o {'' if whole else 'FILTER (?p != io:text)'} }}"
        for g, p, o in rows(graph, pattern, "g", "p", "o"):
            yield ox.Quad(g, p, o, g)
    concepts = {o.value for _, _, o in found if _is_ours(o) and o.value.startswith(iris.KIND_PREFIX)}
    label, ontology = ox.NamedNode(iris.PREFIXES["skos"] + "prefLabel"), ox.NamedNode(iris.GRAPH_ONTOLOGY)
    for chunk in chunks(concepts):
        pattern = f"VALUES ?s {{ {chunk} }} GRAPH <{iris.GRAPH_ONTOLOGY}> {{ ?s skos:prefLabel ?o }}"
        for s, o in rows(graph, pattern, "s", "o"):
            yield ox.Quad(s, label, o, ontology)
