"""What the learned choice is worth: cross-validated over articles, beside rules alone and a choice blind to the rules.

    python scripts/study_choice.py SET.json [SET.json …] [--always SET …] [--folds 5] [--curve]

Articles on one event are held out together. Prints, with the thresholds of ``train_choice.py``:

- rules alone: a candidate stands where its pattern (trigger, cases, side, clause) was right more often than not;
- learned alone: the forests without the trigger classes and without what the reference tables know;
- both: the forests as they are; its calibration (of facts with a confidence, how many are right); and what became of
  every annotated fact that was missed.
- with ``--curve``, how F1 grows with the number of articles to learn from.

Needs scikit-learn and LightGBM.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import train_choice
from annotated import KEYS, load, match, score_keys
from events import folds_of  # type: ignore[import-not-found]

from kg.extract import assemble, rescore
from kg.extract.candidates import FEATURES, Candidate
from kg.extract.features import CLASSES
from kg.extract.knowledge import MEMBERSHIP_NAMES, PRESENCE_NAMES, ROLE_NAMES, TENURE_NAMES

Prepared = tuple[Any, list[Candidate], list[float], list[float], Any]
Scored = list[tuple[Prepared, list[float]]]
_RULES = {*CLASSES, *PRESENCE_NAMES, *MEMBERSHIP_NAMES, *ROLE_NAMES, *TENURE_NAMES}


def cross_validated(
    prepared: list[Prepared],
    folds: int,
    learn: Callable[[list[Prepared]], Callable[[Prepared], list[float]]],
    share: float = 1.0,
    always: Sequence[Prepared] = (),
    texts: Sequence[Prepared] = (),
) -> Scored:
    """Every article scored by what was learned from the others, or from a share of them.

    Of *texts*, the sentences of articles, those count whose article is learned from.
    """
    scored: Scored = []
    for held in folds_of([p[0] for p in prepared], folds):
        rest = [p for i, p in enumerate(prepared) if i not in set(held)]
        rest += always
        if share < 1.0:
            rest = _sample(rest, share)
        read = {p[0].article.id for p in rest}
        judge = learn([*rest, *(t for t in texts if t[0].article.id in read)])
        scored += [(prepared[i], judge(prepared[i])) for i in held]
    return scored


def _sample(items: list[Prepared], share: float) -> list[Prepared]:
    chosen = np.random.default_rng(5).permutation(len(items))[: round(len(items) * share)]
    return [items[i] for i in sorted(chosen.tolist())]


def forests(items: list[Prepared]) -> Callable[[Prepared], list[float]]:
    """The forests as they are."""
    judge: Callable[[Prepared], list[float]] = train_choice.fit_all(items).probabilities
    return judge


def patterns(items: list[Prepared]) -> Callable[[Prepared], list[float]]:
    """Patterns with the share of their candidates that were right."""
    counted: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for _, candidates, labels, weights, _ in items:
        for candidate, label, weight in zip(candidates, labels, weights, strict=True):
            entry = counted[pattern(candidate)]
            entry[0] += label * weight
            entry[1] += weight
    share = {key: (right + 0.3) / (total + 1.0) for key, (right, total) in counted.items()}
    return lambda prepared: [share.get(pattern(c), 0.0) for c in prepared[1]]


_COLUMNS: dict[str, list[tuple[int, str]]] = {}


def pattern(candidate: Candidate) -> tuple[Any, ...]:
    """What a rule would ask of a candidate: its own words, cases, sides, the same clause, the same sentence."""
    columns = _COLUMNS.get(candidate.kind)
    if columns is None:
        columns = _COLUMNS[candidate.kind] = [
            (n, name)
            for n, name in enumerate(FEATURES[candidate.kind])
            if name.endswith((".apart", ".clause", ".case"))
            or name.startswith(("anchor=", "what=", "trigger="))
            or name in {"form", "back", "rank", "org-rank"}
        ]
    row = np.frombuffer(b"".join(candidate.row), np.float32)
    near = tuple(min(row[n], 1.0) if name.endswith((".apart", "rank")) else row[n] for n, name in columns)
    return (candidate.kind, *near, *sorted(str(v) for s, v in candidate.values.items() if s in {"role", "position"}))


def without_rules(prepared: list[Prepared]) -> list[Prepared]:
    """The same candidates with every feature that comes of a trigger class or of the tables set to zero."""
    masks = {
        kind: np.array([not _from_rules(name) for name in names], dtype=np.float32) for kind, names in FEATURES.items()
    }
    return [train_choice.masked(p, masks) for p in prepared]


def _from_rules(name: str) -> bool:
    tail = name.replace(">", ":").rpartition(":")[2]
    return tail in _RULES or name.startswith("anchor=")


def causes(scored: Scored, thresholds: dict[str, float]) -> dict[str, Counter[str]]:
    """Of each kind, what became of the annotated facts: found, or why not.

    ``name``: a key entity is nowhere among the mentions. ``candidate``: all are there, and no rule joins them.
    ``other sentence``: joined, but only outside the sentence that says it. ``choice``: joined where it is said, and not
    chosen. ``rival``: another reading of the same words was chosen.
    """
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for (example, candidates, labels, weights, generator), probabilities in scored:
        standing = assemble.choose(candidates, probabilities, thresholds, words=len(example.article.text.split()))
        found = Counter(kind for kind, good in score_keys.hits(example, standing) if good)
        mentions = generator.reading.mentions
        taken = {(s.best.kind, s.best.sentence) for s in standing}
        rights = [(c, w) for c, y, w in zip(candidates, labels, weights, strict=True) if y]
        for fact in example.facts:
            kind = fact["kind"]
            if found[kind] > 0:
                found[kind] -= 1
                table[kind]["found"] += 1
                continue
            keys = [fact[s] for s in KEYS[kind]]
            keys = [k for value in keys for k in (value if isinstance(value, list) else [value])]
            entities = [k for k in keys if isinstance(k, str) and k in example.entities]
            own = [(c, w) for c, w in rights if c.kind == kind and _of(example, fact, c)]
            if any(not any(example.same(e, m.entity) for m in mentions) for e in entities):
                table[kind]["name"] += 1
            elif not own:
                table[kind]["candidate"] += 1
            elif all(w < 1 for _, w in own):
                table[kind]["other sentence"] += 1
            elif any((kind, c.sentence) in taken for c, _ in own):
                table[kind]["rival"] += 1
            else:
                table[kind]["choice"] += 1
    return table


def _of(example: Any, fact: dict[str, Any], candidate: Candidate) -> bool:
    alone = type(example)(example.article, [fact], example.entities, example.names)
    return match(alone, candidate, _Anywhere())[0] > 0  # type: ignore[arg-type]


class _Anywhere:
    """A reading whose every sentence is the one that says it: only the key counts."""

    class document:
        @staticmethod
        def span(sentence: int) -> tuple[str, int, int, bool]:
            return "", 0, 0, False


def calibration(scored: Scored, thresholds: dict[str, float]) -> list[tuple[str, int, float]]:
    """Of the facts whose confidence lies in a range: how many there are, and the share that is right."""
    bins: dict[int, list[bool]] = defaultdict(list)
    for (example, candidates, *_), probabilities in scored:
        standing = assemble.choose(candidates, probabilities, thresholds, words=len(example.article.text.split()))
        for one, (_, good) in zip(standing, score_keys.hits(example, standing), strict=True):
            bins[min(int(one.probability * 10), 9)].append(good)
    return [(f"{n / 10:.1f}–{n / 10 + 0.1:.1f}", len(v), sum(v) / len(v)) for n, v in sorted(bins.items())]


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--always", nargs="*", type=Path, default=[], help="sets to learn from in every fold")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--curve", action="store_true")
    args = parser.parse_args()
    started = time.time()
    thresholds = dict(train_choice.THRESHOLDS)
    prepared: list[Prepared] = train_choice.counted_more(train_choice.prepare(load(args.sets)))
    always: list[Prepared] = train_choice.counted_more(train_choice.prepare(load(args.always)))
    texts: list[Prepared] = train_choice.short_texts([*prepared, *always])
    always += train_choice.frames_texts()
    print(f"{len(prepared)} articles in {args.folds} folds; {len(always)} more texts to learn from in each\n")

    print("rules alone")
    half = dict.fromkeys(thresholds, 0.5)
    score_keys.report(cross_validated(prepared, args.folds, patterns, always=always), half)
    print("\nlearned alone")
    blind = cross_validated(
        without_rules(prepared), args.folds, forests, always=without_rules(always), texts=without_rules(texts)
    )
    score_keys.report(blind, thresholds)
    print("\nboth")
    scored = cross_validated(prepared, args.folds, forests, always=always, texts=texts)
    score_keys.report(scored, thresholds)

    print("\ncalibration of both: confidence, facts, right")
    for span, count, right in calibration(scored, thresholds):
        print(f"  {span}  {count:5}  {right:.2f}")
    print("\nwhat became of annotated facts")
    table = causes(scored, thresholds)
    heads = ("found", "choice", "rival", "other sentence", "candidate", "name")
    print(f"  {'':12}" + "".join(f"{head:>16}" for head in heads))
    for kind in FEATURES:
        print(f"  {kind:12}" + "".join(f"{table[kind][head]:16}" for head in heads))
    total = sum(table.values(), Counter())
    print(f"  {'all':12}" + "".join(f"{total[head]:16}" for head in heads))
    if args.curve:
        print("\nlearning curve of both (F1; best thresholds of each run)")
        for share in (0.125, 0.25, 0.5, 1.0):
            part = scored if share == 1.0 else cross_validated(prepared, args.folds, forests, share, always, texts)
            print(f"{share:.1%} of the texts to learn from")
            score_keys.report(part, score_keys.best_thresholds(part))
    print(f"\n{time.time() - started:.0f} s; floor of the second look {rescore.FLOOR}")


if __name__ == "__main__":
    main()
