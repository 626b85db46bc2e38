"""The map of more establishments than a page can hold: counted by place on the server, and listed place by place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kg import iris
from kg.export.mapped import figure_words
from kg.export.select import rows, view_of
from kg.export.words import term_label
from kg.model import FORMS, STATUSES
from kg.pages.frame import Frame
from kg.pages.summary import Summary

LISTED: Final = 60
"""Establishments of a place that are listed at once."""
FILTERS: Final = ("year", "organization", "form", "status", "focus", "region", "unknown")
_FIRST: Final = 1945
_CLOSED: Final = STATUSES.index("closed")
_OPERATING: Final = STATUSES.index("operating")
_PLANS: Final = tuple(STATUSES.index(status) for status in ("planned", "proposed"))
# Whether it stood at the end of a year, and whether that is certain; the rule is that of the question who-is-in.
_STOOD: Final = (
    f"NOT (since > :day) AND NOT (until AND until < :day) AND (since OR status NOT IN ({', '.join(map(str, _PLANS))}))"
)
_SURE: Final = (
    "(since_latest AND since_latest <= :day AND CASE WHEN until_earliest THEN until_earliest >= :day "
    f"ELSE status = {_OPERATING} END)"
)


_SLUG: Final = re.compile(r"[\w.-]+")


class Unknown(ValueError):
    """A filter names what the graph does not have."""


def ground(graph: Any, summary: Summary, frame: Frame) -> dict[str, Any]:
    """All that the map needs but the counts: places with their points, and what one can filter by.

    The form is that of :func:`kg.export.mapped.map_data`, without rows; see there.

    Args:
        graph: the graph.
        summary: its summary.
        frame: language and links.
    """
    lang = frame.lang
    found = summary.db.execute(
        "SELECT name.iri, min(country.iri) FROM presence JOIN name ON name.id = place "
        "JOIN name AS country ON country.id = presence.country GROUP BY place ORDER BY name.iri"
    ).fetchall()
    regions = sorted(row[0].value for row in rows(graph, "?r a io:Region ; io:hasMember ?m", "r"))
    view = view_of(graph, {*(place for place, _ in found), *regions}, linked=False, evidence=False)
    within: dict[str, list[int]] = {}
    shown = [r for r in regions if any(t.value in {c for _, c in found} for t in view.values(r, "hasMember"))]
    for number, region in enumerate(shown):
        for term in view.values(region, "hasMember"):
            within.setdefault(term.value, []).append(number)
    places = []
    for place, country in found:
        point = view.point(place) or (None, None)
        places.append([view.label(place, lang), *point, frame.thing(place), within.get(country, []), _short(place)])
    themes = [iri for (iri,) in summary.db.execute(
        "SELECT iri FROM name WHERE id IN (SELECT theme FROM focus) ORDER BY iri")]  # fmt: skip
    return {
        "places": places,
        "organizations": [],
        "forms": [[name, term_label(iris.concept("form", name), lang)] for name in FORMS],
        "statuses": [[name, term_label(iris.concept("status", name), lang)] for name in STATUSES],
        "themes": sorted(([iri.rsplit("/", 1)[-1], term_label(iri, lang)] for iri in themes), key=lambda p: p[1]),
        "regions": sorted(([_local(iri), view.label(iri, lang)] for iri in shown), key=lambda p: p[1]),
        "years": [_FIRST, max(_FIRST, summary.years[1])],
        "rows": [],
        "counted": frame.page("map/counts"),
        "listed": frame.page("map/place"),
        "title": frame.word("nav-map"),
    }


def counts(graph: Any, summary: Summary, given: Mapping[str, str], organizations: list[str]) -> list[list[Any]]:
    """How many establishments are in each place: its path, how many, of how many it is certain.

    Args:
        graph: the graph.
        summary: its summary.
        given: values of :data:`FILTERS`.
        organizations: the organisations that the filter ``organization`` means.

    Raises:
        Unknown: if a value is none.
    """
    where, sure, values = _conditions(graph, given, organizations)
    text = f"SELECT place, count(*), sum({sure}) FROM presence WHERE {where} GROUP BY place"
    names = dict(summary.db.execute("SELECT id, iri FROM name WHERE id IN (SELECT DISTINCT place FROM presence)"))
    return [[_short(names[place]), n, int(s or 0)] for place, n, s in summary.db.execute(text, values)]


def listed(
    graph: Any, summary: Summary, place: str, given: Mapping[str, str], organizations: list[str], frame: Frame
) -> dict[str, Any]:
    """The establishments of a place, those that most articles report first, as many as :data:`LISTED`.

    Args:
        graph: the graph.
        summary: its summary.
        place: its path, such as ``city/geneva``.
        given: values of :data:`FILTERS`.
        organizations: the organisations that the filter ``organization`` means.
        frame: language and links.

    Raises:
        Unknown: if a value is none.
    """
    where, sure, values = _conditions(graph, given, organizations)
    of = "place = (SELECT id FROM name WHERE iri = :place)"
    values["place"] = iris.entity(place)
    total = summary.db.execute(f"SELECT count(*) FROM presence WHERE {of} AND {where}", values).fetchone()[0]
    ordered = f"ORDER BY support DESC, since DESC, iri LIMIT {LISTED}"
    found = summary.db.execute(f"SELECT iri, {sure} FROM presence WHERE {of} AND {where} {ordered}", values).fetchall()
    view = view_of(graph, [iri for iri, _ in found], linked=False, evidence=False)
    lines = []
    for iri, certain in found:
        if iri not in view.kinds:
            continue
        since, until = view.text(iri, "since"), view.text(iri, "until")
        status = view.text(iri, "status")
        dates = f"{since}–{until}" if until else since
        lines.append(
            [view.label(iri, frame.lang), frame.thing(iri), term_label(status, frame.lang) if status else "", dates,
             "sure" if certain else "maybe"]
        )  # fmt: skip
    told = figure_words(frame.lang)["listed"].format(shown=len(lines), total=total) if total > len(lines) else ""
    return {"rows": lines, "total": total, "told": told}


def _conditions(
    graph: Any, given: Mapping[str, str], organizations: list[str]
) -> tuple[str, str, dict[str, int | str]]:
    """The filters as conditions of SQL, what makes a row certain, and the values."""
    where, values = ["1"], dict[str, int | str]()
    year = given.get("year", "")
    if year and not (year.isdigit() and len(year) <= 4):
        raise Unknown(year)
    if year:
        values["day"] = int(year) * 10_000 + 1231
        where.append(_STOOD)
        if given.get("unknown") == "0":
            where.append(_SURE)
    elif not given.get("status"):
        where.append(f"status != {_CLOSED}")
    for name, known in (("form", FORMS), ("status", STATUSES)):
        if given.get(name):
            if given[name] not in known:
                raise Unknown(given[name])
            where.append(f"{name} = {known.index(given[name])}")
    for name in ("focus", "region"):
        if given.get(name) and not _SLUG.fullmatch(given[name]):
            raise Unknown(given[name])
    if given.get("focus"):
        values["theme"] = iris.concept("theme", given["focus"])
        where.append(
            "presence.id IN (SELECT presence FROM focus WHERE theme = (SELECT id FROM name WHERE iri = :theme))"
        )
    if given.get("region"):
        region = iris.entity(f"region/{given['region']}")
        members = rows(graph, f"<{region}> io:hasMember ?m", "m")
        where.append(_among("country", [m.value for (m,) in members], values, "m"))
    if given.get("organization"):
        where.append(_among("organization", organizations, values, "o"))
    return " AND ".join(where), _SURE if year else f"status = {_OPERATING}", values


def _among(column: str, named: list[str], values: dict[str, int | str], letter: str) -> str:
    values |= {f"{letter}{n}": iri for n, iri in enumerate(named)}
    marks = ", ".join(f":{letter}{n}" for n in range(len(named)))
    return f"{column} IN (SELECT id FROM name WHERE iri IN ({marks}))"


def _short(iri: str) -> str:
    return iri.removeprefix(iris.ID_PREFIX)


def _local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
