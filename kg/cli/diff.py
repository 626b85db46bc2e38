"""The command ``diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from kg import iris
from kg.cli import gather
from kg.cli.common import format_option, lang_option, store_option, tell
from kg.cli.graph import moment, opened
from kg.cli.output import json_line, write_line, write_table
from kg.cli.page import Page

if TYPE_CHECKING:
    from kg.changes import Change
    from kg.export.view import View

_COLUMNS: Final = ("change", "kind", "fact", "slot", "before", "after", "articles", "id")


@click.command(
    epilog="Examples: `kg diff 2025-03 2025-08-31`; `kg diff 2024 2025 --format csv`; `kg diff 2019 2025 --lang kk`"
)
@click.argument("earlier", metavar="DATE")
@click.argument("later", metavar="DATE")
@format_option
@lang_option
@store_option
def diff(earlier: str, later: str, form: str, lang: str, store: str) -> None:
    """List what became known between two dates: new facts, and values that are other ones.

    Each DATE (2025, 2025-03 or 2025-03-04) stands for all articles published until its end, as with --known-by. The
    last column names the articles from which it was learnt.
    """
    from kg.changes import changes
    from kg.export.view import View
    from kg.moment import at

    first, last = moment(earlier, "DATE"), moment(later, "DATE")
    with opened(store) as graph:
        old, new = at(graph, known_by=first), at(graph, known_by=last)
        found = changes(old.store, new.store)
        named = {v for c in found for v in (c.fact, *c.before, *c.after) if v.startswith(iris.BASE)}
        views = (gather.view_of(old, named), gather.view_of(new, named)) if found else (View(), View())
        old.close()
        new.close()
    rows = [_row(change, views, lang) for change in found]
    if form in ("json", "jsonl"):
        records = [_record(change, row) for change, row in zip(found, rows, strict=True)]
        for line in [records] if form == "json" else records:
            write_line(json_line(line))
        return
    if rows or form != "table":
        write_table(_COLUMNS, rows, form)
    if not rows:
        tell("note", "nothing became known between them")


def _row(change: Change, views: tuple[View, View], lang: str) -> list[str]:
    old, new = views
    view = old if change.what == "gone" else new
    sentence = Page(view, lang, 0).sentence(change.fact) if change.fact in view.kinds else iris.local(change.fact)
    articles = " ".join(article.removeprefix(iris.ARTICLE_PREFIX) for article in change.articles)
    before, after = _shown(change.before, old, lang), _shown(change.after, new, lang)
    return [change.what, change.kind, sentence, change.slot, before, after, articles, iris.local(change.fact)]


def _shown(values: tuple[str, ...], view: View, lang: str) -> str:
    return ", ".join(view.label(v, lang) if v.startswith(iris.BASE) else v.rpartition("@")[0] or v for v in values)


def _record(change: Change, row: list[str]) -> dict[str, Any]:
    values = {
        "change": change.what,
        "kind": change.kind,
        "iri": change.fact,
        "fact": row[2],
        "slot": change.slot,
        "before": list(change.before),
        "after": list(change.after),
        "articles": [article.removeprefix(iris.ARTICLE_PREFIX) for article in change.articles],
    }
    return {name: value for name, value in values.items() if value}
