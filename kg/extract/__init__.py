"""Extraction: from an article to facts with verbatim evidence.

::

    from kg.extract import Extractor, to_json
    for fact in Extractor().facts(article):
        print(to_json(article, fact))
"""

from __future__ import annotations

from functools import cache

from kg.extract.extractor import Extractor
from kg.extract.output import to_json
from kg.model import Article, Fact

__all__ = ["Extractor", "extract", "to_json"]


@cache
def _default() -> Extractor:
    return Extractor()


def extract(article: Article) -> list[Fact]:
    """The facts of *article* by the tables and rules that travel with the package."""
    return _default().facts(article)
