"""Everything that an article names, in order: entities, dates, numbers and triggers.

:func:`read` turns an article into a :class:`Reading`, from which candidates are made. Names of the
tables come first (the longest match at a place wins), then dates and numbers, then names that no table
knows, then words that stand for a name said before ("the bank", "астанасы", "there").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg import iris
from kg.extract import discover
from kg.extract.lexicon import Lexicon, Trigger, lexicon
from kg.extract.names import Match, Name, NameIndex, _is_acronym
from kg.language import dates, words
from kg.language.tokens import DASHES, Document, analyse, fold
from kg.model import Article, Entity, EntityType
from kg.reference import Reference

PLACES: Final = frozenset({"city", "country"})


@dataclass(slots=True)
class Mention:
    """A name, or a word that stands for one, over tokens ``[first, last)``.

    Attributes:
        type: type of the entity.
        entity: what it means; its names begin with the table's and end with the mention.
        case: grammatical case, the same labels in every language (English: from the preposition).
        prep: folded preposition before it, or postposition after it in Kazakh.
        others: readings of the same words as another type of thing (Djibouti: a city, a country).
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
    """An article as the frames see it."""

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
    "en": {"in": "loc", "at": "loc", "on": "loc", "of": "gen", "to": "dat", "into": "dat", "from": "abl", "by": "ins",
           "with": "ins", "for": "for", "near": "loc", "outside": "loc", "between": "gen", "and": "", "under": "ins",
           "towards": "dat", "via": "", "within": "loc", "across": "loc", "through": "", "than": "", "as": "", "against": ""},
    "ru": {"в": "loc", "во": "loc", "на": "loc", "из": "abl", "с": "ins", "со": "ins", "к": "dat", "ко": "dat", "по": "for",
           "от": "gen", "при": "at", "для": "for", "между": "gen", "у": "gen", "о": "about", "об": "about", "за": "",
           "под": "", "над": "", "до": "dat", "через": "", "про": "", "без": ""},
    "kk": {},
}  # fmt: skip
_POSTPOSITIONS_KK: Final = frozenset("мен пен бен және үшін бойынша жөніндегі туралы арқылы жанындағы қарсы дейін тарапынан атынан".split())

_HERE: Final[dict[str, frozenset[str]]] = {
    "en": frozenset({"here", "there"}),
    "ru": frozenset({"здесь", "там", "тут", "сюда", "туда", "оттуда", "отсюда", "куда"}),
    "kk": frozenset({"мұнда", "сонда", "осында", "онда", "сол", "осындағы", "сондағы", "мұндағы", "одан"}),
}


_HERE_CASE: Final = {"сюда": "dat", "туда": "dat", "куда": "dat", "оттуда": "abl", "отсюда": "abl", "одан": "abl"}
_STANDING: Final = frozenset({"n.capital", "n.group", "n.country"})
_ORGANS: Final = frozenset({"organ", "un-subsidiary-organ", "un-principal-organ", "parliamentary-body", "treaty-body"})
_ORGAN_WORDS: Final = frozenset({"coun", "comm", "cour", "asse", "boar", "сове", "коми", "суд", "асса", "кеңе", "сот", "соты"})


