"""How many of the ready questions a server answers as the embedded store does, on the small graph of the questions."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from kg import queries
from kg.errors import KgError
from kg.graph import ontology_quads
from kg.store import EmbeddedStore, Store, protocol
from kg.store.remote import RemoteStore
from tests.queries.conftest import HERE

MOST = {"oxigraph": 0, "virtuoso": 5}
"""How many of the questions may come out otherwise; docs/STORES.md says which, and why."""

NEVER = {"life-line", "evidence-by-rule", "evidence-by-reader"}
"""Virtuoso plans these so badly that they take minutes; they are not asked, and count as not alike."""


def rows(store: Store, text: str) -> list[list[str]]:
    """The rows in their order, with all of each value; the parts of a joined list come in any order."""
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    found = [["" if row[name] is None else str(row[name]) for name in names] for row in answer]
    return [[", ".join(sorted(cell.strip('"').split(", "))) if ", " in cell else cell for cell in row] for row in found]


@pytest.mark.parametrize("kind", sorted(MOST))
def test_ready_questions(kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    address: str = request.getfixturevalue("server" if kind == "oxigraph" else "virtuoso")
    if kind == "virtuoso":
        monkeypatch.setenv("KG_STORE_USER", "dba")
        monkeypatch.setenv("KG_STORE_PASSWORD", "dba")
    monkeypatch.setattr(protocol, "TRIES", 1)  # what takes too long once would do so again
    quads = [*ox.parse((HERE / "small.trig").read_bytes(), ox.RdfFormat.TRIG), *ontology_quads()]
    embedded = EmbeddedStore(None)
    embedded.load(quads)
    RemoteStore.unlock(address)
    remote = RemoteStore(address)
    for graph in {str(quad.graph_name) for quad in remote.match()}:
        remote._server.update(f"CLEAR GRAPH {graph}")
    remote.load(quads)
    pinned = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
    resolve = queries.resolver(embedded)
    other: dict[str, str] = {}
    for name, answers in pinned.items():
        if kind == "virtuoso" and name in NEVER:
            other[name] = "not asked"
            continue
        text = queries.library()[name].sparql(answers[0]["values"], resolve)
        expected = rows(embedded, text)
        try:
            found = rows(remote, text)
        except (KgError, SyntaxError) as error:
            other[name] = str(error)[:300]
            continue
        if found != expected:
            other[name] = f"expected {expected[:3]}, got {found[:3]}"
    remote.close()
    told = "\n".join(f"{name}: {why}" for name, why in other.items())
    assert len(other) <= MOST[kind], told
