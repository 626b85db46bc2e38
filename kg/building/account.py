"""An article's account, ready to be stored: all that needs neither the store nor the other articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, Refusal
from kg.graph import describe
from kg.graph.sound import refusal, unsound
from kg.graph.terms import prefixed
from kg.merge.account import REFERENCE_ARTICLE, Account, Geography, of_article
from kg.merge.keys import keys
from kg.merge.names import identified
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
        text: the quads that nobody looks for while others are merged, as N-Triples.
        found: the others: what is said of entities that no table knows, and the date of publication.
        accounts: the facts, for merging.
        refused: the facts that are kept out.
    """

    article: ox.NamedNode
    digest: str
    text: str
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
    for one in account.accounts:
        keys(one, geography)
        content(one)
    return account


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
    return account_of(node, describe(article, sound, reference, reader=reader), refused=refused)


def account_of(
    node: ox.NamedNode, quads: Sequence[ox.Quad], stated: str = "", refused: Sequence[Refusal] = ()
) -> ArticleAccount:
    """The account that quads of an article's graph are.

    Args:
        node: the article.
        quads: its quads, without keys of merging and without their digest.
        stated: their digest, where it is known.
        refused: the facts that were kept out.
    """
    inner = (node.value, node.value + "#")
    texts: list[ox.Quad] = []
    found: list[ox.Quad] = []
    for quad in quads:
        subject = quad.subject.value  # type: ignore[union-attr]
        apart = quad.predicate == _PUBLISHED or not (subject == inner[0] or subject.startswith(inner[1]))
        (found if apart else texts).append(quad)
    return ArticleAccount(
        node,
        stated or digest(quads),
        Text.of(node, texts).triples,
        tuple(found),
        tuple(of_article(quads, node)),
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
