"""Why a fact was read, and why another one was not: the text behind ``kg extract --explain`` and ``--near``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.extract.assemble import Standing
from kg.extract.candidates import Candidate
from kg.extract.choice import forests
from kg.extract.extractor import Extractor
from kg.extract.guards import stopped
from kg.extract.lexicon import Trigger
from kg.extract.reading import Mention, Reading
from kg.extract.rules import show
from kg.model import Article, Fact

_SHOWN: Final = 5
"""How many readings that were not taken are shown for an article."""
_FAINT: Final = 0.05
"""Probability below which a reading is not worth showing."""

_GUARDED: Final = ("est.", "v.move")
"""Trigger classes that a plain denial, rumour or condition beside them stops."""

_ANCHORS: Final[dict[str, tuple[str, ...]]] = {
    "presence": ("est.",),
    "relocation": ("v.move",),
    "agreement": ("v.sign", "n.agreement", "n.host"),
    "decision": ("v.adopt", "v.ratify", "n.resolution"),
    "proposal": ("v.propose", "n.initiative"),
    "membership": ("v.join", "v.leave", "v.elect", "n.member", "n.nonperm"),
    "count": ("n.staff", "n.agencies", "n.intorg", "n.dipl", "n.offices"),
    "tenure": ("title.",),
}
"""Trigger classes that make one look for a fact of a kind."""

_NEEDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "presence": (("organization",), ("city", "country")),
    "relocation": (("organization",), ("city", "country")),
    "agreement": (("organization", "country"), ("organization", "country")),
    "decision": (("organization",),),
    "proposal": (("person", "country", "organization"),),
    "membership": (("country", "organization"), ("organization",)),
    "count": (("city", "country", "organization"),),
    "tenure": (("person",), ("country", "organization")),
}
"""What a fact of a kind must find: for each filler the types that fit."""


class Explainer(Extractor):
    """An extractor that keeps, of the article read last, all that led to its facts."""

    _item: Any = None

    def _facts(self, item: Any) -> list[Fact]:
        self._item = item
        return super()._facts(item)

    def explain(self, article: Article) -> Iterator[str]:
        """Lines that say, for every fact of *article*, which words and names made it, and what was not taken."""
        facts = self._held([article])[0][1]
        item = self._item
        yield f"{article.id}: {len(facts)} facts"
        if item.reading is None:
            yield "  its language is none of English, Russian, Kazakh"
            return
        for fact, standing in _pairs(facts, item.standing):
            yield ""
            yield f"{fact.confidence:.2f}  {show(fact)}"
            yield from _lines(item.reading, standing.best, [c for _, c in standing.all])
        left_out = _left_out(item.live, item.probabilities, item.standing)
        if left_out:
            yield "\nNot taken"
        for out in left_out:
            yield f"\n{out.probability:.2f}  {_name(out.candidate)}: {out.reason}"
            yield from _lines(item.reading, out.candidate, [out.candidate])
        told = {c.sentence for s in item.standing for _, c in s.all} | {out.candidate.sentence for out in left_out}
        silent = [s for s, names in enumerate(item.reading.by_sentence) if names and s not in told]
        if silent:
            yield "\nNothing read"
        for sentence in silent[:_SHOWN]:
            yield from _silent(item.reading, sentence)

    def near(self, article: Article) -> Iterator[str]:
        """Lines that name the sentences with a trigger of a kind where no reading of that kind could be made."""
        self._held([article])
        item = self._item
        reading: Reading | None = item.reading
        if reading is None:
            return
        made = {(c.kind, c.sentence) for c in item.candidates}
        for sentence in range(len(reading.document.sentences)):
            for kind, prefixes in _ANCHORS.items():
                found = [t for t in reading.triggers_of[sentence] if t.name.startswith(prefixes)]
                if not found or (kind, sentence) in made:
                    continue
                yield f'{article.id}: {kind}: "{reading.document.span(sentence)[0]}"'
                yield f"  words: {_words(reading, found)}"
                missing = _missing(reading, kind, sentence) or ["another word that the kind needs"]
                yield f"  not found: {', '.join(missing)}"


@dataclass(frozen=True, slots=True)
class _LeftOut:
    probability: float
    candidate: Candidate
    reason: str


def _pairs(facts: Sequence[Fact], standing: Sequence[Standing]) -> Iterator[tuple[Fact, Standing]]:
    """Each fact with what it was made of; both are in the same order, but not all that stands becomes a fact."""
    rest = iter(standing)
    for fact in facts:
        for one in rest:
            if one.best.kind == fact.kind and round(one.probability, 3) == fact.confidence:
                yield fact, one
                break


def _left_out(
    candidates: Sequence[Candidate], probabilities: Sequence[float], standing: Sequence[Standing]
) -> list[_LeftOut]:
    """The likeliest readings that did not become facts, one for each fact that they would have made."""
    taken = {(c.kind, c.key) for s in standing for _, c in s.all}
    places = {(c.kind, c.sentence) for s in standing for _, c in s.all}
    models = forests()
    best: dict[tuple[str, tuple[str, ...]], _LeftOut] = {}
    for candidate, p in zip(candidates, probabilities, strict=True):
        identity = (candidate.kind, candidate.key)
        if p < _FAINT or identity in taken or (identity in best and best[identity].probability >= p):
            continue
        threshold = models[candidate.kind + "+"].threshold
        if p < threshold:
            reason = f"a {candidate.kind} stands from {threshold:.2f}"
        elif candidate.kind == "agreement" and (candidate.kind, candidate.sentence) not in places:
            reason = "there is no second party"
        else:
            reason = "a likelier reading has its place"
        best[identity] = _LeftOut(p, candidate, reason)
    ranked = sorted(best.values(), key=lambda o: (-o.probability, o.candidate.sentence, o.candidate.anchor))
    return ranked[:_SHOWN]


def _name(candidate: Candidate) -> str:
    parts = [f"{slot}: {m.entity.names[0]}" for slot, m in candidate.fillers.items()]
    parts += [f"{slot}: {v}" for slot, v in candidate.values.items() if slot != "party"]
    return f"{candidate.kind} ({', '.join(parts)})"


def _text(reading: Reading, first: int, last: int) -> str:
    document = reading.document
    title = document.sentences[document.sentence_of[first]].title
    source = document.title if title else document.text
    return " ".join(source[document.starts[first] : document.ends[last - 1]].split())


def _words(reading: Reading, triggers: Sequence[Trigger]) -> str:
    by_place: dict[tuple[int, int], list[str]] = {}
    for trigger in triggers:
        by_place.setdefault((trigger.first, trigger.last), []).append(trigger.name)
    return ", ".join(f'"{_text(reading, *place)}" {"/".join(names)}' for place, names in by_place.items()) or "none"


def _filler(reading: Reading, slot: str, mention: Mention) -> str:
    case = f", {mention.case}" if mention.case else ""
    prep = f' after "{mention.prep}"' if mention.prep else ""
    return (
        f'  {slot}: "{_text(reading, mention.first, mention.last)}" → {mention.entity.id} ({mention.how}{case}{prep})'
    )


def _lines(reading: Reading, best: Candidate, instances: Sequence[Candidate]) -> Iterator[str]:
    """Sentence, words and fillers of a candidate; further sentences that say the same."""
    quote, start, end, title = reading.document.span(best.sentence)
    yield f'  sentence: "{quote}" ({"title" if title else "text"} {start}-{end})'
    triggers = reading.triggers_of[best.sentence]
    yield f"  hangs on: {_anchor(reading, best)}"
    guards = [t for t in triggers if t.name.startswith("m.")]
    yield f"  words: {_words(reading, [t for t in triggers if t not in guards and not t.name.startswith('theme.')])}"
    if guards:
        yield f"  guards and times: {_words(reading, guards)}"
    shown = set()
    for candidate in instances if best.kind == "agreement" else [best]:
        for slot, mention in candidate.fillers.items():
            line = _filler(reading, slot, mention)
            if line not in shown:
                shown.add(line)
                yield line
    others = sorted({c.sentence for c in instances} - {best.sentence})
    for sentence in others[:3]:
        yield f'  said too: "{reading.document.span(sentence)[0]}"'


def _silent(reading: Reading, sentence: int) -> Iterator[str]:
    """What is known of a sentence that gave no reading worth showing: one sees which word or name is missing."""
    quote, start, end, title = reading.document.span(sentence)
    triggers = reading.triggers_of[sentence]
    yield f'\n  sentence: "{quote}" ({"title" if title else "text"} {start}-{end})'
    names = [f'"{_text(reading, m.first, m.last)}" → {m.entity.id} ({m.how})' for m in reading.by_sentence[sentence]]
    yield f"  names: {', '.join(names)}"
    yield f"  words: {_words(reading, triggers)}"
    for trigger in triggers:
        guard = stopped(reading, trigger.first, trigger.last) if trigger.name.startswith(_GUARDED) else None
        if guard is not None:
            yield f'  stopped: "{_text(reading, trigger.first, trigger.last)}" {trigger.name} is {guard}'


def _anchor(reading: Reading, candidate: Candidate) -> str:
    first, last = candidate.anchor
    names = [t.name for t in reading.triggers if (t.first, t.last) == candidate.anchor]
    return f'"{_text(reading, first, last)}" {"/".join(names)}'.rstrip()


def _missing(reading: Reading, kind: str, sentence: int) -> list[str]:
    """Which fillers of a kind no name in the sentence gives."""
    mentions = list(reading.by_sentence[sentence])
    missing = []
    for types in _NEEDS[kind]:
        match = next((m for m in mentions if m.type in types or any(o.type in types for o in m.others)), None)
        if match is None:
            missing.append("name of " + " or ".join(types))
        else:
            mentions.remove(match)
    if kind == "count" and all(n.sentence != sentence for n in reading.numbers):
        missing.append("number")
    return missing
