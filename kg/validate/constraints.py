"""The SPARQL constraints of shapes (SHACL, section 5), asked once for all nodes.

pyshacl parses and asks such a query again for each node; asked once, with the results of the nodes that are no targets
left out, it says the same a hundred times as fast. Constraints with ``$PATH`` or ``$shapesGraph`` stay with pyshacl.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib import Literal as Text

from kg import iris
from kg.errors import KgError
from kg.graph import terms
from kg.validate.report import Violation

_TARGETS: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A query that finds nodes that do not conform.

    Attributes:
        name: IRI of the constraint, else of its shape; may be empty.
        select: the query; ``$this`` is the node.
        message: what is wrong with it.
        severity: how bad that is.
        targets: the nodes that it is for: kind of target, and class, property or node.
    """

    name: str
    select: str
    message: str
    severity: Literal["error", "warning"]
    targets: tuple[tuple[str, str], ...]

    def violations(self, data: ox.Store, subclasses: dict[str, set[str]], focus: set[str]) -> Iterator[Violation]:
        """The nodes of *focus* that it finds in *data*.

        Args:
            data: triples in the default graph.
            subclasses: the subclasses of a class, itself not among them.
            focus: IRIs of the nodes to be checked.

        Raises:
            KgError: if the query is no SPARQL.
        """
        wanted = focus & set(self._nodes(data, subclasses))
        if not wanted:
            return
        try:
            answer = data.query(self.select)
        except SyntaxError as error:
            raise KgError(f"is not SPARQL: {error}", where=self.name or "a shape") from error
        assert isinstance(answer, ox.QuerySolutions)
        names = {v.value for v in answer.variables}
        for row in answer:
            found = {name: str(getattr(row[name], "value", "")) for name in names}
            if found.get("this") in wanted:
                yield Violation(
                    severity=self.severity,
                    focus=found["this"],
                    path=found.get("path", ""),
                    value=found.get("value", "")[:200],
                    message=found.get("message") or self.message,
                    shape=self.name,
                )

    def _nodes(self, data: ox.Store, subclasses: dict[str, set[str]]) -> Iterator[str]:
        for kind, iri in self.targets:
            node = ox.NamedNode(iri)
            if kind == "targetNode":
                yield iri
            elif kind == "targetClass":
                for one in {iri, *subclasses.get(iri, ())}:
                    for quad in data.quads_for_pattern(None, terms.RDF_TYPE, ox.NamedNode(one)):
                        yield str(getattr(quad.subject, "value", ""))
            else:
                for quad in data.quads_for_pattern(None, node, None):
                    yield str(getattr(quad.subject if kind == "targetSubjectsOf" else quad.object, "value", ""))


def take(shapes: Graph) -> list[Constraint]:
    """The constraints of *shapes* that can be asked for all nodes at once; they are taken out of the graph."""
    found = []
    for shape, constraint in sorted(shapes.subject_objects(SH.sparql)):
        select = str(shapes.value(constraint, SH.select) or "")
        targets = [(kind, str(node)) for kind in _TARGETS for node in shapes.objects(shape, SH[kind])]
        if (shape, RDF.type, RDFS.Class) in shapes:
            targets.append(("targetClass", str(shape)))
        if not select or not targets or "$PATH" in select or "$shapesGraph" in select:
            continue
        shapes.remove((shape, SH.sparql, constraint))
        if any(
            value in (Text(True),) for node in (shape, constraint) for value in shapes.objects(node, SH.deactivated)
        ):
            continue
        severity = shapes.value(shape, SH.severity) or SH.Violation
        messages = [m for node in (constraint, shape) for m in _english(shapes.objects(node, SH.message))]
        found.append(
            Constraint(
                name=next((str(n) for n in (constraint, shape) if isinstance(n, URIRef)), ""),
                select=_prologue(shapes, constraint) + select,
                message=messages[0] if messages else "does not conform to its shape",
                severity="error" if severity == SH.Violation else "warning",
                targets=tuple(sorted(targets)),
            )
        )
    return found


def subclasses(ontology: Graph) -> dict[str, set[str]]:
    """The subclasses of each class, direct or not."""
    return {
        str(class_): {str(s) for s in ontology.transitive_subjects(RDFS.subClassOf, class_)} - {str(class_)}
        for class_ in set(ontology.objects(None, RDFS.subClassOf))
    }


def _english(messages: Iterable[Any]) -> list[str]:
    """Messages, those in English or no language first."""
    return [str(m) for m in sorted(messages, key=lambda m: (getattr(m, "language", None) not in (None, "en"), str(m)))]


def _prologue(shapes: Graph, constraint: Any) -> str:
    declared = dict(iris.PREFIXES)
    for owner in shapes.objects(constraint, SH.prefixes):
        for one in shapes.objects(owner, SH.declare):
            declared[str(shapes.value(one, SH.prefix))] = str(shapes.value(one, SH.namespace))
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(declared.items()))
