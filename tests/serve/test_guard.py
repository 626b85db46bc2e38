"""SERVICE and LOAD are refused whatever the spelling; the words alone are not."""

from __future__ import annotations

import pytest

from kg.errors import UsageError
from kg.serve import guard


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?s { ?s ?p ?o } }",
        "SELECT * { ?a ?b 'x' .SERVICE<http://x/>{ ?s ?p ?o } }",
        'SELECT * { ?a ?b "#" SERVICE <http://x/> { ?s ?p ?o } }',
        "SELECT * { ?a ?b '''it's \" ''' SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { FILTER (1 <2) SERVICE <http://x/> { ?s ?p ?o } FILTER (3> 2) }",
        # What a search for IRIs takes for one, from the sign to the comment's end.
        "ASK { FILTER(?a<?b)SERVICE#>\n?x {} }",
        "ASK { FILTER(?a<?b)SERVICE<http://x/>{} }",
        "ASK { ?s ?p 1SERVICE <x:y> {} }",
        "ASK { ?s ?p 'x'@en SERVICE <x:y> {} }",
        "ASK { ?service ?p 'SERVICE' SERVICE\n\n<http://x/SERVICE> { ?s ?p ?o } }",
        "PREFIX service: <http://service/> ASK { ?x service:SERVICE ?y .\r\nSERVICE service:y {} }",
        "ASK{{SELECT*{SeRvIcE<x:y>{}}}}",
        "SELECT * { FILTER EXISTS { SERVICE ?x {} } }",
    ],
)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(UsageError, match="SERVICE"):
        guard.check(query)


@pytest.mark.parametrize(
    "query", ["SELECT * { \\u0053ERVICE <http://x/> { } }", "SELECT*{?s ?p ?x FILTER(?service<?b)SERVICE?service{}}"]
)
def test_other_spellings_are_no_sparql_or_refused(query: str) -> None:
    # An escaped keyword is none for the engine, which resolves escapes in strings and IRIs alone.
    with pytest.raises((SyntaxError, UsageError)):
        guard.check(query)
        guard.run(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a io:Service }",
        "SELECT * { ?s rdfs:label 'SERVICE' } # SERVICE",
        'SELECT * { ?s <http://x/SERVICE> """a "SERVICE" b"""@en }',
        "PREFIX service: <http://service/> SELECT * { ?s service:SERVICE ?o }",
        "SELECT * { ?s ?p '\\u0053ERVICE' }",
    ],
)
def test_the_word_alone_is_not(query: str) -> None:
    guard.check(query)


@pytest.mark.parametrize(
    ("update", "refused"),
    [
        ("LOAD <http://x/>", "LOAD"),
        ("INSERT DATA { <a:b> <c:d> 'LOAD' } ; load silent <file:///etc/passwd>", "LOAD"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <x:y> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_updates_that_fetch_are_refused(update: str, refused: str) -> None:
    with pytest.raises(UsageError, match=refused):
        guard.check(update, ("SERVICE", "LOAD"), update=True)


def test_an_update_that_speaks_of_loading_is_not() -> None:
    guard.check("INSERT DATA { <a:load> <c:d> 'LOAD a SERVICE' }", ("SERVICE", "LOAD"), update=True)


def test_nesting_has_an_end() -> None:
    guard.check("ASK " + "{" * 200 + "}" * 200)
    with pytest.raises(UsageError, match="nested"):
        guard.check("ASK " + "{" * 201 + "}" * 201)
