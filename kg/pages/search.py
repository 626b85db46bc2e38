"""Search as one types: names of things in three languages, and the quotes that have the words, in any form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg import search as found_texts
from kg.export.select import view_of
from kg.export.words import kind_label
from kg.pages.frame import ENTITIES, Frame, render, short
from kg.pages.summary import kind_of
from kg.pages.tell import anchor
from kg.store.text import TextIndex

_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search finds: the name or quote, what it is of, its page."""

    text: str
    lang: str
    kind: str
    href: str
    more: str = ""
    iri: str = ""


def search(
    graph: Any, index: TextIndex, text: str, frame: Frame, names: int = 10, quotes: int = 6
) -> tuple[list[Hit], list[Hit]]:
    """What fits some words: names, then quotes.

    Args:
        graph: the graph.
        index: the index of its texts.
        text: what was typed so far; the last word may be a beginning.
        frame: the page.
        names: names at most.
        quotes: quotes at most.
    """
    found = found_texts.suggestions(index, graph.store, text[:_LENGTH], frame.lang, names, quotes)
    view = view_of(graph, {hit.iri for hit in found}, linked=False, evidence=False)
    named, said = [], []
    for hit in found:
        if hit.iri not in view.kinds:
            continue
        label = view.label(hit.iri, frame.lang)
        kind = kind_label(view.kinds[hit.iri], frame.lang)
        if hit.kind == "name":
            more = hit.text if index.folded(hit.text) not in index.folded(label) else ""
            named.append(Hit(label, frame.lang, kind, frame.thing(hit.iri), more, hit.iri))
        else:
            told = f"{kind}: {label}" if kind_of(hit.iri) else label
            href = _place(graph.store, hit, frame) or frame.thing(hit.iri)
            said.append(Hit(short(hit.text), hit.lang, hit.published, href, told, hit.iri))
    return named, said


def _place(store: Any, hit: found_texts.Hit, frame: Frame) -> str:
    """Where a quote stands in the page of its article."""
    article = ox.NamedNode(iris.article(hit.article))
    text = ox.Literal(hit.text, language=hit.lang) if hit.lang else ox.Literal(hit.text)
    for quad in store.match(None, ox.NamedNode(iris.term("quote")), text, article):
        about = {q.predicate.value: str(q.object.value) for q in store.match(quad.subject, None, None, article)}
        start, end = (about.get(f"{iris.PREFIXES['oa']}{name}", "0") for name in ("start", "end"))
        where = about.get(iris.term("quotedFrom"), "text")
        return f"{frame.thing(article.value)}#{anchor(where, int(start), int(end))}"
    return ""


def organizations(graph: Any, index: TextIndex, text: str, lang: str, most: int = 50) -> list[str]:
    """The organisations that a text may mean, by their IRIs: what a filter of the map takes.

    Args:
        graph: the graph.
        index: the index of its texts.
        text: an id, or words of a name.
        lang: the language of who asks.
        most: how many at most.
    """
    if text.startswith("organization/"):
        return [iris.entity(text)]
    found = found_texts.suggestions(index, graph.store, text[:_LENGTH], lang, most * 4, 0)
    return [hit.iri for hit in found if hit.iri.startswith(f"{iris.ID_PREFIX}organization/")][:most]


def search_page(graph: Any, index: TextIndex | None, text: str, frame: Frame) -> str:
    """The page of what a search finds.

    Args:
        graph: the graph.
        index: the index of its texts; ``None`` while it is being made.
        text: the words.
        frame: the page.
    """
    hits, quotes = search(graph, index, text, frame, 40, 30) if index is not None and text.strip() else ([], [])
    return render("search.html", frame, text=text, hits=hits, quotes=quotes, waiting=index is None)


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
            "id": h.iri.removeprefix(iris.ID_PREFIX) if h.iri.startswith(_ENTITY) else h.iri,
        }
        for h in hits
    ]


_ENTITY: Final = tuple(f"{iris.ID_PREFIX}{kind}/" for kind in (*ENTITIES, "presence"))
