"""Rules and model together: what both found is surer, what one found stays under its name, differences are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from kg.extract.extractor import Extractor
from kg.extract.output import to_json
from kg.extract.parallel import Outcome, outcomes
from kg.extract.refusal import RefusedFact
from kg.model import KINDS, Article, Entity, Fact
from kg.readers.gate import refusal
from kg.readers.link import Names
from kg.readers.model import ModelReader
from kg.readers.pair import in_order, likeness, listed, pairs

_SUREST: Final = 0.99


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where the readers differ on an article.

    Attributes:
        article: the article.
        fact: the fact that one of them found, or as the rules found it.
        what: ``only model``, ``only rules``, or ``slots`` where both found the fact and fill slots differently.
        slots: for ``slots``, the slots, with the value of the rules and that of the model.
    """

    article: Article
    fact: Fact
    what: Literal["only model", "only rules", "slots"]
    slots: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def group(self) -> tuple[str, str, str]:
        """What kind of difference it is: of many in one group, one rule may settle most."""
        return self.what, self.fact.kind, self.article.lang


def combine(article: Article, rules: Sequence[Fact], model: Sequence[Fact]) -> tuple[list[Fact], list[Disagreement]]:
    """The facts of both readers, those that they agree on as one, and where they differ.

    A fact that both found has the slots of the rules, the further ones of the model, and the quotes of both; the
    evidence of the model says which slots it added. If the readers erred independently, both would be wrong with the
    product of their chances: that is the confidence of the fact.

    Args:
        article: the article.
        rules: facts by the rules.
        model: facts by the model.
    """
    found: list[Fact] = []
    differing: list[Disagreement] = []
    pairing = {i: j for i, j, _ in pairs(rules, model)}
    for i, fact in enumerate(rules):
        if i not in pairing:
            found.append(fact)
            differing.append(Disagreement(article, fact, "only rules"))
            continue
        other = model[pairing[i]]
        found.append(_agreed(fact, other))
        slots = tuple(_conflicts(fact, other))
        if slots:
            differing.append(Disagreement(article, fact, "slots", slots))
    for j, fact in enumerate(model):
        if j not in pairing.values():
            found.append(fact)
            differing.append(Disagreement(article, fact, "only model"))
    return found, differing


def _agreed(rules: Fact, model: Fact) -> Fact:
    added = {slot: value for slot, value in model.slots.items() if slot not in rules.slots}
    sure = round(min(_SUREST, 1 - (1 - rules.confidence) * (1 - model.confidence)), 3)
    evidence = tuple(replace(e, confidence=sure, supplied=tuple(added)) for e in model.evidence)
    return Fact(rules.kind, in_order(rules.kind, {**rules.slots, **added}), (*rules.evidence, *evidence), sure)


def _conflicts(rules: Fact, model: Fact) -> Iterator[tuple[str, Any, Any]]:
    for slot in KINDS[rules.kind]:
        ours, theirs = listed(rules.get(slot)), listed(model.get(slot))
        if slot != "name" and ours and theirs and not all(any(likeness(o, t) > 0 for t in theirs) for o in ours):
            yield slot, rules.get(slot), model.get(slot)


class BothReader:
    """Reads articles by the rules and by a model.

    Attributes:
        disagreements: where they differed, article by article as it was read.
    """

    def __init__(self, extractor: Extractor, model: ModelReader) -> None:
        self.extractor = extractor
        self.model = model
        self.disagreements: list[Disagreement] = []

    def outcomes(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """What becomes of each article; one that the model could not read is not read at all, to be read again."""
        for outcome in self.model.outcomes(articles):
            if outcome.error:
                yield outcome
                continue
            article = outcome.article
            own = next(outcomes([article], self.extractor))
            if own.error:
                yield own
                continue
            rules, refused = gated(Names(article, self.extractor.reader), own.facts)
            facts, differing = combine(article, rules, outcome.facts)
            self.disagreements += differing
            yield Outcome(article, facts, refused=(*outcome.refused, *refused))


def gated(names: Names, facts: Iterable[Fact]) -> tuple[list[Fact], list[RefusedFact]]:
    """The facts of the rules that the gate lets through, and those that it refuses."""
    good: list[Fact] = []
    refused: list[RefusedFact] = []
    for fact in facts:
        why = refusal(names, fact)
        if why is None:
            good.append(fact)
        else:
            refused.append(RefusedFact(names.article.id, why.reason, str(why), to_json(names.article, fact), "rules"))
    return good, refused


def report(disagreements: Iterable[Disagreement]) -> Iterator[dict[str, Any]]:
    """Disagreements as JSON objects, the most valuable first.

    Those of a sort that is frequent come first, for one new rule may settle them all; within a sort, what only the
    model found before what only the rules found, the surer before the less sure.
    """
    every = list(disagreements)
    often = Counter(d.group for d in every)
    rank = {"only model": 0, "slots": 1, "only rules": 2}
    every.sort(key=lambda d: (-often[d.group], rank[d.what], d.group, -d.fact.confidence, d.article.id))
    for one in every:
        line: dict[str, Any] = {"what": one.what, "lang": one.article.lang, "of this sort": often[one.group]}
        if one.slots:
            line["differing"] = {slot: {"rules": _shown(a), "model": _shown(b)} for slot, a, b in one.slots}
        yield {**line, "fact": to_json(one.article, one.fact)}


def _shown(value: Any) -> Any:
    shown = [v.names[0] if isinstance(v, Entity) else v if isinstance(v, int) else str(v) for v in listed(value)]
    return shown if isinstance(value, tuple) else shown[0]
