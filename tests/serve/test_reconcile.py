"""The Reconciliation Service API 0.2: as OpenRefine asks, and how often the first candidate is the right one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from lxml import html

from kg import iris
from tests.serve.noise import noisy

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}


def ask(site: TestClient, queries: dict[str, Any], **parameters: str) -> dict[str, Any]:
    """A batch as OpenRefine sends it: a form with one field."""
    body = urlencode({"queries": json.dumps(queries, ensure_ascii=False)})
    answer = site.post("/reconcile", params=parameters, content=body, headers=FORM)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert set(found) == set(queries)
    return found


def test_the_manifest(site: TestClient) -> None:
    manifest = site.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == iris.ID_PREFIX
    assert manifest["schemaSpace"] == iris.IO
    assert "{{id}}" in manifest["view"]["url"]
    assert "{{id}}" in manifest["preview"]["url"]
    for kind in ("entity", "type", "property"):
        where = manifest["suggest"][kind]
        assert site.get(where["service_url"] + where["service_path"], params={"prefix": "c"}).status_code == 200
    where = manifest["extend"]["propose_properties"]
    assert site.get(where["service_url"] + where["service_path"], params={"type": "City"}).json()["properties"]
    assert site.get(manifest["view"]["url"].replace("{{id}}", "city/almaty")).status_code == 200
    # Clients of the old kind load it as a script.
    script = site.get("/reconcile", params={"callback": "jQuery123_4"})
    assert script.headers["content-type"].startswith("application/javascript")
    assert script.text.startswith("/**/jQuery123_4(")
    assert site.get("/reconcile", params={"callback": "alert(1)//"}).status_code == 400


def test_a_batch(site: TestClient) -> None:
    found = ask(
        site,
        {
            "q0": {"query": "Всемирной организации здравоохранения", "type": "InternationalOrganization", "limit": 3,
                   "type_strict": "should"},
            "q1": {"query": "БҰҰ-ның", "type": ["InternationalOrganization"]},
            "q2": {"query": "Unted Natons Development Programe", "properties": []},
            "q3": {"query": "Алматыға", "type": {"id": f"{iris.IO}City"}},
            "q4": {"query": "qwrtpsdfg"},
            "q5": {"query": "", "limit": 2},
        },
    )  # fmt: skip
    best = {key: (answer["result"] or [{}])[0] for key, answer in found.items()}
    assert best["q0"]["id"] == "organization/who"
    assert best["q0"]["match"] is True
    assert best["q1"]["id"] == "organization/un"
    assert best["q2"]["id"] == "organization/undp"
    assert best["q3"]["id"] == "city/almaty"
    assert not best["q4"].get("match")
    assert best["q5"] == {}
    assert len(found["q0"]["result"]) == 3
    for answer in found.values():
        scores = [candidate["score"] for candidate in answer["result"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)
        for candidate in answer["result"]:
            assert {"id", "name", "type", "score", "match", "features", "description"} <= set(candidate)
            assert candidate["type"][0]["name"]


def test_scores_are_explained(site: TestClient) -> None:
    query = {"query": "Tripoli", "type": "City", "properties": [{"pid": "country", "v": "Ливан"}]}
    with_property = ask(site, {"q": query})["q"]["result"]
    for candidate in with_property:
        parts = {feature["id"]: feature["value"] for feature in candidate["features"]}
        assert parts["type"] is True
        share = 0.7 * parts["name"] + 0.3 * parts["property:country"]
        assert candidate["score"] == pytest.approx(share, abs=0.2)
        assert "·" in candidate["description"]


@pytest.mark.parametrize(("country", "expected"), [("Kazakhstan", 100.0), ({"id": "country/ru"}, 0.0)])
def test_properties_count(site: TestClient, country: object, expected: float) -> None:
    query = {"query": "Almaty", "type": "City", "properties": [{"pid": "country", "v": country}]}
    best = ask(site, {"q": query})["q"]["result"][0]
    assert best["id"] == "city/almaty"
    assert {"id": "property:country", "value": expected} in best["features"]


@pytest.mark.parametrize(("lang", "name"), [("en", "Kazakhstan"), ("ru", "Казахстан"), ("kk", "Қазақстан")])
def test_names_come_in_the_language_of_the_reader(site: TestClient, lang: str, name: str) -> None:
    assert ask(site, {"q": {"query": "Qazaqstan", "type": "Country"}}, lang=lang)["q"]["result"][0]["name"] == name


def test_suggest(site: TestClient) -> None:
    entities = site.get("/reconcile/suggest/entity", params={"prefix": "Алма", "lang": "ru"}).json()["result"]
    assert entities[0]["id"] == "city/almaty"
    assert entities[0]["description"]
    assert entities[0]["notable"][0]["id"] == "City"
    more = site.get("/reconcile/suggest/entity", params={"prefix": "Алма", "cursor": "1"}).json()["result"]
    assert "city/almaty" not in {entity["id"] for entity in more}
    types = site.get("/reconcile/suggest/type", params={"prefix": "stad", "lang": "en"}).json()["result"]
    assert types == []
    types = site.get("/reconcile/suggest/type", params={"prefix": "город", "lang": "ru"}).json()["result"]
    assert {"id": "City", "name": "город"} in types
    properties = site.get("/reconcile/suggest/property", params={"prefix": "sameAs"}).json()["result"]
    assert "owl:sameAs" in {p["id"] for p in properties}
    assert site.get("/reconcile/suggest/planet", params={"prefix": "x"}).status_code == 404
    flyout = site.get("/reconcile/flyout/entity", params={"id": "city/almaty"}).json()
    assert "Almaty" in flyout["html"]


def test_preview(site: TestClient) -> None:
    answer = site.get("/reconcile/preview", params={"id": "organization/who", "lang": "ru"})
    page = html.fromstring(answer.content)
    assert page.findtext(".//h1/a") == "Всемирная организация здравоохранения"
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert site.get("/reconcile/preview", params={"id": "organization/none"}).status_code == 404


def test_extend(site: TestClient) -> None:
    asked = {
        "ids": ["city/almaty", "organization/who", "organization/none"],
        "properties": [
            {"id": "country"},
            {"id": "owl:sameAs"},
            {"id": "skos:altLabel", "settings": {"limit": "1"}},
            {"id": "hosts", "settings": {"content": "count"}},
        ],
    }
    body = urlencode({"extend": json.dumps(asked)})
    answer = site.post("/reconcile", params={"lang": "kk"}, content=body, headers=FORM).json()
    assert [meta["id"] for meta in answer["meta"]] == ["country", "owl:sameAs", "skos:altLabel", "hosts"]
    almaty = answer["rows"]["city/almaty"]
    assert almaty["country"] == [{"id": "country/kz", "name": "Қазақстан"}]
    assert almaty["owl:sameAs"] == [{"str": "http://www.wikidata.org/entity/Q35493"}]
    assert len(almaty["skos:altLabel"]) == 1
    assert almaty["hosts"][0]["float"] > 10
    assert answer["rows"]["organization/none"]["country"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"queries": "no json"},
        {"queries": "[]"},
        {"queries": '{"q": 1}'},
        {"queries": '{"q": {"query": 5}}'},
        {"queries": '{"q": {"query": "x", "limit": "many"}}'},
        {"queries": '{"q": {"query": "x", "properties": "y"}}'},
        {"queries": "[" * 100_000},
        {"extend": '{"ids": 1}'},
        {"extend": '{"ids": [], "properties": [{"id": "<x>"}]}'},
    ],
)
def test_mistakes_are_told(site: TestClient, fields: dict[str, str]) -> None:
    answer = site.post("/reconcile", data=fields)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")


def test_too_many_are_refused(site: TestClient) -> None:
    queries = json.dumps({f"q{n}": {"query": "x"} for n in range(201)})
    assert site.post("/reconcile", data={"queries": queries}).status_code == 413


def test_strange_names_do_no_harm(site: TestClient) -> None:
    strange = ["\u202e" * 50, "a" * 100_000, "?*[](", "\x00", "🏳️" * 20, "((((", "u.n." * 200, "- - - ,,,", "<script>"]
    found = ask(site, {str(n): {"query": text} for n, text in enumerate(strange)})
    assert len(found) == len(strange)


def test_the_first_candidate_is_the_right_one(site: TestClient) -> None:
    names = noisy(seed=11, count=360)
    assert len({name.how for name in names}) >= 8
    right, wrong = 0, []
    for start in range(0, len(names), 50):
        batch = {str(n): {"query": x.text, "type": list(x.types)} for n, x in enumerate(names[start : start + 50])}
        for key, answer in ask(site, batch).items():
            name = names[start + int(key)]
            if answer["result"] and answer["result"][0]["id"] == name.id:
                right += 1
            else:
                wrong.append(name)
    assert right / len(names) >= 0.95, wrong


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "https://example.org/\x00", "\ufffe"])
def test_what_can_be_no_iri_is_no_property_and_no_entity(site: TestClient, name: str) -> None:
    asked = {"ids": [name], "properties": [{"id": name}]}
    assert site.post("/reconcile", data={"extend": json.dumps(asked)}).status_code == 400
    asked["properties"] = [{"id": "country"}]
    answer = site.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.json()["rows"] == {name: {"country": []}}
