"""Names of the tables in the forms that a text gives them."""

from __future__ import annotations

import pytest

from kg.extract.names import is_acronym
from tests.extract.conftest import Read, spans

CASES = [
    ("en", "The UN's office", ("UN's", "organization/un", "gen")),
    ("en", "in New York", ("New York", "city/new-york", "loc")),
    ("en", "moved to Geneva", ("Geneva", "city/geneva", "dat")),
    ("en", "an Uzbek envoy", ("Uzbek", "country/uz", "adj")),
    ("ru", "в Женеве", ("Женеве", "city/geneva", "loc")),
    ("ru", "из Женевы", ("Женевы", "city/geneva", "abl")),
    ("ru", "женевский офис", ("женевский", "city/geneva", "adj")),
    ("ru", "казахстанские врачи", ("казахстанские", "country/kz", "adj")),
    (
        "ru",
        "Шанхайскую организацию сотрудничества",
        ("Шанхайскую организацию сотрудничества", "organization/sco", "acc"),
    ),
    ("kk", "Астанада", ("Астанада", "city/astana", "loc")),
    ("kk", "БҰҰ-ның кеңсесі", ("БҰҰ-ның", "organization/un", "gen")),
    ("kk", "ЮНЕСКО-ға", ("ЮНЕСКО-ға", "organization/unesco", "dat")),
    ("kk", "Алматыдағы", ("Алматыдағы", "city/almaty", "attr")),
    ("kk", "Бас Ассамблеясының", ("Бас Ассамблеясының", "organization/un-general-assembly", "gen")),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_forms(read: Read, lang: str, text: str, expected: tuple[str, str, str]) -> None:
    assert expected in spans(read(lang, f"{text}."))


@pytest.mark.parametrize(
    ("lang", "text", "entity"),
    [
        ("en", "the UN Security Council", "organization/un-security-council"),
        ("ru", "Совет Безопасности ООН", "organization/un-security-council"),
        ("kk", "БҰҰ Қауіпсіздік Кеңесі", "organization/un-security-council"),
        ("en", "the UN General Assembly", "organization/un-general-assembly"),
    ],
)
def test_the_longest_name_wins(read: Read, lang: str, text: str, entity: str) -> None:
    assert [s[1] for s in spans(read(lang, f"{text}."), "organization")] == [entity]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A nice reading of the most mobile order."),
        ("en", "who said it, and what is it worth"),
        ("ru", "Мало того, дело таким образом закрыто."),
        ("kk", "Алайда келесі барлық мәселе басқа."),
    ],
)
def test_common_words_are_no_names(read: Read, lang: str, text: str) -> None:
    assert spans(read(lang, text)) == []


@pytest.mark.parametrize(
    ("lang", "text", "entity"),
    [("en", "KAZAKHSTAN", "country/kz"), ("ru", "Kазахстан", "country/kz"), ("kk", "Нью‑Йоркте", "city/new-york")],
)
def test_dirty_text(read: Read, lang: str, text: str, entity: str) -> None:
    assert entity in [s[1] for s in spans(read(lang, f"{text} – UN."))]


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_latin_names_stand_in_any_text(read: Read, lang: str) -> None:
    assert "organization/unicef" in [s[1] for s in spans(read(lang, "UNICEF, Ош."))]


@pytest.mark.parametrize("name", ["Мария", "Александр", "Виктор", "Константин"])
def test_first_names_are_no_cities(read: Read, name: str) -> None:
    assert spans(read("ru", f"Министр {name} Петров выступил."), "city") == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [("с Грузией", "country/ge"), ("Шанхайской организацией сотрудничества", "organization/sco")],
)
def test_the_instrumental_of_ia(read: Read, text: str, entity: str) -> None:
    assert entity in [s[1] for s in spans(read("ru", f"Подписано {text}."))]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("UN", True), ("УВКБ", True), ("UNDPs", True), ("Office", False), ("A", False), ("БҰҰ", True)],
)
def test_acronyms(word: str, expected: bool) -> None:
    assert is_acronym(word) is expected
