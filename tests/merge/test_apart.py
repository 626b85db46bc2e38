"""Rather two nodes for one fact than one node for two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg import iris
from kg.merge.account import REFERENCE_ARTICLE, Account
from kg.merge.choose import choose
from kg.merge.cluster import clusters, components
from kg.merge.keys import symbol, vague
from kg.merge.node import merge
from tests.merge.test_cluster import ABOUT, GA, KZ, MAP, TOKAYEV, UN, UNICEF, account, decision, facts, presence, sets

MISSION = iris.concept("form", "mission")


def iris_of(*accounts: Account) -> list[str]:
    taken: set[str] = set()
    found = [merge(c, MAP, taken).iri for part in components(accounts, MAP) for c in clusters(part, MAP)]
    return sorted(one.removeprefix(iris.ID_PREFIX) for one in found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A/RES/79/266", "79/266", True),
        ("A/RES/79/266", "A/79/266", True),
        ("79/266", "79-266", True),
        ("S/RES/2254 (2015)", "2254", True),
        ("A/HRC/RES/1/12", "11/2", False),
        ("79/266", "79/26", False),
        ("B.44/15", "44/15", True),
        ("XII/3", "XIII/3", False),
        ("XII/3", "res. XII/3", True),
    ],
)
def test_symbols(one: str, other: str, same: bool) -> None:
    assert (symbol(decision("a", symbol=one)) == symbol(decision("b", symbol=other))) is same
    assert facts(decision("a", symbol=one), decision("b", symbol=other)) == (sets("a b") if same else sets("a", "b"))


def test_the_whole_symbol_is_chosen() -> None:
    chosen = choose([decision("a", symbol="79/266"), decision("b", symbol="A/RES/79/266")], "symbol", MAP)
    assert chosen is not None
    assert (chosen.value, chosen.rule, chosen.alternatives) == ("A/RES/79/266", "most-precise", ("79/266",))


def test_reports_that_say_nothing_of_the_matter() -> None:
    def proposed(name: str, **slots: str) -> Account:
        return account("proposal", name, proposer=TOKAYEV, **slots)

    assert facts(proposed("a"), proposed("b"), proposed("c", date="2020"), proposed("d", date="2020")) == sets(*"abcd")
    assert facts(proposed("a", date="2020-09-23"), proposed("b", date="2020-09-23")) == sets("a b")
    assert facts(decision("a"), decision("b", date="2025"), decision("c", date="2025")) == sets(*"abc")
    parties = {"parties": (KZ, UN)}
    assert facts(account("agreement", "a", **parties), account("agreement", "b", **parties)) == sets("a", "b")
    assert not vague(decision("a", about=ABOUT))
    assert not vague(presence("a", KZ))
    assert len({*iris_of(proposed("a"), proposed("b"))}) == 2
    assert iris_of(proposed("a"), proposed("b"))[0] in (*iris_of(proposed("a")), *iris_of(proposed("b")))


def test_one_article_tells_of_two_things() -> None:
    one, other = decision("a", date="2025-03-04"), decision("b", date="2025-03-04")
    assert facts(one, other) == sets("a b")
    assert facts(one, replace(other, article=one.article)) == sets("a", "b")
    same = [decision(name, date="2025-03-04", topic="water") for name in "ab"]
    assert facts(same[0], replace(same[1], article=same[0].article)) == sets("a b")


def test_missions() -> None:
    def mission(name: str, title: str = "", lang: str = "en", **slots: str) -> Account:
        return replace(presence(name, KZ, MISSION, **slots), labels=((title, lang),) if title else ())

    force, observers = mission("a", "UN Stabilization Force"), mission("b", "United Nations Observer Group")
    assert facts(force, observers) == sets("a", "b")
    assert facts(force, mission("b", "Stabilization Force of the UN")) == sets("a b")
    assert facts(force, mission("b", "Миссия ООН", "ru")) == sets("a b")
    assert facts(mission("a", since="1974-05"), mission("b", since="2012"), mission("c", since="2012-04")) == sets(
        "a", "b c"
    )
    assert iris_of(mission("a", since="1974-05"), mission("b", since="2012")) == [
        "presence/un.mission.kz", "presence/un.mission.kz.2012",
    ]  # fmt: skip


def test_an_office_that_closed_and_a_later_one() -> None:
    closed, opened = presence("a", KZ, since="1993", until="2001"), presence("b", KZ, since="2010")
    assert facts(closed, opened) == sets("a", "b")
    assert facts(closed, presence("b", KZ, since="2001-05")) == sets("a b")
    late, early = replace(presence("x", KZ), published="2020"), replace(presence("y", KZ), published="1999")
    assert facts(closed, opened, late, early) == sets("a y", "b x")


def test_a_membership_that_changes_its_role() -> None:
    def member(name: str, role: str = "", published: str = "", **slots: str) -> Account:
        roles = {"role": iris.concept("role", role)} if role else {}
        return account("membership", name, member=KZ, organization=UN, published=published, **roles, **slots)

    observer, full = member("o", "observer", since="2005", until="2017"), member("m", "member", since="2017-06-09")
    assert facts(observer, full) == sets("o", "m")
    assert facts(observer, full, member("x", "member"), member("y", "observer")) == sets("o y", "m x")
    assert iris_of(observer, full) == ["membership/kz.un", "membership/kz.un.observer"]
    assert facts(full, member("c", "candidate", since="2010")) != sets("m c")  # a candidacy for a term stays one
    told = [member("a", "observer", "2010", since="2005"), member("b", "member", "2018")]
    since = choose(told, "since", MAP)
    assert since is None


def test_the_tables_count_as_two_sources() -> None:
    table = replace(presence("t", KZ, since="1992"), article=REFERENCE_ARTICLE)
    one, other, third = (presence(name, KZ, since="2021") for name in "abc")
    for reports, value in (([one], "1992"), ([one, other, third], "2021")):
        chosen = choose([table, *reports], "since", MAP)
        assert chosen is not None
        assert (str(chosen.value), chosen.rule) == (value, "most-supported")


def test_two_bodies_one_day() -> None:
    other = account(
        "decision", "b", body=UNICEF, instrument=iris.concept("instrument", "resolution"), date="2025-03-04"
    )
    assert decision("a").slots["body"] == GA
    assert facts(decision("a", date="2025-03-04"), other) == sets("a", "b")
