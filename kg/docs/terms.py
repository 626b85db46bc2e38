"""What the ontology's files say, as plain objects for the pages: terms, shapes that use them, schemes, concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import iris, resources
from kg.errors import KgError
from kg.queries import library

_SCHEMA: Final = Namespace(iris.PREFIXES["schema"])
_DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
_FILES: Final = ("presence.ttl", "vocabulary.ttl", "alignment.ttl", "shapes.ttl")
_COMMENT: Final = re.compile(r"^\s*#.*$", re.MULTILINE)
_LINKS: Final = (
    (OWL.equivalentClass, "="),
    (OWL.equivalentProperty, "="),
    (SKOS.exactMatch, "="),
    (SKOS.closeMatch, "≈"),
    (SKOS.relatedMatch, "~"),
    (SKOS.broadMatch, "<"),
    (SKOS.narrowMatch, ">"),
    (RDFS.seeAlso, "→"),
)

Texts = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a term elsewhere: what it says (``=``, ``≈``, ``<``, …) and its address."""

    sign: str
    iri: str

    @property
    def name(self) -> str:
        return iris.shorten(self.iri)


@dataclass(slots=True)
class Term:
    """A class or property of the ontology.

    Attributes:
        name: its local name, which is also its anchor on the page.
        kind: ``class``, ``object``, ``datatype`` or ``any`` (a property of literals and resources alike).
        label, definition: by language.
        note, example: in English.
        above, below: names of the wider and the narrower terms, of this ontology.
        domain, range: names or addresses; several mean all of them at once.
        joins, takes: classes that it may be of and what its values may be (schema:domainIncludes, rangeIncludes):
            one of them, and nothing follows from it.
        of_class: for a class, the properties that its members may have, those of the wider classes among them.
        change: what changed, and in which version.
        inverse: the property that says the same the other way round.
        path: how it follows from other properties, in words of SPARQL.
        links: to terms of other vocabularies.
        rules: what the shapes ask of it: the class, and what must hold.
        questions: the ready questions that use it.
        replaced_by: the term to use instead of this one; empty for one that stands.
    """

    name: str
    kind: str
    label: Texts
    definition: Texts
    note: str = ""
    example: str = ""
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    domain: list[str] = field(default_factory=list)
    range: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    takes: list[str] = field(default_factory=list)
    of_class: list[str] = field(default_factory=list)
    change: str = ""
    inverse: str = ""
    functional: bool = False
    links: list[Link] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    deprecated: bool = False
    replaced_by: str = ""

    @property
    def iri(self) -> str:
        return iris.term(self.name)


@dataclass(slots=True)
class Concept:
    """A concept of a scheme; *broader* are slugs within it, *note* says by language where its bounds are."""

    slug: str
    iri: str
    label: Texts
    definition: Texts
    note: Texts = field(default_factory=dict)
    other: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broader: list[str] = field(default_factory=list)
    depth: int = 0
    links: list[Link] = field(default_factory=list)


@dataclass(slots=True)
class Scheme:
    """A SKOS scheme with its concepts, wider ones before their narrower ones."""

    slug: str
    label: Texts
    definition: Texts
    concepts: list[Concept] = field(default_factory=list)


@cache
def _graph() -> Graph:
    graph = Graph()
    try:
        folder = resources.directory("ontology")
        for name in _FILES:
            graph.parse(data=_rebased((folder / name).read_text(encoding="utf-8")), format="turtle")
    except OSError as error:
        raise KgError("the ontology is missing", where=str(error), remedy="install presence-kg again") from error
    return graph


def _rebased(text: str) -> str:
    standard = "https://w3id.org/presence-kg/"
    return text if standard == iris.BASE else text.replace(standard, iris.BASE)


def about() -> tuple[Texts, Texts, str]:
    """Title and description of the ontology by language, and its version."""
    graph, node = _graph(), URIRef(iris.BASE + "ontology")
    version = str(graph.value(node, OWL.versionInfo) or "")
    return _texts(graph, node, _DCTERMS.title), _texts(graph, node, _DCTERMS.description), version


