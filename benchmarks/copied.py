"""A store of very many articles, in the form that building leaves, made in a few minutes.

Articles are drawn, and each is there several times under names of its own: what is told is merged once and counted,
which is what a build does too. Every quad is the one that building these articles one after the other would give
(``tests/store/test_copied.py`` compares), keys of merging and all, so that one more article has to be merged with them.
"""

from __future__ import annotations

import itertools
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from articles import Writer

from kg import iris
from kg.build import described
from kg.building.account import VERSION, ArticleAccount
from kg.building.views import sum_quads
from kg.graph.sound import unsound
from kg.graph.terms import io
from kg.merge.account import Account, Geography
from kg.merge.foundation import foundation, reference_accounts, state_quad
from kg.merge.keys import about_key, keys
from kg.merge.ledger import Ledger
from kg.merge.node import MERGED
from kg.merge.saying import GRAPH, MERGE_KEY, Group, Saying, link, parted, single_quads
from kg.merge.update import Homes
from kg.merge.world import Component, World
from kg.model import Article, Fact
from kg.reference import Reference, load
from kg.store import Draft, EmbeddedStore

SKEW: Final = 1.5
FACTS: Final = (1, 1)
_ACCOUNT: Final = str(io("account"))


def writer(reference: Reference, seed: int) -> Writer:
    """What draws the articles."""
    return Writer(reference, seed, SKEW, FACTS)


def copies(article: Article, count: int) -> Iterator[Article]:
    """An article under as many names."""
    for number in range(count):
        yield Article(
            f"{article.id}-{number}", article.lang, article.title, article.text, article.published,
            outlet=article.outlet,
        )  # fmt: skip


class Told(Ledger):
    """The accounts and sayings of all that was drawn, by their keys, in memory.

    Args:
        geography: countries of cities, states of office-holders.
        times: how often each article is there.
    """

    def __init__(self, geography: Geography, times: int) -> None:
        super().__init__(geography)
        self._times = times
        self._members: dict[str, tuple[Group, list[str]]] = {}
        self.keys: set[str] = set()
        self.links: set[str] = set()

    def tell(self, group: Group) -> None:
        """One article, and with it all of its copies, says what a group says."""
        self._members.setdefault(group.name, (group, []))[1].append(group.accounts[0].published)

    def put(self, account: Account) -> None:
        """An account, or a part of a saying."""
        for key in keys(account, self.geography):
            self._facts.setdefault(key, {})[account.node] = account
            self.keys.add(key)
        if account.about:
            key = about_key(account.about, self.geography)
            self._abouts.setdefault(key, {})[account.node] = account
            self.links.add(key)

    def sayings(self) -> Iterator[Saying]:
        """All sayings; their parts are accounts from here on."""
        for group, dates in self._members.values():
            saying = Saying.of(group, dates * self._times)
            for account in saying.accounts():
                self.put(account)
            yield saying

    def facts(self, draft: Draft, key: str) -> dict[str, Account]:
        return self._facts.get(key, {})

    def abouts(self, draft: Draft, key: str) -> dict[str, Account]:
        return self._abouts.get(key, {})

    def members(self, draft: Draft, name: str, number: int = 0) -> list[ox.Quad]:
        node, value = ox.NamedNode(f"{GRAPH.value}#{name}"), ox.Literal(link(name, number))
        dates = self._members[name][1] * self._times
        return [ox.Quad(node, MERGE_KEY, value, ox.NamedNode(f"urn:date:{date}")) for date in dates]

    def dates(self, draft: Draft, members: Iterable[ox.Quad]) -> list[str]:
        return [str(quad.graph_name.value).removeprefix("urn:date:") for quad in members]  # type: ignore[union-attr]


def _lines(quads: Iterable[ox.Quad]) -> str:
    return "".join(f"{quad} .\n" for quad in quads)


