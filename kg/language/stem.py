"""Words as they are searched: without case, without marks that keyboards lack, and without endings."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

from kg.language import kazakh

# Kazakh letters as one types them on a Russian keyboard, and what Russian itself writes in two ways.
_PLAIN: Final = str.maketrans("ёәғқңөұүһіїєґ", "еагкноуухиией")
_WORD: Final = re.compile(r"\w+(?:['’ʼ]\w+)*")
# The end of "Қазақстан" and "Казахстан" is none of the endings that it looks like.
_COUNTRY: Final = re.compile(".{3,}стан(?!о)")
_SHORTEST: Final = 3
_STEMMERS: Final = {"en": "english", "ru": "russian"}


def words(text: str) -> list[str]:
    """The words of a text in lower case, apostrophes left out: ``O'Connor`` is one word."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [re.sub("['’ʼ]", "", word) for word in _WORD.findall(folded.replace("_", " "))]


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """A word in lower case without accents; Kazakh letters become the nearest Russian ones."""
    word = word.translate(_PLAIN)
    if word.isascii():
        return word
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=65_536)
def stem(word: str, lang: str) -> str:
    """A word in lower case without its endings, as :func:`plain`.

    Russian and English by Snowball (Porter 2001), Kazakh by the longest chain of endings that agrees with the stem.

    Args:
        word: the word, in lower case.
        lang: ``en``, ``ru`` or ``kk``; in another language the word stays as it is.
    """
    country = _COUNTRY.match(word) if lang in ("kk", "ru") else None
    if country:
        word = country[0]
    elif lang == "kk":
        word = _kazakh(word)
    elif lang in _STEMMERS:
        word = str(_stemmer(_STEMMERS[lang]).stemWord(word.replace("ё", "е")))
    return plain(word)


@cache
def _stemmer(name: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(name)


def _kazakh(word: str) -> str:
    for cut in range(_SHORTEST, len(word)):
        found, ending = word[:cut], word[cut:]
        reading = kazakh.SUFFIXES.get(ending)
        if reading is not None and reading[0] != "adj" and kazakh.agrees(found, ending):
            # The last consonant is voiced before a vowel: "кітабы" < "кітап".
            return found[:-1] + kazakh.DEVOICED.get(found[-1], found[-1])
    return word
