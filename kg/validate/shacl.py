"""SHACL: quads in batches against the shapes of the ontology, results as violations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import pyoxigraph as ox

from kg import iris, resources
from kg.errors import KgError
from kg.graph import ontology_quads, terms
from kg.store import Store
from kg.validate.constraints import Constraint, subclasses, take
from kg.validate.named import name
from kg.validate.report import Violation, is_iri, short
from kg.validate.rudof import conforms

Engine: TypeAlias = Literal["pyshacl", "pyrudof"]
_ENOUGH: Final = 40_000
_VALUES: Final = 500
_STRING: Final = ox.NamedNode(iris.PREFIXES["xsd"] + "string")


class Batch:
    """Quads that wait to be checked together: pyshacl is quick for many at once and slow for few.

    Args:
        store: where the things that the quads name are described; ``None`` if nowhere.
        shapes: a file of shapes in Turtle; by default that of the ontology.
        engine: what applies them; with ``pyrudof`` pyshacl sees only what does not conform.

    Raises:
        KgError: if the shapes are missing or broken.
    """

    def __init__(self, store: Store | None = None, shapes: Path | None = None, engine: Engine = "pyshacl") -> None:
        self._store = store
        self._engine = engine
        self._shapes, self._constraints = _shapes(shapes)
        self._quads: list[ox.Quad] = []

    def add(self, quads: Sequence[ox.Quad]) -> list[Violation]:
        """Put quads in that belong together; once there are enough, what is wrong with all that waited."""
        self._quads += quads
        return self.rest() if len(self._quads) >= _ENOUGH else []

    def rest(self) -> list[Violation]:
        """What is wrong with the quads that wait."""
        quads, self._quads = self._quads, []
        if not quads:
            return []
        types = list(self._types(quads))
        found = list(self._asked(quads, types))
        if self._engine == "pyshacl" or not conforms((*quads, *types), self._shapes):
            found += _shacl(quads, types, self._shapes)
        return list(name(found, quads, self._store))

    def _asked(self, quads: Sequence[ox.Quad], types: Sequence[ox.Triple]) -> Iterator[Violation]:
        """What the SPARQL constraints find."""
        data = ox.Store()
        data.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        data.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in types)
        focus = {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}
        for constraint in self._constraints:
            yield from constraint.violations(data, _subclasses(), focus)

    def _types(self, quads: Sequence[ox.Quad]) -> Iterator[ox.Triple]:
        """The classes of the entities that the quads name and do not describe."""
        if self._store is None:
            return
        described = {q.subject for q in quads if q.predicate == terms.RDF_TYPE}
        named = {q.object for q in quads if isinstance(q.object, ox.NamedNode)} - described
        wanted = sorted(str(n) for n in named if n.value.startswith(iris.ID_PREFIX))
        for start in range(0, len(wanted), _VALUES):
            values = " ".join(wanted[start : start + _VALUES])
            anywhere = "{ ?s a ?t } UNION { GRAPH ?g { ?s a ?t } }"
            answer = self._store.query(f"SELECT DISTINCT ?s ?t WHERE {{ VALUES ?s {{ {values} }} {anywhere} }}")
            assert isinstance(answer, ox.QuerySolutions)
            for row in answer:
                yield ox.Triple(row["s"], terms.RDF_TYPE, row["t"])


def _shacl(quads: Sequence[ox.Quad], types: Sequence[ox.Triple], shapes: Any) -> Iterator[Violation]:
    import pyshacl
    from rdflib import SH, Graph, Literal

    data = Graph()
    for quad in quads:
        data.add((_rdflib(quad.subject), _rdflib(quad.predicate), _rdflib(quad.object)))
    for triple in types:
        data.add((_rdflib(triple.subject), _rdflib(triple.predicate), _rdflib(triple.object)))
    _, results, told = pyshacl.validate(data, shacl_graph=shapes, ont_graph=_ontology(), advanced=True, inplace=True)
    if not isinstance(results, Graph):
        raise KgError(f"the shapes cannot be applied: {told}", where="ontology/shapes.ttl")
    focus = {str(_rdflib(q.subject)) for q in quads}
    # Not the results of shapes within shapes (sh:detail): their focus is a value, which is no fault of the value.
    for result in sorted(set(results.objects(None, SH.result)), key=str):
        if str(results.value(result, SH.focusNode)) not in focus:
            continue  # its class is known here, and nothing else of it
        node, path, value, shape, severity = (
            results.value(result, name)
            for name in (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.resultSeverity)
        )
        messages = [m for m in results.objects(result, SH.resultMessage) if isinstance(m, Literal)]
        messages.sort(key=lambda m: (m.language not in (None, "en"), str(m)))
        yield Violation(
            severity="error" if severity == SH.Violation else "warning",
            focus=str(node),
            path=str(path) if path is not None and is_iri(str(path)) else "",
            value="" if value is None or value == node else str(value)[:200],
            message=_plain(str(messages[0])) if messages else "does not conform to its shape",
            shape=str(shape) if shape is not None and is_iri(str(shape)) else "",
        )


def _rdflib(term: Any) -> Any:
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib takes "x" and "x"^^xsd:string for different terms, and shapes say "x".
    return Literal(term.value, datatype=None if term.datatype == _STRING else URIRef(term.datatype.value))


def _shapes(path: Path | None) -> tuple[Any, list[Constraint]]:
    """The shapes for pyshacl, and the constraints that it need not look at."""
    from rdflib import Graph

    try:
        path = path or resources.directory("ontology") / "shapes.ttl"
        text = path.read_bytes()
    except OSError as error:
        raise KgError("the shapes of the ontology are missing", remedy="install presence-kg again") from error
    try:
        shapes = Graph().parse(data=text, format="turtle")
    except Exception as error:
        raise KgError(f"is not Turtle: {error}", where=str(path)) from error
    return shapes, take(shapes)


@cache
def _ontology() -> Any:
    from rdflib import Graph

    graph = Graph()
    for quad in ontology_quads():
        graph.add((_rdflib(quad.subject), _rdflib(quad.predicate), _rdflib(quad.object)))
    return graph


@cache
def _subclasses() -> dict[str, set[str]]:
    return subclasses(_ontology())


def _plain(message: str) -> str:
    """A message with short names in the place of IRIs, for shapes that have none of their own."""
    return re.sub(r"<([^<>\s]+)>", lambda m: short(m[1]), message)
