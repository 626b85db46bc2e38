"""What the rules give is what the program links, and what the program writes has the shapes."""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import SH, Graph

from kg import iris, resources
from kg.build import KnowledgeGraph
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate, SlotValue
from kg.reference import Reference, load
from kg.store import EmbeddedStore

_RULES = {"ledto": "ledTo", "country": "country", "hosts": "hosts"}
_TEXT = "Кезеңдер туралы сөйлем. 2025 жыл."
_WANTED = (
    "organization/un", "organization/un-general-assembly", "organization/unicef", "country/kz", "country/uz",
    "city/almaty", "city/astana", "city/tashkent", "person/kassym-jomart-tokayev",
)  # fmt: skip


def _entity(identifier: str) -> Entity:
    return Entity(identifier, identifier.split("/", maxsplit=1)[0], (identifier,))  # type: ignore[arg-type]


UN, ASSEMBLY, KZ = _entity("organization/un"), _entity("organization/un-general-assembly"), _entity("country/kz")
ALMATY, TASHKENT = _entity("city/almaty"), _entity("city/tashkent")
CENTRE, ELSEWHERE = Establishment(UN, ALMATY, "regional-centre"), Establishment(UN, TASHKENT, "regional-centre")


def _fact(kind: str, **slots: SlotValue) -> Fact:
    return Fact(
        kind, slots, (Evidence("Кезеңдер туралы сөйлем.", 0, 23, rule="test"), Evidence("Тақырып", 0, 7, "title"))
    )


def _article(number: int, published: str) -> Article:
    return Article(f"report-{number}", "kk", "Тақырып", _TEXT, PartialDate(published))


REPORTS = [
    (_article(1, "2019-09-25"), [_fact("proposal", proposer=_entity("person/kassym-jomart-tokayev"),
                                       date=PartialDate("2019-09"), about=CENTRE)]),
    (_article(2, "2025-03-05"), [
        _fact("decision", body=ASSEMBLY, instrument="resolution", date=PartialDate("2025-03-04"), in_favour=152,
              of=193, about=CENTRE),
        _fact("decision", body=ASSEMBLY, instrument="decision", date=PartialDate("2015"), about=CENTRE),
        _fact("presence", organization=UN, place=ALMATY, form="regional-centre", status="planned"),
    ]),
    (_article(3, "2025-08-04"), [
        _fact("agreement", parties=(KZ, UN), date=PartialDate("2025-08-03"), about=CENTRE),
        _fact("proposal", proposer=_entity("country/uz"), about=ELSEWHERE),
        _fact("decision", body=ASSEMBLY, instrument="resolution", date=PartialDate("2025-03"), in_favour=153,
              about=CENTRE),
    ]),
    (_article(4, "2025-11-02"), [
        _fact("presence", organization=UN, place=ALMATY, form="regional-centre", status="operating",
              since=PartialDate("2025-11")),
        _fact("presence", organization=_entity("organization/unicef"), place=KZ, form="country-office",
              status="operating"),
        _fact("relocation", organization=UN, to=ALMATY, date=PartialDate("2025")),
    ]),
]  # fmt: skip


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    """The graphs of a small store by name, without the ontology."""
    full = load()
    tables = Reference(
        entries={key: full.entries[key] for key in _WANTED}, people=(),
        presences=tuple(row for row in full.presences if row["place"] == "city/tashkent"),
        memberships=tuple(row for row in full.memberships if row["member"] == "country/kz"),
    )  # fmt: skip
    found: dict[str, list[ox.Quad]] = {}
    with KnowledgeGraph(EmbeddedStore(None), tables) as graph:
        for article, facts in REPORTS:
            graph.add(article, facts)
        for quad in graph.quads():
            assert isinstance(quad.graph_name, ox.NamedNode)
            found.setdefault(quad.graph_name.value, []).append(quad)
    found.pop(iris.GRAPH_ONTOLOGY, None)
    return {name: _rdflib(quads) for name, quads in found.items()}


def _rdflib(quads: list[ox.Quad]) -> Graph:
    lines = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads)
    return Graph().parse(data=lines, format="nt")


@pytest.mark.parametrize("name", _RULES)
def test_rules_give_the_links_of_the_merged_graph(graphs: dict[str, Graph], name: str) -> None:
    merged = graphs[iris.GRAPH_MERGED]
    property_ = iris.term(_RULES[name])
    linked = {tuple(map(str, t)) for t in merged if str(t[1]) == property_}
    if name == "country":
        linked = {t for t in linked if "/id/presence/" in t[0]}
    query = (resources.directory("ontology") / "rules" / f"{name}.rq").read_text("utf-8")
    bare = Graph()
    for triple in merged:
        if str(triple[1]) != property_ or (name == "country" and "/id/presence/" not in str(triple[0])):
            bare.add(triple)
    followed = {tuple(map(str, t)) for t in bare.query(query)}  # type: ignore[arg-type]
    assert followed == linked
    assert followed


@pytest.mark.parametrize("name", _RULES)
def test_engines_agree_on_the_rules(graphs: dict[str, Graph], name: str) -> None:
    query = (resources.directory("ontology") / "rules" / f"{name}.rq").read_text("utf-8")
    merged = graphs[iris.GRAPH_MERGED]
    store = ox.Store()
    store.load(merged.serialize(format="nt").encode(), ox.RdfFormat.N_TRIPLES)
    one = {tuple(map(str, t)) for t in merged.query(query)}  # type: ignore[arg-type]
    triples = store.query(query)
    assert isinstance(triples, ox.QueryTriples)
    assert {(t.subject.value, t.predicate.value, t.object.value) for t in triples} == one


def test_life_line_goes_from_the_proposal_to_the_establishment(graphs: dict[str, Graph]) -> None:
    query = (resources.directory("ontology") / "rules" / "ledto.rq").read_text("utf-8")
    kinds = [
        tuple(str(node).removeprefix(iris.ID_PREFIX).split("/", 1)[0] for node in (row[0], row[2]))
        for row in graphs[iris.GRAPH_MERGED].query(query)
        if isinstance(row, tuple)
    ]
    assert ("initiative", "decision") in kinds
    assert ("decision", "agreement") in kinds
    assert ("agreement", "presence") in kinds
    assert kinds.count(("initiative", "decision")) == 1, "nothing leads to a decision of four years before"


def test_what_is_written_has_the_shapes(graphs: dict[str, Graph], shapes: Graph) -> None:
    entities = graphs[iris.GRAPH_REFERENCE]
    for name, graph in graphs.items():
        conforms, report, text = pyshacl.validate(graph + entities, shacl_graph=shapes)
        assert isinstance(report, Graph)
        assert conforms, (name, sorted(map(str, report.objects(None, SH.resultMessage))), text)
