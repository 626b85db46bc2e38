"""``kg same``, ``different``, ``undo``, ``decisions`` and ``suggest`` as people use them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg.build import KnowledgeGraph
from kg.model import Article, Entity, Evidence, Fact
from kg.reference import load
from tests.cli.conftest import run

NAMES = ("Асем Бекова", "Assem Bekovna")
IDS = ("person/x-asem-bekova", "person/x-asem-bekovna")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which two ministers are perhaps one; for reading only."""
    path, reference = tmp_path_factory.mktemp("decide") / "store", load()
    with KnowledgeGraph.open(path, reference=reference) as graph:
        for number, name in enumerate(NAMES):
            person = Entity("person/x", "person", (name,), known=False)
            slots = {"person": person, "position": "minister", "of": reference.entity("country/kz")}
            text = f"{name} became minister."
            said = (Evidence(text, 0, len(text), rule="test"),)
            graph.add(Article(f"news-{number}", "en", "", text), [Fact("tenure", slots, said)])
    return path


@pytest.fixture
def store(kept: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(kept, tmp_path / "store")
    return tmp_path / "store"


def test_from_a_suggestion_to_a_decision_and_back(store: Path) -> None:
    shown = run("suggest", "--store", store)
    assert shown.exit_code == 0, shown.stderr
    assert all(f"“{name} became minister.” — news-{n}" in shown.stdout for n, name in enumerate(NAMES))
    assert f"kg same {IDS[0]} {IDS[1]}" in shown.stdout
    made = run("same", *IDS, "--why", "one office", "--by", "A. Judge", "--store", store)
    assert made.exit_code == 0, made.stderr
    assert made.stdout.startswith(f"{IDS[0]} and {IDS[1]}: same (A. Judge, 20")
    page = run("show", IDS[0], "--store", store)
    assert "news-0" in page.stdout
    assert "news-1" in page.stdout
    assert "nothing looks like a duplicate" in run("suggest", "--store", store).stderr
    again = run("same", *reversed(IDS), "--why", "again", "--store", store)
    assert (again.exit_code, again.stdout) == (0, "")
    assert "one already" in again.stderr
    [row] = json.loads(run("decisions", "--format", "json", "--store", store).stdout)
    assert (row["judgement"], row["author"], row["reason"]) == ("same", "A. Judge", "one office")
    undone = run("undo", "--store", store)
    assert undone.stdout.startswith("undone: ")
    assert "news-1" not in run("show", IDS[0], "--store", store).stdout


def test_decisions_go_from_store_to_store(store: Path, tmp_path: Path) -> None:
    assert run("different", *IDS, "--why", "namesakes", "--store", store).exit_code == 0
    file = tmp_path / "theirs.csv"
    file.write_bytes(run("decisions", "--format", "csv", "--store", store).stdout_bytes)
    assert "1 were there" in run("decisions", file, "--store", store).stdout
    assert run("undo", IDS[0], "--store", store).exit_code == 0
    assert "1 decisions taken over" in run("decisions", file, "--store", store).stdout
    file.write_text(file.read_text().replace("different", "same"))
    refused = run("decisions", file, "--store", store)
    assert refused.exit_code == 1
    assert "judged otherwise before" in refused.stderr


def test_a_fact_is_parted_by_its_articles(store: Path) -> None:
    assert run("same", *IDS, "--why", "one", "--store", store).exit_code == 0
    fact = "tenure/person~x-asem-bekova.minister.kz"
    joined = run("different", fact, fact, "--why", "two", "--store", store)
    assert joined.exit_code == 2
    assert "FACT@ARTICLE" in joined.stderr
    parted = run("different", f"{fact}@news-0", f"{fact}@news-1", "--why", "two", "--store", store)
    assert parted.exit_code == 0, parted.stderr
    assert "@news-0" in parted.stdout
    nowhere = run("different", f"{fact}@news-0", f"{fact}@news-9", "--why", "two", "--store", store)
    assert nowhere.exit_code == 2
    assert 'no article "news-9"' in nowhere.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("same", *IDS), 2, "needs a reason"),
        (("same", "almaty", "astana", "--why", "x"), 2, "rows of the tables"),
        (("same", "almaty", "un", "--why", "x"), 2, "different classes"),
        (("same", "almaty", "nowhere at all", "--why", "x"), 1, "nothing is called"),
        (("undo",), 1, "nothing was decided"),
        (("undo", "a", "b", "c"), 2, "two things"),
        (("decisions", "missing.csv"), 1, "cannot be read"),
    ],
)
def test_what_goes_wrong_is_told(kept: Path, arguments: tuple[str, ...], status: int, message: str) -> None:
    done = run(*arguments, "--store", kept)
    assert done.exit_code == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
