"""Reading: files, folders, addresses and standard input become articles.

Text is normalised once, here; every offset of evidence is into the text as this package leaves it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from kg import iris
from kg.errors import KgError, Problem
from kg.model import Article
from kg.read.archives import Meter, is_article_file, read_file
from kg.read.formats import SUFFIXES, read_stream
from kg.read.language import identify
from kg.read.manners import Manners, is_address

__all__ = ["CORPUS", "STDIN", "Manners", "Meter", "corpus", "files", "identify", "read"]

STDIN: Final = "-"
"""The name of standard input among sources."""

CORPUS: Final = Path(__file__).resolve().parent.parent / "corpus"
"""The folder of the articles that travel with the package."""


def corpus() -> list[Path]:
    """The bundled files of articles, sorted."""
    files = (path for path in CORPUS.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(path for path in files if path.stem != "README")


def read(
    sources: Sequence[str | Path],
    on_problem: Callable[[Problem], None] | None = None,
    *,
    manners: Manners | None = None,
    meter: Meter | None = None,
) -> Iterator[Article]:
    """Read articles from files, folders (in sorted order, with their subfolders), addresses and standard input (``-``).

    Whether every file exists is checked before the first article is read.

    Args:
        sources: paths, addresses, or ``-``. Formats: ``.txt``, ``.md``, ``.html``, ``.json`` (an article, a list, or a
            set with ``"articles"``), ``.jsonl`` (an article a line), ``.warc``, ``.rss`` and ``.atom``, each also
            compressed (``.gz``, ``.zst``, ``.bz2``, ``.xz``); a file with another name ending is read by its content.
            Addresses are those of pages, feeds and site maps.
        on_problem: called with everything that is left out or guessed; problems go unsaid without it.
        manners: how addresses are asked.
        meter: told how much of the files has been read.

    Yields:
        Articles, each id once. An article given twice is skipped with a warning; another one under the same id is an
        error, and the first stays.

    Raises:
        KgError: at once, if a source does not exist.
    """
    report = on_problem or (lambda problem: None)
    addresses = [str(source) for source in sources if is_address(str(source))]
    paths = files([source for source in sources if not is_address(str(source))], report)
    meter = meter or Meter()
    if all(paths) and not addresses:
        meter.total = sum(path.stat().st_size for path in paths if path)
    parts = [_read_file(path, report, meter) for path in paths]
    if addresses:
        from kg.read.web import read_addresses

        parts.append(read_addresses(addresses, manners or Manners(), report))
    return _once(chain.from_iterable(parts), report)


def files(sources: Sequence[str | Path], on_problem: Callable[[Problem], None]) -> list[Path | None]:
    """The files that *sources* mean, in reading order; ``None`` stands for standard input.

    Raises:
        KgError: if a source does not exist or cannot be opened.
    """
    found: list[Path | None] = []
    for source in sources:
        if str(source) == STDIN:
            found.append(None)
            continue
        path = Path(source)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path)))
            known = [p for p in inside if is_article_file(p)]
            others = [p for p in inside if not is_article_file(p)]
            if others and known:
                count = "1 file is" if len(others) == 1 else f"{len(others)} files are"
                told = f"{count} no article by name and skipped, {others[0].relative_to(path)} first"
                on_problem(Problem(told, str(path), _REMEDY, "warning"))
            if not known:
                on_problem(Problem("the folder holds no articles", str(path), _REMEDY))
            found += known
        elif path.exists():
            found.append(path)
        else:
            raise KgError("there is no such file or folder", where=str(path), remedy="check the name")
    return list(dict.fromkeys(found))


_REMEDY: Final = "articles are .txt, .md, .html, .json, .jsonl, .warc, .rss or .atom; also with .gz, .zst, .bz2 or .xz"


def _hidden(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts)


def _once(articles: Iterable[Article], on_problem: Callable[[Problem], None]) -> Iterator[Article]:
    """The articles, each id once."""
    seen: dict[str, tuple[str, str]] = {}
    for article in articles:
        content = iris.digest(article.title, article.text)
        if article.id not in seen:
            seen[article.id] = content, article.source
            yield article
        elif seen[article.id][0] == content:
            told = f'the same article as in {seen[article.id][1]} ("{article.id}"): taken once'
            on_problem(Problem(told, article.source, severity="warning"))
        else:
            told = f'the id "{article.id}" is already that of another article, in {seen[article.id][1]}: left out'
            on_problem(Problem(told, article.source, "give each article an id of its own"))


def _read_file(path: Path | None, on_problem: Callable[[Problem], None], meter: Meter) -> Iterator[Article]:
    try:
        if path is None:
            yield from read_stream(sys.stdin.buffer, "", "standard input", on_problem)
            return
        yield from read_file(path, on_problem, meter)
    except KgError as error:
        on_problem(error.problem())
    except OSError as error:
        on_problem(Problem(f"cannot be read: {error.strerror}", str(path), "check the file and its permissions"))
