"""What there is to take away: VoID and DCAT descriptions with counts, and the dumps that they point to."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kg import iris
from kg.errors import KgError
from kg.serve.describe import A, node, serialize
from kg.serve.negotiate import accepted, media_type
from kg.serve.processes import Busy
from kg.serve.replies import etag, has, told
from kg.serve.site import Site, Snapshot, site_of
from kg.serve.sparql import headers_of

DATASET: Final = iris.BASE + "dataset"
"""The IRI of all the data."""

DUMPS: Final = {
    "dump.nq.gz": ("N_QUADS", "application/n-quads", "all graphs, each article's account among them, as N-Quads"),
    "dump.ttl.gz": ("TURTLE", "text/turtle", "the merged graph, what is held to be true, in Turtle"),
}
"""The dumps: the engine's format, its media type, and what is in it."""

_SUFFIXES: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}
_TITLE: Final = {
    "en": "The presence of international organisations",
    "ru": "Присутствие международных организаций",
    "kk": "Халықаралық ұйымдардың қатысуы",
}
_COUNTS: Final = {
    "void:distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "void:distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "void:entities": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ?c FILTER (STRSTARTS(STR(?s), '{iris.ID_PREFIX}')) }}",
    "void:documents": "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?g a io:Article } }",
    "links": "SELECT (COUNT(*) AS ?n) { ?s owl:sameAs ?o FILTER (STRSTARTS(STR(?o), 'http://www.wikidata.org/')) }",
}
_CLASSES: Final = "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c"
_PROPERTIES: Final = "SELECT ?c (COUNT(*) AS ?n) { ?s ?c ?o } GROUP BY ?c ORDER BY ?c"
_WAIT: Final = 10.0
"""Seconds that a request waits for the counts; one of millions of facts is described without, until they are there."""


@dataclass(slots=True)
class _Counts:
    """What a version of the graph holds; what took too long to count is not there.

    Attributes:
        totals: numbers by property of VoID, and ``links`` to Wikidata.
        classes: each class and how many things are of it.
        properties: each property and how many statements have it.
    """

    totals: dict[str, int] = field(default_factory=dict)
    classes: list[tuple[str, int]] = field(default_factory=list)
    properties: list[tuple[str, int]] = field(default_factory=list)


async def dataset(request: Request) -> Response:
    """The description of the dataset, or the way to it."""
    site = site_of(request)
    suffix = request.path_params.get("suffix", "")
    if not suffix:
        kind = media_type(accepted(request), _SUFFIXES.values()) or "text/turtle"
        suffix = next(s for s, offered in _SUFFIXES.items() if offered == kind)
        return RedirectResponse(f"{request.base_url}dataset.{suffix}", 303, headers={"Vary": "Accept"})
    if suffix not in _SUFFIXES:
        return told(f"there is dataset.{', dataset.'.join(_SUFFIXES)}", 404)
    with site.using() as current:
        tag = etag(current.version, "dataset", suffix, str(request.base_url))
        headers = headers_of(site, current, tag)
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        try:
            counts = await _counted(site, current)
        except Busy as error:
            return told(str(error), 503, {"Retry-After": "5"})
        if counts is None:
            headers = {**headers, "Cache-Control": "no-store"}
            del headers["ETag"]
        kind = _SUFFIXES[suffix]
        triples = list(_description(str(request.base_url), current, counts or _Counts()))
        return Response(serialize(triples, kind), media_type=kind, headers=headers)


async def _counted(site: Site, current: Snapshot) -> _Counts | None:
    """The counts, made once for each version; ``None`` while they are being made.

    Raises:
        Busy: if too much else is asked; they are tried again.
    """
    assert current.cache is not None
    task: asyncio.Task[_Counts] | None = current.cache.get("counts")
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = current.cache["counts"] = asyncio.get_running_loop().create_task(_count(site, current))
    done, _ = await asyncio.wait({task}, timeout=_WAIT)
    return task.result() if done else None


async def _count(site: Site, current: Snapshot) -> _Counts:
    async def rows(query: str) -> list[dict[str, Any]]:
        try:
            return await site.rows(current, query)
        except Busy:
            raise
        except KgError:
            # It takes more time or memory than it may, and would again.
            return []

    counts = _Counts()
    with site.held(current):
        for found, total, query in (
            (counts.classes, "void:classes", _CLASSES),
            (counts.properties, "void:properties", _PROPERTIES),
        ):
            found += [(row["c"]["value"], int(row["n"]["value"])) for row in await rows(query)]
            if found:
                counts.totals[total] = len(found)
        if counts.properties:
            counts.totals["void:triples"] = sum(number for _, number in counts.properties)
        for name, query in _COUNTS.items():
            for row in await rows(query):
                counts.totals[name] = int(row["n"]["value"])
    return counts


