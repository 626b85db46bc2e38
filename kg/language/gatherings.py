"""Nouns for gatherings with their base forms, and ordinals: "саммите" is "саммит", a summit; "VII", "79-й".

Kazakh nouns keep their possessive ending, which makes one with the name before it ("Шуша саммитінде": "Шуша саммиті").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from kg.language.tokens import DASHES
from kg.language.words import NUMBERS

# By language: the noun, what it is in English, and in Russian its gender and nominative.
_ENGLISH: Final = {
    "session": "session", "summit": "summit", "conference": "conference", "forum": "forum", "congress": "congress",
    "meeting": "meeting", "assembly": "assembly", "gathering": "meeting", "ministerial": "ministerial meeting",
    "dialogue": "dialogue", "consultations": "consultations",
}  # fmt: skip
_RUSSIAN: Final = (
    ("сесси", "я и ю ей", "session", "f", "сессия"),
    ("саммит", " а у е ом", "summit", "m", "саммит"),
    ("конференци", "я и ю ей", "conference", "f", "конференция"),
    ("форум", " а у е ом", "forum", "m", "форум"),
    ("конгресс", " а у е ом", "congress", "m", "конгресс"),
    ("съезд", " а у е ом", "congress", "m", "съезд"),
    ("встреч", "а и у е ей", "meeting", "f", "встреча"),
    ("заседани", "е я ю и ем", "meeting", "n", "заседание"),
    ("совещани", "е я ю и ем", "meeting", "n", "совещание"),
    ("ассамбле", "я и ю е ей", "assembly", "f", "ассамблея"),
)
_KAZAKH: Final = {
    "сессия": "session", "саммит": "summit", "конференция": "conference", "форум": "forum", "конгресс": "congress",
    "құрылтай": "congress", "кездесу": "meeting", "отырыс": "meeting", "жиын": "meeting", "мәжіліс": "meeting",
    "ассамблея": "assembly", "кеңес": "meeting",
}  # fmt: skip
_KAZAKH_HEAD: Final = re.compile(
    rf"({'|'.join(_KAZAKH)})(сы|сі|ы|і)?"
    r"(?:н?[дт][ае]|н?[дт][ае]ғы|н?[дт]егі|[нт][ае]н|[дт][ае]н|[нтд][ыі]ң|н?[ғгқк]?[ае]|[нтд][ыі]|н|[мбп]ен)?$"
)
OWNED: Final = tuple(noun + ending for noun in _KAZAKH for ending in ("ы", "і", "сы", "сі"))
_ORDINALS_EN: Final = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80}
_TENS_EN: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
_ORDINALS_RU: Final = {
    stem: n
    for n, stem in enumerate(
        "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат "
        "пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат".split(),
        1,
    )
} | {"тридцат": 30, "сороков": 40, "пятидесят": 50, "шестидесят": 60, "семидесят": 70}
_TENS_RU: Final = {"двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70}
_ROMAN: Final = re.compile(r"(?=[XVI])X{0,3}(?:IX|IV|V?I{0,3})$")
ADJECTIVE: Final = re.compile(r"\w{2,}(?:ый|ий|ой|ого|его|ому|ему|ом|ем|ым|им|ая|яя|ую|юю|ей|ое|ее)$")


def gathering(low: str, raw: str, lang: str) -> tuple[str, str, str] | None:
    """What a noun for a gathering is in English, with its base form and, in Russian, its gender; None for other words.

    Args:
        low: the folded word.
        raw: the word as it stands.
        lang: its language.
    """
    if lang == "en":
        return (_ENGLISH[low], raw, "") if low in _ENGLISH else None
    if lang == "ru":
        for stem, endings, english, gender, nominative in _RUSSIAN:
            if low.startswith(stem) and low[len(stem) :] in endings.split(" "):
                return english, _like(nominative, raw), gender
        return None
    match = _KAZAKH_HEAD.match(low)
    if match is None:
        return None
    base = match.group(1) + (match.group(2) or "")
    return _KAZAKH[match.group(1)], _like(base, raw), ""


def ordinal_before(low: Sequence[str], raw: Sequence[str], end: int, lang: str) -> tuple[int, int]:
    """The ordinal that ends right before a token, and where it begins; 0 for none."""
    k = end - 1
    if k < 0:
        return 0, end
    word = low[k]
    if lang == "en":
        if word in {"st", "nd", "rd", "th"} and k and low[k - 1].isdecimal():
            return _small(low[k - 1]), k - 1
        if word in _ORDINALS_EN:
            if k > 1 and low[k - 1] in DASHES and low[k - 2] in _TENS_EN and _ORDINALS_EN[word] < 10:
                return _TENS_EN[low[k - 2]] + _ORDINALS_EN[word], k - 2
            return _ORDINALS_EN[word], k
    elif lang == "ru":
        if k > 1 and low[k - 1] in DASHES and low[k - 2].isdecimal() and len(word) <= 3:
            return _small(low[k - 2]), k - 2
        if ADJECTIVE.match(word) or word.endswith(("ий", "ьей", "ьем")):
            stem = max((s for s in _ORDINALS_RU if word.startswith(s)), key=len, default="")
            if stem and len(word) - len(stem) <= 3:
                tens = _TENS_RU.get(low[k - 1], 0) if k else 0
                return _ORDINALS_RU[stem] + tens, k - bool(tens)
    else:
        if word in DASHES and k and low[k - 1].isdecimal():
            return _small(low[k - 1]), k - 1
        if word in {"ші", "шы", "інші", "ншы", "нші"} and k > 1 and low[k - 1] in DASHES and low[k - 2].isdecimal():
            return _small(low[k - 2]), k - 2
        stem = re.sub(r"(?:[ыі]?н)?(?:шы|ші)$", "", word)
        if stem != word:
            values = NUMBERS["kk"]
            value = next((values[s] for s in (stem, stem + "і", stem + "ы") if s in values), 0)
            if value:
                tens = values.get(low[k - 1], 0) if k else 0
                return (value + tens, k - 1) if value < tens < 100 else (value, k)
    if lang != "en" or raw[k].isupper():
        match = _ROMAN.match(raw[k])
        if match and raw[k]:
            return _roman(raw[k]), k
    return 0, end


def nominative(word: str, gender: str) -> str:
    """A Russian adjective in the nominative of a gender; other words as they are."""
    low = word.lower()
    if not ADJECTIVE.match(low):
        return word
    stem = re.sub(r"(?:ого|его|ому|ему|ый|ий|ой|ом|ем|ым|им|ая|яя|ую|юю|ей|ое|ее)$", "", low)
    soft = low.endswith(("ем", "его", "ему", "ей", "яя", "юю", "ее")) and stem[-1] not in "жшчщц"
    if stem in {"трет", "треть"}:
        form = {"f": "третья", "n": "третье"}.get(gender, "третий")
    elif gender == "f":
        form = stem + ("яя" if soft else "ая")
    elif gender == "n":
        form = stem + ("ее" if soft or stem[-1] in "жшчщ" else "ое")
    elif stem in {"втор", "шест", "седьм", "восьм", "сороков", "миров", "годов", "рядов", "больш"}:
        form = stem + "ой"
    else:
        form = stem + ("ий" if soft or stem[-1] in "гкхжшчщ" else "ый")
    return _like(form, word)


def _like(form: str, word: str) -> str:
    """A form with the capital of the word it was made from."""
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def _small(digits: str) -> int:
    return int(digits) if len(digits) <= 3 else 0


def _roman(text: str) -> int:
    values = {"I": 1, "V": 5, "X": 10}
    row = [values[c] for c in text]
    return sum(-v if v < w else v for v, w in zip(row, [*row[1:], 0], strict=True))


def ordinal(number: int) -> str:
    """ "1st", "12th", "43rd"."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