class Reader:
    """Finds mentions in articles of the three languages with one set of tables.

    Args:
        reference: the tables.
        frames: files of one's own with further trigger words.
    """

    def __init__(self, reference: Reference, frames: tuple[Path, ...] = ()) -> None:
        self.reference = reference
        self.frames = frames
        self._indexes: dict[str, NameIndex] = {}
        self._entities: dict[str, Entity] = {}
        self._gap = [1]
        self.country_of: dict[str, str] = {}
        self.capital_of: dict[str, str] = {}
        for entry in reference.entries.values():
            if entry.type == "city":
                self.country_of[entry.id] = "country/" + entry.row.get("country", "")
            elif entry.type == "country" and entry.row.get("capital"):
                capital = entry.row["capital"]
                self.capital_of[entry.id] = capital if "/" in capital else "city/" + capital
        offices: dict[str, set[tuple[str, str]]] = {}
        for row in reference.people:
            offices.setdefault("person/" + row["id"], set()).add((row["position"], row["of"]))
        self.offices_of = {person: frozenset(held) for person, held in offices.items()}

    def index(self, lang: str) -> NameIndex:
        if lang not in self._indexes:
            self._indexes[lang] = NameIndex(self.reference, lang)
        return self._indexes[lang]

    def entity(self, identifier: str) -> Entity:
        known = self._entities.get(identifier)
        if known is None:
            known = self._entities[identifier] = self.reference.entity(identifier)
        return known

    def read(self, article: Article) -> Reading:
        """The mentions, dates, numbers and triggers of an article whose language is en, ru or kk."""
        lang = article.lang
        document = analyse(article.title, article.text)
        reading = Reading(article, lang, document, [], [], [], [])
        lex = lexicon(lang, self.frames)
        for sentence in document.sentences:
            reading.triggers += lex.find(document.low, sentence.first, sentence.last)
            offset = sentence.first
            row = document.low[offset : sentence.last]
            reading.dates += [_shift(d, offset) for d in dates.find(row, lang)]
        owner = self._known(reading)
        self._numbers(reading, owner)
        self._new_organizations(reading, owner)
        self._persons(reading, owner, lex)
        for mention in reading.mentions:
            _syntax(mention, document, lang)
        _lists(reading)
        self._stand_ins(reading, owner)
        for mention in reading.mentions:
            for other in mention.others:
                other.case, other.prep, other.run = mention.case, mention.prep, mention.run
        reading.index()
        return reading

    def _known(self, reading: Reading) -> list[int]:
        """Mentions of the tables' names; returns, for each token, the end of the mention that holds it."""
        document = reading.document
        owner = [0] * len(document.low)
        matches = self.index(reading.lang).find(document)
        matches.sort(key=lambda m: (m.first - m.last, m.first))
        for match in matches:
            if any(owner[match.first : match.last]):
                continue
            mention = self._mention(match, document)
            if mention is None:
                continue
            reading.mentions.append(mention)
            owner[match.first : match.last] = [match.last] * (match.last - match.first)
        return owner

    def _mention(self, match: Match, document: Document) -> Mention | None:
        names = _preferred(match.names)
        chosen = names[0]
        text = discover.document_text(document, match.first, match.last)
        known = self.entity(chosen.entity)
        entity = Entity(known.id, known.type, (*known.names, chosen.text, text), known.iso) if chosen.text not in known.names else known
        sentence = document.sentence_of[match.first]
        others: dict[EntityType, Mention] = {}
        for name in names[1:]:
            if name.type != chosen.type and name.type not in others and not name.adjective:
                others[name.type] = Mention(match.first, match.last, name.type, self.entity(name.entity), sentence, match.case)
        return Mention(match.first, match.last, chosen.type, entity, sentence, match.case, others=tuple(others.values()))

    def _numbers(self, reading: Reading, owner: list[int]) -> None:
        document = reading.document
        in_date = [False] * len(document.low)
        for date in reading.dates:
            in_date[date.first : date.last] = [True] * (date.last - date.first)
        low, starts, ends = document.low, document.starts, document.ends
        table = words.NUMBERS[reading.lang]
        for sentence in document.sentences:
            i = sentence.first
            while i < sentence.last:
                word = low[i]
                if in_date[i] or owner[i] or not (word.isdigit() or word in table):
                    i += 1
                    continue
                gaps = [0] + [starts[k] - ends[k - 1] for k in range(i + 1, min(i + 6, sentence.last))]
                found = words.number_at(low[i : min(i + 6, sentence.last)], 0, reading.lang, gaps)
                if found is None:
                    i += 1
                    continue
                value, used = found
                after = i + used
                ordinal = after + 1 < sentence.last and low[after] in DASHES and starts[after] == ends[after - 1] and low[after + 1][0].isalpha()
                suffix = after < sentence.last and starts[after] == ends[after - 1] and low[after] in {"st", "nd", "rd", "th", "%"}
                decimal = after + 1 < sentence.last and low[after] in ".," and low[after + 1].isdigit() and starts[after + 1] == ends[after]
                glued = i > sentence.first and starts[i] == ends[i - 1] and (low[i - 1] in "/№-." or low[i - 1].isalpha())
                slashed = after < sentence.last and low[after] == "/"
                if not (suffix or decimal or glued or slashed or (ordinal and word.isdigit() and low[after + 1] not in {"member", "strong", "nation"})):
                    reading.numbers.append(Number(i, after, value, document.sentence_of[i]))
                i = after

    def _new_organizations(self, reading: Reading, owner: list[int]) -> None:
        document = reading.document
        kinds = {m.first: m for m in reading.mentions}

        def covered(i: int) -> int:
            mention = kinds.get(i)
            return mention.last if mention else 0

        acronyms: dict[str, Entity] = {}
        for mention in reading.mentions:
            if mention.type == "organization" and mention.last + 2 < len(document.low):
                word = discover._bracketed(document, mention.last, min(mention.last + 8, len(document.low)))
                if word and not owner[mention.last + 1]:
                    acronyms[fold(word)] = mention.entity
        for found in discover.organizations(document, reading.lang, covered):
            inside = [m for m in reading.mentions if m.first < found.last and m.last > found.first]
            if any(m.type == "organization" and (m.last - m.first) * 2 > found.last - found.first for m in inside):
                continue
            if any(m.first < found.first or m.last > found.last for m in inside):
                continue
            texts = (*found.names, found.acronym) if found.acronym else found.names
            entity = Entity("organization/x-" + (iris.slug(texts[0]) or iris.digest(texts[0])), "organization", texts, known=False)
            for mention in inside:
                reading.mentions.remove(mention)
            reading.mentions.append(Mention(found.first, found.last, "organization", entity, document.sentence_of[found.first], found.case, how="new"))
            owner[found.first : found.last] = [found.last] * (found.last - found.first)
            if found.acronym:
                acronyms[fold(found.acronym)] = entity
        if acronyms:
            self._acronyms(reading, owner, acronyms)

    def _acronyms(self, reading: Reading, owner: list[int], acronyms: dict[str, Entity]) -> None:
        """Acronyms that the article itself explains stand for their organisation from then on."""
        document = reading.document
        for i, word in enumerate(document.low):
            entity = acronyms.get(word)
            if entity is None or owner[i] or not document.raw[i][0].isupper() or not _is_acronym(document.raw[i]):
                continue
            if fold(document.raw[i]) not in {fold(n) for n in entity.names}:
                entity = Entity(entity.id, entity.type, (*entity.names, document.raw[i]), entity.iso, entity.known)
            last = i + 1
            case = "nom"
            if reading.lang == "kk" and i + 2 < len(document.low) and document.low[i + 1] in DASHES:
                from kg.language import kazakh

                suffix = kazakh.SUFFIXES.get(document.low[i + 2])
                if suffix:
                    case, last = suffix[0], i + 3
            reading.mentions.append(Mention(i, last, "organization", entity, document.sentence_of[i], case, how="new"))
            owner[i:last] = [last] * (last - i)

    def _persons(self, reading: Reading, owner: list[int], lex: Lexicon) -> None:
        document = reading.document
        blocked = [bool(o) for o in owner]
        titles_end: set[int] = set()
        for trigger in reading.triggers:
            if trigger.family == "title":
                blocked[trigger.first : trigger.last] = [True] * (trigger.last - trigger.first)
                titles_end.add(trigger.last)
            elif trigger.family in {"est", "org", "n"} and trigger.name not in {"n.candidate", "n.votes"}:
                blocked[trigger.first : trigger.last] = [True] * (trigger.last - trigger.first)
        for date in reading.dates:
            blocked[date.first : date.last] = [True] * (date.last - date.first)
        persons: list[Mention] = []
        for found in discover.persons(document, reading.lang, lambda i: blocked[i], lambda i: i in titles_end):
            entity = Entity("person/x-" + (iris.slug(found.names[0]) or iris.digest(found.names[0])), "person", found.names, known=False)
            persons.append(Mention(found.first, found.last, "person", entity, document.sentence_of[found.first], found.case, how="new"))
        full = [m for m in [*reading.mentions, *persons] if m.type == "person" and " " in m.entity.names[0]]
        for mention in persons:
            if mention.last - mention.first == 1:  # a bare family name stands for the full one
                stem = fold(mention.entity.names[0])[:5]
                same = next((m for m in full if fold(m.entity.names[0]).split()[-1].startswith(stem) or any(fold(n).split()[-1:] == [fold(mention.entity.names[0])] for n in m.entity.names)), None)
                if same:
                    mention.entity = same.entity
        reading.mentions += persons
        for mention in persons:
            owner[mention.first : mention.last] = [mention.last] * (mention.last - mention.first)

    def _stand_ins(self, reading: Reading, owner: list[int]) -> None:
        """Words that stand for a place or an organisation named before, read from left to right."""
        document, lang = reading.document, reading.lang
        named = sorted(reading.mentions, key=lambda m: m.first)
        cities = [m for m in named if m.type == "city"]
        if cities and cities[0].sentence <= document.first_text_sentence and cities[0].first <= document.sentences[cities[0].sentence].first + 2:
            reading.dateline = cities[0].entity
        points: list[tuple[int, Trigger | None]] = [(t.first, t) for t in reading.triggers if t.name in _STANDING and not owner[t.first]]
        here = _HERE[lang]
        points += [(i, None) for i, word in enumerate(document.low) if word in here and not owner[i]]
        for i, trigger in sorted(points, key=lambda p: (p[0], p[1] is None)):
            if trigger is None:
                added = self._here(reading, i, named)
            elif trigger.name == "n.capital":
                added = self._capital(reading, trigger, named)
            elif trigger.name == "n.country":
                added = self._country(reading, trigger, named)
            else:
                added = self._group(reading, trigger, named)
            for mention in added:
                reading.mentions.append(mention)
                position = next((n for n, m in enumerate(named) if m.first > mention.first), len(named))
                named.insert(position, mention)

    def _here(self, reading: Reading, i: int, named: list[Mention]) -> list[Mention]:
        document = reading.document
        word = document.low[i]
        if word == "there" and document.low[i + 1 : i + 2] in (["is"], ["are"], ["was"], ["were"], ["will"], ["has"], ["have"]):
            return []
        sentence = document.sentence_of[i]
        before = [m for m in named if m.type == "city" and m.last <= i]
        case = _HERE_CASE.get(word, "loc")
        if before and sentence - before[-1].sentence <= 2:
            return [Mention(i, i + 1, "city", before[-1].entity, sentence, case, how="anaphor")]
        if word == "here" and reading.dateline:
            return [Mention(i, i + 1, "city", reading.dateline, sentence, case, how="anaphor")]
        return []

    def _country(self, reading: Reading, trigger: Trigger, named: list[Mention]) -> list[Mention]:
        """"in the country", "в стране", "елде": the country named last; "еліміз" is Kazakhstan's own word for itself."""
        document = reading.document
        word = document.low[trigger.first]
        sentence = document.sentence_of[trigger.first]
        if reading.lang == "kk":
            from kg.language import kazakh

            ours = word.startswith("еліміз")
            case = next((c for s, c, _ in kazakh.stems(word) if c in {"loc", "attr", "dat", "abl", "gen"} and len(s) >= 2), "nom")
            if not ours and case not in {"loc", "attr"}:
                return []
            if ours and "country/kz" in self.reference.entries:
                return [Mention(trigger.first, trigger.last, "country", self.entity("country/kz"), sentence, case, how="anaphor")]
        else:
            before = document.low[max(0, trigger.first - 2) : trigger.first]
            if not (set(before) & ({"in", "the", "this"} if reading.lang == "en" else {"в", "из"})) or not word.startswith(("countr", "стран", "республик", "republic", "kingdom")):
                return []
            if word in {"countries", "стран", "страны"}:
                return []
        earlier = [m for m in named if m.type == "country" and m.last <= trigger.first]
        if not earlier:
            return []
        mention = Mention(trigger.first, trigger.last, "country", earlier[-1].entity, sentence, "loc", how="anaphor")
        _syntax(mention, document, reading.lang)
        return [mention]

    def _capital(self, reading: Reading, trigger: Trigger, named: list[Mention]) -> list[Mention]:
        document = reading.document
        near = [m for m in named if m.type == "country" and (0 <= trigger.first - m.last <= 1 or 0 <= m.first - trigger.last <= 2) and m.sentence == document.sentence_of[trigger.first]]
        how = "capital"
        if not near:
            following = [m for m in named if m.type == "city" and 0 <= m.first - trigger.last <= 1]
            if following:
                return []
            near = [m for m in named if m.type in {"country", "city"} and m.last <= trigger.first][-1:]
            how = "anaphor"
        if not near:
            return []
        country = near[0].entity.id if near[0].type == "country" else self.country_of.get(near[0].entity.id, "")
        capital = self.capital_of.get(country)
        if not capital or capital not in self.reference.entries:
            return []
        if any(m.type == "city" and 0 <= m.first - trigger.last <= 2 and m.entity.id == capital for m in named):
            return []
        mention = Mention(trigger.first, trigger.last, "city", self.entity(capital), document.sentence_of[trigger.first], how=how)
        if reading.lang == "kk":
            from kg.language import kazakh

            mention.case = next((c for s, c, _ in kazakh.stems(document.low[trigger.first]) if s in {"астана", "елорда", "астанасы"} and c != "nom"), "nom")
        _syntax(mention, document, reading.lang, start=near[0].first if how == "capital" and near[0].first < trigger.first else trigger.first)
        if reading.lang == "ru" and document.low[trigger.first].endswith("у") and mention.case == "loc":
            mention.case = "dat"
        return [mention]

    def _group(self, reading: Reading, trigger: Trigger, named: list[Mention]) -> list[Mention]:
        document = reading.document
        sentence = document.sentence_of[trigger.first]
        before = [m for m in named if m.type == "organization" and m.last <= trigger.first and sentence - m.sentence <= 8]
        if not before:
            return []
        if before[-1].last == trigger.first and before[-1].case in {"adj", "gen", "nom"} and before[-1].sentence == sentence:
            return []
        if reading.lang == "en":
            previous = document.low[max(0, trigger.first - 2) : trigger.first]
            if not {"the", "its", "this"} & set(previous):
                return []
        stem = document.low[trigger.first][:4]
        fitting = [m for m in before if any(w.startswith(stem) for n in m.entity.names for w in fold(n).split())]
        chosen = (fitting or before)[-1]
        entity = chosen.entity
        entry = self.reference.get(entity.id)
        if entry is not None and entry.row.get("kind") in _ORGANS and stem not in _ORGAN_WORDS:
            parent = self.reference.get("organization/" + entry.row.get("parent", ""))
            if parent is not None:  # "the bank" is no board of governors
                entity = self.entity(parent.id)
        mention = Mention(trigger.first, trigger.last, "organization", entity, sentence, how="anaphor")
        _syntax(mention, document, reading.lang)
        if reading.lang == "kk":
            from kg.language import kazakh

            mention.case = next((c for s, c, p in kazakh.stems(document.low[trigger.last - 1]) if c != "nom" and len(s) > 2), "nom")
        return [mention]


