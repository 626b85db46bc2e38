"""Identifiers from an endpoint with data in the shape of Wikidata's: suggested, never put into the graph."""

from __future__ import annotations

import csv
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from click.testing import CliRunner

from kg import iris
from kg.cli import main
from kg.errors import KgError
from kg.link import Endpoint
from kg.link.candidates import _distance

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
# Invented items, in the shape that Wikidata has.
THEIRS = """
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
wd:Q1 rdfs:label "Steppe Council"@en , "Степной совет"@ru , "Дала кеңесі"@kk ; wdt:P31 wd:Q484652 ;
  schema:description "international organisation"@en .
wd:Q2 rdfs:label "Steppe Council"@en ; wdt:P31 wd:Q5398426 ; schema:description "television series"@en .
wd:Q484652 wdt:P279 wd:Q43229 . wd:Q5398426 wdt:P279 wd:Q2431196 .
wd:Q3 rdfs:label "Tasqala"@en ; wdt:P31 wd:Q515 ; wdt:P625 "Point(70.0 50.0)"^^geo:wktLiteral .
wd:Q4 rdfs:label "Tasqala"@en ; wdt:P31 wd:Q515 ; wdt:P625 "Point(10.0 50.0)"^^geo:wktLiteral .
wd:Q515 wdt:P279 wd:Q486972 .
wd:Q5a rdfs:label "Aset Omarov"@en ; wdt:P31 wd:Q5 . wd:Q5b skos:altLabel "Aset Omarov"@en ; wdt:P31 wd:Q5 .
wd:Q6 rdfs:label "Quote \\" and \\\\ back"@en ; wdt:P31 wd:Q484652 .
"""


