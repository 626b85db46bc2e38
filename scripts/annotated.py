"""Annotated articles (the form of ``kg extract`` with facts) as examples to learn from, and their scoring."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.extract import assemble
from kg.extract.candidates import Candidate
from kg.extract.reading import Mention, Reading
from kg.language.tokens import analyse, fold
from kg.model import Article, Entity, PartialDate

KEYS = {
    "presence": ("organization", "place", "form"),
    "proposal": ("proposer",),
    "decision": ("body", "instrument"),
    "agreement": ("parties",),
    "membership": ("member", "organization"),
    "relocation": ("organization", "to"),
    "count": ("what", "place", "value"),
    "tenure": ("person", "position", "of"),
}


@dataclass
class Example:
    """An article with its facts; entity slots hold ids of *entities*."""

    article: Article
    facts: list[dict[str, Any]]
    entities: dict[str, Any]
    names: dict[str, set[str]]

    def same(self, identifier: str, entity: Entity) -> bool:
        """Whether an extracted entity is the annotated one: equal country codes, or a name in common."""
        gold = self.entities[identifier]
        if gold.get("iso") and entity.iso:
            return bool(gold["iso"] == entity.iso)
        types = {gold.get("type"), entity.type} & {"city", "country", "region"}
        if len(types) == 2:
            return False
        return any(_folded(n) in self.names[identifier] for n in entity.names)


def _folded(name: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


fold_name = _folded


def load(paths: list[Path]) -> list[Example]:
    """The articles of annotated sets, in JSON or in the YAML that ``annotate.py`` reads."""
    examples = []
    for path in paths:
        if path.suffix == ".yaml":
            from annotate import read as read_yaml

            data = read_yaml(path)
        else:
            data = json.loads(path.read_text(encoding="utf-8"))
        names = {i: {_folded(n) for n in e["names"]} for i, e in data["entities"].items()}
        for a in data["articles"]:
            published = PartialDate(a["published"]) if a.get("published") else None
            article = Article(a["id"], a["lang"], a.get("title", ""), a["text"], published)
            examples.append(Example(article, a["facts"], data["entities"], names))
    return examples


def sentences(examples: list[Example]) -> list[Example]:
    """Each sentence of an article as an article of its own, with the article's facts.

    A reader meets short texts too: what stands in one sentence must be read without the rest, and a
    denial or a condition must not. Only articles whose facts name their evidence are cut.
    """
    found = []
    for example in examples:
        if not all("evidence" in fact for fact in example.facts):
            continue
        document = analyse("", example.article.text)
        for n in range(len(document.sentences)):
            text = document.span(n)[0]
            article = Article(example.article.id, example.article.lang, "", text, example.article.published)
            found.append(Example(article, example.facts, example.entities, example.names))
    return found


def own_sentences() -> list[Example]:
    """The texts of the frames files with their facts, traps among them; without those that name no whole key."""
    from kg.extract import rules
    from kg.model import LANGUAGES

    found = []
    for lang in LANGUAGES:
        for text in rules.read(lang).texts:
            facts = [dict(fact) for fact in (*text.says, *text.may)]
            if not all(fact.get(slot) for fact in facts for slot in KEYS[fact["kind"]]):
                continue
            entities: dict[str, Any] = {}
            for fact in facts:
                for value in fact.values():
                    for name in value if isinstance(value, list) else [value]:
                        if isinstance(name, str):
                            entities[name] = {"names": [name]}
                if fact["kind"] == "agreement":
                    fact["evidence"] = {"quote": text.article.text}
            names = {i: {_folded(i)} for i in entities}
            found.append(Example(text.article, facts, entities, names))
    return found


def _matches(example: Example, fact: dict[str, Any], candidate: Candidate) -> bool:
    for slot in KEYS[candidate.kind]:
        if slot == "of" and "of" in candidate.values:
            if "country/" + str(example.entities[fact[slot]].get("iso", "")).lower() != candidate.values[slot]:
                return False
        elif slot in candidate.fillers:
            if not example.same(fact[slot], candidate.fillers[slot].entity):
                return False
        elif str(fact[slot]) != str(candidate.values[slot]):
            return False
    return True


def match(example: Example, candidate: Candidate, reading: Reading) -> tuple[float, float]:
    """Label of a candidate (1 right, 0 wrong) and its weight; a fact said in another sentence weighs less."""
    quote = reading.document.span(candidate.sentence)[0]
    if candidate.kind == "agreement":
        return _party(example, candidate, quote)
    for fact in example.facts:
        if fact["kind"] == candidate.kind and _matches(example, fact, candidate):
            evidence = fact.get("evidence", {}).get("quote", "")
            return 1.0, 1.0 if not evidence or _overlap(evidence, quote) else 0.4
    return 0.0, 1.0


def _overlap(a: str, b: str) -> bool:
    return a[:60] in b or b[:60] in a or b[-60:] in a


def _party(example: Example, candidate: Candidate, quote: str) -> tuple[float, float]:
    facts = [f for f in example.facts if f["kind"] == "agreement"]
    identifier = str(candidate.values["party"])
    entity = candidate.fillers["party"].entity
    for fact in facts:
        evidence = fact.get("evidence", {}).get("quote", "")
        for party in fact["parties"]:
            gold = example.entities[party]
            same = (
                gold.get("iso", "").lower() == identifier.removeprefix("country/")
                if identifier.startswith("country/") and gold.get("iso")
                else example.same(party, entity)
            )
            if same:
                if evidence:
                    return (1.0, 1.0) if _overlap(evidence, quote) else (0.0, 0.3)
                return 1.0, 0.6
    return 0.0, 1.0


class score_keys:
    """Scores of keys: a fact is found when kind and key match."""

    @staticmethod
    def reach(example: Example, candidates: list[Candidate], labels: list[float]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for fact in example.facts:
            if fact["kind"] == "agreement":
                parties = {
                    p
                    for p in fact["parties"]
                    for c in candidates
                    if c.kind == "agreement"
                    and (
                        example.entities[p].get("iso", "").lower() == str(c.values["party"]).removeprefix("country/")
                        or example.same(p, c.fillers["party"].entity)
                    )
                }
                found["agreement", len(parties) >= min(2, len(fact["parties"]))] += 1
            else:
                found[fact["kind"], any(c.kind == fact["kind"] and _matches(example, fact, c) for c in candidates)] += 1
        return found

    @staticmethod
    def hits(example: Example, standing: list[assemble.Standing]) -> list[tuple[str, bool]]:
        result = []
        used: set[int] = set()
        for s in standing:
            ok = False
            for n, fact in enumerate(example.facts):
                if n in used or fact["kind"] != s.best.kind:
                    continue
                if s.best.kind == "agreement":
                    ids = {str(c.values["party"]) for _, c in s.all}
                    entities = [c.fillers["party"].entity for _, c in s.all]
                    count = sum(
                        f"country/{example.entities[p].get('iso', '?').lower()}" in ids
                        or any(example.same(p, e) for e in entities)
                        for p in fact["parties"]
                    )
                    good = count >= min(2, len(fact["parties"]))
                else:
                    good = _matches(example, fact, s.best)
                if good:
                    used.add(n)
                    ok = True
                    break
            result.append((s.best.kind, ok))
        return result

    @staticmethod
    def best_thresholds(scored: list[Any]) -> dict[str, float]:
        thresholds = {}
        for kind in KEYS:
            total = sum(f["kind"] == kind for (e, *_), _ in scored for f in e.facts)
            best = (0.0, 0.5)
            for t in np_range(0.2, 0.8, 0.04):
                good = all_ = 0
                for (example, candidates, *_), probabilities in scored:
                    chosen = assemble.choose(
                        [c for c in candidates if c.kind == kind],
                        [p for c, p in zip(candidates, probabilities, strict=True) if c.kind == kind],
                        {kind: t, "agreement": t if kind == "agreement" else 9},
                    )
                    for _, ok in score_keys.hits(example, chosen):
                        good += ok
                        all_ += 1
                precision, recall = good / max(all_, 1), good / max(total, 1)
                f1 = 2 * precision * recall / max(precision + recall, 1e-9)
                if f1 > best[0] + 0.001:
                    best = (f1, round(t, 2))
            thresholds[kind] = best[1]
        return thresholds

    @staticmethod
    def report(scored: list[Any], thresholds: dict[str, float]) -> None:
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for (example, candidates, *_), probabilities in scored:
            standing = assemble.choose(candidates, probabilities, thresholds, words=len(example.article.text.split()))
            groups = ("all", example.article.lang)
            for fact in example.facts:
                for g in (*groups, fact["kind"]):
                    table[g]["gold"] += 1
            for kind, ok in score_keys.hits(example, standing):
                for g in (*groups, kind):
                    table[g]["found"] += 1
                    table[g]["good"] += ok
        for group, c in sorted(table.items()):
            p, r = c["good"] / max(c["found"], 1), c["good"] / max(c["gold"], 1)
            print(
                f"  {group:12} P {p:.3f} R {r:.3f} F1 {2 * p * r / max(p + r, 1e-9):.3f}  "
                f"({c['good']} of {c['found']}, {c['gold']} annotated)"
            )


def np_range(low: float, high: float, step: float) -> list[float]:
    return [low + step * n for n in range(round((high - low) / step) + 1)]


__all__ = ["Example", "Mention", "load", "match", "score_keys"]
