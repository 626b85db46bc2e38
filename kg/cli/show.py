"""Commands that explain: ``show`` and ``names``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg import iris
from kg.cli import gather
from kg.cli.common import evidence_options, lang_option, store_option, tell, time_options
from kg.cli.graph import opened_at
from kg.cli.output import json_line, write_line, write_table
from kg.cli.page import Page
from kg.errors import UsageError
from kg.model import KINDS, LANGUAGES

if TYPE_CHECKING:
    from kg.extract.names import Match
    from kg.extract.reading import Mention
    from kg.reference import Reference


@click.command(
    epilog='Examples: `kg show almaty`; `kg show "UN Regional Centre for the SDGs"`; `kg show Q1065 --lang kk`'
)
@click.argument("entity")
@click.option(
    "--quotes", type=click.IntRange(0), default=3, show_default=True, help="Quotes shown for a fact, at most."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@time_options
@evidence_options
@lang_option
@store_option
def show(
    entity: str,
    quotes: int,
    form: str,
    as_of: str | None,
    known_by: str | None,
    reader: str | None,
    min_confidence: float,
    lang: str,
    store: str,
) -> None:
    """Show an entity or an establishment: its facts, dates and quotes.

    ENTITY is a name in any of the three languages or its first words, an id such as city/almaty, a Wikidata id, or an
    IRI. Of an establishment the whole life line is shown: proposal, decision, agreement, opening, move.
    """
    with opened_at(store, as_of, known_by, reader, min_confidence) as graph:
        iri, others = gather.find(graph, entity)
        facts = gather.facts_about(graph, iri)
        lines = {}
        view = gather.view_of(graph, {iri, *facts})
        presences = (
            [iri] if view.kinds.get(iri) == "presence" else [f for f in facts if view.kinds.get(f) == "presence"]
        )
        lines = {presence: gather.life_line(graph, presence) for presence in presences}
        nodes = {iri, *facts, *lines, *(fact for line in lines.values() for fact in line)}
        view = gather.view_of(graph, nodes)
    lines = {p: {f for f in line if view.kinds.get(f) in KINDS} for p, line in lines.items()}
    facts = {f for f in facts if view.kinds.get(f) in KINDS} - {iri}
    page = Page(view, lang, quotes)
    if form == "json":
        shown = (
            {f for line in lines.values() for f in line} | facts | ({iri} if view.kinds.get(iri) in KINDS else set())
        )
        records = [page.record(f) for f in sorted(shown, key=page.sort_key)]
        write_line(
            json_line({"iri": iri, "label": view.label(iri, lang), "kind": view.kinds.get(iri), "facts": records})
        )
        return
    for line in page.head(iri):
        write_line(line)
    if iri in lines:
        write_line("\nLife line")
        _write(page.line({*lines[iri], iri}, subject=iri))
    elif view.kinds.get(iri) in KINDS:
        write_line("\nWho says so")
        _write(page.evidence(iri, "  "))
    else:
        _entity(page, facts, lines)
    if others:
        tell("note", f"the name also fits: {'; '.join(others)}")


def _write(lines: object) -> None:
    for line in lines:  # type: ignore[attr-defined]
        write_line(line)


def _entity(page: Page, facts: set[str], lines: dict[str, set[str]]) -> None:
    """The facts of an entity: each establishment with its life line, then the rest by kind."""
    told = {fact for line in lines.values() for fact in line}
    for heading, group in page.groups(facts):
        if heading == "Establishments":
            write_line(f"\n{heading}")
            for presence in group:
                when = page.date(presence)
                write_line(f"\n  {page.sentence(presence)}{f', since {when}' if when else ''}")
                write_line(f"  {presence.removeprefix(iris.ID_PREFIX)}")
                _write(page.line({*lines[presence], presence}, "    ", presence))
            continue
        rest = [fact for fact in group if fact not in told]
        if rest:
            write_line(f"\n{heading}")
            _write(page.line(rest))
    if not facts:
        write_line("\nNo article says anything about it.")


_WHY: Final = {
    "new": "a name by its form; no table has it",
    "anaphor": "a word for something named before",
    "capital": "a capital, named by its country",
}
_WRITTEN: Final = {"en": "English", "ru": "Russian", "kk": "Kazakh"}


def _why(mention: Mention, found: Iterable[Match], shipped: Reference) -> str:
    """Which name of the tables a mention is, how it is inflected, and whose row has it."""
    if mention.how != "name":
        return _WHY[mention.how]
    match, name = next(
        ((m, n) for m in found if (m.first, m.last) == (mention.first, mention.last) for n in m.names
         if n.entity == mention.entity.id), (None, None),
    )  # fmt: skip
    if match is None or name is None:
        return "an organ of a body named here, in the tables"
    what = "adjective" if name.adjective else "acronym" if name.acronym else "name"
    why = f'{_WRITTEN[name.lang]} {what} "{name.text}"'
    if mention.case not in {"nom", "adj", ""} and not name.adjective:
        why += f", {mention.case}."
    known = shipped.get(mention.entity.id)
    if known is None or not any(name.text in names for names in (*known.names.values(), *known.adjectives.values())):
        why += "; a row of your own"
    return why


@click.command(
    epilog='Examples: `kg names "БҰҰ-ның Алматыдағы кеңсесі"`; `kg names - < article.txt`; '
    '`kg names --names organizations-mine.csv "The Steppe Council met."`'
)
@click.argument("text")
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
@click.option(
    "--names", "own", multiple=True, type=click.Path(path_type=Path), help="A CSV file of further names (repeatable)."
)
def names(text: str, form: str, own: tuple[Path, ...]) -> None:
    """Show which names of a text are known, and what they link to.

    TEXT is a sentence, or - for standard input. For each name: where it stands, what it links to, and why: which name
    of the tables it is, in which case, and what else the same words may mean.
    """
    from kg.extract import Extractor
    from kg.read.article import make
    from kg.reference import load

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not text.strip():
        raise UsageError("the text is empty")
    article = make({"text": text}, "the text", lambda problem: tell(problem.severity, str(problem)))
    if article.lang not in LANGUAGES:
        return
    reader = Extractor(load(own)).reader
    reading = reader.read(article)
    document = reading.document
    found, shipped = reader.index(article.lang).find(document), load()
    rows: list[dict[str, Any]] = []
    for mention in reading.mentions:
        start, end = document.starts[mention.first], document.ends[mention.last - 1]
        entity = mention.entity
        also = [*(other.entity.id for other in mention.others), *mention.rivals]
        row = {
            "start": start,
            "end": end,
            "text": text[start:end],
            "id": entity.id,
            "label": entity.names[0] if entity.names else "",
            "why": _why(mention, found, shipped),
        }
        rows.append(row | {"also": [other for other in dict.fromkeys(also) if other != entity.id]})
    if form == "table":
        columns = ("start", "end", "text", "id", "label", "why", "also")
        cells = [[", ".join(row["also"]) if c == "also" else str(row[c]) for c in columns] for row in rows]
        write_table(columns, cells)
    elif form == "json":
        write_line(json_line(rows))
    else:
        for row in rows:
            write_line(json_line(row))