def quads() -> str:
    lines = []

    def say(what: str, type_: str, names: dict[str, str], point: str = "", same: str = "") -> None:
        me, merged = iris.entity(what), iris.GRAPH_MERGED
        lines.append(f"<{me}> <{iris.PREFIXES['rdf']}type> <{iris.term(type_)}> <{merged}> .")
        for lang, name in names.items():
            text = json.dumps(name, ensure_ascii=False)
            lines.append(f"<{me}> <{iris.PREFIXES['skos']}prefLabel> {text}@{lang} <{merged}> .")
        if point:
            wkt = f'"{point}"^^<{iris.PREFIXES["geo"]}wktLiteral>'
            lines.append(f"<{me}> <{iris.PREFIXES['geo']}asWKT> {wkt} <{merged}> .")
        if same:
            lines.append(f"<{me}> <{iris.PREFIXES['owl']}sameAs> <{same}> <{merged}> .")

    council = {"en": "Steppe Council", "ru": "Степной совет", "kk": "Дала кеңесі"}
    say("organization/steppe", "InternationalOrganization", council)
    say("organization/quote", "InternationalOrganization", {"en": 'Quote " and \\ back'})
    say("organization/none", "InternationalOrganization", {"en": "Nobody Knows It"})
    say("organization/linked", "InternationalOrganization", council, same="http://www.wikidata.org/entity/Q9")
    say("city/tasqala", "City", {"en": "Tasqala"}, "POINT(70.1 50.1)")
    say("person/aset", "Person", {"en": "Aset Omarov"})
    return "\n".join(lines)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import pyoxigraph as ox

    folder = tmp_path_factory.mktemp("link") / "store"
    store = ox.Store(folder)
    store.extend(ox.parse(quads(), format=ox.RdfFormat.N_QUADS))
    store.flush()
    del store
    return folder


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not OXIGRAPH.exists():
        pytest.skip("the command oxigraph is not installed")
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    command = [OXIGRAPH, "serve", "-l", tmp_path_factory.mktemp("theirs"), "-b", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                httpx.put(
                    f"{address}/store?default", content=THEIRS, headers={"Content-Type": "text/turtle"}
                ).raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"{address}/query"
    finally:
        server.terminate()
        server.wait(30)


def run(ours: Path, *options: str) -> Any:
    return CliRunner().invoke(main, ["--store", str(ours), "link", "--pause", "0", *options])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_suggestions_with_what_speaks_for_them(ours: Path, theirs: str, tmp_path: Path) -> None:
    out = tmp_path / "links.csv"
    before = sorted((p.name, p.stat().st_size) for p in ours.glob("*.sst"))
    done = run(ours, "-o", str(out), "--endpoint", theirs)
    assert done.exit_code == 0, done.stderr
    found = {(row["a"], row["b"].rpartition("/")[2]): row for row in rows(out)}
    # Not the television series, not the town on another continent, not what has an identifier.
    assert set(found) == {
        ("organization/steppe", "Q1"),
        ("organization/quote", "Q6"),
        ("city/tasqala", "Q3"),
        ("person/aset", "Q5a"),
        ("person/aset", "Q5b"),
    }
    assert float(found["organization/steppe", "Q1"]["score"]) >= 0.9
    assert "en, kk, ru" in found["organization/steppe", "Q1"]["why"]
    assert found["organization/steppe", "Q1"]["their_description"] == "international organisation"
    assert "km apart" in found["city/tasqala", "Q3"]["why"]
    assert float(found["city/tasqala", "Q3"]["score"]) >= 0.9
    assert "1 more of this name" in found["person/aset", "Q5a"]["why"]
    assert float(found["person/aset", "Q5a"]["score"]) < 0.8
    assert all(row["judgement"] == "" for row in found.values())
    assert sorted((p.name, p.stat().st_size) for p in ours.glob("*.sst")) == before


def test_what_was_decided_stays_and_nothing_is_asked_twice(ours: Path, theirs: str, tmp_path: Path) -> None:
    out = tmp_path / "links.csv"
    run(ours, "-o", str(out), "--endpoint", theirs)
    text = out.read_text(encoding="utf-8").replace(
        ",person/aset,http://www.wikidata.org/entity/Q5b", "different,person/aset,http://www.wikidata.org/entity/Q5b"
    )
    out.write_text(text, encoding="utf-8")
    again = run(ours, "-o", str(out), "--endpoint", theirs)
    assert "0 requests" in again.stderr
    assert "0 new rows" in again.stderr
    assert [row["judgement"] for row in rows(out) if row["b"].endswith("Q5b")] == ["different"]
    assert len(rows(out)) == 5


@pytest.mark.parametrize("judgement", ["maybe", "yes"])
def test_a_judgement_that_is_none_is_told_with_its_line(ours: Path, tmp_path: Path, judgement: str) -> None:
    out = tmp_path / "links.csv"
    out.write_text(
        "judgement,a,b,score,label,their_label,their_description,why,reason\n"
        f"{judgement},city/x,http://www.wikidata.org/entity/Q1,0.9,X,X,,,\n"
    )
    done = run(ours, "-o", str(out), "--endpoint", "http://127.0.0.1:9/")
    assert done.exit_code == 1
    assert "line 2" in done.stderr
    assert judgement in out.read_text()


def test_another_file_is_not_overwritten(ours: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("name,value\na,1\n")
    assert run(ours, "-o", str(out), "--endpoint", "http://127.0.0.1:9/").exit_code == 2
    assert out.read_text() == "name,value\na,1\n"


class _Tired(BaseHTTPRequestHandler):
    """Answers 429, then 503, then well; and remembers how it was asked."""

    seen: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.rfile.read(length)
        self.seen.append(dict(self.headers))
        status = (429, 503, 200)[min(len(self.seen) - 1, 2)]
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "7")
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(
            b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}'
        )

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_tired_server_is_waited_for(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Tired)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    waited: list[float] = []
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        cache = tmp_path / "answers.jsonl"
        endpoint = Endpoint(address, cache, pause=1.0, sleep=waited.append)
        assert endpoint.rows("SELECT ?x {}")[0]["x"]["value"] == "1"
        assert 7.0 in waited
        assert endpoint.asked == 3
        assert "presence-kg" in _Tired.seen[0]["User-Agent"]
        # A run that was broken off in the middle of a line.
        with cache.open("a", encoding="utf-8") as file:
            file.write('{"key": "half')
        resumed = Endpoint(address, cache, sleep=waited.append)
        assert resumed.rows("SELECT ?x {}")
        assert (resumed.asked, resumed.known) == (0, 1)
    finally:
        server.shutdown()
        server.server_close()


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    endpoint = Endpoint(f"http://127.0.0.1:{port}/", sleep=lambda seconds: None)
    with pytest.raises(KgError, match="does not answer"):
        endpoint.rows("SELECT ?x {}")
    assert endpoint.asked == 5


def test_distances() -> None:
    assert _distance((76.89, 43.24), (71.43, 51.13)) == pytest.approx(967, rel=0.02)
    assert _distance((179.9, 0), (-179.9, 0)) == pytest.approx(22, rel=0.05)
