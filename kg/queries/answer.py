"""What a question answers: a table of plain values that goes on to CSV, pandas, Arrow or a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError

if TYPE_CHECKING:
    import pandas
    import pyarrow

Plain: TypeAlias = str | int | float | bool | None
"""A value as Python has it; dates stay text, as precise as the source and no more: ``2025``, ``2025-03``."""

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_WHOLE: Final = {f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")}
_BROKEN: Final = {f"{_XSD}{name}" for name in ("decimal", "double", "float")}


def plain(term: Any) -> Plain:
    """A term as a value of Python: numbers and truth values as such, everything else as text."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value
        if datatype in _WHOLE:
            return int(term.value)
        if datatype in _BROKEN:
            return float(term.value)
        if datatype == f"{_XSD}boolean":
            return term.value in ("true", "1")
    return str(term.value) if hasattr(term, "value") else str(term)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: rows that iterate as dictionaries.

    Attributes:
        columns: the names of the columns, in order.
        rows: the values of each row, in the order of the columns; ``None`` where there is none.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Plain, ...], ...]

    @classmethod
    def of(cls, result: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Answer:
        """The answer of a store: of ASK one row with ``answer``, of CONSTRUCT a row a triple, sorted."""
        if isinstance(result, ox.QueryBoolean):
            return cls(("answer",), ((bool(result),),))
        if isinstance(result, ox.QueryTriples):
            rows = sorted({(str(plain(t.subject)), t.predicate.value, str(plain(t.object))) for t in result})
            return cls(("subject", "predicate", "object"), tuple(rows))
        names = tuple(variable.value for variable in result.variables)
        return cls(names, tuple(tuple(plain(row[name]) for name in names) for row in result))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Plain]]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def to_dicts(self) -> list[dict[str, Plain]]:
        """The rows as dictionaries."""
        return list(self)

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV (RFC 4180), UTF-8.

        Args:
            path: a file to write it to as well.

        Returns:
            The text.

        Raises:
            KgError: if the file cannot be written.
        """
        text = io.StringIO(newline="")
        # Truth values as XML Schema writes them, so that other programs read them too.
        csv.writer(text).writerows([self.columns, *(tuple(map(_written, row)) for row in self.rows)])
        if path is not None:
            try:
                Path(path).write_text(text.getvalue(), encoding="utf-8", newline="")
            except OSError as error:
                raise KgError(f"cannot be written: {error.strerror}", where=str(path)) from None
        return text.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a data frame with columns that may lack values (``Int64``, ``Float64``, ``boolean``, text).

        Raises:
            KgError: if pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise KgError("pandas is not installed", remedy='pip install "presence-kg[pandas]"') from None
        kinds = {int: "Int64", float: "Float64", bool: "boolean", str: "string"}
        return pandas.DataFrame(
            {
                name: pandas.array(values, dtype=kinds[kind])
                for name, values, kind in zip(self.columns, self._cells(), self._kinds(), strict=True)
            },
            columns=list(self.columns),
        )

    def to_arrow(self) -> pyarrow.Table:
        """The table as Apache Arrow has it; what Parquet is written from.

        Raises:
            KgError: if pyarrow is not installed.
        """
        try:
            import pyarrow
        except ImportError:
            raise KgError("pyarrow is not installed", remedy='pip install "presence-kg[parquet]"') from None
        kinds = {int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_(), str: pyarrow.string()}
        schema = [pyarrow.field(name, kinds[kind]) for name, kind in zip(self.columns, self._kinds(), strict=True)]
        cells = [pyarrow.array(values, f.type) for values, f in zip(self._cells(), schema, strict=True)]
        return pyarrow.Table.from_arrays(cells, schema=pyarrow.schema(schema))

    def to_parquet(self) -> bytes:
        """The table as a file of Apache Parquet.

        Raises:
            KgError: if pyarrow is not installed.
        """
        table = self.to_arrow()
        from pyarrow import parquet

        stream = io.BytesIO()
        parquet.write_table(table, stream)
        return stream.getvalue()

    def _kinds(self) -> list[type]:
        """The type of each column: the one that all of its values have, numbers widened, else text."""
        return [_kind(column) for column in self._columns()]

    def _columns(self) -> list[Sequence[Plain]]:
        return [[row[place] for row in self.rows] for place in range(len(self.columns))]

    def _cells(self) -> list[list[Plain]]:
        return [
            [None if value is None else kind(value) if kind is not str else str(_written(value)) for value in column]
            for column, kind in zip(self._columns(), self._kinds(), strict=True)
        ]


def _written(value: Plain) -> Plain:
    return ("false", "true")[value] if isinstance(value, bool) else value


def _kind(values: Sequence[Plain]) -> type:
    found = {type(value) for value in values if value is not None}
    if found == {int, float}:
        return float
    return found.pop() if len(found) == 1 else str
