"""Facts read against facts annotated: paired one to one by kind and key, as docs of the gold set say."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.extract import Extractor, to_json
from kg.model import Article, PartialDate

GOLD = Path(__file__).parents[1] / "gold"

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
PLACES = {"city", "country", "region"}


def fold(name: object) -> str:
    """Case and punctuation do not count."""
    text = unicodedata.normalize("NFKC", str(name)).casefold().replace("ё", "е")
    return re.sub(r"[\W_]+", " ", text).strip()


def same_entity(gold: dict[str, Any], found: dict[str, Any]) -> bool:
    """Equal country codes, or a name in common; a city is never a country."""
    if gold.get("iso") and found.get("iso"):
        return bool(gold["iso"] == found["iso"])
    if len({gold["type"], found["type"]} & PLACES) == 2:
        return False
    return bool({fold(n) for n in gold["names"]} & {fold(n) for n in found["names"]})


def same_key(gold: dict[str, Any], found: dict[str, Any], entities: dict[str, Any]) -> bool:
    """Whether an annotated and an extracted fact are the same one."""
    if gold["kind"] != found["kind"]:
        return False
    for slot in KEYS[gold["kind"]]:
        wanted = gold[slot] if isinstance(gold[slot], list) else [gold[slot]]
        values = found.get(slot, [])
        given = values if isinstance(values, list) else [values]
        hits = sum(
            any(same_entity(entities[w], g) if isinstance(g, dict) else fold(w) == fold(g) for g in given)
            for w in wanted
        )
        if hits < (min(2, len(wanted)) if slot == "parties" else len(wanted)):
            return False
    return True


@dataclass
class Score:
    """How many facts were read rightly, read at all, and annotated, by group (``all``, ``lang en``, ``kind count``)."""

    right: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    annotated: Counter[str] = field(default_factory=Counter)
    quotes_off: int = 0

    def f1(self, group: str) -> float:
        return 2 * self.right[group] / ((self.read[group] + self.annotated[group]) or 1)

    def precision(self, group: str) -> float:
        return self.right[group] / (self.read[group] or 1)


def score(paths: list[Path], extractor: Extractor) -> Score:
    """The figures for annotated sets."""
    result = Score()
    for path in paths:
        data = json.loads(path.read_text(encoding="utf-8"))
        for raw in data["articles"]:
            article = Article(raw["id"], raw["lang"], raw["title"], raw["text"], PartialDate(raw["published"]))
            found = [to_json(article, fact) for fact in extractor.facts(article)]
            free = list(found)
            groups = ("all", f"lang {article.lang}")
            for gold in raw["facts"]:
                match = next((f for f in free if same_key(gold, f, data["entities"])), None)
                for group in (*groups, f"kind {gold['kind']}"):
                    result.annotated[group] += 1
                    result.right[group] += match is not None
                if match is not None:
                    free.remove(match)
            for fact in found:
                span = fact["evidence"]
                source = article.title if span.get("in") == "title" else article.text
                result.quotes_off += source[span["start"] : span["end"]] != span["quote"]
                for group in (*groups, f"kind {fact['kind']}"):
                    result.read[group] += 1
    return result


def digest(path: Path) -> str:
    """SHA-256 of a file, as ``floors.json`` has it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
