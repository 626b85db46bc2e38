"""Which accounts and sayings have which key: read from the graph once, and kept while one writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from kg.graph.terms import prefixed
from kg.merge.account import Account, Geography, from_graph
from kg.merge.decisions import Decisions
from kg.merge.keys import about_key, keys
from kg.merge.saying import GRAPH, MERGE_KEY, Group, Saying, content, from_quads, link, name_of
from kg.store import Draft

KEPT: Final = 600_000
"""How many accounts, sayings and keys are kept between two changes; about 600 MB. What is not is read from the store,
which takes longer than merging it."""

_PUBLISHED: Final = prefixed("schema:datePublished")


class Ledger:
    """The accounts and sayings behind keys.

    Args:
        geography: countries of cities, states of office-holders.
        decisions: what people hold to be the same or different.
    """

    def __init__(self, geography: Geography, decisions: Decisions | None = None) -> None:
        self.geography = geography
        self.decisions = Decisions() if decisions is None else decisions
        self._facts: dict[str, dict[str, Account]] = {}
        self._abouts: dict[str, dict[str, Account]] = {}
        self._sayings: dict[str, Saying | None] = {}
        self._size = 0

    def facts(self, draft: Draft, key: str) -> dict[str, Account]:
        """The accounts that share a key, by node; one for each part of a saying."""
        return self._kept(self._facts, draft, key)

    def abouts(self, draft: Draft, key: str) -> dict[str, Account]:
        """The accounts that are about the establishments of a key."""
        return self._kept(self._abouts, draft, key)

    def _kept(self, kept: dict[str, dict[str, Account]], draft: Draft, key: str) -> dict[str, Account]:
        if key not in kept:
            self._read(draft, key)
        found = kept[key] = kept.pop(key)  # the one that was asked for last stands last
        return found

    def _read(self, draft: Draft, key: str) -> None:
        """Read who has a key; those that are about its establishments are found with the others."""
        accounts, abouts = dict[str, Account](), dict[str, Account]()
        for quad in draft.match(None, MERGE_KEY, ox.Literal(key), None):
            assert isinstance(quad.subject, ox.NamedNode)
            node = quad.subject.value
            about = node.endswith("-about")
            name = name_of(quad.subject)
            if name:
                saying = self.saying(draft, name)
                found = [a for a in (saying.accounts() if saying else ()) if self._has(a, key, about)]
            else:
                account = from_graph(draft, ox.NamedNode(node.removesuffix("-about")))
                found = [self.decisions.read(account)] if account is not None else []
            (abouts if about else accounts).update((account.node, account) for account in found)
        for kept, some in ((self._facts, accounts), (self._abouts, abouts)):
            if key not in kept:
                kept[key] = some
                self._size += len(some) + 1

    def _has(self, account: Account, key: str, about: bool) -> bool:
        if about:
            return account.about is not None and about_key(account.about, self.geography) == key
        return key in keys(account, self.geography)

    def saying(self, draft: Draft, name: str) -> Saying | None:
        """The saying of a name, if more than one article says so."""
        if name not in self._sayings:
            self._sayings[name] = from_quads(
                name, draft.match(ox.NamedNode(f"{GRAPH.value}#{name}"), None, None, GRAPH)
            )
            self._size += 1
        return self._sayings[name]

    def alone(self, group: Group) -> bool:
        """Whether it is known, without looking into the graph, that no account of another article says the same.

        Whoever does so has the keys of the group: where the accounts behind one of them are at hand, it is among them.
        """
        account = group.accounts[0]
        kept = self._facts.get(min(keys(account, self.geography)))
        said = content(account)
        return kept is not None and not any(content(one) == said for one in kept.values())

    def told(self, name: str, saying: Saying | None) -> None:
        """Keep what a saying has become."""
        self._size += name not in self._sayings
        self._sayings[name] = saying

    def put(self, account: Account) -> None:
        """An account is there, or is another one than before."""
        for kept, key in self._places(account):
            if key in kept:
                self._size += account.node not in kept[key]
                kept[key][account.node] = account

    def drop(self, account: Account) -> None:
        """An account is no longer there."""
        for kept, key in self._places(account):
            if key in kept and kept[key].pop(account.node, None) is not None:
                self._size -= 1

    def _places(self, account: Account) -> Iterator[tuple[dict[str, dict[str, Account]], str]]:
        yield from ((self._facts, key) for key in keys(account, self.geography))
        if account.about:
            yield self._abouts, about_key(account.about, self.geography)

    def shrink(self) -> None:
        """Forget what was not asked for lately; all of it is in the graph."""
        if self._size <= KEPT:
            return
        self._sayings.clear()
        for kept in (self._facts, self._abouts):
            for key in list(kept)[: (len(kept) + 1) // 2]:
                del kept[key]
        self._size = sum(len(found) + 1 for kept in (self._facts, self._abouts) for found in kept.values())

    def members(self, draft: Draft, name: str, number: int = 0) -> list[ox.Quad]:
        """The links of the accounts that say a part of a saying."""
        return draft.match(None, MERGE_KEY, ox.Literal(link(name, number)), None)

    def dates(self, draft: Draft, members: Iterable[ox.Quad]) -> list[str]:
        """When the articles of accounts were published; ``""`` where that is not known."""
        return [published(draft, quad.graph_name) for quad in members]

    def by_date(self, draft: Draft, account: Account) -> list[Account]:
        """The account of a part of a saying, as one for each date on which an article said so."""
        name, _, number = account.node.removeprefix(f"{GRAPH.value}#").partition(".")
        counts: dict[str, int] = {}
        for date in self.dates(draft, self.members(draft, name, int(number))):
            counts[date] = counts.get(date, 0) + 1
        return [
            replace(
                account, node=f"{account.node}@{date}", article=f"{account.article}@{date}", published=date,
                weight=count, first=date, undated=not date,
            )
            for date, count in sorted(counts.items())
        ]  # fmt: skip


def published(draft: Draft, article: object) -> str:
    """The date of publication in an article's graph; ``""`` if there is none."""
    assert isinstance(article, ox.NamedNode)
    found = draft.match(article, _PUBLISHED, None, article)
    return str(getattr(found[0].object, "value", "")) if found else ""
