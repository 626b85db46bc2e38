"""Establishments by short names: "UN Regional Centre for the SDGs" stands for the same words as the full name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from kg.queries.run import Asked, ask

_SMALL: Final = frozenset(re.findall(r"\w+", "a an the of for on in and to по для в и на о об мен үшін"))
_GOALS: Final = {
    "sdg": "sustainable development goals",
    "sdgs": "sustainable development goals",
    "цур": "цели устойчивого развития",
    "одм": "орнықты даму мақсаттары",
    "тдм": "тұрақты даму мақсаттары",
}
_NAMED: Final = """
SELECT DISTINCT ?thing ?label ?place WHERE {
  ?thing a io:Presence ; skos:prefLabel|skos:altLabel|rdfs:label|io:acronym ?label
  OPTIONAL { ?thing io:place/skos:prefLabel ?place FILTER (LANG(?place) = LANG(?label)) }
}
"""
_DESCRIBED: Final = """
SELECT DISTINCT ?thing ?organization ?place ?form WHERE {
  ?thing a io:Presence ; io:organization/skos:prefLabel ?organization ; io:place/skos:prefLabel ?place ; io:form ?form
  FILTER (LANG(?organization) = LANG(?place))
}
"""
_ACRONYMS: Final = """
SELECT DISTINCT ?acronym ?label WHERE {
  ?thing a io:InternationalOrganization ; io:acronym ?acronym ; skos:prefLabel ?label
  FILTER (LANG(?acronym) = LANG(?label))
}
"""


def establishments(graph: Asked, name: str) -> list[tuple[str, str]]:
    """The establishments that a short name fits best.

    Acronyms of organisations and of the goals are written out on both sides; an establishment without a name goes by
    what it is: organisation, form, place.

    Args:
        graph: what is asked.
        name: some words of a name, in any language.

    Returns:
        IRI and label, the shortest label first; none if no establishment has all the words.
    """
    known = _acronyms(graph)
    wanted = _spelt_out(name, known)
    found = []
    for iri, label in _labels(graph):
        words_ = _spelt_out(label, known)
        how = fit(wanted, words_, loosest=4)
        if how is not None:
            found.append((how, len(words_), label, iri))
    best = min((how for how, *_ in found), default=0)
    return [(iri, label) for how, _, label, iri in sorted(found) if how == best]


def fit(wanted: list[str], found: list[str], loosest: int = 3) -> int | None:
    """How well a label fits: 0 all of it, 1 its beginning, 2 its words, 3 their beginnings, 4 other forms of them.

    Args:
        wanted: the words asked for.
        found: the words of the label.
        loosest: the worst that counts.
    """
    if not wanted:
        return None
    if wanted == found:
        return 0
    if found[: len(wanted)] == wanted:
        return 1
    if set(wanted) <= set(found):
        return 2
    if all(any(word.startswith(w) for word in found) for w in wanted):
        return 3
    if loosest > 3 and all(any(_alike(w, word) for word in found) for w in wanted):
        return 4
    return None


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return re.findall(r"\w+", text.casefold().replace("ё", "е"))


def _labels(graph: Asked) -> Iterable[tuple[str, str]]:
    for row in ask(graph, _NAMED, "names"):
        yield row["thing"].value, row["label"].value
        if row["place"] is not None:  # "… in Almaty", of a name that does not say where
            yield row["thing"].value, f"{row['label'].value} {row['place'].value}"
    for row in ask(graph, _DESCRIBED, "descriptions"):
        form = row["form"].value.rsplit("/", 1)[-1].replace("-", " ")
        yield row["thing"].value, f"{row['organization'].value} {form} {row['place'].value}"


def _acronyms(graph: Asked) -> dict[str, str]:
    """Acronyms, folded, and the full names in the same language."""
    rows: list[Any] = list(ask(graph, _ACRONYMS, "acronyms"))
    pairs = sorted((str(row["acronym"]), str(row["label"]), row["acronym"], row["label"]) for row in rows)
    return {_text(acronym).casefold(): _text(label) for *_, acronym, label in pairs} | _GOALS


def _text(term: ox.Literal) -> str:
    return str(term.value)


def _spelt_out(text: str, acronyms: Mapping[str, str]) -> list[str]:
    """The words of a name with its acronyms written out, without articles and prepositions."""
    written = (word for part in words(text) for word in words(acronyms.get(part, part)))
    return [word for word in written if word not in _SMALL]


def _alike(one: str, other: str) -> bool:
    """Whether two words are forms of one: Cyrillic, and the same but for the last letters ("целям", "целей")."""
    if one == other or one.isascii() or abs(len(one) - len(other)) > 3:
        return one == other
    length = max(3, min(len(one), len(other)) - 2)
    return one[:length] == other[:length]
