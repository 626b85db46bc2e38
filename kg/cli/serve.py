"""The command ``serve``."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import click

from kg import iris
from kg.cli.common import is_address, store_option, tell
from kg.cli.graph import opened
from kg.errors import KgError, UsageError

_MIB = 1024**2
_TOKEN = 16


@click.command(epilog="Example: `kg serve --port 8080`, then `curl 'http://127.0.0.1:8080/sparql?query=ASK{?s+?p+?o}'`")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds for a query.")
@click.option("--workers", type=click.IntRange(1), default=4, show_default=True, help="Queries that run at once.")
@click.option("--rows", type=click.IntRange(1), default=100_000, show_default=True, help="Rows of an answer, at most.")
@click.option("--size", type=click.IntRange(1), default=64, show_default=True, help="MiB of an answer, at most.")
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="MiB for a query, at most.")
@click.option(
    "--per-address", type=click.IntRange(1), default=8, show_default=True, help="Queries at once from one address."
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    help="File with the token of who may change the graph; nobody else.",
)
@click.option("--access-log", metavar="FILE", default="", help="A line of JSON for each request; - is standard output.")
@store_option
def serve(
    host: str,
    port: int,
    timeout: float,
    workers: int,
    rows: int,
    size: int,
    memory: int,
    per_address: int,
    token_file: Path | None,
    access_log: str,
    store: str,
) -> None:
    """Serve the graph over HTTP: pages for people, SPARQL, linked data, reconciliation.

    /sparql speaks the SPARQL 1.1 Protocol; every address of the graph leads to a document; /reconcile finds entities by
    names (OpenRefine), /mcp serves agents, /dump.nq.gz has all. /health says that it is up, /ready that it answers,
    /metrics what goes on. Queries run on a copy of the graph, each in a process that is killed when its time or its
    memory is up; SERVICE is refused. What another command builds meanwhile is there within seconds. With --token-file,
    updates and /graph-store take changes from who shows the token.
    """
    try:
        import uvicorn

        from kg.serve import memory as heap
        from kg.serve import slices
        from kg.serve.app import create_app
        from kg.serve.metrics import log_file
        from kg.serve.site import Settings
    except ImportError:
        raise UsageError("the web server is not installed", remedy='pip install "presence-kg[serve]"') from None
    if is_address(store):
        raise UsageError("a remote store answers by itself", remedy=f"ask {store}")
    look(store)
    settings = Settings(
        Path(store), timeout, workers, rows, size * _MIB, memory * _MIB, per_address, token=_token(token_file)
    )
    try:
        log = log_file(access_log)
    except OSError as error:
        raise UsageError(f"the log cannot be written: {error.strerror}", where=access_log) from None
    # The server raises its signals again when it has ended: SIGTERM must not keep us from clearing up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    slices.take(slices.SERVER)
    heap.share(2)
    with listening(host, port) as there, suppress(KeyboardInterrupt):
        port = there.getsockname()[1]
        tell("note", f"http://{host}:{port}/ for people, http://{host}:{port}/sparql for programs")
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings, log),
                log_level="warning",
                access_log=False,
                server_header=False,
                # Longer than proxies keep theirs (nginx: 60 s): none shall send into a connection that is being closed.
                timeout_keep_alive=75,
                timeout_graceful_shutdown=int(timeout) + 1,
            )
        )
        server.run(sockets=[there])
        if not server.started:
            sys.exit(1)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: a name or an address of this machine.
        port: 0 for any that is free.

    Raises:
        UsageError: if it cannot be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(
            f"cannot listen there: {error.strerror}", where=f"{host}:{port}", remedy="choose another --port or --host"
        ) from None


def _token(path: Path | None) -> str:
    """The token in a file.

    Raises:
        UsageError: if there is none, or one that can be guessed.
    """
    if path is None:
        return ""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"the token cannot be read: {told}", where=str(path)) from None
    if len(token) < _TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(
            f"the token must have at least {_TOKEN} letters and digits",
            where=str(path),
            remedy="openssl rand -hex 32 > FILE",
        )
    return token


def look(store: str) -> None:
    """Check that the graph is there and has the addresses that we serve, before anything listens.

    Raises:
        KgError: if not.
    """
    import pyoxigraph as ox

    with opened(store) as graph:
        if next(iter(graph.store.match(None, None, None, ox.NamedNode(iris.GRAPH_MERGED))), None) is None:
            raise KgError(
                f"this graph has no addresses under {iris.BASE}",
                where=store,
                remedy="set KG_BASE_IRI as it was when the graph was built",
            )
