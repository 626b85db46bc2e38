"""Writing the pages: a folder of HTML that any web host serves, or a browser opens from the disk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from kg import iris, resources
from kg.docs import answers, terms
from kg.docs.examples import EXAMPLES
from kg.docs.words import texts, word
from kg.errors import KgError
from kg.model import LANGUAGES
from kg.queries import Question, library

PAGES: Final = ("index", "data", "ontology", "vocabularies", "questions")
DOWNLOADS: Final = ("presence.ttl", "vocabulary.ttl", "alignment.ttl", "shapes.ttl", "context.jsonld")
_CODE: Final = re.compile(
    r"GRAPH \?article \{ … \}|io:serves/io:hasMember\?|<[\w/.#:-]+>"
    r"|\b(?:io|skos|rdfs|oa|org|owl|schema|xsd|id):[\w/]+[+*]?"
    r"|\b(?:GRAPH|LANG\(\)|DISTINCT|OPTIONAL|UNION|MAX|BOUND\(\)|COALESCE\(\)|kg query -|kg query|kg serve|kg find)"
    r"|--timeout"
)
_TOKEN: Final = re.compile(
    r"(?P<comment>\#[^\n]*)|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(?P<iri><[^<>\s]*>)"
    r"|(?P<variable>[?$]\w+)|(?P<term>\b[a-z]+:[\w.-]*\w)|(?P<word>\b[A-Z]{2,}\b)|(?P<rest>.)",
    re.DOTALL,
)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kg.docs", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["sparql"] = highlight
    environment.filters["marked"] = marked
    return environment


def write(folder: Path, graph: Any, name: str) -> int:
    """Write the documentation site in English, Russian and Kazakh; the same graph gives the same bytes.

    Args:
        folder: where to; English stands at its top, the others in ``ru/`` and ``kk/``. Files of earlier runs that
            have the same names are replaced, others are left.
        graph: the graph that answers the questions, see :class:`kg.queries.run.Asked`.
        name: what to call it.

    Returns:
        The number of pages.

    Raises:
        KgError: if the folder cannot be written.
    """
    pages = 0
    found = terms.terms()
    shared = {
        "classes": [t for t in found if t.kind == "class"],
        "properties": [t for t in found if t.kind != "class"],
        "terms": {t.name: t for t in found},
        "schemes": terms.schemes(),
        "merged": answers.uses(graph, answers.MERGED),
        "accounts": answers.uses(graph, answers.ACCOUNTS),
        "carried": answers.carried(graph),
        "prefixes": dict(sorted(iris.PREFIXES.items())),
        "graph_name": name,
        "topics": _topics(),
        "depth": lambda term: terms.depth({t.name: t for t in found}, term),
        "place_of": _place(found),
    }
    title, description, version = terms.about()
    try:
        for file in ("style.css", "script.js"):
            _put(folder / file, _environment().loader.get_source(_environment(), file)[0])  # type: ignore[union-attr]
        for file in DOWNLOADS:
            _put(folder / "files" / file, (resources.directory("ontology") / file).read_text(encoding="utf-8"))
        for lang in LANGUAGES:
            top = folder if lang == "en" else folder / lang
            base = {
                **shared,
                "lang": lang,
                "languages": LANGUAGES,
                "title": title[lang],
                "description": description[lang],
                "version": version,
                "w": _words(lang),
                "t": {key: text.replace("{base}", iris.BASE) for key, text in texts(lang)["guide"].items()},
                "examples": EXAMPLES,
                "downloads": DOWNLOADS,
            }
            for page in PAGES:
                _put(top / f"{page}.html", _render(f"{page}.html", base, page, depth=0))
                pages += 1
            for question in library().values():
                shown = None if question.service else answers.answer(graph, question, lang)
                context = {**base, "question": question, "shown": shown, "body": body(question)}
                page = f"questions/{question.name}"
                _put(top / f"{page}.html", _render("question.html", context, page, depth=1))
                pages += 1
    except OSError as error:
        raise KgError(
            "cannot be written", where=str(error.filename or folder), remedy="choose another folder"
        ) from error
    return pages


def _render(template: str, context: Mapping[str, Any], page: str, depth: int) -> str:
    lang = context["lang"]
    up = "../" * depth
    top = up if lang == "en" else up + "../"
    others = {other: top + ("" if other == "en" else f"{other}/") + f"{page}.html" for other in LANGUAGES}
    return (
        _environment()
        .get_template(template)
        .render(
            **context,
            page=page,
            up=up,
            top=top,
            others=others,
            names={other: word(other, "language") for other in LANGUAGES},
        )
    )


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _words(lang: str) -> Any:
    def say(key: str, **values: object) -> str:
        return word(lang, key).format(**values) if values else word(lang, key)

    return say


def _topics() -> list[tuple[str, list[Question]]]:
    ordered = sorted(library().values(), key=lambda q: (q.topic, q.name))
    sizes = {topic: len(list(group)) for topic, group in groupby(ordered, key=lambda q: q.topic)}
    return [(topic, [q for q in ordered if q.topic == topic]) for topic in sorted(sizes, key=lambda t: (-sizes[t], t))]


def _place(found: Sequence[terms.Term]) -> Any:
    """Where a term or concept named ``io:X`` or ``kind:scheme/slug`` is explained; empty for others."""
    known = {t.name for t in found}

    def place(name: str) -> str:
        local = name.removeprefix("io:")
        if local in known and (name.startswith("io:") or ":" not in name):
            return f"ontology.html#{local}"
        if name.startswith("kind:"):
            return f"vocabularies.html#{name.removeprefix('kind:').replace('/', '-')}"
        return ""

    return place


def body(question: Question) -> str:
    """The query of a question without its header."""
    lines = question.text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.strip() and not line.startswith("#?"))
    return "\n".join(lines[start:]).strip() + "\n"


def highlight(text: str) -> Markup:
    """SPARQL as HTML: comments, strings, addresses, variables, terms and keywords apart."""
    parts = []
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        written = escape(token[0])
        parts.append(written if kind == "rest" else Markup('<span class="{}">{}</span>').format(kind, written))
    return Markup("").join(parts)


def marked(text: str) -> Markup:
    """A sentence of the guide with its terms and addresses set as code."""
    parts, last = [], 0
    for found in _CODE.finditer(text):
        parts += [escape(text[last : found.start()]), Markup("<code>{}</code>").format(found[0])]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])
