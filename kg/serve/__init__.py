"""A SPARQL 1.1 Protocol endpoint over a snapshot of the graph, read-only."""

from __future__ import annotations

from kg.serve.app import create_app

__all__ = ["create_app"]
