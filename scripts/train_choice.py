"""Train the forests that choose among candidates, from sets of annotated articles.

    python scripts/train_choice.py SET ... [--also SET ...] [--folds 5] [--output kg/extract/choice.json]

With ``--folds`` it prints precision, recall and F1 by kind and language of a cross-validation over articles, those on
one event held out together; with ``--output`` it trains on all of them and writes the weights; with ``--keep`` too,
only those of the slots are learned anew, so that no choice changes. Needs scikit-learn and LightGBM.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that wait for each other cost more than these small sets

import lightgbm as lgb
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotated import Example, load, match, own_sentences, sentences  # type: ignore[import-not-found]
from events import folds_of  # type: ignore[import-not-found]
from slot_training import collect  # type: ignore[import-not-found]
from word_training import Rows  # type: ignore[import-not-found]

from kg.extract import candidates as proposals
from kg.extract.candidates import FEATURES, Candidate, Generator
from kg.extract.choice import Forest
from kg.extract.features import Row
from kg.extract.knowledge import MEMBERSHIP_NAMES, PRESENCE_NAMES, TENURE_NAMES
from kg.extract.mentions import Reader
from kg.extract.rescore import NAMES, alive, context
from kg.extract.slots import forests_needed
from kg.extract.wording import Wording
from kg.reference import load as load_reference


def themes(reference: Any) -> dict[str, Any]:
    """Themes of each organisation of the tables."""
    return {
        e.id: tuple(e.row["themes"].split("|"))
        for e in reference.entries.values()
        if e.type == "organization" and e.row.get("themes")
    }


def prepare(examples: list[Example]) -> list[tuple[Example, list[Candidate], list[float], list[float]]]:
    """Candidates of every article with label and weight."""
    reader = Reader(load_reference())
    prepared = []
    for example in examples:
        reading = reader.read(example.article)
        generator = Generator(reading, reader.knowledge)
        found = list(proposals.candidates(generator))
        labels, weights = [], []
        for candidate in found:
            label, weight = match(example, candidate, reading)
            labels.append(label)
            weights.append(weight)
        prepared.append((example, found, labels, weights, generator))
    return prepared


FEW, MORE = 3, 6.0
"""Most facts of an article that says little, and how much more such an article counts than another.

Most articles to learn from are full of facts, as news is not: what is told in others is rarer, and where nothing is
told a reader sees facts more easily. Of 178 held out that say little, 84 of 100 facts read were right where neither
they nor their like counted more, and 88 with it; on articles full of facts it makes no difference (docs/CHOICE.md)."""


def counted_more(prepared: list[Any]) -> list[Any]:
    """The same articles, those that say little with more weight; what is given stays as it is."""
    return [
        (example, candidates, labels, [MORE * w for w in weights], generator)
        if len(example.facts) <= FEW
        else (example, candidates, labels, weights, generator)
        for example, candidates, labels, weights, generator in prepared
    ]


def counted_twice(prepared: list[Any]) -> list[Any]:
    """The same articles with twice the weight: those of the sort that is to be read, beside others."""
    return [(e, candidates, labels, [2 * w for w in weights], g) for e, candidates, labels, weights, g in prepared]


def short_texts(prepared: list[Any]) -> list[Any]:
    """The sentences of articles as articles of their own, of half the weight."""
    found = prepare(sentences([p[0] for p in prepared]))
    for item in found:
        item[3][:] = [0.5 * w for w in item[3]]
    return found


def frames_texts() -> list[Any]:
    """The rules' own sentences: what they say must be read."""
    found = prepare(own_sentences())
    for item in found:
        item[3][:] = [4.0 * w for w in item[3]]
    return found


_KNOWN = {*PRESENCE_NAMES, *MEMBERSHIP_NAMES, *TENURE_NAMES} - {"org-kind", "member-kind"}
FORGOTTEN = 0.2
"""Share of the texts that are learned from as if the tables held nothing of what they tell (docs/CHOICE.md)."""


def forgetful(prepared: list[Any]) -> list[Any]:
    """The same texts, of which a share is read as if the tables held no fact of them.

    The tables hold half of what the articles learned from say. Forests that never see a fact which the tables lack
    lean on the tables, as far as these go. A fifth makes up for most of that where the tables hold nothing at all;
    where they hold some it gives and takes as much as chance does.
    """
    masks = {kind: np.array([n not in _KNOWN for n in names], np.float32) for kind, names in FEATURES.items()}
    forgotten = np.random.default_rng(0).random(len(prepared)) < FORGOTTEN
    return [masked(p, masks) if f else p for p, f in zip(prepared, forgotten.tolist(), strict=True)]


def _floats(row: Row) -> np.ndarray:
    return np.frombuffer(b"".join(row), np.float32)


