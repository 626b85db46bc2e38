"""Where the pages for people come in: ``kg.serve.pages``, if it is there.

That package may offer any of

- ``register(app)``: adds its routes and static files to the application;
- ``async entity_page(request, iri, lang) -> Response | None``: the page of what an IRI names; ``None`` leaves it to the
  plain description;
- ``async query_page(request) -> Response | None``: what a browser sees at ``/sparql``.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response


@cache
def pages() -> ModuleType | None:
    """The package of pages, or ``None``."""
    name = "kg.serve.pages"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def register(app: FastAPI) -> None:
    """Let the pages add what they answer."""
    offered = getattr(pages(), "register", None)
    if offered is not None:
        offered(app)


async def entity_page(request: Request, iri: str, lang: str) -> Response | None:
    """The page about what an IRI names, if the pages have one."""
    return await _asked("entity_page", request, iri, lang)


async def query_page(request: Request) -> Response | None:
    """The page to write queries on, if there is one."""
    return await _asked("query_page", request)


async def _asked(name: str, *arguments: Any) -> Response | None:
    offered = getattr(pages(), name, None)
    return await offered(*arguments) if offered is not None else None
