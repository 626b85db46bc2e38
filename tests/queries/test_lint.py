"""Names in a query that cannot be meant."""

from __future__ import annotations

import pytest

from kg import iris
from kg.queries import lint


def test_an_unknown_term_is_told_with_its_place() -> None:
    query = "SELECT ?x WHERE {\n  ?x a io:Presence ;\n     io:palce ?place\n}"
    finding, unused = lint(query)
    assert str(finding) == "io:palce is not a term of the ontology; did you mean io:place? (line 3, column 6)"
    assert finding.suggestion == "io:place"
    assert (unused.severity, unused.term) == ("warning", "?place")


@pytest.mark.parametrize(
    ("query", "term", "suggestion"),
    [
        ("SELECT * { ?x a io:Presense }", "io:Presense", "io:Presence"),
        ("SELECT * { ?x a io:presence }", "io:presence", "io:Presence"),
        ("SELECT * { ?x io:qqqqqq 1 }", "io:qqqqqq", ""),
        ("SELECT * { ?x oi:place ?y }", "oi:place", "io:place"),
        (f"SELECT * {{ ?x <{iris.IO}palce> ?y }}", f"<{iris.IO}palce>", f"<{iris.IO}place>"),
        (f"PREFIX my: <{iris.IO}> SELECT * {{ ?x my:palce ?y }}", "my:palce", "my:place"),
        (
            f"PREFIX form: <{iris.KIND_PREFIX}form/> SELECT * {{ ?x io:form form:regional-center }}",
            "form:regional-center",
            "form:regional-centre",
        ),
        (
            "SELECT * { ?x io:form kind:form\\/regional-center }",
            "kind:form\\/regional-center",
            "kind:form\\/regional-centre",
        ),
        (
            f"SELECT * {{ ?x io:form <{iris.KIND_PREFIX}form/centr> }}",
            f"<{iris.KIND_PREFIX}form/centr>",
            f"<{iris.KIND_PREFIX}form/centre>",
        ),
    ],
)
def test_what_was_perhaps_meant(query: str, term: str, suggestion: str) -> None:
    (finding,) = lint(query)
    assert (finding.term, finding.suggestion) == (term, suggestion)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x io:place ?y . }",
        "SELECT * { ?x io:place/io:country ?y }",
        "SELECT * { ?x io:organization|^io:hosts ?y }",
        "SELECT * { _:b io:place ?y }",
        'SELECT * { ?x ?p "io:palce" }',
        "SELECT * { ?x ?p 'oi:palce' }",
        '''SELECT * { ?x ?p """a "quoted" io:palce""" }''',
        "SELECT * { ?x ?p ?o } # io:palce",
        "SELECT * { <http://example.org/io:palce> ?p ?o }",
        "PREFIX my: <http://example.org/> SELECT * { ?x my:anything ?y }",
        "SELECT * { ?x skos:prefLabel 'a'@en }",
        "prefix : <http://example.org/> SELECT * { ?x :a ?y }",
        "BASE <http://example.org/> SELECT * { ?x a <y> }",
        "not SPARQL at all {{{ ' \" <",
        "",
    ],
)
def test_what_is_right_or_none_of_our_business(query: str) -> None:
    assert lint(query) == []


def test_findings_come_in_order() -> None:
    found = lint("SELECT * { ?x io:palce ?y ;\n io:fokus ?z }")
    assert [(f.line, f.column, f.suggestion) for f in found] == [(1, 15, "io:place"), (2, 2, "io:focus")]


def test_a_variable_that_stands_once_and_looks_like_another_is_a_slip() -> None:
    (finding,) = lint("SELECT ?organization { ?x io:organization ?organization ; io:place ?organisation }")
    assert (finding.severity, finding.suggestion) == ("warning", "?organization")
    assert lint("SELECT ?a { ?a ?slot1 ?b . ?b ?slot1 ?a . ?a ?slot2 ?b }") == []
    assert lint("SELECT * { ?x ?anything ?whatever }") == []