def terms() -> list[Term]:
    """Every class, then every property of the ontology, wider ones first, else by name."""
    graph = _graph()
    found: dict[str, Term] = {}
    kinds = ((OWL.Class, "class"), (OWL.ObjectProperty, "object"), (OWL.DatatypeProperty, "datatype"))
    for sort, kind in (*kinds, (RDF.Property, "any")):
        for node in sorted(s for s in graph.subjects(RDF.type, sort) if isinstance(s, URIRef)):
            if str(node).startswith(iris.IO) and (name := str(node)[len(iris.IO) :]) not in found:
                found[name] = _term(graph, node, name, kind)
    for term in found.values():
        for wider in term.above:
            if wider in found:
                found[wider].below.append(term.name)
    _properties_of_classes(graph, found)
    for name, told in _rules(graph):
        if name in found and told not in found[name].rules:
            found[name].rules.append(told)
    for question in library().values():
        for name in sorted(set(re.findall(r"\bio:(\w+)", _COMMENT.sub("", question.text)))):
            if name in found:
                found[name].questions.append(question.name)
    return sorted(found.values(), key=lambda t: (t.kind != "class", _trail(found, t)))


def _properties_of_classes(graph: Graph, found: Mapping[str, Term]) -> None:
    """Give each class the properties that say it in their domain, and the borrowed ones that its shape asks for.

    A class that has those of its wider class and no more gets none: they stand there.
    """
    asked: dict[str, set[str]] = {}
    for shape, class_ in graph.subject_objects(SH.targetClass):
        for part in graph.objects(shape, SH.property):
            path = graph.value(part, SH.path)
            if isinstance(path, URIRef) and isinstance(class_, URIRef) and not str(path).startswith(iris.IO):
                asked.setdefault(_local(class_), set()).add(_local(path))
    for term in found.values():
        if term.kind == "class":
            trail = {*_trail(found, term)}
            own = {t.name for t in found.values() if trail & {*t.domain, *t.joins} and not t.deprecated}
            term.of_class = sorted(own | {p for name in trail for p in asked.get(name, ())})
    for term in sorted(found.values(), key=lambda t: -len(_trail(found, t))):
        if term.kind == "class" and any(term.of_class == found[name].of_class for name in term.above if name in found):
            term.of_class = []


def _term(graph: Graph, node: URIRef, name: str, kind: str) -> Term:
    wider = RDFS.subClassOf if kind == "class" else RDFS.subPropertyOf
    above = [str(o) for o in graph.objects(node, wider) if isinstance(o, URIRef)]
    own = [iri for iri in above if iri.startswith(iris.IO)]
    links = [Link("<", iri) for iri in sorted(above) if iri not in own]
    inverse = graph.value(node, OWL.inverseOf) or next(graph.subjects(OWL.inverseOf, node), None)
    replaced = graph.value(node, _DCTERMS.isReplacedBy)
    return Term(
        name=name,
        kind=kind,
        label=_texts(graph, node, RDFS.label),
        definition=_texts(graph, node, SKOS.definition),
        note=_texts(graph, node, SKOS.scopeNote).get("en", ""),
        example=_texts(graph, node, SKOS.example).get("en", ""),
        above=sorted(iri[len(iris.IO) :] for iri in own),
        domain=_named(graph, graph.objects(node, RDFS.domain)),
        range=_named(graph, graph.objects(node, RDFS.range)),
        joins=_named(graph, graph.objects(node, _SCHEMA.domainIncludes)),
        takes=_named(graph, graph.objects(node, _SCHEMA.rangeIncludes)),
        change=" ".join(_texts(graph, node, p).get("en", "") for p in (SKOS.historyNote, SKOS.changeNote)).strip(),
        inverse=_local(inverse) if isinstance(inverse, URIRef) else "",
        functional=(node, RDF.type, OWL.FunctionalProperty) in graph,
        links=[*links, *_outward(graph, node)],
        deprecated=(node, OWL.deprecated, Literal(True)) in graph,
        replaced_by=_local(replaced) if isinstance(replaced, URIRef) else "",
    )


def _trail(found: Mapping[str, Term], term: Term) -> tuple[str, ...]:
    """The names from the widest term down to this one, so that a narrower one sorts right after its wider one."""
    wider = next((found[name] for name in term.above if name in found), None)
    return (*(_trail(found, wider) if wider else ()), term.name)


def depth(found: Mapping[str, Term], term: Term) -> int:
    """How many wider terms stand above a term."""
    return len(_trail(found, term)) - 1


