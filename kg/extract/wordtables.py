"""The weights of wordings by what they are asked, so that a score is read off without putting features together.

:mod:`kg.extract.wording` names each feature by one string, from which weights are learned. Most of what a text would
have has no weight. Here each question has a table of its own that is asked for the bare symbols: ``O+1:opene`` is
``opene`` in the table ``O+1:``, and ``O-2:in the`` is ``the`` in the table that ``O-2:`` has for ``in``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kg.extract.wording import Part, Symbols

SHARED: Final = "all"
"""Key of the weights that hold in every language, those of features that begin with ``~``."""
FAR: Final = 14
"""Symbols between two fillers from which the words between them say nothing."""
WAY: Final = 7
"""Plain symbols between two fillers up to which the whole way between them is a feature."""
NEAR: Final = 4
"""The same of other symbols."""

Table = dict[str, float]
Nested = dict[str, Table]
_NONE: Final[Table] = {}
_NESTED: Final[Nested] = {}
_ZEROS: Final = repeat(0.0)
_ASKED: Final = re.compile("[^:=]*[:=]?")


class Tables:
    """The weights of one kind in one language.

    Args:
        entry: ``intercept``, and by language, or :data:`SHARED`, feature → weight.
        lang: the language.
    """

    def __init__(self, entry: Mapping[str, Any], lang: str) -> None:
        self.intercept: float = entry["intercept"]
        self._asked: Nested = {}
        for feature, weight in (*entry.get(lang, _NONE).items(), *entry.get(SHARED, _NONE).items()):
            end = _ASKED.match(feature).end()  # type: ignore[union-attr]
            self._asked.setdefault(feature[:end], {})[feature[end:]] = weight
        self._said = {word: weight for word, weight in self._of("s:").items() if word[:1].isalpha()}
        self._ends = _nested(self._of("e:"), "~")
        self._words = {word: weight for word, weight in self._of("t:").items() if "~" not in word}
        self._word_ends = _nested(self._of("t:"), "~")
        self._values = _nested(self._of("tv:"), "=")
        self._beside_of: dict[str, tuple[Any, ...]] = {}
        self._apart_of: dict[tuple[str, str, str], tuple[Table, Table, Table, Table]] = {}
        self._readers: dict[str, Callable[..., float]] = {
            "sentence": self._sentence,
            "trigger": self._trigger,
            "beside": self._beside,
            "apart": self._apart,
            "out": self._out,
        }

    def _of(self, asked: str) -> Table:
        return self._asked.get(asked, _NONE)

    def weigh(self, symbols: Symbols, part: Part) -> float:
        """What the features of a part of a candidate (:func:`kg.extract.wording.parts_of`) weigh together.

        Added up in the order of :meth:`kg.extract.wording.Symbols.features`.
        """
        return self._readers[part[0]](symbols, *part[1:])

    def _sentence(self, symbols: Symbols, sentence: int) -> float:
        span = symbols.document.sentences[sentence]
        end = max(span.first, span.last - 4)
        total = sum(map(self._said.get, symbols.word[span.first : end], _ZEROS))
        for word, ending in zip(symbols.word[end : span.last], symbols.ending[end : span.last], strict=True):
            total += self._said.get(word, 0.0)
            if word in self._ends:
                total += self._ends[word].get(ending, 0.0)
        return total

    def _trigger(self, symbols: Symbols, first: int, last: int, value: str) -> float:
        total = 0.0
        for word, ending in zip(symbols.word[first:last], symbols.ending[first:last], strict=True):
            total += self._words.get(word, 0.0)
            total += self._word_ends.get(word, _NONE).get(ending, 0.0)
            total += self._values.get(word, _NONE).get(value, 0.0)
        return total

    def _out(self, _: Symbols, name: str) -> float:
        return self._of(f"{name}:").get("out", 0.0)

    def _tables_beside(self, name: str) -> tuple[Any, ...]:
        """The tables of what is asked beside a span: of its language, then of all languages."""
        one = [self._of(f"{name}{where}:") for where in ("-1", "+1", "-b", "+b")]
        two = [_nested(self._of(f"{name}{where}:"), " ") for where in ("-2", "+2")]
        plain = [self._of(f"~{name}{where}:") for where in ("", "-1", "+1", "-2", "+2")]
        return (*one, *two, *plain)

    def _beside(self, symbols: Symbols, name: str, first: int, last: int, sentence: int) -> float:
        known = self._beside_of.get(name)
        if known is None:
            known = self._beside_of[name] = self._tables_beside(name)
        before, after, far_before, far_after, two_before, two_after, itself, left, right, lefts, rights = known
        a, b, c, d, e, f = symbols.around(first, last, sentence)
        own = before.get(c, 0.0) + after.get(d, 0.0)
        if b in two_before:
            own += two_before[b].get(c, 0.0)
        if d in two_after:
            own += two_after[d].get(e, 0.0)
        own += far_before.get(a, 0.0)
        own += far_before.get(b, 0.0)
        own += far_after.get(e, 0.0)
        own += far_after.get(f, 0.0)
        p, q, here, r, s = symbols.plainly_around(first, last, sentence)
        from_left, to_right = f"{q}|{here}", f"{here}|{r}"
        shared: float = itself.get(here, 0.0) + left.get(from_left, 0.0)
        shared += right.get(to_right, 0.0)
        shared += lefts.get(f"{p} {from_left}", 0.0)
        shared += rights.get(f"{to_right} {s}", 0.0)
        return float(own + shared)

    def _apart(self, symbols: Symbols, a: str, a_first: int, a_last: int, b: str, b_first: int, b_last: int) -> float:
        low, high, side = (a_last, b_first, "<") if a_last <= b_first else (b_last, a_first, ">")
        if high < low:
            return 0.0
        known = self._apart_of.get((a, side, b))
        if known is None:
            name = f"{a}{side}{b}"
            known = self._of(name + "="), self._of(name + ":"), self._of(f"~{name}="), self._of(f"~{name}:")
            self._apart_of[a, side, b] = known
        whole, each, plain_whole, plain_each = known
        own = shared = 0.0
        words = symbols.between(low, high)
        if len(words) <= FAR:
            if len(words) <= NEAR:
                own = whole.get(" ".join(words), 0.0)
            own = sum(map(each.get, words, _ZEROS), own)
        plain = symbols.plainly_between(low, high)
        if len(plain) <= FAR:
            shared = sum(map(plain_each.get, plain, _ZEROS))
            if len(plain) <= WAY:
                way = " ".join(plain)
                shared += self._of(f"~{a}{symbols.plain[a_first]}{side}{b}{symbols.plain[b_first]}=").get(way, 0.0)
                shared += plain_whole.get(way, 0.0)
        return own + shared


def _nested(table: Table, mark: str) -> Nested:
    """A table of answers that consist of two, by the first: what has no *mark* between two is left out."""
    found: Nested = {}
    for answer, weight in table.items():
        first, parted, second = answer.partition(mark)
        if parted:
            found.setdefault(first, {})[second] = weight
    return found
