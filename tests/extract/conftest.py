"""One extractor for all tests of extraction: its tables take most of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kg.extract import Extractor
from kg.extract.reading import Reading
from kg.model import Article, PartialDate

Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> Read:
    """The reading of a text in a language."""

    def reading(lang: str, text: str, title: str = "") -> Reading:
        return extractor.reader.read(Article("test", lang, title, text, PartialDate("2024-05-20")))

    return reading


def spans(reading: Reading, *types: str) -> list[tuple[Any, ...]]:
    """Mentions as ``(text, id, case)``, of some types or of all."""
    found = []
    for m in reading.mentions:
        if not types or m.type in types:
            document = reading.document
            source = document.title if document.sentences[m.sentence].title else document.text
            found.append((source[document.starts[m.first] : document.ends[m.last - 1]], m.entity.id, m.case))
    return found
