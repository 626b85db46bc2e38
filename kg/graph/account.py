"""An article's account: its facts as nodes of their own, their evidence, what is known of the article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from kg import iris
from kg.graph import terms
from kg.graph.terms import io, prefixed
from kg.model import KINDS, Article, Entity, Establishment, Evidence, Fact, PartialDate, SlotValue
from kg.reference import Reference

_ORDER = {kind: number for number, kind in enumerate(KINDS)}
_EARLIER = io("EarlierText")


def describe(
    article: Article, facts: Iterable[Fact], reference: Reference | None = None, *, reader: str = ""
) -> list[ox.Quad]:
    """The quads of an article's account, all in the article's own graph, in a fixed order.

    Facts are numbered (``#f1`` …) by kind, by where the article says them, and by what they say, whatever the
    order in which they come.

    Args:
        article: the article; its text is archived in the graph, so that quotes can be looked up.
        facts: what it says.
        reference: the tables; entities that they have are not described again.
        reader: name and version of what took the facts out of the article, if that is to be recorded.
    """
    return describe_in_order(article, in_order(facts), reference, reader=reader)


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """The facts of an article in the order in which they are numbered."""
    return sorted(facts, key=_sort_key)


def describe_in_order(
    article: Article, ordered: Sequence[Fact], reference: Reference | None = None, *, reader: str = ""
) -> list[ox.Quad]:
    """As :func:`describe`, for facts that are in their order already."""
    node = ox.NamedNode(iris.article(article.id))
    quads = article_quads(article, reader)
    evidence = 0
    entities: dict[str, Entity] = {}
    for number, fact in enumerate(ordered, 1):
        fact_node = ox.NamedNode(f"{node.value}#f{number}")
        quads += fact_quads(fact_node, fact, node, article.lang)
        quads.append(ox.Quad(fact_node, io("reportedIn"), node, node))
        for span in sorted(fact.evidence, key=_span_key):
            evidence += 1
            quads += _evidence_quads(
                ox.NamedNode(f"{node.value}#e{evidence}"), fact_node, span, fact, node, article.lang
            )
        for entity in _entities(fact.slots.values()):
            entities.setdefault(entity.id, entity)
    for _, entity in sorted(entities.items()):
        if not entity.known or (reference is not None and reference.get(entity.id) is None):
            quads += _entity_quads(entity, node, article.lang)
    return list(dict.fromkeys(quads))


def article_quads(article: Article, reader: str = "") -> list[ox.Quad]:
    """What is known of an article itself: its text, title, language, date, address, outlet, and what read it."""
    node = ox.NamedNode(iris.article(article.id))
    text = article.text
    values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (terms.RDF_TYPE, io("Article")),
        (prefixed("dcterms:identifier"), ox.Literal(article.id)),
        (prefixed("schema:inLanguage"), ox.Literal(article.lang)),
        (io("text"), literal(text, article.lang)),
        (io("textSha256"), ox.Literal(_sha256(text))),
    ]
    if article.title:
        values.append((prefixed("schema:headline"), literal(article.title, article.lang)))
    if article.published:
        values.append((prefixed("schema:datePublished"), terms.typed_date(article.published)))
    if article.url:
        values.append((prefixed("schema:url"), ox.Literal(article.url)))
    if article.outlet:
        values.append((prefixed("schema:publisher"), ox.Literal(article.outlet)))
    if reader:
        values.append((io("reader"), ox.Literal(reader)))
    return [ox.Quad(node, p, o, node) for p, o in values]


def earlier_text_quads(stored: Iterable[ox.Quad], coming: Sequence[ox.Quad]) -> list[ox.Quad]:
    """The texts that an article had before: those recorded already, and the present one if it comes with another.

    Args:
        stored: the quads of the article's graph as it is.
        coming: its quads as it comes now.
    """
    graph = coming[0].graph_name
    assert isinstance(graph, ox.NamedNode)
    now = next(q.object.value for q in coming if q.subject == graph and q.predicate == io("textSha256"))  # type: ignore[union-attr]
    kept = list(stored)
    own = {q.predicate: q.object for q in kept if q.subject == graph}
    texts = {q.subject for q in kept if q.predicate == terms.RDF_TYPE and q.object == _EARLIER}
    quads = [q for q in kept if q.subject in texts or q.predicate == io("earlierText")]
    text, digest = own.get(io("text")), own.get(io("textSha256"))
    if isinstance(text, ox.Literal) and isinstance(digest, ox.Literal):
        node = ox.NamedNode(f"{graph.value}#text-{digest.value[:12]}")
        said: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (terms.RDF_TYPE, _EARLIER),
            (prefixed("dcterms:identifier"), digest),
            (prefixed("prov:value"), text),
        ]
        quads += [ox.Quad(node, p, o, graph) for p, o in said]
        quads.append(ox.Quad(graph, io("earlierText"), node, graph))
    # What the article says now is no earlier text, also if it once was.
    same = ox.NamedNode(f"{graph.value}#text-{now[:12]}")
    return [q for q in dict.fromkeys(quads) if same not in (q.subject, q.object)]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def literal(text: str, lang: str) -> ox.Literal:
    """A text in a language; plain where the language is unknown."""
    clean = text.encode("utf-8", "replace").decode()
    return ox.Literal(clean) if lang in ("", "und") else ox.Literal(clean, language=lang)


def fact_quads(node: ox.NamedNode, fact: Fact, graph: ox.NamedNode, lang: str) -> list[ox.Quad]:
    """What a fact node says, slot by slot, without its evidence.

    Args:
        node: the fact's node; ``<node>-about`` stands for the establishment that it is about.
        fact: the fact.
        graph: the graph that the quads are in.
        lang: language of the texts in its slots.
    """
    about = fact.get("about")
    hints: dict[str, object] = {slot: fact.get(slot) for slot in ("form", "instrument")}
    hints["establishment"] = isinstance(about, Establishment)
    quads = [ox.Quad(node, terms.RDF_TYPE, kind, graph) for kind in terms.fact_types(fact.kind, hints)]
    for slot, described in KINDS[fact.kind].items():
        value = fact.get(slot)
        if value is None or slot not in terms.PROPERTIES[fact.kind]:
            continue
        property_ = terms.PROPERTIES[fact.kind][slot]
        if isinstance(value, PartialDate):
            quads += terms.date_quads(node, property_, value, graph)
        elif isinstance(value, Establishment):
            quads += _establishment_quads(ox.NamedNode(node.value + "-about"), node, value, graph)
        elif slot == "about":
            quads.append(ox.Quad(node, io("topic"), ox.Literal(str(value)), graph))
        else:
            for one in value if isinstance(value, tuple) else (value,):
                quads.append(ox.Quad(node, property_, _term(one, described.scheme, slot, lang), graph))
    return quads


def _term(value: SlotValue, scheme: str, slot: str, lang: str) -> ox.NamedNode | ox.Literal:
    if isinstance(value, Entity):
        return ox.NamedNode(iris.entity(value.id))
    if isinstance(value, int):
        return terms.integer(value)
    if scheme:
        return ox.NamedNode(iris.concept(scheme, str(value)))
    return literal(str(value), lang) if slot == "name" else ox.Literal(str(value))


def _establishment_quads(
    node: ox.NamedNode, fact: ox.NamedNode, value: Establishment, graph: ox.NamedNode
) -> list[ox.Quad]:
    quads = [
        ox.Quad(fact, io("about"), node, graph),
        ox.Quad(node, terms.RDF_TYPE, io("EstablishmentReference"), graph),
        ox.Quad(node, io("organization"), ox.NamedNode(iris.entity(value.organization.id)), graph),
    ]
    if value.place is not None:
        quads.append(ox.Quad(node, io("place"), ox.NamedNode(iris.entity(value.place.id)), graph))
    if value.form:
        quads.append(ox.Quad(node, io("form"), ox.NamedNode(iris.concept("form", value.form)), graph))
    return quads


def _evidence_quads(
    node: ox.NamedNode, fact_node: ox.NamedNode, span: Evidence, fact: Fact, article: ox.NamedNode, lang: str
) -> list[ox.Quad]:
    # The canonical form, without zeros at the end: stores give numbers back in it.
    confidence = f"{min(span.confidence, fact.confidence):.3f}".rstrip("0").rstrip(".")
    values: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (terms.RDF_TYPE, io("Evidence")),
        (io("supports"), fact_node),
        (io("article"), article),
        (io("quote"), literal(span.quote, lang)),
        (prefixed("oa:start"), terms.integer(span.start)),
        (prefixed("oa:end"), terms.integer(span.end)),
        (io("quotedFrom"), ox.Literal(span.where)),
        (io("confidence"), ox.Literal(confidence, datatype=terms.XSD_DECIMAL)),
    ]
    if span.rule:
        values.append((io("rule"), ox.Literal(span.rule)))
    if span.model:
        values += [(io("model"), ox.Literal(span.model)), (io("promptVersion"), ox.Literal(span.prompt))]
        values += [(io("supplied"), terms.PROPERTIES[fact.kind][slot]) for slot in span.supplied]
    return [ox.Quad(node, p, o, article) for p, o in values]


def _entity_quads(entity: Entity, graph: ox.NamedNode, lang: str) -> list[ox.Quad]:
    node = ox.NamedNode(iris.entity(entity.id))
    quads = [ox.Quad(node, terms.RDF_TYPE, io(terms.ENTITY_CLASSES[entity.type]), graph)]
    for number, name in enumerate(entity.names):
        label = literal(name, lang)
        quads.append(ox.Quad(node, terms.PREF_LABEL if number == 0 else terms.ALT_LABEL, label, graph))
        if number == 0:
            quads.append(ox.Quad(node, terms.RDFS_LABEL, label, graph))
    return quads


def _entities(values: Iterable[SlotValue]) -> list[Entity]:
    found: list[Entity] = []
    for value in values:
        if isinstance(value, Entity):
            found.append(value)
        elif isinstance(value, Establishment):
            found.append(value.organization)
            if value.place is not None:
                found.append(value.place)
        elif isinstance(value, tuple):
            found += [v for v in value if isinstance(v, Entity)]
    return found


def _span_key(span: Evidence) -> tuple[str, int, int, str, float, str, str]:
    return span.where, span.start, span.end, span.rule, span.confidence, span.model, span.prompt


def _sort_key(fact: Fact) -> tuple[object, ...]:
    spans = sorted(map(_span_key, fact.evidence))
    where, start = spans[0][:2] if spans else ("", -1)
    # Two names of one entity: which of them comes first is not left to the order in which facts were found.
    names = [entity.names for entity in _entities(value for _, value in sorted(fact.slots.items()))]
    return _ORDER[fact.kind], where, start, _said(fact.slots), spans, fact.confidence, names


def _said(slots: Mapping[str, SlotValue]) -> str:
    return "\x1f".join(f"{slot}={_plain(value)}" for slot, value in sorted(slots.items()))


def _plain(value: SlotValue | None) -> str:
    if isinstance(value, Entity):
        return value.id
    if isinstance(value, Establishment):
        return f"{value.organization.id} {_plain(value.place)} {value.form}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "|".join(sorted(map(_plain, value)))
    return str(value)
