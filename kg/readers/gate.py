"""The gate: what a fact says must be said by the article, whoever read it. What does not pass is refused, not mended.

A fact passes if it is sound (:mod:`kg.graph.sound`), each of its things is named in the article, its dates are no more
precise than the article's, its numbers, symbols and titles stand there, words of the article tell of such a fact and
of its status, and its quote names something of it and denies nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kg.extract import guards
from kg.extract.lexicon import Trigger
from kg.extract.refusal import RefusedError
from kg.graph.sound import FILLERS, unsound
from kg.model import KINDS, Entity, Establishment, Evidence, Fact, PartialDate
from kg.readers.link import Names
from kg.readers.words import find, places, same_word, spans_tokens, words_of

TELLING: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("est.", "v.open", "v.operate", "v.host", "v.close", "v.move", "v.keep", "n.agencies", "n.capital",
                 "n.offices", "n.cover", "n.staff", "org."),
    "proposal": ("v.propose", "n.initiative", "v.plan", "m.wish", "v.apply"),
    "decision": ("v.adopt", "v.ratify", "n.resolution", "n.decision", "n.declaration", "n.law", "v.vote", "n.consensus",
                 "n.agreed"),
    "agreement": ("v.sign", "n.agreement", "n.host", "n.agreed"),
    "membership": ("v.join", "v.leave", "v.elect", "v.apply", "v.chair", "v.succeed", "n.member", "n.full",
                   "n.observer", "n.associate", "n.candidate", "n.chair", "n.nonperm", "n.perm", "n.states",
                   "m.permanent"),
    "relocation": ("v.move", "v.open", "v.leave", "v.keep", "v.close"),
    "count": ("n.staff", "n.agencies", "n.intorg", "n.dipl", "n.offices", "n.states", "n.cover", "n.member", "est."),
    "tenure": ("title.", "v.head", "v.chair", "v.succeed", "v.elect", "n.chair"),
}  # fmt: skip
"""Kind of fact → classes of trigger words, any of which the article must have."""

_STATUS: Final[dict[str, tuple[str, ...]]] = {
    "proposed": ("v.propose", "n.initiative", "v.plan", "m.wish", "v.apply", "m.future", "n.candidate"),
    "planned": ("v.plan", "m.future", "n.agreed", "v.adopt", "v.sign", "n.agreement", "v.propose", "n.decision",
                "n.resolution", "v.ratify", "m.new"),
    "closed": ("v.close", "v.leave", "v.move", "m.neg"),
}  # fmt: skip
"""Status → classes of trigger words, any of which the article must have; ``operating`` needs none of its own."""

_NUMBERS: Final = ("value", "in_favour", "cosponsors", "of")


def refusal(names: Names, fact: Fact, mentions: Iterable[str] = ()) -> RefusedError | None:
    """Why *fact* may not pass; None if it may.

    Args:
        names: the names of its article.
        fact: the fact, by whichever reader.
        mentions: how the reader says that the article names the fact's things, where it says so.
    """
    try:
        _check(names, fact, frozenset(mentions))
    except RefusedError as refused:
        return refused
    return None


def _check(names: Names, fact: Fact, mentions: frozenset[str]) -> None:
    things = list(_things(fact))
    for kind, slot, entity in things:
        if entity.type not in FILLERS.get((kind, slot), (entity.type,)):
            raise RefusedError("type", f"{slot} of a {kind} cannot be a {entity.type}: {entity.names[0]}")
    why = unsound(names.article, fact)
    if why:
        raise RefusedError("quote" if "quote" in why else "form", why)
    for _, _, entity in things:
        if not _named(names, entity):
            raise RefusedError("name", f'"{entity.names[0]}" is not named in the article')
    _dates(names, fact)
    _numbers(names, fact)
    _texts(names, fact)
    _told(names, fact)
    _quoted(names, fact, mentions)


def _things(fact: Fact) -> Iterator[tuple[str, str, Entity]]:
    """The entities of a fact, each with the kind and the slot that it fills; those of ``about`` as of a presence."""
    for slot, value in fact.slots.items():
        if isinstance(value, Establishment):
            yield "presence", "organization", value.organization
            if value.place is not None:
                yield "presence", "place", value.place
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Entity):
                yield fact.kind, slot, one


def _named(names: Names, entity: Entity) -> bool:
    """Whether the article names a thing: the tables or rules find it, or one of its names stands there."""
    if entity.id in named_ids(names):
        return True
    lang = names.article.lang
    return any(next(places(names.document, name, lang), None) is not None for name in entity.names)


def named_ids(names: Names) -> set[str]:
    """The ids of all that an article names, by the tables and the rules for new names."""
    reading = names.reading
    return {e.id for m in (*reading.mentions, *reading.inside) for e in names.meanings(m)}


def _dates(names: Names, fact: Fact) -> None:
    published = names.article.published
    for slot, value in fact.slots.items():
        if not isinstance(value, PartialDate):
            continue
        # A number that is told without a date is of the time of the article.
        now = fact.kind == "count" and published is not None and published.value.startswith(value.value)
        if not now and not any(d.startswith(value.value) for d in names.dates):
            raise RefusedError("date", f"{slot} {value} is not in the article, or not so exactly")


def _numbers(names: Names, fact: Fact) -> None:
    for slot in _NUMBERS:
        value = fact.get(slot)
        if isinstance(value, int) and value not in numbers(names):
            raise RefusedError("number", f"{slot} {value} does not stand in the article")


def numbers(names: Names) -> set[int]:
    """The numbers that an article gives in digits or words."""
    low = names.document.low
    return {n.value for n in names.reading.numbers} | {int(w) for w in low if w.isdecimal()}


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
    triggers = names.reading.triggers
    if not _any(triggers, TELLING[fact.kind]):
        raise RefusedError("words", f"no word of the article tells of a {fact.kind}")
    status = str(fact.get("status") or "")
    if status in _STATUS and not _any(_near(names, fact), _STATUS[status]):
        raise RefusedError("status", f'no word beside what is said of it says "{status}"')


def _near(names: Names, fact: Fact) -> Iterator[Trigger]:
    """The trigger words of the sentences that say a fact, and of those that name its body."""
    reading = names.reading
    near: set[int] = set()
    for span in fact.evidence:
        first, last = _tokens(names, span)
        near |= {names.document.sentence_of[i] for i in range(first, last)}
    body = fact.get("organization")
    if isinstance(body, Entity):
        near |= {m.sentence for m in reading.mentions if any(e.id == body.id for e in names.meanings(m))}
    return (t for n in sorted(near) for t in reading.triggers_of[n])


def _any(triggers: Iterable[Trigger], classes: tuple[str, ...]) -> bool:
    return any(t.name.startswith(classes) for t in triggers)


def _quoted(names: Names, fact: Fact, mentions: frozenset[str]) -> None:
    if not any(_names_it(names, fact, span, mentions) for span in fact.evidence):
        raise RefusedError("quote", f'the quote names nothing of the fact: "{fact.evidence[0].quote[:100]}"')
    stops = [_stop(names, fact.kind, span) for span in fact.evidence]
    if all(stops):
        raise RefusedError("denied", f'the quote only says what is {stops[0]}: "{fact.evidence[0].quote[:100]}"')


def _stop(names: Names, kind: str, span: Evidence) -> str:
    """What stops the words of a quote that tell of a fact: ``denied``, ``rumoured``, ``possible``, or nothing."""
    first, last = _tokens(names, span)
    telling = [t for t in names.reading.triggers if first <= t.first < last and t.name.startswith(TELLING[kind])]
    # Of an office that "could open" the office is what is only possible.
    anchors = [t for t in telling if t.name.startswith("est.")] or [t for t in telling if t.family != "org"]
    stops = [guards.stopped(names.reading, t.first, t.last) for t in anchors]
    return str(stops[0]) if stops and all(stops) else ""


def _names_it(names: Names, fact: Fact, span: Evidence, mentions: frozenset[str]) -> bool:
    if any(find(span.quote, mention) for mention in mentions):
        return True
    first, last = _tokens(names, span)
    figures = _figures(fact)
    if any(w in names.document.low[first:last] for w in figures) or any(
        first <= n.first < last and str(n.value) in figures for n in names.reading.numbers
    ):
        return True
    # "It was opened in May" goes with the sentence before.
    sentences, sentence = names.document.sentences, names.document.sentence_of[first] if first < last else 0
    if sentence and sentences[sentence - 1].title == sentences[sentence].title:
        first = sentences[sentence - 1].first
    wanted = {entity.id for _, _, entity in _things(fact)}
    here = [m for m in (*names.reading.mentions, *names.reading.inside) if first <= m.first < last]
    if any(e.id in wanted for m in here for e in names.meanings(m)):
        return True
    lang, low = names.article.lang, names.document.low
    parts = {w for _, _, e in _things(fact) for n in e.names for w in words_of(n) if len(w) > 3 or w.isdecimal()}
    return any(same_word(word, part, lang) for word in low[first:last] for part in parts)


def _figures(fact: Fact) -> set[str]:
    """The numbers that a fact gives: counts, years, the parts of a symbol."""
    found = {str(v) for v in fact.slots.values() if isinstance(v, int)}
    found |= {v.value[:4] for v in fact.slots.values() if isinstance(v, PartialDate)}
    return found | {w for w in words_of(str(fact.get("symbol") or "")) if w.isdecimal()}


def _tokens(names: Names, span: Evidence) -> tuple[int, int]:
    return spans_tokens(names.document, span.start, span.end, title=span.where == "title")
