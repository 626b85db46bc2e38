"""The gate: what a fact says must be said by the article, whoever read it. What does not pass is refused, not mended.

A fact passes if it is sound (:mod:`kg.graph.sound`), each of its things is named in the article, its dates are no more
precise than the article's, its numbers, symbols and titles stand there, words of its quotes tell of such a fact, and
they deny nothing. A reader that cites must also name each of its things in one of the quotes
(:mod:`kg.readers.support`), have its months and days from words in or beside them (:mod:`kg.readers.moments`), and the
words of the quotes must not give it another part (:mod:`kg.readers.roles`,
:mod:`kg.readers.contrary`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise
from typing import Final

from kg.extract import guards
from kg.extract.lexicon import Trigger
from kg.extract.refusal import RefusedError
from kg.graph.sound import FILLERS, unsound
from kg.language import kazakh
from kg.language.words import NUMBERS, number_at
from kg.model import KINDS, Entity, Evidence, Fact, PartialDate
from kg.readers.contrary import contrary
from kg.readers.link import Names
from kg.readers.moments import terms
from kg.readers.roles import misplaced
from kg.readers.support import named_in, things, tokens, unsupported, with_before
from kg.readers.words import find, places

TELLING: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("est.", "v.open", "v.operate", "v.host", "v.close", "v.move", "v.keep", "n.agencies", "n.capital",
                 "n.offices", "n.cover", "n.staff", "org."),
    "proposal": ("v.propose", "n.initiative", "v.plan", "m.wish", "v.apply"),
    "decision": ("v.adopt", "v.ratify", "n.resolution", "n.decision", "n.declaration", "n.law", "v.vote", "n.consensus",
                 "n.agreed", "v.propose"),
    "agreement": ("v.sign", "n.agreement", "n.host", "n.agreed"),
    "membership": ("v.join", "v.leave", "v.elect", "v.apply", "v.chair", "v.succeed", "n.member", "n.full",
                   "n.observer", "n.associate", "n.candidate", "n.chair", "n.nonperm", "n.perm", "n.states",
                   "m.permanent", "v.sign"),
    "relocation": ("v.move", "v.open", "v.leave", "v.keep", "v.close"),
    "count": ("n.staff", "n.agencies", "n.intorg", "n.dipl", "n.offices", "n.states", "n.cover", "n.member", "n.full",
              "est."),
    "tenure": ("title.", "v.head", "v.chair", "v.succeed", "v.elect", "n.chair"),
}  # fmt: skip
"""Kind of fact → classes of trigger words, any of which the article must have."""

_STATUS: Final[dict[str, tuple[str, ...]]] = {
    "proposed": ("v.propose", "n.initiative", "v.plan", "m.wish", "v.apply", "m.future", "n.candidate"),
    "planned": ("v.plan", "m.future", "n.agreed", "v.adopt", "v.sign", "n.agreement", "v.propose", "n.decision",
                "n.resolution", "v.ratify", "m.new", "m.neg"),
    "closed": ("v.close", "v.leave", "v.move", "m.neg"),
}  # fmt: skip
"""Status → classes of trigger words, any of which the article must have; ``operating`` needs none of its own."""

_BULLETS: Final = frozenset("•-–—*·")
_NUMBERS: Final = ("value", "in_favour", "cosponsors", "of")


def refusal(names: Names, fact: Fact, mentions: Mapping[str, Set[str]] | None = None) -> RefusedError | None:
    """Why *fact* may not pass; None if it may.

    Args:
        names: the names of its article.
        fact: the fact, by whichever reader.
        mentions: how the reader says that the article names the fact's things: id → mentions. None for the rules,
            which find the things of a fact themselves and quote no sentence for a name that stands further up: whether
            the quotes name them and give them their part is asked of all other readers.
    """
    try:
        _check(names, fact)
        if mentions is not None:
            _cited(names, fact, mentions)
    except RefusedError as refused:
        return refused
    return None


def _check(names: Names, fact: Fact) -> None:
    found = list(things(fact))
    for kind, slot, entity in found:
        if entity.type not in FILLERS.get((kind, slot), (entity.type,)):
            raise RefusedError("type", f"{slot} of a {kind} cannot be a {entity.type}: {entity.names[0]}")
    why = unsound(names.article, fact)
    if why:
        raise RefusedError("quote" if "quote" in why else "form", why)
    for _, _, entity in found:
        if not _named(names, entity):
            raise RefusedError("name", f'"{entity.names[0]}" is not named in the article')
    _dates(names, fact)
    _numbers(names, fact)
    _texts(names, fact)
    _told(names, fact)
    _quoted(names, fact)


def _cited(names: Names, fact: Fact, mentions: Mapping[str, Set[str]]) -> None:
    missing = unsupported(names, fact, mentions)
    if missing is not None:
        slot, entity = missing
        raise RefusedError("support", f'no quote names {slot} of the {fact.kind}, "{entity.names[0]}"')
    if undated := _undated(names, fact):
        raise RefusedError("date", f"no words in or beside the quotes give {undated}, or not so exactly")
    if wrong := misplaced(names, fact):
        raise RefusedError("role", wrong)
    if rival := contrary(names, fact):
        raise RefusedError("role", f"{rival[0]} of the {fact.kind} is {rival[1]} by the words of the quotes")


def _named(names: Names, entity: Entity) -> bool:
    """Whether the article names a thing: the tables or rules find it, or one of its names stands there."""
    if entity.id in named_ids(names):
        return True
    lang = names.article.lang
    if entity.id.startswith("event/unga-"):
        return True  # linked by its number
    return any(next(places(names.document, name, lang), None) is not None for name in entity.names)


def named_ids(names: Names) -> set[str]:
    """The ids of all that an article names, by the tables and the rules for new names."""
    reading = names.reading
    return {e.id for m in (*reading.mentions, *reading.inside) for e in names.meanings(m)}


def _dates(names: Names, fact: Fact) -> None:
    for slot, value in fact.slots.items():
        if not isinstance(value, PartialDate) or any(d.startswith(value.value) for d in names.dates):
            continue
        if not _of_now(names, fact, value) and not _of_term(names, fact, slot, value):
            raise RefusedError("date", f"{slot} {value} is not in the article, or not so exactly")


def _undated(names: Names, fact: Fact) -> str:
    """The first month or day of a fact that no words in or beside its quotes give; empty if they give all.

    A year may stand anywhere in the article: what is told of one year is often told under a sentence that names it.
    """
    sentences = {names.document.sentence_of[i] for span in fact.evidence for i in range(*tokens(names, span))}
    near = {n + beside for n in sentences for beside in (-1, 0, 1)}
    for slot, value in fact.slots.items():
        if not isinstance(value, PartialDate) or value.precision == "year":
            continue
        if any(d.startswith(value.value) and near & where for d, where in names.dates.items()):
            continue
        if not _of_now(names, fact, value) and not _of_term(names, fact, slot, value):
            return f"{slot} {value}"
    return ""


def _of_now(names: Names, fact: Fact, value: PartialDate) -> bool:
    """Whether a fact may be of the time of the article: what is told without a date is news, or holds now."""
    published = names.article.published
    if published is None or not published.value.startswith(value.value):
        return False
    if fact.kind == "count":
        return True
    first, last = tokens(names, fact.evidence[0])
    return value.precision != "day" and not any(first <= d.first < last for d in names.reading.dates)


def _of_term(names: Names, fact: Fact, slot: str, value: PartialDate) -> bool:
    """Whether a time is an end of a term in years: "took over in June for two years", "here for exactly a year"."""
    published, since = names.article.published, fact.get("since")
    counted = []  # from where, and how many years
    if slot == "until":
        bases = [base for base in (published, since) if isinstance(base, PartialDate)]
        counted = [(base, value.earliest.year - base.earliest.year) for base in bases]
    elif slot == "since" and published is not None:
        spans = (tokens(names, span) for span in fact.evidence)
        if any(word in _EXACT for first, last in spans for word in names.document.low[first:last]):
            counted = [(published, published.earliest.year - value.earliest.year)]
    return value.precision != "day" and any(
        years in terms(names.reading) and base.value[4:].startswith(value.value[4:]) for base, years in counted
    )


_EXACT: Final = frozenset({"exactly", "ровно", "тура", "дәл"})


def _numbers(names: Names, fact: Fact) -> None:
    for slot in _NUMBERS:
        value = fact.get(slot)
        if isinstance(value, int) and value not in numbers(names):
            raise RefusedError("number", f"{slot} {value} does not stand in the article")
    value = fact.get("value")
    spans = [tokens(names, span) for span in fact.evidence]
    if isinstance(value, int) and not any(value in numbers(names, span) for span in spans):
        raise RefusedError("number", f"no quote gives the number {value}")


def numbers(names: Names, span: tuple[int, int] | None = None) -> set[int]:
    """The numbers that an article, or the tokens *span* of it, gives in digits or words."""
    first, last = span or (0, len(names.document.low))
    low = names.document.low[first:last]
    found = {n.value for n in names.reading.numbers if first <= n.first < last} | {int(w) for w in low if w.isdecimal()}
    if names.article.lang == "kk":  # "the number came to nine", "тоғызға"
        table = NUMBERS["kk"]
        bare = [next((s for s, _, _ in kazakh.stems(word) if s in table), word) for word in low]
        for i, word in enumerate(bare):
            if word in table and (told := number_at(bare, i, "kk", [0] * len(bare))):
                found.add(told[0])
    return found


def _texts(names: Names, fact: Fact) -> None:
    article, lang = names.article, names.article.lang
    for slot, described in KINDS[fact.kind].items():
        value = fact.get(slot)
        if described.type not in ("text", "about") or not isinstance(value, str):
            continue
        stands = any(find(text, value) for text in (article.text, article.title))
        if not stands and (slot != "name" or next(places(names.document, value, lang), None) is None):
            raise RefusedError("text", f'{slot} does not stand in the article: "{value[:80]}"')


def _told(names: Names, fact: Fact) -> None:
    spans = [with_before(names, tokens(names, span)) for span in fact.evidence]
    if _together(names, fact):
        spans.append((0, len(names.document.low)))
    quoted = (t for t in names.reading.triggers if any(first <= t.first < last for first, last in spans))
    if not _any(quoted, TELLING[fact.kind]):
        raise RefusedError("words", f"no word of the quotes tells of a {fact.kind}")
    status = str(fact.get("status") or "")
    if status in _STATUS and not _any(_near(names, fact), _STATUS[status]):
        raise RefusedError("status", f'no word beside what is said of it says "{status}"')


def _together(names: Names, fact: Fact) -> bool:
    """Whether one quote names the two things that the key of a fact has: then its words may be any of the article."""
    key = {v.id for slot, d in KINDS[fact.kind].items() if d.key and isinstance(v := fact.get(slot), Entity)}
    return len(key) > 1 and any(key <= {e.id for e in named_in(names, tokens(names, q))} for q in fact.evidence)


def _head_of_list(names: Names, sentence: int) -> int:
    """The sentence that introduces the list of which *sentence* is an item; itself if it is none."""
    sentences, raw = names.document.sentences, names.document.raw
    while sentence and raw[sentences[sentence].first] in _BULLETS:
        sentence -= 1
    return sentence


def _near(names: Names, fact: Fact) -> Iterator[Trigger]:
    """The trigger words of the sentences that say a fact, of those before them, and of those that name its body."""
    reading = names.reading
    near: set[int] = set()
    for span in fact.evidence:
        first, last = with_before(names, tokens(names, span))
        near |= {names.document.sentence_of[i] for i in range(first, last)}
        near.add(_head_of_list(names, names.document.sentence_of[first]) if first < last else 0)
    body = fact.get("organization")
    if isinstance(body, Entity):
        near |= {m.sentence for m in reading.mentions if any(e.id == body.id for e in names.meanings(m))}
    return (t for n in sorted(near) for t in reading.triggers_of[n])


def _any(triggers: Iterable[Trigger], classes: tuple[str, ...]) -> bool:
    return any(t.name.startswith(classes) for t in triggers)


def _quoted(names: Names, fact: Fact) -> None:
    stops = [_no_longer(names, fact, span) or _stop(names, fact.kind, span) for span in fact.evidence]
    if all(stops):
        raise RefusedError("denied", f'the quote only says what is {stops[0]}: "{fact.evidence[0].quote[:100]}"')


_NO_LONGER: Final = {
    "en": (("no", "longer"),),
    "ru": (("больше", "не"), ("больше", "нет"), ("уже", "не"), ("уже", "нет")),
    "kk": (("енді", "жоқ"),),
}


def _no_longer(names: Names, fact: Fact, span: Evidence) -> str:
    """``over`` if a quote says that there is an establishment no longer, and the fact does not say that it closed."""
    if fact.kind != "presence" or fact.get("status") == "closed":
        return ""
    first, last = tokens(names, span)
    low = names.document.low[first:last]
    told = any((a, b) in _NO_LONGER[names.article.lang] for a, b in pairwise(low))
    return "over" if told else ""


def _stop(names: Names, kind: str, span: Evidence) -> str:
    """What stops the words of a quote that tell of a fact: ``denied``, ``rumoured``, ``possible``, or nothing."""
    first, last = tokens(names, span)
    telling = [t for t in names.reading.triggers if first <= t.first < last and t.name.startswith(TELLING[kind])]
    # Of an office that "could open" the office is what is only possible.
    anchors = [t for t in telling if t.name.startswith("est.")] or [t for t in telling if t.family != "org"]
    stops = [guards.stopped(names.reading, t.first, t.last) for t in anchors]
    return str(stops[0]) if stops and all(stops) else ""
