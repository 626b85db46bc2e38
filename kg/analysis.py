"""Measures of who is where: centrality, communities, bridges, co-location, similarity of cities, growth by year.

All but the last are of one network: organisations on one side, the cities (or, where no city is known, countries) where
they have establishments on the other, an edge for each pair that has one at work.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, UsageError
from kg.model import PartialDate
from kg.queries.run import Asked, ask

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEASURES: Final = ("organizations", "hosts", "communities", "bridges", "together", "similar", "growth")
"""The measures, each a table."""

_FIRST: Final = 1945
MANY: Final = 10_000
"""Ties up to which communities are found by greedy modularity."""
_SOURCES: Final = 512
"""Nodes from which the shortest ways are gone at a time."""
_ROWS: Final = """
SELECT ?presence ?o ?p ?status ?since ?sinceLatest ?until ?untilEarliest WHERE {
  ?presence a io:Presence ; io:organization ?o ; io:place ?p .
  OPTIONAL { ?presence io:status ?status }
  OPTIONAL { ?presence io:sinceEarliest ?since } OPTIONAL { ?presence io:sinceLatest ?sinceLatest }
  OPTIONAL { ?presence io:untilLatest ?until } OPTIONAL { ?presence io:untilEarliest ?untilEarliest }
}
"""
_OPERATING: Final = iris.concept("status", "operating")
_PLANS: Final = frozenset((iris.concept("status", "planned"), iris.concept("status", "proposed")))


@dataclass(frozen=True, slots=True)
class Presence:
    """An establishment: organisation, place, stage, and the days between which it began and ended (ISO 8601)."""

    iri: str
    organization: str
    place: str
    status: str
    since: str
    since_latest: str
    until: str
    until_earliest: str

    def stood(self, day: str) -> bool:
        """Whether it may have stood on a day; the rule is that of the question who-is-in."""
        if (self.since and self.since > day) or (self.until and self.until < day):
            return False
        return bool(self.since) or self.status not in _PLANS


@dataclass(frozen=True, slots=True)
class Table:
    """A measure: its columns, its rows, and which columns hold IRIs of things."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    things: tuple[str, ...] = ()

    def named(self) -> list[str]:
        """The IRIs of the things in it."""
        return [
            str(value)
            for row in self.rows
            for column, value in zip(self.columns, row, strict=True)
            if column in self.things and value
        ]


