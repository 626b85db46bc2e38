"""What to call a node that is wrong: its label, the article that it comes from, the words that say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.store import Store
from kg.validate.report import Violation

LABELS: Final = (terms.RDFS_LABEL, terms.PREF_LABEL, prefixed("schema:headline"))
_KINDS: Final = {io(name): kind for kind, name in terms.CLASSES.items()} | {
    io("EstablishmentReference"): "establishment",
    io("Choice"): "choice",
}
# What tells facts of a kind apart, in the order in which it is said.
_SAID: Final = tuple(
    prefixed(name) if ":" in name else io(name)
    for name in (
        "form", "person", "position", "of", "proposer", "body", "instrument", "symbol", "party", "org:member", "role",
        "org:organization", "organization", "value", "counted", "place", "from", "to",
    )
)  # fmt: skip
_LONGEST: Final = 90

Index = Mapping[str, Mapping[ox.NamedNode, Sequence[Any]]]


def name(violations: Iterable[Violation], quads: Sequence[ox.Quad], store: Store | None) -> Iterator[Violation]:
    """The violations with the label, the article and the quote of their nodes.

    Args:
        violations: what is wrong.
        quads: what was checked.
        store: where entities have their labels that the quads do not tell; ``None`` if nowhere.
    """
    wanted = list(violations)
    if not wanted:
        return
    index: dict[str, dict[ox.NamedNode, list[Any]]] = {}
    graphs: dict[str, str] = {}
    evidence: dict[str, str] = {}
    for quad in quads:
        subject = str(getattr(quad.subject, "value", ""))
        index.setdefault(subject, {}).setdefault(quad.predicate, []).append(quad.object)
        graphs[subject] = str(getattr(quad.graph_name, "value", ""))
        if quad.predicate == io("supports"):
            evidence.setdefault(str(getattr(quad.object, "value", "")), subject)
    for one in wanted:
        words = _values(index, one.focus, io("quote")) or _values(index, evidence.get(one.focus, ""), io("quote"))
        yield replace(
            one,
            label=_label(one.focus, index, store),
            article=_article(one.focus, index, graphs),
            quote=words[0].value if words else "",
        )


def _values(index: Index, node: str, property_: ox.NamedNode) -> Sequence[Any]:
    return index.get(node, {}).get(property_, ())


def _label(node: str, index: Index, store: Store | None) -> str:
    own = _named(node, index, store)
    if own:
        return own
    if words := _values(index, node, io("quote")):
        return _short(f"«{words[0].value}»")
    kinds = [_KINDS[c] for c in _values(index, node, terms.RDF_TYPE) if c in _KINDS]
    parts = [_said(value, index, store) for property_ in _SAID for value in _values(index, node, property_)]
    return _short(f"{kinds[0]}: {', '.join(parts)}") if kinds and parts else ""


def _named(node: str, index: Index, store: Store | None) -> str:
    """The label that a node has of its own: the English one, else the first."""
    for property_ in LABELS:
        labels = [one for one in _values(index, node, property_) if isinstance(one, ox.Literal)]
        if not labels and store is not None and node.startswith(iris.BASE):
            found = (quad.object for quad in store.match(ox.NamedNode(node), property_))
            labels = [one for one in found if isinstance(one, ox.Literal)]
        if labels:
            return str(min(labels, key=lambda one: (one.language not in (None, "en"), one.value)).value)
    return ""


def _said(value: Any, index: Index, store: Store | None) -> str:
    if not isinstance(value, ox.NamedNode):
        return str(getattr(value, "value", value))
    slug = value.value.rstrip("/").rpartition("/")[2]
    return slug if value.value.startswith(iris.KIND_PREFIX) else _named(value.value, index, store) or slug


def _article(node: str, index: Index, graphs: Mapping[str, str]) -> str:
    """The id of the article whose graph the node is in, that it says it is of, or that its address begins with."""
    stated = [*_values(index, node, io("reportedIn")), *_values(index, node, io("article"))]
    for iri in (graphs.get(node, ""), *(str(getattr(one, "value", "")) for one in stated), node.partition("#")[0]):
        if iri.startswith(iris.ARTICLE_PREFIX):
            identifier = _values(index, iri, prefixed("dcterms:identifier"))
            return str(identifier[0].value) if identifier else iri.removeprefix(iris.ARTICLE_PREFIX)
    return ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
