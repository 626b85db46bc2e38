"""Many articles are stored in batches, while others are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import ArticleAccount, Done, KnowledgeGraph, Writer, describe_article
from kg.building.writer import LEAST, MOST, suited
from kg.errors import KgError
from kg.store import EmbeddedStore
from tests.merge.conftest import REPORTS
from tests.merge.test_properties import TABLES, lines

ACCOUNTS = [describe_article(*report, TABLES) for report in REPORTS]


def graph_of() -> KnowledgeGraph:
    return KnowledgeGraph(EmbeddedStore(None), TABLES)


def test_each_article_is_told_once_it_is_stored() -> None:
    graph, told = graph_of(), []

    def stored(account: ArticleAccount, done: Done) -> None:
        assert account.article in graph.article_nodes()
        told.append((account, done))

    with Writer(graph, stored, size=3) as writer:
        for account in ACCOUNTS:
            writer.put(account)
    assert told == [(account, "added") for account in ACCOUNTS]
    alone = graph_of()
    for report in REPORTS:
        alone.add(*report)
    assert lines(graph) == lines(alone)


def test_a_batch_is_one_transaction() -> None:
    graph, sizes = graph_of(), []
    put = graph.put
    graph.put = lambda accounts: sizes.append(len(accounts)) or put(accounts)  # type: ignore[method-assign,func-returns-value]
    with Writer(graph, lambda account, done: None, size=4) as writer:
        for account in ACCOUNTS[:6]:
            writer.put(account)
    assert sizes == [4, 2]


def test_changes_grow_with_the_store(tmp_path: Path) -> None:
    assert [suited(size) for size in (0, 100_000_000, 300_000_000, 10**12)] == [LEAST, LEAST, 3000, MOST]
    assert graph_of().bytes == 0
    with KnowledgeGraph.open(tmp_path / "store", reference=TABLES) as graph:
        files = [file for file in (tmp_path / "store").iterdir() if file.suffix == ".sst"]
        assert graph.bytes == sum(file.stat().st_size for file in files) > 0


def test_what_was_read_before_an_error_is_stored() -> None:
    graph = graph_of()
    with pytest.raises(RuntimeError), Writer(graph, lambda account, done: None) as writer:
        writer.put(ACCOUNTS[0])
        raise RuntimeError
    assert len(graph.articles()) == 1


def test_an_article_that_cannot_be_stored_is_told(tmp_path: Path) -> None:
    graph = KnowledgeGraph.open(tmp_path / "store", reference=TABLES)
    graph.store.read_only = True
    with pytest.raises(KgError, match="reading only"), Writer(graph, lambda account, done: None) as writer:
        writer.put(ACCOUNTS[0])
    graph.close()
