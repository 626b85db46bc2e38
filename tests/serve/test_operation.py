"""What who runs it needs: health, readiness, metrics, the log, a graceful end, files to deploy it with."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from kg.cli import main
from kg.serve import snapshot
from tests.serve.conftest import MERGED, SELECT, serving, store_of
from tests.serve.running import memory_of, running
from tests.serve.test_isolation import SLOW

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/health").json()["status"] == "ok"
    told = client.get("/ready").json()
    assert told["status"] == "ready"
    assert told["graph"] == client.get("/sparql", params={"query": "ASK {}"}).headers["x-graph-version"]


def values(client: TestClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = client.get("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics(small: Path) -> None:
    with serving(small, timeout=3.0) as client:
        before = values(client)
        assert before["kg_ready", ()] == 1
        assert client.get("/sparql", params={"query": SELECT}).status_code == 200
        assert client.get("/sparql", params={"query": SELECT}).status_code == 200
        assert client.get("/sparql", params={"query": SLOW}).status_code == 503
        after = values(client)
    asked = ("kg_requests_total", (("method", "GET"), ("part", "sparql"), ("status", "200")))
    assert after[asked] - before.get(asked, 0) == 2
    assert after["kg_queries_ended_total", (("reason", "time"),)] == 1
    assert after["kg_cache_hits_total", ()] == 1
    assert after["kg_processes_bytes", ()] > 10**7
    timed = ("kg_request_seconds_count", (("method", "GET"), ("part", "sparql")))
    assert after[timed] == 3


def test_strange_paths_make_no_new_labels(client: TestClient) -> None:
    for number in range(20):
        client.get(f"/strange-{number}/{number}")
    parts = {dict(labels).get("part") for (name, labels) in values(client) if name == "kg_requests_total"}
    assert not [part for part in parts if part and "strange" in part]


def test_the_log_has_a_line_of_json_for_each_request(small: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    with running(small, "--access-log", str(log)) as address:
        httpx.get(f"{address}/sparql", params={"query": "ASK {}"}, headers={"X-Request-Id": "abc-1"})
        answer = httpx.get(f"{address}/nothing", headers={"X-Request-Id": 'bad" id', "User-Agent": 'a"b'})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    asked = next(line for line in lines if line["id"] == "abc-1")
    assert (asked["method"], asked["path"], asked["status"]) == ("GET", "/sparql", 200)
    assert asked["address"] == "127.0.0.1"
    assert asked["ms"] > 0
    assert next(line for line in lines if line["path"] == "/nothing")["agent"] == 'a"b'
    # What people ask is theirs.
    assert "ASK" not in log.read_text()


def test_a_query_under_way_is_answered_before_the_end(small: Path) -> None:
    found: list[int] = []
    # Some seconds of work on any machine, then a row.
    work = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . FILTER (STRLEN(CONCAT(STR(?a), STR(?b))) > 3) }"
    with running(small, "--timeout", "30") as address:

        def ask() -> None:
            found.append(httpx.get(f"{address}/sparql", params={"query": work}, timeout=60).status_code)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.5)
        assert not found
    thread.join()
    assert found == [200]


def test_nothing_is_left_when_it_ends(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", "<urn:a> <urn:p> <urn:b> <urn:g> .".replace("urn:g", MERGED))
    with running(store) as address:
        assert memory_of(address) > 0
    assert memory_of(address) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_store_that_cannot_be_written_beside_is_copied(
    small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real, refused = tempfile.mkdtemp, []

    def mkdtemp(*, prefix: str, dir: Path) -> str:
        if dir == small.parent:
            refused.append(dir)
            raise OSError(errno.EROFS, "Read-only file system")
        return real(prefix=prefix, dir=tmp_path)

    def link(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    monkeypatch.setattr(os, "link", link)
    room = snapshot.Room(small)
    assert refused
    first, second = room.folder / "1", room.folder / "2"
    snapshot.take(small, first)
    snapshot.take(small, second, first)
    assert {p.name for p in first.glob("*.sst")} == {p.name for p in small.glob("*.sst")}
    room.close()


@pytest.mark.parametrize(("content", "told"), [("short", "at least 16"), (None, "cannot be read"), ("", "at least 16")])
def test_a_token_that_is_none_is_told(small: Path, tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
    done = CliRunner().invoke(main, ["--store", str(small), "serve", "--token-file", str(path)])
    assert done.exit_code == 2
    assert told in done.stderr


def commands() -> list[list[str]]:
    docker = re.search(r'^CMD \[("kg".*)\]', (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    unit = re.search(r"^ExecStart=(.*)", (DEPLOY / "presence-kg.service").read_text(), re.MULTILINE)
    assert docker
    assert unit
    return [json.loads(f"[{docker[1]}]"), shlex.split(unit[1])]


@pytest.mark.parametrize("command", commands())
def test_the_commands_of_the_files_are_ours(command: list[str]) -> None:
    # With --help nothing starts, but every option must be one that there is.
    done = CliRunner().invoke(main, [*command[1:], "--help"])
    assert done.exit_code == 0
    options = [part for part in command if part.startswith("--")]
    assert all(option in done.stdout for option in options)


def test_the_examples_of_the_documentation(built: Path, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "SERVER.md").read_text(encoding="utf-8")
    commands = [
        command
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        for command in block.replace("\\\n", " ").splitlines()
        if command.startswith("curl ")
    ]
    assert len(commands) >= 3
    shutil.copytree(built, tmp_path / "store")
    (tmp_path / "token").write_text("0123456789abcdef0123456789abcdef\n")
    (tmp_path / "notes.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n")
    with running(tmp_path / "store", "--token-file", str(tmp_path / "token"), "--workers", "2") as address:
        for command in commands:
            here = command.replace("http://127.0.0.1:8080", address).replace("curl ", "curl --fail -sS ", 1)
            done = subprocess.run(["bash", "-c", here], cwd=tmp_path, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), command
            assert done.stdout or "-X PUT" in command, command


def test_a_port_that_is_taken_is_told(built: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["--store", str(built), "serve", "--port", port])
    assert done.exit_code == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


def test_the_unit_is_sound(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd is not here")
    unit = (ROOT / "deploy" / "presence-kg.service").read_text(encoding="utf-8")
    # The program is not installed where the unit has it.
    (tmp_path / "presence-kg.service").write_text(unit.replace("/opt/presence-kg/bin/kg", sys.executable))
    command = [verify, "verify", str(tmp_path / "presence-kg.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "presence-kg.service" not in done.stderr
    assert done.returncode == 0
