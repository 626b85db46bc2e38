"""What pages know of the graph: a part of it asked for each page, or all of it at once for a whole site."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from kg import iris
from kg.export.select import chunks, life_line, rows, view_of
from kg.export.timeline import edge
from kg.export.view import View, property_iri
from kg.pages.counting import facts_of
from kg.pages.summary import PLANS, Standing, Summary, kind_of

_ABOUT: Final = property_iri("about")
_APART: Final = {property_iri("ledTo"), property_iri("account"), property_iri("choice")}


class Known:
    """The graph as a server's pages need it: each asks for what it shows.

    Args:
        graph: what is asked.
        summary: of the same version of the graph, where there is one: it knows the order of many facts at once.
    """

    def __init__(self, graph: Any, summary: Summary | None = None) -> None:
        self.graph = graph
        self.summary = summary if summary is not None and summary.version == graph.version else None

    def view(self, nodes: Iterable[str]) -> View:
        """What is known of some nodes and what they name."""
        return view_of(self.graph, nodes, linked=False)

    def totals(self, iri: str, day: str = "") -> dict[str, int]:
        """How many facts of each kind name an entity, or how many that may have held on a day (ISO 8601)."""
        if self.summary is not None:
            return self.summary.totals(iri, day)
        return {kind: len(facts) for kind, facts in self._naming_at(iri, day).items()}

    def facts(self, iri: str, kind: str, most: int, first: int = 0, day: str = "") -> list[str]:
        """The facts of a kind that name an entity: those that articles report first, then the newest.

        Args:
            iri: the entity.
            kind: of the facts.
            most: how many at most.
            first: how many to leave out at the beginning.
            day: only what may have held on this day (ISO 8601); empty for all.
        """
        if self.summary is not None:
            return self.summary.naming(iri, kind, most, first, day)
        return self._naming_at(iri, day).get(kind, [])[first : first + most]

    def _naming_at(self, iri: str, day: str) -> dict[str, list[str]]:
        """All facts that name an entity, by kind and in order; asked once for all kinds."""
        if (iri, day) not in self._asked:
            self._asked[iri, day] = _ranked(self._standing(iri), day)
        return self._asked[iri, day]

    @cached_property
    def _asked(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        return {}

    def _standing(self, iri: str) -> list[Standing]:
        # The kind of a fact is part of its IRI: nothing more need be asked of the thousands that name a city.
        about = f"{{ ?x io:place <{iri}> }} UNION {{ ?x io:organization <{iri}> }} ?fact io:about ?x"
        patterns = (f"?fact ?p <{iri}>", about)
        named = {row[0].value for pattern in patterns for row in rows(self.graph, pattern, "fact")}
        facts = {fact for fact in named if kind_of(fact)}
        return [found for chunk in chunks(facts) for found in facts_of(self.graph, chunk)]

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
    def _naming(self) -> dict[str, list[Standing]]:
        found: dict[str, list[Standing]] = {}
        view = self.all
        for fact in view.facts():
            named = self._terms(fact)
            for about in view.nodes[fact].get(_ABOUT, []):
                named |= {t.value for p in ("organization", "place") for t in view.values(about.value, p)}
            day = view.text(fact, "sinceEarliest") or view.text(fact, "dateEarliest")
            until, plan = view.text(fact, "untilLatest"), view.text(fact, "status") in PLANS
            standing = Standing(view.kinds[fact], int(view.text(fact, "support") or 0), day, until, plan, fact)
            for iri in named:
                found.setdefault(iri, []).append(standing)
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

    def _standing(self, iri: str) -> list[Standing]:
        return self._naming.get(iri, [])

    def _naming_at(self, iri: str, day: str) -> dict[str, list[str]]:
        # Of each entity once in three languages, and then never again: not kept.
        return _ranked(self._standing(iri), day)

    def line(self, iri: str) -> set[str]:
        """See :meth:`Known.line`; asked once for all languages."""
        if iri not in self._lines:
            self._lines[iri] = super().line(iri)
        return self._lines[iri]

    def newest(self, view: View) -> str:
        """See :meth:`Known.newest`."""
        return self._newest


def _ranked(found: Iterable[Standing], day: str) -> dict[str, list[str]]:
    ordered = sorted(sorted(found, key=lambda f: f.iri), key=lambda f: (f.support > 0, f.day), reverse=True)
    by_kind: dict[str, list[str]] = {}
    for fact in ordered:
        if not day or fact.held(day):
            by_kind.setdefault(fact.kind, []).append(fact.iri)
    return by_kind
