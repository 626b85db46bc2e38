"""The documentation site: complete, correct in itself, and fit to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import lxml.html
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import cli, iris, resources
from kg.build import KnowledgeGraph
from kg.docs import answers, site, terms, write
from kg.docs.examples import EXAMPLES
from kg.docs.words import texts
from kg.extract import Extractor
from kg.model import LANGUAGES
from kg.queries import library, lint
from kg.queries.run import ask
from kg.read import corpus, read


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    found = KnowledgeGraph.open(str(tmp_path_factory.mktemp("docs") / "store"), read_only=False)
    for article, facts in Extractor().many(read(corpus())):
        found.add(article, facts)
    yield found
    found.close()


@pytest.fixture(scope="module")
def folder(graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site")
    count = write(path, graph, graph.version)
    assert count == len(list(path.rglob("*.html"))) == 3 * (len(site.PAGES) + len(library()))
    return path


def test_the_same_graph_gives_the_same_bytes(graph: KnowledgeGraph, folder: Path, tmp_path: Path) -> None:
    write(tmp_path, graph, graph.version)
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert [f for f in files if (folder / f).read_bytes() != (tmp_path / f).read_bytes()] == []


def test_every_link_leads_somewhere_and_no_page_asks_another_host(folder: Path) -> None:
    pages = {path: lxml.html.fromstring(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")}
    anchors = {path: [e.get("id") for e in page.iter() if e.get("id")] for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        assert len(anchors[path]) == len(set(anchors[path])), f"{path.name} has an id twice"
        for element, attribute, target, _ in page.iterlinks():
            if element.tag != "a" or not target.startswith(("http://", "https://")):
                assert "://" not in target, f"{path.name} fetches {target}"
                place, anchor = urldefrag(target)
                other = (path.parent / unquote(place)).resolve() if place else path
                if not other.is_file() or (anchor and unquote(anchor) not in anchors[other]):
                    broken.append((path.name, attribute, target))
    assert broken == []


def test_every_term_concept_and_question_has_its_place(folder: Path) -> None:
    for lang in LANGUAGES:
        top = folder if lang == "en" else folder / lang
        ontology = lxml.html.parse(str(top / "ontology.html")).getroot()
        assert ontology.get("lang") == lang
        ids = {e.get("id") for e in ontology.iter() if e.get("id")}
        found = terms.terms()
        assert len(found) > 80
        assert {t.name for t in found} <= ids
        concepts = {f"{s.slug}-{c.slug}" for s in terms.schemes() for c in s.concepts}
        vocabularies = lxml.html.parse(str(top / "vocabularies.html")).getroot()
        assert concepts <= {e.get("id") for e in vocabularies.iter() if e.get("id")}
        for name, question in library().items():
            page = (top / "questions" / f"{name}.html").read_text(encoding="utf-8")
            text = lxml.html.fromstring(page).text_content()
            assert question.title[lang] in text
            assert site.body(question).strip() in text, f"the query of {name} is not on its page"
            assert all(parameter.help in text for parameter in question.parameters)


def test_terms_are_read_from_the_files_and_tied_to_questions_and_shapes() -> None:
    found = {term.name: term for term in terms.terms()}
    assert found["RegionalCentre"].above == ["Presence"]
    assert "RegionalCentre" in found["Presence"].below
    assert "what-came-of" in found["ledTo"].questions
    assert ("Evidence", "The confidence of evidence is one number from 0 to 1.") in found["confidence"].rules
    assert all(set(term.label) == set(term.definition) == set(LANGUAGES) for term in found.values())
    assert all(term.note and term.example for term in found.values())


@pytest.mark.parametrize("key", sorted(EXAMPLES))
def test_the_examples_of_the_guide_run_and_find_something(graph: KnowledgeGraph, key: str) -> None:
    assert next(iter(ask(graph, EXAMPLES[key])), None) is not None
    assert lint(EXAMPLES[key]) == []


def test_every_example_is_on_the_page_of_the_data(folder: Path) -> None:
    text = lxml.html.parse(str(folder / "data.html")).getroot().text_content()
    assert [key for key, query in EXAMPLES.items() if query.strip() not in text] == []


def test_an_address_on_a_page_is_one_that_a_query_takes(graph: KnowledgeGraph, folder: Path) -> None:
    """Concepts and entities stand as they are written in SPARQL, which a name with a slash is not."""
    text = (folder / "vocabularies.html").read_text(encoding="utf-8") + (folder / "data.html").read_text("utf-8")
    assert "&lt;kind/form/mission&gt;" in text
    assert re.findall(r"<code>kind:[a-z-]+/", text) == []
    assert answers.written(iris.entity("city/almaty")) == "<id/city/almaty>"
    assert answers.written(iris.term("place")) == "io:place"
    assert answers.written(iris.PREFIXES["org"] + "member") == "org:member"
    place = answers.written(iris.entity("city/almaty"))
    assert len(list(ask(graph, f"SELECT ?label {{ {place} skos:prefLabel ?label }}"))) == 3


def test_the_files_of_the_ontology_can_be_fetched(folder: Path) -> None:
    page = lxml.html.parse(str(folder / "kk" / "ontology.html")).getroot()
    links = [a.get("href") for a in page.iter("a") if "files/" in (a.get("href") or "")]
    assert len(links) == len(site.DOWNLOADS)
    for link in links:
        path = folder / "kk" / link
        assert path.read_bytes() == (resources.directory("ontology") / path.name).read_bytes()


def test_how_many_things_carry_a_property_or_a_concept_is_told(graph: KnowledgeGraph, folder: Path) -> None:
    carried = answers.carried(graph)
    query = "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?p io:form <kind/form/mission> }"
    missions = int(next(iter(ask(graph, query)))["n"].value)
    assert carried.concepts[f"{iris.KIND_PREFIX}form/mission"] == missions > 0
    query = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d io:adoptedBy <kind/adoption/vote> }"
    votes = int(next(iter(ask(graph, query)))["n"].value)
    assert carried.concepts.get(f"{iris.KIND_PREFIX}adoption/vote", 0) == votes
    assert iris.term("quote") in carried.accounts.keys() - carried.merged.keys()
    page = lxml.html.parse(str(folder / "ru" / "vocabularies.html")).getroot()
    assert page.get_element_by_id("form-mission")[1].text_content() == str(missions)
    assert page.get_element_by_id("adoption-vote")[1].text_content() == str(votes)
    text = lxml.html.parse(str(folder / "ontology.html")).getroot().text_content()
    assert f"Default graph: {carried.merged[iris.term('adoptedBy')]}" in text


def test_a_class_has_its_properties_with_those_of_the_wider_one() -> None:
    found = {term.name: term for term in terms.terms()}
    assert {"account", "organization", "rdfs:label", "status"} <= set(found["Presence"].of_class)
    assert not {"topic", "date", "proposer"} & set(found["Presence"].of_class)
    assert {"org:member", "org:organization", "role", "since"} <= set(found["Membership"].of_class)
    assert found["Mission"].of_class == [], "it has those of a presence and no more"
    assert found["place"].joins == ["Count", "EstablishmentReference", "Presence"]
    assert found["since"].takes == ["xsd:date", "xsd:gYear", "xsd:gYearMonth"]
    assert found["hqOf"].change


def test_answers_are_those_of_the_graph(graph: KnowledgeGraph, folder: Path) -> None:
    text = lxml.html.parse(str(folder / "questions" / "what-came-of.html")).getroot().text_content()
    assert "152" in text
    assert "United Nations General Assembly" in text
    service = next(q for q in library().values() if q.service)
    assert "https://query.wikidata.org" in (folder / "questions" / f"{service.name}.html").read_text(encoding="utf-8")
    shown = answers.answer(graph, library()["headquarters-in"], "kk")
    assert shown.total >= len(shown.rows) > 0


def test_each_language_has_the_same_words() -> None:
    for part in ("words", "guide"):
        said = {lang: texts(lang)[part] for lang in LANGUAGES}
        assert len({frozenset(words) for words in said.values()}) == 1
        for key, english in said["en"].items():
            marks = sorted(re.findall(r"\{\w+\}", english))
            assert all(sorted(re.findall(r"\{\w+\}", said[lang][key])) == marks for lang in LANGUAGES), key
            assert all(said[lang][key] for lang in LANGUAGES)
        # Letters that Russian does not have betray a slip of the keyboard.
        russian = " ".join(text for key, text in said["ru"].items() if key != "language")
        assert not re.search(r"[ҰұӨөҚқҢңҒғҮүІіҺһӘә]", russian)


class Hostile:
    """A graph whose every value would like to be markup."""

    def query(self, text: str, /) -> Any:
        value = ox.Literal("</td><script>alert(1)</script>\u202e\"'&", language="en")
        names = re.findall(r"SELECT\s+(?:DISTINCT\s+)?(.*?)\s*WHERE", text, re.DOTALL)[0]
        columns = re.findall(r"AS \?(\w+)|\?(\w+)", re.sub(r"\((?:(?! AS ).)* AS", "( AS", names))
        store = ox.Store()
        row = " ".join(f"({value} AS ?{a or b})" for a, b in columns if (a or b) not in {"class", "things"})
        counted = ' ("1"^^<http://www.w3.org/2001/XMLSchema#integer> AS ?things)'
        kind = " (<https://w3id.org/presence-kg/ontology#Presence> AS ?class)"
        return store.query(f"SELECT {row}{counted}{kind} WHERE {{}}")


def test_what_the_graph_says_is_text_never_markup(tmp_path: Path) -> None:
    write(tmp_path, Hostile(), "<b>")
    pages = list(tmp_path.rglob("*.html"))
    assert sum("&lt;script&gt;alert" in page.read_text(encoding="utf-8") for page in pages) > 100
    for page in pages:
        root = lxml.html.parse(str(page)).getroot()
        assert [e.get("src") for e in root.iter("script")] in (["script.js"], ["../script.js"], ["../../script.js"])
        assert not list(root.iter("b"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast(scheme: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1 against the page and against blocks."""
    style = site._environment().loader.get_source(site._environment(), "style.css")[0]  # type: ignore[union-attr]
    pairs = dict(re.findall(r"--(\w+): light-dark\((#\w+, #\w+)\)", style))
    colour = {name: pair.split(", ")[scheme == "dark"] for name, pair in pairs.items()}

    def luminance(text: str) -> float:
        parts = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    inks = ["ink", "soft", "link", "warn", "good", "plum"]
    assert set(inks) < set(colour)
    for ground in ("page", "block"):
        for ink in inks:
            light, dark = sorted((luminance(colour[ground]), luminance(colour[ink])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{ink} on {ground}"


def test_the_command_writes_the_bundled_articles_where_there_is_no_graph(tmp_path: Path) -> None:
    store = str(tmp_path / "none")
    result = CliRunner().invoke(cli.main, ["docs", "-o", str(tmp_path / "site"), "--store", store])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "site" / "kk" / "questions" / "life-line.html").is_file()
    assert not Path(store).exists()
    assert "the answers are those of the bundled articles" in result.stderr


def test_a_folder_that_cannot_be_written_is_told(graph: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    result = CliRunner().invoke(cli.main, ["docs", "-o", str(tmp_path / "site")])
    assert result.exit_code == 2
    assert "is a file" in result.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_pages_fit_any_screen_and_stay_quiet(chromium: Any, folder: Path, width: int, scheme: str) -> None:
    page = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    names = [*site.PAGES, "questions/who-is-in", "questions/find", "kk/data", "ru/ontology", "ru/questions/life-line"]
    for name in names:
        page.goto((folder / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert told == []
    assert [url for url in asked if not url.startswith("file:")] == []
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}[scheme]


def test_the_reader_can_choose_light_or_dark_and_keeps_it(chromium: Any, folder: Path) -> None:
    page = chromium.new_context(color_scheme="light").new_page()
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("button", name="Light or dark").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Ontology").first.click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    with page.expect_navigation():
        page.get_by_role("link", name="Қазақша").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Онтология"
