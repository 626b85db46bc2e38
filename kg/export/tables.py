"""Tables: a bundle of CSV files, one per kind of fact, and a map of establishments in GeoJSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import IO, Any, Final

from kg import iris
from kg.export.view import PROPERTIES, View
from kg.model import KINDS

_FILES: Final = {
    "presence": "presences", "proposal": "proposals", "decision": "decisions", "agreement": "agreements",
    "membership": "memberships", "relocation": "relocations", "count": "counts", "tenure": "tenures",
}  # fmt: skip
_BETWEEN: Final = " | "
# A ZIP archive holds a time for each file: the earliest it can hold, so that the same graph gives the same bytes.
_TIME: Final = (1980, 1, 1, 0, 0, 0)


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


def write_csv(view: View, out: Path, lang: str = "en") -> int:
    """Write the tables into the folder *out*, or into a ZIP archive if it is named ``.zip`` (CSV: RFC 4180, UTF-8).

    Returns:
        How many files were written.
    """
    files = {name: _csv(rows) for name, rows in tables(view, lang).items()}
    if out.suffix.lower() == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, _TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, data)
    else:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    return len(files)


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _facts(view: View, kind: str, lang: str) -> list[list[str]]:
    columns = PROPERTIES[kind]
    slots = {slot: KINDS[kind][slot] for slot in columns if slot in KINDS[kind]}
    linked = [slot for slot in columns if slot in slots and slots[slot].type in ("entity", "about")]
    header = ["id", "label"]
    for slot in columns:
        header += [slot, f"{slot}_iri"] if slot in linked else [slot]
    rows = [[*header, "reports", "quote"]]
    for iri in view.facts(kind):
        row = [iri, view.label(iri, lang)]
        for slot, name in columns.items():
            terms = view.values(iri, name)
            row.append(_BETWEEN.join(view.show(term, lang) for term in terms))
            if slot in linked:
                row.append(_BETWEEN.join(str(term.value) for term in terms))
        quotes = view.quotes.get(iri, [])
        rows.append([*row, str(len({q.article for q in quotes})), quotes[0].quote if quotes else ""])
    return rows


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
        rows += [[iri, q.article, q.quote, str(q.start), str(q.end), q.where] for q in view.quotes[iri]]
    return rows


def _articles(view: View) -> list[list[str]]:
    schema, terms = iris.PREFIXES["schema"], iris.PREFIXES["dcterms"]
    columns = {
        "id": f"{terms}identifier", "title": f"{schema}headline", "language": f"{schema}inLanguage",
        "published": f"{schema}datePublished", "url": f"{schema}url", "outlet": f"{schema}publisher",
    }  # fmt: skip
    rows = [["iri", *columns]]
    rows += [[iri, *(about.get(name, "") for name in columns.values())] for iri, about in view.articles.items()]
    return rows


def write_geojson(view: View, out: IO[bytes], lang: str = "en") -> int:
    """Write the establishments as a GeoJSON feature collection (RFC 7946).

    An establishment stands at the point of its city; one of which only the country is known has no geometry.

    Returns:
        How many features were written.
    """
    features = []
    for iri in view.facts("presence"):
        places = view.values(iri, "place")
        point = next(filter(None, (view.point(term.value) for term in places)), None)
        properties: dict[str, Any] = {"label": view.label(iri, lang)}
        for slot, name in PROPERTIES["presence"].items():
            shown = [view.show(term, lang) for term in view.values(iri, name)]
            if shown:
                properties[slot] = shown if KINDS["presence"][slot].many else shown[0]
        geometry = {"type": "Point", "coordinates": list(point)} if point else None
        features.append({"type": "Feature", "id": iri, "geometry": geometry, "properties": properties})
    collection = {"type": "FeatureCollection", "features": features}
    out.write((json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode())
    return len(features)
