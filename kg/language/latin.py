"""Kazakh in the Latin alphabets of 2018, 2019 and 2021, read as Cyrillic.

Each alphabet has letters for most Cyrillic ones; two or three of them stand for several (и and й, х and һ), and what
Russian brought along is spelt out (я, ю, ц). So the way back is a guess, good enough to compare with names and words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

_SHARED: Final = dict(
    zip("абвгдежзклмнопрстфхһқыэ", "abvgdejzklmnoprstfhhqye", strict=True),
    ъ="", ь="",
)  # fmt: skip
_SPELT: Final[Mapping[str, dict[str, str]]] = {
    # The decree of 19 February 2018: acutes; и and й are the dotless ı.
    "2018": _SHARED
    | dict(zip("әғңөүіұшчийу", ("á", "ǵ", "ń", "ó", "ú", "i", "u", "sh", "ch", "ı", "ı", "ý"), strict=True)),
    # The draft of 2019: diaereses, w for у, the dotless ı for и and й.
    "2019": _SHARED
    | dict(zip("әғңөүіұшчийу", ("ä", "ğ", "ŋ", "ö", "ü", "i", "u", "ş", "ç", "ı", "ı", "w"), strict=True)),
    # The draft of 2021: и and й dotted, і dotless, ұ with a macron.
    "2021": _SHARED
    | dict(zip("әғңөүіұшчийу", ("ä", "ğ", "ñ", "ö", "ü", "ı", "ū", "ş", "ch", "i", "i", "u"), strict=True)),
}
ALPHABETS: Final = tuple(_SPELT)
_GLIDE: Final = {"2018": "ı", "2019": "ı", "2021": "i"}
_MARKS: Final = {"2018": frozenset("áǵńóúý"), "2019": frozenset("äğŋöüşçw"), "2021": frozenset("äğñŋöüşū")}
_VOWELS: Final = frozenset("аәеёиоөуұүыіэюя")
# Letters that are of no Kazakh alphabet, and of languages that share the marks: Turkish, Azerbaijani, Czech, Spanish …
_FOREIGN: Final = frozenset("əâîûřěščžćłßåøæèêëàùïôõãąężźśőűățțđ")
# Frequent words, by which Kazakh is told from the languages that have the same letters.
_COMMON: Final = frozenset(
    """және мен үшін бойынша болып туралы деп бұл осы жылы жылғы бар бір оның халықаралық ұйымының ұйымы қазақстан
    республикасы республикасының еді болды бас жаңа ашылды өткен туралы арасындағы қаласында бойы оған олар""".split()
)
# Words from other languages in which a Latin e at the beginning is э.
_FOREIGN_E: Final = re.compile("(?=эконом|эколог|электр|энерг|эстон|эквадор|эфиоп|экспер|экспо|этик|элит|эритр|эсват)")


def from_cyrillic(text: str, alphabet: str) -> str:
    """A Kazakh text in one of :data:`ALPHABETS`, as people wrote it; what is no Cyrillic letter stays.

    Args:
        text: Kazakh in Cyrillic.
        alphabet: ``2018``, ``2019`` or ``2021``.
    """
    table, glide = _SPELT[alphabet], _GLIDE[alphabet]
    table = table | {"я": f"{glide}a", "ю": f"{glide}{table['у']}", "ё": f"{glide}o", "ц": "ts", "щ": table["ш"]}

    def one(match: re.Match[str]) -> str:
        letter = match.group()
        low = letter.lower()
        new = table.get(low, low)
        if low == letter:
            return new
        beside = text[match.end() : match.end() + 1] or text[match.start() - 1 : match.start()]
        return _upper(new, alphabet) if beside.isupper() else _upper(new[:1], alphabet) + new[1:]

    return re.sub("[Ѐ-ӿ]", one, text)


def _upper(letters: str, alphabet: str) -> str:
    if alphabet != "2018":  # there both i and ı have the capital I
        letters = letters.replace("i", "İ")
    return letters.upper()


@lru_cache(maxsize=65_536)
def to_cyrillic(word: str, alphabet: str) -> str:
    """A word of :data:`ALPHABETS` in Cyrillic; capitals are kept, and a word with other letters stays as it is.

    Args:
        word: one token, letters only.
        alphabet: ``2018``, ``2019`` or ``2021``.
    """
    plain = unicodedata.normalize("NFC", word)
    if not plain:
        return word
    low = _lower(plain, alphabet)
    letters, pairs = _read(alphabet)
    found: list[str] = []
    at = 0
    while at < len(low):
        pair = next((p for p in pairs if low.startswith(p, at)), "")
        if pair:
            found.append(pairs[pair])
            at += len(pair)
            continue
        new = letters.get(low[at])
        if new is None:
            return word
        glides = found[-1][-1] in _VOWELS and found[-1] != "и" if found else low[1:2] in {"o", "ó", "ö"}
        if new == "и" and glides:
            new = "й"
        found.append(new)
        at += 1
    cyrillic = "".join(found)
    if cyrillic.startswith("е") and _FOREIGN_E.match("э" + cyrillic[1:]):
        cyrillic = "э" + cyrillic[1:]
    if plain.isupper() and len(plain) > 1:
        return cyrillic.upper()
    return cyrillic[:1].upper() + cyrillic[1:] if plain[0].isupper() else cyrillic


def _lower(word: str, alphabet: str) -> str:
    """In lower case; a capital I is, in 2018, either letter: и before a name's consonants, as in "Iran"."""
    if alphabet != "2018":
        return word.replace("İ", "i").replace("I", "ı").lower()
    if word.isupper():
        word = re.sub("I(?=[AÝO])", "ı", word)
        return word.replace("I", "ı" if not set(word) & set("ÁÚÓE") else "i").lower()
    return ("ı" + word[1:] if word[:1] == "I" else word).lower()


