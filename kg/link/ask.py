"""Asking another SPARQL endpoint as a good guest: by name, slowly, once, and with patience when it is tired."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError

from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kg import __version__
from kg.errors import KgError

AGENT: Final = f"presence-kg/{__version__} (kg link; SPARQLWrapper)"
"""What we call ourselves; Wikidata's policy on user agents asks for a name."""

_TRIES: Final = 5
_LONGEST: Final = 300.0
_TIRED: Final = frozenset({429, 500, 502, 503, 504})


class Endpoint:
    """A SPARQL endpoint, and what it answered before.

    Args:
        address: where it is.
        cache: a file of answers, a line of JSON each, that is read and added to; ``None`` keeps none.
        pause: seconds between the end of a request and the next.
        timeout: seconds for an answer.
        sleep: waits; another one in tests.

    Attributes:
        asked: requests that went out.
        known: answers that the file had.
    """

    def __init__(
        self,
        address: str,
        cache: Path | None = None,
        *,
        pause: float = 1.0,
        timeout: int = 60,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = address
        self.asked = self.known = 0
        self._cache = cache
        self._pause = pause
        self._timeout = timeout
        self._sleep = sleep
        self._last = 0.0
        self._answers: dict[str, list[dict[str, Any]]] = {}
        if cache is not None and cache.exists():
            self._read(cache)

    def _read(self, cache: Path) -> None:
        for line in cache.read_text(encoding="utf-8").splitlines():
            try:
                kept = json.loads(line)
                self._answers[kept["key"]] = kept["rows"]
            except (ValueError, KeyError, TypeError):
                # The last line of a run that was broken off; it is asked again.
                continue

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a SELECT, by variable, as SPARQL's JSON has them; asked only if it was not asked before.

        Raises:
            KgError: if the endpoint does not answer, even after some tries.
        """
        key = hashlib.sha256(f"{self.address}\n{query}".encode()).hexdigest()
        if key in self._answers:
            self.known += 1
            return self._answers[key]
        rows = self._ask(query)
        self._answers[key] = rows
        if self._cache is not None:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with self._cache.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "rows": rows}, ensure_ascii=False) + "\n")
        return rows

    def _ask(self, query: str) -> list[dict[str, Any]]:
        client = SPARQLWrapper(self.address, agent=AGENT)
        client.setMethod(POST)
        client.setReturnFormat(JSON)
        client.setTimeout(self._timeout)
        client.setQuery(query)
        told = ""
        for attempt in range(_TRIES):
            self._wait(self._last + self._pause - time.monotonic())
            try:
                self.asked += 1
                answer: Any = client.queryAndConvert()
                found: list[dict[str, Any]] = answer["results"]["bindings"]
            except HTTPError as error:
                told = f"{error.code} {error.reason}"
                if error.code not in _TIRED:
                    break
                self._last = time.monotonic()
                self._wait(_after(error, attempt))
            except (URLError, OSError, SPARQLWrapperException, ValueError, KeyError, TypeError) as error:
                told = str(getattr(error, "reason", "") or error).splitlines()[0][:200]
                self._last = time.monotonic()
                self._wait(2.0**attempt)
            else:
                self._last = time.monotonic()
                return found
        raise KgError(
            f"it does not answer: {told}",
            where=self.address,
            remedy="run the same again later: what it answered is kept",
        )

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)


def _after(error: HTTPError, attempt: int) -> float:
    """How long a tired server wants us to wait, in seconds."""
    try:
        return min(_LONGEST, float(error.headers.get("Retry-After", "")))
    except ValueError:
        return 2.0**attempt
