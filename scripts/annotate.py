"""Check annotated articles in YAML, and write them in the JSON form of ``kg extract`` with facts.

    python scripts/annotate.py tests/gold/learn/*.yaml
    python scripts/annotate.py tests/gold/learn/*.yaml --json learn.json

A file is a list of articles. Entities of the reference tables are written by their id alone
(``city/almaty``, ``organization/un``, ``event/unga-74``); what no table has stands under ``entities``::

    - id: learn-en-001
      lang: en
      published: 2024-05-14
      title: …
      text: |
        …
      entities:
        person/x-ana-lobo: {type: person, names: [Ana Lobo, Ана Лобо]}
      facts:
        - presence: {organization: organization/fao, place: city/rome, form: headquarters, status: operating}
          quote: the sentence that says it, letter for letter
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from annotated import KEYS

from kg.language.tokens import fold
from kg.model import CONCEPTS, KINDS
from kg.reference import Reference
from kg.reference import load as load_reference

_ENTITY_SLOTS = {
    "organization", "place", "proposer", "on_behalf_of", "occasion", "body", "initiator", "member", "to", "from",
    "person", "of", "parties", "serves",
}  # fmt: skip
_SCHEME = {"form": "form", "status": "status", "instrument": "instrument", "adopted_by": "adoption", "role": "role",
           "what": "counted", "position": "position", "focus": "theme"}  # fmt: skip
_MANY = {"parties", "serves", "focus"}
_NUMBERS = {"value", "in_favour", "cosponsors", "of"}


def read(path: Path) -> dict[str, Any]:
    """An annotated set, ``{"entities", "articles"}``, from a YAML file; problems go under ``problems``."""
    reference = load_reference()
    entities: dict[str, Any] = {}
    articles, problems = [], []
    for item in yaml.safe_load(path.read_text(encoding="utf-8")):
        own = item.get("entities") or {}
        text = "\n".join(line.rstrip() for line in str(item["text"]).strip().splitlines())
        article = {
            "id": item["id"], "lang": item["lang"], "published": str(item.get("published") or ""),
            "title": item.get("title", ""), "text": text, "facts": [],
        }  # fmt: skip
        for n, row in enumerate(item.get("facts") or [], 1):
            where = f"{path.name}: {item['id']}, fact {n}"
            quote = " ".join(str(row.get("quote", "")).split())
            kind = next((k for k in row if k in KINDS), "")
            fact = {"kind": kind, **{s: v if s in _NUMBERS else _plain(v) for s, v in (row.get(kind) or {}).items()}}
            if kind != "decision" and "of" in fact:
                fact["of"] = str(fact["of"])
            problems += [f"{where}: {p}" for p in _faults(fact, own, reference)]
            if quote not in text and quote != article["title"]:
                problems.append(f"{where}: the quote does not stand in the text: {quote[:60]!r}")
            fact["evidence"] = {"quote": quote}
            article["facts"].append(fact)
            for identifier in _entities(fact):
                known = _entity(identifier, own, reference)
                if known:
                    entities[identifier] = known
                    if not _named(known["names"], f"{article['title']} {text}"):
                        problems.append(f"{where}: the text does not seem to name {identifier}")
        articles.append(article)
    return {"entities": entities, "articles": articles, "problems": problems}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value if isinstance(value, str) else str(value)


def _entities(fact: dict[str, Any]) -> Iterator[str]:
    for slot, value in fact.items():
        if slot == "about" and isinstance(value, dict):
            yield from (value[s] for s in ("organization", "place") if s in value)
        elif slot in _ENTITY_SLOTS and not (fact["kind"] == "decision" and slot == "of"):
            yield from value if isinstance(value, list) else [value]


def _entity(identifier: str, own: dict[str, Any], reference: Reference) -> dict[str, Any] | None:
    if identifier in own:
        return {"type": own[identifier]["type"], "names": [str(n) for n in own[identifier]["names"]]}
    if identifier.startswith("event/unga-"):
        entry = reference.session(int(identifier.removeprefix("event/unga-")))
    else:
        found = reference.get(identifier)
        if found is None:
            return None
        entry = found
    names = list(dict.fromkeys(name for lang in ("en", "ru", "kk") for name in entry.names.get(lang, ())))
    iso = entry.row.get("iso2", "").upper() if entry.type == "country" else ""
    return {"type": entry.type, "names": names, **({"iso": iso} if iso else {})}


def _named(names: list[str], text: str) -> bool:
    """Whether every word of some name begins some word of the text, endings aside."""
    words = fold(text).replace("-", " ").replace("’", " ").replace("'", " ").split()
    words = [w.strip('.,;:()«»"“”–—!?') for w in words]
    for name in names:
        stems = [w[: max(3, len(w) - 3)] if len(w) > 3 else w for w in fold(name).replace("-", " ").split()]
        if stems and all(any(w.startswith(s) for w in words) for s in stems):
            return True
    return False


def _faults(fact: dict[str, Any], own: dict[str, Any], reference: Reference) -> Iterator[str]:
    kind = fact["kind"]
    if not kind:
        yield "no kind"
        return
    yield from (f"{kind} without {slot}" for slot in KEYS[kind] if slot not in fact)
    for slot, value in fact.items():
        if slot == "kind":
            continue
        if slot not in KINDS[kind]:
            yield f"{kind} has no slot {slot}"
        if slot in _MANY and not isinstance(value, list):
            yield f"{slot} is a list"
        scheme = _SCHEME.get(slot)
        for v in value if isinstance(value, list) else [value]:
            if scheme and v not in CONCEPTS[scheme]:
                yield f"{slot}: no {v!r} among {', '.join(CONCEPTS[scheme])}"
    yield from (f"no table knows {i}" for i in _entities(fact) if _entity(i, own, reference) is None)


def main() -> int:
    """Check, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", type=Path, help="write all articles as one annotated set")
    args = parser.parse_args()
    whole: dict[str, Any] = {"entities": {}, "articles": []}
    wrong = 0
    for path in args.files:
        data = read(path)
        whole["entities"] |= data["entities"]
        whole["articles"] += data["articles"]
        for problem in data["problems"]:
            print(problem, file=sys.stderr)
        wrong += len(data["problems"])
    counts: dict[str, int] = {}
    for article in whole["articles"]:
        for fact in article["facts"]:
            counts[fact["kind"]] = counts.get(fact["kind"], 0) + 1
    print(f"{len(whole['articles'])} articles, facts: {counts}, problems: {wrong}")
    if args.json:
        args.json.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
