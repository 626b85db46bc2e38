"""Every IRI leads to a document about what it names, in the reader's form and language."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient
from lxml import html

from kg import iris
from tests.serve.conftest import serving, store_of
from tests.serve.running import running

ALMATY = "/id/city/almaty"
CENTRE = "/id/presence/un.regional-centre.almaty"


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json, text/html;q=0.5", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.2", "rdf"),
        ("*/*", "html"),
    ],
)
def test_an_iri_leads_to_a_document(site: TestClient, accept: str, suffix: str) -> None:
    answer = site.get(ALMATY, headers={"Accept": accept}, follow_redirects=False)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).path == f"{ALMATY}.{suffix}"
    assert "Accept" in answer.headers["vary"]
    document = site.get(answer.headers["location"])
    assert document.status_code == 200
    assert f'<{iris.BASE}id/city/almaty>; rel="describes"' in document.headers["link"]
    assert document.headers["link"].count('rel="alternate"') == 5
    if suffix != "html":
        form = ox.RdfFormat.from_extension(suffix)
        assert form is not None
        triples = {quad.triple for quad in ox.parse(document.content, format=form)}
        label = ox.NamedNode(iris.PREFIXES["skos"] + "prefLabel")
        assert (
            ox.Triple(ox.NamedNode(iris.entity("city/almaty")), label, ox.Literal("Алматы", language="kk")) in triples
        )
        assert any(t.predicate.value.endswith("primaryTopic") for t in triples)


def test_nothing_acceptable(site: TestClient) -> None:
    assert site.get(ALMATY, headers={"Accept": "image/png"}, follow_redirects=False).status_code == 406


@pytest.mark.parametrize(
    "path",
    [
        "/id/city/nowhere",
        "/id/city/almaty.exe",
        "/nothing",
        "/id/%00",
        "/id/../../etc/passwd",
        "/id/a b",
        "/id/<x>",
        "/%ff",
    ],
)
def test_what_is_unknown_is_not_found(site: TestClient, path: str) -> None:
    answer = site.get(path, follow_redirects=False)
    assert answer.status_code == 404
    assert "html" not in answer.headers["content-type"]


def test_every_kind_of_iri_dereferences(site: TestClient) -> None:
    rng = random.Random(4)
    graph = site.app.state.site.current.graph  # type: ignore[attr-defined]
    subjects = sorted({q.subject.value for q in graph.quads() if isinstance(q.subject, ox.NamedNode)})
    ours = [iri.partition("#")[0] for iri in subjects if iri.startswith(iris.BASE)]
    version = next(q.object.value for q in graph.quads() if q.predicate.value.endswith("#versionIRI"))
    chosen = {f"{iris.BASE}ontology", version, iris.GRAPH_MERGED, f"{iris.BASE}kind/form"}
    for start in ("id/", "kind/", "article/"):
        chosen |= set(rng.sample(sorted({iri for iri in ours if iri.startswith(iris.BASE + start)}), 15))
    for iri in sorted(chosen):
        path = "/" + iri.removeprefix(iris.BASE)
        answer = site.get(path, headers={"Accept": "application/n-triples"})
        assert answer.status_code == 200, iri
        assert answer.content


def test_the_ontology_comes_whole(site: TestClient) -> None:
    graph = rdflib.Graph().parse(data=site.get("/ontology.ttl").content, format="turtle")
    presence = rdflib.URIRef(iris.term("Presence"))
    assert (presence, rdflib.RDF.type, rdflib.OWL.Class) in graph
    assert len({s for s in graph.subjects() if str(s).startswith(iris.IO)}) > 80


def test_a_fact_comes_with_its_quotes(site: TestClient) -> None:
    text = site.get(f"{CENTRE}.nt").text
    assert iris.term("quote") in text
    assert iris.term("account") in text
    page = html.fromstring(site.get(f"{CENTRE}.html").content)
    assert page.xpath("//blockquote")


@pytest.mark.parametrize(("lang", "title"), [("en", "Almaty"), ("ru", "Алматы"), ("kk", "Алматы")])
def test_the_page_speaks_the_language_of_the_reader(site: TestClient, lang: str, title: str) -> None:
    answer = site.get(f"{ALMATY}.html", headers={"Accept-Language": lang})
    assert answer.headers["content-language"] == lang
    assert "Accept-Language" in answer.headers["vary"]
    page = html.fromstring(answer.content)
    assert page.get("lang") == lang
    assert page.findtext(".//h1") == title
    country = {"en": "Kazakhstan", "ru": "Казахстан", "kk": "Қазақстан"}[lang]
    assert country in page.text_content()
    assert {link.get("type") for link in page.xpath("//link[@rel='alternate'][@type]")} == {
        "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml",
    }  # fmt: skip
    data = page.xpath("//script[@type='application/ld+json']")[0].text
    assert any(
        quad.subject == ox.NamedNode(iris.entity("city/almaty")) for quad in ox.parse(data, format=ox.RdfFormat.JSON_LD)
    )
    json.loads(data)


def test_hostile_labels_are_text(tmp_path: Path) -> None:
    nasty = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\\u202e\\\" ' & "
    me, label, merged = iris.entity("city/x"), iris.PREFIXES["skos"] + "prefLabel", iris.GRAPH_MERGED
    quads = f'<{me}> <{label}> "{nasty}"@en <{merged}> . <{me}> <urn:see> <javascript:alert(3)> <{merged}> .'
    store = store_of(tmp_path / "store", quads.replace(" . <", " .\n<"))
    with serving(store) as client:
        page = client.get("/id/city/x.html")
    tree = html.fromstring(page.content)
    assert [s.get("type") for s in tree.xpath("//script")] == ["application/ld+json"]
    assert not tree.xpath("//img")
    assert tree.findtext(".//h1").startswith("</script>")
    assert not [a for a in tree.xpath("//a/@href") if a.startswith("javascript")]
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_documents_are_kept_by_version(site: TestClient) -> None:
    first = site.get(f"{ALMATY}.ttl")
    assert site.get(f"{ALMATY}.ttl", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_another_base_is_served_as_it_is_named(tmp_path: Path) -> None:
    base = "https://data.example.org/"
    store = store_of(
        tmp_path / "store",
        f'<{base}id/city/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "X"@en <{base}graph/merged> .',
    )
    import httpx

    with running(store, KG_BASE_IRI=base) as address:
        answer = httpx.get(f"{address}/id/city/x", headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert answer.status_code == 200
        assert re.search(rf"<{base}id/city/x>|id:city\\/x", answer.text)
        assert f"@prefix id: <{base}id/>" in answer.text
