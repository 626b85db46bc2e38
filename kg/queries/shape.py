"""How the patterns of a query hang together: variables that are used nowhere, parts that nothing joins.

A reading of SPARQL's groups that is made for warnings: it follows braces, triples and keywords, takes expressions as
bags of variables, and says nothing of a text that it cannot follow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from kg.queries.scan import TOKEN, Finding, finding

_WORD: Final = re.compile(r"[A-Za-z_]\w*|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|[{}()\[\].;,]")
_STARTS: Final = {"filter", "bind", "values", "optional", "minus", "graph", "service", "union", "select", "}", "{"}
_CLOSING: Final = {"(": ")", "{": "}"}
Kind: TypeAlias = Literal["triples", "group", "link", "values"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a query; *sort* is a keyword or sign, or ``?`` a variable, ``_`` a blank node, ``t`` any other term."""

    match: re.Match[str]
    sort: str

    @property
    def name(self) -> str:
        """The name of a variable without its sign, else the word as it stands."""
        return self.match[0][1:] if self.sort == "?" else self.match[0]


@dataclass(slots=True)
class _Part:
    """A part of a group: what variables it joins; links (filters, binds) join others but are no rows themselves.

    All that stands in ``GRAPH ?graph { … }`` shares the variable *graph*.
    """

    kind: Kind
    names: set[str] = field(default_factory=set)
    graph: str = ""
    first: Token | None = None
    inner: list[_Group] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    parts: list[_Part] = field(default_factory=list)
    own_scope: bool = False

    def names(self) -> set[str]:
        return {name for part in self.parts for name in part.names}


