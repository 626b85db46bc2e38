"""Checking a graph against the shapes of the ontology (SHACL) and the checks of the query library.

Shapes are in ``ontology/shapes.ttl``; they demand too that every quote stands in the archived text letter for letter.
A check is a query in ``queries/checks`` that finds what is wrong: no rows means that the graph holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris, resources
from kg.build import KnowledgeGraph
from kg.errors import KgError, Problem, UsageError
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import REFERENCE_ARTICLE
from kg.store import Store
from kg.validate.named import LABELS
from kg.validate.report import Report, Violation, is_iri
from kg.validate.shacl import Batch, Engine

__all__ = ["Report", "Violation", "check", "check_file", "validate"]

_PROLOGUE: Final = "".join(
    [f"BASE <{iris.BASE}>\n", *(f"PREFIX {name}: <{iri}>\n" for name, iri in iris.PREFIXES.items())]
)
_SUPPORT: Final = io("support")
_ENDINGS: Final = ".ttl, .trig, .nt, .nq, .rdf or .jsonld"


def validate(
    graph: KnowledgeGraph,
    article: str | None = None,
    *,
    tables: bool = False,
    shapes: Path | None = None,
    checks: Path | None = None,
) -> list[Problem]:
    """What is wrong with a graph, told to the user; nothing if it holds.

    Arguments and errors are those of :func:`check`.
    """
    return [one.problem() for one in check(graph, article, tables=tables, shapes=shapes, checks=checks).violations]


def check(
    graph: KnowledgeGraph,
    article: str | None = None,
    *,
    tables: bool = False,
    shapes: Path | None = None,
    checks: Path | None = None,
    engine: Engine = "pyshacl",
) -> Report:
    """Check a graph, or one article's account, against shapes and checks.

    Args:
        graph: the graph.
        article: id of the article; without it, every account, the merged graph and the checks.
        tables: check the entities and facts too that the reference tables alone state; half a minute for thousands.
        shapes: a file of SHACL shapes in Turtle in the place of the ontology's.
        checks: a folder of queries in the place of ``queries/checks``.
        engine: what applies the shapes: ``pyshacl``, or ``pyrudof`` for much data (``presence-kg[pyrudof]``); the
            findings are the same.

    Raises:
        KgError: if there is no such article, or the shapes or checks are missing or broken.
    """
    known = {a.id for a in graph.articles()}
    if article is not None and article not in known:
        raise KgError(f'there is no article "{article}"', remedy="kg sources lists them")
    store = graph.store
    batch = Batch(store, shapes, engine)
    found: list[Violation] = []
    for one in sorted({article} if article is not None else known):
        found += batch.add(list(store.match(None, None, None, ox.NamedNode(iris.article(one)))))
    if article is None:
        if tables:
            found += batch.add(list(store.match(None, None, None, ox.NamedNode(REFERENCE_ARTICLE))))
        found += batch.add(_merged(store, tables))
        found += _checks(graph, checks)
    found += batch.rest()
    return Report(tuple(sorted(set(found))))


def check_file(path: str | Path, *, shapes: Path | None = None, engine: Engine = "pyshacl") -> Report:
    """Check a file of RDF, whoever made it, against the shapes.

    Args:
        path: Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, told by the ending of its name.
        shapes: a file of SHACL shapes in Turtle in the place of the ontology's.
        engine: what applies the shapes, as for :func:`check`.

    Raises:
        UsageError: if there is no such file, or its ending is none of these.
        KgError: if it cannot be parsed, or the shapes are missing or broken.
    """
    path = Path(path)
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise UsageError("is no RDF by its name", where=str(path), remedy=f"name it {_ENDINGS}")
    try:
        quads = list(ox.parse(path.read_bytes(), format=form, base_iri=iris.BASE))
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    except (SyntaxError, ValueError) as error:
        raise KgError(f"is not {form.name}: {error}", where=str(path)) from error
    batch = Batch(shapes=shapes, engine=engine)
    return Report(tuple(sorted({*batch.add(quads), *batch.rest()})))


def _merged(store: Store, tables: bool) -> list[ox.Quad]:
    """The merged graph, with or without what the tables alone state."""
    quads = list(store.match(None, None, None, ox.NamedNode(iris.GRAPH_MERGED)))
    if tables:
        return quads
    left_out = {str(q.subject) for q in store.match(None, None, None, ox.NamedNode(iris.GRAPH_REFERENCE))}
    nobody = terms.integer(0)
    left_out |= {str(q.subject) for q in quads if q.predicate == _SUPPORT and q.object == nobody}
    # A choice has the IRI of its fact and a fragment.
    return [q for q in quads if str(q.subject).rstrip(">").partition("#")[0] + ">" not in left_out]


def _checks(graph: KnowledgeGraph, folder: Path | None) -> Iterator[Violation]:
    """What the queries that look for mistakes find."""
    if folder is None:
        try:
            folder = resources.directory("queries") / "checks"
        except FileNotFoundError as error:
            raise KgError("the queries are missing", remedy="install presence-kg again") from error
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        told = {
            name.lower(): value.strip()
            for name, value in re.findall(r"^#\s*(problem|solution):(.+)$", text, re.MULTILINE | re.IGNORECASE)
        }
        try:
            answer = graph.query(_PROLOGUE + text)
        except SyntaxError as error:
            raise KgError(f"is not SPARQL: {error}", where=str(path)) from error
        if not isinstance(answer, ox.QuerySolutions):
            raise KgError("is no SELECT", where=str(path))
        names = [v.value for v in answer.variables]
        for row in answer:
            focus, *rest = [str(getattr(row[name], "value", "")) for name in names]
            yield Violation(
                focus=focus,
                label=_label(graph, focus),
                value=", ".join(filter(None, rest)),
                message=told.get("problem", f"is found by the check {path.stem}"),
                remedy=told.get("solution", ""),
                shape=path.stem,
            )


def _label(graph: KnowledgeGraph, iri: str) -> str:
    if not is_iri(iri):
        return ""
    for property_ in LABELS:
        found = [q.object for q in graph.store.match(ox.NamedNode(iri), property_)]
        labels = [one for one in found if isinstance(one, ox.Literal)]
        if labels:
            return min(labels, key=lambda one: (one.language not in (None, "en"), one.value)).value
    return ""
