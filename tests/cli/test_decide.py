"""``kg same``, ``different``, ``undo``, ``decisions`` and ``suggest`` as people use them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg.build import KnowledgeGraph
from kg.iris import entity as entity_iri
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


ITEM = "http://www.wikidata.org/entity/Q4242"


def elsewhere(store: Path, entity: str = IDS[0]) -> list[str]:
    query = f"SELECT ?same {{ <{entity_iri(entity)}> owl:sameAs ?same }} ORDER BY ?same"
    return run("query", query, "--format", "csv", "--store", store).stdout.split()[1:]


@pytest.mark.parametrize("name", [ITEM, "Q4242", "https://www.wikidata.org/wiki/Q4242"])
def test_an_identifier_elsewhere_is_accepted_and_taken_back(store: Path, name: str) -> None:
    made = run("same", IDS[0], name, "--why", "as suggested", "--by", "A. Judge", "--store", store)
    assert made.exit_code == 0, made.stderr
    assert made.stdout.startswith(f"{IDS[0]} and {ITEM}: same (A. Judge, 20")
    assert elsewhere(store) == [ITEM]
    again = run("same", IDS[0], name, "--why", "again", "--store", store)
    assert "one already" in again.stderr
    assert run("validate", "--store", store).exit_code == 0
    assert run("show", "Q4242", "--store", store).exit_code == 0
    undone = run("undo", IDS[0], name, "--store", store)
    assert undone.exit_code == 0, undone.stderr
    assert elsewhere(store) == []


def test_an_identifier_elsewhere_stays_with_its_entity(store: Path) -> None:
    assert run("same", IDS[0], ITEM, "--why", "x", "--store", store).exit_code == 0
    # Who is held to be the same has it, too: it stands with the name that both have.
    assert run("same", *IDS, "--why", "x", "--store", store).exit_code == 0
    assert elsewhere(store, IDS[0]) == [ITEM]
    assert run("remove", "news-0", "--store", store).exit_code == 0
    assert elsewhere(store, IDS[0]) == [ITEM]
    assert run("remove", "news-1", "--store", store).exit_code == 0
    assert elsewhere(store, IDS[0]) == []
    [*_, row] = json.loads(run("decisions", "--format", "json", "--store", store).stdout)
    assert row["reason"] == "x"


def test_an_identifier_elsewhere_is_one_entitys_and_the_only_one_of_its_kind(store: Path) -> None:
    assert run("same", IDS[0], ITEM, "--why", "x", "--store", store).exit_code == 0
    # Another entity that is said to be it is said to be the first one.
    assert run("same", IDS[1], ITEM, "--why", "x", "--store", store).stdout.startswith(f"{IDS[0]} and {IDS[1]}: same")
    second = run("same", IDS[0], "Q4243", "--why", "x", "--store", store)
    assert (second.exit_code, f"{IDS[0]} is {ITEM} already" in second.stderr) == (1, True)
    assert run("same", IDS[0], "https://viaf.org/viaf/1", "--why", "x", "--store", store).exit_code == 0
    fact = run("same", "tenure/minister.kz", ITEM, "--why", "x", "--store", store)
    assert fact.exit_code != 0
    both = run("same", "Q5", "Q6", "--why", "x", "--store", store)
    assert (both.exit_code, "is no id" in both.stderr) == (2, True)
    assert run("different", IDS[0], "Q7", "--why", "a namesake", "--store", store).exit_code == 0
    assert ITEM in elsewhere(store)
    assert len(elsewhere(store)) == 2


def test_a_file_of_suggestions_in_which_some_are_decided(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text(
        "judgement,a,b,score,label,their_label,their_description,why,reason\n"
        f"same,{IDS[0]},{ITEM},0.9,A,A,,names,I know her\n"
        f",{IDS[1]},http://www.wikidata.org/entity/Q1,0.5,B,B,,names,\n"
        f"different,{IDS[1]},http://www.wikidata.org/entity/Q2,0.5,B,B,,names,\n"
    )
    taken = run("decisions", file, "--store", store)
    assert (taken.exit_code, taken.stdout) == (0, "2 decisions taken over, 0 were there\n"), taken.stderr
    assert run("decisions", file, "--store", store).stdout == "0 decisions taken over, 2 were there\n"
    rows = json.loads(run("decisions", "--format", "json", "--store", store).stdout)
    assert all(row["author"] and row["date"] for row in rows)
    assert (elsewhere(store), elsewhere(store, IDS[1])) == ([ITEM], [])
