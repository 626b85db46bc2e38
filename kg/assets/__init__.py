"""Files that pages load: the style, the world map and the SPARQL editor, built from ``web/`` (see LICENCES.txt)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


@cache
def text(name: str) -> str:
    """The text of the file *name*."""
    return (FOLDER / name).read_text(encoding="utf-8")
