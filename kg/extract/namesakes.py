"""Names that several things have: which of them an article means.

What the article itself says decides, in this order: an acronym that it explains, a fuller name of one of them
elsewhere, the country named near a city, the city named near an organisation, words of a full name. Without any of
these a capital goes before other cities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kg.extract.discover import bracketed
from kg.extract.names import Name, is_acronym
from kg.extract.reading import Mention, Reading, beginnings
from kg.language.tokens import Document, fold
from kg.model import Entity

if TYPE_CHECKING:
    from kg.extract.mentions import Reader

_HERE: Final = 3.0  # what a country in the sentence of a city counts for, where one elsewhere counts 1
_OFFICE: Final = 2.0  # what an organisation counts for that the tables place in the city
_SHORTEST: Final = 5  # letters of the shortest word of a full name that tells what an article is about


def as_written(names: tuple[Name, ...], document: Document, first: int) -> tuple[Name, ...]:
    """The names at a token, without those that its capitals rule out: "ГУАМ" is not Гуам, but in a headline may be."""
    word = document.raw[first]
    if len(names) < 2 or not is_acronym(word) or not any(n.acronym for n in names):
        return names
    quote, *_ = document.span(document.sentence_of[first])
    if quote.isupper() and len(quote) > len(word) + 1:
        return names
    return tuple(n for n in names if n.acronym or n.text.isupper() or n.text[:1].islower()) or names


def settle(reading: Reading, reader: Reader) -> None:
    """Give every mention that may mean several things the one that the article speaks of."""
    _explained(reading, reader)
    certain = Counter(m.entity.id for m in reading.mentions if not m.rivals)
    for mention in reading.mentions:
        if mention.rivals:
            scores = {r: float(certain[r]) for r in mention.rivals}
            if not any(scores.values()):
                scores = {r: _near(reading, mention, r, reader) for r in mention.rivals}
            mention.entity = _chosen(mention, scores, reader)
        elif mention.others:
            _exchange(reading, mention, certain)


def _chosen(mention: Mention, scores: dict[str, float], reader: Reader) -> Entity:
    capitals = reader.capitals
    best = max(mention.rivals, key=lambda r: (scores[r], r in capitals, r == mention.entity.id))
    return mention.entity if best == mention.entity.id else reader.entity(best)


def _near(reading: Reading, mention: Mention, rival: str, reader: Reader) -> float:
    """How much of what an article names goes with one of the things that a name may mean."""
    if mention.type == "organization":
        return _words(reading, rival, reader) + sum(
            1.0 for m in reading.mentions if m.type == "city" and (rival, m.entity.id) in reader.knowledge.forms
        )
    country = reader.country_of.get(rival, rival)
    score = 0.0
    for other in (*reading.mentions, *reading.inside):
        if other is mention or other.rivals:
            continue
        if other.type == "country" and other.entity.id == country and mention.type == "city":
            score += _HERE if other.sentence == mention.sentence else 1.0
        elif other.type == "city" and reader.country_of.get(other.entity.id) == country:
            score += 1.0
        elif other.type == "organization" and (other.entity.id, rival) in reader.knowledge.forms:
            score += _OFFICE
    return score


def _words(reading: Reading, organization: str, reader: Reader) -> float:
    """How many words of an organisation's full names an article has, to the fifth letter."""
    names = reader.entity(organization).names
    stems = {w[:_SHORTEST] for n in names for w in fold(n).split() if len(w) >= _SHORTEST and w.isalpha()}
    return float(len(stems & {w[:_SHORTEST] for w in reading.document.low}))


def _exchange(reading: Reading, mention: Mention, certain: Counter[str]) -> None:
    """A name that a thing of another type has too means that one, where the article names it without doubt.

    Between a city and a country of one name it is for the candidates to choose.
    """
    for other in mention.others:
        if "organization" not in (mention.type, other.type) or not certain[other.entity.id]:
            continue
        if any(m.entity.id == mention.entity.id and not m.others for m in reading.mentions):
            continue
        mention.others = tuple(o for o in mention.others if o is not other)
        mention.type, mention.entity = other.type, other.entity
        return


def _explained(reading: Reading, reader: Reader) -> None:
    """An acronym in brackets behind a full name means what the name means, all through the article.

    "Африканский банк развития (АБР)" is no Asian bank. The initials must agree: brackets hold other bodies, too.
    """
    document = reading.document
    by_first = {m.first: m for m in reading.mentions if m.type == "organization"}
    explained: dict[str, Entity] = {}
    for mention in list(by_first.values()):
        short = by_first.get(mention.last + 1)
        if short is None or mention.last - mention.first < 2 or short.entity.id == mention.entity.id:
            continue
        word = bracketed(document, mention.last, min(mention.last + 8, len(document.low)))
        if word and fold(word) in _initials(document.low[mention.first : mention.last], mention.entity.names):
            explained[fold(word)] = mention.entity
    if not explained:
        return
    for mention in reading.mentions:
        if mention.type == "organization" and mention.last - mention.first <= 3:
            entity = explained.get(document.low[mention.first])
            if entity is not None and document.raw[mention.first].isupper():
                mention.entity, mention.rivals, mention.others = entity, (), ()


def _initials(words: Iterable[str], names: Iterable[str]) -> set[str]:
    """The initials of a name as it stands and as the tables have it, with and without small words."""
    rows = [list(words), *(fold(n).split() for n in names)]
    return {"".join(w[0] for w in row if len(w) >= least and w[0].isalpha()) for row in rows for least in (1, 3, 4)}


def is_plain(reading: Reading, first: int, last: int, holder: Mention) -> bool:
    """Whether a new name is a known one and no more than a word for what it is or where it sits.

    "Организация ГУАМ", "GUAM Secretariat": the organisation itself.
    """
    if holder.type != "organization":
        return False
    outside = [k for k in range(first, last) if not holder.first <= k < holder.last]
    if len(outside) != 1:
        return False
    (k,) = outside
    if any(t.name == "est.headquarters" and t.first == k and t.last == k + 1 for t in reading.triggers):
        return True
    named = any(t.name == "n.group" and t.first == k and t.last == k + 1 for t in reading.triggers)
    return named and reading.document.low[k][:4] in beginnings(holder.entity.names)
