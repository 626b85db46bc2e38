"""One person, three spellings, one key; two persons, two keys."""

from __future__ import annotations

import pytest

from kg.merge.names import identified, identify, name_key
from kg.model import Entity, Establishment, Fact

SAME = """
Токаев | Тоқаев | Tokayev | Tokaev
Касым-Жомарт Токаев | Қасым-Жомарт Тоқаев | Kassym-Jomart Tokayev | Qasym-Jomart Toqaev
Касым-Жомарт Кемелевич Токаев | Қасым-Жомарт Кемелұлы Тоқаев | Kassym-Jomart Tokayev
Нурсултан Назарбаев | Нұрсұлтан Назарбаев | Nursultan Nazarbayev | Nursultan Nazarbaev
Мурат Нуртлеу | Мұрат Нұртілеу | Murat Nurtleu
Мухтар Тлеуберди | Мұхтар Тілеуберді | Mukhtar Tleuberdi | Mukhtar Tileuberdi
Олжас Бектенов | Олжас Бектенов | Olzhas Bektenov
Алихан Смаилов | Әлихан Смайылов | Alikhan Smailov
Аскар Мамин | Асқар Мамин | Askar Mamin
Бахытжан Сагинтаев | Бақытжан Сағынтаев | Bakytzhan Sagintayev
Ермек Кошербаев | Ермек Көшербаев | Yermek Kosherbayev
Роман Василенко | Роман Василенко | Roman Vassilenko
Айдана Абдигали | Айдана Әбдіғали | Aidana Abdigali
Серик Жумангарин | Серік Жұманғарин | Serik Zhumangarin
Ерлан Кошанов | Ерлан Қошанов | Yerlan Koshanov
Маулен Ашимбаев | Мәулен Әшімбаев | Maulen Ashimbayev
Гульшара Абдыкаликова | Гүлшара Әбдіқалықова | Gulshara Abdykalikova
Шавкат Мирзиёев | Шавкат Мирзиёев | Shavkat Mirziyoyev
Садыр Жапаров | Садыр Жапаров | Sadyr Zhaparov | Sadyr Japarov
Эмомали Рахмон | Эмомали Рахмон | Emomali Rahmon | Emomali Rakhmon
Жеэнбек Кулубаев | Жээнбек Құлыбаев | Jeenbek Kulubaev
Бахтиёр Саидов | Бахтиёр Саидов | Bakhtiyor Saidov
Сирожиддин Мухриддин | Сирожиддин Мухриддин | Sirojiddin Muhriddin
Михаэла Фридрих | Михаэла Фридрих | Mikhaela Fridrikh
Сергей Лавров | Сергей Лавров | Sergei Lavrov | Sergey Lavrov
Владимир Норов | Владимир Норов | Vladimir Norov
Кайрат Сарыбай | Қайрат Сарыбай | Kairat Sarybay
Кубанычбек Омуралиев | Құбанычбек Өмүралиев | Kubanychbek Omuraliev
Нурлан Ермекбаев | Нұрлан Ермекбаев | Nurlan Yermekbayev
Данияр Сарсенов | Данияр Сәрсенов | Daniyar Sarsenov
Бауыржан Досаев | Бауыржан Досаев | Bauyrzhan Dosayev
Ерболат Досаев | Ерболат Досаев | Yerbolat Dossaev
Тимур Сулейменов | Тимур Сүлейменов | Timur Suleimenov
Динара Щеглова | Динара Щеглова | Dinara Shcheglova
Айгуль Куспан | Айгүл Құспан | Aigul Kuspan
Акмарал Альназарова | Ақмарал Әлназарова | Akmaral Alnazarova
Жазира Уразова | Жазира Оразова | Zhazira Urazova | Zhazira Orazova
Асет Иргалиев | Әсет Ерғалиев | Aset Irgaliyev | Asset Yergaliyev
Берик Асылов | Берік Асылов | Berik Assylov
Руслан Даленов | Руслан Дәленов | Ruslan Dalenov
Алмаз Шарман | Алмаз Шарман | Almaz Sharman
Канат Шарлапаев | Қанат Шарлапаев | Kanat Sharlapayev
Жаслан Мадиев | Жаслан Мәдиев | Zhaslan Madiyev
Еркебулан Сагындык | Еркебұлан Сағындық | Yerkebulan Sagyndyk
Нургали Арыстанов | Нұрғали Арыстанов | Nurgali Arystanov
Дархан Сатыбалды | Дархан Сатыбалды | Darkhan Satybaldy
Магжан Ильясов | Мағжан Ілиясов | Magzhan Ilyassov
Акан Рахметуллин | Ақан Рахметуллин | Akan Rakhmetullin
Ержан Казыхан | Ержан Қазыхан | Yerzhan Kazykhan
Гульнар Мусабаева | Гүлнар Мұсабаева | Gulnar Musabayeva
Рашид Мередов | Рашид Мередов | Rashid Meredov
Назарбаев Нурсултан | Нұрсұлтан Назарбаев | Nursultan Nazarbayev
Жезказган | Жезқазған | Zhezkazgan | Jezqazğan
Кызылорда | Қызылорда | Kyzylorda | Qyzylorda
Оскемен | Өскемен | Oskemen
Туркестан | Түркістан | Turkestan | Türkistan
Талгар | Талғар | Talgar
"""

DIFFERENT = """
Токаев | Такаев
Токаев | Токаева
Нурлан Ермекбаев | Ерлан Ермекбаев
Серик Жумангарин | Берик Жумангарин
Мурат Нуртлеу | Марат Нуртлеу
Askar Mamin | Omar Mamin
Olzhas Bektenov | Olzhas Bektemisov
Айдана Абдигали | Айдан Абдигали
Алмаз Шарман | Алмас Шарман
Kanat | Kanash
"""


def rows(table: str) -> list[list[str]]:
    return [[name.strip() for name in line.split("|")] for line in table.strip().splitlines()]


PAIRS = [(names[0], other) for names in rows(SAME) for other in names[1:]]


def test_there_are_enough_pairs() -> None:
    assert len(PAIRS) >= 100


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_same_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), rows(DIFFERENT))
def test_another_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_distinct_people_keep_distinct_keys() -> None:
    people = {tuple(names) for names in rows(SAME)[1:] if "Назарбаев" not in names[0]}
    assert len({name_key(names[0]) for names in people}) == len({names[0].replace("Кемелевич ", "") for names in people})


def test_only_what_no_table_knows_gets_another_id() -> None:
    known = Entity("person/kassym-jomart-tokayev", "person", ("Тоқаев",))
    new = Entity("person/x-toqaev", "person", ("Тоқаев",), known=False)
    assert identify(known) is known
    assert identify(new).id == "person/x-" + name_key("Tokayev")
    assert identify(Entity("organization/x-a", "organization", ("Өнер орталығы",), known=False)).id.isascii()


def test_every_slot_is_seen_to() -> None:
    new = Entity("city/x-old", "city", ("Жезқазған",), known=False)
    org = Entity("organization/un", "organization", ("UN",))
    about = Establishment(org, new, "centre")
    fact = identified(Fact("proposal", {"proposer": new, "about": about}, ()))
    assert fact.slots["proposer"] == identify(new)
    assert fact.slots["about"] == Establishment(org, identify(new), "centre")
    several = identified(Fact("agreement", {"parties": (org, new)}, ()))
    assert several.slots["parties"] == (org, identify(new))
