"""The summary of a graph: what lists, the first page and a map of very many establishments are made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import iris
from kg.build import KnowledgeGraph
from kg.export.mapped import map_data
from kg.export.view import View
from kg.extract import Extractor
from kg.model import FORMS, LANGUAGES, STATUSES
from kg.pages import counting, summary, world
from kg.pages.frame import Frame
from kg.pages.known import Known, Whole
from kg.read import corpus, read
from kg.store import EmbeddedStore


@pytest.fixture(scope="module")
def graph() -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(EmbeddedStore(None)) as made:
        for article, facts in Extractor().many(read(corpus())):
            made.add(article, facts)
        yield made


@pytest.fixture(scope="module")
def whole(graph: KnowledgeGraph) -> summary.Summary:
    return counting.make(graph)


@pytest.fixture(scope="module")
def view(graph: KnowledgeGraph) -> View:
    return View.of(graph.quads())


def test_it_counts_what_there_is(whole: summary.Summary, view: View) -> None:
    for kind in ("presence", "decision", "membership", "tenure", "organization", "city"):
        assert whole.overview.kinds[kind] == sum(1 for of in view.kinds.values() if of == kind), kind
    reported = [f for f in view.facts("presence") if view.text(f, "support") != "0"]
    assert whole.overview.reported["presence"] == len(reported)
    assert whole.overview.articles == len(view.articles) == sum(n for _, n in whole.overview.languages)
    assert whole.version


def test_facts_come_by_reports_then_by_date(whole: summary.Summary, view: View) -> None:
    found = whole.ranked("presence", 5_000)
    supports = [int(view.text(f, "support")) for f in found]
    assert supports == sorted(supports, reverse=True)
    assert set(found) == set(view.facts("presence"))
    assert whole.ranked("presence", 10, 5) == found[5:15]
    assert all(int(view.text(f, "support")) > 0 for f in whole.ranked(most=10_000, reported=True))


def test_a_file_of_it_says_the_same(graph: KnowledgeGraph, whole: summary.Summary, tmp_path: Path) -> None:
    path = tmp_path / summary.FILE
    assert summary.Summary.open(path) is None
    made = counting.make(graph, path)
    again = summary.Summary.open(path)
    assert again is not None
    assert (made.overview, made.version, made.years) == (whole.overview, whole.version, whole.years)
    assert again.ranked(most=50) == whole.ranked(most=50)
    path.write_bytes(b"no database")
    assert summary.Summary.open(path) is None


def test_facts_of_an_entity_are_the_same_with_and_without_it(graph: KnowledgeGraph, whole: summary.Summary) -> None:
    plain, summed, read = Known(graph), Known(graph, whole), Whole(graph)
    for entity in ("city/geneva", "organization/un", "country/kz", "region/central-asia", "city/almaty",
                   "person/kassym-jomart-tokayev", "event/unga-74", "country/none"):  # fmt: skip
        iri = iris.entity(entity)
        for day in ("", "1995-12-31", "2022-05-01"):
            totals = plain.totals(iri, day)
            assert totals == summed.totals(iri, day) == read.totals(iri, day), (entity, day)
            for kind, total in totals.items():
                found = plain.facts(iri, kind, total + 1, 0, day)
                assert len(found) == total
                assert found == summed.facts(iri, kind, total + 1, 0, day) == read.facts(iri, kind, total + 1, 0, day)
                assert found[3:8] == summed.facts(iri, kind, 5, 3, day)
    assert plain.totals(iris.entity("city/geneva"))["presence"] > 50
    assert plain.totals(iris.entity("city/almaty"))["decision"], "through the establishment that they are about"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"year": "1999"},
        {"year": "2019", "unknown": "0"},
        {"form": "mission", "year": "2001"},
        {"status": "closed"},
        {"region": "central-asia"},
        {"focus": "the first", "year": "2020"},
    ],
)
def test_places_are_counted_as_the_map_itself_would(
    graph: KnowledgeGraph, whole: summary.Summary, view: View, given: dict[str, str]
) -> None:
    """The rule of the map's script, written here once more over its own rows."""
    data = map_data(view, "en")
    if "focus" in given:
        given = given | {"focus": data["themes"][0][0]}
    expected: dict[str, list[int]] = {}
    day = f"{given['year']}-12-31" if "year" in given else ""
    for place, _, form, status, dates, focus, *_ in data["rows"]:
        since, since_latest, until, until_earliest = [*dates[:4], "", "", "", ""][:4]
        stage = STATUSES[status] if status >= 0 else ""
        if "form" in given and (form < 0 or FORMS[form] != given["form"]):
            continue
        if "status" in given and stage != given["status"]:
            continue
        if "region" in given and given["region"] not in [data["regions"][n][0] for n in data["places"][place][4]]:
            continue
        if "focus" in given and given["focus"] not in [data["themes"][n][0] for n in focus]:
            continue
        if day:
            if (since and since > day) or (until and until < day) or (not since and stage in ("planned", "proposed")):
                continue
            lasts = until_earliest >= day if until_earliest else stage == "operating"
            sure = bool(since_latest and since_latest <= day and lasts)
            if given.get("unknown") == "0" and not sure:
                continue
        else:
            if stage == "closed" and "status" not in given:
                continue
            sure = stage == "operating"
        path = data["places"][place][3].removeprefix(iris.ID_PREFIX)
        counted = expected.setdefault(path, [0, 0])
        counted[0] += 1
        counted[1] += sure
    found = {path: [n, sure] for path, n, sure in world.counts(graph, whole, given, [])}
    assert expected
    assert found == expected


def test_a_place_is_listed(graph: KnowledgeGraph, whole: summary.Summary) -> None:
    un = [iris.entity("organization/unesco")]
    for lang in LANGUAGES:
        found = world.listed(graph, whole, "city/geneva", {}, [], Frame(lang))
        assert found["total"] > len(found["rows"]) == world.LISTED
        assert str(found["total"]) in found["told"]
    one = world.listed(graph, whole, "city/almaty", {"organization": "unesco"}, un, Frame("en"))
    assert [row[0] for row in one["rows"] if "UNESCO" in row[0]]
    assert one["total"] < 5
    ground = world.ground(graph, whole, Frame("kk"))
    assert "Женева" in [place[0] for place in ground["places"]]
    assert [name for name, _ in ground["regions"]]


@pytest.mark.parametrize("given", [{"year": "x"}, {"form": "castle"}, {"region": "a> <b"}, {"focus": "}"}])
def test_a_filter_that_is_none(graph: KnowledgeGraph, whole: summary.Summary, given: dict[str, str]) -> None:
    with pytest.raises(world.Unknown):
        world.counts(graph, whole, given, [])
