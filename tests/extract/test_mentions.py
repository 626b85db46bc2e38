"""Everything that an article names: lists, numbers, words that stand for a name, establishments by their name."""

from __future__ import annotations

import itertools

import pytest

from kg.extract.mentions import establishment_kind
from tests.extract.conftest import Read, spans


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It has staff in Paris, Rome and Vienna."),
        ("ru", "Делегации из Парижа, Рима и Вены приехали."),
        ("kk", "Ол Парижде, Римде және Венада жұмыс істейді."),
    ],
)
def test_the_members_of_a_list_share_case_and_bounds(read: Read, lang: str, text: str) -> None:
    cities = [m for m in read(lang, text).mentions if m.type == "city"]
    assert [m.entity.id for m in cities] == ["city/paris", "city/rome", "city/vienna"]
    assert len({m.run for m in cities}) == 1
    assert cities[0].run == (cities[0].first, cities[-1].last)
    if lang != "ru":
        assert len({m.case for m in cities}) == 1


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "It won 152 votes of 193; 1,100 staff, twenty-four people.", [152, 193, 1100, 24]),
        ("en", "Resolution 77/158, 3.5 million, the 74th time, 5% and B-52.", []),
        ("en", "Opened on 4 March 2024 with 12 rooms.", [12]),
        ("ru", "Работают 24 агентства, двенадцать фондов и 1 100 человек.", [24, 12, 1100]),
        ("ru", "На 74-й сессии, 12.03.2020, 5%.", []),
        ("ru", "Выросло на 5 %.", []),
        ("ru", "Он стоит 3,5 млн.", []),
        ("kk", "193 елдің 152-cі қолдады.", [193, 152]),  # the letter before the last is Latin
        ("kk", "Онда 12 қызметкер, он бес маман бар.", [12, 15]),
        ("kk", "193 елдің 152-сі қолдады, 74-сессия.", [193, 152]),
    ],
)
def test_numbers(read: Read, lang: str, text: str, values: list[int]) -> None:
    assert [n.value for n in read(lang, text).numbers] == values


@pytest.mark.parametrize(
    ("lang", "text", "entity", "how"),
    [
        ("en", "The Uzbek capital is large.", "city/tashkent", "capital"),
        ("en", "The Asian Development Bank met. The bank is big.", "organization/adb", "anaphor"),
        ("ru", "Евразийский банк развития вырос. Банк переехал.", "organization/edb", "anaphor"),
        ("kk", "Еуразиялық даму банкі өсті. Банк көшті.", "organization/edb", "anaphor"),
    ],
)
def test_words_that_stand_for_a_name(read: Read, lang: str, text: str, entity: str, how: str) -> None:
    assert (entity, how) in [(m.entity.id, m.how) for m in read(lang, text).mentions]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("United Nations Mission in Liberia", "est.mission"),
        ("Regional Centre for Mountains", "est.regional-centre"),
        ("Региональный офис по климату", "est.regional-office"),
        ("Тау ғылымдары орталығы", "est.centre"),
        ("Asian Development Bank", None),
    ],
)
def test_establishments_by_their_name(name: str, kind: str | None) -> None:
    assert establishment_kind(name) == kind


def test_a_place_that_is_a_city_and_a_country_keeps_both_readings(read: Read) -> None:
    (mention,) = [m for m in read("en", "It is in Djibouti.").mentions if m.type in {"city", "country"}]
    assert {mention.type, *(m.type for m in mention.others)} == {"city", "country"}


def test_an_article_does_not_make_a_name_longer(read: Read) -> None:
    reading = read("en", "Curaçao is now an associate member of the Caribbean Community.")
    assert "organization/caricom" in {entity for _, entity, _ in spans(reading)}


def test_mentions_do_not_overlap_and_the_order_is_that_of_the_text(read: Read) -> None:
    text = (
        "The UN General Assembly in New York and the UN Security Council heard António Guterres of the United Nations."
    )
    mentions = read("en", text).mentions
    assert spans(read("en", text))
    for before, after in itertools.pairwise(mentions):
        assert before.last <= after.first


def test_the_title_counts_as_text(read: Read) -> None:
    reading = read("en", "Nothing else.", "UNICEF opens office in Osh")
    assert [s[1] for s in spans(reading)][:2] == ["organization/unicef", "city/osh"]
    assert all(reading.document.sentences[m.sentence].title for m in reading.mentions)


def test_places_and_possessors_bound_new_names(read: Read) -> None:
    def new(lang: str, text: str) -> list[str]:
        return [m.entity.names[-1] for m in read(lang, text).mentions if m.how == "new"]

    assert new("en", "The Oak Energy Centre in Bengaluru is at work.") == ["Oak Energy Centre"]
    assert new("en", "The Bank's Vice-President Khaled Sherif and David Cleave's staff came.") == [
        "Khaled Sherif",
        "David Cleave",
    ]
    assert new("kk", "Мәскеудегі Еуразия өңірлік орталығы құрылды.") == ["Еуразия өңірлік орталығы"]
    assert new("ru", "Вчера выступил Хусейн аль-Мусаллам.") == ["Хусейн аль-Мусаллам"]


