"""Queries of the page on how the data is laid out: each is a pattern to begin from, and each is run by the tests."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, str]] = {
    "fact": """\
SELECT ?organization ?form ?since WHERE {
  ?presence a io:Presence ; io:organization ?o ; io:place <id/city/almaty> ;
            io:form ?form ; io:status <kind/status/operating> .
  OPTIONAL { ?presence io:since ?since }
  ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
}
""",
    "chain": """\
SELECT ?step ?class ?date WHERE {
  ?step io:ledTo* <id/presence/un.regional-centre.almaty> ; a ?class .
  FILTER (?class IN (io:Initiative, io:Decision, io:Agreement, io:Presence))
  OPTIONAL { ?step io:date ?date }
}
""",
    "evidence": """\
SELECT ?quote ?article ?published WHERE {
  <id/presence/un.regional-centre.almaty> io:account ?account .
  GRAPH ?article {
    ?evidence io:supports ?account ; io:quote ?quote .
    ?article schema:datePublished ?published
  }
}
ORDER BY ?published
""",
    "choice": """\
SELECT ?fact ?slot ?chosen ?other ?rule WHERE {
  ?fact io:choice ?choice .
  ?choice io:slot ?slot ; io:value ?chosen ; io:alternative ?other ; io:rule ?rule
}
""",
    "dates": """\
SELECT ?presence ?since WHERE {
  ?presence a io:Presence ; io:since ?since ; io:sinceLatest ?latest
  FILTER (?latest <= "1999-12-31"^^xsd:date)
}
LIMIT 10
""",
    "names": """\
SELECT DISTINCT ?thing ?class WHERE {
  ?thing skos:prefLabel|skos:altLabel ?name ; a ?class
  FILTER (STR(?name) = "Женева")
}
""",
    "concepts": """\
SELECT ?form ?label (COUNT(?presence) AS ?presences) WHERE {
  ?presence a io:Presence ; io:form ?form .
  GRAPH <graph/ontology> { ?form skos:prefLabel ?label FILTER (LANG(?label) = "kk") }
}
GROUP BY ?form ?label
ORDER BY DESC(?presences)
""",
}
"""SPARQL by key; the prefixes and the base need no declaration with ``kg query``."""