class _Lost(Exception):
    """The text is no SPARQL that this module can follow."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.at = 0
        self.given: set[str] = set()
        self.ends: dict[str, Token] = {}

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place].sort if place < len(self.tokens) else ""

    def take(self) -> Token:
        if self.at >= len(self.tokens):
            raise _Lost
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, sort: str) -> None:
        if self.take().sort != sort:
            raise _Lost

    def group(self) -> _Group:
        """The group that begins here with a brace."""
        self.expect("{")
        found = _Group()
        while (sort := self.peek()) != "}":
            if not sort:
                raise _Lost
            if sort == ".":
                self.take()
            elif sort == "select":
                found.own_scope = True
                found.parts.append(self.select())
            elif sort == "union":
                self.take()
                other = self.group()
                if found.parts:
                    found.parts[-1].names |= other.names()
                    found.parts[-1].inner.append(other)
            else:
                found.parts.append(self.part(sort))
        self.take()
        return found

    def part(self, sort: str) -> _Part:
        match sort:
            case "{":
                return self.nested(_Part("group"))
            case "filter" | "bind":
                self.take()
                return self.expression()
            case "values":
                self.take()
                names = self.bag("(") if self.peek() == "(" else {self.take().name}
                self.given |= names
                self.bag("{")
                return _Part("values", names)
            case "optional":
                self.take()
                return self.nested(_Part("group"))
            case "minus":
                self.take()
                return self.nested(_Part("link"))
            case "graph" | "service":
                self.take()
                if self.peek() == "silent":
                    self.take()
                where, part = self.take(), _Part("group")
                if where.sort == "?":
                    part.graph = where.name if sort == "graph" else ""
                    part.names.add(where.name)
                    part.first = where
                    self.given.add(where.name)
                return self.nested(part)
            case _:
                return self.triples()

    def nested(self, part: _Part) -> _Part:
        group = self.group()
        part.names |= group.names()
        part.first = part.first or next((inner.first for inner in group.parts if inner.first), None)
        part.inner.append(group)
        return part

    def select(self) -> _Part:
        """A SELECT with its pattern, up to the end of the group around it."""
        self.take()
        shown: set[str] = set()
        while self.peek() not in ("where", "{"):
            token = self.take()
            if token.sort == "as" and self.peek() == "?":
                self.given.add(self.tokens[self.at].name)
                shown.add(self.tokens[self.at].name)
            elif token.sort == "?":
                shown.add(token.name)
        if self.peek() == "where":
            self.take()
        part = self.nested(_Part("group"))
        if shown:
            part.names = shown
        while self.peek() not in ("}", ""):
            self.take()
        return part

    def expression(self) -> _Part:
        """A FILTER or BIND: to the end of its brackets, or of the pattern of EXISTS."""
        while self.peek() not in ("(", "{", ""):
            self.take()
        opening = self.peek()
        if opening not in _CLOSING:
            raise _Lost
        return _Part("link", self.bag(opening))

    def bag(self, opening: str) -> set[str]:
        """The variables between brackets."""
        self.expect(opening)
        depth, braces, names = 1, int(opening == "{"), set()
        while depth:
            token = self.take()
            depth += {opening: 1, _CLOSING[opening]: -1}.get(token.sort, 0)
            braces += {"{": 1, "}": -1}.get(token.sort, 0)
            if token.sort == "?":
                names.add(token.name)
                # In the pattern of EXISTS, or after AS.
                if braces or self.tokens[self.at - 2].sort == "as":
                    self.given.add(token.name)
        return names

    def triples(self) -> _Part:
        """Triples of one subject, up to the full stop."""
        part = _Part("triples")
        place, depth, stack = 0, 0, []
        while True:
            sort = self.peek()
            if not sort:
                raise _Lost
            if depth == 0 and sort in (_STARTS | {"."}):
                break
            token = self.take()
            if sort == "[":
                stack.append(place)
                place, depth = 1, depth + 1
            elif sort == "]":
                place, depth = (stack.pop() + 1 if stack else 1), depth - 1
            elif sort == "(":
                depth += 1
            elif sort == ")":
                depth -= 1
            elif sort == ";":
                place = 1
            elif sort in ("?", "_"):
                part.names.add(token.name)
                part.first = part.first or token
                if sort == "?":
                    self.given.add(token.name)
                    # A subject must be called something; an object that nobody uses may be a slip.
                    if place > 1:
                        self.ends[token.name] = token
                place += 1
            elif sort in ("t", "a"):
                place += 1
        if self.peek() == ".":
            self.take()
        return part


def tokens(text: str) -> Iterator[Token]:
    """The variables, names, keywords and signs of a query, without comments and declarations."""
    at = 0
    for known in [*TOKEN.finditer(text), None]:
        for word in _WORD.finditer(text, at, known.start() if known else len(text)):
            yield Token(word, "t" if word[0][0].isdigit() or word[0].lower() in ("true", "false") else word[0].lower())
        if known is None:
            return
        at = known.end()
        if known["variable"]:
            yield Token(known, "?")
        elif known["name"] and known["of"] == "_":
            yield Token(known, "_")
        elif not known["comment"] and not known["declared"]:
            yield Token(known, "t")


def findings(text: str) -> Iterator[Finding]:
    """Warnings about the variables of a query: of no use, without a value, joined to nothing.

    Args:
        text: the query; of one that is no SPARQL nothing is said.
    """
    reader = _Reader(text)
    while reader.peek() not in ("select", "ask", "construct", "describe", ""):
        reader.at += 1
    begun = reader.at
    selects = reader.peek() == "select"
    try:
        while reader.peek() not in ("where", "{", ""):
            reader.at += 1
        if reader.tokens[begun].sort == "construct" and reader.peek() == "{":
            reader.bag("{")
        if reader.peek() == "where":
            reader.at += 1
        head = reader.tokens[begun : reader.at]
        top = reader.group()
    except (_Lost, IndexError):
        return
    if selects:
        yield from _variables(text, reader, head)
    yield from _products(text, top, set(), set())


def _variables(text: str, reader: _Reader, head: list[Token]) -> Iterator[Finding]:
    named = [token for token in reader.tokens if token.sort == "?"]
    count = Counter(token.name for token in named)
    made = {b.name for a, b in zip(reader.tokens, reader.tokens[1:], strict=False) if (a.sort, b.sort) == ("as", "?")}
    # Whether a variable has a value may be the very question.
    asked = {
        b.name for a, b in zip(reader.tokens, reader.tokens[2:], strict=False) if (a.sort, b.sort) == ("bound", "?")
    }
    # A parameter of a ready question may stay free.
    asked |= set(re.findall(r"^#\?\s*param:\s*(\w+)", text, re.MULTILINE))
    seen: set[str] = set()
    for token in named:
        name = token.name
        if name in seen or name in asked:
            continue
        seen.add(name)
        if name not in reader.given | made:
            told = f"?{name} has no value: no pattern has it"
            yield finding(text, token.match, told, f"?{name}", "", "warning")
        elif count[name] == 1 and name in reader.ends and any(t.sort == "?" for t in head):
            told = f"?{name} is used nowhere else; [] says the same"
            yield finding(text, token.match, told, f"?{name}", "[]", "warning")


def _products(text: str, group: _Group, outer: set[str], graph: set[str]) -> Iterator[Finding]:
    """Parts of a group that share no variable, not even through a filter, the graph or what is around the group."""
    clusters: list[tuple[set[str], Token | None]] = []
    links = [part.names for part in group.parts if part.kind == "link"] + ([outer] if outer else [])
    for part in group.parts:
        if part.kind in ("triples", "group") and part.names:
            names, first = part.names | graph, part.first
            for other in [c for c in clusters if c[0] & names]:
                clusters.remove(other)
                names, first = names | other[0], other[1] or first
            clusters.append((names, first))
    values = [part.names for part in group.parts if part.kind == "values"]
    for joined in [*links, *values] * (len(links) + len(values)):
        touched = [c for c in clusters if c[0] & joined]
        if touched:
            clusters = [c for c in clusters if not c[0] & joined]
            clusters.append((set(joined).union(*(c[0] for c in touched)), touched[0][1]))
    apart = sorted((first for _, first in clusters if first), key=lambda token: token.match.start())
    for first in apart[1:]:
        told = f"{first.match[0]} is joined to {apart[0].match[0]} by nothing: each is paired with every other"
        yield finding(text, first.match, told, first.match[0], "", "warning")
    for part in group.parts:
        if part.kind == "link":
            continue
        around = {name for other in group.parts if other is not part for name in other.names} | outer
        for inner in part.inner:
            own = {part.graph} if part.graph else graph
            yield from _products(text, inner, set() if inner.own_scope else around, own)
