"""The formats in which articles come, each a function from bytes to articles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

from kg.errors import KgError, Problem
from kg.model import Article
from kg.read import html
from kg.read.article import MAX_CHARACTERS, Report, make, normalize
from kg.read.decode import decode, encoding_of, reject_binary

SUFFIXES: Final = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""File name endings and the formats they mean."""

# With every character escaped, twelve bytes a character and some for the other fields.
_MAX_LINE: Final = 16 * MAX_CHARACTERS
# No character takes more than four bytes; a page carries markup beside its text.
_MAX_BYTES: Final = {"text": 4 * MAX_CHARACTERS, "markdown": 4 * MAX_CHARACTERS, "html": 16 * MAX_CHARACTERS}


def read_stream(stream: IO[bytes], form: str, where: str, on_problem: Report) -> Iterator[Article]:
    """The articles of one file.

    Args:
        stream: the open file, in binary mode.
        form: ``text``, ``markdown``, ``html``, ``json``, ``jsonl``, or ``""`` to find out from the content.
        where: the name of the file, for messages.
        on_problem: told of everything that is left out.

    Raises:
        KgError: if nothing of the file can be read: it is empty, binary, too long or in an unknown encoding.
    """
    if form == "jsonl":
        yield from _json_lines(_bounded(stream), where, on_problem)
        return
    limit = _MAX_BYTES.get(form)
    data = stream.read(limit + 1) if limit else stream.read()
    if not data.strip():
        raise KgError("the file is empty", where=where, remedy="put an article into it")
    reject_binary(data[:4096], where)
    if limit and len(data) > limit:
        raise KgError(
            f"too long for one article: at most {MAX_CHARACTERS:,} characters are read",
            where=where,
            remedy="split it into articles, or set KG_MAX_CHARACTERS higher",
        )
    form = form or _sniff(data)
    if form == "jsonl":
        yield from _json_lines(data.splitlines(keepends=True), where, on_problem)
    elif form == "json":
        yield from _json(decode(data, where, on_problem), where, on_problem)
    elif form == "html":
        yield make(html.fields(page(data, where, on_problem), where), where, on_problem)
    elif form == "markdown":
        yield make(_markdown(normalize(decode(data, where, on_problem))), where, on_problem)
    else:
        yield make({"text": normalize(decode(data, where, on_problem))}, where, on_problem)


def _sniff(data: bytes) -> str:
    """The format of content without a file name: JSON lines, JSON, HTML or plain text."""
    codec = encoding_of(data[:4096]) or "utf-8"
    start = data[:65536].decode(codec, errors="ignore").lstrip("\ufeff \t\r\n")
    if re.match(r"<(?:!doctype|html|head|body|article|\?xml|!--|div|p|meta)\b", start, re.IGNORECASE):
        return "html"
    if start.startswith(("{", "[")):
        first = start.split("\n", 1)[0].strip()
        if start.startswith("[") or first in ("{", ""):
            return "json"
        try:
            whole = json.loads(data.decode(codec, errors="ignore").lstrip("\ufeff"))
        except (ValueError, RecursionError):
            return "jsonl"
        return "json" if isinstance(whole, dict) and isinstance(whole.get("articles"), list) else "jsonl"
    return "text"


