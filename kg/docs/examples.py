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
SELECT ?step ?class ?date ?status WHERE {
  ?step io:ledTo* <id/presence/un.regional-centre.almaty> ; a ?class .
  FILTER (?class IN (io:Initiative, io:Decision, io:Agreement, io:Presence))
  OPTIONAL { ?step io:date ?date }
  OPTIONAL { ?step io:status ?status }
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
    "confidence": """\
SELECT ?fact (MAX(?c) AS ?confidence) (COUNT(DISTINCT ?article) AS ?articles) WHERE {
  ?fact a io:Presence ; io:account ?account .
  GRAPH ?article { ?evidence io:supports ?account ; io:confidence ?c }
}
GROUP BY ?fact
HAVING (MAX(?c) >= 0.9)
ORDER BY DESC(?confidence)
""",
    "choice": """\
SELECT ?fact ?slot ?chosen ?other ?rule WHERE {
  ?fact io:choice ?choice .
  ?choice io:slot ?slot ; io:value ?chosen ; io:alternative ?other ; io:rule ?rule
  FILTER (?rule NOT IN (<kind/merge-rule/most-precise>, <kind/merge-rule/status-latest>))
}
""",
    "sources": """\
SELECT DISTINCT ?fact ?slot ?said ?article WHERE {
  ?fact io:choice ?choice ; io:account ?a .
  ?choice io:slot ?slot ; io:alternative [] ; io:rule ?rule
  FILTER (?rule NOT IN (<kind/merge-rule/most-precise>, <kind/merge-rule/status-latest>))
  GRAPH ?article { ?a ?slot ?v }
  OPTIONAL { ?v skos:prefLabel ?name FILTER (LANG(?name) = "en") }
  OPTIONAL { GRAPH <graph/ontology> { ?v skos:prefLabel ?concept FILTER (LANG(?concept) = "en") } }
  BIND (COALESCE(?name, ?concept, ?v) AS ?said)
}
ORDER BY ?fact ?slot ?said
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
    "contains": """\
SELECT DISTINCT ?thing ?class WHERE {
  ?thing skos:prefLabel|skos:altLabel ?name ; a ?class
  FILTER (CONTAINS(LCASE(STR(?name)), "security council"))
}
""",
    "regions": """\
SELECT ?region ?name ?m49 WHERE {
  ?region a io:Region ; io:hasMember <id/country/kz> ; skos:prefLabel ?name FILTER (LANG(?name) = "en")
  OPTIONAL { ?region io:m49 ?m49 }
}
ORDER BY ?name
""",
    "serves": """\
SELECT DISTINCT ?organization ?place ?presence WHERE {
  ?presence a io:Presence ; io:serves/io:hasMember? <id/country/kz> ; io:status <kind/status/operating> ;
            io:organization ?o ; io:place ?p .
  ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
  ?p skos:prefLabel ?place FILTER (LANG(?place) = "en")
}
ORDER BY ?organization
""",
    "concepts": """\
SELECT ?form ?label (COUNT(?presence) AS ?presences) WHERE {
  ?presence a io:Presence ; io:form ?form .
  GRAPH <graph/ontology> { ?form skos:prefLabel ?label FILTER (LANG(?label) = "kk") }
}
GROUP BY ?form ?label
ORDER BY DESC(?presences)
""",
    "first": """\
SELECT ?place ?form ?presence WHERE {
  ?presence a io:Presence ; io:organization <id/organization/unicef> ; io:status <kind/status/operating> ;
            io:form ?form ; io:place ?p .
  ?p skos:prefLabel ?place FILTER (LANG(?place) = "en")
}
ORDER BY ?place
LIMIT 10
""",
    "as-of": """\
SELECT ?organization ?since ?until WHERE {
  ?presence a io:Presence ; io:country <id/country/kz> ; io:organization ?o ; io:sinceEarliest ?from .
  OPTIONAL { ?presence io:untilLatest ?to }
  FILTER (?from <= "2005-06-30"^^xsd:date && (!BOUND(?to) || ?to >= "2005-06-30"^^xsd:date))
  OPTIONAL { ?presence io:since ?since }
  OPTIONAL { ?presence io:until ?until }
  ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
}
""",
    "labels": """\
SELECT ?city ?label WHERE {
  ?city a io:City ; io:country <id/country/kz> .
  OPTIONAL { ?city skos:prefLabel ?kk FILTER (LANG(?kk) = "kk") }
  OPTIONAL { ?city skos:prefLabel ?en FILTER (LANG(?en) = "en") }
  BIND (COALESCE(?kk, ?en) AS ?label)
}
ORDER BY ?label
""",
    "country": """\
SELECT ?country (COUNT(DISTINCT ?organization) AS ?organizations) WHERE {
  <id/region/central-asia> io:hasMember ?c .
  ?presence a io:Presence ; io:country ?c ; io:organization ?organization ; io:status <kind/status/operating> .
  ?c skos:prefLabel ?country FILTER (LANG(?country) = "en")
}
GROUP BY ?country
ORDER BY DESC(?organizations)
""",
    "family": """\
SELECT ?name ?kind WHERE {
  ?body org:subOrganizationOf+ <id/organization/un> ; io:bodyKind ?k ; skos:prefLabel ?name .
  FILTER (LANG(?name) = "en")
  FILTER EXISTS { ?presence io:organization ?body ; io:country <id/country/kz> ; io:status <kind/status/operating> }
  GRAPH <graph/ontology> { ?k skos:prefLabel ?kind FILTER (LANG(?kind) = "en") }
}
ORDER BY ?name
""",
    "memberships": """\
SELECT ?organization ?role ?since ?until WHERE {
  ?membership a io:Membership ; org:member <id/country/kz> ; org:organization ?o ; io:role ?r .
  OPTIONAL { ?membership io:since ?since }
  OPTIONAL { ?membership io:until ?until }
  ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
  GRAPH <graph/ontology> { ?r skos:prefLabel ?role FILTER (LANG(?role) = "en") }
}
ORDER BY ?organization
""",
    "decisions": """\
SELECT ?decision ?body ?date ?way ?inFavour ?electorate ?coSponsors WHERE {
  ?decision a io:Decision ; io:body ?b .
  ?b skos:prefLabel ?body FILTER (LANG(?body) = "en")
  OPTIONAL { ?decision io:date ?date }
  OPTIONAL { ?decision io:adoptedBy ?way }
  OPTIONAL { ?decision io:inFavour ?inFavour ; io:electorate ?electorate }
  OPTIONAL { ?decision io:coSponsors ?coSponsors }
}
""",
    "share": """\
SELECT ?decision ?body ?date ?share WHERE {
  ?decision a io:Decision ; io:body ?b ; io:inFavour ?votes ; io:electorate ?all .
  ?b skos:prefLabel ?body FILTER (LANG(?body) = "en")
  OPTIONAL { ?decision io:date ?date }
  BIND (ROUND(1000.0 * ?votes / ?all) / 10 AS ?share)
}
ORDER BY DESC(?share)
""",
    "counts": """\
SELECT ?place ?number ?date ?quote ?outlet WHERE {
  ?count a io:Count ; io:counted <kind/counted/un-agencies> ; io:place ?p ; io:value ?number ; io:account ?account .
  OPTIONAL { ?count io:date ?date }
  ?p skos:prefLabel ?place FILTER (LANG(?place) = "en")
  GRAPH ?article {
    ?evidence io:supports ?account ; io:quote ?quote .
    OPTIONAL { ?article schema:publisher ?outlet }
  }
}
ORDER BY ?place ?number
""",
    "tenures": """\
SELECT ?person ?position WHERE {
  ?tenure a io:Tenure ; io:of <id/country/kz> ; io:person ?who ; io:position ?p .
  ?who skos:prefLabel ?person FILTER (LANG(?person) = "en")
  GRAPH <graph/ontology> { ?p skos:prefLabel ?position FILTER (LANG(?position) = "en") }
}
ORDER BY ?position ?person
""",
    "proposals": """\
SELECT ?proposer ?date ?about ?topic ?outcome ?status WHERE {
  ?initiative a io:Initiative ; io:proposer ?p .
  ?p skos:prefLabel ?proposer FILTER (LANG(?proposer) = "en")
  OPTIONAL { ?initiative io:date ?date }
  OPTIONAL { ?initiative io:about ?about }
  OPTIONAL { ?initiative io:topic ?topic }
  OPTIONAL { ?initiative io:ledTo+ ?outcome . ?outcome a io:Presence ; io:status ?status }
}
ORDER BY ?date
""",
    "ended": """\
SELECT ?what ?organization ?place ?date WHERE {
  {
    ?presence a io:Presence ; io:status <kind/status/closed> ; io:organization ?o ; io:place ?p ;
              io:until ?date ; io:untilLatest ?day .
    ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
    ?p skos:prefLabel ?place FILTER (LANG(?place) = "en")
    BIND ("closed" AS ?what)
  } UNION {
    ?move a io:Relocation ; io:organization ?o ; io:from ?p ; io:date ?date ; io:dateLatest ?day .
    ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
    ?p skos:prefLabel ?place FILTER (LANG(?place) = "en")
    BIND ("moved away" AS ?what)
  }
  FILTER (?day >= "2015-01-01"^^xsd:date)
}
ORDER BY DESC(?day)
""",
    "moves": """\
SELECT ?organization ?from ?to ?date WHERE {
  ?move a io:Relocation ; io:organization ?o ; io:to ?t .
  OPTIONAL { ?move io:from ?f . ?f skos:prefLabel ?from FILTER (LANG(?from) = "en") }
  OPTIONAL { ?move io:date ?date }
  ?o skos:prefLabel ?organization FILTER (LANG(?organization) = "en")
  ?t skos:prefLabel ?to FILTER (LANG(?to) = "en")
}
""",
    "positions": """\
SELECT ?city ?point (COUNT(DISTINCT ?presence) AS ?establishments) WHERE {
  ?c a io:City ; io:country <id/country/ch> ; io:hosts ?presence ; geo:hasGeometry/geo:asWKT ?point .
  ?c skos:prefLabel ?city FILTER (LANG(?city) = "en")
}
GROUP BY ?city ?point
ORDER BY DESC(?establishments)
""",
    "articles": """\
SELECT ?headline ?language ?published ?outlet (COUNT(DISTINCT ?evidence) AS ?quotes) WHERE {
  GRAPH ?article {
    ?article a io:Article ; schema:inLanguage ?language .
    OPTIONAL { ?article schema:headline ?headline }
    OPTIONAL { ?article schema:datePublished ?published }
    OPTIONAL { ?article schema:publisher ?outlet }
    OPTIONAL { ?evidence io:article ?article }
  }
}
GROUP BY ?article ?headline ?language ?published ?outlet
ORDER BY ?published ?headline
""",
}
"""SPARQL by key; the prefixes and the base need no declaration with ``kg query``."""
