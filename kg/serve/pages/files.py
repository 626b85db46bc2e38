"""The files that pages load, and downloads of parts of the graph."""

from __future__ import annotations

import io
import mimetypes
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import assets, iris
from kg.errors import KgError
from kg.export import BUNDLES, FORMATS, export, select
from kg.pages import picture
from kg.pages.entity import exists
from kg.pages.frame import ENTITIES, FACTS, plural_safe
from kg.serve.pages.common import missing
from kg.serve.replies import etag, has
from kg.serve.site import site_of

_LARGE: Final = {"yasgui.js": "text/javascript", "yasgui.css": "text/css"}
_TYPES: Final = {
    "turtle": ("ttl", "text/turtle"), "trig": ("trig", "application/trig"), "nquads": ("nq", "application/n-quads"),
    "jsonld": ("jsonld", "application/ld+json"), "csv": ("zip", "application/zip"),
    "parquet": ("parquet.zip", "application/zip"), "geojson": ("geojson", "application/geo+json"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "kml": ("kml", "application/vnd.google-earth.kml+xml"), "graphml": ("graphml", "application/graphml+xml"),
    "gexf": ("gexf", "application/gexf+xml"), "html": ("network.html", "text/html"), "map": ("map.html", "text/html"),
    "timeline": ("timeline.html", "text/html"),
}  # fmt: skip


@cache
def _asset(name: str) -> tuple[bytes, str, bool] | None:
    """A file: its bytes, its type, whether they are packed; ``None`` if there is none."""
    if name == "vis-network.js":
        return picture.library(), "text/javascript", False
    if name in _LARGE:
        path = assets.FOLDER / f"{name}.gz"
        return (path.read_bytes(), _LARGE[name], True) if path.is_file() else None
    path = assets.FOLDER / name
    if (
        path.suffix not in (".js", ".css", ".json", ".svg", ".txt")
        or path.parent != assets.FOLDER
        or not path.is_file()
    ):
        return None
    return path.read_bytes(), mimetypes.guess_type(name)[0] or "text/plain", False


def asset(request: Request) -> Response:
    """A file that pages load."""
    found = _asset(request.path_params["name"])
    if found is None:
        return Response("there is no such file\n", 404, media_type="text/plain")
    content, kind, packed = found
    tag = etag(content)
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    if packed:
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        else:
            import gzip

            content = gzip.decompress(content)
    return Response(content, media_type=kind, headers=headers)


def download(request: Request) -> Response:
    """What lies around a thing, in a format."""
    lang, form = request.path_params["lang"], request.path_params["form"]
    path = f"{request.path_params['kind']}/{request.path_params['local']}"
    kind, _, local = path.partition("/")
    with site_of(request).using() as current:
        if form not in FORMATS or form not in _TYPES or kind not in (*ENTITIES, *FACTS, "article"):
            return missing(request, current, lang)
        iri = iris.article(local) if kind == "article" else iris.entity(path)
        graph = current.graph
        tag = etag(current.version, iri, form, lang)
        end, media_type = _TYPES[form]
        name = plural_safe(path.replace("/", "-")) + f".{end}"
        headers = {
            "ETag": tag,
            "Cache-Control": "public, max-age=0, must-revalidate",
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        try:
            if kind == "article":
                pattern = f"GRAPH <{iri}> {{ ?account io:reportedIn <{iri}> }} ?fact io:account ?account"
                nodes = {row[0].value for row in select.rows(graph, pattern, "fact")}
            elif exists(graph, iri):
                nodes = select.around(graph, iri)
            else:
                nodes = set()
            if not nodes:
                return missing(request, current, lang)
            content = _exported(list(select.quads_of(graph, nodes, linked=False, whole=True)), form, lang)
        except KgError as error:
            return missing(request, current, lang, str(error), 400)
    return Response(content, media_type=media_type, headers=headers)


def _exported(quads: list[object], form: str, lang: str) -> bytes:
    if form in BUNDLES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bundle.zip"
            export(quads, form, path, lang, selected=True)  # type: ignore[arg-type]
            return path.read_bytes()
    out = io.BytesIO()
    export(quads, form, out, lang, selected=True)  # type: ignore[arg-type]
    return out.getvalue()


routes: Final = [
    Route("/assets/{name}", asset),
    Route("/{lang:language}/download/{kind:thing}/{local:path}/{form}", download),
]
"""What this module answers."""
