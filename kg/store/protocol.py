"""Talking to a SPARQL 1.1 server: addresses, credentials, waiting and asking again."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    OpenerDirector,
    Request,
    build_opener,
)

from SPARQLWrapper import BASIC, DIGEST, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
)

from kg.errors import KgError
from kg.store import dataset

TRIES: Final = 5
"""How often a request is made at most."""

_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 20.0
# The server is busy, or a proxy before it; the same request may be answered a moment later.
_BUSY: Final = frozenset((408, 425, 429, 502, 503, 504))
# Virtuoso gives up one of two transactions that wait for each other: 40001, SR172.
_DEADLOCK: Final = re.compile(r"40001|deadlock", re.IGNORECASE)


_INTERNAL: Final = re.compile(r"Error SQ156|Internal (?:Optimized compiler )?error")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the body and the headers, these by lower-case names."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a server takes queries, updates and whole graphs (SPARQL 1.1 Protocol, Graph Store Protocol)."""

    query: str
    update: str
    graphs: str

    @classmethod
    def of(cls, query: str, update: str | None, *, virtuoso: bool, user: str) -> Addresses:
        """From the address of queries; the others by ``KG_UPDATE_URL`` and ``KG_GRAPHS_URL``, else by custom.

        Args:
            query: the address.
            update: the address of updates, if it is known.
            virtuoso: whether the server is a Virtuoso, which takes changes elsewhere when they need a password.
            user: the name of the user; ``""`` if none.
        """
        given = update or os.environ.get("KG_UPDATE_URL", "")
        graphs = os.environ.get("KG_GRAPHS_URL", "")
        if virtuoso:
            root = re.sub(r"/sparql(-auth)?/?$", "", query)
            end = "-auth" if user else ""
            return cls(query, given or f"{root}/sparql{end}", graphs or f"{root}/sparql-graph-crud{end}")
        # Oxigraph and Fuseki have …/query, …/update, …/store or …/data; elsewhere the address must be told.
        own = re.search(r"/query/?$", query)
        return cls(query, given or (re.sub(r"/query/?$", "/update", query) if own else query), graphs)


