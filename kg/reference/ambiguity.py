"""Names that several things bear, so that a mention alone does not say which is meant."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from kg.model import LANGUAGES
from kg.reference.tables import Row, split

_COLUMNS: Final = ("name", "official", "acronym", "aliases", "former")
_KEPT: Final = re.compile(r"[^\w]+")


def fold(name: str) -> str:
    """A name without case, accents of Latin letters and punctuation; Cyrillic letters stay themselves, ё is е."""
    plain = []
    for char in unicodedata.normalize("NFKC", name).casefold():
        base = unicodedata.normalize("NFKD", char)
        plain.append(base[0] if base[0].isascii() and len(base) > 1 else char)
    return _KEPT.sub(" ", "".join(plain).replace("ё", "е")).strip()


def shared_names(rows: Mapping[str, Row]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Names that two or more things bear in one language.

    Args:
        rows: rows of the tables by id (``organization/un``).

    Returns:
        Language, name as first written, ids in order; sorted by language and name. A name that a thing
        shares with its own parent, seat, country or capital is left in: a text must tell them apart as well.
    """
    bearers: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for identifier, row in rows.items():
        for lang in LANGUAGES:
            for column in _COLUMNS:
                for name in split(row.get(f"{column}_{lang}")):
                    bearers[lang, fold(name)].setdefault(identifier, name)
    return [
        (lang, min(named.values()), tuple(sorted(named)))
        for (lang, _), named in sorted(bearers.items())
        if len(named) > 1
    ]