def _description(base: str, current: Snapshot, counts: _Counts) -> Iterator[ox.Triple]:
    me = ox.NamedNode(DATASET)

    def say(subject: Any, name: str, value: Any) -> ox.Triple:
        return ox.Triple(subject, node(name), value)

    def number(value: int) -> ox.Literal:
        return ox.Literal(str(value), datatype=node("xsd:integer"))

    yield say(me, "rdf:type", node("void:Dataset"))
    yield say(me, "rdf:type", node("dcat:Dataset"))
    for lang, title in _TITLE.items():
        yield say(me, "dcterms:title", ox.Literal(title, language=lang))
    yield say(me, "dcterms:hasVersion", ox.Literal(current.version))
    modified = ox.Literal(current.modified.isoformat(), datatype=node("xsd:dateTime"))
    yield say(me, "dcterms:modified", modified)
    for lang in ("kk", "ru", "en"):
        yield say(me, "dcterms:language", ox.Literal(lang))
    yield say(me, "foaf:homepage", ox.NamedNode(base))
    yield say(me, "void:uriSpace", ox.Literal(iris.ID_PREFIX))
    for vocabulary in (
        iris.IO,
        iris.PREFIXES["org"],
        iris.PREFIXES["prov"],
        iris.PREFIXES["skos"],
        iris.PREFIXES["oa"],
    ):
        yield say(me, "void:vocabulary", ox.NamedNode(vocabulary))
    yield say(me, "void:exampleResource", ox.NamedNode(iris.entity("city/almaty")))
    yield say(me, "void:sparqlEndpoint", ox.NamedNode(f"{base}sparql"))
    service = ox.NamedNode(f"{base}sparql")
    yield say(service, "rdf:type", node("dcat:DataService"))
    yield say(service, "dcat:endpointURL", service)
    yield say(service, "dcat:servesDataset", me)
    for name, (_, kind, what) in DUMPS.items():
        address = ox.NamedNode(f"{base}{name}")
        yield say(me, "void:dataDump", address)
        part = ox.NamedNode(f"{DATASET}#{name}")
        yield say(me, "dcat:distribution", part)
        yield say(part, "rdf:type", node("dcat:Distribution"))
        yield say(part, "dcterms:title", ox.Literal(what, language="en"))
        yield say(part, "dcat:downloadURL", address)
        media = "https://www.iana.org/assignments/media-types/"
        yield say(part, "dcat:mediaType", ox.NamedNode(media + kind))
        yield say(part, "dcat:compressFormat", ox.NamedNode(media + "application/gzip"))
    totals = dict(counts.totals)
    linked = totals.pop("links", None)
    for name, total in totals.items():
        yield say(me, name, number(total))
    for rows, link, what, many in (
        (counts.classes, "void:classPartition", "void:class", "void:entities"),
        (counts.properties, "void:propertyPartition", "void:property", "void:triples"),
    ):
        for place, (iri, found) in enumerate(rows):
            part = ox.NamedNode(f"{DATASET}#{what.removeprefix('void:')}-{place}")
            yield say(me, link, part)
            yield say(part, what, ox.NamedNode(iri))
            yield say(part, many, number(found))
    links = ox.NamedNode(f"{DATASET}#wikidata")
    yield say(me, "void:subset", links)
    yield ox.Triple(links, A, node("void:Linkset"))
    yield say(links, "void:subjectsTarget", me)
    yield say(links, "void:objectsTarget", ox.NamedNode("http://www.wikidata.org/entity/Q2013"))
    yield say(links, "void:linkPredicate", node("owl:sameAs"))
    if linked is not None:
        yield say(links, "void:triples", number(linked))


async def dump(request: Request) -> Response:
    """A dump of the graph as it is now, made once for each version."""
    site = site_of(request)
    name = request.url.path.rpartition("/")[2]
    with ExitStack() as held:
        current = held.enter_context(site.using())
        tag = etag(current.version, name)
        headers = headers_of(site, current, tag)
        headers.pop("X-SPARQL-MaxRows")
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        assert current.cache is not None
        lock = current.cache.setdefault(name, asyncio.Lock())
        # In the folder of the snapshot: it goes when that goes.
        path = current.folder / name
        async with lock:
            try:
                if not path.exists():
                    await asyncio.to_thread(_write, current, name, path)
            except KgError as error:
                return told(str(error), 507)
        return _Dump(path, held.pop_all(), media_type="application/gzip", headers=headers, filename=name)


class _Dump(FileResponse):
    """A file of a snapshot, which stays until the file is sent, whatever is built meanwhile."""

    def __init__(self, path: Path, held: ExitStack, **options: Any) -> None:
        super().__init__(path, **options)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


def _write(current: Snapshot, name: str, path: Path) -> None:
    from kg.store import EmbeddedStore

    store = current.graph.store
    assert isinstance(store, EmbeddedStore)
    form = getattr(ox.RdfFormat, DUMPS[name][0])
    # The engine writes to files that it can sync, not into pipes.
    plain, part = path.with_name(f"{name}.plain"), path.with_name(f"{name}.part")
    try:
        if form.supports_datasets:
            store.engine.dump(str(plain), format=form)
        else:
            merged = ox.NamedNode(iris.GRAPH_MERGED)
            store.engine.dump(str(plain), format=form, from_graph=merged, prefixes=iris.PREFIXES)
        # No time and no name inside: the same version gives the same bytes.
        with (
            plain.open("rb") as source,
            part.open("wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0, compresslevel=6) as packed,
        ):
            shutil.copyfileobj(source, packed, 1 << 20)
        part.rename(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise KgError(f"the dump cannot be written: {error}", remedy="give TMPDIR more room") from error
    finally:
        plain.unlink(missing_ok=True)


async def well_known(request: Request) -> Response:
    """Where VoID has it (section 7.2)."""
    return RedirectResponse(f"{request.base_url}dataset", 303)


routes: Final = [
    Route("/dataset", dataset),
    Route("/dataset.{suffix}", dataset),
    Route("/.well-known/void", well_known),
    *(Route(f"/{name}", dump) for name in DUMPS),
]
"""What this module answers."""
