"""A key of a name that is the same in Cyrillic and Latin script, for names that no table has.

Токаев, Тоқаев, Tokayev and Toqaev have one key. The key keeps consonants and vowels apart as far as the usual
romanisations of Russian and Kazakh keep them apart (BGN/PCGN, ISO 9 without marks, the Kazakh Latin alphabets), so
that two names are rather left apart than joined wrongly. Names that are translated rather than spelled out, as most
names of organisations are, meet only within a language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from kg import iris

_CYRILLIC: Final = {
    **dict(zip("абвгдежзийклмнопрстуфхыэ", "abvgdejziiklmnoprstufhie", strict=True)),
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ю": "iu",
    "я": "ia",
    "ь": "",
    "ъ": "",
    "ә": "a",
    "ғ": "g",
    "қ": "k",
    "ң": "n",
    "ө": "o",
    "ұ": "u",
    "ү": "u",
    "һ": "h",
    "і": "i",
    "ї": "i",
    "є": "e",
    "ґ": "g",
    "ў": "u",
    "ө̆": "o",
    "ҳ": "h",
    "ҷ": "j",
    "ӣ": "i",
    "ӯ": "u",
}
_LATIN: Final = {
    "ı": "i",
    "ş": "sh",
    "ç": "ch",
    "ğ": "g",
    "ŋ": "n",
    "ə": "a",
    "ß": "ss",
    "ł": "l",
    "ø": "o",
    "æ": "e",
    "đ": "d",
    "š": "sh",
    "č": "ch",
    "ž": "j",
    "ć": "ch",
}

_CYRILLIC_RULES: Final = (
    (re.compile("дж"), "ж"),
    (re.compile("([жчшщ])ё"), r"\1е"),
    (re.compile("[ьъ]([её])"), r"и\1"),
    (re.compile("ё"), "ио"),
)
_LATIN_RULES: Final = (
    (re.compile("[ʹʺ'’‘ʼ`´]"), ""),
    (re.compile("shch|sch(?=[aeiou])"), "sh"),
    (re.compile("dzh|dj|zh|j"), "ж"),
    (re.compile("kh"), "h"),
    (re.compile("gh"), "g"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("ck|q"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("w"), "v"),
    (re.compile("oo|ou"), "u"),
    (re.compile("ee"), "i"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c(?!h)"), "k"),
    (re.compile("y"), "i"),
    (re.compile("ж"), "j"),
)
_BOTH: Final = (
    (re.compile("i{2,}"), "i"),
    (re.compile("ie"), "e"),
    (re.compile("ndr$"), "nder"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_PATRONYMIC: Final = re.compile(r"(?:ovich|evich|ovna|evna|ichna|ilich|kizi|uli)$")


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """The key of a name, in lower-case ASCII, words parted by hyphens; ``""`` where it has no letter or digit.

    Args:
        name: a name in Latin or Cyrillic script; case, accents, apostrophes, hyphens and doubled letters do not
            matter, the order of the words does.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = re.split(r"[^\w'’‘ʼʹʺ`´-]+", folded)
    return "-".join(filter(None, map(_word, words)))


def person(name: str) -> str:
    """The key of a person's name, as :func:`key`, without the patronymic that only some sources give.

    Args:
        name: given name and family name, in the order of the source.
    """
    parts = key(name).split("-")
    if len(parts) > 2:
        kept = [parts[0], *(p for p in parts[1:] if not _PATRONYMIC.search(p))]
        parts = kept if len(kept) > 1 else parts
    return "-".join(parts)


_SPELLED: Final[Mapping[str, Callable[[str], str]]] = {"person": person, "city": key, "country": key, "region": key}


def identifier(kind: str, name: str) -> str:
    """The id of an entity that no table has, for example ``person/x-kasimjomart-tokaev``.

    Names of people and places are spelled out from language to language, and get a key; names of organisations and
    events are translated, meet only within a language, and get a readable slug.

    Args:
        kind: the type of the entity.
        name: its preferred name; a name in another script gets a digest of it.
    """
    found = _SPELLED.get(kind, iris.slug)(name)
    return f"{kind}/x-{found[:80].strip('-') or iris.digest(name.casefold())}"


def _word(word: str) -> str:
    word = word.replace("-", "").replace("_", "")
    if any("\u0400" <= c <= "\u04ff" for c in word):
        word = _script(word, _CYRILLIC_RULES)
        word = "".join(_CYRILLIC.get(c, c) for c in word)
    else:
        word = "".join(_LATIN.get(c, c) for c in word)
        word = _script(_plain(word), _LATIN_RULES)
    word = re.sub("[^a-z0-9]", "", word)
    return word if word.isdecimal() else _script(word, _BOTH)


def _plain(word: str) -> str:
    """Letters without their accents; apostrophes stay for the rules, letters of other scripts fall out."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if c.isascii() or c in "ʹʺ’‘ʼ´")


def _script(word: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, replacement in rules:
        word = pattern.sub(replacement, word)
    return word
