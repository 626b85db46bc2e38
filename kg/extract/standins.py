"""Words that stand for a name: "the bank", "the capital", "there", "the Hungarian parliament", "the 74th session".

Read from left to right after all names are known, so that a stand-in may refer to another stand-in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kg.extract.discover import HEADS_RU, document_text
from kg.extract.lexicon import Trigger
from kg.extract.reading import Mention, Reading, beginnings, set_syntax
from kg.language import kazakh
from kg.language.tokens import fold
from kg.model import Entity

if TYPE_CHECKING:
    from kg.extract.mentions import Reader

_HERE: Final[dict[str, frozenset[str]]] = {
    "en": frozenset({"here", "there"}),
    "ru": frozenset({"здесь", "там", "тут", "сюда", "туда", "оттуда", "отсюда", "куда"}),
    "kk": frozenset({"мұнда", "сонда", "осында", "онда", "сол", "осындағы", "сондағы", "мұндағы", "одан"}),
}


_HERE_CASE: Final = {"сюда": "dat", "туда": "dat", "куда": "dat", "оттуда": "abl", "отсюда": "abl", "одан": "abl"}
_STANDING: Final = frozenset({"n.capital", "n.group", "n.country", "org.parliament", "org.government", "n.event"})
_ORGANS: Final = frozenset({"organ", "un-subsidiary-organ", "un-principal-organ", "parliamentary-body", "treaty-body"})
_ORGAN_WORDS: Final = frozenset(
    {"coun", "comm", "cour", "asse", "boar", "сове", "коми", "суд", "асса", "кеңе", "сот", "соты"}
)


def add(reading: Reading, owner: list[int], reader: Reader) -> None:
    """Add the stand-ins of a reading to its mentions.

    Args:
        reading: with all names found.
        owner: for each token, the end of the name that holds it, 0 for none.
        reader: gives the tables.
    """
    document, lang = reading.document, reading.lang
    named = sorted(reading.mentions, key=lambda m: m.first)
    cities = [m for m in named if m.type == "city"]
    if (
        cities
        and cities[0].sentence <= document.first_text_sentence
        and cities[0].first <= document.sentences[cities[0].sentence].first + 2
    ):
        reading.dateline = cities[0].entity
    points: list[tuple[int, Trigger | None]] = [
        (t.first, t) for t in reading.triggers if t.name in _STANDING and not owner[t.first]
    ]
    here = _HERE[lang]
    points += [(i, None) for i, word in enumerate(document.low) if word in here and not owner[i]]
    for i, trigger in sorted(points, key=lambda p: (p[0], p[1] is None)):
        if trigger is None:
            added = _here(reading, i, named)
        elif trigger.name == "n.capital":
            added = _capital(reading, trigger, named, reader)
        elif trigger.name == "n.country":
            added = _country(reading, trigger, named, reader)
        elif trigger.family == "org":
            added = _organ(reading, trigger, named, reader)
        elif trigger.name == "n.event":
            added = _session(reading, trigger, named, reader)
        else:
            added = _group(reading, trigger, named, reader)
        for mention in added:
            reading.mentions.append(mention)
            position = next((n for n, m in enumerate(named) if m.first > mention.first), len(named))
            named.insert(position, mention)


def _here(reading: Reading, i: int, named: list[Mention]) -> list[Mention]:
    document = reading.document
    word = document.low[i]
    if word == "there" and document.low[i + 1 : i + 2] in (
        ["is"],
        ["are"],
        ["was"],
        ["were"],
        ["will"],
        ["has"],
        ["have"],
    ):
        return []
    sentence = document.sentence_of[i]
    # Whence something comes is not where it arrives: "moved here from Bonn".
    before = [m for m in named if m.type == "city" and m.last <= i and (m.sentence != sentence or m.case != "abl")]
    case = _HERE_CASE.get(word, "loc")
    if before and sentence - before[-1].sentence <= 2:
        return [Mention(i, i + 1, "city", before[-1].entity, sentence, case, how="anaphor")]
    if word == "here" and reading.dateline:
        return [Mention(i, i + 1, "city", reading.dateline, sentence, case, how="anaphor")]
    return []


def _country(reading: Reading, trigger: Trigger, named: list[Mention], reader: Reader) -> list[Mention]:
    """ "in the country", "в стране", "елде": the country named last; "еліміз" is Kazakhstan's own word for itself."""
    document = reading.document
    word = document.low[trigger.first]
    sentence = document.sentence_of[trigger.first]
    if reading.lang == "kk":
        ours = word.startswith("еліміз")
        case = next(
            (c for s, c, _ in kazakh.stems(word) if c in {"loc", "attr", "dat", "abl", "gen"} and len(s) >= 2), "nom"
        )
        if not ours and case not in {"loc", "attr"}:
            return []
        if ours and "country/kz" in reader.reference.entries:
            return [
                Mention(
                    trigger.first, trigger.last, "country", reader.entity("country/kz"), sentence, case, how="anaphor"
                )
            ]
    else:
        before = document.low[max(0, trigger.first - 2) : trigger.first]
        if not (set(before) & ({"in", "the", "this"} if reading.lang == "en" else {"в", "из"})) or not word.startswith(
            ("countr", "стран", "республик", "republic", "kingdom")
        ):
            return []
        if word in {"countries", "стран", "страны"}:
            return []
    earlier = [m for m in named if m.type == "country" and m.last <= trigger.first]
    if not earlier:
        return []
    mention = Mention(trigger.first, trigger.last, "country", earlier[-1].entity, sentence, "loc", how="anaphor")
    set_syntax(mention, document, reading.lang)
    return [mention]


