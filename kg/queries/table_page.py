"""An answer as a web page that stands alone: no script, no address but those of the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

import pyoxigraph as ox

from kg.queries.answer import plain

_STYLE: Final = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .3rem .8rem .3rem 0;
  text-align: left; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
"""


def table_page(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], show: Callable[[Any], str] = str
) -> str:
    """A page with one table, in light or dark as the reader has it, fit for a phone.

    Args:
        title: its heading; empty for none.
        columns: the names of the columns.
        rows: the RDF terms of each row; ``None`` where there is none.
        show: writes a term for a reader.

    Returns:
        HTML. What is in the terms is text; addresses on the web become links, other IRIs do not.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "\n".join(f"<tr>{''.join(_cell(term, show) for term in row)}</tr>" for row in rows)
    heading = f"<h1>{escape(title)}</h1>\n" if title else ""
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title or 'presence-kg')}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{heading}"
        f'<div class="wide">\n<table>\n<caption>{len(rows)} rows</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>\n</body>\n</html>"
    )


def _cell(term: Any, show: Callable[[Any], str]) -> str:
    if term is None:
        return "<td></td>"
    text = escape(show(term))
    if isinstance(term, ox.NamedNode) and term.value.startswith(("http://", "https://")):
        return f'<td><a href="{escape(term.value)}">{text}</a></td>'
    if isinstance(term, ox.Literal) and term.language:
        return f'<td lang="{escape(term.language)}">{text}</td>'
    number = isinstance(plain(term), int | float) and not isinstance(plain(term), bool)
    return f'<td class="number">{text}</td>' if number else f"<td>{text}</td>"
