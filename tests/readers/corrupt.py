"""Facts of replies spoilt on purpose, each in one way that a model may get wrong."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from kg.extract.names import is_acronym
from kg.model import KINDS
from kg.readers.link import Names
from kg.readers.pair import same_entity
from kg.readers.schema import ENTITY_TYPES
from kg.readers.support import named_in
from kg.readers.words import as_it_stands, find, spans_tokens

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
    words = fact["quotes"][0].split()
    way = chance.randrange(3)
    if way == 0:
        words.insert(chance.randrange(len(words)), chance.choice(["officially", "әрине", "наконец"]))
    elif way == 1 and len(words) > 3:
        del words[chance.randrange(1, len(words) - 1)]
    else:
        words = ["The", "office", "was", "opened", "in", "the", "presence", "of", "the", "minister."]
    changed = " ".join(words) != " ".join(fact["quotes"][0].split())
    fact["quotes"][0] = " ".join(words)
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


def things_of(names: Names) -> list[Json]:
    """What an article names, each as the reply form has it."""
    found = {}
    for mention in names.reading.mentions:
        if mention.how in ("name", "new") and mention.entity.names:
            text = as_it_stands(names.document, mention.first, mention.last)
            name = mention.entity.id if mention.entity.known else mention.entity.names[0]
            found.setdefault((mention.type, mention.entity.id), {"mention": text, "is": name, "type": mention.type})
    return list(found.values())


def _swapped(names: Names, fact: Json, chance: random.Random, *, quoted: bool) -> bool:
    """Another thing of the same type that the article names, or that the quotes name, for one of the fact."""
    keys = [e for slot, e in entities(fact) if KINDS[fact["kind"]][slot].key]
    if not keys:
        return False
    entity = chance.choice(keys)
    have = [names.link(e) for _, e in entities(fact)]
    pool = []
    for one in things_of(names):
        if one["type"] == entity["type"] and not any(same_entity(names.link(one), h) for h in have):
            spans = [find(t, q) for q in fact["quotes"] for t in (names.article.text,)]
            tokens = [spans_tokens(names.document, *s, title=False) for s in spans if s]
            if not quoted or any(e.id == names.link(one).id for s in tokens for e in named_in(names, s)):
                pool.append(one)
    if pool:
        entity.update(chance.choice(pool))
    return bool(pool)


def other_in_article(names: Names, fact: Json, chance: random.Random) -> bool:
    return _swapped(names, fact, chance, quoted=False)


def other_in_quotes(names: Names, fact: Json, chance: random.Random) -> bool:
    return _swapped(names, fact, chance, quoted=True)


def parts_exchanged(names: Names, fact: Json, chance: random.Random) -> bool:
    ends = {"membership": ("member", "organization"), "relocation": ("to", "from")}.get(fact["kind"])
    if ends is None or not all(fact[slot] for slot in ends):
        return False
    fact[ends[0]], fact[ends[1]] = fact[ends[1]], fact[ends[0]]
    return True


def other_quote(names: Names, fact: Json, chance: random.Random) -> bool:
    document = names.document
    rest = [t for n in range(len(document.sentences)) if (t := document.span(n)[0]) not in fact["quotes"]]
    fact["quotes"] = [chance.choice(rest)] if rest else []
    return bool(rest)


SWAPS: dict[str, Callable[[Names, Json, random.Random], bool]] = {
    "other in the article": other_in_article, "other in the quotes": other_in_quotes,
    "parts exchanged": parts_exchanged, "other quote": other_quote,
}  # fmt: skip
"""Ways in which nothing is made up: all that the fact says stands in the article, only not together."""

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


def swaps(facts: list[tuple[Names, Json]], way: str, seed: int) -> Iterator[tuple[Names, Json]]:
    """Each fact that can be spoilt in a way of :data:`SWAPS`, spoilt once; it may then be another true fact."""
    chance = random.Random(seed)
    for names, fact in facts:
        spoilt = copy.deepcopy(fact)
        if SWAPS[way](names, spoilt, chance):
            yield names, spoilt