def masked(item: Any, masks: dict[str, np.ndarray]) -> Any:
    """A text whose candidates have some of their features set to zero."""
    example, candidates, labels, weights, generator = item
    blind = [replace(c, row=((_floats(c.row) * masks[c.kind]).tobytes(),)) for c in candidates]
    return (example, blind, labels, weights, generator)


Parameters = dict[str, Any]

# Splits at random places (extremely randomised trees: Geurts et al., Machine Learning 63, 2006) carry over to unseen
# articles better than the best splits do, and several forests averaged better than one, if not all are of a kind.
_ALWAYS: Parameters = {
    "objective": "binary",
    "max_bin": 63,
    "feature_pre_filter": False,
    "force_col_wise": True,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}
SECOND: Parameters = {
    "rounds": 115,
    "forests": 3,
    "at_random": 2,
    "learning_rate": 0.1,
    "num_leaves": 16,
    "max_depth": 9,
    "min_data_in_leaf": 20,
    "lambda_l2": 5.0,
    "feature_fraction_bynode": 0.3,
}
FIRST: Parameters = {
    "rounds": 60,
    "forests": 1,
    "at_random": 1,
    "learning_rate": 0.16,
    "num_leaves": 16,
    "max_depth": 7,
    "min_data_in_leaf": 12,
    "lambda_l2": 5.0,
    "feature_fraction_bynode": 0.4,
}
"""The first forest only has to tell the hopeless ones: it sees every candidate, so it is small."""


THRESHOLDS = {
    "presence": 0.56,
    "proposal": 0.5,
    "decision": 0.48,
    "membership": 0.6,
    "relocation": 0.54,
    "count": 0.48,
    "tenure": 0.48,
    "agreement": 0.5,
}
"""Probability from which a candidate stands in an article between full of facts and empty, chosen on articles that were
not learned from; how full one is shifts them (:func:`kg.extract.assemble.by_fullness`)."""


def train(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, parameters: Parameters) -> list[lgb.Booster]:
    """Forests whose log-odds are averaged; so many of them split ``at_random`` places, the others at the best ones."""
    asked = _ALWAYS | parameters
    rounds, forests = asked.pop("rounds"), asked.pop("forests")
    at_random = asked.pop("at_random")
    data = lgb.Dataset(rows, labels, weight=weights, params=_ALWAYS, free_raw_data=False)
    return [lgb.train(asked | {"seed": 8 + n, "extra_trees": n < at_random}, data, rounds) for n in range(forests)]


def to_json(models: list[lgb.Booster], features: list[str], threshold: float) -> dict[str, Any]:
    """The trees in the form of :class:`kg.extract.choice.Forest`; each of *models* counts for its share of the sum."""
    trees = [
        list(_nodes(tree["tree_structure"], 1 / len(models)))
        for model in models
        for tree in model.dump_model()["tree_info"]
    ]
    return {"features": features, "threshold": threshold, "baseline": 0.0, "trees": trees}


def _nodes(node: dict[str, Any], share: float) -> Iterator[list[float]]:
    if "split_feature" in node:
        yield [int(node["split_feature"]), float(f"{node['threshold']:.5g}")]
        yield from _nodes(node["left_child"], share)
        yield from _nodes(node["right_child"], share)
    else:
        yield [round(node["leaf_value"] * share, 3)]


