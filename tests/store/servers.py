"""Real SPARQL servers for the tests, on free ports of the loopback."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

_INI = (
    Path("/etc/virtuoso-opensource-7/virtuoso.ini"),
    Path("/etc/virtuoso-opensource-7.2/virtuoso.ini"),
    Path("/usr/local/virtuoso-opensource/var/lib/virtuoso/db/virtuoso.ini"),
)
_LOCAL = {**os.environ, "no_proxy": "127.0.0.1"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _running(command: list[str], folder: Path, address: str, seconds: int) -> Iterator[str]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=_LOCAL)
    try:
        end = time.monotonic() + seconds
        while True:
            try:
                with urlopen(f"{address}?query=ASK%20%7B%7D", timeout=5):
                    break
            except (URLError, OSError):
                assert process.poll() is None, (folder / "log").read_text(errors="replace")
                assert time.monotonic() < end, "the server does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[str]:
    """The address of an Oxigraph server, with what *folder* holds of it."""
    beside = Path(sys.executable).parent / "oxigraph"
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if program is None:
        pytest.skip("there is no program oxigraph: install presence-kg[test]")
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "serve", "-l", str(folder / "data"), "-b", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}/query", 30) as address:
        yield address


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """The address of a Virtuoso server with an empty database in *folder*; user and password are ``dba``."""
    program = shutil.which("virtuoso-t")
    ini = next((path for path in _INI if path.exists()), None)
    if program is None or ini is None:
        pytest.skip("there is no program virtuoso-t: apt-get install virtuoso-opensource-7")
    folder.mkdir(parents=True, exist_ok=True)
    settings = configparser.ConfigParser(strict=False, inline_comment_prefixes=(";", "\t;"))
    settings.optionxform = str  # type: ignore[assignment,method-assign]
    settings.read(ini)
    for section in settings.sections():
        for name, value in settings.items(section):
            if value.startswith("/var/lib/"):
                settings[section][name] = str(folder / Path(value).name)
    (folder / "vsp").mkdir(exist_ok=True)
    port = free_port()
    settings["Parameters"]["ServerPort"] = f"127.0.0.1:{free_port()}"
    settings["HTTPServer"]["ServerPort"] = f"127.0.0.1:{port}"
    settings["HTTPServer"]["ServerThreads"] = "4"
    settings["Parameters"]["NumberOfBuffers"] = "4000"
    settings["Parameters"]["MaxDirtyBuffers"] = "2500"
    settings["Parameters"]["DirsAllowed"] = str(folder)
    settings["Database"]["FileExtend"] = "50"
    settings["Plugins"] = {}
    # It refuses questions that it takes to last long, and is often wrong about that.
    settings["SPARQL"]["MaxQueryCostEstimationTime"] = "0"
    with (folder / "virtuoso.ini").open("w") as out:
        settings.write(out)
    command = [program, "-f", "-c", str(folder / "virtuoso.ini")]
    with _running(command, folder, f"http://127.0.0.1:{port}/sparql", 120) as address:
        yield address


class Proxy:
    """A proxy before a server that cuts the line at a moment of the n-th update, and then for good if it is told to.

    Attributes:
        port: where it listens.
        updates: how many updates have begun.
    """

    MOMENTS = ("before the request", "in the request", "before the answer", "in the answer")

    def __init__(self, server: int, update: str) -> None:
        self._server, self._update = server, f"POST {update}".encode()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._moment, self._at, self._for_good = "", -1, False
        self._down = False
        self.updates = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self, moment: str, at: int, *, for_good: bool) -> None:
        """Cut the line at *moment* of the update with the number *at* from now on, 0 for the next one."""
        self._moment, self._at, self._for_good = moment, at, for_good
        self._down, self.updates = False, 0

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line: socket.socket) -> None:
        with line:
            if self._down:
                return
            request = _request(line)
            moment = ""
            # A request without credentials is only asked for them.
            if request.startswith(self._update) and (b"-auth" not in self._update or b"\nAuthorization:" in request):
                moment = self._moment if self.updates == self._at else ""
                self.updates += 1
            if moment:
                self._down = self._for_good
            if moment == "before the request":
                return
            with socket.create_connection(("127.0.0.1", self._server)) as server:
                if moment == "in the request":
                    server.sendall(request[: len(request) - 20])
                    return
                server.sendall(request)
                answer = b"".join(iter(lambda: server.recv(1 << 16), b""))
            if moment == "before the answer":
                return
            line.sendall(answer[:30] if moment else answer)


def _request(line: socket.socket) -> bytes:
    """A request, head and body; the line is to be closed after the answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = line.recv(1 << 16)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += line.recv(1 << 16)
    return head + b"\r\n\r\n" + body
