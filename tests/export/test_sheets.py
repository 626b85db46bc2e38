"""CSV with its dictionary, the workbook and Parquet: opened again by the programs that people use."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import KgError
from kg.export import export
from kg.export.sheets import METADATA, metadata
from kg.export.tables import dictionary, tables
from kg.export.view import View
from kg.export.words import texts
from kg.model import LANGUAGES

ONE, TWO = iris.entity("presence/one"), iris.entity("presence/two")


def said(label: str) -> ox.Quad:
    """A label of the first establishment, which has none in Kazakh."""
    place, name = ox.NamedNode(ONE), ox.NamedNode(iris.PREFIXES["rdfs"] + "label")
    return ox.Quad(place, name, ox.Literal(label, language="kk"), ox.NamedNode(iris.GRAPH_MERGED))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dictionary_describes_every_column_of_every_table(quads: list[ox.Quad], lang: str) -> None:
    described = dictionary(lang)
    for file, rows in tables(View.of(quads), lang).items():
        assert [column.name for column in described[file]] == rows[0]
        assert all(len(column.meaning) > 3 for column in described[file]), file


def test_the_metadata_is_csvw(quads: list[ox.Quad], tmp_path: Path) -> None:
    export(quads, "csv", tmp_path)
    about = json.loads((tmp_path / METADATA).read_text(encoding="utf-8"))
    assert about["@context"][0] == "http://www.w3.org/ns/csvw"
    assert {t["url"] for t in about["tables"]} == {p.name for p in tmp_path.glob("*.csv")}
    for table in about["tables"]:
        with (tmp_path / table["url"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        schema = table["tableSchema"]
        for column in schema["columns"]:
            for row in rows:
                text = row[column["name"]]
                values = text.split(column["separator"]) if "separator" in column else [text]
                if column["datatype"] == "integer":
                    assert all(v.isdigit() for v in values if v)
        if "primaryKey" in schema:
            keys = [row[schema["primaryKey"]] for row in rows]
            assert len(keys) == len(set(keys))
    assert metadata("kk") != metadata("en")


def test_the_workbook_opens_and_holds_text_as_text(quads: list[ox.Quad], tmp_path: Path) -> None:
    for number, label in enumerate(('=HYPERLINK("http://x")', "+1", "@a", "http://x", "x" * 40_000)):
        path = tmp_path / f"{number}.xlsx"
        export([*quads, said(label)], "xlsx", path, "kk")
        book = openpyxl.load_workbook(path)
        rows = {row[0].value: row for row in book["presences"].iter_rows(min_row=2)}
        cell = rows[ONE][1]
        assert cell.data_type == "s", label
        assert cell.value == label if len(label) < 100 else (len(cell.value) == 32_767 and cell.value.endswith("…"))
        assert cell.hyperlink is None
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0].title == texts("kk")["sheets"]["dictionary"]
    assert {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} == {s.title for s in book.worksheets[1:]}
    heads = [c.value for c in book["counts"][1]]
    value = next(book["counts"].iter_rows(min_row=2))[heads.index("value")]
    assert (value.value, value.data_type) == (26, "n")


@pytest.mark.parametrize("name", ["a.xlsx", "parquet.zip"])
def test_the_same_bytes_at_any_time(quads: list[ox.Quad], tmp_path: Path, name: str) -> None:
    form = "xlsx" if name.endswith("xlsx") else "parquet"
    export(quads, form, tmp_path / name)
    first = (tmp_path / name).read_bytes()
    export(quads[::-1], form, tmp_path / name)
    assert (tmp_path / name).read_bytes() == first


def test_parquet_has_types(quads: list[ox.Quad], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    export(quads, "parquet", tmp_path / "p")
    presences = parquet.read_table(tmp_path / "p" / "presences.parquet").to_pylist()
    one = next(row for row in presences if row["id"] == ONE)
    assert (one["focus"], one["reports"], one["until"]) == (["Sustainable Development Goals", "water"], 1, None)
    entities = parquet.read_table(tmp_path / "p" / "entities.parquet")
    assert str(entities.schema.field("longitude").type) == "double"
    assert b"WGS 84" in entities.schema.field("longitude").metadata[b"description"]
    with pytest.raises(KgError):
        (tmp_path / "file").write_text("x", encoding="utf-8")
        export(quads, "parquet", tmp_path / "file")


def test_zip_and_folder_hold_the_same(quads: list[ox.Quad], tmp_path: Path) -> None:
    export(quads, "parquet", tmp_path / "p")
    export(quads, "parquet", tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == {
            p.name: p.read_bytes() for p in (tmp_path / "p").iterdir()
        }


def test_an_empty_graph_gives_empty_tables() -> None:
    out = io.BytesIO()
    export([], "xlsx", out)
    assert openpyxl.load_workbook(out)["presences"].max_row == 1
