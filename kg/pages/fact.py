"""The page of a fact: what it says, who says it in which words, and where the sources differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox
from markupsafe import Markup

from kg import iris
from kg.export.select import chunks, rows
from kg.export.timeline import drawing, life_lines
from kg.export.timeline import legend as timeline_legend
from kg.export.view import PROPERTIES, View
from kg.export.words import definition, term_label
from kg.model import KINDS
from kg.pages import tell
from kg.pages.entity import points
from kg.pages.frame import Frame, render
from kg.pages.known import Known

_REFERENCE: Final = iris.ARTICLE_PREFIX + "reference"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that sources give for a slot, whether it was chosen, and who gives it."""

    value: tell.Value
    chosen: bool
    sources: list[tell.Value]


@dataclass(frozen=True, slots=True)
class Differing:
    """A slot about which sources differ: its name, all values, the rule that chose and what the rule says."""

    slot: str
    values: list[Alternative]
    rule: str
    meaning: str


def fact_page(known: Known, iri: str, frame: Frame) -> str | None:
    """The page of a fact of the merged graph.

    Args:
        known: the graph.
        iri: the fact.
        frame: language and links.

    Returns:
        HTML; ``None`` if the graph does not have it.
    """
    line = known.line(iri)
    view = known.view({iri, *line})
    kind = view.kinds.get(iri, "")
    if kind not in KINDS:
        return None
    line = {f for f in line if view.kinds.get(f) in KINDS and f != iri}
    drawn, _ = life_lines(view, frame.lang, {iri, *line})
    said = tell.said_of(view, iri, frame)
    steps = sorted(
        line | {iri}, key=lambda f: (view.text(f, "dateEarliest") or view.text(f, "sinceEarliest") or "9", f)
    )
    return render(
        "fact.html",
        frame,
        iri=iri,
        kind=kind,
        label=view.label(iri, frame.lang),
        status=view.text(iri, "status").rsplit("/", 1)[-1],
        slots=_slots(view, iri, frame),
        said=said,
        sources=view.sources.get(iri, []),
        differing=differing(known.graph, view, iri, frame),
        steps=[
            (
                tell.time(view, f),
                *tell.named(view, f, frame),
                frame.thing(f),
                f == iri,
                len(tell.said_of(view, f, frame)),
            )
            for f in steps
        ]
        if line
        else [],
        timeline=Markup(drawing(drawn, known.newest(view), frame.lang, frame.thing, view.label(iri, frame.lang)))
        if any(len(d.events) > 1 or (d.events and d.since[0]) for d in drawn)
        else "",
        timeline_legend=Markup(timeline_legend(frame.lang)),
        languages_said=sorted({s.lang for s in said}),
        outlets=sorted({s.outlet for s in said if s.outlet}),
        points=points(view, iri, {iri}, frame) if kind == "presence" else None,
        surest=max((s.confidence for s in said), default=0.0),
    )


def _slots(view: View, iri: str, frame: Frame) -> list[tuple[str, list[tell.Value]]]:
    kind = view.kinds[iri]
    found = [(tell.column_label(kind, slot, frame), tell.values(view, iri, slot, frame)) for slot in PROPERTIES[kind]]
    return [(name, values) for name, values in found if values]


def differing(graph: Any, view: View, iri: str, frame: Frame) -> list[Differing]:
    """The slots about which the sources of a fact differ, all values side by side.

    Args:
        graph: what is asked for the accounts.
        view: what is known of the fact.
        iri: the fact.
        frame: the page.
    """
    choices = [t.value for t in view.values(iri, "choice") if view.values(t.value, "alternative")]
    if not choices:
        return []
    accounts = [t.value for t in view.values(iri, "account")]
    stated: dict[tuple[str, str], list[tell.Value]] = defaultdict(list)
    for chunk in chunks(accounts):
        for a, p, o, g in rows(graph, f"VALUES ?a {{ {chunk} }} GRAPH ?g {{ ?a ?p ?o }}", "a", "p", "o", "g"):
            if isinstance(o, ox.NamedNode | ox.Literal):
                stated[p.value, str(o.value)].append(_source(view, a.value, g.value, frame))
    found = []
    for choice in choices:
        slot = view.text(choice, "slot")
        chosen = view.values(choice, "value")
        rule = view.text(choice, "rule")
        values = [
            Alternative(
                tell.value(view, term, frame),
                term in chosen,
                sorted(set(stated.get((slot, str(term.value)), [])), key=lambda v: v.text),
            )
            for term in [*chosen, *view.values(choice, "alternative")]
        ]
        found.append(
            Differing(term_label(slot, frame.lang), values, term_label(rule, frame.lang), definition(rule, frame.lang))
        )
    return sorted(found, key=lambda d: d.slot)


def _source(view: View, account: str, graph: str, frame: Frame) -> tell.Value:
    if graph == _REFERENCE:
        return tell.Value(frame.word("tables"))
    about = view.articles.get(graph, {})
    schema = iris.PREFIXES["schema"]
    parts = [about.get(f"{schema}{name}", "") for name in ("publisher", "datePublished")]
    text = ", ".join(filter(None, parts)) or account.rsplit("/", 1)[-1].split("#", maxsplit=1)[0]
    return tell.Value(f"{text} ({about.get(f'{schema}inLanguage', '?')})", frame.thing(graph))
