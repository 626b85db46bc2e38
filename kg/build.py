"""The knowledge graph: articles with their facts go in, the merged graph follows."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal
from urllib.parse import unquote

import pyoxigraph as ox

from kg import iris, search
from kg.errors import KgError, Problem, UsageError
from kg.graph import article_quads, describe, earlier_text_quads, terms
from kg.graph.readers import Keep, kept, without_reader
from kg.graph.sound import refusal, unsound
from kg.graph.terms import io, prefixed
from kg.merge import judged
from kg.merge.account import REFERENCE_ARTICLE, Account, Geography, Listed, from_graph
from kg.merge.decisions import GRAPH as DECISIONS
from kg.merge.decisions import Decision, Decisions
from kg.merge.foundation import foundation, state_quad
from kg.merge.names import identified
from kg.merge.update import MERGE_KEY, Update
from kg.model import Article, Fact, PartialDate
from kg.reference import Reference
from kg.reference import load as load_reference
from kg.store import Draft, EmbeddedStore, Result, Store, Term, open_store
from kg.store.text import TextIndex

_MERGED: Final = ox.NamedNode(iris.GRAPH_MERGED)
_REFERENCE: Final = ox.NamedNode(iris.GRAPH_REFERENCE)
_REPORTED: Final = io("reportedIn")
_VERSION: Final = prefixed("dcterms:hasVersion")
_IRI: Final = re.compile(r"[^\s<>\"{}|^`\\]+")
_OPTIONAL: Final = frozenset(
    {*map(prefixed, ("schema:headline", "schema:datePublished", "schema:url", "schema:publisher")), io("reader")}
)
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
        reference_accounts: whether the facts that the tables state are in the graph, as a source of their own.
        on_problem: told of each fact that is kept out, a :class:`kg.errors.Refusal`; by default the log is.

    Raises:
        KgError: if the store cannot be written.
    """

    def __init__(
        self,
        store: Store,
        reference: Reference | None = None,
        *,
        reference_accounts: bool = True,
        on_problem: Callable[[Problem], None] | None = None,
    ) -> None:
        self.store = store
        self._on_problem = on_problem or _log
        self._facts = reference_accounts
        self._index: TextIndex | None = None
        if store.read_only:
            return
        self._reference = reference or load_reference()
        self._geography = Geography.of(self._reference)
        self._decisions = judged.decided(judged.stored(store), self._geography)
        self._prepare()
        self._read_decisions()
        # Whatever was changed until here, or before a crash, is made up for at once.
        self._index = search.open_index(store, self.version)

    @classmethod
    def open(
        cls,
        store: str | Path,
        read_only: bool = False,
        *,
        reference: Reference | None = None,
        reference_accounts: bool = True,
        on_problem: Callable[[Problem], None] | None = None,
    ) -> KnowledgeGraph:
        """Open the graph in a folder or behind an address; a new folder is made unless *read_only*.

        The other arguments are those of the class.

        Raises:
            KgError: if the store is missing (read-only), damaged, out of reach or in use by another process.
        """
        opened = open_store(store, read_only)
        try:
            return cls(opened, reference, reference_accounts=reference_accounts, on_problem=on_problem)
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
        if self._index is not None:
            self._index.close()
            self._index = None
        self.store.close()

    def _prepare(self) -> None:
        """Fill a new store; bring one that was made from other tables or another ontology up to date."""
        state = state_quad(self._reference, self._facts)
        found = list(self.store.match(state.subject, state.predicate, None, state.graph_name))
        if found == [state]:
            return
        if not found and next(iter(self.store.match()), None) is None:
            self.store.load(foundation(self._reference, self._geography, self._facts))
        else:
            self._renew()

    def _renew(self) -> None:
        fresh = self._merged_anew(self._article_nodes())
        old, new = set(self.store.match()), set(fresh.match())
        self.store.apply(sorted(old - new, key=str), sorted(new - old, key=str))

    def _merged_anew(
        self, nodes: Iterable[ox.NamedNode], until: PartialDate | None = None, keep: Keep | None = None
    ) -> EmbeddedStore:
        """A store in memory with the accounts of some articles, merged at once.

        Args:
            nodes: the articles.
            until: of the tables only what was looked up by the end of this day, month or year.
            keep: which evidence counts; all without it.
        """
        fresh = EmbeddedStore(None)
        fresh.load(foundation(self._reference, self._geography, self._facts, until))
        draft = Draft(fresh)
        judged.judge(draft, self._geography, Decisions(), self._decisions)
        update = Update(draft, self._geography, self._decisions)
        total = 0
        for node in nodes:
            quads = [q for q in self.store.match(None, None, None, node) if q.predicate not in (MERGE_KEY, _VERSION)]
            digest = _digest_of(self.store, node) or _digest(quads)
            if keep is not None:
                quads = kept(quads, keep)
                digest = _digest(quads)
            total += int(digest, 16)
            update.add_account([*quads, ox.Quad(node, _VERSION, ox.Literal(digest), node)], _accounts(quads, node))
        update.finish()
        draft.add(_sum_quads(total))
        removed, added = draft.changes()
        fresh.apply(removed, ())
        fresh.load(added)
        return fresh

    def known_by(self, date: PartialDate, keep: Keep | None = None) -> EmbeddedStore:
        """What was known by a date: a store in memory of the articles that were certainly published until its end.

        It holds what a store would that only these articles were put into, quad for quad, with the tables' facts
        that had been looked up by then. What people decided holds at any time.

        Args:
            date: a day, a month or a year.
            keep: which evidence counts, by its reader and its confidence; all without it.
        """
        self._load_tables()
        nodes = []
        for node in self._article_nodes():
            published = self._stored(node).published
            if published is not None and published.latest <= date.latest:
                nodes.append(node)
        return self._merged_anew(nodes, date, keep)

    def by_readers(self, keep: Keep) -> EmbeddedStore:
        """What the evidence that counts says: a store in memory, merged as if there were no other.

        Args:
            keep: which evidence counts, by its reader and its confidence.
        """
        self._load_tables()
        return self._merged_anew(self._article_nodes(), keep=keep)

    def _load_tables(self) -> None:
        """Read what a graph that is open for questions does without: the tables, and people's decisions."""
        if self.store.read_only:
            self._reference = load_reference()
            self._geography = Geography.of(self._reference)
            self._decisions = judged.decided(self.decisions(), self._geography)

    def _commit(self, draft: Draft) -> None:
        """Make the changes, and those of the search index that follow from them."""
        removed, added = draft.changes() if self._index is not None else ([], [])
        draft.commit()
        if self._index is None:
            return
        try:
            self._index.update(removed, added, self.version)
        except KgError as error:
            # The article is stored; the index is out of step, says so itself, and is mended when it is next opened.
            self._on_problem(Problem(error.message, error.where, "kg search --rebuild", "warning"))
            self._index.close()
            self._index = None

    def _put(self, draft: Draft, node: ox.NamedNode, quads: list[ox.Quad], digest: str) -> None:
        """Put an article's account into *draft*, in the place of the one there, and merge; no quads take it out.

        Each account keeps its digest, and the graph the sum of all, so that the order in which they came plays no part.
        """
        old = draft.match(_MERGED, _VERSION, None, _REFERENCE)
        total = sum(int(str(getattr(q.object, "value", "0")), 16) for q in old)
        total += int(digest or "0", 16) - int(_digest_of(draft, node) or "0", 16)
        draft.remove(old)
        draft.add(_sum_quads(total))
        update = Update(draft, self._geography, self._decisions)
        update.remove_account(node)
        if quads:
            accounts = _accounts(quads, node)
            update.add_account([*quads, ox.Quad(node, _VERSION, ox.Literal(digest), node)], accounts)
        update.finish()

    def holds(self, article: Article, reader: str) -> bool:
        """Whether the graph has this very article, read by this very *reader*: reading it again changes nothing."""
        wanted = {(q.predicate, q.object) for q in article_quads(article, reader)}
        node = ox.NamedNode(iris.article(article.id))
        properties = {p for p, _ in wanted} | _OPTIONAL
        found = {(q.predicate, q.object) for q in self.store.match(node, None, None, node) if q.predicate in properties}
        return found == wanted

    def add(self, article: Article, facts: Iterable[Fact], *, reader: str = "") -> Done:
        """Put in an article with its facts, in the place of one with the same id, whose text is kept for the record.

        Args:
            article: the article.
            facts: what it says; the order does not matter. One that is not well formed, or whose quote does not stand
                in the article, is kept out.
            reader: name and version of what took the facts out of the article, for :meth:`holds`.

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
        quads = describe(article, map(identified, self._sound(article, facts)), self._reference, reader=reader)
        stored = _digest_of(self.store, node)
        if stored:
            quads += earlier_text_quads(self.store.match(None, None, None, node), article)
        digest = _digest(quads)
        if stored == digest:
            return "unchanged"
        draft = Draft(self.store)
        self._put(draft, node, quads, digest)
        self._commit(draft)
        return "replaced" if stored else "added"

    @property
    def decisions_file(self) -> Path | None:
        """The file of people's decisions in the folder of the store; ``None`` if the store has no folder."""
        path = self.store.path if isinstance(self.store, EmbeddedStore) else None
        return path / judged.FILE if path else None

    def decisions(self) -> list[Decision]:
        """What people hold to be the same or different."""
        return judged.stored(self.store)

    def side(self, fact: str, article: str = "") -> str:
        """The id by which a decision names what *fact*, an IRI of the merged graph, stands for.

        Args:
            fact: an entity or a fact.
            article: id of an article, for what that one says of a fact.

        Raises:
            UsageError: if no such article reports the fact.
        """
        if next(iter(self.store.match(ox.NamedNode(fact), io("account"), None, _MERGED)), None) is None:
            if article:
                raise UsageError(f"{iris.local(fact)} is no fact", remedy="only reports of facts are told apart by @")
            return iris.local(fact)
        node = self._article(article) if article else None
        if article and node is None:
            raise UsageError(f'there is no article "{article}"', remedy="kg sources lists them")
        return judged.side(self.store, self._geography, fact, node.value if node else "")

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Hold to *decisions*, and to no others; what they concern is merged again, as one transaction.

        Raises:
            UsageError: if they contradict each other.
            KgError: if the store or the file of decisions cannot be written.
        """
        self._writable()
        new = judged.decided(decisions, self._geography)
        if self.decisions_file and (new or self.decisions_file.exists()):
            # The file first: should the rest be cut short, it is made up for when the store is next opened.
            judged.write_file(self.decisions_file, new.all)
        self._decide(new)

    def _decide(self, new: Decisions) -> None:
        draft = Draft(self.store)
        judged.judge(draft, self._geography, self._decisions, new)
        self._commit(draft)
        self._decisions = new

    def _read_decisions(self) -> None:
        """Follow the file of decisions where somebody has edited it; write it where it is missing."""
        file = self.decisions_file
        if file is None:
            return
        if not file.exists():
            if self._decisions:
                judged.write_file(file, self._decisions.all)
            return
        found = judged.read_file(file)
        if set(found) != set(self._decisions.all):
            try:
                new = judged.decided(found, self._geography)
            except KgError as error:
                raise UsageError(error.message, where=str(file), remedy=error.remedy) from None
            self._decide(new)

    def _sound(self, article: Article, facts: Iterable[Fact]) -> Iterator[Fact]:
        for fact in facts:
            why = unsound(article, fact)
            if why:
                self._on_problem(refusal(article, fact, why))
            else:
                yield fact

    def add_all(self, articles: Iterable[tuple[Article, Iterable[Fact]]]) -> Iterator[tuple[Article, Done]]:
        """Put in many articles, each in a transaction of its own, and tell what was done as it is done."""
        for article, facts in articles:
            yield article, self.add(article, facts)

    def join(self, other: Store) -> Iterator[tuple[str, Done]]:
        """Put in the articles of another store, each as a transaction of its own, and tell what was done.

        The result is that of building both from the same articles in one place. An article that both have is taken
        from the other store; decisions of people there are taken over first.

        Args:
            other: a store that articles were put into with the same tables.

        Raises:
            UsageError: if decisions contradict each other.
            KgError: if the store cannot be written.
        """
        self._writable()
        theirs = [d for d in judged.stored(other) if d not in self._decisions.all]
        if theirs:
            self.decide([*self._decisions.all, *theirs])
        found = {q.subject for q in other.match(None, terms.RDF_TYPE, io("Article"), None)}
        for node in sorted((n for n in found if isinstance(n, ox.NamedNode)), key=str):
            quads = [q for q in other.match(None, None, None, node) if q.predicate not in (MERGE_KEY, _VERSION)]
            digest = _digest_of(other, node) or _digest(quads)
            stored = _digest_of(self.store, node)
            if stored != digest:
                draft = Draft(self.store)
                self._put(draft, node, quads, digest)
                self._commit(draft)
            name = unquote(node.value.removeprefix(iris.ARTICLE_PREFIX))
            yield name, "unchanged" if stored == digest else "replaced" if stored else "added"

    def remove(self, identifier: str) -> bool:
        """Take out an article and all that only it said.

        Args:
            identifier: its id, its IRI, or the beginning of its id if no other id begins so.

        Returns:
            Whether there was such an article.

        Raises:
            KgError: if several ids begin so.
        """
        self._writable()
        node = self._article(identifier)
        if node is None:
            return False
        draft = Draft(self.store)
        self._put(draft, node, [], "")
        self._commit(draft)
        return True

    def remove_reader(self, reader: str, articles: Iterable[str] | None = None) -> int:
        """Take out what one reader said; what another one said too stays, with what that one said of it.

        Args:
            reader: ``rules`` or ``model``.
            articles: ids of the articles; all without it.

        Returns:
            In how many articles something was taken out.

        Raises:
            KgError: if the store cannot be written.
        """
        self._writable()
        chosen = None if articles is None else {iris.article(identifier) for identifier in articles}
        changed = 0
        for node in self._article_nodes():
            if chosen is not None and node.value not in chosen:
                continue
            quads = [q for q in self.store.match(None, None, None, node) if q.predicate not in (MERGE_KEY, _VERSION)]
            rest = without_reader(quads, reader)
            if len(rest) < len(quads):
                draft = Draft(self.store)
                self._put(draft, node, rest, _digest(rest))
                self._commit(draft)
                changed += 1
        return changed

    def _article(self, identifier: str) -> ox.NamedNode | None:
        """The article that an id, an IRI or the beginning of an id means."""
        for iri in (iris.article(identifier), identifier):
            if not iri.startswith(iris.ARTICLE_PREFIX) or iri == REFERENCE_ARTICLE or not _IRI.fullmatch(iri):
                continue
            node = ox.NamedNode(iri)
            if next(iter(self.store.match(node, terms.RDF_TYPE, io("Article"), node)), None) is not None:
                return node
        begun = [n for n in self._article_nodes() if identifier and n.value.startswith(iris.article(identifier))]
        if len(begun) > 1:
            names = ", ".join(self._stored(n).id for n in begun[:3])
            raise KgError(f'several ids begin with "{identifier}": {names}', remedy="give the whole id")
        return begun[0] if begun else None

    @property
    def version(self) -> str:
        """A digest of all that the graph holds; the same articles, tables and ontology give the same."""
        state = [str(q) for q in self.store.match(_REFERENCE, None, None, _REFERENCE)]
        stamp = [str(q) for q in self.store.match(_MERGED, _VERSION, None, _REFERENCE)]
        decided = [str(q) for q in self.store.match(None, None, None, DECISIONS)]
        return iris.digest(*sorted(state), *stamp, *sorted(decided))

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

    def search(
        self, text: str, kinds: Iterable[search.Kind] = ("name", "quote", "title"), limit: int = 20
    ) -> list[search.Hit]:
        """Names, quotes and titles that have all words of *text*, in any of the three languages and in any form.

        The index stands in the folder of the store; the first search makes it, and from then on every transaction
        keeps it in step. For a remote store, or while another process fills one without it, it is made in memory.

        Args:
            text: the words.
            kinds: what is wanted.
            limit: how many are wanted.

        Raises:
            KgError: if the index cannot be read.
        """
        index = self._index or search.index_of(self.store, self.version)
        try:
            return search.hits(index, self.store, text, kinds, limit)
        finally:
            if index is not self._index:
                index.close()

    def rebuild_search(self) -> int:
        """Make the search index anew; returns how many texts are in it.

        Raises:
            KgError: if the store has no folder, or is open for reading only.
        """
        self._writable()
        if self._index is not None:
            self._index.close()
        self._index = None
        search.remove_index(self.store)
        index = search.index_of(self.store, self.version)
        self._index = index
        return index.size

    def damaged(self) -> list[str]:
        """The ids of the articles whose accounts are not as they were put in, by their digests.

        A store that rewrites values (``0.50`` as ``0.5``) makes all of them different: the digest is over the quads as
        they were given. It is meant for embedded stores.
        """
        found = []
        for node in self._article_nodes():
            quads = [q for q in self.store.match(None, None, None, node) if q.predicate not in (MERGE_KEY, _VERSION)]
            if _digest(quads) != _digest_of(self.store, node):
                found.append(self._stored(node).id)
        return found

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


def _log(problem: Problem) -> None:
    logging.getLogger(__name__).warning("%s", problem)


def _digest(quads: Iterable[ox.Quad]) -> str:
    return iris.digest(*sorted(map(str, quads)), length=32)


def _sum_quads(total: int) -> list[ox.Quad]:
    """The sum of the digests of all accounts, as the graph keeps it."""
    total %= 2**128
    return [ox.Quad(_MERGED, _VERSION, ox.Literal(f"{total:032x}"), _REFERENCE)] if total else []


def _digest_of(store: Store | Draft, node: ox.NamedNode) -> str:
    """The digest of an account as it was put in, whatever a store makes of its values; ``""`` if there is none."""
    found = next(iter(store.match(node, _VERSION, None, node)), None)
    return str(getattr(found.object, "value", "")) if found is not None else ""


def _accounts(quads: list[ox.Quad], node: ox.NamedNode) -> list[Account]:
    listed = Listed(quads)
    facts = [q.subject for q in quads if q.predicate == _REPORTED and isinstance(q.subject, ox.NamedNode)]
    found = (from_graph(listed, fact) for fact in facts if fact.value.startswith(node.value))
    return [account for account in found if account is not None]
