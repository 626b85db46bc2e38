"""Make a store with as many invented facts as wanted, in the form that building leaves.

    python benchmarks/generate.py STORE [--facts N] [--seed N]

The organisations, cities, states and people are those of the reference tables, with as many invented organisations
again; the facts are drawn at random from a seed, so the same call makes the same graph. Each fact has its node in the
merged graph and one or two accounts with a quote each in articles of their own. Nothing is merged: the store is loaded
in bulk, to see how questions fare on a graph that would take days to read.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import iris
from kg.build import KnowledgeGraph
from kg.model import CONCEPTS
from kg.reference import Reference, load
from kg.store import EmbeddedStore

FACTS_AN_ARTICLE: Final = 6
KINDS: Final = {
    "presence": 45,
    "count": 12,
    "membership": 10,
    "tenure": 10,
    "relocation": 5,
    "initiative": 6,
    "decision": 6,
    "agreement": 6,
}
FORMS: Final = {
    "headquarters": "Headquarters",
    "regional-centre": "RegionalCentre",
    "regional-office": "RegionalOffice",
    "country-office": "CountryOffice",
    "centre": "Centre",
    "mission": "Mission",
}
TITLE: Final = {kind: kind.capitalize() for kind in KINDS}
PREFIXES: Final = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in iris.PREFIXES.items()) + (
    f"@base <{iris.BASE}> .\n"
)


class Maker:
    """Draws facts and writes them as TriG."""

    def __init__(self, reference: Reference, seed: int) -> None:
        self._random = random.Random(seed)
        by_type: dict[str, list[str]] = {}
        for identifier, entry in sorted(reference.entries.items()):
            by_type.setdefault(entry.type, []).append(identifier)
        self._country = {
            name: f"country/{entry.row['country']}"
            for name, entry in reference.entries.items()
            if entry.type == "city" and entry.row.get("country")
        }
        self._cities = sorted(self._country)
        self._states = by_type["country"]
        self._people = by_type["person"]
        known = by_type["organization"]
        self._invented = [f"organization/made-{number}" for number in range(len(known))]
        self._organizations = known + self._invented

    def _one(self, names: list[str]) -> str:
        """One of the names; the first ones come up more often, as some cities do in the news."""
        return names[int(len(names) * self._random.random() ** 1.5)]

    def _concept(self, scheme: str) -> str:
        return f"<kind/{scheme}/{self._random.choice(CONCEPTS[scheme])}>"

    def _day(self, name: str) -> str:
        """A date, as precise as sources are: a year, a month or a day, with its bounds."""
        year, month, day = self._random.randint(1946, 2026), self._random.randint(1, 12), self._random.randint(1, 28)
        sort = self._random.random()
        if sort < 0.4:
            stated, first, last = f'"{year}"^^xsd:gYear', f"{year}-01-01", f"{year}-12-31"
        elif sort < 0.6:
            stated = f'"{year}-{month:02}"^^xsd:gYearMonth'
            first, last = f"{year}-{month:02}-01", f"{year}-{month:02}-28"
        else:
            first = last = f"{year}-{month:02}-{day:02}"
            stated = f'"{first}"^^xsd:date'
        return f'; io:{name} {stated} ; io:{name}Earliest "{first}"^^xsd:date ; io:{name}Latest "{last}"^^xsd:date '

    def entities(self) -> str:
        """The invented organisations."""
        lines = [
            f'<id/{name}> a io:InternationalOrganization ; skos:prefLabel "Body {n}"@en , "Орган {n}"@ru ; '
            f"io:bodyKind <kind/body-kind/sectoral-organization> ."
            for n, name in enumerate(self._invented)
        ]
        return "<graph/merged> {\n" + "\n".join(lines) + "\n}\n"

    def _fact(self, kind: str, number: int, about: str) -> tuple[str, str]:
        """What a fact says, and what only the merged graph says of it."""
        pick = self._random.random
        match kind:
            case "presence":
                form = self._random.choice(tuple(FORMS))
                city, organization = self._one(self._cities), self._one(self._organizations)
                status = "operating" if pick() < 0.8 else self._random.choice(("planned", "proposed", "closed"))
                said = (
                    f", io:{FORMS[form]} ; io:organization <id/{organization}> ; io:place <id/{city}> ; "
                    f"io:form <kind/form/{form}> ; io:status <kind/status/{status}> "
                    f'; rdfs:label "Establishment {number}"@en ' + (self._day("since") if pick() < 0.7 else "")
                )
                if pick() < 0.1:
                    said += f"; io:focus {self._concept('theme')} "
                if form.startswith("regional"):
                    said += f"; io:serves <id/{self._one(self._states)}> "
                more = f"; io:country <id/{self._country[city]}> "
                if status == "operating":
                    me = f"<id/presence/made-{number}>"
                    more += f". <id/{city}> io:hosts {me} . <id/{self._country[city]}> io:hosts {me} "
                return said, more
            case "count":
                said = f"; io:counted {self._concept('counted')} ; io:place <id/{self._one(self._cities)}> "
                return said + f"; io:value {self._random.randint(1, 500)} " + self._day("date"), ""
            case "membership":
                said = f"; org:member <id/{self._one(self._states)}> "
                said += f"; org:organization <id/{self._one(self._organizations)}> "
                return said + f"; io:role {self._concept('role')} " + self._day("since"), ""
            case "tenure":
                said = f"; io:person <id/{self._one(self._people)}> ; io:position {self._concept('position')} "
                return said + f"; io:of <id/{self._one(self._states)}> ", ""
            case "relocation":
                said = (
                    f"; io:organization <id/{self._one(self._organizations)}> ; io:from <id/{self._one(self._cities)}> "
                )
                return said + f"; io:to <id/{self._one(self._cities)}> " + self._day("date"), ""
            case "initiative":
                said = f"; io:proposer <id/{self._one(self._people)}> ; io:onBehalfOf <id/{self._one(self._states)}> "
                return said + self._day("date"), f"; io:about {about} ; io:ledTo {about} "
            case "decision":
                said = f"; io:body <id/{self._one(self._organizations)}> ; io:instrument <kind/instrument/resolution> "
                said += f"; io:adoptedBy {self._concept('adoption')} ; io:inFavour {self._random.randint(97, 193)} "
                return said + "; io:electorate 193 " + self._day("date"), f"; io:about {about} ; io:ledTo {about} "
            case _:
                said = f"; io:party <id/{self._one(self._states)}> , <id/{self._one(self._organizations)}> "
                return said + self._day("date"), f"; io:about {about} ; io:ledTo {about} "

    def parts(self, facts: int) -> Iterator[str]:
        """The whole graph in pieces of TriG, an article with its facts a piece."""
        yield PREFIXES
        yield self.entities()
        kinds, weights = list(KINDS), list(KINDS.values())
        about, number, article = "<id/presence/made-0>", 0, 0
        again: list[tuple[str, str, str]] = []
        while number < facts:
            told, again = again, []
            drawn: list[tuple[str, str, str]] = []
            merged: list[str] = []
            for kind in self._random.choices(kinds, weights, k=min(FACTS_AN_ARTICLE, facts - number)):
                said, more = self._fact(kind, number, about)
                me = f"<id/{kind}/made-{number}>"
                if kind == "presence":
                    about = me
                drawn.append((kind, me, said))
                number += 1
                # The next article tells some of them again.
                twice = self._random.random() < 0.25 and number < facts
                again += drawn[-1:] if twice else []
                merged.append(f"{me} a io:Fact , io:{TITLE[kind]} {said}; io:support {1 + twice} {more}.")
            yield self._article(article, [*drawn, *told], merged)
            article += 1

    def _article(self, number: int, facts: list[tuple[str, str, str]], merged: list[str]) -> str:
        lang = ("en", "ru", "kk")[number % 3]
        node = f"<article/made-{number}>"
        day = f"{self._random.randint(1995, 2026)}-{self._random.randint(1, 12):02}-{self._random.randint(1, 28):02}"
        lines = [
            f'<article/made-{number}> {{\n{node} a io:Article ; dcterms:identifier "made-{number}" ; '
            f'schema:inLanguage "{lang}" ; schema:datePublished "{day}"^^xsd:date ; '
            f'schema:publisher "Paper {number % 200}" ; schema:headline "Article {number}"@{lang} ; '
            f'io:text "Article {number} says so."@{lang} .'
        ]
        for place, (kind, me, said) in enumerate(facts, 1):
            account = f"<article/made-{number}#f{place}>"
            lines.append(f"{account} a io:Fact , io:{TITLE[kind]} {said}; io:reportedIn {node} .")
            lines.append(
                f"<article/made-{number}#e{place}> a io:Evidence ; io:supports {account} ; io:article {node} ; "
                f'io:quote "Article {number} says so."@{lang} ; io:quotedFrom "text" ; oa:start 0 ; oa:end 24 ; '
                f'io:rule "{kind}.{lang}" ; io:confidence 0.9 .'
            )
            merged.append(f"{me} io:account {account} .")
        return "\n".join([*lines, "}\n<graph/merged> {", *merged, "}\n"])


def generate(store: Path, facts: int, seed: int) -> int:
    """Make the store; how many quads it has in the end."""
    reference = load()
    KnowledgeGraph.open(store, reference=reference).close()
    maker = Maker(reference, seed)
    engine = EmbeddedStore(store).engine
    with tempfile.TemporaryDirectory() as folder:
        # A pipe, so that the text is read as it is made and never lies on the disk.
        pipe = Path(folder) / "pipe"
        os.mkfifo(pipe)

        def write() -> None:
            with pipe.open("w", encoding="utf-8", buffering=1 << 20) as stream:
                for part in maker.parts(facts):
                    stream.write(part)

        writer = threading.Thread(target=write)
        writer.start()
        engine.bulk_load(path=str(pipe), format=ox.RdfFormat.TRIG)
        writer.join()
    engine.optimize()
    return len(engine)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--facts", type=int, default=1_000_000, help="how many facts the merged graph gets")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another graph")
    options = parser.parse_args()
    begun = time.perf_counter()
    quads = generate(options.store, options.facts, options.seed)
    print(f"{options.facts} facts, {quads} quads, {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
