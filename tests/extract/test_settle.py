"""What follows from the facts of an article together."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.model import Article, Entity, PartialDate


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The UN General Assembly adopted a resolution by which it set up a regional centre in Almaty."),
        ("ru", "Генеральная Ассамблея ООН приняла резолюцию об открытии в Алматы регионального центра."),
        ("kk", "БҰҰ Бас Ассамблеясы Алматыда өңірлік орталық құру туралы қарар қабылдады."),
    ],
)
def test_what_an_organ_decides_on_is_its_bodys(extractor: Extractor, lang: str, text: str) -> None:
    facts = extractor.facts(Article("test", lang, "", text, PartialDate("2025-03-05")))
    owners = [f.slots["organization"] for f in facts if f.kind == "presence"]
    assert [o.id for o in owners if isinstance(o, Entity)] == ["organization/un"]
    bodies = [f.slots["body"] for f in facts if f.kind == "decision"]
    assert [b.id for b in bodies if isinstance(b, Entity)] == ["organization/un-general-assembly"]


def test_a_centre_that_an_organ_set_up_is_its_bodys(extractor: Extractor) -> None:
    text = "Генассамблея ООН учредила в Алматы региональный центр для Центральной Азии."
    facts = extractor.facts(Article("test", "ru", "", text, PartialDate("2025-03-05")))
    owners = [f.slots["organization"] for f in facts if f.kind == "presence"]
    assert [o.id for o in owners if isinstance(o, Entity)] == ["organization/un"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The bank lent US $5 million and 3 million US dollars."),
        ("ru", "Банк выделил два миллиона долларов США."),
        ("kk", "Банк екі миллиард АҚШ долларын бөлді."),
    ],
)
def test_a_currency_is_no_country(extractor: Extractor, lang: str, text: str) -> None:
    reading = extractor.reader.read(Article("test", lang, "", text))
    assert not [m for m in reading.mentions if m.type == "country"]


@pytest.mark.parametrize(
    ("lang", "text", "status"),
    [
        ("en", "A regional office of UNESCO will open in Naryn.", "planned"),
        ("en", "UNESCO opened a regional office in Naryn.", "operating"),
        ("en", "UNESCO closed its regional office in Naryn.", "closed"),
        ("ru", "В Нарыне откроется региональный офис ЮНЕСКО.", "planned"),
        ("ru", "В Нарыне открылся региональный офис ЮНЕСКО.", "operating"),
        ("ru", "Региональный офис ЮНЕСКО в Нарыне закрыт.", "closed"),
        ("kk", "Нарында ЮНЕСКО-ның өңірлік кеңсесі ашылады.", "planned"),
        ("kk", "Нарында ЮНЕСКО-ның өңірлік кеңсесі ашылды.", "operating"),
    ],
)
def test_a_verb_beside_an_establishment_tells_its_status(
    extractor: Extractor, lang: str, text: str, status: str
) -> None:
    facts = extractor.facts(Article("test", lang, "", text, PartialDate("2025-03-05")))
    assert [f.slots["status"] for f in facts if f.kind == "presence"] == [status]
