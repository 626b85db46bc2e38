"""What people decide: that two things are one, or that they are not; kept in a file that people can read and edit."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, Literal, cast
from urllib.parse import unquote

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, UsageError
from kg.graph import terms
from kg.graph.terms import prefixed
from kg.merge.account import About, Account, Value
from kg.merge.outside import linked, outside

Judgement = Literal["same", "different"]

COLUMNS: Final = ("judgement", "a", "b", "author", "date", "reason")
GRAPH: Final = ox.NamedNode(iris.GRAPH_DECISIONS)
_JUDGEMENTS: Final[dict[str, ox.NamedNode]] = {
    "same": prefixed("owl:sameAs"), "different": prefixed("owl:differentFrom"),
}  # fmt: skip
_SOURCE, _PROPERTY, _TARGET = (prefixed(f"owl:annotated{name}") for name in ("Source", "Property", "Target"))
_AUTHOR, _DATE, _REASON = (prefixed(name) for name in ("dcterms:creator", "dcterms:created", "rdfs:comment"))
_FACTS: Final = {name.lower(): kind for kind, name in terms.CLASSES.items()}
_SIDE: Final = re.compile(r"[a-z]+/[^\s@]+(@.+)?")


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One judgement of a person.

    A side is the id of an entity (``person/x-asel-omarova``), or of a fact as reports tell it
    (``presence/un.centre.almaty``), with ``@`` and an article's id for what one article says of it. Of an entity, the
    other side may be the IRI that somebody else has for it.

    Attributes:
        judgement: whether the sides are the same or different.
        a: one side; the lesser of the two, so that the order in which they are given plays no part.
        b: the other side; an IRI of others stands here.
        author: who decided.
        date: the day or the second, ISO 8601.
        reason: why.
    """

    judgement: Judgement
    a: str
    b: str
    author: str = ""
    date: str = ""
    reason: str = ""

    @classmethod
    def of(cls, judgement: str, one: str, other: str, author: str = "", date: str = "", reason: str = "") -> Decision:
        """A decision whose form is sound.

        Raises:
            UsageError: if the judgement, a side or the date has another form, or the sides cannot be compared.
        """
        if judgement not in _JUDGEMENTS:
            raise UsageError(f'"{judgement}" is no judgement', remedy="write same or different")
        a, b = sorted((outside(one) or one, outside(other) or other), key=lambda side: (bool(outside(side)), side))
        for side in (a,) if outside(b) else (a, b):
            if not _SIDE.fullmatch(side):
                raise UsageError(f'"{side}" is no id', remedy="write class/name, for a fact also class/name@article")
        if a == b:
            raise UsageError(f"{a} is the same as itself", remedy="name two things")
        if outside(b) and ("@" in a or _class(a) in _FACTS):
            raise UsageError(f"{a} is a fact, and {b} stands elsewhere", remedy="name one of our entities")
        if _class(a) != _class(b) and not outside(b):
            raise UsageError(f"{a} and {b} are things of different classes", remedy="name two of one class")
        if date:
            try:
                dt.datetime.fromisoformat(date)
            except ValueError:
                raise UsageError(f'"{date}" is no date', remedy="write 2025-03-04 or 2025-03-04T12:30:00") from None
        told = [" ".join(text.split()) for text in (author, date, reason)]
        return cls(cast(Judgement, judgement), a, b, *told)

    @property
    def about_facts(self) -> bool:
        """Whether it is about facts rather than entities."""
        return _class(self.a) in _FACTS

    @property
    def about_others(self) -> bool:
        """Whether it is about the IRI that somebody else has for an entity."""
        return bool(outside(self.b))

    @property
    def node(self) -> ox.NamedNode:
        """Its node in the graph of decisions."""
        return ox.NamedNode(f"{GRAPH.value}#{iris.digest(self.judgement, self.a, self.b)}")


def _class(side: str) -> str:
    return side.partition("/")[0]


def _known(identifier: str) -> bool:
    """Whether an entity's id is one of the tables; ids made from names begin with ``x-``."""
    return not identifier.partition("/")[2].startswith("x-")


