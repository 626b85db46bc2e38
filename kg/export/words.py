"""What pictures and pages say in each language: words of our own, and the labels of the ontology's terms."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import yaml

from kg import iris
from kg.graph import ontology_quads

FOLDER: Final = Path(__file__).parent / "texts"
_CLASS: Final = {
    "presence": "Presence", "proposal": "Initiative", "decision": "Decision", "agreement": "Agreement",
    "membership": "Membership", "relocation": "Relocation", "count": "Count", "tenure": "Tenure",
    "organization": "InternationalOrganization", "country": "Country", "city": "City", "region": "Region",
    "person": "Person", "event": "Event", "group": "Group", "establishment": "EstablishmentReference",
    "article": "Article",
}  # fmt: skip


@cache
def texts(lang: str) -> dict[str, dict[str, str]]:
    """The words of a language by section."""
    found: Any = yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    return {part: {str(key): str(text) for key, text in entries.items()} for part, entries in found.items()}


def word(lang: str, key: str, section: str = "words", **values: object) -> str:
    """The word *key*; ``{name}`` in it is replaced by a value; a key that has none yet stands for itself."""
    text = texts(lang)[section].get(key, key)
    return text.format(**values) if values else text


def counted(lang: str, key: str, n: int, section: str = "pages") -> str:
    """A number with the thing counted, in its form for that number (CLDR plural rules); *key* names the thing.

    The forms are ``KEY-one``, ``KEY-few`` and ``KEY-many``.
    """
    form = "many"
    if lang == "en":
        form = "one" if n == 1 else "many"
    elif lang == "ru" and n % 100 not in range(11, 15):
        form = "one" if n % 10 == 1 else "few" if n % 10 in (2, 3, 4) else "many"
    return texts(lang)[section][f"{key}-{form}"].format(n=f"{n:,}".replace(",", "\u202f"))


@cache
def _labels() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    names = {iris.PREFIXES["rdfs"] + "label", iris.PREFIXES["skos"] + "prefLabel"}
    for quad in ontology_quads():
        if quad.predicate.value in names and isinstance(quad.object, ox.Literal) and quad.object.language:
            found[str(getattr(quad.subject, "value", "")), quad.object.language] = quad.object.value
    return found


def term_label(iri: str, lang: str) -> str:
    """The label of a class, property or concept; its last part where the ontology has none."""
    known = _labels()
    return known.get((iri, lang)) or known.get((iri, "en")) or iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]


@cache
def _definitions() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    name = iris.PREFIXES["skos"] + "definition"
    for quad in ontology_quads():
        if quad.predicate.value == name and isinstance(quad.object, ox.Literal) and quad.object.language:
            found[str(getattr(quad.subject, "value", "")), quad.object.language] = quad.object.value
    return found


def definition(iri: str, lang: str) -> str:
    """The definition of a term of the ontology; its label where there is none, as for terms of other vocabularies."""
    known = _definitions()
    return known.get((iri, lang)) or known.get((iri, "en")) or term_label(iri, lang)


def kind_label(kind: str, lang: str) -> str:
    """What a kind of fact or type of entity is called."""
    name = texts(lang)["kinds"].get(kind)
    return name or term_label(iris.term(_CLASS[kind]), lang)
