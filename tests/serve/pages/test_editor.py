"""The SPARQL page: YASGUI with completion and views, the plain editor without it, links to what one sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.serve.pages.conftest import Watched, served

COUNTED = """SELECT ?name (COUNT(?p) AS ?n) ?city WHERE {
  ?p a io:Presence ; io:place ?city . ?city a io:City ; skos:prefLabel ?name FILTER (LANG(?name) = "en")
} GROUP BY ?name ?city ORDER BY DESC(?n) LIMIT 8"""
PRESENCES = "SELECT ?p WHERE { ?p a io:Presence ; io:place <id/city/almaty> }"


def write(page: Any, text: str) -> None:
    page.locator(".CodeMirror").evaluate(
        "(box, text) => { box.CodeMirror.setValue(text); box.CodeMirror.focus(); }", text
    )


def test_ask_and_see_the_answer_as_table_chart_map_network_and_timeline(watched: Watched) -> None:
    page = watched.open("/en/sparql")
    write(page, COUNTED)
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr table td", has_text="Geneva").first.wait_for()
    for name, sign in (("Chart", "svg.chart rect"), ("Map", ".view g.spot"), ("Network", ".view [data-drawn]"),
                       ("Timeline", ".view .lines .step")):  # fmt: skip
        page.locator(".yasr_btnGroup, .yasr_plugin_selectors, .yasr_header").get_by_text(name, exact=True).first.click()
        page.locator(sign).first.wait_for()
        assert f"view={name.lower()}" in page.url
    again = watched.context.new_page()
    again.goto(page.url, wait_until="networkidle")
    again.locator(".view .lines .step").first.wait_for()
    again.close()


def test_names_are_completed_in_the_readers_language(watched: Watched) -> None:
    page = watched.open("/kk/sparql")
    page.request.get(f"{watched.top}/kk/suggest?q=алматы")
    write(page, "SELECT * WHERE { ?p io:place ")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setCursor(0, 99)")
    page.keyboard.type("Алматы", delay=60)
    page.locator(".CodeMirror-hint", has_text="city/almaty").first.click()
    value = page.locator(".CodeMirror").evaluate("box => box.CodeMirror.getValue()")
    assert value.strip().endswith("<https://w3id.org/presence-kg/id/city/almaty>")
    write(page, "SELECT * WHERE { ?p a ")
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setCursor(0, 99)")
    page.keyboard.type("өңірлік", delay=60)
    page.locator(".CodeMirror-hint", has_text="io:RegionalCentre").first.click()
    value = page.locator(".CodeMirror").evaluate("box => box.CodeMirror.getValue()")
    assert "?p a io:RegionalCentre" in value
    assert "PREFIX io:" in value


def test_a_mistake_is_marked_where_it_is(chromium: Any, top: str) -> None:
    seen = Watched(chromium, top)
    page = seen.open("/en/sparql")
    write(page, "SELECT ?x WHERE {\n  ?x a io:City\n  FILTER (?x = = 2)\n}")
    page.locator(".yasqe_queryButton").click()
    page.locator(".wrong").first.wait_for()
    assert page.locator(".CodeMirror").evaluate("box => box.CodeMirror.getCursor().line") >= 2
    assert "line" in page.locator(".yasr").inner_text()
    assert all("400" in text for text in seen.told), "the browser notes the status, and nothing else"
    assert seen.foreign == []
    seen.context.close()


def test_a_ready_question_with_its_form(watched: Watched) -> None:
    page = watched.open("/en/sparql")
    page.locator("aside summary").filter(has_text="Establishments").first.click()
    page.locator("aside").get_by_text("Which organisations have an establishment in a city").click()
    form = page.locator("form[data-question][action$='who-is-in.rq']")
    form.get_by_label("Place").fill("Nairobi")
    form.get_by_role("button").click()
    page.locator(".yasr table td", has_text="United Nations Environment Programme").first.wait_for()
    assert "city/nairobi" in page.locator(".CodeMirror").evaluate("box => box.CodeMirror.getValue()")


def test_without_the_editor_a_plain_one_does(chromium: Any, top: str) -> None:
    seen = Watched(chromium, top)
    seen.page.route("**/assets/yasgui.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page = seen.open(f"/ru/sparql#query={quote(PRESENCES)}&view=map")
    page.locator("#results g.spot").first.wait_for()
    page.get_by_label("Запрос").fill("SELECT ?x WHERE {\n ?x = 1 }")
    page.get_by_role("button", name="Спросить").click()
    alert = page.locator("#results [role=alert]")
    alert.wait_for()
    assert "line 2" in alert.inner_text()
    assert seen.foreign == []
    seen.context.close()


def test_a_query_that_takes_too_long_is_told(chromium: Any, built: Path) -> None:
    """A query of years, for which a second is allowed: the page says so, in both editors, and goes on working."""
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with served(built, "--timeout", "1") as top:
        seen = Watched(chromium, top)
        page = seen.open("/en/sparql")
        write(page, endless)
        page.locator(".yasqe_queryButton").click()
        told = page.locator(".yasr .errorResult")
        told.wait_for()
        assert "1 s" in told.inner_text()
        write(page, PRESENCES)
        page.locator(".yasqe_queryButton").click()
        page.locator(".yasr table td", has_text="presence").first.wait_for()
        seen.page.route("**/assets/yasgui.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page = seen.open("/kk/sparql")
        page.locator("#query").fill(endless)
        page.locator("#plain button").click()
        alert = page.locator("#results [role=alert]")
        alert.wait_for()
        assert "1 s" in alert.inner_text()
        assert seen.foreign == []
        seen.context.close()
