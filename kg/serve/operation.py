"""What who runs the server needs: liveness, readiness, metrics."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg import __version__
from kg.serve.site import site_of


async def health(request: Request) -> Response:
    """Whether the process answers at all."""
    return JSONResponse({"status": "ok", "version": __version__}, headers={"Cache-Control": "no-store"})


async def ready(request: Request) -> Response:
    """Whether questions are answered: the graph is open, and there is a process to ask."""
    site = site_of(request)
    up = site.ready and site.pool.alive
    told = {"status": "ready" if up else "not ready"}
    if up:
        told |= {"graph": site.current.version, "since": site.current.modified.isoformat()}
    if site.problem:
        told["problem"] = site.problem
    return JSONResponse(told, 200 if up else 503, headers={"Cache-Control": "no-store"})


routes: Final = [Route("/health", health), Route("/ready", ready)]
"""What this module answers."""
