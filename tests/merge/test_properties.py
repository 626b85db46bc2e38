"""Laws of merging over made-up articles: whatever they say, in whatever order they come."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, TypeAlias

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import iris
from kg.build import KnowledgeGraph, describe_article
from kg.building.account import account_of, digest, prepare
from kg.graph import terms
from kg.graph.terms import io
from kg.merge.account import Geography, from_fact
from kg.merge.cluster import _Cluster, clusters, components
from kg.model import CONCEPTS, Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.reference import Entry, Reference
from kg.store import EmbeddedStore

MERGED = ox.NamedNode(iris.GRAPH_MERGED)
EXAMPLES = int(os.environ.get("KG_EXAMPLES", "60"))
LAX = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
Report: TypeAlias = tuple[Article, list[Fact]]


def _entry(identifier: str, **row: str) -> Entry:
    kind, _, slug = identifier.partition("/")
    return Entry(identifier, kind, {"en": slug.title()}, {"en": (slug.title(),)}, {}, {"id": slug, **row})  # type: ignore[arg-type]


ENTRIES = [
    _entry("country/kz", iso2="kz"), _entry("country/uz", iso2="uz"), _entry("city/almaty", country="kz"),
    _entry("city/astana", country="kz"), _entry("city/tashkent", country="uz"), _entry("organization/un"),
    _entry("organization/unicef", parent="un"), _entry("person/tokayev"),
]  # fmt: skip
TABLES = Reference(
    entries={e.id: e for e in ENTRIES},
    people=({"id": "tokayev", "position": "head-of-state", "of": "country/kz", "since": "2019-03-20"},),
    presences=({"organization": "un", "form": "country-office", "place": "country/kz", "status": "operating",
                "name_en": "UN office", "since": "1993", "checked": "2026-01-02"},),
    memberships=({"member": "country/kz", "organization": "un", "role": "member", "since": "1992-03-02"},),
)  # fmt: skip


def _known(identifier: str) -> Entity:
    entry = TABLES.entries[identifier]
    return Entity(identifier, entry.type, (entry.labels["en"],))


def _new(kind: str, name: str) -> Entity:
    return Entity(f"{kind}/x-{iris.slug(name)}", kind, (name,), known=False)  # type: ignore[arg-type]


organizations = st.sampled_from(
    [_known("organization/un"), _known("organization/unicef"), _new("organization", "Water Board")]
)
places = st.sampled_from([_known(i) for i in ("country/kz", "country/uz", "city/almaty", "city/astana")])
countries = st.sampled_from([_known("country/kz"), _known("country/uz")])
people = st.sampled_from([_known("person/tokayev"), _new("person", "Әсел Омарова"), _new("person", "Асель Омарова")])
dates = st.sampled_from(["2019", "2019-09", "2024", "2025", "2025-03", "2025-03-04", "2025-03-20", "2025-08"]).map(
    PartialDate
)
forms = st.sampled_from(["regional-centre", "centre", "country-office"])
establishments = st.builds(Establishment, organizations, st.none() | places, st.none() | forms)
abouts = establishments | st.sampled_from(["water", "Water!", "trade"])


def concepts(scheme: str) -> st.SearchStrategy[str]:
    return st.sampled_from(CONCEPTS[scheme])


SLOTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "presence": (
        {"organization": organizations, "place": places, "form": forms},
        {"status": concepts("status"), "since": dates, "until": dates, "name": st.sampled_from(["Centre", "Hub"]),
         "serves": st.lists(countries, min_size=1, max_size=2, unique=True).map(tuple),
         "focus": st.lists(concepts("theme"), min_size=1, max_size=2, unique=True).map(tuple)},
    ),
    "proposal": (
        {"proposer": people | countries},
        {"on_behalf_of": countries, "date": dates, "about": abouts, "occasion": st.just(_new("event", "Summit"))},
    ),
    "decision": (
        {"body": organizations, "instrument": st.sampled_from(["resolution", "law"])},
        {"symbol": st.sampled_from(["79/266", "A/79/266", "A 79-266", "1/12", "11/2"]), "date": dates, "about": abouts,
         "in_favour": st.integers(150, 152), "adopted_by": concepts("adoption"), "initiator": countries},
    ),
    "agreement": (
        {"parties": st.lists(organizations | countries, min_size=1, max_size=3, unique=True).map(tuple)},
        {"date": dates, "place": places, "about": abouts},
    ),
    "membership": (
        {"member": countries, "organization": organizations},
        {"role": concepts("role"), "since": dates, "until": dates},
    ),
    "relocation": ({"organization": organizations, "to": places}, {"from": places, "date": dates}),
    "count": (
        {"what": concepts("counted"), "place": countries, "value": st.integers(17, 18)},
        {"date": dates},
    ),
    "tenure": ({"person": people, "position": st.sampled_from(["minister", "official"]), "of": countries}, {}),
}  # fmt: skip


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    kind = draw(st.sampled_from(sorted(SLOTS)))
    needed, others = SLOTS[kind]
    slots = draw(st.fixed_dictionaries(needed, optional=others))
    return Fact(kind, slots, (Evidence("Words.", 0, 6, rule="test", confidence=draw(st.sampled_from([0.9, 1.0]))),))


@st.composite
def articles(draw: st.DrawFn) -> list[Report]:
    contents = draw(st.lists(st.lists(facts(), max_size=4), min_size=1, max_size=6))
    return [
        (Article(f"a{n}", draw(st.sampled_from(["en", "ru", "kk"])), "", "Words.", draw(st.none() | dates)), found)
        for n, found in enumerate(contents)
    ]


def built(reports: Iterable[Report]) -> KnowledgeGraph:
    graph = KnowledgeGraph(EmbeddedStore(None), TABLES)
    for report in reports:
        graph.add(*report)
    return graph


def lines(graph: KnowledgeGraph) -> list[str]:
    return sorted(map(str, graph.quads()))


@LAX
@given(articles(), st.data())
def test_the_order_plays_no_part(reports: list[Report], data: st.DataObject) -> None:
    other = data.draw(st.permutations(reports))
    again = data.draw(st.lists(st.sampled_from(reports), max_size=3))
    once = built(reports)
    assert lines(built([*other, *again])) == lines(once)
    assert {once.add(article, list(reversed(found))) for article, found in reports} == {"unchanged"}


@LAX
@given(articles())
def test_an_account_is_what_can_be_read_from_its_quads(reports: list[Report]) -> None:
    for report in reports:
        made = describe_article(*report, TABLES)
        read = account_of(made.article, made.quads())
        assert sorted(made.accounts, key=lambda account: account.node) == sorted(read.accounts, key=lambda a: a.node)
        assert made.digest == read.digest == digest(made.quads())
        assert sorted(made.text.splitlines()) == sorted(read.text.splitlines())
        assert set(made.found) == set(read.found)


@LAX
@given(articles(), st.data())
def test_accounts_that_workers_prepared_give_what_others_do(reports: list[Report], data: st.DataObject) -> None:
    """In batches of any size, in any order; some go and come again."""
    ready = [describe_article(*report, TABLES) for report in data.draw(st.permutations(reports))]
    for account in ready:
        prepare(account, Geography.of(TABLES))
    graph = KnowledgeGraph(EmbeddedStore(None), TABLES)
    size = data.draw(st.integers(1, 4))
    for start in range(0, len(ready), size):
        graph.put(ready[start : start + size])
    assert lines(graph) == lines(built(reports))
    gone = data.draw(st.sets(st.sampled_from(range(len(reports)))))
    for number in sorted(gone):
        graph.remove(reports[number][0].id)
    assert lines(graph) == lines(built(r for n, r in enumerate(reports) if n not in gone))
    graph.put(ready)
    assert lines(graph) == lines(built(reports))


@LAX
@given(articles(), st.data())
def test_what_is_removed_was_never_there(reports: list[Report], data: st.DataObject) -> None:
    graph = built(reports)
    gone = data.draw(st.sets(st.sampled_from(range(len(reports)))))
    for number in sorted(gone):
        assert graph.remove(reports[number][0].id)
    assert lines(graph) == lines(built(r for n, r in enumerate(reports) if n not in gone))


@LAX
@given(articles(), st.data())
def test_a_changed_article_replaces_its_account(reports: list[Report], data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(range(len(reports))))
    changed = (reports[number][0], data.draw(st.lists(facts(), max_size=3)))
    graph = built(reports)
    graph.add(*changed)
    assert lines(graph) == lines(built([*reports[:number], changed, *reports[number + 1 :]]))


@LAX
@given(st.lists(facts(), min_size=1, max_size=4), st.data())
def test_much_told_facts_are_joined_as_if_every_account_were_compared(few: list[Fact], data: st.DataObject) -> None:
    told = data.draw(st.lists(st.lists(st.sampled_from(few), min_size=1, max_size=3), min_size=1, max_size=8))
    geography = Geography.of(TABLES)
    accounts = [
        from_fact(f"a:{n}#f{m}", f"a:{n}", data.draw(st.sampled_from(["", "2019", "2025-03"])), fact)
        for n, facts_ in enumerate(told)
        for m, fact in enumerate(facts_)
    ]
    for component in components(accounts, geography):
        quick = clusters(component, geography)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_Cluster, "against", lambda self, account: self.accounts)
            assert clusters(component, geography) == quick


@LAX
@given(articles(), dates)
def test_an_article_that_says_nothing_changes_nothing(reports: list[Report], date: PartialDate) -> None:
    graph = built(reports)
    before = set(map(str, graph.store.match(None, None, None, MERGED)))
    graph.add(Article("silent", "en", "Nothing", "Nothing happened.", date), [])
    assert set(map(str, graph.store.match(None, None, None, MERGED))) == before


@LAX
@given(articles())
def test_every_account_stands_in_one_fact_of_its_kind(reports: list[Report]) -> None:
    graph = built(reports)
    for article, found in reports:
        node = ox.NamedNode(iris.article(article.id))
        accounts = {q.subject for q in graph.store.match(None, io("reportedIn"), node, node)}
        assert len(accounts) <= len(found)
        for account in accounts:
            owners = [q.subject for q in graph.store.match(None, io("account"), account, MERGED)]
            assert len(owners) == 1
            kinds = {q.object for q in graph.store.match(account, terms.RDF_TYPE, None, node)} & set(
                map(io, terms.CLASSES.values())
            )
            assert all(list(graph.store.match(owners[0], terms.RDF_TYPE, k, MERGED)) for k in kinds)


@LAX
@given(articles())
def test_single_values_are_single_and_stated(reports: list[Report]) -> None:
    """A merged fact has one value a slot, and some account states it."""
    graph = built(reports)
    single = {
        terms.PROPERTIES[kind][slot]
        for kind, (needed, others) in SLOTS.items()
        for slot in (*needed, *others)
        if slot not in ("parties", "serves", "focus", "name", "about")
    }
    for node in {q.subject for q in graph.store.match(None, io("account"), None, MERGED)}:
        accounts = [q.object for q in graph.store.match(node, io("account"), None, MERGED)]
        for property_ in single:
            values = [q.object for q in graph.store.match(node, property_, None, MERGED)]
            stated = {q.object for a in accounts for q in graph.store.match(a, property_) if a == q.subject}  # type: ignore[arg-type]
            of_role = property_ in (io("since"), io("until"))  # of a membership, that of another role does not count
            assert min(0 if of_role else 1, len(stated)) <= len(values) <= 1, property_
            assert set(values) <= stated


@LAX
@given(articles())
def test_what_leads_to_what_goes_forward(reports: list[Report]) -> None:
    graph = built(reports)
    order = [io(name) for name in ("Initiative", "Decision", "Agreement", "Presence")]

    def step(node: Any) -> int:
        types = {q.object for q in graph.store.match(node, terms.RDF_TYPE, None, MERGED)}
        return next(n for n, one in enumerate(order) if one in types)

    links = list(graph.store.match(None, io("ledTo"), None, MERGED))
    assert all(step(q.subject) < step(q.object) for q in links)


@LAX
@given(articles(), st.lists(st.sampled_from(["proposed", "planned"]), min_size=1, max_size=3))
def test_a_plan_never_turns_back_what_operates(reports: list[Report], later: list[str]) -> None:
    graph = built(reports)
    operating = ox.NamedNode(iris.concept("status", "operating"))
    before = {q.subject for q in graph.store.match(None, io("status"), operating, MERGED)}
    key = {"organization": _known("organization/un"), "place": _known("city/almaty"), "form": "regional-centre"}
    for number, status in enumerate(later):
        said = Fact("presence", {**key, "status": status}, (Evidence("Words.", 0, 6),))
        graph.add(Article(f"late{number}", "en", "", "Words.", PartialDate("2030")), [said])
    assert {q.subject for q in graph.store.match(None, io("status"), operating, MERGED)} >= before


SAME = {"organization": _known("organization/un"), "place": _known("city/almaty"), "form": "regional-centre"}


@LAX
@given(st.lists(st.tuples(st.sampled_from(["en", "ru", "kk"]), st.none() | dates, st.none() | dates), min_size=1))
def test_many_reports_of_one_opening_are_one_establishment(
    told: list[tuple[str, PartialDate | None, PartialDate | None]],
) -> None:
    graph = KnowledgeGraph(EmbeddedStore(None), Reference(entries=TABLES.entries))
    for number, (lang, published, since) in enumerate(told):
        said = Fact("presence", {**SAME, **({"since": since} if since else {})}, (Evidence("Words.", 0, 6),))
        graph.add(Article(f"n{number}", lang, "", "Words.", published), [said])
    found = {q.subject for q in graph.store.match(None, terms.RDF_TYPE, io("Presence"), MERGED)}
    assert len(found) == 1
    support = [q.object.value for q in graph.store.match(None, io("support"), None, MERGED)]  # type: ignore[union-attr]
    assert support == [str(len(told))]


@pytest.mark.parametrize(
    "other", [{"place": _known("city/astana")}, {"organization": _known("organization/unicef")}, {"form": "mission"}]
)
def test_two_openings_stay_two(other: dict[str, Any]) -> None:
    graph = KnowledgeGraph(EmbeddedStore(None), Reference(entries=TABLES.entries))
    for number, slots in enumerate((SAME, {**SAME, **other}, SAME, {**SAME, **other})):
        fact = Fact("presence", slots, (Evidence("Words.", 0, 6),))
        graph.add(Article(f"n{number}", "en", "", "Words."), [fact])
    assert len({q.subject for q in graph.store.match(None, terms.RDF_TYPE, io("Presence"), MERGED)}) == 2
