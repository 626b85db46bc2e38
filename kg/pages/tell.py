"""Facts as people read them: rows of a table for each kind, their dates, sources and quotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.export.view import PROPERTIES, Quote, View, property_iri
from kg.export.words import kind_label, term_label
from kg.model import KINDS
from kg.pages.frame import Frame

SHOWN: Final = {kind: 24 if kind == "presence" else 10 for kind in KINDS}
"""Facts of a kind that the page of an entity shows at first."""
QUOTES: Final = 3
ORDER: Final = ("presence", "proposal", "decision", "agreement", "relocation", "membership", "tenure", "count")
_COLUMNS: Final = {
    "presence": ("organization", "name", "place", "status", "time"),
    "proposal": ("time", "proposer", "on_behalf_of", "about", "occasion"),
    "decision": ("time", "body", "instrument", "symbol", "votes", "about"),
    "agreement": ("time", "parties", "about", "place"),
    "relocation": ("time", "organization", "from", "to"),
    "membership": ("member", "organization", "role", "time"),
    "tenure": ("person", "position", "of"),
    "count": ("what", "value", "place", "time"),
}
_SCHEMA: Final = iris.PREFIXES["schema"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value on a page: its text, the address of its page, its language, whether it only adds to the one before."""

    text: str
    href: str = ""
    lang: str = ""
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A quote with its article: where it opens, who published it and when."""

    quote: str
    lang: str
    href: str
    article: str
    title: str
    outlet: str
    published: str
    confidence: float


@dataclass(slots=True)
class Row:
    """A fact in a table: its page, the cells of its columns, how many articles say it, the surest quotes."""

    iri: str
    href: str
    cells: list[list[Value]]
    articles: int
    said: list[Said] = field(default_factory=list)
    sources: list[tuple[str, str]] = field(default_factory=list)
    status: str = ""


@dataclass(slots=True)
class Table:
    """The facts of a kind: heading, columns, rows, and how many there are in all."""

    kind: str
    title: str
    columns: list[str]
    rows: list[Row]
    total: int


def value(view: View, term: Any, frame: Frame) -> Value:
    """A term as a value of a page."""
    if isinstance(term, ox.NamedNode):
        iri = term.value
        if iri.startswith(iris.KIND_PREFIX):
            return Value(term_label(iri, frame.lang))
        if view.kinds.get(iri) == "establishment":
            return Value(view.label(iri, frame.lang))
        return Value(view.label(iri, frame.lang), frame.thing(iri))
    return Value(term.value, lang=term.language or "")


def values(view: View, iri: str, slot: str, frame: Frame) -> list[Value]:
    """The values of a slot of a fact."""
    name = PROPERTIES[view.kinds[iri]].get(slot)
    return [value(view, term, frame) for term in view.values(iri, name)] if name else []


def time(view: View, iri: str) -> str:
    """The date of an event, or the time of a state, as precise as it is known."""
    date, since, until = (view.text(iri, name) for name in ("date", "since", "until"))
    return date or (f"{since or '…'} – {until}" if until else f"{since} –" if since else "")


def _cell(view: View, iri: str, column: str, frame: Frame) -> list[Value]:
    if column == "time":
        return [Value(time(view, iri).replace("-", "\u2011").replace(" –", "\u00a0–"))] if time(view, iri) else []
    if column == "name":
        form = view.text(iri, "form")
        told = term_label(form, frame.lang) if form else kind_label("presence", frame.lang)
        if iris.PREFIXES["rdfs"] + "label" not in view.nodes[iri]:
            return [Value(told[:1].upper() + told[1:], frame.thing(iri))]
        name = view.label(iri, frame.lang)
        # A name that says the form already needs no second time.
        more = [] if told.casefold() in name.casefold() else [Value(told, soft=True)]
        return [Value(name, frame.thing(iri)), *more]
    if column == "votes":
        favour, of, how = (view.text(iri, n) for n in ("inFavour", "electorate", "adoptedBy"))
        sponsors = view.text(iri, "coSponsors")
        parts = [f"{favour}/{of}" if favour and of else favour, term_label(how, frame.lang) if how else ""]
        parts += [frame.word("cosponsors", n=sponsors)] if sponsors else []
        return [Value(" · ".join(filter(None, parts)))]
    return values(view, iri, column, frame)


def column_label(kind: str, column: str, frame: Frame) -> str:
    """What a column of a kind of facts is called."""
    short = frame.word(f"column-{column}")
    if not short.startswith("column-"):
        return short
    return term_label(property_iri(PROPERTIES[kind][column]), frame.lang)


def sort_key(view: View, iri: str) -> tuple[int, str, str]:
    """What articles report goes first, then the newest."""
    date = view.text(iri, "date") or view.text(iri, "since") or ""
    return (0 if view.text(iri, "support") not in ("", "0") else 1, _reversed(date), iri)


def _reversed(date: str) -> str:
    return "".join(chr(0x10FFFF - ord(c)) for c in date) + chr(0x10FFFF)


def tables(
    view: View,
    facts: Iterable[str],
    frame: Frame,
    totals: dict[str, int],
    subject: str = "",
    most: int = 0,
    *,
    ordered: bool = False,
) -> list[Table]:
    """Facts by kind, as tables without the column that would say the same in each row.

    Args:
        view: what is known of them.
        facts: which.
        frame: the page.
        totals: how many there are of each kind, shown or not.
        subject: whose page it is.
        most: how many of a kind; 0 for as many as the page of an entity shows.
        ordered: whether they come in the order in which they are to be shown.
    """
    by_kind: dict[str, list[str]] = {}
    for iri in facts:
        by_kind.setdefault(view.kinds[iri], []).append(iri)
    found = []
    for kind in ORDER:
        ours = by_kind.get(kind, [])
        ours = ours if ordered else sorted(ours, key=lambda iri: sort_key(view, iri))
        ours = ours[: most or SHOWN[kind]]
        if not ours:
            continue
        columns = list(_COLUMNS[kind])
        rows = [row(view, iri, columns, frame) for iri in ours]
        for place in reversed(range(len(columns))):
            cells = [r.cells[place] for r in rows]
            same = subject and all(len(c) == 1 and c[0].href == frame.thing(subject) for c in cells)
            if (same and columns[place] != "name") or not any(cells):
                del columns[place]
                for r in rows:
                    del r.cells[place]
        labels = [column_label(kind, column, frame) for column in columns]
        title = frame.word(f"facts-{kind}")
        found.append(Table(kind, title, labels, rows, max(totals.get(kind, 0), len(ours))))
    return found


def row(view: View, iri: str, columns: list[str], frame: Frame, quotes: int = QUOTES) -> Row:
    """A fact as a row of a table."""
    said = said_of(view, iri, frame)
    return Row(
        iri,
        frame.thing(iri),
        [_cell(view, iri, column, frame) for column in columns],
        len({s.article for s in said}),
        said[:quotes],
        view.sources.get(iri, []),
        view.text(iri, "status").rsplit("/", 1)[-1],
    )


def said_of(view: View, iri: str, frame: Frame) -> list[Said]:
    """The quotes of a fact, one an article, the surest of each, in the order of publication."""
    best: dict[str, Quote] = {}
    for quote in sorted(view.quotes.get(iri, []), key=lambda q: (-q.confidence, q.article, q.start)):
        best.setdefault(quote.article, quote)
    found = [_said(view, quote, frame) for quote in best.values()]
    return sorted(found, key=lambda s: (s.lang != frame.lang, s.published or "9", s.article))


def _said(view: View, quote: Quote, frame: Frame) -> Said:
    about = view.articles.get(quote.article, {})
    href = frame.thing(quote.article)
    return Said(
        quote.quote,
        about.get(f"{_SCHEMA}inLanguage", ""),
        f"{href}#{anchor(quote.where, quote.start, quote.end)}" if href else "",
        quote.article,
        about.get(f"{_SCHEMA}headline", "") or quote.article.rsplit("/", 1)[-1],
        about.get(f"{_SCHEMA}publisher", ""),
        about.get(f"{_SCHEMA}datePublished", ""),
        quote.confidence,
    )


def anchor(where: str, start: int, end: int) -> str:
    """The place of a quote on the page of its article."""
    return f"{'h' if where == 'title' else 'q'}{start}-{end}"


def named(view: View, iri: str, frame: Frame) -> tuple[str, str]:
    """What sort of fact it is, and what to call it."""
    label = view.label(iri, frame.lang)
    kind = kind_label(view.kinds[iri], frame.lang) if view.kinds.get(iri) in KINDS else ""
    # A label that begins with the kind says it already.
    return ("" if label.casefold().startswith(kind.casefold()) else kind), label


def sentence(view: View, iri: str, frame: Frame) -> str:
    """A fact in a line: what sort, and what it is about."""
    return ": ".join(filter(None, named(view, iri, frame)))
