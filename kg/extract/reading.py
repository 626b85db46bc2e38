"""An article as the frames see it: mentions, dates, numbers and triggers over its tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from kg.extract.lexicon import Trigger
from kg.language import dates, kazakh
from kg.language.kept import Kept
from kg.language.tokens import Document, fold
from kg.model import Article, Entity, EntityType


@dataclass(slots=True, eq=False)
class Mention:
    """A name, or a word that stands for one, over tokens ``[first, last)``; one is equal to itself alone.

    Attributes:
        type: type of the entity.
        entity: what it means; its names begin with the table's and end with the mention.
        case: grammatical case, the same labels in every language (English: from the preposition).
        prep: folded preposition before it, or postposition after it in Kazakh.
        others: readings of the same words as another type of thing (Djibouti: a city, a country).
        rivals: ids of entities of the same type that have the same name.
        run: tokens ``[first, last)`` of the list that the mention is part of ("Kenya, Uganda and Rwanda").
        how: ``name``, ``new`` (no table knows it), ``anaphor`` ("the bank") or ``capital`` ("the Uzbek capital").
    """

    first: int
    last: int
    type: EntityType
    entity: Entity
    sentence: int
    case: str = "nom"
    prep: str = ""
    how: str = "name"
    others: tuple[Mention, ...] = ()
    rivals: tuple[str, ...] = ()
    run: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        if self.run == (0, 0):
            self.run = (self.first, self.last)


@dataclass(frozen=True, slots=True)
class Number:
    """A cardinal number over tokens ``[first, last)``."""

    first: int
    last: int
    value: int
    sentence: int


@dataclass(slots=True)
class Reading:
    """An article as the frames see it; *inside* holds places within longer names ("UN Observer Mission in Georgia")."""

    article: Article
    lang: str
    document: Document
    mentions: list[Mention]
    dates: list[dates.DateMention]
    numbers: list[Number]
    triggers: list[Trigger]
    by_sentence: list[list[Mention]] = field(default_factory=list)
    triggers_of: list[list[Trigger]] = field(default_factory=list)
    frequency: Counter[str] = field(default_factory=Counter)
    dateline: Entity | None = None
    inside: list[Mention] = field(default_factory=list)
    parents: dict[str, tuple[Entity, str]] = field(default_factory=dict)

    def index(self) -> None:
        """Group mentions and triggers by sentence and count entities."""
        count = len(self.document.sentences)
        self.by_sentence = [[] for _ in range(count)]
        self.triggers_of = [[] for _ in range(count)]
        self.mentions.sort(key=lambda m: (m.first, -m.last))
        for mention in self.mentions:
            self.by_sentence[mention.sentence].append(mention)
            self.frequency[mention.entity.id] += 1
        for trigger in self.triggers:
            self.triggers_of[self.document.sentence_of[trigger.first]].append(trigger)


_CASE_OF_PREPOSITION: Final[dict[str, dict[str, str]]] = {
    "en": {
        "in": "loc",
        "at": "loc",
        "on": "loc",
        "of": "gen",
        "to": "dat",
        "into": "dat",
        "from": "abl",
        "by": "ins",
        "with": "ins",
        "for": "for",
        "near": "loc",
        "outside": "loc",
        "between": "gen",
        "and": "",
        "under": "ins",
        "towards": "dat",
        "via": "",
        "within": "loc",
        "across": "loc",
        "through": "",
        "than": "",
        "as": "",
        "against": "",
    },
    "ru": {
        "в": "loc",
        "во": "loc",
        "на": "loc",
        "из": "abl",
        "с": "ins",
        "со": "ins",
        "к": "dat",
        "ко": "dat",
        "по": "for",
        "от": "gen",
        "при": "at",
        "для": "for",
        "между": "gen",
        "у": "gen",
        "о": "about",
        "об": "about",
        "за": "",
        "под": "",
        "над": "",
        "до": "dat",
        "через": "",
        "про": "",
        "без": "",
    },
    "kk": {},
}
_POSTPOSITIONS_KK: Final = frozenset(
    [
        "мен",
        "пен",
        "бен",
        "және",
        "үшін",
        "бойынша",
        "жөніндегі",
        "туралы",
        "арқылы",
        "жанындағы",
        "қарсы",
        "дейін",
        "тарапынан",
        "атынан",
    ]
)


TOWNS_EN: Final = frozenset(("city", "town", "port", "village", "suburb", "municipality", "resort"))
_BEFORE_TOWN: Final = frozenset(
    "the a an old ancient small little nearby northern southern eastern western central coastal capital border".split()
)
_TOWNS_KK: Final = frozenset(("қаласы", "кенті", "ауылы", "порты"))


def _town_case(word: str) -> str:
    """The case of a folded Kazakh word for a city with its owner's ending, ``""`` for any other word."""
    return next((case for stem, case, _ in kazakh.stems(word) if stem in _TOWNS_KK), "")