class Decisions:
    """All decisions, and what follows from them.

    Args:
        decisions: the judgements; their order plays no part.
        own_name: the id of a fact as one account alone tells it.

    Raises:
        UsageError: if they contradict each other, or two entities of the tables are held to be one.
    """

    def __init__(self, decisions: Iterable[Decision] = (), own_name: Callable[[Account], str] | None = None) -> None:
        self.all = tuple(sorted(decisions))
        self._own_name = own_name or (lambda account: "")
        self._group: dict[str, frozenset[str]] = {}
        for one in self.all:
            if one.judgement == "same" and not one.about_others:
                joined = self.group(one.a) | self.group(one.b)
                self._group |= dict.fromkeys(joined, joined)
        self._apart = [one for one in self.all if one.judgement == "different" and not one.about_others]
        self._kinds = {_FACTS[_class(one.a)] for one in self.all if one.about_facts}
        self._check()
        self._canonical = {iris.entity(m): iris.entity(_canonical(g)) for m, g in self._group.items()}
        self._elsewhere = linked((one for one in self.all if one.about_others), self._canonical)

    def __bool__(self) -> bool:
        return bool(self.all)

    def _check(self) -> None:
        for one in self._apart:
            if one.b in self.group(one.a):
                raise UsageError(
                    f"{one.a} and {one.b} are held to be the same and different", remedy="undo one of the decisions"
                )
        for group in set(self._group.values()):
            known = sorted(m for m in group if _class(m) not in _FACTS and _known(m))
            if len(known) > 1:
                raise UsageError(
                    f"{known[0]} and {known[1]} are two rows of the tables", remedy="mend the tables instead"
                )

    def group(self, identifier: str) -> frozenset[str]:
        """The ids that are held to be the same as *identifier*, with itself."""
        return self._group.get(identifier, frozenset((identifier,)))

    def apart(self, one: str, other: str) -> bool:
        """Whether two ids are held to be different."""
        a, b = self.group(one), self.group(other)
        return any((d.a in a and d.b in b) or (d.a in b and d.b in a) for d in self._apart)

    def canonical(self, iri: str) -> str:
        """The IRI under which an entity stands in the merged graph."""
        return self._canonical.get(iri, iri)

    def members(self, iri: str) -> list[str]:
        """The IRIs of the entities that are held to be the same as the one with this IRI, sorted, with itself."""
        return sorted(iris.entity(member) for member in self.group(iris.local(iri)))

    def elsewhere(self, iri: str) -> list[str]:
        """The IRIs of others that are held to be the same as the entity with this IRI."""
        return self._elsewhere.get(iri, [])

    def read(self, account: Account) -> Account:
        """An account as it is merged: entities under their common names, and what it is held to be one with."""
        if not self.all:
            return account
        sides: set[str] = set()
        if account.kind in self._kinds:
            name = self._own_name(account)
            sides = {name, f"{name}@{article_id(account.article)}"}
        together = frozenset(iris.digest(*sorted(self._group[side])) for side in sides if side in self._group)
        apart = frozenset(
            (number, side)
            for number, one in enumerate(self._apart)
            for side in (one.a, one.b)
            if sides & self.group(side)
        )
        if self._canonical:
            slots = {slot: self._value(value) for slot, value in account.slots.items()}
            about = account.about and About(*map(self.canonical, _parts(account.about)))
            account = replace(account, slots=slots, about=about)
        return replace(account, together=together, apart=apart) if together or apart else account

    def _value(self, value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(sorted({self.canonical(one) for one in value}))
        return self.canonical(value) if isinstance(value, str) else value

    def touches(self, account: Account, names: Set[str]) -> bool:
        """Whether an account goes by one of the *names* of facts, by its own or by that with its article."""
        name = self._own_name(account)
        return not names.isdisjoint((name, f"{name}@{article_id(account.article)}"))

    def quads(self) -> list[ox.Quad]:
        """The decisions as annotated axioms (OWL 2, mapping to RDF, 2.2), in the graph of decisions."""
        return [quad for one in self.all for quad in _quads(one)]


def article_id(iri: str) -> str:
    """The id of an article from its IRI."""
    return unquote(iri.removeprefix(iris.ARTICLE_PREFIX))


def _canonical(group: frozenset[str]) -> str:
    return min(group, key=lambda m: (not _known(m), len(m), m))


def _parts(about: About) -> tuple[str, str, str]:
    return about.organization, about.place, about.form


def _quads(one: Decision) -> Iterator[ox.Quad]:
    values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (terms.RDF_TYPE, prefixed("owl:Axiom")),
        (_SOURCE, ox.NamedNode(iris.entity(one.a))),
        (_PROPERTY, _JUDGEMENTS[one.judgement]),
        (_TARGET, ox.NamedNode(one.b if one.about_others else iris.entity(one.b))),
    ]
    values += [(p, ox.Literal(text)) for p, text in ((_AUTHOR, one.author), (_REASON, one.reason)) if text]
    if one.date:
        day = len(one.date) == len("2025-03-04")
        values.append((_DATE, ox.Literal(one.date, datatype=terms.XSD_DATE if day else prefixed("xsd:dateTime"))))
    return (ox.Quad(one.node, p, o, GRAPH) for p, o in values)


