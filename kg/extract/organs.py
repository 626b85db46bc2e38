"""Organs that many organisations have: "ADB Board of Directors", "Совет управляющих", "банктің Директорлар кеңесі".

An organ belongs to the organisation named right beside it, or else to the one that the text speaks of. If the
tables know it, it is theirs; otherwise it is a body of its own whose names are made of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg import iris
from kg.extract.discover import HEADS_RU, document_text
from kg.extract.lexicon import load_yaml
from kg.extract.reading import Mention, Reading, beginnings
from kg.language import kazakh, russian
from kg.language.kept import Kept
from kg.language.tokens import fold
from kg.model import Entity
from kg.reference import Entry, Reference

if TYPE_CHECKING:
    from kg.extract.mentions import Reader

PATH: Final = Path(__file__).parent / "organs.yaml"
_NAMES: Final = 6  # names of the organisation that an organ's names are made with
_NO_HOLDER: Final = frozenset({"organ", "un-principal-organ", "parliamentary-body", "un-mission"})
_LETTERS: Final = 3
_BACK: Final = 4  # sentences back to the organisation that the text speaks of
_GENITIVE: Final = ("ның", "нің", "дың", "дің", "тың", "тің")
_BEGINNING: Final = 4  # letters of a word that tell of which kind an organisation is


@dataclass(frozen=True, slots=True)
class Organ:
    """A kind of organ with its names by language."""

    slug: str
    names: dict[str, tuple[str, ...]]


@cache
def organs() -> tuple[Organ, ...]:
    """All kinds of organs of ``organs.yaml``."""
    data = load_yaml(PATH)
    return tuple(Organ(slug, {lang: tuple(names) for lang, names in row.items()}) for slug, row in data.items())


Rows = tuple[tuple[tuple[str, ...], Organ], ...]
"""Phrases as folded words, or stems of them, and what each names."""


def _stem(word: str, lang: str) -> str:
    return russian.stem(word) if lang == "ru" else word


@cache
def _phrases(lang: str) -> dict[str, list[tuple[tuple[str, ...], Organ]]]:
    """Phrases of a language by the stem of their first word, the longest first.

    A Kazakh word that is a phrase alone takes suffixes that change its end: those stand under their first letters.
    """
    found: dict[str, list[tuple[tuple[str, ...], Organ]]] = {}
    for organ in organs():
        for name in organ.names[lang]:
            words = tuple(_stem(w, lang) for w in fold(name).replace("-", " - ").split())
            first = words[0] if lang != "kk" or len(words) > 1 else words[0][:_LETTERS]
            found.setdefault(first, []).append((words, organ))
    for row in found.values():
        row.sort(key=lambda p: -len(p[0]))
    return found


def children(reference: Reference) -> dict[str, list[Entry]]:
    """The organs that the tables know, by the id of the body that they belong to."""
    found: dict[str, list[Entry]] = {}
    for entry in reference.entries.values():
        if entry.type == "organization" and entry.row.get("parent"):
            found.setdefault("organization/" + entry.row["parent"], []).append(entry)
    return found


def release(reading: Reading, owner: list[int]) -> None:
    """Take back the names of organs that the words beside them make another body's.

    The General Assembly is the United Nations', "the General Assembly of the International Botanical Union" is not.
    """
    document = reading.document
    begins = _begins(reading.lang)
    free = [0] * len(owner)
    for mention in [m for m in reading.mentions if m.type == "organization"]:
        first = mention.first + (document.low[mention.first] == "the")
        found = _at(reading, free, first, mention.last, begins[document.low[first]])
        if found and found[1] == mention.last and _of_another(reading, owner, first, mention.last):
            reading.mentions.remove(mention)
            owner[mention.first : mention.last] = [0] * (mention.last - mention.first)


def add(reading: Reading, owner: list[int], reader: Reader, *, last_look: bool) -> list[bool]:
    """Add the organs of a reading to its mentions.

    Args:
        reading: with the names of the tables found.
        owner: for each token, the end of the name that holds it, 0 for none; organs are entered.
        reader: gives the tables.
        last_look: whether the names that no table knows are found, too. Without them an organ waits that may be one
            of theirs; with them one of several words that is nobody's is a body of its own.

    Returns:
        for each token, whether it is of a phrase of several words that waits. What stands beside it is a name of its
        own: "the General Assembly of the International Botanical Union".
    """
    document = reading.document
    named = sorted((m for m in reading.mentions if m.type == "organization"), key=lambda m: m.first)
    added: list[Mention] = []
    low, begins = document.low, _begins(reading.lang)
    waiting = [False] * len(low)
    for sentence in document.sentences:
        if sentence.title and document.title.isupper():
            continue
        i = sentence.first
        while i < sentence.last:
            rows = begins[low[i]]
            found = _at(reading, owner, i, sentence.last, rows) if rows and not owner[i] else None
            if found is None:
                i += 1
                continue
            organ, last, case = found
            mention = None
            if last_look or not _of_another(reading, owner, i, last):
                mention = _mention(reading, organ, i, last, case, named, reader, last_look=last_look)
            if mention is not None:
                added.append(mention)
                owner[i:last] = [last] * (last - i)
            elif last - i > 1:
                waiting[i:last] = [True] * (last - i)
            i = last
    reading.mentions += added
    return waiting


@cache
def _begins(lang: str) -> Kept[Rows]:
    """By folded words of a language: the phrases that may begin with it."""
    phrases = _phrases(lang)

    def rows(word: str) -> Rows:
        found = phrases.get(_stem(word, lang), ())
        return (*found, *phrases.get(word[:_LETTERS], ())) if lang == "kk" else tuple(found)

    return Kept(rows)


def _at(reading: Reading, owner: list[int], i: int, limit: int, rows: Rows) -> tuple[Organ, int, str] | None:
    document, lang = reading.document, reading.lang
    low = document.low
    for words, organ in rows:
        last = i + len(words)
        if last > limit or any(owner[i:last]):
            continue
        if len(words) == 1 and not document.raw[i][0].isupper():
            continue
        if lang == "kk":
            if tuple(low[i : last - 1]) != words[:-1]:
                continue
            case = next((c for s, c, _ in kazakh.stems(low[last - 1]) if s == words[-1]), None)
            if case is None:
                continue
            return organ, last, case
        if all(_stem(low[i + n], lang) == word for n, word in enumerate(words)):
            return organ, last, _russian_case(low[i], words[0]) if lang == "ru" else "nom"
    return None


def _russian_case(form: str, stem: str) -> str:
    ending = form.removeprefix(stem)
    if ending in {"", "ия", "ое", "ый", "ий", "ая", "ея", "я"}:
        return "nom"
    return {"а": "gen", "у": "dat", "ом": "ins", "е": "loc", "ого": "gen", "ому": "dat", "ой": "gen"}.get(ending, "obl")


def _of_another(reading: Reading, owner: list[int], first: int, last: int) -> bool:
    """Whether words beside an organ may be the name of a body that no table knows, whose organ it is."""
    low, raw = reading.document.low, reading.document.raw
    sentence = reading.document.sentences[reading.document.sentence_of[first]]
    if reading.lang == "kk":
        return first > sentence.first and not owner[first - 1] and low[first - 1].endswith(_GENITIVE)
    of = last
    if reading.lang == "en":
        if low[last : last + 1] != ["of"]:
            return False
        of = last + 1 + (low[last + 1 : last + 2] == ["the"])
    return of < sentence.last and raw[of][0].isupper() and not owner[of]


def _mention(
    reading: Reading,
    organ: Organ,
    first: int,
    last: int,
    case: str,
    named: list[Mention],
    reader: Reader,
    *,
    last_look: bool,
) -> Mention | None:
    document = reading.document
    sentence = document.sentence_of[first]
    beside = _beside(reading, first, last, named)
    holder = beside or _spoken_of(reading, organ, (first, last), named, reader)
    if holder is None:
        if not last_look or last - first == 1:
            return None
        text = document_text(document, first, last)
        entity = Entity(f"organization/x-{organ.slug}", "organization", (text, *organ.names["en"]), known=False)
        return Mention(first, last, "organization", entity, sentence, case, how="new")
    if last - first == 1 and beside is None:
        stem = document.low[first][:4]
        if stem in beginnings(holder.entity.names):
            return None  # "the Council" of the Council of Europe: the organisation itself
    entity = _entity(organ, holder.entity, document_text(document, first, last), reader)
    return Mention(first, last, "organization", entity, sentence, case, how="organ")


def _beside(reading: Reading, first: int, last: int, named: list[Mention]) -> Mention | None:
    """The organisation whose name touches the phrase: before it, or behind it after "of"."""
    low = reading.document.low
    sentence = reading.document.sentence_of[first]
    for mention in named:
        if mention.sentence != sentence:
            continue
        if mention.last <= first and first - mention.last <= 4:
            gap = low[mention.last : first]
            bracketed = gap[:1] == ["("] and gap[-1:] == [")"]
            if reading.lang == "en" and (bracketed or gap in ([], ["'", "s"], ["'"])):
                return mention
            if reading.lang == "kk" and (bracketed or not gap):
                return mention
        if mention.first >= last and mention.first - last <= 2:
            gap = low[last : mention.first]
            if reading.lang == "en" and gap in (["of"], ["of", "the"]):
                return mention
            if reading.lang == "ru" and not gap:
                return mention
    return None


def _spoken_of(
    reading: Reading, organ: Organ, phrase: tuple[int, int], named: list[Mention], reader: Reader
) -> Mention | None:
    """The organisation named last that the tables give such an organ, else the one named last.

    A bare word beside the phrase ("the bank's") says of which kind it is; then it may be named anywhere before.
    """
    first, last = phrase
    sentence = reading.document.sentence_of[first]
    before = [m for m in named if m.last <= first and _may_have_organs(m, reader)]
    called = _called(reading, first, last)
    near = [m for m in before if called in beginnings(m.entity.names)] if called else []
    near = near or [m for m in before if sentence - m.sentence <= _BACK]
    for mention in reversed(near):
        if _known(organ, mention.entity.id, reader) is not None:
            return mention
    return near[-1] if near else None


def _called(reading: Reading, first: int, last: int) -> str:
    """How the bare word for the holder beside an organ begins: "the bank's Board", "Совет банка", "Қор Кеңесі"."""
    low, raw = reading.document.low, reading.document.raw
    sentence = reading.document.sentences[reading.document.sentence_of[first]]
    if reading.lang == "en":
        if low[first - 2 : first] == ["'", "s"] and first - 3 >= sentence.first:
            return low[first - 3][:_BEGINNING]
        return low[last + 2][:_BEGINNING] if low[last : last + 2] == ["of", "the"] and last + 2 < sentence.last else ""
    if reading.lang == "ru":
        of = last < sentence.last and raw[last].islower() and low[last].startswith(HEADS_RU)
        return low[last][:_BEGINNING] if of else ""
    of = first > sentence.first and (low[first - 1].endswith(_GENITIVE) or raw[first - 1][0].isupper())
    return low[first - 1][:_BEGINNING] if of else ""


def _may_have_organs(mention: Mention, reader: Reader) -> bool:
    entry = reader.reference.get(mention.entity.id)
    return entry is None or entry.row.get("kind") not in _NO_HOLDER


def _known(organ: Organ, holder: str, reader: Reader) -> Entry | None:
    wanted = [fold(n) for n in organ.names["en"]]
    for entry in reader.organs_of.get(holder, ()):
        for name in entry.names.get("en", ()):
            low = fold(name)
            if any(low == w or low.endswith(" " + w) or low.startswith(w + " of ") for w in wanted) and (
                " " in wanted[0] or len(low.split()) <= 3
            ):
                return entry
    return None


def _entity(organ: Organ, holder: Entity, text: str, reader: Reader) -> Entity:
    known = _known(organ, holder.id, reader)
    if known is not None:
        entity = reader.entity(known.id)
        return Entity(entity.id, entity.type, (*entity.names, text), entity.iso, entity.known)
    entry = reader.reference.get(holder.id)
    of = {lang: (entry.names.get(lang, ()) if entry else holder.names)[:_NAMES] for lang in ("en", "ru", "kk")}
    names = [f"{h} {o}" for h in of["en"] for o in organ.names["en"]]
    names += [f"{o} of {the}{h}" for h in of["en"] for o in organ.names["en"] for the in ("", "the ")]
    names += [f"{o} {h}" for h in of["ru"] for o in organ.names["ru"]]
    names += [f"{h} {o}" for h in of["kk"] for o in organ.names["kk"]]
    slug = f"x-{iris.slug(of['en'][0]) or iris.digest(of['en'][0])}-{organ.slug}" if of["en"] else f"x-{organ.slug}"
    return Entity(f"organization/{slug}", "organization", tuple(dict.fromkeys((*names, text))), known=False)
