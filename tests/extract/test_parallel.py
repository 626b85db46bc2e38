"""Reading by several processes: the same facts in the same order; dead workers and poisonous articles."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cloudpickle
import distributed
import pytest

from kg.errors import KgError
from kg.extract import Extractor, parallel
from kg.extract.parallel import Result, cluster_outcomes, outcomes, read_on_worker
from kg.extract.settings import Settings
from kg.model import Article, PartialDate

TEXT = "The World Bank opened an office in {city} in 2019."
CITIES = ("Almaty", "Tashkent", "Bishkek", "Dushanbe", "Ashgabat", "Baku", "Tbilisi", "Yerevan", "Minsk", "Kyiv")
# Workers import nothing of the tests: what they run is sent to them.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


def articles(count: int) -> list[Article]:
    day = PartialDate("2024-05-20")
    return [Article(f"a{n}", "en", "", TEXT.format(city=CITIES[n % len(CITIES)]), day) for n in range(count)]


def test_in_this_process() -> None:
    found = list(outcomes(articles(70), Extractor()))
    assert [o.article.id for o in found] == [f"a{n}" for n in range(70)]
    assert all(o.facts and not o.error for o in found)


def test_one_bad_article_does_not_spoil_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    many = Extractor.many

    def poisoned(self: Extractor, items: Sequence[Article]) -> object:
        if any(a.id == "a7" for a in items):
            raise ValueError("not that one")
        return many(self, items)

    monkeypatch.setattr(Extractor, "many", poisoned)
    found = list(outcomes(articles(40), Extractor()))
    assert [o.article.id for o in found if o.error] == ["a7"]
    assert found[7].error == "ValueError: not that one"
    assert all(o.facts for o in found if not o.error)


def work(chunk: Sequence[Article], settings: Settings, version: str) -> list[Result]:
    """Dies with the article a150; at a250 the first time only."""
    folder = Path(settings.names[0][1].decode())
    for article in chunk:
        if article.id == "a150":
            (folder / f"poison-{len(list(folder.iterdir()))}").touch()
            os._exit(9)
        if article.id == "a250" and not (folder / "once").exists():
            (folder / "once").touch()
            os._exit(9)
    return read_on_worker(chunk, Settings(), version)


def test_workers_that_die_lose_nothing_and_poison_is_set_aside(tmp_path: Path) -> None:
    given = articles(320)
    settings = Settings(names=(("folder", str(tmp_path).encode()),))
    # The version is that of the settings which the workers are made to use.
    found = list(cluster_outcomes(given, settings, workers=2, work=_with_own_version))
    assert [o.article for o in found] == given
    assert [o.article.id for o in found if o.error] == ["a150"]
    assert "died" in found[150].error
    alone = {o.article.id: o.facts for o in outcomes(given, Extractor())}
    assert all(list(o.facts) == list(alone[o.article.id]) for o in found if not o.error)
    assert (tmp_path / "once").exists()


def _with_own_version(chunk: Sequence[Article], settings: Settings, version: str) -> list[Result]:
    return work(chunk, settings, Settings().version)


def test_workers_that_nobody_starts_again_are_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instantiate = distributed.Nanny.instantiate
    started: list[object] = []

    async def failing(self: Any) -> Any:
        started.append(self)
        if len(started) == 2:
            # As it does itself when the process cannot be started.
            await self.close(reason="nanny-instantiate-failed")
            raise OSError("no memory")
        return await instantiate(self)

    monkeypatch.setattr(distributed.Nanny, "instantiate", failing)
    monkeypatch.setattr(parallel, "_PATIENCE", 3.0)
    settings = Settings(names=(("folder", str(tmp_path).encode()),))
    given = articles(260)[200:]
    found = list(cluster_outcomes(given, settings, workers=1, work=_with_own_version))
    assert [o.article for o in found] == given
    assert all(o.facts and not o.error for o in found)
    assert (tmp_path / "once").exists()
    assert len(started) > 2


def test_a_worker_of_another_version_is_told() -> None:
    with pytest.raises(KgError, match="another version"):
        read_on_worker(articles(1), Settings(), "rules-000000000000")


def test_an_address_without_a_cluster_is_told() -> None:
    with pytest.raises(KgError, match="cluster cannot be reached"):
        list(cluster_outcomes(articles(1), Settings(), address="tcp://127.0.0.1:9"))


def test_the_version_follows_what_decides(tmp_path: Path) -> None:
    path = tmp_path / "en.yaml"
    path.write_text("triggers:\n  est.office: [cell]\n", encoding="utf-8")
    plain = Settings.of()
    assert plain.version == Settings.of().version
    assert plain.version.startswith("rules-")
    assert len({plain.version, Settings.of([path]).version, Settings.of((), [path]).version,
                Settings.of(min_confidence=0.5).version}) == 4  # fmt: skip


def test_own_words_reach_the_workers(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("triggers:\n  est.office: [yurtlet]\n", encoding="utf-8")
    text = "The World Bank opened a yurtlet in Almaty."
    article = Article("a", "en", "", text, PartialDate("2024-05-20"))
    made = Settings.of([path]).extractor()
    assert [f.kind for f in made.facts(article)] == ["presence"]
    assert Settings().extractor().facts(article) == []


def test_what_a_worker_finds_just_as_patience_ends_is_taken() -> None:
    """On a machine that is short of time a result may come between the end of waiting and the look whether it came."""

    class Late:
        status, asked = "finished", 0

        def result(self, timeout: float) -> list[Result]:
            self.asked += 1
            if self.asked == 1:
                raise TimeoutError
            return [((), "")]

        def done(self) -> bool:
            return True

    def revive() -> None:
        raise AssertionError

    assert parallel._wait(Late(), revive) == [((), "")]
    failed = Late()
    failed.status = "error"
    with pytest.raises(TimeoutError):
        parallel._wait(failed, revive)
