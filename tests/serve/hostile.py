"""Requests that nobody means well with: a seeded generator, and what the server may answer to them."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
INTENDED: Final = ("takes longer than", "of memory", "ended its process", "too many queries at once")
"""What a 503 says when it is meant."""


@dataclass(frozen=True, slots=True)
class Case:
    """A request as bytes will have it: method, target (path and query), headers, body."""

    kind: str
    target: str = "/sparql"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    slow: bool = False


def asked(kind: str, query: str, slow: bool = False) -> Case:
    """A query by POST, as long queries come."""
    return Case(kind, "/sparql", "POST", {"Content-Type": DIRECT}, query.encode("utf-8", "surrogatepass"), slow)


def acceptable(status: int, text: str) -> bool:
    """Whether an answer is one that was meant: done, refused, or stopped with a word about why."""
    return status < 500 or (status == 503 and any(told in text for told in INTENDED)) or status == 507


def _nested(rng: random.Random) -> Case:
    depth = rng.choice((10, 150, 199, 250, 1000, 5000, 50_000))
    opened, middle, closed = rng.choice(
        (
            ("{", "", "}"),
            ("{ OPTIONAL {", "?s ?p ?o", "} }"),
            ("{ { ", "", "} UNION {} }"),
            ("{ FILTER EXISTS {", "?s ?p ?o", "} }"),
            ("{ SELECT * {", "?s ?p ?o", "} }"),
            ("{ MINUS {", "?s ?p ?o", "} }"),
            ("{ GRAPH ?g {", "?s ?p ?o", "} }"),
        )
    )
    return asked("deep groups", "ASK {" + opened * depth + middle + closed * depth + "}")


def _deep_terms(rng: random.Random) -> Case:
    depth = rng.choice((10, 150, 250, 2000, 20_000))
    text = rng.choice(
        (
            "ASK { FILTER(" + "(" * depth + "1" + ")" * depth + ") }",
            "ASK { FILTER(" + "!" * depth + "true) }",
            "ASK { FILTER(" + "-" * depth + "1 = 1) }",
            "ASK { FILTER(" + "STR(" * depth + "1" + ")" * depth + ' = "1") }',
            "ASK { ?s " + "(" * depth + "<a:b>" + ")*" * depth + " ?o }",
            "ASK { ?s " + "^" * depth + "<a:b> ?o }",
            "ASK { ?s ?p " + "[ ?p " * depth + "?o" + " ]" * depth + " }",
            "ASK { ?s ?p " + "( " * depth + "?o" + " )" * depth + " }",
            "ASK { ?s ?p ?o FILTER(" + "1 + " * depth + "1 > 0) }",
            "ASK { ?s ?p ?o FILTER(" + "true && " * depth + "true) }",
            "ASK { BIND(" + "IF(true, " * depth + "1" + ", 2)" * depth + " AS ?x) }",
            "ASK { ?s ?p ?o " + "<< " * depth + ">> " * depth + "}",
        )
    )
    return asked("deep terms", text)


def _paths(rng: random.Random) -> Case:
    n = rng.choice((2, 20, 500, 5000))
    names = [f"<urn:p{rng.randrange(50)}>" for _ in range(n)]
    join = rng.choice(("/", "|"))
    path = join.join(names)
    mark = rng.choice(("", "*", "+", "?"))
    one = rng.choice((f"({path}){mark}", f"(({path})*/({path})*)*", f"!({'|'.join(names)})", "(<urn:q>|!<urn:q>)*"))
    return asked("huge paths", f"SELECT (COUNT(*) AS ?n) {{ ?s {one} ?o }}", slow=True)


def _products(rng: random.Random) -> Case:
    n = rng.randrange(2, 12)
    body = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(n))
    head = rng.choice(
        (
            "SELECT (COUNT(*) AS ?n)",
            "SELECT DISTINCT *",
            "SELECT (GROUP_CONCAT(?o0) AS ?x)",
            "SELECT (COUNT(DISTINCT *) AS ?n)",
            "ASK",
            "SELECT (SUM(STRLEN(STR(?o1))) AS ?x)",
        )
    )
    tail = rng.choice(("", " ORDER BY ?o0 ?s1 RAND()", " LIMIT 1 OFFSET 1000000000", " ORDER BY DESC(?s0) LIMIT 3"))
    return asked("products", f"{head} {{ {body} }}{tail}", slow=True)


def _builder(rng: random.Random) -> Case:
    n = rng.choice((10, 1000, 20_000))
    number = " ".join(str(i) for i in range(n))
    text = rng.choice(
        (
            f"SELECT * {{ VALUES ?a {{ {number} }} VALUES ?b {{ {number} }} VALUES ?c {{ {number} }} }}",
            "SELECT * { " + " UNION ".join("{ ?s ?p ?o }" for _ in range(n)) + " }",
            "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(n))) + ")) }",
            "SELECT (1 AS ?a) { " + " ".join(f"OPTIONAL {{ ?s <urn:p{i}> ?o{i} }}" for i in range(n)) + " }",
            "SELECT " + " ".join(f"({i} AS ?v{i})" for i in range(n)) + " {}",
            "CONSTRUCT { " + " ".join(f"?s <urn:{i}> ?o ." for i in range(n)) + " } WHERE { ?s ?p ?o }",
            "SELECT ?x { BIND(CONCAT(" + ", ".join(["'x'"] * n) + ") AS ?x) }",
            "DESCRIBE * { ?s ?p ?o }",
            "SELECT (STRDT(STR(RAND()), <urn:t>) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        )
    )
    return asked("huge texts", text, slow=True)


def _regex(rng: random.Random) -> Case:
    bomb = rng.choice(
        ("(a+)+$", "(a|aa)+$", "(.*a){25}", "(a{1,1000}){1,1000}", "((((((a*)*)*)*)*)*)*b", "[" * 5000, "a" * 100_000)
    )
    flags = rng.choice(("", "i", "s", "xyz", "q"))
    text = "a" * rng.choice((10, 1000, 100_000)) + "!"
    call = rng.choice(
        (f'REGEX("{text}", "{bomb}", "{flags}")', f'REPLACE("{text}", "{bomb}", "$0$0$0", "{flags}") = ""')
    )
    return asked("regex bombs", f"SELECT * {{ ?s ?p ?o FILTER({call}) }}", slow=True)


_SERVICE: Final = (
    "SELECT * {{ {word} <{to}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ {word} SILENT <{to}> {{ ?s ?p ?o }} }}",
    "ASK {{ BIND(<{to}> AS ?x) FILTER(?a<?b){word}#>\n?x {{}} }}",
    "ASK {{ ?a ?b '''\"''' . {word}<{to}>{{}} }}",
    'ASK {{ ?a ?b """\'#""" . #\r{word}\n<{to}> {{}} }}',
    "PREFIX service: <{to}> ASK {{ {word} service: {{}} }}",
    "ASK {{ {{ SELECT * {{ FILTER EXISTS {{ {word} <{to}> {{}} }} }} }} }}",
    "ASK {{ ?s ?p 1{word}<{to}>{{}} }}",
    "BASE <{to}> ASK {{ {word} <> {{}} }}",
    "SELECT * FROM <{to}> FROM NAMED <{to}> {{ GRAPH <{to}> {{ ?s ?p ?o }} }}",
    "LOAD <{to}>",
    "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "SELECT (<{to}>(1) AS ?x) {{}}",
)


