"""The server as the image runs it: without rights, on a file system that cannot be written but for ``/tmp``."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.serve.conftest import SELECT
from tests.serve.running import free_port

DOCKERFILE = Path(__file__).parents[2] / "deploy" / "Dockerfile"
USER = "10001"
NO_RIGHTS = ("setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--clear-groups")
INSIDE = """
set -e
mount --make-rprivate /
mount --bind "$1" /mnt
mount -o remount,bind,ro /mnt
mount -t tmpfs -o size=64m,mode=1777 tmpfs /tmp
mount -o remount,bind,ro /
cd /
shift
exec "$@"
"""


def entry() -> list[str]:
    """The command of the image."""
    found = re.search(r"^CMD (\[\"kg\".*\])", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    command: list[str] = json.loads(found[1])
    return command


def namespace(folder: Path) -> list[str]:
    """What puts a command into a file system that cannot be written, the store in ``/mnt``, without rights."""
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        pytest.skip("unshare and setpriv (util-linux) are not here")
    inside = ["unshare", "--mount", "bash", "-c", INSIDE, "bash", str(folder)]
    user = ["--reuid", USER, "--regid", USER]
    # A second time, as the first program is still opened with the rights that are given up.
    twice = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import kg.cli'], check=True)"
    if subprocess.run([*NO_RIGHTS, *user, sys.executable, "-c", twice], capture_output=True, check=False).returncode:
        # This interpreter is in somebody's home: root without its rights is no more than anybody else.
        user = []
    done = subprocess.run([*inside, *NO_RIGHTS, *user, "true"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no namespace of one's own may be made here: {done.stderr.strip()}")
    return [*inside, *NO_RIGHTS, *user]


def test_it_needs_no_rights_and_writes_nowhere_but_in_tmp(small: Path) -> None:
    before = sorted(path.name for path in small.parent.iterdir())
    port = free_port()
    kg, *options = entry()
    assert kg == "kg"
    options[options.index("--port") + 1] = str(port)
    options[options.index("--host") + 1] = "127.0.0.1"
    command = [*namespace(small), sys.executable, "-c", "import kg.cli; kg.cli.main()", *options]
    environment = {**os.environ, "KG_STORE": "/mnt", "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nowhere"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                assert httpx.get(f"{address}/ready").status_code == 200
                break
            except httpx.TransportError:
                assert server.poll() is None and time.monotonic() < deadline, server.communicate()
                time.sleep(0.1)
        answer = httpx.get(f"{address}/sparql", params={"query": SELECT}).json()
        assert len(answer["results"]["bindings"]) == 2
        for path in ("/dump.nq.gz", "/sitemap.xml", "/dataset.ttl", "/feed.atom", "/en/", "/metrics"):
            assert httpx.get(f"{address}{path}", timeout=30).status_code == 200, path
        assert httpx.post(f"{address}/graph-store", content="").status_code == 403
    finally:
        server.send_signal(signal.SIGTERM)
        told, complained = server.communicate(timeout=60)
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"/ready", "/sparql"} <= {line["path"] for line in lines}
    assert "Traceback" not in complained
    assert sorted(path.name for path in small.parent.iterdir()) == before
