"""Asking a server on the loopback: what it may answer, what is sent, what is kept, and where the key does not go."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KgError, UsageError
from kg.extract.mentions import Reader
from kg.extract.parallel import Outcome
from kg.model import Article, PartialDate
from kg.readers.cache import ReplyCache
from kg.readers.client import Chat, Endpoint, ModelError, key_for
from kg.readers.model import Asked, ModelReader
from kg.readers.spending import LimitError, Spending
from kg.readers.tokens import Price
from tests.readers.conftest import KEY, ChatServer, Say, office

TEXT = "UNICEF opened a country office in Astana on 3 March 2025."
FACT = office(TEXT, "UNICEF", "organization/unicef")
GOOD = json.dumps({"facts": [FACT]})
Read = Callable[..., list[Outcome]]


@pytest.fixture
def read(server: ChatServer, reader: Reader, tmp_path: Path) -> Read:
    """Reads articles of one text by the server."""

    def run(
        number: int = 1, *, spending: Spending | None = None, concurrency: int = 1, cache: bool = False, **endpoint: Any
    ) -> list[Outcome]:
        place = Endpoint("m", server.url, **{"timeout": 5.0, "retries": 2, **endpoint})
        published = PartialDate("2025-03-05")
        articles = [Article(f"a{n}", "en", f"Number {n}", TEXT, published) for n in range(number)]
        with Chat(place, spending or Spending()) as chat:
            asked = Asked(chat, ReplyCache(tmp_path / "replies" if cache else None))
            return list(ModelReader(asked, reader, "m", concurrency).outcomes(articles))

    return run


@pytest.mark.parametrize("stream", [False, True])
def test_a_reply_becomes_facts(server: ChatServer, read: Read, stream: bool) -> None:
    server.answers = [Say(GOOD)]
    spending = Spending(price=Price(1.0, 2.0))
    (outcome,) = read(stream=stream, spending=spending)
    assert not outcome.error
    assert [f.kind for f in outcome.facts] == ["presence"]
    (body,) = server.bodies
    assert bool(body.get("stream")) is stream
    assert body["response_format"]["json_schema"]["strict"] is True
    assert (spending.requests, spending.sent, spending.received) == (1, 1000, 100)
    assert spending.cost == pytest.approx(0.0012)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "trouble",
    [
        Say("slow down", 429, {"retry-after": "0"}),
        Say("oh", 500, {"retry-after": "0"}),
        Say("oh", 503, {"retry-after": "0"}),
    ],
)
def test_trouble_that_passes_is_waited_out(server: ChatServer, read: Read, trouble: Say, stream: bool) -> None:
    server.answers = [trouble, Say(GOOD)]
    (outcome,) = read(stream=stream)
    assert len(outcome.facts) == 1
    assert len(server.bodies) == 2


def test_a_broken_connection_is_tried_again(server: ChatServer, read: Read) -> None:
    server.answers = [Say(GOOD, cut=40), Say(GOOD)]
    (outcome,) = read()
    assert len(outcome.facts) == 1


def test_trouble_that_stays_sets_the_article_aside(server: ChatServer, read: Read) -> None:
    server.answers = [Say("we are busy", 429, {"retry-after": "0"})]
    (outcome,) = read()
    assert "status 429: we are busy" in outcome.error
    assert len(server.bodies) == 3


@pytest.mark.parametrize("stream", [False, True])
def test_a_slow_reply_is_given_up(server: ChatServer, read: Read, stream: bool) -> None:
    server.answers = [Say(GOOD, pause=1.0)]
    (outcome,) = read(timeout=0.2, retries=0, stream=stream)
    assert "0.2 s" in outcome.error


@pytest.mark.parametrize(
    ("say", "told"),
    [
        (Say(""), "nothing"),
        (Say("   \n"), "nothing"),
        (Say("Sure! Here are the facts."), "no JSON"),
        (Say("Вот факты: их нет."), "no JSON"),
        (Say("[]"), "no object"),
        (Say('{"fakt": []}'), "no object"),
        (Say('{"facts": {}}'), "no object"),
        (Say('{"facts": [{"kind": "presence", "kind": "count"}]}'), "twice"),
        (Say('{"facts": [NaN]}'), "no number"),
        (Say("[" * 100_000), "no JSON"),
        (Say(GOOD[:200]), "cut off"),
        (Say(GOOD, end="length"), "cut off"),
        (Say('{"facts": [' + ",".join(["{}"] * 501) + "]}"), "more than 500"),
        (Say('{"facts": [], "x": "' + "y" * 400_000 + '"}'), "more than 400,000"),
        (Say(raw='{"choices": []}'), "something else"),
        (Say(raw="<html>Welcome</html>"), "something else"),
        (Say(raw='{"choices": [{"message": {"refusal": "I will not."}}]}'), "declined"),
        (Say(raw='{"choices": [{"message": null}]}'), "something else"),
        (Say(raw="x" * 4_000_100), "bytes"),
    ],
)
def test_a_reply_that_cannot_be_read_sets_the_article_aside(
    server: ChatServer, read: Read, say: Say, told: str, tmp_path: Path
) -> None:
    server.answers = [say]
    (outcome,) = read(cache=True)
    assert told in outcome.error
    assert not outcome.facts
    assert not list(tmp_path.rglob("*.json"))  # it is asked for again


@pytest.mark.parametrize("stream", [False, True])
def test_a_reply_that_cannot_be_read_is_asked_for_again_once(server: ChatServer, read: Read, stream: bool) -> None:
    server.answers = [Say(GOOD[:100]), Say(GOOD)]
    (outcome,) = read(stream=stream)
    assert len(outcome.facts) == 1


def test_a_stream_that_breaks_off_is_no_whole_reply(server: ChatServer, read: Read) -> None:
    server.answers = [Say(GOOD, end=None)]
    (outcome,) = read(stream=True)
    assert "cut off" in outcome.error


def test_a_fence_around_the_reply_is_taken_off(server: ChatServer, read: Read) -> None:
    server.answers = [Say(f"```json\n{GOOD}\n```")]
    (outcome,) = read()
    assert len(outcome.facts) == 1


def test_a_fact_that_is_replied_twice_is_one(server: ChatServer, read: Read) -> None:
    server.answers = [Say(json.dumps({"facts": [FACT, FACT, {**FACT, "focus": ["children"]}]}))]
    (outcome,) = read()
    (fact,) = outcome.facts
    assert fact.get("focus") == ("children",)
    assert len(fact.evidence) == 1


def test_a_reply_in_a_foreign_language_is_refused_fact_by_fact(server: ChatServer, read: Read) -> None:
    foreign = {**FACT, "quotes": ["Le 3 mars 2025, l'UNICEF a ouvert un bureau de pays à Astana."]}
    server.answers = [Say(json.dumps({"facts": [foreign]}))]
    (outcome,) = read()
    assert not outcome.facts
    assert [r.reason for r in outcome.refused] == ["quote"]


def test_a_second_run_sends_nothing(server: ChatServer, read: Read) -> None:
    server.answers = [Say(GOOD)]
    first = read(3, cache=True)
    spending = Spending()
    second = read(3, cache=True, spending=spending)
    assert [o.facts for o in first] == [o.facts for o in second]
    assert len(server.bodies) == 3
    assert (spending.requests, spending.cached) == (0, 3)


def test_a_damaged_reply_on_disk_is_asked_for_again(server: ChatServer, read: Read, tmp_path: Path) -> None:
    server.answers = [Say(GOOD)]
    read(cache=True)
    (kept,) = tmp_path.rglob("*.json")
    kept.write_text("{", encoding="utf-8")
    (outcome,) = read(cache=True)
    assert len(outcome.facts) == 1
    assert len(server.bodies) == 2


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_run_stops_at_its_limit_and_goes_on_where_it_was(server: ChatServer, read: Read, concurrency: int) -> None:
    server.answers = [Say(GOOD)]
    with pytest.raises(LimitError, match="--max-requests 3 is reached"):
        read(8, spending=Spending(max_requests=3), cache=True, concurrency=concurrency)
    assert len(server.bodies) == 3
    assert len(read(8, cache=True, concurrency=concurrency)) == 8
    assert len(server.bodies) == 8


def test_requests_sent_again_count(server: ChatServer, read: Read) -> None:
    server.answers = [Say("busy", 429, {"retry-after": "0"})]
    with pytest.raises(LimitError):
        read(spending=Spending(max_requests=2))
    assert len(server.bodies) == 2


def test_a_run_stops_before_it_costs_too_much(server: ChatServer, read: Read) -> None:
    server.answers = [Say(GOOD)]
    price = Price(10.0, 10.0)  # a request and its longest reply may cost about 0.13, and take 0.011
    with pytest.raises(LimitError, match="--max-cost"):
        read(40, spending=Spending(max_cost=0.2, price=price))
    assert 3 <= len(server.bodies) <= 9


def test_articles_come_in_their_order_whatever_the_server_does_first(server: ChatServer, read: Read) -> None:
    def answer(body: dict[str, Any]) -> Say:
        title = json.loads(body["messages"][1]["content"])["title"]
        return Say(GOOD, pause=0.05 * (7 - int(title.split()[1])))

    server.answer = answer
    assert [o.article.id for o in read(8, concurrency=8)] == [f"a{n}" for n in range(8)]


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_what_will_not_pass_ends_the_run(server: ChatServer, read: Read, status: int) -> None:
    server.answers = [Say("no such model", status, {"location": "http://127.0.0.1:9/"})]
    with pytest.raises(KgError) as raised:
        read(5)
    assert not isinstance(raised.value, ModelError)
    assert len(server.bodies) == 1


def test_a_server_that_is_not_there_is_told_at_once(reader: Reader) -> None:
    with Chat(Endpoint("m", "http://127.0.0.1:9/v1"), Spending()) as chat:
        articles = [Article("a", "en", "", TEXT)]
        with pytest.raises(KgError, match="cannot be reached"):
            list(ModelReader(Asked(chat, ReplyCache(None)), reader, "m").outcomes(articles))


@pytest.mark.parametrize(
    "address", ["127.0.0.1:80", "ftp://x/v1", "http://", "http://me:key@host/v1", "http://h/?key=k"]
)
def test_a_wrong_address_is_told(address: str) -> None:
    with pytest.raises(UsageError) as raised:
        Endpoint("m", address)
    assert raised.value.remedy


def test_the_key_of_openai_goes_to_openai_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert key_for("https://api.openai.com/v1") == KEY
    assert key_for("https://api.example.org/v1") == ""
    assert key_for("https://api.openai.com.example.org/v1") == ""
    monkeypatch.setenv("KG_MODEL_KEY", "other")
    assert key_for("https://api.example.org/v1") == "other"


def test_openai_is_not_asked_without_a_key() -> None:
    with pytest.raises(UsageError, match="no key"):
        Chat(Endpoint("m"), Spending())


def test_the_key_is_sent_to_the_server_and_nowhere_else(
    server: ChatServer, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("KG_MODEL_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    # The server gives the key away wherever it can: in a fact, in errors of every sort.
    leak = {**FACT, "name": f"Bearer {KEY}"}
    server.answers = [
        Say(json.dumps({"facts": [FACT, leak], "note": KEY})),
        Say(f"wrong request with {KEY}", 400),
        Say(f"no such model for {KEY}", 404),
        Say(f"Incorrect key {KEY}", 401),
    ]
    seen = [repr(o) for o in read(2, cache=True, retries=0)]
    for _ in range(2):
        with pytest.raises(KgError) as raised:
            read(3, cache=True, retries=0)
        seen += [str(raised.value), repr(raised.value), repr(raised.value.__dict__)]
    assert [h["Authorization"] for h in server.headers] == [f"Bearer {KEY}"] * len(server.headers)
    assert all(KEY not in json.dumps(body) for body in server.bodies)
    assert all(KEY not in text for text in seen)
    assert KEY not in caplog.text
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert files
    assert all(KEY.encode() not in p.read_bytes() for p in files)


def test_without_a_key_none_is_sent(server: ChatServer, read: Read) -> None:
    server.answers = [Say(GOOD)]
    read()
    assert "Authorization" not in server.headers[0]
