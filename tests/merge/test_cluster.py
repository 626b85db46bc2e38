"""Which accounts are one fact, and which value it has."""

from __future__ import annotations

from itertools import permutations

import pytest

from kg import iris
from kg.merge.account import About, Account, Geography, Value
from kg.merge.choose import choose, choose_labels
from kg.merge.cluster import clusters, components
from kg.merge.node import merge
from kg.model import PartialDate

UN, GA, UNICEF = (iris.entity(f"organization/{name}") for name in ("un", "un-general-assembly", "unicef"))
KZ, UZ, ALMATY, ASTANA = (iris.entity(i) for i in ("country/kz", "country/uz", "city/almaty", "city/astana"))
TOKAYEV = iris.entity("person/kassym-jomart-tokayev")
MAP = Geography({KZ: KZ, UZ: UZ, ALMATY: KZ, ASTANA: KZ}, {TOKAYEV: KZ})
CENTRE, OFFICE, LOOSE = (iris.concept("form", form) for form in ("regional-centre", "country-office", "centre"))
RESOLUTION = iris.concept("instrument", "resolution")


def account(kind: str, name: str, *, published: str = "", about: About | None = None, **slots: Value) -> Account:
    values: dict[str, Value] = {
        slot: PartialDate(str(v)) if slot in ("date", "since", "until") else v for slot, v in slots.items()
    }
    return Account(f"a:{name}#f1", f"a:{name}", published, kind, values, about)


def facts(*accounts: Account) -> set[frozenset[str]]:
    """The names of the accounts, fact by fact; the same for each order."""
    results = set()
    for order in permutations(accounts):
        found = [c for component in components(order, MAP) for c in clusters(component, MAP)]
        results.add(frozenset(frozenset(a.node[2:-3] for a in c) for c in found))
    assert len(results) == 1
    return set(results.pop())


def sets(*names: str) -> set[frozenset[str]]:
    return {frozenset(name.split()) for name in names}


def presence(name: str, place: str, form: str = CENTRE, **slots: str) -> Account:
    return account("presence", name, organization=UN, place=place, form=form, **slots)


def decision(name: str, **more: object) -> Account:
    return account("decision", name, body=GA, instrument=RESOLUTION, **more)  # type: ignore[arg-type]


ABOUT = About(UN, ALMATY, CENTRE)


def test_presences() -> None:
    assert facts(presence("a", ALMATY), presence("b", ALMATY), presence("c", KZ)) == sets("a b c")
    assert facts(presence("a", ALMATY), presence("b", ASTANA), presence("c", KZ)) == sets("a", "b", "c")
    assert facts(presence("a", ALMATY), presence("b", ALMATY, OFFICE)) == sets("a", "b")
    assert facts(presence("a", KZ), presence("b", UZ)) == sets("a", "b")


def test_two_reports_of_one_resolution() -> None:
    one, other = decision("a", symbol="A/RES/79/266", about=ABOUT), decision("b", date="2025-03-04", about=ABOUT)
    assert facts(one, other) == sets("a b")
    assert facts(one, other, decision("c", date="2025-03", about=About(UN, KZ, LOOSE))) == sets("a b c")


def test_two_sessions_two_resolutions() -> None:
    one, other = decision("a", date="2019-12", about=ABOUT), decision("b", date="2025-03-04", about=ABOUT)
    assert facts(one, other) == sets("a", "b")
    assert facts(decision("a", symbol="A/RES/79/1"), decision("b", symbol="A/RES/79/2")) == sets("a", "b")
    assert facts(decision("a", symbol="HRC/1/12"), decision("b", symbol="HRC/11/2")) == sets("a", "b")
    same_day = [decision(topic[0], date="2025-03-04", topic=topic) for topic in ("water", "trade")]
    assert facts(*same_day) == sets("w", "t")


def test_a_report_without_date_goes_to_the_last_one_before_it() -> None:
    old, new = decision("o", date="2019-12-18", about=ABOUT), decision("n", date="2025-03-04", about=ABOUT)
    assert facts(old, new, decision("x", about=ABOUT, published="2020-01-01")) == sets("o x", "n")
    assert facts(old, new, decision("x", about=ABOUT, published="2025-06-01")) == sets("o", "n x")


def test_a_proposal_repeated_is_one() -> None:
    first = account("proposal", "a", proposer=TOKAYEV, date="2019-09", about=ABOUT)
    later = account("proposal", "b", proposer=KZ, date="2023-09", about=ABOUT)
    assert facts(first, later) == sets("a b")
    assert facts(first, account("proposal", "c", proposer=UZ, about=ABOUT)) == sets("a", "c")
    chosen = choose([first, later], "date", MAP)
    assert chosen is not None
    assert (str(chosen.value), chosen.rule) == ("2019-09", "earliest")