@dataclass(slots=True)
class Analysis:
    """The network of a graph and what is measured on it.

    Attributes:
        presences: the establishments of the graph.
        network: organisations and places that are joined by an establishment; nodes have ``kind``, edges ``weight``.
    """

    presences: list[Presence]
    network: nx.Graph[str]
    _kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Asked, on: str = "") -> Analysis:
        """The network of a graph.

        Args:
            graph: what is asked.
            on: a date (``2022``, ``2022-03``, ``2022-03-04``): who may have been there at its end; empty for now.

        Raises:
            UsageError: if *on* is no date.
            KgError: if the graph has no establishment at that time.
        """
        day = ""
        if on:
            try:
                day = PartialDate(on).latest.isoformat()
            except ValueError:
                raise UsageError(f'"{on}" is no date', remedy="write 2022, 2022-03 or 2022-03-04") from None
        presences = [
            Presence(*(_text(row[name]) for name in _NAMES)) for row in ask(graph, _ROWS, "the establishments")
        ]
        presences.sort(key=lambda p: p.iri)
        network: nx.Graph[str] = nx.Graph()
        for presence in presences:
            if presence.stood(day) if day else presence.status == _OPERATING:
                network.add_node(presence.organization, kind="organization")
                network.add_node(presence.place, kind="place")
                known = network.get_edge_data(presence.organization, presence.place, {"weight": 0})
                network.add_edge(presence.organization, presence.place, weight=known["weight"] + 1)
        if not network:
            raise KgError("the graph has no establishment at this time", remedy="kg build, or another --on")
        return cls(presences, network)

    def _once(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def of_kind(self, kind: str) -> list[str]:
        """The organisations or the places, sorted."""
        return sorted(n for n, about in self.network.nodes(data=True) if about["kind"] == kind)

    @property
    def betweenness(self) -> Mapping[str, float]:
        """Betweenness centrality (Freeman 1977, by Brandes 2001)."""
        return self._once("betweenness", lambda: betweenness(self.network))  # type: ignore[no-any-return]

    @property
    def communities(self) -> Sequence[frozenset[str]]:
        """Communities by greedy modularity (Clauset, Newman and Moore 2004), the largest first.

        Of a network of more ties than :data:`MANY` by the Louvain method (Blondel and others 2008), which takes seconds
        where the other takes many minutes.
        """

        def found() -> list[frozenset[str]]:
            nodes = sorted(self.network)
            if self.network.number_of_edges() <= MANY:
                groups = nx.community.greedy_modularity_communities(self.network, weight="weight")
            else:
                # Of numbers, since the order of a set of texts is another one in each process.
                numbered: nx.Graph[int] = nx.Graph()
                numbered.add_nodes_from(range(len(nodes)))
                number = {node: n for n, node in enumerate(nodes)}
                for a, b in sorted(sorted((number[a], number[b])) for a, b in self.network.edges()):
                    numbered.add_edge(a, b, weight=self.network[nodes[a]][nodes[b]]["weight"])
                parts = nx.community.louvain_communities(numbered, weight="weight", seed=1)
                groups = [{nodes[n] for n in part} for part in parts]
            return sorted((frozenset(g) for g in groups), key=lambda g: (-len(g), min(g)))

        return self._once("communities", found)  # type: ignore[no-any-return]

    @property
    def joints(self) -> Sequence[str]:
        """Articulation points: without them the network falls apart (Hopcroft and Tarjan 1973), sorted."""
        return self._once("joints", lambda: sorted(nx.articulation_points(self.network)))  # type: ignore[no-any-return]

    def table(self, measure: str, top: int = 20) -> Table:
        """A measure as a table.

        Args:
            measure: one of :data:`MEASURES`.
            top: rows at most; of ``growth`` all years are given.

        Raises:
            UsageError: if there is no such measure.
        """
        makers: dict[str, Callable[[int], Table]] = {
            "organizations": lambda n: self._central("organization", n),
            "hosts": lambda n: self._central("place", n),
            "communities": self._communities,
            "bridges": self._bridges,
            "together": self._together,
            "similar": self._similar,
            "growth": self._growth,
        }
        if measure not in makers:
            raise UsageError(f'there is no measure "{measure}"', remedy=f"one of {', '.join(MEASURES)}")
        return makers[measure](top)

    def _central(self, kind: str, top: int) -> Table:
        network, between = self.network, self.betweenness
        nodes = sorted(self.of_kind(kind), key=lambda n: (-network.degree(n), -between[n], n))[:top]
        rows = tuple(
            (node, network.degree(node), int(network.degree(node, weight="weight")), round(between[node], 4))
            for node in nodes
        )
        return Table((kind, "neighbours", "establishments", "betweenness"), rows, (kind,))

    def _communities(self, top: int) -> Table:
        rows = []
        for number, group in enumerate(self.communities[:top], 1):
            named = sorted(group, key=lambda n: (-self.network.degree(n), n))
            first = [
                next((n for n in named if self.network.nodes[n]["kind"] == k), "") for k in ("organization", "place")
            ]
            sizes = Counter(self.network.nodes[n]["kind"] for n in group)
            rows.append((number, sizes["organization"], sizes["place"], *first))
        columns = ("community", "organizations", "places", "organization", "place")
        return Table(columns, tuple(rows), ("organization", "place"))

    def _bridges(self, top: int) -> Table:
        parts = nx.number_connected_components(self.network)
        rows = []
        for node in sorted(self.joints, key=lambda n: (-self.network.degree(n), n))[: top * 3]:
            rest = nx.restricted_view(self.network, [node], [])
            rows.append((node, self.network.nodes[node]["kind"], nx.number_connected_components(rest) - parts + 1))
        rows.sort(key=lambda row: (-row[2], row[0]))
        return Table(("thing", "kind", "parts"), tuple(rows[:top]), ("thing",))

    def _pairs(self, kind: str, top: int, *, alike: bool) -> Table:
        """Pairs of a kind that share neighbours: with the most in common first, or those most alike."""
        import numpy as np

        nodes = sorted(self.of_kind(kind))
        others = {node: n for n, node in enumerate(self.of_kind("place" if kind == "organization" else "organization"))}
        best: NDArray[Any] = np.zeros((5, 0))
        for found in _sharing(self.network, nodes, others):
            if best.shape[1] == top:  # what comes after the last one kept is not sorted in
                _, _, shared, jaccard, few = best[:, -1]
                hopeful = found[2] >= shared
                if alike:
                    hopeful = (found[4] < few) | ((found[4] == few) & (found[3] >= jaccard))
                best = np.hstack([best, found[:, hopeful]])
            else:
                best = np.hstack([best, found])
            # Two towns that share their only office are alike by chance: those with few are left to the end.
            keys = (best[1], best[0], -best[2], *((-best[3], best[4]) if alike else ()))
            best = best[:, np.lexsort(keys)[:top]]
        rows = [
            (nodes[int(a)], nodes[int(b)], int(shared), round(float(jaccard), 3)) for a, b, shared, jaccard, _ in best.T
        ]
        return Table(("one", "other", "shared", "jaccard"), tuple(rows), ("one", "other"))

    def _together(self, top: int) -> Table:
        return self._pairs("organization", top, alike=False)

    def _similar(self, top: int) -> Table:
        return self._pairs("place", top, alike=True)

    def _growth(self, top: int) -> Table:
        begun = [p for p in self.presences if p.since and p.status not in _PLANS]
        if not begun:
            return Table(("year", "opened", "closed", "standing"), ())
        opened = Counter(int(p.since[:4]) for p in begun)
        closed = Counter(int(p.until_earliest[:4]) for p in begun if p.until_earliest)
        last = max([*opened, *closed])
        standing = sum(n for year, n in opened.items() if year < _FIRST) - sum(
            n for y, n in closed.items() if y < _FIRST
        )
        rows = []
        for year in range(min(max(_FIRST, min(opened)), last), last + 1):
            standing += opened[year] - closed[year]
            rows.append((year, opened[year], closed[year], standing))
        return Table(("year", "opened", "closed", "standing"), tuple(rows))

    def attributed(self, label: Callable[[str], str]) -> nx.Graph[str]:
        """The network with what is measured as attributes of its nodes, for GraphML.

        Args:
            label: what to call a node.
        """
        group = {node: number for number, nodes in enumerate(self.communities, 1) for node in nodes}
        joints, between = set(self.joints), self.betweenness
        graph: nx.Graph[str] = nx.Graph()
        for node in sorted(self.network):
            graph.add_node(
                node,
                label=label(node),
                kind=self.network.nodes[node]["kind"],
                neighbours=self.network.degree(node),
                betweenness=round(between[node], 6),
                community=group[node],
                bridge=node in joints,
            )
        for a, b, about in sorted(self.network.edges(data=True), key=lambda e: tuple(sorted(e[:2]))):
            graph.add_edge(*sorted((a, b)), weight=about["weight"])
        return graph


_NAMES: Final = ("presence", "o", "p", "status", "since", "sinceLatest", "until", "untilEarliest")


def _text(term: Any) -> str:
    return str(term.value) if term is not None else ""


_FEW: Final = 5  # neighbours below which two of a kind are alike by chance
_AT_ONCE: Final = 4_000_000  # pairs that are looked at together


def _sharing(network: nx.Graph[str], nodes: Sequence[str], others: Mapping[str, int]) -> Iterator[NDArray[Any]]:
    """All pairs of nodes that share neighbours, some millions at a time: products of matrices.

    Args:
        network: who is where.
        nodes: of one kind, in order.
        others: those of the other kind, each with its number.

    Yields:
        Five rows, a column each pair: the numbers of the one and of the other, how many neighbours they share, their
        Jaccard index, and whether one has fewer than five neighbours.
    """
    import numpy as np
    from scipy import sparse

    ties = [(n, others[other]) for n, node in enumerate(nodes) for other in network[node]]
    if not ties:
        return
    rows, columns = np.array(ties).T
    table = sparse.csr_array((np.ones(len(ties), np.int64), (rows, columns)), shape=(len(nodes), len(others)))
    degree, held = table.sum(axis=1), table.sum(axis=0)
    expected = np.cumsum(table @ held)  # pairs, each node's with all before it
    turned = table.T.tocsr()
    first = 0
    while first < len(nodes):
        done = expected[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(expected, done + _AT_ONCE, side="right")))
        found = (table[first:last] @ turned).tocoo()
        one, other, shared = found.coords[0] + first, found.coords[1], found.data
        once = one < other
        one, other, shared = one[once], other[once], shared[once]
        least = np.minimum(degree[one], degree[other])
        jaccard = shared / (degree[one] + degree[other] - shared)
        yield np.array([one, other, shared, jaccard, least < _FEW], dtype=np.float64)
        first = last


