"""What several articles say alike: told once, with their number, so that one report more costs what the last one did.

The accounts of one article that may be of one fact (those of a kind that share a key; for kinds with several keys, all
of that kind) are a *group*. Groups of the same content are one :class:`Saying`, whoever says it. Each account has a
link to its saying among its keys. From the second article on, the saying has a node with the keys, the content and the
numbers in the graph ``graph/sayings``, and the accounts have the link alone. All of it follows from the articles in
the graph, and whatever is merged from sayings is what merging each account would give.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph.terms import io, prefixed
from kg.merge.account import REFERENCE_ARTICLE, About, Account, Geography, Value
from kg.merge.keys import about_key, keys, vague
from kg.model import KINDS, PartialDate
from kg.store.base import Node

MERGE_KEY: Final = io("mergeKey")
GRAPH: Final = ox.NamedNode(iris.GRAPH_SAYINGS)
_CONTENT, _NUMBERS = prefixed("rdf:value"), prefixed("dcterms:extent")
_SEVERAL_KEYS: Final = frozenset({"decision", "agreement"})
_NO_DATE: Final = "-"


def content(account: Account) -> str:
    """All that an account says, as text: two that say the same have the same, whoever they are of."""
    found: str | None = account.known.get("content")
    if found is None:
        found = account.known["content"] = _content(account)
    return found


def _content(account: Account) -> str:
    slots = {slot: _plain(value) for slot, value in account.slots.items()}
    about = [account.about.organization, account.about.place, account.about.form] if account.about else None
    return json.dumps([account.kind, slots, about, account.labels], ensure_ascii=False, sort_keys=True)


def _plain(value: Value) -> str | int | list[str]:
    if isinstance(value, PartialDate):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _account(told: Sequence[object], node: str, article: str) -> Account:
    """The account whose content is given, under names of its own."""
    kind, plain, about, labels = told
    slots: dict[str, Value] = {}
    assert isinstance(plain, dict)
    assert isinstance(labels, list)
    for slot, value in plain.items():
        described = KINDS[str(kind)].get(slot)  # a free topic is no slot of the kind
        date = described is not None and described.type == "date"
        slots[slot] = PartialDate(value) if date else tuple(value) if isinstance(value, list) else value
    named = tuple((str(text), str(lang)) for text, lang in labels)
    return Account(node, article, "", str(kind), slots, About(*about) if isinstance(about, list) else None, named)


@dataclass(frozen=True, slots=True)
class Group:
    """The accounts of one article that are told together, and the name of what they say."""

    name: str
    accounts: tuple[Account, ...]

    def link(self, number: int) -> str:
        """The key by which the accounts that say a part of it are found; parts count from 0."""
        return link(self.name, number)


def link(name: str, number: int) -> str:
    """The key that the accounts of a part of a saying have in common."""
    return f"saying {name} {number}"


def parted(accounts: Iterable[Account], geography: Geography) -> tuple[list[Group], list[Account]]:
    """The accounts of one article in groups, and those that stand for themselves.

    The tables' accounts, vague ones, and all of a kind of which people judged one stand for themselves.

    Args:
        accounts: all accounts of the article, as people's decisions make them.
        geography: countries of cities, states of office-holders.
    """
    alone: list[Account] = []
    by_key: dict[str, list[Account]] = {}
    every = list(accounts)
    judged = {account.kind for account in every if account.together or account.apart}
    for account in every:
        if account.article == REFERENCE_ARTICLE or account.kind in judged or vague(account):
            alone.append(account)
        else:
            key = account.kind if account.kind in _SEVERAL_KEYS else min(keys(account, geography))
            by_key.setdefault(key, []).append(account)
    groups = []
    for found in by_key.values():
        told = sorted((content(account), account.node, account) for account in found)
        groups.append(Group(iris.digest(*(text for text, *_ in told)), tuple(account for *_, account in told)))
    return groups, alone


@dataclass(frozen=True, slots=True)
class Saying:
    """What several articles say alike.

    Attributes:
        name: made from the content.
        told: the content of each part.
        count: how many articles say so.
        first: the earliest date of publication of one; ``""`` if none has a date.
        last: the latest one.
        undated: how many have no date.
    """

    name: str
    told: tuple[str, ...]
    count: int
    first: str
    last: str
    undated: int

    @classmethod
    def of(cls, group: Group, dates: Sequence[str]) -> Saying:
        """The saying of a group, with the dates of publication of the articles."""
        return cls(group.name, tuple(map(content, group.accounts)), 0, "", "", 0).counted(dates)

    def counted(self, dates: Sequence[str]) -> Saying:
        """The same with other articles."""
        known = [date for date in dates if date]
        first, last = min(known, default=""), max(known, default="")
        return replace(self, count=len(dates), first=first, last=last, undated=len(dates) - len(known))

    def more(self, date: str) -> Saying:
        """The same with one article more."""
        if not date:
            return replace(self, count=self.count + 1, undated=self.undated + 1)
        first, last = min(self.first or date, date), max(self.last, date)
        return replace(self, count=self.count + 1, first=first, last=last)

    def fewer(self, date: str) -> Saying | None:
        """The same with one article less; ``None`` where the dates of the others are needed for it."""
        if not date:
            return replace(self, count=self.count - 1, undated=self.undated - 1)
        return replace(self, count=self.count - 1) if self.first < date < self.last else None

    @property
    def node(self) -> ox.NamedNode:
        """Its node."""
        return ox.NamedNode(f"{GRAPH.value}#{self.name}")

    def accounts(self) -> list[Account]:
        """One account for each part, with the weight of all articles that say so."""
        node = self.node.value
        found = []
        for number, text in enumerate(self.told):
            account = replace(
                _account(json.loads(text), f"{node}.{number}", node),
                published=self.last,
                weight=self.count,
                first=self.first,
                undated=self.undated > 0,
            )
            account.known["content"] = text
            found.append(account)
        return found

    def quads(self, geography: Geography) -> list[ox.Quad]:
        """Its quads in the graph of sayings."""
        found: set[str] = set()
        about: set[str] = set()
        for account in self.accounts():
            found |= keys(account, geography)
            about |= {about_key(account.about, geography)} if account.about else set()
        node, other = self.node, ox.NamedNode(f"{self.node.value}-about")
        return [
            *(ox.Quad(node, MERGE_KEY, ox.Literal(key), GRAPH) for key in sorted(found)),
            *(ox.Quad(other, MERGE_KEY, ox.Literal(key), GRAPH) for key in sorted(about)),
            ox.Quad(node, _CONTENT, ox.Literal(json.dumps(self.told, ensure_ascii=False)), GRAPH),
            self.numbers(),
        ]

    def numbers(self) -> ox.Quad:
        """The quad that changes with each report: how many articles, first and last date, how many without."""
        text = f"{self.count} {self.first or _NO_DATE} {self.last or _NO_DATE} {self.undated}"
        return ox.Quad(self.node, _NUMBERS, ox.Literal(text), GRAPH)


def from_quads(name: str, quads: Iterable[ox.Quad]) -> Saying | None:
    """The saying that quads of its node describe; ``None`` where they describe none."""
    values = {q.predicate: q.object.value for q in quads}  # type: ignore[union-attr]
    if _CONTENT not in values or _NUMBERS not in values:
        return None
    count, first, last, undated = values[_NUMBERS].split()
    told = tuple(json.loads(values[_CONTENT]))
    first, last = ("" if date == _NO_DATE else date for date in (first, last))
    return Saying(name, told, int(count), first, last, int(undated))


def name_of(node: Node) -> str:
    """The name of the saying whose node (or that of what it is about) is given; ``""`` if it is an account's."""
    value = str(getattr(node, "value", ""))
    if not value.startswith(f"{GRAPH.value}#"):
        return ""
    return value.removeprefix(f"{GRAPH.value}#").removesuffix("-about")


def single_quads(accounts: Iterable[Account], geography: Geography) -> list[ox.Quad]:
    """The keys of accounts that stand for themselves, as quads of their articles' graphs."""
    quads = []
    for account in accounts:
        graph, node = ox.NamedNode(account.article), ox.NamedNode(account.node)
        quads += [ox.Quad(node, MERGE_KEY, ox.Literal(key), graph) for key in sorted(keys(account, geography))]
        if account.about:
            about = ox.NamedNode(account.node + "-about")
            quads.append(ox.Quad(about, MERGE_KEY, ox.Literal(about_key(account.about, geography)), graph))
    return quads


def link_quad(group: Group, number: int) -> ox.Quad:
    """The link of an account to what it says, in its article's graph."""
    account = group.accounts[number]
    return ox.Quad(ox.NamedNode(account.node), MERGE_KEY, ox.Literal(group.link(number)), ox.NamedNode(account.article))
