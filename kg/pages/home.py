"""The first page: what is in the graph, what is new, and where to begin."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from kg.export.select import rows, view_of
from kg.export.view import CLASSES
from kg.model import KINDS
from kg.pages import tell
from kg.pages.frame import ENTITIES, FACTS, PATHS, Frame, render, short
from kg.pages.summary import Overview, Summary
from kg.queries import Question, library

LISTED: Final = 60
"""Facts or articles on a page of a list."""
_NAMES: Final = 500
"""Names on a page of a list; more are chosen by their first letter."""


def topics() -> list[tuple[str, list[Question]]]:
    """The ready questions by topic, the largest topic first; those that ask other servers are left out."""
    ordered = sorted((q for q in library().values() if not q.service), key=lambda q: (q.topic, q.name))
    found = [(topic, list(group)) for topic, group in groupby(ordered, key=lambda q: q.topic)]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


def home_page(graph: Any, frame: Frame, known: Overview | None, counted: str = "") -> str:
    """The first page.

    Args:
        graph: the graph.
        frame: language and links.
        known: what it holds; ``None`` while that is being counted for the first time.
        counted: of which version the numbers are, where it is not that of the page.
    """
    if known is None:
        return render("home.html", frame, known=None, counted="", tiles=[], newest=[], topics=topics(), reported=[])
    view = view_of(graph, known.newest, linked=False)
    newest = []
    for fact in known.newest:
        said = tell.said_of(view, fact, frame)
        if said:
            newest.append((*tell.named(view, fact, frame), frame.thing(fact), tell.time(view, fact), said[0]))
    tiles = [
        (known.articles, frame.word("tile-articles"), frame.page("articles")),
        (sum(known.reported.get(k, 0) for k in KINDS), frame.word("tile-reported"), ""),
        (known.kinds.get("presence", 0), frame.word("tile-presences"), frame.page("map")),
        (known.kinds.get("organization", 0), frame.word("tile-organizations"), frame.page("list/organization")),
        (known.kinds.get("city", 0), frame.word("tile-cities"), frame.page("list/city")),
        (known.kinds.get("country", 0), frame.word("tile-countries"), frame.page("list/country")),
    ]
    return render(
        "home.html",
        frame,
        known=known,
        counted=counted,
        tiles=tiles,
        newest=newest,
        topics=topics(),
        most=max((n for _, n in known.years), default=1),
        reported=[
            (
                frame.word(f"facts-{kind}"),
                frame.page(f"list/{PATHS[kind]}") if frame.links.server else "",
                known.reported.get(kind, 0),
                known.kinds.get(kind, 0),
            )
            for kind in tell.ORDER
        ],
        short=short,
    )


def list_page(graph: Any, kind: str, frame: Frame, first: str = "", *, whole: bool = False) -> str | None:
    """All entities of a kind by name.

    Args:
        graph: the graph.
        kind: a type of entity.
        frame: language and links.
        first: only names that begin with this letter.
        whole: all on one page, without letters to choose.

    Returns:
        HTML; ``None`` if there is no such kind.
    """
    if kind not in ENTITIES:
        return None
    ordered = names_of(graph, kind, frame.lang)
    letters = sorted({name[:1].upper() for name, _ in ordered if name[:1].isalpha()})
    total = len(ordered)
    chosen = ordered
    if total > _NAMES and not whole and letters:
        first = first if first in letters else letters[0]
        chosen = [pair for pair in ordered if pair[0][:1].upper() == first]
    return render(
        "list.html",
        frame,
        title=frame.word(f"list-{kind}"),
        items=[(name, frame.thing(iri)) for name, iri in chosen],
        letters=letters if total > _NAMES and not whole else [],
        first=first,
        kind=kind,
        total=total,
    )


def names_of(graph: Any, kind: str, lang: str) -> list[tuple[str, str]]:
    """The names and IRIs of all entities of a kind, in the order of names."""
    name = next(name for name, of in CLASSES.items() if of == kind)
    pattern = f"?x a io:{name} . ?x skos:prefLabel ?name FILTER (LANG(?name) IN ('{lang}', 'en'))"
    best: dict[str, str] = {}
    for x, label in rows(graph, pattern, "x", "name"):
        if x.value not in best or label.language == lang:
            best[x.value] = label.value
    return sorted(((label, iri) for iri, label in best.items()), key=lambda pair: (pair[0].casefold(), pair[1]))


def facts_page(graph: Any, summary: Summary, kind: str, frame: Frame, page: int = 1) -> str | None:
    """The facts of a kind, a page at a time: those that most articles report first, then the newest.

    Args:
        graph: the graph.
        summary: its summary, which knows the order.
        kind: a class of facts as in addresses.
        frame: language and links.
        page: which page, from 1.

    Returns:
        HTML; ``None`` if there is no such kind, or no such page.
    """
    of, total = FACTS.get(kind, ""), summary.count(FACTS.get(kind, ""))
    if not of or page < 1 or (page - 1) * LISTED >= max(total, 1):
        return None
    facts = summary.ranked(of, LISTED, (page - 1) * LISTED)
    view = view_of(graph, facts, linked=False)
    known = [f for f in facts if f in view.kinds]
    table = next(iter(tell.tables(view, known, frame, {of: total}, "", LISTED, ordered=True)), None)
    return render(
        "facts.html", frame, title=frame.word(f"facts-{of}"), table=table, total=total,
        pages=pages(total, LISTED, page),        subject="", back="", address=f"list/{kind}", kept={},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a long list: this page, the last one, the numbers of its first and last entry."""

    this: int
    last: int
    first_entry: int
    last_entry: int
    total: int


def pages(total: int, size: int, page: int) -> Pages:
    """Where page number *page* (from 1) of a list of *total* entries, *size* a page, is."""
    return Pages(page, max(1, -(-total // size)), (page - 1) * size + 1, min(total, page * size), total)


def articles_page(summary: Summary, frame: Frame, page: int = 1, *, whole: bool = False) -> str | None:
    """The articles of the graph, the newest first, a page at a time.

    Args:
        summary: the summary of the graph.
        frame: language and links.
        page: which page, from 1.
        whole: all on one page.

    Returns:
        HTML; ``None`` if there is no such page.
    """
    total = summary.overview.articles
    if page < 1 or (page - 1) * LISTED >= max(total, 1):
        return None
    found = summary.articles(-1 if whole else LISTED, 0 if whole else (page - 1) * LISTED)
    return render(
        "articles.html",
        frame,
        items=[
            (title or a.rsplit("/", 1)[-1], frame.thing(a), lang, day, outlet) for day, a, lang, title, outlet in found
        ],
        pages=pages(total, total or 1 if whole else LISTED, page),
    )
