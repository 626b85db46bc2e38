"""Who may write to a store behind an address: a lock that is kept in the store itself, and that ends by itself.

SPARQL 1.1 has no lock, so the one who writes says so in a small graph of its own and says until when (a lease, Gray &
Cheriton 1989); the lease is renewed while the process lives. It is taken by an update that only has an effect while
nobody else's lease lasts, and then read back: should a server have let two such updates through at once, each sees the
other's, gives way, and tries again after a while of its own. All times are of the server's clock, so that the clocks of
the machines that write need not agree.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import random
import socket
import sys
import threading
import time
import uuid
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError
from kg.store.base import Term

GRAPH: Final = ox.NamedNode(iris.BASE + "graph/lock")
SECONDS: Final = 60
"""How long a lease lasts that is not renewed."""

_TRIES: Final = 6
_PART: Final = 3
_NAMES: Final = {"what": "dcterms:description", "host": "dcterms:publisher", "machine": "dcterms:identifier",
                 "process": "dcterms:extent", "since": "dcterms:created", "until": "dcterms:valid"}  # fmt: skip
_PROPERTIES: Final = {
    name: ox.NamedNode(iris.PREFIXES[prefix] + local)
    for name, (prefix, local) in ((name, property_.split(":")) for name, property_ in _NAMES.items())
}
_INTEGER: Final = ox.NamedNode(iris.PREFIXES["xsd"] + "integer")

Ask = Callable[[str], list[dict[str, Term]]]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has said that it writes.

    Attributes:
        node: the lock's node.
        what: the command.
        host: name of the machine.
        machine: a digest that tells whether the number of a process means one of this system; ``""`` if unknown.
        process: its number.
        since: when the lock was taken, seconds of the server's clock since 1970.
        until: when it ends unless it is renewed.
    """

    node: ox.NamedNode
    what: str
    host: str
    machine: str
    process: int
    since: int
    until: int

    def __str__(self) -> str:
        since = dt.datetime.fromtimestamp(self.since, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        return f"{self.what}, process {self.process} on {self.host}, since {since} by the server's clock"

    def ended(self, now: int) -> bool:
        """Whether the lock holds no longer: its time is up, or its process ran here and is no more."""
        return self.until < now or (self.machine != "" and self.machine == _machine() and not _runs(self.process))

    def quads(self) -> list[ox.Quad]:
        """The quads of the lock."""
        texts = {name: ox.Literal(str(getattr(self, name))) for name in ("what", "host", "machine")}
        numbers = {
            name: ox.Literal(str(getattr(self, name)), datatype=_INTEGER) for name in ("process", "since", "until")
        }
        return [
            ox.Quad(self.node, _PROPERTIES[name], value, GRAPH)
            for name, value in {**texts, **numbers}.items()
            if value.value
        ]


class Lease:
    """The right to write to a store, taken when this is made.

    Args:
        update: makes an update.
        ask: the rows of a SELECT.
        where: the address, for messages.
        seconds: how long the lock lasts when it is not renewed; without it :data:`SECONDS`.

    Raises:
        KgError: if another process has it, with who that is.
    """

    def __init__(self, update: Callable[[str], None], ask: Ask, where: str, seconds: int = 0) -> None:
        self._seconds = seconds = seconds or SECONDS
        self._update, self._ask, self._where = update, ask, where
        self._node = ox.NamedNode(f"{GRAPH.value}#{uuid.uuid4().hex}")
        self._renewing = threading.Lock()
        self._ended = threading.Event()
        self._renewed = 0.0
        self._take()
        self._release = weakref.finalize(self, _release, update, self._node, self._ended)
        threading.Thread(target=_keep, args=(weakref.ref(self), self._ended, seconds / _PART), daemon=True).start()

    def _take(self) -> None:
        for number in range(_TRIES):
            now = clock(self._ask)
            dead = []
            for owner in owners(self._ask):
                if not owner.ended(now):
                    raise in_use(owner, now, self._where)
                logging.getLogger(__name__).warning(
                    "the lock on %s was left behind (%s), and is taken over", self._where, owner
                )
                dead.append(owner)
            for owner in dead:
                self._update(_gone(owner.node))
            begun = time.monotonic()
            mine = self._mine(now)
            self._update(_taking(mine, now))
            found = {owner.node: owner for owner in owners(self._ask)}
            others = [owner for node, owner in found.items() if node != self._node and not owner.ended(now)]
            if self._node in found and not others:
                self._renewed = begun
                return
            self._update(_gone(self._node))
            if number == _TRIES - 1 and others:
                raise in_use(others[0], now, self._where)
            time.sleep(random.uniform(0.05, 0.3) * (number + 1))
        raise KgError("the store's lock cannot be taken", where=self._where, remedy="try again")

    def _mine(self, now: int) -> Owner:
        return Owner(
            self._node, _command(), socket.gethostname(), _machine(), os.getpid(), now, now + self._seconds
        )  # fmt: skip

    def renew(self) -> None:
        """Let the lease begin anew.

        Raises:
            KgError: if it was taken away, or the server does not answer.
        """
        with self._renewing:
            begun = time.monotonic()
            until = ox.Literal(str(clock(self._ask) + self._seconds), datatype=_INTEGER)
            pattern = f"GRAPH {GRAPH} {{ {self._node} {_PROPERTIES['until']} %s }}"
            self._update(f"DELETE {{ {pattern % '?u'} }} INSERT {{ {pattern % until} }} WHERE {{ {pattern % '?u'} }}")
            if not any(owner.node == self._node for owner in owners(self._ask)):
                self._renewed = float("-inf")
                raise KgError(
                    "another process has taken over the right to write here; what was not stored yet is left out",
                    where=self._where,
                    remedy="run it again when the other one has ended: what is stored counts as unchanged",
                )
            self._renewed = begun

    def check(self) -> None:
        """To be called before each change: that the lease still lasts.

        Raises:
            KgError: if it was taken away.
        """
        if time.monotonic() - self._renewed > self._seconds * 0.75:
            self.renew()

    def release(self) -> None:
        """Give the right back."""
        self._release()


def _keep(lease: weakref.ref[Lease], ended: threading.Event, seconds: float) -> None:
    """Renew a lease again and again, as long as somebody has it."""
    while not ended.wait(seconds):
        held = lease()
        if held is None:
            return
        try:
            held.renew()
        except Exception:  # the next change tells, or it has passed by then
            logging.getLogger(__name__).debug("the lease could not be renewed", exc_info=True)
        del held


def _release(update: Callable[[str], None], node: ox.NamedNode, ended: threading.Event) -> None:
    ended.set()
    try:
        update(_gone(node))
    except KgError:  # it ends by itself
        logging.getLogger(__name__).debug("the lock could not be given back", exc_info=True)


def owners(ask: Ask) -> list[Owner]:
    """Who has said that it writes, also whose time is up."""
    found: dict[ox.NamedNode, dict[str, str]] = {}
    for row in ask(f"SELECT ?s ?p ?o WHERE {{ GRAPH {GRAPH} {{ ?s ?p ?o }} }}"):
        node, property_, value = row["s"], row["p"], row["o"]
        assert isinstance(node, ox.NamedNode)
        name = next((n for n, p in _PROPERTIES.items() if p == property_), "")
        found.setdefault(node, {})[name] = str(getattr(value, "value", ""))
    return [
        Owner(
            node, given.get("what", ""), given.get("host", ""), given.get("machine", ""),
            int(given.get("process", "0")), int(given.get("since", "0")), int(given["until"]),
        )
        for node, given in sorted(found.items(), key=lambda item: item[0].value)
        if "until" in given
    ]  # fmt: skip


def clock(ask: Ask) -> int:
    """The server's time, in seconds since 1970."""
    found = dt.datetime.fromisoformat(str(getattr(ask("SELECT (NOW() AS ?now) WHERE {}")[0]["now"], "value", "")))
    return int((found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp())


def take_away(update: Callable[[str], None], ask: Ask) -> list[Owner]:
    """Take the lock away from whoever has it; returns who that was."""
    found = owners(ask)
    for owner in found:
        update(_gone(owner.node))
    return found


def in_use(owner: Owner, now: int, where: str) -> KgError:
    """The error that another process writes."""
    return KgError(
        f"the store is in use by another process ({owner})",
        where=where,
        remedy="wait until it has ended; if it is no more, its lock ends by itself "
        f"{max(1, owner.until - now)} s from now, or at once with kg unlock",
    )


def _taking(mine: Owner, now: int) -> str:
    """The update that takes the lock if nobody's lease lasts."""
    triples = "".join(f"{quad.triple} .\n" for quad in mine.quads())
    until = _PROPERTIES["until"]
    return (
        f"INSERT {{ GRAPH {GRAPH} {{\n{triples}}} }} WHERE {{ "
        f"FILTER NOT EXISTS {{ GRAPH {GRAPH} {{ ?other {until} ?until FILTER (?until >= {now}) }} }} }}"
    )


def _gone(node: ox.NamedNode) -> str:
    return f"DELETE WHERE {{ GRAPH {GRAPH} {{ {node} ?p ?o }} }}"


def _command() -> str:
    """What runs, as a person would look for it; without arguments, which may be private."""
    name = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return f"{name} {sys.argv[1]}" if name == "kg" and len(sys.argv) > 1 and sys.argv[1].isalpha() else name


def _machine() -> str:
    """A digest that two processes have in common whose numbers are of one system; ``""`` where that is not known."""
    try:
        started = Path("/proc/sys/kernel/random/boot_id").read_text()
        return hashlib.sha256(f"{started} {os.readlink('/proc/self/ns/pid')}".encode()).hexdigest()[:16]
    except OSError:
        return ""


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
