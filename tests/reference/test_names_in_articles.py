"""Names of organisations, countries and cities in annotated articles are linked to the right rows, in each language."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.extract.mentions import Reader
from kg.reference import load

SETS = Path(__file__).parents[3] / "shared" / "eval"
SCRIPTS = Path(__file__).parents[2] / "scripts"

pytestmark = pytest.mark.skipif(not SETS.is_dir(), reason="the annotated articles are not beside the working copy")


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    """The script that measures, as a module."""
    spec = importlib.util.spec_from_file_location("measure_names", SCRIPTS / "measure_names.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    sys.path.insert(0, str(SCRIPTS))
    try:
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load())


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("name", ["train", "train2"])
def test_recall_and_precision_of_names(measure: ModuleType, reader: Reader, name: str, lang: str) -> None:
    figures: Any = measure.measure(measure.load([SETS / f"{name}.{lang}.json"]), reader)[lang]
    assert sum(figures.judged.values()) > 300
    assert figures.recall() >= 0.94
    assert figures.precision() >= 0.98


def test_a_wrong_link_costs_precision_and_a_missing_one_recall(measure: ModuleType) -> None:
    """The measure itself can fail: with the tables' names of one city given to another, both figures fall."""
    tables = load(cache=False)
    moved = tables.entries["city/almaty"]
    tables.entries["city/almaty"] = type(moved)(moved.id, moved.type, moved.labels, {"en": ("Verny",)}, {}, moved.row)
    taken = tables.entries["city/astana"]
    names = {lang: (*taken.names[lang], *moved.names[lang]) for lang in taken.names}
    tables.entries["city/astana"] = type(taken)(taken.id, taken.type, taken.labels, names, {}, taken.row)
    examples = measure.load([SETS / "train.ru.json"])
    right = measure.Right(load())
    figures = measure.measure(examples, Reader(tables), right)["ru"]
    assert any("city/astana" in line for line in figures.wrong)
    assert any("Almaty" in line for line in figures.missed)
