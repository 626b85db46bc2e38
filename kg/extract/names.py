"""Names of the reference tables as patterns, and their mentions in a text.

Every language has its own way to inflect a name: Kazakh cuts suffixes off the last word (and gives
the case), Russian compares stems word by word, English takes names as they are. The result says
which entities a mention may mean; :mod:`kg.extract.mentions` chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kg.extract.trie import Node, Trie
from kg.extract.typos import SHORTEST, Typos, one_edit
from kg.language import kazakh, russian
from kg.language.kept import Kept
from kg.language.tokens import DASHES, Document, analyse
from kg.model import EntityType
from kg.reference import Reference

# Forms that look like a name and are none, per language (folded); found by reading, not by counting.
STOP: Final[dict[str, frozenset[str]]] = {
    "kk": frozenset(
        """алайда абай барлық келесі барлығы тараз болса ал осы отыр тіл негізгі бас орал оралу оралды оралған ақша мал
    іле ұлы бала таласты тартуды аралдар""".split()
    ),
    "ru": frozenset(
        """того мали дели перу баку таким коста потом потому мало над надо семь горы порт при себе дело
        семеро""".split()
    ),
    "en": frozenset(["nice", "reading", "mobile", "most", "order", "march", "of", "can"]),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an entity as a pattern of tokens.

    Attributes:
        entity: ``<class>/<slug>``.
        type: type of the entity.
        text: the name as the table has it.
        low: its folded tokens.
        capital: whether the text must write its first word with a capital.
        acronym: whether the text must write it in capitals, as the table does.
        adjective: whether it is an adjective or demonym ("казахстанский").
        lang: language of the name.
    """

    entity: str
    type: EntityType
    text: str
    low: tuple[str, ...]
    capital: bool
    acronym: bool
    adjective: bool
    lang: str


class Match(NamedTuple):
    """Names that end at token *last* and what case the text gives them."""

    first: int
    last: int
    names: tuple[Name, ...]
    case: str


def is_acronym(word: str) -> bool:
    """Whether a word is written mostly in capitals, as acronyms are."""
    letters = [c for c in word if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) > len(letters) / 2 and len(word) <= 12


_KEPT: Final = 300_000  # words whose keys are kept for the articles to come
_SHORT: Final = 3  # letters up to which a word in capitals may be an acronym
_SHOUTED: Final = 3  # longer words in capitals that make a sentence one in capitals
_LONG: Final = 15  # letters of a name of several words in one of which an error is forgiven
_CONSONANTS: Final = frozenset("бвгджзклмнпрстфхцчшщ")


def _russian_key(word: str, raw: str) -> str:
    if is_acronym(raw) or not word.isalpha() or not ("а" <= word[0] <= "я"):
        return word
    return "~" + russian.stem(word)


def _oblique_key(key: str, word: str) -> str:
    """The key of a noun's other cases where its bare form looks like a case itself: Киев, Цюрих, Амстердам."""
    return "~" + russian.stem(word + "а") if key[0] == "~" and word[-1] in _CONSONANTS else key


