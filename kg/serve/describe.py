"""What the service says about itself: SPARQL 1.1 Service Description."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from starlette.requests import Request

from kg import iris
from kg.serve.site import Snapshot
from kg.serve.worker import GRAPH_TYPES

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
PREFIXES: Final = {**iris.PREFIXES, "sd": _SD, "formats": _FORMATS}


def node(name: str) -> ox.NamedNode:
    """The IRI of a name with one of :data:`PREFIXES`."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


A: Final = node("rdf:type")


def service(request: Request, current: Snapshot, kind: str) -> bytes:
    """The service description.

    Args:
        request: for the address under which the service was reached.
        current: the graph.
        kind: a media type of :data:`kg.serve.worker.GRAPH_TYPES`.
    """
    me = ox.NamedNode(str(request.url.replace(query="", fragment="")))
    data = ox.BlankNode("dataset")
    merged = ox.BlankNode("merged")
    triples = [
        ox.Triple(me, A, node("sd:Service")),
        ox.Triple(me, node("sd:endpoint"), me),
        ox.Triple(me, node("sd:supportedLanguage"), node("sd:SPARQL11Query")),
        ox.Triple(me, node("sd:feature"), node("sd:EmptyGraphs")),
        ox.Triple(me, node("sd:defaultDataset"), data),
        *(ox.Triple(me, node("sd:resultFormat"), ox.NamedNode(_FORMATS + f)) for f in (*_RESULTS, *_GRAPHS)),
        ox.Triple(data, A, node("sd:Dataset")),
        ox.Triple(data, node("sd:defaultGraph"), merged),
        ox.Triple(merged, A, node("sd:Graph")),
        ox.Triple(merged, node("rdfs:comment"), ox.Literal("what is held to be true: the merged graph", language="en")),
    ]
    for number, name in enumerate((iris.GRAPH_MERGED, iris.GRAPH_REFERENCE, iris.GRAPH_ONTOLOGY)):
        named = ox.BlankNode(f"named{number}")
        triples += [
            ox.Triple(data, node("sd:namedGraph"), named),
            ox.Triple(named, A, node("sd:NamedGraph")),
            ox.Triple(named, node("sd:name"), ox.NamedNode(name)),
        ]
    return serialize(triples, kind)


def serialize(triples: list[ox.Triple], kind: str) -> bytes:
    """Triples in a media type of :data:`kg.serve.worker.GRAPH_TYPES`."""
    form = getattr(ox.RdfFormat, GRAPH_TYPES[kind])
    prefixes = PREFIXES if kind in ("text/turtle", "application/ld+json") else None
    return ox.serialize(triples, format=form, prefixes=prefixes) or b""
