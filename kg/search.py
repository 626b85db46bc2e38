"""Search over names and quotes in three languages."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.language import stem
from kg.merge.node import MERGED
from kg.model import LANGUAGES
from kg.store import EmbeddedStore, Store
from kg.store.text import FILE, Folding, Found, TextIndex, texts

_QUOTE, _TITLE = io("quote"), prefixed("schema:headline")
_NAMES: Final = frozenset((terms.PREF_LABEL, terms.ALT_LABEL, terms.RDFS_LABEL, io("acronym")))
_PREDICATES: Final = (*sorted(_NAMES, key=str), _QUOTE, _TITLE)
_ESTABLISHMENT: Final = iris.entity("presence/")
_MORE: Final = 5

Kind = Literal["name", "quote", "title"]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search finds.

    Attributes:
        kind: whether the text is a name, a quote or the title of an article.
        iri: the thing that has the name; the fact of the merged graph that the quote speaks of; the article.
        text: the text.
        lang: its language.
        article: id of the article that the text is from; ``""`` for a name.
        published: when that was published.
    """

    kind: Kind
    iri: str
    text: str
    lang: str
    article: str = ""
    published: str = ""


def sort(quad: ox.Quad) -> str:
    """What sort of text a quad has: the name of an entity or of an establishment, a quote, a title; ``""`` for others.

    Names count in the merged graph only.
    """
    if quad.predicate not in _NAMES:
        return {_QUOTE: "quote", _TITLE: "title"}.get(quad.predicate, "")
    if quad.graph_name != MERGED:
        return ""
    if str(quad.subject).startswith(f"<{_ESTABLISHMENT}"):
        return "establishment"
    # Entities have their label twice, as skos:prefLabel and as rdfs:label.
    return "" if quad.predicate == terms.RDFS_LABEL else "entity"


def _folding() -> Folding:
    return Folding(stem.words, stem.plain, stem.stem, f"1 {importlib.metadata.version('snowballstemmer')}")


def _file(store: Store) -> Path | None:
    return store.path / FILE if isinstance(store, EmbeddedStore) and store.path is not None else None


def open_index(store: Store, stamp: str) -> TextIndex | None:
    """The index beside a store that one is about to write to, in step with it; ``None`` where nobody has made one.

    Args:
        store: the store.
        stamp: the state that it is in; ``""`` leaves the index as it is.

    Raises:
        KgError: if the index cannot be opened.
    """
    file = _file(store)
    if file is None or not file.exists():
        return None
    index = TextIndex(file, _folding(), sort)
    return _mended(index, store, stamp) if stamp else index


def index_of(store: Store, stamp: str) -> TextIndex:
    """An index to search in: the one beside the store, which is made if it is missing; else one in memory.

    Args:
        store: the store.
        stamp: the state that it is in.

    Raises:
        KgError: if the index cannot be opened.
    """
    file = _file(store)
    if file is not None:
        assert isinstance(store, EmbeddedStore)
        writer = store.writer() if store.read_only else None
        if writer is None and os.access(file if file.exists() else file.parent, os.W_OK):
            return _mended(TextIndex(file, _folding(), sort), store, stamp)
        if file.exists() and writer is not None:
            return TextIndex(file, _folding(), sort)  # whoever writes keeps it in step
    return _mended(TextIndex(None, _folding(), sort), store, stamp)


def stamp_of(file: Path) -> str:
    """The state of the store that the index in a file reflects; ``""`` if none.

    Raises:
        KgError: if it cannot be opened.
    """
    index = TextIndex(file, _folding(), sort)
    try:
        return index.stamp
    finally:
        index.close()


def remove_index(store: Store) -> None:
    """Take the index beside a store away."""
    file = _file(store)
    for one in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))) if file else ():
        one.unlink(missing_ok=True)


def _mended(index: TextIndex, store: Store, stamp: str) -> TextIndex:
    if index.stamp != stamp:
        index.mend(texts(store, _PREDICATES), stamp)
    return index