class NameIndex:
    """All names that an article in *lang* may use: its own language's, and those in Latin script."""

    def __init__(self, reference: Reference, lang: str) -> None:
        self.lang = lang
        self._trie = Trie()
        self._keys = Kept(self.keys, _KEPT)
        self._begin = Kept(self._begins, _KEPT)
        self._vocabulary: set[str] = set()
        self._long: set[str] = set()
        self._typos: Typos | None = None
        self._meant: dict[str, frozenset[str]] = {}
        for name in _names(reference, lang):
            self.add(name)

    def add(self, name: Name) -> None:
        """Add one name; names of one or two letters that are no acronyms are passed over."""
        if not name.low or (len(name.low) == 1 and len(name.low[0]) < 2):
            return
        if self.lang == "ru" and name.lang != "en":
            document = analyse("", name.text)
            keys: Iterable[str] = [_russian_key(w, r) for w, r in zip(document.low, document.raw, strict=True)]
        else:
            keys = name.low
        self._trie.add(keys, name)
        self._vocabulary.update(keys)
        if len(name.low) > 1 and sum(map(len, name.low)) >= _LONG:
            self._long.update(key.removeprefix("~") for key in keys if key.removeprefix("~").isalpha())
        if self.lang == "ru" and name.lang != "en":
            oblique = [_oblique_key(key, word) for key, word in zip(keys, name.low, strict=True)]
            if oblique != keys:
                self._trie.add(oblique, name)
        if (
            self.lang == "ru"
            and name.type == "city"
            and len(name.low) == 1
            and not name.adjective
            and name.lang != "en"
            and len(name.low[0]) > 3
        ):
            adjective = Name(name.entity, name.type, name.text, name.low, False, False, True, name.lang)
            for key in _city_adjectives(name.low[0]):
                self._trie.add([key], adjective)

    def keys(self, word: str) -> tuple[str, ...]:
        """What a folded word may stand for in a name."""
        if self.lang == "ru" and word.isalpha():
            known: tuple[str, ...] = (word, "~" + russian.stem(word))
        elif self.lang == "kk" and word.isalpha():
            known = tuple(dict.fromkeys(s for s, _, _ in kazakh.stems(word)))
        elif self.lang == "en" and word.endswith("s") and len(word) > 4:
            known = (word, word[:-1])
        else:
            known = (word,)
        if len(word) >= SHORTEST and word.isalpha() and self._vocabulary.isdisjoint(known):
            known = (*known, *self._corrected(word, known))
        return known

    def begins(self, word: str) -> bool:
        """Whether a name begins with a folded word."""
        return self._begin[word] is not None

    def recase(self, document: Document) -> None:
        """Give the words of sentences in capitals the capitals that they have elsewhere, as far as the tables tell.

        Acronyms stay as they are, names keep their first letters, all other words are small. Else every word of
        "ООН ОТКРЫЛА ОФИС" would look like a name.
        """
        raw = document.raw
        shouted = [s for s in document.sentences if _is_shouted(raw[s.first : s.last])]
        if not shouted:
            return
        named = {k for match in self.find(document) for k in range(match.first, match.last)}
        for sentence in shouted:
            for k in range(sentence.first, sentence.last):
                if raw[k].isalpha():
                    raw[k] = self._cased_as(raw[k], document.low[k], k in named)

    def _cased_as(self, word: str, low: str, named: bool) -> str:
        begun = self._begin[low]
        if begun is not None and any(n.acronym and n.low[0] == low for n in begun[0]):
            return word
        person = self.lang == "ru" and len(word) > _SHORT and russian.is_of_person(low)
        return word.capitalize() if person or (named and len(word) > _SHORT) else word.lower()

    def _begins(self, word: str) -> tuple[list[Name], list[Node]] | None:
        """The names of one word that it may be, and where longer ones go on."""
        return self._trie.parted(self._keys[word]) if word[0].isalnum() or word[0] in "'«" else None

    def _corrected(self, word: str, known: Iterable[str]) -> Iterable[str]:
        """Keys of the words of long names that a word which no name has may be meant for."""
        if self._typos is None:
            self._typos = Typos(self._long)
        meant = [m for key in known for m in self._typos.meant(key.removeprefix("~"))]
        if meant:
            self._meant[word] = frozenset(meant)
        return [*(f"~{m}" for m in meant if self.lang == "ru"), *meant]

    def _misspelt(self, name: Name, low: Sequence[str]) -> int:
        """How many words of the text are read as those of a name only because one letter is forgiven."""
        return sum(
            w in self._meant and w != n and not self._meant[w].isdisjoint((n, russian.stem(n)))
            for w, n in zip(low, name.low, strict=False)
        )

    def find(self, document: Document) -> list[Match]:
        """All matches of names, overlapping ones included, left to right and shorter before longer."""
        low = document.low
        begin, keys, follow = self._begin, self._keys, self._trie.follow
        found: list[Match] = []

        def options(i: int) -> tuple[str, ...]:
            return keys[low[i]]

        for sentence in document.sentences:
            for i in range(sentence.first, sentence.last):
                begun = begin[low[i]]
                if begun is None:
                    continue
                alone, longer = begun
                after = i + 1
                nodes: list[Node] = []
                if longer and after < sentence.last:
                    nodes = [node[key] for node in longer for key in keys[low[after]] if key in node]
                if not nodes and not alone:
                    continue
                by_end: dict[int, list[Name]] = {}
                longest = follow(nodes, options, i + 2, sentence.last) if nodes else []
                for end, name in [*((after, name) for name in alone), *longest] if alone else longest:
                    if self._written(name, document, i, end):
                        by_end.setdefault(end, []).append(name)
                for end, names in by_end.items():
                    found += self._cased(document, i, end, names, sentence.last)
        return found

    def _written(self, name: Name, document: Document, first: int, last: int) -> bool:
        """Whether capitals and inner words fit: inflection is for the last word in Kazakh and English."""
        raw, low = document.raw, document.low
        start = raw[first]
        if not self._meant.keys().isdisjoint(low[first:last]):
            misspelt = self._misspelt(name, low[first:last])
            if misspelt:
                return misspelt == 1 and len(name.low) > 1 and start[0].isupper() == name.text[0].isupper()
        if name.acronym:
            if not (start.isupper() or start == name.text[: len(start)] or (start[0].isupper() and len(start) >= 5)):
                return False
            if len(name.low) == 1 and self.lang == "ru" and low[first] != name.low[0]:
                return False
        elif name.capital and not start[0].isupper():
            return False
        if self.lang == "ru":
            return not (len(name.low) == 1 and low[first] in STOP["ru"] and low[first] != name.low[0])
        inner = range(len(name.low) - 1)
        if self.lang == "kk":
            return all(low[first + k] == name.low[k] or _inner_genitive(low[first + k], name.low[k]) for k in inner)
        if name.type == "city" and low[last - 1] != name.low[-1]:
            return False  # Goris is not Gori
        return all(low[first + k] == name.low[k] for k in inner)

    def _cased(self, document: Document, first: int, last: int, names: list[Name], limit: int) -> list[Match]:
        low, starts, ends = document.low, document.starts, document.ends
        word = low[last - 1]
        groups: dict[tuple[str, int], list[Name]] = {}
        for name in names:
            case, end = "nom", last
            if self.lang == "kk":
                if name.low[-1] != word:
                    meant = self._meant.get(word, frozenset())
                    case = next((c for s, c, _ in kazakh.stems(word) if s == name.low[-1]), "")
                    if not case and name.low[-1] in meant:
                        case = next((c for s, c, _ in kazakh.stems(word) if one_edit(s, name.low[-1])), "nom")
                    if not case:
                        continue
                    if len(name.low) == 1 and word in STOP["kk"]:
                        continue
                    if name.acronym and name.low[-1] != word and len(name.low[-1]) < 3:
                        continue
                if (
                    case == "nom"
                    and last + 1 < limit
                    and low[last] in DASHES
                    and starts[last] == ends[last - 1] == ends[last] - 1
                ):
                    suffix = kazakh.SUFFIXES.get(low[last + 1])
                    if suffix and starts[last + 1] == ends[last]:
                        case, end = suffix[0], last + 2
            elif self.lang == "ru" and name.lang != "en":
                case = _russian_case(low[first:last], name)
                if case == "obl" and len(name.low) == 1 and name.type in {"city", "country"} and "ск" not in word:
                    continue  # no form of the name, nor an adjective of it: "Мария" is not Mary
            elif self.lang == "en":
                if word != name.low[-1] and (name.acronym or (name.type == "city" and not name.adjective)):
                    continue  # a city has no plural: Goris is not Gori
                if last + 1 < limit and low[last] == "'" and low[last + 1] == "s" and starts[last] == ends[last - 1]:
                    case, end = "gen", last + 2
                elif last < limit and low[last] == "'" and word.endswith("s") and starts[last] == ends[last - 1]:
                    case, end = "gen", last + 1
            if name.adjective:
                case = "adj"
            groups.setdefault((case, end), []).append(name)
        return [Match(first, end, tuple(found), case) for (case, end), found in groups.items()]


