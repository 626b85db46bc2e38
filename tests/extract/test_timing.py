"""What the verb beside an establishment says of it."""

from __future__ import annotations

import pytest

from kg.extract.candidates import candidates
from kg.extract.candidates.base import Generator
from kg.extract.mentions import Reader
from kg.extract.timing import NAMES, timing, told
from kg.language.tense import Tense
from kg.model import Article
from kg.reference import load


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "UNESCO opened an office in Naryn.", ("open", Tense.PAST)),
        ("en", "UNESCO will open an office in Naryn.", ("open", Tense.FUTURE)),
        ("en", "UNESCO shut its office in Naryn.", ("close", Tense.PAST)),
        ("en", "UNESCO, which has not closed its office in Naryn, grew.", ("", Tense.UNKNOWN)),
        ("ru", "В Нарыне откроется офис ЮНЕСКО.", ("open", Tense.FUTURE)),
        ("ru", "Офис ЮНЕСКО в Нарыне закрыт.", ("close", Tense.PAST)),
        ("ru", "Офис ЮНЕСКО действует в Нарыне.", ("work", Tense.PRESENT)),
        ("kk", "Нарында ЮНЕСКО кеңсесі ашылады.", ("open", Tense.PRESENT)),
        ("kk", "Нарында ЮНЕСКО кеңсесі ашылды.", ("open", Tense.PAST)),
    ],
)
def test_told(lang: str, text: str, expected: tuple[str, Tense]) -> None:
    reader = Reader(load())
    generator = Generator(reader.read(Article("a", lang, "", text)), reader.knowledge)
    presences = [c for c in candidates(generator) if c.kind == "presence" and c.values["form"] == "country-office"]
    assert {told(generator.view, c) for c in presences} == {expected}
    assert {len(timing(generator.view, c)) for c in presences} == {4 * len(NAMES)}
