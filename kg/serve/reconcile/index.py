"""Finding entities by names as people write them: in three languages, inflected, misspelt, abbreviated.

First the names that share the most telling groups of three letters or words (cosine of tf-idf; Manning, Raghavan,
Schütze, *Introduction to Information Retrieval*, 6.2 and 6.3), then word by word, each with the one it is most like.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyoxigraph as ox
from rapidfuzz.distance import OSA
from scipy.sparse import csr_matrix

from kg import iris
from kg.build import KnowledgeGraph
from kg.serve.entity import MERGED, TYPE
from kg.serve.reconcile.names import Form, Word, form, variants

TYPES: Final = ("InternationalOrganization", "City", "Country", "Region", "Person", "Event", "Presence")
"""The classes that names are reconciled to."""

MOST_PRESENCES: Final = 20_000
"""How many establishments are indexed; in a graph with more of them only entities are."""

_PROPERTIES: Final = {
    iris.PREFIXES["skos"] + "prefLabel": "name",
    iris.PREFIXES["skos"] + "altLabel": "other name",
    iris.PREFIXES["rdfs"] + "label": "label",
    iris.term("acronym"): "acronym",
}
_SHORTLIST: Final = 40
_INFLECTED: Final = 0.97
_LEAST_ALIKE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Named:
    """A name of an entity: whose, as it is written, in which language, what kind of name, and as it is compared."""

    entity: int
    text: str
    lang: str
    kind: str
    form: Form


@dataclass(slots=True)
class Entity:
    """An entity: its IRI, its classes (local names), its preferred labels by language, how often facts name it."""

    iri: str
    types: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    weight: int = 0

    def label(self, lang: str) -> str:
        """What to call it in a language."""
        return self.labels.get(lang) or self.labels.get("en") or next(iter(sorted(self.labels.values())), self.iri)


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that a name may mean: how like (0 to 1), by which of its names, and why."""

    entity: Entity
    score: float
    name: Named
    how: str


