"""Requests that nobody means well with leave the server answering, with its memory and its processes."""

from __future__ import annotations

import socket
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serve import hostile
from tests.serve.conftest import SELECT
from tests.serve.running import running

RAW = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a header too long": b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "length and chunks": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a broken chunk": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a line in a header": b"GET /sparql HTTP/1.1\r\nHost: x\r\nA: b\r\n c\nD: e\r\n\r\n",
    "a path out of the house": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "bytes in the target": b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "a body that does not come": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nquery=",
}


@pytest.mark.parametrize("seed", [1])
def test_hostile_requests(small: Path, seed: int) -> None:
    options = ("--timeout", "0.5", "--memory", "256", "--workers", "2")
    with running(small, *options) as address, httpx.Client(base_url=address, timeout=30) as client:
        wrong = []
        kinds: Counter[str] = Counter()
        for case in hostile.cases(seed, 540, slow=30):
            status, text = hostile.send(client, case)
            kinds[case.kind] += 1
            if not hostile.acceptable(status, text):
                wrong.append((case, status, text))
        assert wrong == []
        assert min(kinds.values()) >= 5
        for name, raw in RAW.items():
            _send(address, raw, name)
        answer = client.get("/sparql", params={"query": SELECT})
        assert answer.status_code == 200
        assert len(answer.json()["results"]["bindings"]) == 2
        assert client.get("/ready").status_code == 200


def _send(address: str, raw: bytes, name: str) -> None:
    where = urlsplit(address)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=1) as connection:
        try:
            connection.sendall(raw)
            answer = connection.recv(100)
        except (TimeoutError, ConnectionError):
            return
        assert not answer or answer.split()[1][:1] in (b"2", b"3", b"4"), (name, answer)
