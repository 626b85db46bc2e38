"""The small graph of ``small.trig``, and asking it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris, queries
from kg.graph import ontology_quads
from kg.store import Store
from kg.store.embedded import EmbeddedStore

HERE = Path(__file__).parent
Rows = list[list[str]]
Ask = Callable[[str, Mapping[str, str]], tuple[list[str], Rows]]


@pytest.fixture(scope="session")
def small() -> Store:
    store = EmbeddedStore(None)
    store.load(ox.parse((HERE / "small.trig").read_bytes(), ox.RdfFormat.TRIG))
    store.load(ontology_quads())
    return store


@pytest.fixture(scope="session")
def ask(small: Store) -> Ask:
    """Asks a ready question; cells are plain values, IRIs without the beginning that all of them share."""
    resolve = queries.resolver(small)

    def asked(name: str, values: Mapping[str, str]) -> tuple[list[str], Rows]:
        answer = small.query(queries.library()[name].sparql(values, resolve))
        assert isinstance(answer, ox.QuerySolutions)
        columns = [variable.value for variable in answer.variables]
        return columns, [[cell(row[column]) for column in columns] for row in answer]

    return asked


def cell(term: object) -> str:
    """A value of an answer; the parts of a list that the store joins come in no order."""
    if term is None:
        return ""
    assert isinstance(term, ox.NamedNode | ox.Literal)
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(iris.ID_PREFIX).removeprefix(iris.BASE)
    return term.value
