"""What every page has: its language, its links, its words, the graph that it is of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kg import iris
from kg.export.page import safe_json
from kg.export.words import counted, kind_label, term_label, texts, word
from kg.model import KINDS, LANGUAGES

ENTITIES: Final = ("organization", "country", "city", "region", "person", "event", "group")
FACTS: Final = {
    "presence": "presence", "initiative": "proposal", "decision": "decision", "agreement": "agreement",
    "membership": "membership", "relocation": "relocation", "count": "count", "tenure": "tenure",
}  # fmt: skip
"""Classes of facts as they stand in addresses, and their kinds."""
PATHS: Final = {kind: path for path, kind in FACTS.items()}
"""The other way round."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages.

    Attributes:
        root: what goes before each address: empty at the top of a host, ``../..`` in a file two folders down.
        end: what goes after: empty on a server, ``.html`` in files.
        server: whether somebody answers: forms, searches and downloads need it.
    """

    root: str = ""
    end: str = ""
    server: bool = True

    def page(self, lang: str, path: str, **parameters: str) -> str:
        """The address of a page of ours, such as ``map`` or ``questions/who-is-in``; ``""`` is the first page."""
        path = quote(path, safe="/-._~") or ("" if self.server else "index")
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.root}/{lang}/{path}{self.end if path else ''}{query}"

    def thing(self, lang: str, iri: str) -> str:
        """The address of the page of an entity, fact or article; for what has none its own address on the web."""
        if iri.startswith(iris.ARTICLE_PREFIX):
            local = iri[len(iris.ARTICLE_PREFIX) :]
            return "" if local.startswith("reference") else self.page(lang, f"article/{local}")
        if iri.startswith(iris.ID_PREFIX):
            local = iri[len(iris.ID_PREFIX) :].split("#", maxsplit=1)[0]
            if local.partition("/")[0] in {*ENTITIES, *FACTS}:
                return self.page(lang, local)
            return ""
        return iri if iri.startswith(("http://", "https://")) and not iri.startswith(iris.BASE) else ""

    def file(self, name: str) -> str:
        """The address of a file that pages load."""
        return f"{self.root}/assets/{name}"


@dataclass(slots=True)
class Frame:
    """A page to be: language, links, version of the graph.

    Attributes:
        lang: ``en``, ``ru`` or ``kk``.
        links: addresses.
        version: of the graph.
        date: when the graph was as it is: the day of its version on a server, of the newest article in files.
        path: the page itself, without the language: the same page in another language has the same.
        parameters: what its address has after the question mark.
    """

    lang: str
    links: Links = field(default_factory=Links)
    version: str = ""
    date: str = ""
    path: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def word(self, key: str, **values: object) -> str:
        """A word of the pages in their language."""
        return word(self.lang, key, "pages", **values)

    def thing(self, iri: str) -> str:
        """The address of the page of a thing."""
        return self.links.thing(self.lang, iri)

    def page(self, path: str, **parameters: str) -> str:
        """The address of a page in this language."""
        return self.links.page(self.lang, path, **parameters)

    def in_language(self, lang: str) -> str:
        """The address of this page in another language."""
        return self.links.page(lang, self.path, **self.parameters)


@cache
def environment() -> Environment:
    """The templates; every value is escaped unless it is markup of ours."""
    made = Environment(
        loader=PackageLoader("kg.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {"languages": LANGUAGES, "kinds": KINDS}
    made.filters["spaced"] = lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    made.filters["number"] = number
    made.filters["island"] = lambda value: Markup(safe_json(value))
    return made


def render(template: str, frame: Frame, **context: Any) -> str:
    """A page as HTML."""
    lang = frame.lang
    return (
        environment()
        .get_template(template)
        .render(
            frame=frame,
            lang=lang,
            w=frame.word,
            said_n=lambda key, n: counted(lang, key, n),
            kind_label=lambda kind: kind_label(kind, lang),
            term_label=lambda iri: term_label(iri, lang),
            names={other: word(other, "language", "pages") for other in LANGUAGES},
            figure=texts(lang)["figure"],
            **context,
        )
    )


def number(n: int) -> str:
    """A number as people read it: thousands apart, which no line breaks."""
    return f"{n:,}".replace(",", "\u202f")


def short(text: str, most: int = 280) -> str:
    """A text of bounded length for a list, cut between words."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:–—") + " …"


def plural_safe(text: str) -> str:
    """A name that may be part of a file's name."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-") or "graph"
