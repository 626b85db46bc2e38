"""SPARQL constraints asked once say what pyshacl says when it asks them node by node."""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import SH, Graph

from kg import iris
from kg.errors import KgError
from kg.validate.constraints import subclasses, take

PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in iris.PREFIXES.items())
SHAPES = f"""{PREFIXES} @prefix ex: <urn:ex:> .
ex:shapes sh:declare [ sh:prefix "ex" ; sh:namespace "urn:ex:"^^xsd:anyURI ] .
ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:targetSubjectsOf ex:odd ; sh:targetObjectsOf ex:leads ;
  sh:targetNode ex:named ; sh:sparql ex:Sold, ex:Off .
ex:Sold a sh:SPARQLConstraint ; sh:prefixes ex:shapes ; sh:message "дорого"@ru, "too dear"@en ;
  sh:select "SELECT $this ?value WHERE {{ $this ex:price ?value FILTER (?value > 10) }}" .
ex:Off a sh:SPARQLConstraint ; sh:prefixes ex:shapes ; sh:deactivated true ;
  sh:select "SELECT $this WHERE {{ $this ex:price ?value }}" .
ex:Class a rdfs:Class, sh:NodeShape ; sh:severity sh:Warning ; sh:message "unnamed" ;
  sh:sparql [ sh:prefixes ex:shapes ;
    sh:select "SELECT $this WHERE {{ $this a ex:Class FILTER NOT EXISTS {{ $this rdfs:label ?l }} }}" ] .
"""
DATA = """@prefix ex: <urn:ex:> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Special rdfs:subClassOf ex:Sort . ex:Sort rdfs:subClassOf ex:Thing .
ex:a a ex:Thing ; ex:price 11 . ex:b a ex:Thing ; ex:price 9 . ex:c a ex:Special ; ex:price 12 .
ex:d ex:odd 1 ; ex:price 13 . ex:e ex:leads ex:f . ex:f ex:price 14 . ex:named ex:price 15 .
ex:nobody ex:price 99 . ex:g a ex:Class . ex:h a ex:Class ; rdfs:label "H" .
"""


def test_what_is_found() -> None:
    shapes, data = Graph().parse(data=SHAPES), Graph().parse(data=DATA)
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, allow_warnings=True)
    assert isinstance(results, Graph)
    wanted = {
        (str(results.value(r, SH.focusNode)), str(results.value(r, SH.resultSeverity)).endswith("Violation"))
        for r in results.subjects(SH.resultSeverity)
    }
    constraints = take(shapes)
    assert not list(shapes.triples((None, SH.sparql, None)))
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    everything = {str(s) for s in data.subjects()}
    found = [v for c in constraints for v in c.violations(store, subclasses(data), everything)]
    assert {(v.focus, v.severity == "error") for v in found} == wanted
    assert len(found) == len(wanted) == 6
    assert {v.message for v in found} == {"too dear", "unnamed"}
    assert {v.value for v in found if v.severity == "error"} == {"11", "12", "13", "14", "15"}
    some = [v.focus for c in constraints for v in c.violations(store, subclasses(data), {"urn:ex:a", "urn:ex:b"})]
    assert some == ["urn:ex:a"]


def test_a_broken_constraint_is_told() -> None:
    shapes = Graph().parse(data=SHAPES.replace("FILTER (?value > 10)", "FILTER ("))
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    with pytest.raises(KgError, match="not SPARQL"):
        [list(c.violations(store, {}, {"urn:ex:a"})) for c in take(shapes)]