def _capital(reading: Reading, trigger: Trigger, named: list[Mention], reader: Reader) -> list[Mention]:
    document = reading.document
    near = [
        m
        for m in named
        if m.type == "country"
        and (0 <= trigger.first - m.last <= 1 or 0 <= m.first - trigger.last <= 2)
        and m.sentence == document.sentence_of[trigger.first]
    ]
    how = "capital"
    if not near:
        following = [m for m in named if m.type == "city" and 0 <= m.first - trigger.last <= 1]
        if following:
            return []
        near = [m for m in named if m.type in {"country", "city"} and m.last <= trigger.first][-1:]
        how = "anaphor"
    if not near:
        return []
    country = near[0].entity.id if near[0].type == "country" else reader.country_of.get(near[0].entity.id, "")
    capital = reader.capital_of.get(country)
    if not capital or capital not in reader.reference.entries:
        return []
    if any(m.type == "city" and 0 <= m.first - trigger.last <= 2 and m.entity.id == capital for m in named):
        return []
    mention = Mention(
        trigger.first, trigger.last, "city", reader.entity(capital), document.sentence_of[trigger.first], how=how
    )
    if reading.lang == "kk":
        mention.case = next(
            (
                c
                for s, c, _ in kazakh.stems(document.low[trigger.first])
                if s in {"астана", "елорда", "астанасы"} and c != "nom"
            ),
            "nom",
        )
    set_syntax(
        mention,
        document,
        reading.lang,
        start=near[0].first if how == "capital" and near[0].first < trigger.first else trigger.first,
    )
    if reading.lang == "ru" and document.low[trigger.first].endswith("у") and mention.case == "loc":
        mention.case = "dat"
    return [mention]


def _group(reading: Reading, trigger: Trigger, named: list[Mention], reader: Reader) -> list[Mention]:
    document = reading.document
    sentence = document.sentence_of[trigger.first]
    stem = document.low[trigger.first][:4]
    before = [
        m
        for m in named
        if m.type == "organization"
        and m.last <= trigger.first
        and sentence - m.sentence <= 8
        and (m.how != "organ" or stem in _ORGAN_WORDS)  # "правление фонда": the fund is not its board
    ]
    if not before:
        return []
    if (
        before[-1].last == trigger.first
        and before[-1].case in {"adj", "gen", "nom"}
        and before[-1].sentence == sentence
    ):
        return []
    if reading.lang == "en":
        previous = document.low[max(0, trigger.first - 2) : trigger.first]
        if not {"the", "its", "this"} & set(previous):
            return []
    if any(m.first == trigger.last and m.type == "organization" and stem in beginnings(m.entity.names) for m in named):
        return []  # "организация ГУАМ": what the name behind it is
    fitting = [m for m in before if stem in beginnings(m.entity.names)]
    called = [m for m in fitting if any(h.startswith(stem) for h in _heads(m, reading.lang, reader))]
    chosen = (called or fitting or before)[-1]
    entity = chosen.entity
    entry = reader.reference.get(entity.id)
    kind = entry.row.get("kind") if entry is not None else ""
    itself = stem in _ORGAN_WORDS or called  # "программа" is СПЕКА, "the Fund" the Green Climate Fund, not its parent
    if entry is not None and kind in _ORGANS and not itself:
        parent = reader.reference.get("organization/" + entry.row.get("parent", ""))
        if parent is not None:  # "the bank" is no board of governors
            entity = reader.entity(parent.id)
    mention = Mention(trigger.first, trigger.last, "organization", entity, sentence, how="anaphor")
    set_syntax(mention, document, reading.lang)
    if reading.lang == "kk":
        mention.case = next(
            (c for s, c, p in kazakh.stems(document.low[trigger.last - 1]) if c != "nom" and len(s) > 2), "nom"
        )
    return [mention]


_BEFORE_COMPLEMENT: Final = frozenset({"of", "for", "in", "on", "to", "at", "against"})


def _heads(mention: Mention, lang: str, reader: Reader) -> frozenset[str]:
    """What an organisation is by its names: "court" for the Court of the Eurasian Economic Union, not "union"."""
    entry = reader.reference.get(mention.entity.id)
    return _head_words(tuple(entry.names.get(lang, ())) if entry else mention.entity.names, lang)


