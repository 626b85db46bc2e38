"""The index of names that a server keeps: made once, and again in the background when names have changed."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, field
from typing import Final

from kg.errors import KgError
from kg.serve import entity, memory
from kg.serve.reconcile.index import Index
from kg.serve.site import Site, Snapshot

_POPULAR: Final = (
    "SELECT ?o (COUNT(*) AS ?n) { ?s io:organization|io:place|org:organization|io:country ?o } GROUP BY ?o"
)


async def index_of(site: Site, current: Snapshot) -> Index:
    """The index of names; made on first use, and made again in the background when names have changed.

    Making it takes seconds, so that for so long after a build the names are those of before.
    """
    kept: _Kept = site.kept.setdefault("index", _Kept())
    if kept.index is None:
        async with kept.lock:
            if kept.index is None:
                await _renew(site, current, kept)
    elif kept.version != current.version and not kept.lock.locked() and time.monotonic() > kept.next:
        site.later(_renewed(site, kept))
    assert kept.index is not None
    return kept.index


@dataclass(eq=False)
class _Kept:
    """The index, of which version of the graph and of which names it is, and when it may be made again."""

    index: Index | None = None
    version: str = ""
    mark: str = ""
    next: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


async def _renewed(site: Site, kept: _Kept) -> None:
    async with kept.lock:
        with site.using() as current:
            await _renew(site, current, kept)


async def _renew(site: Site, current: Snapshot, kept: _Kept) -> None:
    begun = time.monotonic()
    mark = await asyncio.to_thread(_mark, current)
    if mark != kept.mark:
        try:
            popular = await site.rows(current, _POPULAR)
        except KgError:
            popular = []
        weights = {row["o"]["value"]: int(row["n"]["value"]) for row in popular}
        kept.index, kept.mark = await asyncio.to_thread(Index.of, current.graph, weights), mark
    # Even the digest takes all names into memory at once.
    await asyncio.to_thread(memory.give_back)
    kept.version = current.version
    # At most a tenth of the time goes into it, however often something is built.
    kept.next = time.monotonic() + 9 * (time.monotonic() - begun)


def _mark(current: Snapshot) -> str:
    """A digest of all names in the graph."""
    digest = hashlib.sha256()
    for line in sorted(
        str(quad) for p in entity.LABELS for quad in current.graph.store.match(None, p, None, entity.MERGED)
    ):
        digest.update(line.encode())
    return digest.hexdigest()
