"""The timeline: a line a life, from the proposal to the opening and the end, drawn as SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import IO, Final

from kg import iris
from kg.export.mapped import Link, figure_words, to_web
from kg.export.network import xml_text
from kg.export.page import page
from kg.export.view import View

WIDTH: Final = 980
_LABEL: Final = 330
_RIGHT: Final = 24
_ROW: Final = 25
_TOP: Final = 26
_SHOWN: Final = 52
MOST: Final = 1_500
"""How many lines a timeline has at most."""

_STEPS: Final = {"proposal": "proposed", "decision": "decided", "agreement": "agreed", "relocation": "moved"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a line: what it was, when (first and last day that the date may mean), its date as stated."""

    kind: str
    first: str
    last: str
    date: str
    iri: str


@dataclass(slots=True)
class Line:
    """The life of an establishment, or one fact by itself.

    Attributes:
        iri: what it is about.
        label: what to call it.
        events: its dated steps, in the order of time.
        since, until: the bounds of its work: first and last possible day; empty where they are not known.
        status: its stage.
        reported: the day of the first article that tells of it.
    """

    iri: str
    label: str
    events: list[Event] = field(default_factory=list)
    since: tuple[str, str] = ("", "")
    until: tuple[str, str] = ("", "")
    status: str = ""
    reported: str = ""


def life_lines(view: View, lang: str = "en", facts: Iterable[str] | None = None) -> tuple[list[Line], int]:
    """The lines of a timeline, in the order of their first date.

    Args:
        view: the graph.
        lang: language of labels.
        facts: which facts to show; without them all of the view.

    Returns:
        The lines of what has a date, and the number of establishments without any.
    """
    chosen = set(view.facts() if facts is None else facts)
    presences = sorted(iri for iri in chosen if view.kinds.get(iri) == "presence")
    at: dict[tuple[str, str], list[str]] = {}
    for iri in presences:
        at.setdefault((view.text(iri, "organization"), view.text(iri, "place")), []).append(iri)
    steps: dict[str, list[Event]] = {}
    alone: list[Line] = []
    for iri in sorted(chosen):
        kind = view.kinds.get(iri, "")
        if kind not in _STEPS:
            continue
        event = _event(view, iri, kind)
        if event is None:
            continue
        about = [term.value for term in view.values(iri, "about") if term.value in view.kinds]
        if kind == "relocation":
            moved = at.get((view.text(iri, "organization"), view.text(iri, "to")), [])
            about = moved if len(moved) == 1 else []
        owned = [a for a in about if view.kinds[a] == "presence" and a in chosen]
        for presence in owned:
            steps.setdefault(presence, []).append(event)
        if not owned:
            alone.append(Line(iri, view.label(iri, lang), [event]))
    lines, without = [], 0
    for iri in presences:
        line = _presence(view, iri, lang, steps.get(iri, []))
        if line.events or any(line.since) or any(line.until):
            lines.append(line)
        else:
            without += 1
    ordered = sorted([*lines, *alone], key=lambda line: (_start(line), line.label, line.iri))
    return ordered[:MOST], without + max(0, len(ordered) - MOST)


def _event(view: View, iri: str, kind: str) -> Event | None:
    date = view.text(iri, "date")
    if not date:
        return None
    return Event(kind, view.text(iri, "dateEarliest") or date, view.text(iri, "dateLatest") or date, date, iri)


def _presence(view: View, iri: str, lang: str, events: list[Event]) -> Line:
    published = iris.PREFIXES["schema"] + "datePublished"
    reports = sorted(
        filter(None, (view.articles.get(q.article, {}).get(published, "") for q in view.quotes.get(iri, [])))
    )
    return Line(
        iri,
        view.label(iri, lang),
        sorted(events, key=lambda e: (e.first, e.kind, e.iri)),
        (view.text(iri, "sinceEarliest"), view.text(iri, "sinceLatest")),
        (view.text(iri, "untilEarliest"), view.text(iri, "untilLatest")),
        view.text(iri, "status").rsplit("/", 1)[-1],
        reports[0] if reports else "",
    )


def _start(line: Line) -> str:
    return min(filter(None, (*(e.first for e in line.events), line.since[0], line.until[0])), default="9")


def _year(day: str) -> float:
    """``2025-07-02`` → 2025.5, nearly."""
    parts = [int(p) for p in day[:10].split("-")]
    whole = dt.date(*[*parts, 1, 1][:3])
    return whole.year + (whole.timetuple().tm_yday - 1) / 365.25


