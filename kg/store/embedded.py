"""The store on disk: Oxigraph, in this process."""

from __future__ import annotations

import contextlib
import gc
import struct
import sys
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError
from kg.store import bulk
from kg.store.base import Graph, Node, Result, Store, Term, Text
from kg.store.snapshot import Snapshot
from kg.store.sparql import update_text

_MERGED = ox.NamedNode(iris.GRAPH_MERGED)
_FLUSHED: Final = 20_000
_TRIES: Final = 20
_LOOKS: Final = 100
_REMEDY = "run kg build to make it"


class EmbeddedStore:
    """Quads in a folder; many readers, one writer.

    Args:
        path: the folder; made if it is missing, unless *read_only*. ``None`` keeps the quads in memory.
        read_only: open for queries only.

    Raises:
        KgError: if the folder is missing (read-only), is no store, or another process writes to it.
    """

    def __init__(self, path: Path | None, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._since = 0
        self._snapshot: Snapshot | None = None
        self._store: ox.Store | None = self._open(path, read_only)
        self._mend()

    def _mend(self) -> None:
        """Make whole a change that was cut short."""
        if self.path is None or self.read_only:
            return
        try:
            bulk.finish(self.engine, self.path)
        except OSError as error:
            raise KgError(f"the store cannot be written: {error}", where=str(self.path)) from error

    def _open(self, path: Path | None, read_only: bool) -> ox.Store:
        if path is None:
            return ox.Store()
        if path.exists() and not path.is_dir():
            raise KgError("is a file, not the folder of a store", where=str(path), remedy="name another --store")
        made = (path / "CURRENT").exists()
        if read_only and not made:
            raise KgError("there is no graph here", where=str(path), remedy=_REMEDY)
        if not made and path.is_dir() and any(path.iterdir()):
            raise KgError(
                "is a folder with other things in it", where=str(path), remedy="name an empty or a new folder"
            )
        try:
            if read_only:
                engine, self._snapshot = _whole(path)
                if self._snapshot is not None:
                    weakref.finalize(self, self._snapshot.close)
                return engine
            path.mkdir(parents=True, exist_ok=True)
            try:
                return ox.Store(str(path))
            except OSError:
                # The engine gives up its lock with the last reference to it; one may be left in a cycle here.
                gc.collect()
                return ox.Store(str(path))
        except (OSError, RuntimeError) as error:
            if "lock" in str(error).lower():
                holder = writer(path)
                told = f" ({_named(holder)})" if holder is not None else ""
                raise KgError(
                    f"the store is in use by another process{told}",
                    where=str(path),
                    remedy="wait until it has ended; what only reads need not wait",
                ) from error
            raise KgError(f"the store cannot be opened: {error}", where=str(path), remedy=_REMEDY) from error

    @property
    def bytes(self) -> int:
        """How large its files are; 0 for a store in memory."""
        size = 0
        for file in self.path.glob("*.sst") if self.path is not None else ():
            with contextlib.suppress(FileNotFoundError):  # the engine puts files together meanwhile
                size += file.stat().st_size
        return size

    def writer(self) -> int | None:
        """The number of another process that has the store open for writing; ``None`` if there is none."""
        return writer(self.path) if self.path is not None else None

    @property
    def engine(self) -> ox.Store:
        """The engine itself, for what only it can do (backup, serialisation).

        Raises:
            KgError: if the store is closed.
        """
        if self._store is None:
            raise KgError("the store is closed", where=str(self.path))
        return self._store

    def match(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object_: Term | None = None,
        graph: Graph | None = None,
    ) -> Iterator[ox.Quad]:
        """See :meth:`kg.store.base.Store.match`."""
        return iter(self.engine.quads_for_pattern(subject, predicate, object_, graph))

    def contains(self, quad: ox.Quad) -> bool:
        """See :meth:`kg.store.base.Store.contains`."""
        return quad in self.engine

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad], texts: Iterable[Text] = ()) -> None:
        """See :meth:`kg.store.base.Store.apply`; one SPARQL update, which the engine runs as one transaction.

        A large change goes by the bulk loader (:mod:`kg.store.bulk`).
        """
        self._writable()
        gone, new, written = _held(removed), _held(added), list(texts)
        if self.path is not None and bulk.worth(gone, new, written):
            self._apply_in_bulk(self.path, gone, new, written)
            return
        try:
            if gone or new or written:
                self.engine.update(update_text(gone, new, written))
            self._since += len(gone) + len(new) + sum(text.count for text in written)
            if self._since >= _FLUSHED and self.path is not None:
                # Whoever opens the store to read goes through the log of what is not yet in files; it stays short.
                self.engine.flush()
                self._since = 0
        except OSError as error:
            raise KgError(f"the store cannot be written: {error}", where=str(self.path)) from error

    def _apply_in_bulk(self, path: Path, gone: Set[ox.Quad], new: Set[ox.Quad], written: list[Text]) -> None:
        try:
            bulk.make(self.engine, path, gone, new, written)
        except OSError as error:
            with contextlib.suppress(KgError):  # else it is made up for when the store is next opened
                self._mend()
            raise KgError(f"the store cannot be written: {error}", where=str(path)) from error

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """See :meth:`kg.store.base.Store.load`."""
        self._writable()
        try:
            self.engine.bulk_extend(quads)
        except OSError as error:
            raise KgError(f"the store cannot be written: {error}", where=str(self.path)) from error

    def query(self, text: str, substitutions: Mapping[str, Term] | None = None) -> Result:
        """See :meth:`kg.store.base.Store.query`."""
        values = {ox.Variable(name): term for name, term in (substitutions or {}).items()}
        try:
            return self.engine.query(text, default_graph=_MERGED, substitutions=values or None)
        except OSError as error:
            raise KgError(f"the store cannot be read: {error}", where=str(self.path)) from error

    def backup(self, folder: Path) -> None:
        """See :meth:`kg.store.base.Store.backup`; on one file system it takes no time and hardly any space."""
        if folder.exists():
            raise KgError("is there already", where=str(folder), remedy="name a new folder")
        try:
            if self.path is None or self.read_only:
                copy(self, folder)
            else:
                folder.parent.mkdir(parents=True, exist_ok=True)
                self.engine.backup(str(folder))
        except OSError as error:
            raise KgError(f"the copy cannot be written: {error}", where=str(folder)) from error

    def compact(self) -> None:
        """Write all to disk and compact the files.

        Raises:
            KgError: if the store cannot be written.
        """
        self._writable()
        try:
            self.engine.flush()
            self.engine.optimize()
        except OSError as error:
            raise KgError(f"the store cannot be written: {error}", where=str(self.path)) from error

    def close(self) -> None:
        """See :meth:`kg.store.base.Store.close`; quads not yet on disk are written."""
        if self._store is None:
            return
        if not self.read_only and self.path is not None:
            self._store.flush()
        self._store = None
        if self._snapshot is not None:
            self._snapshot.close()

    def _writable(self) -> None:
        if self.read_only:
            raise KgError("the store is open for reading only", where=str(self.path))


