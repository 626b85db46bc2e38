"""The page of an article: its text as archived, with each quote marked and joined to its facts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

from kg import iris
from kg.export.select import rows
from kg.pages import tell
from kg.pages.frame import Frame, render
from kg.pages.known import Known

_SCHEMA: Final = iris.PREFIXES["schema"]


@dataclass(slots=True)
class Piece:
    """A piece of a text: plain, or a quote with its anchors and the facts that it says."""

    text: str
    anchors: list[str] = field(default_factory=list)
    facts: list[int] = field(default_factory=list)


def article_page(known: Known, iri: str, frame: Frame) -> str | None:
    """The page of an article.

    Args:
        known: the graph.
        iri: the article.
        frame: language and links.

    Returns:
        HTML; ``None`` if the graph does not have it.
    """
    found = rows(known.graph, f"GRAPH <{iri}> {{ <{iri}> ?p ?o }}", "p", "o")
    about = {p.value: str(o.value) for p, o in found}
    if f"{_SCHEMA}inLanguage" not in about and iris.term("text") not in about:
        return None
    pattern = (
        f"GRAPH <{iri}> {{ ?e io:supports ?account ; oa:start ?start ; oa:end ?end ; io:quotedFrom ?where }} "
        "?fact io:account ?account"
    )
    marks = [
        (fact.value, where.value, int(start.value), int(end.value))
        for fact, where, start, end in rows(known.graph, pattern, "fact", "where", "start", "end")
    ]
    view = known.view({fact for fact, *_ in marks})
    order = sorted({fact for fact, *_ in marks}, key=lambda f: min(m[2:] for m in marks if m[0] == f))
    number = {fact: n for n, fact in enumerate(order, 1)}
    title, text = about.get(f"{_SCHEMA}headline", ""), about.get(iris.term("text"), "")
    spans = [(where, start, end, number[fact]) for fact, where, start, end in marks]
    return render(
        "article.html",
        frame,
        iri=iri,
        language=about.get(f"{_SCHEMA}inLanguage", ""),
        title=pieces(title, [(s, e, n) for w, s, e, n in spans if w == "title"], "h"),
        plain_title=title or iri.rsplit("/", 1)[-1],
        paragraphs=paragraphs(pieces(text, [(s, e, n) for w, s, e, n in spans if w != "title"], "q")),
        outlet=about.get(f"{_SCHEMA}publisher", ""),
        published=about.get(f"{_SCHEMA}datePublished", ""),
        url=about.get(f"{_SCHEMA}url", ""),
        digest=about.get(iris.term("textSha256"), ""),
        facts=[(n, tell.sentence(view, f, frame), frame.thing(f), tell.time(view, f)) for f, n in number.items()],
    )


def pieces(text: str, spans: list[tuple[int, int, int]], letter: str) -> list[Piece]:
    """A text cut where quotes begin and end; quotes that overlap share a piece.

    Args:
        text: the text.
        spans: first character, one after the last, number of the fact.
        letter: what anchors begin with.
    """
    cuts = sorted({0, len(text), *(p for start, end, _ in spans for p in (start, end) if 0 <= p <= len(text))})
    found = []
    for left, right in itertools.pairwise(cuts):
        covering = [span for span in spans if span[0] <= left and span[1] >= right]
        anchors = sorted({f"{letter}{start}-{end}" for start, end, _ in spans if start == left})
        found.append(Piece(text[left:right], anchors, sorted({n for _, _, n in covering})))
    return found


def paragraphs(found: list[Piece]) -> list[list[Piece]]:
    """Pieces under paragraphs, which end with a line."""
    lines: list[list[Piece]] = [[]]
    for piece in found:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Piece(part, piece.anchors if not number else [], piece.facts))
    return [line for line in lines if any(piece.text.strip() for piece in line)]
