"""Search as one types: names of things in three languages, and the quotes that have the words."""

from __future__ import annotations

import heapq
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.export.view import CLASSES
from kg.export.words import kind_label
from kg.pages.frame import Frame, render

_ORDER: Final = ("city", "country", "organization", "region", "presence", "person", "event", "group")
_TYPE: Final = ox.NamedNode(iris.PREFIXES["rdf"] + "type")
_LABELS: Final = (ox.NamedNode(iris.PREFIXES["skos"] + "prefLabel"), ox.NamedNode(iris.PREFIXES["rdfs"] + "label"))
_NAMES: Final = (*_LABELS, ox.NamedNode(iris.PREFIXES["skos"] + "altLabel"), ox.NamedNode(iris.term("acronym")))
_ACCOUNT: Final = ox.NamedNode(iris.term("account"))
_QUOTE: Final = ox.NamedNode(iris.term("quote"))
_SUPPORTS: Final = ox.NamedNode(iris.term("supports"))
_PUBLISHED: Final = ox.NamedNode(iris.PREFIXES["schema"] + "datePublished")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing: folded for comparing, as written, its language, the thing and what it is."""

    folded: str
    text: str
    lang: str
    iri: str
    kind: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search finds: the name or quote, what it is of, its page."""

    text: str
    lang: str
    kind: str
    href: str
    more: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """The names and quotes of a graph, in memory.

    Attributes:
        names: all names of entities and establishments.
        labels: the names of things, by IRI and language.
        quotes: folded quote, quote, its language, the fact, the article, the day.
    """

    names: tuple[Name, ...]
    labels: dict[tuple[str, str], str]
    quotes: tuple[tuple[str, str, str, str, str, str], ...]


def fold(text: str) -> str:
    """A text for comparing: lower case, without marks and signs, Kazakh letters as they are often typed."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.translate(_TYPED).split())


_TYPED: Final = str.maketrans("әғқңөұүһіё", "агкноуухие")


def index(graph: Any) -> Index:
    """Read the names and quotes of a graph.

    Args:
        graph: what is asked.
    """
    merged, store = ox.NamedNode(iris.GRAPH_MERGED), graph.store
    kinds: dict[str, str] = {}
    for name, kind in CLASSES.items():
        if kind in _ORDER:
            for quad in store.match(None, _TYPE, ox.NamedNode(iris.term(name)), merged):
                kinds[quad.subject.value] = kind
    names: set[Name] = set()
    labels: dict[tuple[str, str], str] = {}
    for predicate in _NAMES:
        for quad in store.match(None, predicate, None, merged):
            iri, text = quad.subject.value, quad.object
            if iri not in kinds:
                continue
            names.add(Name(fold(text.value), text.value, text.language or "", iri, kinds[iri]))
            if predicate in _LABELS:
                labels.setdefault((iri, text.language or ""), text.value)
    facts = {quad.object.value: quad.subject.value for quad in store.match(None, _ACCOUNT, None, merged)}
    quotes = set()
    for quad in store.match(None, _QUOTE, None, None):
        article, text = quad.graph_name, quad.object
        day = next((str(q.object.value) for q in store.match(article, _PUBLISHED, None, article)), "")
        for said in store.match(quad.subject, _SUPPORTS, None, article):
            fact = facts.get(said.object.value)
            if fact:
                quotes.add((fold(text.value), text.value, text.language or "", fact, article.value, day))
    return Index(tuple(sorted(names, key=lambda n: (n.folded, n.iri, n.lang, n.text))), labels, tuple(sorted(quotes)))


def search(known: Index, text: str, frame: Frame, count: int = 10, quotes: int = 6) -> tuple[list[Hit], list[Hit]]:
    """What fits some words: names first, then quotes.

    Args:
        known: the index.
        text: what was typed so far; the last word may be a beginning.
        frame: the page.
        count: names at most.
        quotes: quotes at most.
    """
    wanted = fold(text[:200]).split()
    if not wanted:
        return [], []
    ranked: dict[str, tuple[tuple[Any, ...], Name]] = {}
    for name in known.names:
        rank = _rank(wanted, name, frame.lang)
        if rank is not None and (name.iri not in ranked or rank < ranked[name.iri][0]):
            ranked[name.iri] = rank, name
    best = heapq.nsmallest(count, ranked.values(), key=lambda pair: (*pair[0], pair[1].iri))
    hits = []
    for _, name in best:
        shown = known.labels.get((name.iri, frame.lang)) or known.labels.get((name.iri, "en")) or name.text
        more = name.text if fold(shown) != name.folded else ""
        hits.append(Hit(shown, frame.lang, kind_label(name.kind, frame.lang), frame.thing(name.iri), more, name.iri))
    said: dict[str, tuple[Any, ...]] = {}
    if len(" ".join(wanted)) >= 3:
        for entry in known.quotes:
            if all(word in entry[0] for word in wanted):
                said.setdefault(entry[1], entry)
    newest = heapq.nsmallest(
        quotes, said.values(), key=lambda e: (e[2] != frame.lang, tuple(-ord(c) for c in e[5]), e[0])
    )
    return hits, [Hit(e[1], e[2], e[5], frame.thing(e[3])) for e in newest]


def _rank(wanted: list[str], name: Name, lang: str) -> tuple[int, int, int, int] | None:
    """How well a name fits: the whole, its beginning, its words, parts of them; then what it is, and how long."""
    joined = " ".join(wanted)
    if name.folded == joined:
        how = 0
    elif name.folded.startswith(joined):
        how = 1
    else:
        parts = name.folded.split()
        if not all(any(part.startswith(word) for part in parts) for word in wanted):
            return None
        how = 2
    return how, _ORDER.index(name.kind), len(name.folded), 0 if name.lang == lang else 1


def search_page(known: Index, text: str, frame: Frame) -> str:
    """The page of what a search finds."""
    hits, quotes = search(known, text, frame, 40, 40) if text.strip() else ([], [])
    return render("search.html", frame, text=text, hits=hits, quotes=quotes)


def as_json(hits: Iterable[Hit]) -> list[dict[str, str]]:
    """Hits for the script that shows them as one types."""
    return [
        {
            "text": h.text,
            "lang": h.lang,
            "kind": h.kind,
            "href": h.href,
            "more": h.more,
            "iri": h.iri,
            "id": h.iri.removeprefix(iris.ID_PREFIX),
        }
        for h in hits
    ]
