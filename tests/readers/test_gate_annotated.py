"""How the gate fares with replies written from annotated articles, true ones and spoilt ones."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kg.extract import Extractor
from kg.extract.mentions import Reader
from kg.extract.refusal import RefusedError
from kg.model import KINDS
from kg.readers.gate import refusal
from kg.readers.link import Names
from kg.readers.pair import same_fact
from kg.readers.reply import propose
from tests.readers.annotated import Writer, articles, through
from tests.readers.corrupt import WAYS, corruptions, swaps

GOLD = sorted((Path(__file__).parents[1] / "gold").glob("gold.*.json"))
SHARED = [Path(__file__).parents[3] / "shared" / "eval" / f"dev.{lang}.json" for lang in ("en", "ru", "kk")]

Facts = list[tuple[Names, dict[str, Any]]]


def written(paths: list[Path], reader: Reader) -> Facts:
    """Each annotated fact as a careful reply has it."""
    found = []
    for path in paths:
        for article, facts, entities in articles(path):
            writer = Writer(Names(article, reader), entities)
            found += [(writer.names, raw) for fact in facts if (raw := writer.fact(fact)) is not None]
    return found


@pytest.fixture(scope="module")
def gold(reader: Reader) -> Facts:
    """The facts of the gold articles; what an article's names keep is reckoned once for all tests."""
    return written(GOLD, reader)


def passed(facts: Facts) -> tuple[int, list[str]]:
    good, bad = 0, []
    for names, raw in facts:
        try:
            through(names, raw)
            good += 1
        except RefusedError as error:
            bad.append(f"{names.article.id}: {error}")
    return good, bad


def test_replies_made_from_the_gold_articles_pass(gold: Facts) -> None:
    good, bad = passed(gold)
    assert len(gold) >= 105
    assert good >= 0.99 * len(gold), bad


def test_replies_made_from_the_annotated_sets_pass(reader: Reader) -> None:
    if not all(path.exists() for path in SHARED):
        pytest.skip("the annotated sets are not here")
    facts = written(SHARED, reader)
    good, bad = passed(facts)
    assert len(facts) >= 175
    assert good >= 0.99 * len(facts), bad


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_spoilt_facts_are_refused(gold: Facts, seed: int) -> None:
    let_through: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for way, names, spoilt in corruptions(gold, 200, seed):
        total[way] += 1
        try:
            through(names, spoilt)
            let_through[way] += 1
        except RefusedError:
            pass
    assert set(total) == set(WAYS)
    assert let_through.total() <= 0.03 * total.total(), let_through


def test_no_date_is_more_precise_than_the_article(gold: Facts) -> None:
    """Every month of the years and every day of the months that the gold facts have."""
    total = let_through = 0
    for names, raw in gold:
        for slot in (s for s, d in KINDS[raw["kind"]].items() if d.type == "date" and len(raw[s] or "") in (4, 7)):
            for part in range(1, 13 if len(raw[slot]) == 4 else 29):
                total += 1
                let_through += _passes(names, {**raw, slot: f"{raw[slot]}-{part:02d}"})
    assert total >= 300
    assert let_through <= 0.03 * total, (let_through, total)


@pytest.mark.parametrize(
    ("way", "refused"),
    [("other in the article", 0.85), ("other in the quotes", 0.5), ("parts exchanged", 0.9), ("other quote", 0.93)],
)
def test_facts_put_together_wrongly_are_refused(gold: Facts, way: str, refused: float) -> None:
    """All of it stands in the article, only not together; the floors are below what was measured."""
    facts = [(names, raw) for names, raw in gold if _passes(names, raw)]
    true = {id(names): [propose(n, r, "m").fact for n, r in facts if n is names] for names, _ in facts}
    total = through_ = 0
    for names, spoilt in swaps(facts, way, seed=11):
        if way != "other quote" and any(same_fact(f, propose(names, spoilt, "m").fact) for f in true[id(names)]):
            continue  # another fact that the article states
        total += 1
        through_ += _passes(names, spoilt)
    assert total >= 10
    assert through_ <= (1 - refused) * total, (way, through_, total)


def _passes(names: Names, raw: dict[str, Any]) -> bool:
    try:
        through(names, raw)
    except RefusedError:
        return False
    return True


def test_the_facts_of_the_rules_pass_the_same_gate(reader: Reader) -> None:
    extractor = Extractor(reader.reference)
    seen, bad = 0, []
    for path in GOLD:
        for article, _, _ in articles(path):
            names = Names(article, extractor.reader)
            for fact in extractor.facts(article):
                seen += 1
                why = refusal(names, fact)
                if why is not None:
                    bad.append(f"{article.id}: {why}")
    assert seen >= 90
    assert len(bad) <= 0.01 * seen, bad