def _shift(date: dates.DateMention, offset: int) -> dates.DateMention:
    from dataclasses import replace

    until = _shift(date.until, offset) if date.until else None
    return replace(date, first=date.first + offset, last=date.last + offset, until=until)


_AND: Final = frozenset({",", "and", "or", "&", "и", "или", "а", "также", "мен", "пен", "бен", "және", "әрі", ";"})


def _lists(reading: Reading) -> None:
    """Names of one type that only commas and "and" part are a list; they share its case and its bounds."""
    low = reading.document.low
    ordered = sorted(reading.mentions, key=lambda m: m.first)
    group: list[Mention] = []
    for mention in [*ordered, None]:
        if group and mention is not None:
            last = group[-1]
            between = low[last.last : mention.first]
            if mention.type == last.type and mention.sentence == last.sentence and 1 <= len(between) <= 3 and all(w in _AND for w in between):
                group.append(mention)
                continue
        if len(group) > 1:
            bounds = (group[0].first, group[-1].last)
            shown = group[-1] if reading.lang == "kk" else group[0]
            for member in group:
                member.run = bounds
                if member.case == "nom" or (reading.lang == "en" and member.prep in {"and", ""}):
                    member.case = shown.case
                    member.prep = shown.prep
        group = [mention] if mention is not None else []