class Maker:
    """Makes the quads of a store, as N-Quads.

    Args:
        reference: the tables of the package.
        given: articles with their facts, of things that the tables have.
        times: how often each is there, at least twice.
    """

    def __init__(self, reference: Reference, given: Sequence[tuple[Article, list[Fact]]], times: int) -> None:
        assert times > 1, "what is told once is no saying"
        self._reference = reference
        self._given = given
        self._times = times
        self._geography = Geography.of(reference)

    def parts(self) -> Iterator[str]:
        """All quads, in pieces."""
        geography = self._geography
        told = Told(geography, self._times)
        yield _lines(self._ground(told))
        groups: list[tuple[str, list[Group]]] = []
        for article, facts in self._given:
            account = described(article, facts, reader="drawn")
            said, alone = parted(account.accounts, geography)
            assert not alone
            for group in said:
                told.tell(group)
            groups.append((account.accounts[0].published, said))
        for saying in told.sayings():
            yield _lines(saying.quads(geography))
        world = World(told, Draft(EmbeddedStore(None)), {})
        world.load(told.keys)
        found = world.components(told.keys)
        for component in found.values():
            yield _lines(quad for fact in component.facts for quad in fact.quads)
        yield from (_lines(world.links(key)) for key in told.links)
        homes = Homes(found.values())
        for node in _reference_nodes(found.values()):
            yield f"<{homes.of((node, ''))}> {_ACCOUNT} <{node}> {MERGED} .\n"
        total = 0
        for (article, facts), (published, said) in zip(self._given, groups, strict=True):
            account = described(article, facts, reader="drawn")
            text = self._text(account, published, said, homes)
            sealed = [str(quad) for quad in account.quads()]
            for copy in copies(article, self._times):
                digest = iris.digest(*sorted(line.replace(article.id, copy.id) for line in sealed), length=32)
                total += int(digest, 16)
                node = f"<{iris.article(copy.id)}>"
                yield text.replace(article.id, copy.id) + f'{node} {VERSION} "{digest}" {node} .\n'
        yield _lines(sum_quads(total))

    def _ground(self, told: Told) -> list[ox.Quad]:
        """What is there before the first article, but for the merged facts."""
        accounts, stated = reference_accounts(self._reference)
        for account in accounts:
            told.put(account)
        *bare, _state = foundation(self._reference, self._geography, facts=False)
        return [*bare, *stated, *single_quads(accounts, self._geography), state_quad(self._reference)]

    @staticmethod
    def _text(account: ArticleAccount, published: str, said: Sequence[Group], homes: Homes) -> str:
        """The quads of one article, and the links of the merged facts to its accounts."""
        graph = account.article
        lines = [f"{line.removesuffix(' .')} {graph} .\n" for line in account.text.decode().split("\n")[:-1]]
        lines += [f"{quad} .\n" for quad in account.found]
        for group in said:
            for number, one in enumerate(group.accounts):
                value = ox.Literal(group.link(number))
                lines.append(f"<{one.node}> {MERGE_KEY} {value} {graph} .\n")
                fact = homes.of((f"{GRAPH.value}#{group.name}.{number}", published))
                lines.append(f"<{fact}> {_ACCOUNT} <{one.node}> {MERGED} .\n")
        return "".join(lines)


def _reference_nodes(components: Iterable[Component]) -> Iterator[str]:
    for component in components:
        yield from (a.node for a in component.accounts if not a.node.startswith(GRAPH.value))


def bulk_load(engine: ox.Store, parts: Iterable[str]) -> None:
    """Load N-Quads as they are made, through a pipe, so that they never lie on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        pipe = Path(folder, "pipe")
        os.mkfifo(pipe)

        def write() -> None:
            with pipe.open("w", encoding="utf-8", buffering=1 << 20) as stream:
                stream.writelines(parts)

        thread = threading.Thread(target=write)
        thread.start()
        engine.bulk_load(path=str(pipe), format=ox.RdfFormat.N_QUADS)
        thread.join()


def drawn(reference: Reference, count: int, seed: int = 1) -> list[tuple[Article, list[Fact]]]:
    """So many articles with their facts."""
    draw = writer(reference, seed)
    every = (draw.told(number) for number in itertools.count())
    sound = ((article, facts) for article, facts in every if not any(unsound(article, fact) for fact in facts))
    return list(itertools.islice(sound, count))


def store(folder: Path, count: int, times: int, seed: int = 1) -> None:
    """Make a store of *count* articles, each of which is there *times* times."""
    reference = load()
    made = EmbeddedStore(folder)
    bulk_load(made.engine, Maker(reference, drawn(reference, count, seed), times).parts())
    made.compact()
    made.close()
