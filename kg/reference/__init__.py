"""The reference tables: who and what the names of an article may mean."""

from __future__ import annotations

from kg.reference.checks import check
from kg.reference.lines import TableProblem
from kg.reference.loader import Entry, Reference, load

__all__ = ["Entry", "Reference", "TableProblem", "check", "load"]
