"""The shipped tables hold; each fault is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.reference import TableProblem, check
from kg.reference.ambiguity import fold, shared_names
from kg.reference.tables import COLUMNS, DATA, read_rows, table_of
from tests.reference.conftest import SOUND, write_table


def told(folder: Path, severity: str = "error") -> list[str]:
    return [str(problem) for problem in check(folder) if problem.severity == severity]


def test_the_shipped_tables_hold() -> None:
    assert [str(problem) for problem in check() if problem.severity == "error"] == []


def test_the_shipped_tables_have_their_columns_in_order() -> None:
    for path in DATA.glob("*.csv"):
        assert tuple(read_rows(path)[0]) == COLUMNS[table_of(path)], path.name


def test_every_column_is_explained() -> None:
    text = (DATA / "README.md").read_text("utf-8")
    names = {
        name.removesuffix("_en").removesuffix("_ru").removesuffix("_kk") for row in COLUMNS.values() for name in row
    }
    missing = {name for name in names if f"`{name}`" not in text and f"`{name}_*`" not in text}
    assert missing == set()


def test_sound_tables_hold(tables: Path) -> None:
    assert check(tables) == []


def test_tables_may_be_absent(tmp_path: Path) -> None:
    assert check(tmp_path) == []
    write_table(tmp_path, "countries", [row | {"capital": ""} for row in SOUND["countries"][::-1]])
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("countries", {"id": "KZ"}, "lower-case letters"),
        ("countries", {"iso3": "KA"}, 'iso3 is "KA"'),
        ("countries", {"m49": "4"}, "three digits"),
        ("countries", {"wikidata": "232"}, "an item such as Q232"),
        ("countries", {"capital": "atlantis"}, 'capital names "atlantis", which no table has'),
        ("countries", {"name_kk": ""}, "name_kk is empty"),
        ("countries", {"name_ru": "Казaхстан"}, "mixes Latin and Cyrillic"),
        ("countries", {"un_member_since": "1992-13-02"}, "not a date"),
        ("countries", {"box": "1|2|3"}, "west|south|east|north"),
        ("countries", {"source": "the atlas"}, "not an address"),
        ("regions", {"members": "kz|zz"}, 'members names "zz"'),
        ("cities", {"country": "zz"}, 'country names "zz"'),
        ("cities", {"lat": "76.91", "lon": "43.25"}, "lies outside kz"),
        ("cities", {"lat": "north"}, "must be two numbers"),
        ("cities", {"lat": "91"}, "within -90 and 90"),
        ("cities", {"capital": "yes"}, "no country has it as one"),
        ("cities", {"former": "Verny"}, "not a name with its years"),
        ("cities", {"former": "Verny:1921-1867"}, "not a name with its years"),
        ("cities", {"former": "Verny:1867-1921"}, "not among aliases_en"),
        ("cities", {"aliases_en": "Alma-Ata|Alma-Ata"}, "a value twice"),
        ("cities", {"aliases_en": "Alma-Ata| Verny"}, "stray spaces"),
        ("organizations-un", {"kind": "club"}, 'kind has the unknown value "club"'),
        ("organizations-un", {"themes": "peace"}, "unknown value"),
        ("organizations-un", {"parent": "nobody"}, 'parent names "nobody"'),
        ("organizations-un", {"parent": "unicef"}, "its own parent"),
        ("organizations-un", {"seat": "city/almaty"}, ""),
        ("organizations-un", {"seat": "country/zz"}, 'seat names "country/zz"'),
        ("organizations-un", {"founded": "2001-05", "dissolved": "2001-04"}, "is before founded"),
        ("people", {"position": "king"}, "unknown value"),
        ("people", {"of": "kz"}, 'of names "kz"'),
        ("people", {"since": "2020", "until": "2019"}, "is before since"),
        ("presences", {"place": "almaty"}, 'place names "almaty"'),
        ("presences", {"form": "house"}, "unknown value"),
        ("presences", {"serves": "region/central-asia|region/mars"}, 'serves names "region/mars"'),
        ("memberships", {"organization": "league"}, 'organization names "league"'),
        ("memberships", {"role": ""}, "role is empty"),
        ("goals", {"themes": "peace"}, "unknown value"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(tables: Path, table: str, change: dict[str, str], message: str) -> None:
    rows = [dict(row) for row in SOUND[table]]
    rows[0] |= change
    path = write_table(tables, table, rows)
    found = [p for p in check(tables) if isinstance(p, TableProblem) and p.severity == "error"]
    if message:
        assert any(message in p.message and p.table == path.name and p.line == 2 for p in found), found
        assert f"{path.name}, line 2" in str(found[0]) or len(found) > 1
    else:
        assert found == []


@pytest.mark.parametrize(
    ("table", "second", "message"),
    [
        ("regions", {"name_en": "Elsewhere", "name_ru": "Где-то"}, "the id stands already"),
        ("people", {"name_en": "B. A.", "since": "2015", "until": "2016"}, "other names than in line 2"),
        ("people", {"since": "2021"}, "says again"),
        ("presences", {}, "says again"),
        ("memberships", {"since": "1993"}, "says again"),
        ("memberships", {"since": "1991", "until": "1992-03-02"}, ""),
        ("memberships", {"role": "observer"}, ""),
    ],
)
def test_rows_that_contradict_each_other(tables: Path, table: str, second: dict[str, str], message: str) -> None:
    first = SOUND[table][0]
    write_table(tables, table, [first, first | second])
    found = told(tables)
    assert any(message in problem for problem in found) if message else found == []


def test_a_name_is_that_of_one_city_in_its_country(tables: Path) -> None:
    almaty, astana = SOUND["cities"]
    write_table(tables, "cities", [almaty | {"name_en": "ASTANA!"}, astana])
    assert told(tables) == ['cities.csv, line 3: astana: name_en "Astana" is also that of almaty']
    write_table(
        tables, "cities", [almaty | {"name_en": "ASTANA!", "country": "fj", "lat": "-18", "lon": "178"}, astana]
    )
    assert told(tables) == []


def test_a_box_may_cross_the_antimeridian(tables: Path) -> None:
    suva = {"id": "suva", "name_en": "Suva", "name_ru": "Сува", "country": "fj", "lat": "-18.1"}
    for lon, sound in (("178.4", True), ("-179.9", True), ("0.0", False)):
        write_table(tables, "cities", [*SOUND["cities"], suva | {"lon": lon}])
        assert bool(told(tables)) is not sound, lon


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_checked(tables: Path) -> None:
    (tables / "people.csv").write_bytes("id,name_en\nа,б,в\n".encode())
    (tables / "regions.csv").write_bytes(b"\xff\xfe\x00")
    (tables / "notes.csv").write_text("a,b\n1,2\n")
    assert any("people.csv" in problem and "more cells" in problem for problem in told(tables))
    assert any("regions.csv" in problem and "cannot be read" in problem for problem in told(tables))
    assert any("notes.csv" in problem for problem in told(tables, "warning"))


def test_a_missing_column_is_told(tables: Path) -> None:
    (tables / "goals.csv").write_text("id,name_en,name_ru,name_kk\n1,a,б,б\n", "utf-8")
    assert "goals.csv, line 1: has no column themes" in told(tables)


def test_what_an_editor_should_look_at(tables: Path) -> None:
    organizations = SOUND["organizations-un"]
    write_table(
        tables, "organizations-un", [organizations[1], organizations[0] | {"source": "", "aliases_en": "unicef"}]
    )
    warnings = told(tables, "warning")
    assert any("out of order" in problem for problem in warnings)
    assert any("1 rows" in problem and "no source" in problem for problem in warnings)
    assert any("may mean organization/un, organization/unicef" in problem for problem in warnings)
    assert told(tables) == []


def test_extra_tables_are_checked_and_may_add_to_known_rows(
    tables: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mine = tmp_path_factory.mktemp("mine")
    own = write_table(mine, "cities-mine", [SOUND["cities"][0] | {"aliases_en": "Alma-Ata", "country": "zz"}])
    found = check(tables, [own])
    assert [(p.where, p.severity) for p in found] == [("cities-mine.csv, line 2", "error")]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Côte d’Ivoire", "cote d'ivoire"), ("Орёл", "орел"), ("São  Tomé", "Sao Tome"), ("Дар-эс-Салам", "дар эс салам")],
)
def test_folded_names_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Май", "Маи"), ("Қара", "Кара"), ("Іле", "Иле"), ("Ош", "Ос")])
def test_letters_stay_themselves(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_names_are_shared_within_a_language_only() -> None:
    rows = {"city/a": {"name_en": "Same", "name_ru": "Иное"}, "city/b": {"aliases_en": "x|SAME", "name_kk": "Иное"}}
    assert shared_names(rows) == [("en", "SAME", ("city/a", "city/b"))]
