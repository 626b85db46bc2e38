"""How well names in articles are linked: recall and precision of organisations, countries and cities.

    python scripts/measure_names.py ../shared/eval/train.*.json
    python scripts/measure_names.py --misses ../shared/eval/train.kk.json
    python scripts/measure_names.py --sample 60 --seed 1 ../shared/eval/train.ru.json

Each set has articles with facts, and the entities that the facts name. *Recall* is the share of an article's annotated
entities to which at least one of its mentions is linked under the right id; an entity that the tables lack is missed.
*Precision* is the share of mentions linked rightly among those that have a name of an annotated entity of their
article. Mentions of other things, on which the annotation is silent, are not judged by this: ``--sample`` draws from
all mentions by name, to be judged by reading.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from annotated import Example, fold_name, load

from kg.extract.mentions import Reader
from kg.extract.reading import Mention, Reading
from kg.language import kazakh, russian
from kg.language.tokens import fold
from kg.reference import Reference
from kg.reference import load as load_tables

TYPES = ("organization", "country", "city")
_SLOTS = {"organization", "place", "serves", "proposer", "on_behalf_of", "body", "initiator", "parties", "member", "to",
          "from", "of"}  # fmt: skip


class Right:
    """Which ids of the tables are an annotated entity: the country of its code, else what shares most names."""

    def __init__(self, reference: Reference) -> None:
        self._bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for entry in reference.entries.values():
            for names in entry.names.values():
                for name in names:
                    self._bearers[entry.type, fold_name(name)].add(entry.id)

    def ids(self, entity: dict[str, Any]) -> frozenset[str]:
        """All ids that share the most names with *entity*; none where the tables lack it."""
        if entity.get("iso"):
            return frozenset({f"country/{entity['iso'].lower()}"})
        shared: Counter[str] = Counter()
        for name in {fold_name(n) for n in entity["names"]}:
            shared.update(self._bearers[entity["type"], name])
        most = max(shared.values(), default=0)
        return frozenset(i for i, n in shared.items() if n == most)


@dataclass
class Figures:
    """Counts of one language: entities found and annotated, mentions right and judged, by type of entity."""

    found: Counter[str] = field(default_factory=Counter)
    annotated: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, kind: str | None = None) -> float:
        return _share(self.found, self.annotated, kind)

    def precision(self, kind: str | None = None) -> float:
        return _share(self.right, self.judged, kind)


def _share(part: Counter[str], whole: Counter[str], kind: str | None) -> float:
    kinds = TYPES if kind is None else (kind,)
    return sum(part[k] for k in kinds) / (sum(whole[k] for k in kinds) or 1)


def annotated(example: Example) -> list[str]:
    """Ids of the organisations, countries and cities that the facts of an article name, each once."""
    found: dict[str, None] = {}
    for fact in example.facts:
        for slot, value in fact.items():
            about = value if slot == "about" and isinstance(value, dict) else {}
            cells = [about.get(s) for s in ("organization", "place")] if slot == "about" else []
            if slot in _SLOTS and not (slot == "of" and fact["kind"] != "tenure"):
                cells += value if isinstance(value, list) else [value]
            found |= {v: None for v in cells if v in example.entities and example.entities[v]["type"] in TYPES}
    return list(found)


def mentions(reading: Reading) -> Iterator[Mention]:
    """Mentions of things of the tables, those within longer names included."""
    for mention in (*reading.mentions, *reading.inside):
        if mention.type in TYPES and mention.entity.known:
            yield mention


def _words(reading: Reading, mention: Mention) -> str:
    """A mention as the text writes it."""
    document = reading.document
    source = document.title if document.sentences[mention.sentence].title else document.text
    return source[document.starts[mention.first] : document.ends[mention.last - 1]]


def _keys(name: str, lang: str) -> set[str]:
    """What a name or an inflected mention of it have in common: Russian stems; Kazakh and English last words bare."""
    words = fold_name(name).split()
    if not words:
        return set()
    if lang == "ru":
        return {" ".join(russian.stem(fold(w)) for w in words)}
    ends = [stem for stem, _, _ in kazakh.stems(words[-1])] if lang == "kk" else [words[-1]]
    if words[-1] == "s" and lang == "en":
        words, ends = words[:-1], words[-2:-1]
    return {" ".join([*words[:-1], end]) for end in ends}


def measure(examples: list[Example], reader: Reader, right: Right | None = None) -> dict[str, Figures]:
    """The figures of each language; *right* says which ids are right, by default by the reader's own tables."""
    right = right or Right(reader.reference)
    by_language: dict[str, Figures] = defaultdict(Figures)
    for example in examples:
        figures = by_language[example.article.lang]
        reading = reader.read(example.article)
        found = {m.entity.id for m in mentions(reading)} | {o.entity.id for m in mentions(reading) for o in m.others}
        names: dict[str, set[str]] = defaultdict(set)
        for identifier in annotated(example):
            entity = example.entities[identifier]
            ids = right.ids(entity)
            for key in {k for name in entity["names"] for k in _keys(name, example.article.lang)}:
                names[key] |= ids
            figures.annotated[entity["type"]] += 1
            if ids & found:
                figures.found[entity["type"]] += 1
            else:
                reason = "not linked" if ids else "not in the tables"
                figures.missed.append(f"{example.article.id}: {reason}: {' | '.join(entity['names'][:6])}")
        for mention in mentions(reading):
            words = _words(reading, mention)
            meant = {i for key in _keys(words, example.article.lang) for i in names.get(key, ())}
            if mention.how != "name" or not meant:
                continue
            ok = bool({mention.entity.id, *(o.entity.id for o in mention.others)} & meant)
            figures.judged[mention.type] += 1
            figures.right[mention.type] += ok
            if not ok:
                figures.wrong.append(f"{example.article.id}: {words} is {mention.entity.id}, not {sorted(meant)}")
    return by_language


def sample(examples: list[Example], reader: Reader, number: int, seed: int) -> Iterator[str]:
    """Mentions drawn at random, with their sentences, to be judged by a reader."""
    drawn = []
    for example in examples:
        reading = reader.read(example.article)
        drawn += [(m, reading) for m in mentions(reading) if m.how == "name"]
    for mention, reading in random.Random(seed).sample(drawn, min(number, len(drawn))):
        sentence = reading.document.span(mention.sentence)[0]
        yield f"{mention.entity.id:40} [{_words(reading, mention)}] {sentence}"


def main() -> int:
    """Print the figures, or what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what was missed and what was linked wrongly")
    parser.add_argument("--sample", type=int, metavar="N", help="print N mentions to be judged by reading")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    examples = load(args.sets)
    reader = Reader(load_tables())
    if args.sample:
        print(*sample(examples, reader, args.sample, args.seed), sep="\n")
        return 0
    for lang, figures in sorted(measure(examples, reader).items()):
        for kind in (None, *TYPES):
            print(
                f"{lang} {kind or 'all':13} recall {figures.recall(kind):.3f}  precision {figures.precision(kind):.3f}"
                f"  ({sum(figures.annotated[k] for k in ((kind,) if kind else TYPES))} entities, "
                f"{sum(figures.judged[k] for k in ((kind,) if kind else TYPES))} mentions judged)"
            )
        if args.misses:
            print(
                *(f"  missed {one}" for one in figures.missed), *(f"  wrong  {one}" for one in figures.wrong), sep="\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
