"""The trigger words of a language: classes of words with one meaning, read from ``frames/<lang>.yaml``.

A pattern is one or more words; ``*`` at the end of a word stands for any ending, at its beginning for any
beginning. Patterns are compared with folded tokens (:func:`kg.language.tokens.fold`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from kg.errors import UsageError
from kg.extract.trie import Node, Trie
from kg.language.kept import Kept
from kg.language.tokens import fold

FRAMES: Final = Path(__file__).parent / "frames"

_Begin = tuple[list[tuple[str, str]], list[tuple[str, str]], list[Node]]
"""What begins with a word: names and families of triggers of that word, once each and as they stand; longer ones."""


class Trigger(NamedTuple):
    """A trigger found at tokens ``[first, last)``: its class, such as ``est.headquarters``, and the family, ``est``."""

    first: int
    last: int
    name: str
    family: str


@cache
def family_of(name: str) -> str:
    """The family of a trigger class: ``est`` of ``est.headquarters``."""
    return name.partition(".")[0]


class Lexicon:
    """The trigger classes of one language, ready to be matched."""

    def __init__(self, classes: Mapping[str, Iterable[str]]) -> None:
        self._trie = Trie()
        self._prefixes: set[str] = set()
        self._suffixes: set[str] = set()
        self._shortest = 99
        self._keys = Kept(self.keys)
        self._begin = Kept(self._begins)
        self.classes = {name: tuple(patterns) for name, patterns in classes.items()}
        for name, patterns in self.classes.items():
            for pattern in patterns:
                keys = []
                for word in pattern.split():
                    if word.endswith("*"):
                        stem = fold(word[:-1])
                        self._prefixes.add(stem)
                        self._shortest = min(self._shortest, len(stem))
                        keys.append(stem + "*")
                    elif word.startswith("*"):
                        ending = fold(word[1:])
                        self._suffixes.add(ending)
                        keys.append("*" + ending)
                    else:
                        keys.append(fold(word))
                self._trie.add(keys, (name, family_of(name)))

    def keys(self, word: str) -> tuple[str, ...]:
        """What a folded word may stand for in a pattern: itself and its prefixes that patterns use."""
        prefixes = (word[:n] for n in range(self._shortest, len(word) + 1))
        endings = (word[n:] for n in range(2, len(word) - 1))
        return (
            word,
            *(p + "*" for p in prefixes if p in self._prefixes),
            *("*" + e for e in endings if e in self._suffixes),
        )

    def _begins(self, word: str) -> _Begin | None:
        parted = self._trie.parted(self._keys[word])
        if parted is None:
            return None
        ending, longer = parted
        families: dict[str, dict[str, None]] = {}
        for name, family in ending:
            families.setdefault(family, {})[name] = None
        return [(name, family) for family, names in families.items() for name in names], ending, longer

    def find(self, low: Sequence[str], first: int, last: int) -> list[Trigger]:
        """Triggers within tokens ``[first, last)``: of each family the longest at a place, left to right."""
        found: list[Trigger] = []
        begin, keys, follow = self._begin, self._keys, self._trie.follow
        ends: dict[str, int] = {}  # of the last trigger of several words of each family

        def options(k: int) -> tuple[str, ...]:
            return keys[low[k]]

        for i in range(first, last):
            begun = begin[low[i]]
            if begun is None:
                continue
            alone, ending, longer = begun
            after = i + 1
            if longer and after < last:
                nodes = [node[key] for node in longer for key in keys[low[after]] if key in node]
                if nodes:
                    found += _longest([(after, p) for p in ending] + follow(nodes, options, i + 2, last), i, ends)
                    continue
            for name, family in alone:
                if not ends or after > ends.get(family, 0):
                    found.append(Trigger(i, after, name, family))
        return found


def _longest(matches: Iterable[tuple[int, tuple[str, str]]], first: int, ends: dict[str, int]) -> Iterator[Trigger]:
    """Of each family the longest triggers at a token, if they reach beyond the family's last, whose end is kept."""
    best: dict[str, tuple[int, list[str]]] = {}
    for end, (name, family) in matches:
        length, names = best.get(family, (0, []))
        if end > length:
            best[family] = (end, [name])
        elif end == length and name not in names:
            names.append(name)
    for family, (end, names) in best.items():
        if end > ends.get(family, 0):
            yield from [Trigger(first, end, name, family) for name in names]
            ends[family] = end


def load_yaml(path: Path) -> Any:
    """A YAML file whose scalars are all text, by the parser in C where there is one: six times as fast."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def read_classes(path: Path) -> dict[str, list[str]]:
    """The trigger classes of a frames file: class → patterns.

    Raises:
        UsageError: if the file is no YAML or has another shape.
    """
    try:
        data = load_yaml(path)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot be read: {error}", where=str(path), remedy="see docs/RULES.md for the form"
        ) from error
    classes = data.get("triggers") if isinstance(data, dict) else None
    if not isinstance(classes, dict):
        raise UsageError("has no mapping 'triggers'", where=str(path), remedy="see docs/RULES.md for the form")
    result: dict[str, list[str]] = {}
    for name, entry in classes.items():
        patterns = entry.get("words") if isinstance(entry, dict) else entry
        if isinstance(patterns, str):
            patterns = [p.strip() for p in patterns.split("|")]
        if not isinstance(patterns, list) or not all(isinstance(p, str) and p.strip() for p in patterns):
            raise UsageError(f"class {name!r} needs a list of words", where=str(path))
        result[str(name)] = [p.strip() for p in patterns]
    return result


@cache
def lexicon(lang: str, extra: tuple[Path, ...] = ()) -> Lexicon:
    """The lexicon of *lang*, with the classes of files of one's own added (``<lang>.yaml`` or any name)."""
    classes = read_classes(FRAMES / f"{lang}.yaml")
    for path in extra:
        if path.stem in {"en", "ru", "kk"} and path.stem != lang:
            continue
        for name, patterns in read_classes(path).items():
            classes.setdefault(name, []).extend(patterns)
    return Lexicon(classes)