def schemes() -> list[Scheme]:
    """The SKOS schemes with their concepts, by slug."""
    graph = _graph()
    result = []
    for node in sorted(s for s in graph.subjects(RDF.type, SKOS.ConceptScheme) if isinstance(s, URIRef)):
        slug = str(node).removeprefix(iris.KIND_PREFIX)
        scheme = Scheme(slug, _texts(graph, node, SKOS.prefLabel), _texts(graph, node, SKOS.definition))
        members = sorted(s for s in graph.subjects(SKOS.inScheme, node) if isinstance(s, URIRef))
        concepts = {str(member): _concept(graph, member) for member in members}
        for concept in concepts.values():
            trail, top = [concept.slug], concept
            while top.broader and (next_ := concepts.get(f"{node}/{top.broader[0]}")) is not None:
                trail.insert(0, next_.slug)
                top = next_
            concept.depth = len(trail) - 1
            scheme.concepts.append(concept)
        order = {c.slug: _path(concepts, str(node), c) for c in scheme.concepts}
        scheme.concepts.sort(key=lambda c: order[c.slug])
        result.append(scheme)
    return result


def _path(concepts: Mapping[str, Concept], scheme: str, concept: Concept) -> tuple[str, ...]:
    wider = concepts.get(f"{scheme}/{concept.broader[0]}") if concept.broader else None
    return (*(_path(concepts, scheme, wider) if wider else ()), concept.slug)


def _concept(graph: Graph, node: URIRef) -> Concept:
    other: dict[str, list[str]] = {}
    for label in sorted(o for o in graph.objects(node, SKOS.altLabel) if isinstance(o, Literal)):
        other.setdefault(label.language or "", []).append(str(label))
    return Concept(
        slug=str(graph.value(node, SKOS.notation) or str(node).rpartition("/")[2]),
        iri=str(node),
        label=_texts(graph, node, SKOS.prefLabel),
        definition=_texts(graph, node, SKOS.definition),
        note=_texts(graph, node, SKOS.scopeNote),
        other={lang: tuple(labels) for lang, labels in other.items()},
        broader=sorted(str(o).rpartition("/")[2] for o in graph.objects(node, SKOS.broader)),
        links=list(_outward(graph, node)),
    )


def _outward(graph: Graph, node: URIRef) -> Iterator[Link]:
    for predicate, sign in _LINKS:
        for target in sorted(o for o in graph.objects(node, predicate) if isinstance(o, URIRef)):
            if not str(target).startswith(iris.BASE):
                yield Link(sign, str(target))


def _texts(graph: Graph, node: Node, predicate: Node) -> dict[str, str]:
    texts = sorted(o for o in graph.objects(node, predicate) if isinstance(o, Literal))
    return {str(o.language or "en"): str(o) for o in texts}


def _named(graph: Graph, nodes: Iterable[Node]) -> list[str]:
    """Names of classes; a union becomes one entry with `` or `` between."""
    found = []
    for node in nodes:
        if isinstance(node, BNode):
            parts = graph.value(node, OWL.unionOf)
            if parts is not None:
                found.append(" or ".join(sorted(_local(p) for p in Collection(graph, parts) if isinstance(p, URIRef))))
        elif isinstance(node, URIRef):
            found.append(_local(node))
    return sorted(found)


def _local(node: URIRef) -> str:
    return str(node).removeprefix(iris.IO) if str(node).startswith(iris.IO) else iris.shorten(str(node))


def _rules(graph: Graph) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the shapes ask: the term, the class it is asked of, and the words of the shape."""
    for shape in sorted(s for s in graph.subjects(RDF.type, SH.NodeShape) if isinstance(s, URIRef)):
        targets = [_local(o) for o in graph.objects(shape, SH.targetClass) if isinstance(o, URIRef)]
        if not targets:
            continue
        whom = ", ".join(sorted(targets))
        for part in graph.objects(shape, SH.property):
            path = graph.value(part, SH.path)
            message = graph.value(part, SH.message)
            if isinstance(path, URIRef) and str(path).startswith(iris.IO) and message is not None:
                yield _local(path), (whom, str(message))
        for part in graph.objects(shape, SH.sparql):
            message = graph.value(part, SH.message)
            if message is not None:
                for target in sorted(targets):
                    yield target, (whom, str(message))
