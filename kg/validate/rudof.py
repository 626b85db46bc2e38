"""A quick first look with pyrudof: whether a batch conforms at all.

It says so about three times as fast as pyshacl, and what is wrong in words of its own; therefore a batch that does not
conform goes to pyshacl, whose results have the messages of the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from kg.errors import KgError, UsageError
from kg.graph import ontology_quads


def conforms(statements: Iterable[ox.Quad | ox.Triple], shapes: Any) -> bool:
    """Whether statements conform to shapes.

    Args:
        statements: the data; the ontology is added, for its subclasses.
        shapes: an rdflib graph of shapes without SPARQL constraints.

    Raises:
        UsageError: if pyrudof is not installed.
        KgError: if pyrudof cannot read the data or the shapes.
    """
    try:
        import pyrudof
    except ImportError:
        raise UsageError("pyrudof is not installed", remedy='pip install "presence-kg[pyrudof]"') from None
    lines = "".join(f"{s.subject} {s.predicate} {s.object} .\n" for s in (*statements, *ontology_quads()))
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    try:
        session.read_data(lines, pyrudof.RDFFormat.NTriples)
        session.read_shacl(shapes.serialize(format="turtle"), pyrudof.ShaclFormat.Turtle)
        return bool(session.validate_shacl().conforms)
    except pyrudof.RudofError as error:
        raise KgError(f"pyrudof cannot check it: {error}", remedy="use --engine pyshacl") from error
