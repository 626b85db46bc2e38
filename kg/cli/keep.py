"""Commands that keep a store: ``backup``, ``restore``, ``compact``, ``join``, ``unlock``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from kg.cli.common import is_address, progress, store_option, tell
from kg.cli.graph import opened
from kg.cli.output import write_line
from kg.errors import KgError, UsageError


@click.command(epilog="Examples: `kg backup ../kg-2026-03-04`; `kg backup graph.nq.gz`")
@click.argument("to", type=click.Path(path_type=Path))
@store_option
def backup(to: Path, store: str) -> None:
    """Copy the store, also while it is being built: then as it was when the copying began.

    TO is a new folder, which is a store itself and hardly takes time or space on the same disk, or a new file .nq or
    .nq.gz (N-Quads), which any store takes. Articles, accounts, what was merged and people's decisions are all in it.
    """
    from kg.store import backup as copies
    from kg.store import open_store

    if is_address(store):
        remote = open_store(store, read_only=True)
        count = copies.write(remote, to)
    else:
        count = copies.back_up(Path(store), to)
    write_line(f"{count} quads in {to}")


@click.command(
    epilog="Examples: `kg restore graph.nq.gz`; `kg restore ../kg-2026-03-04 --store other`; "
    "`kg restore graph.nq.gz --replace`"
)
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Let a store that is there give way.")
@store_option
def restore(source: Path, replace: bool, store: str) -> int:
    """Make a store from a backup, and check it.

    The store is made beside its place and takes it when it is whole: a backup that is cut short or damaged changes
    nothing. Each article's account is compared with the digest with which it was stored.
    """
    from kg.store import backup as copies
    from kg.store import open_store

    if not source.exists():
        raise UsageError("there is no such backup", where=str(source), remedy="kg backup makes one")
    if is_address(store):
        remote = open_store(store)
        try:
            count = copies.load(source, remote, replace)
        finally:
            remote.close()
    else:
        count = copies.restore(source, Path(store), replace)
    with opened(store) as graph:
        wrong = graph.damaged()
    for identifier in wrong:
        tell("error", f"article {identifier}: its account is not the one that was stored (kg remove, then build again)")
    write_line(f"{count} quads in {store}")
    return 1 if wrong else 0


@click.command(epilog="Examples: `kg compact`; `kg compact --store news`")
@store_option
def compact(store: str) -> None:
    """Compact the store on disk, and the search index beside it.

    Worth its time after many articles came or went; it may take minutes on a large store.
    """
    if is_address(store):
        raise KgError("a store behind an address sees to its files itself", where=store)
    from kg.search import open_index
    from kg.store import EmbeddedStore

    folder = Path(store)
    before = _size(folder) if folder.is_dir() else 0
    kept = EmbeddedStore(folder) if (folder / "CURRENT").exists() else EmbeddedStore(folder, read_only=True)
    try:
        kept.compact()
        index = open_index(kept, "")
        if index is not None:
            index.compact()
            index.close()
    finally:
        kept.close()
    write_line(f"{_mib(before)} before, {_mib(_size(folder))} now")


@click.command(epilog="Example: `kg unlock --store https://example.org/sparql`")
@store_option
def unlock(store: str) -> None:
    """Take away the right to write to a store behind an address, and tell who had it.

    For a process that is no more, on a machine that is not this one: its lock would end by itself a minute after its
    last sign. A process that is still at work notices that the right was taken away, and stops.
    """
    if not is_address(store):
        raise KgError(
            "a folder needs no unlocking", where=store, remedy="its lock is gone as soon as the process has ended"
        )
    from kg.store.remote import RemoteStore

    owners = RemoteStore.unlock(store)
    for owner in owners:
        write_line(f"taken away: {owner}")
    if not owners:
        write_line("nobody has the right to write there")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"


@click.command(epilog="Examples: `kg join ../machine-2/kg-store`; `kg join part-1.nq.gz part-2.nq.gz --store all`")
@click.argument("sources", nargs=-1, required=True, metavar="STORE…", type=click.Path(path_type=Path))
@store_option
def join(sources: tuple[Path, ...], store: str) -> None:
    """Put the articles of other stores into this one, without reading them again.

    Each STORE is a folder or a backup. The graph is then the same, byte for byte, as if all articles had been built in
    one place: a corpus may be split over machines. People's decisions come along.
    """
    from kg.store import EmbeddedStore
    from kg.store import backup as copies

    done: Counter[str] = Counter()
    with opened(store, read_only=False) as graph:
        for source in sources:
            if not source.exists():
                raise UsageError("there is no such store", where=str(source), remedy="kg backup makes copies")
            if copies.is_file(source):
                other = EmbeddedStore(None)
                other.load(copies.quads_of(source))
            else:
                other = EmbeddedStore(source, read_only=True)
            try:
                with progress(graph.join(other), "joining") as items:
                    done.update(what for _, what in items)
            finally:
                other.close()
    write_line(f"{done.total()} articles: " + ", ".join(f"{done[w]} {w}" for w in ("added", "unchanged", "replaced")))
