"""What the pages say in each language, from ``texts/<language>.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent / "texts"


@cache
def texts(lang: str) -> dict[str, dict[str, str]]:
    """``words`` (short ones, by key) and ``guide`` (the sentences of the page on the layout of the data)."""
    found: Any = yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    return {part: {str(key): str(text) for key, text in entries.items()} for part, entries in found.items()}


def word(lang: str, key: str) -> str:
    """The word *key* in a language; a topic that has none yet keeps its own name."""
    return texts(lang)["words"].get(key, key.removeprefix("topic-"))
