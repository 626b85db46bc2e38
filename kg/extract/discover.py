"""Names that no table knows: persons and organisations by the shape of the words.

A person is a run of capitalised words that are no names or triggers; an organisation is a run with a
head noun ("… Centre", "… банк", "… ұйымы"), bounded by capitals or by an acronym in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.language import kazakh, russian
from kg.language.kept import Kept
from kg.language.tokens import Document

_PARTICLES: Final = frozenset(
    """bin ibn al el de da du dos das di van von der den la le ould ag abu ben bint y e ап оглы кызы бен бин бинт ибн
    аль эль фон дер ван да де ди ду ульд уулу ұлы қызы тегі әл өлд""".split()
)
# The Arabic article before the consonants that it takes on: part of a name where a hyphen follows ("ас-Сахаф").
_ARTICLES: Final = frozenset(("ас", "ар", "аш", "ад", "ат", "ан", "аз", "әс", "әр", "әш", "әд", "әт", "ән", "әз"))
_JOINERS_EN: Final = frozenset(["of", "for", "and", "the", "on", "in", "to", "against", "at", "de", "la"])

# "the African Court in Arusha" is the African Court; the missions of the tables have their countries in their names.
_WHERE: Final = frozenset(["in", "at", "to", "on"])
_PARTICIPLES: Final = frozenset(
    ["based", "headquartered", "led", "backed", "run", "wide", "sponsored", "funded", "born"]
)

_HEADS_EN: Final = frozenset(
    """organization organisation agency centre center bank fund commission council committee institute union
    association programme program secretariat court forum network alliance authority foundation federation academy
    initiative partnership platform assembly parliament board conference bureau corporation facility community
    league society movement group tribunal mechanism hub consortium confederation company congress senate chamber
    university institution mission observatory house senate group""".split()
)
HEADS_RU: Final = tuple(
    """организаци банк центр фонд комисси совет комитет институт союз ассоциаци программ агентств суд форум сет
    альянс академи федераци групп ассамбле парламент конференци лиг секретариат объединени сообществ общест
    партнерств управлени служб палат бюро корпораци университет обществ трибунал""".split()
)
_HEADS_KK: Final = tuple(
    """ұйымы банкі банкы орталығы қоры комиссиясы кеңесі комитеті институты одағы қауымдастығы бағдарламасы агенттігі
    соты форумы альянсы академиясы федерациясы тобы ассамблеясы конференциясы хатшылығы лигасы желісі серіктестігі
    қоғамы парламенті университеті палатасы корпорациясы конвенциясы бірлестігі трибуналы мәжілісі""".split()
)


_POSSESSIVE: Final = re.compile(r"['’]s(?= )")
_GAP: Final = 2  # characters between the words of one person's name: a space, or two by mistake


@dataclass(frozen=True, slots=True)
class Found:
    """A new name over tokens ``[first, last)``: its likeliest nominatives, its acronym, its case."""

    first: int
    last: int
    names: tuple[str, ...]
    acronym: str = ""
    case: str = "nom"


def _capital(word: str) -> bool:
    return (word[0].isupper() and any(c.islower() for c in word[1:])) or (len(word) == 1 and word.isupper())


def persons(
    document: Document, lang: str, taken: Callable[[int], bool], after_title: Callable[[int], bool]
) -> Iterator[Found]:
    """Runs of two to five capitalised words, or one right after a title.

    Args:
        document: the article.
        lang: its language.
        taken: whether a token belongs to a known name or a trigger.
        after_title: whether a title ends right before a token.
    """
    raw, low, starts, ends = document.raw, document.low, document.starts, document.ends
    for sentence in document.sentences:
        if sentence.title and document.title.isupper():
            continue
        i = sentence.first
        while i < sentence.last:
            verb = lang == "ru" and i == sentence.first and russian.verb_tense(low[i])  # "Выступил Халид"
            if not raw[i][0].isupper() or taken(i) or not _capital(raw[i]) or verb:
                i += 1
                continue
            words, k, capitals = [i], i + 1, 1
            while k < sentence.last and capitals < 6 and not taken(k):
                if _capital(raw[k]) and starts[k] - ends[k - 1] <= _GAP:
                    words.append(k)
                    capitals += 1
                elif (
                    (low[k] in _PARTICLES or (low[k] in _ARTICLES and raw[k + 1 : k + 2] == ["-"]))
                    and k + 1 < sentence.last
                    and (raw[k + 1][0].isupper() or low[k + 1] in {"-"} or _particles(document, k + 1, sentence.last))
                    and not taken(k + 1)
                ):
                    words.append(k)
                elif (
                    raw[k] in "-'"
                    and starts[k] == ends[k - 1]
                    and k + 1 < sentence.last
                    and not (raw[k] == "'" and low[k + 1] == "s")
                    and starts[k + 1] == ends[k]
                    and raw[k + 1][0].isalpha()
                    and not taken(k + 1)
                ):
                    if low[k - 1] in _PARTICLES or low[k - 1] in _ARTICLES:
                        capitals += 1  # "аль-Джабер"
                    words += [k, k + 1]
                    k += 1
                elif raw[k] == "." and len(raw[k - 1]) == 1 and starts[k] == ends[k - 1]:
                    words.append(k)
                else:
                    break
                k += 1
            last = words[-1] + 1
            if (capitals >= 2 or after_title(i)) and len(raw[last - 1]) > 1:
                yield _person(document, lang, i, last)
            i = last
    return


def _particles(document: Document, k: int, limit: int) -> bool:
    """Whether a second particle and a capital follow: "van der Zwaluw"."""
    return document.low[k] in _PARTICLES and k + 1 < limit and document.raw[k + 1][0].isupper()


def _person(document: Document, lang: str, first: int, last: int) -> Found:
    source_words: list[str] = []
    for k in range(first, last):
        word = document.raw[k]
        if source_words and document.starts[k] == document.ends[k - 1]:
            source_words[-1] += word
        else:
            source_words.append(word)
    text = " ".join(source_words)
    if lang == "ru":
        nominative = " ".join(russian.person_nominative(tuple(source_words)))
        return Found(first, last, tuple(dict.fromkeys((nominative, text))), case="nom" if nominative == text else "obl")
    if lang == "kk":
        *given, family = source_words
        head, _, tail = family.rpartition("-")
        if head and tail in kazakh.SUFFIXES:
            return Found(first, last, (" ".join([*given, head]),), case=kazakh.SUFFIXES[tail][0])
        base, case = kazakh.base(family)
        names = [" ".join([*given, form]) for form in dict.fromkeys((base, family))]
        return Found(first, last, tuple(names), case=case)
    return Found(first, last, (text,))


def bracketed(document: Document, i: int, limit: int) -> str:
    """The acronym that stands in brackets at token *i*, or ``""``."""
    raw = document.raw
    if i + 2 >= limit or raw[i] != "(":
        return ""
    close = next((k for k in range(i + 1, min(i + 7, limit)) if raw[k] == ")"), 0)
    if not close:
        return ""
    word = document_text(document, i + 1, close)
    letters = [c for c in word if c.isalpha()]
    if (
        2 <= len(word) <= 14
        and len(letters) >= 2
        and sum(c.isupper() for c in letters) >= len(letters) / 2
        and " " not in word.strip()
    ):
        return word
    return ""


def document_text(document: Document, first: int, last: int) -> str:
    """The text of tokens ``[first, last)`` as it stands, or as it is respelt."""
    source = document.title if document.sentences[document.sentence_of[first]].title else document.text
    if document.respell is not None:
        raw, starts, ends = document.raw, document.starts, document.ends
        spaced = [(" " if starts[k] > ends[k - 1] else "") + raw[k] for k in range(first, last)]
        return "".join(spaced).strip()
    return " ".join(source[document.starts[first] : document.ends[last - 1]].split())


def organizations(
    document: Document,
    lang: str,
    covered: Callable[[int], int],
    apart: Callable[[int], bool],
    place: Callable[[int], bool],
) -> Iterator[Found]:
    """New organisations, left to right.

    Args:
        document: the article.
        lang: its language.
        covered: end of the known name that begins at a token, 0 for none.
        apart: whether a token belongs to no name of an organisation: a date, a person, an organ.
        place: whether the name of a city or a country begins at a token.
    """
    for sentence in document.sentences:
        if sentence.title and document.title.isupper():
            continue
        if lang == "en":
            yield from _english(document, sentence.first, sentence.last, covered, apart, place)
        else:
            finder = _russian if lang == "ru" else _kazakh
            yield from finder(document, sentence.first, sentence.last, covered, apart)


def _english(
    document: Document,
    first: int,
    last: int,
    covered: Callable[[int], int],
    apart: Callable[[int], bool],
    place: Callable[[int], bool],
) -> Iterator[Found]:
    raw, low = document.raw, document.low
    i = first
    while i < last:
        if not raw[i][0].isupper() or apart(i):
            i += 1
            continue
        k, head, end = i, False, i
        while k < last and not apart(k):
            word = raw[k]
            if word[0].isupper():
                head = head or low[k] in _HEADS_EN
                k += 1
                end = k
            elif (
                low[k] in _JOINERS_EN
                and k > i
                and k + 1 < last
                and (raw[k + 1][0].isupper() or low[k + 1] in {"the", "and"})
                and _joins(low, k)
                and not (head and low[k] in _WHERE and place(k + 1))
            ):
                k += 1
            elif (
                word in "-'&"
                and k + 1 < last
                and document.starts[k] == document.ends[k - 1]
                and raw[k + 1][0].isalpha()
                and low[k + 1] not in _PARTICIPLES
                and not (head and word == "'" and low[k + 1] == "s")
            ):
                head = head or (raw[k + 1][0].isupper() and low[k + 1] in _HEADS_EN)  # "Peoples' Secretariat"
                k += 2
                end = k
            else:
                break
        start = i
        while start < end and low[start] in {
            "the",
            "a",
            "an",
            "in",
            "at",
            "on",
            "its",
            "as",
            "for",
            "by",
            "this",
            "when",
            "but",
            "and",
        }:
            start += 1
        acronym = bracketed(document, end, last)
        if head and end - start >= 2 and covered(start) < end:
            text = document_text(document, start, end)
            plain = _POSSESSIVE.sub("", text)  # "UNESCO's Institute for Statistics" is named without it, too
            yield Found(start, end, tuple(dict.fromkeys((text, plain))), acronym)
        i = max(end, i + 1)


def _joins(low: Sequence[str], k: int) -> bool:
    """Whether the small word at *k* goes on with a name: not a second article, nor "and" after a whole name."""
    if low[k] == "the":
        return low[k - 1] in _JOINERS_EN
    return not (low[k] == "and" and (low[k - 1] in _HEADS_EN or low[k + 1] == "the"))


def _russian(
    document: Document, first: int, last: int, covered: Callable[[int], int], apart: Callable[[int], bool]
) -> Iterator[Found]:
    raw, low = document.raw, document.low
    for i in [k for k in range(first, last) if raw[k] == "("]:
        acronym = bracketed(document, i, last)
        if not acronym:
            continue
        start = 0
        for k in range(i - 1, max(first - 1, i - 16), -1):
            if raw[k] in ",;:.!?()«»—–":
                break
            if raw[k][0].isupper() and any(_IS_HEAD_RU[low[m]] for m in range(k, min(k + 4, i))):
                start = k + 1
                if _IS_HEAD_RU[low[k]] or (k > first and not raw[k - 1][0].isupper()):
                    break
        if start and covered(start - 1) < i:
            text = document_text(document, start - 1, i)
            yield Found(start - 1, i, tuple(dict.fromkeys((_nominative(text), text))), acronym)
    i = first
    while i < last:  # runs of capitals with a head noun: "Центр АСЕАН", "Африканский Экспортно-импортный банк"
        if not raw[i][0].isupper() or covered(i) or apart(i):
            i += 1
            continue
        if i == first and not _IS_HEAD_RU[low[i]] and (not _IS_ADJECTIVE[low[i]] or low[i].startswith(_ANY_RU)):
            i += 1  # the capital is the sentence's
            continue
        k = i + 1
        while (
            k < last
            and not apart(k)
            and (raw[k][0].isupper() or (raw[k] == "-" and k + 1 < last and document.starts[k] == document.ends[k - 1]))
        ):
            k += 1
        head = k
        while head < last and head - k < 2 and _IS_ADJECTIVE[low[k - 1]] and _IS_ADJECTIVE[low[head]]:
            head += 1  # "Карибский эпидемиологический центр"
        if head < last and _IS_HEAD_RU[low[head]] and _IS_ADJECTIVE[low[head - 1]]:
            k = _complement(document, head + 1, last, covered, apart)
        elif any(_IS_HEAD_RU[low[m]] for m in range(i, k)):
            k = _complement(document, k, last, covered, apart)
        if k - i >= 2 and any(_IS_HEAD_RU[low[m]] for m in range(i, k)) and covered(i) < k:
            text = document_text(document, i, k)
            yield Found(i, k, tuple(dict.fromkeys((_nominative(text), text))))
            i = k
        else:
            i += 1


_LONGEST: Final = 8  # words behind its head noun that a Russian name may have


def _complement(
    document: Document, first: int, last: int, covered: Callable[[int], int], apart: Callable[[int], bool]
) -> int:
    """Where the words end that go with the head of a Russian name: "по охране Мааса", "развития торговли".

    Nouns and adjectives in the genitive, or in the dative after "по"; a known name ends them.
    """
    low, raw = document.low, document.raw
    k, case = first, "gent"
    while k < last and k - first < _LONGEST and not covered(k) and not apart(k):
        if low[k] == "по" and k + 1 < last and not covered(k + 1) and russian.may_be(low[k + 1], "datv"):
            k, case = k + 2, "datv"
        elif (
            low[k] == "и"
            and k > first
            and k + 1 < last
            and not covered(k + 1)
            and raw[k + 1].islower()
            and russian.may_be(low[k + 1], case)
        ):
            k += 2
        elif raw[k].isalpha() and (russian.may_be(low[k], "gent") or (case == "datv" and russian.may_be(low[k], case))):
            k += 1
        else:
            break
    return k


# Adjectives that make no name of the head behind them: "Новый центр" is the centre spoken of, or one without a name.
_ANY_RU: Final = (
    "нов", "региональн", "субрегиональн", "странов", "постоянн", "временн", "головн", "главн",
    "так", "эт", "сам", "будущ", "перв", "втор", "трет", "ведущ", "крупн", "единственн", "национальн", "действующ",
    "нынешн", "бывш", "прежн", "полев", "последн", "небольш", "друг", "остальн", "отдельн",
)  # fmt: skip
_ADJECTIVE: Final = (
    "ий",
    "ый",
    "ой",
    "ого",
    "его",
    "ому",
    "ему",
    "им",
    "ым",
    "ом",
    "ем",
    "ая",
    "яя",
    "ую",
    "юю",
    "ое",
    "ее",
)


_ENDING: Final = 3  # letters that a Russian noun may have behind its stem: "центрами", not "центральная"
_IS_HEAD_RU: Final = Kept(lambda word: any(word.startswith(h) and len(word) - len(h) <= _ENDING for h in HEADS_RU))
_IS_ADJECTIVE: Final = Kept(lambda word: word.endswith(_ADJECTIVE))


@lru_cache(maxsize=16_384)
def _nominative(text: str) -> str:
    """A Russian name with its head phrase put into the nominative: adjectives and noun up to the head."""
    words = text.split()
    result = []
    done = False
    head_gender = next(
        (
            (
                "f"
                if w.lower().rstrip("аеиойуюыяь") in _FEMININE
                else "n"
                if w.lower().startswith(
                    ("агентств", "управлени", "сообществ", "бюро", "объединени", "партнерств", "обществ")
                )
                else "m"
            )
            for w in words
            if _IS_HEAD_RU[w.lower()]
        ),
        "m",
    )
    for word in words:
        if done:
            result.append(word)
            continue
        low = word.lower()
        if _IS_HEAD_RU[low]:
            done = True
            stem = russian.stem(low)
            ending = {
                "f": "ия" if low[len(stem) :][:1] in "ияею" and stem.endswith(("ац", "сс", "ем", "рац", "с")) else "а",
                "n": "о",
                "m": "",
            }[head_gender]
            if head_gender == "n" and stem.endswith("ени"):
                ending = "е"
            if head_gender == "f" and stem.endswith(
                ("организац", "комисс", "ассоциац", "федерац", "конференц", "корпорац", "академ")
            ):
                ending = "ия"
            result.append(word[: len(stem)] + ending)
        elif low.endswith(_ADJECTIVE):
            stem = russian.stem(low)
            soft = stem.endswith(("н",)) and low.endswith(("его", "ему", "ей", "яя", "юю", "ее"))
            hard = "ий" if stem.endswith(("к", "г", "х", "ш", "щ", "ч")) or soft else "ый"
            ending = {"m": hard, "f": "яя" if soft else "ая", "n": "ее" if soft else "ое"}[head_gender]
            result.append(word[: len(stem)] + ending)
        else:
            result.append(word)
    return " ".join(result)


_FEMININE: Final = frozenset(
    """организац комисс ассоциац программ сет академ федерац групп ассамбл конференц лиг служб палат корпорац""".split()
)


# Endings of Kazakh words that belong to the verb and not to the name behind them: object, direction, place, converb.
_OBLIQUE_KK: Final = tuple(
    """ды ді ты ті ны ні ға ге қа ке да де та те дан ден тан тен нан нен ып іп ған ген қан кен атын етін йтын йтін
    мақ мек дағы дегі тағы тегі болса ын ін""".split()
)
_NAME_WORDS_KK: Final = frozenset(("сауда",))  # ends like a form of place and is none


def _is_oblique(word: str) -> bool:
    return len(word) > 4 and word.endswith(_OBLIQUE_KK) and word not in _NAME_WORDS_KK


def _is_object(word: str) -> bool:
    """Whether a word is the object of the noun of action before "жөніндегі": part of the name, not of the verb."""
    return word.endswith(("ын", "ін", "ды", "ді", "ты", "ті", "ны", "ні"))


def _head_kk(word: str) -> tuple[str, str] | None:
    """The head noun that a folded Kazakh word is a form of, and its case."""
    if not word.isalpha() or len(word) < 4:
        return None
    return next(((s, c) for s, c, _ in kazakh.stems(word) if s in _HEADS_KK), None)


_HEAD_KK: Final = Kept(_head_kk)

# "… жөніндегі халықаралық комиссия": a head without an owner's ending, where an adjective says whose it is.
_OF_STATES_KK: Final = frozenset(("халықаралық", "мемлекетаралық", "үкіметаралық", "парламентаралық"))
_BARE_HEADS_KK: Final = frozenset(
    """ұйым банк орталық қор комиссия кеңес комитет институт одақ қауымдастық агенттік бюро федерация ассоциация топ
    академия желі трибунал""".split()
)


def _bare_kk(word: str) -> tuple[str, str] | None:
    """The head noun without an owner's ending that a folded Kazakh word is a form of, and its case."""
    return next(((s, c) for s, c, _ in kazakh.stems(word) if s in _BARE_HEADS_KK), None)


