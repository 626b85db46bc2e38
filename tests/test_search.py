"""The search index: what it finds, and that it is in step with the store whatever happens."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris, search
from kg.build import KnowledgeGraph
from kg.errors import KgError, Problem
from kg.merge.decisions import Decision
from kg.model import Article, Entity, Evidence, Fact, PartialDate
from kg.store.text import TextIndex
from tests.merge.test_decisions import LAX
from tests.merge.test_properties import TABLES, Report, articles

BOARD = Entity("organization/x", "organization", ("Су кеңесі",), known=False)
TEXTS = {
    "kk": "Алматыда өңірлік орталық ашылды.",
    "ru": "В Казахстане открылся региональный центр организации.",
    "en": "The organization's offices opened in Almaty.",
}


def told(lang: str, text: str = "", *, title: str = "", identifier: str = "") -> tuple[Article, list[Fact]]:
    text = text or TEXTS[lang]
    slots = {"organization": BOARD, "place": TABLES.entity("city/almaty"), "form": "centre"}
    said = (Evidence(text, 0, len(text)),)
    article = Article(identifier or lang, lang, title, text, PartialDate("2025-03"))
    return article, [Fact("presence", slots, said)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an article in each language, and its index; for reading only."""
    path = tmp_path_factory.mktemp("search") / "store"
    with KnowledgeGraph.open(path, reference=TABLES) as graph:
        for lang in TEXTS:
            graph.add(*told(lang, title="Бір тақырып" if lang == "kk" else ""))
        graph.search("Almaty")
    return path


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(kept, tmp_path / "store")
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Алматы", {"kk"}),
        ("алматының орталығы", {"kk"}),
        ("онирлик", {"kk"}),
        ("оңирлик орталык", {"kk"}),
        ("Казахстан", {"ru"}),
        ("Казахстану", {"ru"}),
        ("организациями региональные", {"ru"}),
        ("регион", {"ru"}),
        ("office", {"en"}),
        ("opening organizations", {"en"}),
        ("offices nowhere", set()),
        ('"', set()),
        ("NEAR(a b) OR *", set()),
    ],
)
def test_quotes_in_any_form(kept: Path, words: str, found: set[str]) -> None:
    with KnowledgeGraph.open(kept, read_only=True) as graph:
        hits = graph.search(words, ["quote"])
        assert {hit.article for hit in hits} == found
        for hit in hits:
            assert hit.text == TEXTS[hit.article]
            assert hit.iri == iris.entity("presence/organization~x-su-kenesi.centre.almaty")
            assert hit.published == "2025-03"


def test_names_and_titles(kept: Path) -> None:
    with KnowledgeGraph.open(kept, read_only=True) as graph:
        assert [hit.iri for hit in graph.search("кеңесінің", ["name"])] == [iris.entity("organization/x-su-kenesi")]
        assert [hit.iri for hit in graph.search("almaty", ["name"])] == [iris.entity("city/almaty")]
        assert [(h.kind, h.iri, h.lang) for h in graph.search("тақырыптар")] == [("title", iris.article("kk"), "kk")]
        assert len(graph.search("a", limit=1)) <= 1


def entries(index: TextIndex) -> list[tuple[object, ...]]:
    db = index._db
    rows = db.execute(
        "SELECT graph, subject, predicate, text, lang, exact, stems FROM entry JOIN words ON words.rowid = entry.id"
    )
    assert db.execute("SELECT count(*) FROM words").fetchone() == db.execute("SELECT count(*) FROM entry").fetchone()
    return sorted(rows)


def in_step(graph: KnowledgeGraph) -> bool:
    assert graph._index is not None
    fresh = search.index_of(graph.store, "") if graph.store.read_only else None
    fresh = fresh or TextIndex(None, search._folding(), search.sort)
    fresh.mend(graph.quads(), "x")
    return entries(fresh) == entries(graph._index) and graph._index.stamp == graph.version


@LAX
@given(articles(), st.data())
def test_every_transaction_is_followed(tmp_path: Path, reports: list[Report], data: st.DataObject) -> None:
    place = tmp_path / str(len(list(tmp_path.iterdir())))
    with KnowledgeGraph.open(place, reference=TABLES) as graph:
        graph.rebuild_search()
        for report in reports:
            graph.add(*report)
        assert in_step(graph)
        graph.decide([Decision.of("same", "person/x-asel-omarova", "person/tokayev")])
        assert in_step(graph)
        graph.remove(data.draw(st.sampled_from(reports))[0].id)
        assert in_step(graph)
        graph.decide([])
        assert in_step(graph)


def test_out_of_step_after_a_crash_it_is_mended(path: Path) -> None:
    """The process ends between the store's transaction and the index's."""
    with KnowledgeGraph.open(path, reference=TABLES) as graph:
        index, graph._index = graph._index, None
        graph.add(*told("en", "A new wording altogether."))
        graph.add(*told("ru", "Совсем другое предложение.", identifier="later"))
        graph._index = index
    with KnowledgeGraph.open(path, read_only=True) as graph:
        assert [h.article for h in graph.search("wording")] == ["en"]
        assert not graph.search("offices", ["quote"])
    with KnowledgeGraph.open(path, reference=TABLES) as graph:
        assert in_step(graph)
        index, graph._index = graph._index, None
        graph.remove("later")
        graph._index = index
    with KnowledgeGraph.open(path, reference=TABLES) as graph:
        assert in_step(graph)


def test_a_damaged_index_is_made_anew(path: Path) -> None:
    (path / "search.sqlite").write_bytes(b"no database at all, " * 500)
    with KnowledgeGraph.open(path, read_only=True) as graph:
        assert graph.search("offices")


def test_an_index_that_cannot_be_written_stops_no_article(path: Path) -> None:
    problems: list[Problem] = []
    with KnowledgeGraph.open(path, reference=TABLES, on_problem=problems.append) as graph:
        assert graph._index is not None
        graph._index._db.execute("PRAGMA query_only = 1")
        assert graph.add(*told("en", "Another wording.")) == "replaced"
        assert [(p.severity, "search index" in p.message) for p in problems] == [("warning", True)]
        assert graph.add(*told("ru", "Другие слова.")) == "replaced"
    with KnowledgeGraph.open(path, reference=TABLES) as graph:
        assert in_step(graph)


def test_while_another_process_writes(path: Path) -> None:
    """A reader neither waits nor spoils what the writer keeps."""
    code = (
        "import sys; from kg.store import open_store; s = open_store(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.readline(); s.close()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    with KnowledgeGraph.open(path, read_only=True) as graph:
        assert graph.store.writer() == process.pid  # type: ignore[attr-defined]
        assert graph.search("offices")
        (path / "search.sqlite").unlink()
        assert graph.search("offices")  # in memory
        assert not (path / "search.sqlite").exists()
    with pytest.raises(KgError, match=rf"another process \(number {process.pid}: python.*{path.name}|{process.pid}"):
        KnowledgeGraph.open(path, reference=TABLES)
    process.communicate("\n", timeout=20)
    with KnowledgeGraph.open(path, read_only=True) as graph:
        assert graph.store.writer() is None  # type: ignore[attr-defined]
        assert graph.search("offices")
    assert sqlite3.connect(path / "search.sqlite").execute("SELECT count(*) FROM entry").fetchone()[0] > 0
