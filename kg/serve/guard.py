"""What a stranger's query may not do: ask other servers through ours."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import UsageError

# Everything that can hold the word without meaning it: strings, comments, IRIs, variables, names with a prefix.
_HARMLESS: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\''''
    r"""|<[^<>"{}|^`\\\s]*>|\#[^\n\r]*|[?$]\w+|[\w.-]*:[\w.:%-]*|@[\w-]+""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def refuse_service(query: str) -> None:
    """Check that a query asks no other server (SPARQL 1.1 Federated Query).

    Raises:
        UsageError: if the keyword SERVICE stands in it, code point escapes resolved as the standard has it.
    """
    for text in (query, _ESCAPE.sub(_character, query)):
        if re.search(r"\bSERVICE\b", _HARMLESS.sub(" ", text), re.IGNORECASE):
            raise UsageError("SERVICE is not allowed here", remedy="ask the other endpoint by itself")


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else ""
