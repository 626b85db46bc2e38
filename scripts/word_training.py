"""Weights of wordings (:mod:`kg.extract.wording`): a logistic regression for each kind, all languages at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kg.extract.candidates import Candidate, Generator
from kg.extract.wording import Symbols, features
from kg.extract.wordtables import SHARED

LEAST = 8  # times that a feature must occur
STRENGTH = 0.05  # inverse of the regularisation
SMALLEST = 0.04  # weights nearer to zero are left out


class Rows:
    """The features of the candidates of one kind as a sparse matrix, made once and cut for every fold."""

    def __init__(
        self, candidates: list[tuple[Generator, Candidate]], labels: list[float], weights: list[float]
    ) -> None:
        symbols: dict[int, Symbols] = {}
        rows = []
        for generator, candidate in candidates:
            known = (
                symbols.setdefault(id(generator), Symbols(generator))
                if id(generator) not in symbols
                else symbols[id(generator)]
            )
            lang = generator.reading.lang
            rows.append([f"{SHARED if f[0] == '~' else lang}|{f}" for f in features(known, candidate)])
        counted = Counter(f for row in rows for f in set(row))
        self.names = sorted(f for f, n in counted.items() if n >= LEAST)
        index = {f: n for n, f in enumerate(self.names)}
        columns: list[int] = []
        ends = [0]
        for row in rows:
            columns += [index[f] for f in row if f in index]
            ends.append(len(columns))
        shape = (len(rows), len(self.names))
        self.matrix = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=shape)
        self.matrix.sum_duplicates()
        self.labels, self.weights = np.array(labels), np.array(weights)

    def fit(self, chosen: np.ndarray) -> tuple[np.ndarray, float]:
        """Weights and intercept learned from some of the rows."""
        model = LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear", random_state=0)
        model.fit(self.matrix[chosen], self.labels[chosen], sample_weight=self.weights[chosen])
        coefficients = np.round(model.coef_[0], 3)
        coefficients[abs(coefficients) < SMALLEST] = 0.0
        return coefficients, round(float(model.intercept_[0]), 3)

    def scores(self, chosen: np.ndarray, learned: tuple[np.ndarray, float]) -> np.ndarray:
        """Log-odds of some of the rows."""
        result: np.ndarray = self.matrix[chosen] @ learned[0] + learned[1]
        return result

    def to_json(self, learned: tuple[np.ndarray, float]) -> dict[str, Any]:
        """The weights by language, in the order of their features."""
        found: dict[str, Any] = defaultdict(dict)
        for name, weight in zip(self.names, learned[0].tolist(), strict=True):
            if weight:
                lang, _, feature = name.partition("|")
                found[lang][feature] = weight
        return {"intercept": learned[1], **found}