def _held(quads: Iterable[ox.Quad]) -> Set[ox.Quad]:
    return quads if isinstance(quads, Set) else frozenset(quads)


def _reader(path: Path) -> tuple[ox.Store, Snapshot | None]:
    """The store as it is now, whatever a writer does from here on, and the links that it is read by."""
    try:
        snapshot = Snapshot(path)
    except OSError:
        return _unlinked(path), None
    try:
        return ox.Store.read_only(str(snapshot.path)), snapshot
    except BaseException:
        snapshot.close()
        raise


def _unlinked(path: Path) -> ox.Store:
    """The store as it is now, where no links can be made: tried again where a writer deletes what is being opened."""
    for number in range(_TRIES):
        try:
            return ox.Store.read_only(str(path))
        except (OSError, RuntimeError) as error:
            if "No such file" not in str(error) or number == _TRIES - 1:
                raise
            time.sleep(0.01 * (number + 1))
    raise AssertionError(path)


def _whole(path: Path) -> tuple[ox.Store, Snapshot | None]:
    """The store as it is now, and not between the two steps of a large change (:mod:`kg.store.bulk`)."""
    for number in range(_LOOKS):
        before = bulk.count(path)
        store, snapshot = _reader(path)
        half = bulk.half(store)
        if not half and bulk.count(path) == before:
            return store, snapshot
        del store
        if snapshot is not None:
            snapshot.close()
        if half and number and writer(path) is None:
            # Whoever made the change is gone: it is made whole, as anyone does who opens the store to write.
            try:
                EmbeddedStore(path).close()
            except KgError as error:
                if "in use" not in error.message:
                    raise
        time.sleep(min(0.002 * 2**number, 0.2))
    raise KgError("a change of the store does not come to its end", where=str(path), remedy="try again later")


def writer(path: Path) -> int | None:
    """The number of another process that has the store in a folder open for writing; ``None`` if there is none.

    The engine locks the file ``LOCK`` (POSIX record locks), which the system gives back however a process ends.
    """
    if sys.platform != "linux":
        return None  # the layout of the answer is another one elsewhere
    import fcntl

    try:
        with (path / "LOCK").open("rb") as lock:
            asked = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
            kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(lock, fcntl.F_GETLK, asked))
    except (OSError, struct.error):
        return None
    return None if kind == fcntl.F_UNLCK else int(pid)


def _named(process: int) -> str:
    """A process as a person would look for it: its number, and its command where the system tells."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return f"number {process}"
    command = " ".join(Path(words[0]).name if n == 0 else word for n, word in enumerate(words) if word)
    return f"number {process}: {command[:80]}" if command else f"number {process}"


def copy(store: Store, folder: Path) -> None:
    """Write the quads of a store into a new embedded store."""
    made = EmbeddedStore(folder)
    try:
        made.load(store.match())
    finally:
        made.close()
