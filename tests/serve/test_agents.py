"""The server for agents, by the library's own client: in the process, over HTTP, on standard input and output."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest

from kg import iris
from tests.serve.running import running

pytest.importorskip("mcp")

from mcp import Client, StdioServerParameters

CENTRE = "presence/un.regional-centre.almaty"
Talk = Callable[[Client], Awaitable[None]]


def over_stdio(store: Path) -> StdioServerParameters:
    code = "import kg.cli; kg.cli.main()"
    return StdioServerParameters(
        command=sys.executable, args=["-c", code, "--store", str(store), "mcp", "--timeout", "5"]
    )


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)  # type: ignore[union-attr]


def talk(server: Any, say: Talk) -> None:
    async def run() -> None:
        async with Client(server) as client:
            await say(client)

    # In a thread of its own: the browser of other tests keeps an event loop in the main one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(anyio.run, run).result()


async def everything(client: Client) -> None:
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == {"find", "describe", "questions", "ask", "sparql", "ontology"}
    assert all(tool.description and tool.input_schema for tool in tools)

    found = await call(client, "find", name="Алматының", lang="kk", type="City")
    assert found["candidates"][0]["id"] == "city/almaty"
    assert found["source"]["version"]

    told = await call(client, "describe", entity=CENTRE)
    fact = told["facts"][0]
    assert fact["organization"] == ["United Nations"]
    assert fact["place"] == ["Almaty"]
    assert fact["quotes"][0]["quote"]
    assert fact["quotes"][0]["article"].startswith(iris.ARTICLE_PREFIX)
    assert fact["quotes"][0]["title"]
    named = await call(client, "describe", entity="ЮНЕСКО", lang="ru", limit=3)
    assert named["iri"] == iris.entity("organization/unesco")
    assert len(named["facts"]) == 3
    assert named["facts_in_all"] > 3
    assert "nothing is called" in await refused(client, "describe", entity="zzzzqqqq")

    questions = (await call(client, "questions", lang="ru"))["questions"]
    assert "who-is-in" in {question["name"] for question in questions}
    answer = await call(client, "ask", question="who-is-in", parameters={"place": "Алматы"})
    assert answer["rows"]
    assert set(answer["rows"][0]) <= set(answer["columns"])
    assert "VALUES" in answer["source"]["query"]
    assert "no question" in await refused(client, "ask", question="who-is-inn")
    assert "no parameter" in await refused(client, "ask", question="who-is-in", parameters={"planet": "Mars"})

    query = f"SELECT ?f ?o {{ ?f io:organization ?o FILTER (?f = <id/{CENTRE}>) }}"
    rows = await call(client, "sparql", query=query)
    assert rows["rows"] == [{"f": iris.entity(CENTRE), "o": iris.entity("organization/un")}]
    assert rows["source"]["articles"][0]["quote"]
    assert (await call(client, "sparql", query="ASK { ?s ?p ?o }"))["answer"] is True
    assert "prefLabel" in (await call(client, "sparql", query="DESCRIBE <id/city/almaty>"))["turtle"]
    many = await call(client, "sparql", query="SELECT ?s { ?s ?p ?o }")
    assert len(many["rows"]) == 200
    assert many["truncated"] == "cut after 200 rows"
    assert "line 1, column" in await refused(client, "sparql", query="SELECT ?s { ?s ?p }")
    assert "SERVICE" in await refused(client, "sparql", query="ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert await refused(client, "sparql", query="CLEAR ALL")
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert "longer than" in await refused(client, "sparql", query=slow)

    terms = (await call(client, "ontology"))["terms"]
    assert "Presence" in {term["name"] for term in terms}
    term = await call(client, "ontology", term="io:since", lang="kk")
    assert term["definition"]
    assert "no term" in await refused(client, "ontology", term="Nonsense")


def test_on_standard_input_and_output(built: Path) -> None:
    talk(over_stdio(built), everything)


def test_at_the_endpoint(built: Path) -> None:
    with running(built, "--timeout", "5") as address:
        talk(f"{address}/mcp", everything)
