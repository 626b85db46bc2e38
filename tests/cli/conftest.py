"""The command line, run in this process, and a graph of a few articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main

Run = Callable[..., Result]

ARTICLES = [
    {
        "id": "proposal-2019",
        "lang": "en",
        "published": "2019-09-25",
        "title": "President proposes UN centre",
        "text": "Speaking at the 74th session of the UN General Assembly, President Kassym-Jomart Tokayev proposed "
        "establishing a UN Regional Centre for the SDGs in Almaty.",
        "url": "https://example.org/2019",
        "outlet": "The Steppe Courier",
    },
    {
        "id": "resolution-2025",
        "lang": "en",
        "published": "2025-03-05",
        "title": "Assembly adopts resolution",
        "text": "On 4 March 2025 the UN General Assembly adopted a resolution on establishing the UN Regional Centre "
        "for the SDGs for Central Asia and Afghanistan in Almaty. 152 of 193 member states voted in favour.",
    },
    {
        "id": "office-ru",
        "lang": "ru",
        "published": "2025-08-06",
        "title": "",
        "text": "В Алматы открылся Региональный центр ООН по ЦУР для Центральной Азии и Афганистана.",
    },
    {"id": "french", "published": "2025-08-06", "title": "", "text": "Les Nations unies ouvrent un bureau régional."},
]


def run(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    """Run ``kg`` with *arguments*, *text* on its standard input."""
    return CliRunner().invoke(main, [str(a) for a in arguments], input=text, prog_name="kg")


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    path.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in ARTICLES), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, articles: Path) -> Path:
    """A store with the articles; for reading only."""
    store = tmp_path_factory.mktemp("cli") / "store"
    done = run("build", articles, "--store", store)
    assert done.exit_code == 0, done.stderr
    return store


@pytest.fixture
def fresh(tmp_path: Path, articles: Path) -> Path:
    """A store with the articles, for a test that changes it."""
    done = run("build", articles, "--store", tmp_path / "store")
    assert done.exit_code == 0, done.stderr
    return tmp_path / "store"
