"""The knowledge graph: articles with their facts go in, the merged graph follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError
from kg.graph import describe, terms
from kg.graph.terms import io, prefixed
from kg.merge.account import REFERENCE_ARTICLE, Account, Geography, Listed, from_graph
from kg.merge.foundation import foundation, state_quad
from kg.merge.names import identified
from kg.merge.update import MERGE_KEY, Update
from kg.model import Article, Fact, PartialDate
from kg.reference import Reference
from kg.reference import load as load_reference
from kg.store import Draft, EmbeddedStore, Result, Store, Term, open_store

_MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
_REPORTED: Final = io("reportedIn")
_LABELS: Final = (terms.PREF_LABEL, terms.ALT_LABEL, terms.RDFS_LABEL, io("acronym"))

Done = Literal["added", "unchanged", "replaced"]


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


class KnowledgeGraph:
    """The graph in a store. Each article is one transaction; only the facts that it touches are merged again.

    What the graph holds depends on the articles in it alone, not on the order or the number of times they came.

    Args:
        store: where the quads are.
        reference: the tables; by default those of the package. Needed for changes only.

    Raises:
        KgError: if the store cannot be written.
    """

    def __init__(self, store: Store, reference: Reference | None = None) -> None:
        self.store = store
        if store.read_only:
            return
        self._reference = reference or load_reference()
        self._geography = Geography.of(self._reference)
        self._prepare()

    @classmethod
    def open(cls, store: str | Path, read_only: bool = False, *, reference: Reference | None = None) -> KnowledgeGraph:
        """Open the graph in a folder or behind an address; a new folder is made unless *read_only*.

        Raises:
            KgError: if the store is missing (read-only), damaged, out of reach or in use by another process.
        """
        opened = open_store(store, read_only)
        try:
            return cls(opened, reference)
        except BaseException:
            opened.close()
            raise

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _prepare(self) -> None:
        """Fill a new store; bring one that was made from other tables or another ontology up to date."""
        state = state_quad(self._reference)
        found = list(self.store.match(state.subject, state.predicate, None, state.graph_name))
        if found == [state]:
            return
        if not found and next(iter(self.store.match()), None) is None:
            self.store.load(foundation(self._reference, self._geography))
        else:
            self._renew()

    def _renew(self) -> None:
        fresh = EmbeddedStore(None)
        fresh.load(foundation(self._reference, self._geography))
        for node in self._article_nodes():
            quads = [q for q in self.store.match(None, None, None, node) if q.predicate != MERGE_KEY]
            draft = Draft(fresh)
            self._put(draft, node, quads)
            draft.commit()
        old, new = set(self.store.match()), set(fresh.match())
        self.store.apply(sorted(old - new, key=str), sorted(new - old, key=str))

    def _put(self, draft: Draft, node: ox.NamedNode, quads: list[ox.Quad]) -> None:
        """Put an article's account into *draft*, in the place of the one there, and merge."""
        update = Update(draft, self._geography)
        update.remove_account(node)
        update.add_account(quads, _accounts(quads, node))
        update.finish()

    def add(self, article: Article, facts: Iterable[Fact]) -> Done:
        """Put in an article with its facts, in the place of one with the same id.

        Args:
            article: the article.
            facts: what it says; the order does not matter.

        Returns:
            What was done: ``unchanged`` if the same article with the same facts was there.

        Raises:
            KgError: if the store cannot be written, or the id is one that the graph needs itself.
        """
        self._writable()
        node = ox.NamedNode(iris.article(article.id))
        if node.value == REFERENCE_ARTICLE or not article.id:
            raise KgError(
                "an article cannot have this id", where=article.source or article.id, remedy="give another id"
            )
        quads = describe(article, map(identified, facts), self._reference)
        stored = {q for q in self.store.match(None, None, None, node) if q.predicate != MERGE_KEY}
        if stored == set(quads):
            return "unchanged"
        draft = Draft(self.store)
        self._put(draft, node, quads)
        draft.commit()
        return "replaced" if stored else "added"

    def add_all(self, articles: Iterable[tuple[Article, Iterable[Fact]]]) -> Iterator[tuple[Article, Done]]:
        """Put in many articles, each in a transaction of its own, and tell what was done as it is done."""
        for article, facts in articles:
            yield article, self.add(article, facts)

    def remove(self, identifier: str) -> bool:
        """Take out an article and all that only it said.

        Args:
            identifier: its id.

        Returns:
            Whether there was such an article.
        """
        self._writable()
        node = ox.NamedNode(iris.article(identifier))
        if node.value == REFERENCE_ARTICLE or next(iter(self.store.match(None, None, None, node)), None) is None:
            return False
        draft = Draft(self.store)
        update = Update(draft, self._geography)
        update.remove_account(node)
        update.finish()
        draft.commit()
        return True

    def _writable(self) -> None:
        if self.store.read_only:
            raise KgError("the store is open for reading only")

    def _article_nodes(self) -> list[ox.NamedNode]:
        found = {q.subject for q in self.store.match(None, terms.RDF_TYPE, io("Article"), None)}
        return sorted((n for n in found if isinstance(n, ox.NamedNode)), key=str)

    def articles(self) -> list[StoredArticle]:
        """The articles in the graph, sorted by id."""
        return sorted((self._stored(node) for node in self._article_nodes()), key=lambda a: a.id)

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

    def find(self, name: str) -> list[str]:
        """The IRIs of what has this name in any language, this id (``city/almaty``) or this IRI, sorted."""
        if "/" in name and " " not in name:
            iri = name if "://" in name else iris.entity(name)
            if next(iter(self.store.match(ox.NamedNode(iri), None, None, _MERGED)), None) is not None:
                return [iri]
        wanted = name.casefold()
        found: set[str] = set()
        for property_ in _LABELS:
            for quad in self.store.match(None, property_, None, _MERGED):
                if isinstance(quad.object, ox.Literal) and quad.object.value.casefold() == wanted:
                    assert isinstance(quad.subject, ox.NamedNode)
                    found.add(quad.subject.value)
        return sorted(found)

    def stats(self) -> dict[str, int]:
        """How many articles, quotes, and facts of each kind there are."""
        counts = {"articles": len(self._article_nodes())}
        counts["quotes"] = sum(1 for _ in self.store.match(None, terms.RDF_TYPE, io("Evidence"), None))
        for kind, name in terms.CLASSES.items():
            counts[kind] = sum(1 for _ in self.store.match(None, terms.RDF_TYPE, io(name), _MERGED))
        return counts


def _accounts(quads: list[ox.Quad], node: ox.NamedNode) -> list[Account]:
    listed = Listed(quads)
    facts = [q.subject for q in quads if q.predicate == _REPORTED and isinstance(q.subject, ox.NamedNode)]
    found = (from_graph(listed, fact) for fact in facts if fact.value.startswith(node.value))
    return [account for account in found if account is not None]
