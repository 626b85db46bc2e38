"""When what a verb says happens: before the text, at its time, or after it.

By endings in Kazakh, by the dictionary of pymorphy3 in Russian, by auxiliaries and endings in English. Only words that
are known to be verbs are asked for; a noun made of a verb tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

from kg.language.russian import verb_tense


class Tense(IntEnum):
    """The time of a verb, in an order that a threshold can cut: done, ongoing, to come, only named."""

    UNKNOWN = 0
    PAST = 1
    PRESENT = 2
    FUTURE = 3
    INFINITIVE = 4


_BEFORE: Final = 3  # words before a verb among which its auxiliary stands

_COMING_EN: Final = frozenset(("will", "shall", "would", "being", "ll"))
_BE_EN: Final = frozenset(("is", "are", "was", "were", "due", "set", "expected", "about", "plans", "going"))
_DONE_EN: Final = frozenset(("has", "have", "had", "was", "were", "been", "having"))
_IRREGULAR_EN: Final = frozenset(
    ("set", "built", "began", "started", "stood", "sat", "kept", "ran", "shut", "wound", "withdrew", "left", "came",
     "founded", "went", "cut", "worked", "lapsed", "pulled", "gone", "begun")
)  # fmt: skip
_NOUNS_EN: Final = frozenset(("closure", "establishment", "doors", "ribbon", "opening"))

_COMING_RU: Final = frozenset(
    ("будет", "будут", "предстоит", "должен", "должна", "должно", "должны", "планирует", "намерен", "намерена",
     "намерены", "собирается", "собираются")
)  # fmt: skip

_COMING_KK: Final = ("мақ", "мек", "бақ", "бек", "пақ", "пек", "мақшы", "мекші", "бақшы", "бекші", "пақшы", "пекші")
_PROSPECTIVE_KK: Final = ("атын", "етін", "йтын", "йтін")
_AORIST_KK: Final = ("ады", "еді", "йды", "йді")
_VOWEL_STEMS_KK: Final = ("баста", "істе", "жаса", "жасақта", "мекенде", "тірке")  # "бастады" is no "бастайды"
_PAST_KK: Final = ("ды", "ді", "ты", "ті", "ған", "ген", "қан", "кен", "ғанын", "генін", "қанын", "кенін")
_VERBAL_NOUN_KK: Final = ("у", "уды", "уді", "уға", "уге", "уы", "уі", "уын", "уін", "уына", "уіне", "удың", "удің")
_ONGOING_KK: Final = ("отыр", "жатыр", "тұр", "жүр", "келе", "келед")
_PURPOSE_KK: Final = ("ғалы", "гелі", "қалы", "келі")


def tense(words: Sequence[str], first: int, last: int, lang: str) -> Tense:
    """The tense of the verb at words ``[first, last)``.

    Args:
        words: the folded words of a text; only those near the verb are looked at.
        first, last: where the verb is.
        lang: ``en``, ``ru`` or ``kk``.

    Raises:
        KeyError: if no verbs of the language are known.
    """
    return _READERS[lang](words, first, last)


def _in_english(words: Sequence[str], first: int, last: int) -> Tense:
    return _english(words[first], words[max(0, first - _BEFORE) : first])


def _in_russian(words: Sequence[str], first: int, last: int) -> Tense:
    found = Tense(verb_tense(words[first]))
    coming = found and not _COMING_RU.isdisjoint(words[max(0, first - _BEFORE) : first])
    return Tense.FUTURE if coming else found


def _in_kazakh(words: Sequence[str], first: int, last: int) -> Tense:
    return _kazakh(words[last - 1], words[last] if last < len(words) else "")


def _english(word: str, before: Sequence[str]) -> Tense:
    if word in _NOUNS_EN:
        return Tense.UNKNOWN
    for n in range(len(before) - 1, -1, -1):
        other = before[n]
        if other in {",", ";", "and", "which", "that"}:
            break
        if other == "to":
            return Tense.FUTURE if n and before[n - 1] in _BE_EN else Tense.INFINITIVE
        if other in _COMING_EN:
            return Tense.FUTURE
        if other in _DONE_EN:
            return Tense.PAST
    if word.endswith("ed") or word in _IRREGULAR_EN:
        return Tense.PAST
    return Tense.UNKNOWN if word.endswith(("ing", "tion")) else Tense.PRESENT


@lru_cache(maxsize=16384)
def _kazakh(word: str, follows: str) -> Tense:
    if word.endswith(_COMING_KK) or word.endswith(_PURPOSE_KK):
        return Tense.FUTURE
    if word.endswith(_PROSPECTIVE_KK):
        return Tense.FUTURE if follows.startswith("бол") else Tense.UNKNOWN
    if word.endswith(_AORIST_KK):
        return Tense.PAST if word[:-2].endswith(_VOWEL_STEMS_KK) and word[-3] != "й" else Tense.PRESENT
    if word.endswith(_VERBAL_NOUN_KK):
        return Tense.INFINITIVE
    if word.endswith(_PAST_KK):
        return Tense.PAST
    if word.endswith(("ып", "іп", "п")):
        return Tense.PRESENT if follows.startswith(_ONGOING_KK) else Tense.PAST
    return Tense.UNKNOWN


_READERS: Final[dict[str, Callable[[Sequence[str], int, int], Tense]]] = {
    "en": _in_english,
    "ru": _in_russian,
    "kk": _in_kazakh,
}
