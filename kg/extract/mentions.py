"""Everything that an article names, in order: entities, dates, numbers and triggers.

:func:`read` turns an article into a :class:`Reading`, from which candidates are made. Names of the
tables come first (the longest match at a place wins), then dates and numbers, then names that no table
knows, then words that stand for a name said before ("the bank", "астанасы", "there").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from kg import iris
from kg.extract import discover, namesakes, organs, standins, towns
from kg.extract.knowledge import Knowledge
from kg.extract.lexicon import Lexicon, lexicon
from kg.extract.names import Match, Name, NameIndex, is_acronym
from kg.extract.reading import Mention, Number, Reading, set_syntax
from kg.language import dates, kazakh, latin, lookalikes, words
from kg.language.tokens import DASHES, Document, analyse, fold
from kg.model import Article, Entity, EntityType
from kg.reference import Reference

# "152-сі", "18-ге": 152 of them, to 18, cardinals; other endings make an ordinal ("74-сессия", "12-ші").
_CASES: Final = frozenset(
    {"сы", "сі", "ы", "і", "ін", "ын", "сін", "сын", "інің", "ының", "сінің", "сының", *kazakh.SUFFIXES}
)


_KEPT: Final = 50_000  # entities as they are named that are kept for the articles to come


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
        self._mentioned: dict[tuple[str, str, str], Entity] = {}
        self.capital_of: dict[str, str] = {}
        for entry in reference.entries.values():
            if entry.type == "country" and entry.row.get("capital"):
                capital = entry.row["capital"]
                self.capital_of[entry.id] = capital if "/" in capital else "city/" + capital
        self.capitals = frozenset(self.capital_of.values())
        self.parent_of = _establishments(reference)
        self.knowledge = Knowledge(reference, self.parent_of)
        self.country_of = self.knowledge.country_of
        self.organs_of = organs.children(reference)

    def index(self, lang: str) -> NameIndex:
        if lang not in self._indexes:
            self._indexes[lang] = NameIndex(self.reference, lang)
        return self._indexes[lang]

    def entity(self, identifier: str) -> Entity:
        return self.knowledge.entity(identifier)

    def read(self, article: Article) -> Reading:
        """The mentions, dates, numbers and triggers of an article whose language is en, ru or kk."""
        lang = article.lang
        document = analyse(article.title, article.text, self._respell(article))
        self.index(lang).recase(document)
        reading = Reading(article, lang, document, [], [], [], [])
        lex = lexicon(lang, self.frames)
        for sentence in document.sentences:
            reading.triggers += lex.find(document.low, sentence.first, sentence.last)
            offset = sentence.first
            row = document.low[offset : sentence.last]
            reading.dates += [_shift(d, offset) for d in dates.find(row, lang)]
        owner = self._known(reading)
        namesakes.settle(reading, self)
        _drop_namesakes(reading, owner)
        towns.add(reading, owner)
        self._numbers(reading, owner)
        organs.release(reading, owner)
        waiting = organs.add(reading, owner, self, last_look=False)
        self._new_organizations(reading, owner, waiting)
        organs.add(reading, owner, self, last_look=True)
        self._persons(reading, owner, lex)
        for mention in reading.mentions:
            set_syntax(mention, document, lang)
        _lists(reading)
        standins.add(reading, owner, self)
        for mention in reading.mentions:
            for other in mention.others:
                other.case, other.prep, other.run = mention.case, mention.prep, mention.run
        reading.index()
        return reading

    def _respell(self, article: Article) -> Callable[[str], str] | None:
        """What puts the words of Kazakh in Latin letters into Cyrillic, but for acronyms that the tables have so.

        In other texts only acronyms are put right that are written in the look-alike letters of the other alphabet.
        """
        alphabet = latin.alphabet_of(article.text or article.title) if article.lang == "kk" else ""
        begins = self.index(article.lang).begins
        if not alphabet:
            return lookalikes.respeller(f"{article.title}\n{article.text}", article.lang, begins)

        def respell(word: str) -> str:
            if word.isupper() and begins(fold(word)) and not begins(fold(latin.to_cyrillic(word, alphabet))):
                return word
            return latin.to_cyrillic(word, alphabet)

        return respell

    def _known(self, reading: Reading) -> list[int]:
        """Mentions of the tables' names; returns, for each token, the end of the mention that holds it."""
        document = reading.document
        owner = [0] * len(document.low)
        matches = self.index(reading.lang).find(document)
        # The longest first; an article adds nothing: "the Caribbean" yields to "Caribbean Community".
        matches.sort(key=lambda m: (m.first - m.last + (document.low[m.first] == "the"), m.first))
        nested: list[Match] = []
        months = {d.first for d in reading.dates if d.month}
        for match in matches:
            if match.first in months and _is_month(document, match):
                continue
            if any(owner[match.first : match.last]):
                if match.names[0].type in {"city", "country"} and not match.names[0].adjective:
                    nested.append(match)
                continue
            mention = None if _money(document.low, match.first, match.last) else self._mention(match, document)
            if mention is None:
                continue
            reading.mentions.append(mention)
            owner[match.first : match.last] = [match.last] * (match.last - match.first)
        for match in nested:
            holder = next((m for m in reading.mentions if m.first <= match.first and match.last <= m.last), None)
            if (
                holder is not None
                and holder.entity.id in self.parent_of
                and holder.last - holder.first > match.last - match.first
            ):
                mention = self._mention(match, document)
                if mention is not None:
                    mention.how = "inside"
                    reading.inside.append(mention)
        return owner

    def _mention(self, match: Match, document: Document) -> Mention | None:
        names = match.names
        if len(names) > 1:
            names = _preferred(namesakes.as_written(names, document, match.first))
        chosen = names[0]
        text = discover.document_text(document, match.first, match.last)
        entity = self._named(chosen, text)
        sentence = document.sentence_of[match.first]
        if len(names) == 1:
            return Mention(match.first, match.last, chosen.type, entity, sentence, match.case)
        others: dict[EntityType, Mention] = {}
        for name in names[1:]:
            if name.type != chosen.type and name.type not in others and not name.adjective:
                others[name.type] = Mention(
                    match.first, match.last, name.type, self.entity(name.entity), sentence, match.case
                )
        rivals = tuple(
            dict.fromkeys(n.entity for n in names if n.type == chosen.type and n.adjective == chosen.adjective)
        )
        return Mention(
            match.first,
            match.last,
            chosen.type,
            entity,
            sentence,
            match.case,
            others=tuple(others.values()),
            rivals=rivals if len(rivals) > 1 else (),
        )

    def _named(self, name: Name, text: str) -> Entity:
        """The entity of a name, with the name and the words of the text among its names if the tables lack it."""
        key = (name.entity, name.text, text)
        entity = self._mentioned.get(key)
        if entity is None:
            entity = known = self.entity(name.entity)
            if name.text not in known.names:
                entity = Entity(known.id, known.type, (*known.names, name.text, text), known.iso)
            if len(self._mentioned) < _KEPT:
                self._mentioned[key] = entity
        return entity

    def _numbers(self, reading: Reading, owner: list[int]) -> None:
        document = reading.document
        in_date = _in_dates(reading)
        low, starts, ends = document.low, document.starts, document.ends
        table = words.BEGIN[reading.lang]
        for sentence in document.sentences:
            i = sentence.first
            while i < sentence.last:
                word = low[i]
                if in_date[i] or owner[i] or not (word.isdecimal() or word in table):
                    i += 1
                    continue
                gaps = [0] + [starts[k] - ends[k - 1] for k in range(i + 1, min(i + 6, sentence.last))]
                found = words.number_at(low[i : min(i + 6, sentence.last)], 0, reading.lang, gaps)
                if found is None:
                    i += 1
                    continue
                value, used = found
                after = i + used
                hyphenated = (
                    after + 1 < sentence.last
                    and low[after] in DASHES
                    and starts[after] == ends[after - 1]
                    and low[after + 1][0].isalpha()
                )
                ordinal = hyphenated and not (reading.lang == "kk" and low[after + 1] in _CASES)
                suffix = (
                    after < sentence.last
                    and starts[after] == ends[after - 1]
                    and low[after] in {"st", "nd", "rd", "th", "%"}
                ) or (after < sentence.last and low[after] == "%")
                decimal = (
                    after + 1 < sentence.last
                    and low[after] in ".,"
                    and low[after + 1].isdecimal()
                    and starts[after + 1] == ends[after]
                )
                glued = (
                    i > sentence.first and starts[i] == ends[i - 1] and (low[i - 1] in "/№-.," or low[i - 1].isalpha())
                )
                slashed = after < sentence.last and low[after] == "/"
                if decimal and after + 2 < sentence.last:
                    after += 2
                if not (
                    suffix
                    or decimal
                    or glued
                    or slashed
                    or (ordinal and word.isdecimal() and low[after + 1] not in {"member", "strong", "nation"})
                ):
                    reading.numbers.append(Number(i, after, value, document.sentence_of[i]))
                i = after

    def _new_organizations(self, reading: Reading, owner: list[int], waiting: list[bool]) -> None:
        document = reading.document
        kinds = {m.first: m for m in reading.mentions}

        def covered(i: int) -> int:
            mention = kinds.get(i)
            if mention is None or (mention.type == "region" and mention.case == "adj"):
                return 0  # "Карибский" begins many names
            return mention.last

        acronyms: dict[str, Entity] = {}
        for mention in reading.mentions:
            if mention.type == "organization" and mention.last + 2 < len(document.low):
                word = discover.bracketed(document, mention.last, min(mention.last + 8, len(document.low)))
                if word and not owner[mention.last + 1]:
                    acronyms[fold(word)] = mention.entity
        apart = [a or b for a, b in zip(_in_dates(reading), waiting, strict=True)]
        for mention in reading.mentions:
            if mention.type == "person":
                apart[mention.first : mention.last] = [True] * (mention.last - mention.first)
        places = {m.first for m in reading.mentions if m.type in {"city", "country"} and m.case != "adj"}
        for found in discover.organizations(document, reading.lang, covered, apart.__getitem__, places.__contains__):
            inside = [m for m in reading.mentions if m.first < found.last and m.last > found.first]
            if any(m.how == "organ" for m in inside):
                continue
            # "The Caribbean" of "The Caribbean Epidemiology Centre" begins with the article, the new name behind it.
            begins = found.first - (found.first > 0 and document.low[found.first - 1] == "the")
            if any(m.type == "organization" and (m.last - m.first) * 2 > found.last - found.first for m in inside):
                continue
            if any(m.first < begins or m.last > found.last for m in inside):
                continue
            if len(inside) == 1 and namesakes.is_plain(reading, found.first, found.last, inside[0]):
                continue
            texts = (*found.names, found.acronym) if found.acronym else found.names
            entity = Entity(
                "organization/x-" + (iris.slug(texts[0]) or iris.digest(texts[0])), "organization", texts, known=False
            )
            for mention in inside:
                reading.mentions.remove(mention)
            self._nested(reading, entity, inside)
            reading.mentions.append(
                Mention(
                    found.first,
                    found.last,
                    "organization",
                    entity,
                    document.sentence_of[found.first],
                    found.case,
                    how="new",
                )
            )
            owner[found.first : found.last] = [found.last] * (found.last - found.first)
            if found.acronym:
                acronyms[fold(found.acronym)] = entity
        if acronyms:
            self._acronyms(reading, owner, acronyms)

    def _nested(self, reading: Reading, entity: Entity, inside: list[Mention]) -> None:
        """A new name that holds a known one may be an establishment of it: "UN Regional Centre for …"."""
        owners = [m for m in inside if m.type == "organization"]
        kind = establishment_kind(entity.names[0])
        if not owners or kind is None:
            return
        reading.parents[entity.id] = (owners[0].entity, kind)
        for mention in inside:
            if mention.type in {"city", "country"} and mention.case != "adj":
                mention.how = "inside"
                reading.inside.append(mention)

    def _acronyms(self, reading: Reading, owner: list[int], acronyms: dict[str, Entity]) -> None:
        """Acronyms that the article itself explains stand for their organisation from then on."""
        document = reading.document
        for i, word in enumerate(document.low):
            entity = acronyms.get(word)
            if entity is None or owner[i] or not document.raw[i][0].isupper() or not is_acronym(document.raw[i]):
                continue
            if fold(document.raw[i]) not in {fold(n) for n in entity.names}:
                entity = Entity(entity.id, entity.type, (*entity.names, document.raw[i]), entity.iso, entity.known)
            last = i + 1
            case = "nom"
            if reading.lang == "kk" and i + 2 < len(document.low) and document.low[i + 1] in DASHES:
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
                if _part_of_name(document, trigger.first, trigger.last, reading.lang, owner):
                    continue
                blocked[trigger.first : trigger.last] = [True] * (trigger.last - trigger.first)
                titles_end.add(trigger.last)
            elif trigger.family in {"est", "org", "n", "theme"} and trigger.name not in {"n.candidate", "n.votes"}:
                blocked[trigger.first : trigger.last] = [True] * (trigger.last - trigger.first)
        for date in reading.dates:
            blocked[date.first : date.last] = [True] * (date.last - date.first)
        persons: list[Mention] = []
        for found in discover.persons(document, reading.lang, blocked.__getitem__, titles_end.__contains__):
            entity = Entity(
                "person/x-" + (iris.slug(found.names[0]) or iris.digest(found.names[0])),
                "person",
                found.names,
                known=False,
            )
            persons.append(
                Mention(
                    found.first, found.last, "person", entity, document.sentence_of[found.first], found.case, how="new"
                )
            )
        full = [m for m in [*reading.mentions, *persons] if m.type == "person" and " " in m.entity.names[0]]
        for mention in persons:
            if mention.last - mention.first == 1:  # a bare family name stands for the full one
                stem = fold(mention.entity.names[0])[:5]
                same = next(
                    (
                        m
                        for m in full
                        if fold(m.entity.names[0]).split()[-1].startswith(stem)
                        or any(fold(n).split()[-1:] == [fold(mention.entity.names[0])] for n in m.entity.names)
                    ),
                    None,
                )
                if same:
                    mention.entity = same.entity
        reading.mentions += persons
        for mention in persons:
            owner[mention.first : mention.last] = [mention.last] * (mention.last - mention.first)


