"""One key for a name in three languages and two scripts, so that Токаев, Тоқаев and Tokayev meet.

The key keeps what transcription keeps: the consonants, folded where Kazakh, Russian and English spellings differ,
and of the vowels the first of each word, as rounded or not. Parts of a name count in any order; patronymics do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kg import iris
from kg.model import Entity, Establishment, Fact, SlotValue

_CYRILLIC: Final = {
    **dict(zip("абвгдезиклмнопрстуфхыэ", "abvgdeziklmnoprstufhye", strict=True)),
    "й": "y", "ё": "e", "ж": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
}  # fmt: skip
_LATIN: Final = (
    ("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"),
    ("ph", "f"), ("th", "t"), ("ck", "k"), ("tz", "ts"), ("yo", "e"), ("ye", "e"),
)  # fmt: skip
_PATRONYMIC: Final = re.compile(r"(ovich|evich|ovna|evna|uly|uli|oglu|kyzy|kizi|kyzi|kizy|qyzy)$")
_VOWELS: Final = "aeiouy"
_ROUNDED: Final = "ou"


def name_key(name: str) -> str:
    """The language-neutral key of a name of a person or place: lower-case ASCII, words in alphabetical order.

    Args:
        name: the name in Kazakh, Russian or English, in its base form.

    Returns:
        The key; ``""`` where no letter of the name is known.
    """
    words = [_latin(word) for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", name).casefold())]
    if len(words) > 2:
        words = [w for w in words if not _PATRONYMIC.search(w)] or words
    return ".".join(sorted(filter(None, map(_skeleton, words))))


def _latin(word: str) -> str:
    cyrillic = "".join(_CYRILLIC.get(c, c) for c in word)
    # Umlauts and accents go, but a letter that Kazakh Latin marks stands for the plain one as well.
    plain = unicodedata.normalize("NFKD", cyrillic.replace("ı", "y").replace("ß", "ss"))
    plain = plain.encode("ascii", "ignore").decode()
    for old, new in _LATIN:
        plain = plain.replace(old, new)
    return plain


def _skeleton(word: str) -> str:
    word = re.sub(r"c(?=[eiy])", "s", word)
    word = word.replace("ch", "C").replace("sh", "S").replace("ts", "C")
    word = word.replace("q", "k").replace("c", "k").replace("w", "v").replace("x", "ks").replace("h", "k")
    first = next((c for c in word.replace("yu", "u").replace("iu", "u") if c in _VOWELS), "")
    vowel = "" if not first else "o" if first in _ROUNDED else "a"
    initial = vowel if word[:1] in _VOWELS else ""
    consonants = re.sub(rf"[{_VOWELS}]", "", word)
    consonants = re.sub(r"(.)\1+", r"\1", consonants).replace("C", "c").replace("S", "x")
    if not consonants:
        return vowel
    final = "a" if len(word) > 2 and word.endswith("a") else ""
    return f"{initial or consonants[0]}{'' if initial else vowel}{consonants if initial else consonants[1:]}{final}"


def identify(entity: Entity) -> Entity:
    """The entity under an id that does not depend on the language of the article; known ones as they are."""
    if entity.known or not entity.names:
        return entity
    name = entity.names[0]
    key = name_key(name) if entity.type in ("person", "city", "country") else iris.slug(name)
    return replace(entity, id=f"{entity.type}/x-{key or iris.digest(name)}")


def identified(fact: Fact) -> Fact:
    """The fact with the entities that no table knows under ids that do not depend on the language."""
    slots: Mapping[str, SlotValue] = {slot: _value(value) for slot, value in fact.slots.items()}
    return replace(fact, slots=slots) if slots != fact.slots else fact


def _value(value: SlotValue) -> SlotValue:
    if isinstance(value, Entity):
        return identify(value)
    if isinstance(value, Establishment):
        place = identify(value.place) if value.place else None
        return Establishment(identify(value.organization), place, value.form)
    if isinstance(value, tuple) and value and isinstance(value[0], Entity):
        return tuple(identify(v) for v in value if isinstance(v, Entity))
    return value
