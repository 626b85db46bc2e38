"""Cities that no table knows: "the Swiss town of Gland", "Akureyri, Iceland", "в городе Трир", "Трир қаласында".

A word for a city beside a name, or a country right behind it, says what the name is; then it is known for the rest
of the article. A name alone may be anything and makes no city.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg import iris
from kg.extract.discover import document_text
from kg.extract.reading import TOWN_CASE_KK, TOWNS_EN, Mention, Reading
from kg.language import kazakh, russian
from kg.language.tokens import Document
from kg.model import Entity

_TOWNS_RU: Final = frozenset("город городе городу городом городок городке поселок поселке деревне".split())
_INTO: Final = {
    "en": frozenset(("in", "at", "from", "to", "near", "outside")),
    "ru": frozenset(("в", "во", "из", "под", "близ")),
    "kk": frozenset[str](),
}
# What may follow "in Akureyri, Iceland"; a verb behind the country says that it acts: "in Parliament, Kenya said".
_AFTER: Final = frozenset(", . ; : ) and or on in at to from since for where which и или с в на где который".split())
_LONGEST: Final = 3  # words of a city's name


def add(reading: Reading, owner: list[int]) -> None:
    """Add the cities that the article itself says are ones, wherever it names them.

    Args:
        reading: with the names of the tables found.
        owner: for each token, the end of the name that holds it, 0 for none; cities are entered.
    """
    document, lang = reading.document, reading.lang
    countries = {m.first: m.last for m in reading.mentions if m.type == "country" and m.case != "adj"}
    held = [bool(o) for o in owner]
    for date in reading.dates:
        held[date.first : date.last] = [True] * (date.last - date.first)
    found: dict[tuple[str, ...], Entity] = {}
    for sentence in document.sentences:
        if sentence.title and document.title.isupper():
            continue
        for first, last, apposed in _said(document, lang, sentence.first, sentence.last, held, countries):
            text = document_text(document, first, last)
            names = [text]
            if lang == "ru" and last - first == 1:
                names.insert(apposed, russian.place_nominative(text))
            entity = Entity(
                "city/x-" + (iris.slug(names[0]) or iris.digest(names[0])),
                "city",
                tuple(dict.fromkeys(names)),
                known=False,
            )
            found.setdefault(_key(document.low[first:last], lang), entity)
    for key, entity in found.items():
        for first in range(len(held) - len(key) + 1):
            last = first + len(key)
            if any(held[first:last]) or not document.raw[first][0].isupper():
                continue
            case = _same(document.low[first:last], key, lang)
            if case:
                reading.mentions.append(
                    Mention(first, last, "city", entity, document.sentence_of[first], case, how="new")
                )
                owner[first:last] = [last] * (last - first)
                held[first:last] = [True] * (last - first)


def _said(
    document: Document, lang: str, first: int, last: int, held: list[bool], countries: dict[int, int]
) -> Iterator[tuple[int, int, bool]]:
    """The tokens of each name that a word beside it says is a city's, and whether that word shows its case."""
    low, raw = document.low, document.raw
    for i in range(first, last):
        if held[i] or not _capital(raw[i]) or (i > first and _capital(raw[i - 1]) and not held[i - 1]):
            continue
        end = _run(document, i, last, held)
        before = low[i - 1] if i > first else ""
        beside = (
            (lang == "en" and before == "of" and i - 2 >= first and low[i - 2] in TOWNS_EN)
            or (lang == "ru" and before in _TOWNS_RU)
            or (lang == "kk" and end < last and TOWN_CASE_KK[low[end]])
        )
        if beside:
            start = i + 1 if lang == "kk" and i == first and end - i == 2 else i  # "Банк Трир қаласында"
            yield start, end, True
        elif before in _INTO[lang] and end + 1 < last and raw[end] in ",(" and end + 1 in countries:
            after = low[countries[end + 1]] if countries[end + 1] < last else "."
            if after == ")" if raw[end] == "(" else after in _AFTER:
                yield i, end, False


def _capital(word: str) -> bool:
    return word[0].isupper() and len(word) > 2 and word[1:].islower()


def _run(document: Document, i: int, limit: int, held: list[bool]) -> int:
    """Where a run of capitalised words ends, with the hyphens inside it: "Sankt Peter", "Сен-Жермен-ан-Ле"."""
    raw, starts, ends = document.raw, document.starts, document.ends
    k, count = i + 1, 1
    while k < limit and not held[k]:
        if raw[k] == "-" and k + 1 < limit and starts[k] == ends[k - 1] and starts[k + 1] == ends[k]:
            k += 2
        elif _capital(raw[k]) and count < _LONGEST:
            k, count = k + 1, count + 1
        else:
            break
    return k


def _key(low: list[str], lang: str) -> tuple[str, ...]:
    return tuple(russian.stem(w) if lang == "ru" else w for w in low)


def _same(low: list[str], key: tuple[str, ...], lang: str) -> str:
    """The case in which these words are the name of *key*, ``""`` if they are not."""
    if lang == "ru":
        return "obl" if _key(low, lang) == key else ""
    if tuple(low) == key:
        return "nom"
    if lang == "kk" and tuple(low[:-1]) == key[:-1]:
        return next((case for stem, case, _ in kazakh.stems(low[-1]) if stem == key[-1]), "")
    return ""
