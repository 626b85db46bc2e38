"""The command line, run in this process, and a graph of a few articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.build import KnowledgeGraph
from kg.cli import main
from kg.model import Establishment, Evidence, Fact, PartialDate, SlotValue
from kg.read.article import make
from kg.reference import load

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


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the same articles and facts written by hand: what is shown must not hang on what is read."""
    store = tmp_path_factory.mktemp("told") / "store"
    reference = load()
    un, assembly, almaty, kazakhstan, president = map(reference.entity, _ENTITIES)
    centre = Establishment(un, almaty, "regional-centre")
    slots: dict[str, tuple[str, dict[str, SlotValue]]] = {
        "proposal-2019": ("proposal", {"proposer": president, "on_behalf_of": kazakhstan, "about": centre}),
        "resolution-2025": (
            "decision",
            {"body": assembly, "instrument": "resolution", "in_favour": 152, "of": 193, "about": centre},
        ),
        "office-ru": (
            "presence",
            {"organization": un, "place": almaty, "form": "regional-centre", "status": "operating"},
        ),
    }
    dates = {"proposal-2019": "2019-09-24", "resolution-2025": "2025-03-04"}
    with KnowledgeGraph.open(store, reference=reference) as graph:
        for fields in ARTICLES[:3]:
            article = make(fields, "test", lambda problem: None)
            kind, values = slots[article.id]
            if article.id in dates:
                values["date"] = PartialDate(dates[article.id])
            end = len(article.text)
            graph.add(article, [Fact(kind, values, (Evidence(article.text, 0, end, rule="test"),))])
    return store


_ENTITIES = (
    "organization/un",
    "organization/un-general-assembly",
    "city/almaty",
    "country/kz",
    "person/kassym-jomart-tokayev",
)


@pytest.fixture
def fresh(tmp_path: Path, articles: Path) -> Path:
    """A store with the articles, for a test that changes it."""
    done = run("build", articles, "--store", tmp_path / "store")
    assert done.exit_code == 0, done.stderr
    return tmp_path / "store"
