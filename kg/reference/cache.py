"""A compiled copy of the tables in the user's cache folder (XDG Base Directory Specification).

The copy is JSON, not a pickle: reading it can never run anything. Its name is made from the content
of the tables, so that a change of a table is seen at once and a stale copy never is.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

_FORMAT: Final = "5"
_KEPT: Final = 4


def digest(tables: Iterable[Path]) -> str:
    """A hash of the names and the content of *tables*.

    Raises:
        OSError: if one cannot be read.
    """
    found = hashlib.sha256(_FORMAT.encode())
    for path in tables:
        content = path.read_bytes()
        found.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()[:20]


def folder() -> Path | None:
    """Where compiled copies lie: under ``XDG_CACHE_HOME``, else ``~/.cache``; None where there is neither."""
    base = os.environ.get("XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "presence-kg"
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    return Path(home) / ".cache" / "presence-kg" if home else None


def read(key: str) -> dict[str, Any] | None:
    """The copy with that key; None where there is none or it is damaged."""
    place = folder()
    try:
        found = json.loads((place / f"reference-{key}.json").read_bytes()) if place else None
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(key: str, content: Mapping[str, Any]) -> None:
    """Leave a copy under *key* in one step, and clear away old ones; a folder that cannot be written is left alone."""
    place = folder()
    if place is None:
        return
    with contextlib.suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place, delete=False) as copy:
            try:
                copy.write(text)
                copy.close()
                os.replace(copy.name, place / f"reference-{key}.json")
            except OSError:
                os.unlink(copy.name)
                raise
        copies = sorted(place.glob("reference-*"), key=lambda path: path.stat().st_mtime_ns)
        for old in copies[:-_KEPT]:
            old.unlink(missing_ok=True)
