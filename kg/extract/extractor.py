"""From articles to facts with evidence: mentions, candidates, choice, slots."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, repeat
from pathlib import Path
from typing import Any, Final

from kg.extract import settle
from kg.extract import slots as slot_items
from kg.extract.assemble import Standing, choose
from kg.extract.candidates import Candidate, Generator, candidates
from kg.extract.choice import Forest, forests
from kg.extract.features import Row
from kg.extract.long import LONGEST, joined, pieces
from kg.extract.mentions import Reader
from kg.extract.reading import Mention, Reading
from kg.extract.rescore import alive, context
from kg.extract.settle import SHARE
from kg.extract.votes import symbol, votes
from kg.extract.wording import Wording
from kg.model import KINDS, LANGUAGES, Article, Entity, Establishment, Evidence, Fact, PartialDate, SlotValue
from kg.reference import Reference
from kg.reference import load as load_reference

_BATCH: Final = 32
_DATES: Final = frozenset({"since", "until", "date"})


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the cycle collector back: a batch makes many small lists, none in cycles, and all are freed after."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(slots=True)
class _Work:
    """One article on its way."""

    article: Article
    reading: Reading | None = None
    generator: Generator | None = None
    candidates: list[Candidate] = field(default_factory=list)
    live: list[Candidate] = field(default_factory=list)
    probabilities: list[float] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    filled: list[dict[str, Any]] = field(default_factory=list)


class Extractor:
    """Reads facts out of articles; deterministic, and needs nothing but the tables it is given.

    Args:
        reference: the tables; by default those that travel with the package.
        frames: files of one's own with further trigger words (see ``docs/RULES.md``).
        min_confidence: facts below it are left out, 0 to 1.
    """

    def __init__(
        self, reference: Reference | None = None, frames: Sequence[Path] = (), *, min_confidence: float = 0.0
    ) -> None:
        self.reference = reference or load_reference()
        self.reader = Reader(self.reference, tuple(frames))
        self.min_confidence = min_confidence
        self.themes_of = {
            e.id: tuple(e.row["themes"].split("|"))
            for e in self.reference.entries.values()
            if e.type == "organization" and e.row.get("themes")
        }

    def facts(self, article: Article) -> list[Fact]:
        """The facts that *article* states, in the order of the text; none if its language is not en, ru or kk."""
        return next(self.many([article]))[1]

    def many(self, articles: Iterable[Article]) -> Iterator[tuple[Article, list[Fact]]]:
        """Facts of many articles; faster than one by one, since the forests are asked in batches."""
        batch: list[Article] = []
        for article in articles:
            long = len(article.text) > LONGEST
            if not long:
                batch.append(article)
            if long or len(batch) == _BATCH:
                yield from self._held(batch)
                batch = []
            if long:
                parts = ((self._held([piece])[0][1], offset) for piece, offset in pieces(article))
                yield article, joined(parts, _identity)
        yield from self._held(batch)

    def _held(self, articles: Sequence[Article]) -> list[tuple[Article, list[Fact]]]:
        with _no_collection():
            return self._batch(articles)

    def _batch(self, articles: Sequence[Article]) -> list[tuple[Article, list[Fact]]]:
        models = forests()
        work = []
        for article in articles:
            item = _Work(article)
            if article.lang in LANGUAGES and (article.text or article.title):
                item.reading = self.reader.read(article)
                item.generator = Generator(item.reading, self.reader.knowledge)
                item.candidates = list(candidates(item.generator))
            work.append(item)
        every = [c for item in work for c in item.candidates]
        first_look = _answers(models, [c.kind for c in every], [c.row for c in every])
        names: list[str] = []
        rows: list[Row] = []
        for item in work:
            item.live, first = alive(item.candidates, list(islice(first_look, len(item.candidates))))
            if item.generator is None:
                continue
            wording = Wording(item.generator)
            extra = context(item.live, first, [wording.score(c) for c in item.live])
            names += [_AGAIN[c.kind] for c in item.live]
            rows += [c.row + e for c, e in zip(item.live, extra, strict=True)]
        second_look = _answers(models, names, rows)
        thresholds = {name.rstrip("+"): forest.threshold for name, forest in models.items() if name.endswith("+")}
        for item in work:
            item.probabilities = list(islice(second_look, len(item.live)))
            words = len(item.article.text.split())
            chosen = choose(item.live, item.probabilities, thresholds, self.reader.country_of, words)
            item.standing = settle.founders(chosen, self.reader.knowledge, self.reader.entity)
        self._fill(work, models)
        return [(item.article, self._facts(item)) for item in work]

    def _fill(self, work: Sequence[_Work], models: Mapping[str, Forest]) -> None:
        """Fill the slots of all standing facts: first all but ``about``, which needs the presences' status."""
        fillers = {id(w): slot_items.SlotFiller(w.generator, self.themes_of) for w in work if w.generator}
        for names, maker in ((_FIRST, _items), (_SECOND, _about)):
            ask = _Questions(models)
            asked: list[tuple[dict[str, Any], str, dict[str, tuple[int, list[Any], list[Row]]]]] = []
            for item in work:
                if not item.standing:
                    continue
                filler = fillers[id(item)]
                if not item.filled:
                    item.filled = [{} for _ in item.standing]
                presences = [
                    (s, f) for s, f in zip(item.standing, item.filled, strict=True) if s.best.kind == "presence"
                ]
                filler.told = told = frozenset((s.best.kind, s.best.sentence) for s in item.standing)
                for standing, filled in zip(item.standing, item.filled, strict=True):
                    slots = names.get(standing.best.kind)
                    if slots is None:
                        continue
                    here = standing.best.sentence
                    possible = [(p.nearest(here), of) for p, of in settle.possible(standing, filled, presences)]
                    instances = _instances(standing)
                    for slot, name in slots:
                        parts: dict[str, tuple[int, list[Any], list[Row]]] = {}
                        for candidate in instances:
                            if slot not in _DATES or _own(standing, candidate, told):
                                for found in maker(filler, candidate, slot, possible):
                                    forest = f"{name}.{found.forest}" if found.forest else name
                                    if forest not in models:  # too rare to be learned
                                        continue
                                    part = parts.get(forest)
                                    if part is None:
                                        rows = ask.rows(forest)
                                        part = parts[forest] = (len(rows), [], rows)
                                    part[1].append(found.value)
                                    part[2].append(found.row)
                        if parts:
                            asked.append((filled, slot, parts))
            ask.answer()
            for filled, slot, parts in asked:
                scored = [
                    pair
                    for forest, (begin, values, _) in parts.items()
                    for pair in zip(values, ask.answers(forest, begin), strict=False)
                ]
                _decide(filled, slot, scored, models[next(iter(parts))].threshold)
        for item in work:
            if item.generator is not None and item.standing:
                settle.facts(
                    item.generator.view,
                    list(zip(item.standing, item.filled, strict=True)),
                    list(zip(item.probabilities, item.live, strict=True)),
                )

    def _facts(self, item: _Work) -> list[Fact]:
        facts = []
        seen: set[tuple[Any, ...]] = set()
        for standing, filled in zip(item.standing, item.filled, strict=True):
            if round(standing.probability, 3) < self.min_confidence:
                continue
            assert item.generator is not None
            assert item.reading is not None
            values = self._slots(item.generator, standing, filled)
            evidence = _evidence(item.reading, standing, zip(item.probabilities, item.live, strict=True))
            fact = Fact(standing.best.kind, values, evidence, round(standing.probability, 3))
            if _identity(fact) not in seen:
                seen.add(_identity(fact))
                facts.append(fact)
        return facts

    def _slots(self, generator: Generator, standing: Standing, filled: Mapping[str, Any]) -> dict[str, SlotValue]:
        best = standing.best
        values: dict[str, Any] = {}
        if best.kind == "agreement":
            values["parties"] = self._parties(standing)
        else:
            values |= {slot: m.entity for slot, m in best.fillers.items()} | dict(best.values)
            if best.kind == "tenure" and "of" in best.values:  # a country that only its city stands for
                values["of"] = self.reader.entity(str(best.values["of"]))
        for slot, value in filled.items():
            if slot.startswith(SHARE):
                continue
            if slot == "about":
                presence: Candidate = value
                values["about"] = Establishment(
                    presence.fillers["organization"].entity,
                    presence.fillers["place"].entity,
                    str(presence.values["form"]),
                )
            elif slot in slot_items.MANY:
                values[slot] = tuple(v.entity if isinstance(v, Mention) else v for v in value)
            else:
                values[slot] = value.entity if isinstance(value, Mention) else value
        if best.kind == "decision":
            for candidate in _instances(standing):
                quote = generator.reading.document.span(candidate.sentence)[0]
                found = symbol(quote, generator.reading.lang)
                values = {**({"symbol": found} if found else {}), **votes(generator, candidate), **values}
            if "in_favour" in values:
                values["adopted_by"] = "vote"
        elif best.kind == "membership":
            settle.council(values)
        settle.times(best.kind, values, generator.reading.article.published)
        return {slot: values[slot] for slot in KINDS[best.kind] if slot in values}

    def _parties(self, standing: Standing) -> tuple[Entity, ...]:
        parties: dict[str, Entity] = {}
        for _, candidate in standing.all:
            identifier = str(candidate.values["party"])
            mention = candidate.fillers["party"]
            parties.setdefault(
                identifier, mention.entity if mention.entity.id == identifier else self.reader.entity(identifier)
            )
        return tuple(parties.values())


