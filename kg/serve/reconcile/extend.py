"""Data extension: which properties there are, and their values for entities that were found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.serve import entity
from kg.serve.replies import Refused
from kg.serve.site import Snapshot

MOST_IDS: Final = 1_000
MOST_PROPERTIES: Final = 50
MOST_VALUES: Final = 200

_NAMES: Final = tuple(
    ("skos:prefLabel skos:altLabel io:acronym owl:sameAs rdf:type geo:asWKT schema:containedInPlace "
     "org:subOrganizationOf org:member org:organization foaf:homepage").split()
)  # fmt: skip
_SHOWN: Final = {
    "skos:prefLabel": {"en": "name", "ru": "название", "kk": "атауы"},
    "skos:altLabel": {"en": "other name", "ru": "другое название", "kk": "басқа атауы"},
    "owl:sameAs": {"en": "same as (Wikidata)", "ru": "то же (Wikidata)", "kk": "дәл сол (Wikidata)"},
    "rdf:type": {"en": "type", "ru": "тип", "kk": "түрі"},
    "geo:asWKT": {"en": "coordinates", "ru": "координаты", "kk": "координаттары"},
    "schema:containedInPlace": {"en": "in", "ru": "находится в", "kk": "орналасқан жері"},
    "org:subOrganizationOf": {"en": "part of", "ru": "часть", "kk": "құрамында"},
    "org:member": {"en": "member", "ru": "член", "kk": "мүшесі"},
    "org:organization": {"en": "organization", "ru": "организация", "kk": "ұйым"},
    "foaf:homepage": {"en": "website", "ru": "сайт", "kk": "сайты"},
}
_HIDDEN: Final = {"account", "choice", "support", "mergeKey", "rule", "slot"}
_IRI: Final = re.compile(r"[^\s<>\"{}|^`\\]+")
_XSD: Final = iris.PREFIXES["xsd"]


def iri(identifier: str) -> str:
    """The IRI of an identifier of ours (``city/almaty``) or an IRI as it is; ``""`` if it can be none."""
    if not identifier or not _IRI.fullmatch(identifier):
        return ""
    return _sound(identifier if "://" in identifier else iris.ID_PREFIX + identifier)


def _sound(iri_: str) -> str:
    """The IRI, or ``""`` if it has letters that none may have, such as control characters."""
    try:
        return ox.NamedNode(iri_).value
    except ValueError:
        return ""


def short(iri_: str) -> str:
    """The identifier of an IRI of ours: ``city/almaty``."""
    return iri_.removeprefix(iris.ID_PREFIX)


def local(type_: str) -> str:
    """The local name of a class, from that or its IRI."""
    return type_.removeprefix(iris.IO).removeprefix("io:")


def term(identifier: str) -> str:
    """The IRI of a property or class: ``country``, ``skos:altLabel`` or an IRI; ``""`` if it can be none."""
    if not identifier or not _IRI.fullmatch(identifier):
        return ""
    if "://" in identifier:
        return _sound(identifier)
    prefix, colon, name = identifier.partition(":")
    if colon:
        return _sound(iris.PREFIXES[prefix] + name) if prefix in iris.PREFIXES else ""
    return _sound(iris.term(identifier))


def identifier_of(iri_: str) -> str:
    """What a property is called here: its local name in our ontology, else with its prefix."""
    return iri_.removeprefix(iris.IO) if iri_.startswith(iris.IO) else iris.shorten(iri_)


def property_name(current: Snapshot, property_: str, lang: str) -> str:
    """What to call a property in a language."""
    shown = _SHOWN.get(identifier_of(property_))
    return shown.get(lang, shown["en"]) if shown else entity.label(current.graph, property_, lang)


def types_of(current: Snapshot, types: Iterable[str], lang: str) -> list[dict[str, str]]:
    """Classes with their names in a language."""
    return [{"id": name, "name": entity.label(current.graph, iris.term(name), lang)} for name in types]


def properties(current: Snapshot, type_: str, lang: str) -> list[dict[str, str]]:
    """The properties that entities of a class have, by name; of any class for ``""``."""
    assert current.cache is not None
    key = f"properties {type_}"
    if key not in current.cache:
        if type_:
            kind = term(type_)
            known = current.graph.store.match(None, entity.TYPE, ox.NamedNode(kind), entity.MERGED) if kind else ()
            some = [q.subject for _, q in zip(range(300), known, strict=False)]
            if not some:
                return []  # and nothing is kept: anybody can think of any number of classes
            found = {q.predicate.value for s in some for q in current.graph.store.match(s, None, None, entity.MERGED)}
        else:
            found = {term(name) for name in _NAMES}
            kinds = ("ObjectProperty", "DatatypeProperty")
            for name in kinds:
                of = ox.NamedNode(iris.PREFIXES["owl"] + name)
                found |= {
                    q.subject.value
                    for q in current.graph.store.match(None, entity.TYPE, of, entity.ONTOLOGY)
                    if isinstance(q.subject, ox.NamedNode) and q.subject.value.startswith(iris.IO)
                }
        current.cache[key] = sorted(p for p in found if p.removeprefix(iris.IO) not in _HIDDEN)
    listed = [{"id": identifier_of(p), "name": property_name(current, p, lang)} for p in current.cache[key]]
    return sorted(listed, key=lambda p: p["name"])


def extend(current: Snapshot, asked: dict[str, Any], lang: str) -> dict[str, Any]:
    """The values of properties for entities (section 6.2).

    Args:
        current: the graph.
        asked: ``ids`` and ``properties``, each of these with an ``id`` and maybe ``settings``.
        lang: the language of names.

    Raises:
        Refused: if the request has another form, or asks too much.
    """
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(wanted, list):
        raise Refused("extend has ids and properties, two lists", 400)
    if len(ids) > MOST_IDS or len(wanted) > MOST_PROPERTIES:
        raise Refused(f"extend takes {MOST_IDS} ids and {MOST_PROPERTIES} properties at most", 413)
    meta, chosen = [], []
    for property_ in wanted:
        name = str(property_.get("id", "")) if isinstance(property_, dict) else ""
        settings = property_.get("settings") if isinstance(property_, dict) else None
        found = term(name)
        if not found:
            raise Refused(f"there is no property {name!r}", 400)
        meta.append({"id": name, "name": property_name(current, found, lang)})
        chosen.append((name, found, settings if isinstance(settings, dict) else {}))
    rows: dict[str, Any] = {}
    for identifier in ids:
        subject = iri(str(identifier))
        rows[str(identifier)] = {
            name: _values(current, subject, found, settings, lang) for name, found, settings in chosen
        }
    return {"meta": meta, "rows": rows}


def _values(current: Snapshot, subject: str, property_: str, settings: dict[str, Any], lang: str) -> list[Any]:
    terms = values(current, subject, property_)
    if settings.get("content") == "count":
        return [{"float": len(terms)}]
    languages = {t.language for t in terms if isinstance(t, ox.Literal) and t.language}
    if lang in languages:
        # Names in the reader's language, where there are any.
        terms = [t for t in terms if not isinstance(t, ox.Literal) or t.language == lang]
    try:
        limit = int(settings.get("limit") or 0) or MOST_VALUES
    except (TypeError, ValueError):
        limit = MOST_VALUES
    return [_value(current, t, lang) for t in terms[: max(1, min(limit, MOST_VALUES))]]


def values(current: Snapshot, subject: str, property_: str) -> list[Any]:
    """The terms that a property has for an entity, in order."""
    if not subject:
        return []
    found = current.graph.store.match(ox.NamedNode(subject), ox.NamedNode(property_), None, entity.MERGED)
    return sorted((q.object for q in found), key=str)


def _value(current: Snapshot, value: Any, lang: str) -> dict[str, Any]:
    if isinstance(value, ox.NamedNode):
        if value.value.startswith(iris.ID_PREFIX):
            return {"id": short(value.value), "name": entity.label(current.graph, value.value, lang)}
        if value.value.startswith(iris.BASE):
            return {"str": entity.label(current.graph, value.value, lang)}
        return {"str": value.value}
    kind = value.datatype.value.removeprefix(_XSD)
    if kind in ("integer", "decimal", "double", "float", "nonNegativeInteger"):
        return {"float": float(value.value)}
    if kind in ("date", "dateTime"):
        return {"date": value.value}
    if kind == "boolean":
        return {"bool": value.value in ("true", "1")}
    return {"str": value.value}
