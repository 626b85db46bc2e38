"""Linked data: every IRI of the data, the ontology and the vocabularies leads to a document about what it names.

The IRI itself answers 303 with the document in the form that the reader prefers (Cool URIs for the Semantic Web,
section 4.2); the document stands under the same path with a suffix: ``/id/city/almaty.ttl``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import iris
from kg.serve import entity, hooks, plain
from kg.serve.describe import PREFIXES, node
from kg.serve.negotiate import accepted, language, media_type
from kg.serve.replies import etag, has, told
from kg.serve.site import Site, Snapshot, site_of
from kg.serve.sparql import headers_of

FORMS: Final = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""The suffixes of documents and their media types, the preferred first."""

_ENGINE: Final = {"ttl": "TURTLE", "jsonld": "JSON_LD", "nt": "N_TRIPLES", "rdf": "RDF_XML"}
_HEADER: Final = 'rel="alternate"; type="{}"'


async def dereference(request: Request) -> Response:
    """Answer for an IRI, or for a document about it."""
    site = site_of(request)
    path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii", "replace").partition("?")[0]
    path = path.removeprefix(request.scope.get("root_path", "")).lstrip("/")
    if not path:
        return RedirectResponse(f"{request.base_url}dataset", 303)
    with site.using() as current:
        try:
            found = await asyncio.to_thread(_find, current, path)
        except ValueError:
            found = None
        if found is None:
            return told(f"nothing is known of {iris.BASE}{path}", 404)
        path, suffix = found
        if suffix:
            return await _document(request, site, current, path, suffix)
        kind = media_type(accepted(request), FORMS.values())
        if not kind:
            return told(f"there are documents in {', '.join(FORMS.values())}", 406, {"Vary": "Accept"})
        suffix = next(s for s, offered in FORMS.items() if offered == kind)
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {"Vary": "Accept", "Link": _links(request, path), "Cache-Control": "public, max-age=300"}
        return RedirectResponse(f"{request.base_url}{path}.{suffix}{query}", 303, headers=headers)


def _find(current: Snapshot, path: str) -> tuple[str, str] | None:
    """The path of what is named, and the suffix of the document that is asked for."""
    if entity.exists(current.graph, iris.BASE + path):
        return path, ""
    bare, _, suffix = path.rpartition(".")
    if suffix in FORMS and entity.exists(current.graph, iris.BASE + bare):
        return bare, suffix
    # A version of the ontology is described by the ontology.
    versioned = current.graph.store.match(None, node("owl:versionIRI"), ox.NamedNode(iris.BASE + path), entity.ONTOLOGY)
    for quad in versioned:
        if isinstance(quad.subject, ox.NamedNode):
            return quad.subject.value.removeprefix(iris.BASE), ""
    return None


async def _document(request: Request, site: Site, current: Snapshot, path: str, suffix: str) -> Response:
    iri = iris.BASE + path
    lang = language(request)
    tag = etag(current.version, iri, suffix, lang if suffix == "html" else "", str(request.base_url))
    headers = headers_of(site, current, tag)
    headers["Link"] = _links(request, path, iri)
    if suffix == "html":
        headers["Vary"] = "Accept-Language, Cookie"
        headers["Content-Language"] = lang
        page = await hooks.entity_page(request, iri, lang)
        if page is not None:
            for name in ("Link", "Content-Language"):
                page.headers.setdefault(name, headers[name])
            page.headers["Vary"] = headers["Vary"]
            return await asyncio.to_thread(_with_data, page, current, iri, str(request.base_url))
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(render, current, iri, suffix, str(request.base_url), lang)
    return Response(content, media_type=FORMS[suffix], headers=headers)


def render(current: Snapshot, iri: str, suffix: str, base: str, lang: str) -> bytes:
    """A document about what an IRI names.

    Args:
        current: the graph.
        iri: what it is about.
        suffix: a key of :data:`FORMS`.
        base: the address of the server, with a slash at its end.
        lang: the language of labels, for ``html``.
    """
    quads = entity.about(current.graph, iri)
    if suffix == "html":
        data = _data(quads, iri, base)
        return plain.page(current.graph, iri, quads, lang, base, data).encode()
    return serialize(quads, iri, base, suffix)


def _data(quads: Iterable[ox.Quad], iri: str, base: str) -> str:
    """What a page says about its thing, as JSON-LD; of what else is said about it the documents have more."""
    own = [q for q in quads if isinstance(q.subject, ox.NamedNode) and q.subject.value.partition("#")[0] == iri]
    return serialize(own, iri, base, "jsonld").decode()


def _with_data(page: Response, current: Snapshot, iri: str, base: str) -> Response:
    """A page with what machines look for in its head: the other forms, and the thing as JSON-LD."""
    content = bytes(page.body)
    if b"application/ld+json" in content or b"</head>" not in content:
        return page
    address = base + iri.removeprefix(iris.BASE)
    found = [
        f'<link rel="alternate" type="{kind}" href="{escape(f"{address}.{suffix}")}">'
        for suffix, kind in FORMS.items()
        if suffix != "html"
    ]
    data = plain.harmless(_data(entity.about(current.graph, iri), iri, base))
    found.append(f'<script type="application/ld+json">{data}</script>')
    page.body = content.replace(b"</head>", "".join(found).encode() + b"</head>", 1)
    page.headers["Content-Length"] = str(len(page.body))
    return page


def serialize(quads: Iterable[ox.Quad], iri: str, base: str, suffix: str) -> bytes:
    """Statements as RDF, with a word about the document that they stand in."""
    document = ox.NamedNode(f"{base}{iri.removeprefix(iris.BASE)}.{suffix}")
    triples = dict.fromkeys(quad.triple for quad in quads)
    for property_, value in (
        ("rdf:type", node("foaf:Document")),
        ("foaf:primaryTopic", ox.NamedNode(iri)),
        ("void:inDataset", ox.NamedNode(f"{iris.BASE}dataset")),
    ):
        triples[ox.Triple(document, node(property_), value)] = None
    form = getattr(ox.RdfFormat, _ENGINE[suffix])
    used = PREFIXES if suffix in ("ttl", "jsonld") else None
    return ox.serialize(triples, format=form, prefixes=used) or b""


def _links(request: Request, path: str, iri: str = "") -> str:
    """The header ``Link`` (RFC 8288): the other forms, and what the document describes."""
    found = [f"<{request.base_url}{path}.{suffix}>; {_HEADER.format(kind)}" for suffix, kind in FORMS.items()]
    if iri:
        found.append(f'<{iri}>; rel="describes"')
    return ", ".join(found)


routes: Final = [Route("/{path:path}", dereference)]
"""What this module answers: whatever nobody else does."""