def _part_of_name(document: Document, first: int, last: int, lang: str, owner: list[int]) -> bool:
    """Whether a word that looks like a title is a name: titles are small in Russian and Kazakh, as Султан is not."""
    raw = document.raw
    if lang == "en" or last - first > 1 or not raw[first][0].isupper() or raw[first].isupper():
        return False
    if first == document.sentences[document.sentence_of[first]].first:
        return False

    def capital(k: int) -> bool:
        return raw[k][0].isupper() and raw[k][1:].islower() and not owner[k]

    return capital(first - 1) or document.low[first + 1 : first + 2] in (["аль"], ["бин"], ["әл"])


def _is_month(document: Document, match: Match) -> bool:
    """Whether a name that begins a sentence is the month of a date: "Қазанның 25-інде" is in October, not in Kazan.

    Inside a sentence the small letter tells the month from the city; an article that names the city there means it.
    """
    first = match.first
    if match.last - first > 1 or first != document.sentences[document.sentence_of[first]].first:
        return False
    stem = document.low[first][:4]
    begins = {sentence.first for sentence in document.sentences}
    return not any(
        low.startswith(stem) and raw[0].isupper() and k not in begins
        for k, (low, raw) in enumerate(zip(document.low, document.raw, strict=True))
    )


def _in_dates(reading: Reading) -> list[bool]:
    """For each token, whether a date holds it."""
    held = [False] * len(reading.document.low)
    for date in reading.dates:
        held[date.first : date.last] = [True] * (date.last - date.first)
    return held


