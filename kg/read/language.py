"""Which language a text is in: English, Russian, Kazakh, or none of them (``und``)."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any, Final

from kg.language import latin

UNDETERMINED: Final = "und"

_KAZAKH: Final = frozenset("әғқңөұүһі")
# Қ, ғ, ұ and ә set Kazakh apart from Kyrgyz and Mongolian (ң, ө, ү) and from Ukrainian (і).
_KAZAKH_ONLY: Final = frozenset("әғқұ")
# Letters of the other languages that share some of those: Tatar, Bashkir, Tajik, Uzbek, Ukrainian, Belarusian, Serbian.
_FOREIGN: Final = frozenset("җҙҡҫҳҷӣӯўїєґђћљњџјѕќѓӏ")
_RUSSIAN: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_ENGLISH: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_RUSSIAN_WORDS: Final = frozenset(
    re.findall(r"\w+", "и в во на с со по для из о об что как от к до за при был была это также не его")
)
_ENGLISH_WORDS: Final = frozenset(
    re.findall(r"\w+", "the of and to in a for on with by that is was will has its from at as said")
)
_CANDIDATES: Final = {
    "cyrillic": ("ru", "kk", "uk", "be", "bg", "mk", "sr", "mn", "ky", "tg", "tt", "ba"),
    "latin": ("en", "de", "fr", "es", "it", "pt", "ca", "ro", "tr", "az", "uz", "tk", "pl", "cs", "sk", "sl", "hr",
              "hu", "nl", "no", "sv", "da", "fi", "et", "lv", "lt", "id", "ms", "vi", "sq", "la", "sw", "eo"),
}  # fmt: skip

_WORD: Final = re.compile(r"[^\W\d_]+")
# Enough to be sure, and it keeps a book from costing more than a page.
_SAMPLE: Final = 20_000


def identify(text: str) -> str:
    """The language of most of *text*.

    Letters decide where they can; py3langid, restricted to languages of the same script, decides the rest. A text in
    several languages counts by paragraphs: the language of most letters wins.

    Args:
        text: any text; only the first 20,000 characters are looked at.

    Returns:
        ``en``, ``ru``, ``kk``, or ``und`` for every other language and for text without letters.
    """
    sample = text[:_SAMPLE]
    weights: Counter[str] = Counter()
    undecided: list[tuple[str, str]] = []
    for paragraph in filter(None, (p.strip() for p in sample.split("\n"))):
        letters = Counter(c for c in paragraph.lower() if c.isalpha())
        total = letters.total()
        if not total:
            continue
        decided = _by_letters(paragraph, letters, total)
        if decided:
            weights[decided] += total
        else:
            undecided.append((paragraph, _script(letters, total)))
    if undecided:
        for script in ("cyrillic", "latin", ""):
            joined = "\n".join(p for p, s in undecided if s == script)
            if joined and script == "latin" and latin.alphabet_of(joined):
                weights["kk"] += sum(c.isalpha() for c in joined)
            elif joined:
                weights[_by_model(joined, script)] += sum(c.isalpha() for c in joined)
    if not weights:
        return UNDETERMINED
    # A tie is decided by the name of the language, so that the answer never depends on order.
    return min(weights, key=lambda lang: (-weights[lang], lang))


def _by_letters(paragraph: str, letters: Counter[str], total: int) -> str:
    """The language if letters and the commonest words settle it, else ``""``."""
    cyrillic = sum(n for c, n in letters.items() if "Ѐ" <= c <= "ӿ")
    if cyrillic > total / 2:
        if sum(letters[c] for c in _FOREIGN) > 0.005 * cyrillic:
            return ""
        if sum(letters[c] for c in _KAZAKH) > 0.03 * cyrillic:
            return "kk" if any(letters[c] for c in _KAZAKH_ONLY) else ""
        if letters["ы"] and sum(letters[c] for c in _RUSSIAN) >= 0.97 * cyrillic:
            return "ru" if _common(paragraph, _RUSSIAN_WORDS) else ""
        return ""
    if sum(letters[c] for c in _ENGLISH) >= 0.97 * total and _common(paragraph, _ENGLISH_WORDS):
        return "en"
    return ""


def _common(paragraph: str, words: frozenset[str]) -> bool:
    """Whether at least three words, and a tenth of all, are among the language's commonest *words*."""
    found = _WORD.findall(paragraph.lower())
    hits = sum(word in words for word in found)
    return hits >= 3 and hits >= 0.1 * len(found)


def _script(letters: Counter[str], total: int) -> str:
    if sum(n for c, n in letters.items() if "Ѐ" <= c <= "ӿ") > total / 2:
        return "cyrillic"
    if sum(n for c, n in letters.items() if c < "ɐ") > total / 2:
        return "latin"
    return ""


def _by_model(text: str, script: str) -> str:
    if not script:
        return UNDETERMINED
    language, _ = _model(script).classify(text)
    return language if language in ("en", "ru", "kk") else UNDETERMINED


@cache
def _model(script: str) -> Any:
    # Half a second to load: most texts never need it.
    from py3langid import langid

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES[script])
    return identifier