def _is_shouted(words: Sequence[str]) -> bool:
    long = [w for w in words if len(w) > _SHORT and w.isalpha()]
    return len(long) >= _SHOUTED and long[0].isupper() and all(map(str.isupper, long))


def _city_adjectives(city: str) -> Iterable[str]:
    """Keys of the adjectives that a Russian city name may form: женевский, бакинский, найробийский, московский."""
    root = city.rstrip("аеиоуыэюяьй")
    roots = {root + middle for middle in ("", "ин", "ий", "ов", "ан", "ь", "ен")} | {city.rstrip("ь")}
    return ["~" + r + "ск" for r in sorted(roots) if len(r) >= 3]


def _inner_genitive(word: str, base: str) -> bool:
    return any(stem == base and case == "gen" for stem, case, _ in kazakh.stems(word))


def _russian_case(forms: Sequence[str], name: Name) -> str:
    for form, nominative in zip(forms, name.low, strict=False):
        if form != nominative and form[0].isalpha():
            return russian.case_of(form, nominative)
    return "nom"


def _names(reference: Reference, lang: str) -> Iterable[Name]:
    languages = (lang,) if lang == "en" else (lang, "en") if lang == "ru" else (lang, "ru", "en")
    for entry in reference.entries.values():
        if entry.type not in {"organization", "country", "city", "region", "person", "event"}:
            continue
        seen: set[str] = set()
        has_own = bool(entry.names.get(lang))
        for language in languages:
            # A Russian name stands in for a missing Kazakh one; Latin names occur in any text.
            if language == "ru" and lang == "kk" and has_own and entry.type not in {"person", "organization"}:
                continue
            for text in entry.names.get(language, ()):
                if language == "en" and lang != "en" and entry.type != "organization" and has_own:
                    continue
                if text not in seen:
                    seen.add(text)
                    yield from _patterns(entry.id, entry.type, text, language, adjective=False)
        for text in entry.adjectives.get(lang, ()):
            yield from _patterns(entry.id, entry.type, text, lang, adjective=True)


def _patterns(entity: str, kind: EntityType, text: str, lang: str, *, adjective: bool) -> Iterable[Name]:
    document = analyse("", text)
    if not document.raw:
        return
    acronym = len(document.raw) == 1 and is_acronym(text)
    capital = text[0].isupper() and not (adjective and lang in {"ru", "kk"})
    yield Name(entity, kind, text, tuple(document.low), capital, acronym, adjective, lang)
