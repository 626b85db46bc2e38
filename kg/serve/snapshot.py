"""Copies of a store that another process may be writing to: whole, of one moment, and nearly free.

A RocksDB folder consists of files that never change once written (``*.sst``), a list of those in use (``MANIFEST-*``)
and journals (``*.log``) of what is not in them yet. A copy that holds all files of one list, that list as long as it
was, and the journals of the same time, opens as the store stood at that moment; a transaction whose record was not
complete is not in it. If the list changed while the files were taken, they are taken again. The unchanging files are
linked, not copied, where the file system can.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from kg.errors import KgError

_TRIES: Final = 200
_PAUSE: Final = 0.02


@dataclass(frozen=True, slots=True)
class State:
    """What a store's folder holds: the list in use with its length, the names of its files, the length of journals."""

    manifest: str
    length: int
    files: tuple[str, ...]
    journals: tuple[tuple[str, int], ...]

    @property
    def structure(self) -> tuple[str, int, tuple[str, ...], tuple[str, ...]]:
        """What must not change while a copy is made."""
        return self.manifest, self.length, self.files, tuple(name for name, _ in self.journals)


def state(store: Path) -> State:
    """What the folder of a store holds now; a change of it tells that something was written.

    Raises:
        KgError: if there is no store.
    """
    for _ in range(_TRIES):
        try:
            manifest = (store / "CURRENT").read_text().strip()
            length = (store / manifest).stat().st_size
            with os.scandir(store) as entries:
                found = {entry.name: entry.stat().st_size for entry in entries if entry.name.endswith((".sst", ".log"))}
        except FileNotFoundError:
            if not (store / "CURRENT").exists():
                raise KgError("there is no graph here", where=str(store), remedy="run kg build to make it") from None
            time.sleep(_PAUSE)
            continue
        files = tuple(sorted(name for name in found if name.endswith(".sst")))
        journals = tuple(sorted((name, size) for name, size in found.items() if name.endswith(".log")))
        return State(manifest, length, files, journals)
    raise KgError("the store changes all the time", where=str(store), remedy="try again")


def take(store: Path, folder: Path, earlier: Path | None = None) -> State:
    """Copy a store as it is at one moment, whether or not another process writes to it.

    Args:
        store: its folder.
        folder: the copy; must not exist.
        earlier: an earlier copy, for files that can be linked from there but not from the store.

    Returns:
        What the store held at that moment.

    Raises:
        KgError: if there is no store, or the copy cannot be written.
    """
    try:
        for _ in range(_TRIES):
            before = state(store)
            folder.mkdir(parents=True)
            try:
                _take(store, folder, before, earlier)
            except FileNotFoundError:
                pass
            else:
                if state(store).structure == before.structure:
                    return before
            shutil.rmtree(folder)
            time.sleep(_PAUSE)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise KgError(f"the copy cannot be written: {error.strerror}", where=str(folder)) from error
    raise KgError("the store changes all the time", where=str(store), remedy="try again")


def _take(store: Path, folder: Path, held: State, earlier: Path | None) -> None:
    for name in held.files:
        _link(store / name, folder / name, earlier / name if earlier else None)
    with (store / held.manifest).open("rb") as source:
        (folder / held.manifest).write_bytes(source.read(held.length))
    # In order, so that a later journal never lacks what an earlier one has.
    for name, _ in held.journals:
        shutil.copyfile(store / name, folder / name)
    for path in store.glob("OPTIONS-*"):
        shutil.copyfile(path, folder / path.name)
    shutil.copyfile(store / "IDENTITY", folder / "IDENTITY")
    (folder / "CURRENT").write_text(held.manifest + "\n")


def _link(source: Path, target: Path, earlier: Path | None) -> None:
    for path in (source, earlier):
        if path is None or (path is earlier and not path.exists()):
            continue
        try:
            os.link(path, target)
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EACCES, errno.EROFS, errno.EMLINK, errno.ENOTSUP):
                raise
        else:
            return
    shutil.copyfile(source, target)


class Room:
    """A folder for copies of a store, for as long as this process lives.

    It is made beside the store, so that files can be linked, else where the system keeps such things. Rooms of
    processes that ended without clearing up are removed: nobody holds their lock.

    Args:
        store: the folder of the store.

    Raises:
        KgError: if no place can be written.
    """

    def __init__(self, store: Path) -> None:
        name = f".{store.resolve().name}.serve-"
        for parent in (store.resolve().parent, Path(tempfile.gettempdir())):
            with contextlib.suppress(OSError):
                self.folder = Path(tempfile.mkdtemp(prefix=name, dir=parent))
                break
        else:
            raise KgError("there is no place for a copy of the graph", where=str(store.parent), remedy="set TMPDIR")
        self._lock = (self.folder / "lock").open("w")
        _hold(self._lock)
        for old in self.folder.parent.glob(f"{name}*"):
            if old != self.folder and _abandoned(old):
                shutil.rmtree(old, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def _hold(file: IO[str]) -> bool:
    """Take the lock of a file, unless another process has it; elsewhere than on Unix every lock counts as taken."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def _abandoned(folder: Path) -> bool:
    """Whether the process that made a folder has ended."""
    try:
        with (folder / "lock").open() as file:
            return _hold(file)
    except OSError:
        # It is being made just now.
        return False
