"""Validation of accounts and of files, quotes, and the forms of a report."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris, resources
from kg.build import KnowledgeGraph
from kg.errors import KgError, UsageError
from kg.graph import describe
from kg.model import Article, Entity, Evidence, Fact, PartialDate
from kg.reference import Reference
from kg.store import EmbeddedStore
from kg.validate import Report, Violation, check, check_file

PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in iris.PREFIXES.items())
SHAPES = f"""{PREFIXES}
io:PresenceShape a sh:NodeShape ; sh:targetClass io:Presence ;
  sh:property io:OrganizationShape ;
  sh:property [ sh:path io:status ; sh:in ( kind:status/planned ) ; sh:severity sh:Warning ;
    sh:message "nur geplant"@de , "only what is planned"@en ] .
io:OrganizationShape a sh:PropertyShape ; sh:path io:organization ; sh:class io:InternationalOrganization ;
  sh:message "an establishment is an organisation's" .
io:EvidenceShape a sh:NodeShape ; sh:targetClass io:Evidence ;
  sh:property [ sh:path io:supports ; sh:class io:Fact ; sh:minCount 1 ] .
""".replace("kind:status/planned", f"<{iris.concept('status', 'planned')}>")
TEXT = "Ашылу. The office opened."
KNOWN = Entity("organization/x-board", "organization", ("Board",), known=False)
PLACE = Entity("city/x-town", "city", ("Town",), known=False)


def article(identifier: str = "a1", text: str = TEXT) -> Article:
    return Article(identifier, "en", "The headline", text)


def presence(status: str = "planned", quote: str = "The office opened.", start: int = 7, where: str = "text") -> Fact:
    slots = {"organization": KNOWN, "place": PLACE, "form": "centre", "status": status, "name": "Board office"}
    return Fact("presence", slots, (Evidence(quote, start, start + len(quote), where),))  # type: ignore[arg-type]


@pytest.fixture
def graph() -> KnowledgeGraph:
    return KnowledgeGraph(EmbeddedStore(None), Reference())


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES, encoding="utf-8")
    return path


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    path = tmp_path / "checks"
    path.mkdir()
    return path


def test_what_is_described_elsewhere_is_known(graph: KnowledgeGraph, shapes: Path, checks: Path) -> None:
    """The account names an organisation that only the tables or the merged graph describe."""
    graph.add(article(), [presence()])
    assert check(graph, shapes=shapes, checks=checks) == Report(())
    assert check(graph, "a1", shapes=shapes).conforms


def test_one_article(graph: KnowledgeGraph, shapes: Path) -> None:
    graph.add(article("good"), [presence()])
    graph.add(article("bad"), [presence("closed")])
    assert check(graph, "good", shapes=shapes).violations == ()
    (found,) = check(graph, "bad", shapes=shapes).violations
    assert (found.article, found.severity, found.label) == ("bad", "warning", "Board office")
    assert found.message == "only what is planned"
    assert found.value == iris.concept("status", "closed")
    assert "article bad" in found.problem().where
    assert check(graph, "bad", shapes=shapes).conforms  # a warning is no error
    with pytest.raises(KgError, match="no article"):
        check(graph, "other", shapes=shapes)


@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        (presence(), False),
        (presence(quote="Ашылу.", start=0), False),
        (presence(quote="The headline", start=0, where="title"), False),
        (presence(quote="The Office opened."), True),
        (presence(start=8), True),
        (presence(quote="The headline", start=0), True),
    ],
)
def test_quotes_against_the_shapes_of_the_ontology(graph: KnowledgeGraph, fact: Fact, wrong: bool) -> None:
    graph.add(article(), [])  # a quote that does not stand is kept out, so that it must come by another way
    graph.store.apply((), describe(article(), [fact]))
    found = check(graph, "a1")
    assert [v.path or v.message for v in found.violations if "quote" not in v.message] == []
    assert found.conforms is not wrong
    assert len(found.violations) == wrong


def test_checks(graph: KnowledgeGraph, shapes: Path, checks: Path) -> None:
    graph.add(article(), [presence()])
    (checks / "named.rq").write_text(
        "# Problem: has a name\n# Solution: none is needed\nSELECT ?x ?l WHERE { ?x a io:Presence ; rdfs:label ?l }"
    )
    (found,) = check(graph, shapes=shapes, checks=checks).violations
    assert (found.message, found.remedy, found.label, found.value) == (
        "has a name", "none is needed", "Board office", "Board office",
    )  # fmt: skip
    for text, told in (("SELECT {", "not SPARQL"), ("ASK {}", "no SELECT")):
        (checks / "named.rq").write_text(text)
        with pytest.raises(KgError, match=told):
            check(graph, shapes=shapes, checks=checks)


@pytest.mark.parametrize("ending", ["ttl", "nq", "trig", "nt"])
def test_files(tmp_path: Path, shapes: Path, ending: str) -> None:
    node, board = ox.NamedNode(iris.entity("presence/one")), ox.NamedNode("https://example.org/board")
    form = ox.RdfFormat.from_extension(ending)
    assert form is not None
    triples = [
        ox.Triple(node, ox.NamedNode(iris.PREFIXES["rdf"] + "type"), ox.NamedNode(iris.term("Presence"))),
        ox.Triple(node, ox.NamedNode(iris.term("organization")), board),
    ]
    path = tmp_path / f"graph.{ending}"
    path.write_bytes(ox.serialize(triples, format=form) or b"")
    report = check_file(path, shapes=shapes)
    assert not report.conforms
    (found,) = report.violations
    assert (found.focus, found.path, found.shape) == (
        node.value, iris.term("organization"), iris.term("OrganizationShape"),
    )  # fmt: skip


def test_files_that_are_none(tmp_path: Path, shapes: Path) -> None:
    with pytest.raises(UsageError, match="no RDF"):
        check_file(tmp_path / "graph.docx", shapes=shapes)
    with pytest.raises(UsageError, match="cannot be read"):
        check_file(tmp_path / "missing.ttl", shapes=shapes)
    (tmp_path / "broken.ttl").write_text("this is none")
    with pytest.raises(KgError, match="is not Turtle"):
        check_file(tmp_path / "broken.ttl", shapes=shapes)


def test_a_node_without_a_label_is_called_by_what_it_says(graph: KnowledgeGraph) -> None:
    """The label, the article and the quote stand in each form of the report."""
    graph.add(article(), [])
    bad = Fact("decision", {"body": KNOWN, "instrument": "law", "symbol": "N 5", "in_favour": 9, "of": 4},
               (Evidence("The office opened.", 7, 25),))  # fmt: skip
    graph.store.apply((), describe(article(), [bad]))
    report = check(graph, "a1")
    (found,) = report.violations
    assert (found.label, found.article, found.quote) == ("decision: Board, law, N 5", "a1", "The office opened.")
    assert str(found.problem()).startswith('article a1, "decision: Board, law, N 5"')
    assert '"The office opened."' in str(found.problem())
    assert 'article a1, "decision: Board, law, N 5": The votes' in ox_texts(report.turtle())
    assert json.loads(report.json())["violations"][0]["quote"] == "The office opened."


def ox_texts(turtle: str) -> str:
    return "\n".join(str(getattr(t.object, "value", "")) for t in ox.parse(turtle, ox.RdfFormat.TURTLE))


@pytest.mark.parametrize("name", ["evidence", "closed-office", "no-evidence"])
def test_a_file_of_somebody_elses_is_named_by_its_article_too(name: str) -> None:
    (found,) = check_file(resources.directory("ontology") / "examples" / "invalid" / f"{name}.ttl").violations
    assert found.article == f"example-{name}"
    assert found.label


@pytest.mark.parametrize(
    ("status", "since", "until", "told"),
    [
        ("operating", "2001", "2010", "has not ended before the article"),
        ("planned", "2001", None, "has not begun before the article"),
        ("proposed", "2024-04", None, "has not begun before the article"),
        ("operating", "2001", "2024-05", ""),
        ("planned", "2024", None, ""),
        ("closed", "2001", "2010", ""),
    ],
)
def test_status_against_dates(graph: KnowledgeGraph, status: str, since: str, until: str | None, told: str) -> None:
    slots = {**presence(status).slots, "since": PartialDate(since)}
    slots |= {"until": PartialDate(until)} if until else {}
    graph.add(replace(article(), published=PartialDate("2024-05-01")), [replace(presence(), slots=slots)])
    found = check(graph, "a1").violations
    assert [(v.severity, told in v.message) for v in found] == ([("warning", True)] if told else [])


def test_forms_of_a_report() -> None:
    report = Report(
        (Violation(focus=iris.entity("presence/one"), label='One "1"', path=iris.term("place"), message="is missing"),)
    )
    assert report.rows()[1] == ("error", "", "id:presence/one", 'One "1"', "io:place", "", "is missing")
    told = json.loads(report.json())
    assert told["conforms"] is False
    assert told["violations"][0]["message"] == "is missing"
    triples = list(ox.parse(report.turtle().encode(), format=ox.RdfFormat.TURTLE))
    assert len(triples) == 8
    assert report.turtle() == report.turtle()
    assert Report(()).conforms
    assert "true" in Report(()).turtle()


@pytest.mark.parametrize(
    "path", sorted((resources.directory("ontology") / "examples").rglob("*.ttl")), ids=lambda p: p.stem
)
def test_both_engines_find_the_same(path: Path) -> None:
    pytest.importorskip("pyrudof", reason="pyrudof is not installed")
    assert check_file(path, engine="pyrudof") == check_file(path)


def test_an_engine_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrudof", None)
    with pytest.raises(UsageError, match="pyrudof is not installed"):
        check_file(resources.directory("ontology") / "examples" / "valid" / "tenure.ttl", engine="pyrudof")