_KEY_ORDER: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("organization", "place", "form"),
    "proposal": ("proposer", "about"),
    "decision": ("body", "instrument"),
    "agreement": ("parties",),
    "membership": ("member", "organization"),
    "relocation": ("organization", "to"),
    "count": ("what", "place", "value"),
    "tenure": ("person", "position", "of"),
}


def _identity(fact: Fact) -> tuple[Any, ...]:
    """What makes two facts of an article the same: kind and key; of proposals also what is proposed."""
    return (fact.kind, *(_mark(fact.slots.get(slot)) for slot in _KEY_ORDER[fact.kind]))


def _mark(value: Any) -> Any:
    if isinstance(value, Entity):
        return value.id
    if isinstance(value, Establishment):
        return (value.organization.id, value.place.id if value.place else None, value.form)
    return frozenset(map(_mark, value)) if isinstance(value, tuple) else value


_AGAIN: Final = {kind: kind + "+" for kind in _KEY_ORDER}
# By kind: slots, each with the name of its forest.
_FIRST: Final = {
    kind: tuple(
        (slot, f"{kind}.{slot}")
        for slots in (slot_items.DATE_SLOTS, slot_items.ENTITY_SLOTS, slot_items.CONCEPT_SLOTS)
        for slot in slots.get(kind, ())
    )
    for kind in _KEY_ORDER
}
_SECOND: Final = {kind: (("about", f"{kind}.about"),) for kind in slot_items.ABOUT}


