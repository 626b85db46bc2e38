"""A knowledge graph of the presence of international organisations, from news articles to SPARQL.

>>> from kg import open_store
>>> with open_store("kg-store") as store:  # doctest: +SKIP
...     for row in store.query("who-is-in", place="Almaty"):
...         print(row["organization"], row["since"])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.api import Answer, Graph, open_store

__version__ = "0.1.0"
__all__ = ["Answer", "Graph", "__version__", "open_store"]


def __getattr__(name: str) -> Any:
    """Load what is asked for only then: ``import kg`` itself must cost nothing."""
    if name in __all__:
        from kg import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
