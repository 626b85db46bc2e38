"""What a newcomer wants to do, done by clicking and typing in a real browser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from kg.export.words import texts
from kg.queries import library
from tests.serve.pages.conftest import Watched


def test_find_who_is_in_almaty_in_2022(watched: Watched) -> None:
    page = watched.open("/")
    page.get_by_role("combobox", name="Search").type("almat", delay=20)
    page.get_by_role("option", name=re.compile("^Almaty ?city")).click()
    page.wait_for_url("**/en/city/almaty")
    page.get_by_label("As of").fill("2022")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**as-of=2022")
    table = page.get_by_role("region", name="Establishments", exact=True)
    assert "UNESCO" in table.inner_text()
    assert "United Nations Regional Centre for the Sustainable" not in table.inner_text(), "it is a plan of 2025"
    page.get_by_role("link", name="All times").click()
    assert "United Nations Regional Centre for the Sustainable" in table.inner_text()


def test_open_the_quote_behind_the_152_votes(watched: Watched) -> None:
    page = watched.open("/en/organization/un-general-assembly")
    row = page.get_by_role("region", name="Decisions", exact=True).get_by_role("row").filter(has_text="152/193").first
    row.get_by_text("sources").click()
    quote = row.locator("blockquote").filter(has_text="152").first
    words = quote.locator("p").inner_text()
    quote.locator("p a").click()
    page.wait_for_url(re.compile(r"/en/article/.*#q\d+-\d+"))
    marked = page.locator("mark:target, mark:has(:target)")
    assert marked.inner_text() == words, "the quote stands in the archived article, letter for letter"
    assert marked.is_visible()


def test_compare_what_two_sources_say(watched: Watched) -> None:
    page = watched.open("/en/presence/un.regional-centre.almaty")
    table = page.get_by_role("region", name="Where the sources differ", exact=True).locator("table")
    assert "planned ✓ taken" in table.inner_text()
    assert "proposed" in table.inner_text()
    assert "latest stage" in table.inner_text().lower()
    table.get_by_role("link").first.click()
    page.wait_for_url("**/en/article/**")


def test_run_a_ready_question_for_nairobi_and_download_csv(watched: Watched, tmp_path: Path) -> None:
    page = watched.open("/en/questions")
    page.get_by_role("link", name="Which organisations have an establishment in a city").click()
    page.get_by_role("combobox", name="Place").fill("Nairobi")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**place=Nairobi**")
    rows = page.get_by_role("region", name="Answer", exact=True).locator("tbody tr").count()
    assert "United Nations Environment Programme" in page.get_by_role("region", name="Answer", exact=True).inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "a.csv")
    found = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert len(found) == rows > 20
    assert {row["placeName"] for row in found} == {"Nairobi"}


def test_a_question_that_cannot_be_asked_says_why(watched: Watched) -> None:
    page = watched.open("/en/questions/who-is-in?place=Atlantis")
    assert "Atlantis" in page.get_by_role("alert").inner_text()


def test_a_permalink_opens_the_same_map(watched: Watched) -> None:
    page = watched.open("/en/map")
    page.get_by_label("Form").select_option("mission")
    page.get_by_label("Year", exact=True).fill("1999")
    page.get_by_label("Closer").click()
    told = page.locator(".told").inner_text()
    again = watched.context.new_page()
    again.goto(page.url, wait_until="networkidle")
    assert again.locator(".told").inner_text() == told
    assert again.get_by_label("Form").input_value() == "mission"
    where = "all => all.map(g => g.getAttribute('transform'))"
    spots = [p.locator("#map g.spot").evaluate_all(where) for p in (page, again)]
    assert spots[0] == spots[1]
    again.close()


def test_play_the_years(watched: Watched) -> None:
    page = watched.open("/en/map#year=2019")
    page.get_by_role("button", name="Play").click()
    page.wait_for_url("**#year=2021*")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="now").click()
    assert "year" not in page.url


def test_save_the_life_lines_of_a_city(watched: Watched, tmp_path: Path) -> None:
    page = watched.open("/en/city/almaty")
    for name, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save {name}").click()
        download.value.save_as(tmp_path / "picture")
        assert (tmp_path / "picture").read_bytes().startswith(begins)
    assert download.value.suggested_filename == "Almaty.png"


def test_from_the_network_to_a_page(watched: Watched) -> None:
    page = watched.open("/en/city/almaty")
    page.get_by_role("main").get_by_role("link", name="Network", exact=True).click()
    page.locator("#network[data-drawn]").wait_for()
    page.evaluate("network.selectNodes(['https://w3id.org/presence-kg/id/organization/unesco']); "
                  "network.body.emitter.emit('selectNode', {nodes: network.getSelectedNodes()})")  # fmt: skip
    page.locator("#node h2 a").click()
    page.wait_for_url("**/en/organization/unesco")


def test_change_the_language_and_stay_on_the_page(watched: Watched) -> None:
    page = watched.open("/en/city/almaty?as-of=2022")
    page.get_by_role("link", name="KK").click()
    page.wait_for_url("**/kk/city/almaty?as-of=2022")
    assert page.get_by_role("heading", level=1).inner_text() == "Алматы"
    page.get_by_role("link", name="RU").click()
    assert "Учреждения" in page.get_by_role("main").inner_text()


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_same_in_other_languages(watched: Watched, tmp_path: Path, lang: str) -> None:
    """From a name typed to the sentence in the article, to a table, a map and a picture, by the words of a language."""
    w, figure = texts(lang)["pages"], texts(lang)["figure"]
    page = watched.open(f"/{lang}/")
    page.get_by_role("combobox", name=w["search"]).type("алмат", delay=20)
    page.get_by_role("option", name=re.compile("^Алматы")).first.click()
    page.wait_for_url(f"**/{lang}/city/almaty")
    page.get_by_label(w["as-of"]).fill("2022")
    page.get_by_role("button", name=w["show"]).click()
    page.wait_for_url("**as-of=2022")
    table = page.get_by_role("region", name=w["facts-presence"], exact=True)
    centre = table.locator("a[href$='/presence/un.regional-centre.almaty']")
    assert "ЮНЕСКО" in table.inner_text()
    assert centre.count() == 0, "it is a plan of 2025"
    page.get_by_role("link", name=w["all-times"]).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=figure["svg"]).click()
    assert download.value.suggested_filename.endswith(".svg")
    centre.first.click()
    page.wait_for_url("**/presence/un.regional-centre.almaty")
    assert w["chosen"] in page.get_by_role("region", name=w["differ"], exact=True).locator("table").inner_text()
    quote = page.get_by_role("region", name=re.compile(f"^{w['who-says']}")).locator(f"blockquote p[lang={lang}]").first
    words = quote.inner_text()
    quote.locator("a").click()
    page.wait_for_url(re.compile(rf"/{lang}/article/.*#q\d+-\d+"))
    assert page.locator("mark:target, mark:has(:target)").inner_text() == words
    page.get_by_role("link", name=w["nav-questions"]).click()
    page.get_by_role("link", name=library()["who-is-in"].title[lang]).click()
    page.get_by_role("combobox", name=w["param-place"]).fill("Найроби")
    page.get_by_role("button", name=w["ask"]).click()
    answer = page.get_by_role("region", name=w["answer"], exact=True)
    answer.locator("tbody tr").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "a.csv")
    found = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert len(found) == answer.locator("tbody tr").count() > 20
    page.get_by_role("link", name=w["nav-map"]).click()
    page.get_by_label(figure["form"]).select_option("mission")
    page.locator("#map g.spot").first.wait_for()
    assert "form=mission" in page.url
    watched.open(f"/{lang}/questions/who-is-in?place=Atlantis")
    alert = page.get_by_role("alert").inner_text()
    assert w["value-wrong"].format(field=w["param-place"]) in alert
    assert "Atlantis" in alert


def test_download_a_city_for_excel(watched: Watched, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    page = watched.open("/en/city/almaty")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    download.value.save_as(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["presences"]
    assert sheet.max_row > 20


def test_search_finds_quotes_and_names_in_any_spelling(watched: Watched) -> None:
    page = watched.open("/kk/search?q=Казакстан")
    assert page.get_by_role("link", name="Қазақстан", exact=True).count() == 1
    watched.open("/en/search?q=co-sponsors")
    page.locator(".hits a[lang]").first.click()
    assert "152" in page.get_by_role("main").inner_text()


def test_all_by_keyboard(watched: Watched) -> None:
    page = watched.open("/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    box: Any = page.get_by_role("combobox", name="Search")
    box.focus()
    page.keyboard.type("Nairobi", delay=20)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/city/nairobi")
    page.get_by_role("region", name="Establishments", exact=True).focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
