"""Putting people's decisions into a store, and the file of them beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, UsageError
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import Account, Geography, from_graph
from kg.merge.decisions import GRAPH, Decision, Decisions, article_id, from_quads, read, write
from kg.merge.node import MERGED, merge
from kg.merge.update import Memory, Update
from kg.store import Draft, Store

FILE: Final = "decisions.csv"
"""The name of the file in the folder of a store."""

_CLASSES: Final = {io(name): name.lower() for name in terms.CLASSES.values()}


def namer(geography: Geography) -> Callable[[Account], str]:
    """What gives the id of a fact as one account alone tells it, whatever others say."""

    def own_name(account: Account) -> str:
        return iris.local(merge([account], geography, set()).iri)

    return own_name


def decided(decisions: Iterable[Decision], geography: Geography) -> Decisions:
    """Decisions that know the names of facts.

    Raises:
        UsageError: if they contradict each other.
    """
    return Decisions(decisions, namer(geography))


def stored(store: Store) -> list[Decision]:
    """The decisions that a store was merged by."""
    return from_quads(store.match(None, None, None, GRAPH))


def judge(draft: Draft, before: Memory, after: Memory) -> None:
    """Change the decisions of a graph and merge again what they concern.

    Args:
        draft: the graph as it will be; changed, not committed.
        before: what is known of the graph, by the decisions until now.
        after: one of nothing yet, by the decisions from now on.
    """
    old, new = before.ledger.decisions, after.ledger.decisions
    held, wanted = set(old.quads()), set(new.quads())
    draft.remove(held - wanted)
    draft.add(wanted - held)
    update = Update(draft, after, before)
    changed = set(old.all) ^ set(new.all)
    update.rekey(_accounts(draft, changed, old, new), _entities(changed, old, new))
    update.finish()


def _entities(changed: Iterable[Decision], old: Decisions, new: Decisions) -> set[str]:
    same = [one for one in changed if one.judgement == "same" and not one.about_facts]
    sides = {side for one in same for side in ((one.a,) if one.about_others else (one.a, one.b))}
    return {iris.entity(member) for side in sides for member in old.group(side) | new.group(side)}


def _accounts(draft: Draft, changed: set[Decision], old: Decisions, new: Decisions) -> list[Account]:
    """The accounts that name an entity, or are a fact, of a decision that has changed."""
    nodes: set[ox.NamedNode] = set()
    for iri in _entities(changed, old, new):
        if old.canonical(iri) != new.canonical(iri):
            nodes |= set(_mentions(draft, iri))
    accounts = {node.value: account for node in nodes if (account := from_graph(draft, node)) is not None}
    facts = [one for one in changed if one.about_facts]
    classes = {one.a.partition("/")[0] for one in facts}
    # A fact that is held to be one with a side of a decision is concerned too.
    names = {name for one in facts for side in (one.a, one.b) for name in old.group(side) | new.group(side)}
    for type_ in (t for t, name in _CLASSES.items() if name in classes):
        for quad in draft.match(None, terms.RDF_TYPE, type_, None):
            if not isinstance(quad.subject, ox.NamedNode) or not _in_article(quad):
                continue
            account = from_graph(draft, quad.subject)
            if account is not None and new.touches(account, names):
                accounts[account.node] = account
    return list(accounts.values())


def _mentions(draft: Draft, iri: str) -> Iterator[ox.NamedNode]:
    """The fact nodes of accounts that name an entity, in a slot or in what they are about."""
    for quad in draft.match(None, None, ox.NamedNode(iri), None):
        if isinstance(quad.subject, ox.NamedNode) and _in_article(quad):
            yield ox.NamedNode(quad.subject.value.removesuffix("-about"))


def _in_article(quad: ox.Quad) -> bool:
    return str(getattr(quad.graph_name, "value", "")).startswith(iris.ARTICLE_PREFIX)


def side(store: Store, geography: Geography, fact: str, article: str = "") -> str:
    """How a decision names a fact of the merged graph: as the reports of it that say most tell it.

    Args:
        store: where the graph is.
        geography: countries of cities, states of office-holders.
        fact: IRI of the fact.
        article: IRI of an article, for what that one says of the fact.

    Raises:
        UsageError: if the fact has no account, or none in the article.
    """
    name = namer(geography)
    nodes = [q.object for q in store.match(ox.NamedNode(fact), io("account"), None, MERGED)]
    accounts = [a for n in nodes if isinstance(n, ox.NamedNode) and (a := from_graph(Draft(store), n)) is not None]
    accounts = [a for a in accounts if article in ("", a.article)]
    if not accounts:
        where = f" in {article_id(article)}" if article else ""
        raise UsageError(f"nothing{where} reports {iris.local(fact)}", remedy="kg show lists who says so")
    names = Counter(map(name, accounts))
    found = iris.local(fact) if iris.local(fact) in names else min(names, key=lambda n: (-len(n), -names[n], n))
    return f"{found}@{article_id(article)}" if article else found


def read_file(path: Path) -> list[Decision]:
    """The decisions of a file.

    Raises:
        KgError: if it cannot be read.
        UsageError: if a line is wrong; it is named.
    """
    try:
        return read(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise KgError(f"cannot be read: {error}", where=str(path), remedy="a text in UTF-8 is expected") from error


def write_file(path: Path, decisions: Iterable[Decision]) -> None:
    """Write the file of decisions, beside its place first, so that a broken run leaves what was there.

    Raises:
        KgError: if it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(write(decisions), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise KgError(f"cannot be written: {error}", where=str(path)) from error