class Index:
    """The names of a graph.

    Args:
        entities: the entities.
        names: their names.
    """

    def __init__(self, entities: Sequence[Entity], names: Sequence[Named]) -> None:
        self.entities = entities
        self.names = names
        self.by_iri = {entity.iri: entity for entity in entities}
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._acronyms: dict[str, set[int]] = defaultdict(set)
        self._frequency: Counter[str] = Counter()
        for number, name in enumerate(names):
            for stem in {stem for word in name.form.words for stem in word.stems}:
                self._by_stem[stem].append(number)
            self._frequency.update({word.latin for word in name.form.words})
            if name.kind == "acronym":
                self._acronyms[name.text.casefold()].add(name.entity)
        self._grams: dict[str, int] = {}
        self._matrix, self._idf = self._weigh()
        self._folded = [name.text.casefold() for name in names]

    @classmethod
    def of(cls, graph: KnowledgeGraph, weights: Mapping[str, int]) -> Index:
        """The index of a graph.

        Args:
            graph: the graph.
            weights: how often facts name an entity, by IRI; the better known one goes before, all else equal.
        """
        entities: dict[str, Entity] = {}
        for type_ in TYPES:
            quads = list(graph.store.match(None, TYPE, ox.NamedNode(iris.term(type_)), MERGED))
            if type_ == "Presence" and len(quads) > MOST_PRESENCES:
                continue
            for quad in quads:
                if isinstance(quad.subject, ox.NamedNode):
                    iri = quad.subject.value
                    entities.setdefault(iri, Entity(iri, weight=weights.get(iri, 0))).types.append(type_)
        order = sorted(entities.values(), key=lambda e: e.iri)
        names: dict[tuple[int, str, str], Named] = {}
        for number, entity in enumerate(order):
            for property_, kind in _PROPERTIES.items():
                for quad in graph.store.match(ox.NamedNode(entity.iri), ox.NamedNode(property_), None, MERGED):
                    if not isinstance(quad.object, ox.Literal):
                        continue
                    text, lang = quad.object.value, quad.object.language or ""
                    if kind == "name" or (kind == "label" and lang not in entity.labels):
                        entity.labels[lang] = text
                    key = number, text, lang
                    if key not in names:
                        names[key] = Named(number, text, lang, kind, form(text))
        return cls(order, list(names.values()))

    def _weigh(self) -> tuple[csr_matrix, np.ndarray[Any, Any]]:
        rows: list[int] = []
        columns: list[int] = []
        for number, name in enumerate(self.names):
            for gram in set(_grams(name.form.latin)):
                rows.append(number)
                columns.append(self._grams.setdefault(gram, len(self._grams)))
        counts = np.bincount(columns, minlength=len(self._grams)) if columns else np.zeros(0)
        idf = np.log((len(self.names) + 1) / (counts + 1)) + 0.1
        values = idf[columns] if columns else np.zeros(0)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(self.names), len(self._grams)))
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        norms[norms == 0] = 1
        return csr_matrix(matrix.multiply((1 / norms)[:, None])), idf

    def search(self, text: str, types: Iterable[str] = (), limit: int = 5) -> list[Found]:
        """The entities that a name may mean, the likeliest first.

        Args:
            text: the name.
            types: classes of which it must have one; none for any.
            limit: how many at most.
        """
        wanted = set(types)
        best: dict[int, Found] = {}
        for variant, trust in self._taken(text):
            asked = form(variant, asked=True)
            if not asked.words:
                continue
            for number in self._shortlist(asked, wanted):
                name = self.names[number]
                likeness, how = self._compare(variant, asked, name)
                found = Found(self.entities[name.entity], likeness * trust, name, how)
                known = best.get(name.entity)
                if known is None or found.score > known.score:
                    best[name.entity] = found
        ranked = sorted(best.values(), key=lambda f: (-round(f.score, 6), -f.entity.weight, f.entity.iri))
        return ranked[:limit]

    def _taken(self, text: str) -> list[tuple[str, float]]:
        """The ways to take a name; an acronym in a longer one is written out."""
        taken = dict(variants(text))
        words = text.split()
        for place, word in enumerate(words[:12]):
            plain = word.strip(".,;:()")
            owners = self._acronyms.get(plain.casefold(), set()) if plain.isupper() and len(words) > 1 else set()
            if len(owners) == 1:
                entity = self.entities[next(iter(owners))]
                for label in set(entity.labels.values()):
                    taken.setdefault(" ".join([*words[:place], label, *words[place + 1 :]]), 0.98)
        return list(taken.items())[:8]

    def _shortlist(self, asked: Form, types: set[str]) -> list[int]:
        """The numbers of the names worth a closer look."""
        votes = np.zeros(len(self.names))
        grams = [self._grams[g] for g in set(_grams(asked.latin)) if g in self._grams]
        if grams:
            vector = np.zeros(len(self._grams))
            vector[grams] = self._idf[grams]
            vector /= np.sqrt((vector**2).sum()) or 1
            votes += self._matrix @ vector
        for word in asked.words:
            weight = self._telling(word)
            for stem in word.stems:
                near = self._by_stem.get(stem, ())
                if near and len(near) < 2_000:
                    votes[near] += 0.1 * weight
        if not votes.any():
            return []
        count = min(len(votes), _SHORTLIST * (4 if types else 1))
        chosen = np.argpartition(-votes, count - 1)[:count]
        ordered = chosen[np.argsort(-votes[chosen], kind="stable")]
        fitting = [int(n) for n in ordered if votes[n] > 0 and self._fits(int(n), types)]
        return fitting[:_SHORTLIST]

    def _fits(self, number: int, types: set[str]) -> bool:
        return not types or not types.isdisjoint(self.entities[self.names[number].entity].types)

    def _telling(self, word: Word) -> float:
        """How much a word says about which name it is: rare ones say much (idf, scaled to 1)."""
        if word.small:
            return 0.1
        rare = math.log((len(self.names) + 1) / (self._frequency[word.latin] + 1))
        return max(0.1, rare / math.log(len(self.names) + 2))

    def _compare(self, text: str, asked: Form, name: Named) -> tuple[float, str]:
        """How alike two names are (0 to 1), and in what way."""
        if text.strip() == name.text:
            return 1.0, "the same"
        if asked.latin == name.form.latin:
            same_script = [w.text for w in asked.words] == [w.text for w in name.form.words]
            return (0.995, "the same but for case or marks") if same_script else (0.96, "the same in Latin letters")
        if name.kind == "acronym":
            if len(asked.words) > 1:
                return 0.0, "an acronym"
            # One letter more or less makes another acronym.
            return 0.8 * OSA.normalized_similarity(asked.latin, name.form.latin), "an acronym like this"
        words = self._by_words(asked, name.form)
        whole = OSA.normalized_similarity(asked.latin, name.form.latin)
        if words >= 0.97 * whole:
            return words, "inflected, or other words" if words > 0.96 else "some words"
        return 0.97 * whole, "spelt otherwise"

    def _by_words(self, asked: Form, name: Form) -> float:
        """The share of what both say that the words have in common, each with the one it is most like."""
        left = list(name.words)
        ours = sum(self._telling(word) for word in asked.words)
        theirs = sum(self._telling(word) for word in left)
        common = 0.0
        for word in sorted(asked.words, key=self._telling, reverse=True):
            if not left:
                break
            place, likeness = max(((n, _alike(word, other)) for n, other in enumerate(left)), key=lambda pair: pair[1])
            if likeness >= _LEAST_ALIKE:
                other = left.pop(place)
                common += likeness * (self._telling(word) + self._telling(other))
        # Words in another order are hardly another name.
        return 0.99 * common / (ours + theirs) if ours + theirs else 0.0

    def begin(self, prefix: str, types: Iterable[str] = (), limit: int = 20) -> list[Found]:
        """The entities with a name that begins with *prefix*, or has a word that does; the best known first."""
        wanted = set(types)
        start = prefix.strip().casefold()
        best: dict[int, Found] = {}
        if not start:
            return []
        for number, folded in enumerate(self._folded):
            if folded.startswith(start):
                score = 1.0
            elif f" {start}" in folded:
                score = 0.8
            else:
                continue
            name = self.names[number]
            if not self._fits(number, wanted):
                continue
            known = best.get(name.entity)
            if known is None or score > known.score:
                best[name.entity] = Found(self.entities[name.entity], score, name, "begins so")
        ranked = sorted(best.values(), key=lambda f: (-f.score, -f.entity.weight, len(f.name.text), f.entity.iri))
        return ranked[:limit] or self.search(prefix, types, limit)


@lru_cache(maxsize=1 << 16)
def _alike(one: Word, other: Word) -> float:
    if one.text == other.text:
        return 1.0
    if not one.stems.isdisjoint(other.stems):
        return _INFLECTED
    return max(OSA.normalized_similarity(a, b) for a in (one.latin, min(one.stems, key=len)) for b in (other.latin,))


def _grams(latin: str) -> list[str]:
    """The groups of three letters of a name, the ends of its words marked."""
    padded = f" {latin} "
    return [padded[n : n + 3] for n in range(len(padded) - 2)]
