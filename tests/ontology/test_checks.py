"""The checks of the ontology's hygiene find nothing in it, and find what they are for."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from kg import resources

_CHECKS = sorted((resources.directory("ontology") / "checks").glob("*.rq"))

_PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix io: <https://w3id.org/presence-kg/ontology#> .
@prefix k: <https://w3id.org/presence-kg/kind/form/> .
@prefix kind: <https://w3id.org/presence-kg/kind/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

FAULTS = {
    "broader-across-schemes": "k:a skos:inScheme kind:form ; skos:broader kind:x . kind:x skos:inScheme kind:role .",
    "circular-broader": "k:a skos:broader k:b . k:b skos:broader k:a .",
    "circular-definition": 'io:A rdfs:label "centre"@en ; skos:definition "Centre of a kind."@en .',
    "circular-subclass": "io:A rdfs:subClassOf io:B . io:B rdfs:subClassOf io:A .",
    "concept-in-wrong-scheme": 'k:a a skos:Concept ; skos:inScheme kind:form ; skos:notation "b" .',
    "concept-without-scheme": "k:a a skos:Concept .",
    "definition-form": 'io:A skos:definition "thing without a stop"@en .',
    "deprecated-in-use": "io:old owl:deprecated true . io:B rdfs:subClassOf io:old .",
    "deprecated-without-successor": "io:old owl:deprecated true .",
    "document-without-version": '<https://w3id.org/presence-kg/x> a owl:Ontology ; owl:versionInfo "1" .',
    "identifier-form": "io:lower a owl:Class .",
    "label-is-identifier": 'io:regionalCentre rdfs:label "regionalcentre"@en .',
    "label-with-blanks": 'io:A rdfs:label "two  blanks"@en .',
    "missing-definition": 'io:A a owl:Class ; skos:definition "Thing."@en, "Вещь."@ru .',
    "missing-example": 'io:A a owl:Class ; skos:scopeNote "Note."@en .',
    "missing-is-defined-by": "io:A a owl:Class .",
    "missing-label": 'io:A a owl:Class ; rdfs:label "a"@en, "б"@ru .',
    "orphan-concept": "k:a a skos:Concept .",
    "range-of-wrong-kind": "io:a a owl:ObjectProperty ; rdfs:range xsd:date .",
    "several-labels": 'io:A a owl:Class ; rdfs:label "one"@en, "two"@en .',
    "shared-concept-label": """k:a skos:inScheme kind:form ; skos:prefLabel "x"@en .
        k:b skos:inScheme kind:form ; skos:prefLabel "x"@en .""",
    "shared-definition": 'io:A skos:definition "Thing."@en . io:B skos:definition "Thing."@en .',
    "shared-label": 'io:A rdfs:label "thing"@en . io:B rdfs:label "thing"@en .',
    "undeclared-concept": "io:A owl:hasValue k:nowhere .",
    "undeclared-term": "io:A rdfs:subClassOf io:Nowhere .",
    "wrong-script": 'io:A rdfs:label "centre"@ru .',
}
"""For each check an ontology with the fault that it is to find."""


def test_every_check_has_a_fault_to_find() -> None:
    assert [p.stem for p in _CHECKS] == sorted(FAULTS)


@pytest.mark.parametrize("path", _CHECKS, ids=lambda p: p.stem)
def test_header_names_problem_and_solution(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# Problem: ")
    assert lines[1].startswith("# Solution: ")


@pytest.mark.parametrize("path", _CHECKS, ids=lambda p: p.stem)
def test_ontology_has_no_offender(path: Path, ontology: Graph, shapes: Graph) -> None:
    graph = ontology + shapes if path.stem.startswith("undeclared") else ontology
    assert [tuple(map(str, row)) for row in graph.query(path.read_text("utf-8"))] == []  # type: ignore[arg-type]


@pytest.mark.parametrize("path", _CHECKS, ids=lambda p: p.stem)
def test_check_finds_its_fault(path: Path) -> None:
    graph = Graph().parse(data=_PREFIXES + FAULTS[path.stem], format="turtle")
    assert len(graph.query(path.read_text("utf-8"))) > 0