def stack(prepared: list[Any], kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, labels and weights of all candidates of a kind."""
    rows, labels, weights = [], [], []
    for _, candidates, ys, ws, _ in prepared:
        for c, y, w in zip(candidates, ys, ws, strict=True):
            if c.kind == kind:
                rows.append(_floats(c.row))
                labels.append(y)
                weights.append(w)
    return np.array(rows, dtype=np.float32), np.array(labels), np.array(weights)


def fit_all(prepared: list[Any], folds: int = 4) -> Model:
    """Forests of both rounds and the weights of wordings, ready to be asked."""
    return Model(fit_json(prepared, folds=folds))


class Model:
    """What was learned, asked for all candidates of an article."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.forests = {kind: Forest(part) for kind, part in data["kinds"].items()}
        self.words = data["words"]

    def probabilities(self, prepared: Any) -> list[float]:
        """What the second round thinks of the candidates of one article; 0 for those without a second look."""
        candidates, generator = prepared[1], prepared[4]
        live, first = alive(candidates, first_probabilities(self.forests, candidates))
        wording = Wording(generator, self.words)
        extra = context(live, first, [wording.score(c) for c in live])
        rows = [c.row + e for c, e in zip(live, extra, strict=True)]
        found = {id(c): p for c, p in zip(live, _ask(self.forests, live, rows, "+"), strict=True)}
        return [found.get(id(c), 0.0) for c in candidates]


def first_forests(prepared: list[Any]) -> dict[str, Any]:
    """Forests of the first round, which see a candidate alone."""
    result = {}
    for kind in FEATURES:
        rows, labels, weights = stack(prepared, kind)
        result[kind] = to_json(train(rows, labels, weights, FIRST), FEATURES[kind], 0.5)
    return result


def fit_json(prepared: list[Any], thresholds: dict[str, float] | None = None, folds: int = 4) -> dict[str, Any]:
    """Forests and words; the second forests learn from what the first and the words say of articles held out."""
    prepared = forgetful(prepared)
    firsts = first_forests(prepared)
    held_out: list[list[float]] = [[] for _ in prepared]
    # An article and its sentences are held out together.
    names = sorted({p[0].article.id for p in prepared})
    fold_of = dict(zip(names, np.random.default_rng(11).permutation(len(names)) % folds, strict=True))
    for fold in range(folds):
        held = {i for i, p in enumerate(prepared) if fold_of[p[0].article.id] == fold}
        forests = {k: Forest(d) for k, d in first_forests([p for i, p in enumerate(prepared) if i not in held]).items()}
        for i in held:
            held_out[i] = first_probabilities(forests, prepared[i][1])
    live = [alive(p[1], first) for p, first in zip(prepared, held_out, strict=True)]
    words, wording = _fit_words(prepared, live, [fold_of[p[0].article.id] for p in prepared], folds)
    result = dict(firsts)
    second: dict[str, tuple[list[Any], list[int], list[float]]] = {kind: ([], [], []) for kind in FEATURES}
    for (_, candidates, ys, ws, _), (kept, first) in zip(prepared, live, strict=True):
        answers = {id(c): (y, w) for c, y, w in zip(candidates, ys, ws, strict=True)}
        for c, extra in zip(kept, context(kept, first, [wording[id(c)] for c in kept]), strict=True):
            rows, labels, weights = second[c.kind]
            rows.append(_floats(c.row + extra))
            labels.append(answers[id(c)][0])
            weights.append(answers[id(c)][1])
    for kind, (rows, labels, weights) in second.items():
        model = train(np.array(rows, dtype=np.float32), np.array(labels), np.array(weights), SECOND)
        result[f"{kind}+"] = to_json(model, [*FEATURES[kind], *NAMES], (thresholds or {}).get(kind, 0.5))
    return {"kinds": result, "words": words}


def _fit_words(
    prepared: list[Any], live: list[Any], fold_of: list[int], folds: int
) -> tuple[dict[str, Any], dict[int, float]]:
    """Weights of wordings by kind, learned from all, and the scores of each candidate when it was held out."""
    words: dict[str, Any] = {}
    scores: dict[int, float] = {}
    for kind in FEATURES:
        chosen, labels, weights, fold = [], [], [], []
        for (_, candidates, ys, ws, generator), (kept, _), number in zip(prepared, live, fold_of, strict=True):
            wanted = {id(c) for c in kept if c.kind == kind}
            for c, y, w in zip(candidates, ys, ws, strict=True):
                if id(c) in wanted:
                    chosen.append((generator, c))
                    labels.append(y)
                    weights.append(w)
                    fold.append(number)
        rows = Rows(chosen, labels, weights)
        words[kind] = rows.to_json(rows.fit(np.arange(len(chosen))))
        folded = np.array(fold)
        for number in range(folds):
            held = np.flatnonzero(folded == number)
            found = rows.scores(held, rows.fit(np.flatnonzero(folded != number)))
            scores |= {id(chosen[i][1]): float(s) for i, s in zip(held.tolist(), found.tolist(), strict=True)}
    return words, scores


SLOT_PARAMETERS: Parameters = {
    "max_iter": 60,
    "learning_rate": 0.12,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 10,
    "l2_regularization": 3.0,
    "max_features": 0.3,
    "early_stopping": False,
    "random_state": 7,
}
# LightGBM ends at the first tree that finds no split; of the concepts of a slot one in so many is right whatever
# another feature says, so that a tree which is not shown the concept finds none. Scikit-learn's goes on.


def fit_slots(prepared: list[Any], reference: Any) -> dict[str, Any]:
    """The slot forests; a slot with fewer than ten right examples gets none."""
    result = {}
    names = forests_needed()
    for name, (rows, ys) in collect(prepared, themes(reference)).items():
        labels = np.array(ys)
        if labels.sum() < 10:
            continue
        model = HistGradientBoostingClassifier(**SLOT_PARAMETERS).fit(np.array(rows, dtype=np.float32), labels)
        result[name] = _slot_json(model, names[name], _slot_threshold(name))
    return result


def _slot_json(model: HistGradientBoostingClassifier, features: list[str], threshold: float) -> dict[str, Any]:
    """The same form as :func:`to_json`."""

    def nodes(tree: Any, number: int = 0) -> Iterator[list[float]]:
        node = tree[number]
        if node["is_leaf"]:
            yield [round(float(node["value"]), 3)]
        else:
            yield [int(node["feature_idx"]), float(f"{float(node['num_threshold']):.5g}")]
            yield from nodes(tree, node["left"])
            yield from nodes(tree, node["right"])

    trees = [list(nodes(predictor.nodes)) for (predictor,) in model._predictors]
    baseline = round(float(model._baseline_prediction.ravel()[0]), 4)
    return {"features": features, "threshold": threshold, "baseline": baseline, "trees": trees}


def _share_names(kinds: dict[str, Any]) -> None:
    """Leave the names of features to the first forest that has them; the others name it."""
    first: dict[tuple[str, ...], str] = {}
    for name, forest in kinds.items():
        if isinstance(forest["features"], str):
            continue
        holder = first.setdefault(tuple(forest["features"]), name)
        if holder != name:
            forest["features"] = holder


SLOT_THRESHOLDS = {
    "about": 0.15,
    "focus": 0.34,
    "serves": 0.42,
    "initiator": 0.2,
    "from": 0.35,
    "occasion": 0.27,
    "membership.since": 0.33,
    "membership.until": 0.2,
    "presence.until": 0.34,
    "count.date": 0.41,
    "relocation.date": 0.52,
}
"""Probability from which a slot is filled, by slot or by forest, 0.45 for all others: chosen on articles held out,
so that at least four in ten of what a lower one adds are right."""


def _slot_threshold(name: str) -> float:
    return SLOT_THRESHOLDS.get(name, SLOT_THRESHOLDS.get(name.split(".")[1], 0.45))


def first_probabilities(forests: dict[str, Forest], candidates: list[Candidate]) -> list[float]:
    """What the first round thinks of the candidates of one article."""
    return _ask(forests, candidates, [c.row for c in candidates], "")


def _ask(forests: dict[str, Forest], candidates: list[Candidate], rows: list[Row], suffix: str) -> list[float]:
    result = [0.0] * len(candidates)
    for kind in FEATURES:
        indices = [i for i, c in enumerate(candidates) if c.kind == kind]
        if indices:
            for i, p in zip(indices, forests[kind + suffix].probabilities([rows[i] for i in indices]), strict=True):
                result[i] = float(p)
    return result


def _write(data: dict[str, Any], prepared: list[Any], output: Path) -> None:
    """Fit the slot forests, and write all."""
    data["kinds"] |= fit_slots(prepared, load_reference())
    _share_names(data["kinds"])
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    output.write_text(text + "\n", encoding="utf-8")
    print(f"wrote {output}, {len(text) // 1024} kB")


def main() -> None:
    """Read the command line and train."""
    from annotated import score_keys

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--also", nargs="*", type=Path, default=[], help="sets whose articles count half as much")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--output", type=Path)
    parser.add_argument(
        "--keep", type=Path, help="file whose choosing forests are kept: only those of the slots are fitted"
    )
    parser.add_argument("--watch", nargs="*", type=Path, default=[], help="sets to score with the model trained on all")
    args = parser.parse_args()
    started = time.time()
    prepared = counted_twice(prepare(load(args.sets))) if args.also else prepare(load(args.sets))
    prepared += prepare(load(args.also))
    print(f"{len(prepared)} articles, {sum(len(p[1]) for p in prepared)} candidates, {time.time() - started:.1f} s")
    reachable = Counter()
    for example, candidates, labels, *_ in prepared:
        reachable.update(score_keys.reach(example, candidates, labels))
    print("reachable:", {k: f"{reachable[k, True]}/{reachable[k, True] + reachable[k, False]}" for k in FEATURES})
    thresholds: dict[str, float] = dict(THRESHOLDS)
    if args.folds:
        scored: list[Any] = []
        for held in folds_of([p[0] for p in prepared], args.folds):
            model = fit_all(counted_more([p for i, p in enumerate(prepared) if i not in set(held)]))
            scored += [(prepared[i], model.probabilities(prepared[i])) for i in held]
        thresholds = score_keys.best_thresholds(scored)
        print("thresholds:", thresholds)
        score_keys.report(scored, thresholds)
    if args.output and args.keep:
        data = json.loads(args.keep.read_text(encoding="utf-8"))
        data["kinds"] = {name: forest for name, forest in data["kinds"].items() if "." not in name}
        _write(data, prepared, args.output)
    elif args.watch or args.output:
        data = fit_json(counted_more(prepared) + short_texts(prepared) + frames_texts(), thresholds)
        if args.watch:
            model = Model(data)
            watched = prepare(load(args.watch))
            score_keys.report([(p, model.probabilities(p)) for p in watched], thresholds)
        if args.output:
            _write(data, prepared, args.output)
    print(f"{time.time() - started:.1f} s in all")


if __name__ == "__main__":
    main()