TOWN_CASE_KK: Final = Kept(_town_case)
"""The case of a Kazakh word for a city, by the word: "Алматы қаласында" is in Almaty."""

_CASE_OF_POSTPOSITION: Final = {"үшін": "for", "бойынша": "for", "туралы": "about", "жөніндегі": "about"}


def case_of_preposition(lang: str) -> Mapping[str, str]:
    """The case that each preposition of a language shows, "" for none; nothing for Kazakh, which has endings."""
    return _CASE_OF_PREPOSITION[lang]


# Words between a preposition and a name, with the case that they show after "в" and "на": "в город Тунис".
_APPOSED_RU: Final = {
    "город": "dat",
    "столицу": "dat",
    "городе": "loc",
    "столице": "loc",
    "самом": "loc",
    "самой": "loc",
    "сам": "dat",
    "города": "",
    "соседн": "",
}


def _declined(mention: Mention, document: Document) -> bool:
    """Whether a Russian name in the form of a nominative would look otherwise in the prepositional case.

    So "в Будапешт", "в Совет Европы" and "на Филиппины" say whither; "в Осло" and "в ООН" may say either.
    """
    word = document.raw[mention.last - 1]
    if mention.type == "organization" and mention.last - mention.first > 1:
        return not document.raw[mention.first].isupper()  # its head, or an adjective that agrees with it
    if word.isupper():
        return False
    return word[-1] in _CONSONANTS or (mention.type == "country" and word.endswith("ы"))


_CONSONANTS: Final = frozenset("бвгджзклмнпрстфхцчшщйь")


def set_syntax(mention: Mention, document: Document, lang: str, start: int | None = None) -> None:
    """Set the preposition and, for English and Russian, the case that it shows."""
    first = mention.first if start is None else start
    sentence = document.sentences[mention.sentence]
    if lang == "kk":
        after = document.low[mention.last] if mention.last < sentence.last else ""
        mention.prep = after if after in _POSTPOSITIONS_KK else ""
        if mention.case == "nom":
            apposed = TOWN_CASE_KK[after] if mention.type == "city" else ""
            mention.case = apposed or _CASE_OF_POSTPOSITION.get(after, "nom")
        return
    table = _CASE_OF_PREPOSITION[lang]
    k = first - 1
    steps = 0
    apposed = ""
    while k >= sentence.first and steps < 4:
        word = document.low[k]
        if lang == "en" and word == "of" and k > sentence.first and document.low[k - 1] in TOWNS_EN:
            k -= 2  # "in the old Swiss town of Gland"
            while k > sentence.first and (document.low[k] in _BEFORE_TOWN or document.raw[k][0].isupper()):
                k -= 1
            steps += 1
            continue
        if word in table:
            mention.prep = word
            break
        if lang == "en" and word in {"the", "its", "a", "an", "nearby", "downtown", "central"}:
            k -= 1
            steps += 1
            continue
        if lang == "ru" and word in _APPOSED_RU:
            apposed = _APPOSED_RU[word]
            k -= 1
            steps += 1
            continue
        break
    if mention.case == "adj":
        return
    shown = table.get(mention.prep, "")
    if lang == "en":
        if mention.case == "nom" and shown:
            mention.case = shown
    elif mention.prep:
        if mention.prep in {"в", "во", "на"}:
            accusative = mention.case == "acc" or (mention.case == "nom" and _declined(mention, document))
            mention.case = apposed or ("dat" if accusative else "loc")
        elif mention.prep in {"с", "со"}:
            mention.case = "ins" if mention.case in {"ins", "nom"} else "abl"
        elif shown:
            mention.case = shown


@lru_cache(maxsize=50_000)
def beginnings(names: tuple[str, ...]) -> frozenset[str]:
    """The first one to four letters of every word of some names, to tell which of them "the bank" may stand for."""
    return frozenset(word[:n] for name in names for word in fold(name).split() for n in range(1, 5))
