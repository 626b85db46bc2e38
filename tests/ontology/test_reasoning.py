"""A reasoner for OWL 2 RL as the oracle: no contradiction, and the entailments that a reader expects."""

from __future__ import annotations

from pathlib import Path

import owlrl
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from kg import iris, resources

_FOLDER = resources.directory("ontology")
_BORROWED = Path(__file__).with_name("borrowed.ttl")
_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
IO = Namespace(iris.IO)
GEO = Namespace(iris.PREFIXES["geo"])
PROV = Namespace(iris.PREFIXES["prov"])


def _closure(data: Graph) -> Graph:
    for name in ("presence.ttl", "alignment.ttl"):
        data.parse(_FOLDER / name)
    data.parse(_BORROWED)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(data)
    return data


def _errors(closed: Graph) -> list[str]:
    return sorted({str(message) for message in closed.objects(None, _ERROR)})


def _node(path: str) -> URIRef:
    return URIRef(iris.BASE + path)


@pytest.fixture(scope="module")
def closed() -> Graph:
    """All valid examples and a place with a position, with all that follows from them."""
    data = Graph()
    for path in sorted((_FOLDER / "examples" / "valid").glob("*.ttl")):
        data.parse(path)
    return _closure(data)


def test_valid_examples_contradict_nothing(closed: Graph) -> None:
    assert _errors(closed) == []


def test_subclasses_reach_the_fact(closed: Graph) -> None:
    for name in ("Headquarters", "RegionalCentre", "RegionalOffice", "CountryOffice", "Centre", "Mission"):
        assert (IO[name], RDFS.subClassOf, IO.Presence) in closed
        assert (IO[name], RDFS.subClassOf, IO.Fact) in closed
    assert (IO.HostAgreement, RDFS.subClassOf, IO.Fact) in closed


@pytest.mark.parametrize(
    ("fact", "class_"),
    [
        ("article/example-regional-centre#f1", IO.Presence),
        ("article/example-decision-by-vote#f1", PROV.Activity),
        ("article/example-evidence#e1", PROV.Entity),
        ("article/example-evidence", PROV.Entity),
        ("id/person/kassym-jomart-tokayev", PROV.Agent),
        ("id/city/almaty", GEO.Feature),
        ("id/city/almaty#point", GEO.Geometry),
    ],
)
def test_examples_get_the_classes_that_follow(closed: Graph, fact: str, class_: URIRef) -> None:
    assert (_node(fact), RDF.type, class_) in closed


def test_form_and_class_imply_each_other() -> None:
    one, other, described = _node("id/presence/one"), _node("id/presence/other"), _node("id/establishment/x")
    form = _node("kind/form/mission")
    data = Graph()
    data.add((one, RDF.type, IO.Mission))
    data.add((other, RDF.type, IO.Presence))
    data.add((other, IO.form, form))
    data.add((described, RDF.type, IO.EstablishmentReference))
    data.add((described, IO.form, form))
    closed = _closure(data)
    assert (one, IO.form, form) in closed
    assert (other, RDF.type, IO.Mission) in closed
    assert (described, RDF.type, IO.Presence) not in closed
    assert _errors(closed) == []


def test_the_rule_of_countries_gives_what_the_property_chain_entails() -> None:
    """The rule adds one link that no chain can say: of an establishment at a country, that country."""
    data = Graph()
    for path in sorted((_FOLDER / "examples" / "valid").glob("*.ttl")):
        data.parse(path)
    city, country, here = _node("id/city/almaty"), _node("id/country/kz"), _node("id/presence/here")
    data.add((here, RDF.type, IO.Presence))
    data.add((here, IO.place, country))
    assert (city, IO.country, country) in data
    by_rule = set(data.query((_FOLDER / "rules" / "country.rq").read_text("utf-8")))
    presences = set(data.subjects(RDF.type, IO.Presence))
    entailed = {t for t in _closure(data).triples((None, IO.country, None)) if t[0] in presences}
    assert by_rule - entailed == {(here, IO.country, country)}
    assert entailed < by_rule
    assert len(entailed) >= 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (GEO.Feature, GEO.Geometry),
        (IO.City, GEO.Geometry),
        (IO.Initiative, PROV.Plan),
        (IO.Presence, IO.Decision),
        (IO.Person, IO.Country),
        (IO.Evidence, IO.Fact),
    ],
)
def test_reasoner_sees_contradictions(first: URIRef, second: URIRef) -> None:
    data, node = Graph(), _node("id/presence/both")
    data.add((node, RDF.type, first))
    data.add((node, RDF.type, second))
    assert _errors(_closure(data))


def test_no_class_is_empty_by_its_own_axioms() -> None:
    own = Graph().parse(_FOLDER / "presence.ttl")
    data = Graph()
    for class_ in own.subjects(RDF.type, URIRef(iris.PREFIXES["owl"] + "Class")):
        if isinstance(class_, URIRef):
            data.add((_node(f"id/one/{class_.split('#')[1]}"), RDF.type, class_))
    assert _errors(_closure(data)) == []
