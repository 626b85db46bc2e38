"""Russian nouns and adjectives: a light stemmer for matching, cases of names, nominatives of persons.

Names of the tables are matched by stems on both sides, so a name that no dictionary knows inflects
as well as a known one. Where the nominative form is known, the case follows from the two endings.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

_ENDINGS: Final = tuple(
    sorted(
        {
            "ами",
            "ями",
            "ах",
            "ях",
            "ам",
            "ям",
            "ов",
            "ев",
            "ей",
            "ой",
            "ою",
            "ею",
            "ом",
            "ем",
            "ым",
            "им",
            "ых",
            "их",
            "ого",
            "его",
            "ому",
            "ему",
            "ыми",
            "ими",
            "ая",
            "яя",
            "ое",
            "ее",
            "ые",
            "ие",
            "ый",
            "ий",
            "ую",
            "юю",
            "ию",
            "ия",
            "ии",
            "ием",
            "ией",
            "иею",
            "иями",
            "иях",
            "иям",
            "ью",
            "а",
            "я",
            "о",
            "е",
            "у",
            "ю",
            "ы",
            "и",
            "ь",
            "й",
        },
        key=len,
        reverse=True,
    )
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A crude stem of a folded word: its longest inflectional ending cut off, three letters left at least."""
    keep = 3 if len(word) > 4 else 2
    for ending in _ENDINGS:
        if len(word) - len(ending) >= keep and word.endswith(ending):
            return word[: -len(ending)]
    return word


_TO_CASE: Final[dict[str, dict[str, str]]] = {
    # ending of the nominative → ending of the form → case (loc stands for prepositional)
    "": {
        "": "nom",
        "а": "gen",
        "у": "dat",
        "е": "loc",
        "ом": "ins",
        "ем": "ins",
        "ов": "gen",
        "ам": "dat",
        "ах": "loc",
    },
    "а": {"а": "nom", "ы": "gen", "и": "gen", "е": "loc", "у": "acc", "ой": "ins", "ою": "ins"},
    "я": {"я": "nom", "и": "gen", "е": "loc", "ю": "acc", "ей": "ins"},
    "ия": {"ия": "nom", "ии": "gen", "ию": "acc", "ией": "ins"},
    "ь": {"ь": "nom", "я": "gen", "ю": "dat", "е": "loc", "и": "gen", "ью": "ins", "ем": "ins"},
    "й": {"й": "nom", "я": "gen", "ю": "dat", "е": "loc", "ем": "ins"},
    "ий": {"ий": "nom", "ого": "gen", "ому": "dat", "ом": "loc", "им": "ins"},
    "ый": {"ый": "nom", "ого": "gen", "ому": "dat", "ом": "loc", "ым": "ins"},
    "ая": {"ая": "nom", "ой": "gen", "ую": "acc"},
    "ы": {"ы": "nom", "": "gen", "ов": "gen", "ам": "dat", "ах": "loc", "ами": "ins"},
    "и": {"и": "nom", "ей": "gen", "ям": "dat", "ам": "dat", "ях": "loc", "ах": "loc", "ов": "gen", "": "gen"},
    "о": {"о": "nom", "а": "gen", "у": "dat", "е": "loc", "ом": "ins"},
    "е": {"е": "nom", "я": "gen", "а": "gen", "ю": "dat", "у": "dat", "ем": "ins", "и": "loc"},
    "ие": {"ие": "nom", "ия": "gen", "ию": "dat", "ии": "loc", "ием": "ins"},
}


@lru_cache(maxsize=65536)
def case_of(form: str, nominative: str) -> str:
    """The case of a folded form whose nominative is known; ``"nom"`` where the two are equal, else ``"obl"``."""
    if form == nominative:
        return "nom"
    for length in (2, 1, 0):
        ending = nominative[len(nominative) - length :] if length else ""
        if ending not in _TO_CASE:
            continue
        root = nominative[: len(nominative) - length]
        if form.startswith(root):
            case = _TO_CASE[ending].get(form[len(root) :])
            if case:
                return case
    return "obl"


@cache
def _morph() -> MorphAnalyzer:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


