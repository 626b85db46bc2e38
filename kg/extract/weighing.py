"""How likely each possible fact of an article is, before one of several readings of a place is chosen.

What :mod:`kg.extract.extractor` does with many articles at once, for one that has been read: for those who want to know
what the rules think of a fact that somebody else read there.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.candidates import Candidate, Generator, candidates
from kg.extract.choice import forests
from kg.extract.features import Row
from kg.extract.knowledge import Knowledge
from kg.extract.reading import Reading
from kg.extract.rescore import alive, context
from kg.extract.wording import Wording


def weighed(reading: Reading, knowledge: Knowledge) -> list[tuple[Candidate, float]]:
    """Every candidate of an article with its probability, 0 to 1; 0 for those that have no second look.

    Args:
        reading: the article as the frames see it.
        knowledge: what the tables hold.
    """
    generator = Generator(reading, knowledge)
    found = list(candidates(generator))
    first = _ask([(c.kind, c.row) for c in found])
    live, kept = alive(found, first)
    wording = Wording(generator)
    more = context(live, kept, [wording.score(c) for c in live])
    second = _ask([(f"{c.kind}+", c.row + row) for c, row in zip(live, more, strict=True)])
    sure = {id(c): p for c, p in zip(live, second, strict=True)}
    return [(c, sure.get(id(c), 0.0)) for c in found]


def _ask(rows: Sequence[tuple[str, Row]]) -> list[float]:
    models, result = forests(), [0.0] * len(rows)
    for name in dict.fromkeys(name for name, _ in rows):
        places = [i for i, (n, _) in enumerate(rows) if n == name]
        answers = models[name].probabilities([rows[i][1] for i in places]) if name in models else ()
        for i, answer in zip(places, answers, strict=False):
            result[i] = float(answer)
    return result
