"""Looking over SPARQL before it runs: terms that the ontology does not have, prefixes that nobody declared."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import ontology_quads, terms
from kg.model import CONCEPTS
from kg.queries import apart, shape, unbound
from kg.queries.scan import TOKEN, Finding, finding

_ALIKE: Final = 0.85


def lint(text: str) -> list[Finding]:
    """What a SPARQL query names that is not there, in order of appearance.

    Args:
        text: the query; the prefixes of :data:`kg.iris.PREFIXES` need no declaration.

    Returns:
        Terms of the ontology and concepts that do not exist and prefixes that are not declared (errors); variables
        that look like a slip of another one, that are used nowhere or have no value, patterns that share no variable,
        labels of concepts asked for outside the graph that has them, and OPTIONALs that begin with a variable that
        may be unbound (warnings).
    """
    declared = dict(iris.PREFIXES)
    tokens = list(TOKEN.finditer(text))
    for token in tokens:
        if token["declared"]:
            declared[token["prefix"]] = token["namespace"]
    variables = Counter(token["variable"][1:] for token in tokens if token["variable"])
    found = [
        one
        for token in tokens
        for one in (_slip(text, token, variables) if token["variable"] else _look(text, token, declared))
    ]
    told = {one.term for one in found}
    found += [
        one for one in (*shape.findings(text), *apart.findings(text), *unbound.findings(text)) if one.term not in told
    ]
    return sorted(found, key=lambda one: (one.line, one.column))


def _slip(text: str, token: re.Match[str], variables: Counter[str]) -> Iterator[Finding]:
    name = token["variable"][1:]
    if variables[name] > 1 or re.search(r"\bAS\s+$", text[: token.start()], re.IGNORECASE):
        return
    others = [other for other in variables if other != name and variables[other] > 1]
    for near in difflib.get_close_matches(name, others, n=1, cutoff=_ALIKE):
        if near.rstrip("0123456789") != name.rstrip("0123456789"):
            told = f"?{name} stands only once; did you mean ?{near}?"
            yield finding(text, token, told, f"?{name}", f"?{near}", "warning")


def _look(text: str, token: re.Match[str], declared: dict[str, str]) -> Iterator[Finding]:
    if token["name"]:
        prefix = token["of"] or ""
        if prefix == "_":
            return
        if prefix not in declared:
            turned = [known for known in declared if sorted(known) == sorted(prefix)]
            near = turned or difflib.get_close_matches(prefix, declared, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}:?" if near else ""
            suggestion = f"{near[0]}:{token['local']}" if near else ""
            yield finding(text, token, f"the prefix {prefix}: is not declared{hint}", token["name"], suggestion)
            return
        iri, shown = declared[prefix] + token["local"].replace("\\", ""), token["name"]
    elif token["iri"]:
        iri, shown, prefix = token["iri"][1:-1], token["iri"], ""
    else:
        return
    if iri.startswith(iris.IO) and iri != iris.IO:
        local, known, what = iri.removeprefix(iris.IO), ontology_terms(), "a term of the ontology"
        namespace = iris.IO
    elif iri.startswith(iris.KIND_PREFIX) and iri.count("/") > iris.KIND_PREFIX.count("/"):
        local, known, what = iri.removeprefix(iris.KIND_PREFIX), concept_names(), "a concept of the vocabularies"
        namespace = iris.KIND_PREFIX
    else:
        return
    if local in known:
        return
    near = difflib.get_close_matches(local, known, n=1, cutoff=0.6) or _folded(local, known)
    suggestion = ""
    if near:
        meant = namespace + near[0]
        fits = bool(token["name"]) and meant.startswith(declared[prefix])
        local = meant.removeprefix(declared[prefix]).replace("/", "\\/") if fits else ""
        suggestion = f"{prefix}:{local}" if fits else f"<{meant}>"
    hint = f"; did you mean {suggestion}?" if suggestion else ""
    yield finding(text, token, f"{shown} is not {what}{hint}", shown, suggestion)


def _folded(local: str, known: frozenset[str]) -> list[str]:
    return sorted(name for name in known if name.casefold() == local.casefold())


@cache
def ontology_terms() -> frozenset[str]:
    """The local names of the classes and properties of the ontology."""
    found = {
        quad.subject.value.removeprefix(iris.IO)
        for quad in ontology_quads()
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(iris.IO)
    }
    # Whatever is written into a graph is a term, even before the ontology describes it.
    written = {property_.value for slots in terms.PROPERTIES.values() for property_ in slots.values()}
    found |= {iri.removeprefix(iris.IO) for iri in written if iri.startswith(iris.IO)}
    return frozenset(found | set(terms.CLASSES.values()) | set(terms.ENTITY_CLASSES.values()))


@cache
def concept_names() -> frozenset[str]:
    """The concepts of the vocabularies as ``scheme/slug``."""
    found = {f"{scheme}/{slug}" for scheme, slugs in CONCEPTS.items() for slug in slugs}
    for quad in ontology_quads():
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(iris.KIND_PREFIX):
            found.add(quad.subject.value.removeprefix(iris.KIND_PREFIX))
    return frozenset(found)
