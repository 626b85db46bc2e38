"""Send the server thousands of requests that nobody means well with, and list what it answered.

    python benchmarks/hostile.py STORE [--count N] [--seed N] [--slow N] [--clients N] [-o FILE]

The server is started for the run, with a short time limit, and ended after it; all requests go to the loopback. Of the
requests that may take their whole time at most ``--slow`` are sent. Each case goes as a line of JSON to FILE. The exit
status is 1 if an answer was not one that is meant, or the server does not answer at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.serve import hostile
from tests.serve.running import memory_of, running

LIMITS = ("--timeout", "1", "--memory", "512", "--workers", "2", "--per-address", "64")


ORDINARY = (
    "/en/", "/en/search?q=UN", "/id/city/almaty.html?lang=en", "/en/map", "/en/network", "/en/timeline",
    "/en/questions/who-is-in?place=almaty", "/reconcile/suggest/entity?prefix=UN", "/feed.atom", "/sitemap.xml",
    "/dataset.ttl", "/dump.nq.gz", "/dump.ttl.gz", "/metrics",
)  # fmt: skip
"""Every part of the server, asked once: what it keeps for them is no growth."""


def warm(address: str) -> None:
    """Have the server load what it keeps for ordinary requests."""
    with httpx.Client(base_url=address, timeout=120) as client:
        for path in ORDINARY:
            client.get(path)
        client.post("/reconcile", data={"queries": '{"q": {"query": "Unted Natons"}}'})
    time.sleep(2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--slow", type=int, default=600)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    cases = hostile.cases(options.seed, options.count, options.slow)
    lock, answers, wrong = threading.Lock(), Counter[tuple[str, int]](), []
    lines: list[str] = []
    memory: list[int] = []

    with running(options.store, *LIMITS) as address:
        warm(address)
        before = memory_of(address)

        def work() -> None:
            with httpx.Client(base_url=address, timeout=60) as client:
                while True:
                    with lock:
                        case = next(cases, None)
                    if case is None:
                        return
                    status, text = hostile.send(client, case)
                    with lock:
                        answers[case.kind, status] += 1
                        told = {"kind": case.kind, "method": case.method, "target": case.target[:200]}
                        told |= {"body": case.body[:200].decode("latin-1"), "status": status, "answer": text}
                        if len(lines) % (options.count // 10) == 0:
                            memory.append(memory_of(address) >> 20)
                        lines.append(json.dumps(told, ensure_ascii=False))
                        if not hostile.acceptable(status, text):
                            wrong.append(told)

        begun = time.perf_counter()
        threads = [threading.Thread(target=work) for _ in range(options.clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - begun
        time.sleep(2)
        after = memory_of(address)
        alive = httpx.get(f"{address}/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200
    if options.output:
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for (kind, status), number in sorted(answers.items()):
        print(f"{kind:15} {status} {number:6}")
    print(f"{sum(answers.values())} requests, {took:.0f} s, not meant: {len(wrong)}, answers at the end: {alive}")
    print(f"memory of all processes in MiB: {before >> 20} before; {', '.join(map(str, memory))}; {after >> 20} after")
    for told in wrong[:20]:
        print(told)
    return 0 if alive and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
