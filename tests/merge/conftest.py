"""A graph of a few made-up reports about one centre, on tables of a few rows."""

from __future__ import annotations

import pytest

from kg.build import KnowledgeGraph
from kg.model import Article, Entity, Establishment, Evidence, Fact, PartialDate, SlotValue
from kg.reference import Reference, load
from kg.store import EmbeddedStore

_WANTED = (
    "organization/un", "organization/unicef", "organization/un-general-assembly", "country/kz", "country/uz",
    "city/almaty", "city/astana", "city/tashkent", "region/central-asia", "person/kassym-jomart-tokayev",
)  # fmt: skip


@pytest.fixture(scope="session")
def tables() -> Reference:
    """A few rows of the tables."""
    full = load()
    return Reference(
        entries={key: full.entries[key] for key in _WANTED},
        people=tuple(row for row in full.people if row["id"] == "kassym-jomart-tokayev"),
        presences=tuple(row for row in full.presences if row["place"] in ("city/almaty", "city/tashkent")),
        memberships=tuple(row for row in full.memberships if row["member"] == "country/kz"),
    )


@pytest.fixture
def graph(tables: Reference) -> KnowledgeGraph:
    """An empty graph in memory."""
    return KnowledgeGraph(EmbeddedStore(None), tables)


def entity(identifier: str, *names: str, known: bool = True) -> Entity:
    return Entity(identifier, identifier.split("/", maxsplit=1)[0], names or (identifier,), known=known)  # type: ignore[arg-type]


UN, UNICEF, GA = entity("organization/un"), entity("organization/unicef"), entity("organization/un-general-assembly")
KZ, UZ = entity("country/kz"), entity("country/uz")
ALMATY, ASTANA, TASHKENT = entity("city/almaty"), entity("city/astana"), entity("city/tashkent")
TOKAYEV = entity("person/kassym-jomart-tokayev")
CENTRE = Establishment(UN, ALMATY, "regional-centre")
ELSEWHERE = Establishment(UN, TASHKENT, "regional-centre")


def fact(kind: str, **slots: SlotValue | str) -> Fact:
    """A fact; slots that end in ``date``, ``since`` or ``until`` take an ISO string."""
    values = {
        name.rstrip("_"): PartialDate(v) if name in ("date", "since", "until") and isinstance(v, str) else v
        for name, v in slots.items()
    }
    return Fact(kind, values, (Evidence("Words.", 0, 6, rule="test"),))


def article(identifier: str, published: str = "", lang: str = "en") -> Article:
    return Article(identifier, lang, "Title", "Words.", PartialDate(published) if published else None)


def presence(**slots: SlotValue | str) -> Fact:
    return fact("presence", **{"organization": UN, "place": ALMATY, "form": "regional-centre", **slots})


REPORTS: list[tuple[Article, list[Fact]]] = [
    (article("a", "2019-09-25"), [
        fact("proposal", proposer=TOKAYEV, date="2019-09", about=CENTRE), presence(status="proposed"),
    ]),
    (article("b", "2025-03-05"), [
        fact("decision", body=GA, instrument="resolution", symbol="A/RES/79/266", about=CENTRE, in_favour=152),
        presence(status="planned", name="UN Centre"),
        fact("count", what="un-agencies", place=KZ, value=18, date="2025"),
    ]),
    (article("c", "2025-03-06", "ru"), [
        fact("decision", body=GA, instrument="resolution", date="2025-03-04", about=CENTRE, in_favour=153),
        fact("proposal", proposer=KZ, about=CENTRE, date="2023"),
        fact("membership", member=KZ, organization=UN, role="member", since="1992"),
    ]),
    (article("d", "2025-08-04"), [
        fact("agreement", parties=(KZ, UN), date="2025-08-03", place=ALMATY, about=CENTRE),
        presence(status="operating", since="2025-08"),
        fact("tenure", person=entity("person/x-one", "Тоқаева", known=False), position="minister", of=KZ),
    ]),
    (article("e", "2025-09"), [
        presence(place=KZ, status="planned"), presence(place=ASTANA, form="centre", status="planned"),
        fact("relocation", organization=UNICEF, to=ALMATY, from_=ASTANA, date="2024"),
        fact("tenure", person=entity("person/x-two", "Tokayeva", known=False), position="minister", of=KZ),
    ]),
    (article("f"), [
        fact("decision", body=GA, instrument="resolution", date="2019-12-18", about=CENTRE),
        fact("decision", body=GA, instrument="resolution", symbol="A/RES/79/266", date="2025-03", about="water"),
        presence(organization=UNICEF, place=TASHKENT, form="country-office", since="1995"),
        presence(since="2025-08-03"),
    ]),
    (article("g", "2026-01-02", "kk"), [
        presence(status="planned"), fact("count", what="un-agencies", place=KZ, value=18, date="2019"),
        fact("agreement", parties=(UN, KZ), about=CENTRE), fact("decision", body=GA, instrument="resolution"),
        fact("proposal", proposer=TOKAYEV, about="water"), fact("proposal", proposer=TOKAYEV, date="2019"),
    ]),
]  # fmt: skip