def _own(standing: Standing, candidate: Candidate, told: Container[tuple[str, int]]) -> bool:
    """Whether the dates of a candidate's sentence are the fact's: not where the sentence tells another fact."""
    return candidate.sentence == standing.best.sentence or (candidate.kind, candidate.sentence) not in told


def _instances(standing: Standing) -> list[Candidate]:
    """Where slots are read from: the likeliest places that say a fact; the parties of an agreement share one."""
    if standing.best.kind == "agreement":
        return [standing.best]
    return [candidate for _, candidate in standing.likeliest()]


def _items(
    filler: slot_items.SlotFiller, candidate: Candidate, slot: str, _: Sequence[Any]
) -> Iterator[slot_items.Item]:
    if slot in slot_items.DATE_SLOTS.get(candidate.kind, ()):
        return filler.date_items(candidate, slot)
    if slot in slot_items.ENTITY_SLOTS.get(candidate.kind, ()):
        return filler.entity_items(candidate, slot)
    return filler.concept_items(candidate, slot)


def _about(
    filler: slot_items.SlotFiller, candidate: Candidate, _: str, presences: Sequence[Any]
) -> Iterator[slot_items.Item]:
    return filler.about_items(candidate, presences)


def _same(value: Any) -> Any:
    """What makes two items of different sentences the same value."""
    if isinstance(value, Mention):
        return value.entity.id
    if isinstance(value, PartialDate):
        return value.value
    return value.key if isinstance(value, Candidate) else value


