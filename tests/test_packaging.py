"""The wheel holds everything that the commands need."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from kg import __version__

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    build = pytest.importorskip("hatchling.build")
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.delenv("KG_COMPILE", raising=False)
        wheel = folder / build.build_wheel(str(folder))
    assert wheel.name == f"presence_kg-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("folder", ["ontology", "queries"])
def test_folders_travel(names: set[str], folder: str) -> None:
    files = [p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()]
    assert files
    assert {f"kg/_data/{name}" for name in files} <= names


@pytest.mark.parametrize(
    "pattern",
    [
        "kg/assets/*",
        "kg/export/texts/*.yaml",
        "kg/pages/templates/*",
        "kg/corpus/*",
        "kg/reference/data/*.csv",
        "kg/extract/frames/*.yaml",
        "kg/py.typed",
    ],
)
def test_package_data_travels(names: set[str], pattern: str) -> None:
    files = {p.relative_to(ROOT).as_posix() for p in ROOT.glob(pattern) if p.is_file()}
    assert files
    assert files <= names


def test_licence_and_nothing_foreign(names: set[str]) -> None:
    assert f"presence_kg-{__version__}.dist-info/licenses/LICENSE" in names
    assert all(name.startswith(("kg/", "presence_kg-")) for name in names)
    assert not [name for name in names if "__pycache__" in name or name.startswith("kg/tests")]
