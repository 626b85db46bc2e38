"""Plain denials, rumours and conditions right beside a trigger: what they govern is not asserted.

Whether a "not" somewhere in a sentence concerns an office is for the learned choice to weigh. These guards stop
only what no reader would take for a statement: "has no office", "нет офиса", "кеңсесі жоқ", "rumours about an
office", "could open an office".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.extract.reading import Reading

_REACH: Final = 5  # tokens between the denying word and the trigger
_STOPS: Final = frozenset(
    (",", ";", ":", "(", ")", "—", "–", "of", "in", "at", "on", "from", "for", "about", "by", "with", "but", "that")
) | frozenset(("в", "во", "на", "из", "с", "о", "об", "от", "для", "по", "но", "а", "что", "который", "кроме"))

_NO: Final = {
    "en": frozenset(("no", "without")),
    "ru": frozenset(("нет", "без", "никакого", "никаких")),
}
_NOT: Final = {
    "en": frozenset(("not", "never", "t", "nor", "neither")),
    "ru": frozenset(("не",)),
}
# A possibility; "would" also tells of what was planned.
_MAYBE: Final = {"en": frozenset(("could", "might", "may")), "ru": frozenset(("бы", "б"))}
_NOT_DENIED: Final = frozenset(("longer", "only", "less", "fewer"))
_HAVE: Final = {
    "en": ("have", "has", "had", "open", "plan", "run", "maintain", "keep", "kept", "operat", "set", "establish"),
    "ru": ("имел", "имеет", "имею", "откры", "планиру", "держ", "созда", "размещ"),
}  # fmt: skip
_RUMOUR: Final = {"en": ("rumour", "rumor"), "ru": ("слух",), "kk": ("сыбыс", "қауесет")}
_NEGATED_KK: Final = ("маған", "меген", "баған", "беген", "паған", "пеген", "майды", "мейді", "байды", "бейді", "пайды",
                      "пейді", "мады", "меді", "бады", "беді", "пады", "педі")  # fmt: skip
_OPENING_KK: Final = ("аш", "құр", "бол", "жасақта", "жоспарла")


_FORMER: Final = {"en": ("former", "ex"), "ru": ("бывш", "экс", "покойн"), "kk": ("бұрынғы", "марқұм")}


def former(reading: Reading, first: int, last: int) -> bool:
    """Whether the title at tokens ``[first, last)`` is said of one who held it before: "the former president"."""
    sentence = reading.document.sentences[reading.document.sentence_of[first]]
    words = _FORMER[reading.lang]
    for word in reversed(reading.document.low[max(sentence.first, first - 3) : first]):
        if word in {",", ";", "(", ")", ":", "."}:
            return False
        if word in words or (len(word) > 4 and word.startswith(words)):
            return True
    return False


def stopped(reading: Reading, first: int, last: int) -> str | None:
    """The guard that stops whatever hangs on the trigger at tokens ``[first, last)``; None if it may stand.

    Returns:
        ``denied``, ``rumoured`` or ``possible``.
    """
    sentence = reading.document.sentences[reading.document.sentence_of[first]]
    low = reading.document.low
    before = low[max(sentence.first, first - _REACH) : first]
    after = low[last : min(sentence.last, last + _REACH)]
    lang = reading.lang
    if lang == "kk":
        return _kazakh(after)
    back = _back_to_stop(before)
    if _denied(back, lang):
        return "denied"
    if any(w.startswith(_RUMOUR[lang]) for w in before):
        return "rumoured"
    if _verb_after(back, _MAYBE[lang], lang):
        return "possible"
    return None


def _back_to_stop(before: Sequence[str]) -> Sequence[str]:
    """The words before a trigger that belong to its phrase: back to the nearest preposition or comma."""
    for n in range(len(before) - 1, -1, -1):
        if before[n] in _STOPS:
            return before[n + 1 :]
    return before


def _denied(back: Sequence[str], lang: str) -> bool:
    for n, word in enumerate(back):
        rest = back[n + 1 :]
        if word in _NO[lang] and "to" not in rest and (not rest or rest[0] not in _NOT_DENIED):
            return True
    return _verb_after(back, _NOT[lang], lang)


def _verb_after(back: Sequence[str], words: frozenset[str], lang: str) -> bool:
    """Whether a verb of having or opening comes within two words after one of *words*."""
    return any(
        word in words and any(w.startswith(_HAVE[lang]) for w in back[n + 1 : n + 3]) for n, word in enumerate(back)
    )


def _kazakh(after: Sequence[str]) -> str | None:
    """Kazakh denies behind the noun: "кеңсесі жоқ", "кеңсе ашпайды", "кеңсе туралы сыбыс"."""
    for n, word in enumerate(after[:3]):
        if word in _STOPS:
            break
        if word in {"жоқ", "емес"} and (n == 0 or after[n - 1].startswith(_OPENING_KK)):
            return "denied"
        if word.startswith(_OPENING_KK) and word.endswith(_NEGATED_KK):
            return "denied"
        if word.startswith(_OPENING_KK) and "мүмкін" in after[n + 1 : n + 2]:
            return "possible"
        if word in {"туралы", "жайлы", "жөніндегі"} and any(w.startswith(_RUMOUR["kk"]) for w in after[n + 1 : n + 2]):
            return "rumoured"
    return None
