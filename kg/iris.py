"""The only place that mints IRIs.

Namespaces (relative to :data:`BASE`):

- ``ontology#``: classes and properties (prefix ``io:``)
- ``kind/<scheme>/<slug>``: SKOS concepts
- ``id/<class>/<slug>``: entities and merged facts
- ``article/<id>``: an article, which is also the named graph of its account
- ``graph/<name>``: the graphs that the project keeps: ``ontology``, ``reference``, ``merged``, ``decisions``,
  ``sayings``
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote

BASE: Final = os.environ.get("KG_BASE_IRI", "https://w3id.org/presence-kg/")
IO: Final = BASE + "ontology#"

GRAPH_ONTOLOGY: Final = BASE + "graph/ontology"
GRAPH_REFERENCE: Final = BASE + "graph/reference"
GRAPH_MERGED: Final = BASE + "graph/merged"
GRAPH_DECISIONS: Final = BASE + "graph/decisions"
GRAPH_SAYINGS: Final = BASE + "graph/sayings"
ARTICLE_PREFIX: Final = BASE + "article/"
ID_PREFIX: Final = BASE + "id/"
KIND_PREFIX: Final = BASE + "kind/"

PREFIXES: Final[dict[str, str]] = {
    "io": IO,
    "id": ID_PREFIX,
    "kind": KIND_PREFIX,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
}


def shorten(iri: str) -> str:
    """``https://…/id/city/almaty`` → ``id:city/almaty``: the longest prefix that fits, else the whole IRI."""
    for prefix, namespace in sorted(PREFIXES.items(), key=lambda item: (-len(item[1]), item[0])):
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def term(name: str) -> str:
    """The IRI of a class or property of the ontology, for example ``term("Presence")``."""
    return IO + name


def concept(scheme: str, slug: str) -> str:
    """The IRI of a SKOS concept, for example ``concept("form", "regional-centre")``."""
    return f"{KIND_PREFIX}{scheme}/{slug}"


def entity(identifier: str) -> str:
    """The IRI of an entity or merged fact from its ``<class>/<slug>``, for example ``organization/un``."""
    return ID_PREFIX + quote(identifier, safe="/-._~")


def local(iri: str) -> str:
    """The ``<class>/<slug>`` of an entity or merged fact: what :func:`entity` was given."""
    return unquote(iri.removeprefix(ID_PREFIX))


def point(identifier: str) -> str:
    """The IRI of the position of a place, for example ``city/almaty``."""
    return entity(identifier) + "#point"


def article(identifier: str) -> str:
    """The IRI of an article and of the named graph that holds its account."""
    return ARTICLE_PREFIX + quote(identifier, safe="-._~")


def digest(*parts: str, length: int = 16) -> str:
    """A short SHA-256 over *parts*, in lower-case hexadecimal; parts are kept apart by a separator."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


_LATIN: Final = {
    **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhye", strict=True)),
    "ё": "e", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
}  # fmt: skip


def slug(name: str) -> str:
    """A readable lower-case ASCII slug of a name in Latin or Cyrillic script; ``""`` where nothing is left."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    latin = "".join(_LATIN.get(c, c) for c in folded)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
