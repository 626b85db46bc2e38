"""Looking over SPARQL before it runs: terms that the ontology does not have, prefixes that nobody declared."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import pyoxigraph as ox

from kg import iris
from kg.graph import ontology_quads, terms
from kg.model import CONCEPTS

# Comments, strings and whole IRIs are stepped over, so that what looks like a name inside them is none.
_TOKEN: Final = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<text>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<comment>\#[^\n]*)
    |(?P<variable>[?$]\w+)
    |(?P<declared>\bPREFIX\s+(?P<prefix>[\w.-]*):\s*<(?P<namespace>[^>]*)>)
    |(?P<name>(?<![\w?$:@-])(?P<of>[A-Za-z][\w.-]*)?:(?P<local>(?:[\w:-]|\.(?=[\w:-])|%[0-9A-Fa-f]{2}|\\[^\s\w])*))
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ALIKE: Final = 0.85


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a query that cannot be meant.

    Attributes:
        message: what is wrong, and what was perhaps meant.
        line: its line, from 1.
        column: its column, from 1, in characters.
        term: the name as it stands in the query.
        suggestion: the name that was perhaps meant; empty if none is near.
        severity: an ``error`` can match nothing, a ``warning`` may be meant.
    """

    message: str
    line: int
    column: int
    term: str
    suggestion: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.message} (line {self.line}, column {self.column})"


def lint(text: str) -> list[Finding]:
    """What a SPARQL query names that is not there, in order of appearance.

    Args:
        text: the query; the prefixes of :data:`kg.iris.PREFIXES` need no declaration.

    Returns:
        Terms of the ontology and concepts that do not exist, prefixes that are not declared, and variables that
        stand only once and look like a slip of another one.
    """
    declared = dict(iris.PREFIXES)
    tokens = list(_TOKEN.finditer(text))
    for token in tokens:
        if token["declared"]:
            declared[token["prefix"]] = token["namespace"]
    variables = Counter(token["variable"][1:] for token in tokens if token["variable"])
    return [
        finding
        for token in tokens
        for finding in (_slip(text, token, variables) if token["variable"] else _look(text, token, declared))
    ]


def harmless(text: str) -> str:
    """The text with spaces for all that only looks like SPARQL: strings, comments, IRIs, names, variables.

    What is left are keywords and signs, each in its place.
    """
    return _TOKEN.sub(lambda token: token[0] if token["declared"] else re.sub(r"[^\n]", " ", token[0]), text)


def _slip(text: str, token: re.Match[str], variables: Counter[str]) -> Iterator[Finding]:
    name = token["variable"][1:]
    if variables[name] > 1 or re.search(r"\bAS\s+$", text[: token.start()], re.IGNORECASE):
        return
    others = [other for other in variables if other != name and variables[other] > 1]
    for near in difflib.get_close_matches(name, others, n=1, cutoff=_ALIKE):
        if near.rstrip("0123456789") != name.rstrip("0123456789"):
            told = f"?{name} stands only once; did you mean ?{near}?"
            yield _finding(text, token, told, f"?{name}", f"?{near}", "warning")


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
            yield _finding(text, token, f"the prefix {prefix}: is not declared{hint}", token["name"], suggestion)
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
    yield _finding(text, token, f"{shown} is not {what}{hint}", shown, suggestion)


def _folded(local: str, known: frozenset[str]) -> list[str]:
    return sorted(name for name in known if name.casefold() == local.casefold())


def _finding(
    text: str,
    token: re.Match[str],
    message: str,
    shown: str,
    suggestion: str,
    severity: Literal["error", "warning"] = "error",
) -> Finding:
    start = token.start()
    line = text.count("\n", 0, start) + 1
    return Finding(message, line, start - text.rfind("\n", 0, start), shown, suggestion, severity)


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
