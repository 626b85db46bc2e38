"""Exports of a graph that does not fit into memory: some facts at a time.

To the byte what all at once would give, but for archives and Parquet, which are written in groups of rows.
"""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from kg.errors import KgError
from kg.export import mapped, rdf, sheets, tables
from kg.export.select import ENTITIES, chunks, rows, view_of
from kg.export.view import View
from kg.queries.run import ask

LARGE: Final = 20_000
"""Facts above which a graph is exported by parts."""
MOST: Final = {"xlsx": 150_000, "graphml": 150_000, "gexf": 150_000, "site": 20_000}
"""Facts that formats can have which cannot be written by parts."""
_FACTS: Final = 1_000
_GROUP: Final = 50_000
"""Rows that a Parquet file has in a group."""
Shown = Callable[[Iterable[Any]], Iterable[Any]]
"""Goes over the facts, or over the quads, and shows how far the work is."""


def size(graph: Any) -> int:
    """How many facts a graph has."""
    return int(next(iter(ask(graph, "SELECT (COUNT(*) AS ?n) WHERE { ?fact io:support ?support }")))["n"].value)


def check(form: str, facts: int) -> None:
    """Whether a graph of so many facts can be written in a format.

    Raises:
        KgError: if it would take more memory, or more files, than a machine has.
    """
    if facts > MOST.get(form, facts):
        other = "kg serve shows all of them" if form == "site" else "csv, parquet and nquads take any number"
        raise KgError(
            f"{form} takes {MOST[form]:,} facts, and the graph has {facts:,}",
            remedy=other if form == "site" else f"--around ENTITY or --query NAME for a part; {other}",
        )


def write(graph: Any, form: str, out: Path | IO[bytes], lang: str = "en", shown: Shown = iter) -> int | None:
    """Write a whole graph by parts.

    Args:
        graph: what is asked.
        form: a format.
        out: a file, a folder or a ``.zip`` (CSV, Parquet), or a stream.
        lang: language of labels.
        shown: goes over the facts, of RDF over the quads.

    Returns:
        What :func:`kg.export.export` counts; ``None`` if the format is none of those.
    """
    if form in ("csv", "parquet") and isinstance(out, Path):
        return _bundle(graph, form, out, lang, shown)
    if form not in (*rdf.FORMATS, "geojson", "kml"):
        return None
    if isinstance(out, Path):
        part = out.with_name(out.name + ".part")
        try:
            with part.open("wb") as stream:
                count = _file(graph, form, stream, lang, shown, out.parent)
            part.replace(out)
            return count
        finally:
            part.unlink(missing_ok=True)
    return _file(graph, form, out, lang, shown, None)


def _file(graph: Any, form: str, out: IO[bytes], lang: str, shown: Shown, folder: Path | None) -> int:
    if form in rdf.FORMATS:
        return rdf.write_sorted(shown(graph.quads()), form, out, folder)
    put = mapped.put_geojson if form == "geojson" else mapped.put_kml
    return put(((view, fact) for view, fact in _views(graph, shown) if view.kinds[fact] == "presence"), out, lang)


def _views(graph: Any, shown: Shown) -> Iterator[tuple[View, str]]:
    """Each fact with what is known of it, in the order of IRIs."""
    facts = sorted(row["fact"].value for row in ask(graph, "SELECT ?fact WHERE { ?fact io:support ?support }"))
    known = View()
    for number, fact in enumerate(shown(facts)):
        if number % _FACTS == 0:
            known = view_of(graph, facts[number : number + _FACTS], linked=False)
        if fact in known.kinds:
            yield known, fact


def _rows(graph: Any, lang: str, shown: Shown) -> Iterator[tuple[str, list[str]]]:
    """The rows of all tables, each with the file that it is for, headers first."""
    for file, found in tables.tables(View(), lang).items():
        yield file, found[0]
    files = tables.names()
    for view, fact in _views(graph, shown):
        yield f"{files[view.kinds[fact]]}.csv", tables.fact_row(view, fact, lang)
        for row in tables.evidence_rows(view, fact):
            yield "evidence.csv", row
    classes = " ".join(f"io:{name}" for name in tables.ENTITY_CLASSES)
    things = sorted(row[0].value for row in rows(graph, f"VALUES ?class {{ {classes} }} ?x a ?class", "x"))
    for chunk in _by(things):
        view = view_of(graph, [iri for iri in chunk if iri.startswith(ENTITIES)], evidence=False)
        yield from (("entities.csv", row) for row in tables.tables(view, lang)["entities.csv"][1:])
    for chunk in _by(sorted(row[0].value for row in rows(graph, "GRAPH ?a { ?a a io:Article }", "a"))):
        yield from (("articles.csv", row) for row in tables.tables(_articles(graph, chunk), lang)["articles.csv"][1:])


def _by(ordered: list[str]) -> Iterator[list[str]]:
    return (ordered[start : start + _FACTS] for start in range(0, len(ordered), _FACTS))


def _articles(graph: Any, articles: list[str]) -> View:
    found: dict[str, dict[str, str]] = {iri: {} for iri in articles}
    for chunk in chunks(articles):
        pattern = f"VALUES ?g {{ {chunk} }} GRAPH ?g {{ ?g ?p ?o FILTER (?p != io:text) }}"
        for article, name, value in rows(graph, pattern, "g", "p", "o"):
            found[article.value][name.value] = value.value
    return View(articles=found)


def _bundle(graph: Any, form: str, out: Path, lang: str, shown: Shown) -> int:
    packed = out.suffix.lower() == ".zip"
    with tempfile.TemporaryDirectory(dir=out.parent) as beside:
        folder = Path(beside) if packed else out
        folder.mkdir(parents=True, exist_ok=True)
        names = (_csv if form == "csv" else _parquet)(_rows(graph, lang, shown), folder, lang)
        if form == "csv":
            text = json.dumps(sheets.metadata(lang), ensure_ascii=False, indent=1) + "\n"
            (folder / sheets.METADATA).write_text(text, encoding="utf-8")
            names.append(sheets.METADATA)
        if packed:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in names:
                    sheets.put(archive, name, (folder / name).open("rb"))
    return len(names)


def _csv(found: Iterable[tuple[str, list[str]]], folder: Path, lang: str) -> list[str]:
    opened: dict[str, Any] = {}
    writers: dict[str, Any] = {}
    try:
        for file, row in found:
            if file not in writers:
                opened[file] = (folder / file).open("w", encoding="utf-8", newline="")
                writers[file] = csv.writer(opened[file])
            writers[file].writerow(row)
    finally:
        for stream in opened.values():
            stream.close()
    return list(writers)


def _parquet(found: Iterable[tuple[str, list[str]]], folder: Path, lang: str) -> list[str]:
    put = sheets.ParquetTables(folder, lang)
    kept: dict[str, list[list[str]]] = defaultdict(list)
    heads: set[str] = set()
    try:
        for file, row in found:
            if file not in heads:
                heads.add(file)
                kept[file] = []
                continue
            kept[file].append(row)
            if len(kept[file]) == _GROUP:
                put.write(file, kept[file])
                kept[file] = []
        for file, left in kept.items():
            put.write(file, left)
    finally:
        put.close()
    return put.names
