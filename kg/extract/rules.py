"""The sentences that travel with the trigger words, and the check that they are still read as they say.

A frames file has, beside ``triggers``, two sections: ``examples`` gives every trigger class a sentence in which it
must be found, ``facts`` gives short texts with the facts that must be read out of each, and no others. The form is
explained in ``docs/RULES.md``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kg.errors import Problem, UsageError
from kg.extract.extractor import Extractor
from kg.extract.lexicon import FRAMES, Lexicon, lexicon, load_yaml, read_classes
from kg.language.tokens import analyse, fold
from kg.model import KINDS, LANGUAGES, Article, Entity, Establishment, Fact, PartialDate
from kg.read.language import identify

_FORM: Final = "see docs/RULES.md for the form"
_DEFAULT_DATE: Final = "2024-05-20"
"""Publication date of a text that gives none, so that "this year" means something."""


@dataclass(frozen=True, slots=True)
class Text:
    """A short text with the facts that it says.

    Attributes:
        article: the text as an article.
        says: the facts, each ``kind`` and the slots that must hold, entities by a name, lists as lists.
        may: facts that may be read and need not be.
        known_miss: whether it is known that the extractor reads something else.
        where: file and number, for messages.
    """

    article: Article
    says: tuple[Mapping[str, Any], ...]
    may: tuple[Mapping[str, Any], ...]
    known_miss: bool
    where: str


@dataclass(frozen=True, slots=True)
class Rules:
    """A frames file: its trigger classes and the sentences that test them.

    Attributes:
        path: the file.
        lang: the language it is for, or ``""`` for a file that is for all three.
        classes: class → patterns.
        examples: class → sentences in which it must be found.
        texts: the texts of ``facts``.
    """

    path: Path
    lang: str
    classes: Mapping[str, Sequence[str]]
    examples: Mapping[str, tuple[str, ...]]
    texts: tuple[Text, ...]

    @property
    def shipped(self) -> bool:
        """Whether it is one of the files that travel with the package."""
        return self.path.parent == FRAMES


@cache
def known_classes() -> frozenset[str]:
    """The trigger classes that the rules know: those of the shipped files."""
    return frozenset(name for lang in LANGUAGES for name in read_classes(FRAMES / f"{lang}.yaml"))


def read(source: str | Path) -> Rules:
    """Read a frames file.

    Args:
        source: a language (``en``, ``ru``, ``kk``), for the shipped file, or a path.

    Raises:
        UsageError: if the file cannot be read or has another form.
    """
    path = FRAMES / f"{source}.yaml" if source in LANGUAGES else Path(source)
    classes = read_classes(path)
    data = load_yaml(path)
    lang = path.stem if path.stem in LANGUAGES else ""
    examples: dict[str, tuple[str, ...]] = {}
    given = data.get("examples") or {}
    if not isinstance(given, dict):
        raise UsageError("'examples' must map each class to a sentence", where=str(path), remedy=_FORM)
    for name, entry in given.items():
        sentences = entry if isinstance(entry, list) else [entry]
        if not all(isinstance(s, str) and s.strip() for s in sentences):
            raise UsageError(f"the example of {name!r} must be a sentence", where=str(path), remedy=_FORM)
        examples[name] = tuple(sentences)
    texts = data.get("facts") or []
    if not isinstance(texts, list):
        raise UsageError("'facts' must be a list of texts", where=str(path), remedy=_FORM)
    found = tuple(_text(entry, lang, f"{path.name}, text {n}") for n, entry in enumerate(texts, 1))
    return Rules(path, lang, classes, examples, found)


def _text(entry: Any, lang: str, where: str) -> Text:
    try:
        text, says, may = entry["text"], entry.get("says") or [], entry.get("may") or []
        published = PartialDate(entry.get("published") or _DEFAULT_DATE)
        if not (isinstance(text, str) and text.strip() and isinstance(says, list) and isinstance(may, list)):
            raise ValueError("no text")
        for fact in [*says, *may]:
            unknown = fact.keys() - KINDS[fact["kind"]].keys() - {"kind"}
            if unknown:
                raise UsageError(
                    f"a {fact['kind']} has no slot {min(unknown)!r}",
                    where=where,
                    remedy=f"its slots are {', '.join(KINDS[fact['kind']])}",
                )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"is no text with its facts: {error}", where=where, remedy=_FORM) from error
    lang = entry.get("lang") or lang or identify(text)
    if lang not in LANGUAGES:
        raise UsageError("its language cannot be told", where=where, remedy="give it a lang: en, ru or kk")
    return Text(
        Article(where, lang, "", text, published), tuple(says), tuple(may), entry.get("known-miss") == "true", where
    )


def check(source: str | Path | Rules, extractor: Extractor | None = None) -> list[Problem]:
    """What is wrong with a frames file: classes, words, examples, texts.

    Args:
        source: a language, a path, or rules read before.
        extractor: what reads the texts; by default one with the shipped tables and, for a file of one's own, its words.

    Returns:
        Errors: a class that no rule knows, a class without an example, an example without its class, a text that is
        read otherwise than it says. Warnings: a word that no text can have, a known miss that is none any more.

    Raises:
        UsageError: if the file cannot be read or has another form.
    """
    rules = source if isinstance(source, Rules) else read(source)
    unknown = class_problems(rules.path.name, {*rules.classes, *rules.examples})
    problems = [*unknown, *_word_problems(rules), *_example_problems(rules)]
    if rules.texts and not unknown:  # with a class that it does not know the extractor reads nothing
        reader = extractor or Extractor(frames=() if rules.shipped else (rules.path,))
        found = reader.many(text.article for text in rules.texts)
        for text, (_, facts) in zip(rules.texts, found, strict=True):
            problems += _text_problems(text, facts)
    return problems


def class_problems(where: str, names: Iterable[str]) -> list[Problem]:
    """The classes among *names* that no rule knows, as problems of the file *where*."""
    problems = []
    for name in sorted(set(names) - known_classes()):
        near = difflib.get_close_matches(name, sorted(known_classes()), n=2, cutoff=0.5)
        remedy = f"perhaps: {', '.join(near)}" if near else "`kg frames list` shows the classes"
        problems.append(Problem(f"no rule knows the class {name!r}", where, remedy))
    return problems


def _word_problems(rules: Rules) -> list[Problem]:
    problems = []
    for name, patterns in rules.classes.items():
        for pattern in patterns:
            parts = [analyse("", word.strip("*")).raw for word in pattern.split()]
            if any(len(tokens) > 1 for tokens in parts):
                apart = " ".join(
                    " ".join(t) + "*" * word.endswith("*") for t, word in zip(parts, pattern.split(), strict=True)
                )
                problems.append(
                    Problem(f"{name}: no text can have {pattern!r}", rules.path.name, f"write {apart!r}", "warning")
                )
    return problems


def _classes_in(words: Lexicon, sentence: str) -> set[str]:
    document = analyse("", sentence)
    return {t.name for s in document.sentences for t in words.find(document.low, s.first, s.last)}


def _example_problems(rules: Rules) -> list[Problem]:
    own = Lexicon(rules.classes)
    where = rules.path.name
    problems = [
        Problem(f"{name}: there is no example", where, f'add "{name}: A sentence." to examples')
        for name in rules.classes
        if name not in rules.examples
    ]
    for name, sentences in rules.examples.items():
        if name not in rules.classes:
            problems.append(Problem(f"{name}: there is an example, but no words", where))
            continue
        for sentence in sentences:
            lang = rules.lang or identify(sentence)
            if name not in _classes_in(own, sentence):
                problems.append(Problem(f'{name}: none of its words is in "{sentence}"', where))
            elif lang in LANGUAGES and not rules.shipped:
                found = _classes_in(lexicon(lang, (rules.path,)), sentence)
                if name not in found:
                    rivals = ", ".join(sorted(n for n in found if n.partition(".")[0] == name.partition(".")[0]))
                    problems.append(Problem(f'{name}: a longer word of {rivals} hides it in "{sentence}"', where))
    return problems


def _text_problems(text: Text, facts: Sequence[Fact]) -> list[Problem]:
    free = list(facts)
    wrong = []
    for wanted in text.says:
        match = next((fact for fact in free if _agrees(fact, wanted)), None)
        if match is None:
            wrong.append(f"does not say {_show_wanted(wanted)}")
        else:
            free.remove(match)
    for allowed in text.may:
        free = [fact for fact in free if not _agrees(fact, allowed)]
    wrong += [f"says also {show(fact)}" for fact in free]
    if text.known_miss:
        if wrong:
            return []
        remedy = "take the mark known-miss away"
        return [Problem(f'is read as it should: "{text.article.text}"', text.where, remedy, "warning")]
    return [Problem(f'"{text.article.text}", as it is read, {w}', text.where) for w in wrong]


def _agrees(fact: Fact, wanted: Mapping[str, Any]) -> bool:
    return fact.kind == wanted["kind"] and all(
        _same(fact.slots.get(slot), value) for slot, value in wanted.items() if slot != "kind"
    )


def _same(value: object, wanted: Any) -> bool:
    """Whether a slot holds what is wanted: an entity by one of its names, a list by all of its members."""
    if isinstance(wanted, list):
        return isinstance(value, tuple) and all(any(_same(v, w) for v in value) for w in wanted)
    if isinstance(wanted, dict):
        return isinstance(value, Establishment) and all(_same(getattr(value, s), wanted[s]) for s in wanted)
    if isinstance(value, Entity):
        return fold(str(wanted)) in {fold(name) for name in value.names}
    return value is not None and str(value) == str(wanted)


def _show_wanted(wanted: Mapping[str, Any]) -> str:
    return f"{wanted['kind']} ({', '.join(f'{k}: {v}' for k, v in wanted.items() if k != 'kind')})"


def show(fact: Fact) -> str:
    """A fact in one line, entities by their first name: ``presence (organization: UNICEF, place: Osh)``."""
    return _show_wanted({"kind": fact.kind} | {slot: _plain(value) for slot, value in fact.slots.items()})


def _plain(value: object) -> str:
    if isinstance(value, Entity):
        return value.names[0] if value.names else value.id
    if isinstance(value, Establishment):
        return " in ".join(_plain(v) for v in (value.organization, value.place) if v is not None)
    if isinstance(value, tuple):
        return " and ".join(_plain(v) for v in value)
    return str(value)
