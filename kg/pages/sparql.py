"""The page to write SPARQL on: an editor with completion, the ready questions beside it, views of the answer."""

from __future__ import annotations

from typing import Any, Final

from kg import assets, iris
from kg.graph import ontology_quads
from kg.model import LANGUAGES
from kg.pages.frame import Frame, render
from kg.pages.home import topics

_SORTS: Final = {
    "Class": "classes", "Concept": "concepts", "ObjectProperty": "properties", "DatatypeProperty": "properties",
    "Property": "properties",
}  # fmt: skip


def sparql_page(graph: Any, frame: Frame) -> str:
    """The page to write SPARQL on.

    Args:
        graph: the graph.
        frame: language and links.
    """
    return render(
        "sparql.html",
        frame,
        topics=topics(),
        prefixes=dict(iris.PREFIXES),
        editor=(assets.FOLDER / "yasgui.js.gz").is_file(),
        terms=terms(frame.lang),
    )


def terms(lang: str) -> dict[str, list[list[str]]]:
    """Classes, properties and concepts for completion: IRI and labels, that of the page's language first."""
    labels: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    wanted = {iris.PREFIXES["rdfs"] + "label", iris.PREFIXES["skos"] + "prefLabel"}
    for quad in ontology_quads():
        subject = str(getattr(quad.subject, "value", ""))
        if quad.predicate.value in wanted:
            language = getattr(quad.object, "language", "") or ""
            labels.setdefault(subject, {})[language] = str(getattr(quad.object, "value", ""))
        elif quad.predicate.value == iris.PREFIXES["rdf"] + "type":
            sort = _SORTS.get(str(getattr(quad.object, "value", "")).rsplit("#", 1)[-1])
            if sort and subject.startswith(iris.BASE):
                kinds[subject] = sort
    order = [lang, *(other for other in LANGUAGES if other != lang)]
    found: dict[str, list[list[str]]] = {"classes": [], "properties": [], "concepts": []}
    for iri, sort in sorted(kinds.items()):
        found[sort].append([iri, *(labels.get(iri, {}).get(language, "") for language in order)])
    return found
