"""Which things of a graph are likely one, for a person to decide."""

from __future__ import annotations

import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, count
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io
from kg.language import neutral
from kg.merge.decisions import Decisions
from kg.merge.node import MERGED
from kg.merge.saying import MERGE_KEY, link, name_of
from kg.model import KINDS, PartialDate
from kg.store import Store

_LABELS: Final = (terms.PREF_LABEL, terms.ALT_LABEL, terms.RDFS_LABEL, io("acronym"))
_LOOSE: Final = {iris.concept("form", form) for form in ("centre", "regional-centre", "regional-office")}
_SUPPORT: Final = io("support")
_CROWD: Final = 60
_LIKELY: Final = 0.6
_YEAR: Final = 366


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence that speaks of a thing, the id of its article, and the day on which that was published."""

    quote: str
    article: str
    published: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two things that may be one.

    Attributes:
        a: id of the first.
        b: id of the second.
        score: 0 to 1; the higher the likelier.
        why: what speaks for it and against it.
        names: a name of each.
        evidence: sentences about each.
    """

    a: str
    b: str
    score: float
    why: str
    names: tuple[str, str]
    evidence: tuple[tuple[Quoted, ...], tuple[Quoted, ...]]


def suggest(store: Store, decisions: Decisions, limit: int = 10, quotes: int = 2) -> list[Suggestion]:
    """The likeliest duplicates of a graph that nobody has judged yet, the likeliest first.

    Entities are compared if one of them is in no table: by the words of their names, whatever the script. Facts are
    compared if they share a merge key and merging kept them apart.

    Args:
        store: where the graph is.
        decisions: pairs judged before are left out.
        limit: how many are wanted.
        quotes: how many sentences about each are given.
    """
    finder = _Finder(store)
    found = [*finder.entities(), *finder.facts()]
    open_ = [
        one
        for one in found
        if one[1] not in decisions.group(one[2]) and not decisions.apart(one[1], one[2]) and one[0] >= _LIKELY
    ]
    best = sorted(open_, key=lambda one: (-one[0], one[1], one[2]))[:limit]
    return [
        Suggestion(a, b, round(score, 2), why, (finder.name(a), finder.name(b)),
                   (finder.quotes(a, quotes), finder.quotes(b, quotes)))
        for score, a, b, why in best
    ]  # fmt: skip


