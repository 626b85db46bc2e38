"""From scored candidates to facts: at one place in the text only one reading stands."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.extract.candidates import Candidate


@dataclass(slots=True)
class Standing:
    """A fact in the making: its best candidate, its probability, and all candidates that say the same."""

    best: Candidate
    probability: float
    all: list[tuple[float, Candidate]]

    def likeliest(self) -> list[tuple[float, Candidate]]:
        """The likeliest places where an article says the fact, one a sentence and three at the most."""
        found: dict[int, tuple[float, Candidate]] = {}
        for probability, candidate in sorted(self.all, key=lambda a: (-a[0], a[1].sentence)):
            found.setdefault(candidate.sentence, (probability, candidate))
        return list(found.values())[:3]

    def nearest(self, sentence: int) -> Candidate:
        """The candidate that stands nearest to a sentence, of those as near the likeliest."""
        return min(self.all, key=lambda a: (abs(a[1].sentence - sentence), -a[0]))[1]


def _slots_at(candidate: Candidate) -> list[tuple[object, ...]]:
    """Places in the text that a candidate uses up: no other reading of the same kind may use them again."""
    kind, fillers, sentence = candidate.kind, candidate.fillers, candidate.sentence
    if kind == "presence":
        # one organisation and one form for a place mention; a second only by another trigger
        return [(kind, sentence, fillers["place"].first, candidate.anchor[0])]
    if kind == "relocation":
        return [(kind, sentence, fillers["to"].first)]
    if kind == "count":
        return [(kind, sentence, candidate.anchor[0])]
    if kind == "tenure":
        return [(kind, sentence, fillers["person"].first, candidate.anchor[0])]
    if kind == "membership":
        return [(kind, sentence, fillers["member"].first)]
    if kind == "decision":
        return [(kind, sentence, candidate.values["instrument"])]
    if kind == "proposal":
        return [(kind, sentence, candidate.anchor[0])]
    return []


_POSSIBLE: Final = 0.3  # probability from which a reading counts as something that the article may tell
_SHORT, _LONG = 50, 200  # words: a shorter article counts as that long, and a longer one need not tell more than that
_EMPTY, _FULL = 0.5, 1.5  # facts in a hundred words
_STRICTER, _MILDER = 0.1, 0.02


def by_fullness(thresholds: Mapping[str, float], told: float, words: int) -> dict[str, float]:
    """The thresholds for an article that is as full of facts as this one: where little is told, a fact must be surer.

    Of what is likely to the same degree, more is right in an article full of facts than in one that says nothing else.
    The figures were chosen on articles that were not learned from (docs/CHOICE.md).

    Args:
        thresholds: probability from which a candidate stands in an article between full and empty, by kind.
        told: how many facts the article is likely to tell, the sum of their probabilities.
        words: how long it is.
    """
    fullness = 100 * told / min(max(words, _SHORT), _LONG)
    share = min(max((fullness - _EMPTY) / (_FULL - _EMPTY), 0.0), 1.0)
    shift = _STRICTER - share * (_STRICTER + _MILDER)
    return {kind: threshold + shift for kind, threshold in thresholds.items()}


def choose(
    candidates: Sequence[Candidate],
    probabilities: Sequence[float],
    thresholds: Mapping[str, float],
    country_of: Mapping[str, str] | None = None,
    words: int | None = None,
) -> list[Standing]:
    """The candidates that stand, joined by their key, in the order of the text.

    Args:
        candidates: of one article.
        probabilities: one for each candidate.
        thresholds: probability from which a candidate stands, by kind.
        country_of: country of each city, by id.
        words: how long the article is. With it thresholds are those :func:`by_fullness`; without, they are as given.
    """
    if words is not None:
        possible = choose(candidates, probabilities, dict.fromkeys(thresholds, _POSSIBLE), country_of)
        thresholds = by_fullness(thresholds, sum(s.probability for s in possible), words)
    order = sorted(range(len(candidates)), key=lambda i: (-probabilities[i], candidates[i].sentence, i))
    used: dict[tuple[object, ...], list[Candidate]] = {}
    standing: dict[tuple[str, tuple[str, ...]], Standing] = {}
    for i in order:
        candidate, probability = candidates[i], float(probabilities[i])
        if probability < thresholds[candidate.kind] or candidate.kind == "agreement":
            continue
        places = _slots_at(candidate)
        if any(_excludes(other, candidate) for place in places for other in used.get(place, ())):
            continue
        for place in places:
            used.setdefault(place, []).append(candidate)
        known = standing.get((candidate.kind, candidate.key))
        if known is None:
            standing[candidate.kind, candidate.key] = Standing(candidate, probability, [(probability, candidate)])
        else:
            known.all.append((probability, candidate))
    result = list(standing.values()) + list(_agreements(candidates, probabilities, thresholds["agreement"]))
    result.sort(key=lambda s: (s.best.sentence, s.best.anchor, s.best.kind, s.best.key))
    return _tidy(result, country_of or {})


_SHARED: Final = {"presence": "organization", "relocation": "organization", "proposal": "proposer"}


def _excludes(other: Candidate, candidate: Candidate) -> bool:
    """Whether of two readings of one place in the text only the likelier, *other*, may stand.

    Several names may share the rest: "the Court and the Commission have their seat in Minsk".
    """
    if other.key == candidate.key:
        return False
    slot = _SHARED.get(candidate.kind)
    if slot is None or other.key[1:] != candidate.key[1:]:
        return True
    a, b = other.fillers[slot], candidate.fillers[slot]
    return a.first < b.last and b.first < a.last


def _agreements(
    candidates: Sequence[Candidate], probabilities: Sequence[float], threshold: float
) -> Iterable[Standing]:
    """The parties of one sentence make one agreement; two parties at least."""
    by_sentence: dict[int, list[tuple[float, Candidate]]] = {}
    for candidate, probability in zip(candidates, probabilities, strict=True):
        if candidate.kind == "agreement":
            by_sentence.setdefault(candidate.sentence, []).append((float(probability), candidate))
    taken: list[frozenset[str]] = []
    groups = []
    for sentence, row in by_sentence.items():
        best: dict[str, tuple[float, Candidate]] = {}
        for probability, candidate in row:
            party = str(candidate.values["party"])
            if party not in best or probability > best[party][0]:
                best[party] = (probability, candidate)
        ranked = sorted(best.values(), key=lambda r: -r[0])
        if len(ranked) < 2:
            continue
        second = ranked[1][0]
        if ranked[0][0] < threshold or second < threshold * 0.6:
            continue
        members = [r for r in ranked if r[0] >= min(threshold, second)]
        groups.append(((ranked[0][0] * second) ** 0.5, sentence, members))
    for probability, _, members in sorted(groups, key=lambda g: (-g[0], g[1])):
        names = frozenset(str(c.values["party"]) for _, c in members)
        if any(len(names & other) >= 2 for other in taken):
            continue
        taken.append(names)
        yield Standing(members[0][1], probability, members)


def _tidy(standing: list[Standing], country_of: Mapping[str, str]) -> list[Standing]:
    """Drop readings that another one of the article makes superfluous.

    A presence gives way to a much likelier form in the same place by the same words; a bare word ("the
    centre") to the fuller form said elsewhere; a country to the city in it, which is the most exact place.
    """
    forms: dict[tuple[str, ...], list[Standing]] = {}
    exact: set[tuple[str, str, str]] = set()
    for s in standing:
        if s.best.kind == "presence":
            organization, place, form = s.best.key
            forms.setdefault((organization, place), []).append(s)
            if place in country_of:
                exact.add((organization, country_of[place], form))
    return [s for s in standing if s.best.kind != "presence" or not _superfluous(s, forms[s.best.key[:2]], exact)]


_FULLER: Final = {"centre": "regional-centre", "country-office": "regional-office"}


def _superfluous(s: Standing, rivals: Sequence[Standing], exact: Container[tuple[str, ...]]) -> bool:
    if s.best.key in exact:
        return True
    fuller = _FULLER.get(s.best.key[2])
    if all(c.bare for _, c in s.all) and any(r.best.key[2] == fuller for r in rivals):
        return True
    stronger = max(rivals, key=lambda r: r.probability)
    same_words = any(
        r.probability > s.probability and (r.best.sentence, r.best.anchor) == (s.best.sentence, s.best.anchor)
        for r in rivals
    )
    return stronger is not s and (same_words or s.probability < 0.5 * stronger.probability)
