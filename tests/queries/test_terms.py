"""Every term of the ontology serves a question or a shape."""

from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, Graph

from kg import iris, resources
from kg.queries import library

# What the program writes for itself: by it merging finds what may be the same.
INTERNAL = {"mergeKey"}


@pytest.fixture(scope="module")
def terms() -> set[str]:
    graph = Graph().parse(resources.directory("ontology") / "presence.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {str(term) for kind in kinds for term in graph.subjects(RDF.type, kind)}
    withdrawn = {str(term) for term in graph.subjects(OWL.deprecated)}
    return {term.removeprefix(iris.IO) for term in declared - withdrawn if term.startswith(iris.IO)}


def used(text: str) -> set[str]:
    return set(re.findall(r"\bio:(\w+)", text))


def test_every_term_is_used_by_a_question_or_a_shape(terms: set[str]) -> None:
    asked = used(" ".join(question.text for question in library().values()))
    shaped = used((resources.directory("ontology") / "shapes.ttl").read_text(encoding="utf-8"))
    assert len(terms) > 80
    assert sorted(terms - asked - shaped - INTERNAL) == []


def test_questions_use_most_terms(terms: set[str]) -> None:
    asked = used(" ".join(question.text for question in library().values()))
    assert len(terms & asked) >= 0.75 * len(terms)
