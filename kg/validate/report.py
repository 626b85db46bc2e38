"""What a validation finds, and how it is told."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Final, Literal

import pyoxigraph as ox

from kg import iris
from kg.errors import Problem
from kg.graph import terms

_SH: Final = iris.PREFIXES["sh"]


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Violation:
    """One thing that is wrong.

    Attributes:
        severity: an ``error``, or a ``warning`` for what is only doubtful.
        article: id of the article whose account it is in; ``""`` for the merged graph or a file.
        focus: IRI of the node that is wrong.
        label: what to call it: its label, else what it says in short.
        quote: the words of the article that say it, where it is a fact of an account; may be empty.
        path: IRI of the property that is wrong; may be empty.
        value: the value that is wrong; may be empty.
        message: what is wrong, in plain words.
        remedy: what can be done about it; may be empty.
        shape: IRI of the shape, or name of the check.
    """

    severity: Literal["error", "warning"] = "error"
    article: str = ""
    focus: str
    label: str = ""
    path: str = ""
    value: str = ""
    message: str
    remedy: str = ""
    shape: str = ""
    quote: str = ""

    @property
    def named_message(self) -> str:
        """The message with the label of the node and the article before it."""
        article = f"article {self.article}" if self.article else ""
        who = ", ".join(filter(None, (article, f'"{self.label}"' if self.label else "")))
        return f"{who}: {self.message}" if who else self.message

    def problem(self) -> Problem:
        """The same for the user: what is wrong, where, and what to do."""
        where = f'"{self.label}" ({short(self.focus)})' if self.label else short(self.focus)
        message = f"{short(self.path)}: {self.message}" if self.path else self.message
        told = f'{message}, not "{short(self.value)}"' if self.value and self.path else message
        return Problem(
            f'{told}: "{self.quote}"' if self.quote and self.quote != self.value else told,
            f"article {self.article}, {where}" if self.article else where,
            self.remedy,
            self.severity,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found, sorted, errors first."""

    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is nothing that is wrong; what is only doubtful does not count."""
        return not any(v.severity == "error" for v in self.violations)

    def rows(self) -> list[tuple[str, ...]]:
        """The violations as a table; the first row has the names of the columns."""
        head = ("severity", "article", "node", "label", "property", "value", "message")
        found = [
            (v.severity, v.article, short(v.focus), v.label, short(v.path), short(v.value), v.message)
            for v in self.violations
        ]
        return [head, *found]

    def json(self) -> str:
        """The report as a JSON object: ``conforms`` and ``violations``."""
        found = {"conforms": self.conforms, "violations": [asdict(v) for v in self.violations]}
        return json.dumps(found, ensure_ascii=False, indent=2)

    def turtle(self) -> str:
        """The report as a SHACL validation report in Turtle."""
        report = ox.BlankNode("report")
        triples = [
            ox.Triple(report, terms.RDF_TYPE, ox.NamedNode(_SH + "ValidationReport")),
            ox.Triple(report, ox.NamedNode(_SH + "conforms"), ox.Literal(self.conforms)),
        ]
        for number, one in enumerate(self.violations, 1):
            node = ox.BlankNode(f"r{number}")
            values = {
                "resultSeverity": ox.NamedNode(_SH + ("Violation" if one.severity == "error" else "Warning")),
                "focusNode": _term(one.focus),
                "resultPath": _term(one.path),
                "value": _term(one.value),
                "resultMessage": ox.Literal(one.named_message),
                "sourceShape": _term(one.shape) if is_iri(one.shape) else None,
            }
            triples.append(ox.Triple(report, ox.NamedNode(_SH + "result"), node))
            triples.append(ox.Triple(node, terms.RDF_TYPE, ox.NamedNode(_SH + "ValidationResult")))
            triples += [ox.Triple(node, ox.NamedNode(_SH + name), v) for name, v in values.items() if v is not None]
        text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(iris.PREFIXES))
        assert text is not None
        return text.decode()


def _term(text: str) -> ox.NamedNode | ox.Literal | None:
    return (ox.NamedNode(text) if is_iri(text) else ox.Literal(text)) if text else None


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]*", text))


def short(text: str) -> str:
    """An IRI with a prefix of the project, for example ``io:place``; other texts as they are."""
    for name, prefix in iris.PREFIXES.items():
        if text.startswith(prefix):
            return f"{name}:{text.removeprefix(prefix)}"
    return text.removeprefix(iris.BASE)
