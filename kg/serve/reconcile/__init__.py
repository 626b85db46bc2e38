"""The Reconciliation Service API (W3C community specification 0.2): from names of somebody's table to our entities."""

from __future__ import annotations
