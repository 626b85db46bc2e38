"""From what a user types to an RDF term: everything is checked, and nothing is pasted into a query as it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg import iris
from kg.errors import UsageError
from kg.graph import ontology_quads
from kg.model import CONCEPTS, LANGUAGES, PartialDate
from kg.queries.parameters import Parameter

Resolve: TypeAlias = Callable[[str], list[str]]
"""From a label, a slug or an IRI to the IRIs that it may mean."""

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f]+")
_DATE: Final = ox.NamedNode(iris.PREFIXES["xsd"] + "date")
_INTEGER: Final = ox.NamedNode(iris.PREFIXES["xsd"] + "integer")
_SHOWN: Final = 8


def term(parameter: Parameter, value: str, resolve: Resolve) -> ox.NamedNode | ox.Literal:
    """The RDF term that *value* means.

    Args:
        parameter: what is asked for.
        value: what the user typed.
        resolve: finds entities.

    Raises:
        UsageError: if it means nothing, or more than one thing; the choices are named.
    """
    value = value.strip()
    if not value:
        raise UsageError("the value is empty", where=f"--{parameter.name}", remedy=parameter.help)
    match parameter.type:
        case "entity":
            return _entity(parameter, value, resolve)
        case "concept":
            return _concept(parameter, value)
        case "date":
            return _date(parameter, value)
        case "int":
            if not re.fullmatch(r"[0-9]{1,9}", value):
                raise _wrong(parameter, value, "is no whole number", "write digits, for example 193")
            return ox.Literal(str(int(value)), datatype=_INTEGER)
        case "lang":
            if value.lower() not in LANGUAGES:
                raise _wrong(parameter, value, "is no language of the labels", f"choose {', '.join(LANGUAGES)}")
            return ox.Literal(value.lower())
        case "text":
            return ox.Literal(value.encode("utf-8", "replace").decode())


def values_clause(terms: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """The ``VALUES`` that bind variables to terms; each term is written by the RDF library."""
    return " ".join(f"VALUES ?{name} {{ {value} }}" for name, value in terms.items())


def _wrong(parameter: Parameter, value: str, told: str, remedy: str) -> UsageError:
    shown = "".join(c if c.isprintable() else "\ufffd" for c in value[:80]) + ("…" if len(value) > 80 else "")
    return UsageError(f'"{shown}" {told}', where=f"--{parameter.name}", remedy=remedy)


def short(iri: str) -> str:
    """``…/id/city/almaty`` → ``city/almaty``, the form in which it may be given."""
    return iri.removeprefix(iris.ID_PREFIX if iri.startswith(iris.ID_PREFIX) else iris.BASE)


def _valid(iri: str) -> bool:
    if not _IRI.fullmatch(iri):
        return False
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True


def _entity(parameter: Parameter, value: str, resolve: Resolve) -> ox.NamedNode:
    found = sorted({iri for iri in resolve(value) if _valid(iri)})
    if not found and len(parameter.of) == 1 and re.fullmatch(r"[\w.-]+", value):
        found = sorted({iri for iri in resolve(f"{parameter.of[0]}/{value}") if _valid(iri)})
    of = tuple(iris.ARTICLE_PREFIX if name == "article" else f"{iris.ID_PREFIX}{name}/" for name in parameter.of)
    fitting = [iri for iri in found if iri.startswith(of)] if of else found
    if len(fitting) == 1:
        return ox.NamedNode(fitting[0])
    if fitting:
        more = f" and {len(fitting) - _SHOWN} more" if len(fitting) > _SHOWN else ""
        choices = ", ".join(map(short, fitting[:_SHOWN])) + more
        raise _wrong(parameter, value, "may mean more than one thing", f"choose one: {choices}")
    kinds = " or ".join(parameter.of)
    if found:
        names = ", ".join(map(short, found[:_SHOWN]))
        raise _wrong(parameter, value, f"is no {kinds}", f"it means {names}")
    example = parameter.default or f"{(*parameter.of, 'city')[0]}/…"
    remedy = f"give a name, an IRI, or an id such as {example}"
    raise _wrong(parameter, value, f"names no {kinds}" if kinds else "names nothing", remedy)


def _date(parameter: Parameter, value: str) -> ox.Literal:
    try:
        date = PartialDate(value)
    except ValueError:
        raise _wrong(parameter, value, "is no date", "write 2025, 2025-03 or 2025-03-04") from None
    day = date.latest if parameter.edge == "last" else date.earliest
    return ox.Literal(day.isoformat(), datatype=_DATE)


def _concept(parameter: Parameter, value: str) -> ox.NamedNode:
    known = concepts(parameter.scheme)
    wanted = value.removeprefix(f"{iris.KIND_PREFIX}{parameter.scheme}/").casefold()
    found = sorted({slug for name, slug in known if name == wanted})
    if len(found) == 1:
        return ox.NamedNode(iris.concept(parameter.scheme, found[0]))
    slugs = ", ".join(sorted({slug for _, slug in known}))
    raise _wrong(parameter, value, f"is no {parameter.scheme}", f"choose one of {slugs}")


@cache
def concepts(scheme: str) -> frozenset[tuple[str, str]]:
    """Names of the concepts of a scheme, folded, with their slugs: the slugs themselves and the labels."""
    prefix = f"{iris.KIND_PREFIX}{scheme}/"
    found = {(slug, slug) for slug in CONCEPTS.get(scheme, ())}
    for quad in ontology_quads():
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        local = quad.predicate.value.removeprefix(iris.PREFIXES["skos"])
        if subject.startswith(prefix) and local in ("prefLabel", "altLabel", "notation"):
            slug = subject.removeprefix(prefix)
            found |= {(slug, slug), (quad.object.value.casefold(), slug)}  # type: ignore[union-attr]
    return frozenset(found)
