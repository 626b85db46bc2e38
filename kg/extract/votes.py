"""Votes, co-sponsors and symbols of a decision, read by rule from the numbers of its sentence."""

from __future__ import annotations

import re
from typing import Final

from kg.extract.candidates import Candidate, Generator

_SYMBOL: Final = re.compile(
    r"\b(?:[A-Z]/(?:RES/)?(?:[A-Z]+[-/])?\d+/[\w./-]*\d|[A-Z]\.\d+/\d+|(?:ES-)?\d{1,3}/\d{1,4}|\d{3,4})\b"
)


_VOTERS: Final = {
    "en": "states|countries|members|delegations|votes",
    "ru": "стран|государств|член|делегац|голос",
    "kk": "мемлекет|ел|мүше|делегация|дауыс",
}


def symbol(text: str, lang: str) -> str:
    """The symbol of a resolution or decision that a sentence gives, or ``""`` (``A/RES/79/266``, ``2767``)."""
    word = {"en": r"resolution|decision", "ru": r"резолюци|решени", "kk": r"қарар|шешім"}[lang]
    for match in _SYMBOL.finditer(text):
        found = match.group()
        before, after = (
            text[max(0, match.start() - 30) : match.start()].lower(),
            text[match.end() : match.end() + 30].lower(),
        )
        if "/" in found or "." in found:
            return found
        if re.match(rf"\s*(?:{_VOTERS[lang]})", after):
            continue  # "резолюцию 152 государства": so many backed it
        if not (1900 <= int(found) <= 2100 and re.match(r"\s*(жыл|год|г\.)", after)) and (
            re.search(rf"(?:{word})\w*\s*(?:№|no\.?|n)?\s*$", before)
            or (lang == "kk" and re.match(rf"\s*-?\s*(?:{word})", after))
        ):
            return found
    return ""


def votes(gen: Generator, candidate: Candidate) -> dict[str, int]:
    """``in_favour``, ``of`` and ``cosponsors`` of a decision, from the numbers of its sentence and the next."""
    result: dict[str, int] = {}
    reading = gen.reading
    document = reading.document
    for sentence in (candidate.sentence, candidate.sentence + 1, candidate.sentence - 1):
        if not 0 <= sentence < len(document.sentences):
            continue
        numbers = [n for n in reading.numbers if n.sentence == sentence]
        has = gen.view.sentence_has
        span = document.sentences[sentence]
        voting = has(sentence, "v.vote") or has(sentence, "n.votes") or "voting" in document.low[span.first : span.last]
        sponsoring = has(sentence, "v.sponsor")
        if sentence != candidate.sentence and not (voting or sponsoring):
            continue
        for number in numbers:
            before = " ".join(document.low[max(0, number.first - 5) : number.first])
            after = " ".join(document.low[number.last : number.last + 5])
            if voting and "in_favour" not in result and _in_favour(before, after, reading.lang):
                result["in_favour"] = number.value
            elif _electorate(before, after, reading.lang) and "of" not in result and (voting or "member" in after[:12]):
                result["of"] = number.value
            elif sponsoring and "cosponsors" not in result and _sponsors(before, after, reading.lang):
                result["cosponsors"] = number.value
    if "of" not in result:
        size = _SIZE.search(document.span(candidate.sentence)[0])
        if size is not None:
            result["of"] = int(size.group(1) or size.group(2))
    if "in_favour" in result and result.get("of", 10**6) < result["in_favour"]:
        del result["of"]
    return result


_FAVOUR: Final = {
    "en": re.compile(
        r"^(?:votes?(?: to| in| for| ?, (?:with|and|while)|$)|in favou?r|member \w+ voted for|states voted|"
        r"countries voted|to (?:\d|nil|none|zero)|for\b|of the \d+ votes)"
    ),
    "ru": re.compile(r"^(?:голос\w*|за\b|стран\w* (?:проголос|высказал)|государств\w* (?:проголос|высказал|поддерж))"),
    "kk": re.compile(
        r"^(?:[-–] \S+ )?(?:(?:де|да|түгел) )?(?:дауыс\w*|қолда\w*|жақта\w*|(?!\d)\w{2,} (?:қолда|жақта))"
    ),
}
_OF: Final = {
    "en": re.compile(r"^(?:votes|members?|member states|- member|- nation|states|countries|countries' )"),
    "ru": re.compile(r"^(?:стран|государств|член|возможн|депутат|голосов|- член)"),
    "kk": re.compile(r"^(?:ел\w*|мемлекет\w*|мүше\w*|депутат\w*)"),
}
_SPONSORED: Final = {
    "en": re.compile(r"^(?:co - )?(?:sponsor|cosponsor|co-sponsor)|^(?:countries|states|nations|member states)"),
    "ru": re.compile(r"^(?:соавтор|стран|государств|коспонсор|делегац)"),
    "kk": re.compile(r"^(?:ел|мемлекет|тең автор|делегация|демеуші)"),
}


# "«За» высказались 134 депутата", "за проголосовали все 15 членов": the number comes last.
_FAVOUR_BEFORE: Final = re.compile(
    r"\bза »? ?(?:[-–—:] |проголосова\w+ |высказа\w+ |было подано )(?:все )?$|"
    r"\bза которую проголосова\w+ (?:все )?$"
)
_SIZE: Final = re.compile(r"\b(\d{1,3})\s?[-‑–]\s?(?:member|nation|местн|членн)|\b(\d{1,3}) мүшелі")


def _in_favour(before: str, after: str, lang: str) -> bool:
    if lang == "ru" and _FAVOUR_BEFORE.search(before + " "):
        return True
    return (
        bool(_FAVOUR[lang].match(after))
        and not re.search(r"(?:against|против|қарсы)$", before)
        and not re.match(r"\S+ (?:against|против|қарсы)", after)
    )


def _electorate(before: str, after: str, lang: str) -> bool:
    if lang == "en":
        return bool(_OF["en"].match(after)) and bool(re.search(r"(?:of|of the|of its|all|the)$", before))
    if lang == "ru":
        return bool(re.search(r"(?:из|из всех)$", before)) or after.startswith("- член")
    return bool(
        re.match(r"^(?:ел\w*|мемлекет\w*|мүше\w*|депутат\w*)(?:ның|нің|дың|дің|тың|тің|нан|нен|дан|ден)\b", after)
    ) or after.startswith("мүшелі")


def _sponsors(before: str, after: str, lang: str) -> bool:
    return bool(_SPONSORED[lang].match(after))
