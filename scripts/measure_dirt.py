"""How well dirty text is read: F1 of annotated articles as they are, and with one sort of dirt each.

    python scripts/measure_dirt.py ../shared/eval/train.*.json
    python scripts/measure_dirt.py --only soft-hyphens --only capitals tests/gold/*.json

Prints a Markdown table: a line for each sort of dirt, the F1 of each language, and the difference to the clean texts.
Dirt is put in by rule and by a seed, so that two runs can be compared. Names are matched as the scorer does it, on what
the article calls them: a typo in a name that no table has counts as a miss.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kg.extract import Extractor
from kg.language import latin
from kg.model import LANGUAGES
from kg.readers.score import Annotated, Score, read_set

_WORD = re.compile(r"[^\W\d_]+")
_ACRONYM = re.compile(r"\b[A-ZА-ЯӘҒҚҢӨҰҮҺІ]{2,}\b")
_TO_LATIN = str.maketrans("АВЕКМНОРСТХУаеорсухі", "ABEKMHOPCTXYaeopcyxi")
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTXYaeopcyxi", "АВЕКМНОРСТХУаеорсухі")
_BEFORE = {
    "en": "By Our Staff Writer | Published 10:42 | 2 min read\nShare on Facebook  Tweet  Print\n",
    "ru": "Автор: Собственный корреспондент | 10:42 | Просмотров: 1 204\nПоделиться  Распечатать\n",
    "kk": "Автор: Меншікті тілші | 10:42 | Қаралды: 1 204\nБөлісу  Басып шығару\n",
}
_AFTER = {
    "en": "\n\nRead also: Five recipes for a cold winter evening\nPhoto: press service\n© All rights reserved. "
    "Subscribe to our newsletter.",
    "ru": "\n\nЧитайте также: Пять рецептов для холодного вечера\nФото: пресс-служба\n© Все права защищены. "
    "Подпишитесь на наш канал.",
    "kk": "\n\nТағы оқыңыз: Суық кешке арналған бес рецепт\nФото: баспасөз қызметі\n© Барлық құқықтар қорғалған. "
    "Арнамызға жазылыңыз.",
}


def _words(change: Callable[[str, random.Random], str], share: float, shortest: int) -> Callable[..., str]:
    def dirty(text: str, lang: str, rng: random.Random) -> str:
        def one(match: re.Match[str]) -> str:
            word = match.group()
            return change(word, rng) if len(word) >= shortest and rng.random() < share else word

        return _WORD.sub(one, text)

    return dirty


def _inside(mark: str) -> Callable[[str, random.Random], str]:
    return lambda word, rng: word[: len(word) // 2] + mark + word[len(word) // 2 :]


def _typo(word: str, rng: random.Random) -> str:
    """One letter left out, doubled, or swapped with the next, never the first."""
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
         word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    )  # fmt: skip


def _alike(word: str, rng: random.Random) -> str:
    """One letter from the other alphabet."""
    other = _TO_CYRILLIC if word.isascii() else _TO_LATIN
    places = [n for n, c in enumerate(word) if c.translate(other) != c]
    at = rng.choice(places) if places else 0
    return word[:at] + word[at].translate(other) + word[at + 1 :] if places else word


def _acronyms(text: str, lang: str, rng: random.Random) -> str:
    """Acronyms with all letters from the other alphabet that look like their own."""
    return _ACRONYM.sub(lambda m: m[0].translate(_TO_CYRILLIC if m[0].isascii() else _TO_LATIN), text)


def _wrapped(text: str, lang: str, rng: random.Random) -> str:
    """Lines broken at 72 characters, as in mail and in text cut out of a PDF."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + len(word) > 72:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line + "\n")
    return "\n".join(lines)


def _old_latin(alphabet: str) -> Callable[..., str]:
    return lambda text, lang, rng: latin.from_cyrillic(text, alphabet) if lang == "kk" else text


DIRT: dict[str, Callable[[str, str, random.Random], str]] = {
    "capitals": lambda text, lang, rng: text.upper(),
    "no-break spaces": lambda text, lang, rng: re.sub(" ", lambda _: rng.choice("\u00a0\u202f\u2009 "), text),
    "soft hyphens": _words(_inside("\u00ad"), 0.5, 6),
    "zero-width": _words(_inside("\u200b"), 0.3, 6),
    "marks of direction": lambda text, lang, rng: re.sub(r"(\w+)", "\u200e\\1\u200e", text),
    "hyphens": lambda text, lang, rng: re.sub("-", lambda _: rng.choice("‐‑–−"), text),
    "apostrophes and quotes": lambda text, lang, rng: text.translate(str.maketrans("'’«»“”\"", 'ʼ`"""""')),
    "look-alikes in words": _words(_alike, 0.3, 2),
    "look-alike acronyms": _acronyms,
    "typos": _words(_typo, 0.05, 7),
    "decomposed": lambda text, lang, rng: unicodedata.normalize("NFD", text),
    "wrapped lines": _wrapped,
    "double spaces": lambda text, lang, rng: text.replace(" ", "  "),
    "boilerplate": lambda text, lang, rng: _BEFORE[lang] + text + _AFTER[lang],
    "Latin of 2018": _old_latin("2018"),
    "Latin of 2019": _old_latin("2019"),
    "Latin of 2021": _old_latin("2021"),
}
"""Sorts of dirt: what makes a text dirty, given the text, its language and a source of chance."""


def headline(title: str) -> str:
    """A headline of capitals."""
    return title.upper()


def dirtied(annotated: Annotated, name: str) -> Annotated:
    """The article with one sort of dirt; ``headline`` is a headline of capitals, ``clean`` none."""
    article = annotated.article
    if name == "headline":
        return replace(annotated, article=replace(article, title=headline(article.title)))
    if name == "clean":
        return annotated
    rng = random.Random(f"{article.id} {name}")
    change = DIRT[name]
    title = article.title if name == "boilerplate" else change(article.title, article.lang, rng)
    return replace(annotated, article=replace(article, title=title, text=change(article.text, article.lang, rng)))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--only", action="append", choices=["headline", *DIRT], help="one sort of dirt; repeatable")
    options = parser.parse_args()
    every = [annotated for path in options.sets for annotated in read_set(path)]
    extractor = Extractor()
    clean: dict[str, float] = {}
    print(f"| dirt | {' | '.join(LANGUAGES)} |\n| --- |{' ---: |' * len(LANGUAGES)}")
    for name in ["clean", *(options.only or ["headline", *DIRT])]:
        score = Score()
        dirty = [dirtied(annotated, name) for annotated in every]
        for annotated, (_, facts) in zip(dirty, extractor.many(a.article for a in dirty), strict=True):
            score.add(annotated, facts)
        cells = []
        for lang in LANGUAGES:
            f1 = score.groups[f"lang {lang}"].f1
            if name.startswith("Latin") and lang != "kk":
                cells.append("")
            elif name == "clean":
                clean[lang] = f1
                cells.append(f"{f1:.3f}")
            else:
                cells.append(f"{f1:.3f} ({f1 - clean[lang]:+.3f})")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
        if score.quotes["verbatim"] != score.quotes["all"]:
            print(f"quotes that do not stand in the article: {score.quotes}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
