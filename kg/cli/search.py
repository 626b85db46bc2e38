"""The command ``search``."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from kg import iris
from kg.cli.common import format_option, store_option, tell
from kg.cli.graph import opened
from kg.cli.output import json_line, write_line, write_table
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.search import Hit

_KINDS: Final = ("name", "quote", "title")
_WIDTH: Final = 110


@click.command(
    epilog="Examples: `kg search Алматыда`; `kg search regional centre --only quote`; "
    '`kg search "устойчивого развития" --format json`'
)
@click.argument("words", nargs=-1)
@click.option("--only", type=click.Choice(_KINDS), multiple=True, help="Only names, quotes or titles (repeatable).")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many, at most.")
@format_option
@click.option("--rebuild", is_flag=True, help="Make the index anew first.")
@store_option
def search(words: tuple[str, ...], only: tuple[str, ...], limit: int, form: str, rebuild: bool, store: str) -> None:
    """Search names, quotes and titles by words in Kazakh, Russian or English.

    All words must be there, in any form (Алматыда finds Алматы); the beginning of a long word is enough, and Қ may be
    typed as К. For a quote the fact that it speaks of is given, for `kg show`. The index stands in the folder of the
    store: the first search makes it, every article keeps it in step.
    """
    text = " ".join(words).strip()
    if not text and not rebuild:
        raise UsageError("there is nothing to search for", remedy="kg search WORDS")
    if rebuild:
        with opened(store, read_only=False) as graph:
            size = graph.rebuild_search()
        tell("note", f"{size} texts are in the index")
        if not text:
            return
    with opened(store) as graph:
        found = graph.search(text, only or _KINDS, limit)  # type: ignore[arg-type]
    if form in ("json", "jsonl"):
        records = [_record(hit) for hit in found]
        for line in [records] if form == "json" else records:
            write_line(json_line(line))
        return
    columns = ("kind", "id", "text", "article", "published")
    if form == "table":
        rows = [(h.kind, _short(h.iri), _around(h.text, text), h.article, h.published) for h in found]
    else:
        rows = [(h.kind, _short(h.iri), h.text, h.article, h.published) for h in found]
    if found or form != "table":
        write_table(columns, rows, form)
    if not found:
        tell("note", "nothing has all of these words")
    elif len(found) == limit and sys.stderr.isatty():
        tell("note", "there may be more: --limit")


def _short(iri: str) -> str:
    return iris.local(iri) if iri.startswith(iris.ID_PREFIX) else iri.removeprefix(iris.BASE)


def _around(text: str, words: str) -> str:
    """The part of a long text about the first word that is found in it."""
    text = " ".join(text.split())
    if len(text) <= _WIDTH:
        return text
    heads = [re.escape(word[: max(3, len(word) - 3)]) for word in re.findall(r"\w+", words)]
    place = re.search("|".join(heads), text, re.IGNORECASE) if heads else None
    start = max(0, min(place.start() - _WIDTH // 3 if place else 0, len(text) - _WIDTH))
    start = text.find(" ", start) + 1 if start else 0
    end = len(text) if start + _WIDTH >= len(text) else text.rfind(" ", start, start + _WIDTH)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def _record(hit: Hit) -> dict[str, Any]:
    values = {
        "kind": hit.kind,
        "iri": hit.iri,
        "text": hit.text,
        "language": hit.lang,
        "article": hit.article,
        "published": hit.published,
    }
    return {name: value for name, value in values.items() if value}