def _bounded(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that is too long for memory only the beginning, which is told as an error."""
    while line := stream.readline(_MAX_LINE):
        yield line
        while len(line) >= _MAX_LINE and not line.endswith(b"\n"):
            line = stream.readline(_MAX_LINE)


def _json_lines(lines: Iterable[bytes], where: str, on_problem: Report) -> Iterator[Article]:
    """One article a line; a line that cannot be read is told by its number, and the rest is read."""
    seen = False
    warned = False
    codec: str | None = None

    def once(problem: Problem) -> None:
        # An encoding is a matter of the whole file: one warning is enough.
        nonlocal warned
        if not warned:
            on_problem(problem)
        warned = True

    for number, raw in enumerate(lines, start=1):
        line = raw
        if number == 1:
            reject_binary(line[:4096], where)
            codec = encoding_of(line[:4096])
            if codec and codec.startswith("utf-16"):
                rest = b"".join((line, *lines))
                text = decode(rest, where, on_problem)
                yield from _json_lines((part.encode() for part in text.splitlines(keepends=True)), where, on_problem)
                return
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        seen = True
        at = f"{where}, line {number}"
        try:
            if len(line) >= _MAX_LINE:
                raise KgError(
                    f"too long for one article: the line has more than {_MAX_LINE:,} bytes",
                    where=at,
                    remedy="one article a line; split it, or set KG_MAX_CHARACTERS higher",
                )
            value = _parse(decode(line, at, once), at)
            if not isinstance(value, dict):
                raise KgError("not an article", where=at, remedy='write one object a line: {"text": "…"}')
            yield make(value, at, on_problem)
        except KgError as error:
            on_problem(error.problem())
    if not seen:
        raise KgError("the file is empty", where=where, remedy='write one article a line: {"text": "…"}')


def _json(text: str, where: str, on_problem: Report) -> Iterator[Article]:
    """One article, a list of articles, or a set ``{"articles": [...]}``."""
    value = _parse(text, where)
    articles: list[Any]
    if isinstance(value, list):
        articles = value
    elif isinstance(value, dict) and isinstance(value.get("articles"), list):
        articles = value["articles"]
    elif isinstance(value, dict):
        yield make(value, where, on_problem)
        return
    else:
        raise KgError("neither an article nor a list of articles", where=where, remedy='write {"text": "…"}')
    if not articles:
        raise KgError("the list of articles is empty", where=where, remedy="put an article into it")
    for number, item in enumerate(articles, start=1):
        at = f"{where}, article {number}"
        try:
            if not isinstance(item, dict):
                raise KgError("not an article", where=at, remedy='write it as {"text": "…"}')
            yield make(item, at, on_problem)
        except KgError as error:
            on_problem(error.problem())


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if "\n" in text.strip() else f"column {error.colno}"
        raise KgError(f"not JSON: {error.msg} at {place}", where=where, remedy="repair the line or the file") from None
    except RecursionError:
        raise KgError("not an article: nested too deeply", where=where, remedy='write it as {"text": "…"}') from None
    except ValueError as error:
        raise KgError(f"not JSON: {error}", where=where, remedy="repair the line or the file") from None


def page(data: bytes, where: str, on_problem: Report) -> str:
    """The text of a web page: in the encoding that the page names, else in the one that its bytes show.

    Raises:
        KgError: if the bytes are no text.
    """
    declared = html.declared_encoding(data)
    if declared and encoding_of(data[:4096]) is None:
        try:
            return normalize(data.decode(declared))
        except UnicodeDecodeError:
            pass  # the page is wrong about itself, which is common: what the bytes say counts
    return normalize(decode(data, where, on_problem))


def _markdown(text: str) -> Mapping[str, Any]:
    """The fields of a Markdown file: front matter, else the first heading as title; the text without its markup."""
    found: dict[str, Any] = {}
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    if match:
        for line in match[1].split("\n"):
            name, _, value = line.partition(":")
            name = {"date": "published", "language": "lang"}.get(name.strip().lower(), name.strip().lower())
            if name in ("id", "lang", "title", "published", "url", "outlet") and value.strip():
                found[name] = value.strip().strip("\"'")
        text = text[match.end() :]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    heading = re.match(r"\s*#\s+(.+?)\s*#*\n", text + "\n")
    if heading and "title" not in found:
        found["title"] = _plain(heading[1])
        text = text[heading.end() :]
    found["text"] = "\n".join(_plain(line) for line in text.split("\n")).strip()
    return found


def _plain(line: str) -> str:
    """A line without heading signs, links, emphasis and images; its words stay letter for letter."""
    line = re.sub(r"^\s{0,3}#{1,6}\s+", "", line)
    line = re.sub(r"^\s{0,3}>\s?", "", line)
    line = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", line)
    line = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", line)
    return re.sub(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])", r"\1", line)