@lru_cache(maxsize=16_384)
def _head_words(names: tuple[str, ...], lang: str) -> frozenset[str]:
    heads: set[str] = set()
    for name in names:
        words = fold(name).split()
        if lang == "en":
            end = next((n for n, w in enumerate(words) if w in _BEFORE_COMPLEMENT and n), len(words))
            heads.add(words[end - 1])
        elif lang == "ru":
            heads.update(next(([w] for w in words if w.startswith(HEADS_RU)), []))
        else:
            heads.add(words[-1])
    return frozenset(heads)


# Words for an organ of state, by what English calls it: the names that a reader of any language may look for.
_ORGAN_OF_STATE: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("government", "правительств", "үкімет"), ("Government",)),
    (
        ("cabinet", "кабмин", "кабинет", "council of ministers", "министрлер"),
        ("Cabinet", "Cabinet of Ministers", "Council of Ministers", "Government"),
    ),
    (("senate", "сенат"), ("Senate",)),
    (("congress", "конгресс"), ("Congress",)),
    (("national assembly", "национальн", "ұлттық"), ("National Assembly",)),
    (("legislative assembly", "законодател"), ("Legislative Assembly",)),
    (("chamber of deputies", "палат"), ("Chamber of Deputies",)),
    (
        (
            "parliament",
            "парламент",
            "lawmakers",
            "legislature",
            "mps",
            "депутат",
            "lower house",
            "upper house",
            "нижн",
            "верхн",
            "төменгі",
            "меджлис",
        ),
        ("Parliament",),
    ),
)


def _organ(reading: Reading, trigger: Trigger, named: list[Mention], reader: Reader) -> list[Mention]:
    """An organ of the country named beside it, or meant by the article: "the Hungarian parliament", "Үкімет"."""
    document = reading.document
    text = document_text(document, trigger.first, trigger.last)
    low = text.lower()
    organs = next((names for words, names in _ORGAN_OF_STATE if low.startswith(words)), None)
    if organs is None:
        return []
    sentence = document.sentence_of[trigger.first]
    beside = [
        m
        for m in named
        if m.sentence == sentence
        and (0 <= trigger.first - m.last <= 2 or 0 <= m.first - trigger.last <= 2)
        and m.type in {"country", "city"}
    ]
    country_of = reader.country_of
    first = trigger.first
    if beside:
        chosen = min(beside, key=lambda m: abs(m.first - trigger.first))
        country = chosen.entity.id if chosen.type == "country" else country_of.get(chosen.entity.id, "")
        if chosen.type == "country" and chosen.last <= trigger.first:
            first = chosen.first
    else:
        places = [m for m in named if m.type in {"country", "city"}]
        weights: dict[str, float] = {}
        for m in [m for m in places if m.last <= trigger.first] or places:
            place = m.entity.id if m.type == "country" else country_of.get(m.entity.id, "")
            weights[place] = weights.get(place, 0.0) + 1.0
        country = max(weights, key=lambda c: weights[c], default="country/kz" if reading.lang == "kk" else "")
    entry = reader.reference.get(country)
    if entry is None:
        return []
    label = entry.labels.get("en", "")
    others = [n for n in entry.names.get("en", ())[:4] if n != label]
    adjectives = entry.adjectives.get("en", ())
    names = [f"{organ} of {name}" for organ in organs for name in (label, *others)]
    names += [f"{adjective} {organ}" for organ in organs for adjective in adjectives]
    if first < trigger.first:
        names.append(document_text(document, first, trigger.last))
    slug = f"x-{organs[0].lower()}-{country.removeprefix('country/')}".replace(" ", "-")
    entity = Entity(f"organization/{slug}", "organization", tuple(dict.fromkeys(names)), known=False)
    mention = Mention(trigger.first, trigger.last, "organization", entity, sentence, how="organ")
    set_syntax(mention, document, reading.lang, start=first)
    if reading.lang == "kk":
        mention.case = next(
            (c for s, c, p in kazakh.stems(document.low[trigger.last - 1]) if c != "nom" and len(s) > 2), "nom"
        )
    return [mention]


def _session(reading: Reading, trigger: Trigger, named: list[Mention], reader: Reader) -> list[Mention]:
    """A numbered session of the UN General Assembly, which the tables know by rule."""
    document = reading.document
    low = document.low
    if not low[trigger.first].startswith(("session", "сесси")):
        return []
    digits = [
        k for k in range(max(0, trigger.first - 4), trigger.first) if low[k].isdecimal() and 1 <= len(low[k]) <= 3
    ]
    if not digits or not 1 <= int(low[digits[-1]]) <= 150:
        return []
    sentence = document.sentence_of[trigger.first]
    near = [
        m
        for m in named
        if m.entity.id == "organization/un-general-assembly"
        and abs(m.first - trigger.first) <= 9
        and m.sentence == sentence
    ]
    if not near:
        return []
    entry = reader.reference.session(int(low[digits[-1]]))
    names = tuple(n for lang in ("en", "ru", "kk") for n in entry.names[lang])
    return [Mention(digits[-1], trigger.last, "event", Entity(entry.id, "event", names), sentence, "loc")]
