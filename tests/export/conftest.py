"""A small graph, as the merge would leave it, written out by hand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import iris

BREAKING = 'Bureau </script><script>alert("x")</script> & "co"'

TRIG = f"""
@prefix : <{iris.IO}> . @prefix id: <{iris.ID_PREFIX}> . @prefix k: <{iris.KIND_PREFIX}> .
@prefix skos: <{iris.PREFIXES["skos"]}> .
@prefix rdfs: <{iris.PREFIXES["rdfs"]}> . @prefix geo: <{iris.PREFIXES["geo"]}> .
@prefix owl: <{iris.PREFIXES["owl"]}> . @prefix oa: <{iris.PREFIXES["oa"]}> . @prefix schema: <https://schema.org/> .
@prefix dcterms: <{iris.PREFIXES["dcterms"]}> . @prefix xsd: <{iris.PREFIXES["xsd"]}> .
<{iris.GRAPH_MERGED}> {{
  <{iris.ID_PREFIX}organization/un> a :InternationalOrganization ; skos:prefLabel "United Nations"@en,
    "ООН"@ru, "БҰҰ"@kk ;
    owl:sameAs <http://www.wikidata.org/entity/Q1065> .
  <{iris.ID_PREFIX}city/almaty> a :City ; skos:prefLabel "Almaty"@en, "Алматы"@ru, "Алматы"@kk ;
    geo:hasGeometry <{iris.ID_PREFIX}city/almaty#point> .
  <{iris.ID_PREFIX}city/almaty#point> a geo:Geometry ; geo:asWKT "POINT(76.95 43.25)"^^geo:wktLiteral .
  <{iris.ID_PREFIX}country/kz> a :Country ; skos:prefLabel "Kazakhstan"@en ; :isoCode "KZ" .
  <{iris.ID_PREFIX}presence/one> a :Presence, :RegionalCentre, :Fact ; rdfs:label "UN Centre"@en ;
    :organization <{iris.ID_PREFIX}organization/un> ; :place <{iris.ID_PREFIX}city/almaty> ;
    :form <{iris.KIND_PREFIX}form/regional-centre> ; :status <{iris.KIND_PREFIX}status/operating> ;
    :since "2025-08"^^xsd:gYearMonth ; :focus <{iris.KIND_PREFIX}theme/sdgs>, <{iris.KIND_PREFIX}theme/water> ;
    :account <{iris.ARTICLE_PREFIX}a1#f1> .
  <{iris.ID_PREFIX}presence/two> a :Presence, :CountryOffice, :Fact ; rdfs:label {ox.Literal(BREAKING)} ;
    :organization <{iris.ID_PREFIX}organization/un> ; :place <{iris.ID_PREFIX}country/kz> ;
    :form <{iris.KIND_PREFIX}form/country-office> .
  <{iris.ID_PREFIX}count/three> a :Count, :Fact ; :counted <{iris.KIND_PREFIX}counted/un-agencies> ;
    :place <{iris.ID_PREFIX}country/kz> ; :value 26 .
}}
<{iris.GRAPH_ONTOLOGY}> {{ <{iris.KIND_PREFIX}form/regional-centre> skos:prefLabel "өңірлік орталық"@kk,
  "regional centre"@en . }}
<{iris.ARTICLE_PREFIX}a1> {{
  <{iris.ARTICLE_PREFIX}a1> a :Article ; schema:headline "A centre opens" ; schema:inLanguage "en" ;
    dcterms:identifier "a1" ; schema:datePublished "2025-08-05" ; :text "A centre opened. It did." .
  <{iris.ARTICLE_PREFIX}a1#f1> a :Presence .
  <{iris.ARTICLE_PREFIX}a1#e1> a :Evidence ; :supports <{iris.ARTICLE_PREFIX}a1#f1> ; :quote "A centre opened."@en ;
    oa:start 0 ; oa:end 16 ; :quotedFrom "text" ; :article <{iris.ARTICLE_PREFIX}a1> .
}}
"""


@pytest.fixture(scope="session")
def quads() -> list[ox.Quad]:
    return list(ox.parse(TRIG, format=ox.RdfFormat.TRIG))
