"""Trigger words: prefixes, endings, the longest of a family, files of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.extract.features import CLASSES
from kg.extract.lexicon import FRAMES, Lexicon, lexicon, read_classes
from kg.language.tokens import analyse
from kg.model import CONCEPTS, FORMS, LANGUAGES


def find(words: Lexicon, text: str) -> list[tuple[str, str]]:
    document = analyse("", text)
    return [
        (text[document.starts[t.first] : document.ends[t.last - 1]], t.name)
        for s in document.sentences
        for t in words.find(document.low, s.first, s.last)
    ]


def test_a_star_stands_for_any_ending_or_beginning() -> None:
    words = Lexicon({"v.open": ["откры*"], "m.future": ["*мақ"], "n.law": ["act"]})
    assert find(words, "Открыт, открытие, откроет") == [("Открыт", "v.open"), ("открытие", "v.open")]
    assert find(words, "ашылмақ мақ") == [("ашылмақ", "m.future")]
    assert find(words, "an act, an actor") == [("act", "n.law")]


def test_a_star_alone_stands_for_any_word() -> None:
    words = Lexicon({"est.regional-centre": ["regional * centre"]})
    assert find(words, "the regional climate centre") == [("regional climate centre", "est.regional-centre")]
    assert find(words, "the regional centre") == []


def test_of_one_family_the_longest_stands_and_families_do_not_meet() -> None:
    words = Lexicon({"est.office": ["office*"], "est.country-office": ["country office*"], "n.country": ["country"]})
    found = find(words, "a country office")
    assert set(found) == {("country office", "est.country-office"), ("country", "n.country")}


def test_two_classes_may_have_the_same_word() -> None:
    words = Lexicon({"v.adopt": ["ratif*"], "v.ratify": ["ratif*"]})
    assert {name for _, name in find(words, "ratified")} == {"v.adopt", "v.ratify"}


def test_folding_reaches_both_sides() -> None:
    words = Lexicon({"v.open": ["ОТКРЫЛСЯ", "учреждён"]})
    assert find(words, "Открылся, учрежден, УЧРЕЖДЁН") == [
        ("Открылся", "v.open"),
        ("учрежден", "v.open"),
        ("УЧРЕЖДЁН", "v.open"),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_shipped_files_have_the_classes_that_the_rules_use(lang: str) -> None:
    classes = read_classes(FRAMES / f"{lang}.yaml")
    assert set(CLASSES) <= set(classes)
    assert {f"est.{form}" for form in FORMS} <= set(classes)
    assert {f"title.{position}" for position in CONCEPTS["position"]} <= set(classes)
    assert {f"theme.{theme}" for theme in CONCEPTS["theme"]} <= set(classes)
    assert all(classes.values())


def test_files_of_ones_own_are_added(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("triggers:\n  est.office: [survey hut*]\n", encoding="utf-8")
    (tmp_path / "kk.yaml").write_text("triggers:\n  est.office: {words: [ұя*]}\n", encoding="utf-8")
    extra = (tmp_path / "mine.yaml", tmp_path / "kk.yaml")
    assert ("survey hut", "est.office") in find(lexicon("en", extra), "A survey hut opened.")
    assert ("ұясы", "est.office") in find(lexicon("kk", extra), "Ұйымның ұясы бар.")
    assert ("ұясы", "est.office") not in find(lexicon("ru", extra), "Ұйымның ұясы бар.")
    assert ("survey hut", "est.office") not in find(lexicon("en"), "A survey hut opened.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("triggers: [", "cannot be read"),
        ("words: {}", "no mapping 'triggers'"),
        ("- a", "no mapping 'triggers'"),
        ("triggers:\n  v.open: {}", "needs a list"),
        ("triggers:\n  v.open: ['']", "needs a list"),
    ],
)
def test_a_file_of_another_form_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_classes(path)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_classes(Path("nowhere.yaml"))


_WAYS = {
    "presence": ("est.", "v.open", "v.operate", "v.host", "v.close"),
    "proposal": ("v.propose", "n.initiative"),
    "decision": ("v.adopt", "v.ratify", "v.vote", "v.sponsor", "n.resolution", "n.decision", "n.declaration", "n.law"),
    "agreement": ("v.sign", "n.agreement", "n.host"),
    "membership": ("v.join", "v.leave", "v.elect", "v.apply", "v.chair", "n.member", "n.observer", "n.candidate"),
    "relocation": ("v.move",),
    "count": ("n.staff", "n.agencies", "n.intorg", "n.dipl", "n.offices", "n.states", "n.cover"),
    "tenure": ("title.", "v.head"),
}
"""The trigger classes by which a kind of fact is said."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_may_be_said_in_thirty_ways(lang: str) -> None:
    classes = read_classes(FRAMES / f"{lang}.yaml")
    ways = {
        kind: {word for name, words in classes.items() if name.startswith(prefixes) for word in words}
        for kind, prefixes in _WAYS.items()
    }
    assert {kind: len(words) for kind, words in ways.items() if len(words) < 30} == {}
