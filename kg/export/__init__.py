"""Export: the graph, or a part of it, as RDF, tables, networks, maps, timelines and pages."""

from __future__ import annotations

import importlib
import io
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from pyoxigraph import Quad

FORMATS: Final[dict[str, str]] = {
    "turtle": "the merged graph, what is held to be true, in Turtle",
    "trig": "all graphs, each article's account with its evidence among them, in TriG",
    "nquads": "all graphs as N-Quads, sorted: for comparing and archiving",
    "jsonld": "all graphs as JSON-LD",
    "csv": "a folder (or .zip) of tables: one per kind of fact, entities, evidence, articles, with a dictionary (CSVW)",
    "xlsx": "the same tables as a workbook for Excel and LibreOffice",
    "parquet": "the same tables as a folder (or .zip) of Apache Parquet files",
    "geojson": "the establishments at the points of their cities",
    "kml": "the same with time spans, for Google Earth and QGIS",
    "graphml": "the network of facts and entities, for yEd, Cytoscape, igraph",
    "gexf": "the same for Gephi, where its dates run as a timeline",
    "html": "the network of what articles report, as a page that draws itself: one file, offline",
    "map": "the establishments on a world map with a year slider, as such a page",
    "timeline": "life lines from proposal to opening and end, as such a page",
}
"""Formats and what each is for."""

_RDF: Final = ("turtle", "trig", "nquads", "jsonld")
_WRITERS: Final = {
    "xlsx": ("sheets", "write_xlsx"),
    "geojson": ("mapped", "write_geojson"),
    "kml": ("mapped", "write_kml"),
    "map": ("mapped", "write_map"),
    "timeline": ("timeline", "write_timeline"),
    "graphml": ("network", "write_graphml"),
    "gexf": ("network", "write_gexf"),
    "html": ("network", "write_html"),
}
BUNDLES: Final = ("csv", "parquet")
"""Formats that are several files: a folder or a ``.zip``."""
UNITS: Final = {"csv": "files", "parquet": "files", "xlsx": "tables", "geojson": "features", "kml": "placemarks",
    "graphml": "nodes", "gexf": "nodes", "html": "nodes", "map": "establishments", "timeline": "lines"}  # fmt: skip
"""What is counted of a format; of the others quads are."""


def export(quads: Iterable[Quad], form: str, out: Path | IO[bytes], lang: str = "en", *, selected: bool = False) -> int:
    """Write a graph in a format; the same graph gives the same bytes, whatever the order of *quads*.

    A file is written beside its place and moved there when it is whole, so a broken run leaves what was there.

    Args:
        quads: all quads of the store.
        form: a key of :data:`FORMATS`.
        out: a file (for a bundle a folder or a ``.zip``), or an open stream for bytes.
        lang: language of labels: ``en``, ``ru`` or ``kk``.
        selected: whether the quads are a selection; of a whole graph the network page leaves out what only the
            reference tables state.

    Returns:
        How many quads, nodes, features or files were written, as the format has it.

    Raises:
        UsageError: if there is no such format, or a bundle is to go into a stream.
        KgError: if the file cannot be written.
    """
    if form not in FORMATS:
        raise UsageError(f'there is no format "{form}"', remedy=f"one of {', '.join(FORMATS)}")
    if not isinstance(out, Path):
        if form in BUNDLES:
            raise UsageError(f"{form} is a bundle of files", remedy="say where: -o FOLDER or -o FILE.zip")
        buffer = io.BytesIO()
        count = _write(quads, form, buffer, lang, selected)
        out.write(buffer.getvalue())
        return count
    try:
        return _to_path(quads, form, out, lang, selected)
    except OSError as error:
        raise KgError(f"cannot be written: {error.strerror}", where=str(out), remedy="choose another place") from error


def _to_path(quads: Iterable[Quad], form: str, out: Path, lang: str, selected: bool) -> int:
    if out.parent != Path():
        out.parent.mkdir(parents=True, exist_ok=True)
    if form in BUNDLES:
        from kg.export import sheets
        from kg.export.view import View

        if out.suffix.lower() != ".zip" and out.exists() and not out.is_dir():
            raise KgError("there is a file of this name already", where=str(out), remedy="name a folder or a .zip")
        writer = sheets.write_csv if form == "csv" else sheets.write_parquet
        return writer(View.of(quads), out, lang)
    if out.is_dir():
        raise KgError("this is a folder", where=str(out), remedy="name a file")
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as stream:
            count = _write(quads, form, stream, lang, selected)
        shutil.move(part, out)
    finally:
        part.unlink(missing_ok=True)
    return count


def _write(quads: Iterable[Quad], form: str, out: IO[bytes], lang: str, selected: bool) -> int:
    if form in _RDF:
        from kg.export import rdf

        return rdf.write(quads, form, out)
    from kg.export.view import View

    module, name = _WRITERS[form]
    writer = getattr(importlib.import_module(f"kg.export.{module}"), name)
    options = {"reported": not selected} if form == "html" else {}
    count: int = writer(View.of(quads), out, lang, **options)
    return count
