"""The server: SPARQL, linked data, reconciliation and the pages, over snapshots of the graph.

One process answers HTTP (:mod:`kg.serve.app`); queries of strangers run in processes of their own
(:mod:`kg.serve.pool`, :mod:`kg.serve.worker`) on a copy of the graph (:mod:`kg.serve.snapshot`) that follows every
build within seconds. Each capability is a module with a ``routes`` list, mounted by the application:

- :mod:`kg.serve.sparql`: the SPARQL 1.1 Protocol;
- :mod:`kg.serve.linked_data`, :mod:`kg.serve.catalogue`, :mod:`kg.serve.feeds`: documents about what IRIs name, the
  dataset and its dumps, news;
- :mod:`kg.serve.reconcile`: names of somebody's table to entities;
- :mod:`kg.serve.operation`: liveness, readiness, metrics;
- ``kg.serve.pages``: the pages for people, see :mod:`kg.serve.hooks`.

A handler finds the graph with ``site_of(request).current``: its ``graph`` (a :class:`kg.build.KnowledgeGraph`, read
only), its ``version`` and when it was made. The language of the reader is :func:`kg.serve.negotiate.language`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.serve.app import create_app
    from kg.serve.site import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    # A query process imports this package too, and must not load a web framework for it.
    if name == "create_app":
        from kg.serve.app import create_app

        return create_app
    if name == "Settings":
        from kg.serve.site import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
