"""What pages know of the graph: a part of it asked for each page, or all of it at once for a whole site."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from kg import iris
from kg.export.select import life_line, quads_of, rows
from kg.export.timeline import edge
from kg.export.view import CLASSES, View, property_iri
from kg.model import KINDS

_MOST: Final = 20_000
_PICKED: Final = " ".join(f"io:{name}" for name, kind in CLASSES.items() if kind in KINDS)
_ABOUT: Final = property_iri("about")
_APART: Final = {property_iri("ledTo"), property_iri("account"), property_iri("choice")}


class Known:
    """The graph as a server's pages need it: each asks for what it shows.

    Args:
        graph: what is asked.
    """

    def __init__(self, graph: Any) -> None:
        self.graph = graph

    def view(self, nodes: Iterable[str]) -> View:
        """What is known of some nodes and what they name."""
        return View.of(quads_of(self.graph, nodes, linked=False))

    def facts(self, iri: str) -> dict[str, list[str]]:
        """The facts that name an entity, by kind, those that most articles report first (20,000 at most)."""
        picked = f"VALUES ?class {{ {_PICKED} }} ?fact a ?class ; io:support ?support"
        patterns = (
            f"?fact ?p <{iri}> FILTER (?p != io:ledTo) {picked}",
            f"?x io:organization|io:place <{iri}> . ?fact io:about ?x . {picked}",
        )
        found: dict[str, dict[str, int]] = {}
        for pattern in patterns:
            answer = self.graph.query(
                f"PREFIX io: <{iris.IO}> SELECT DISTINCT ?fact ?class ?support WHERE {{ {pattern} }} LIMIT {_MOST}"
            )
            for solution in answer:
                kind = CLASSES[solution["class"].value.removeprefix(iris.IO)]
                found.setdefault(kind, {})[solution["fact"].value] = int(solution["support"].value)
        return _ranked(found)

    def line(self, iri: str) -> set[str]:
        """The life line of an establishment; of another fact what led to it and what it led to."""
        if iri.startswith(f"{iris.ID_PREFIX}presence/"):
            return life_line(self.graph, iri)
        patterns = (f"?fact io:ledTo+ <{iri}>", f"<{iri}> io:ledTo+ ?fact")
        return {row[0].value for pattern in patterns for row in rows(self.graph, pattern, "fact")}

    def newest(self, view: View) -> str:
        """The newest day that a page knows of; see :func:`kg.export.timeline.edge`."""
        return edge(view)


class Whole(Known):
    """All of the graph, in memory: for writing thousands of pages.

    Args:
        graph: what is read once.
    """

    @cached_property
    def all(self) -> View:
        """The whole graph."""
        return View.of(self.graph.quads())

    @cached_property
    def _naming(self) -> dict[str, dict[str, dict[str, int]]]:
        found: dict[str, dict[str, dict[str, int]]] = {}
        view = self.all
        for fact in view.facts():
            named = self._terms(fact)
            for about in view.nodes[fact].get(_ABOUT, []):
                named |= {t.value for p in ("organization", "place") for t in view.values(about.value, p)}
            support = int(view.text(fact, "support") or 0)
            for iri in named:
                found.setdefault(iri, {}).setdefault(view.kinds[fact], {})[fact] = support
        return found

    def _terms(self, fact: str) -> set[str]:
        nodes = self.all.nodes[fact]
        return {str(t.value) for p, ts in nodes.items() if p not in _APART for t in ts if hasattr(t, "value")}

    @cached_property
    def _lines(self) -> dict[str, set[str]]:
        return {}

    @cached_property
    def _newest(self) -> str:
        return edge(self.all)

    def view(self, nodes: Iterable[str]) -> View:
        """All that is known."""
        return self.all

    def facts(self, iri: str) -> dict[str, list[str]]:
        """See :meth:`Known.facts`."""
        return _ranked(self._naming.get(iri, {}))

    def line(self, iri: str) -> set[str]:
        """See :meth:`Known.line`; asked once for all languages."""
        if iri not in self._lines:
            self._lines[iri] = super().line(iri)
        return self._lines[iri]

    def newest(self, view: View) -> str:
        """See :meth:`Known.newest`."""
        return self._newest


def _ranked(found: dict[str, dict[str, int]]) -> dict[str, list[str]]:
    return {kind: sorted(facts, key=lambda f: (-facts[f], f)) for kind, facts in found.items()}
