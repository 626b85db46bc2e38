"""Descriptions of the dataset with true counts, dumps, the feed, the site map."""

from __future__ import annotations

import errno
import gzip
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from kg import iris
from kg.serve import catalogue, feeds
from kg.serve.catalogue import DATASET
from tests.serve.conftest import MERGED, serving, store_of

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


def test_a_graph_too_large_to_be_counted_at_once_is_described_without(
    site: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.app.state.site.current.cache.clear()  # type: ignore[attr-defined]
    whole = site.get("/dataset.nt")
    assert "etag" in whole.headers
    site.app.state.site.current.cache.clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(catalogue, "_WAIT", 0.0)
    first = site.get("/dataset.nt")
    assert first.status_code == 200
    assert "etag" not in first.headers and first.headers["cache-control"] == "no-store"
    assert set(first.text.splitlines()) < set(whole.text.splitlines())
    assert "#triples" in whole.text and "#triples" not in first.text
    monkeypatch.undo()
    assert site.get("/dataset.nt").content == whole.content


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


def test_the_newest_facts_come_by_date_article_and_fact(tmp_path: Path) -> None:
    io, schema = iris.IO, iris.PREFIXES["schema"]
    kind = iris.PREFIXES["rdf"] + "type"
    quads = []
    # The precision of dates differs; c has two dates and a fact that it reports twice; d reports nothing.
    appeared = (
        ("a", "2024"),
        ("b", "2025-03"),
        ("c", "2025-03-02"),
        ("c", "2019"),
        ("d", "2026-01-01"),
        ("e", "2025-03-02"),
    )
    for name, date in appeared:
        article = iris.article(name)
        typed = f"{iris.PREFIXES['xsd']}{('gYear', 'gYearMonth', 'date')[date.count('-')]}"
        quads.append(f'<{article}> <{schema}datePublished> "{date}"^^<{typed}> <{article}> .')
        for number in (1, 2) if name == "c" else () if name == "d" else (1,):
            fact, account, support = iris.entity(f"presence/{name}"), f"{article}#f{number}", f"{article}#e{number}"
            quads += [
                f"<{fact}> <{kind}> <{io}Fact> <{MERGED}> .",
                f"<{fact}> <{io}account> <{account}> <{MERGED}> .",
                f"<{account}> <{io}reportedIn> <{article}> <{article}> .",
                f"<{support}> <{io}supports> <{account}> <{article}> .",
                f'<{support}> <{io}quote> "quote {number} of {name}"@en <{article}> .',
            ]
    with serving(store_of(tmp_path / "store", "\n".join(quads))) as client:
        feed = ElementTree.fromstring(client.get("/feed.atom").content)
    said = [entry.findtext(f"{ATOM}summary") for entry in feed.findall(f"{ATOM}entry")]
    assert said == [f"quote 1 of {name}" for name in "ceba"]


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


def test_a_disk_that_is_full_is_told_and_leaves_nothing(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with serving(built) as client:
        with monkeypatch.context() as patched:
            patched.setattr(catalogue.shutil, "copyfileobj", full)
            answer = client.get("/dump.nq.gz")
            assert answer.status_code == 507
            assert "No space left on device" in answer.text and "TMPDIR" in answer.text
        folder = client.app.state.site.current.folder  # type: ignore[attr-defined]
        assert not list(folder.glob("dump*"))
        assert client.get("/dump.nq.gz").status_code == 200