def test_a_latin_name_before_its_kind_is_the_name_itself(read: Read) -> None:
    unknown, known = (
        next(m.entity for m in read("kk", text).mentions if m.how == "new")
        for text in ("Oakwatch агенттігі жұмыс істейді.", "UNDP жаңа статистика орталығы ашылды.")
    )
    assert "Oakwatch" in unknown.names
    assert "UNDP" not in known.names


def test_a_family_name_behind_another_given_name_is_someone_else(read: Read) -> None:
    people = [m.entity.id for m in read("en", "The talks were led by Tidiane Ouattara.").mentions if m.type == "person"]
    assert people == ["person/x-tidiane-ouattara"]


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("Фонд переехал в Будапешт.", "dat"),
        ("Фонд находится в Будапеште.", "loc"),
        ("Фонд переехал в город Осло.", "dat"),
        ("Фонд работает в городе Осло.", "loc"),
        ("Фонд работает в Осло.", "loc"),
        ("Фонд переехал в Женеву.", "dat"),
        ("Фонд уехал на Филиппины.", "dat"),
        ("Фонд работает на Филиппинах.", "loc"),
    ],
)
def test_russian_accusatives_like_the_nominative_say_whither(read: Read, text: str, case: str) -> None:
    (place,) = (m for m in read("ru", text).mentions if m.type in {"city", "country"})
    assert place.case == case


def test_here_is_not_the_place_that_is_left(read: Read) -> None:
    text = "Кеңсе Додомада ашылды. Ұйым Каирден осында көшірілді."
    (here,) = (m for m in read("kk", text).mentions if m.how == "anaphor" and m.type == "city")
    assert here.entity.id == "city/dodoma"


def test_a_fund_is_itself_and_neither_its_parent_nor_its_board(read: Read) -> None:
    for lang, text in (
        ("en", "The Green Climate Fund met. The Fund's Board agreed."),
        ("ru", "Зелёный климатический фонд вырос. Правление фонда согласилось."),
    ):
        anaphors = [m for m in read(lang, text).mentions if m.how == "anaphor" and m.type == "organization"]
        assert [m.entity.names[0] for m in anaphors] == ["Green Climate Fund"]


def test_a_kazakh_object_begins_no_name(read: Read) -> None:
    text = "Халықаралық көші-қон ұйымы (ХКҰ) сөйледі. Қысқарту жоспарын ХКҰ Кеңесі көктемде мақұлдаған."
    named = [m.entity.names[0] for m in read("kk", text).mentions if m.type == "organization"]
    assert named[-1] == "IOM Council"


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Қазанның 25-інде ұйым жиналды.", False),
        ("Қазанда ұйым жиналды.", False),
        ("Татарстан астанасы Қазанда ұйым жиналды.", True),
        ("Қазанда ұйым жиналды. Кеңсе де Қазанда ашылды.", True),
    ],
)
def test_a_month_that_begins_a_sentence_is_no_city(read: Read, text: str, city: bool) -> None:
    assert bool([m for m in read("kk", text).mentions if m.entity.id == "city/kazan"]) is city


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("kk", "Парламент заңды қабылдады. Құжатқа Астанада қол қойылды."),
        ("kk", "Парламент заңды қабылдады."),
        ("ru", "Парламент принял закон. Документ подписан в Астане."),
    ],
)
def test_an_organ_of_state_is_of_the_country_of_the_article(read: Read, lang: str, text: str) -> None:
    assert "organization/x-parliament-kz" in {m.entity.id for m in read(lang, text).mentions}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The Islamic Development Bank grew.{} The bank's Board of Governors met."),
        ("ru", "Исламский банк развития вырос.{} Совет управляющих банка собрался."),
        ("kk", "Ислам даму банкі өсті.{} Банктің Басқарушылар кеңесі жиналды."),
    ],
)
def test_the_organ_of_a_body_that_is_named_far_before(read: Read, lang: str, text: str) -> None:
    between = {"en": " UNICEF met.", "ru": " ЮНИСЕФ ждёт.", "kk": " ЮНИСЕФ күтеді."}[lang] * 6
    assert "organization/isdb-board-governors" in {m.entity.id for m in read(lang, text.format(between)).mentions}


@pytest.mark.parametrize(
    ("lang", "text", "holder", "organ"),
    [
        (
            "en",
            "The General Assembly of the International Glacier Union met.",
            "International Glacier Union",
            "International Glacier Union General Assembly",
        ),
        (
            "ru",
            "Совет управляющих Всемирного ледникового фонда собрался.",
            "Всемирный ледниковый фонд",
            "Совет управляющих Всемирный ледниковый фонд",
        ),
        (
            "kk",
            "Халықаралық мұздық одағының Басқарушылар кеңесі жиналды.",
            "Халықаралық мұздық одағы",
            "Халықаралық мұздық одағы Басқарушылар кеңесі",
        ),
    ],
)
def test_a_body_that_no_table_knows_has_organs(read: Read, lang: str, text: str, holder: str, organ: str) -> None:
    found = [m for m in read(lang, text).mentions if m.type == "organization"]
    assert len(found) == 2
    assert any(m.how == "new" and holder in m.entity.names for m in found)
    assert any(m.how == "organ" and organ in m.entity.names for m in found)


def test_an_organ_that_is_nobodys_is_a_body_of_its_own(read: Read) -> None:
    assert [m.entity.names[0] for m in read("en", "The Governing Board met in May.").mentions] == ["Governing Board"]
