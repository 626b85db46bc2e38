"""Linking out: which identifiers others, Wikidata above all, may have for our entities; a person decides."""

from __future__ import annotations

from kg.link.ask import Endpoint
from kg.link.candidates import BATCH, Suggestion, suggest
from kg.link.entities import Unlinked, unlinked
from kg.link.file import read, write

__all__ = ["BATCH", "Endpoint", "Suggestion", "Unlinked", "read", "suggest", "unlinked", "write"]
