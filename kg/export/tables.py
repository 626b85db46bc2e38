"""The graph as tables: one per kind of fact, entities, evidence, articles, and what their columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg import iris
from kg.export.view import CLASSES, PROPERTIES, View, property_iri
from kg.export.words import definition, texts
from kg.model import KINDS

_FILES: Final = {
    "presence": "presences", "proposal": "proposals", "decision": "decisions", "agreement": "agreements",
    "membership": "memberships", "relocation": "relocations", "count": "counts", "tenure": "tenures",
}  # fmt: skip
ENTITY_CLASSES: Final = tuple(name for name, kind in CLASSES.items() if kind not in (*KINDS, "establishment"))
"""The classes of the ontology whose members stand in the table of entities."""
BETWEEN: Final = " | "
"""What stands between several values in a cell."""


def names() -> dict[str, str]:
    """Kind of fact → the file of its table."""
    return dict(_FILES)


def fact_row(view: View, iri: str, lang: str) -> list[str]:
    """The row of a fact in the table of its kind."""
    kind = view.kinds[iri]
    linked = _linked(kind)
    row = [iri, view.label(iri, lang)]
    for slot, name in PROPERTIES[kind].items():
        terms = view.values(iri, name)
        row.append(BETWEEN.join(view.show(term, lang) for term in terms))
        if slot in linked:
            row.append(BETWEEN.join(str(term.value) for term in terms))
    quotes = view.quotes.get(iri, [])
    return [*row, str(len({q.article for q in quotes})), quotes[0].quote if quotes else ""]


def _linked(kind: str) -> list[str]:
    """The slots of a kind that name things."""
    known = KINDS[kind]
    return [slot for slot in PROPERTIES[kind] if slot in known and known[slot].type in ("entity", "about")]


def tables(view: View, lang: str = "en") -> dict[str, list[list[str]]]:
    """The tables of a graph.

    Args:
        view: the graph.
        lang: language of labels.

    Returns:
        File name → rows, the first of which is the header. Facts have one file a kind; an entity slot has two columns,
        the label and (``…_iri``) the IRI; several values are joined by ``" | "``.
    """
    found = {f"{_FILES[kind]}.csv": _facts(view, kind, lang) for kind in KINDS}
    found["entities.csv"] = _entities(view)
    found["evidence.csv"] = _evidence(view)
    found["articles.csv"] = _articles(view)
    return found


def _facts(view: View, kind: str, lang: str) -> list[list[str]]:
    linked = _linked(kind)
    header = ["id", "label"]
    for slot in PROPERTIES[kind]:
        header += [slot, f"{slot}_iri"] if slot in linked else [slot]
    return [[*header, "reports", "quote"], *(fact_row(view, iri, lang) for iri in view.facts(kind))]


def _entities(view: View) -> list[list[str]]:
    rows = [["id", "type", "label_en", "label_ru", "label_kk", "wikidata", "iso", "longitude", "latitude"]]
    for iri in view.entities():
        point = view.point(iri)
        rows.append(
            [
                iri,
                view.kinds[iri],
                *(view.label(iri, lang) for lang in ("en", "ru", "kk")),
                view.wikidata(iri),
                view.text(iri, "isoCode"),
                *((f"{point[0]}", f"{point[1]}") if point else ("", "")),
            ]
        )
    return rows


def _evidence(view: View) -> list[list[str]]:
    rows = [["fact", "article", "quote", "start", "end", "in"]]
    for iri in sorted(view.quotes):
        rows += evidence_rows(view, iri)
    return rows


def evidence_rows(view: View, iri: str) -> list[list[str]]:
    """The rows of a fact in the table of evidence."""
    return [[iri, q.article, q.quote, str(q.start), str(q.end), q.where] for q in view.quotes.get(iri, [])]


def _articles(view: View) -> list[list[str]]:
    schema, terms = iris.PREFIXES["schema"], iris.PREFIXES["dcterms"]
    columns = {
        "id": f"{terms}identifier", "title": f"{schema}headline", "language": f"{schema}inLanguage",
        "published": f"{schema}datePublished", "url": f"{schema}url", "outlet": f"{schema}publisher",
    }  # fmt: skip
    rows = [["iri", *columns]]
    rows += [[iri, *(about.get(name, "") for name in columns.values())] for iri, about in view.articles.items()]
    return rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: its heading.
        meaning: what stands in it, in a language.
        type: ``string``, ``integer``, ``decimal`` or ``anyURI`` (XML Schema).
        property: the IRI of the property whose values stand in it; empty if it has none.
        many: whether a cell may hold several values.
    """

    name: str
    meaning: str
    type: str = "string"
    property: str = ""
    many: bool = False


def dictionary(lang: str = "en") -> dict[str, list[Column]]:
    """What the columns of each table mean: the data dictionary, from the definitions of the ontology."""
    w = texts(lang)["columns"]
    found: dict[str, list[Column]] = {}
    for kind in KINDS:
        columns = [
            Column("id", w["id"], "anyURI"),
            Column("label", w["label"], property=f"{iris.PREFIXES['rdfs']}label"),
        ]
        for slot, name in PROPERTIES[kind].items():
            declared = KINDS[kind].get(slot)
            property_ = property_iri(name)
            meaning = definition(property_, lang)
            many = declared is None or declared.many or declared.type == "about"
            whole = declared is not None and declared.type == "int"
            columns.append(Column(slot, meaning, "integer" if whole else "string", property_, many and not whole))
            if declared is not None and declared.type in ("entity", "about"):
                columns.append(Column(f"{slot}_iri", w["iri"].format(column=slot), "anyURI", property_, many))
        columns += [Column("reports", w["reports"], "integer"), Column("quote", w["quote"])]
        found[f"{_FILES[kind]}.csv"] = columns
    plain = {
        "entities.csv": "id type label_en label_ru label_kk wikidata iso longitude latitude",
        "evidence.csv": "fact article quote start end in",
        "articles.csv": "iri id title language published url outlet",
    }
    types = {"longitude": "decimal", "latitude": "decimal", "start": "integer", "end": "integer", "fact": "anyURI",
             "article": "anyURI", "iri": "anyURI"}  # fmt: skip
    for file, names in plain.items():
        found[file] = [
            Column(
                name,
                w[f"{file[:-4]}-{name}"],
                "anyURI" if (file, name) == ("entities.csv", "id") else types.get(name, "string"),
            )
            for name in names.split()
        ]
    return found
