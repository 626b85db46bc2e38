"""One digest of all that is read in sets of articles, to show that a change leaves every fact as it was, to the byte.

    python scripts/fingerprint.py ../shared/eval/*.json tests/gold/*.json
    python scripts/fingerprint.py --facts before.jsonl tests/gold/*.json

Prints a SHA-256 for each file, over the lines that ``kg extract`` would print (facts, slots, evidence, confidence), and
one over all; ``--facts`` also writes the lines, to be compared with ``diff``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from kg.extract import Extractor, to_json
from kg.model import Article, PartialDate


def articles(path: Path) -> list[Article]:
    """The articles of an annotated set."""
    return [
        Article(
            a["id"], a["lang"], a.get("title", ""), a["text"], PartialDate(a["published"]) if a["published"] else None
        )
        for a in json.loads(path.read_text(encoding="utf-8"))["articles"]
    ]


def main() -> int:
    """Print the digests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--facts", type=Path, help="write the lines to this file")
    options = parser.parse_args()
    extractor = Extractor()
    total = hashlib.sha256()
    written: list[str] = []
    for path in options.sets:
        lines = [
            json.dumps(to_json(article, fact), ensure_ascii=False) + "\n"
            for article, facts in extractor.many(articles(path))
            for fact in facts
        ]
        digest = hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
        total.update(digest.encode())
        written += lines
        print(f"{digest}  {path.name} ({len(lines)} facts)")
    print(f"{total.hexdigest()}  all ({len(written)} facts)")
    if options.facts:
        options.facts.write_text("".join(written), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
