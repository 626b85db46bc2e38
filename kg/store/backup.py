"""Copies of a store: a folder that is a store itself, or a file of N-Quads that any store takes."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore

SUFFIXES: Final = (".nq", ".nq.gz")
_END: Final = re.compile(rb"# end of backup: (\d+) quads")


def is_file(path: Path) -> bool:
    """Whether a backup of this name is a file of N-Quads rather than a folder."""
    return path.name.endswith(SUFFIXES)


def back_up(where: Path, to: Path) -> int:
    """Copy the store in a folder, also while another process writes to it: then as it was when the copying began.

    Args:
        where: the folder of the store.
        to: a new folder, or a new file ``.nq`` or ``.nq.gz``.

    Returns:
        How many quads the copy holds.

    Raises:
        KgError: if there is no store, *to* exists, or the copy cannot be written.
    """
    # Whoever may write copies without reading (a checkpoint of the engine); next to a writer the quads are read.
    reading = is_file(to) or EmbeddedStore(where, read_only=True).writer() is not None
    store = EmbeddedStore(where, read_only=reading)
    try:
        return write(store, to)
    finally:
        store.close()


def write(store: Store, to: Path) -> int:
    """Copy a store, as :func:`back_up` does; a broken run leaves nothing under the name.

    Returns:
        How many quads the copy holds.

    Raises:
        KgError: if *to* exists or cannot be written.
    """
    if to.exists():
        raise KgError("is there already", where=str(to), remedy="name a new file or folder")
    part = to.with_name(to.name + ".part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        if is_file(to):
            count = _write_quads(store.match(), part)
        else:
            store.backup(part)
            copy = EmbeddedStore(part, read_only=True)
            count = len(copy.engine)
            copy.close()
        part.rename(to)
    except OSError as error:
        raise KgError(f"the copy cannot be written: {error.strerror or error}", where=str(to)) from error
    finally:
        _remove(part)
    return count


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _opened(path: Path, mode: str) -> IO[bytes]:
    if path.name.removesuffix(".part").endswith(".gz"):
        if mode == "rb":
            return cast(IO[bytes], gzip.open(path, "rb"))
        # Without the time of day: the same store gives the same bytes.
        return cast(IO[bytes], gzip.GzipFile(filename="", mode="wb", fileobj=path.open("wb"), mtime=0, compresslevel=6))
    return cast(IO[bytes], path.open(mode))


def _write_quads(quads: Iterable[ox.Quad], path: Path) -> int:
    count = 0
    with _opened(path, "wb") as out:
        for quad in quads:
            out.write(f"{quad} .\n".encode())
            count += 1
        out.write(f"# end of backup: {count} quads\n".encode())
    return count


def quads_of(source: Path) -> Iterator[ox.Quad]:
    """The quads of a backup.

    Raises:
        KgError: if it is missing, cut short or damaged; the last is known only when all quads have been read.
    """
    if is_file(source):
        yield from _read_quads(source)
        return
    store = EmbeddedStore(source, read_only=True)
    try:
        yield from store.match()
    finally:
        store.close()


def _read_quads(source: Path) -> Iterator[ox.Quad]:
    count, told = 0, None
    try:
        with _opened(source, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.startswith(b"#"):
                    ended = _END.match(line)
                    told = int(ended[1]) if ended else told
                    continue
                try:
                    found = list(ox.parse(line, ox.RdfFormat.N_QUADS))
                except SyntaxError as error:
                    raise KgError(f"no N-Quads: {error}", where=f"{source}, line {number}") from None
                count += len(found)
                yield from found
    except (OSError, EOFError) as error:
        raise KgError(f"cannot be read: {error}", where=str(source), remedy="is it a whole backup?") from error
    if told is not None and told != count:
        raise KgError(f"{told} quads were backed up, {count} are there", where=str(source), remedy="use another copy")
    if told is None:
        raise KgError("the end is missing", where=str(source), remedy="the file was cut short; use another copy")


def restore(source: Path, to: Path, replace: bool = False) -> int:
    """Make a store from a backup; it is whole before it takes its place.

    Args:
        source: what :func:`write` made.
        to: folder of the store.
        replace: whether a store that is there gives way.

    Returns:
        How many quads the store holds.

    Raises:
        KgError: if the backup is missing or damaged, or there is a store already, or somebody writes to that.
    """
    there = to.exists() and any(to.iterdir()) if to.is_dir() or not to.exists() else True
    if there and not replace:
        raise KgError("there is a store already", where=str(to), remedy="name another --store, or say --replace")
    if there:
        EmbeddedStore(to).close()  # a store, and nobody writes to it
    part, old = (to.with_name(to.name + end) for end in (".part", ".old"))
    try:
        _remove(part)
        if is_file(source):
            made = EmbeddedStore(part)
            made.load(quads_of(source))
            count = len(made.engine)
            made.close()
        else:
            count = back_up(source, part)
        _remove(old)
        if to.exists():
            to.rename(old)
        part.rename(to)
        _remove(old)
    except OSError as error:
        raise KgError(f"the store cannot be written: {error.strerror or error}", where=str(to)) from error
    finally:
        _remove(part)
    return count


def load(source: Path, store: Store, replace: bool = False) -> int:
    """Fill a store behind an address from a backup.

    Args:
        source: what :func:`write` made.
        store: the store.
        replace: whether what it holds of our graphs is taken out first.

    Returns:
        How many quads were put in.

    Raises:
        KgError: if the backup is missing or damaged, or the store holds graphs of ours already.
    """
    held = [q for q in store.match() if str(getattr(q.graph_name, "value", "")).startswith(iris.BASE)]
    if held and not replace:
        raise KgError("there is a graph already", remedy="name another --store, or say --replace")
    quads = list(quads_of(source))
    if held:
        store.apply(held, ())
    store.load(quads)
    return len(quads)
