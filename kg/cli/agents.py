"""The command ``mcp``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from kg.cli.common import is_address, store_option
from kg.cli.serve import look
from kg.errors import UsageError


@click.command(
    epilog='Example: `kg mcp`; in the settings of an agent: {"command": "kg", "args": ["--store", "kg-store", "mcp"]}'
)
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds for a query.")
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="MiB for a query, at most.")
@store_option
def mcp(timeout: float, memory: int, store: str) -> None:
    """Offer the graph to an agent on standard input and output (Model Context Protocol).

    Its tools find entities, describe them with quotes, list and ask the ready questions, run read-only SPARQL under the
    bounds of kg serve, and explain the ontology. kg serve offers the same at /mcp.
    """
    try:
        from kg.serve.agents import server_of
        from kg.serve.site import Settings, Site
    except ImportError:
        raise UsageError("the server for agents is not installed", remedy='pip install "presence-kg[mcp]"') from None
    if is_address(store):
        raise UsageError("agents are served from a store on disk", remedy="name a folder with --store")
    look(store)

    async def run() -> None:
        site = Site(Settings(Path(store), timeout, 1, memory=memory * 1024**2))
        await site.start()
        try:
            await server_of(site).run_stdio_async()
        finally:
            await site.close()

    asyncio.run(run())
