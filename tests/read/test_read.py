"""Reading of files, folders and standard input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from kg import iris
from kg.errors import KgError, Problem
from kg.model import Article
from kg.read import read

ENGLISH = "The United Nations has opened an office in Almaty. It is the first of the regional offices in the city."
KAZAKH = "Біріккен Ұлттар Ұйымы Алматы қаласында өңірлік кеңсе ашты."
RUSSIAN = "Организация Объединённых Наций открыла в Алматы региональный офис, и об этом сообщили в городе."


def articles(*sources: Path | str) -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    return list(read(sources, problems.append)), problems


def test_plain_text_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + f"Headline\r\n\r\n{ENGLISH}\r\n".encode())
    [article], problems = articles(path)
    assert article.text == f"Headline\n\n{ENGLISH}\n"
    assert (article.title, article.lang, article.published, problems) == ("", "en", None, [])
    assert article.id == iris.digest("", article.text)
    assert article.source == str(path)


@pytest.mark.parametrize(("text", "lang"), [(ENGLISH, "en"), (RUSSIAN, "ru"), (KAZAKH, "kk")])
def test_language_of_a_file(tmp_path: Path, text: str, lang: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    [article], problems = articles(path)
    assert article.lang == lang
    assert not problems


def test_another_language_is_kept_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Les Nations unies ouvrent un bureau régional dans la ville.", encoding="utf-8")
    [article], [problem] = articles(path)
    assert article.lang == "und"
    assert problem.severity == "warning"
    assert "kept as a source" in problem.message


def test_markdown_front_matter_and_markup(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        f"---\ntitle: An office\ndate: 2025-08-05\nurl: https://example.org/a\n---\n## Part\n{ENGLISH} **Now** "
        "[here](x).\n",
        encoding="utf-8",
    )
    [article], _ = articles(path)
    assert article.title == "An office"
    assert str(article.published) == "2025-08-05"
    assert article.text == f"Part\n{ENGLISH} Now here."
    assert article.id == iris.digest("https://example.org/a")


def test_markdown_heading_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"# A *new* office\n\n{ENGLISH}\n", encoding="utf-8")
    [article], _ = articles(path)
    assert (article.title, article.text) == ("A new office", ENGLISH)


PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An office opens</title>
<meta property="og:title" content="An office opens"><meta property="article:published_time"
content="2025-08-05T10:00:00Z">
<meta property="og:site_name" content="The Steppe Courier"><link rel="canonical" href="https://example.org/news/1"></head>
<body><nav><a href="/">Home</a><a href="/x">World</a></nav><article><h1>An office opens</h1>
<p>{ENGLISH}</p><p>Share 12</p><p>12:45</p><p>09:10</p>
<p>The staff of the office will serve five countries of the region, according to the organisation.</p></article>
<script>var tracking = 1;</script><footer>All rights reserved</footer></body></html>"""


def test_web_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    [article], problems = articles(path)
    assert article.title == "An office opens"
    assert str(article.published) == "2025-08-05"
    assert article.url == "https://example.org/news/1"
    assert article.outlet == "The Steppe Courier"
    assert ENGLISH in article.text
    assert "12:45" not in article.text
    assert "Share" not in article.text
    assert "tracking" not in article.text
    assert not problems


def test_web_page_in_its_own_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    page = f'<html><head><meta charset="windows-1251"><title>Офис</title></head><body><p>{RUSSIAN}</p></body></html>'
    path.write_bytes(page.encode("cp1251"))
    [article], problems = articles(path)
    assert RUSSIAN in article.text
    assert not problems


def test_json_forms_read_the_same(tmp_path: Path) -> None:
    one = {"id": "a-1", "lang": "en", "published": "2025-08", "title": "T", "text": f"{ENGLISH}\r\n", "facts": []}
    forms = {
        "one.json": json.dumps(one, indent=1),
        "list.json": json.dumps([one]),
        "set.json": json.dumps({"entities": {}, "articles": [one]}),
        "lines.jsonl": json.dumps(one) + "\n",
    }
    read_articles = []
    for name, content in forms.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        [article], problems = articles(tmp_path / name)
        assert not problems
        assert article.text == f"{ENGLISH}\r\n", "JSON text is kept letter for letter"
        read_articles.append((article.id, article.lang, str(article.published), article.title, article.text))
    assert len(set(read_articles)) == 1


def test_broken_line_is_named_and_the_rest_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps({"id": "1", "text": ENGLISH}), json.dumps({"id": "2", "text": ENGLISH + " Again."})
    path.write_text(f'{good[0]}\n{{"text": "half\n\n[1]\n{good[1]}\n', encoding="utf-8")
    found, problems = articles(path)
    assert [a.id for a in found] == ["1", "2"]
    assert [p.where for p in problems] == [f"{path}, line 2", f"{path}, line 4"]
    assert all(p.remedy and p.severity == "error" for p in problems)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": 5}, 'the field "text" is a number, not text'),
        ({"text": ["a"]}, 'the field "text" is a list, not text'),
        ({"text": "a", "title": {}}, 'the field "title" is an object, not text'),
        ({"text": "a", "id": [1]}, 'the field "id" is a list, not text'),
        ({"text": "a", "id": "i" * 201}, "the id is too long"),
        ({"text": "  "}, "the article is empty"),
        ({"body": "a"}, "the article has no text"),
        ({"text": "a \ud800"}, "lone surrogate"),
    ],
)
def test_wrong_fields(tmp_path: Path, fields: dict[str, object], told: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(fields) + "\n", encoding="utf-8")
    found, [problem] = articles(path)
    assert found == []
    assert told in problem.message
    assert problem.where == f"{path}, line 1"


