"""Whether an ontology stays within OWL 2 RL (W3C, OWL 2 Profiles, section 4): its axioms, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

_XSD: Final = (
    "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
    "unsignedLong unsignedInt unsignedShort unsignedByte double float string normalizedString token language Name "
    "NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
)
DATATYPES: Final = {RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal} | {XSD[name] for name in _XSD.split()}
"""The datatypes of section 4.2; xsd:date and its kin are not among them."""

_KINDS: Final = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual}
_PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_TYPES: Final = _KINDS | {
    OWL.Ontology, OWL.Restriction, OWL.AllDisjointClasses, OWL.AllDifferent, OWL.FunctionalProperty, OWL.Axiom,
    OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.SymmetricProperty, OWL.AsymmetricProperty,
    OWL.TransitiveProperty, OWL.DeprecatedClass, OWL.DeprecatedProperty, RDF.Property, RDF.List,
}  # fmt: skip
_HEADER: Final = {OWL.imports, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, OWL.deprecated}
_PARTS: Final = {
    OWL.onProperty, OWL.hasValue, OWL.someValuesFrom, OWL.allValuesFrom, OWL.intersectionOf, OWL.unionOf, OWL.oneOf,
    OWL.maxCardinality, OWL.complementOf, OWL.members, RDF.first, RDF.rest,
}  # fmt: skip


def offences(graph: Graph) -> list[str]:
    """What of an ontology is outside OWL 2 RL, one line an axiom; nothing if all is within."""
    return sorted(set(_axioms(graph)))


def _axioms(graph: Graph) -> Iterator[str]:
    for subject, predicate, object_ in graph:
        axiom = f"{_name(subject)} {_name(predicate)} {_name(object_)}"
        match predicate:
            case RDF.type if object_ in _PROPERTIES:
                fits = _property(graph, subject)
            case RDF.type:
                fits = object_ in _TYPES or _declared(graph, object_, OWL.Class)
            case RDFS.subClassOf:
                fits = _sub(graph, subject) and _super(graph, object_)
            case OWL.equivalentClass:
                fits = _equivalent(graph, subject) and _equivalent(graph, object_)
            case OWL.disjointWith:
                fits = _sub(graph, subject) and _sub(graph, object_)
            case RDFS.domain:
                fits = _super(graph, object_) and _property(graph, subject)
            case RDFS.range if _declared(graph, subject, OWL.DatatypeProperty):
                fits = object_ in DATATYPES
            case RDFS.range:
                fits = _super(graph, object_) and _declared(graph, subject, OWL.ObjectProperty)
            case RDFS.subPropertyOf | OWL.inverseOf | OWL.equivalentProperty | OWL.propertyDisjointWith:
                fits = _property(graph, subject) and _property(graph, object_)
            case OWL.propertyChainAxiom:
                fits = all(_declared(graph, one, OWL.ObjectProperty) for one in Collection(graph, object_))
            case _:
                fits = predicate in _PARTS | _HEADER | {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy}
                fits = fits or _property(graph, predicate)
        if not fits:
            yield axiom


def _name(node: Node) -> str:
    return "[…]" if isinstance(node, BNode) else str(node)


def _declared(graph: Graph, node: Node, kind: URIRef) -> bool:
    return (node, RDF.type, kind) in graph


def _property(graph: Graph, node: Node) -> bool:
    return sum(_declared(graph, node, kind) for kind in _PROPERTIES) == 1


def _class(graph: Graph, node: Node) -> bool:
    return isinstance(node, URIRef) and node != OWL.Thing and _declared(graph, node, OWL.Class)


def _each(graph: Graph, node: Node, predicate: URIRef) -> list[Node] | None:
    head = graph.value(node, predicate)
    return None if head is None else list(Collection(graph, head))


def _sub(graph: Graph, node: Node) -> bool:
    """subClassExpression: named classes, and, or, one of, some values from, has value."""
    if not isinstance(node, BNode):
        return _class(graph, node)
    for predicate in (OWL.intersectionOf, OWL.unionOf):
        if (parts := _each(graph, node, predicate)) is not None:
            return all(_sub(graph, part) for part in parts)
    if (some := graph.value(node, OWL.someValuesFrom)) is not None:
        return some == OWL.Thing or some in DATATYPES or _sub(graph, some)
    return graph.value(node, OWL.oneOf) is not None or graph.value(node, OWL.hasValue) is not None


def _super(graph: Graph, node: Node) -> bool:
    """superClassExpression: named classes, and, not, all values from, has value, at most one."""
    if not isinstance(node, BNode):
        return _class(graph, node)
    if (parts := _each(graph, node, OWL.intersectionOf)) is not None:
        return all(_super(graph, part) for part in parts)
    if (other := graph.value(node, OWL.complementOf)) is not None:
        return _sub(graph, other)
    if (every := graph.value(node, OWL.allValuesFrom)) is not None:
        return every in DATATYPES or _super(graph, every)
    if (most := graph.value(node, OWL.maxCardinality)) is not None:
        return str(most) in ("0", "1")
    return graph.value(node, OWL.hasValue) is not None


def _equivalent(graph: Graph, node: Node) -> bool:
    """equivClassExpression: named classes, and, has value."""
    if not isinstance(node, BNode):
        return _class(graph, node)
    if (parts := _each(graph, node, OWL.intersectionOf)) is not None:
        return all(_equivalent(graph, part) for part in parts)
    return graph.value(node, OWL.hasValue) is not None
