"""Files of tables: CSV with its data dictionary (CSVW), an Excel workbook, Parquet."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from kg import iris
from kg.errors import KgError
from kg.export.tables import BETWEEN, Column, dictionary, tables
from kg.export.view import View
from kg.export.words import texts

METADATA: Final = "csv-metadata.json"
# Archives and workbooks hold a time: the earliest that they can, so that the same graph gives the same bytes.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_CELL: Final = 32_767
"""The longest text that a cell of a workbook may hold, in UTF-16 units."""


def write_csv(view: View, out: Path, lang: str = "en") -> int:
    """Write the tables (CSV: RFC 4180, UTF-8) with their data dictionary (CSV on the Web, W3C 2015).

    Args:
        view: the graph.
        out: a folder, or a ZIP archive if it is named ``.zip``.
        lang: language of labels and meanings.

    Returns:
        How many files were written.
    """
    files = {name: _csv(rows) for name, rows in tables(view, lang).items()}
    files[METADATA] = (json.dumps(metadata(lang), ensure_ascii=False, indent=1) + "\n").encode()
    return _put(files, out)


def _put(files: Mapping[str, bytes], out: Path) -> int:
    if out.suffix.lower() == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                put(archive, name, io.BytesIO(data))
    else:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    return len(files)


def put(archive: zipfile.ZipFile, name: str, content: IO[bytes]) -> None:
    """Put a file into an archive, with a time that says nothing; *content* is closed."""
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with content, archive.open(entry, "w", force_zip64=True) as packed:
        shutil.copyfileobj(content, packed, 1 << 20)


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def metadata(lang: str = "en") -> dict[str, Any]:
    """The description of the tables that programs read (Metadata Vocabulary for Tabular Data, W3C 2015)."""
    described = []
    for file, columns in dictionary(lang).items():
        key = {"evidence.csv": None, "articles.csv": "iri"}.get(file, "id")
        schema: dict[str, Any] = {"columns": [_column(column, lang) for column in columns]}
        if key:
            schema["primaryKey"] = key
        if file == "evidence.csv":
            schema["foreignKeys"] = [
                {"columnReference": "article", "reference": {"resource": "articles.csv", "columnReference": "iri"}}
            ]
        described.append({"url": file, "tableSchema": schema})
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": lang}],
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "dc:conformsTo": {"@id": iris.BASE + "ontology"},
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tables": described,
    }


def _column(column: Column, lang: str) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": column.name, "titles": column.name, "datatype": column.type, "dc:description": column.meaning,
    }  # fmt: skip
    if column.property:
        about["propertyUrl"] = column.property
    if column.many:
        about["separator"] = BETWEEN
    return about


def write_xlsx(view: View, out: IO[bytes], lang: str = "en") -> int:
    """Write the tables as an Excel workbook (ECMA-376), the first sheet of which says what the columns mean.

    Every text is a cell of text: none becomes a formula or a link. A text longer than a cell may hold ends in "…".

    Returns:
        How many tables it has.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise KgError("XlsxWriter is not installed", remedy="pip install xlsxwriter") from None
    book = Workbook(
        out, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    )
    book.set_properties({"title": "presence-kg", "created": datetime(*_TIME)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    meanings = dictionary(lang)
    w = texts(lang)["sheets"]
    first = book.add_worksheet(w["dictionary"])
    for place, key in enumerate(("table", "column", "meaning", "type", "property")):
        first.write_string(0, place, w[key], head)
    line = 1
    for file, columns in meanings.items():
        for column in columns:
            for place, text in enumerate((file[:-4], column.name, column.meaning, column.type, column.property)):
                first.write_string(line, place, text, wrapped)
            line += 1
    first.set_column(0, 1, 20)
    first.set_column(2, 2, 70)
    first.set_column(3, 3, 10)
    first.set_column(4, 4, 50)
    first.freeze_panes(1, 0)
    for file, rows in tables(view, lang).items():
        _sheet(book.add_worksheet(file[:-4]), rows, meanings[file], head)
    book.close()
    return len(meanings)


def _sheet(sheet: Any, rows: list[list[str]], columns: list[Column], head: Any) -> None:
    numbers = {place for place, column in enumerate(columns) if column.type in ("integer", "decimal")}
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, head)
        sheet.set_column(place, place, 44 if column.name in ("label", "quote", "title") else 18)
    for number, row in enumerate(rows[1:], 1):
        for place, text in enumerate(row):
            if not text:
                continue
            if place in numbers and BETWEEN not in text:
                sheet.write_number(number, place, float(text))
            else:
                sheet.write_string(number, place, _fit(text))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(columns) - 1)


def _fit(text: str) -> str:
    if len(text.encode("utf-16-le")) <= _CELL * 2:
        return text
    return text.encode("utf-16-le")[: (_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"


def write_parquet(view: View, out: Path, lang: str = "en") -> int:
    """Write the tables as Apache Parquet, whole numbers and degrees as such, several values as lists.

    Args:
        view: the graph.
        out: a folder, or a ZIP archive if it is named ``.zip``.
        lang: language of labels.

    Returns:
        How many files were written.

    Raises:
        KgError: if pyarrow is not installed.
    """
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) if out.suffix.lower() == ".zip" else out
        folder.mkdir(parents=True, exist_ok=True)
        found = ParquetTables(folder, lang)
        for file, rows in tables(view, lang).items():
            found.write(file, rows[1:])
        found.close()
        return _put({name: (folder / name).read_bytes() for name in found.names}, out)


class ParquetTables:
    """The tables as Parquet files, each written by some rows at a time.

    Args:
        folder: where they go.
        lang: language of meanings.

    Raises:
        KgError: if pyarrow is not installed.
    """

    def __init__(self, folder: Path, lang: str) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError:
            raise KgError("pyarrow is not installed", remedy='pip install "presence-kg[parquet]"') from None
        self._arrow, self._parquet = pyarrow, parquet
        self._folder = folder
        self._columns = dictionary(lang)
        self._writers: dict[str, Any] = {}
        self.names: list[str] = []

    def write(self, file: str, rows: list[list[str]]) -> None:
        """Add rows (without a header) to a table, named as its CSV file."""
        kinds = {"integer": self._arrow.int64(), "decimal": self._arrow.float64()}
        fields, arrays = [], []
        for place, column in enumerate(self._columns[file]):
            text = self._arrow.string()
            kind = self._arrow.list_(text) if column.many else kinds.get(column.type, text)
            arrays.append(self._arrow.array([_value(row[place], column) for row in rows], kind))
            fields.append(self._arrow.field(column.name, kind, metadata={"description": column.meaning}))
        table = self._arrow.Table.from_arrays(arrays, schema=self._arrow.schema(fields))
        if file not in self._writers:
            name = file.replace(".csv", ".parquet")
            self._writers[file] = self._parquet.ParquetWriter(self._folder / name, table.schema)
            self.names.append(name)
        self._writers[file].write_table(table)

    def close(self) -> None:
        """Finish all files."""
        for writer in self._writers.values():
            writer.close()


def _value(text: str, column: Column) -> Any:
    if column.many:
        return text.split(BETWEEN) if text else []
    if not text:
        return None
    first = text.split(BETWEEN, maxsplit=1)[0]
    return int(first) if column.type == "integer" else float(first) if column.type == "decimal" else text
