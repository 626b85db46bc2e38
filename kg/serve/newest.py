"""The newest facts of a graph of any size: by the dates that occur, from the newest on, each looked up in the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.serve.entity import MERGED, TYPE
from kg.serve.site import Site, Snapshot

_DATES: Final = "SELECT DISTINCT ?date { GRAPH ?article { ?article schema:datePublished ?date } }"
_LOOKED_THROUGH: Final = 10_000
"""Articles that are looked through at most; nearly always the newest ten report as many facts as are wanted."""

_PUBLISHED: Final = ox.NamedNode(iris.PREFIXES["schema"] + "datePublished")
_PUBLISHER: Final = ox.NamedNode(iris.PREFIXES["schema"] + "publisher")
_FACT: Final = ox.NamedNode(iris.term("Fact"))
_ACCOUNT, _REPORTED_IN, _SUPPORTS, _QUOTE = (
    ox.NamedNode(iris.term(name)) for name in ("account", "reportedIn", "supports", "quote")
)


@dataclass(frozen=True, slots=True)
class Report:
    """A fact as an article reports it.

    Attributes:
        fact: its IRI.
        article: the article's IRI.
        published: when that appeared, as precise as the source.
        quote: what it says.
        outlet: who published it; empty if that is not known.
    """

    fact: str
    article: str
    published: str
    quote: ox.Literal
    outlet: str


async def dates(site: Site, current: Snapshot) -> list[ox.Literal]:
    """The dates on which articles appeared, the newest first.

    Raises:
        KgError: if the query is stopped.
    """
    found = []
    for row in await site.rows(current, _DATES):
        kind = row["date"].get("datatype")
        found.append(ox.Literal(row["date"]["value"], datatype=ox.NamedNode(kind) if kind else None))
    # By their text: engines do not order a year beside a day.
    return sorted(found, key=lambda date: (date.value, str(date.datatype)), reverse=True)


def newest(current: Snapshot, dates: Iterable[ox.Literal], count: int) -> list[Report]:
    """The facts of the newest articles.

    Args:
        current: the graph.
        dates: the dates on which articles appeared, the newest first.
        count: how many facts at most.

    Returns:
        Reports by date of the article, the newest first, then by article and fact.
    """
    found: list[Report] = []
    seen: set[Any] = set()
    for date in dates:
        articles = {
            quad.subject
            for quad in current.graph.store.match(None, _PUBLISHED, date, None)
            if isinstance(quad.subject, ox.NamedNode)
            and quad.subject == quad.graph_name
            and quad.subject.value.startswith(iris.ARTICLE_PREFIX)
        }
        for article in sorted(articles - seen, key=str):
            seen.add(article)
            reports = sorted(_reports(current, article, date.value), key=lambda r: (r.fact, str(r.quote)), reverse=True)
            # One for each fact, the first of its quotes.
            found += reversed({report.fact: report for report in reports}.values())
            if len(found) >= count or len(seen) >= _LOOKED_THROUGH:
                return found[:count]
    return found


def _reports(current: Snapshot, article: Any, published: str) -> Iterator[Report]:
    match = current.graph.store.match
    publishers = (quad.object for quad in match(article, _PUBLISHER, None, article))
    outlet = min((term.value for term in publishers if isinstance(term, ox.Literal)), default="")
    for reported in match(None, _REPORTED_IN, article, article):
        account = reported.subject
        quotes = [
            quote.object
            for support in match(None, _SUPPORTS, account, article)
            for quote in match(support.subject, _QUOTE, None, article)
            if isinstance(quote.object, ox.Literal)
        ]
        if not quotes:
            continue
        for link in match(None, _ACCOUNT, account, MERGED):
            fact = link.subject
            if isinstance(fact, ox.NamedNode) and current.graph.store.contains(ox.Quad(fact, TYPE, _FACT, MERGED)):
                yield Report(fact.value, article.value, published, min(quotes, key=str), outlet)
