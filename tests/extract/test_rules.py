"""Every example of the rules is read as it says, and the check tells what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.extract import Extractor, rules
from kg.model import KINDS, LANGUAGES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_shipped_rules_hold(lang: str, extractor: Extractor) -> None:
    assert [str(p) for p in rules.check(lang, extractor) if p.severity == "error"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_enough_texts_of_every_kind_and_traps(lang: str) -> None:
    texts = rules.read(lang).texts
    assert len(texts) >= 25
    assert {fact["kind"] for text in texts for fact in text.says} == set(KINDS)
    assert sum(not text.says for text in texts) >= 6
    assert sum(text.known_miss for text in texts) <= len(texts) / 3


def test_classes_are_the_same_in_all_languages() -> None:
    english, russian, kazakh = (list(rules.read(lang).classes) for lang in LANGUAGES)
    assert english == russian == kazakh


def test_every_class_is_explained() -> None:
    page = (ROOT / "docs" / "RULES.md").read_text(encoding="utf-8")
    assert [name for name in sorted(rules.known_classes()) if f"`{name}`" not in page] == []


GOOD = """
triggers:
  est.office: [coordination cell*]
examples:
  est.office: A coordination cell opened.
facts:
  - text: The World Bank opened a coordination cell in Dushanbe.
    published: 2024-05-20
    says:
      - {kind: presence, organization: World Bank, place: Dushanbe, form: country-office}
  - text: Nobody came.
"""


def problems(tmp_path: Path, text: str, name: str = "mine.yaml") -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [f"{p.severity} {p}" for p in rules.check(path)]


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  est.office: [", "  est.ofice: [", "no rule knows the class 'est.ofice' (perhaps: est.office"),
        ("examples:\n  est.office: A coordination cell opened.\n", "", "est.office: there is no example"),
        ("cell opened", "panel opened", "none of its words is in"),
        ("form: country-office", "form: mission", "does not say presence"),
        ("  - text: Nobody came.", "  - text: UNICEF is based in New York.", "says also presence"),
        (
            "[coordination cell*]",
            "[coordination cell*, co-ordination]",
            "warning mine.yaml: est.office: no text",
        ),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new))
    assert any(message in problem for problem in found), found


def test_a_known_miss_is_tolerated_until_it_is_none(tmp_path: Path) -> None:
    missed = GOOD.replace("    published:", "    known-miss: true\n    published:").replace("country-office", "mission")
    assert problems(tmp_path, missed) == []
    found = problems(tmp_path, missed.replace("mission", "country-office"))
    assert [p.split()[0] for p in found] == ["warning"]
    assert "read as it should" in found[0]


def test_a_longer_word_that_hides_an_example_is_told(tmp_path: Path) -> None:
    text = "triggers:\n  est.mission: [country]\nexamples:\n  est.mission: A country office opened.\n"
    found = problems(tmp_path, text)
    assert any("est.country-office hides it" in problem for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("organization: World Bank", "owner: World Bank", "has no slot 'owner'"),
        ("kind: presence, ", "", "is no text with its facts"),
        ("kind: presence", "kind: party", "is no text with its facts"),
        ("2024-05-20", "20 May", "is no text with its facts"),
        ("Nobody came.", "Les Nations unies ont ouvert un bureau.", "language cannot be told"),
        ("  est.office: A coordination cell opened.", "  - est.office", "must map each class"),
        ("  est.office: A coordination cell opened.", "  est.office: []\n  v.open: {}", "must be a sentence"),
    ],
)
def test_a_file_of_another_form_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(UsageError, match=message):
        problems(tmp_path, GOOD.replace(old, new))


def test_a_kazakh_file_is_for_kazakh(tmp_path: Path) -> None:
    text = "triggers:\n  est.office: [ұя*]\nexamples:\n  est.office: Ұйым ұясын ашты.\n"
    assert problems(tmp_path, text, "kk.yaml") == []
    assert rules.read(tmp_path / "kk.yaml").lang == "kk"
