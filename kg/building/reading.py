"""What can be asked of a graph without its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import pyoxigraph as ox

from kg import iris
from kg.building.account import VERSION, account_quads, digest, digest_of
from kg.errors import KgError
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.merge.account import REFERENCE_ARTICLE
from kg.merge.decisions import GRAPH as DECISIONS
from kg.model import PartialDate
from kg.store import Result, Store, Term

MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
REFERENCE: Final = ox.NamedNode(iris.GRAPH_REFERENCE)
_REPORTED: Final = io("reportedIn")
_IRI: Final = re.compile(r"[^\s<>\"{}|^`\\]+")
_LABELS: Final = (terms.PREF_LABEL, terms.ALT_LABEL, terms.RDFS_LABEL, io("acronym"))


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What the graph knows of an article: id, title, language, date, address, outlet, number of facts."""

    id: str
    title: str
    lang: str
    published: PartialDate | None
    url: str
    outlet: str
    facts: int


class Reading:
    """The graph in a store, for questions.

    Args:
        store: where the quads are.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _article(self, identifier: str) -> ox.NamedNode | None:
        """The article that an id, an IRI or the beginning of an id means."""
        for iri in (iris.article(identifier), identifier):
            if not iri.startswith(iris.ARTICLE_PREFIX) or iri == REFERENCE_ARTICLE or not _IRI.fullmatch(iri):
                continue
            node = ox.NamedNode(iri)
            if next(iter(self.store.match(node, terms.RDF_TYPE, io("Article"), node)), None) is not None:
                return node
        begun = [n for n in self.article_nodes() if identifier and n.value.startswith(iris.article(identifier))]
        if len(begun) > 1:
            names = ", ".join(self._stored(n).id for n in begun[:3])
            raise KgError(f'several ids begin with "{identifier}": {names}', remedy="give the whole id")
        return begun[0] if begun else None

    @property
    def version(self) -> str:
        """A digest of all that the graph holds; the same articles, tables and ontology give the same."""
        state = [str(q) for q in self.store.match(REFERENCE, None, None, REFERENCE)]
        stamp = [str(q) for q in self.store.match(MERGED, VERSION, None, REFERENCE)]
        decided = [str(q) for q in self.store.match(None, None, None, DECISIONS)]
        return iris.digest(*sorted(state), *stamp, *sorted(decided))

    def _writable(self) -> None:
        if self.store.read_only:
            raise KgError("the store is open for reading only")

    def article_nodes(self) -> list[ox.NamedNode]:
        """The articles, sorted."""
        found = {q.subject for q in self.store.match(None, terms.RDF_TYPE, io("Article"), None)}
        return sorted((n for n in found if isinstance(n, ox.NamedNode)), key=str)

    def articles(self) -> list[StoredArticle]:
        """The articles in the graph, sorted by id."""
        return sorted((self._stored(node) for node in self.article_nodes()), key=lambda a: a.id)

    def _stored(self, node: ox.NamedNode) -> StoredArticle:
        values = {q.predicate: q.object.value for q in self.store.match(node, None, None, node)}  # type: ignore[union-attr]

        def of(name: str) -> str:
            return str(values.get(prefixed(name), ""))

        published = of("schema:datePublished")
        return StoredArticle(
            id=of("dcterms:identifier"),
            title=of("schema:headline"),
            lang=of("schema:inLanguage"),
            published=PartialDate(published) if published else None,
            url=of("schema:url"),
            outlet=of("schema:publisher"),
            facts=sum(1 for _ in self.store.match(None, _REPORTED, node, node)),
        )

    def query(self, sparql: str, substitutions: Mapping[str, Term] | None = None) -> Result:
        """Answer a SPARQL 1.1 query; the default graph is the merged graph, ``GRAPH`` asks any other.

        Args:
            sparql: the query.
            substitutions: values of variables, by name without the question mark.

        Raises:
            SyntaxError: if it is no SPARQL.
            KgError: if the store cannot answer.
        """
        return self.store.query(sparql, substitutions)

    def quads(self) -> Iterator[ox.Quad]:
        """Every quad of every graph, in no particular order."""
        return self.store.match()

    def damaged(self) -> list[str]:
        """The ids of the articles whose accounts are not as they were put in, by their digests.

        A store that rewrites values (``0.50`` as ``0.5``) makes all of them different: the digest is over the quads as
        they were given. It is meant for embedded stores.
        """
        return [
            self._stored(node).id
            for node in self.article_nodes()
            if digest(account_quads(self.store, node)) != digest_of(self.store, node)
        ]

    def find(self, name: str) -> list[str]:
        """The IRIs of what has this name in any language, this id (``city/almaty``) or this IRI, sorted."""
        if "/" in name and " " not in name:
            iri = name if "://" in name else iris.entity(name)
            if next(iter(self.store.match(ox.NamedNode(iri), None, None, MERGED)), None) is not None:
                return [iri]
        wanted = name.casefold()
        found: set[str] = set()
        for property_ in _LABELS:
            for quad in self.store.match(None, property_, None, MERGED):
                if isinstance(quad.object, ox.Literal) and quad.object.value.casefold() == wanted:
                    assert isinstance(quad.subject, ox.NamedNode)
                    found.add(quad.subject.value)
        return sorted(found)

    def stats(self) -> dict[str, int]:
        """How many articles, quotes, and facts of each kind there are."""
        counts = {"articles": len(self.article_nodes())}
        counts["quotes"] = sum(1 for _ in self.store.match(None, terms.RDF_TYPE, io("Evidence"), None))
        for kind, name in terms.CLASSES.items():
            counts[kind] = sum(1 for _ in self.store.match(None, terms.RDF_TYPE, io(name), MERGED))
        return counts