def _shift(date: dates.DateMention, offset: int) -> dates.DateMention:
    until = _shift(date.until, offset) if date.until else None
    return dates.DateMention(
        date.first + offset, date.last + offset, date.year, date.month, date.day, date.relative, date.amount, until
    )


_HONORIFICS: Final = frozenset(("mr", "mrs", "ms", "dr", "sir", "prof", "dame", "lord", "mister"))


_MONEY: Final = ("dollar", "доллар")


def _money(low: Sequence[str], first: int, last: int) -> bool:
    """Whether a name tells a currency: "US dollars", "US$", "долларов США", "АҚШ доллары"."""
    after = low[last] if last < len(low) else ""
    return after == "$" or after.startswith(_MONEY) or (first > 0 and low[first - 1].startswith(_MONEY))


def _drop_namesakes(reading: Reading, owner: list[int]) -> None:
    """A family name behind another given name means someone else: "Tidiane Ouattara" is not Alassane Ouattara."""
    document = reading.document
    titles = {t.last for t in reading.triggers if t.family == "title"}
    for mention in list(reading.mentions):
        i = mention.first
        sentence = document.sentences[mention.sentence]
        if mention.type != "person" or mention.last - i != 1 or i - 1 <= sentence.first or i in titles:
            continue
        before = document.raw[i - 1]
        glued = before == "-" and document.starts[i] == document.ends[i - 1]
        given = before[0].isupper() and before[1:].islower() and document.starts[i] - document.ends[i - 1] <= 1
        if owner[i - 1] or document.low[i - 1] in _HONORIFICS or not (glued or given):
            continue
        words = {w for name in mention.entity.names for w in fold(name).replace("-", " ").split()}
        if not any(w.startswith(document.low[i - 1][:4]) for w in words) or glued:
            reading.mentions.remove(mention)
            owner[i] = 0


