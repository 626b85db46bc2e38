"""Facts of replies spoilt on purpose, each in one way that a model may get wrong."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from kg.extract.names import is_acronym
from kg.model import KINDS
from kg.readers.schema import ENTITY_TYPES

Json = dict[str, Any]

ELSEWHERE = (
    {"mention": "Port Moresby", "is": "city/port-moresby", "type": "city"},
    {"mention": "Tuvalu", "is": "country/tv", "type": "country"},
    {"mention": "Gulf of Guinea Commission", "is": "Gulf of Guinea Commission", "type": "organization"},
    {"mention": "Aino Virtanen", "is": "Aino Virtanen", "type": "person"},
)
"""Things that no article of the sets names."""
_WORDS = {
    word[0].upper(): word
    for word in (
        "Arctic Basin Civic Delta Eastern Fjord Global Harbour Island Joint Keel Lake Marine Northern Ocean Port Quay "
        "River Sea Tidal Upland Valley Water Xeric Yard Zonal "
        "Азия Банк Вода Гора Дело Единство Жизнь Земля Иртыш Край Лес Мир Нива Озеро Путь Река Север Труд Урал Флот "
        "Хлеб Центр Час Шаг Щит Эра Юг Ядро Ұшқын Қала Әлем Үміт Өзен Ғылым Іс Һәм Йод Ёлка"
    ).split()
}
"""A word for each letter that an acronym may have."""


def entities(fact: Json) -> Iterator[tuple[str, Json]]:
    """The entity slots of a fact, one by one."""
    for slot, value in fact.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "mention" in one:
                yield slot, one


def invented_quote(fact: Json, chance: random.Random) -> bool:
    words = fact["quote"].split()
    way = chance.randrange(3)
    if way == 0:
        words.insert(chance.randrange(len(words)), chance.choice(["officially", "әрине", "наконец"]))
    elif way == 1 and len(words) > 3:
        del words[chance.randrange(1, len(words) - 1)]
    else:
        words = ["The", "office", "was", "opened", "in", "the", "presence", "of", "the", "minister."]
    changed = " ".join(words) != " ".join(fact["quote"].split())
    fact["quote"] = " ".join(words)
    return changed


def swapped_name(fact: Json, chance: random.Random) -> bool:
    slot, entity = chance.choice(list(entities(fact)))
    others = [e for s, e in entities(fact) if e["is"] != entity["is"]]
    same = [e for e in ELSEWHERE if e["type"] == entity["type"]]
    if chance.random() < 0.5 and same:
        entity.update(chance.choice(same))  # a thing that the article does not name
    else:
        entity["is"] = chance.choice(others or list(ELSEWHERE))["is"]  # one that it does, for another's mention
    return slot in KINDS[fact["kind"]]


def expanded_acronym(fact: Json, chance: random.Random) -> bool:
    short = [e for _, e in entities(fact) if is_acronym(e["mention"]) and all(c in _WORDS for c in e["mention"])]
    if not short:
        return False
    entity = chance.choice(short)
    entity["is"] = " ".join(_WORDS[c] for c in entity["mention"])
    return True


def extra_precision(fact: Json, chance: random.Random) -> bool:
    dates = [s for s, d in KINDS[fact["kind"]].items() if d.type == "date" and fact.get(s) and len(fact[s]) < 10]
    if not dates:
        return False
    slot = chance.choice(dates)
    fact[slot] += f"-{chance.randint(1, 12):02d}" if len(fact[slot]) == 4 else f"-{chance.randint(1, 28):02d}"
    return True


def wrong_type(fact: Json, chance: random.Random) -> bool:
    slots = KINDS[fact["kind"]]
    way = chance.randrange(3)
    concepts = [s for s, d in slots.items() if d.type == "concept" and fact.get(s)]
    if way == 0 and concepts:
        fact[chance.choice(concepts)] = "embassy"
    elif way == 1:
        entity = chance.choice(list(entities(fact)))[1]
        entity["type"] = chance.choice([t for t in ENTITY_TYPES if t != entity["type"]])
    else:
        slot = chance.choice(list(slots))
        fact[slot] = {"text": 7}
    return True


def unknown_slot(fact: Json, chance: random.Random) -> bool:
    fact[chance.choice(["budget", "staff", "address", "quality", "organisation"])] = chance.choice(["12", 4, None])
    return True


WAYS: dict[str, Callable[[Json, random.Random], bool]] = {
    "invented quote": invented_quote, "swapped name": swapped_name, "expanded acronym": expanded_acronym,
    "extra precision": extra_precision, "wrong type": wrong_type, "unknown slot": unknown_slot,
}  # fmt: skip


def corruptions(facts: list[tuple[Any, Json]], number: int, seed: int) -> Iterator[tuple[str, Any, Json]]:
    """*number* spoilt facts, of every way in turn: the way, what came with the fact, the spoilt fact."""
    chance = random.Random(seed)
    made, ways = 0, list(WAYS)
    while made < number:
        way = ways[made % len(ways)]
        names, fact = chance.choice(facts)
        spoilt = copy.deepcopy(fact)
        if WAYS[way](spoilt, chance):
            made += 1
            yield way, names, spoilt