@pytest.mark.parametrize(
    ("query", "term", "told"),
    [
        ("SELECT ?x { ?x ?anything ?whatever }", "?whatever", "is used nowhere else"),
        ("SELECT ?x { ?x io:since 2.5 ; io:place/io:country+ ?c }", "?c", "is used nowhere else"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?x a io:City } GROUP BY ?x ORDER BY ?m", "?m", "has no value"),
        ("SELECT ?x ?z { ?x a io:City }", "?z", "has no value"),
        ("SELECT ?x { ?x a io:City FILTER (?z > 3) }", "?z", "has no value"),
        ("SELECT ?x ?y { ?x a io:City . ?y a io:Country }", "?y", "is joined to ?x by nothing"),
        ("SELECT ?x ?y { ?x a io:City OPTIONAL { ?y a io:Country } }", "?y", "is joined to ?x by nothing"),
        ("ASK { { ?x a io:City } UNION { ?x a io:Country } GRAPH ?g { ?y io:quote ?q } }", "?g", "joined to ?x"),
        ("CONSTRUCT { ?x a ?y } WHERE { ?x a io:City . ?y a io:City }", "?y", "joined to ?x by nothing"),
        ("SELECT * { { SELECT ?a { ?a io:value 1 . ?b io:value 2 } } }", "?b", "is joined to ?a by nothing"),
        ("SELECT ?q ?h { GRAPH <g> { ?e io:quote ?q . ?a schema:headline ?h } }", "?a", "is joined to ?e by nothing"),
        ("SELECT ?a ?b { ?a io:value 1 . VALUES ?c { 1 } ?b io:value ?c }", "?b", "is joined to ?a by nothing"),
    ],
)
def test_variables_of_no_use_and_parts_that_nothing_joins_are_warned_of(query: str, term: str, told: str) -> None:
    found = [f for f in lint(query) if f.term == term]
    assert [f.severity for f in found] == ["warning"]
    assert told in str(found[0])


def test_labels_of_concepts_outside_their_graph_are_warned_of() -> None:
    (found,) = lint("SELECT ?l { ?p io:form ?f .\n ?f skos:prefLabel ?l }")
    assert str(found) == ("?f is a concept: its labels stand in GRAPH <graph/ontology> { … } alone (line 2, column 2)")
    assert found.severity == "warning"
    whole = f"<{iris.IO}status>"
    assert [f.term for f in lint(f"SELECT ?l {{ OPTIONAL {{ ?f skos:prefLabel ?l }} ?p {whole} ?f }}")] == ["?f"]
    for right in (
        "SELECT ?l { ?p io:form ?f . GRAPH <graph/ontology> { ?f skos:prefLabel ?l } }",
        "SELECT ?l { ?p io:form ?f . GRAPH ?g { OPTIONAL { ?f skos:prefLabel ?l } } }",
        "SELECT ?l { ?p io:place ?f . ?f skos:prefLabel ?l }",
        "SELECT ?l { ?p io:form ?f ; io:place ?c . ?c skos:prefLabel ?l . GRAPH ?g { ?e io:quote ?f } }",
    ):
        assert lint(right) == []


def test_what_stands_in_accounts_alone_is_warned_of_outside_graph() -> None:
    found = lint("SELECT ?a ?q { ?a a io:Article . ?e io:article ?a ;\n io:quote ?q }")
    assert [f.term for f in found] == ["io:Article", "io:article", "io:quote"]
    assert str(found[2]) == (
        "io:quote stands in the graphs of the articles alone: write GRAPH ?article { … } around it (line 2, column 2)"
    )
    for right in (
        "SELECT ?q { ?f io:account ?a . GRAPH ?g { ?e io:supports ?a ; io:quote ?q } }",
        "SELECT ?p { ?s ?p 1 FILTER (?p IN (io:quote, io:text)) }",
        "CONSTRUCT { ?e io:quote ?q } WHERE { GRAPH ?g { ?e io:quote ?q } }",
        "SELECT ?q FROM <g> { ?e io:quote ?q }",
        "SELECT ?f { ?f io:account ?a FILTER EXISTS { GRAPH ?g { ?a io:reportedIn ?g } } }",
    ):
        assert lint(right) == []