_KIND_OF_NAME: Final = (
    ("est.mission", re.compile(r"\b(?:mission|мисси[яию]|миссия\w*)\b")),
    (
        "est.regional-centre",
        re.compile(
            r"regional (?:\w+ )?cent(?:re|er)|региональн\w+ (?:\w+ )?центр|(?:өңірлік|аймақтық) (?:\w+ )?орталы"
        ),
    ),
    (
        "est.regional-office",
        re.compile(r"regional office|subregional|региональн\w+ (?:офис|бюро)|(?:өңірлік|аймақтық) (?:кеңсе|бюро)"),
    ),
    (
        "est.centre",
        re.compile(r"cent(?:re|er)\b|institute|academy|college|school|campus|центр|институт|академи|орталы|колледж"),
    ),
)


def establishment_kind(name: str) -> str | None:
    """The trigger class of the establishment that a body's name says it is, or None."""
    low = fold(name)
    return next((kind for kind, pattern in _KIND_OF_NAME if pattern.search(low)), None)


def _establishments(reference: Reference) -> dict[str, tuple[Entity, str]]:
    """Bodies that are establishments of another body, by name and kind: the other body, and the trigger class.

    What a department of the UN Secretariat looks after, its missions and centres, is the United Nations'.
    """
    found = {}
    for entry in reference.entries.values():
        parent = reference.get("organization/" + entry.row.get("parent", ""))
        if entry.type != "organization" or parent is None:
            continue
        if parent.row.get("kind") == "un-secretariat":
            parent = reference.get(_UNITED_NATIONS) or parent
        kind = entry.row.get("kind")
        trigger = "est.mission" if kind == "un-mission" else establishment_kind(entry.labels.get("en", ""))
        if trigger is not None and (trigger == "est.mission" or kind not in _ORGANS):
            found[entry.id] = (reference.entity(parent.id), trigger)
    return found


_UNITED_NATIONS: Final = "organization/un"
_ORGANS: Final = frozenset({"organ", "un-principal-organ", "parliamentary-body"})


_AND: Final = frozenset({",", "and", "or", "&", "и", "или", "а", "также", "мен", "пен", "бен", "және", "әрі", ";"})


_PLACES: Final = frozenset({"country", "region", "city"})


def _lists(reading: Reading) -> None:
    """Names of one type that only commas and "and" part are a list; they share its case and its bounds."""
    low = reading.document.low
    ordered = sorted(reading.mentions, key=lambda m: m.first)
    group: list[Mention] = []
    for mention in [*ordered, None]:
        if group and mention is not None:
            last = group[-1]
            between = low[last.last : mention.first]
            if (
                (mention.type == last.type or {mention.type, last.type} <= _PLACES)
                and mention.sentence == last.sentence
                and 1 <= len(between) <= 3
                and all(w in _AND for w in between)
            ):
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


def _preferred(names: Iterable[Name]) -> tuple[Name, ...]:
    """Names at one place, the likeliest first: no adjective, longest pattern, organisation before place."""
    return tuple(sorted(names, key=lambda n: (n.adjective, n.lang == "en", _TYPE_ORDER.get(n.type, 9), n.entity)))