def hits(index: TextIndex, store: Store, text: str, kinds: Iterable[Kind], limit: int) -> list[Hit]:
    """What fits the words best, names first among equals; each thing and each quote once.

    Args:
        index: the index, in step with the store.
        store: where the graph is.
        text: words in any of the three languages, in any form.
        kinds: what is wanted.
        limit: how many are wanted.
    """
    wanted = set(kinds)
    found: dict[tuple[str, str], Hit] = {}
    size = limit * _MORE
    while True:
        rows = index.search(text, LANGUAGES, size)
        for row in rows:
            kind = _kind(row)
            if kind in wanted:
                hit = _hit(store, row, kind)
                found.setdefault((kind, hit.iri if kind == "name" else f"{hit.text} {hit.article}"), hit)
        if len(found) >= limit or len(rows) < size:
            return list(found.values())[:limit]
        size *= _MORE


def _kind(row: Found) -> Kind:
    if row.predicate == _QUOTE.value:
        return "quote"
    return "title" if row.predicate == _TITLE.value else "name"


def _hit(store: Store, row: Found, kind: Kind) -> Hit:
    if kind == "name":
        return Hit(kind, row.subject, row.text, row.lang)
    graph = ox.NamedNode(row.graph)
    published = next(_values(store.match(graph, prefixed("schema:datePublished"), None, graph)), "")
    article = next(_values(store.match(graph, prefixed("dcterms:identifier"), None, graph)), "")
    iri = row.graph if kind == "title" else _fact(store, row.subject, graph)
    return Hit(kind, iri, row.text, row.lang, article, published)


def _fact(store: Store, evidence: str, graph: ox.NamedNode) -> str:
    """The fact of the merged graph that a quote speaks of."""
    for account in _values(store.match(ox.NamedNode(evidence), io("supports"), None, graph)):
        for quad in store.match(None, io("account"), ox.NamedNode(account), MERGED):
            return str(getattr(quad.subject, "value", ""))
    return graph.value


def _values(quads: Iterable[ox.Quad]) -> Iterator[str]:
    return (str(getattr(q.object, "value", "")) for q in quads)


_ENTITIES: Final = ("city", "country", "organization", "region", "person", "event", "group")
_LOOKED_AT: Final = 2_000


def suggestions(index: TextIndex, store: Store, text: str, lang: str, names: int, quotes: int) -> list[Hit]:
    """What may be meant by words of which the last is perhaps only begun: names, entities first, then quotes.

    Of names those come first that are just the words, then those that begin with them, then places, organisations and
    people, then the shorter; quotes in the language asked for come first, and the newer.

    Args:
        index: the index; what its graph has and *store* does not is left out.
        store: where the graph is.
        text: the words.
        lang: the language of who asks.
        names: how many names, at most.
        quotes: how many quotes, at most.
    """
    wanted = index.folded(text)
    if not wanted:
        return []
    found: dict[str, Hit] = {}
    for of, most in (("entity", _LOOKED_AT), ("establishment", _LOOKED_AT // 5)):
        ranked = sorted(
            ((_closeness(wanted, row, index, lang), row) for row in index.begun(text, LANGUAGES, of, most)),
            key=lambda pair: (pair[0], pair[1].subject, pair[1].text),
        )
        for _, row in ranked:
            if len(found) >= names:
                break
            if row.subject not in found and next(
                iter(store.match(ox.NamedNode(row.subject), None, None, MERGED)), None
            ):
                found[row.subject] = _hit(store, row, "name")
    said: dict[str, Hit] = {}
    if quotes and len(wanted) >= _SHORT:
        rows = index.begun(text, LANGUAGES, "quote", _LOOKED_AT // 10)
        rows.sort(key=lambda row: (row.lang != lang, row.text))
        for row in rows:
            hit = _hit(store, row, "quote") if row.text not in said else None
            if hit is not None and hit.iri != row.graph:
                said[row.text] = hit
            if len(said) >= quotes * _MORE:
                break
    newest = sorted(said.values(), key=lambda hit: (hit.lang != lang, _latest(hit.published), hit.text))
    return [*found.values(), *newest[:quotes]]


_SHORT: Final = 3


def _latest(day: str) -> tuple[int, ...]:
    """The later, the smaller."""
    return tuple(-ord(c) for c in day)


def _closeness(wanted: str, row: Found, index: TextIndex, lang: str) -> tuple[int, int, int, int]:
    folded = index.folded(row.text)
    how = 0 if folded == wanted else 1 if folded.startswith(wanted) else 2
    kind = row.subject.removeprefix(iris.ID_PREFIX).partition("/")[0]
    return how, _ENTITIES.index(kind) if kind in _ENTITIES else len(_ENTITIES), len(folded), int(row.lang != lang)
