"""Finding the thing that a name means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kg import iris
from kg.errors import KgError
from kg.export.select import facts_about, life_line, rows, view_of
from kg.export.view import CLASSES
from kg.queries.spelt import establishments, fit, words

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph

__all__ = ["facts_about", "find", "life_line", "view_of"]

_KINDS: Final = " ".join(f"io:{name}" for name in CLASSES if name != "EstablishmentReference")


def find(graph: KnowledgeGraph, name: str) -> tuple[str, list[str]]:
    """The entity or fact that a name means.

    Args:
        graph: the graph.
        name: an IRI, ``city/almaty``, a Wikidata id, or a label or its beginning words in any language.

    Returns:
        Its IRI, and the labels of others that the name could mean.

    Raises:
        KgError: if there is none; the nearest labels are offered.
    """
    for iri in _iris(name):
        if rows(graph, f"<{iri}> a ?type", "type"):
            return iri, []
        if common := rows(graph, f"<{iri}> dcterms:isReplacedBy ?x", "x"):
            return str(common[0][0].value), []  # people hold it to be the same as another
    if re.fullmatch(r"Q\d+", name):
        same = rows(graph, f"?x owl:sameAs <http://www.wikidata.org/entity/{name}>", "x")
        if same:
            return str(min(same)[0].value), []
    labels = rows(
        graph,
        f"VALUES ?type {{ {_KINDS} }} ?x a ?type . ?x skos:prefLabel|skos:altLabel|rdfs:label|io:acronym ?label",
        "x",
        "type",
        "label",
    )
    ranked = sorted(filter(None, (_rank(words(name), row) for row in labels)))
    if not ranked and (short := establishments(graph, name)):
        return short[0][0], list(
            dict.fromkeys(f"{label} ({_short(iri)})" for iri, label in short if iri != short[0][0])
        )[:5]
    if not ranked:
        texts = sorted({label.value for _, _, label in labels})
        near = difflib.get_close_matches(name, texts, n=3, cutoff=0.5)
        remedy = f"perhaps: {'; '.join(near)}" if near else "give a name, an id such as city/almaty, or an IRI"
        raise KgError(f'nothing is called "{name}"', remedy=remedy)
    best = ranked[0]
    others = dict.fromkeys(f"{r[3]} ({_short(r[4])})" for r in ranked if r[0] == best[0] and r[4] != best[4])
    return best[4], list(others)[:5]


def _iris(name: str) -> Iterator[str]:
    if re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+", name):
        yield name
        return
    prefix, colon, local = name.partition(":")
    if colon and prefix in iris.PREFIXES and re.fullmatch(r"[^\s<>\"{}|^`\\]+", local):
        yield iris.PREFIXES[prefix] + local
    elif re.fullmatch(r"[a-z]+/[^\s<>\"{}|^`\\]+", name):
        yield iris.entity(name)


_ORDER: Final = ("city", "country", "organization", "region", "person", "presence")


def _rank(wanted: list[str], row: tuple[Any, ...]) -> tuple[int, int, int, str, str] | None:
    """How well a label fits: all of it first, then one that begins with the words, then one that has them all.

    Args:
        wanted: the words asked for.
        row: the node, its class and its label.
    """
    node, kind, label = row
    found = words(label.value)
    how = fit(wanted, found)
    if how is None:
        return None
    of = CLASSES[kind.value.removeprefix(iris.IO)]
    order = _ORDER.index(of) if of in _ORDER else len(_ORDER)
    # An establishment is what one usually asks for by a few words of its name.
    return how, (0 if of == "presence" and how else order + 1), len(found), label.value, node.value


def _short(iri: str) -> str:
    return iri.removeprefix(iris.ID_PREFIX)
