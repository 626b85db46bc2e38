"""A plain page about a thing, where the pages for people have none: its statements in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg import iris
from kg.build import KnowledgeGraph
from kg.model import LANGUAGES
from kg.serve import entity

_WORDS: Final = {
    "en": {"statements": "Statements", "pointing": "Named by", "forms": "The same as data", "quotes": "Quotes"},
    "ru": {"statements": "Утверждения", "pointing": "Где названо", "forms": "Эти же данные", "quotes": "Цитаты"},
    "kk": {"statements": "Мәлімдемелер", "pointing": "Қайда аталған", "forms": "Осы деректер", "quotes": "Дәйексөздер"},
}
_NAMES: Final = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
_QUOTE: Final = iris.term("quote")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kg.serve", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def harmless(data: str) -> Markup:
    """JSON as it can stand in a script element, which nothing in it may end."""
    return Markup(data.replace("<", "\\u003c"))


def page(graph: KnowledgeGraph, iri: str, quads: Sequence[ox.Quad], lang: str, base: str, data: str) -> str:
    """The page.

    Args:
        graph: for labels.
        iri: what it is about.
        quads: the statements, see :func:`kg.serve.entity.about`.
        lang: the language of labels.
        base: the address of the server, with a slash at its end.
        data: the same as JSON-LD.
    """
    known: dict[str, str] = {}

    def name(other: str) -> str:
        if other not in known:
            known[other] = entity.label(graph, other, lang)
        return known[other]

    def value(term: Any) -> dict[str, str]:
        if isinstance(term, ox.NamedNode):
            # Only what a browser may safely open is a link.
            link = term.value if term.value.startswith(("http://", "https://")) else ""
            if term.value.startswith(iris.BASE):
                link = base + term.value.removeprefix(iris.BASE)
            return {"text": name(term.value), "link": link, "lang": ""}
        if isinstance(term, ox.Literal):
            return {"text": term.value, "link": "", "lang": term.language or ""}
        return {"text": str(term), "link": "", "lang": ""}

    said: dict[str, list[dict[str, str]]] = defaultdict(list)
    pointing: dict[str, list[dict[str, str]]] = defaultdict(list)
    quotes: list[dict[str, str]] = []
    for quad in quads:
        if quad.subject == ox.NamedNode(iri):
            said[quad.predicate.value].append(value(quad.object))
        elif quad.object == ox.NamedNode(iri):
            pointing[quad.predicate.value].append(value(quad.subject))
        elif quad.predicate.value == _QUOTE and isinstance(quad.object, ox.Literal):
            article = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            quotes.append({**value(quad.object), "link": base + article.removeprefix(iris.BASE)})
    path = iri.removeprefix(iris.BASE)
    return (
        _environment()
        .get_template("thing.html")
        .render(
            iri=iri,
            title=name(iri),
            lang=lang,
            languages={code: _NAMES.get(code, code) for code in LANGUAGES},
            words=_WORDS.get(lang, _WORDS["en"]),
            said=[(name(p), p, values) for p, values in sorted(said.items())],
            pointing=[(name(p), p, values) for p, values in sorted(pointing.items())],
            quotes=quotes,
            forms={s: f"{base}{path}.{s}" for s in ("ttl", "jsonld", "nt", "rdf")},
            kinds={
                "ttl": "text/turtle",
                "jsonld": "application/ld+json",
                "nt": "application/n-triples",
                "rdf": "application/rdf+xml",
            },
            page=f"{base}{path}.html",
            data=harmless(data),
        )
    )
