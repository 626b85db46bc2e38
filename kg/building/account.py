"""An article's account, ready to be stored: all that needs neither the store nor the other articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, Refusal
from kg.graph import describe_in_order, in_order, literal
from kg.graph.sound import refusal, unsound
from kg.graph.terms import prefixed
from kg.merge.account import REFERENCE_ARTICLE, Account, Geography, from_fact, of_article
from kg.merge.keys import keys
from kg.merge.names import identified
from kg.merge.node import write_alone
from kg.merge.saying import MERGE_KEY, content
from kg.model import Article, Fact
from kg.reference import Reference
from kg.reference import load as load_reference
from kg.store import Draft, Store, Text

VERSION: Final = prefixed("dcterms:hasVersion")
"""The property of an article that holds the digest of its account."""

_PUBLISHED: Final = prefixed("schema:datePublished")


@dataclass(frozen=True, slots=True)
class ArticleAccount:
    """What an article says, as the graph holds it; made in any process.

    Attributes:
        article: the article.
        digest: of its quads; the same article with the same facts has the same.
        text: the quads that nobody looks for while others are merged, as N-Triples in UTF-8.
        found: the others: what is said of entities that no table knows, and the date of publication.
        accounts: the facts, for merging.
        refused: the facts that are kept out.
    """

    article: ox.NamedNode
    digest: str
    text: bytes
    found: tuple[ox.Quad, ...]
    accounts: tuple[Account, ...]
    refused: tuple[Refusal, ...] = ()

    def quads(self) -> list[ox.Quad]:
        """All quads."""
        return [*Text(self.article, self.text).quads(), *self.found]


@cache
def _tables() -> tuple[Reference, Geography]:
    reference = load_reference()
    return reference, Geography.of(reference)


def described(article: Article, facts: Iterable[Fact], *, reader: str = "") -> ArticleAccount:
    """As :func:`describe_article`, with the tables of the package; all that merging asks of it is worked out here.

    Raises:
        KgError: if the id is one that the graph needs itself.
    """
    reference, geography = _tables()
    account = describe_article(article, facts, reference, reader=reader)
    prepare(account, geography)
    return account


def prepare(account: ArticleAccount, geography: Geography) -> None:
    """Work out what merging asks of an account, and what follows from it where no other article says more.

    It is kept with the account, so that whoever stores accounts that others made need not do it.

    Args:
        account: the account.
        geography: countries of cities, states of office-holders, from the tables that it is merged with.
    """
    for one in account.accounts:
        keys(one, geography)
        content(one)
        write_alone(one, geography)


def describe_article(
    article: Article, facts: Iterable[Fact], reference: Reference, *, reader: str = ""
) -> ArticleAccount:
    """The account of an article with its facts, in whatever order they come.

    Args:
        article: the article.
        facts: what it says. One that is not well formed, or whose quote does not stand in it, is kept out.
        reference: the tables; entities that they have are not described again.
        reader: name and version of what took the facts out of the article.

    Raises:
        KgError: if the id is one that the graph needs itself.
    """
    node = ox.NamedNode(iris.article(article.id))
    if node.value == REFERENCE_ARTICLE or not article.id:
        raise KgError("an article cannot have this id", where=article.source or article.id, remedy="give another id")
    sound, refused = [], []
    for fact in facts:
        why = unsound(article, fact)
        if why:
            refused.append(refusal(article, fact, why))
        else:
            sound.append(identified(fact))
    ordered = in_order(sound)
    quads = describe_in_order(article, ordered, reference, reader=reader)
    date = article.published.value if article.published else ""
    accounts = [
        from_fact(f"{node.value}#f{number}", node.value, date, fact, _labels(fact, article.lang))
        for number, fact in enumerate(ordered, 1)
    ]
    return account_of(node, quads, refused=refused, accounts=accounts)


def _labels(fact: Fact, lang: str) -> list[tuple[str, str]]:
    """The name of an establishment with its language, as the graph has it."""
    name = fact.get("name")
    if name is None:
        return []
    term = literal(str(name), lang)
    return [(term.value, term.language or "")]


def account_of(
    node: ox.NamedNode,
    quads: Sequence[ox.Quad],
    stated: str = "",
    refused: Sequence[Refusal] = (),
    accounts: Iterable[Account] | None = None,
) -> ArticleAccount:
    """The account that quads of an article's graph are.

    Args:
        node: the article.
        quads: its quads, without keys of merging and without their digest.
        stated: their digest, where it is known.
        refused: the facts that were kept out.
        accounts: the facts for merging, where they are known; else they are read from the quads.
    """
    # Each quad is written once, for the digest and for its line; its parts are told by how it is written.
    written = [str(quad) for quad in quads]
    own, date, end = (f"<{node.value}>", f"<{node.value}#"), f"{node} {_PUBLISHED} ", len(str(node))
    apart = [not line.startswith(own) or line.startswith(date) for line in written]
    return ArticleAccount(
        node,
        stated or iris.digest(*sorted(written), length=32),
        "".join([f"{line[:-end]}.\n" for line, other in zip(written, apart, strict=True) if not other]).encode(),
        tuple(quad for quad, other in zip(quads, apart, strict=True) if other),
        tuple(of_article(quads, node)) if accounts is None else tuple(accounts),
        tuple(refused),
    )


def digest(quads: Iterable[ox.Quad]) -> str:
    """A digest of quads, in whatever order they come."""
    return iris.digest(*sorted(map(str, quads)), length=32)


def digest_of(store: Store | Draft, node: ox.NamedNode) -> str:
    """The digest of an account as it was put in, whatever a store makes of its values; ``""`` if there is none."""
    found = next(iter(store.match(node, VERSION, None, node)), None)
    return str(getattr(found.object, "value", "")) if found is not None else ""


def account_quads(store: Store, node: ox.NamedNode) -> list[ox.Quad]:
    """The quads of an article's graph as they were given, without keys of merging and their digest."""
    return [q for q in store.match(None, None, None, node) if q.predicate not in (MERGE_KEY, VERSION)]
