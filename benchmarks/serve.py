"""Measure the server: requests a second and times, beside Oxigraph's own server on the same data and queries.

    python benchmarks/serve.py STORE [--seconds S] [--clients 1,8,32] [--workers N]
    python benchmarks/serve.py STORE --mixed 100000 [--clients 16]

STORE is what ``benchmarks/generate.py`` made, for the second form what ``kg build`` made. The first form sends the same
queries to both servers in turns, drawn from a seed, for some seconds with each number of clients; beside the times it
tells the processor time of a request, and the median of the turn that was disturbed least. The second sends queries,
documents, pages, reconciliation, dumps and mistakes to ours while articles are built into the store and taken out
again, and tells every kind of answer and the memory; it exits with 1 if an answer was not meant. It leaves
the store without these articles: give it a copy. Everything goes over the loopback, and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent.parent))

from kg import iris
from kg.model import LANGUAGES
from tests.serve.hostile import acceptable
from tests.serve.running import cpu_of, free_port, memory_by_process, memory_of, running

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
PROLOGUE = "".join(f"PREFIX {name}: <{iris.PREFIXES[name]}> " for name in ("io", "skos", "rdf"))
MERGED = f"GRAPH <{iris.GRAPH_MERGED}>"
QUERIES = {
    "one thing": "SELECT ?p ?o {{ {merged} {{ <{org}> ?p ?o }} }}",
    "who is there": "SELECT ?o ?form ?since {{ {merged} {{ ?p io:place <{city}> ; io:organization ?o ; io:form ?form "
    "OPTIONAL {{ ?p io:since ?since }} }} }}",
    "where it is": "SELECT ?place ?label {{ {merged} {{ ?p io:organization <{org}> ; io:place ?place . "
    '?place skos:prefLabel ?label FILTER (LANG(?label) = "en") }} }}',
    "the quotes": "SELECT ?g ?quote {{ {merged} {{ <{fact}> io:account ?a }} "
    "GRAPH ?g {{ ?e io:supports ?a ; io:quote ?quote }} }}",
    "how many": "SELECT (COUNT(*) AS ?n) {{ {merged} {{ ?p io:country <{country}> ; io:status ?s }} }}",
    "the largest": "SELECT ?o (COUNT(*) AS ?n) {{ {merged} {{ ?p io:country <{country}> ; io:organization ?o }} }} "
    "GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT 10",
    "whether": "ASK {{ {merged} {{ ?p io:organization <{org}> ; io:place <{city}> }} }}",
}


class Drawer:
    """Draws queries about what is in a store."""

    def __init__(self, store: Path, seed: int) -> None:
        engine = ox.Store.read_only(str(store))
        merged, kind = ox.NamedNode(iris.GRAPH_MERGED), ox.NamedNode(iris.PREFIXES["rdf"] + "type")

        def of(name: str, most: int) -> list[str]:
            quads = engine.quads_for_pattern(None, kind, ox.NamedNode(iris.term(name)), merged)
            return sorted(q.subject.value for _, q in zip(range(most), quads, strict=False))  # type: ignore[union-attr]

        self.values = {
            "org": of("InternationalOrganization", 5_000),
            "city": of("City", 5_000),
            "country": of("Country", 300),
            "fact": of("Presence", 50_000),
        }
        self.rng = random.Random(seed)

    def query(self) -> tuple[str, str]:
        """The name of a query and its text."""
        name = self.rng.choice(sorted(QUERIES))
        chosen = {key: self.rng.choice(values) for key, values in self.values.items()}
        return name, PROLOGUE + QUERIES[name].format(merged=MERGED, **chosen)


def request(path: str, host: str, headers: str = "", body: bytes = b"", method: str = "GET") -> bytes:
    """A request as it goes over the wire."""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}{length}\r\n".encode() + body


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if status in (204, 304):
        return status, b""
    if b"transfer-encoding: chunked" in lower:
        body = bytearray()
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
        return status, bytes(body)
    start = lower.index(b"content-length:") + 15
    return status, await reader.readexactly(int(lower[start : lower.index(b"\r\n", start)]))


async def load(address: str, requests: Sequence[bytes], clients: int, seconds: float) -> tuple[list[float], float, int]:
    """Times of answers in milliseconds, seconds in all, answers that were not 200."""
    host, port = address.removeprefix("http://").split(":")
    times: list[float] = []
    bad = 0
    place = 0
    end = time.perf_counter() + seconds

    async def client() -> None:
        nonlocal place, bad
        reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 24)
        while time.perf_counter() < end and place < len(requests):
            sent, place = requests[place], place + 1
            begun = time.perf_counter()
            writer.write(sent)
            status, _ = await answered(reader)
            times.append((time.perf_counter() - begun) * 1000)
            bad += status != 200
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return times, time.perf_counter() - begun, bad


def measured(connection: object, address: str, requests: Sequence[bytes], clients: int, seconds: float) -> None:
    connection.send(asyncio.run(load(address, requests, clients, seconds)))  # type: ignore[attr-defined]


def apart(address: str, requests: Sequence[bytes], clients: int, seconds: float) -> tuple[list[float], float, int]:
    """The same in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=measured, args=(theirs, address, requests, clients, seconds))
    process.start()
    found: tuple[list[float], float, int] = ours.recv()
    process.join()
    return found


