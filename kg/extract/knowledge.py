"""What the reference tables hold about the entities of an article, as numbers beside a candidate.

A text about the Intergovernmental Authority on Development and Djibouti speaks more likely of its seat there
than of another one. The tables never make a fact: a candidate needs words of the article, and what the tables
hold only helps to weigh it. They may hold an office that has closed since; so every number is a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.model import Article, Entity, PartialDate
from kg.reference import Reference

_KINDS: Final = (
    "un-principal-organ",
    "organ",
    "parliamentary-body",
    "un-subsidiary-organ",
    "treaty-body",
    "court",
    "un-mission",
    "un-secretariat",
    "un-regional-commission",
    "un-research-institute",
    "un-fund-or-programme",
    "un-specialized-agency",
    "un-related",
    "humanitarian-organization",
    "development-bank",
    "sectoral-organization",
    "regional-organization",
    "national-body",
    "company-or-foundation",
)
_KIND_NUMBER: Final = {kind: float(n) for n, kind in enumerate(_KINDS, 1)}
_HEADQUARTERS: Final = "headquarters"
# A term is looked up a year before and after: articles tell of elections before and of departures after.
_MARGIN: Final = 1


@dataclass(frozen=True, slots=True)
class Term:
    """A membership or an office with the years in which it is known to have begun and ended; 0 for not known."""

    what: str
    since: int
    until: int

    def covers(self, year: int) -> bool:
        """Whether it was held in a year, or a year before or after; an open end lasts."""
        return self.since - _MARGIN <= year and (not self.until or year <= self.until + _MARGIN)


class Knowledge:
    """Look-ups over the tables, by entity ids.

    Args:
        reference: the tables.
        parent_of: bodies that are establishments of another one.
    """

    def __init__(self, reference: Reference, parent_of: dict[str, tuple[Entity, str]]) -> None:
        self.parent_of = parent_of
        self.country_of: dict[str, str] = {}
        forms: dict[tuple[str, str], set[str]] = {}
        seats: dict[str, set[str]] = {}
        self.in_country: dict[tuple[str, str], set[str]] = {}
        for entry in reference.entries.values():
            if entry.type == "city":
                self.country_of[entry.id] = "country/" + entry.row.get("country", "")
        for entry in reference.entries.values():
            seat = entry.row.get("seat", "") if entry.type == "organization" else ""
            if seat:
                place = seat if "/" in seat else f"city/{seat}"
                seats.setdefault(entry.id, set()).add(place)
                forms.setdefault((entry.id, place), set()).add(_HEADQUARTERS)
        for row in reference.presences:
            organization, place = _organization(row["organization"]), row["place"]
            forms.setdefault((organization, place), set()).add(row["form"])
            if row["form"] == _HEADQUARTERS:
                seats.setdefault(organization, set()).add(place)
        for (organization, place), found in forms.items():
            country = self.country_of.get(place, place)
            self.in_country.setdefault((organization, country), set()).update(found)
        self.forms = forms
        self.seats = seats
        self.members: dict[tuple[str, str], list[Term]] = {}
        for row in reference.memberships:
            key = (row["member"], _organization(row["organization"]))
            self.members.setdefault(key, []).append(_term(row["role"], row))
        self.offices: dict[str, list[tuple[str, Term]]] = {}
        for row in reference.people:
            self.offices.setdefault("person/" + row["id"], []).append((row["of"], _term(row["position"], row)))
        self.kind_of: dict[str, float] = {}
        for entry in reference.entries.values():
            if entry.type == "organization":
                self.kind_of[entry.id] = _KIND_NUMBER.get(entry.row.get("kind", ""), 0.0)
        self.listed = frozenset(organization for _, organization in self.members)
        self.placed = frozenset(organization for organization, _ in forms)

    def presence(self, organization: str, place: str, form: str) -> list[float]:
        """:data:`PRESENCE_NAMES`: what is known of the organisation there, and of its seat."""
        known = self.forms.get((organization, place), ())
        seats = self.seats.get(organization, ())
        near = self.in_country.get((organization, self.country_of.get(place, place)), ())
        return [
            float(form in known),
            float(bool(known)),
            float(form in near),
            float(bool(seats) and place not in seats),
            float(organization in self.placed),
            self.kind_of.get(organization, 0.0),
        ]

    def membership(self, member: str, organization: str, article: Article) -> list[float]:
        """:data:`MEMBERSHIP_NAMES`: whether the tables list the member, and at the time of the article."""
        terms = self.members.get((member, organization), ())
        year = _year(article.published)
        return [
            float(bool(terms)),
            float(any(t.covers(year) for t in terms) if year else bool(terms)),
            float(organization in self.listed),
            self.kind_of.get(organization, 0.0),
            self.kind_of.get(member, 0.0),
        ]

    def kind(self, organization: str) -> float:
        """Number of the kind of body, 0 for one that no table has."""
        return self.kind_of.get(organization, 0.0)

    def tenure(self, person: str, position: str, of: str, article: Article) -> list[float]:
        """:data:`TENURE_NAMES`: whether the person holds an office there (−1 elsewhere only), this one, now."""
        held = self.offices.get(person, ())
        year = _year(article.published)
        there = [term for place, term in held if place == of]
        return [
            float(bool(there)) - float(bool(held) and not there),
            float(any(t.what == position for t in there)),
            float(any(t.what == position and (not year or t.covers(year)) for t in there)),
            float(any(t.what == position and year and t.until and t.until < year for t in there)),
        ]


PRESENCE_NAMES: Final = ("known-form", "known-place", "known-country", "seat-elsewhere", "placed", "org-kind")
MEMBERSHIP_NAMES: Final = ("known-member", "known-now", "listed", "org-kind", "member-kind")
TENURE_NAMES: Final = ("holds", "held", "held-now", "held-before")


def _organization(identifier: str) -> str:
    return identifier if "/" in identifier else f"organization/{identifier}"


def _year(date: PartialDate | None) -> int:
    return date.earliest.year if date else 0


def _term(what: str, row: object) -> Term:
    get = row.get  # type: ignore[attr-defined]
    since, until = str(get("since") or ""), str(get("until") or "")
    return Term(what, int(since[:4] or 0), int(until[:4] or 0))
