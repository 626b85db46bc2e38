"""Keeping the merged graph up to date: only the facts that a change touches are merged again."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kg.graph import terms
from kg.merge.account import REFERENCE_ARTICLE, Account, Geography, of_article
from kg.merge.cluster import clusters, components
from kg.merge.decisions import Decisions
from kg.merge.entities import describe_entity
from kg.merge.homes import Homes, move
from kg.merge.keys import about_key, keys
from kg.merge.ledger import Ledger, published
from kg.merge.node import MERGED, Merged, account_quad, merge
from kg.merge.saying import GRAPH, MERGE_KEY, Group, Saying, link_quad, parted, single_quads
from kg.merge.world import Component, Part, World, shrink
from kg.store import Draft, Text


def merge_all(accounts: Iterable[Account], geography: Geography) -> list[ox.Quad]:
    """The merged quads of many accounts at once, for accounts that are about no establishment."""
    quads: list[ox.Quad] = []
    for component in components(accounts, geography):
        taken: set[str] = set()
        for cluster in clusters(component, geography):
            fact = merge(cluster, geography, taken)
            quads += [*fact.quads, *(account_quad(fact.iri, account.node) for account in cluster)]
    return quads


@dataclass(slots=True)
class Memory:
    """What merging keeps between changes of one graph; all of it can be read again from there.

    Attributes:
        ledger: accounts and sayings by their keys.
        components: merged components.
    """

    ledger: Ledger
    components: dict[str, Component] = field(default_factory=dict)

    @classmethod
    def of(cls, geography: Geography, decisions: Decisions | None = None) -> Memory:
        """A memory of nothing, for a graph that is merged by these decisions."""
        return cls(Ledger(geography, decisions))


class Update:
    """A change of accounts and what follows from it in the merged graph.

    The change is told first (:meth:`remove_account`, :meth:`add_account`, :meth:`rekey`) and made by :meth:`finish`:
    the merged quads of all that it touches are worked out without it and with it, and the difference is written.

    Args:
        draft: the graph as it will be; changed, not committed.
        memory: what is known of the graph; kept in step.
        before: for a change of decisions, what was known by those of before.
    """

    def __init__(self, draft: Draft, memory: Memory, before: Memory | None = None) -> None:
        self.draft = draft
        self._memory = memory
        self._before = before or memory
        self._geography = memory.ledger.geography
        self._gone: list[ox.Quad] = []
        self._new: list[ox.Quad] = []
        self._texts: list[Text] = []
        self._left: list[Account] = []
        self._came: list[Account] = []
        self._parts: dict[str, list[Part | None]] = {}
        self._entities: set[ox.NamedNode] = set()

    def remove_account(self, article: ox.NamedNode) -> None:
        """Take an article's graph out; :meth:`finish` follows."""
        quads = self.draft.match(None, None, None, article)
        self._gone += quads
        self._note(quads)
        self._left += map(self._before.ledger.decisions.read, of_article(quads, article))

    def add_account(self, accounts: Iterable[Account], quads: Sequence[ox.Quad], text: Text | None = None) -> None:
        """Put an article's graph in; :meth:`remove_account` goes before.

        Args:
            accounts: the accounts that it holds.
            quads: its quads, at least its date of publication and what it says of entities.
            text: the rest of them.
        """
        self._new += quads
        if text is not None:
            self._texts.append(text)
        self._note(quads)
        self._came += map(self._memory.ledger.decisions.read, accounts)

    def rekey(self, accounts: Iterable[Account], entities: Iterable[str]) -> None:
        """Merge accounts again that a decision concerns, and describe entities again; :meth:`finish` follows.

        Args:
            accounts: the accounts as they stand in their graphs.
            entities: IRIs of entities whose common description may have changed.
        """
        touched = list(accounts)
        every = [account for account in touched if account.article == REFERENCE_ARTICLE]
        # What an article says is told together: all of it is keyed again.
        for name in sorted({account.article for account in touched} - {REFERENCE_ARTICLE}):
            article = ox.NamedNode(name)
            every += of_article(self.draft.match(None, None, None, article), article)
        for account in every:
            for node in (account.node, f"{account.node}-about"):
                graph = ox.NamedNode(account.article)
                self._gone += self.draft.match(ox.NamedNode(node), MERGE_KEY, None, graph)
        self._left += map(self._before.ledger.decisions.read, every)
        self._came += map(self._memory.ledger.decisions.read, every)
        self._entities |= {ox.NamedNode(iri) for iri in entities}

    def _note(self, quads: Iterable[ox.Quad]) -> None:
        for quad in quads:
            if quad.predicate == terms.PREF_LABEL and isinstance(quad.subject, ox.NamedNode):
                self._entities.add(quad.subject)

    def finish(self) -> None:
        """Make the change, and all that follows: facts, the links between them, entities that no table knows."""
        self._memory.ledger.shrink()
        shrink(self._memory.components)
        touched: set[str] = set()
        linked: set[str] = set()
        for account in (*self._left, *self._came):
            touched |= keys(account, self._geography)
            linked |= {about_key(account.about, self._geography)} if account.about else set()
        old = World(self._before.ledger, self.draft, self._before.components)
        reached = old.load(touched) | touched
        for component in old.components(reached).values():
            linked |= {about_key(a.about, self._geography) for a in component.accounts if a.about}
        linked |= {key for key in reached if key.startswith("presence ")}
        was = old.components(reached)
        linked_before = {key: old.links(key) for key in sorted(linked)}
        self._change()
        new = World(self._memory.ledger, self.draft, self._memory.components)
        new.load(reached)
        now = new.components(reached)
        left = {fact.iri for i, c in was.items() if i not in now for fact in c.facts}
        written = {i: c.facts[0].written for i, c in now.items() if i not in was and _is_written(c, left)}
        if written:
            self.draft.add_text(Text(MERGED, b"".join(written.values())))
        before, after = _facts(was, now), _facts(now, {*was, *written})
        gone, come = _quads(before, after), _quads(after, before)
        for key, links in linked_before.items():
            links_now = new.links(key)
            gone |= links - links_now
            come |= links_now - links
        self._place(was, now, gone, come)
        self.draft.remove(gone - come)
        self.draft.add(come - gone, new=True)
        self._describe()

    # The accounts ------------------------------------------------------------------------------------------------

    def _change(self) -> None:
        """Put accounts in and take them out, and count what sayings are told."""
        self.draft.remove(self._gone)
        left: dict[str, list[Group]] = {}
        for accounts in _by_article(self._left):
            groups, alone = parted(accounts, self._geography)
            for account in alone:
                self._memory.ledger.drop(account)
                self._moved(account.node, (account.node, account.published), None)
            for group in groups:
                left.setdefault(group.name, []).append(group)
        for same in left.values():
            self._untold(same)
        self.draft.add(self._new, new=True)
        for text in self._texts:
            self.draft.add_text(text)
        for accounts in _by_article(self._came):
            groups, alone = parted(accounts, self._geography)
            self.draft.add(single_quads(alone, self._geography), new=True)
            for account in alone:
                self._memory.ledger.put(account)
                self._moved(account.node, None, (account.node, account.published))
            for group in groups:
                self._told(group)

    def _moved(self, node: str, before: Part | None, after: Part | None) -> None:
        """Which part an account is of; the first state and the last one count."""
        self._parts.setdefault(node, [before, None])[1] = after

    def _told(self, group: Group) -> None:
        """One article more says what a group says."""
        ledger, date = self._memory.ledger, group.accounts[0].published
        alone = ledger.alone(group)
        saying = None if alone else ledger.saying(self.draft, group.name)
        if saying is not None:
            self._recount(saying, saying.more(date))
        else:
            parts = () if alone else range(len(group.accounts))
            others = [ledger.members(self.draft, group.name, n) for n in parts]
            if others and others[0]:
                dates = [published(self.draft, others[0][0].graph_name), date]
                self._found(Saying.of(group, dates), [found[0] for found in others])
            else:
                self.draft.add(single_quads(group.accounts, self._geography), new=True)
                for account in group.accounts:
                    ledger.put(account)
                ledger.told(group.name, None)
        self.draft.add((link_quad(group, number) for number in range(len(group.accounts))), new=True)
        many = ledger.saying(self.draft, group.name) is not None
        for number, account in enumerate(group.accounts):
            part = f"{GRAPH.value}#{group.name}.{number}" if many else account.node
            self._moved(account.node, None, (part, date))

    def _found(self, saying: Saying, links: Sequence[ox.Quad]) -> None:
        """What one article alone said until now is a saying; *links* are that one's."""
        date = published(self.draft, links[0].graph_name)
        for number, (quad, account) in enumerate(zip(links, saying.accounts(), strict=True)):
            node = quad.subject.value  # type: ignore[union-attr]
            alone = replace(account, node=node)
            self.draft.remove(single_quads([replace(alone, article=quad.graph_name.value)], self._geography))  # type: ignore[union-attr]
            self._memory.ledger.drop(alone)
            self._moved(node, (node, date), (f"{saying.node.value}.{number}", date))
        self.draft.add(saying.quads(self._geography))
        self._keep(saying)

    def _keep(self, saying: Saying) -> None:
        self._memory.ledger.told(saying.name, saying)
        for account in saying.accounts():
            self._memory.ledger.put(account)

    def _recount(self, saying: Saying, counted: Saying) -> None:
        self.draft.remove([saying.numbers()])
        self.draft.add([counted.numbers()])
        self._keep(counted)

    def _untold(self, groups: Sequence[Group]) -> None:
        """So many articles less say the same; their links are gone already."""
        ledger, name = self._memory.ledger, groups[0].name
        saying = ledger.saying(self.draft, name)
        for group in groups:
            for number, account in enumerate(group.accounts):
                part = account.node if saying is None else f"{saying.node.value}.{number}"
                self._moved(account.node, (part, account.published), None)
                if saying is None:
                    ledger.drop(account)
        if saying is None:
            ledger.told(name, None)
            return
        rest = saying.count - len(groups)
        if rest < 2:
            self._dissolve(saying, rest)
            return
        counted: Saying | None = saying
        for group in groups:
            counted = counted and counted.fewer(group.accounts[0].published)
        self._recount(saying, counted or saying.counted(ledger.dates(self.draft, ledger.members(self.draft, name))))

    def _dissolve(self, saying: Saying, rest: int) -> None:
        """What only one article says any more, or none, is no saying."""
        ledger = self._memory.ledger
        self.draft.remove(saying.quads(self._geography))
        ledger.told(saying.name, None)
        for number, account in enumerate(saying.accounts()):
            ledger.drop(account)
            if not rest:
                continue
            member = ledger.members(self.draft, saying.name, number)[0]
            node, article = member.subject.value, member.graph_name.value  # type: ignore[union-attr]
            date = published(self.draft, member.graph_name)
            alone = replace(account, node=node, article=article, published=date, weight=1, first="", undated=False)
            self.draft.add(single_quads([alone], self._geography))
            ledger.put(alone)
            self._moved(node, (account.node, date), (node, date))

    # The links of facts to their accounts ------------------------------------------------------------------------

    def _place(
        self, was: Mapping[int, Component], now: Mapping[int, Component], gone: set[ox.Quad], come: set[ox.Quad]
    ) -> None:
        """Let each account be one of its fact."""
        before, after = Homes(was.values()), Homes(now.values())
        for node, (left, came) in self._parts.items():
            move(node, before.of(left), after.of(came), gone, come)
        changed = Homes(c for i, c in was.items() if i not in now)
        for part in sorted(changed.moved(after)):
            if part.startswith(GRAPH.value):
                name, _, number = part.removeprefix(f"{GRAPH.value}#").partition(".")
                for quad in self._memory.ledger.members(self.draft, name, int(number)):
                    node = quad.subject.value  # type: ignore[union-attr]
                    if node not in self._parts:
                        place = (part, published(self.draft, quad.graph_name))
                        move(node, before.of(place), after.of(place), gone, come)
            elif part not in self._parts:
                place = (part, "")
                move(part, before.of(place), after.of(place), gone, come)

    # Entities ----------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        decisions = self._memory.ledger.decisions
        described = {decisions.canonical(node.value) for node in self._entities}
        for iri in sorted(described | {node.value for node in self._entities}):
            describe_entity(self.draft, ox.NamedNode(iri), decisions)


def _is_written(component: Component, left: Container[str]) -> bool:
    """Whether a new component is one fact that is written already, and none of its quads were there before."""
    fact = component.facts[0]
    return bool(fact.written) and len(component.facts) == 1 and fact.iri not in left


def _facts(components_: Mapping[int, Component], others: Container[int]) -> dict[int, Merged]:
    """The merged facts of the components that are not among the others."""
    return {id(fact): fact for i, c in components_.items() if i not in others for fact in c.facts}


def _quads(facts: Mapping[int, Merged], others: Container[int]) -> set[ox.Quad]:
    """The quads of the facts that are not among the others."""
    return {quad for i, fact in facts.items() if i not in others for quad in fact.quads}


def _by_article(accounts: Iterable[Account]) -> Iterable[list[Account]]:
    found: dict[str, list[Account]] = {}
    for account in accounts:
        found.setdefault(account.article, []).append(account)
    return found.values()
