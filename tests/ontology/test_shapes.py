"""Faults that no example shows: each is put into a sound example and must be named."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import SH, Graph

from kg import resources

_VALID = resources.directory("ontology") / "examples" / "valid"
_PREFIXES = """
@base <https://w3id.org/presence-kg/> .
@prefix io: <https://w3id.org/presence-kg/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_NAME = ' ; skos:prefLabel "A name"@en .'

ADDED = [
    ("presence", '<article/example-presence#f1> io:until "2018"^^xsd:gYear .', "The end of a fact is one year"),
    ("presence", '<article/example-presence#f1> io:since "1997-05-01T00:00:00"^^xsd:dateTime .', "The beginning of a"),
    ("presence", '<article/example-presence#f1> io:date "2019"^^xsd:gYear .', "A date needs its bounds"),
    ("presence", "<id/country/kz> io:hosts <article/example-presence#f1> .", "Only an establishment at work"),
    ("presence", "<id/person/x> a io:Person" + _NAME + " <article/example-presence#f1> io:serves <id/person/x> .",
     "A presence serves countries and regions"),
    ("presence", "<article/example-presence#f1> io:focus <kind/theme/nowhere> .", "The focus of a presence"),
    ("regional-centre", "<article/example-regional-centre#f1> a io:Mission .",
     "The class and the form of a presence must say the same: a io:Mission"),
    ("decision-by-vote", "<article/example-decision-by-vote#f1> a io:Law .",
     "The class and the instrument of a decision must say the same: a io:Law"),
    ("membership-role", "<id/membership/kz.example> org:member <id/organization/un-security-council> .",
     "A membership has one member"),
    ("membership-role", "<id/membership/kz.example> io:ledTo <id/country/kz> .", "What a fact led to is a fact"),
    ("disagreement", "<id/decision/un-general-assembly.resolution.a-res-79-266#in_favour> io:alternative 152 .",
     "The value chosen is not one of its own alternatives"),
    ("disagreement", "<id/x#choice> a io:Choice ; io:slot io:date ; io:value 1 ; io:rule <kind/merge-rule/only> .",
     "A choice belongs to one fact"),
    ("evidence", "<article/example-evidence#e1> io:confidence 1.5 .", "The confidence of evidence"),
    ("evidence", """<article/other> a io:Article .
     <article/example-evidence#f1> io:reportedIn <article/other> .""", "Evidence and the fact that it supports belong"),
    ("evidence", """<article/example-evidence#e9> a io:Evidence ; io:article <article/example-evidence> ;
     io:supports <article/example-evidence#f1> ; io:quote "Бюро"@kk ; oa:start 0 ; oa:end 4 ; io:quotedFrom "title" ;
     io:confidence 1.0 .""", "The quote does not stand in the title"),
    ("initiative", "<article/example-initiative#f1-about> a io:Fact .", "An establishment that is only spoken"),
    ("relocation", "<id/country/kz> io:isoCode \"KAZ\" .", "The ISO code of a country is two capital letters"),
    ("relocation", "<id/region/x> a io:Region ; io:hasMember <id/city/almaty>" + _NAME, "The members of a region are"),
    ("relocation", "<id/organization/x> a io:InternationalOrganization" + _NAME +
     " <id/organization/x> org:subOrganizationOf <id/organization/x> .", "An organisation cannot be a part of itself"),
    ("relocation", "<id/group/x> a io:Group .", "An entity has a preferred name"),
    ("tenure", "<id/city/x> a io:City" + _NAME + " <article/example-tenure#f1> io:of <id/city/x> .",
     "A tenure is in"),
    ("count-two-sources", "<id/count/un-agencies.kz.18.2025> io:support -1 .", "The number of articles behind a fact"),
]  # fmt: skip

REPLACED = [
    ("presence", '"1997-01-01"^^xsd:date', '"1996-01-01"^^xsd:date', "The bounds of a date lie outside the date"),
    ("evidence", 'schema:inLanguage "kk"', 'schema:inLanguage "de"', "An article has one language"),
    ("host-agreement", "io:party <id/country/kz>, <id/organization/un> ;", "", "An agreement has parties"),
    ("count-two-sources", "io:value 18", 'io:value "eighteen"', "A reported number is one whole number"),
    ("disagreement", "merge-rule/most-supported", "merge-rule/only", "A value that is the only one"),
    ("evidence", "oa:end 52", "oa:end 0", "A quote starts at one offset"),
]  # fmt: skip


def _messages(turtle: str, shapes: Graph) -> set[str]:
    _, report, text = pyshacl.validate(Graph().parse(data=turtle, format="turtle"), shacl_graph=shapes)
    assert isinstance(report, Graph), text
    return {str(message) for message in report.objects(None, SH.resultMessage)}


def _example(name: str) -> str:
    return (_VALID / f"{name}.ttl").read_text("utf-8")


@pytest.mark.parametrize(("name", "added", "message"), ADDED, ids=[f"{n}-{m[:40]}" for n, _, m in ADDED])
def test_what_is_added_wrongly_is_named(name: str, added: str, message: str, shapes: Graph) -> None:
    found = _messages(_example(name) + _PREFIXES + added, shapes)
    assert any(one.startswith(message) for one in found), found


@pytest.mark.parametrize(("name", "old", "new", "message"), REPLACED, ids=[f"{n}-{m[:40]}" for n, *_, m in REPLACED])
def test_what_is_changed_wrongly_is_named(name: str, old: str, new: str, message: str, shapes: Graph) -> None:
    turtle = _example(name)
    assert old in turtle
    found = _messages(turtle.replace(old, new), shapes)
    assert any(one.startswith(message) for one in found), found


def test_sources_that_disagree_are_no_fault_of_the_merged_graph(shapes: Graph) -> None:
    node = "<id/decision/un-general-assembly.resolution.a-res-79-266>"
    added = f"{node} io:adoptedBy <https://w3id.org/presence-kg/kind/adoption/consensus> ."
    assert _messages(_example("disagreement") + _PREFIXES + added, shapes) == set()
