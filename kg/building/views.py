"""The graph of some of the articles: merged at once, in memory, as if there were no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.building.account import VERSION, account_quads, digest, digest_of
from kg.building.reading import MERGED, REFERENCE
from kg.graph.readers import Keep, kept
from kg.merge import judged
from kg.merge.account import Geography, of_article
from kg.merge.decisions import Decisions
from kg.merge.foundation import foundation
from kg.merge.update import Memory, Update
from kg.model import PartialDate
from kg.reference import Reference
from kg.store import Draft, EmbeddedStore, Store

_SIZE: Final = 2**128


@dataclass(frozen=True, slots=True)
class Ground:
    """What a graph rests on: tables and what follows from them, decisions, whether the tables' facts are in it."""

    reference: Reference
    geography: Geography
    decisions: Decisions
    facts: bool = True

    def merged_anew(
        self,
        store: Store,
        nodes: Iterable[ox.NamedNode],
        until: PartialDate | None = None,
        keep: Keep | None = None,
    ) -> EmbeddedStore:
        """A store in memory with the accounts of some articles, merged at once.

        Args:
            store: where the accounts are.
            nodes: the articles.
            until: of the tables only what was looked up by the end of this day, month or year.
            keep: which evidence counts; all without it.
        """
        fresh = EmbeddedStore(None)
        fresh.load(foundation(self.reference, self.geography, self.facts, until))
        draft = Draft(fresh)
        memory = Memory.of(self.geography, self.decisions)
        judged.judge(draft, Memory.of(self.geography), memory)
        update = Update(draft, memory)
        total = 0
        for node in nodes:
            quads = account_quads(store, node)
            stated = digest_of(store, node) or digest(quads)
            if keep is not None:
                quads = kept(quads, keep)
                stated = digest(quads)
            total += int(stated, 16)
            update.add_account(of_article(quads, node), [*quads, version_quad(node, stated)])
        update.finish()
        draft.add(sum_quads(total))
        removed, added = draft.changes()
        fresh.apply(removed, ())
        fresh.load(added)
        return fresh


def version_quad(node: ox.NamedNode, stated: str) -> ox.Quad:
    """The quad by which an article's graph holds its digest."""
    return ox.Quad(node, VERSION, ox.Literal(stated), node)


def sum_quads(total: int) -> list[ox.Quad]:
    """The sum of the digests of all accounts, as the graph keeps it."""
    total %= _SIZE
    return [ox.Quad(MERGED, VERSION, ox.Literal(f"{total:032x}"), REFERENCE)] if total else []
