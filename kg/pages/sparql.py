"""The page to write SPARQL on: an editor with completion, the ready questions beside it, views of the answer."""

from __future__ import annotations

from typing import Final

from kg import assets, iris
from kg.export.words import texts
from kg.graph import ontology_quads
from kg.model import LANGUAGES
from kg.pages.ask import fields
from kg.pages.frame import Frame, render
from kg.pages.home import topics

_SORTS: Final = {
    "Class": "classes", "Concept": "concepts", "ObjectProperty": "properties", "DatatypeProperty": "properties",
    "Property": "properties",
}  # fmt: skip


EXAMPLE: Final = """\
# {told}
SELECT ?presence ?organization ?form ?status WHERE {{
  ?presence io:place <id/city/almaty> ;
            io:organization/skos:prefLabel ?organization ;
            io:form ?form ; io:status ?status .
  FILTER (LANG(?organization) = "{lang}")
}}
ORDER BY ?organization
"""


def sparql_page(frame: Frame) -> str:
    """The page to write SPARQL on.

    Args:
        frame: language and links.
    """
    setup = {
        "endpoint": f"{frame.links.root}/sparql",
        "top": frame.page(""),
        "world": frame.links.file("world.json"),
        "network": [frame.links.file("vis-network.js"), frame.links.file("network.js")],
        "base": iris.BASE,
        "id": iris.ID_PREFIX,
        "article": iris.ARTICLE_PREFIX,
        "prefixes": dict(iris.PREFIXES),
        "terms": terms(frame.lang),
        "example": EXAMPLE.format(lang=frame.lang, told=frame.word("sparql-example")),
    }
    said = texts(frame.lang)["figure"] | {
        key: text
        for key, text in texts(frame.lang)["pages"].items()
        if key.startswith("view-") or key in ("rows", "answer", "query")
    }
    found = [(topic, [(q, fields(q, {}, frame)) for q in questions]) for topic, questions in topics()]
    editor = (assets.FOLDER / "yasgui.js.gz").is_file()
    return render("sparql.html", frame, topics=found, editor=editor, setup=setup, said=said)


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
