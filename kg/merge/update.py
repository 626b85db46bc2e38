"""Keeping the merged graph up to date: only the facts that a change touches are merged again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.merge.account import Account, Accounts, Geography
from kg.merge.cluster import clusters, components
from kg.merge.decisions import Decisions
from kg.merge.keys import about_key, keys
from kg.merge.links import clear, relink
from kg.merge.node import MERGED, Merged, merge
from kg.store import Draft
from kg.store.base import Node

MERGE_KEY: Final = io("mergeKey")
_ABOUT, _ACCOUNT, _CHOICE = io("about"), io("account"), io("choice")
_REFERENCE: Final = ox.NamedNode(iris.GRAPH_REFERENCE)
_REPLACED: Final = prefixed("dcterms:isReplacedBy")
_SAME: Final = prefixed("owl:sameAs")
_LABELS: Final = (terms.PREF_LABEL, terms.ALT_LABEL, terms.RDFS_LABEL)


def key_quads(accounts: Iterable[Account], geography: Geography) -> list[ox.Quad]:
    """The keys by which accounts find each other, as quads of the accounts' own graphs."""
    quads = []
    for account in accounts:
        graph, node = ox.NamedNode(account.article), ox.NamedNode(account.node)
        quads += [ox.Quad(node, MERGE_KEY, ox.Literal(key), graph) for key in sorted(keys(account, geography))]
        if account.about:
            about = ox.NamedNode(account.node + "-about")
            quads.append(ox.Quad(about, MERGE_KEY, ox.Literal(about_key(account.about, geography)), graph))
    return quads


def merge_all(accounts: Iterable[Account], geography: Geography) -> list[ox.Quad]:
    """The merged quads of many accounts at once, for accounts that are about no establishment."""
    quads: list[ox.Quad] = []
    for component in components(accounts, geography):
        for one in _merge_component(component, geography):
            quads += one.quads
    return quads


def _merge_component(component: Sequence[Account], geography: Geography) -> list[Merged]:
    taken: set[str] = set()
    return [merge(cluster, geography, taken) for cluster in clusters(component, geography)]


