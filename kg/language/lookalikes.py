"""Acronyms in the letters of the other alphabet that look like their own: OOH for ООН, БYY for БҰҰ, ОРЕС for OPEC."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Final

from kg.language.tokens import fold

_CYRILLIC_OF: Final = dict(zip("ABCEHKMOPTXYI", "АВСЕНКМОРТХУІ", strict=True))
_LATIN_OF: Final = str.maketrans("АВСЕНКМОРТХУІЅЈ", "ABCEHKMOPTXYISJ")
_KAZAKH_Y: Final = "УҰҮ"  # what a Latin Y may stand for in Kazakh
_LATIN = re.compile("[A-Z]{2}|[A-Z][А-ЯӘҒҚҢӨҰҮҺІ]|[А-ЯӘҒҚҢӨҰҮҺІ][A-Z]")
_CYRILLIC = re.compile("[А-Я]{2}|[A-Z][А-Я]|[А-Я][A-Z]")
_MOST: Final = 9  # tries of one word
_LONGEST: Final = 12  # letters of an acronym


def respeller(text: str, lang: str, known: Callable[[str], bool]) -> Callable[[str], str] | None:
    """What puts acronyms into the alphabet of their language where a name of the tables begins with them so.

    Args:
        text: the whole article; most have no acronym that could be meant, and need nothing.
        lang: its language.
        known: whether a folded word begins a name.

    Returns:
        A function from a word to how it should be spelt, or None where no word can need it.
    """
    if text.isascii() and lang == "en":
        return None
    if not (_CYRILLIC if lang == "en" else _LATIN).search(text):
        return None

    def respell(word: str) -> str:
        if not 2 <= len(word) <= _LONGEST or not word.isupper() or known(fold(word)):
            return word
        spelt = [word.translate(_LATIN_OF)] if lang == "en" else _cyrillic(word, lang)
        return next((w for w in spelt if w != word and known(fold(w))), word)

    return respell


def _cyrillic(word: str, lang: str) -> list[str]:
    options = [_KAZAKH_Y if c in "YУ" and lang == "kk" else _CYRILLIC_OF.get(c, c) for c in word]
    return ["".join(letters) for letters, _ in zip(product(*options), range(_MOST), strict=False)]
