"""What every store can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import pyoxigraph as ox

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Graph: TypeAlias = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Result: TypeAlias = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


@dataclass(frozen=True, slots=True)
class Text:
    """Triples of one graph that are written already, as N-Triples in UTF-8: so they are stored without being read."""

    graph: ox.NamedNode
    triples: bytes

    @classmethod
    def of(cls, graph: ox.NamedNode, quads: Iterable[ox.Quad]) -> Text:
        """The triples of quads of one graph."""
        # A quad is written as a whole, which is quicker than making a triple of it; the graph comes last.
        end = len(str(graph))
        return cls(graph, "".join([f"{str(quad)[:-end]}.\n" for quad in quads]).encode())

    @property
    def count(self) -> int:
        """How many they are."""
        return self.triples.count(b"\n")

    def quads(self) -> list[ox.Quad]:
        """The quads."""
        found = ox.parse(self.triples, ox.RdfFormat.N_TRIPLES)
        return [ox.Quad(quad.subject, quad.predicate, quad.object, self.graph) for quad in found]


class Store(Protocol):
    """A set of quads that is changed a transaction at a time."""

    read_only: bool

    def match(
        self,
        subject: Node | None = None,
        predicate: ox.NamedNode | None = None,
        object_: Term | None = None,
        graph: Graph | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that fit; ``None`` fits everything."""
        ...

    def contains(self, quad: ox.Quad) -> bool:
        """Whether the quad is in the store."""
        ...

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad], texts: Iterable[Text] = ()) -> None:
        """Take out *removed*, then put in *added* and *texts*, as one transaction: all of it or nothing.

        Raises:
            KgError: if the store is read-only or cannot be written.
        """
        ...

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Put in very many quads quickly; not a transaction, so for a store that nobody reads yet."""
        ...

    def query(self, text: str, substitutions: Mapping[str, Term] | None = None) -> Result:
        """Answer a SPARQL 1.1 query; the merged graph is the default graph, every graph is a named one.

        Args:
            text: the query.
            substitutions: values of variables, by name without the question mark (SPARQL-dev SEP-0007).

        Raises:
            SyntaxError: if *text* is no SPARQL.
            KgError: if the store cannot answer.
        """
        ...

    def backup(self, folder: Path) -> None:
        """A copy of the store as it is now, as an embedded store in a new folder.

        Raises:
            KgError: if the folder exists or cannot be written.
        """
        ...

    def close(self) -> None:
        """Let go of the store, so that another process may write to it."""
        ...
