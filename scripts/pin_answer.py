"""Pin what a question answers on the small graph of the tests, after you have looked at it.

    python scripts/pin_answer.py NAME [PARAMETER=VALUE ...] [--again]

The answer is printed and written to ``tests/queries/answers.json``, for these values in the place of what stood there.
With ``--again`` every answer of the question is taken anew, for instance after a new column. Read the rows before you
commit them: the test only says that they stay as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg import iris, queries
from kg.errors import KgError
from kg.graph import ontology_quads
from kg.store import EmbeddedStore, Store

HERE = Path(__file__).parent.parent / "tests" / "queries"
Answers: TypeAlias = dict[str, list[dict[str, Any]]]


def small() -> Store:
    """The graph of ``small.trig`` with the ontology."""
    store = EmbeddedStore(None)
    store.load(ox.parse((HERE / "small.trig").read_bytes(), ox.RdfFormat.TRIG))
    store.load(ontology_quads())
    return store


def answer(store: Store, name: str, values: dict[str, str]) -> dict[str, Any]:
    """What the question answers, as it is pinned: IRIs without the beginning that all of them share."""
    found = store.query(queries.sparql(name, values, queries.resolver(store)))
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    rows = [[_cell(row[column]) for column in columns] for row in found]
    return {"values": values, "columns": columns, "rows": rows}


def _cell(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(iris.ID_PREFIX).removeprefix(iris.BASE)
    return "" if term is None else str(term.value)


def written(answers: Answers) -> str:
    """The file, a row a line."""

    def dump(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    def one(entry: dict[str, Any]) -> str:
        rows = ",\n".join(f"   {dump(row)}" for row in entry["rows"])
        shown = f"[\n{rows}\n  ]" if rows else "[]"
        return f'  {{"values": {dump(entry["values"])}, "columns": {dump(entry["columns"])}, "rows": {shown}}}'

    between = ",\n"
    parts = (f" {dump(name)}: [\n{between.join(map(one, answers[name]))}\n ]" for name in sorted(answers))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Pin an answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="the question")
    parser.add_argument("values", nargs="*", metavar="PARAMETER=VALUE")
    parser.add_argument("--again", action="store_true", help="take all pinned answers of the question anew")
    options = parser.parse_args()
    values = dict(value.partition("=")[::2] for value in options.values)
    path, store = HERE / "answers.json", small()
    answers: Answers = json.loads(path.read_text(encoding="utf-8"))
    pinned = answers.setdefault(options.name, [])
    try:
        if options.again:
            pinned[:] = [answer(store, options.name, entry["values"]) for entry in pinned]
        else:
            pinned[:] = [entry for entry in pinned if entry["values"] != values]
            pinned.append(answer(store, options.name, values))
    except KgError as error:
        sys.exit(f"error: {error}")
    for entry in pinned:
        print(entry["values"], entry["columns"], *entry["rows"], sep="\n  ")
    path.write_text(written(answers), encoding="utf-8")


if __name__ == "__main__":
    main()
