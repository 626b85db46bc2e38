"""Kazakh nouns: a suffix acceptor that also yields the case.

A form is accepted as ``stem + [plural] + [possessive] + [case] + [attributive]``. Vowel harmony is
not checked, because foreign names break it (``Нью-Йоркте``). A final voiced consonant of the
inflected stem may stand for a voiceless one of the dictionary form (``кітабы`` < ``кітап``).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Final

_PLURAL: Final = ("", "лар", "лер", "дар", "дер", "тар", "тер")
_POSSESSIVE: Final = ("", "ы", "і", "сы", "сі", "ымыз", "іміз", "мыз", "міз", "ың", "ің")
_CASES: Final[dict[str, tuple[str, ...]]] = {
    "nom": ("",),
    "gen": ("ның", "нің", "дың", "дің", "тың", "тің"),
    "dat": ("ға", "ге", "қа", "ке", "на", "не", "а", "е"),
    "acc": ("ны", "ні", "ды", "ді", "ты", "ті", "н"),
    "loc": ("да", "де", "та", "те", "нда", "нде"),
    "abl": ("дан", "ден", "тан", "тен", "нан", "нен"),
    "ins": ("мен", "бен", "пен"),
    "attr": ("дағы", "дегі", "тағы", "тегі", "ндағы", "ндегі"),
    "adj": ("лық", "лік", "дық", "дік", "тық", "тік"),
    "for": ("дағылар", "дегілер"),
}
# After a bare stem these single letters are far too short to be trusted as cases of a name.
_SHORT: Final = {"а", "е", "н", "ы", "і"}


def _suffixes() -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for (plural, possessive), (case, forms) in product(product(_PLURAL, _POSSESSIVE), _CASES.items()):
        for form in forms:
            if form in {"а", "е", "н", "нда", "нде", "ндағы", "ндегі", "на", "не"} and not possessive:
                continue
            suffix = plural + possessive + form
            if suffix and (suffix not in found or len(possessive) < len(suffix)):
                found.setdefault(suffix, (case, bool(possessive or plural)))
    # Chains on an attributive: "Алматыдағыдан", "Душанбедегісі", "Бакудегілердің", and bare "елдегінің".
    for attributive, own, plural in (
        ("дағы", "сы", "лар"),
        ("дегі", "сі", "лер"),
        ("тағы", "сы", "лар"),
        ("тегі", "сі", "лер"),
    ):
        for case, forms in _CASES.items():
            if case in {"attr", "adj", "for"}:
                continue
            for form in forms[:6]:
                for middle in ("", own, plural) if form else (own, plural):
                    found.setdefault(attributive + middle + form, ("attr", True))
    for form in ("дан", "ден", "нан", "нен", "тан", "тен"):
        found.setdefault(form + "бері", ("abl", False))
    for form in ("ша", "ше", "дай", "дей", "тай", "тей"):
        found.setdefault(form, ("nom", False))
    return found


SUFFIXES: Final = _suffixes()
_LONGEST: Final = max(map(len, SUFFIXES))
# Cases of a name that ends in the possessive itself: "ұйымына" < "ұйымы", "кеңесінде" < "кеңесі".
_PRONOMINAL: Final = {
    "на": "dat", "не": "dat", "н": "acc", "нда": "loc", "нде": "loc", "ндағы": "attr", "ндегі": "attr",
}  # fmt: skip
DEVOICED: Final = {"б": "п", "г": "к", "ғ": "қ"}


@lru_cache(maxsize=65536)
def stems(word: str) -> tuple[tuple[str, str, bool], ...]:
    """Every way to read a folded word as stem and suffix: ``(stem, case, possessive or plural)``.

    The whole word in the nominative comes first, then shorter suffixes before longer ones.
    """
    found = [(word, "nom", False)]
    for cut in range(len(word) - 1, max(1, len(word) - _LONGEST - 1), -1):
        stem = word[:cut]
        if stem[-1] in "ыі" and word[cut:] in _PRONOMINAL:
            found.append((stem, _PRONOMINAL[word[cut:]], False))
        reading = SUFFIXES.get(word[cut:])
        if reading is None:
            continue
        found.append((stem, *reading))
        if stem[-1] in DEVOICED and word[cut] in "ыі":
            found.append((stem[:-1] + DEVOICED[stem[-1]], *reading))
    return tuple(found)


_VOICELESS: Final = frozenset("пфкқтсшщчцхһбвгд")
_VOWELS: Final = frozenset("аәеёиоөуұүыіэюяу")


def agrees(stem: str, suffix: str) -> bool:
    """Whether the first consonant of a case suffix agrees with the end of the stem."""
    last, first = stem[-1], suffix[0]
    if first in "тқкп":
        return last in _VOICELESS
    if first in "дбғг":
        return last not in "пфкқтсшщчц"
    if first == "н":
        return last in _VOWELS or last in "нңмлрйзжь"
    return True


@lru_cache(maxsize=8192)
def base(word: str) -> tuple[str, str]:
    """The likeliest nominative of an inflected proper name that no table knows, and its case.

    Only case suffixes of at least two letters are cut, longest first, where the consonants agree.
    The word keeps its capitals.
    """
    low = word.lower()
    best = (word, "nom")
    for case in ("attr", "gen", "abl", "ins", "loc", "dat", "acc"):
        for suffix in _CASES[case]:
            if suffix in _SHORT or suffix.startswith("нд") or len(low) - len(suffix) < 3:
                continue
            if low.endswith(suffix) and agrees(low[: -len(suffix)], suffix):
                return word[: -len(suffix)], case
    return best


def alternatives(word: str) -> tuple[str, ...]:
    """The word and what may be its nominative, likeliest first, without doubles."""
    first = base(word)[0]
    return (first,) if first == word else (first, word)