def from_quads(quads: Iterable[ox.Quad]) -> list[Decision]:
    """The decisions that a graph of decisions holds."""
    nodes: dict[str, dict[ox.NamedNode, str]] = {}
    for quad in quads:
        nodes.setdefault(str(quad.subject), {})[quad.predicate] = quad.object.value  # type: ignore[union-attr]
    names = {property_.value: name for name, property_ in _JUDGEMENTS.items()}
    return sorted(
        Decision.of(
            names[found[_PROPERTY]],
            *(iris.local(found[p]) for p in (_SOURCE, _TARGET)),
            *(found.get(p, "") for p in (_AUTHOR, _DATE, _REASON)),
        )
        for found in nodes.values()
        if found.get(_PROPERTY) in names and _SOURCE in found and _TARGET in found
    )


def write(decisions: Iterable[Decision]) -> str:
    """The decisions as CSV (RFC 4180) with a header, sorted by date."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in sorted(decisions, key=lambda d: (d.date, d)):
        rows.writerow((one.judgement, one.a, one.b, one.author, one.date, one.reason))
    return text.getvalue()


def read(text: str, where: str) -> list[Decision]:
    """The decisions of a file, in its order; a file of suggestions may be one in which some are decided.

    Args:
        text: what the file holds; lines that begin with ``#`` are left out.
        where: what to call it in messages.

    Raises:
        UsageError: if a line has another form, or names a pair that was judged before; it is named.
    """
    lines = [(n, line) for n, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)]
    kept = [(n, line) for n, line in lines if line.strip() and not line.startswith("#")]
    rows = list(csv.reader(line for _, line in kept))
    if not rows:
        return []
    header = [cell.strip() for cell in rows[0]]
    if not {"judgement", "a", "b"} <= set(header):
        raise UsageError(
            "the first line names no columns", where=f"{where}, line {kept[0][0]}", remedy=f"write {','.join(COLUMNS)}"
        )
    found: dict[tuple[str, str], Decision] = {}
    for (number, _), row in zip(kept[1:], rows[1:], strict=True):
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not cells.get("judgement"):
            continue  # a suggestion that nobody has decided on
        try:
            one = Decision.of(*(cells.get(column, "") for column in COLUMNS))
            if (one.a, one.b) in found:
                raise UsageError(f"{one.a} and {one.b} are judged twice", remedy="take out one of the lines")
        except KgError as error:
            raise UsageError(error.message, where=f"{where}, line {number}", remedy=error.remedy) from None
        found[one.a, one.b] = one
    return list(found.values())


def divided(accounts: Iterable[Account]) -> Callable[[Account, Account], bool]:
    """Whether people hold two of these accounts to be different, be it only through others that they are one with.

    Args:
        accounts: those of a component.
    """
    tokens: dict[str, frozenset[tuple[int, str]]] = {}
    for account in accounts:
        for group in account.together:
            tokens[group] = tokens.get(group, frozenset()) | account.apart

    def of(account: Account) -> frozenset[tuple[int, str]]:
        return account.apart.union(*(tokens.get(group, frozenset()) for group in account.together))

    def conflict(a: Account, b: Account) -> bool:
        mine, other = of(a), of(b)
        return any(n == m and s != t for n, s in mine for m, t in other)

    return conflict


def united(found: list[list[Account]], conflict: Callable[[Account, Account], bool]) -> list[list[Account]]:
    """The clusters of a component, those joined that people hold to be one fact.

    Where one of the other accounts of a cluster must not be there, only the accounts named move.
    """
    groups = sorted({group for cluster in found for account in cluster for group in account.together})
    for group in groups:
        holding = [c for c in found if any(group in a.together for a in c)]
        first, *rest = holding
        for cluster in rest:
            if any(conflict(a, b) for a in first for b in cluster):
                moved = [a for a in cluster if group in a.together]
            else:
                moved = list(cluster)
            if any(conflict(a, b) for a, b in combinations([*first, *moved], 2)):
                continue
            first += moved
            cluster[:] = [a for a in cluster if a not in moved]
    return [cluster for cluster in found if cluster]
