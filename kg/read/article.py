"""From the fields of an article to an :class:`~kg.model.Article`, with every problem told."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from kg import iris
from kg.errors import KgError, Problem
from kg.model import LANGUAGES, Article, PartialDate
from kg.read.language import UNDETERMINED, identify

MAX_CHARACTERS: Final = int(os.environ.get("KG_MAX_CHARACTERS", "2000000"))
"""The longest text that is taken for one article, in characters; more is a book or a mistake."""

_MAX_ID: Final = 200
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_TEXT_FIELDS: Final = ("title", "url", "outlet")
_LANGUAGE_CODES: Final = {"kaz": "kk", "kz": "kk", "rus": "ru", "eng": "en"}

Report = Callable[[Problem], None]


def normalize(text: str) -> str:
    """The text as it is archived: line feeds for line ends, no byte order mark; every other letter as given."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def make(fields: Mapping[str, Any], where: str, on_problem: Report) -> Article:
    """An article from *fields*, checked.

    Args:
        fields: ``text`` (needed, may be empty where there is a ``title``), ``title``, ``id``, ``lang``, ``published``
            (or ``date``), ``url``, ``outlet``; others are left aside. Text and title are taken letter for letter.
        where: file and line, for messages.
        on_problem: told what was left out: a bad date, an unknown language.

    Raises:
        KgError: if the article cannot be taken: no text, a field of the wrong type, a text longer than
            :data:`MAX_CHARACTERS`.
    """
    if "text" not in fields and "title" not in fields:
        raise KgError("the article has no text", where=where, remedy='it needs a field "text"')
    text = _string(fields, "text", where)
    values = {name: _string(fields, name, where) for name in _TEXT_FIELDS}
    title = values["title"]
    if not text.strip() and not title.strip():
        raise KgError("the article is empty", where=where, remedy='put its text into the field "text"')
    if len(text) > MAX_CHARACTERS:
        raise KgError(
            f"the text is too long for one article: {len(text):,} characters, at most {MAX_CHARACTERS:,} are read",
            where=where,
            remedy="split it into articles, or set KG_MAX_CHARACTERS higher",
        )
    identifier = _identifier(fields, values["url"], title, text, where)
    language = _language(fields.get("lang"), f"{title}\n{text}", where, on_problem)
    if language == UNDETERMINED:
        told = "the text is in none of English, Russian and Kazakh: kept as a source, no facts are read from it"
        on_problem(Problem(told, where, severity="warning"))
    return Article(
        id=identifier,
        lang=language,
        title=title,
        text=text,
        published=_date(fields, where, on_problem),
        url=values["url"].strip(),
        source=where,
        outlet=values["outlet"].strip(),
    )


def _string(fields: Mapping[str, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise KgError(
            f'the field "{name}" is {_type(value)}, not text', where=where, remedy=f'write it as "{name}": "…"'
        )
    if _SURROGATE.search(value):
        raise KgError(
            f'the field "{name}" holds half of a character (a lone surrogate)', where=where, remedy="repair it"
        )
    return value


def _type(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)


def _identifier(fields: Mapping[str, Any], url: str, title: str, text: str, where: str) -> str:
    given = fields.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if given is not None and not isinstance(given, str):
        raise KgError(f'the field "id" is {_type(given)}, not text', where=where, remedy='write it as "id": "…"')
    if given and _SURROGATE.search(given):
        raise KgError('the field "id" holds half of a character (a lone surrogate)', where=where, remedy="repair it")
    if given and len(given) > _MAX_ID:
        raise KgError(f"the id is too long: {len(given):,} characters", where=where, remedy=f"at most {_MAX_ID}")
    if given and given.strip():
        return given.strip()
    return iris.digest(url.strip()) if url.strip() else iris.digest(title, text)


def _language(given: object, text: str, where: str, on_problem: Report) -> str:
    if isinstance(given, str) and given.strip():
        code = re.split(r"[-_]", given.strip().lower())[0]
        code = _LANGUAGE_CODES.get(code, code)
        return code if code in LANGUAGES else UNDETERMINED
    if given is not None and not isinstance(given, str):
        told = f'the field "lang" is {_type(given)}, not text: the language is taken from the letters'
        on_problem(Problem(told, where, 'write "en", "ru" or "kk"', "warning"))
    return identify(text)


def _date(fields: Mapping[str, Any], where: str, on_problem: Report) -> PartialDate | None:
    name = "published" if fields.get("published") is not None else "date"
    given = fields.get(name)
    if given is None or given == "":
        return None
    value = str(given).strip() if isinstance(given, str) or type(given) is int else ""
    # A time of day says nothing more about what an article means by "today".
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*", value)
    try:
        return PartialDate(match[1] if match else value)
    except ValueError:
        shown = given if isinstance(given, str) else _type(given)
        told = f'the field "{name}" is no date: {str(shown)[:40]!r}; the article is read without it'
        on_problem(Problem(told, where, "write YYYY-MM-DD, YYYY-MM or YYYY", "warning"))
        return None