def _decide(filled: dict[str, Any], slot: str, scored: Iterable[tuple[Any, float]], threshold: float) -> None:
    """Fill a slot from items of one or more sentences: the likeliest value, or all that are likely enough."""
    best: dict[Any, tuple[float, Any]] = {}
    total: dict[Any, float] = {}
    for value, probability in scored:
        identity = _same(value)
        total[identity] = total.get(identity, 0.0) + probability
        if identity not in best or probability > best[identity][0]:
            best[identity] = (probability, value)
    if slot in slot_items.MANY:
        chosen = tuple(value for probability, value in best.values() if probability >= threshold)
        if chosen:
            filled[slot] = chosen
        return
    if slot in {"status", "role"}:  # every sentence has a say
        chosen = max(total, key=lambda i: total[i])
        filled[slot] = best[chosen][1]
        filled[SHARE + slot] = total[chosen] / (sum(total.values()) or 1.0)
        return
    probability, value = max(best.values(), key=lambda b: b[0])
    if probability < threshold:
        return
    filled[slot] = value
    if slot in {"since", "until"}:
        filled[SHARE + slot] = probability
    since = filled.get("since")
    if slot == "until" and since is not None and value.value == since.value and len(value.value) > len("2024"):
        # Nothing ends on the day on which it begins: the less likely of the two goes.
        del filled["since" if filled[SHARE + "since"] < probability else "until"]


_QUOTED: Final = 0.7  # share of the highest probability from which a sentence goes first that names all fillers


def _evidence(reading: Reading, standing: Standing, others: Iterable[tuple[float, Candidate]]) -> tuple[Evidence, ...]:
    """The sentences that say it, three at the most: likely ones that speak of every filler go first.

    Args:
        reading: the article.
        standing: the fact.
        others: all likely candidates of the article, among which may be such a sentence where the fact has none.
    """
    said = standing.likeliest()
    enough = _QUOTED * standing.probability
    if standing.best.kind != "agreement" and all(_unnamed(c) for _, c in said):
        kind, key = standing.best.kind, standing.best.key
        same = [(p, c) for p, c in others if p >= enough and c.kind == kind and c.key == key and not _unnamed(c)]
        said += Standing(standing.best, standing.probability, same).likeliest()
    said.sort(key=lambda found: (found[0] < enough, _unnamed(found[1]), -found[0]))
    evidence = []
    for probability, candidate in said[:3]:
        quote, start, end, title = reading.document.span(candidate.sentence)
        rule = f"{standing.best.kind}.{reading.lang}"
        evidence.append(Evidence(quote, start, end, "title" if title else "text", rule, round(probability, 3)))
    return tuple(evidence)


def _unnamed(candidate: Candidate) -> int:
    """How many fillers the sentence of a candidate neither names nor refers to."""
    return sum(mention.sentence != candidate.sentence for mention in candidate.fillers.values())


def _answers(models: Mapping[str, Forest], names: Sequence[str], rows: Sequence[Row]) -> Iterator[float]:
    """What the forests of these names say of rows of features, in their order; 0 where there is no such forest."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for name, row in zip(names, rows, strict=True):
        by_name[name].append(row)
    answers: dict[str, Iterator[float]] = {
        name: iter(models[name].probabilities(found).tolist()) if name in models else repeat(0.0)
        for name, found in by_name.items()
    }
    return map(next, map(answers.__getitem__, names))


class _Questions:
    """Rows for the forests, asked all at once."""

    def __init__(self, models: Mapping[str, Forest]) -> None:
        self._models = models
        self._rows: dict[str, list[Row]] = {}
        self._answers: dict[str, list[float]] = {}

    def rows(self, name: str) -> list[Row]:
        """The rows for a forest, to be added to."""
        return self._rows.setdefault(name, [])

    def answer(self) -> None:
        """Ask all forests."""
        self._answers = {name: self._models[name].probabilities(rows).tolist() for name, rows in self._rows.items()}

    def answers(self, name: str, begin: int) -> Iterator[float]:
        """What a forest said of its rows from *begin* on."""
        return islice(self._answers[name], begin, None)
