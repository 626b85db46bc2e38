"""The merged facts of a part of the graph, as they follow from its accounts and sayings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.merge.account import Account
from kg.merge.cluster import Undecided, clusters, components
from kg.merge.keys import about_key, keys
from kg.merge.ledger import Ledger
from kg.merge.links import links
from kg.merge.node import Merged, merge, merge_alone
from kg.merge.saying import content
from kg.store import Draft

_KEPT: Final = 50_000

Part: TypeAlias = tuple[str, str]
"""An account, or the part of a saying that it says, and when its article was published."""


@dataclass(frozen=True, slots=True)
class Component:
    """The merged facts of accounts that share keys, directly or through others.

    Attributes:
        accounts: the accounts, sorted by node.
        facts: the merged facts.
        clusters: IRI of a fact → its accounts.
        of: node of an account → its fact; for a saying whose articles are of several facts, ``node@date``.
        dated: whether there is such a saying.
    """

    accounts: tuple[Account, ...]
    facts: tuple[Merged, ...]
    clusters: dict[str, tuple[Account, ...]]
    of: dict[str, Merged]
    dated: bool

    def told_by(self, node: str) -> Iterator[Merged]:
        """The facts that an account, or a part of a saying, is of."""
        if node in self.of:
            yield self.of[node]
        elif self.dated:
            yield from (fact for name, fact in self.of.items() if name.partition("@")[0] == node)

    def merged(self, cluster: Sequence[Account], taken: Container[str]) -> Merged | None:
        """The fact that is merged for just these accounts already, if its IRI would be the same."""
        fact = self.of.get(cluster[0].node)
        if fact is None or not fact.plain or fact.iri in taken:
            return None
        return fact if self.clusters[fact.iri] == tuple(cluster) else None

    def same(self, accounts: Sequence[Account]) -> bool:
        """Whether these accounts would give the same facts."""
        if self.dated:  # what is told apart by date depends on more than the numbers of a saying
            return len(accounts) == len(self.accounts) and all(map(_is, accounts, self.accounts))
        return self.accounts == tuple(accounts)


def _is(one: object, other: object) -> bool:
    return one is other


class World:
    """The merged graph around some keys, at one state of the accounts.

    Args:
        ledger: the accounts; they must not change while this is used.
        draft: the graph.
        memory: the components that were merged lately, by a key of theirs.
    """

    def __init__(self, ledger: Ledger, draft: Draft, memory: dict[str, Component]) -> None:
        self._ledger = ledger
        self._draft = draft
        self._memory = memory
        self._of_key: dict[str, Component | None] = {}

    def load(self, wanted: Iterable[str]) -> set[str]:
        """Merge what shares one of the keys, directly or through others; returns all keys of that."""
        geography = self._ledger.geography
        accounts: dict[str, Account] = {}
        reached: set[str] = set()
        waiting = sorted(key for key in wanted if key not in self._of_key)
        while waiting:
            key = waiting.pop()
            if key in reached:
                continue
            reached.add(key)
            for node, account in self._ledger.facts(self._draft, key).items():
                if node not in accounts:
                    accounts[node] = account
                    waiting += sorted(keys(account, geography) - reached)
        self._of_key |= dict.fromkeys(reached)
        for group in components(accounts.values(), geography):
            component = self._merged(group)
            for account in group:
                self._of_key |= dict.fromkeys(keys(account, geography), component)
        return reached

    def component(self, key: str) -> Component | None:
        """The component of a key; ``None`` where no account has it."""
        if key not in self._of_key:
            self.load((key,))
        return self._of_key[key]

    def components(self, wanted: Iterable[str]) -> dict[int, Component]:
        """The components of some keys, each once."""
        return {id(c): c for key in wanted if (c := self.component(key)) is not None}

    def _merged(self, group: Sequence[Account]) -> Component:
        key = min(keys(group[0], self._ledger.geography))
        found = self._memory.pop(key, None)
        if found is None or not found.same(group):
            found = self._merged_anew(group, found)
        self._memory[key] = found  # the one that was asked for last stands last
        return found

    def _merged_anew(self, group: Sequence[Account], before: Component | None) -> Component:
        """The component of accounts; facts that are as they were *before* are taken from there."""
        geography = self._ledger.geography
        if len(group) == 1:
            alone = merge_alone(group[0], geography)
            return Component(tuple(group), (alone,), {alone.iri: (group[0],)}, {group[0].node: alone}, False)
        taken: set[str] = set()
        of: dict[str, Merged] = {}
        parts: dict[str, tuple[Account, ...]] = {}
        facts = []
        parted, dated = self._clusters(group)
        for cluster in parted:
            fact = before.merged(cluster, taken) if before else None
            if fact is None:
                fact = merge(cluster, geography, taken)
            taken.add(fact.iri)
            facts.append(fact)
            parts[fact.iri] = tuple(cluster)
            of.update((account.node, fact) for account in cluster)
        return Component(tuple(group), tuple(facts), parts, of, dated)

    def _clusters(self, group: Sequence[Account]) -> tuple[list[list[Account]], bool]:
        """The accounts parted into facts, and whether a saying was told apart by date for it."""
        accounts, dated = list(group), False
        while True:
            try:
                return clusters(accounts, self._ledger.geography), dated
            except Undecided as error:
                # All that say the same are told apart, in the order that the single articles would have.
                said = content(error.account)
                articles = {a.article for a in accounts if a.weight > 1 and content(a) == said and not _is_dated(a)}
                accounts = [
                    one
                    for account in accounts
                    for one in (
                        self._ledger.by_date(self._draft, account) if account.article in articles else (account,)
                    )
                ]
                dated = True

    def links(self, key: str) -> frozenset[ox.Quad]:
        """The links of the facts about the establishments of a key."""
        geography = self._ledger.geography
        abouts = list(self._ledger.abouts(self._draft, key).values())
        if not abouts:
            return frozenset()
        component = self.component(key)
        presences: dict[str, Merged] = {}
        for node in self._ledger.facts(self._draft, key) if component else ():
            presences |= {fact.iri: fact for fact in component.told_by(node)}  # type: ignore[union-attr]
        steps: dict[str, Merged] = {}
        for account in abouts:
            part = self.component(min(keys(account, geography)))
            for fact in part.told_by(account.node) if part else ():
                if fact.about and about_key(fact.about, geography) == key:
                    steps[fact.iri] = fact
        return links((presences[iri] for iri in sorted(presences)), (steps[iri] for iri in sorted(steps)), geography)


def _is_dated(account: Account) -> bool:
    return "@" in account.node


def shrink(memory: dict[str, Component]) -> None:
    """Forget the components that were not asked for lately, if there are many."""
    if len(memory) > _KEPT:
        for key in list(memory)[: len(memory) - _KEPT // 2]:
            del memory[key]
