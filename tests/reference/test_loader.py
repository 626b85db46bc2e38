"""The tables in use: entries by id, names in three languages, rows of one's own, the compiled copy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.reference import Reference, cache, load, loader
from tests.reference.conftest import SOUND, write_table


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, and nothing read yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(loader, "_LOADED", {})
    return tmp_path / "cache" / "presence-kg"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load(cache=False)


@pytest.mark.parametrize(
    ("identifier", "lang", "names"),
    [
        ("country/kz", "ru", {"Казахстан", "Республика Казахстан", "РК"}),
        ("country/kg", "ru", {"Кыргызстан", "Киргизия", "Киргизская Республика"}),
        ("country/us", "kk", {"АҚШ", "Америка Құрама Штаттары"}),
        ("country/us", "en", {"US", "USA", "United States"}),
        ("country/tr", "en", {"Türkiye", "Turkey"}),
        ("country/cz", "en", {"Czechia", "Czech Republic"}),
        ("country/ci", "en", {"Côte d'Ivoire", "Ivory Coast"}),
        ("country/sz", "en", {"Eswatini", "Swaziland"}),
        ("country/mm", "en", {"Myanmar", "Burma"}),
        ("country/cd", "ru", {"ДР Конго", "ДРК", "Демократическая Республика Конго"}),
        ("city/astana", "kk", {"Астана", "Нұр-Сұлтан"}),
        ("city/almaty", "ru", {"Алматы", "Алма-Ата"}),
        ("city/istanbul", "kk", {"Ыстанбұл", "Стамбұл"}),
        ("city/kyiv", "en", {"Kyiv", "Kiev"}),
        ("city/bishkek", "en", {"Bishkek", "Frunze"}),
        ("city/beijing", "kk", {"Бейжің"}),
        ("city/moscow", "kk", {"Мәскеу"}),
        ("city/abu-dhabi", "kk", {"Әбу-Даби"}),
        ("region/central-asia", "kk", {"Орталық Азия"}),
        ("region/landlocked-developing-countries", "en", {"LLDCs"}),
    ],
)
def test_names_as_texts_have_them(reference: Reference, identifier: str, lang: str, names: set[str]) -> None:
    assert names <= set(reference.entries[identifier].names[lang])


def test_adjectives(reference: Reference) -> None:
    kazakhstan = reference.entries["country/kz"].adjectives
    assert "казахстанский" in kazakhstan["ru"]
    assert {"қазақстандық", "қазақ"} <= set(kazakhstan["kk"])
    assert "орталықазиялық" in reference.entries["region/central-asia"].adjectives["kk"]
    members = [e for e in reference.entries.values() if e.type == "country" and e.row["un_member_since"]]
    assert len(members) == 193
    assert [e.id for e in members if set(e.adjectives) != {"en", "ru", "kk"}] == []


def test_sizes(reference: Reference) -> None:
    count = {kind: sum(e.type == kind for e in reference.entries.values()) for kind in ("country", "city", "region")}
    assert count["country"] == 254
    assert count["city"] >= 1000
    assert count["region"] >= 100
    assert [row["id"] for row in reference.goals] == [str(n) for n in range(1, 18)]
    states = [e for e in reference.entries.values() if e.type == "country" and e.row["un_member_since"]]
    assert [e.id for e in states if f"city/{e.row['capital']}" not in reference.entries] == []


def test_an_entity_has_every_name_once(reference: Reference) -> None:
    entity = reference.entity("country/kz")
    assert entity.names[:3] == ("Kazakhstan", "Казахстан", "Қазақстан")
    assert entity.iso == "KZ"
    assert len(entity.names) == len(set(entity.names))
    assert reference.entity("city/almaty").iso is None
    with pytest.raises(KeyError):
        reference.entity("city/atlantis")
    assert reference.get("city/atlantis") is None


@pytest.mark.parametrize(
    ("number", "ordinal", "opened"), [(1, "1st", "1946"), (74, "74th", "2019"), (111, "111th", "2056")]
)
def test_a_session_follows_from_its_number(reference: Reference, number: int, ordinal: str, opened: str) -> None:
    session = reference.session(number)
    assert session.id == f"event/unga-{number}"
    assert session.row["opened"] == opened
    assert session.labels["en"] == f"UN General Assembly, {ordinal} session"
    assert str(number) in session.labels["ru"]
    assert str(number) in session.labels["kk"]


def test_rows_of_ones_own(tmp_path: Path) -> None:
    rows = [
        {"id": "almaty", "name_en": "Vernyi", "name_ru": "Верный"},
        {"id": "atlantis", "name_en": "Atlantis", "country": "kz"},
    ]
    own = load([write_table(tmp_path, "cities-mine", rows)], cache=False)
    assert own.entries["city/almaty"].labels["en"] == "Almaty"
    assert "Vernyi" in own.entries["city/almaty"].names["en"]
    assert own.entries["city/almaty"].row["country"] == "kz"
    assert own.entries["city/atlantis"].names == {"en": ("Atlantis",)}


def test_bad_files_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        load([tmp_path / "cities-none.csv"])
    for name in ("places.csv", "presences.csv"):
        (tmp_path / name).write_text("id,name_en\n")
        with pytest.raises(UsageError, match="cities"):
            load([tmp_path / name])
    (tmp_path / "cities.csv").write_bytes(b"id,name_en\n\xff\xfe")
    with pytest.raises(UsageError, match="UTF-8"):
        load([tmp_path / "cities.csv"], cache=False)


def test_tables_may_be_absent(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tables / "presences.csv").unlink()
    (tables / "organizations-un.csv").unlink()
    monkeypatch.setattr(loader, "DATA", tables)
    monkeypatch.setattr(loader, "files", lambda: [(tables / "cities.csv", "city")])
    found = load(cache=False)
    assert set(found.entries) == {"city/almaty", "city/astana"}
    assert found.presences == ()
    assert len(found.memberships) == len(SOUND["memberships"])


def test_the_copy_is_the_same(home: Path, monkeypatch: pytest.MonkeyPatch, reference: Reference) -> None:
    first = load()
    assert load() is first
    assert len(list(home.glob("reference-*.json"))) == 1
    monkeypatch.setattr(loader, "_LOADED", {})
    monkeypatch.setattr(loader, "_read", lambda extra: pytest.fail("the tables were read again"))
    again = load()
    assert again is not first
    assert again == first == reference
    assert list(again.entries) == list(reference.entries)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"{}", b'{"entries": [["a"]]}', b"\xff"])
def test_a_damaged_copy_is_made_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, reference: Reference, damage: bytes
) -> None:
    load()
    (copy,) = home.glob("reference-*.json")
    copy.write_bytes(damage)
    monkeypatch.setattr(loader, "_LOADED", {})
    assert load() == reference
    assert json.loads(copy.read_text("utf-8"))["goals"]


def test_a_changed_table_is_seen_at_once(home: Path, tmp_path: Path) -> None:
    path = write_table(tmp_path, "cities-mine", [{"id": "atlantis", "name_en": "Atlantis"}])
    assert load([path]).entries["city/atlantis"].labels["en"] == "Atlantis"
    write_table(tmp_path, "cities-mine", [{"id": "atlantis", "name_en": "Atlantys"}])
    assert load([path]).entries["city/atlantis"].labels["en"] == "Atlantys"
    assert len(list(home.iterdir())) == 2


def test_old_copies_are_cleared_away(home: Path, tmp_path: Path) -> None:
    for n in range(7):
        load([write_table(tmp_path, "cities-mine", [{"id": "atlantis", "name_en": f"Atlantis {n}"}])])
    assert len(list(home.iterdir())) == 4


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(loader, "_LOADED", {})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load().entries
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("USERPROFILE", raising=False)
    assert cache.folder() is None
    monkeypatch.setattr(loader, "_LOADED", {})
    assert load().entries


def test_a_second_load_reads_no_table(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a load takes is measured by ``benchmarks/run.py``; here, that the compiled copy spares the work."""
    first = load()
    monkeypatch.setattr(loader, "_LOADED", {})
    monkeypatch.setattr(loader, "read_rows", lambda path: pytest.fail(f"{path} was read again"))
    again = load()
    assert again is not first
    assert again == first


def test_two_processes_at_once(home: Path) -> None:
    program = "from kg.reference import load; print(len(load().entries))"
    environment = {**os.environ, "PYTHONPATH": str(Path(loader.__file__).parents[2])}
    running = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = {process.communicate(timeout=60)[0] for process in running}
    assert told == {f"{len(load().entries)}\n"}
    assert [path.suffix for path in home.iterdir()] == [".json"]
