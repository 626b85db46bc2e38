"""What the reference tables hold about the entities of an article, as numbers beside a candidate.

A text about the Intergovernmental Authority on Development and Djibouti speaks more likely of its seat there
than of another one. The tables never make a fact: a candidate needs words of the article, and what the tables
hold only helps to weigh it. They may hold an office that has closed since; so every number is a hint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from kg.extract.features import numbers
from kg.language.kept import Kept
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
_NATIONAL: Final = frozenset({_KIND_NUMBER["national-body"], _KIND_NUMBER["company-or-foundation"]})
_ORGANS: Final = frozenset(_KIND_NUMBER[kind] for kind in ("un-principal-organ", "organ", "un-subsidiary-organ"))
_HEADQUARTERS: Final = "headquarters"
_FULL: Final = frozenset({"member", "permanent-member", "non-permanent-member"})
# A term is looked up a year before and after: articles tell of elections before and of departures after.
_MARGIN: Final = 1
_KEPT: Final = 100_000  # answers that are kept for the articles to come


@dataclass(frozen=True, slots=True)
class Term:
    """A membership or an office with the years in which it is known to have begun and ended; 0 for not known."""

    what: str
    since: int
    until: int

    def covers(self, year: int) -> bool:
        """Whether it was held in a year, or a year before or after; an open end lasts."""
        return self.since - _MARGIN <= year and (not self.until or year <= self.until + _MARGIN)


@dataclass(frozen=True, slots=True)
class Held:
    """What the tables hold of an establishment: years, 0 for not known, and what and whom it is for."""

    since: int
    until: int
    serves: frozenset[str]
    focus: tuple[str, ...]


class Knowledge:
    """Look-ups over the tables, by entity ids.

    Args:
        reference: the tables.
        parent_of: bodies that are establishments of another one.
    """

    def __init__(self, reference: Reference, parent_of: dict[str, tuple[Entity, str]]) -> None:
        self.parent_of = parent_of
        self._reference = reference
        self._entities: dict[str, Entity] = {}
        self.country_of: dict[str, str] = {}
        self.kind_of: dict[str, float] = {}
        self.parents: dict[str, str] = {}
        self.forms: dict[tuple[str, str], set[str]] = {}
        for entry in reference.entries.values():
            if entry.type == "city":
                self.country_of[entry.id] = "country/" + entry.row.get("country", "")
            elif entry.type == "organization":
                self.kind_of[entry.id] = _KIND_NUMBER.get(entry.row.get("kind", ""), 0.0)
                if entry.row.get("parent"):
                    self.parents[entry.id] = _organization(entry.row["parent"])
                if seat := entry.row.get("seat", ""):
                    place = seat if "/" in seat else f"city/{seat}"
                    self.forms.setdefault((entry.id, place), set()).add(_HEADQUARTERS)
        self.rows: dict[tuple[str, ...], Held] = {}
        for row in reference.presences:
            organization, place = _organization(row["organization"]), row["place"]
            self.rows.setdefault((organization, place, row["form"]), _held(row))
            self.forms.setdefault((organization, place), set()).add(row["form"])
        self.in_country: dict[tuple[str, str], set[str]] = {}
        self.seats: dict[str, set[str]] = {}
        for (organization, place), found in self.forms.items():
            country = self.country_of.get(place, place)
            self.in_country.setdefault((organization, country), set()).update(found)
            if _HEADQUARTERS in found:
                self.seats.setdefault(organization, set()).add(place)
        self.members: dict[tuple[str, str], list[Term]] = {}
        for row in reference.memberships:
            key = (row["member"], _organization(row["organization"]))
            self.members.setdefault(key, []).append(_term(row["role"], row))
        self._sizes: dict[str, list[list[Term]]] = {}
        self._size: dict[tuple[str, int], int] = {}
        for (_, organization), terms in self.members.items():
            full = [t for t in terms if t.what in _FULL]
            if full:
                self._sizes.setdefault(organization, []).append(full)
        self.offices: dict[str, list[tuple[str, Term]]] = {}
        for row in reference.people:
            self.offices.setdefault("person/" + row["id"], []).append((row["of"], _term(row["position"], row)))
        self._tenures: dict[tuple[str, str, str, int], tuple[float, ...]] = {}
        self._presences: dict[tuple[str, str], Kept[bytes]] = {}
        self.listed = frozenset(organization for _, organization in self.members)
        self.placed = frozenset(organization for organization, _ in self.forms)

    def entity(self, identifier: str) -> Entity:
        """An entity of the tables by its id; made once."""
        known = self._entities.get(identifier)
        if known is None:
            known = self._entities[identifier] = self._reference.entity(identifier)
        return known

    def presence(self, organization: str, place: str) -> Mapping[str, bytes]:
        """By form of establishment :data:`PRESENCE_NAMES`, packed: what is known of it there, and of the seat."""
        key = (organization, place)
        found = self._presences.get(key)
        if found is None:
            found = Kept(partial(self._presence, organization, place))
            if len(self._presences) < _KEPT:
                self._presences[key] = found
        return found

    def _presence(self, organization: str, place: str, form: str) -> bytes:
        known = self.forms.get((organization, place), ())
        seats = self.seats.get(organization, ())
        near = self.in_country.get((organization, self.country_of.get(place, place)), ())
        return numbers(
            form in known,
            bool(known),
            form in near,
            bool(seats) and place not in seats,
            organization in self.placed,
            self.kind(organization),
        )

    def share(self, members: Sequence[str], organization: str) -> float:
        """Which share of some states the tables list as members; -1 of none."""
        return sum([(m, organization) in self.members for m in members]) / len(members) if members else -1.0

    def membership(self, member: str, organization: str, article: Article) -> tuple[float, ...]:
        """The rest of :data:`MEMBERSHIP_NAMES`: whether the tables list the member, and at the time of the article.

        Args:
            member: a state or an organisation.
            organization: what it may belong to.
            article: whose date counts.
        """
        terms = self.members.get((member, organization))
        now = 0.0
        if terms:
            year = _year(article.published)
            now = float(any(t.covers(year) for t in terms) if year else True)
        kind = self.kind_of.get
        return float(bool(terms)), now, float(organization in self.listed), kind(organization, 0.0), kind(member, 0.0)

    def presence_date(self, key: tuple[str, ...], slot: str, date: PartialDate) -> float:
        """Whether a date is the year in which the tables have an establishment begin or end.

        Returns:
            1 if it is, -1 if another year is known, 0 if none is.
        """
        held = self.rows.get(key)
        year = 0 if held is None else held.since if slot == "since" else held.until
        return 0.0 if not year else 1.0 if date.earliest.year == year else -1.0

    def term_date(self, member: str, organization: str, slot: str, date: PartialDate) -> float:
        """The same of a membership: 1 if a term begins or ends in that year, -1 if none does, 0 if none is known."""
        terms = self.members.get((member, organization), ())
        years = {t.since if slot == "since" else t.until for t in terms} - {0}
        return 0.0 if not years else 1.0 if date.earliest.year in years else -1.0

    def running(self, key: tuple[str, ...], article: Article) -> float:
        """Whether the tables have an establishment at work when an article appears.

        Returns:
            1 if it had begun, -1 if it begins later or had ended, 0 if nothing is known.
        """
        held = self.rows.get(key)
        year = _year(article.published)
        if held is None or not year or not (held.since or held.until):
            return 0.0
        return -1.0 if held.since > year or (held.until and held.until < year) else 1.0

    def serves(self, key: tuple[str, ...], place: str) -> float:
        """Whether the tables have an establishment serve a country or region; -1 if they name others."""
        held = self.rows.get(key)
        return 0.0 if held is None or not held.serves else 1.0 if place in held.serves else -1.0

    def themes(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """The themes that the tables give an establishment."""
        held = self.rows.get(key)
        return held.focus if held is not None else ()

    def role(self, member: str, organization: str, role: str, article: Article) -> tuple[float, ...]:
        """:data:`ROLE_NAMES`: whether the tables have the member in the role, at the time of the article or ever."""
        terms = self.members.get((member, organization))
        if terms is None:
            return _NO_ROLE
        year = _year(article.published)
        now = {t.what for t in terms if not year or t.covers(year)}
        return (float(role in now), float(any(t.what == role for t in terms)), float(bool(now) and role not in now))

    def members_apart(self, organization: str, value: int, article: Article) -> float:
        """How far a number is from the members that the tables list for the date, at most 9; 20 where none are."""
        year = _year(article.published)
        held = self._sizes.get(organization)
        if held is None:
            return 20.0
        size = self._size.get((organization, year))
        if size is None:
            size = sum(any(not year or t.covers(year) for t in terms) for terms in held)
            self._size[organization, year] = size
        return float(min(abs(size - value), 9))

    def national(self, organization: str) -> bool:
        """Whether the tables hold a body as a national one, or as a company."""
        return self.kind_of.get(organization, 0.0) in _NATIONAL

    def organ(self, organization: str) -> bool:
        """Whether a body is an organ of another one, such as an assembly or a council."""
        return self.kind(organization) in _ORGANS

    def holder(self, organization: str) -> str:
        """The body of which a body of the tables is an organ, or ""."""
        parent = self.parents.get(organization, "") if self.organ(organization) else ""
        return parent if parent in self.kind_of else ""

    def has(self, organization: str, place: str, form: str) -> bool:
        """Whether the tables have an establishment of a form there."""
        return form in self.forms.get((organization, place), ())

    def kind(self, organization: str) -> float:
        """Number of the kind of body, 0 for one that no table has."""
        return self.kind_of.get(organization, 0.0)

    def tenure(self, person: str, position: str, of: str, article: Article) -> tuple[float, ...]:
        """:data:`TENURE_NAMES`: whether the person holds an office there (−1 elsewhere only), this one, now."""
        held = self.offices.get(person)
        if held is None:
            return _NO_OFFICE
        year = _year(article.published)
        key = (person, position, of, year)
        known = self._tenures.get(key)
        if known is None:
            known = _tenure(held, position, of, year)
            if len(self._tenures) < _KEPT:
                self._tenures[key] = known
        return known

    def state_of(self, person: str, article: Article) -> str:
        """The only country in which a person of the tables holds an office at the time of the article, or ""."""
        year = _year(article.published)
        states = {of for of, term in self.offices.get(person, ()) if of.startswith("country/") and term.covers(year)}
        return states.pop() if len(states) == 1 else ""


def _tenure(held: Sequence[tuple[str, Term]], position: str, of: str, year: int) -> tuple[float, ...]:
    there = [term for place, term in held if place == of]
    return (
        float(bool(there)) - float(bool(held) and not there),
        float(any(t.what == position for t in there)),
        float(any(t.what == position and (not year or t.covers(year)) for t in there)),
        float(any(t.what == position and year and t.until and t.until < year for t in there)),
    )


PRESENCE_NAMES: Final = ("known-form", "known-place", "known-country", "seat-elsewhere", "placed", "org-kind")
MEMBERSHIP_NAMES: Final = ("known-beside", "known-member", "known-now", "listed", "org-kind", "member-kind")
ROLE_NAMES: Final = ("role-now", "role-ever", "role-other")
TENURE_NAMES: Final = ("holds", "held", "held-now", "held-before")
_NO_ROLE: Final = (0.0,) * len(ROLE_NAMES)
_NO_OFFICE: Final = (0.0,) * len(TENURE_NAMES)


def _organization(identifier: str) -> str:
    return identifier if "/" in identifier else f"organization/{identifier}"


def _year(date: PartialDate | None) -> int:
    return date.earliest.year if date else 0


def _held(row: Mapping[str, str]) -> Held:
    serves = frozenset(p for p in (row.get("serves") or "").split("|") if p)
    focus = tuple(p for p in (row.get("focus") or "").split("|") if p)
    return Held(_first_year(row, "since"), _first_year(row, "until"), serves, focus)


def _first_year(row: Mapping[str, str], column: str) -> int:
    return int((row.get(column) or "")[:4] or 0)


def _term(what: str, row: Mapping[str, str]) -> Term:
    return Term(what, _first_year(row, "since"), _first_year(row, "until"))
