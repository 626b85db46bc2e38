"""The service's requests and answers, as the specification has them; OpenRefine sends them as forms."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kg import iris
from kg.serve import entity
from kg.serve.negotiate import language
from kg.serve.reconcile import extend, score
from kg.serve.reconcile.index import TYPES, Index
from kg.serve.reconcile.kept import index_of
from kg.serve.replies import Refused, told
from kg.serve.site import Site, Snapshot, TooMany, address_of, site_of
from kg.serve.sparql import MAX_BODY, body, fields_of

MOST_QUERIES: Final = 200
"""Queries of a batch."""

_LIMIT: Final = 5
_MOST_FOUND: Final = 50
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,63}(?:\.[A-Za-z_$][\w$]{0,63}){0,4}")
_FRAMED: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
_POPULAR: Final = (
    "SELECT ?o (COUNT(*) AS ?n) { ?s io:organization|io:place|org:organization|io:country ?o } GROUP BY ?o"
)


def manifest(request: Request) -> dict[str, Any]:
    """What the service offers (section 3)."""
    base = str(request.base_url)
    address = f"{base}reconcile"
    return {
        "versions": ["0.2"],
        "name": "presence-kg",
        "identifierSpace": iris.ID_PREFIX,
        "schemaSpace": iris.IO,
        "documentation": f"{base}dataset",
        "view": {"url": f"{base}id/{{{{id}}}}"},
        "batchSize": 50,
        "defaultTypes": [{"id": "InternationalOrganization", "name": "International organization"}],
        "preview": {"url": f"{address}/preview?id={{{{id}}}}", "width": 420, "height": 160},
        "suggest": {
            kind: {
                "service_url": address,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": address,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": address, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values at most (0 for all)",
                },
                {
                    "name": "content",
                    "label": "Content",
                    "type": "select",
                    "default": "literal",
                    "help_text": "Values themselves, or how many there are",
                    "choices": [{"value": "literal", "name": "Values"}, {"value": "count", "name": "Count"}],
                },
            ],
        },
    }


async def reconcile(request: Request) -> Response:
    """The manifest, a batch of queries, or a data extension."""
    site = site_of(request)
    try:
        fields = await _fields(request)
        lang = language(request)
        if "queries" in fields or "query" in fields:
            with site.admitted(address_of(request)), site.using() as current:
                found = await _batch(site, current, fields, lang)
            return _json(request, found)
        if "extend" in fields:
            asked = _parsed(fields["extend"], dict, "extend")
            with site.admitted(address_of(request)), site.using() as current:
                return _json(request, await asyncio.to_thread(extend.extend, current, asked, lang))
        return _json(request, manifest(request))
    except Refused as refusal:
        return told(str(refusal), refusal.status, refusal.headers)
    except TooMany:
        return told("too many requests at once from this address", 429, {"Retry-After": "2"})


async def _fields(request: Request) -> dict[str, str]:
    found = fields_of(request.scope["query_string"])
    if request.method == "POST":
        content = await body(request, MAX_BODY)
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            found |= fields_of(content)
        elif content:
            raise Refused("a batch is sent as a form: queries={…}", 415)
    return {name: values[-1] for name, values in found.items()}


def _parsed(text: str, kind: type, what: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(f"{what} is no JSON", 400) from None
    if not isinstance(found, kind):
        raise Refused(f"{what} must be a JSON object", 400)
    return found


async def _batch(site: Site, current: Snapshot, fields: dict[str, str], lang: str) -> dict[str, Any]:
    if "queries" in fields:
        queries = _parsed(fields["queries"], dict, "queries")
    else:
        # One query alone, as the first version of the interface had it.
        text = fields["query"].strip()
        queries = {"": _parsed(text, dict, "query") if text.startswith("{") else {"query": text}}
    if len(queries) > MOST_QUERIES:
        raise Refused(f"a batch has {MOST_QUERIES} queries at most", 413)
    index = await index_of(site, current)
    answers: dict[str, Any] = {}
    for key, query in queries.items():
        # One after the other, each in a thread, so that others are answered in between.
        found = await asyncio.to_thread(_one, current, index, query, lang)
        answers[key] = {"result": found}
    return answers if "queries" in fields else answers[""]


def _one(current: Snapshot, index: Index, query: Any, lang: str) -> list[dict[str, Any]]:
    if not isinstance(query, dict) or not isinstance(query.get("query", ""), str):
        raise Refused("each query is an object with a text as query", 400)
    types = query.get("type") or query.get("types") or []
    types = [types] if isinstance(types, str | dict) else types
    if not isinstance(types, list):
        raise Refused("type is a name or a list of names", 400)
    wanted = [extend.local(str(t.get("id", "")) if isinstance(t, dict) else str(t)) for t in types]
    limit = query.get("limit") or _LIMIT
    if not isinstance(limit, int) or limit < 1:
        raise Refused("limit is a number above 0", 400)
    properties = query.get("properties") or []
    if not isinstance(properties, list) or not all(isinstance(p, dict) and "pid" in p for p in properties):
        raise Refused("properties is a list of objects with pid and v", 400)
    strict = query.get("type_strict") == "should"
    found = index.search(query.get("query", ""), () if strict else wanted, max(limit, 10) * 2)
    return score.candidates(current, found, properties, wanted, lang)[: min(limit, _MOST_FOUND)]


def _json(request: Request, content: Any) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    callback = request.query_params.get("callback", "")
    if not callback:
        return Response(text, media_type="application/json")
    if not _CALLBACK.fullmatch(callback):
        return told("callback is no name of a function", 400)
    # A comment before it, so that the beginning of the answer is not in the hands of who asks.
    return Response(f"/**/{callback}({text});", media_type="application/javascript")


async def suggest(request: Request) -> Response:
    """Entities, types or properties whose names begin with what was typed (section 5)."""
    site, lang = site_of(request), language(request)
    kind = request.path_params["kind"]
    if kind not in ("entity", "type", "property"):
        return told("entity, type or property can be suggested", 404)
    prefix = request.query_params.get("prefix", "")[:200]
    try:
        skip = max(0, int(request.query_params.get("cursor", "0")))
    except ValueError:
        return told("cursor is a number", 400)
    with site.using() as current:
        if kind == "entity":
            index = await index_of(site, current)
            asked = request.query_params.get("type", "")
            types = [extend.local(t) for t in asked.split(",") if t]
            found = await asyncio.to_thread(index.begin, prefix, types, skip + 20)
            result: list[dict[str, Any]] = [
                {
                    "id": extend.short(f.entity.iri),
                    "name": f.entity.label(lang),
                    "description": score.description(current, f.entity.iri, lang),
                    "notable": extend.types_of(current, f.entity.types, lang),
                }
                for f in found[skip:]
            ]
        else:
            known = (
                extend.properties(current, "", lang) if kind == "property" else extend.types_of(current, TYPES, lang)
            )
            folded = prefix.casefold()
            result = [k for k in known if folded in k["name"].casefold() or folded in k["id"].casefold()][
                skip : skip + 20
            ]
    return _json(request, {"result": result})


async def propose(request: Request) -> Response:
    """Properties that entities of a type have (section 6.1)."""
    site, lang = site_of(request), language(request)
    asked = extend.local(request.query_params.get("type", ""))
    try:
        limit = int(request.query_params.get("limit", "100"))
    except ValueError:
        return told("limit is a number", 400)
    with site.using() as current:
        found = await asyncio.to_thread(extend.properties, current, asked, lang)
    return _json(request, {"type": asked, "limit": limit, "properties": found[: max(0, limit)]})


async def preview(request: Request) -> Response:
    """A small page about an entity, to be shown inside another (section 4.1)."""
    site, lang = site_of(request), language(request)
    iri = extend.iri(request.query_params.get("id", ""))
    with site.using() as current:
        if not iri or not await asyncio.to_thread(entity.exists, current.graph, iri):
            return told("there is no such entity", 404)
        content = await asyncio.to_thread(score.card, current, iri, lang, str(request.base_url))
    return HTMLResponse(content, headers={"Content-Security-Policy": _FRAMED, "Content-Language": lang})


async def flyout(request: Request) -> Response:
    """The same small page as JSON, for what was suggested (section 5.4)."""
    site, lang = site_of(request), language(request)
    kind, asked = request.path_params["kind"], request.query_params.get("id", "")
    iri = extend.iri(asked) if kind == "entity" else extend.term(asked)
    with site.using() as current:
        if not iri or not await asyncio.to_thread(entity.exists, current.graph, iri):
            return told("there is no such thing", 404)
        content = await asyncio.to_thread(score.card, current, iri, lang, str(request.base_url))
    return _json(request, {"id": asked, "html": content})


routes: Final = [
    Route("/reconcile", reconcile, methods=["GET", "POST"]),
    Route("/reconcile/suggest/{kind}", suggest),
    Route("/reconcile/flyout/{kind}", flyout),
    Route("/reconcile/properties", propose),
    Route("/reconcile/preview", preview),
]
"""What this module answers."""