@contextmanager
def oxigraph(store: Path) -> Iterator[str]:
    """Oxigraph's own server over a store."""
    port = free_port()
    command = [OXIGRAPH, "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{address}/query", params={"query": "ASK {}"})
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def percentiles(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"{cuts[49]:8.2f} {cuts[94]:8.2f} {cuts[98]:8.2f}"


def compare(store: Path, clients: Sequence[int], seconds: float, rounds: int, seed: int, workers: int) -> None:
    """Both servers are up all the time and are asked in turn, so that what else the machine does falls on both."""
    drawer = Drawer(store, seed)
    # No two are the same, so that our cache of answers has no part in it.
    queries = [f"{drawer.query()[1]} #{number}" for number in range(150_000)]
    place = 0
    accept = "Accept: application/sparql-results+json\r\n"
    print(
        f"{'server':10} {'clients':>7} {'requests':>8} {'a second':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}",
        end="",
    )
    print(f" {'CPU ms':>7} {'not 200':>7}")
    options = ("--per-address", "64", "--workers", str(workers))
    with oxigraph(store) as theirs, running(store, *options) as ours:
        sides = {"oxigraph": (theirs, "/query"), "kg serve": (ours, "/sparql")}
        requests = {
            name: [request(f"{path}?query={quote(q)}", "localhost", accept) for q in queries]
            for name, (_, path) in sides.items()
        }
        for number in clients:
            times: dict[str, list[float]] = {name: [] for name in sides}
            least = dict.fromkeys(sides, float("inf"))
            took, cpu, bad = dict.fromkeys(sides, 0.0), dict.fromkeys(sides, 0.0), dict.fromkeys(sides, 0)
            for turn in range(-1, rounds):  # the first warms up
                lasting = seconds / rounds if turn >= 0 else 2
                begin, most = place % len(queries), int(4_000 * lasting)
                place += most
                for name, (address, _) in sides.items():
                    before = cpu_of(address)
                    found, lasted, wrong = apart(address, requests[name][begin : begin + most], number, lasting)
                    if turn >= 0:
                        times[name] += found
                        least[name] = min(least[name], statistics.median(found))
                        took[name] += lasted
                        cpu[name] += cpu_of(address) - before
                        bad[name] += wrong
            for name in sides:
                count = len(times[name])
                print(
                    f"{name:10} {number:7} {count:8} {count / took[name]:8.0f} {percentiles(times[name])} "
                    f"{least[name]:8.2f} {cpu[name] / count * 1000:8.2f} {bad[name]:8}"
                )
            whole, calm, work = (
                found["kg serve"] / found["oxigraph"]
                for found in (
                    {name: statistics.median(times[name]) for name in sides},
                    least,
                    {name: cpu[name] / len(times[name]) for name in sides},
                )
            )
            print(f"{'':10} {number:7} times Oxigraph's: p50 {whole:.2f}, least {calm:.2f}, CPU {work:.2f}", flush=True)


def kinds(drawer: Drawer) -> Iterator[tuple[str, bytes]]:
    """Requests of all kinds, endlessly."""
    rng, host = drawer.rng, "localhost"
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    accepts = ("application/sparql-results+json", "text/csv", "application/sparql-results+xml;q=0.9, text/csv;q=0.1")
    tag = 'If-None-Match: "unknown"\r\n'
    while True:
        draw = rng.random()
        accept = f"Accept: {rng.choice(accepts)}\r\n"
        if draw < 0.7:
            name, text = drawer.query()
            if draw < 0.3:
                body = urlencode({"query": text}).encode()
                yield name, request("/sparql", host, accept + form, body, "POST")
            else:
                yield name, request(f"/sparql?query={quote(text)}", host, accept + (tag if draw < 0.4 else ""))
        elif draw < 0.85:
            path = drawer.rng.choice(drawer.values["org"] + drawer.values["city"]).removeprefix(iris.BASE)
            suffix = rng.choice(("", ".ttl", ".jsonld", ".nt"))
            yield "document", request(f"/{path}{suffix}", host, "Accept: text/turtle\r\n")
        elif draw < 0.853:
            lang, path = rng.choice(LANGUAGES), rng.choice(drawer.values["city"]).removeprefix(iris.BASE)
            page = rng.choice(
                (f"/{lang}/", f"/{lang}/search?q=UN", f"/{path}.html?lang={lang}", "/feed.atom", "/dataset")
            )
            yield "page", request(page, host, "Accept: text/html\r\nAccept-Encoding: gzip\r\n")
        elif draw < 0.903:
            names = rng.choices(("Алматыда", "Unted Nations", "ДДСҰ", "Nairobi", "Всемирного банка"), k=3)
            body = urlencode({"queries": json.dumps({str(n): {"query": q} for n, q in enumerate(names)})}).encode()
            yield "reconcile", request("/reconcile", host, form, body, "POST")
        elif draw < 0.955:
            yield "mistake", request(f"/sparql?query={quote('SELECT * {' + '{' * rng.randrange(9))}", host)
        elif draw < 0.9993:
            yield "operation", request(rng.choice(("/health", "/ready", "/metrics")), host)
        elif draw < 0.9995:
            yield "dump", request("/dump.nq.gz", host)
        else:
            slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER (STR(?a) < STR(?f)) }"
            yield "too slow", request(f"/sparql?query={quote(slow)}", host)


