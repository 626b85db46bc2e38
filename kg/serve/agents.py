"""A server of the Model Context Protocol: the graph for language models and other agents, read-only.

The same tools on standard input and output (``kg mcp``) and at ``/mcp`` of the endpoint. Every answer carries its
sources: the version of the graph, and for facts the article with the quote that says them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from kg import __version__, iris
from kg.docs import terms
from kg.errors import KgError
from kg.model import LANGUAGES
from kg.queries import library, resolver, sparql
from kg.serve import digest
from kg.serve.frames import Job
from kg.serve.reconcile import extend, score
from kg.serve.reconcile.kept import index_of
from kg.serve.site import Site, Snapshot, TooMany

MOST_ROWS: Final = 200
MOST_FACTS: Final = 25
_INSTRUCTIONS: Final = """
A knowledge graph of the presence of international organisations: who has which headquarters, regional centre, office
or mission where, since when, and how it came to be. Facts were read from news articles in Kazakh, Russian and English;
each opens a verbatim quote. A planned office is not an open one: look at the status. First `find` what a name means,
then `describe` it, or `ask` one of the ready `questions`; `sparql` is for what they do not answer, `ontology` says
which terms there are. Cite the articles that come with the answers; a fact without a quote is stated by the reference
tables.
""".strip()


def server_of(site: Site) -> MCPServer[Any]:
    """The server, over the state that the endpoint has, too.

    Args:
        site: the graph and the query processes.
    """
    server: MCPServer[Any] = MCPServer(
        "presence-kg", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = _Tools(site)
    for tool in (tools.find, tools.describe, tools.questions, tools.ask, tools.sparql, tools.ontology):
        server.tool()(tool)
    return server


class _Tools:
    """The tools; their docstrings are what an agent reads about them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def _begin(self, held: ExitStack) -> Snapshot:
        try:
            held.enter_context(self._site.admitted("mcp"))
        except TooMany:
            raise ToolError("too many requests at once: try again in a moment") from None
        return held.enter_context(self._site.using())

    async def find(self, name: str, type: str = "", lang: str = "en", limit: int = 5) -> dict[str, Any]:
        """Find what a name means: an organisation, a place, a person, an event or an establishment.

        Names are found in Kazakh, Russian and English, inflected, misspelt, as acronyms.

        Args:
            name: the name.
            type: one of InternationalOrganization, City, Country, Region, Person, Event, Presence; empty for any.
            lang: language of labels: en, ru or kk.
            limit: how many candidates, at most 20.
        """
        lang = _language(lang)
        with ExitStack() as held:
            current = self._begin(held)
            index = await index_of(self._site, current)
            types = [extend.local(type)] if type else []
            found = await asyncio.to_thread(index.search, name, types, max(1, min(limit, 20)))
            candidates = await asyncio.to_thread(score.candidates, current, found, [], types, lang)
            for candidate in candidates:
                candidate["iri"] = iris.ID_PREFIX + candidate["id"]
            return {"candidates": candidates, "source": digest.source(current)}

    async def describe(self, entity: str, lang: str = "en", limit: int = 10) -> dict[str, Any]:
        """Describe an entity or a fact: its facts with dates, status and the quotes that say them.

        Args:
            entity: an IRI, an identifier such as city/almaty, or a name.
            lang: language of labels: en, ru or kk.
            limit: how many facts, at most 25, the newest first.
        """
        lang = _language(lang)
        with ExitStack() as held:
            current = self._begin(held)
            iri = extend.iri(entity.strip())
            if not iri or not await asyncio.to_thread(digest.known, current, iri):
                index = await index_of(self._site, current)
                found = await asyncio.to_thread(index.search, entity, (), 3)
                if not found or found[0].score < 0.75:
                    near = ", ".join(f"{f.entity.label(lang)} ({extend.short(f.entity.iri)})" for f in found)
                    raise ToolError(f'nothing is called "{entity}"' + (f"; perhaps: {near}" if near else ""))
                iri = found[0].entity.iri
            return await asyncio.to_thread(digest.described, current, iri, lang, max(1, min(limit, MOST_FACTS)))

    async def questions(self, topic: str = "", lang: str = "en") -> dict[str, Any]:
        """List the ready questions: name, what each asks, its parameters and columns.

        Args:
            topic: only those with this word in topic, title or tags; empty for all.
            lang: language of titles: en, ru or kk.
        """
        lang = _language(lang)
        wanted = topic.casefold()
        listed = []
        for question in library().values():
            texts = (question.name, question.topic, *question.title.values(), *question.tags)
            if question.service or (wanted and not any(wanted in text.casefold() for text in texts)):
                continue
            parameters = [
                {"name": p.name, "help": p.help, "required": p.required, "default": p.default}
                for p in question.parameters
            ]
            listed.append(
                {
                    "name": question.name,
                    "topic": question.topic,
                    "title": question.title[lang],
                    "parameters": parameters,
                    "columns": dict(question.columns),
                }
            )
        return {"questions": listed}

    async def ask(self, question: str, parameters: dict[str, str] | None = None) -> dict[str, Any]:
        """Ask a ready question.

        Args:
            question: its name, from the tool questions.
            parameters: values by name: names in any language, identifiers, IRIs or dates.
        """
        with ExitStack() as held:
            current = self._begin(held)
            values = {name: str(value) for name, value in (parameters or {}).items()}
            try:
                text = await asyncio.to_thread(sparql, question, values, resolver(current.graph.store))
            except KgError as error:
                raise ToolError(str(error)) from None
            if (known := library().get(question)) and known.service:
                raise ToolError("this question asks another server, which is not done here")
            return await self._run(current, text)

    async def sparql(self, query: str) -> dict[str, Any]:
        """Run a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE; read-only, bounded in time, rows and memory.

        The default graph is what is held to be true; GRAPH ?article { … } asks who said it. The prefixes io:, id:,
        kind:, skos:, schema:, org:, prov:, oa: need no declaration; write <id/city/almaty> for an address.

        Args:
            query: the query.
        """
        with ExitStack() as held:
            return await self._run(self._begin(held), query)

    async def _run(self, current: Snapshot, text: str) -> dict[str, Any]:
        settings = self._site.settings
        job = Job(
            str(current.folder), text, "application/sparql-results+json", "text/turtle",
            rows=min(settings.rows, MOST_ROWS), size=min(settings.size, 1 << 20),
        )  # fmt: skip
        try:
            answer = await self._site.pool.ask(job)
            content = await answer.whole()
        except KgError as error:
            raise ToolError(str(error)) from None
        if answer.syntax:
            from kg.queries.run import syntax_error

            raise ToolError(str(syntax_error(text, content.decode(), "the query")))
        if answer.status != 200:
            raise ToolError(content.decode().strip())
        told: dict[str, Any] = {"source": {**digest.source(current), "query": text}}
        if answer.media_type == "text/turtle":
            return {"turtle": content.decode(), "truncated": answer.truncated, **told}
        parsed = json.loads(content)
        if "boolean" in parsed:
            return {"answer": parsed["boolean"], **told}
        rows = [{name: value["value"] for name, value in row.items()} for row in parsed["results"]["bindings"]]
        named = {
            value["value"] for row in parsed["results"]["bindings"] for value in row.values() if value["type"] == "uri"
        }
        told["source"]["articles"] = await asyncio.to_thread(digest.articles, current, sorted(named))
        return {"columns": parsed["head"]["vars"], "rows": rows, "truncated": parsed.get("truncated", ""), **told}

    async def ontology(self, term: str = "", lang: str = "en") -> dict[str, Any]:
        """Explain the ontology: all classes and properties in short, or one term in full.

        Args:
            term: the local name of a class or property, such as Presence or since; empty for all.
            lang: language of labels and definitions: en, ru or kk.
        """
        lang = _language(lang)
        known = {t.name: t for t in await asyncio.to_thread(terms.terms)}
        if not term:
            listed = [
                {"name": t.name, "kind": t.kind, "label": _text(t.label, lang), "definition": _text(t.definition, lang)}
                for t in known.values()
            ]
            return {"namespace": iris.IO, "prefix": "io", "terms": listed}
        found = known.get(extend.local(term))
        if found is None:
            raise ToolError(f'the ontology has no term "{term}"')
        return {
            "iri": found.iri,
            "kind": found.kind,
            "label": _text(found.label, lang),
            "definition": _text(found.definition, lang),
            "note": found.note,
            "example": found.example,
            "wider": found.above,
            "narrower": found.below,
            "domain": found.domain,
            "range": found.range,
            "links": [f"{link.sign} {link.iri}" for link in found.links],
            "questions": found.questions,
            "source": {"document": iris.BASE + "ontology"},
        }


def _language(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ToolError(f"lang is one of {', '.join(LANGUAGES)}")
    return lang


def _text(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("en") or ""
