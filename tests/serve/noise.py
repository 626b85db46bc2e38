"""Names of organisations and places as people write them: drawn from the tables and spoilt, from a seed.

The ways to spoil a name know nothing of how names are found: inflection is by pymorphy3 and by a few rules of Kazakh
written here, transliteration by a table of its own.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pymorphy3

from kg.reference import Entry, load

ORGANISATION: Final = ("InternationalOrganization",)
PLACE: Final = ("City", "Country", "Region")
_MORPH: Final = pymorphy3.MorphAnalyzer()
_NEAR: Final = {
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "ru": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    "kk": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
}
_LATIN: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        ("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya a gh q ng o u u h i".split(" ")),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Noisy:
    """A spoilt name: how, as it is written now, as it was, what it means, and the types that are asked for."""

    how: str
    text: str
    name: str
    id: str
    types: tuple[str, ...]


def _misspelt(rng: random.Random, name: str, lang: str) -> str:
    letters = list(name)
    places = [n for n, c in enumerate(letters) if c.isalpha()]
    for _ in range(1 if len(places) < 7 else 2 if len(places) < 20 else 3):
        place = rng.choice(places[1:-1] or places)
        if place >= len(letters) - 1:
            continue
        action = rng.randrange(4)
        if action == 0:
            del letters[place]
        elif action == 1:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif action == 2:
            letters.insert(place, letters[place])
        else:
            row = next((r for r in _NEAR[lang] if letters[place].lower() in r), "")
            if row:
                at = row.index(letters[place].lower())
                letters[place] = row[max(0, at - 1)] if at else row[1]
        places = [n for n, c in enumerate(letters) if c.isalpha()]
    return "".join(letters)


def _russian_case(rng: random.Random, name: str, lang: str) -> str:
    case = rng.choice(("gent", "datv", "loct", "ablt"))
    words = name.split()
    for place, word in enumerate(words):
        parsed = _MORPH.parse(word)[0]
        changed = parsed.inflect({case})
        if changed is None or parsed.tag.POS not in ("NOUN", "ADJF"):
            break
        words[place] = changed.word.capitalize() if word[0].isupper() else changed.word
        if parsed.tag.POS == "NOUN":
            break
    return " ".join(words)


def _kazakh_case(rng: random.Random, name: str, lang: str) -> str:
    low = name.lower()
    vowels = [c for c in low if c in "аәеоөұүыіуияюэё"]
    back = bool(vowels) and vowels[-1] in "аоұыуяюё"
    hard, last = ("ы", "а") if back else ("і", "е"), low[-1]
    own = len(name.split()) > 1 and last in "ыі"
    voiceless = last in "пфкқтсшщчцхбвгд"
    case = rng.choice(("gen", "dat", "loc", "abl"))
    i, a = hard
    if case == "gen":
        first = "н" if own or last in "аәеоөұүыіуияюэёнмң" else "т" if voiceless else "д"
        return f"{name}{first}{i}ң"
    if case == "dat":
        return f"{name}{'н' if own else ('қ' if back else 'к') if voiceless else ('ғ' if back else 'г')}{a}"
    if case == "loc":
        return f"{name}{'н' if own else ''}{'т' if voiceless else 'д'}{a}"
    return f"{name}{'н' if own or last in 'нмң' else 'т' if voiceless else 'д'}{a}н"


def _transliterated(rng: random.Random, name: str, lang: str) -> str:
    return "".join((_LATIN.get(c.lower(), c).capitalize() if c.isupper() else _LATIN.get(c, c)) for c in name)


def _respelt(rng: random.Random, name: str, lang: str) -> str:
    text = name
    swaps = (
        ("ganization", "ganisation"), ("ganisation", "ganization"), ("Centre", "Center"), ("Programme", "Program"),
        (" and ", " & "), ("United Nations", "UN"), (" for ", " on "), ("ё", "е"), ("-", " "), ("ию", "и"),
    )  # fmt: skip
    for old, new in swaps:
        if old in text:
            text = text.replace(old, new, 1)
            break
    return text if text != name else f"The {name}" if lang == "en" else name.upper()


def _dressed(rng: random.Random, name: str, lang: str) -> str:
    return rng.choice(
        (name.upper(), name.lower(), f"  {name} ", f"«{name}»", name.replace(" ", "  "), f"{name}.", name.title())
    )


def _turned(rng: random.Random, name: str, lang: str) -> str:
    words = name.split()
    return f"{' '.join(words[1:])}, {words[0]}" if len(words) > 1 else name.lower()


def _acronym(rng: random.Random, name: str, lang: str) -> str:
    dotted = "".join(f"{c}." for c in name) if name.isalpha() else name.lower()
    ended = (
        f"{name}-{rng.choice(('ның', 'ға', 'да'))}" if lang == "kk" else f"{name}'s" if lang == "en" else f"«{name}»"
    )
    return rng.choice((name.lower(), dotted, ended, name))


_WAYS: Final[tuple[tuple[str, Callable[[random.Random, str, str], str], tuple[str, ...]], ...]] = (
    ("inflected (ru)", _russian_case, ("ru",)),
    ("inflected (kk)", _kazakh_case, ("kk",)),
    ("misspelt", _misspelt, ("en", "ru", "kk")),
    ("transliterated", _transliterated, ("ru", "kk")),
    ("spelt otherwise", _respelt, ("en", "ru")),
    ("dressed", _dressed, ("en", "ru", "kk")),
    ("words turned", _turned, ("en", "ru", "kk")),
)


def noisy(seed: int, count: int) -> list[Noisy]:
    """Spoilt names, half of organisations and half of places; only of names that one entity alone has.

    Args:
        seed: another seed draws and spoils others.
        count: how many.
    """
    rng = random.Random(seed)
    entries = sorted(load().entries.items())
    kinds = {"organization": ORGANISATION, "city": PLACE, "country": PLACE, "region": PLACE}
    owners: Counter[str] = Counter()
    for _, entry in entries:
        owners.update({_plain(name) for names in _all(entry).values() for name in names})
    organisations = [pair for pair in entries if pair[1].type == "organization"]
    places = [pair for pair in entries if pair[1].type in ("city", "country", "region")]
    made: list[Noisy] = []
    while len(made) < count:
        identifier, entry = rng.choice(organisations if len(made) % 2 else places)
        if len(made) % 8 == 7 and entry.type == "organization":
            names = [(lang, a) for lang in ("en", "ru", "kk") for a in _acronyms(entry, lang)]
            how, way = "acronym", _acronym
        else:
            how, way, langs = rng.choice(_WAYS)
            # Also the names by which it is called otherwise, in each language.
            names = [(lang, name) for lang in langs for name in _all(entry)[lang] if len(name) > 3]
        names = [(lang, name) for lang, name in names if owners[_plain(name)] == 1]
        if not names:
            continue
        lang, name = rng.choice(names)
        text = way(rng, name, lang)
        if rng.random() < 0.25 and len(text) > 7 and way is not _misspelt:
            how, text = f"{how}, misspelt", _misspelt(rng, text, lang)
        made.append(Noisy(how, text, name, identifier, kinds[entry.type]))
    return made


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()


def _acronyms(entry: Entry, lang: str) -> list[str]:
    return [a for a in entry.row.get(f"acronym_{lang}", "").split("|") if len(a) > 2]


def _all(entry: Entry) -> dict[str, list[str]]:
    """The full names by language: preferred and other ones, without acronyms."""
    found = {}
    for lang in ("en", "ru", "kk"):
        names = [entry.row.get(f"name_{lang}", ""), *entry.row.get(f"aliases_{lang}", "").split("|")]
        found[lang] = [name for name in names if name and not name.isupper()]
    return found