def _service(rng: random.Random) -> Case:
    word = "".join(rng.choice((c, c.lower())) for c in "SERVICE")
    if rng.random() < 0.3:
        place = rng.randrange(7)
        word = word[:place] + rng.choice(("\\u{:04x}", "\\U{:08x}")).format(ord(word[place])) + word[place + 1 :]
    to = rng.choice(("http://127.0.0.1:9/", "http://[::1]:9/", "http://169.254.169.254/latest", "https://localhost:1/"))
    return asked("asks others", rng.choice(_SERVICE).format(word=word, to=to))


def _bytes(rng: random.Random) -> Case:
    good = "SELECT ?o { <urn:a> <urn:p> ?o FILTER(?o != 'Алматы') }".encode()
    raw = bytearray(good)
    for _ in range(rng.randrange(1, 6)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    if rng.random() < 0.2:
        raw += rng.choice((b"\xff\xfe", b"\xed\xa0\x80", b"\x00" * 50, b"\xf8\x88\x80\x80\x80", b"\xc0\xaf"))
    how = rng.randrange(3)
    if how == 0:
        return Case("broken bytes", method="POST", headers={"Content-Type": DIRECT}, body=bytes(raw))
    if how == 1:
        return Case("broken bytes", f"/sparql?query={quote(bytes(raw))}")
    return Case(
        "broken bytes", method="POST", headers={"Content-Type": FORM}, body=b"query=" + quote(bytes(raw)).encode()
    )


def _headers(rng: random.Random) -> Case:
    junk = "".join(rng.choices(string.printable[:94], k=rng.randrange(1, 3000)))
    headers = {
        "Accept": rng.choice(
            (junk, ";q=1", "*/*;q=", ",,,,", "text/" * 500, "a/b;q=1e400", "*/*;q=-1", "text/turtle;q=.5")
        ),
        "If-None-Match": rng.choice(("*", junk, '"', 'W/""', "," * 500)),
        "Accept-Language": junk,
        "Cookie": f"lang={junk}",
        "X-Forwarded-For": rng.choice(("127.0.0.1", "'; DROP", "::1, 1.1.1.1", "")),
        "Origin": rng.choice(("null", "https://evil.example", junk)),
        "Range": "bytes=0-,1-,2-",
        "Authorization": rng.choice(("Bearer", "Bearer x", "Basic Og==", "Digest")),
        "X-HTTP-Method-Override": "DELETE",
        "Host": rng.choice(("localhost", "evil.example", "a" * 300)),
    }
    chosen = dict(rng.sample(sorted(headers.items()), rng.randrange(1, 6)))
    return Case("headers", "/sparql?query=ASK%7B%7D", headers=chosen)


def _parameters(rng: random.Random) -> Case:
    tricks: list[list[tuple[str, str]]] = [
        [("query", "ASK {}")] * rng.randrange(2, 40),
        [("query", "ASK {}"), ("update", "CLEAR ALL")],
        [("update", "DROP ALL")],
        [("query[]", "ASK {}")],
        [("QUERY", "ASK {}")],
        [("query", "ASK {}")] + [("default-graph-uri", f"urn:{n}") for n in range(rng.choice((1, 100, 2000)))],
        [("query", "ASK {}"), ("default-graph-uri", rng.choice(("", " ", "<x>", "no iri", "file:///etc/passwd")))],
        [("query", "ASK {}"), ("named-graph-uri", "http://127.0.0.1:9/")],
        [("query", "SELECT * {?s ?p ?o}"), ("timeout", "999999"), ("format", "../../etc/passwd")],
        [("query", "ASK {}"), ("using-graph-uri", "urn:x")],
        [("query", "\x00"), ("lang", "\x00")],
        [(str(n), "x") for n in range(3000)],
    ]
    fields = urlencode(rng.choice(tricks))
    if rng.random() < 0.5:
        return Case("parameters", "/sparql?" + fields)
    return Case("parameters", method="POST", headers={"Content-Type": FORM}, body=fields.encode())


def _bodies(rng: random.Random) -> Case:
    kind = rng.choice(
        (DIRECT, FORM, "application/sparql-update", "text/plain", "multipart/form-data; boundary=x", "", "x" * 300)
    )
    body = rng.choice(
        (
            b"",
            b"ASK {}",
            b"query=" + b"%" * 500,
            b"a" * 1_200_000,
            b"--x\r\n",
            b"&" * 2000,
            b"query=ASK+%7B%7D;update=x",
        )
    )
    method = rng.choice(("POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"))
    return Case("bodies", method=method, headers={"Content-Type": kind} if kind else {}, body=body)


def _mutants(rng: random.Random) -> Case:
    text = (
        "PREFIX x: <urn:x#> SELECT ?s (COUNT(DISTINCT ?o) AS ?n) WHERE { GRAPH ?g { ?s <urn:p>+ ?o . "
        "OPTIONAL { ?o x:y [ a x:Z ] } FILTER (REGEX(STR(?o), \"m.*\", 'i') && ?o < 5) } } GROUP BY ?s HAVING (?n > 0) "
        "ORDER BY DESC(?n) LIMIT 10 OFFSET 2 VALUES ?s { <urn:a> UNDEF }"
    )
    letters = list(text)
    for _ in range(rng.randrange(1, 12)):
        place = rng.randrange(len(letters))
        action = rng.randrange(4)
        if action == 0:
            letters[place] = rng.choice("{}()<>[]?.;,'\"\\#@^|/*+!&=:ҚҰ\u202e\ud800 \n")
        elif action == 1:
            del letters[place]
        elif action == 2:
            letters.insert(place, rng.choice(letters))
        else:
            other = rng.randrange(len(letters))
            letters[place], letters[other] = letters[other], letters[place]
    return asked("mutants", "".join(letters))


MARK: Final = "<script>alert(7)</script>"
"""What must not come back as markup."""


def _junk(rng: random.Random) -> str:
    """A value that no name, number or address is."""
    return rng.choice(
        (
            MARK,
            f'"{MARK}',
            "../../../../etc/passwd",
            "..\\..\\x",
            "a" * rng.choice((300, 5_000, 20_000)),
            "\x00",
            "\u202e\ud7ff\ufffe",
            "%00%ff",
            "-1",
            "1e999",
            "NaN",
            "' OR 1=1 --",
            "} INSERT DATA { <urn:a> <urn:b> 1 } #",
            "javascript:alert(7)",
            "{{7*7}}${7*7}",
            "",
            "*" * 200 + '"(' * 50,
            "AND OR NOT NEAR(",
        )
    )


_PATHS: Final = (
    "/id/{}", "/id/city/{}", "/id/city/almaty.{}", "/kind/{}", "/article/{}", "/graph/{}.ttl", "/ontology/{}", "/{}",
    "/id/%2e%2e/%2e%2e/etc/passwd", "/id/city/%ff%fe", "/id/city/almaty%00.ttl", "//evil.example/id/city/almaty",
    "/id/../../etc/passwd", "/id/city/almaty.ttl/..;/", "/.well-known/{}", "/id/city/almaty.html?lang={}",
)  # fmt: skip


def _documents(rng: random.Random) -> Case:
    target = rng.choice(_PATHS).format(quote(_junk(rng)))
    headers = {"Accept": rng.choice(("text/html", "text/turtle", "application/ld+json", "x/y", "*/*;q=0"))}
    if rng.random() < 0.3:
        headers["Accept-Language"] = ",".join(f"x{n};q=0.{n}" for n in range(400))
    return Case("linked data", target, rng.choice(("GET", "GET", "GET", "DELETE")), headers)


def _names(rng: random.Random) -> Case:
    one: Any = {"query": _junk(rng)}
    one[rng.choice(("type", "limit", "properties", "type_strict", "x"))] = rng.choice(
        (_junk(rng), -1, 10**12, None, [], {}, [[[]]], [{"pid": _junk(rng), "v": [_junk(rng)] * 50}])
    )
    batch: Any = rng.choice(
        (
            json.dumps({"q": one}),
            json.dumps({str(n): {"query": "Unted Natoins"} for n in range(rng.choice((60, 3_000)))}),
            json.dumps([one]),
            "[" * 5_000,
            '{"q":' * 900 + "1" + "}" * 900,
            json.dumps({"q": rng.choice((None, 7, "x", [], {"query": None}, {"query": ["x"]}))}),
            "{",
        )
    )
    extend = json.dumps({"ids": [_junk(rng)] * rng.choice((1, 2_000)), "properties": [{"id": _junk(rng)}] * 30})
    fields = rng.choice(({"queries": batch}, {"extend": extend}, {"queries": batch, "extend": extend}, {"x": batch}))
    if rng.random() < 0.5:
        return Case("reconciliation", "/reconcile", "POST", {"Content-Type": FORM}, urlencode(fields).encode())
    path = rng.choice(
        (
            "/reconcile/suggest/entity?prefix={}",
            "/reconcile/suggest/type?prefix={}&cursor={}",
            "/reconcile/suggest/property?prefix={}",
            "/reconcile/preview?id={}",
            "/reconcile/preview?id={}&width={}",
            "/reconcile/extend/propose?type={}&limit={}",
            "/reconcile?callback={}",
            "/reconcile?queries={}",
        )
    )
    return Case("reconciliation", path.format(quote(_junk(rng)), quote(_junk(rng))))


def _agents(rng: random.Random) -> Case:
    products = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    slow = rng.random() < 0.1
    tool = rng.choice(("find", "describe", "questions", "ask", "sparql", "ontology", "delete", _junk(rng)))
    given: Any = rng.choice(
        (
            {"query": products} if slow else {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"},
            {"name": _junk(rng), "type": _junk(rng), "lang": _junk(rng), "limit": rng.choice((-1, 10**9, "x"))},
            {"entity": _junk(rng)},
            {"question": _junk(rng), "parameters": {_junk(rng): _junk(rng)}},
            {"question": "who-is-in", "parameters": {"place": _junk(rng), "on": _junk(rng), "limit": "-1"}},
            [],
            None,
            {"name": {"a": [1] * 50}},
        )
    )
    message: Any = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
    body = rng.choice(
        (
            json.dumps(message),
            json.dumps(message),
            json.dumps(message),
            json.dumps([message] * 50),
            json.dumps({**message, "method": _junk(rng)}),
            json.dumps({**message, "id": [], "jsonrpc": "1.0"}),
            "{" * 3_000,
            "null",
            '{"jsonrpc":' * 900,
        )
    )
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    headers[rng.choice(("Mcp-Session-Id", "Mcp-Protocol-Version", "Last-Event-Id", "X-Other"))] = "x" * 200
    if rng.random() < 0.1:
        headers["Accept"] = "text/html"
    method = rng.choice(("POST", "POST", "POST", "POST", "DELETE", "PUT"))
    return Case("agents", "/mcp", method, headers, body.encode("utf-8", "replace"), slow and tool == "sparql")


def _files(rng: random.Random) -> Case:
    path = rng.choice(
        (
            "/dump.nq.gz", "/dump.ttl.gz", "/dump.exe", "/feed.atom?n=-1", "/feed.atom", "/sitemap.xml",
            f"/sitemap-{rng.choice((0, 1, 10**30, 999_999))}.xml", "/sitemap--1.xml", "/robots.txt", "/dataset.{}",
            "/dataset", "/metrics?name[]={}", "/health", "/ready?{}", "/.well-known/void",
        )
    )  # fmt: skip
    headers = {
        "Range": rng.choice(("bytes=0-,1-,2-", "bytes=-1", "bytes=9999999999-", "lines=1-2", "bytes=5-1", "bytes=0-9")),
        "If-None-Match": rng.choice(("*", '"' * 500, 'W/"x"')),
        "If-Modified-Since": rng.choice(("never", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 500)),
        "If-Range": '"x"',
        "Accept-Encoding": rng.choice(("gzip;q=0", "br, zstd", "gzip" * 500)),
    }
    chosen = dict(rng.sample(sorted(headers.items()), rng.randrange(0, 4)))
    return Case("dumps and feeds", path.format(quote(_junk(rng))), rng.choice(("GET", "GET", "POST")), chosen)


def _pages(rng: random.Random) -> Case:
    path = rng.choice(
        (
            "/{lang}/", "/{lang}/search?q={one}", "/{lang}/search?q={one}&kind={two}&page={two}", "/{lang}/{one}",
            "/{lang}/questions/who-is-in?place={one}&on={two}", "/{lang}/questions/{one}", "/{lang}/questions/{one}.rq",
            "/{lang}/answer/who-is-in.{one}?place={two}", "/{lang}/answer/who-is-in.csv?place={one}&limit={two}",
            "/{lang}/city/{one}", "/{lang}/article/{one}", "/{lang}/download/city/almaty/{one}",
            "/{lang}/map?on={one}", "/{lang}/network?around={one}", "/{lang}/timeline?around={one}",
            "/assets/{one}", "/assets/..%2f..%2fetc%2fpasswd",
        )
    )  # fmt: skip
    lang = rng.choice(("en", "ru", "kk", "xx", "EN"))
    target = path.format(lang=lang, one=quote(_junk(rng)), two=quote(_junk(rng)))
    if rng.random() < 0.1:
        body = urlencode({"query": _junk(rng), "results": _junk(rng)}).encode()
        return Case("pages", f"/{lang}/view/{quote(_junk(rng))}", "POST", {"Content-Type": FORM}, body)
    return Case("pages", target, headers={"Accept": "text/html", "Cookie": f"lang={quote(_junk(rng))[:3000]}"})


def _changes(rng: random.Random) -> Case:
    who = rng.choice(
        ({}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {'x' * 64}"}, {"Authorization": "Basic Og=="})
    )
    text = rng.choice(
        ("DROP ALL", "LOAD <file:///etc/passwd>", "INSERT DATA { <urn:a> <urn:b> 1 }", "CLEAR SILENT ALL")
    )
    if rng.random() < 0.4:
        return Case("changes", "/sparql", "POST", {"Content-Type": "application/sparql-update", **who}, text.encode())
    target = rng.choice(("/graph-store?default", "/graph-store?graph={}", "/graph-store", "/graph-store/{}"))
    method = rng.choice(("PUT", "POST", "DELETE", "PATCH", "GET"))
    headers = {"Content-Type": "text/turtle", **who}
    return Case("changes", target.format(quote(_junk(rng))), method, headers, b"<urn:a> <urn:b> 1 .")


def _heads(rng: random.Random) -> Case:
    """The headers alone of what others ask whole."""
    case = rng.choice((_paths, _products, _builder, _regex, _documents, _files, _pages))(rng)
    target = f"/sparql?query={quote(case.body[:20_000])}" if case.body else case.target
    return Case("headers alone", target, "HEAD", case.headers if not case.body else {}, b"", case.slow)


KINDS: Final[tuple[Callable[[random.Random], Case], ...]] = (
    _nested, _deep_terms, _paths, _products, _builder, _regex,
    _service, _bytes, _headers, _parameters, _bodies, _mutants,
    _documents, _names, _agents, _files, _pages, _changes, _heads,
)  # fmt: skip


def cases(seed: int, count: int, slow: int | None = None) -> Iterator[Case]:
    """Hostile requests, all kinds in turn.

    Args:
        seed: another seed makes others.
        count: how many.
        slow: how many of those that may take their whole time, at most; ``None`` for any number.
    """
    rng = random.Random(seed)
    made = drawn = 0
    while made < count:
        case = KINDS[drawn % len(KINDS)](rng)
        drawn += 1
        if case.slow and slow is not None:
            if slow == 0:
                continue
            slow -= 1
        made += 1
        yield case


def send(client: Any, case: Case) -> tuple[int, str]:
    """Send a case with a client of httpx; status (599 if a script came back) and the beginning of the answer."""
    request = client.build_request(case.method, case.target, content=case.body, headers=case.headers)
    if case.method == "POST" and "content-type" not in {name.lower() for name in case.headers}:
        request.headers.pop("content-type", None)
    response = client.send(request)
    text = response.headers.get("x-reason", "") if case.method == "HEAD" else response.text
    if "html" in response.headers.get("content-type", "") and MARK in text:
        return 599, "what was sent came back as markup"
    return response.status_code, text[:300]
