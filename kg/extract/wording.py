"""What the words around a candidate say: a linear model over the beginnings of words, one for each kind and language.

The forests see trigger classes, cases and distances; here the words themselves count: those between two fillers, beside
each of them, of the trigger, and of the whole sentence. Names and dates stand for their types, so that a wording is
learned apart from who is spoken of. A score is a sum of weights, and each part of it is kept for the candidates that
share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, groupby
from typing import Any, Final

from kg.extract.candidates import Candidate, Generator
from kg.extract.choice import load
from kg.extract.reading import Reading, case_of_preposition
from kg.extract.wordtables import FAR, NEAR, WAY, Tables
from kg.language.kept import Kept

LETTERS: Final = 5  # of the beginning of a word: cuts endings in all three languages
_ENDING: Final = 3
_SLOTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    kind: tuple((slot[0].upper(), slot) for slot in slots)
    for kind, slots in (
        ("presence", ("organization", "place")),
        ("relocation", ("organization", "to")),
        ("membership", ("member", "organization")),
        ("tenure", ("person", "of")),
        ("agreement", ("party",)),
        ("decision", ("body",)),
        ("proposal", ("proposer",)),
        ("count", ("place",)),
    )
}
_VALUE: Final = {"presence": "form", "tenure": "position", "decision": "instrument", "count": "what"}
_SHOWN: Final = frozenset({"name", "new", "organ", "inside"})

Span = tuple[str, int, int]
Part = tuple[Any, ...]


class Symbols:
    """The tokens of a reading as symbols: beginnings of words, their endings, and types of names and dates."""

    def __init__(self, generator: Generator) -> None:
        reading = generator.reading
        self.document = document = reading.document
        spelt = _spelt(reading.lang)
        words, endings, plain = zip(*[spelt[word] for word in document.low], strict=True)
        self.word, self.ending = list(words), list(endings)
        spans = [(m.first, m.last, "@" + m.type[:4]) for m in reading.mentions if m.how in _SHOWN]
        spans += [(d.first, d.last, "@date") for d in reading.dates]
        self.plain = _plain(reading, plain)
        for first, last, symbol in spans:
            self.word[first:last] = [symbol] * (last - first)
            self.ending[first:last] = [""] * (last - first)

    def features(self, part: Part) -> tuple[list[str], list[str]]:
        """The features of a part of :func:`parts_of`: those of the language, and those alike in all languages."""
        name = part[0]
        if name == "beside":
            return self.beside(*part[1:]), self.plainly_beside(*part[1:])
        if name == "apart":
            return self.apart(*part[1:]), self.plainly_apart(*part[1:])
        if name == "sentence":
            return self.sentence(part[1]), []
        return (self.trigger(*part[1:]) if name == "trigger" else [f"{part[1]}:out"]), []

    def between(self, first: int, last: int) -> list[str]:
        """The symbols of tokens ``[first, last)``, a name of several words as one."""
        found: list[str] = []
        for symbol in self.word[first:last]:
            if not found or symbol != found[-1] or symbol[0] != "@":
                found.append(symbol)
        return found

    def plainly_between(self, first: int, last: int) -> list[str]:
        """The plain symbols of tokens ``[first, last)``, equal ones beside each other as one."""
        return [symbol for symbol, _ in groupby(self.plain[first:last])]

    def around(self, first: int, last: int, sentence: int) -> list[str]:
        """The three symbols before a span, then the three after it, within its sentence."""
        span = self.document.sentences[sentence]
        if span.first + 3 <= first and last + 3 <= span.last:
            return self.word[first - 3 : first] + self.word[last : last + 3]
        low, high = max(span.first, first - 3), min(span.last, last + 3)
        return ["^"] * (3 - first + low) + self.word[low:first] + self.word[last:high] + ["$"] * (3 - high + last)

    def plainly_around(self, first: int, last: int, sentence: int) -> list[str]:
        """The two plain symbols before a span, its own first one, and the two after it."""
        span, plain = self.document.sentences[sentence], self.plain
        if span.first + 2 <= first and last + 2 <= span.last:
            return [*plain[first - 2 : first + 1], *plain[last : last + 2]]
        low, high = max(span.first, first - 2), min(span.last, last + 2)
        before, after = ["^"] * (2 - first + low) + plain[low:first], plain[last:high] + ["$"] * (2 - high + last)
        return [*before, plain[first], *after]

    def beside(self, name: str, first: int, last: int, sentence: int) -> list[str]:
        """Features of the three symbols on either side of a span within its sentence."""
        a, b, c, d, e, f = self.around(first, last, sentence)
        return [
            f"{name}-1:{c}",
            f"{name}+1:{d}",
            f"{name}-2:{b} {c}",
            f"{name}+2:{d} {e}",
            f"{name}-b:{a}",
            f"{name}-b:{b}",
            f"{name}+b:{e}",
            f"{name}+b:{f}",
        ]

    def apart(self, a: str, a_first: int, a_last: int, b: str, b_first: int, b_last: int) -> list[str]:
        """Features of the words between two spans, *a* and *b*, of a sentence."""
        low, high, side = (a_last, b_first, "<") if a_last <= b_first else (b_last, a_first, ">")
        if high < low:
            return []
        symbols = self.between(low, high)
        name = f"{a}{side}{b}"
        found = [f"{name}={' '.join(symbols)}"] if len(symbols) <= NEAR else []
        return found + [f"{name}:{symbol}" for symbol in symbols] if len(symbols) <= FAR else found

    def plainly_beside(self, name: str, first: int, last: int, sentence: int) -> list[str]:
        """The same of a span in plain symbols, alike in all languages: the two on either side."""
        a, b, own, c, d = self.plainly_around(first, last, sentence)
        return [
            f"~{name}:{own}",
            f"~{name}-1:{b}|{own}",
            f"~{name}+1:{own}|{c}",
            f"~{name}-2:{a} {b}|{own}",
            f"~{name}+2:{own}|{c} {d}",
        ]

    def plainly_apart(self, a: str, a_first: int, a_last: int, b: str, b_first: int, b_last: int) -> list[str]:
        """The same of the way between two spans in plain symbols."""
        low, high, side = (a_last, b_first, "<") if a_last <= b_first else (b_last, a_first, ">")
        if high < low:
            return []
        symbols = self.plainly_between(low, high)
        if len(symbols) > FAR:
            return []
        name = f"~{a}{self.plain[a_first]}{side}{b}{self.plain[b_first]}"
        found = [f"~{a}{side}{b}:{symbol}" for symbol in symbols]
        if len(symbols) <= WAY:
            found += [f"{name}={' '.join(symbols)}", f"~{a}{side}{b}={' '.join(symbols)}"]
        return found

    def trigger(self, first: int, last: int, value: str) -> list[str]:
        """Features of the words of a trigger, by themselves and with the concept that a candidate gives."""
        found: list[str] = []
        for word, ending in zip(self.word[first:last], self.ending[first:last], strict=True):
            found += (f"t:{word}", f"t:{word}~{ending}", f"tv:{word}={value}")
        return found

    def sentence(self, sentence: int) -> list[str]:
        """Features of all words of a sentence, and of how its last words end."""
        span = self.document.sentences[sentence]
        end = max(span.first, span.last - 4)
        found = ["s:" + word for word in self.word[span.first : end] if word[0].isalpha()]
        for word, ending in zip(self.word[end : span.last], self.ending[end : span.last], strict=True):
            if word[0].isalpha():
                found.append("s:" + word)
            if ending:
                found.append(f"e:{word}~{ending}")
        return found


_FAMILIES: Final = ("v", "est", "title", "n", "org", "mod", "m")
_RANK: Final = {family: n for n, family in enumerate(_FAMILIES)}
_AND: Final = frozenset(("and", "и", "және", "мен", "бен", "пен"))
_RELATIVE: Final = frozenset(("which", "who", "whose", "where", "while", "when", "где", "куда", "когда"))
_DASHES: Final = frozenset("-–—―")


@cache
def _spelt(lang: str) -> Kept[tuple[str, str, str]]:
    """Folded words of a language as symbols: beginning, ending, and what is the same in all languages."""
    cases = case_of_preposition(lang)

    def spelt(word: str) -> tuple[str, str, str]:
        number = word.isdecimal()
        ending = word[-_ENDING:] if len(word) > LETTERS and not number else ""
        return "#" if number else word[:LETTERS], ending, _sort(word, cases)

    return Kept(spelt)


def _sort(word: str, cases: Mapping[str, str]) -> str:
    """What a word asks for, or what sort of mark it is."""
    if word in _AND:
        return "&"
    if word in cases:
        return "p." + cases[word]
    if word in _RELATIVE or word.startswith("котор"):
        return "rel"
    if word in _DASHES:
        return "-"
    return "w" if word[0].isalpha() else "#" if word[0].isdecimal() else word


def _plain(reading: Reading, words: Sequence[str]) -> list[str]:
    """A symbol for each token that is the same in all languages: what is named, what a word asks for, marks."""
    found = list(words)
    ranked = [(_RANK[family], t) for t in reading.triggers if (family := t.family) in _RANK]
    for _, trigger in sorted(ranked, key=lambda r: (-r[0], r[1].last - r[1].first)):
        found[trigger.first : trigger.last] = [trigger.name] * (trigger.last - trigger.first)
    spans = [(m.first, m.last, f"@{m.type[:4]}.{m.case}") for m in reading.mentions if m.how in _SHOWN]
    spans += [(d.first, d.last, "@date") for d in reading.dates]
    for first, last, symbol in spans:
        found[first:last] = [symbol] * (last - first)
    return found


def parts_of(symbols: Symbols, candidate: Candidate) -> list[Part]:
    """What the features of a candidate are made of; many candidates share a part.

    The trigger and each filler, by a letter, with what stands beside it, and each two of them with what is between.
    """
    sentence, kind = candidate.sentence, candidate.kind
    span = symbols.document.sentences[sentence]
    first, last = span.first, span.last
    begin, end = candidate.anchor
    value = candidate.values.get(_VALUE[kind], "") if kind in _VALUE else ""
    parts: list[Part] = [("sentence", sentence), ("trigger", begin, end, str(value))]
    here: list[Span] = []
    if first <= begin < last:
        here.append(("T", begin, end))
    else:
        parts.append(("out", "T"))
    for name, slot in _SLOTS[kind]:
        mention = candidate.fillers[slot]
        if first <= mention.first < last:
            here.append((name, mention.first, mention.last))
        else:
            parts.append(("out", name))
    parts += [("beside", name, begin, end, sentence) for name, begin, end in here]
    parts += [("apart", a, b, c, d, e, f) for (a, b, c), (d, e, f) in combinations(here, 2)]
    return parts


def features(symbols: Symbols, candidate: Candidate) -> Iterator[str]:
    """All features of a candidate; one that occurs twice counts twice."""
    for part in parts_of(symbols, candidate):
        for found in symbols.features(part):
            yield from found


class Wording:
    """Scores the candidates of one article by their words.

    Args:
        generator: of the article.
        weights: by kind: by language: feature → weight; by default those that travel with the package.
    """

    def __init__(self, generator: Generator, weights: Mapping[str, Any] | None = None) -> None:
        self._weights = weights
        self._lang = generator.reading.lang
        self._generator = generator
        self._symbols: Symbols | None = None
        self._kinds: dict[str, tuple[Tables | None, dict[Part, float]]] = {}

    def score(self, candidate: Candidate) -> float:
        """Log-odds that the candidate is a fact, as far as words tell; 0 without weights for its kind."""
        kind = candidate.kind
        known = self._kinds.get(kind)
        if known is None:
            known = self._kinds[kind] = (self._tables(kind), {})  # and the sums of parts
        tables, sums = known
        if tables is None:
            return 0.0
        symbols = self._symbols
        if symbols is None:
            symbols = self._symbols = Symbols(self._generator)
        total = tables.intercept
        for part in parts_of(symbols, candidate):
            weight = sums.get(part)
            if weight is None:
                weight = sums[part] = tables.weigh(symbols, part)
            total += weight
        return total

    def _tables(self, kind: str) -> Tables | None:
        if self._weights is None:
            return _shipped(kind, self._lang)
        entry = self._weights.get(kind)
        return Tables(entry, self._lang) if entry else None


@cache
def _shipped(kind: str, lang: str) -> Tables | None:
    entry = words().get(kind)
    return Tables(entry, lang) if entry else None


@cache
def words() -> Mapping[str, Any]:
    """The weights that travel with the package: by kind ``intercept``, and by language feature → weight."""
    found: Mapping[str, Any] = load().get("words", {})
    return found