def betweenness(network: nx.Graph[str]) -> dict[str, float]:
    """Betweenness centrality (Freeman 1977) of all nodes: the share of the shortest ways between others through each.

    The algorithm of Brandes (2001) with all ways of some hundred sources gone at once, a step being a product of
    matrices: exact, and ten to thirty times as fast as node by node.

    Args:
        network: without direction; weights do not count.

    Returns:
        Node → from 0 to 1, to nine decimals, so that equals are equal on every machine.
    """
    import numpy as np
    from scipy import sparse

    nodes = sorted(network)
    count = len(nodes)
    ties = sparse.csr_array(nx.to_scipy_sparse_array(network, nodelist=nodes, weight=None), dtype=np.float64)
    found = np.zeros(count)
    for first in range(0, count, _SOURCES):
        sources = np.arange(first, min(count, first + _SOURCES))
        own = (sources, np.arange(len(sources)))
        ways = np.zeros((count, len(sources)))
        ways[own] = 1
        seen, levels, new = ways > 0, [ways > 0], ways
        while True:
            new = np.where(seen, 0, ties @ new)
            if not new.any():
                break
            ways, seen = ways + new, seen | (new > 0)
            levels.append(new > 0)
        on = np.zeros_like(ways)
        for nearer, farther in itertools.pairwise(range(len(levels))[::-1]):
            share = np.where(levels[nearer], (1 + on) / np.where(seen, ways, 1), 0)
            on += np.where(levels[farther], ways * (ties @ share), 0)
        on[own] = 0
        found += on.sum(axis=1)
    pairs = max(1, (count - 1) * (count - 2))
    return {node: round(float(n) / pairs, 9) for node, n in zip(nodes, found, strict=True)}


def shown(column: str, value: object) -> str:
    """A value of a table as people read it: the measures of a column with the same number of decimals."""
    return f"{value:.{4 if column == 'betweenness' else 3}f}" if isinstance(value, float) else str(value)


def labels_of(graph: Asked, nodes: Sequence[str], lang: str) -> dict[str, str]:
    """The names of things in a language, else in English, else any.

    Args:
        graph: what is asked.
        nodes: their IRIs.
        lang: the language.
    """
    order = {"en": 1, "ru": 2} | {lang: 0}
    best: dict[str, tuple[int, str]] = {}
    ordered = sorted(set(nodes))
    for start in range(0, len(ordered), 500):
        values = " ".join(str(ox.NamedNode(iri)) for iri in ordered[start : start + 500])
        for row in ask(graph, f"SELECT ?x ?name WHERE {{ VALUES ?x {{ {values} }} ?x skos:prefLabel ?name }}"):
            found = (order.get(row["name"].language or "", 3), row["name"].value)
            best[row["x"].value] = min(best.get(row["x"].value, found), found)
    return defaultdict(str, {iri: name for iri, (_, name) in best.items()})
