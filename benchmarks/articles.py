"""Make any number of news articles of about 200 words in three languages, for measuring how a build grows.

    python benchmarks/articles.py OUT.jsonl --articles 100000 [--seed 1]
    python benchmarks/articles.py --store STORE --articles 100000   # a graph of facts drawn directly, nothing is read

The sentences stand below; the names in them are drawn from the reference tables. What the articles say is made up, so
they measure speed and never quality. The same seed gives the same file.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.build import KnowledgeGraph, described
from kg.build import Writer as Storing
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate
from kg.reference import Reference, load

WORDS: Final = 200

TOLD: Final = {
    "en": (
        "{org} opened a country office in {city} in {year}.",
        "{org} has its regional office in {city}.",
        "The regional office of {org} in {city} will be opened in {later}.",
        "{org} closed its office in {city} in {year}.",
        "{org} moved its country office from {city} to {city2} in {year}.",
        "{country} joined {org} in {year}.",
        "{country} has observer status in {org}.",
        "{country} and {org} signed a host agreement in {city} on {day} May {year}.",
        "{org} adopted a resolution on {day} March {year} by consensus.",
        "There are {count} UN agencies in {city}.",
        "{country} proposed opening a regional centre of {org} in {city} in {year}.",
        "{person} is the minister of foreign affairs of {country}.",
    ),
    "ru": (
        "{org} открыла страновой офис в городе {city} в {year} году.",
        "Региональное бюро {org} находится в городе {city}.",
        "Региональный центр {org} планируют открыть в городе {city} в {later} году.",
        "{org} закрыла своё представительство в городе {city} в {year} году.",
        "{org} перевела страновой офис из города {city} в город {city2} в {year} году.",
        "{country} вступила в {org} в {year} году.",
        "{country} имеет статус наблюдателя в {org}.",
        "{country} и {org} подписали соглашение в городе {city} {day} мая {year} года.",
        "{org} приняла резолюцию {day} марта {year} года консенсусом.",
        "В городе {city} работают {count} агентств ООН.",
        "{country} предложила открыть региональный центр {org} в городе {city} в {year} году.",
        "{person} занимает пост министра иностранных дел, страна – {country}.",
    ),
    "kk": (
        "{org} {year} жылы {city} қаласында елдік кеңсе ашты.",
        "{org} аймақтық бюросы {city} қаласында орналасқан.",
        "{org} өңірлік орталығы {later} жылы {city} қаласында ашылмақ.",
        "{org} {year} жылы {city} қаласындағы өкілдігін жапты.",
        "{org} {year} жылы кеңсесін {city} қаласынан {city2} қаласына көшірді.",
        "{country} {year} жылы {org} құрамына мүше болды.",
        "{country} – {org} жанындағы бақылаушы мемлекет.",
        "{country} мен {org} {year} жылғы {day} мамырда {city} қаласында келісімге қол қойды.",
        "{org} {year} жылғы {day} наурызда қарарды консенсуспен қабылдады.",
        "{city} қаласында БҰҰ-ның {count} агенттігі жұмыс істейді.",
        "{country} {year} жылы {city} қаласында {org} өңірлік орталығын ашуды ұсынды.",
        "{person} – {country} Сыртқы істер министрі.",
    ),
}
"""Sentences that state a fact, by language."""

AROUND: Final = {
    "en": (
        "Those who took part spoke of the weather on the steppe and of the long road to the meeting.",
        "The talks went on until late in the evening, and tea was served more than once.",
        "Journalists were told that the details would be explained at a later date.",
        "A short film about the mountains was shown before the speeches began.",
        "Students from two schools had prepared a concert for the guests.",
        "The hall was full, although it had been snowing since the early morning.",
        "Trade between neighbours grows from year to year, and so does the number of trains.",
        "After the break the experts turned to questions of statistics and of training.",
    ),
    "ru": (
        "Участники вспоминали о погоде в степи и о долгой дороге на эту встречу.",
        "Переговоры продолжались до позднего вечера, и чай подавали не один раз.",
        "Журналистам сказали, что подробности объяснят несколько позже.",
        "Перед выступлениями показали короткий фильм о горах и о горных реках.",
        "Ученики двух школ подготовили для гостей небольшой концерт.",
        "Зал был полон, хотя с самого утра не переставая шёл снег.",
        "Торговля между соседями растёт из года в год, как и число поездов.",
        "После перерыва специалисты перешли к вопросам статистики и обучения.",
    ),
    "kk": (
        "Жиналғандар даладағы ауа райын және осы кездесуге келер ұзақ жолды еске алды.",
        "Келіссөздер кешке дейін созылып, шай бір емес, бірнеше рет құйылды.",
        "Журналистерге егжей-тегжейі кейінірек түсіндірілетіні айтылды.",
        "Сөз басталмай тұрып, тау мен тау өзендері туралы қысқа фильм көрсетілді.",
        "Екі мектептің оқушылары қонақтарға шағын концерт дайындаған екен.",
        "Таңертеңнен бері қар жауып тұрса да, зал адамға толы болды.",
        "Көршілер арасындағы сауда жыл сайын өсіп келеді, пойыздар саны да көбейді.",
        "Үзілістен кейін мамандар статистика мен оқыту мәселелеріне көшті.",
    ),
}
"""Sentences that state none."""

SAYS: Final = {"en": "A fact is told.", "ru": "Сообщается о факте.", "kk": "Дерек хабарланды."}
"""What stands for a sentence where facts are drawn directly."""


class Writer:
    """Draws articles; the same tables and seed give the same ones.

    Args:
        reference: the tables.
        seed: another seed, other articles.
        skew: how much more often a few names come up; 1 for all alike.
        facts: how many facts an article has at least and at most.
    """

    def __init__(self, reference: Reference, seed: int, skew: float = 3, facts: tuple[int, int] = (3, 8)) -> None:
        self._random = random.Random(seed)
        self._skew, self._facts = skew, facts
        by_type: dict[str, list[Any]] = {}
        for _, entry in sorted(reference.entries.items()):
            by_type.setdefault(entry.type, []).append(entry)
        self._names = {
            lang: {
                kind: [e.labels[lang] for e in by_type[kind] if lang in e.labels]
                for kind in ("organization", "city", "country", "person")
            }
            for lang in TOLD
        }
        self._entities = {
            kind: [reference.entity(e.id) for e in by_type[kind]]
            for kind in ("organization", "city", "country", "person")
        }
        for entities in self._entities.values():
            random.Random(seed).shuffle(entities)
        # Which come up often in the news is drawn once, as a matter of chance.
        for names in self._names.values():
            for values in names.values():
                self._random.shuffle(values)

    def _name(self, lang: str, kind: str) -> str:
        values = self._names[lang][kind]
        return values[int(len(values) * self._random.random() ** self._skew)]

    def _sentence(self, lang: str) -> str:
        draw = self._random
        return draw.choice(TOLD[lang]).format(
            org=self._name(lang, "organization"),
            city=self._name(lang, "city"),
            city2=self._name(lang, "city"),
            country=self._name(lang, "country"),
            person=self._name(lang, "person"),
            year=draw.randint(1992, 2025),
            later=draw.randint(2026, 2030),
            day=draw.randint(1, 28),
            count=draw.randint(3, 40),
        )

    def article(self, number: int) -> dict[str, Any]:
        """One article, with its title, date and outlet."""
        draw = self._random
        lang = ("en", "ru", "kk")[number % 3]
        sentences = [self._sentence(lang) for _ in range(draw.randint(*self._facts))]
        title = sentences[0].rstrip(".")
        while sum(len(s.split()) for s in sentences) < WORDS:
            sentences.insert(draw.randint(1, len(sentences)), draw.choice(AROUND[lang]))
        day = f"{draw.randint(2015, 2025)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        paragraphs = [" ".join(sentences[n : n + 4]) for n in range(0, len(sentences), 4)]
        return {
            "id": f"made-{number}",
            "lang": lang,
            "published": day,
            "title": title,
            "text": "\n\n".join(paragraphs),
            "outlet": f"Paper {number % 200}",
        }

    def _said(self, lang: str) -> Fact:
        """A fact such as the sentences state, in the same proportions, without a sentence."""
        draw = self._random
        org, country = self._entity("organization"), self._entity("country")
        city, person = self._entity("city"), self._entity("person")
        year, later = PartialDate(str(draw.randint(1992, 2025))), PartialDate(str(draw.randint(2026, 2030)))
        day = f"-{draw.randint(1, 28):02}"
        centre = Establishment(org, city, "regional-centre")
        kind, slots = draw.choice((
            ("presence", {"organization": org, "place": city, "form": "country-office", "status": "operating",
                          "since": year}),
            ("presence", {"organization": org, "place": city, "form": "regional-office", "status": "operating"}),
            ("presence", {"organization": org, "place": city, "form": "regional-office", "status": "planned",
                          "since": later}),
            ("presence", {"organization": org, "place": city, "form": "country-office", "status": "closed",
                          "until": year}),
            ("relocation", {"organization": org, "from": self._entity("city"), "to": city, "date": year}),
            ("membership", {"member": country, "organization": org, "role": "member", "since": year}),
            ("membership", {"member": country, "organization": org, "role": "observer"}),
            ("agreement", {"parties": (country, org), "place": city, "date": PartialDate(f"{year}-05{day}")}),
            ("decision", {"body": org, "instrument": "resolution", "adopted_by": "consensus",
                          "date": PartialDate(f"{year}-03{day}")}),
            ("count", {"what": "un-agencies", "place": city, "value": draw.randint(3, 40)}),
            ("proposal", {"proposer": country, "about": centre, "date": year}),
            ("tenure", {"person": person, "position": "foreign-minister", "of": country}),
        ))  # fmt: skip
        return Fact(kind, slots, (Evidence(SAYS[lang], 0, len(SAYS[lang]), rule="drawn", confidence=0.9),))  # type: ignore[arg-type]

    def _entity(self, kind: str) -> Entity:
        values = self._entities[kind]
        return values[int(len(values) * self._random.random() ** self._skew)]

    def told(self, number: int) -> tuple[Article, list[Fact]]:
        """An article with its facts, as reading one of those that are written would give them, but drawn."""
        draw = self._random
        lang = ("en", "ru", "kk")[number % 3]
        facts = [self._said(lang) for _ in range(draw.randint(*self._facts))]
        day = PartialDate(f"{draw.randint(2015, 2025)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}")
        text = f"{SAYS[lang]} {number} {AROUND[lang][number % 8]}"
        return Article(f"told-{number}", lang, SAYS[lang], text, day, outlet=f"Paper {number % 200}"), facts


def store(folder: Path, count: int, seed: int = 1, first: int = 0) -> None:
    """Build a graph of *count* articles whose facts are drawn directly."""
    writer = Writer(load(), seed)
    drawn = (writer.told(number) for number in range(first + count))
    with KnowledgeGraph.open(folder) as graph, Storing(graph, lambda account, done: None) as storing:
        for article, facts in itertools.islice(drawn, first, None):
            storing.put(described(article, facts, reader="drawn"))


def articles(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """*count* articles."""
    writer = Writer(load(), seed)
    return (writer.article(number) for number in range(count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", help="the file of articles")
    parser.add_argument("--store", type=Path, help="build a graph of facts drawn directly instead")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.store:
        store(options.store, options.articles, options.seed)
        return
    if options.out is None:
        parser.error("name a file of articles, or --store")
    with options.out.open("w", encoding="utf-8") as stream:
        for article in articles(options.articles, options.seed):
            stream.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
