"""What an extractor is made from, in a form that can be sent to another machine, and the version that it has."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from kg.extract.extractor import Extractor
from kg.extract.lexicon import lexicon
from kg.model import LANGUAGES
from kg.reference import load
from kg.reference.tables import DATA

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_SOURCES: Final = ("extract", "language")
_OwnFiles = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what an extractor reads out of an article, beside the package itself.

    Attributes:
        frames: files of further trigger words: name and content.
        names: files of further names: name and content.
        min_confidence: facts below it are left out, 0 to 1.
    """

    frames: _OwnFiles = ()
    names: _OwnFiles = ()
    min_confidence: float = 0.0

    @classmethod
    def of(cls, frames: Iterable[Path] = (), names: Iterable[Path] = (), min_confidence: float = 0.0) -> Settings:
        """From files on this machine.

        Raises:
            OSError: if one cannot be read.
        """
        return cls(_contents(frames), _contents(names), min_confidence)

    @property
    def version(self) -> str:
        """A name for what the extractor reads: the same settings, tables, words, weights and code give the same."""
        found = hashlib.sha256(package_version().encode())
        for name, content in (*self.frames, ("", b""), *self.names):
            found.update(f"{name}\0{len(content)}\0".encode() + content)
        found.update(repr(self.min_confidence).encode())
        return f"rules-{found.hexdigest()[:12]}"

    def extractor(self) -> Extractor:
        """An extractor with these settings."""
        with tempfile.TemporaryDirectory(prefix="presence-kg-") as folder:
            names = _written(Path(folder, "names"), self.names)
            frames = _written(Path(folder, "frames"), self.frames)
            # The words of files that are gone in a moment are read now; those of the package when they are needed.
            for lang in LANGUAGES if frames else ():
                lexicon(lang, frames)
            return Extractor(load(extra=names), frames=frames, min_confidence=self.min_confidence)


@cache
def package_version() -> str:
    """A digest of what the package itself reads with: its tables, trigger words, weights and code."""
    found = hashlib.sha256()
    parts = [p for part in _SOURCES for p in (_PACKAGE / part).rglob("*") if p.suffix in {".py", ".yaml", ".json"}]
    for path in (*sorted(parts), *sorted(DATA.glob("*.csv"))):
        found.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _contents(paths: Iterable[Path]) -> _OwnFiles:
    return tuple((path.name, path.read_bytes()) for path in paths)


def _written(folder: Path, contents: _OwnFiles) -> tuple[Path, ...]:
    """The files again, each in a folder of its own, since two of them may have one name."""
    paths = []
    for number, (name, content) in enumerate(contents):
        path = folder / str(number) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        paths.append(path)
    return tuple(paths)