_BARE_KK: Final = Kept(_bare_kk)


def _kazakh(
    document: Document, first: int, last: int, covered: Callable[[int], int], apart: Callable[[int], bool]
) -> Iterator[Found]:
    raw, low = document.raw, document.low
    for i in range(first, last):
        head = _HEAD_KK[low[i]] or (_BARE_KK[low[i]] if i > first and low[i - 1] in _OF_STATES_KK else None)
        if head is None or apart(i):
            continue
        start, object_ends = i, False
        for k in range(i - 1, max(first - 1, i - 12), -1):
            if raw[k] in ",;:.!?()«»—–" or (low[k] in {"мен", "пен", "бен", "және", "ал"} and not raw[k][0].isupper()):
                if raw[k] in "-" or low[k] == "және":
                    continue
                break
            if low[k] == "жөніндегі":  # "Эльба өзенін қорғау жөніндегі халықаралық комиссия"
                object_ends = True
                continue
            if apart(k) or low[k].isdecimal() or (_is_oblique(low[k]) and not (object_ends and _is_object(low[k]))):
                break
            if raw[k][0].isupper():
                start = k
        if start == i or covered(start) >= i:
            continue  # no name, or a known one with what it is: "ЮНЭЙДС бағдарламасы"
        while start < i and low[start] in {"бұл", "осы", "ол", "сол", "ал", "қазір", "кеше", "бүгін", "оның"}:
            start += 1
        if start == i or not raw[start][0].isupper():
            continue
        acronym = bracketed(document, i + 1, last)
        if not acronym and i - start > 5:
            continue
        prefix = document_text(document, start, i)
        if (
            not acronym
            and not covered(start)
            and len(raw[start]) >= 3
            and raw[start].isascii()
            and raw[start].isalpha()
        ):
            acronym = raw[start]  # "Frontex агенттігі" is Frontex
        yield Found(start, i + 1, (f"{prefix} {raw[i][: len(head[0])]}",), acronym, head[1])