class Connection:
    """A server, with what it needs to be asked.

    Credentials are those of ``KG_STORE_USER`` and ``KG_STORE_PASSWORD``; ``KG_STORE_AUTH`` is ``basic`` or ``digest``.

    Args:
        address: where it takes queries.
        update: where it takes updates, if that is not what custom says.
        timeout: seconds that an answer may take.

    Raises:
        KgError: if the server cannot be reached or refuses the credentials.
    """

    def __init__(self, address: str, update: str | None = None, timeout: float = 60.0) -> None:
        self.timeout = timeout
        self._user = os.environ.get("KG_STORE_USER", "")
        self._password = os.environ.get("KG_STORE_PASSWORD", "")
        self._auth = os.environ.get("KG_STORE_AUTH", "").lower()
        self.addresses = Addresses(address, update or address, "")
        answer = self.ask("ASK {}", "json")
        self.server = answer.headers.get("server", "")
        self.virtuoso = self.server.startswith("Virtuoso")
        self._auth = self._auth or ("digest" if self.virtuoso else "basic")
        self.addresses = Addresses.of(address, update, virtuoso=self.virtuoso, user=self._user)
        self._opener = self._http()

    def ask(self, text: str, form: str, default_graph: str = "", named_graphs: Sequence[str] = ()) -> Answer:
        """The answer to a query.

        Args:
            text: the query.
            form: what SPARQLWrapper calls the format: ``json`` or ``n3``.
            default_graph: IRI of the default graph; without it the server's own.
            named_graphs: IRIs of the graphs that ``GRAPH`` reaches.

        Raises:
            SyntaxError: if the server finds that *text* is no SPARQL.
            KgError: if it does not answer.
        """
        return self._send(text, form, self.addresses.query, (default_graph, *named_graphs))

    def update(self, text: str) -> None:
        """Have an update made; it is made again when the answer fails to come, so it must bear that.

        Raises:
            KgError: if the server does not answer or refuses.
        """
        self._send(text, "json", self.addresses.update, update=True)

    def _send(self, text: str, form: str, where: str, graphs: Sequence[str] = (), *, update: bool = False) -> Answer:
        def once() -> Answer:
            wrapper = SPARQLWrapper(where, updateEndpoint=where, returnFormat=form)
            wrapper.setMethod(POST)
            wrapper.setTimeout(max(1, int(self.timeout)))
            # A server that asks nobody's name for queries would answer a password with a challenge.
            if self._user and (update or not getattr(self, "virtuoso", False)):
                wrapper.setHTTPAuth(DIGEST if self._auth == "digest" else BASIC)
                wrapper.setCredentials(self._user, self._password)
            for number, graph in enumerate(filter(None, graphs)):
                wrapper.addParameter("named-graph-uri" if number else "default-graph-uri", graph)
            wrapper.setQuery(text)
            # SPARQLWrapper goes by the first word that looks like a form, be it "move" in a query.
            wrapper.queryType = "INSERT" if update else dataset.form(text) or "SELECT"
            response: Any = wrapper.query().response
            headers = {name.lower(): str(value) for name, value in response.headers.items()}
            return Answer(bytes(response.read()), headers)

        return self._again(once, where)

    def send_graph(self, graph: str, triples: bytes) -> None:
        """Put N-Triples into a graph by the Graph Store Protocol (POST: what is there stays).

        Raises:
            KgError: if the server does not answer or refuses.
        """
        address = f"{self.addresses.graphs}?{'graph-uri' if self.virtuoso else 'graph'}={quote(graph, safe='')}"

        def once() -> Answer:
            request = Request(address, triples, {"Content-Type": "application/n-triples"}, method="POST")
            with self._opener.open(request, timeout=self.timeout) as response:
                return Answer(response.read(), {})

        self._again(once, self.addresses.graphs)

    def _http(self) -> OpenerDirector:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        if self._user and self.addresses.graphs:
            passwords.add_password(None, self.addresses.graphs, self._user, self._password)
        return build_opener(HTTPDigestAuthHandler(passwords), HTTPBasicAuthHandler(passwords))

    def _again(self, once: Callable[[], Answer], where: str) -> Answer:
        """Do *once*, and again after a while as long as the failure may pass."""
        for number in range(1, TRIES + 1):
            try:
                return once()
            except QueryBadFormed as error:
                raise SyntaxError(str(error)) from error
            except (SPARQLWrapperException, URLError, TimeoutError, OSError) as error:
                wait = _wait(error, number)
                if wait is None or number == TRIES:
                    raise _told(error, where, number) from error
                time.sleep(wait)
        raise AssertionError(where)


def _wait(error: Exception, number: int) -> float | None:
    """Seconds to wait before the same is tried again; ``None`` if it would fail again."""
    wait = float(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (number - 1)))
    if isinstance(error, HTTPError):
        asked = error.headers.get("Retry-After", "") if error.headers else ""
        if error.code in _BUSY:
            return float(min(_LONGEST_WAIT, float(asked))) if asked.isdecimal() else wait
        return None
    if isinstance(error, EndPointInternalError):
        return wait if _DEADLOCK.search(str(error)) else None
    if isinstance(error, SPARQLWrapperException):
        return None
    # Nobody listens, or the line was cut: perhaps the server is about to be there again.
    return wait


def _told(error: Exception, where: str, number: int) -> KgError:
    status = getattr(error, "code", 0)
    if isinstance(error, Unauthorized) or status in (401, 403) or "SECURITY" in str(error):
        return KgError(
            "the server wants another name or password",
            where=where,
            remedy="set KG_STORE_USER and KG_STORE_PASSWORD, and KG_STORE_AUTH to basic or digest",
        )
    if isinstance(error, SPARQLWrapperException | HTTPError):
        lines = [line for line in str(error).splitlines() if line.strip()]
        if _INTERNAL.search(str(error)):
            return KgError(
                "the server cannot compile this query, by a mistake of its own",
                where=where,
                remedy="ask a copy: kg backup graph.nq.gz, then kg restore graph.nq.gz --store FOLDER",
            )
        return KgError(f"the server refuses: {' '.join(lines)[:300]}", where=where)
    tries = f" after {number} tries" if number > 1 else ""
    reason = getattr(error, "reason", None) or error
    return KgError(f"the store does not answer{tries}: {reason}", where=where, remedy="is the server running?")