class _Finder:
    def __init__(self, store: Store) -> None:
        self.store = store
        self._slots: dict[str, dict[ox.NamedNode, set[str]]] = {}

    def _of(self, iri: str) -> dict[ox.NamedNode, set[str]]:
        """The values of a node of the merged graph, by property."""
        if iri not in self._slots:
            found: dict[ox.NamedNode, set[str]] = defaultdict(set)
            for quad in self.store.match(ox.NamedNode(iri), None, None, MERGED):
                found[quad.predicate].add(quad.object.value)  # type: ignore[union-attr]
            self._slots[iri] = found
        return self._slots[iri]

    def name(self, identifier: str) -> str:
        """A name of a thing; its id where it has none."""
        values = self._of(iris.entity(identifier))
        return next((min(values[p]) for p in _LABELS if values.get(p)), identifier)

    # Entities ---------------------------------------------------------------------------------------------------

    def entities(self) -> Iterator[tuple[float, str, str, str]]:
        for name in terms.ENTITY_CLASSES.values():
            yield from self._entities_of(io(name))

    def _entities_of(self, type_: ox.NamedNode) -> Iterator[tuple[float, str, str, str]]:
        words: dict[str, set[frozenset[str]]] = {}
        for quad in self.store.match(None, terms.RDF_TYPE, type_, MERGED):
            iri = str(getattr(quad.subject, "value", ""))
            labels = {label for p in _LABELS for label in self._of(iri).get(p, ())}
            words[iris.local(iri)] = {frozenset(filter(None, neutral.key(label).split("-"))) for label in labels}
        # Words are compared by their beginnings, so that endings and spellings may differ.
        having: dict[str, set[str]] = defaultdict(set)
        for identifier, names in words.items():
            for word in frozenset().union(*names):
                having[word[:4]].add(identifier)
        rare = {head: math.log(1 + len(words) / len(found)) for head, found in having.items()}
        for one in sorted(words):
            if not one.partition("/")[2].startswith("x-"):
                continue
            heads = {word[:4] for names in words[one] for word in names}
            near = Counter(o for head in heads if len(having[head]) <= _CROWD for o in having[head] if o != one)
            for other in sorted(near):
                if other.partition("/")[2].startswith("x-") and other < one:
                    continue
                score = max((_alike(a, b, rare) for a in words[one] for b in words[other] if a and b), default=0.0)
                common = self._company(one) & self._company(other)
                if score >= _LIKELY:
                    company = f"; both with {', '.join(sorted(common)[:3])}" if common else ""
                    yield min(1.0, score + 0.1 * bool(common)), one, other, f"names alike ({score:.0%}){company}"

    def _company(self, identifier: str) -> set[str]:
        """The other entities in the facts that name an entity."""
        node = ox.NamedNode(iris.entity(identifier))
        facts = [q.subject for q in self.store.match(None, None, node, MERGED)][:_CROWD]
        values = (v for fact in facts for vs in self._of(str(getattr(fact, "value", ""))).values() for v in vs)
        return {iris.local(v) for v in values if v.startswith(iris.ID_PREFIX) and v != node.value} - {identifier}

    # Facts ------------------------------------------------------------------------------------------------------

    def facts(self) -> Iterator[tuple[float, str, str, str]]:
        groups: dict[str, set[str]] = defaultdict(set)
        for quad in self.store.match(None, MERGE_KEY, None, None):
            key = str(getattr(quad.object, "value", ""))
            kind = key.partition(" ")[0]
            if kind in KINDS and not str(quad.subject).endswith("-about>"):
                for account in self._accounts(quad.subject):
                    for merged in self.store.match(None, io("account"), account, MERGED):
                        if isinstance(merged.subject, ox.NamedNode):
                            groups[key].add(merged.subject.value)
        seen: set[tuple[str, str]] = set()
        for key, found in sorted(groups.items()):
            for one, other in combinations(sorted(found), 2) if len(found) <= _CROWD else ():
                if (one, other) not in seen:
                    seen.add((one, other))
                    compared = self._compare(key.partition(" ")[0], one, other)
                    if compared is not None:
                        yield compared[0], iris.local(one), iris.local(other), compared[1]

    def _compare(self, kind: str, one: str, other: str) -> tuple[float, str] | None:
        """How much two facts of a kind agree, and where; ``None`` where they are certainly two."""
        mine, theirs = self._of(one), self._of(other)
        if mine[_SUPPORT] == theirs[_SUPPORT] == {"0"}:
            return None  # rows of the tables were looked up
        agree: list[str] = []
        differ: list[str] = []
        score = weight = 0.0
        for slot in KINDS[kind]:
            property_ = terms.PROPERTIES[kind][slot]
            a, b = mine.get(property_, set()), theirs.get(property_, set())
            if slot == "status" or (not a and not b):
                continue
            if not a or not b:
                weight += 0.25
                continue
            value = self._agree(slot, a, b)
            if value is None or (value == 0 and KINDS[kind][slot].key):
                return None
            weight += 1
            score += value
            (agree if value == 1 else differ).append(slot.replace("_", " "))
        if not differ and not agree:
            return None
        why = f"same {', '.join(agree)}" + (f"; other {', '.join(differ)}" if differ else "")
        return (score / weight if len(differ) <= 1 else 0.0), why

    def _accounts(self, node: object) -> Iterator[ox.NamedNode]:
        """The accounts that have a key: the one that stands for itself, or all of those that say alike."""
        name = name_of(node)  # type: ignore[arg-type]
        if not name:
            yield node  # type: ignore[misc]
            return
        for number in count():
            found = list(self.store.match(None, MERGE_KEY, ox.Literal(link(name, number)), None))
            if not found:
                return
            yield from (quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode))

    def _agree(self, slot: str, a: set[str], b: set[str]) -> float | None:
        if a & b:
            return 1.0
        if slot in ("date", "since", "until"):
            one, other = PartialDate(min(a)), PartialDate(min(b))
            if one.compatible(other):
                return 1.0
            gap = max((one.earliest - other.latest).days, (other.earliest - one.latest).days)
            return None if gap > _YEAR else 0.4
        if slot == "role":
            return None  # a member in another role is told apart
        if slot == "form":
            return 0.5 if a | b <= _LOOSE else 0.0
        if slot == "place":
            country = io("country")
            places = [{v, *self._of(v).get(country, ())} for v in (min(a), min(b))]
            return 0.6 if places[0] & places[1] and (a <= places[1] or b <= places[0]) else 0.0
        if slot == "name":
            keys = [frozenset(neutral.key(min(v)).split("-")) for v in (a, b)]
            return 0.5 if keys[0] & keys[1] else 0.2
        return 0.0

    # Evidence ---------------------------------------------------------------------------------------------------

    def quotes(self, identifier: str, most: int) -> tuple[Quoted, ...]:
        """Sentences about a thing, one an article, the latest articles first."""
        node = ox.NamedNode(iris.entity(identifier))
        accounts = {q.object for q in self.store.match(node, io("account"), None, MERGED)}
        for fact in [] if accounts else {q.subject for q in self.store.match(None, None, node, MERGED)}:
            accounts |= {q.object for q in self.store.match(fact, io("account"), None, MERGED)}
        found: dict[str, Quoted] = {}
        for account in sorted(accounts, key=str):
            for supports in self.store.match(None, io("supports"), account, None):
                graph = supports.graph_name
                assert isinstance(graph, ox.NamedNode)
                quote = _value(self.store.match(supports.subject, io("quote"), None, graph))
                article = str(getattr(graph, "value", "")).removeprefix(iris.ARTICLE_PREFIX)
                published = _value(self.store.match(graph, terms.prefixed("schema:datePublished"), None, graph))
                found.setdefault(article, Quoted(quote, article, published))
        return tuple(sorted(found.values(), key=lambda q: (q.published, q.article), reverse=True)[:most])


def _value(quads: Iterable[ox.Quad]) -> str:
    return next((str(getattr(q.object, "value", "")) for q in quads), "")


def _alike(a: frozenset[str], b: frozenset[str], rare: dict[str, float]) -> float:
    """How much two names share, rare words counting more (a soft Jaccard index); a part of a name counts as less."""

    def weight(word: str) -> float:
        return rare.get(word[:4], 1.0)

    left = set(b)
    shared = 0.0
    for word in sorted(a, key=weight, reverse=True):
        ratio, match = max(((_ratio(word, other), other) for other in left), default=(0.0, ""))
        if ratio >= 0.75:
            shared += ratio * (weight(word) + weight(match)) / 2
            left.discard(match)
    wa, wb = sum(map(weight, a)), sum(map(weight, b))
    jaccard = shared / (wa + wb - shared)
    return max(jaccard, 0.8 * shared / min(wa, wb))


def _ratio(a: str, b: str) -> float:
    if a == b:
        return 1.0
    return difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() if a[:1] == b[:1] else 0.0