def edge(view: View) -> str:
    """The day of the newest article, else the newest date of a fact: where what is at work now ends in a picture."""
    published = iris.PREFIXES["schema"] + "datePublished"
    days = [a[published][:10] for a in view.articles.values() if published in a]
    if not any(days):
        days = [view.text(iri, name) for iri in view.facts() for name in ("dateLatest", "sinceLatest", "untilEarliest")]
    return max(filter(None, days), default="")


class _Scale:
    """From days to places along the line, with round years as marks."""

    def __init__(self, first: float, last: float) -> None:
        span = max(last - first, 2.0)
        self.first, self.last = first - span * 0.02, last + span * 0.02
        self.step = next(s for s in (1, 2, 5, 10, 20, 25, 50, 100, 500) if span / s <= 12)

    def x(self, day: str) -> float:
        share = (_year(day) - self.first) / (self.last - self.first)
        return round(_LABEL + share * (WIDTH - _LABEL - _RIGHT), 1)

    def marks(self) -> list[int]:
        start = -(-int(self.first + 1) // self.step) * self.step
        return list(range(start, int(self.last) + 1, self.step))


def drawing(lines: list[Line], newest: str, lang: str, link: Link = to_web, name: str = "timeline") -> str:
    """The lines as an SVG element for a page; its look comes from the page's style sheet.

    Args:
        lines: see :func:`life_lines`.
        newest: the day to which what is at work now is drawn; see :func:`edge`.
        lang: language of the page.
        link: addresses of pages.
        name: name of the file when it is saved.
    """
    w = figure_words(lang)
    days = [
        d
        for line in lines
        for d in (_start(line), *(e.last for e in line.events), *line.since, *line.until)
        if d and d != "9"
    ]
    if not days:
        return f"<p>{escape(w['nothing'])}</p>"
    newest = newest or max(days)
    scale = _Scale(_year(min(days)), _year(max(newest, *days)))
    height = _TOP + len(lines) * _ROW + 24
    parts = [
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="{escape(w["timeline"])}" '
        f'data-save="{escape(xml_text(name))}" xmlns="http://www.w3.org/2000/svg">'
    ]
    parts += [
        f'<rect class="band" x="0" y="{_TOP + n * _ROW}" width="{WIDTH}" height="{_ROW}"/>'
        for n in range(1, len(lines), 2)
    ]
    for year in scale.marks():
        x = scale.x(f"{year:04}-01-01")
        parts.append(f'<line class="rule" x1="{x}" x2="{x}" y1="{_TOP}" y2="{height - 20}"/>')
        parts += [f'<text class="tick" x="{x}" y="{y}" text-anchor="middle">{year}</text>' for y in (16, height - 6)]
    for number, line in enumerate(lines):
        parts += _line(line, _TOP + number * _ROW + _ROW / 2, scale, newest, w, link)
    return "\n".join([*parts, "</svg>"])


def _line(line: Line, y: float, scale: _Scale, newest: str, w: dict[str, str], link: Link) -> list[str]:
    label = xml_text(line.label)
    short = label if len(label) <= _SHOWN else label[: _SHOWN - 1].rstrip() + "…"
    text = f'<text x="6" y="{y + 4}"><title>{escape(label)}</title>{escape(short)}</text>'
    href = link(line.iri)
    parts = [f'<a href="{escape(href)}">{text}</a>' if href else text]
    since, until = line.since, line.until
    begun = [e.first for e in line.events if e.kind != "relocation"]
    opened = since[0] or since[1]
    if begun and opened and min(begun) < opened:
        parts.append(_way(scale.x(min(begun)), scale.x(opened), y, w["in-between"]))
    elif begun and not opened:
        end = max(e.last for e in line.events if e.kind != "relocation")
        parts.append(_way(scale.x(min(begun)), scale.x(newest if line.status != "closed" else end), y, w["in-between"]))
    over = " over" if line.status == "closed" or until[1] else ""
    stop = until[0] or newest
    if opened and line.status not in ("proposed", "planned"):
        said = w["working"]
        if line.status == "closed" and not until[1]:
            # It has ended, and nobody says when.
            parts.append(_bar(scale.x(opened), scale.x(newest), y, "unsure over", w["closed"]))
        elif since[0] and since[0] != since[1]:
            parts.append(
                _bar(scale.x(since[0]), scale.x(min(since[1] or stop, stop)), y, f"unsure{over}", w["inexact"])
            )
        if line.status != "closed" or until[1]:
            parts.append(_bar(scale.x(min(since[1] or since[0], stop)), scale.x(stop), y, f"work{over}", said))
    elif not opened and line.status == "operating" and line.reported:
        parts.append(_bar(scale.x(min(line.reported[:10], stop)), scale.x(stop), y, f"unsure{over}", w["working"]))
    elif not opened and until[0] and line.status == "closed":
        parts.append(_bar(scale.x(until[0]), scale.x(until[1] or until[0]), y, "unsure over", w["closed"]))
    if until[1] and until[0] != until[1]:
        parts.append(_bar(scale.x(until[0]), scale.x(until[1]), y, "unsure over", w["inexact"]))
    for event in line.events:
        x = scale.x(event.first)
        parts.append(sign(event.kind, x, y, f"{w[_STEPS[event.kind]]}: {event.date}"))
    if opened:
        planned = line.status in ("proposed", "planned")
        parts.append(sign("planned" if planned else "opened", scale.x(opened), y, f"{w['opened']}: {_stated(since)}"))
    if until[1]:
        parts.append(sign("closed", scale.x(until[1]), y, f"{w['closed']}: {_stated(until)}"))
    return parts


def _stated(bounds: tuple[str, str]) -> str:
    """A date as precise as its bounds allow."""
    first, last = bounds
    if first == last or not first or not last:
        return first or last
    if first[:4] == last[:4] and first.endswith("-01-01") and last.endswith("-12-31"):
        return first[:4]
    return first[:7] if first[:7] == last[:7] else f"{first} … {last}"


def _way(start: float, end: float, y: float, title: str) -> str:
    return f'<line class="way" x1="{start}" x2="{end}" y1="{y}" y2="{y}"><title>{escape(title)}</title></line>'


def _bar(start: float, end: float, y: float, style: str, title: str) -> str:
    width = max(2.0, round(end - start, 1))
    return (
        f'<rect class="{style}" x="{start}" y="{y - 4}" width="{width}" height="8" rx="1.5">'
        f"<title>{escape(title)}</title></rect>"
    )


def sign(kind: str, x: float, y: float, title: str) -> str:
    """The sign of a step: a diamond for a proposal, a square for a decision, a triangle for an agreement."""
    shapes = {
        "proposal": f"M{x} {y - 6}l6 6l-6 6l-6 -6z",
        "decision": f"M{x - 5} {y - 5}h10v10h-10z",
        "agreement": f"M{x} {y - 6}l6 11h-12z",
        "relocation": f"M{x - 5} {y - 5}l10 5l-10 5z",
        "closed": f"M{x - 4} {y - 4}l8 8m0 -8l-8 8",
        "opened": f"M{x - 5} {y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
        "planned": f"M{x - 5} {y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    }
    style = "step opening" if kind == "opened" else "step"
    return f'<path class="{style}" d="{shapes[kind]}"><title>{escape(title)}</title></path>'


def legend(lang: str) -> str:
    """What the signs mean, as HTML."""
    w = figure_words(lang)
    kinds = (("proposal", "proposed"), ("decision", "decided"), ("agreement", "agreed"), ("opened", "opened"),
             ("closed", "closed"), ("relocation", "moved"))  # fmt: skip
    items = [
        f'<li><svg class="timeline" width="16" height="16" aria-hidden="true">{sign(kind, 8, 8, "")}</svg>'
        f"{escape(w[key])}</li>"
        for kind, key in kinds
    ]
    bar = '<li><svg class="timeline" width="26" height="16" aria-hidden="true">{}</svg>{}</li>'
    items += [
        bar.format(_bar(0, 26, 8, style, ""), escape(w[key]))
        for style, key in (("work", "working"), ("unsure", "inexact"), ("work over", "ended"))
    ]
    items.append(bar.format(_way(0, 26, 8, ""), escape(w["in-between"])))
    return f'<ul class="legend signs">{"".join(items)}</ul>'


def write_timeline(view: View, out: IO[bytes], lang: str = "en", title: str = "") -> int:
    """Write a page with the timeline of what articles report and what has dates: one file, no requests to anywhere.

    Returns:
        How many lines it has.
    """
    lines, without = life_lines(view, lang)
    newest = edge(view)
    w = figure_words(lang)
    title = title or w["timeline"]
    said = [w["until-now"].format(date=newest)] if newest and lines else []
    said += [w["no-date"].format(n=without)] if without else []
    body = (
        f'<figure>{legend(lang)}<div class="lines">{drawing(lines, newest, lang, name=title)}</div>'
        f'<p class="small soft">{escape(" · ".join(said))}</p></figure>'
    )
    out.write(page(title, lang, body, {"words": w}).encode())
    return len(lines)
