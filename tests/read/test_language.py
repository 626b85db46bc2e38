"""Which language a text is in."""

from __future__ import annotations

import pytest

from kg.read import identify


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("ООН открыла офис в Алматы", "ru"),
        ("UN opens office in Almaty", "en"),
        ("БҰҰ кеңсесі ашылды", "kk"),
        ("Украина підписала угоду з ООН про відкриття офісу", "und"),
        ("Бүгүн Бишкекте эл аралык жолугушуу болду, деп билдирди өкмөт", "und"),
        ("Тоҷикистон ба узвияти созмон қабул шуд", "und"),
        ("L'ONU ouvre un bureau à Almaty", "und"),
        ("联合国", "und"),
        ("2025 — 152/193", "und"),
        ("", "und"),
    ],
)
def test_language(text: str, lang: str) -> None:
    assert identify(text) == lang


def test_kazakh_names_do_not_make_a_russian_text_kazakh() -> None:
    text = "Об этом заявил Қасым-Жомарт Тоқаев на встрече с руководством организации, и его поддержали в регионе. " * 3
    assert identify(text) == "ru"


def test_paragraphs_are_weighed() -> None:
    russian = "Организация открыла в городе офис, и об этом сообщили на встрече с журналистами.\n"
    kazakh = "Ұйым қалада өңірлік кеңсе ашты.\n"
    assert identify(russian * 5 + kazakh) == "ru"
    assert identify(kazakh * 9 + russian) == "kk"
