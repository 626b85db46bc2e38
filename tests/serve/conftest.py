"""A small graph, and the server over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import iris

pytest.importorskip("fastapi")
pytest.importorskip("httpx")

from fastapi.testclient import TestClient

from kg.serve import Settings, create_app

MERGED, OTHER = iris.GRAPH_MERGED, iris.article("a1")
SELECT = "SELECT ?o { <urn:a> <urn:p> ?o }"


def store_of(folder: Path, quads: str) -> Path:
    """A store with N-Quads in it, closed."""
    store = ox.Store(folder)
    store.extend(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
    store.flush()
    del store
    return folder


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator[TestClient]:
    settings.setdefault("workers", 2)
    with TestClient(create_app(Settings(folder, **settings)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    statements = [f'<urn:a> <urn:p> "merged" <{MERGED}> .', f'<urn:a> <urn:p> "said" <{OTHER}> .']
    statements += [f'<urn:a> <urn:p> "both" <{graph}> .' for graph in (MERGED, OTHER)]
    statements += [f'<urn:b{i}> <urn:q> "{i}" <{MERGED}> .' for i in range(300)]
    return store_of(tmp_path_factory.mktemp("serve") / "small", "\n".join(statements))


@pytest.fixture(scope="module")
def client(small: Path) -> Iterator[TestClient]:
    with serving(small, timeout=2.0, rows=100_000) as opened:
        yield opened


@pytest.fixture
def values() -> Callable[[Any], list[str]]:
    def of(response: Any) -> list[str]:
        assert response.status_code == 200, response.text
        return sorted(row["o"]["value"] for row in response.json()["results"]["bindings"])

    return of


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the bundled articles."""
    from kg.build import KnowledgeGraph
    from kg.extract import Extractor
    from kg.read import corpus, read
    from kg.reference import load

    folder, reference = tmp_path_factory.mktemp("built") / "store", load()
    with KnowledgeGraph.open(folder, reference=reference) as graph:
        for article, facts in Extractor(reference).many(read(corpus(), lambda problem: None)):
            graph.add(article, facts)
    return folder


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[TestClient]:
    with serving(built) as opened:
        yield opened
