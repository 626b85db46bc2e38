"""Where quads are kept: one interface, an embedded store on disk and remote SPARQL 1.1 stores behind it."""

from __future__ import annotations

from pathlib import Path

from kg.store.base import Result, Store, Term, Text
from kg.store.draft import Draft
from kg.store.embedded import EmbeddedStore

__all__ = ["Draft", "EmbeddedStore", "Result", "Store", "Term", "Text", "open_store"]


def open_store(where: str | Path, read_only: bool = False) -> Store:
    """Open a store: a folder, or the address of a remote SPARQL 1.1 store.

    Args:
        where: a path, or an ``http(s)`` address of a query endpoint.
        read_only: open for queries only; a missing store is then an error, else it is made.

    Raises:
        KgError: if the store is missing, damaged, out of reach, or in use by another process.
    """
    text = str(where)
    if text.startswith(("http://", "https://")):
        from kg.store.remote import RemoteStore

        return RemoteStore(text, read_only=read_only)
    return EmbeddedStore(Path(where), read_only=read_only)
