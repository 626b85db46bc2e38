"""The first page: what is in the graph, what is new, and where to begin."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from kg import iris
from kg.export.select import chunks, quads_of, rows
from kg.export.view import CLASSES, View
from kg.export.words import kind_label
from kg.model import KINDS
from kg.pages import tell
from kg.pages.frame import ENTITIES, FACTS, Frame, render
from kg.queries import Question, library

NEWEST: Final = 12
_ARTICLES: Final = 40


@dataclass(frozen=True, slots=True)
class Overview:
    """What the graph holds: numbers by kind, articles by language and year, outlets, the newest facts."""

    kinds: dict[str, int]
    reported: dict[str, int]
    languages: list[tuple[str, int]]
    years: list[tuple[str, int]]
    outlets: list[tuple[str, int]]
    newest: list[str]
    articles: int
    last: str


def overview(graph: Any) -> Overview:
    """Count what a graph holds; some seconds for a graph of a million facts, so its result is kept.

    Args:
        graph: what is asked.
    """
    count = "SELECT ?class (COUNT(?x) AS ?n) WHERE {{ ?x a ?class {} }} GROUP BY ?class"
    prefix = f"PREFIX io: <{iris.IO}> PREFIX schema: <{iris.PREFIXES['schema']}> "

    def counted(more: str) -> dict[str, int]:
        answer = graph.query(prefix + count.format(more))
        found = {row["class"].value.removeprefix(iris.IO): int(row["n"].value) for row in answer}
        return {CLASSES[name]: n for name, n in found.items() if name in CLASSES}

    articles = rows(
        graph,
        "GRAPH ?a { ?a a io:Article ; schema:inLanguage ?lang OPTIONAL { ?a schema:datePublished ?day } "
        "OPTIONAL { ?a schema:publisher ?outlet } }",
        "a",
        "lang",
        "day",
        "outlet",
    )
    dated = sorted(((str(day.value) if day else "", a.value) for a, _, day, _ in articles), reverse=True)
    return Overview(
        counted(""),
        counted("; io:support ?s FILTER (?s > 0)"),
        _tally(str(lang.value) for _, lang, _, _ in articles),
        sorted(_tally(str(day.value)[:4] for _, _, day, _ in articles if day)),
        _tally(str(outlet.value) for *_, outlet in articles if outlet)[:12],
        _newest(graph, [a for _, a in dated[:_ARTICLES]]),
        len(articles),
        dated[0][0] if dated else "",
    )


def _tally(items: Any) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _newest(graph: Any, articles: list[str]) -> list[str]:
    """The facts that the newest articles are the first to report: few at a time, so that one article is not all."""
    place = {iri: n for n, iri in enumerate(articles)}
    first: dict[str, int] = {}
    for chunk in chunks(articles):
        pattern = (
            f"VALUES ?g {{ {chunk} }} GRAPH ?g {{ ?account io:reportedIn ?g }} "
            "?fact io:account ?account ; io:support ?n FILTER (?n <= 2)"
        )
        for fact, article in rows(graph, pattern, "fact", "g"):
            first[fact.value] = max(first.get(fact.value, 0), place[article.value])
    return [fact for fact, _ in sorted(first.items(), key=lambda item: (item[1], item[0]))][:NEWEST]


def topics() -> list[tuple[str, list[Question]]]:
    """The ready questions by topic, the largest topic first; those that ask other servers are left out."""
    ordered = sorted((q for q in library().values() if not q.service), key=lambda q: (q.topic, q.name))
    found = [(topic, list(group)) for topic, group in groupby(ordered, key=lambda q: q.topic)]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0]))


def home_page(graph: Any, frame: Frame, known: Overview) -> str:
    """The first page.

    Args:
        graph: the graph.
        frame: language and links.
        known: what it holds.
    """
    view = View.of(quads_of(graph, known.newest, linked=False))
    newest = []
    for fact in known.newest:
        said = tell.said_of(view, fact, frame)
        if said:
            newest.append((tell.sentence(view, fact, frame), frame.thing(fact), tell.time(view, fact), said[0]))
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
        tiles=tiles,
        newest=newest,
        topics=topics(),
        most=max((n for _, n in known.years), default=1),
        reported=[(kind_label(k, frame.lang), known.reported.get(k, 0), known.kinds.get(k, 0)) for k in tell.ORDER],
    )


def list_page(graph: Any, kind: str, frame: Frame, first: str = "", *, whole: bool = False) -> str | None:
    """All entities of a kind by name, or the articles by day.

    Args:
        graph: the graph.
        kind: a type of entity, or a class of facts as in addresses.
        frame: language and links.
        first: only names that begin with this letter.
        whole: all on one page, without letters to choose.

    Returns:
        HTML; ``None`` if there is no such kind.
    """
    if kind not in ENTITIES and kind not in FACTS:
        return None
    of = FACTS.get(kind, kind)
    names = sorted(name for name, k in CLASSES.items() if k == of)
    classes = " ".join(f"io:{name}" for name in names)
    label = "rdfs:label" if kind in FACTS else "skos:prefLabel"
    pattern = (
        f"VALUES ?class {{ {classes} }} ?x a ?class . ?x {label} ?name FILTER (LANG(?name) IN ('{frame.lang}', 'en'))"
    )
    best: dict[str, str] = {}
    for x, name in rows(graph, pattern, "x", "name"):
        if x.value not in best or name.language == frame.lang:
            best[x.value] = name.value
    ordered = sorted(best.items(), key=lambda item: (item[1].casefold(), item[0]))
    letters = sorted({name[:1].upper() for name in best.values() if name[:1].isalpha()})
    if len(ordered) > 400 and not first and letters and not whole:
        first = letters[0]
    if first:
        ordered = [(iri, name) for iri, name in ordered if name[:1].upper() == first]
    return render(
        "list.html",
        frame,
        title=kind_label(of, frame.lang),
        items=[(name, frame.thing(iri)) for iri, name in ordered[: None if whole else 2000]],
        letters=letters if len(best) > 400 and not whole else [],
        first=first,
        kind=kind,
        total=len(best),
    )


def articles_page(graph: Any, frame: Frame) -> str:
    """The articles of the graph, the newest first (2,000 at most)."""
    pattern = (
        "GRAPH ?a { ?a a io:Article ; schema:inLanguage ?lang OPTIONAL { ?a schema:headline ?title } "
        "OPTIONAL { ?a schema:datePublished ?day } OPTIONAL { ?a schema:publisher ?outlet } }"
    )
    found = [
        [x.value if n == 0 else str(x.value) if x is not None else "" for n, x in enumerate(row)]
        for row in rows(graph, pattern, "a", "lang", "title", "day", "outlet")
    ]
    ordered = sorted(sorted(found), key=lambda row: row[3], reverse=True)[:2000]
    return render(
        "articles.html",
        frame,
        items=[(title or a, frame.thing(a), lang, day, outlet) for a, lang, title, day, outlet in ordered],
        total=len(found),
    )
