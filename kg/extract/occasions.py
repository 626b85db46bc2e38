"""Events at which something is proposed: "the 12th OTS summit", "саммит ШОС в Ташкенте", "ЭСКАТО-ның 79-сессиясы".

An event is a noun for a gathering with what belongs to it: a number, the body whose gathering it is, a place, a year.
Its names are made from these in English, whatever the language of the article, and of the words as they stand, in their
base form. A bare "at the summit" means the event told before. They are looked for only where a proposal stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from kg import iris
from kg.extract.discover import document_text
from kg.extract.names import is_acronym
from kg.extract.reading import Mention, Reading
from kg.language.gatherings import ADJECTIVE, OWNED, gathering, nominative, ordinal, ordinal_before
from kg.language.kept import Kept
from kg.language.tokens import DASHES
from kg.model import Entity

_MODIFIERS: Final = frozenset(
    "ministerial extraordinary annual high level international regional global world consultative informal plenary "
    "general special emergency virtual climate joint review donor donors economic trilateral interim upcoming "
    "last recent previous ordinary regular jubilee inaugural council".split()
)
_POINTING: Final = frozenset(
    "last recent previous upcoming осы сол бұл соңғы кезекті былтырғы алдыңғы этот эта этом этой том той прошлый "
    "прошлом прошлой последнем последней недавнем недавней нынешнем нынешней предыдущей предыдущем очередном "
    "очередной".split()
)
_THIS: Final = frozenset("this that these осы сол бұл этот эта этом этой этого то том той".split())
_FUNCTION: Final = frozenset(
    "the a an at in on of during and but for to from with by this that these those while when after before its his "
    "her their as since".split()
)
_ENDING_RIGHT: Final = frozenset(
    "in at by with from to when where that which who whose this last earlier during after before and he she it they "
    "has had was is were be will would в во на с со из к ко от у при для что где который когда это и а но за до под "
    "был была было будет он она они".split()
)
_ENDING_LEFT: Final = (
    "да", "де", "та", "те", "ған", "ген", "қан", "кен", "ып", "іп", "ын", "ін", "ны", "ні", "ды", "ді", "ты", "ті",
    "ға", "ге", "қа", "ке", "дан", "ден", "тан", "тен", "нан", "нен", "болса", "ал", "президенті", "басшысы",
    "министрі",
)  # fmt: skip
_PLURAL: Final = ("лар", "лер", "дар", "дер", "тар", "тер")
_TAKING_PLACE: Final = ("өт", "ұйымдастыр", "бол")
_REACH: Final = 8  # words that belong to an event on one side
_NAMES: Final = 24
_ASSEMBLY: Final = "organization/un-general-assembly"
_ASSEMBLY_FROM: Final = 30
"""From which number on a session of a body that the text leaves out is one of the General Assembly, if it is named."""
_OF_A_BODY: Final = frozenset({"summit", "session"})
_AREAS: Final = frozenset({"region", "country"})
_BODY_NAMES: Final = 5


_PARTIES: Final = frozenset({"cop", "кс", "коп"})


@cache
def _begins(lang: str) -> Kept[bool]:
    """By folded words of a language: whether one may be a noun for a gathering; most are none."""
    return Kept(lambda word: word in _PARTIES or gathering(word, word, lang) is not None)


@dataclass(slots=True)
class Occasion:
    """An event over tokens ``[first, last)`` of an article, as a mention, with what tells it from others."""

    mention: Mention
    head: str
    number: int = 0
    body: Entity | None = None
    place: Entity | None = None
    year: int = 0
    bare: bool = False
    phrases: list[str] = field(default_factory=list)

    def features(self) -> tuple[float, ...]:
        """:data:`NAMES`."""
        return (
            self.number > 0,
            self.body is not None,
            self.place is not None,
            self.year > 0,
            self.bare,
            _KINDS.index(self.head) if self.head in _KINDS else -1,
            self.mention.entity.known,
        )


NAMES: Final = ("numbered", "of-body", "in-place", "dated", "pointing", "gathering", "in-tables")
_KINDS: Final = (
    "session", "summit", "conference", "forum", "congress", "meeting", "assembly", "ministerial meeting", "dialogue",
)  # fmt: skip


def find(reading: Reading) -> list[Occasion]:
    """The events of an article in their order, those of the tables too; a bare one has the entity it points back to."""
    finder = _Finder(reading)
    found: list[Occasion] = []
    for sentence in range(len(reading.document.sentences)):
        for event in finder.of(sentence):
            if event.bare:
                said = [e for e in found if not e.bare]
                same = [e for e in said if e.head == event.head] or (said if len(said) == 1 else [])
                if not same:
                    continue
                last = same[-1]
                event.mention.entity = last.mention.entity
                event.number, event.body, event.place, event.year = last.number, last.body, last.place, last.year
            found.append(event)
    return found


class _Finder:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lang = reading.lang
        self.document = reading.document
        self.low, self.raw = reading.document.low, reading.document.raw
        self.at: dict[int, Mention] = {}
        for mention in sorted(reading.mentions, key=lambda m: m.last - m.first):
            for token in range(mention.first, mention.last):
                self.at[token] = mention
        named = [m.entity for m in reading.mentions if m.type == "organization" and m.how != "organ"]
        most = Counter(e.id for e in named).most_common(2)
        first = most[0][0] if most and most[0][1] > 1 and (len(most) == 1 or most[0][1] > most[1][1]) else ""
        self.subject = next((e for e in named if e.id == first), None)
        self.assembly = next((m.entity for m in reading.mentions if m.entity.id == _ASSEMBLY), None)
        self.dated = {t for d in reading.dates for t in range(d.first, d.last)}

    def of(self, sentence: int) -> Iterator[Occasion]:
        """The events of a sentence."""
        span = self.document.sentences[sentence]
        for mention in self.reading.by_sentence[sentence]:
            if mention.type == "event":
                yield Occasion(mention, "session", number=1, body=mention.entity)
        begins = _begins(self.lang)
        for i in range(span.first, span.last):
            if not begins[self.low[i]]:
                continue
            holder = self.at.get(i)
            if holder is not None and holder.type != "organization":
                continue
            event = self._conference_of_parties(i)
            if event is not None:
                yield event
                continue
            head = gathering(self.low[i], self.raw[i], self.lang)
            if head is None or (head[1].lower().startswith("кеңес") and not self._number(i)[0]):
                continue
            if holder is not None and not self._numbered_organ(holder):
                if not self._heads(holder, i):
                    continue
                if holder.entity.id == _ASSEMBLY:
                    event = self._session_of_year(holder)
                elif holder.last - holder.first == 1 and not is_acronym(self.raw[i]):
                    event = self._pointing(i, head[0])  # "at the summit", of whatever body
                else:
                    event = self._event(i, *head, span.first, span.last, holder)
            else:
                event = self._event(i, *head, span.first, span.last, holder)
            if event is not None:
                yield event

    def _conference_of_parties(self, i: int) -> Occasion | None:
        """ "COP29", "КС-29": a numbered conference of the parties to a convention."""
        low, k = self.low, i + 1
        if low[i] not in _PARTIES or not self.raw[i].isupper() or k >= len(low):
            return None
        k += low[k] in DASHES
        if k >= len(low) or not low[k].isdecimal() or not 1 <= int(low[k]) <= 60:
            return None
        number = int(low[k])
        names = (f"COP{number}", f"COP-{number}", f"КС-{number}", f"КОП-{number}", f"КС{number}")
        entity = Entity(f"event/x-cop{number}", "event", names, known=False)
        mention = Mention(i, k + 1, "event", entity, self.document.sentence_of[i], self._case(i, k))
        return Occasion(mention, "conference", number)

    def _pointing(self, i: int, english: str) -> Occasion:
        sentence = self.document.sentence_of[i]
        mention = Mention(i, i + 1, "event", Entity("", "event", ()), sentence, self._case(i, i))
        return Occasion(mention, english, bare=True)

    def _heads(self, holder: Mention, i: int) -> bool:
        """Whether a name is one of a gathering, not of an organisation that is called after one."""
        before = self.low[holder.first : i]
        if self.lang == "kk":
            return i == holder.last - 1
        if self.lang == "ru":
            return all(ADJECTIVE.match(word) for word in before)
        return "of" not in before

    def _session_of_year(self, holder: Mention) -> Occasion | None:
        """The session of the UN General Assembly that "at the General Assembly in September 2021" means."""
        if self._case(holder.first, holder.last - 1) != "loc":
            return None
        published = self.reading.article.published
        dates = [d for d in self.reading.dates if self.document.sentence_of[d.first] == holder.sentence]
        known = [v for d in dates if (v := d.resolve(published)) is not None] or ([published] if published else [])
        if not known:
            return None
        date = min(known, key=lambda d: d.value)
        number = date.earliest.year - (1945 if date.latest.month >= 9 else 1946)
        if not 1 <= number <= 150:
            return None
        mention = Mention(holder.first, holder.last, "event", assembly_session(number), holder.sentence, "loc")
        return Occasion(mention, "session", number, holder.entity)

    def _numbered_organ(self, holder: Mention) -> bool:
        """ "The 41st ICAO Assembly": an organ with a number before it is one of its gatherings."""
        return self._number(holder.first)[0] > 0 or self._number(holder.last - 1)[0] > 0

    def _number(self, end: int) -> tuple[int, int]:
        return ordinal_before(self.low, self.raw, end, self.lang)

    def _event(
        self, i: int, english: str, base: str, gender: str, begin: int, end: int, holder: Mention | None
    ) -> Occasion | None:
        start, starts, number = self._left(holder.first if holder else i, begin)
        number = number or self._number(i)[0]
        last, ends = self._right(holder.last if holder else i + 1, end)
        inside = [m for m in self.reading.by_sentence[self.document.sentence_of[i]] if start <= m.first < last]
        bodies = [m for m in inside if m.type == "organization"]
        body = bodies[-1 if self.lang == "kk" else 0].entity if bodies else None
        guessed = False  # a body that the text speaks of most, but not here: the label is as the article has it
        place = next((m.entity for m in inside if m.type == "city"), None) or self._held_in(start, begin)
        if body is None and number and english == "session" and self.assembly is not None and number > _ASSEMBLY_FROM:
            body = self.assembly
        elif body is None and number and english in _OF_A_BODY and not any(m.type in _AREAS for m in inside):
            body, guessed = self.subject, True
        year = next((int(w) for w in self.low[start:last] if _is_year(w)), 0)
        after = holder.last if holder else i + 1
        phrases = [
            self._phrase(first, i, base, gender, stop)
            for stop in dict.fromkeys((after, last, *ends))
            for first in dict.fromkeys((start, *starts, i if stop > after else start))
        ]
        plain = (set(self.low[start:i]) <= _POINTING or self.low[i - 1] in _THIS) and last == after
        mention = Mention(
            start, last, "event", Entity("", "event", ()), self.document.sentence_of[i], self._case(start, i)
        )
        event = Occasion(mention, english, number, body, place, year, plain, phrases)
        if plain and holder is None:
            return event
        named = any(w[0].isupper() for w in self.raw[max(start, begin + 1) : i])
        if not (number or body or place or year or last > after or named):
            return None
        event.bare = False
        asked = body is not None and body.id == _ASSEMBLY and number and english == "session"
        mention.entity = (
            assembly_session(number)
            if asked
            else _entity(event, as_written=guessed or (holder is not None and self.lang == "en"))
        )
        return event

    def _case(self, start: int, i: int) -> str:
        """Whether something is said to happen at the event: its preposition or its ending."""
        if self.lang == "kk":
            return "loc" if self.low[i].endswith(("да", "де", "та", "те")) else "nom"
        before = self.low[max(0, start - 2) : start]
        return "loc" if {"at", "during", "in", "on", "на", "ходе", "в", "рамках"} & set(before) else "nom"

    def _held_in(self, start: int, begin: int) -> Entity | None:
        """The place of "Гаванада өткен саммитте": right before a word for taking place."""
        if self.lang != "kk":
            return None
        k = start - 1
        while k >= begin and start - k < 4 and not self.low[k].startswith(_TAKING_PLACE):
            k -= 1
        mention = self.at.get(k - 1) if k > begin and self.low[k].startswith(_TAKING_PLACE) else None
        return mention.entity if mention is not None and mention.type == "city" else None

    def _left(self, i: int, begin: int) -> tuple[int, list[int], int]:
        """Where an event begins that a token ends, where else it may, and its number."""
        k, starts, number = i, [], 0
        reach = _REACH + 4 * (self.lang == "kk")
        owned = self.lang != "kk" or self.low[i].startswith(OWNED)
        while k > begin and i - k < reach:
            value, first = self._number(k)
            if value:
                number, k = value, first
                starts.append(k)
                continue
            mention = self.at.get(k - 1)
            if mention is not None:
                if not owned or not self._belongs(mention) or (self.lang == "kk" and k < i and _is_subject(mention)):
                    break
                k = max(mention.first, begin)
                starts.append(k)
                continue
            if k - 1 in self.dated and not self.low[k - 1].isdecimal():
                break
            if not self._modifier(k - 1, begin) or (not owned and self.low[k - 1].endswith(_PLURAL)):
                break
            k -= 1
            if self.raw[k][0].isupper():
                starts.append(k)
        while k < i and (not self.raw[k][0].isalnum() or self.low[k] in {"s", "ның", "нің"} | _POINTING):
            k += 1
        return k, [s for s in starts if s >= k], number

    def _belongs(self, mention: Mention) -> bool:
        if mention.type not in {"organization", "city", "country", "region"}:
            return False
        if self.lang == "ru":
            return mention.case == "adj"
        return self.lang == "en" or mention.case in {"nom", "gen", "adj"}

    def _modifier(self, k: int, begin: int) -> bool:
        word, raw = self.low[k], self.raw[k]
        if self.lang == "en":
            if word in _MODIFIERS or raw in {"'", "’", "-", "–"} or word == "s" or _is_year(word):
                return True
            return raw[0].isupper() and word not in _FUNCTION and (k > begin or is_acronym(raw))
        if self.lang == "ru":
            return bool(ADJECTIVE.match(word)) and word not in {"ней", "ним", "ними"}
        if not raw[0].isalnum():
            return raw in DASHES
        if word in {"және", "пен", "бен", "мен"}:
            return k > begin
        return not (word.startswith(_TAKING_PLACE) or word.endswith(_ENDING_LEFT)) or word.endswith(("тын", "тін"))

    def _right(self, i: int, end: int) -> tuple[int, list[int]]:
        """Where an event ends whose noun ends before a token, and where else it may."""
        if self.lang == "kk":
            return i, []
        k, ends = i, []
        while k < end and k - i < _REACH + 4:
            stop = self._piece(k, end)
            if stop == k:
                break
            k = stop
            ends.append(k)
        return k, ends

    def _piece(self, k: int, end: int) -> int:
        """The end of a piece that belongs to the noun before it: "of the Assembly", "in Astana", "по климату"; or k."""
        low, word = self.low, self.low[k]
        mention = self.at.get(k)
        if self.lang == "ru" and mention is not None and mention.type in {"organization", "region"}:
            return mention.last
        if word in {"in", "в", "во", "на"} and k + 1 < end:
            place = self.at.get(k + 1)
            return place.last if place is not None and place.type in {"city", "country"} else k
        if word in {"of", "on", "for"} and self.lang == "en":
            return self._run(k + 1 + (low[min(k + 1, end - 1)] == "the"), end, k)
        if self.lang == "ru" and word in {"по", "глав", "министров", "сторон"}:
            return self._run(k + 1, end, k)
        if _is_year(word):
            return k + 1
        return k

    def _run(self, k: int, end: int, none: int) -> int:
        first = k
        while k < end and k - first < _REACH:
            mention = self.at.get(k)
            if mention is not None:
                if mention.type == "person":
                    break
                k = mention.last
                continue
            if k in self.dated or self.low[k] in _ENDING_RIGHT or not self.raw[k][0].isalnum():
                if self.low[k] in {"and", "и"} and k > first and k + 1 < end and self.raw[k + 1][0].isupper():
                    k += 1
                    continue
                break
            k += 1
        return k if k > first else none

    def _phrase(self, first: int, i: int, base: str, gender: str, stop: int) -> str:
        """The words of an event with its noun, and in Russian its adjectives, in the base form."""
        if self.lang == "en" or stop <= i:
            return document_text(self.document, first, stop)
        if self.lang == "kk":
            before = document_text(self.document, first, i) if first < i else ""
            glue = "" if before.endswith("-") or not before else " "
            return f"{before}{glue}{base}"
        words: list[str] = []
        for k in range(first, i):
            if self.raw[k] in DASHES:
                continue
            if words and words[-1].isdecimal() and self.raw[k - 1] in DASHES:
                words[-1] += {"f": "-я", "n": "-е"}.get(gender, "-й")
            else:
                words.append(nominative(self.raw[k], gender))
        after = document_text(self.document, i + 1, stop) if stop > i + 1 else ""
        return " ".join((*words, base, *([after] if after else [])))


def _is_subject(mention: Mention) -> bool:
    """Whether a Kazakh name that is not right before the noun is no part of it: "Қазақстан … саммитінде ұсынды"."""
    return mention.type in {"country", "city"} and mention.case == "nom"


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1945 <= int(word) <= 2100


def _entity(event: Occasion, *, as_written: bool) -> Entity:
    """The event of what is told of it; one that has a number, or a body and a place, is the same in any language.

    Its label is the English name made of its parts, or the words *as_written*, where these name an organ.
    """
    made = list(_english(event))
    names = list(dict.fromkeys([*event.phrases, *made] if as_written else [*made, *event.phrases]))[:_NAMES]
    parts = []
    if event.body is not None and (event.number or event.place or event.year):
        parts = [event.body.id.partition("/")[2]]
        parts += [ordinal(event.number), event.head] if event.number else [event.head]
        if not event.number:
            parts += [event.place.id.partition("/")[2]] if event.place else []
            parts += [str(event.year)] if event.year else []
    slug = iris.slug(" ".join(parts) if parts else names[0])
    return Entity("event/x-" + (slug or iris.digest(names[0])), "event", tuple(names), known=False)


def _english(event: Occasion) -> Iterator[str]:
    """Names of an event in English, made of what is known of it."""
    head, number = event.head, ordinal(event.number) if event.number else ""
    place = event.place.names[0] if event.place else ""
    bodies, ending = _short(event.body.names, head) if event.body else ((), ())
    for name in ending:
        yield from (f"{number} {name}".strip(), *([f"{name} in {place}"] if place else []), name)
    for body in bodies:
        if number and head in {"session", "meeting"}:
            yield from (f"{body}, {number} {head}", f"{number} {head} of the {body}", f"{number} {head} of {body}")
        if number:
            yield from (f"{number} {body} {head}", f"{body} {number} {head}")
        if place and not number:
            yield f"{body} {head} in {place}"
        if event.year:
            yield f"{body} {head}, {event.year}"
        yield f"{body} {head}"
    if number and head != "session" and not bodies and place:
        yield f"{number} {head} in {place}"
    if place:
        yield from (f"{head} in {place}", f"{place} {head}")


@lru_cache(maxsize=4096)
def _short(names: tuple[str, ...], head: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The shortest names of a body first: acronyms in Latin letters, then its label; none that names the gathering.

    After them two that end in the gathering.
    """
    plain = [n for n in names if head not in n.lower()]
    acronyms = [n for n in plain if is_acronym(n) and n.isascii()]
    short = tuple(dict.fromkeys([*acronyms[:2], *plain[:1], *acronyms[2:]]))[:_BODY_NAMES]
    return short, tuple([n for n in names if n.lower().endswith(head)][:2])


@lru_cache(maxsize=256)
def assembly_session(number: int) -> Entity:
    """A session of the UN General Assembly."""
    from kg.reference import load

    entry = load().session(number)
    return Entity(entry.id, "event", tuple(n for lang in ("en", "ru", "kk") for n in entry.names[lang]))