class Update:
    """A change of accounts and what follows from it in the merged graph.

    Args:
        draft: the graph as it will be; changed, not committed.
        geography: countries of cities, states of office-holders.
        decisions: what people hold to be the same or different.
    """

    def __init__(self, draft: Draft, geography: Geography, decisions: Decisions | None = None) -> None:
        self.draft = draft
        self.geography = geography
        self.decisions = decisions or Decisions()
        self._touched: set[str] = set()
        self._linked: set[str] = set()
        self._entities: set[ox.NamedNode] = set()
        self._outdated: set[ox.NamedNode] = set()
        self._replaced = False
        self._new: list[Account] = []

    def remove_account(self, article: ox.NamedNode) -> None:
        """Take an article's graph out; :meth:`finish` follows."""
        quads = self.draft.match(None, None, None, article)
        self._replaced |= bool(quads)
        self._note(quads)
        for quad in quads:
            if quad.predicate == MERGE_KEY:
                self._outdated |= self._merged(quad.subject)
        self.draft.remove(quads)

    def add_account(self, quads: Sequence[ox.Quad], accounts: Sequence[Account]) -> None:
        """Put an article's graph in, with the accounts that it holds; :meth:`remove_account` goes before."""
        accounts = [self.decisions.read(account) for account in accounts]
        found = [*quads, *key_quads(accounts, self.geography)]
        self._note(found)
        self._new += accounts
        self.draft.add(found, new=not self._replaced)

    def rekey(self, accounts: Iterable[Account], entities: Iterable[str]) -> None:
        """Merge accounts again that a decision concerns, and describe entities again; :meth:`finish` follows.

        Args:
            accounts: the accounts as they stand in their graphs.
            entities: IRIs of entities whose common description may have changed.
        """
        known = [self.decisions.read(account) for account in accounts]
        for account in known:
            for node in (account.node, f"{account.node}-about"):
                old = self.draft.match(ox.NamedNode(node), MERGE_KEY, None, ox.NamedNode(account.article))
                self._note(old)
                self.draft.remove(old)
            self._outdated |= self._merged(ox.NamedNode(account.node))
        quads = key_quads(known, self.geography)
        self._note(quads)
        self._new += known
        self.draft.add(quads)
        self._entities |= {ox.NamedNode(iri) for iri in entities}

    def _note(self, quads: Iterable[ox.Quad]) -> None:
        for quad in quads:
            if quad.predicate == MERGE_KEY:
                assert isinstance(quad.object, ox.Literal)
                assert isinstance(quad.subject, ox.NamedNode)
                key = quad.object.value
                about = quad.subject.value.endswith("-about")
                (self._linked if about else self._touched).add(key)
            elif quad.predicate == terms.PREF_LABEL and isinstance(quad.subject, ox.NamedNode):
                self._entities.add(quad.subject)

    def finish(self) -> None:
        """Merge again what was touched: facts, then the links between them, then entities that no table knows."""
        read = Accounts(self.draft, self._new, self.decisions.read)
        accounts = self._reachable(read)
        for account in accounts.values():
            self._outdated |= self._merged(ox.NamedNode(account.node))
        for node in sorted(self._outdated, key=str):
            self._drop(node)
        for component in components(accounts.values(), self.geography):
            for one in _merge_component(component, self.geography):
                self.draft.add(one.quads)
        for account in accounts.values():
            if account.about:
                self._linked.add(about_key(account.about, self.geography))
            if account.kind == "presence":
                self._linked |= keys(account, self.geography)
        self._linked |= {key for key in self._touched if key.startswith("presence ")}
        for key in sorted(self._linked):
            relink(self.draft, key, self.geography, read)
        described = {self.decisions.canonical(node.value) for node in self._entities}
        for iri in sorted(described | {node.value for node in self._entities}):
            self._describe(ox.NamedNode(iri))

    def _reachable(self, read: Accounts) -> dict[str, Account]:
        """The accounts that share a key with a touched one, directly or through others."""
        found: dict[str, Account] = {}
        seen: set[str] = set()
        waiting = sorted(self._touched)
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            for quad in self.draft.match(None, MERGE_KEY, ox.Literal(key), None):
                node = quad.subject
                assert isinstance(node, ox.NamedNode)
                if node.value in found or node.value.endswith("-about"):
                    continue
                account = read.get(node)
                if account is not None:
                    found[node.value] = account
                    waiting += sorted(keys(account, self.geography) - seen)
        return found

    def _merged(self, account: Node) -> set[ox.NamedNode]:
        found = self.draft.match(None, _ACCOUNT, account, MERGED)
        return {q.subject for q in found if isinstance(q.subject, ox.NamedNode)}

    def _drop(self, node: ox.NamedNode) -> None:
        quads = self.draft.match(node, None, None, MERGED)
        for quad in quads:
            if quad.predicate == _CHOICE:
                assert isinstance(quad.object, ox.NamedNode)
                self.draft.remove(self.draft.match(quad.object, None, None, MERGED))
        self.draft.remove(quads)
        self.draft.remove(self.draft.match(None, None, node, MERGED))
        for quad in quads:
            if quad.predicate == _ABOUT:
                assert isinstance(quad.object, ox.NamedNode)
                clear(self.draft, quad.object)

    def _describe(self, node: ox.NamedNode) -> None:
        """The merged description of an entity that only articles know: one preferred label a language.

        An entity that people hold to be another one leads on to that, which has the labels of both.
        """
        tables = set(self.draft.match(node, None, None, _REFERENCE))
        own = {ox.Quad(q.subject, q.predicate, q.object, MERGED) for q in tables}
        self.draft.remove(
            q
            for q in self.draft.match(node, None, None, MERGED)
            if q.predicate in (*_LABELS, terms.RDF_TYPE, _REPLACED, _SAME) and q not in own
        )
        common = self.decisions.canonical(node.value)
        if common != node.value:
            if self._said(node.value):
                self.draft.add([ox.Quad(node, _REPLACED, ox.NamedNode(common), MERGED)])
            return
        said = [q for member in self.decisions.members(node.value) for q in self._said(member)]
        if said or tables:
            self.draft.add(ox.Quad(node, _SAME, ox.NamedNode(i), MERGED) for i in self.decisions.elsewhere(node.value))
        labels = [q for q in said if q.predicate in _LABELS and isinstance(q.object, ox.Literal)]
        if tables:
            has = {q.object for q in tables if q.predicate in _LABELS}
            self.draft.add(ox.Quad(node, terms.ALT_LABEL, q.object, MERGED) for q in labels if q.object not in has)
            return
        self.draft.add(ox.Quad(node, terms.RDF_TYPE, q.object, MERGED) for q in said if q.predicate == terms.RDF_TYPE)
        preferred: dict[str, dict[ox.Literal, int]] = {}
        for quad in labels:
            if quad.predicate == terms.PREF_LABEL and isinstance(quad.object, ox.Literal):
                counts = preferred.setdefault(quad.object.language or "", {})
                counts[quad.object] = counts.get(quad.object, 0) + 1
        best = {min(c, key=lambda label: (-c[label], len(label.value), label.value)) for c in preferred.values()}
        for label in {q.object for q in labels}:
            properties = (terms.PREF_LABEL, terms.RDFS_LABEL) if label in best else (terms.ALT_LABEL,)
            self.draft.add(ox.Quad(node, p, label, MERGED) for p in properties)

    def _said(self, iri: str) -> list[ox.Quad]:
        """What articles say of an entity itself: its class and its names."""
        quads = self.draft.match(ox.NamedNode(iri), None, None, None)
        return [q for q in quads if str(getattr(q.graph_name, "value", "")).startswith(iris.ARTICLE_PREFIX)]
