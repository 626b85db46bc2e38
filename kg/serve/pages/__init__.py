"""The pages over HTTP, each language at its own addresses, ``/en/…``; what they show is made in :mod:`kg.pages`."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kg import iris
from kg.serve.pages import answers, files, views

__all__ = ["entity_page", "query_page", "register"]

_ROUTES: Final = (*files.routes, *answers.routes, *views.routes)


def register(app: FastAPI) -> None:
    """Add the pages to the application."""
    app.router.routes.extend(_ROUTES)


async def entity_page(request: Request, iri: str, lang: str) -> Response | None:
    """The page of what an IRI of ours names; ``None`` if it is no entity, fact or article of the graph."""
    if iri.startswith(iris.ID_PREFIX):
        path = iri[len(iris.ID_PREFIX) :]
    elif iri.startswith(iris.ARTICLE_PREFIX):
        path = f"article/{iri[len(iris.ARTICLE_PREFIX) :]}"
    else:
        return None
    answer = await run_in_threadpool(views.thing, request, lang, path)
    return answer if answer.status_code == 200 else None


async def query_page(request: Request) -> Response | None:
    """The page to write queries on."""
    from kg.serve.negotiate import language

    return await run_in_threadpool(views.sparql, request, language(request))