_TYPE_ORDER: Final = {"organization": 0, "city": 1, "country": 2, "region": 3, "person": 4, "event": 5}


def _preferred(names: Iterable[Name]) -> list[Name]:
    """Names at one place, the likeliest first: no adjective, longest pattern, organisation before place."""
    return sorted(names, key=lambda n: (n.adjective, n.lang == "en", _TYPE_ORDER.get(n.type, 9), n.entity))


def _syntax(mention: Mention, document: Document, lang: str, start: int | None = None) -> None:
    """Set the preposition and, for English and Russian, the case that it shows."""
    first = mention.first if start is None else start
    sentence = document.sentences[mention.sentence]
    if lang == "kk":
        after = document.low[mention.last] if mention.last < sentence.last else ""
        mention.prep = after if after in _POSTPOSITIONS_KK else ""
        return
    table = _CASE_OF_PREPOSITION[lang]
    k = first - 1
    steps = 0
    while k >= sentence.first and steps < 4:
        word = document.low[k]
        if word in table:
            mention.prep = word
            break
        if lang == "en" and word in {"the", "its", "a", "an", "nearby", "downtown", "central"}:
            k -= 1
            steps += 1
            continue
        if lang == "ru" and word in {"городе", "город", "города", "столице", "столицу", "соседн", "сам", "самом", "самой"}:
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
            mention.case = "dat" if mention.case == "acc" else "loc"
        elif mention.prep in {"с", "со"}:
            mention.case = "ins" if mention.case in {"ins", "nom"} else "abl"
        elif shown:
            mention.case = shown