def build(store: Path, stop: threading.Event, done: list[int]) -> None:
    """Build articles into the store and take them out again, until it is enough."""
    from kg.read import corpus

    with tempfile.TemporaryDirectory() as folder:
        lines = [line for path in sorted(corpus()) for line in path.read_text(encoding="utf-8").splitlines()]
        number = 0
        while not stop.is_set():
            number += 1
            file = Path(folder) / "few.jsonl"
            file.write_text("\n".join(lines[number % len(lines) :][:3]) + "\n", encoding="utf-8")
            ids = [json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()]
            base = [sys.executable, "-c", "import kg.cli; kg.cli.main()", "--store", str(store)]
            for command in ([*base, "build", str(file)], [*base, "remove", *ids]):
                ended = subprocess.run(command, capture_output=True, text=True, check=False)
                done[0] += ended.returncode == 0
                done[1] += ended.returncode != 0
                if ended.returncode:
                    print(ended.stderr.strip()[:300], flush=True)
                stop.wait(1)


async def mix(
    address: str, drawer: Drawer, count: int, clients: int
) -> tuple[Counter[tuple[str, int]], list[str], list[float]]:
    host, port = address.removeprefix("http://").split(":")
    source, sent = kinds(drawer), 0
    answers: Counter[tuple[str, int]] = Counter()
    wrong: list[str] = []
    times: list[float] = []

    async def client() -> None:
        nonlocal sent
        reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 24)
        while sent < count:
            sent += 1
            kind, raw = next(source)
            begun = time.perf_counter()
            writer.write(raw)
            status, body = await answered(reader)
            times.append((time.perf_counter() - begun) * 1000)
            answers[kind, status] += 1
            text = body[:300].decode("utf-8", "replace")
            meant = acceptable(status, text) and (status == 400) == (kind == "mistake") and status != 404
            if not meant:
                wrong.append(f"{kind}: {status} {text}")

    await asyncio.gather(*(client() for _ in range(clients)))
    return answers, wrong, times


def mixed(store: Path, count: int, clients: int, seed: int) -> int:
    drawer = Drawer(store, seed)
    stop, done = threading.Event(), [0, 0]
    with running(store, "--timeout", "5", "--per-address", "64") as address:
        httpx.post(f"{address}/reconcile", data={"queries": '{"q": {"query": "x"}}'}, timeout=120)
        asyncio.run(mix(address, drawer, min(count, 3_000), clients))
        version = httpx.get(f"{address}/ready").json()["graph"]
        memory = [memory_of(address)]
        builder = threading.Thread(target=build, args=(store, stop, done))
        builder.start()
        begun = time.perf_counter()
        answers: Counter[tuple[str, int]] = Counter()
        wrong: list[str] = []
        times: list[float] = []
        try:
            for _ in range(10):
                found, bad, took = asyncio.run(mix(address, drawer, count // 10, clients))
                answers += found
                wrong += bad
                times += took
                memory.append(memory_of(address))
                alone = next(iter(memory_by_process(address).values())) >> 20
                print(
                    f"{len(times):7} requests, {memory[-1] >> 20} MiB ({alone} the server), {done[0]} builds",
                    flush=True,
                )
        finally:
            stop.set()
        seconds = time.perf_counter() - begun
        builder.join()
        reloads = [
            line for line in httpx.get(f"{address}/metrics").text.splitlines() if "kg_graph_reloads_total" in line
        ][-1]
        changed = httpx.get(f"{address}/ready").json()["graph"] != version
        time.sleep(2)
        memory.append(memory_of(address))
    for (kind, status), number in sorted(answers.items()):
        print(f"{kind:14} {status} {number:7}")
    print(f"{len(times)} requests, {seconds:.0f} s, {len(times) / seconds:.0f}/s, p50 p95 p99 ms: {percentiles(times)}")
    print(f"builds done {done[0]}, failed {done[1]}; {reloads}; another version at the end: {changed}")
    print(f"memory in MiB: {', '.join(str(m >> 20) for m in memory)}")
    print(f"answers not meant: {len(wrong)}")
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--seconds", type=float, default=15, help="for each server and number of clients")
    parser.add_argument("--rounds", type=int, default=15, help="turns in which the two servers are asked")
    parser.add_argument("--workers", type=int, default=4, help="query processes of ours")
    parser.add_argument("--mixed", type=int, default=0)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    clients = [int(number) for number in options.clients.split(",")]
    if options.mixed:
        return mixed(options.store, options.mixed, clients[-1], options.seed)
    compare(options.store, clients, options.seconds, options.rounds, options.seed, options.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
