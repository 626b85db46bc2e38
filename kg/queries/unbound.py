"""Variables that may have no value where an OPTIONAL begins with them: there, each matches everything.

It reads the groups of a query for what each variable surely has and what it may have, in the order of the text; what
it cannot follow it says nothing of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from kg.queries.scan import Finding, finding
from kg.queries.shape import Token, tokens

_STARTS: Final = {"filter", "bind", "values", "optional", "minus", "graph", "service", "union", "select", "}", "{"}


@dataclass(slots=True)
class _Known:
    """What a part of a query binds: for sure, and perhaps; and its triples as subject and other variables."""

    sure: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    triples: list[tuple[Token | None, set[str]]] = field(default_factory=list)

    def take(self, other: _Known, optional: bool = False) -> None:
        if not optional:
            self.sure |= other.sure
        self.maybe |= other.sure | other.maybe


class _Lost(Exception):
    """The text is no SPARQL that this module can follow."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.row = list(tokens(text))
        self.at = 0
        self.found: list[Token] = []
        # A parameter of a ready question is bound before the query runs.
        self.given = set(re.findall(r"^#\?\s*param:\s*(\w+)", text, re.MULTILINE))

    def peek(self) -> str:
        return self.row[self.at].sort if self.at < len(self.row) else ""

    def next(self) -> Token:
        if self.at >= len(self.row):
            raise _Lost
        self.at += 1
        return self.row[self.at - 1]

    def skip(self, opening: str, closing: str) -> set[str]:
        """Past the brackets that open next; the variables between them."""
        while self.peek() != opening:
            self.next()
        depth, names = 0, set()
        while True:
            token = self.next()
            depth += (token.sort == opening) - (token.sort == closing)
            if token.sort == "?":
                names.add(token.name)
            if depth == 0:
                return names

    def group(self, around: _Known) -> _Known:
        """The group that begins here with a brace; *around* is what stands before it in the groups it is joined to."""
        if self.next().sort != "{":
            raise _Lost
        own = _Known()
        while (sort := self.peek()) != "}":
            context = _Known(around.sure | own.sure | self.given, around.maybe | own.maybe)
            match sort:
                case "":
                    raise _Lost
                case ".":
                    self.next()
                case "select":
                    own.take(self.select())
                case "{":
                    own.take(self.union())
                case "optional":
                    self.next()
                    inner = self.group(context)
                    self.look(inner, context)
                    own.take(inner, optional=True)
                case "graph" | "service":
                    self.next()
                    if self.peek() == "silent":
                        self.next()
                    where = self.next()
                    inner = self.group(context)
                    own.take(inner)
                    own.triples += inner.triples
                    if where.sort == "?":
                        own.sure.add(where.name)
                case "values":
                    self.next()
                    own.sure |= self.skip("(", ")") if self.peek() == "(" else {self.next().name}
                    self.skip("{", "}")
                case "bind":
                    self.skip("(", ")")
                    own.sure.add(self.row[self.at - 2].name)
                case "filter":
                    self.next()
                    while self.peek() not in ("(", "{", ""):
                        self.next()
                    self.skip(*("()" if self.peek() == "(" else "{}"))
                case "minus":
                    self.skip("{", "}")
                case "union":
                    raise _Lost
                case _:
                    self.triple(own)
        self.next()
        own.maybe |= own.sure
        return own

    def union(self) -> _Known:
        """Groups joined by UNION: sure is what each binds."""
        found = self.group(_Known())
        while self.peek() == "union":
            self.next()
            other = self.group(_Known())
            found.sure &= other.sure
            found.maybe |= other.maybe
        return found

    def select(self) -> _Known:
        """A SELECT in a group, up to the group's end: what it shows."""
        begun = self.at
        while self.peek() not in ("where", "{"):
            self.next()
        head = self.row[begun : self.at]
        if self.peek() == "where":
            self.next()
        inner = self.group(_Known())
        while self.peek() not in ("}", ""):
            if self.peek() in ("{", "values"):
                raise _Lost
            self.next()
        shown = {token.name for token in head if token.sort == "?"} or inner.maybe
        made = {b.name for a, b in pairwise(head) if (a.sort, b.sort) == ("as", "?")}
        return _Known((inner.sure & shown) | made, inner.maybe & shown)

    def triple(self, own: _Known) -> None:
        """Triples of one subject, up to the full stop."""
        first, depth, others = self.next(), 0, set()
        depth += first.sort in ("(", "[")
        while self.peek() and (depth or self.peek() not in (_STARTS | {"."})):
            token = self.next()
            depth += (token.sort in ("(", "[")) - (token.sort in (")", "]"))
            if token.sort == "?":
                others.add(token.name)
        subject = first if first.sort == "?" else None
        own.triples.append((subject, others))
        own.sure |= others | ({subject.name} if subject else set())

    def look(self, inner: _Known, context: _Known) -> None:
        """Note the subjects of an OPTIONAL that may have no value there, unless something sure is beside them."""
        others = set().union(*(names for _, names in inner.triples))
        subjects = {subject.name for subject, _ in inner.triples if subject}
        if (others | subjects) & context.sure:
            return
        for subject, _ in inner.triples:
            if subject and subject.name in context.maybe and subject.name not in others:
                self.found.append(subject)
                return


def findings(text: str) -> Iterator[Finding]:
    """Warnings about variables that may be unbound and with which an OPTIONAL begins.

    Args:
        text: the query; of one that is no SPARQL nothing is said.
    """
    reader = _Reader(text)
    try:
        while reader.peek() not in ("select", "ask", "construct", "describe"):
            reader.next()
        construct = reader.next().sort == "construct"
        while reader.peek() not in ("where", "{"):
            reader.next()
        if construct and reader.peek() == "{":
            reader.skip("{", "}")
        while reader.peek() != "{":
            reader.next()
        reader.group(_Known())
    except (_Lost, IndexError):
        return
    for token in reader.found:
        told = (
            f"{token.match[0]} may have no value here, and then this OPTIONAL matches everything: "
            "write it inside the part that binds it"
        )
        yield finding(text, token.match, told, token.match[0], "", "warning")