_PERSON_ENDINGS: Final = (
    # masculine and feminine surnames and patronymics in the oblique cases → nominative
    ("овичем", "ович"),
    ("евичем", "евич"),
    ("овича", "ович"),
    ("евича", "евич"),
    ("овичу", "ович"),
    ("ского", "ский"),
    ("скому", "ский"),
    ("ским", "ский"),
    ("ском", "ский"),
    ("овой", "ова"),
    ("евой", "ева"),
    ("иной", "ина"),
    ("ской", "ская"),
    ("скую", "ская"),
    ("ову", "ов"),
    ("еву", "ев"),
    ("ину", "ин"),
    ("овым", "ов"),
    ("евым", "ев"),
    ("иным", "ин"),
    ("ове", "ов"),
    ("еве", "ев"),
)


@lru_cache(maxsize=16384)
def person_nominative(words: tuple[str, ...]) -> tuple[str, ...]:
    """The likeliest nominative of a person's name, word by word; capitals are kept.

    Uses the dictionary of pymorphy3 for given names and known surnames, and endings for the rest.
    """
    morph = _morph()
    parses = []
    for word in words:
        found = [p for p in morph.parse(word) if {"Name", "Surn", "Patr"} & set(p.tag.grammemes)]
        parses.append(found)
    genders = [p[0].tag.gender for p in parses if p]
    gender = genders[0] if genders else None
    cases = [{q.tag.case for q in p if gender is None or q.tag.gender in (gender, None)} for p in parses if p]
    common = set.intersection(*cases) if cases else set()
    if not cases or "nomn" in common:
        return words
    result = []
    for word, found in zip(words, parses, strict=True):
        fitting = [
            p for p in found if (gender is None or p.tag.gender == gender) and (not common or p.tag.case in common)
        ]
        if fitting:
            nominative = fitting[0].inflect({"nomn"})
            form = nominative.word if nominative else word
        else:
            form = _by_ending(word, gender)
        result.append("-".join(map(_like, form.split("-"), word.split("-"))) if "-" in word else _like(form, word))
    return tuple(result)


@lru_cache(maxsize=16384)
def is_of_person(word: str) -> bool:
    """Whether a folded word is most likely a given name, a family name or a patronymic."""
    best = _morph().parse(word)[0]
    return bool({"Name", "Surn", "Patr"} & set(best.tag.grammemes))


# The analyser knows no other letters, and ends with an error at those without a name in Unicode.
_CYRILLIC: Final = re.compile(r"[а-яё-]+").fullmatch


@lru_cache(maxsize=16384)
def place_nominative(word: str) -> str:
    """The likeliest nominative of a city's name of one word that no table knows; the capital is kept."""
    for parse in _morph().parse(word.lower()) if _CYRILLIC(word.lower()) else ():
        if parse.tag.POS == "NOUN" and parse.tag.number == "sing":
            nominative = parse if parse.tag.case == "nomn" else parse.inflect({"nomn"})
            return _like(nominative.word, word) if nominative else word
    return word


@lru_cache(maxsize=16384)
def may_be(word: str, case: str) -> bool:
    """Whether a folded word is most likely a noun or an adjective and may stand in a case, as OpenCorpora names it."""
    if not _CYRILLIC(word):
        return False
    parses = _morph().parse(word)
    if parses[0].tag.POS not in {"NOUN", "ADJF", "PRTF"}:
        return False
    return any(parse.tag.case == case for parse in parses if parse.tag.POS in {"NOUN", "ADJF", "PRTF"})


_TENSES: Final = {"past": 1, "pres": 2, "futr": 3}


@lru_cache(maxsize=16384)
def verb_tense(word: str) -> int:
    """The tense of a folded verb or participle: 1 past, 2 present, 3 future, 4 infinitive, 0 for any other word."""
    if word == "есть":  # to be far more often than to eat
        return 2
    for parse in _morph().parse(word) if _CYRILLIC(word) else ():
        part = parse.tag.POS
        if part in {"VERB", "PRTS", "PRTF"}:
            return _TENSES.get(str(parse.tag.tense), 0)
        if part == "INFN":
            return 4
    return 0


def _like(form: str, word: str) -> str:
    """A form with the capital of the word it was made from."""
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def _by_ending(word: str, gender: str | None) -> str:
    low = word.lower()
    for ending, nominative in _PERSON_ENDINGS:
        if low.endswith(ending) and len(low) > len(ending) + 1:
            feminine = "а" if gender == "femn" and nominative in {"ов", "ев", "ин"} else ""
            return word[: -len(ending)] + nominative + feminine
    if gender == "femn":
        return word
    for ending in ("ом", "ем", "а", "у", "е", "ю", "я"):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and low[-len(ending) - 1] not in "аеиоуыэюя":
            return word[: -len(ending)]
    return word
