"""Descriptions of the dataset with true counts, dumps, the feed, the site map."""

from __future__ import annotations

import gzip
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from kg import iris
from kg.serve import feeds
from kg.serve.catalogue import DATASET

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
VOID = f"PREFIX void: <{iris.PREFIXES['void']}> PREFIX dcat: <{iris.PREFIXES['dcat']}> PREFIX io: <{iris.IO}> "


@pytest.fixture(scope="module")
def described(site: TestClient) -> ox.Store:
    answer = site.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    store = ox.Store()
    store.load(answer.content, format=ox.RdfFormat.TURTLE)
    return store


def one(store: ox.Store, query: str) -> list[str]:
    return [row[0].value for row in store.query(VOID + query)]  # type: ignore[union-attr]


def test_counts_are_those_of_the_graph(site: TestClient, described: ox.Store) -> None:
    graph = site.app.state.site.current.graph  # type: ignore[attr-defined]
    merged = list(graph.store.match(None, None, None, ox.NamedNode(iris.GRAPH_MERGED)))
    assert one(described, f"SELECT ?n {{ <{DATASET}> void:triples ?n }}") == [str(len(merged))]
    presences = sum(q.object == ox.NamedNode(iris.term("Presence")) for q in merged)
    query = "SELECT ?n { ?part void:class io:Presence ; void:entities ?n }"
    assert one(described, query) == [str(presences)]
    articles = one(described, f"SELECT ?n {{ <{DATASET}> void:documents ?n }}")
    assert articles == [str(len(graph.articles()))]
    same = sum(str(q.predicate).endswith("sameAs>") and "wikidata" in str(q.object) for q in merged)
    assert one(described, "SELECT ?n { ?l a void:Linkset ; void:triples ?n }") == [str(same)]


def test_the_dataset_can_be_found_and_taken(site: TestClient, described: ox.Store) -> None:
    assert described.query(VOID + f"ASK {{ <{DATASET}> a void:Dataset , dcat:Dataset ; void:sparqlEndpoint ?e }}")
    for address in one(described, f"SELECT ?d {{ <{DATASET}> void:dataDump ?d }}"):
        assert site.get(address).status_code == 200
    for suffix in ("ttl", "jsonld", "nt"):
        answer = site.get(f"/dataset.{suffix}")
        assert list(ox.parse(answer.content, format=ox.RdfFormat.from_extension(suffix)))


def test_dumps_hold_the_graph(site: TestClient) -> None:
    graph = site.app.state.site.current.graph  # type: ignore[attr-defined]
    answer = site.get("/dump.nq.gz", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    assert parsedate_to_datetime(answer.headers["last-modified"])
    quads = set(ox.parse(gzip.decompress(answer.content), format=ox.RdfFormat.N_QUADS))
    assert len(quads) == sum(1 for _ in graph.quads())
    turtle = gzip.decompress(site.get("/dump.ttl.gz").content)
    merged = sum(1 for _ in graph.store.match(None, None, None, ox.NamedNode(iris.GRAPH_MERGED)))
    assert len(set(ox.parse(turtle, format=ox.RdfFormat.TURTLE))) == merged
    again = site.get("/dump.nq.gz", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    part = site.get("/dump.nq.gz", headers={"Range": "bytes=0-9"})
    assert part.status_code == 206
    assert part.content == answer.content[:10]


def test_the_feed_has_the_newest_facts_with_their_quotes(site: TestClient) -> None:
    answer = site.get("/feed.atom", headers={"Accept-Language": "ru"})
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 50
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]
    assert all(entry.findtext(f"{ATOM}title") and entry.findtext(f"{ATOM}summary") for entry in entries)
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 50
    links = [link.get("href") or "" for entry in entries[:5] for link in entry.findall(f"{ATOM}link")]
    assert all(site.get(link).status_code == 200 for link in links)


def test_the_feed_looks_further_where_the_newest_articles_report_nothing(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = site.get("/feed.atom").content
    monkeypatch.setattr(feeds, "_LOOKED_THROUGH", (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 500))
    site.app.state.site.current.cache.clear()  # type: ignore[attr-defined]
    assert site.get("/feed.atom").content == whole


def test_the_site_map_names_pages_that_are_there(site: TestClient) -> None:
    root = ElementTree.fromstring(site.get("/sitemap.xml").content)
    pages = [loc.text or "" for loc in root.iter(f"{MAP}loc")]
    assert len(pages) == len(set(pages)) > 5_000
    assert all(site.get(page).status_code == 200 for page in pages[::400])
    assert "sitemap.xml" in site.get("/robots.txt").text


def test_a_large_site_map_comes_in_parts(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_A_FILE", 2_000)
    root = ElementTree.fromstring(site.get("/sitemap.xml", params={"part": "x"}).content)
    assert root.tag == f"{MAP}sitemapindex"
    parts = [loc.text or "" for loc in root.iter(f"{MAP}loc")]
    pages = [loc.text for part in parts for loc in ElementTree.fromstring(site.get(part).content).iter(f"{MAP}loc")]
    assert len(pages) == len(set(pages)) > 5_000
    assert site.get("/sitemap-99.xml").status_code == 404