def test_terms_and_standing_memberships() -> None:
    def member(name: str, role: str, **slots: str) -> Account:
        return account("membership", name, member=KZ, organization=UN, role=iris.concept("role", role), **slots)

    assert facts(member("a", "member", since="1992"), member("b", "candidate")) == sets("a b")
    assert facts(
        member("a", "non-permanent-member", since="2017"),
        member("b", "non-permanent-member", since="2027"),
        member("c", "non-permanent-member", since="2017-01", until="2018"),
    ) == sets("a c", "b")


def test_agreements_counts_moves() -> None:
    def signed(name: str, *parties: str, **slots: object) -> Account:
        return account("agreement", name, parties=tuple(sorted(parties)), **slots)  # type: ignore[arg-type]

    assert facts(signed("a", KZ, UN, date="2025-08-03"), signed("b", KZ, UN, UZ, date="2025-08-03")) == sets("a b")
    assert facts(signed("a", KZ, UN, about=ABOUT), signed("b", KZ, UNICEF, about=ABOUT)) == sets("a", "b")

    def count(name: str, **slots: str) -> Account:
        return account("count", name, what=iris.concept("counted", "un-agencies"), place=KZ, value=18, **slots)

    assert facts(count("a", date="2019"), count("b", date="2025"), count("c", date="2025-03")) == sets("a", "b c")

    def move(name: str, **slots: str) -> Account:
        return account("relocation", name, organization=UN, to=ALMATY, **slots)

    assert facts(move("a", date="2012"), move("b", date="2012-05"), move("c", date="2024")) == sets("a b", "c")


CHOICES = [
    (["2025", "2025-03", "2025-03-04"], [], "2025-03-04", "most-precise"),
    (["2025-03-04", "2025-03-05", "2025-03-05"], [], "2025-03-05", "most-supported"),
    (["2025-03-04", "2025-03-05"], ["2025-04", "2025-03"], "2025-03-04", "most-recent"),
    (["2025", "2025"], [], "2025", "only"),
    (["2025", "2025-03-04", "2024-01-01"], [], "2025-03-04", "most-supported"),
]


@pytest.mark.parametrize(("dates", "published", "value", "rule"), CHOICES)
def test_choice_of_a_date(dates: list[str], published: list[str], value: str, rule: str) -> None:
    told = [*published, *[""] * len(dates)]
    accounts = [decision(str(n), date=d, published=told[n]) for n, d in enumerate(dates)]
    for order in permutations(accounts):
        chosen = choose(order, "date", MAP)
        assert chosen is not None
        assert (str(chosen.value), chosen.rule) == (value, rule)


STATUSES = [
    ([("2025", "operating"), ("2026", "planned")], "operating"),
    ([("2025", "operating"), ("2026", "closed")], "closed"),
    ([("2025", "closed"), ("2026", "operating")], "operating"),
    ([("2025", "planned"), ("2026", "proposed")], "planned"),
    ([("2025", "proposed"), ("2026", "planned")], "planned"),
]


@pytest.mark.parametrize(("reports", "status"), STATUSES)
def test_choice_of_a_status(reports: list[tuple[str, str]], status: str) -> None:
    told = [presence(d, ALMATY, published=d, status=iris.concept("status", s)) for d, s in reports]
    told.append(presence("silent", ALMATY, published="2027"))
    for order in permutations(told):
        chosen = choose(order, "status", MAP)
        assert chosen is not None
        assert (chosen.value, chosen.rule) == (iris.concept("status", status), "status-latest")


def test_labels_one_a_language() -> None:
    def named(name: str, *labels: tuple[str, str]) -> Account:
        return Account(f"a:{name}#f1", f"a:{name}", "", "presence", {}, None, labels)

    english, russian = ("UN Centre", "en"), ("Центр ООН", "ru")
    told = [named("a", english), named("b", english, russian), named("c", ("Centre", "en"))]
    assert choose_labels(told) == [english, russian]


def test_the_iri_does_not_depend_on_the_order() -> None:
    told = [presence("a", KZ), presence("b", ALMATY), presence("c", ALMATY)]
    found = {merge(clusters(order, MAP)[0], MAP, set()).iri for order in permutations(told)}
    assert found == {iris.entity("presence/un.regional-centre.almaty")}
