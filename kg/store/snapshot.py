"""The files of a store on disk as they are at one moment, kept for a reader while somebody else writes.

The engine (RocksDB) opens the tables of a store when it first needs them, all but some, and a writer that puts tables
together deletes the old ones. So one who only reads would find that tables are gone which its list of them names: at
once when it comes in the middle, or hours later in the middle of a question. And while it reads that list, a writer may
have moved what was in the log into a table that is not in the list, and deleted the log. Here the list is copied, the
tables and logs are linked beside it (hard links take no space), and all of that is done again if the list has changed
meanwhile: then nothing it needs can have been deleted before it was linked.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import time
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # no hard links of open files there
    fcntl = None  # type: ignore[assignment]

FOLDER: Final = "readers"
"""The folder within a store where links for readers are; each has a folder of its own while it reads."""

_TRIES: Final = 50
_LINKED: Final = (".sst", ".log", ".blob")
_LOCK: Final = "reader"
_numbers = itertools.count()


class Snapshot:
    """The files of a store as they are now, in a folder of their own.

    Args:
        path: the folder of the store.

    Raises:
        OSError: if links cannot be made there, for one on a file system without them or one that is read-only.
    """

    def __init__(self, path: Path) -> None:
        if fcntl is None:
            raise OSError("no links for readers on this system")
        above = path / FOLDER
        above.mkdir(exist_ok=True)
        clear(path)
        self.path = above / f"{os.getpid()}-{next(_numbers)}"
        self.path.mkdir()
        self._lock = os.open(self.path / _LOCK, os.O_CREAT | os.O_RDWR)
        try:
            # Held as long as the process lives, however it ends: by that others know whether the links are needed.
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            for number in range(_TRIES):
                if self._take(path):
                    return
                time.sleep(0.005 * (number + 1))
            raise OSError("the store changes all the time")
        except BaseException:
            self.close()
            raise

    def _take(self, path: Path) -> bool:
        """Copy the list of tables and link what it names; whether nothing has changed meanwhile."""
        for old in self.path.iterdir():
            if old.name != _LOCK:
                old.unlink()
        with contextlib.suppress(FileNotFoundError):  # deleted by a writer: there is a new list then
            current = (path / "CURRENT").read_bytes()
            name = current.decode().strip()
            listed = (path / name).read_bytes()
            for file in os.scandir(path):
                if file.name.endswith(_LINKED):
                    os.link(file.path, self.path / file.name)
                elif file.name.startswith("OPTIONS-"):
                    shutil.copyfile(file.path, self.path / file.name)
            (self.path / name).write_bytes(listed)
            (self.path / "CURRENT").write_bytes(current)
            same = (path / "CURRENT").read_bytes() == current
            return same and (path / name).stat().st_size == len(listed)
        return False

    def close(self) -> None:
        """Give the links back."""
        if self._lock < 0:
            return
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)
        self._lock = -1
        with contextlib.suppress(OSError):  # another one reads, or it may not be written
            self.path.parent.rmdir()


def clear(path: Path) -> None:
    """Delete the links of readers that were killed.

    Args:
        path: the folder of the store.
    """
    for folder in (path / FOLDER).glob("*"):
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            continue  # just being made, or gone
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass  # somebody reads there
        finally:
            os.close(lock)
