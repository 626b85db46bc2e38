"""The files of the ontology, parsed once."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from kg import resources

FOLDER = resources.directory("ontology")


def parse(*names: str) -> Graph:
    """The Turtle files *names* of the folder of the ontology in one graph."""
    graph = Graph()
    for name in names:
        graph.parse(FOLDER / name, format="turtle")
    return graph


@pytest.fixture(scope="session")
def folder() -> Path:
    """The folder of the ontology."""
    return FOLDER


@pytest.fixture(scope="session")
def ontology() -> Graph:
    """Classes, properties, concepts and links to other vocabularies."""
    return parse("presence.ttl", "vocabulary.ttl", "alignment.ttl")


@pytest.fixture(scope="session")
def shapes() -> Graph:
    """The SHACL shapes."""
    return parse("shapes.ttl")
