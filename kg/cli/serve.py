"""The command ``serve``."""

from __future__ import annotations

import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.common import is_address, store_option, tell
from kg.cli.graph import opened
from kg.errors import UsageError
from kg.store import EmbeddedStore

if TYPE_CHECKING:
    from kg.build import KnowledgeGraph


def copy_of(graph: KnowledgeGraph, folder: Path) -> None:
    """Copy the embedded store of a graph into a new folder; it shares files with the original where it can."""
    store = graph.store
    assert isinstance(store, EmbeddedStore)
    store.engine.backup(str(folder))


@click.command(epilog="Example: `kg serve --port 8080`, then `curl 'http://127.0.0.1:8080/sparql?query=ASK{?s+?p+?o}'`")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds for a query.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Queries that run at once.")
@store_option
def serve(host: str, port: int, timeout: float, workers: int, store: str) -> None:
    """Answer SPARQL queries over HTTP.

    /sparql speaks the SPARQL 1.1 Protocol (queries only), /health says that it is up. Queries run on a copy of the
    graph as it was at the start, each in a process that is killed when its time is up; SERVICE is refused.
    """
    try:
        import uvicorn

        from kg.serve import create_app
    except ImportError:
        raise UsageError("the web server is not installed", remedy='pip install "presence-kg[serve]"') from None
    if is_address(store):
        raise UsageError("a remote store answers by itself", remedy=f"ask {store}")
    with tempfile.TemporaryDirectory(prefix="kg-serve-") as folder:
        snapshot = Path(folder) / "snapshot"
        with opened(store) as graph:
            copy_of(graph, snapshot)
        # The server raises its signals again when it has ended: SIGTERM must not keep us from clearing up.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        tell("note", f"http://{host}:{port}/sparql")
        app = create_app(snapshot, timeout=timeout, workers=workers)
        with suppress(KeyboardInterrupt):
            uvicorn.run(app, host=host, port=port, log_level="warning")