@pytest.mark.parametrize("date", ["yesterday", "2025-13-01", "05.08.2025", {"y": 1}, 12, True])
def test_bad_date_is_dropped_and_the_article_kept(tmp_path: Path, date: object) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"text": ENGLISH, "published": date}), encoding="utf-8")
    [article], [problem] = articles(path)
    assert article.published is None
    assert problem.severity == "warning"


@pytest.mark.parametrize(
    ("given", "date"), [("2025-08-05T10:00:00+05:00", "2025-08-05"), (2025, "2025"), ("2025-08", "2025-08")]
)
def test_good_dates(tmp_path: Path, given: object, date: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"text": ENGLISH, "date": given}), encoding="utf-8")
    [article], problems = articles(path)
    assert (str(article.published), problems) == (date, [])


def test_duplicate_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [{"id": "1", "text": "First."}, {"id": "1", "text": "First."}, {"id": "1", "text": "Other."}]
    path.write_text("".join(json.dumps({"lang": "en", **line}) + "\n" for line in lines), encoding="utf-8")
    [article], problems = articles(path)
    assert article.text == "First."
    assert [p.severity for p in problems] == ["warning", "error"]
    assert "line 1" in problems[1].message


def test_missing_file_stops_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    with pytest.raises(KgError, match="no such file"):
        read([tmp_path / "a.txt", tmp_path / "b.txt"])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.json", b"[]", "empty"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"3", "neither an article"),
        ("a.json", b'{"text": "a"', "column 13"),
        ("a.txt", b"\x7fELF\x02\x01\x00\x00" * 50, "not a text but a program"),
        ("a.txt", bytes(range(256)) * 9, "binary"),
        ("a.pdf", b"%PDF-1.7 ...", "a PDF file"),
        ("a.jsonl", b"PK\x03\x04\x00\x00", "ZIP archive"),
        ("a.txt", b"\xff\xfe\x41", "not UTF-16"),
        ("a.txt", b"caf\xe9 \x81\x9d\x8d" * 20, "not UTF-8"),
        ("a.html", b"<html><body></body></html>", "no text"),
        ("a.txt", b"x " * 25_000_000, "too long"),
        ("a.jsonl", b'{"text": "' + b"x " * 25_000_000 + b'"}', "too long"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found, [problem] = articles(path)
    assert found == []
    assert told in str(problem)
    assert problem.severity == "error"
    assert problem.remedy


@pytest.mark.parametrize(
    ("text", "encoding", "warned"),
    [
        (RUSSIAN, "utf-8-sig", ""),
        (RUSSIAN, "utf-16", ""),
        (RUSSIAN, "utf-16-le", ""),
        (RUSSIAN, "utf-16-be", ""),
        (ENGLISH, "utf-16-le", ""),
        (RUSSIAN, "cp1251", "Windows-1251"),
        (KAZAKH, "kz1048", "Windows-1251 with Kazakh letters"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str, warned: str) -> None:
    for name, content in {"a.txt": text, "a.jsonl": json.dumps({"text": text}, ensure_ascii=False)}.items():
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        [article], problems = articles(path)
        assert article.text == text
        assert [warned in p.message for p in problems] == ([True] if warned else [])


def test_folder_is_read_in_sorted_order_with_subfolders(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "a.txt", "b/b.txt", ".hidden.txt", "notes.xyz"):
        (tmp_path / name).write_text(f"{ENGLISH} {name}", encoding="utf-8")
    found, problems = articles(tmp_path)
    assert [Path(a.source).name for a in found] == ["a.txt", "b.txt", "c.txt"]
    [problem] = problems
    assert (problem.severity, problem.where) == ("warning", str(tmp_path))
    assert "1 file is no article by name and skipped, notes.xyz first" in problem.message


def test_empty_folder(tmp_path: Path) -> None:
    found, [problem] = articles(tmp_path)
    assert found == []
    assert "holds no articles" in problem.message


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (json.dumps({"id": "1", "text": ENGLISH}), ["1"]),
        (json.dumps({"id": "1", "text": ENGLISH}, indent=2), ["1"]),
        ("\n".join(json.dumps({"id": str(i), "text": f"{ENGLISH} {i}"}) for i in range(3)), ["0", "1", "2"]),
        (json.dumps([{"id": "1", "text": ENGLISH}]), ["1"]),
        (json.dumps({"articles": [{"id": "1", "text": ENGLISH}]}), ["1"]),
        (ENGLISH, [iris.digest("", ENGLISH)]),
        (PAGE, [iris.digest("https://example.org/news/1")]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: str, ids: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode()), encoding="utf-8"))
    found, problems = articles("-")
    assert [a.id for a in found] == ids
    assert not problems