@cache
def _read(alphabet: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Cyrillic for each Latin letter, and for each row of letters, the longest first."""
    glide = _GLIDE[alphabet]
    letters: dict[str, str] = {}
    pairs = {f"{glide}{glide}a": "ия", f"{glide}a": "я", f"ts{glide}": "ци", f"ts{glide}{glide}a": "ция"}
    pairs |= {f"{glide}{_SPELT[alphabet]['у']}": "ю", "shch": "щ"}
    for cyrillic, latin in _SPELT[alphabet].items():
        if len(latin) == 1:
            letters.setdefault(latin, cyrillic)
        elif latin:
            pairs[latin] = cyrillic
    letters |= {"h": "х", "e": "е", "ŋ": "ң", "ñ": "ң", "c": "ц", "x": "х", "w": letters.get("w", "у"), glide: "и"}
    return letters, dict(sorted(pairs.items(), key=lambda p: -len(p[0])))


def alphabet_of(text: str) -> str:
    """The alphabet of a Kazakh text in Latin letters, one of :data:`ALPHABETS`, or ``""`` for any other text.

    Args:
        text: any text; its beginning decides.
    """
    if sum(c > "ʯ" for c in text[:200]) > 60:
        return ""  # most texts are told apart by their beginning
    sample = unicodedata.normalize("NFC", text[:4000])
    if sample.isascii():
        return ""  # all three alphabets have marks; a text without any is another language's
    low = sample.replace("İ", "i").lower()
    letters = Counter(c for c in low if c.isalpha())
    total = letters.total()
    if not total or sum(n for c, n in letters.items() if c > "ɏ") > total * 0.1:
        return ""
    if sum(letters[c] for c in _FOREIGN) > total * 0.002:
        return ""
    words = [w for w in re.findall(r"[^\W\d_]+", low) if len(w) > 2]
    best = max(ALPHABETS, key=lambda a: (_hits(words, a), sum(letters[c] for c in _MARKS[a])))
    return best if _hits(words, best) >= max(2, 0.03 * len(words)) else ""


def _hits(words: list[str], alphabet: str) -> int:
    return sum(to_cyrillic(word, alphabet) in _COMMON for word in words)