@pytest.mark.parametrize(
    ("query", "term", "place"),
    [
        (
            "SELECT ?x { ?x io:place ?p OPTIONAL { ?p io:country ?c }\nOPTIONAL { ?c io:m49 ?l } FILTER (BOUND(?l)) }",
            "?c",
            (2, 12),
        ),
        ("SELECT * { { ?x io:place ?c } UNION { ?x io:to ?d } OPTIONAL { ?c io:isoCode ?l } }", "?c", (1, 64)),
        ("SELECT * { ?x a io:City OPTIONAL { ?x io:country ?c } OPTIONAL { GRAPH ?g { ?c ?p ?l } } }", "?c", (1, 77)),
        (
            "SELECT * { { SELECT ?c { ?x a io:City OPTIONAL { ?x io:country ?c } } } OPTIONAL { ?c ?p 1 } }",
            "?c",
            (1, 84),
        ),
        ("CONSTRUCT { ?c ?p 1 } WHERE { ?x a io:City OPTIONAL { ?x ?q ?c } OPTIONAL { ?c ?p 1 } }", "?c", (1, 77)),
    ],
)
def test_an_optional_that_begins_with_what_may_be_unbound_is_warned_of(
    query: str, term: str, place: tuple[int, int]
) -> None:
    (found,) = (f for f in lint(query) if "matches everything" in str(f))
    assert (found.severity, found.term, (found.line, found.column)) == ("warning", term, place)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?x io:place ?c OPTIONAL { ?c io:isoCode ?l } }",
        "SELECT * { { ?x io:place ?c } UNION { ?x io:to ?c } OPTIONAL { ?c io:isoCode ?l } }",
        "SELECT * { ?x a io:City OPTIONAL { ?x io:country ?c } ?x io:place ?c OPTIONAL { ?c io:isoCode ?l } }",
        "SELECT * { ?x a io:City OPTIONAL { ?x io:country ?c OPTIONAL { ?c io:isoCode ?l } } }",
        "SELECT * { ?x a io:City OPTIONAL { ?x io:country ?c } OPTIONAL { ?x io:to ?c . ?c io:isoCode ?l } }",
        "SELECT * { ?x a io:City OPTIONAL { ?x io:country ?c } OPTIONAL { ?c io:hosts ?x } }",
        "SELECT * { ?x a io:City OPTIONAL { ?x io:from ?f } BIND (COALESCE(?f, ?x) AS ?c) OPTIONAL { ?c io:m49 ?l } }",
        "SELECT * { VALUES ?c { <a> } OPTIONAL { ?c io:isoCode ?l } }",
        "SELECT * { VALUES (?c ?x) { (<a> 1) } OPTIONAL { ?c io:isoCode ?l } }",
        "#? param: c\nSELECT * { OPTIONAL { ?x io:to ?c } OPTIONAL { ?c io:isoCode ?l } }",
        "SELECT * { ?x a io:City FILTER NOT EXISTS { ?x io:to ?c } OPTIONAL { ?x io:from ?c } }",
    ],
)
def test_an_optional_that_begins_with_what_is_bound_is_not_warned_of(query: str) -> None:
    assert [f for f in lint(query) if "matches everything" in str(f)] == []


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?x a io:City }",
        "SELECT (COUNT(?x) AS ?n) { ?x a io:City }",
        "SELECT ?x ?y { ?x a io:City . ?y a io:Country FILTER (?x = ?y) }",
        "SELECT ?x ?y { ?x a io:City . BIND (?x AS ?y) }",
        "SELECT ?a { { SELECT ?a (MAX(?v) AS ?m) { ?a io:value ?v } GROUP BY ?a } FILTER (?m > 3) }",
        "SELECT ?x { VALUES ?lang { 'en' } ?x skos:prefLabel ?l FILTER (LANG(?l) = ?lang) }",
        "SELECT ?x { ?x a io:City FILTER NOT EXISTS { ?x io:country ?c . ?c a io:Country } }",
        "SELECT ?x { ?x io:place ?p OPTIONAL { ?p io:country ?c OPTIONAL { ?c io:isoCode ?l } } FILTER (BOUND(?l)) }",
        "SELECT ?x { { ?x io:place ?p } UNION { ?x io:to ?p } ?p io:country ?c . ?c a io:Country }",
        "SELECT ?x { ?x io:place [ io:country ?c ] . ?c a io:Country MINUS { ?x io:status ?s . ?s a skos:Concept } }",
        "SELECT ?x { ?x io:place ?p { ?a io:from ?p } UNION { ?a io:to ?p . ?a io:date ?x } }",
        "SELECT ?a ?b { VALUES (?a ?b) { (1 2) } ?x io:value ?a ; io:inFavour ?b }",
        "SELECT ?x { ?x io:place _:p . _:p io:country ?c . ?c io:hosts ?x }",
        "SELECT ?q ?o { GRAPH ?g { ?e io:quote ?q OPTIONAL { ?g schema:publisher ?o } } }",
        "SELECT ?q ?h { GRAPH ?g { ?e io:quote ?q . ?a schema:headline ?h } }",
    ],
)
def test_what_hangs_together_is_not_warned_of(query: str) -> None:
    assert lint(query) == []
