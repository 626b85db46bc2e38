"""The knowledge graph: articles with their facts go in, the merged graph follows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyoxigraph as ox

from kg import iris, search
from kg.building.account import (
    VERSION,
    ArticleAccount,
    account_of,
    account_quads,
    describe_article,
    described,
    digest,
    digest_of,
)
from kg.building.reading import MERGED, REFERENCE, Reading, StoredArticle
from kg.building.views import Ground, sum_quads, version_quad
from kg.building.writer import Done, Writer
from kg.errors import KgError, Problem, UsageError
from kg.graph import article_quads, earlier_text_quads
from kg.graph.readers import Keep, without_reader
from kg.graph.terms import io, prefixed
from kg.merge import judged
from kg.merge.account import Geography
from kg.merge.decisions import Decision, Decisions
from kg.merge.foundation import foundation, state_quad
from kg.merge.update import Memory, Update
from kg.model import Article, Fact, PartialDate
from kg.reference import Reference
from kg.reference import load as load_reference
from kg.store import Draft, EmbeddedStore, Store, Text, open_store
from kg.store.text import TextIndex

__all__ = ["ArticleAccount", "Done", "KnowledgeGraph", "StoredArticle", "Writer", "describe_article", "described"]

_OPTIONAL: Final = frozenset(
    {*map(prefixed, ("schema:headline", "schema:datePublished", "schema:url", "schema:publisher")), io("reader")}
)


class KnowledgeGraph(Reading):
    """The graph in a store. Only the facts that an article touches are merged again.

    An article that is put in alone is a transaction, with all that follows from it; of many, some
    thousand are one change.

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
        super().__init__(store)
        self._on_problem = on_problem or _log
        self._facts = reference_accounts
        self._index: TextIndex | None = None
        if store.read_only:
            return
        self._reference = reference or load_reference()
        self._geography = Geography.of(self._reference)
        self._decisions = judged.decided(judged.stored(store), self._geography)
        self._memory = Memory.of(self._geography, self._decisions)
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

    @property
    def batches(self) -> bool:
        """Whether many articles may be one transaction: a server takes no more than one at a time."""
        return isinstance(self.store, EmbeddedStore)

    @property
    def bytes(self) -> int:
        """How large the store is, on disk; 0 for one in memory or behind an address."""
        return self.store.bytes if isinstance(self.store, EmbeddedStore) else 0

    def close(self) -> None:
        """Let go of the store."""
        if self._index is not None:
            self._index.close()
            self._index = None
        super().close()

    def forget(self) -> None:
        """Let go of what merging keeps in memory between changes; it is read again where it is needed."""
        self._memory = Memory.of(self._geography, self._decisions)

    def _renew(self) -> None:
        fresh = self._ground.merged_anew(self.store, self.article_nodes())
        old, new = set(self.store.match()), set(fresh.match())
        self.store.apply(sorted(old - new, key=str), sorted(new - old, key=str))

    @property
    def _ground(self) -> Ground:
        return Ground(self._reference, self._geography, self._decisions, self._facts)

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
        for node in self.article_nodes():
            published = self._stored(node).published
            if published is not None and published.latest <= date.latest:
                nodes.append(node)
        return self._ground.merged_anew(self.store, nodes, date, keep)

    def by_readers(self, keep: Keep) -> EmbeddedStore:
        """What the evidence that counts says: a store in memory, merged as if there were no other.

        Args:
            keep: which evidence counts, by its reader and its confidence.
        """
        self._load_tables()
        return self._ground.merged_anew(self.store, self.article_nodes(), keep=keep)

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
            # The articles are stored; the index is out of step, says so itself, and is mended when next opened.
            self._on_problem(Problem(error.message, error.where, "kg search --rebuild", "warning"))
            self._index.close()
            self._index = None

    def _change(self, gone: Sequence[ox.NamedNode], come: Sequence[ArticleAccount]) -> None:
        """Take articles out and put others in, as one transaction with all that follows; *gone* goes first.

        Each account keeps its digest, and the graph the sum of all, so that the order in which they came plays no part.
        """
        draft = Draft(self.store)
        old = draft.match(MERGED, VERSION, None, REFERENCE)
        total = sum(int(str(getattr(q.object, "value", "0")), 16) for q in old)
        total += sum(int(account.digest, 16) for account in come)
        total -= sum(int(digest_of(draft, node) or "0", 16) for node in gone)
        draft.remove(old)
        draft.add(sum_quads(total))
        try:
            update = Update(draft, self._memory)
            for node in gone:
                update.remove_account(node)
            for account in come:
                seal = version_quad(account.article, account.digest)
                update.add_account(account.accounts, [*account.found, seal], Text(account.article, account.text))
            update.finish()
            self._commit(draft)
        except BaseException:
            self.forget()  # it may be ahead of the store
            raise

    def holds(self, article: Article, reader: str) -> bool:
        """Whether the graph has this very article, read by this very *reader*: reading it again changes nothing."""
        node = ox.NamedNode(iris.article(article.id))
        if not digest_of(self.store, node):
            return False
        wanted = {(q.predicate, q.object) for q in article_quads(article, reader)}
        properties = {p for p, _ in wanted} | _OPTIONAL
        found = {(q.predicate, q.object) for q in self.store.match(node, None, None, node) if q.predicate in properties}
        return found == wanted

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
        if next(iter(self.store.match(ox.NamedNode(fact), io("account"), None, MERGED)), None) is None:
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
        memory = Memory.of(self._geography, new)
        judged.judge(draft, self._memory, memory)
        self._commit(draft)
        self._decisions, self._memory = new, memory

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
        return self.put([describe_article(article, facts, self._reference, reader=reader)])[0]

    def put(self, accounts: Sequence[ArticleAccount]) -> list[Done]:
        """Put in articles whose accounts are made already, as one transaction: all of them or none.

        Args:
            accounts: the accounts. Of one article the last one counts.

        Returns:
            What was done with each.

        Raises:
            KgError: if the store cannot be written.
        """
        self._writable()
        done: list[Done] = []
        waiting: dict[str, tuple[ArticleAccount, bool]] = {}
        for given in accounts:
            if given.article.value in waiting:  # it is replaced, as if it had been put in before
                self._put(waiting.values())
                waiting = {}
            for problem in given.refused:
                self._on_problem(problem)
            account, stored = given, digest_of(self.store, given.article)
            if stored:
                account = self._with_earlier_texts(given)
            if stored == account.digest:
                done.append("unchanged")
            else:
                waiting[account.article.value] = account, bool(stored)
                done.append("replaced" if stored else "added")
        self._put(waiting.values())
        return done

    def _put(self, accounts: Iterable[tuple[ArticleAccount, bool]]) -> None:
        every = list(accounts)
        if every:
            self._change([account.article for account, stored in every if stored], [account for account, _ in every])

    def _with_earlier_texts(self, account: ArticleAccount) -> ArticleAccount:
        """The account of an article that is there already, with the texts that it had."""
        quads = account.quads()
        earlier = earlier_text_quads(self.store.match(None, None, None, account.article), quads)
        return account_of(account.article, [*quads, *earlier]) if earlier else account

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
        for node in Reading(other).article_nodes():
            quads = account_quads(other, node)
            stated = digest_of(other, node) or digest(quads)
            stored = digest_of(self.store, node)
            if stored != stated:
                self._change([node] if stored else [], [account_of(node, quads, stated)])
            name = unquote(node.value.removeprefix(iris.ARTICLE_PREFIX))
            yield name, "unchanged" if stored == stated else "replaced" if stored else "added"

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
        self._change([node], [])
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
        for node in self.article_nodes():
            if chosen is not None and node.value not in chosen:
                continue
            quads = account_quads(self.store, node)
            rest = without_reader(quads, reader)
            if len(rest) < len(quads):
                self._change([node], [account_of(node, rest)])
                changed += 1
        return changed

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


def _log(problem: Problem) -> None:
    logging.getLogger(__name__).warning("%s", problem)
