"""What a question can be asked with: the parameters that its header declares."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Final, Literal, get_args

from kg.errors import KgError
from kg.model import LANGUAGES

ParameterType = Literal["entity", "date", "concept", "int", "text", "lang"]
TYPES: Final[tuple[str, ...]] = get_args(ParameterType)

_KEYS: Final = {"type", "of", "scheme", "default", "edge", "required", "help"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question.

    Attributes:
        name: its name, which is also the SPARQL variable that it binds.
        type: what a value is: an entity, an ``xsd:date``, a SKOS concept, a whole number, a text, a language.
        help: what it is for, in one sentence.
        default: the value where none is given; empty means that the variable stays free.
        required: whether it must be given.
        of: classes that an entity may have, as in its IRI (``city``, ``country``); empty for any.
        scheme: the SKOS scheme of a concept (``theme``).
        edge: which day of a date given as a year or month is meant.
    """

    name: str
    type: ParameterType
    help: str
    default: str = ""
    required: bool = False
    of: tuple[str, ...] = ()
    scheme: str = ""
    edge: Literal["first", "last"] = "first"


def parse_parameter(line: str, where: str) -> Parameter:
    """A parameter from its line of a header: ``place type=entity of=city,country default=city/almaty help=…``.

    Args:
        line: what stands after ``#? param:``; ``help`` comes last and runs to the end.
        where: the file and line, for messages.

    Raises:
        KgError: if the line is not of this form.
    """
    head, _, told = line.partition(" help=")
    try:
        name, *words = shlex.split(head)
    except ValueError as error:
        raise KgError(f"the parameter cannot be read: {error}", where=where) from None
    given = dict(word.partition("=")[::2] for word in words)
    kind, edge = given.get("type", ""), given.get("edge", "first")
    if not (name.isidentifier() and kind in TYPES and set(given) <= _KEYS and edge in ("first", "last") and told):
        raise KgError(
            f'"{line}" declares no parameter',
            where=where,
            remedy=f"write NAME type={'|'.join(TYPES)} [default=…] help=…",
        )
    return Parameter(
        name=name,
        type=kind,  # type: ignore[arg-type]
        help=told.strip(),
        default=given.get("default", LANGUAGES[0] if kind == "lang" else ""),
        required=given.get("required") == "yes",
        of=tuple(filter(None, given.get("of", "").split(","))),
        scheme=given.get("scheme", ""),
        edge=edge,  # type: ignore[arg-type]
    )
